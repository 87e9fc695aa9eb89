"""What is seen of tables in workbooks of older versions, which check their rows by position."""

from __future__ import annotations

from addin.checking.tables import INSERTED, table_faults
from addin.xlsx.model import cell_name
from tests.checking.support import HEADINGS, PEOPLE, SLUG, computed, filled
from workbook_templates.scheme.catalogue import load
from workbook_templates.scheme.names import headings_name
from workbook_templates.workbook.sheets.rules import SHEET


def test_a_column_among_the_inputs_is_told_where_rows_are_checked_by_position() -> None:
    book = computed(filled()).book
    name = load(SLUG).table(PEOPLE).inputs[2].name
    rules = book.workbook.sheets[SHEET]
    # As if the column had come between two others that have rules.
    rules.set(next(row for row in range(rules.height) if rules.get(row, 0) == name), 0, "别的列")
    assert table_faults(book) == []
    del book.names[headings_name(PEOPLE).lower()]
    [fault] = table_faults(book)
    place = cell_name(HEADINGS - 1, book.tables[PEOPLE].columns.index(name))
    assert (fault.sheet, fault.cell, fault.value, fault.rule) == (PEOPLE, place, name, INSERTED.format(name))
