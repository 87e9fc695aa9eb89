"""Rows that are written alike: all is the same but their numbers and the values in their cells.

Of a list of ten thousand people only a few rows are taken apart cell by cell. The others are recognised as a whole, by
writing a known row down with another number: a sheet is read and written many times faster so, and nothing is assumed.
Rows with blanks in different places have different shapes; as long as their formulas say the same they stay together.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate

from addin.xlsx.cellxml import column, unescaped
from addin.xlsx.sheetdata import SheetData
from workbook_templates.formula.moving import filled_down

_STYLES = (
    (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")),
    (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")),
    (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&apos;")),
    (("&", "&amp;"), ("<", "&lt;")),
)
"""Which characters programs escape in a formula."""
_MOST_SHIFTS = 8
"""Distances of the rows that a row's formulas name from the row itself: each has a control character for a mark."""
_MOST_TOGETHER = 1024
"""Rows that are read and written at once."""
_MOST_KNOWN, _MOST_TRIES = 1000, 10
"""Kinds of rows that are remembered, their numbers left out; shapes of one kind that are compared with a row."""
_OFTEN, _MOST_PATTERNS = 400, 8
"""So many rows of one shape make up for a pattern of its own; so many shapes have one."""
_MOST_KEPT = 500_000
"""Values that are kept from reading to writing, which takes about 30 MB; of larger sheets they are cut out of the XML again."""
OWN = b"\0"
"""Stands for a row's number; no XML holds it."""


@lru_cache(maxsize=8)
def regular_cell(prefix: bytes) -> re.Pattern[bytes]:
    """A cell as spreadsheet programs write it: letters, style, type, metadata, formula's attributes, formula, value, inline text.

    The last group is a cell of another kind.
    """
    return re.compile(
        rb"<%(p)sc(?: r=\"([A-Z]+)[0-9]+\")?(?: s=\"([0-9]+)\")?(?: t=\"([A-Za-z]+)\")?(?: cm=\"([0-9]+)\")?"
        rb"(?:/>|>(?:<%(p)sf((?: [^<>]*?)?)(?:/>|>([^<]*)</%(p)sf>))?"
        rb"(?:<%(p)sv(?: xml:space=\"preserve\")?>([^<]*)</%(p)sv>|<%(p)sv/>"
        rb"|<%(p)sis><%(p)st(?: xml:space=\"preserve\")?>([^<]*)</%(p)st></%(p)sis>)?</%(p)sc>)"
        rb"|<(%(p)sc)(?=[\s/>])" % {b"p": re.escape(prefix)}
    )


@dataclass(frozen=True, slots=True)
class ShapeCell:
    """A cell of a row that others are like; ``slot`` is the place of its value among the row's values."""

    col: int
    style: bytes
    kind: bytes
    about: bytes
    """The formula's attributes."""
    formula: str | None
    slot: int | None


class Shape:
    """How a row is written, its number and values left out."""

    __slots__ = ("_moves", "cells", "formulas", "markup", "row", "slots")

    def __init__(self, row: int, cells: tuple[ShapeCell, ...], markup: bytes, moves: dict[int, bytes]) -> None:
        """``row`` is the one it was made of; ``moves``: what stands in ``markup`` for the numbers so far from the row's."""
        self.row = row
        self.cells = cells
        self.markup = markup
        self.slots = sum(cell.slot is not None for cell in cells)
        self.formulas = tuple(_meaning(cell, row) for cell in cells if cell.formula is not None)
        """What the formulas say, whatever the row."""
        self._moves = tuple(moves.items())

    def written(self, row: int, markup: bytes) -> bytes:
        """A text made of ``markup``, for a row."""
        for shift, mark in self._moves:
            markup = markup.replace(mark, b"%d" % (row + shift))
        return markup

    def pattern(self, prefix: bytes) -> re.Pattern[bytes] | None:
        """Rows of this shape, up to their closing tags; the groups are the row's number and the values.

        None where the number isn't in the opening tag, or another row's stands somewhere.
        """
        if len(self._moves) > 1 or OWN not in self.markup[: self.markup.index(b">")]:
            return None
        value, end = _tags(prefix)
        head, *parts = [re.escape(part) for part in self.markup.split(value)]
        head, tail = head.split(OWN, 1)
        text = (value + b"([^<]*)" + end).join([head + b"([0-9]+)" + tail, *parts])
        return re.compile(text.replace(OWN, rb"(?:\1)") + b"(?=</%brow[\\s>])" % re.escape(prefix))


def _meaning(cell: ShapeCell, row: int) -> Hashable:
    pattern, numbers = filled_down(cell.formula or "")
    return cell.col, cell.about, pattern or cell.formula, tuple(number - row for number in numbers)


ByShape = tuple[Shape, list[int], list[tuple[bytes, ...]]]


@dataclass(slots=True)
class Rows:
    """Consecutive rows whose formulas say the same, or one row that has no shape; rows count from zero."""

    shapes: list[Shape]
    """One a row; none for a row that has none."""
    first: int
    start: int
    """Where the first one's opening tag begins, and where it ends."""
    content: int
    close: int | None
    """Where the last one's closing tag begins; None for a row without content."""
    between: bytes = b""
    """What stands between the rows."""
    values: list[Sequence[bytes]] = field(default_factory=list)
    """By row, what stands between ``<v>`` and ``</v>``, while that is known."""
    columns: list[ByShape] = field(default_factory=list)
    """The same by shape, once it was asked for."""

    @property
    def last(self) -> int:
        return self.first + max(len(self.shapes), 1) - 1

    def goes_on(self, shape: Shape, number: int, between: bytes) -> bool:
        """Whether a row so far behind belongs to these."""
        shapes = self.shapes
        if not shapes or number != self.first + len(shapes) or len(shapes) == _MOST_TOGETHER:
            return False
        if shape is not shapes[-1] and shape.formulas != shapes[-1].formulas:
            return False
        if len(shapes) == 1:
            self.between = between
        return between == self.between

    def by_shape(self, data: SheetData) -> list[ByShape]:
        """Of each shape the rows that have it, counted from the first, and their values, by cells that have one."""
        if self.columns:
            return self.columns
        rows = self.values or self._stored(data)
        places: dict[Shape, list[int]] = {}
        for place, shape in enumerate(self.shapes):
            places.setdefault(shape, []).append(place)
        found = [(shape, own, list(zip(*[rows[place] for place in own], strict=True))) for shape, own in places.items()]
        if self.values:
            self.columns, self.values = found, []
        return found

    def _stored(self, data: SheetData) -> list[Sequence[bytes]]:
        value, end = _tags(data.rules.prefix)
        values = data.xml[self.start : self.close].replace(end, value).split(value)[1::2]
        ends = accumulate(shape.slots for shape in self.shapes)
        return [values[end - shape.slots : end] for shape, end in zip(self.shapes, ends, strict=True)]

    def each(self, data: SheetData) -> Iterator[Rows]:
        """The rows one by one."""
        if self.first == self.last or self.close is None:
            yield self
            return
        rows = data.rows(self.start, self.close + len(self.between), self.first - 1)
        for shape, (number, opening, close) in zip(self.shapes, rows, strict=True):
            yield Rows([shape], number, *opening.span(), close)


def _tags(prefix: bytes) -> tuple[bytes, bytes]:
    return b"<%bv>" % prefix, b"</%bv>" % prefix


def alike_rows(data: SheetData) -> Iterable[Rows]:
    """All rows of a sheet, found once; a row like none met before comes alone."""
    return _alike_rows(data) if data.alike is None else data.alike


def _alike_rows(data: SheetData) -> Iterator[Rows]:
    all_rows: list[Rows] = []
    kept = 0
    for rows in _together(data):
        kept += sum(map(len, rows.values))
        yield rows
        if kept > _MOST_KEPT:
            rows.values, rows.columns = [], []
        all_rows.append(rows)
    data.alike = all_rows


def _together(data: SheetData) -> Iterator[Rows]:
    found = None
    for number, start, close, shape, values in _shaped(data):
        if found is not None:
            if shape is not None and found.goes_on(shape, number, data.xml[found.close : start]):
                found.shapes.append(shape)
                found.values.append(values)
                found.close = close
                continue
            yield found
        opening = data.rules.row.match(data.scan, start)
        assert opening is not None
        found = Rows([] if shape is None else [shape], number, start, opening.end(), close, values=[values])
    if found is not None:
        yield found


def _shaped(data: SheetData) -> Iterator[tuple[int, int, int | None, Shape | None, Sequence[bytes]]]:
    """Every row's number, beginning, end of content, shape and values."""
    shapes, xml = _Shapes(data.rules.prefix), data.xml
    number, done, between = -1, data.start, b""
    while True:
        start = done + len(between)
        if xml.startswith(between, done) and (known := shapes.matched(number + 1, xml, start, data.finish)) is not None:
            shape, values, done = known
            number += 1
            yield number, start, done, shape, values
            continue
        row = next(data.rows(done, number=number), None)
        if row is None:
            return
        number, opening, close = row
        start, content = opening.span()
        if close is None:
            yield number, start, None, None, ()
            done, between = content, b""
            continue
        found: tuple[Shape | None, Sequence[bytes]] = None, ()
        if data.scan is xml or xml.find(b"<!", start, close) < 0:
            found = shapes.find(number, xml[start:close], content - start)
        yield number, start, close, *found
        done, between = close, xml[done:start]


class _Shapes:
    """The shapes of a sheet's rows, learned on the way: a row is recognised if one like it was met twice."""

    def __init__(self, prefix: bytes) -> None:
        self._cell = regular_cell(prefix)
        self._value, self._end = _tags(prefix)
        self._last: Shape | None = None
        self._prefix = prefix
        self._times: Counter[Shape] = Counter()
        self._patterns: list[tuple[Shape, re.Pattern[bytes]]] = []
        self._known: dict[bytes, list[Shape | None]] = {}
        """By what is the same whatever the numbers are; None for a row that has no shape."""

    def find(self, row: int, xml: bytes, content: int) -> tuple[Shape | None, list[bytes]]:
        """The shape of a row, None if it isn't like one met before; and its values.

        ``xml`` is the row from its opening tag, which ends at ``content``, up to its closing tag.
        """
        pieces = xml.replace(self._end, self._value).split(self._value)
        markup, values = self._value.join(pieces[::2]), pieces[1::2]
        shape = self._last
        if shape is None or shape.written(row, shape.markup) != markup:
            shape = self._last = self._like(row, markup, xml, content, values)
        if shape is not None:
            self._times[shape] += 1
            if self._times[shape] == _OFTEN and len(self._patterns) < _MOST_PATTERNS:
                pattern = shape.pattern(self._prefix)
                self._patterns += [] if pattern is None else [(shape, pattern)]
        return shape, values

    def matched(self, row: int, xml: bytes, start: int, finish: int) -> tuple[Shape, Sequence[bytes], int] | None:
        """The row that begins at ``start``, as ``find`` gives it, and where its content ends; None if no pattern is its."""
        for shape, pattern in self._patterns:
            match = pattern.match(xml, start, finish)
            if match is not None:
                number, *values = match.groups()
                return (shape, values, match.end()) if number == b"%d" % (row + 1) else None
        return None

    def _like(self, row: int, markup: bytes, xml: bytes, content: int, values: list[bytes]) -> Shape | None:
        key = markup.translate(None, b"0123456789")
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[key] = []
            return None
        for shape in known:
            if shape is not None and shape.written(row, shape.markup) == markup:
                return shape
        if len(known) == _MOST_TRIES:
            return None
        known.append(self._made(row, markup, xml, content, values))
        return known[-1]

    def _made(self, row: int, markup: bytes, xml: bytes, content: int, values: list[bytes]) -> Shape | None:
        cells: list[ShapeCell] = []
        number = b"%d" % (row + 1)
        moves = {1: OWN}
        parts, done, slots, col = [xml[:content].replace(b' r="%b"' % number, b' r="%b"' % OWN)], content, 0, -1
        for found in self._cell.finditer(xml, content):
            letters, style, kind, metadata, about, formula, value, inline, other = found.groups()
            place = column(letters) if letters else col + 1
            if other or metadata or inline is not None or place <= col:
                return None
            col = place
            if letters:
                end = found.end(1) + len(number)
                if xml[found.end(1) : end + 1] != number + b'"':
                    return None
                parts += [xml[done : found.end(1)], OWN]
                done = end
            if formula:
                template = _template(formula, row, moves)
                if template is None:
                    return None
                parts += [xml[done : found.start(6)], template]
                done = found.end(6)
            if value is not None:
                parts += [xml[done : found.start(7)]]
                done = found.end(7) + len(self._end)
            text = None if about is None else unescaped(formula or b"")
            cells.append(
                ShapeCell(col, style or b"", kind or b"", about or b"", text, None if value is None else slots)
            )
            slots += value is not None
        shape = Shape(row, tuple(cells), b"".join(parts) + xml[done:], moves)
        same = shape.written(row, shape.markup) == markup and slots == len(values)
        return shape if same else None


def _template(formula: bytes, row: int, moves: dict[int, bytes]) -> bytes | None:
    """A formula as it is written, with what stands for the rows that move; None if that can't be told."""
    pattern, numbers = filled_down(unescaped(formula))
    if pattern is None:
        return formula
    marks = []
    for number in numbers:
        if number - row not in moves:
            moves[number - row] = bytes([len(moves)])
        marks.append(moves[number - row])
    if len(moves) > _MOST_SHIFTS:
        return None
    for style in _STYLES:
        if _escaped(pattern % numbers, style) == formula:
            return _escaped(pattern % tuple(mark.decode() for mark in marks), style)
    return None


def _escaped(text: str, style: tuple[tuple[str, str], ...]) -> bytes:
    for character, entity in style:
        text = text.replace(character, entity)
    return text.encode()
