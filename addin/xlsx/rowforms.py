"""Writes values into rows that are written alike, column by column."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import compress
from operator import and_, itemgetter, ne
from typing import Any

from addin.xlsx.cellxml import NUMBER, Grammar, letters, same, stored, type_attribute, value_element
from addin.xlsx.model import Cell, CellError, CellValues
from addin.xlsx.rowshapes import OWN, Rows, Shape
from addin.xlsx.sheetdata import SheetData

_MOST_REMEMBERED = 50_000
_PLAIN = frozenset({float, str, CellError})
_Stored = tuple[bytes, bytes | None, bytes, bytes, bytes]
"""A value as a cell stores it: its type, its text, the type's attribute, the ``<v>`` element, and all from the attribute to the element
as a cell without formula has them. A plain tuple: there is one for every cell.
"""
_KIND, _TEXT, _ATTRIBUTE, _ELEMENT, _CONTENT = map(itemgetter, range(5))
_New = tuple[list[_Stored], "list[bool] | None", Callable[[], list[Cell]]]
"""How the cells of a column are stored, which of them may be written (None: all), and the cells."""


class Written(dict[Cell, _Stored]):
    """How values are stored; most of them come again and again."""

    def __init__(self, rules: Grammar) -> None:
        self._rules = rules
        self._before, self._behind = b"><%bv>" % rules.prefix, b"</%bv>" % rules.prefix

    def all(self, values: list[Cell]) -> list[_Stored]:
        # TRUE is equal to 1, but isn't stored so.
        if _PLAIN.issuperset(map(type, values)):
            return list(map(self.__getitem__, values))
        return list(map(self._stored, values))

    def writes(self, texts: Sequence[bytes]) -> bool:
        """Whether these numbers are written exactly so."""
        return all((number := _number(text)) is not None and _TEXT(self[number]) == text for text in set(texts))

    def __missing__(self, value: Cell) -> _Stored:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        found = self[value] = self._stored(value)
        return found

    def _stored(self, value: Cell) -> _Stored:
        kind, text = stored(value)
        if kind == NUMBER and text is not None:
            whole = self._before + text + self._behind
            return kind, text, b"", whole[1:], whole
        attribute, element = type_attribute(kind), value_element(text, self._rules)
        return kind, text, attribute, element, attribute + b">" + element


@lru_cache(maxsize=8)
def _cell(prefix: bytes) -> re.Pattern[bytes]:
    """A cell's pattern from behind its place to its end; its groups are the type attribute, and what stands for its value."""
    return re.compile(
        rb"(?: s=\"[0-9]+\")?((?: t=\"[A-Za-z]+\")?)>"
        rb"(?:<%(p)sf(?: [^<>]*)?(?:/>|>[^<]*</%(p)sf>))?((?:<%(p)sv ?/?>)?)</%(p)sc>" % {b"p": re.escape(prefix)}
    )


class Form:
    """A row's shape with places for other values in some columns; ``is_whole``: each of these columns has one."""

    def __init__(self, shape: Shape, cols: list[int], rules: Grammar) -> None:
        self._shape = shape
        self._slot, self._element = b"<%bv>" % rules.prefix, b"<%bv>%%b</%bv>" % (rules.prefix, rules.prefix)
        self._places: dict[int, tuple[bytes, bytes, bool]] = {}
        """By column the type attribute, what stands for the value, and whether nothing is between them."""
        text, parts, done = shape.markup.replace(b"%", b"%%"), list[bytes](), 0
        for col in cols:
            name = b'<%bc r="%b%b"' % (rules.prefix, letters(col), OWN)
            start = text.find(name, done)
            found = _cell(rules.prefix).match(text, start + len(name)) if start >= 0 else None
            if found is None:
                break
            between = text[found.end(1) : found.start(2)]
            self._places[col] = found[1], found[2], between == b">"
            parts += [self._kept(text[done : found.start(1)]), b"%b" if between == b">" else b"%b" + between + b"%b"]
            done = found.end(2)
        self.is_whole = len(self._places) == len(cols)
        self._text = b"".join(parts) + self._kept(text[done:])

    def _kept(self, markup: bytes) -> bytes:
        return markup.replace(self._slot, self._element)

    def columns(
        self, stored: Sequence[Sequence[bytes]], new: Callable[[int], _New], written: Written
    ) -> tuple[list[Sequence[bytes]], bool]:
        """What stands in the places of some rows, by columns; and whether any of it changes."""
        found: list[Sequence[bytes]] = []
        changed = False
        for cell in self._shape.cells:
            olds = None if cell.slot is None else stored[cell.slot]
            place = self._places.get(cell.col)
            if place is None:
                found += [] if olds is None else [olds]
                continue
            attribute, mark, together = place
            news, may_change, picked = new(cell.col)
            elements = list(map(_CONTENT if together else _ELEMENT, news))
            attributes = [] if together else list(map(_ATTRIBUTE, news))
            texts = [b"" if mark else None] * len(news) if olds is None else olds
            if may_change is None and not attribute and olds is not None and written.writes(olds):
                # What stays is written as it was.
                changed = changed or any(map(_ATTRIBUTE, news)) or list(map(_TEXT, news)) != [*olds]
                found += [elements] if together else [attributes, elements]
                continue
            changes = _differences(cell.kind or NUMBER, texts, picked(), news)
            if may_change is not None:
                changes = list(map(and_, changes, may_change))
            if False in changes:
                before = attribute + b">" if together else b""
                kept = [before + mark] * len(news) if olds is None else map((before + self._element).__mod__, olds)
                attributes = [kind if change else attribute for kind, change in zip(attributes, changes, strict=False)]
                elements = [new if change else old for new, old, change in zip(elements, kept, changes, strict=True)]
            changed = changed or True in changes
            found += [elements] if together else [attributes, elements]
        return found, changed

    def rows(self, numbers: Iterable[int], columns: list[Sequence[bytes]]) -> Iterator[bytes]:
        """The rows of these numbers, without their closing tags, with what stands in their places."""
        for number, parts in zip(numbers, zip(*columns, strict=True), strict=True):
            yield self._shape.written(number, self._text) % parts


def _differences(kind: bytes, olds: Sequence[bytes | None], cells: list[Cell], news: list[_Stored]) -> list[bool]:
    """Which cells aren't stored as what they are now."""
    if kind == NUMBER and _PLAIN.issuperset(map(type, cells)):
        known = {old: _number(old) for old in set(olds)}
        return list(map(ne, map(known.__getitem__, olds), cells))
    return [_KIND(new) != kind or not same(kind, old, _TEXT(new)) for old, new in zip(olds, news, strict=True)]


def _number(text: bytes | None) -> float | None:
    try:
        number = float(text or b"")
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def patched(
    rows: Rows, data: SheetData, forms: Mapping[Shape, Form], values: CellValues, written: Written
) -> bytes | None:
    """Rows without their last closing tag, with these values; None if they have them already."""
    first, last = rows.first, rows.last
    columns: dict[int, tuple[list[Cell], list[_Stored], list[bool] | None]] = {}

    def new(col: int) -> _New:
        if col not in columns:
            cells, may_change = values.sheet.cells(col, first, last), values.cells.present(col, first, last)
            columns[col] = cells, written.all(cells), may_change if False in may_change else None
        cells, news, some = columns[col]
        return picked(news), None if some is None else picked(some), lambda: picked(cells)

    def picked(column: list[Any]) -> list[Any]:
        return column if len(places) == len(column) else list(compress(column, own))

    found = []
    changed = False
    for shape, places, olds in rows.by_shape(data):
        own = [each is shape for each in rows.shapes]
        parts, differs = forms[shape].columns(olds, new, written)
        found.append((forms[shape], places, parts))
        changed = changed or differs
    if not changed:
        return None
    texts = [b""] * (last - first + 1)
    for form, places, parts in found:
        for place, text in zip(places, form.rows([first + place for place in places], parts), strict=True):
            texts[place] = text
    return rows.between.join(texts)
