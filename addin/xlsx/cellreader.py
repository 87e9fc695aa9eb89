"""Reads a worksheet's cells from its XML.

Rows that are written like others are read together, column by column. The rows that the others are like are taken apart by
one regular expression; any other row (comments, unusual attributes, rich text …) goes through a parser. The result is the same.
"""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from addin.xlsx.cells import Run
from addin.xlsx.cellxml import column, unescaped
from addin.xlsx.meanings import Meanings, OpenValues, error_or_number, meant, shared_string
from addin.xlsx.model import Area, Cell, Moments, Sheet, cell_name
from addin.xlsx.parts import local_name, parsed
from addin.xlsx.rowshapes import Rows, alike_rows
from addin.xlsx.shapes import OPEN, Shape, regular_cell
from addin.xlsx.sheetdata import OUT_OF_ORDER, SheetData, row_number
from addin.xlsx.sheetforms import KEPT, Marks, Pieces
from addin.xlsx.strings import all_text, decoded, one_line_end, string_text
from workbook_templates.formula.moving import SharedFormula

DATA_TABLE = "TABLE()"
LOST_FORMULA = "失去主公式的共享公式()"
"""What stands for the formula of a cell that shares it with another cell which has none: it is reported, not computed."""
_ATTRIBUTE = re.compile(rb"([A-Za-z0-9:_]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_PLACE = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")


def read_cells(xml: bytes, sheet: Sheet, strings: list[str], moments: Moments) -> SheetData:
    """Fill ``sheet`` from its XML (UTF-8, no document type); raises ValueError for what is no worksheet."""
    data = SheetData(one_line_end(xml))
    meanings = Meanings(strings)

    def with_marks(marked: bytes) -> Sheet:
        found = Sheet(sheet.name)
        _CellReader(SheetData(marked), found, [], moments, Marks(meanings)).read()
        return found

    pieces = Pieces.of(data.xml, data.rules) if data.scan is data.xml else None
    form = KEPT.form(sheet.name, moments, pieces, with_marks) if pieces is not None else None
    if pieces is not None and form is not None and form.fill(sheet, pieces.texts, meanings):
        data.form = form, pieces
    else:
        _CellReader(data, sheet, strings, moments, meanings).read()
    return data


def place(text: str) -> tuple[int, int]:
    """Row and column (from zero) of ``$B$3``; raises ValueError."""
    match = _PLACE.fullmatch(text)
    if not match:
        raise ValueError(f"“{text}”不是单元格的位置")
    return row_number(match[2]), column(match[1].encode())


def block(text: str, sheet: str) -> Area:
    """The block ``A1:B3``, or the one cell ``A1``."""
    first, _, last = text.partition(":")
    (top, left), (bottom, right) = place(first), place(last or first)
    return Area(sheet, min(top, bottom), min(left, right), max(top, bottom), max(left, right))


class _Plan:
    """What the cells of rows of one shape are, by columns."""

    def __init__(self, shape: Shape, reader: _CellReader) -> None:
        self.values: list[tuple[int, dict[bytes, Cell]]] = []
        self.empty: list[int] = []
        self.formulas: list[tuple[int, Run | SharedFormula]] = []
        self.moments: list[tuple[int, str]] = []
        self._is_regular = True
        for cell in shape.cells:
            if cell.slot is not None:
                self.values.append((cell.col, reader.open if cell.kind == OPEN else reader.meanings[cell.kind]))
            elif cell.kind == b"str":
                self.empty.append(cell.col)
            if cell.style in reader.moments:
                self.moments.append((cell.col, reader.moments[cell.style]))
            if cell.formula is None:
                continue
            about = _attributes(cell.about)
            text = cell.formula.removeprefix("=")
            if text and about.get("t", "normal") == "normal":
                self.formulas.append((cell.col, Run(text, cell.col, shape.row, shape.row)))
            elif about.get("t") == "shared" and not text and about.get("si", "") in reader.shared:
                self.formulas.append((cell.col, reader.shared[about.get("si", "")]))
            elif text or about:
                self._is_regular = False

    def filled(self, first: int, last: int) -> list[tuple[int, str]] | None:
        """The formulas as they read in the first of some rows; None if the others can't be told by them."""
        found = []
        for col, formula in self.formulas:
            if isinstance(formula, Run):
                found.append((col, formula.at(first)))
                continue
            found.append((col, formula.at(first, col)))
            # Shared references may leave the sheet on the way.
            if Run(found[-1][1], col, first, last).at(last) != formula.at(last, col):
                return None
        return found if self._is_regular else None


def _place(columns: dict[int, list[Cell]], col: int, places: list[int], cells: list[Cell], count: int) -> None:
    """Put cells into some places of a column of ``count``."""
    if len(places) == count:
        columns[col] = cells
        return
    column = columns.setdefault(col, [None] * count)
    for place, cell in zip(places, cells, strict=True):
        column[place] = cell


class _CellReader:
    def __init__(
        self, data: SheetData, sheet: Sheet, strings: list[str], moments: Moments, meanings: Meanings | Marks
    ) -> None:
        self._data, self._sheet, self._strings, self.moments = data, sheet, strings, moments
        self.shared: dict[str, SharedFormula] = {}
        self.meanings = meanings
        self.open = OpenValues(meanings, data.rules.prefix)
        self._columns: dict[bytes, int] = {}
        self._plans: dict[Shape, _Plan] = {}

    def read(self) -> None:
        for rows in alike_rows(self._data):
            if not rows.shapes or not self._read_together(rows):
                for row in rows.each(self._data):
                    self._read_row(row)

    def _read_row(self, row: Rows) -> None:
        if row.close is None:
            return
        xml, scan = self._data.xml, self._data.scan
        plain = scan is xml or xml.find(b"<!", row.content, row.close) < 0
        cells = regular_cell(self._data.rules.prefix).findall(xml, row.content, row.close) if plain else None
        try:
            if cells is not None and self._read_regular(row.first, cells):
                return
        except (ValueError, LookupError):
            pass  # What is wrong is found again, and told with its cell, by the parser.
        self._read_parsed(row.first, xml[row.content : row.close])

    def _read_together(self, rows: Rows) -> bool:
        """Read rows whose formulas say the same; False (and nothing read) if they have to be read one by one."""
        first, last = rows.first, rows.last
        formulas = self._plan(rows.shapes[0]).filled(first, last)
        if formulas is None:
            return False
        columns: dict[int, list[Cell]] = {}
        dated: dict[tuple[int, str], list[int]] = {}
        for shape, places, stored in rows.by_shape(self._data):
            plan = self._plan(shape)
            try:
                for (col, known), values in zip(plan.values, stored, strict=True):
                    _place(columns, col, places, meant(known, values), len(rows.shapes))
            except (ValueError, LookupError):
                # What is wrong with a value is found again, and told, where its row is read.
                return False
            for col in plan.empty:
                _place(columns, col, places, [""] * len(places), len(rows.shapes))
            for moment in plan.moments:
                dated.setdefault(moment, []).extend(places)
        sheet = self._sheet
        for col, cells in columns.items():
            sheet.extend(col, first, cells)
        for col, text in formulas:
            sheet.formulas.fill(col, first, last, text)
        for (col, kind), places in dated.items():
            if len(places) == len(rows.shapes):
                sheet.moments(kind).add(col, first, last)
                continue
            for place in places:
                sheet.moments(kind).add(col, first + place, first + place)
        sheet.height = max(sheet.height, last + 1)
        return True

    def _plan(self, shape: Shape) -> _Plan:
        plan = self._plans.get(shape)
        if plan is None:
            plan = self._plans[shape] = _Plan(shape, self)
        return plan

    def _read_regular(self, row: int, cells: list[tuple[bytes, ...]]) -> bool:
        """Read a row; False if one of its cells is of another kind or wrong, or a formula is more than a text."""
        col, columns, meanings, moments = -1, self._columns, self.meanings, self.moments
        own_row = b"%d" % (row + 1)
        for letters, named_row, style, kind, metadata, about, formula, stored, inline, other in cells:
            if other or named_row not in (own_row, b""):
                return False
            before = col
            if letters:
                known = columns.get(letters)
                col = columns.setdefault(letters, column(letters)) if known is None else known
            else:
                col += 1
            if col <= before:
                return False
            if about:
                self._formula(row, col, _attributes(about), unescaped(formula))
                if metadata:
                    self._sheet.dynamic.add((row, col))
            elif formula:
                self._sheet.formulas[row, col] = unescaped(formula).removeprefix("=")
                self._sheet.height = max(self._sheet.height, row + 1)
            value = meanings[b"str"][inline] if kind == b"inlineStr" and not stored else meanings[kind][stored]
            if style in moments:
                self._sheet.moments(moments[style]).add(col, row, row)
            if value is not None:
                self._sheet.set(row, col, value)
        return True

    def _read_parsed(self, row: int, content: bytes) -> None:
        """Read a row with a parser; the sheet's own opening tag declares its namespaces."""
        closing = b"</%bworksheet>" % self._data.rules.prefix
        col = -1
        try:
            cells = parsed(self._data.opening + content + closing)
        except etree.XMLSyntaxError as error:
            raise ValueError(f"第 {row + 1} 行的 XML 写错或没有写完") from error
        for cell in cells:
            if local_name(cell) != "c":
                continue
            reference, before = cell.get("r"), col
            own_row, col = place(reference) if reference else (row, col + 1)
            if own_row != row:
                raise ValueError(f"第 {row + 1} 行中有写着“{reference}”的单元格")
            if col <= before:
                raise ValueError(OUT_OF_ORDER.format(row + 1))
            try:
                self._read_cell(cell, row, col)
            except IndexError as error:
                raise ValueError(f"{cell_name(row, col)} 引用了不存在的文本") from error
            except ValueError as error:
                raise ValueError(f"{cell_name(row, col)} {error}") from error

    def _read_cell(self, cell: Any, row: int, col: int) -> None:
        kind = cell.get("t", "n")
        value: Cell = None
        names = [local_name(child) for child in cell]
        for name in ("f", "v", "is"):
            if names.count(name) > 1:
                raise ValueError(f"中有两个 {name} 元素")
        for name, child in zip(names, cell, strict=True):
            text = all_text(child)
            if name == "f":
                self._formula(row, col, dict(child.attrib), decoded(text))
                if cell.get("cm"):
                    self._sheet.dynamic.add((row, col))
            elif name == "is":
                value = string_text(child)
            elif name == "v":
                if kind == "s":
                    value = shared_string(self._strings, text) if text else None
                else:
                    value = decoded(text) if kind == "str" else error_or_number(kind, text)
        if value is not None:
            self._sheet.set(row, col, value)
        if (style := cell.get("s", "").encode()) in self.moments:
            self._sheet.moments(self.moments[style]).add(col, row, row)

    def _formula(self, row: int, col: int, about: dict[str, str], text: str) -> None:
        text = text.removeprefix("=")
        kind = about.get("t", "normal")
        if kind == "shared":
            index = about.get("si", "")
            if text:
                if index in self.shared:
                    self._plans.clear()
                self.shared[index] = SharedFormula(text, row, col)
            else:
                text = self.shared[index].at(row, col) if index in self.shared else LOST_FORMULA
        elif kind in ("array", "dataTable"):
            area = block(about.get("ref") or cell_name(row, col), self._sheet.name)
            if (area.top, area.left) != (row, col):
                raise ValueError("的数组公式不从这一格开始")
            self._sheet.arrays[row, col] = area
            # What a data table tries out can't be known from its cells; as a formula it is reported, not computed.
            text = DATA_TABLE if kind == "dataTable" else text
        if text:
            self._sheet.formulas[row, col] = text
            self._sheet.height = max(self._sheet.height, row + 1)


def _attributes(text: bytes) -> dict[str, str]:
    return {name.decode(): unescaped(double or single) for name, double, single in _ATTRIBUTE.findall(text)}
