"""A workbook's values for those who read them: its tables of rows, its lists of names and values, its cells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path

from addin.shared.texts import free_name
from addin.xlsx.model import BLANK, MOMENTS, Area, Cell, Table, Workbook
from addin.xlsx.plainlists import plain_lists
from workbook_templates.formula.references import Scope, address, scope
from workbook_templates.formula.tokens import LAST_ROW
from workbook_templates.scheme.names import BALANCES, NAME, PARAMETERS, SUMMARY, VALUE


@dataclass(frozen=True)
class Book:
    """The values that a workbook holds; rows and columns count from zero."""

    workbook: Workbook

    @property
    def sheets(self) -> list[str]:
        return list(self.workbook.sheets)

    @property
    def tables(self) -> dict[str, Table]:
        """Excel tables and the ranges that a template marks as tables, by name."""
        return self.workbook.tables

    @cached_property
    def places(self) -> dict[str, Table]:
        """The tables of rows, headings that occur twice told apart by numbers; without any, the lists of people."""
        named = {name: table for name, table in self.tables.items() if not self.is_list(name)}
        return {name: _distinct(table) for name, table in (named or plain_lists(self.workbook)).items()}

    def is_list(self, name: str) -> bool:
        """Whether a table is one of the lists of names and values, 汇总, 参数 and 核对 (a clerk may have a table of that name)."""
        lists = (SUMMARY, PARAMETERS, BALANCES)
        return name in lists and name in self.tables and self.tables[name].columns[:2] == (NAME, VALUE)

    def home(self, name: str) -> str:
        """The sheet of 汇总 or 参数, which a clerk may have renamed."""
        return self.tables[name].sheet if self.is_list(name) else name

    def named_values(self, name: str) -> dict[str, Cell]:
        """A list of names and values; nothing if there is none of that name."""
        if not self.is_list(name):
            return {}
        table = self.tables[name]
        rows = table.rows
        cells = [[self.value(table.sheet, row, table.first_col + place) for place in range(2)] for row in rows]
        return {str(key): value for key, value in cells if key not in BLANK}

    @property
    def names(self) -> dict[str, str]:
        return self.workbook.names

    def named_area(self, name: str) -> Area | None:
        """The block of cells that a name means; None where it means something else or nothing."""
        area = _area(self.names.get(name.lower(), ""))
        return area if area is not None and area.sheet in self.workbook.sheets else None

    def named_cell(self, name: str) -> tuple[str, int, int] | None:
        """Sheet, row and column of the one cell that a name means; None where it means something else or nothing."""
        area = self.named_area(name)
        return area[:3] if area is not None and area.rows == area.columns == 1 else None

    def value(self, sheet: str, row: int, col: int) -> Cell:
        return self.workbook.sheets[sheet].get(row, col)

    def cell(self, table: Table, row: int, column: str) -> Cell:
        """The value in a row of the sheet, by the heading of its column."""
        return self.value(table.sheet, row, table.column(column))

    def filled_in(self, table: Table, row: int, columns: Iterable[str]) -> dict[str, Cell]:
        """The values in a row of the sheet, by the headings of those columns that are not blank there."""
        cells = {column: self.cell(table, row, column) for column in columns}
        return {column: cell for column, cell in cells.items() if cell not in BLANK}

    def is_date(self, sheet: str, row: int, col: int) -> bool:
        return self.moment(sheet, row, col) == "dates"

    def moment(self, sheet: str, row: int, col: int) -> str:
        """Which of ``MOMENTS`` a cell shows; empty where it shows another number."""
        return next((kind for kind in MOMENTS if (row, col) in self.workbook.sheets[sheet].moments(kind)), "")

    def is_formula(self, sheet: str, row: int, col: int) -> bool:
        return (row, col) in self.workbook.sheets[sheet].formulas

    def is_computed(self, sheet: str, row: int, col: int) -> bool:
        """Whether a formula stands in a cell, or an array formula reaches it."""
        here = Area(sheet, row, col, row, col)
        arrays = self.workbook.sheets[sheet].arrays.values()
        return self.is_formula(sheet, row, col) or any(area.overlaps(here) for area in arrays)


@lru_cache(maxsize=1024)
def _area(target: str) -> Area | None:
    """The block of cells that a name's text refers to; workbooks of one scheme have the same names."""
    before, mark, cells = target.rpartition("!")
    where = scope(before + mark)
    try:
        first, last = address(cells)
    except ValueError:
        return None
    if where != Scope(where.sheet) or first.col is None or last.col is None:
        return None
    top, bottom = 0 if first.row is None else first.row, LAST_ROW if last.row is None else last.row
    return Area(where.sheet, top, first.col, bottom, last.col)


def _distinct(table: Table) -> Table:
    names: list[str] = []
    for name in table.columns:
        names.append(free_name(name, names.__contains__, "{}({})"))
    return replace(table, columns=tuple(names))


def read_book(path: Path | str) -> Book:
    """Read a workbook's stored values; raises WorkbookError."""
    from addin.xlsx.reader import read_workbook  # A parser comes with it, which `kaohe --help` need not wait for.

    return Book(read_workbook(Path(path)))
