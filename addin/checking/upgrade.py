"""A workbook made anew from its scheme, with everything that was filled in: what mends workbooks of older versions.

Columns and sheets of a clerk's own are not carried over; they stay in the old file, and each is told.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from addin.checking.carried import capacity, entered, scheme_of
from addin.shared.exits import UserError
from addin.xlsx.book import SUMMARY, Book
from addin.xlsx.model import Table, cell_name
from addin.xlsx.session import Session
from workbook_templates.scheme.model import CHECK, SERIAL, Scheme
from workbook_templates.workbook.build import build

FACTS = (1, 0)
"""The cell of a table's sheet in which unit and period are written."""


@dataclass(frozen=True)
class Upgrade:
    """The new workbook, computed; how many rows were carried over, by table; and what was left behind."""

    session: Session
    scheme: Scheme
    rows: dict[str, int]
    left: tuple[str, ...]


def upgraded(old: Session) -> Upgrade:
    """Raises UserError for a workbook whose scheme is not known."""
    scheme = scheme_of(old.book, old.package)
    if scheme is None:
        raise UserError(f"不知道 {old.path} 是按哪个方案建的(工作簿中没有方案,也没有同名的方案文件),不能升级")
    data = entered(old.book, scheme, below=True)
    stream = io.BytesIO()
    build(scheme, stream, data, capacity(old.book, scheme))
    new = Session.of(stream.getvalue())
    for table in scheme.tables:
        if table.name in old.book.tables:
            _keep_facts(old.book, old.book.tables[table.name], new, table.name)
    new.compute()
    rows = {name: len(filled) for name, filled in data["tables"].items() if isinstance(filled, list)}
    return Upgrade(new, scheme, rows, tuple(_left_behind(old.book, new.book, scheme)))


def _keep_facts(old: Book, table: Table, new: Session, name: str) -> None:
    """Unit and period, which are written over the line above a table."""
    written = old.value(table.sheet, *FACTS)
    if isinstance(written, str) and written != new.book.value(name, *FACTS):
        new.type(name, cell_name(*FACTS), written)


def _left_behind(old: Book, new: Book, scheme: Scheme) -> list[str]:
    """Columns and sheets that the scheme doesn't have."""
    found = []
    for declared in scheme.tables:
        table = old.tables.get(declared.name)
        known = {*declared.column_names, SERIAL, CHECK}
        for name in table.columns if table is not None else ():
            if name not in known and table is not None and _holds_values(old, table, name):
                found.append(f"表 {declared.name} 的列“{name}”")
    mine = {table.sheet for table in old.tables.values()} | {SUMMARY}
    found += [f"工作表“{name}”" for name in old.sheets if name not in new.sheets and name not in mine]
    return found


def _holds_values(old: Book, table: Table, name: str) -> bool:
    """Whether somebody has typed into a column; what a formula gave can be computed again."""
    col = table.first_col + table.columns.index(name)
    sheet = old.workbook.sheets[table.sheet]
    rows = range(table.first_row, table.last_row + 1)
    return any(sheet.get(row, col) not in (None, "") and (row, col) not in sheet.formulas for row in rows)
