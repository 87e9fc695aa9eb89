"""What the sheet 汇总 says: figures in error, and balances that do not hold."""

from __future__ import annotations

from collections.abc import Iterator

from addin.checking.fault import Fault
from addin.xlsx.book import BALANCES, SUMMARY, VALUE, Book
from addin.xlsx.model import CellError, cell_name
from udfs.vocabulary import BROKEN, GOOD

OVERWRITTEN = "公式被改写成了固定内容，不再随数据变化；请撤销或用 kaohe upgrade 重建"
_BLANK = (None, "")


def summary_errors(book: Book) -> Iterator[Fault]:
    """The error values among the figures."""
    for sheet, row, col in _figures(book):
        value = book.value(sheet, row, col)
        if isinstance(value, CellError):
            name = book.value(sheet, row, col - 1)
            yield Fault(sheet, cell_name(row, col), value, f"{name}:算不出来，请先改正它读取的表")


def overwritten(book: Book) -> Iterator[Fault]:
    """Figures and answers of 核对 that are no formulas any more: they stay as they are whatever is filled in."""
    for sheet, row, col in [*_figures(book), *balances(book)]:
        value = book.value(sheet, row, col)
        if value not in _BLANK and not book.is_formula(sheet, row, col):
            yield Fault(sheet, cell_name(row, col), value, f"{book.value(sheet, row, col - 1)}:{OVERWRITTEN}")


def _figures(book: Book) -> list[tuple[str, int, int]]:
    if not book.is_list(SUMMARY):
        return []
    table = book.tables[SUMMARY]
    col = table.first_col + table.columns.index(VALUE)
    return [(table.sheet, row, col) for row in range(table.first_row, table.last_row + 1)]


def balances(book: Book) -> list[tuple[str, int, int]]:
    """Sheet, row and column of the answer of every line of 核对, in workbooks that don't name the block as well."""
    if book.is_list(BALANCES):
        table = book.tables[BALANCES]
        col = table.first_col + table.columns.index(VALUE)
        return [(table.sheet, row, col) for row in range(table.first_row, table.last_row + 1)]
    if not book.is_list(SUMMARY):
        return []
    table = book.tables[SUMMARY]
    sheet, col = book.workbook.sheets[table.sheet], table.first_col
    heading = next((row for row in range(table.last_row + 1, sheet.height) if sheet.get(row, col) == BALANCES), None)
    if heading is None:
        return []
    end = heading + 1
    while sheet.get(end, col) not in _BLANK:
        end += 1
    return [(table.sheet, row, col + 1) for row in range(heading + 1, end)]


def broken_balances(book: Book) -> Iterator[Fault]:
    """The lines of 核对 that say something else than 通过."""
    for sheet, row, col in balances(book):
        value = book.value(sheet, row, col)
        if value not in (GOOD, *_BLANK):
            yield Fault(sheet, cell_name(row, col), value, f"{book.value(sheet, row, col - 1)}:核对没有通过")


def is_broken(fault: Fault) -> bool:
    """Whether a balance does not hold, rather than not being known."""
    return fault.value == BROKEN
