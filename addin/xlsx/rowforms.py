"""Writes values into rows that are written alike, column by column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from addin.xlsx.cellxml import NUMBER, Grammar, letters, same, stored, type_attribute, value_element
from addin.xlsx.model import Cell, CellValues
from addin.xlsx.rowshapes import OWN, Rows, Shape
from addin.xlsx.sheetdata import SheetData

_MOST_REMEMBERED = 50_000
_Stored = tuple[bytes, bytes | None, bytes, bytes]
"""A value as a cell stores it: its type, its text, the type attribute, the ``<v>`` element."""


class Written(dict[Cell, _Stored]):
    """How values are stored; most of them come again and again."""

    def __init__(self, rules: Grammar) -> None:
        self._rules = rules

    def all(self, values: list[Cell]) -> list[_Stored]:
        # TRUE is equal to 1, but isn't stored so.
        if {float, str}.issuperset(map(type, values)):
            return list(map(self.__getitem__, values))
        return list(map(self._stored, values))

    def __missing__(self, value: Cell) -> _Stored:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        found = self[value] = self._stored(value)
        return found

    def _stored(self, value: Cell) -> _Stored:
        kind, text = stored(value)
        return kind, text, type_attribute(kind), value_element(text, self._rules)


@lru_cache(maxsize=8)
def _cell(prefix: bytes) -> bytes:
    """A cell's pattern from behind its place to its end; its groups are the type attribute, and what stands for its value."""
    return (
        rb"(?: s=\"[0-9]+\")?((?: t=\"[A-Za-z]+\")?)>"
        rb"(?:<%(p)sf(?: [^<>]*)?(?:/>|>[^<]*</%(p)sf>))?((?:<%(p)sv ?/?>)?)</%(p)sc>" % {b"p": re.escape(prefix)}
    )


class Form:
    """A row's shape with places for other values in some columns; ``is_whole``: each of these columns has one."""

    def __init__(self, shape: Shape, cols: list[int], rules: Grammar) -> None:
        self._shape = shape
        self._slot, self._element = b"<%bv>" % rules.prefix, b"<%bv>%%b</%bv>" % (rules.prefix, rules.prefix)
        self._places: dict[int, tuple[bytes, bytes]] = {}
        """By column the type attribute, and what stands for the value."""
        text, parts, done = shape.markup.replace(b"%", b"%%"), list[bytes](), 0
        for col in cols:
            name = re.escape(b'<%bc r="%b%b"' % (rules.prefix, letters(col), OWN))
            found = re.compile(name + _cell(rules.prefix)).search(text, done)
            if found is None:
                break
            self._places[col] = found[1], found[2]
            parts += [self._kept(text[done : found.start(1)]), b"%b", text[found.end(1) : found.start(2)], b"%b"]
            done = found.end(2)
        self.is_whole = len(self._places) == len(cols)
        self._text = b"".join(parts) + self._kept(text[done:])

    def _kept(self, markup: bytes) -> bytes:
        return markup.replace(self._slot, self._element)

    def patched(self, rows: Rows, data: SheetData, values: CellValues, written: Written) -> bytes | None:
        """The rows without their last closing tag, with these values; None if they have them already."""
        first, last, count = rows.first, rows.last, rows.last - rows.first + 1
        stored = rows.stored(data)
        columns: list[Sequence[bytes]] = []
        changed = False
        for cell in self._shape.cells:
            place = self._places.get(cell.col)
            if place is None:
                columns += [] if cell.slot is None else [stored[cell.slot]]
                continue
            attribute, mark = place
            if cell.slot is None:
                olds: Sequence[bytes | None] = [b"" if mark else None] * count
                elements = [mark] * count
            else:
                olds = stored[cell.slot]
                elements = list(map(self._element.__mod__, stored[cell.slot]))
            kinds, old_kind = [attribute] * count, cell.kind or NUMBER
            news = written.all(values.sheet.cells(cell.col, first, last))
            for at, (old, new) in enumerate(zip(olds, news, strict=True)):
                if new[0] == old_kind and (new[1] == old or same(old_kind, old, new[1])):
                    continue
                if (first + at, cell.col) in values.cells:
                    kinds[at], elements[at] = new[2:]
                    changed = True
            columns += [kinds, elements]
        if not changed:
            return None
        write, form = self._shape.written, self._text
        cells = zip(*columns, strict=True)
        return rows.between.join(
            [write(row, form) % row_cells for row, row_cells in zip(range(first, last + 1), cells, strict=True)]
        )
