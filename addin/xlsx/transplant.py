"""Puts sheets of one workbook behind those of another, with their formats, drawings, tables and names: no other sheet changes."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import Any

from lxml import etree

from addin.portable.archive import rewrite
from addin.shared.texts import free_name
from addin.xlsx.cellreader import place
from addin.xlsx.model import Workbook
from addin.xlsx.package import CONTENT_TYPES
from addin.xlsx.parts import (
    MAIN,
    OFFICE,
    child,
    children,
    content_type,
    declare,
    main_part,
    parse_part,
    relate,
    relations_of,
    relations_part,
    written,
)

_FORMULAS = frozenset({"formula", "formula1", "formula2", "calculatedColumnFormula", "totalsRowFormula"})
_LEFT = frozenset({"pivotTable", "threadedComment"})
"""Parts of a sheet that need others of the workbook."""
_UNABLE = frozenset({"slicer", "timeline"})
_SECTIONS = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs",
    "tableStyles", "colors", "extLst",
)  # fmt: skip
Translate = Callable[[str, str], str]
"""A formula's text and the sheet it stands on; gives it as it is to be written."""


def can_be_moved(package: zipfile.ZipFile, part: str) -> bool:
    """Whether a sheet is written in the usual namespace and has nothing that only its own workbook can hold."""
    kinds = {kind for kind, _ in relations_of(package, part).values()}
    return parse_part(package, part).tag == f"{{{MAIN}}}worksheet" and not kinds & _UNABLE


class Transplant:
    """Collects what changes in the new package; ``content`` writes it."""

    def __init__(self, old: zipfile.ZipFile, workbook: Workbook, new: bytes, translate: Translate) -> None:
        self._old, self._workbook, self._translate, self._content = old, workbook, translate, new
        self._new = zipfile.ZipFile(io.BytesIO(new))
        self._main = main_part(self._new)
        self._book = parse_part(self._new, self._main)
        self._types = parse_part(self._new, CONTENT_TYPES)
        self._relations_part = relations_part(self._new.namelist(), self._main)
        self._relations = parse_part(self._new, self._relations_part)
        self._taken = {name.lower() for name in self._new.namelist()}
        self._parts: dict[str, bytes] = {}
        self._copied: dict[str, str] = {}
        self._strings = _items(old, "sharedStrings")
        self._formats = self._differential = 0
        self._merge_styles()

    def add_sheet(self, name: str) -> None:
        """A sheet of the old workbook, with all that belongs to it, behind the others; ``can_be_moved`` says which may be."""
        entry = next(e for e in children(child(parse_part(self._old, main_part(self._old)), "sheets"), "sheet")
                     if e.get("name") == name)  # fmt: skip
        part = self._copy(self._workbook.parts[name], "worksheet", name)
        identifier = relate(self._relations, f"{OFFICE}/worksheet", f"/{part}")
        sheets = child(self._book, "sheets")
        number = max(int(sheet.get("sheetId")) for sheet in sheets) + 1
        added = etree.SubElement(sheets, f"{{{MAIN}}}sheet", name=name, sheetId=str(number))
        if entry.get("state"):
            added.set("state", entry.get("state"))
        added.set(f"{{{OFFICE}}}id", identifier)

    def add_name(self, entry: Any, text: str, sheet: str | None) -> None:
        """A defined name of the old workbook with what it means now, for a sheet if it is one's."""
        names = child(self._book, "definedNames")
        if names is None:
            names = etree.Element(f"{{{MAIN}}}definedNames")
            child(self._book, "sheets").addnext(names)
        new = deepcopy(entry)
        new.text = text
        if sheet is not None:
            titles = [each.get("name") for each in child(self._book, "sheets")]
            new.set("localSheetId", str(titles.index(sheet)))
        names.append(new)

    def style_cells(self, sheet: str, styles: dict[str, int]) -> None:
        """Give cells of a sheet of the new workbook the formats of the old one, by cell."""
        part = next(
            target
            for entry in child(self._book, "sheets")
            if entry.get("name") == sheet
            for identifier, (_, target) in relations_of(self._new, self._main).items()
            if identifier == entry.get(f"{{{OFFICE}}}id")
        )
        root = parse_part(self._new, part)
        for cell in root.iter(f"{{{MAIN}}}c"):
            if cell.get("r") in styles:
                cell.set("s", str(styles[cell.get("r")] + self._formats))
        self._parts[part] = written(root)

    def content(self) -> bytes:
        """The new workbook's file."""
        self._parts |= {
            self._main: written(self._book),
            self._relations_part: written(self._relations),
            CONTENT_TYPES: written(self._types),
        }
        target = io.BytesIO()
        rewrite(io.BytesIO(self._content), target, self._parts)
        return target.getvalue()

    def _merge_styles(self) -> None:
        """Put the old workbook's formats behind the new one's."""
        part = _part(self._new, "styles")
        ours, theirs = parse_part(self._new, part), parse_part(self._old, _part(self._old, "styles"))
        numbers = self._merge_number_formats(ours, theirs)
        first = {name: len(_section(ours, name)) for name in ("fonts", "fills", "borders", "cellXfs", "dxfs")}
        for name in first:
            _section(ours, name).extend(deepcopy(each) for each in children(child(theirs, name), _singular(name)))
        for style in children(child(ours, "cellXfs"), "xf")[first["cellXfs"] :]:
            for name in ("font", "fill", "border"):
                style.set(f"{name}Id", str(int(style.get(f"{name}Id") or 0) + first[f"{name}s"]))
            number = style.get("numFmtId", "0")
            style.set("numFmtId", numbers.get(number, number))
            style.set("xfId", "0")
        for name in (*first, "numFmts"):
            if (section := child(ours, name)) is not None:
                section.set("count", str(len(section)))
        self._formats, self._differential = first["cellXfs"], first["dxfs"]
        self._parts[part] = written(ours)

    @staticmethod
    def _merge_number_formats(ours: Any, theirs: Any) -> dict[str, str]:
        added = children(child(theirs, "numFmts"), "numFmt")
        if not added:
            return {}
        section, found = _section(ours, "numFmts"), {}
        free = max([163, *(int(each.get("numFmtId")) for each in section)]) + 1
        for number, each in enumerate(added, start=free):
            found[each.get("numFmtId")] = str(number)
            etree.SubElement(section, each.tag, numFmtId=str(number), formatCode=each.get("formatCode", ""))
        return found

    def _copy(self, part: str, kind: str, sheet: str) -> str:
        """A part with all that it needs; gives the name that it has in the new package."""
        if part in self._copied:
            return self._copied[part]
        name = self._copied[part] = self._free(part)
        content = self._old.read(part)
        if kind == "worksheet":
            content = written(self._sheet(parse_part(self._old, part), sheet))
        elif part.endswith(".xml") and kind in ("table", "chart", "chartEx"):
            content = written(self._with_formulas(parse_part(self._old, part), sheet))
        self._parts[name] = content
        declare(self._types, name, content_type(self._old, part) or "application/xml")
        self._copy_relations(part, name, sheet)
        return name

    def _copy_relations(self, part: str, name: str, sheet: str) -> None:
        source = relations_part(self._old.namelist(), part)
        if source not in self._old.namelist():
            return
        root, targets = parse_part(self._old, source), relations_of(self._old, part)
        for relation in list(root):
            kind, target = targets.get(relation.get("Id"), ("", ""))
            if relation.get("TargetMode") == "External":
                continue
            if kind in _LEFT or target not in self._old.namelist():
                root.remove(relation)
            else:
                relation.set("Target", f"/{self._copy(target, kind, sheet)}")
        self._parts[relations_part((), name)] = written(root)

    def _free(self, part: str) -> str:
        stem, extension = posixpath.splitext(part)
        name = free_name(stem, lambda tried: f"{tried}{extension}".lower() in self._taken, "{}_{}") + extension
        self._taken.add(name.lower())
        return name

    def _sheet(self, root: Any, sheet: str) -> Any:
        for view in root.iter(f"{{{MAIN}}}sheetView"):
            view.attrib.pop("tabSelected", None)
        for cell in root.iter(f"{{{MAIN}}}c"):
            self._cell(cell, sheet)
        for tag, attribute in (("c", "s"), ("row", "s"), ("col", "style")):
            for element in root.iter(f"{{{MAIN}}}{tag}"):
                # A column or row without a format of its own has the first one, which is the new workbook's.
                if element.get(attribute) is not None or tag == "c":
                    element.set(attribute, str(int(element.get(attribute) or 0) + self._formats))
        return self._with_formulas(root, sheet)

    def _cell(self, cell: Any, sheet: str) -> None:
        for attribute in ("cm", "vm"):
            cell.attrib.pop(attribute, None)
        formula, value = child(cell, "f"), child(cell, "v")
        if formula is not None and formula.get("t") != "dataTable":
            text = self._workbook.sheets[sheet].formulas.get(place(cell.get("r")))
            if formula.get("t") == "shared":
                formula.attrib.clear()
            formula.text = self._translate(text, sheet) if text else formula.text
        elif cell.get("t") == "s" and value is not None:
            cell.set("t", "inlineStr")
            cell.remove(value)
            inline = etree.SubElement(cell, f"{{{MAIN}}}is")
            inline.extend(deepcopy(each) for each in self._strings[int(value.text)])

    def _with_formulas(self, root: Any, sheet: str) -> Any:
        """Formulas outside of cells, and the formats that rules and tables name by number."""
        in_chart = root.tag.rpartition("}")[2] == "chartSpace"
        for element in root.iter():
            if not isinstance(element.tag, str):
                continue
            name = element.tag.rpartition("}")[2]
            # In a sheet ``f`` is a cell's formula, which is done, or one of an extension.
            elsewhere = name == "f" and (in_chart or not element.tag.startswith(f"{{{MAIN}}}"))
            if element.text and (name in _FORMULAS or elsewhere):
                element.text = self._translate(element.text, sheet)
            for attribute, number in element.attrib.items():
                if attribute == "dxfId" or attribute.endswith("DxfId"):
                    element.set(attribute, str(int(number) + self._differential))
        if root.tag == f"{{{MAIN}}}table":
            root.set("id", str(self._free_table()))
        return root

    def _free_table(self) -> int:
        used = [int(parse_part(self._new, name).get("id")) for name in self._new.namelist() if "/tables/" in name]
        return max(used, default=0) + len([name for name in self._copied if "/tables/" in name]) + 1


def sheet_styles(package: zipfile.ZipFile, part: str) -> dict[tuple[int, int], int]:
    """The number of each cell's format, by row and column."""
    cells = parse_part(package, part).iter(f"{{{MAIN}}}c")
    return {place(cell.get("r")): int(cell.get("s") or 0) for cell in cells if cell.get("r")}


def defined_names(package: zipfile.ZipFile) -> Iterable[tuple[Any, str | None]]:
    """A workbook's defined names, each with the sheet that it is one of."""
    root = parse_part(package, main_part(package))
    titles = [entry.get("name") for entry in children(child(root, "sheets"), "sheet")]
    for entry in children(child(root, "definedNames"), "definedName"):
        local = entry.get("localSheetId")
        yield entry, titles[int(local)] if local is not None and int(local) < len(titles) else None


def all_sheets(package: zipfile.ZipFile) -> list[str]:
    """Names of all sheets, those that hold a chart only included."""
    return [entry.get("name") for entry in children(child(parse_part(package, main_part(package)), "sheets"), "sheet")]


def _part(package: zipfile.ZipFile, wanted: str) -> str:
    return next(target for kind, target in relations_of(package, main_part(package)).values() if kind == wanted)


def _items(package: zipfile.ZipFile, wanted: str) -> list[Any]:
    known = {kind: target for kind, target in relations_of(package, main_part(package)).values()}
    return list(parse_part(package, known[wanted])) if known.get(wanted) in package.namelist() else []


def _singular(section: str) -> str:
    return "xf" if section == "cellXfs" else section.removesuffix("s")


def _section(styles: Any, name: str) -> Any:
    """A part of the styles; one that is missing is put in its place."""
    if (known := child(styles, name)) is not None:
        return known
    before = [child(styles, each) for each in _SECTIONS[: _SECTIONS.index(name)]]
    new = etree.Element(f"{{{MAIN}}}{name}")
    last = next((each for each in reversed(before) if each is not None), None)
    if last is None:
        styles.insert(0, new)
    else:
        last.addnext(new)
    return new
