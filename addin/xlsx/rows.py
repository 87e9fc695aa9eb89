"""Rows put into a sheet of a workbook's file or taken out of it, as a spreadsheet program does: whatever refers to cells below goes
with them, and blocks that reach over the place grow or shrink (tables, names, validation, formats, charts, arrays).
"""

from __future__ import annotations

import copy
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from addin.xlsx.cellreader import place
from addin.xlsx.model import Workbook, cell_name
from addin.xlsx.package import safe_xml
from addin.xlsx.parts import main_part, parse_part, relations_of, without_chain, written
from workbook_templates.formula.moving import SharedFormula
from workbook_templates.formula.shifting import Shift

_FORMULAS = frozenset(
    {"f", "formula", "formula1", "formula2", "definedName", "calculatedColumnFormula", "totalsRowFormula"}
)
_TEXT_AREAS = frozenset({"sqref"})
_NOTE_ROW = re.compile(rb"(<x:Row>\s*)([0-9]+)(\s*</x:Row>)")
_NOTE_ANCHOR = re.compile(rb"(<x:Anchor>)([^<]*)(</x:Anchor>)")
_TOP, _BOTTOM = 2, 6
"""Which of the eight numbers of a note's anchor are rows."""


@dataclass(frozen=True)
class Rows:
    """Rows put into a sheet before the row ``row`` (from zero) as copies of that row without its values, or, with a negative
    ``count``, taken out from there on. The formulas of ``columns`` are filled down from the row above, that row included.
    """

    sheet: str
    row: int
    count: int
    columns: tuple[int, ...] = ()

    @property
    def shift(self) -> Shift:
        return Shift(self.sheet, self.row, self.count)


def with_rows(package: zipfile.ZipFile, workbook: Workbook, rows: Rows) -> tuple[dict[str, bytes], list[str]]:
    """The parts that change, and those that are dropped."""
    changed: dict[str, bytes] = {}
    main = main_part(package)
    parts = {part: sheet for sheet, part in workbook.parts.items()}
    for part in package.namelist():
        own = parts.get(part) or _owner(package, workbook, part)
        if part == main or own is not None or re.search(r"/charts/[^/]*\.xml$", part):
            changed[part] = _shifted(package, part, own or "", rows, part in parts)
    unchained, chains = without_chain(package)
    return changed | unchained, chains


def _owner(package: zipfile.ZipFile, workbook: Workbook, part: str) -> str | None:
    """The sheet to which a table, a drawing or notes belong."""
    if not re.search(r"/(tables|drawings|comments|threadedComments)[^/]*/|/comments[^/]*\.xml$", part, re.IGNORECASE):
        return None
    for sheet, own in workbook.parts.items():
        if part in (target for _, target in relations_of(package, own).values()):
            return sheet
    return None


def _shifted(package: zipfile.ZipFile, part: str, own: str, rows: Rows, is_sheet: bool) -> bytes:
    if part.lower().endswith(".vml"):
        return _notes(package.read(part), rows) if own == rows.sheet else package.read(part)
    root, shift = parse_part(package, part), rows.shift
    if is_sheet:
        _unshare(root)
    moved = own == rows.sheet
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            continue
        name = etree.QName(element).localname
        if name in _FORMULAS and element.text:
            element.text = shift.formula(element.text, own)
        elif moved and name in _TEXT_AREAS and element.text:
            element.text = _areas(element.text, shift) or element.text
        if (
            moved
            and not is_sheet
            and name == "row"
            and element.getparent() is not None
            and (element.text or "").isdigit()
        ):
            element.text = str(_edge(int(element.text), shift))
        for attribute in ("ref", "sqref") if moved and name not in ("c", "row") else ():
            if attribute in element.attrib:
                _move_area(element, attribute, shift)
    if is_sheet and moved:
        _move_rows(root, rows)
    return written(root)


def _areas(text: str, shift: Shift) -> str:
    return " ".join(area for part in text.split() if (area := shift.area(part)) is not None)


def _move_area(element: Any, attribute: str, shift: Shift) -> None:
    """An element that speaks of cells goes with them, and is gone with them."""
    if moved := _areas(element.get(attribute), shift):
        element.set(attribute, moved)
    elif (parent := element.getparent()) is not None:
        parent.remove(element)
        if "count" in parent.attrib:
            parent.set("count", str(len(parent)))


def _edge(row: int, shift: Shift) -> int:
    """Where a picture's edge stands: with its row, or where that row was."""
    found = shift.rows(row, row)
    return shift.row if found is None else found[0]


def _unshare(root: Any) -> None:
    """Formulas that are written once for many cells are written out, since not all of them move alike."""
    masters: dict[str, SharedFormula] = {}
    for cell, formula in _formulas(root):
        if formula.get("t") != "shared":
            continue
        at, number = place(cell.get("r")), formula.attrib.pop("si")
        if formula.text:
            masters[number] = SharedFormula(formula.text, *at)
        elif number in masters:
            formula.text = masters[number].at(*at)
        for attribute in ("t", "ref"):
            formula.attrib.pop(attribute, None)


def _formulas(root: Any) -> Iterator[tuple[Any, Any]]:
    for cell in root.iterfind("{*}sheetData/{*}row/{*}c"):
        formula = cell.find("{*}f")
        if formula is not None:
            yield cell, formula


def _move_rows(root: Any, rows: Rows) -> None:
    data, shift = root.find("{*}sheetData"), rows.shift
    _number(data)
    pattern = next((row for row in data if int(row.get("r")) - 1 == rows.row), None)
    for row in list(data):
        number = int(row.get("r")) - 1
        moved = shift.rows(number, number)
        # Calc writes blank rows at the sheet's end once rows have been taken out.
        if moved is None and rows.count > 0 and any(len(cell) for cell in row):
            raise ValueError(f"第 {number + 1} 行放不下")
        if moved is None:
            data.remove(row)
        elif moved[0] != number:
            _renumber(row, moved[0])
    for entry in root.findall("{*}rowBreaks/{*}brk"):
        entry.set("id", str(_edge(int(entry.get("id")), shift)))
    if rows.count < 0 or pattern is None:
        return
    at = list(data).index(pattern)
    for index in range(rows.count):
        new = _blank(pattern)
        _renumber(new, rows.row + index)
        data.insert(at + index, new)
    above = data[at - 1] if at and int(data[at - 1].get("r")) == rows.row else None
    if above is not None:
        _fill_down(above, data[at : at + rows.count + 1], rows)


def _number(data: Any) -> None:
    """Rows and cells that leave their place to be counted are told it."""
    row_number = 0
    for row in data:
        row_number = int(row.get("r") or row_number + 1)
        row.set("r", str(row_number))
        col = -1
        for cell in row:
            col = place(cell.get("r"))[1] if cell.get("r") else col + 1
            cell.set("r", cell_name(row_number - 1, col))


def _renumber(row: Any, number: int) -> None:
    row.set("r", str(number + 1))
    for cell in row:
        cell.set("r", cell_name(number, place(cell.get("r"))[1]))


def _blank(row: Any) -> Any:
    """A row that looks like another and holds nothing."""
    new = copy.deepcopy(row)
    new.attrib.pop("hidden", None)
    for cell in new:
        for child in list(cell):
            cell.remove(child)
        for attribute in ("t", "cm", "vm"):
            cell.attrib.pop(attribute, None)
    return new


def _fill_down(above: Any, below: list[Any], rows: Rows) -> None:
    columns = {place(cell.get("r"))[1]: cell for cell in above}
    for col in rows.columns:
        source = columns.get(col)
        formula = None if source is None else source.find("{*}f")
        if source is None or formula is None or not formula.text:
            continue
        shared = SharedFormula(formula.text, rows.row - 1, col)
        for row in below:
            number = int(row.get("r")) - 1
            cell = next((cell for cell in row if place(cell.get("r"))[1] == col), None)
            if cell is None:
                continue
            old = cell.find("{*}f")
            if old is not None:
                cell.remove(old)
            new = copy.deepcopy(formula)
            new.text = shared.at(number, col)
            if "ref" in new.attrib:
                new.set("ref", cell.get("r"))
            cell.insert(0, new)
            if source.get("cm"):
                cell.set("cm", source.get("cm"))


def _notes(xml: bytes, rows: Rows) -> bytes:
    """The notes' boxes, which an old language draws."""
    shift = rows.shift

    def anchored(found: re.Match[bytes]) -> bytes:
        numbers = [int(part) for part in found[2].split(b",")]
        for which in (_TOP, _BOTTOM):
            numbers[which] = _edge(numbers[which], shift)
        return found[1] + ", ".join(map(str, numbers)).encode() + found[3]

    xml = _NOTE_ROW.sub(lambda found: found[1] + b"%d" % _edge(int(found[2]), shift) + found[3], safe_xml(xml))
    return _NOTE_ANCHOR.sub(anchored, xml)


def crosses_array(workbook: Workbook, rows: Rows) -> bool:
    """Whether the rows are put into or taken out of a block that one formula fills: programs refuse that in an open workbook."""
    blocks = workbook.sheets[rows.sheet].arrays.values()
    last = rows.row + max(-rows.count, 1) - 1
    return any(area.rows > 1 and area.top <= last and rows.row <= area.bottom for area in blocks)
