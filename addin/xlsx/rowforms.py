"""Writes values into rows that are written alike, column by column."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from itertools import compress, repeat
from operator import and_, ne
from typing import Any

from addin.xlsx.cellxml import NUMBER, Grammar, letters, number_text, same, stored, type_attribute, value_element
from addin.xlsx.model import Cell, CellError, CellValues
from addin.xlsx.rowshapes import Rows, are_same
from addin.xlsx.shapes import MARKS, OPEN, OWN, Shape, ShapeCell, open_tail, value_tags
from addin.xlsx.sheetdata import SheetData

_MOST_REMEMBERED = 50_000
_PLAIN = frozenset({float, str, CellError})
_New = tuple[list[Cell], "list[bool] | None"]
"""The cells of a column, and which of them may be written (None: all)."""


class _Known(dict[Cell, bytes]):
    """How values are written; most of them come again and again."""

    def __init__(self, write: Callable[[Cell], bytes]) -> None:
        self._write = write

    def all(self, values: list[Cell]) -> list[bytes]:
        # TRUE is equal to 1, but isn't written so.
        return list(map(self.__getitem__ if _PLAIN.issuperset(map(type, values)) else self._write, values))

    def __missing__(self, value: Cell) -> bytes:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        found = self[value] = self._write(value)
        return found


class Written:
    """How values are written: the type's attribute, the ``<v>`` element, and all that is behind the style of a cell without formula."""

    def __init__(self, rules: Grammar) -> None:
        self._rules = rules
        (self._value, self._end), self._close = value_tags(rules.prefix), b"</%bc>" % rules.prefix
        self._open_tail = open_tail(rules.prefix)
        self._attributes = _Known(lambda value: type_attribute(stored(value)[0]))
        self.elements = _Known(self._element)
        self.tails = _Known(self._tail)
        self._exact: dict[bytes, bool] = {}

    def attributes(self, values: list[Cell]) -> list[bytes]:
        numbers: list[Any] = values
        if {float}.issuperset(map(type, values)) and math.isfinite(sum(numbers)):
            return [b""] * len(values)
        return self._attributes.all(values)

    def _element(self, value: Cell) -> bytes:
        if type(value) is float and math.isfinite(value):
            return self._value + number_text(value) + self._end
        return value_element(stored(value)[1], self._rules)

    def _tail(self, value: Cell) -> bytes:
        if type(value) is float and math.isfinite(value):
            return b">" + self._value + number_text(value) + self._end + self._close
        kind, text = stored(value)
        return type_attribute(kind) + b">" + value_element(text, self._rules) + self._close

    def is_exact(self, tail: bytes) -> bool:
        """Whether no other tail than this one is written for its value."""
        if tail not in self._exact:
            if len(self._exact) >= _MOST_REMEMBERED:
                self._exact.clear()
            kind, text = self._read(tail)
            if text is None or kind == NUMBER:
                number = _number(text)
                self._exact[tail] = number is not None and self.tails[number] == tail
            else:
                self._exact[tail] = text == text.strip()
        return self._exact[tail]

    def holds(self, tail: bytes, value: Cell) -> bool:
        """Whether a cell with this tail holds a value."""
        return _holds(*self._read(tail), value)

    def _read(self, tail: bytes) -> tuple[bytes, bytes | None]:
        match = self._open_tail.fullmatch(tail)
        return (match[1] or NUMBER, match[2]) if match is not None else (NUMBER, None)


def _holds(kind: bytes, text: bytes | None, value: Cell) -> bool:
    new_kind, new_text = stored(value)
    return kind == new_kind and same(kind, text, new_text)


@lru_cache(maxsize=8)
def _cell(prefix: bytes) -> re.Pattern[bytes]:
    """A cell's pattern from behind its place to its end.

    Its groups are the end of a cell without formula from its type on, of others the type attribute and what stands for the value.
    """
    return re.compile(
        rb"(?: s=\"[0-9]+\")?(?:(%(o)s|(?: t=\"[A-Za-z]+\")?(?:/>|>(?:<%(p)sv>)?</%(p)sc>))|((?: t=\"[A-Za-z]+\")?)>"
        rb"<%(p)sf(?: [^<>]*)?(?:/>|>[^<]*</%(p)sf>)((?:<%(p)sv ?/?>)?)</%(p)sc>)"
        % {b"p": re.escape(prefix), b"o": OPEN}
    )


_PIECE = re.compile(rb"%%b|[%b]|(?:%%%%|[^%%%b])+" % (MARKS, MARKS))


class Form:
    """A row's shape with places for other values in some columns; ``is_whole``: each of these columns has one."""

    def __init__(self, shape: Shape, cols: list[int], rules: Grammar) -> None:
        self._shape = shape
        self._slot, end = value_tags(rules.prefix)
        self._element = self._slot + b"%b" + end
        self._tail = b"%%b>%%b</%bc>" % rules.prefix
        self._tails: dict[int, bytes] = {}
        """By column what is behind the style of a cell without formula."""
        self._places: dict[int, tuple[bytes, bytes]] = {}
        """By column the type attribute of a cell with a formula, and what stands for its value."""
        text, parts, done = shape.markup.replace(b"%", b"%%"), list[bytes](), 0
        for col in cols:
            name = b'<%bc r="%b%b"' % (rules.prefix, letters(col), OWN)
            start = text.find(name, done)
            found = _cell(rules.prefix).match(text, start + len(name)) if start >= 0 else None
            if found is None:
                break
            tail, attribute, mark = found.groups()
            if tail is not None:
                self._tails[col] = tail
                parts += [self._kept(text[done : found.start(1)]), b"%b"]
                done = found.end(1)
            else:
                self._places[col] = attribute, mark
                between = text[found.end(2) : found.start(3)]
                parts += [self._kept(text[done : found.start(2)]), b"%b" + between + b"%b"]
                done = found.end(3)
        self.is_whole = len(self._tails) + len(self._places) == len(cols)
        self._pieces = [
            None if piece == b"%b" else piece.replace(b"%%", b"%")
            for piece in _PIECE.findall(b"".join(parts) + self._kept(text[done:]))
        ]
        """The markup, row numbers' marks each on their own; None where something stands that is the row's."""

    def _kept(self, markup: bytes) -> bytes:
        return markup.replace(self._slot, self._element).replace(OPEN, b"%b")

    def columns(
        self, stored: Sequence[Sequence[bytes]], new: Callable[[int], _New], written: Written
    ) -> tuple[list[Sequence[bytes]], bool]:
        """What stands in the places of some rows, by columns; and whether any of it changes."""
        found: list[Sequence[bytes]] = []
        changed = False
        for cell in self._shape.cells:
            olds = None if cell.slot is None else stored[cell.slot]
            if cell.col in self._tails:
                parts, differs = self._new_tails(cell, olds, new(cell.col), written)
            elif cell.col in self._places:
                parts, differs = self._new_values(cell, olds, new(cell.col), written)
            else:
                parts, differs = [] if olds is None else [olds], False
            found += parts
            changed = changed or differs
        return found, changed

    def _new_tails(
        self, cell: ShapeCell, olds: Sequence[bytes] | None, new: _New, written: Written
    ) -> tuple[list[Sequence[bytes]], bool]:
        """The ends of the cells without formula of a column."""
        tail, (cells, may_change) = self._tails[cell.col], new
        if olds is None:
            olds = [tail] * len(cells)
        elif tail != OPEN:
            olds = _with(olds, self._kept(tail))
        news = written.tails.all(cells)
        if may_change is None and all(map(written.is_exact, set(olds))):
            return [news], news != [*olds]
        changed = False
        for place, (old, made, value) in enumerate(zip(olds, news, cells, strict=True)):
            if old == made or (may_change and not may_change[place]) or written.holds(old, value):
                news[place] = old
            else:
                changed = True
        return [news], changed

    def _new_values(
        self, cell: ShapeCell, olds: Sequence[bytes] | None, new: _New, written: Written
    ) -> tuple[list[Sequence[bytes]], bool]:
        """The types and values of the cells with a formula of a column."""
        (attribute, mark), (cells, may_change) = self._places[cell.col], new
        elements, attributes = written.elements.all(cells), written.attributes(cells)
        before = [mark] * len(cells) if olds is None else _with(olds, self._element)
        if may_change is None and all(written.is_exact(self._tail % (attribute, element)) for element in set(before)):
            return [attributes, elements], elements != before or attributes != [attribute] * len(cells)
        texts = [b"" if mark else None] * len(cells) if olds is None else olds
        changes = _differences(cell.kind or NUMBER, texts, cells)
        if may_change is not None:
            changes = list(map(and_, changes, may_change))
        if False in changes:
            attributes = [made if change else attribute for made, change in zip(attributes, changes, strict=True)]
            elements = [made if change else old for made, old, change in zip(elements, before, changes, strict=True)]
        return [attributes, elements], True in changes

    def rows(self, numbers: list[int], columns: list[Sequence[bytes]]) -> Iterable[bytes]:
        """The rows of these numbers, without their closing tags, with what stands in their places."""
        named, waiting = self._shape.named(numbers), iter(columns)
        parts = [
            next(waiting) if piece is None else named.get(piece) or repeat(piece, len(numbers))
            for piece in self._pieces
        ]
        return map(b"".join, zip(*parts, strict=True))


def _with(texts: Sequence[bytes], form: bytes) -> list[bytes]:
    """Each of the texts in a form; most of them come again and again."""
    if are_same(texts):
        return [form % texts[0]] * len(texts)
    known = {text: form % text for text in set(texts)}
    return list(map(known.__getitem__, texts))


def _differences(kind: bytes, olds: Sequence[bytes | None], cells: list[Cell]) -> list[bool]:
    """Which cells don't hold what is stored."""
    if kind == NUMBER and _PLAIN.issuperset(map(type, cells)):
        known = {old: _number(old) for old in set(olds)}
        return list(map(ne, map(known.__getitem__, olds), cells))
    return [not _holds(kind, old, cell) for old, cell in zip(olds, cells, strict=True)]


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
    columns: dict[int, _New] = {}

    def new(own: list[bool] | None, col: int) -> _New:
        """The cells of a column in some of the rows (None: in all)."""
        if col not in columns:
            may_change = values.cells.present(col, first, last)
            columns[col] = values.sheet.cells(col, first, last), may_change if False in may_change else None
        cells, some = columns[col]
        if own is None:
            return cells, some
        return list(compress(cells, own)), None if some is None else list(compress(some, own))

    found = []
    changed = False
    for shape, places, olds in rows.by_shape(data):
        own = None if len(places) == len(rows.shapes) else [each is shape for each in rows.shapes]
        parts, differs = forms[shape].columns(olds, partial(new, own), written)
        found.append((forms[shape], places, parts))
        changed = changed or differs
    if not changed:
        return None
    texts = [b""] * (last - first + 1)
    for form, places, parts in found:
        for place, text in zip(places, form.rows([first + place for place in places], parts), strict=True):
            texts[place] = text
    return rows.between.join(texts)
