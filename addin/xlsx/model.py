"""A workbook in memory: columns of cells, formulas, tables and names. Rows and columns count from zero."""

from __future__ import annotations

from dataclasses import dataclass, field

from udfs.values import Cell, CellError

__all__ = ["Area", "Cell", "CellError", "Problem", "Report", "Sheet", "Table", "Workbook", "cell_name", "column_name"]


@dataclass(frozen=True)
class Area:
    """A block of cells, both ends inclusive."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    @property
    def rows(self) -> int:
        return self.bottom - self.top + 1

    @property
    def columns(self) -> int:
        return self.right - self.left + 1

    def overlaps(self, other: Area) -> bool:
        return (
            self.sheet == other.sheet
            and self.top <= other.bottom
            and other.top <= self.bottom
            and self.left <= other.right
            and other.left <= self.right
        )


@dataclass
class Sheet:
    """Cells by column, so that a whole column is one list; a column may be shorter than others."""

    name: str
    columns: dict[int, list[Cell]] = field(default_factory=dict)
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    arrays: dict[tuple[int, int], Area] = field(default_factory=dict)
    dates: set[tuple[int, int]] = field(default_factory=set)
    height: int = 0

    @property
    def width(self) -> int:
        return max(self.columns, default=-1) + 1

    def get(self, row: int, col: int) -> Cell:
        column = self.columns.get(col)
        return column[row] if column is not None and row < len(column) else None

    def set(self, row: int, col: int, value: Cell) -> None:
        column = self.columns.setdefault(col, [])
        if row >= len(column):
            column.extend([None] * (row + 1 - len(column)))
            self.height = max(self.height, row + 1)
        column[row] = value


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


@dataclass
class Workbook:
    sheets: dict[str, Sheet] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    date1904: bool = False


@dataclass(frozen=True)
class Problem:
    """A cell that could not be computed, and why."""

    sheet: str
    cell: str
    formula: str
    message: str

    def __str__(self) -> str:
        return f"{self.sheet}!{self.cell}:{self.message}(={self.formula})"


@dataclass(frozen=True)
class Report:
    cells: int
    problems: tuple[Problem, ...]


def column_name(col: int) -> str:
    name = ""
    while col >= 0:
        name = chr(65 + col % 26) + name
        col = col // 26 - 1
    return name


def cell_name(row: int, col: int) -> str:
    return f"{column_name(col)}{row + 1}"
