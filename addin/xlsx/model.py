"""A workbook in memory: columns of cells, formulas, tables and names. Rows and columns count from zero."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeGuard

from addin.xlsx.cells import CellSet, FormulaCells, Place
from udfs.values import Cell, CellError, count_empty
from workbook_templates.formula.references import Area, column_name

__all__ = [
    "Area",
    "Cell",
    "CellError",
    "Problem",
    "Report",
    "Sheet",
    "Table",
    "Workbook",
    "area_name",
    "cell_name",
    "column_name",
]


BLANK: tuple[Cell, ...] = (None, "")
"""What is in cells that are taken for empty: nothing, or a text of no characters."""

MOST_GAP = 100_000
MOST_FILLED = 5_000_000


def is_number(cell: object) -> TypeGuard[float]:
    """Whether a cell holds a number; TRUE and FALSE are none."""
    return isinstance(cell, int | float) and not isinstance(cell, bool)


MOMENTS = ("dates", "times", "spans")
Moments = dict[bytes, str]
"""The numbers of the styles that show a day or a time, each with which of ``Sheet``'s cells it makes."""


@dataclass
class Sheet:
    """Cells by column, so that a whole column is one list; a column may be shorter than others.

    Stray cells far below the others stand in ``far`` (by column and row), so that a few of them don't fill the memory.
    """

    name: str
    columns: dict[int, list[Cell]] = field(default_factory=dict)
    formulas: FormulaCells = field(default_factory=FormulaCells)
    arrays: dict[Place, Area] = field(default_factory=dict)
    dynamic: set[Place] = field(default_factory=set)
    """Which array formulas fill as many cells as their result has."""
    dates: CellSet = field(default_factory=CellSet)
    times: CellSet = field(default_factory=CellSet)
    spans: CellSet = field(default_factory=CellSet)
    """Cells that show a day, a time of day only, and hours (minutes, seconds) that may be more than a day has: ``MOMENTS``."""

    height: int = 0
    far: dict[int, dict[int, Cell]] = field(default_factory=dict)
    filled: int = 0
    """How many blank cells stand in columns because of cells further down."""

    @property
    def width(self) -> int:
        return max((*self.columns, *self.far), default=-1) + 1

    def moments(self, kind: str) -> CellSet:
        """The cells of a kind of ``MOMENTS``."""
        found: CellSet = getattr(self, kind)
        return found

    def get(self, row: int, col: int) -> Cell:
        column = self.columns.get(col)
        if column is not None and row < len(column):
            return column[row]
        return self.far[col].get(row) if col in self.far else None

    def set(self, row: int, col: int, value: Cell) -> None:
        self.height = max(self.height, row + 1)
        column = self.columns.get(col)
        gap = row - len(column or ())
        if gap < 0 and column is not None:
            column[row] = value
            return
        if gap > MOST_GAP or self.filled + gap > MOST_FILLED:
            self.far.setdefault(col, {})[row] = value
            return
        column = self.columns.setdefault(col, [])
        if gap:
            self.filled += gap
            column += [None] * gap
        column.append(value)
        if col in self.far:
            stray = self.far[col]
            stray.pop(row, None)
            for other in [other for other in stray if other < row]:
                column[other] = stray.pop(other)

    def extend(self, col: int, first: int, cells: list[Cell]) -> None:
        """Cells of a column, from a row down."""
        start, end = 0, len(cells)
        is_one = end > 0 and cells[0] is cells[-1] and cells.count(cells[0]) == end
        if is_one and cells[0] is None:
            return
        while start < end and cells[start] is None:
            start += 1
        while start < end and cells[end - 1] is None:
            end -= 1
        if start == end:
            return
        self.set(first + start, col, cells[start])
        rest, row = cells[start + 1 : end], first + start + 1
        column, blanks = self.columns.get(col, []), 0 if is_one else count_empty(rest)
        if len(column) == row and col not in self.far and self.filled + blanks <= MOST_FILLED:
            column += rest
            self.filled += blanks
            self.height = max(self.height, len(column))
            return
        for place, cell in enumerate(rest, row):
            if cell is not None:
                self.set(place, col, cell)

    def cells(self, col: int, first: int, last: int) -> list[Cell]:
        """The cells of a column in the rows ``first`` … ``last``."""
        cells = self.columns.get(col, [])[first : last + 1]
        missing = last + 1 - first - len(cells)
        if missing > 0:
            cells += [None] * missing
        for row, value in self.far.get(col, {}).items():
            if first <= row <= last:
                cells[row - first] = value
        return cells


class CellValues(Mapping[Place, Cell]):
    """The values of some cells of a sheet, as they are when they are asked for."""

    def __init__(self, sheet: Sheet, cells: CellSet | None = None) -> None:
        self.sheet = sheet
        self.cells = cells or CellSet()

    def __getitem__(self, place: Place) -> Cell:
        if place not in self.cells:
            raise KeyError(place)
        return self.sheet.get(*place)

    def __contains__(self, place: object) -> bool:
        return place in self.cells  # type: ignore[operator]

    def __iter__(self) -> Iterator[Place]:
        return iter(self.cells)

    def __len__(self) -> int:
        return len(self.cells)


@dataclass(frozen=True)
class Table:
    """A table's data rows (header and totals excluded)."""

    name: str
    sheet: str
    columns: tuple[str, ...]
    first_row: int
    last_row: int
    first_col: int
    header: bool = True
    totals: bool = False

    @property
    def last_col(self) -> int:
        return self.first_col + len(self.columns) - 1

    @property
    def rows(self) -> range:
        return range(self.first_row, self.last_row + 1)

    @property
    def area(self) -> Area:
        """The cells of its data rows."""
        return Area(self.sheet, self.first_row, self.first_col, self.last_row, self.last_col)

    def column(self, name: str) -> int:
        """The sheet's column of a heading; raises ValueError."""
        return self.first_col + self.columns.index(name)

    def holds(self, sheet: str, row: int, col: int) -> bool:
        """Whether a cell is one of its data."""
        return self.sheet == sheet and row in self.rows and self.first_col <= col <= self.last_col


@dataclass
class Workbook:
    sheets: dict[str, Sheet] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    formats: list[str] = field(default_factory=list)
    """The number format of each style that a cell can have."""
    date1904: bool = False
    as_shown: bool = False
    """Whether every value is rounded to the digits that its cell shows ("precision as displayed")."""
    path: str = ""
    """What its file is called."""
    has_guides: bool = False
    """Whether texts have phonetic guides."""
    iterations: int = 0
    """How many times formulas that refer to themselves are computed; 0: they are circles."""
    least_change: float = 0.001
    """The change of a number that ends this before."""


MOST_TOLD = 200
"""Characters of a formula in a message."""


@dataclass(frozen=True)
class Problem:
    """Why cells could not be computed, with the first of them; ``cells`` of its column have the same cause, ``dependents`` read them."""

    sheet: str
    cell: str
    formula: str
    message: str
    cells: int = 1
    dependents: int = 0

    def __str__(self) -> str:
        text = f"{self.sheet}!{self.cell}：{self.message}（={self.shortened}）"
        if self.cells > 1:
            text += f"，同列共 {self.cells} 个单元格"
        return text + (f"，另有 {self.dependents} 个单元格因此无法计算" if self.dependents else "")

    @property
    def shortened(self) -> str:
        """The formula as far as it is told; some have thousands of characters."""
        return self.formula if len(self.formula) <= MOST_TOLD else f"{self.formula[:MOST_TOLD]}…"

    @property
    def count(self) -> int:
        """How many cells are not computed for this cause."""
        return self.cells + self.dependents


@dataclass(frozen=True)
class Report:
    """What came of computing a workbook; ``notes``: what the user should know of how it was written."""

    cells: int
    problems: tuple[Problem, ...]
    notes: tuple[str, ...] = ()

    @property
    def uncomputed(self) -> int:
        """How many cells could not be computed."""
        return sum(problem.count for problem in self.problems)


def cell_name(row: int, col: int) -> str:
    return f"{column_name(col)}{row + 1}"


def area_name(area: Area) -> str:
    """``A1:B2``, or ``A1``."""
    first, last = cell_name(area.top, area.left), cell_name(area.bottom, area.right)
    return first if first == last else f"{first}:{last}"
