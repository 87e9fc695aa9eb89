"""A workbook's stored values, for those who read them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from addin.xlsx.model import Cell, Table, Workbook


@dataclass(frozen=True)
class Book:
    """The values that a workbook's file holds; rows and columns count from zero."""

    workbook: Workbook

    @property
    def sheets(self) -> list[str]:
        return list(self.workbook.sheets)

    @property
    def tables(self) -> dict[str, Table]:
        """Excel tables and the ranges that a template marks as tables, by name."""
        return self.workbook.tables

    @property
    def names(self) -> dict[str, str]:
        return self.workbook.names

    def value(self, sheet: str, row: int, col: int) -> Cell:
        return self.workbook.sheets[sheet].get(row, col)

    def is_date(self, sheet: str, row: int, col: int) -> bool:
        return (row, col) in self.workbook.sheets[sheet].dates

    def is_formula(self, sheet: str, row: int, col: int) -> bool:
        return (row, col) in self.workbook.sheets[sheet].formulas


def read_book(path: Path | str) -> Book:
    """Read a workbook's stored values; raises WorkbookError."""
    from addin.xlsx.reader import read_workbook  # A parser comes with it, which `kaohe --help` need not wait for.

    return Book(read_workbook(Path(path)))
