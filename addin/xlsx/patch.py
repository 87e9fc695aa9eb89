"""Puts computed values into a workbook's file: only the cells' values change, every other byte stays.

A cell's value is its ``<v>`` element and its ``t`` attribute. A cell whose stored value is the computed one already is
left alone, so that a file whose values are right is not written at all.
"""

from __future__ import annotations

import re
from itertools import chain

from addin.xlsx.cellxml import changed_cell, column, new_cell
from addin.xlsx.model import Area, CellValues, area_name
from addin.xlsx.package import transcoded
from addin.xlsx.rowforms import Form, Written
from addin.xlsx.rowforms import patched as patched_rows
from addin.xlsx.rowshapes import Rows, alike_rows
from addin.xlsx.shapes import Shape
from addin.xlsx.sheetdata import OUT_OF_ORDER, SheetData

Areas = dict[tuple[int, int], Area]

_AREA = re.compile(rb"(<(?:\w+:)?f\s[^<>]*?\bref\s*=\s*([\"']))[^\"']*(\2)")
_PLACE = re.compile(rb"\sr\s*=\s*[\"']\s*([A-Za-z]{1,3})[0-9]+")


def patched(xml: bytes | SheetData, values: CellValues, areas: Areas | None = None) -> bytes:
    """A sheet's XML with these values; the same object if it holds them all. Cells that are not there yet are added.

    ``areas``: the blocks that the array formulas of cells fill from now on.
    """
    if isinstance(xml, SheetData):
        if xml.form is not None and not areas:
            form, pieces = xml.form
            try:
                return form.patched(pieces, values) or xml.xml
            except LookupError:
                pass  # A cell that isn't there yet.
        return _Sheet(xml, values, areas or {}).with_values()
    return transcoded(xml, lambda text: _Sheet(SheetData(text), values, areas or {}).with_values())


def _with_area(cell: bytes, area: Area) -> bytes:
    """A cell whose array formula fills another block."""
    return _AREA.sub(lambda match: match[1] + area_name(area).encode() + match[3], cell, count=1)


class _Sheet:
    """A sheet's XML while it is copied with new values, from its start to its end."""

    def __init__(self, data: SheetData, values: CellValues, areas: Areas) -> None:
        self._data = data
        self._rules = self._data.rules
        self._values = values
        self._areas = areas
        self._resized = {row for row, _ in areas}
        self._forms: dict[tuple[Shape, tuple[int, ...]], Form] = {}
        self._written = Written(self._rules)
        self._view = memoryview(data.xml)
        self._new: list[bytes | memoryview] = []
        self._copied = 0

    def _put(self, start: int, end: int, new: bytes) -> None:
        """Everything up to ``start`` as it is, then ``new`` in place of the bytes from ``start`` to ``end``."""
        self._new += (self._view[self._copied : start], new)
        self._copied = end

    def with_values(self) -> bytes:
        """The sheet's XML, which is as it was but for the values."""
        wanted = {row: cols for rows, cols in self._values.cells.bands() for row in rows}
        waiting = list(reversed(wanted))
        if self._data.is_empty:
            rows, end = self._new_rows(wanted, waiting, None), self._data.start
            if rows:
                self._put(end - 2, end, b">" + rows + b"</%bsheetData>" % self._rules.prefix)
        else:
            self._patch_rows(wanted, waiting)
        if self._copied == 0:
            return self._data.xml
        return b"".join([*self._new, self._view[self._copied :]])

    def _patch_rows(self, wanted: dict[int, list[int]], waiting: list[int]) -> None:
        for rows in alike_rows(self._data):
            if not waiting:
                break
            if waiting[-1] > rows.last:
                continue
            if waiting[-1] < rows.first:
                self._insert(rows.start, self._new_rows(wanted, waiting, rows.first))
            several = [wanted[row] for row in range(rows.first, rows.last + 1) if row in wanted]
            # Rows of one band share their list.
            cols = sorted(set(chain(*{id(own): own for own in several}.values())))
            if len(several) > (rows.last - rows.first + 1) // 4 and self._patch_together(rows, cols):
                del waiting[-len(several) :]
                continue
            for row in rows.each(self._data):
                if waiting and waiting[-1] < row.first:
                    self._insert(row.start, self._new_rows(wanted, waiting, row.first))
                if waiting and waiting[-1] == row.first:
                    cols = wanted[waiting.pop()]
                    if not self._patch_together(row, cols):
                        self._patch_row(row, cols)
        self._insert(self._data.finish, self._new_rows(wanted, waiting, None))

    def _insert(self, place: int, new: bytes) -> None:
        if new:
            self._put(place, place, new)

    def _patch_together(self, rows: Rows, cols: list[int]) -> bool:
        """Patch rows that have shapes; False (and no change) if they have to be patched cell by cell."""
        if not rows.shapes or any(rows.first <= row <= rows.last for row in self._resized):
            return False
        forms = {shape: self._form(shape, cols) for shape in set(rows.shapes)}
        if not all(form.is_whole for form in forms.values()):
            return False
        new = patched_rows(rows, self._data, forms, self._values, self._written)
        if new is not None and rows.close is not None:
            self._put(rows.start, rows.close, new)
        return True

    def _form(self, shape: Shape, cols: list[int]) -> Form:
        key = shape, tuple(cols)
        form = self._forms.get(key)
        if form is None:
            form = self._forms[key] = Form(shape, cols, self._rules)
        return form

    def _patch_row(self, row: Rows, cols: list[int]) -> None:
        if row.close is not None:
            self._patch_cells(row.first, cols, row.content, row.close)
            return
        cells = self._new_cells(row.first, cols)
        if cells:
            self._put(row.content - 2, row.content, b">" + cells + b"</%brow>" % self._rules.prefix)

    def _patch_cells(self, row: int, cols: list[int], start: int, close: int) -> None:
        """Patch a row by looking at all its cells."""
        waiting, position = cols[::-1], -1
        for match in self._rules.cell.finditer(self._data.scan, start, close):
            given = _PLACE.search(match[1])
            before, position = position, column(given[1]) if given else position + 1
            if position <= before:
                raise ValueError(OUT_OF_ORDER.format(row + 1))
            while waiting and waiting[-1] < position:
                self._insert(match.start(), self._new_cells(row, [waiting.pop()]))
            if waiting and waiting[-1] == position:
                waiting.pop()
                new = changed_cell(match, self._data.xml, self._values[row, position], self._rules)
                area = self._areas.get((row, position))
                if area is not None:
                    new = _with_area(self._data.xml[match.start() : match.end()] if new is None else new, area)
                if new is not None:
                    self._put(*match.span(), new)
        self._insert(close, self._new_cells(row, waiting[::-1]))

    def _new_cells(self, row: int, cols: list[int]) -> bytes:
        return b"".join(new_cell(row, col, self._values[row, col], self._rules) for col in cols)

    def _new_rows(self, wanted: dict[int, list[int]], waiting: list[int], before: int | None) -> bytes:
        """The rows that are still waiting (the first one last in the list), up to a row that is there."""
        rows, prefix = b"", self._rules.prefix
        while waiting and (before is None or waiting[-1] < before):
            row = waiting.pop()
            cells = self._new_cells(row, wanted[row])
            if cells:
                rows += b'<%brow r="%d">%b</%brow>' % (prefix, row + 1, cells, prefix)
        return rows
