"""What a computed workbook says, as plain data: its tables row by row, its 汇总 and 参数 as names and values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import compress
from typing import Any

from addin.xlsx.book import Book
from addin.xlsx.dates import date_system, moment, seconds_of
from addin.xlsx.model import MOMENTS, Cell, CellError, Table, cell_name, is_number
from workbook_templates.scheme.names import BALANCES, CHECK, NAME, SERIAL, SUMMARY, VALUE

DAYS = MOMENTS[:1]
"""What is a text wherever it is taken to; times are added up."""

MOST_EXACT = 10**15
"""Whole numbers below this are exact in a cell."""
_AS_THEY_ARE = frozenset({str, bool, type(None)})
_PLAIN = _AS_THEY_ARE | {float}


def results(book: Book) -> dict[str, Any]:
    """``{"表": [{列: 值}, …], "汇总": {名称: 值}, "核对": {名称: 值}}``, times as their cells show them."""
    found: dict[str, Any] = {name: list(rows(book, name, MOMENTS)) for name in book.places}
    return found | {name: named_values(book, name, MOMENTS) for name in (SUMMARY, BALANCES) if book.is_list(name)}


def without_values(book: Book, names: Iterable[str]) -> list[str]:
    """The cells of tables whose formulas have no stored result: the program that saved the file did not compute."""
    tables = [book.places.get(name) or book.tables[name] for name in names]
    return [
        f"{table.sheet}!{cell_name(row, col)}"
        for table in tables
        for row, col in book.workbook.sheets[table.sheet].formulas
        if table.holds(table.sheet, row, col) and book.value(table.sheet, row, col) is None
    ]


def named_values(book: Book, name: str, texts: Sequence[str] = DAYS) -> dict[str, Any]:
    """A list of names and values as ``{名称: 值}``."""
    return {line[NAME]: line[VALUE] for line in rows(book, name, texts)}


def rows(book: Book, name: str, texts: Sequence[str] = DAYS) -> Iterator[dict[str, Any]]:
    """The filled rows of a table, values as JSON has them (which of ``MOMENTS`` as texts); spare rows are left out."""
    found = columns(book, name, texts)
    return (dict(zip(found, row, strict=True)) for row in zip(*found.values(), strict=True))


def columns(book: Book, name: str, texts: Sequence[str] = DAYS) -> dict[str, list[Any]]:
    """The filled rows of a table by columns."""
    table = book.places.get(name) or book.tables[name]
    places = enumerate(table.columns, start=table.first_col)
    found = {column: _plain(book, table, col, texts) for col, column in places}
    telling = [found[CHECK], found[SERIAL]] if CHECK in found and SERIAL in found else list(found.values())
    filled = [any(cell not in ("", None) for cell in row) for row in zip(*telling, strict=True)]
    return found if all(filled) else {column: list(compress(cells, filled)) for column, cells in found.items()}


def clocks(book: Book, table: Table) -> tuple[str, ...]:
    """The columns whose numbers are all shown as times of day or hours."""
    sheet = book.workbook.sheets[table.sheet]
    if not len(sheet.times) + len(sheet.spans):
        return ()
    found = []
    for col, name in enumerate(table.columns, start=table.first_col):
        cells = sheet.cells(col, table.first_row, table.last_row)
        shown = zip(*(sheet.moments(kind).present(col, table.first_row, table.last_row) for kind in MOMENTS[1:]), strict=True)
        told = [any(kinds) for cell, kinds in zip(cells, shown, strict=True) if is_number(cell)]
        if told and all(told):
            found.append(name)
    return tuple(found)


def _plain(book: Book, table: Table, col: int, texts: Sequence[str]) -> list[Any]:
    """The cells of a column."""
    sheet, first, last = book.workbook.sheets[table.sheet], table.first_row, table.last_row
    cells = sheet.cells(col, first, last)
    if _AS_THEY_ARE.issuperset(map(type, cells)):
        return cells
    kinds: list[str] = [""] * len(cells)
    for kind in texts:
        for place in compress(range(len(cells)), sheet.moments(kind).present(col, first, last)):
            kinds[place] = kind
    if not any(kinds) and _PLAIN.issuperset(map(type, cells)):
        return [_whole(cell) if type(cell) is float else cell for cell in cells]
    with date_system(book.workbook.date1904):
        return list(map(_other, cells, kinds))


def _other(cell: Cell, kind: str) -> Any:
    if type(cell) in _AS_THEY_ARE:
        return cell
    if isinstance(cell, CellError):
        return cell.value
    assert isinstance(cell, float | int)
    shown = as_moment(cell, kind)
    return _whole(shown) if isinstance(shown, float | int) else shown


def _whole(cell: float) -> float:
    return int(cell) if cell == int(cell) and abs(cell) < MOST_EXACT else cell


def as_moment(serial: float, kind: str) -> str | float:
    """What a cell of a kind of ``MOMENTS`` shows: a date in ISO form, with its time if it has one, or hours, minutes and seconds.

    A number that is no such thing stays a number, a day in a cell that shows only the time too.
    """
    if not kind:
        return serial
    try:
        if kind == "dates":
            when = moment(serial)
            return when.isoformat(sep=" ") if serial % 1 else when.date().isoformat()
        seconds = int(seconds_of(serial))
    except ValueError:
        return serial
    if kind == "times" and seconds >= 86400:
        return serial
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}"
    return f"{clock}:{seconds % 60:02}" if seconds % 60 else clock
