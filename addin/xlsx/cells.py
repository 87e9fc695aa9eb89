"""Which cells of a sheet, and their formulas: kept by columns, as ranges of rows, since most of a sheet is filled down."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, replace
from operator import attrgetter

from workbook_templates.formula.moving import filled_down
from workbook_templates.formula.references import Area

Place = tuple[int, int]
"""Row and column, from zero."""


class CellSet:
    """Some cells of a sheet."""

    def __init__(self, places: Iterable[Place] = ()) -> None:
        # By column the rows where cells begin and where they end, in turn.
        self._columns: dict[int, list[int]] = {}
        for row, col in places:
            self.add(col, row, row)

    def copy(self) -> CellSet:
        copied = CellSet()
        copied._columns = {col: [*bounds] for col, bounds in self._columns.items()}
        return copied

    def add(self, col: int, first: int, last: int) -> None:
        """The cells of a column from one row to another."""
        bounds, end = self._columns.setdefault(col, []), last + 1
        if not bounds or first > bounds[-1]:
            bounds += first, end
            return
        i, j = bisect_left(bounds, first), bisect_right(bounds, end)
        bounds[i:j] = [bound for bound, place in ((first, i), (end, j)) if place % 2 == 0]

    def update(self, other: CellSet) -> None:
        for col, bounds in other._columns.items():
            for first, end in zip(bounds[::2], bounds[1::2], strict=True):
                self.add(col, first, end - 1)

    def __contains__(self, place: Place) -> bool:
        row, col = place
        return bisect_right(self._columns.get(col, ()), row) % 2 == 1

    def present(self, col: int, first: int, last: int) -> list[bool]:
        """Of the cells of a column, which ones belong to it."""
        bounds = self._columns.get(col, [])
        marked = [False] * (last - first + 1)
        for place in range(bisect_right(bounds, first) // 2 * 2, len(bounds), 2):
            top, end = max(bounds[place], first), min(bounds[place + 1], last + 1)
            if top > last:
                break
            marked[top - first : end - first] = [True] * (end - top)
        return marked

    def __len__(self) -> int:
        return sum(sum(bounds[1::2]) - sum(bounds[::2]) for bounds in self._columns.values())

    def __iter__(self) -> Iterator[Place]:
        for rows, cols in self.bands():
            yield from ((row, col) for row in rows for col in cols)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CellSet) and self._columns == other._columns

    __hash__ = None  # type: ignore[assignment]

    def bands(self) -> Iterator[tuple[range, list[int]]]:
        """The rows that have cells in the same columns, from top to bottom, with these columns."""
        turns: dict[int, set[int]] = {}
        for col, bounds in self._columns.items():
            for bound in bounds:
                turns.setdefault(bound, set()).add(col)
        cols: set[int] = set()
        first = 0
        for row in sorted(turns):
            if cols:
                yield range(first, row), sorted(cols)
            cols ^= turns[row]
            first = row


@dataclass(slots=True)
class Run:
    """The rows ``first`` … ``last`` of a column; ``text`` (without ``=``) is the formula as it reads in the first one.

    ``area`` is the block that an array formula fills. Sheets that are alike share them: they are replaced, never changed.
    """

    text: str
    col: int
    first: int
    last: int
    area: Area | None = None

    def at(self, row: int) -> str:
        """The formula as it reads in a row."""
        if row == self.first:
            return self.text
        pattern, numbers = filled_down(self.text)
        return self.text if pattern is None else pattern % tuple([number + row - self.first for number in numbers])

    def continues(self, row: int, text: str) -> bool:
        """Whether a formula is this one, written down for the next row."""
        if row != self.last + 1 or (self.first == self.last and not _may_be_filled_down(self.text, text)):
            return False
        return filled_down(self.text)[0] is not None and self.at(row) == text


_NUMBER = re.compile("[0-9]+")


def _may_be_filled_down(text: str, other: str) -> bool:
    """Whether two formulas differ in numbers only: that is seen sooner than which of the numbers move."""
    return _NUMBER.sub("", text) == _NUMBER.sub("", other)


_FIRST = attrgetter("first")


class FormulaCells(MutableMapping[Place, str]):
    """The formulas by place: of ten thousand of a filled-down column only the first is kept.

    Whether a formula says the same as the one above it is seen by writing that one down for the next row and comparing the texts.
    """

    def __init__(self, formulas: Mapping[Place, str] | None = None) -> None:
        self._columns: dict[int, list[Run]] = {}
        self.update(formulas or {})

    def copy(self) -> FormulaCells:
        copied = FormulaCells()
        copied._columns = {col: [*runs] for col, runs in self._columns.items()}
        return copied

    def fill(self, col: int, first: int, last: int, text: str) -> None:
        """A formula in the first row, filled down to the last."""
        runs = self._columns.setdefault(col, [])
        if first < last and filled_down(text)[0] is None:
            # It reads the same in all rows, but doesn't mean the same.
            for row in range(first, last + 1):
                self.fill(col, row, row, text)
            return
        if runs and runs[-1].last >= first:
            self._clear(col, first, last)
            runs.insert(bisect_right(runs, first, key=_FIRST), Run(text, col, first, last))
        elif runs and runs[-1].continues(first, text):
            runs[-1] = Run(runs[-1].text, col, runs[-1].first, last)
        else:
            runs.append(Run(text, col, first, last))

    def _clear(self, col: int, first: int, last: int) -> None:
        kept = []
        for run in self._columns[col]:
            if run.first < first:
                kept.append(replace(run, last=min(run.last, first - 1)))
            if run.last > last:
                begin = max(run.first, last + 1)
                kept.append(replace(run, first=begin, text=run.at(begin)))
        self._columns[col][:] = kept

    def _run(self, place: Place) -> Run | None:
        row, col = place
        runs = self._columns.get(col)
        if not runs:
            return None
        at = bisect_right(runs, row, key=_FIRST)
        return runs[at - 1] if at and row <= runs[at - 1].last else None

    def present(self, col: int, first: int, last: int) -> list[bool]:
        """For the cells of a column, whether they hold a formula."""
        marked = [False] * (last - first + 1)
        for run in self._columns.get(col, ()):
            top, bottom = max(run.first, first), min(run.last, last)
            if top <= bottom:
                marked[top - first : bottom - first + 1] = [True] * (bottom - top + 1)
        return marked

    def __contains__(self, place: object) -> bool:
        return self._run(place) is not None  # type: ignore[arg-type]

    def __getitem__(self, place: Place) -> str:
        run = self._run(place)
        if run is None:
            raise KeyError(place)
        return run.at(place[0])

    def __setitem__(self, place: Place, text: str) -> None:
        self.fill(place[1], place[0], place[0], text)

    def __delitem__(self, place: Place) -> None:
        if place not in self:
            raise KeyError(place)
        self._clear(place[1], place[0], place[0])

    def __iter__(self) -> Iterator[Place]:
        for col, runs in self._columns.items():
            yield from ((row, col) for run in runs for row in range(run.first, run.last + 1))

    def __len__(self) -> int:
        return sum(run.last - run.first + 1 for runs in self._columns.values() for run in runs)

    def runs(self, arrays: Mapping[Place, Area]) -> Iterator[Run]:
        """The formulas that say the same in consecutive rows, array formulas each on its own."""
        array_rows: dict[int, list[int]] = {}
        for row, col in arrays:
            array_rows.setdefault(col, []).append(row)
        for col, runs in self._columns.items():
            rows = sorted(array_rows.get(col, ()))
            for run in runs:
                if not rows:
                    yield run
                    continue
                first = run.first
                for row in rows[bisect_left(rows, run.first) : bisect_right(rows, run.last)]:
                    if first < row:
                        yield Run(run.at(first), col, first, row - 1)
                    yield Run(run.at(row), col, row, row, arrays[row, col])
                    first = row + 1
                if first <= run.last:
                    yield Run(run.at(first), col, first, run.last)
