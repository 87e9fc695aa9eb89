"""What a computed workbook says, as plain data: its tables row by row, its 汇总 and 参数 as names and values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from addin.xlsx.book import BALANCES, NAME, SUMMARY, VALUE, Book
from addin.xlsx.dates import date_system, moment
from addin.xlsx.model import Cell, CellError, Table, cell_name
from workbook_templates.scheme.names import CHECK, SERIAL

MOST_EXACT = 10**15
"""Whole numbers below this are exact in a cell."""


def results(book: Book) -> dict[str, Any]:
    """``{"表": [{列: 值}, …], "汇总": {名称: 值}, "核对": {名称: 值}}``."""
    found: dict[str, Any] = {name: list(rows(book, name)) for name in book.places}
    return found | {name: named_values(book, name) for name in (SUMMARY, BALANCES) if book.is_list(name)}


def without_values(book: Book, names: Iterable[str]) -> list[str]:
    """The cells of tables whose formulas have no stored result: the program that saved the file did not compute."""
    tables = [book.places.get(name) or book.tables[name] for name in names]
    return [
        f"{table.sheet}!{cell_name(row, col)}"
        for table in tables
        for row, col in book.workbook.sheets[table.sheet].formulas
        if table.first_row <= row <= table.last_row
        and table.first_col <= col <= table.last_col
        and book.value(table.sheet, row, col) is None
    ]


def named_values(book: Book, name: str) -> dict[str, Any]:
    """A list of names and values as ``{名称: 值}``."""
    return {line[NAME]: line[VALUE] for line in rows(book, name)}


def rows(book: Book, name: str) -> Iterator[dict[str, Any]]:
    """The filled rows of a table, values as JSON has them; spare rows are left out."""
    table = book.places.get(name) or book.tables[name]
    columns = [_plain(book, table, table.first_col + place) for place in range(len(table.columns))]
    for row in zip(*columns, strict=True):
        cells = dict(zip(table.columns, row, strict=True))
        if not _is_spare(cells):
            yield cells


def _is_spare(cells: dict[str, Any]) -> bool:
    if CHECK in cells and SERIAL in cells:
        return cells[CHECK] in ("", None) and cells[SERIAL] in ("", None)
    return all(value in ("", None) for value in cells.values())


def _plain(book: Book, table: Table, col: int) -> list[Any]:
    """The cells of a column."""
    sheet, first, last = book.workbook.sheets[table.sheet], table.first_row, table.last_row
    with date_system(book.workbook.date1904):
        return [
            cell if cell is None or type(cell) is str else _other(cell, is_date)
            for cell, is_date in zip(sheet.cells(col, first, last), sheet.dates.present(col, first, last), strict=True)
        ]


def _other(cell: Cell, is_date: bool) -> Any:
    if isinstance(cell, CellError):
        return cell.value
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        if is_date:
            return _date(cell)
        return int(cell) if cell == int(cell) and abs(cell) < MOST_EXACT else cell
    return cell


def _date(serial: float) -> Any:
    """A date in ISO form, with its time if it has one; a number that is no date stays a number."""
    try:
        when = moment(serial)
    except (ValueError, OverflowError):
        return serial
    return when.isoformat(sep=" ") if serial % 1 else when.date().isoformat()
