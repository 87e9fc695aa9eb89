"""Reads a workbook's package: cells, formulas, tables and names."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from addin.xlsx.cellreader import block, read_cells
from addin.xlsx.dates import date_system
from addin.xlsx.files import WorkbookError
from addin.xlsx.model import Moments, Sheet, Table, Workbook
from addin.xlsx.package import CONTENT_TYPES, opened, read_part, read_xml, safe_xml
from addin.xlsx.parts import OFFICE, child, children, content_type, local_name, main_part, once, parsed, relations_of
from addin.xlsx.sheetdata import SheetData
from addin.xlsx.strings import decoded, read_strings

_REL = f"{{{OFFICE}}}id"
_STRICT_REL = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
# Formats without a code of their own that show a day, a time of day only, or hours that may be more than a day has.
_BUILT_IN_MOMENTS = {
    **dict.fromkeys((14, 15, 16, 17, 22, *range(27, 32), 36, *range(50, 55), 57, 58), "dates"),
    **dict.fromkeys((*range(18, 22), *range(32, 36), 45, 47, 55, 56), "times"),
    46: "spans",
}
_SPAN = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
GENERAL = "General"
_BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "yyyy-mm-dd", 22: "yyyy-mm-dd hh:mm",
    31: 'yyyy"年"m"月"d"日"', 49: "@", 57: 'yyyy"年"m"月"',
}  # fmt: skip
_QUOTED = re.compile(r'"[^"]*"|\[[^][]*\]|\\.|_.')
_RANGE = re.compile(r"(?:'((?:[^']|'')+)'|([^!']+))!(\$?[A-Z]+\$?[0-9]+:\$?[A-Z]+\$?[0-9]+)")
HIDDEN_TABLE = "_KAOHE."
TWO_MEANINGS = "有两个定义的名称()"
"""What stands for the meaning of a name that has two: formulas with it are reported, not computed."""


def read_workbook(path: Path) -> Workbook:
    """The workbook in memory; raises WorkbookError."""
    with opened(path) as package:
        return read_package(package, path)


def read_package(package: zipfile.ZipFile, path: Path, kept: dict[str, SheetData] | None = None) -> Workbook:
    """The workbook of an opened package, which is called ``path``; raises WorkbookError.

    ``kept`` takes the sheets' XML as far as it is read as it is stored, for those who will write it.
    """
    try:
        return _read(package, path, kept)
    except _DAMAGE as error:
        raise WorkbookError(f"{path} 的内容已损坏，无法读取（{_told(error)}）") from error


# What a part leaves out or garbles shows up as any of these.
_DAMAGE = (etree.XMLSyntaxError, LookupError, ValueError, TypeError, AttributeError, OverflowError)


def _told(error: Exception) -> str:
    if isinstance(error, etree.XMLSyntaxError):
        line, column = error.position
        return f"XML 在第 {line} 行第 {column} 个字符写错或没有写完"
    if isinstance(error, KeyError):
        return f"缺少“{error.args[0]}”"
    return str(error) if any("一" <= char <= "鿿" for char in str(error)) else "有数字或属性写错"


def _read(package: zipfile.ZipFile, path: Path, kept: dict[str, SheetData] | None) -> Workbook:
    main = main_part(package)
    if not main:
        raise WorkbookError(f"{path} 不是 Excel 工作簿（.xlsx 或 .xlsm）")
    _refuse_other_documents(package, main, path)
    told = _main(read_xml(package, main), main)
    relations = relations_of(package, main)
    by_kind = {kind: target for kind, target in relations.values()}
    strings, has_guides = _shared_strings(package, by_kind.get("sharedStrings"))
    workbook = Workbook(
        path=str(path),
        has_guides=has_guides,
        date1904=told.date1904,
        as_shown=told.as_shown,
        iterations=told.iterations,
        least_change=told.least_change,
    )
    workbook.formats, moments = _formats(package, by_kind.get("styles"))
    for name, identifier in told.sheets:
        if identifier not in relations:
            raise ValueError(f"找不到工作表 {name} 的部件")
        kind, target = relations[identifier]
        if kind != "worksheet":
            continue
        if target in workbook.parts.values():
            raise ValueError(f"工作表“{name}”和另一个工作表是同一个部件")
        workbook.sheets[name] = Sheet(name)
        workbook.parts[name] = target
    for name, sheet in workbook.sheets.items():
        part = workbook.parts[name]
        for kind, target in relations_of(package, part).values():
            if kind == "table":
                table = _table(read_xml(package, target), name)
                workbook.tables[table.name] = table
        stored = read_part(package, part)
        with date_system(workbook.date1904):
            try:
                data = read_cells(safe_xml(stored), sheet, strings, moments)
            except _DAMAGE as error:
                raise ValueError(f"工作表“{name}”{_told(error)}") from error
        if kept is not None and data.xml is stored:
            kept[name] = data
    _read_names(told.names, workbook)
    return workbook


class _Main(NamedTuple):
    """What the workbook's own part tells: the sheets with their relationships' ids, the names with what they mean."""

    date1904: bool
    as_shown: bool
    iterations: int
    least_change: float
    sheets: list[tuple[str, str | None]]
    names: list[tuple[str, str]]


@once
def _main(xml: bytes, part: str) -> _Main:
    root = parsed(xml)
    if local_name(root) != "workbook":
        raise ValueError(f"{part} 不是工作簿")
    properties, calculation = child(root, "workbookPr"), child(root, "calcPr")
    sheets = [
        (entry.attrib["name"], entry.get(_REL) or entry.get(_STRICT_REL))
        for entry in children(child(root, "sheets"), "sheet")
    ]
    if not sheets:
        raise ValueError("没有工作表")
    seen: set[str] = set()
    for sheet, _ in sheets:
        if sheet.lower() in seen:
            raise ValueError(f"有两个工作表都叫“{sheet}”")
        seen.add(sheet.lower())
    names = []
    for entry in children(child(root, "definedNames"), "definedName"):
        name, local = entry.attrib["name"], entry.get("localSheetId")
        own = local is not None and int(local) < len(sheets)
        names.append((f"{sheets[int(local)][0]}!{name}" if own else name, entry.text or ""))
    date1904 = properties is not None and properties.get("date1904") in ("1", "true")
    as_shown = calculation is not None and calculation.get("fullPrecision") in ("0", "false")
    iterations, least_change = 0, 0.001
    if calculation is not None and calculation.get("iterate") in ("1", "true"):
        iterations = int(calculation.get("iterateCount", 100))
        least_change = float(calculation.get("iterateDelta", least_change))
    return _Main(date1904, as_shown, iterations, least_change, sheets, names)


def _refuse_other_documents(package: zipfile.ZipFile, main: str, path: Path) -> None:
    """Refuse what says of itself that it is no workbook, or doesn't say what it is: Excel doesn't open it either."""
    kind = content_type(package, main)
    if kind.startswith("application/vnd.ms-excel.sheet.binary"):
        raise WorkbookError(f"{path} 是二进制的 .xlsb 格式；请在 Excel 中另存为 .xlsx 后再试")
    if not kind.endswith(".main+xml") or not ("spreadsheetml" in kind or "ms-excel" in kind):
        raise ValueError(f"{CONTENT_TYPES} 中没有说明 {main} 是工作簿")


def _shared_strings(package: zipfile.ZipFile, part: str | None) -> tuple[list[str], bool]:
    """The texts, and whether some have phonetic guides."""
    if part is None or part not in package.namelist():
        return [], False
    xml = read_xml(package, part)
    return _strings(xml), _GUIDE.search(xml) is not None


_GUIDE = re.compile(rb"<(?:\w+:)?rPh\b")
_strings = once(read_strings)


def _formats(package: zipfile.ZipFile, part: str | None) -> tuple[list[str], Moments]:
    """The number format of each style, and the numbers of those styles that show a day or a time, with which."""
    if part is None or part not in package.namelist():
        return [], {}
    formats, moments = _styles(read_xml(package, part))
    return [*formats], {**moments}


@once
def _styles(xml: bytes) -> tuple[list[str], Moments]:
    root = parsed(xml)
    own = {int(f.get("numFmtId")): f.get("formatCode", "") for f in children(child(root, "numFmts"), "numFmt")}
    formats, moments = [], {}
    for index, style in enumerate(children(child(root, "cellXfs"), "xf")):
        number = int(style.get("numFmtId") or 0)
        formats.append(own.get(number) or _BUILT_IN.get(number, GENERAL))
        if kind := kind_of_moment(own[number]) if number in own else _BUILT_IN_MOMENTS.get(number):
            moments[b"%d" % index] = kind
    return formats, moments


def kind_of_moment(code: str) -> str | None:
    """Whether a number format shows a day, hours that may be more than a day has, or a time of day; None for other numbers."""
    bare = _QUOTED.sub("", code).lower()
    if "y" in bare or "d" in bare:
        return "dates"
    if _SPAN.search(code):
        return "spans"
    return "times" if re.search("h|s", bare) and not bare.startswith("standard") else None


@once
def _table(xml: bytes, sheet: str) -> Table:
    root = parsed(xml)
    whole = block(root.get("ref"), sheet)
    header, totals = root.get("headerRowCount") != "0", root.get("totalsRowCount") not in (None, "0")
    columns = tuple(decoded(column.get("name")) for column in children(child(root, "tableColumns"), "tableColumn"))
    name = root.get("displayName") or root.get("name")
    return Table(name, sheet, columns, whole.top + header, whole.bottom - totals, whole.left, header, totals)


def _read_names(names: list[tuple[str, str]], workbook: Workbook) -> None:
    """Names by their text in lower case; those of one sheet as ``sheet!name``, those of two meanings as none."""
    for name, text in names:
        if workbook.names.setdefault(name.lower(), text) != text:
            workbook.names[name.lower()] = TWO_MEANINGS
        if name.startswith(HIDDEN_TABLE):
            _hidden_table(name.removeprefix(HIDDEN_TABLE), text, workbook)


def _hidden_table(name: str, text: str, workbook: Workbook) -> None:
    """A plain range that a template marks as a table: its first row holds the headings."""
    match = _RANGE.fullmatch(text)
    sheet = workbook.sheets.get((match[1] or match[2]).replace("''", "'")) if match else None
    if match is None or sheet is None or name in workbook.tables:
        return
    area = block(match[3], sheet.name)
    columns = tuple(str(sheet.get(area.top, col) or "") for col in range(area.left, area.right + 1))
    workbook.tables[name] = Table(name, sheet.name, columns, area.top + 1, area.bottom, area.left)
