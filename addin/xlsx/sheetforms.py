"""Sheets that are written alike: all is the same but the values in their cells.

The workbooks of one scheme have such sheets. The second of them (the first, where more are expected) is read as any sheet is, with
marks in place of its values; of those that follow, only the values are read and written. A sheet is known again by all its other bytes: nothing is assumed.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from operator import getitem
from typing import Any, NamedTuple

from addin.xlsx.alike import are_many_expected
from addin.xlsx.cellxml import NUMBER, Grammar, same, stored, value_element, with_type
from addin.xlsx.model import Cell, CellValues, Moments, Sheet

MOST_BYTES, MOST_KEPT_BYTES, MOST_MET = 2 * 2**20, 16 * 2**20, 4096
"""Of one sheet; of all that are kept; sheets of which it is remembered that they were met."""
_MARK = b"\x1f"
"""No XML holds it."""
Meanings = Mapping[bytes, Mapping[bytes, Any]]
"""By the type of cells, what their stored values mean."""


class Mark(NamedTuple):
    """Stands for the value of a cell of this type, the so many-th of its sheet."""

    kind: bytes
    slot: int


class Marks(dict[bytes, Any]):
    """What the texts in cells of a sheet with marks mean, by type; ``meanings``: what other texts than marks do."""

    def __init__(self, meanings: Meanings) -> None:
        self._meanings = meanings

    def __missing__(self, kind: bytes) -> Any:
        found = self[kind] = _MarksOf(kind, self._meanings[kind])
        return found


class _MarksOf(dict[bytes, Any]):
    def __init__(self, kind: bytes, meanings: Mapping[bytes, Any]) -> None:
        self._kind = kind
        self._meanings = meanings

    def __missing__(self, text: bytes) -> Any:
        return Mark(self._kind, int(text[1:])) if text.startswith(_MARK) else self._meanings[text]


class Pieces(NamedTuple):
    """A sheet's XML: what stands around the values, and the values."""

    around: list[bytes]
    texts: list[bytes]
    rules: Grammar

    @classmethod
    def of(cls, xml: bytes, rules: Grammar) -> Pieces | None:
        """Of XML without declarations; None for a sheet that is large."""
        if len(xml) > MOST_BYTES:
            return None
        found = rules.plain.split(xml)
        return cls(found[::2], found[1::2], rules)

    def elements(self, texts: Iterable[bytes]) -> list[bytes]:
        element = b"<%bv>%%b</%bv>" % (self.rules.prefix, self.rules.prefix)
        return list(map(element.__mod__, texts))

    def joined(self, texts: Iterable[bytes]) -> bytes:
        """The XML with other values."""
        return _alternating(self.around, self.elements(texts))


def _alternating(around: list[bytes], elements: list[bytes]) -> bytes:
    both = [b""] * (2 * len(around) - 1)
    both[::2], both[1::2] = around, elements
    return b"".join(both)


@dataclass(slots=True)
class SheetForm:
    """What sheets that are written alike have in common."""

    sheet: Sheet
    """With marks in place of the values."""
    kinds: list[bytes]
    """The types of the cells that have values."""
    constants: list[Cell]
    columns: dict[int, list[int]]
    """The places of a column's cells in the list of all values and constants."""
    slots: dict[tuple[int, int], int]

    @classmethod
    def of(cls, sheet: Sheet, count: int) -> SheetForm | None:
        """None if the sheet does not hold every mark once, each in a column."""
        kinds: dict[int, bytes] = {}
        constants: list[Cell] = []
        columns: dict[int, list[int]] = {}
        slots: dict[tuple[int, int], int] = {}
        for col, cells in sheet.columns.items():
            places = columns[col] = []
            for row, cell in enumerate(cells):
                if isinstance(cell, Mark):
                    places.append(cell.slot)
                    kinds[cell.slot] = cell.kind
                    slots[row, col] = cell.slot
                else:
                    places.append(count + len(constants))
                    constants.append(cell)
        if sheet.far or len(kinds) < count or len(slots) > count:
            return None
        return cls(sheet, [kinds[slot] for slot in range(count)], constants, columns, slots)

    def fill(self, sheet: Sheet, texts: list[bytes], meanings: Meanings) -> bool:
        """Make a sheet what its XML says; False (and nothing done) where a value is none."""
        try:
            values: list[Cell] = list(map(getitem, map(meanings.__getitem__, self.kinds), texts))
        except (ValueError, LookupError):
            return False
        if None in values:
            return False
        values += self.constants
        own = self.sheet
        sheet.columns = {col: list(map(values.__getitem__, places)) for col, places in self.columns.items()}
        sheet.formulas, sheet.dates = own.formulas.copy(), own.dates.copy()
        sheet.times, sheet.spans = own.times.copy(), own.spans.copy()
        sheet.arrays, sheet.dynamic = dict(own.arrays), set(own.dynamic)
        sheet.height, sheet.filled = own.height, own.filled
        return True

    def patched(self, pieces: Pieces, values: CellValues) -> bytes | None:
        """The XML with these values, None if it holds them all; raises LookupError if it has no place for one."""
        around, changed = list(pieces.around), dict[int, bytes]()
        for rows, cols in values.cells.bands():
            for col in cols:
                cells = values.sheet.columns[col]
                for row in rows:
                    slot = self.slots[row, col]
                    kind, text = stored(cells[row])
                    before = self.kinds[slot] or NUMBER
                    if kind == before and same(kind, pieces.texts[slot], text):
                        continue
                    changed[slot] = value_element(text, pieces.rules)
                    if kind != before:
                        place = around[slot].rindex(b"<%bc" % pieces.rules.prefix)
                        end = around[slot].index(b">", place)
                        cell = with_type(around[slot][place:end], kind)
                        around[slot] = around[slot][:place] + cell + around[slot][end:]
        if not changed:
            return None
        elements = pieces.elements(pieces.texts)
        for slot, new in changed.items():
            elements[slot] = new
        return _alternating(around, elements)


class _Kept:
    """The forms of the sheets that were met last, None for what has none; of what was met once only that it was."""

    def __init__(self) -> None:
        self._forms: OrderedDict[tuple[str, frozenset[tuple[bytes, str]], bytes], SheetForm | None] = OrderedDict()
        self._met: OrderedDict[int, None] = OrderedDict()
        self._bytes = 0

    def form(self, name: str, moments: Moments, pieces: Pieces, read: Callable[[bytes], Sheet]) -> SheetForm | None:
        """That of a sheet; ``read`` reads XML with marks in place of the values, and raises ValueError where it can't."""
        key = name, frozenset(moments.items()), _MARK.join(pieces.around)
        if key in self._forms:
            self._forms.move_to_end(key)
            return self._forms[key]
        if hash(key) not in self._met and not are_many_expected():
            self._met[hash(key)] = None
            if len(self._met) > MOST_MET:
                self._met.popitem(last=False)
            return None
        count = len(pieces.texts)
        try:
            form = SheetForm.of(read(pieces.joined(_MARK + b"%d" % slot for slot in range(count))), count)
        except ValueError:
            form = None
        self._forms[key] = form
        self._bytes += len(key[2])
        while self._bytes > MOST_KEPT_BYTES:
            self._bytes -= len(self._forms.popitem(last=False)[0][2])
        return form


KEPT = _Kept()
