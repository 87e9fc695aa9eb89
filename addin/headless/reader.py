"""Reads a workbook's package: cells, formulas, tables and names."""

from __future__ import annotations

import posixpath
import re
import zipfile
from pathlib import Path
from typing import Any

from lxml import etree
from openpyxl.formula.translate import Translator

from addin.headless.model import Area, Cell, CellError, Sheet, Table, Workbook, cell_name
from addin.headless.package import WorkbookError, opened
from addin.headless.references import column_number

_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_REL = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_CELL = re.compile(r"([A-Za-z]{1,3})([0-9]+)")
_ERRORS = {error.value: error for error in CellError}
_BUILT_IN_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.')
HIDDEN_TABLE = "_KAOHE."


def read_workbook(path: Path) -> Workbook:
    """The workbook in memory; raises WorkbookError."""
    with opened(path) as package:
        try:
            return _read(package, path)
        except (etree.XMLSyntaxError, KeyError, ValueError, IndexError) as error:
            raise WorkbookError(f"{path} 的内容已损坏,无法读取({error})") from error


def _parse(package: zipfile.ZipFile, part: str) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    root = etree.fromstring(package.read(part), parser)
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]
        raise ValueError("DOCTYPE")
    return root


def _local(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _children(element: Any, name: str) -> list[Any]:
    return [child for child in element if _local(child) == name] if element is not None else []


def _child(element: Any, name: str) -> Any:
    return next(iter(_children(element, name)), None)


def _relations(package: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Type and target part by relationship id."""
    folder, name = posixpath.split(part)
    path = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
    if path not in package.namelist():
        return {}
    found = {}
    for relation in _parse(package, path):
        if not isinstance(relation.tag, str) or relation.get("TargetMode") == "External":
            continue
        target = relation.get("Target", "")
        resolved = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        found[relation.get("Id")] = (relation.get("Type", "").rpartition("/")[2], resolved)
    return found


def _read(package: zipfile.ZipFile, path: Path) -> Workbook:
    main = next((target for kind, target in _relations(package, "").values() if kind == "officeDocument"), None)
    if main is None:
        raise WorkbookError(f"{path} 不是 Excel 工作簿(.xlsx 或 .xlsm)")
    root = _parse(package, main)
    relations = _relations(package, main)
    by_kind = {kind: target for kind, target in relations.values()}
    strings = _shared_strings(package, by_kind.get("sharedStrings"))
    date_styles = _date_styles(package, by_kind.get("styles"))
    properties = _child(root, "workbookPr")
    workbook = Workbook(date1904=properties is not None and properties.get("date1904") in ("1", "true"))
    for entry in _children(_child(root, "sheets"), "sheet"):
        identifier = entry.get(_REL) or entry.get(_STRICT_REL)
        kind, target = relations.get(identifier, ("", ""))
        if kind != "worksheet":
            continue
        sheet = Sheet(entry.get("name"))
        workbook.sheets[sheet.name] = sheet
        workbook.parts[sheet.name] = target
    for name, sheet in workbook.sheets.items():
        part = workbook.parts[name]
        for kind, target in _relations(package, part).values():
            if kind == "table":
                table = _table(_parse(package, target), name)
                workbook.tables[table.name] = table
        _read_cells(package, part, sheet, strings, date_styles)
    _read_names(root, workbook)
    return workbook


def _shared_strings(package: zipfile.ZipFile, part: str | None) -> list[str]:
    if part is None or part not in package.namelist():
        return []
    return [_text(item) for item in _parse(package, part)]


def _text(item: Any) -> str:
    """The text of plain and rich strings, phonetic guides left out."""
    texts = []
    for child in item:
        kind = _local(child)
        if kind == "t":
            texts.append(child.text or "")
        elif kind == "r":
            texts += [part.text or "" for part in child if _local(part) == "t"]
    return _unescaped("".join(texts))


_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _date_styles(package: zipfile.ZipFile, part: str | None) -> set[str]:
    """The style numbers of cells that show a date."""
    if part is None or part not in package.namelist():
        return set()
    root = _parse(package, part)
    own = {int(f.get("numFmtId")): f.get("formatCode", "") for f in _children(_child(root, "numFmts"), "numFmt")}
    found = set()
    for index, style in enumerate(_children(_child(root, "cellXfs"), "xf")):
        number = int(style.get("numFmtId") or 0)
        code = _QUOTED.sub("", own.get(number, "")).lower()
        if number in _BUILT_IN_DATES or (number in own and ("y" in code or "d" in code)):
            found.add(str(index))
    return found


def _table(root: Any, sheet: str) -> Table:
    first, _, last = root.get("ref").partition(":")
    top, left = _place(first)
    bottom, _ = _place(last or first)
    header, totals = root.get("headerRowCount") != "0", root.get("totalsRowCount") not in (None, "0")
    columns = tuple(_unescaped(column.get("name")) for column in _children(_child(root, "tableColumns"), "tableColumn"))
    name = root.get("displayName") or root.get("name")
    return Table(name, sheet, columns, top + header, bottom - totals, left, header, totals)


def _place(text: str) -> tuple[int, int]:
    match = _CELL.fullmatch(text.replace("$", ""))
    if not match:
        raise ValueError(text)
    return int(match[2]) - 1, column_number(match[1])


def _area(text: str, sheet: str) -> Area:
    first, _, last = text.partition(":")
    (top, left), (bottom, right) = _place(first), _place(last or first)
    return Area(sheet, top, left, bottom, right)


def _read_cells(package: zipfile.ZipFile, part: str, sheet: Sheet, strings: list[str], date_styles: set[str]) -> None:
    shared: dict[str, tuple[str, str]] = {}
    row, col = -1, -1
    with package.open(part) as file:
        for event, element in etree.iterparse(
            file, events=("start", "end"), resolve_entities=False, no_network=True, huge_tree=True
        ):
            kind = _local(element)
            if event == "start":
                if kind == "row":
                    row, col = int(element.get("r") or row + 2) - 1, -1
                continue
            if kind == "c":
                reference = element.get("r")
                row, col = _place(reference) if reference else (row, col + 1)
                _read_cell(element, row, col, sheet, strings, shared)
                if element.get("s") in date_styles:
                    sheet.dates.add((row, col))
            elif kind == "row":
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]


def _read_cell(
    element: Any, row: int, col: int, sheet: Sheet, strings: list[str], shared: dict[str, tuple[str, str]]
) -> None:
    kind = element.get("t")
    value: Cell = None
    for child in element:
        name = _local(child)
        if name == "v":
            value = _value(kind, child.text, strings)
        elif name == "f":
            _read_formula(child, row, col, sheet, shared)
        elif name == "is":
            value = _text(child)
    if value is not None:
        sheet.set(row, col, value)


def _value(kind: str | None, text: str | None, strings: list[str]) -> Cell:
    if text is None:
        return "" if kind in ("str", "s") else None
    match kind:
        case "s":
            return strings[int(text)]
        case "str":
            return _unescaped(text)
        case "b":
            return text.strip() in ("1", "true")
        case "e":
            return _ERRORS.get(text.strip(), CellError.VALUE)
        case "d":
            return text
    return float(text)


def _read_formula(child: Any, row: int, col: int, sheet: Sheet, shared: dict[str, tuple[str, str]]) -> None:
    text, kind = child.text or "", child.get("t")
    if kind == "shared":
        index = child.get("si")
        if text:
            shared[index] = (text, cell_name(row, col))
        elif index in shared:
            origin, start = shared[index]
            text = Translator(f"={origin}", start).translate_formula(cell_name(row, col))[1:]
    elif kind == "array":
        sheet.arrays[row, col] = _area(child.get("ref") or cell_name(row, col), sheet.name)
    elif kind == "dataTable":
        return
    if text:
        sheet.formulas[row, col] = text


def _read_names(root: Any, workbook: Workbook) -> None:
    names = list(workbook.sheets)
    for entry in _children(_child(root, "definedNames"), "definedName"):
        text, local = entry.text or "", entry.get("localSheetId")
        name = entry.get("name")
        if local is not None and int(local) < len(names):
            name = f"{names[int(local)]}!{name}"
        workbook.names[name.lower()] = text
        if name.startswith(HIDDEN_TABLE):
            _hidden_table(name.removeprefix(HIDDEN_TABLE), text, workbook)


def _hidden_table(name: str, text: str, workbook: Workbook) -> None:
    """A plain range that a template marks as a table: its first row holds the headings."""
    match = re.fullmatch(r"(?:'((?:[^']|'')+)'|([^!']+))!(\$?[A-Z]+\$?[0-9]+:\$?[A-Z]+\$?[0-9]+)", text)
    sheet = workbook.sheets.get((match[1] or match[2]).replace("''", "'")) if match else None
    if match is None or sheet is None or name in workbook.tables:
        return
    area = _area(match[3], sheet.name)
    columns = tuple(str(sheet.get(area.top, col) or "") for col in range(area.left, area.right + 1))
    workbook.tables[name] = Table(name, sheet.name, columns, area.top + 1, area.bottom, area.left)
