"""A table's rows as a pandas frame."""

from __future__ import annotations

import pandas as pd

from addin.xlsx.book import Book
from addin.xlsx.model import Table


def frame_of(book: Book, table: Table) -> pd.DataFrame:
    """The values of a table; its index holds the sheet's rows, its columns the headings."""
    rows = table.rows
    sheet = book.workbook.sheets[table.sheet]
    columns = {
        name: pd.Series(sheet.cells(col, table.first_row, table.last_row), rows, dtype=object)
        for col, name in enumerate(table.columns, start=table.first_col)
    }
    return pd.DataFrame(columns, index=rows, dtype=object)
