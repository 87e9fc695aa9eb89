"""Reads a workbook's file as the Subject of a macro: computed first, so that no value is stale."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

import pandas as pd

from addin.headless import Book, calculate, read_book
from addin.macros.macro import Progress, Subject, silent
from addin.macros.subject.looks import looks_of
from addin.macros.subject.tables import plain_tables
from addin.shared.exits import UserError
from addin.xlsx.cellreader import place
from addin.xlsx.model import Cell, Table, cell_name
from addin.xlsx.package import opened
from addin.xlsx.results import NAME, PARAMETERS, SUMMARY, VALUE, is_list, table_names


def read_subject(
    path: Path, selection: str | None = None, now: datetime | None = None, progress: Progress = silent
) -> Subject:
    """The Subject of the workbook ``path``, which stays as it is; ``selection`` is ``表!A1``.

    Raises WorkbookError, and UserError for a selection that is not in the workbook.
    """
    progress(0, 2, "计算工作簿")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / f"copy{path.suffix}"
        report = calculate(path, copy)
        progress(1, 2, "读取表格")
        book = read_book(copy)
        places = {name: book.tables[name] for name in table_names(book)}
        places = {name: _distinct(table) for name, table in (places or plain_tables(book)).items()}
        with opened(copy) as package:
            looks = looks_of(package, book, places)
        computed = copy.read_bytes()
    subject = Subject(
        name=path.name,
        source=path.read_bytes(),
        computed=computed,
        book=book,
        tables={name: _frame(book, table) for name, table in places.items()},
        places=places,
        looks=looks,
        parameters=_values(book, PARAMETERS),
        summary=_values(book, SUMMARY),
        problems=report.problems,
        now=now or datetime.now(),
        selection=_selected(book, selection) if selection else None,
    )
    progress(2, 2, "读取表格")
    return subject


def _distinct(table: Table) -> Table:
    """Headings that occur twice get a number, so that each names one column."""
    names: list[str] = []
    for name in table.columns:
        plain, number = name, 2
        while name in names:
            name, number = f"{plain}({number})", number + 1
        names.append(name)
    if tuple(names) == table.columns:
        return table
    return Table(
        table.name,
        table.sheet,
        tuple(names),
        table.first_row,
        table.last_row,
        table.first_col,
        table.header,
        table.totals,
    )


def _frame(book: Book, table: Table) -> pd.DataFrame:
    rows = range(table.first_row, table.last_row + 1)
    columns = {
        name: pd.Series([book.value(table.sheet, row, table.first_col + offset) for row in rows], rows, dtype=object)
        for offset, name in enumerate(table.columns)
    }
    return pd.DataFrame(columns, index=rows, dtype=object)


def _values(book: Book, name: str) -> dict[str, Cell]:
    if not is_list(book, name):
        return {}
    table = book.tables[name]
    names = table.first_col + table.columns.index(NAME)
    values = table.first_col + table.columns.index(VALUE)
    return {
        str(book.value(table.sheet, row, names)): book.value(table.sheet, row, values)
        for row in range(table.first_row, table.last_row + 1)
        if book.value(table.sheet, row, names) not in (None, "")
    }


def _selected(book: Book, text: str) -> tuple[str, str]:
    sheet, mark, cell = text.rpartition("!")
    if sheet.startswith("'") and sheet.endswith("'"):
        sheet = sheet[1:-1].replace("''", "'")
    if not mark or sheet not in book.sheets:
        raise UserError(f"单元格应写成 工作表!A1,现为 {text};工作表:{'、'.join(book.sheets)}")
    try:
        return sheet, cell_name(*place(cell))
    except ValueError:
        raise UserError(f"单元格应写成 工作表!A1,现为 {text}") from None
