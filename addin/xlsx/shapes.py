"""How a row is written, its number and its values left out: other rows are told to be written so by comparing bytes."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, count

from addin.xlsx.cellxml import column, unescaped
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
MARKS = bytes(range(_MOST_SHIFTS))
OWN, OPEN = b"\0", b"\x1e"
"""Stand for a row's number and for what is left open of a cell, all behind its style; no XML holds them."""
Match = Callable[[bytes, int, int], "re.Match[bytes] | None"]


@lru_cache(maxsize=8)
def regular_cell(prefix: bytes) -> re.Pattern[bytes]:
    """A cell as spreadsheet programs write it: letters, row, style, type, metadata, formula's attributes, formula, value, inline text.

    The last group is a cell of another kind.
    """
    return re.compile(
        rb"<%(p)sc(?: r=\"([A-Z]+)([0-9]+)\")?(?: s=\"([0-9]+)\")?(?: t=\"([A-Za-z]+)\")?(?: cm=\"([0-9]+)\")?"
        rb"(?:/>|>(?:<%(p)sf((?: [^<>]*?)?)(?:/>|>([^<]*)</%(p)sf>))?"
        rb"(?:<%(p)sv(?: xml:space=\"preserve\")?>([^<]*)</%(p)sv>|<%(p)sv/>"
        rb"|<%(p)sis><%(p)st(?: xml:space=\"preserve\")?>([^<]*)</%(p)st></%(p)sis>)?</%(p)sc>)"
        rb"|<(%(p)sc)(?=[\s/>])" % {b"p": re.escape(prefix)}
    )


@dataclass(frozen=True, slots=True)
class ShapeCell:
    """A cell of a row that others are like; ``slot`` is the place of its value among the row's values.

    The ``kind`` of one that is left open is OPEN, and its value is all behind its style.
    """

    col: int
    style: bytes
    kind: bytes
    about: bytes
    """The formula's attributes."""
    formula: str | None
    slot: int | None


class Shape:
    """How a row is written, its number and values left out."""

    __slots__ = ("_moves", "_pieces", "_tails", "cells", "formulas", "kind", "markup", "match", "row", "slots")

    def __init__(
        self, row: int, cells: Iterable[ShapeCell], pieces: list[bytes], tails: list[bytes], moves: dict[int, bytes]
    ) -> None:
        """``row`` is the one it was made of; ``tails``: what is behind the style of each cell without formula, ``pieces``: all
        around them; ``moves``: what stands there for the numbers so far from the row's.
        """
        self.row = row
        self.cells = tuple(cells)
        self.markup = b"".join(chain.from_iterable(zip(pieces, [*tails, b""], strict=True)))
        self.slots = sum(cell.slot is not None for cell in self.cells)
        self.formulas = tuple(_meaning(cell, row) for cell in self.cells if cell.formula is not None)
        """What the formulas say, whatever the row."""
        self.match: Match | None = None
        """Matches a row up to its closing tag, if that has been made; the groups are the row's number and the values."""
        self.kind: Hashable = (tuple(pieces), tuple(moves))
        """What is equal of shapes that differ only in what is behind the styles of cells without formula."""
        self._moves, self._pieces, self._tails = moves, pieces, tails

    @classmethod
    def of(cls, row: int, markup: bytes, xml: bytes, content: int, prefix: bytes) -> Shape | None:
        """The shape of a row, which is ``markup`` without its values; None if the row is written in an unusual way.

        ``xml`` is the row from its opening tag, which ends at ``content``, up to its closing tag.
        """
        cells, pieces, tails = list[ShapeCell](), list[bytes](), list[bytes]()
        number = b"%d" % (row + 1)
        moves = {1: OWN}
        parts, done, slots, col = [xml[:content].replace(b' r="%b"' % number, b' r="%b"' % OWN)], content, 0, -1
        for found in regular_cell(prefix).finditer(xml, content):
            letters, own_row, style, kind, metadata, about, formula, value, inline, other = found.groups()
            place = column(letters) if letters else col + 1
            if other or metadata or inline is not None or place <= col:
                return None
            col = place
            if letters:
                if own_row != number:
                    return None
                parts += [xml[done : found.start(2)], OWN]
                done = found.end(2)
            if formula:
                template = _template(formula, row, moves)
                if template is None:
                    return None
                parts += [xml[done : found.start(7)], template]
                done = found.end(7)
            if about is None:
                end = done + 1 if letters else found.start() + len(prefix) + 2
                end = end if style is None else found.end(3) + 1
                pieces.append(b"".join(parts) + xml[done:end])
                parts, done = [], end
            if value is not None:
                parts += [xml[done : found.start(8)]]
                done = found.end(8) + len(value_tags(prefix)[1])
            if about is None:
                tails.append(b"".join(parts) + xml[done : found.end()])
                parts, done = [], found.end()
            text = None if about is None else unescaped(formula or b"")
            cells.append(
                ShapeCell(col, style or b"", kind or b"", about or b"", text, None if value is None else slots)
            )
            slots += value is not None
        shape = cls(row, cells, [*pieces, b"".join(parts) + xml[done:]], tails, moves)
        same = shape.written(row, shape.markup) == markup and OPEN not in markup
        return shape if same else None

    def written(self, row: int, markup: bytes) -> bytes:
        """A text made of ``markup``, for a row."""
        for shift, mark in self._moves.items():
            markup = markup.replace(mark, b"%d" % (row + shift))
        return markup

    def named(self, rows: list[int]) -> dict[bytes, list[bytes]]:
        """By mark, the numbers that stand for it in these rows."""
        return {mark: [b"%d" % (row + shift) for row in rows] for shift, mark in self._moves.items()}

    @classmethod
    def opened(cls, shapes: list[Shape], prefix: bytes) -> Shape | None:
        """The shape, with a pattern, that leaves open what shapes of one kind differ in.

        None where the number isn't in the opening tag, or another row's stands somewhere.
        """
        one = shapes[0]
        if len(one._moves) > 1 or OWN not in one.markup[: one.markup.index(b">")]:
            return None
        known = zip(*[shape._tails for shape in {*shapes}], strict=True)
        tails = [OPEN if len({*own}) > 1 else own[0] for own in known]
        waiting, slots = iter(tails), count()
        cells = [
            replace(cell, kind=OPEN, slot=next(slots))
            if cell.formula is None and next(waiting) == OPEN
            else cell if cell.slot is None else replace(cell, slot=next(slots))
            for cell in one.cells
        ]  # fmt: skip
        shape = cls(one.row, cells, one._pieces, tails, one._moves)
        (value, end), escaped = value_tags(prefix), re.escape(prefix)
        # Most of what is left open are numbers, which are told soonest.
        tail = b"(><%bv>[^<]*+</%bv></%bc>|%b)" % (*[escaped] * 3, _tail(escaped, b"[A-Za-z]+", b"[^<]*+"))
        slot = {value: value + b"([^<]*+)" + end, OPEN: tail}
        parts = re.split(b"(%b|%b)" % (value, OPEN), shape.markup)
        text = b"".join(slot.get(part) or re.escape(part) for part in parts).replace(OWN, b"([0-9]+)", 1)
        shape.match = re.compile(text.replace(OWN, rb"(?:\1)") + b"(?=</%brow[\\s>])" % escaped).match
        return shape


@lru_cache(maxsize=8)
def open_tail(prefix: bytes) -> re.Pattern[bytes]:
    """What is behind the style of a cell without formula: its type, and what stands between ``<v>`` and ``</v>``."""
    return re.compile(_tail(re.escape(prefix), b"([A-Za-z]+)", b"([^<]*)"))


def _tail(prefix: bytes, kind: bytes, text: bytes) -> bytes:
    return b'(?: t="%b"|)(?:/>|>(?:<%bv>%b</%bv>|)</%bc>)' % (kind, prefix, text, prefix, prefix)


def _meaning(cell: ShapeCell, row: int) -> Hashable:
    pattern, numbers = filled_down(cell.formula or "")
    return cell.col, cell.about, pattern or cell.formula, tuple(number - row for number in numbers)


def value_tags(prefix: bytes) -> tuple[bytes, bytes]:
    return b"<%bv>" % prefix, b"</%bv>" % prefix


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
