"""Rows that are written alike: all is the same but their numbers and the values in their cells.

Of a list of ten thousand people only a few rows are taken apart cell by cell. The others are recognised as a whole, by
writing a known row down with another number: a sheet is read and written many times faster so, and nothing is assumed.
Rows with blanks in different places have different shapes; as long as their formulas say the same they stay together.
Of the shapes of many such rows one is made that leaves open what they differ in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from addin.xlsx.shapes import Shape, value_tags
from addin.xlsx.sheetdata import SheetData

_MOST_TOGETHER = 1024
"""Rows that are read and written at once."""
_MOST_KNOWN, _FIRST_TRIES, _MOST_TRIES = 1000, 2, 10
"""Kinds of rows that are remembered, their numbers left out; shapes of one kind that are compared with a row: few, while none fits."""
_OFTEN, _MOST_PATTERNS = 150, 8
"""So many rows of one kind make up for a pattern; so many patterns are made."""
_MOST_KEPT = 500_000
"""Values that are kept from reading to writing, which takes about 30 MB; of larger sheets they are cut out of the XML again."""
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

    def take(self, rows: Rows, data: SheetData) -> bool:
        """Take the rows behind these; False (and nothing done) where they don't belong to them."""
        if not self.shapes or not rows.shapes or rows.first != self.last + 1:
            return False
        shape, before = rows.shapes[0], self.shapes[-1]
        if len(self.shapes) + len(rows.shapes) > _MOST_TOGETHER or shape.formulas != before.formulas:
            return False
        between = data.xml[self.close : rows.start]
        if len(self.shapes) == 1:
            self.between = between
        if between != self.between:
            return False
        self.shapes += rows.shapes
        self.values += rows.values
        self.close = rows.close
        return True

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
        place, found = self.start, list[Sequence[bytes]]()
        value, end = value_tags(data.rules.prefix)
        for shape in self.shapes:
            match = None if shape.match is None else shape.match(data.xml, place, data.finish)
            if match is not None:
                found.append(match.groups()[1:])
                place = match.end()
            else:
                start, place = place, data.xml.index(b"</%brow" % data.rules.prefix, place)
                found.append(data.xml[start:place].replace(end, value).split(value)[1::2])
            place += len(self.between)
        return found

    def each(self, data: SheetData) -> Iterator[Rows]:
        """The rows one by one."""
        if self.first == self.last or self.close is None:
            yield self
            return
        rows = data.rows(self.start, self.close + len(self.between), self.first - 1)
        for shape, (number, opening, close) in zip(self.shapes, rows, strict=True):
            yield Rows([shape], number, *opening.span(), close)


def are_same(values: Sequence[bytes]) -> bool:
    """Whether a column holds one value only, as one does that is blank or not yet computed."""
    return values[0] == values[-1] and values.count(values[0]) == len(values)


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
    for rows in _shaped(data):
        if found is None or not found.take(rows, data):
            if found is not None:
                yield found
            found = rows
    if found is not None:
        yield found


def _shaped(data: SheetData) -> Iterator[Rows]:
    """Every row, with those behind it that the same pattern matches."""
    shapes, xml = _Shapes(data.rules.prefix), data.xml
    number, done, between = -1, data.start, b""
    while True:
        start = done + len(between)
        known = shapes.matched(number + 1, xml, start, data.finish, between) if xml.startswith(between, done) else None
        if known is not None:
            shape, values, done = known
            opening = data.rules.row.match(data.scan, start)
            assert opening is not None
            yield Rows([shape] * len(values), number + 1, start, opening.end(), done, between, values)
            number += len(values)
            continue
        row = next(data.rows(done, number=number), None)
        if row is None:
            return
        number, opening, close = row
        start, content = opening.span()
        if close is None:
            yield Rows([], number, start, content, None)
            done, between = content, b""
            continue
        found, stored = None, list[bytes]()
        if data.scan is xml or xml.find(b"<!", start, close) < 0:
            found, stored = shapes.find(number, xml[start:close], content - start)
        yield Rows([] if found is None else [found], number, start, content, close, values=[stored])
        done, between = close, xml[done:start]


class _Shapes:
    """The shapes of a sheet's rows, learned on the way: a row is recognised if one like it was met twice."""

    def __init__(self, prefix: bytes) -> None:
        self._value, self._end = value_tags(prefix)
        self._last: Shape | None = None
        self._prefix = prefix
        self._met: dict[Hashable, list[Shape]] = {}
        """By kind, the shapes of rows that no pattern matched."""
        self._opened: dict[Hashable, Shape] = {}
        self._patterns = 0
        self._known: dict[bytes, list[Shape | None]] = {}
        """By what is the same whatever the numbers are; None for a row that has no shape."""
        self._times: Counter[bytes] = Counter()
        """How often a row was like one of these."""

    def find(self, row: int, xml: bytes, content: int) -> tuple[Shape | None, list[bytes]]:
        """The shape of a row, None if it isn't like one met before; and its values.

        ``xml`` is the row from its opening tag, which ends at ``content``, up to its closing tag.
        """
        pieces = xml.replace(self._end, self._value).split(self._value)
        markup, values = self._value.join(pieces[::2]), pieces[1::2]
        shape = self._last
        if shape is None or shape.written(row, shape.markup) != markup:
            shape = self._last = self._like(row, markup, xml, content)
        if shape is not None:
            met = self._met.setdefault(shape.kind, [])
            met.append(shape)
            if len(met) == _OFTEN:
                self._open(shape.kind, met)
                met.clear()
        return shape, values

    def _open(self, kind: Hashable, met: list[Shape]) -> None:
        before = self._opened.get(kind)
        opened = Shape.opened(met if before is None else [*met, before], self._prefix)
        if opened is not None and self._patterns < _MOST_PATTERNS:
            self._opened[kind] = opened
            self._patterns += 1

    def matched(
        self, row: int, xml: bytes, start: int, finish: int, between: bytes
    ) -> tuple[Shape, list[Sequence[bytes]], int] | None:
        """The rows from ``start`` on that one pattern matches, with their values, and where the last one's content ends."""
        for shape in self._opened.values():
            values, close = list[Sequence[bytes]](), start
            while (
                len(values) < _MOST_TOGETHER
                and (match := shape.match(xml, start, finish)) is not None  # type: ignore[misc]
                and match[1] == b"%d" % (row + len(values) + 1)
            ):
                values.append(match.groups()[1:])
                close = match.end()
                if not xml.startswith(between, close):
                    break
                start = close + len(between)
            if values:
                return shape, values, close
        return None

    def _like(self, row: int, markup: bytes, xml: bytes, content: int) -> Shape | None:
        key = markup.translate(None, b"0123456789")
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[key] = []
            return None
        for shape in known:
            if shape is not None and shape.written(row, shape.markup) == markup:
                self._times[key] += 1
                return shape
        if len(known) >= min(_MOST_TRIES, _FIRST_TRIES + self._times[key]):
            return None
        known.append(Shape.of(row, markup, xml, content, self._prefix))
        return known[-1]
