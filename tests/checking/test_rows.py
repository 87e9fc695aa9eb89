"""What the column 校验 says, told by cell."""

from __future__ import annotations

from addin.checking.rows import UNCHECKED, faults_of_table
from addin.xlsx.model import cell_name
from tests.checking.support import PEOPLE, computed, filled
from udfs import CellError
from udfs.checks import LOST
from workbook_templates.scheme.names import CHECK


def test_what_is_the_same_in_every_row_is_told_once() -> None:
    book = computed(filled()).book
    table = book.tables[PEOPLE]
    col, sheet = table.columns.index(CHECK), book.workbook.sheets[PEOPLE]
    for row in range(table.first_row, table.first_row + 3):
        sheet.set(row, col, CellError.REF)
    for row in range(table.first_row + 3, table.first_row + 5):
        sheet.set(row, col, f"绩效基数:不能小于 0；工号{LOST}")
    first = table.first_row
    assert [(fault.cell, fault.rule) for fault in faults_of_table(book, table)] == [
        (cell_name(first, col), UNCHECKED),
        (cell_name(first + 3, table.columns.index("绩效基数")), "绩效基数:不能小于 0"),
        (cell_name(first + 3, col), f"工号{LOST}"),
        (cell_name(first + 4, table.columns.index("绩效基数")), "绩效基数:不能小于 0"),
    ]
