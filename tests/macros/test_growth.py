"""How a table grows and shrinks, on sheets made for it."""

from __future__ import annotations

from contextlib import nullcontext
from types import SimpleNamespace
from typing import cast

import pytest

from addin.macros.growing.growth import Entry, Growing
from addin.macros.macro import Subject
from addin.shared.exits import UserError
from addin.xlsx.book import Book
from addin.xlsx.model import Area, Sheet, Table, Workbook


def growing(sheet: Sheet, table: Table, *others: Table) -> Growing:
    """A table on a sheet, in which 姓名 alone is filled in."""
    book = Book(Workbook({sheet.name: sheet}, tables={each.name: each for each in (table, *others)}))
    found = Growing(cast(Subject, SimpleNamespace(book=book, places=book.places)), table)
    found.__dict__["inputs"] = ["姓名"]
    return found


@pytest.mark.parametrize(
    ("first", "last", "totals", "is_beside"),
    [(12, 14, False, True), (13, 14, False, False), (4, 9, True, True), (4, 10, False, True), (4, 9, False, False)],
)
def test_a_table_is_beside_rows_if_its_headings_or_totals_are(
    first: int, last: int, totals: bool, is_beside: bool
) -> None:
    """The rows 10 and 11; a heading stands in the row above the first one."""
    other = Table("乙", "S", ("姓名",), first, last, 5, totals=totals)
    found = growing(Sheet("S"), Table("甲", "S", ("姓名",), 8, 11, 0), other)
    with pytest.raises(UserError, match="旁边有表 乙") if is_beside else nullcontext():
        found._refuse_neighbours([10, 11])


@pytest.mark.parametrize(("count", "last"), [(0, 2), (1, 2), (2, 2), (3, 3)])
def test_a_table_that_is_cut_keeps_two_rows(count: int, last: int) -> None:
    table = Table("甲", "S", ("序号", "姓名"), 1, 9, 0)
    sheet = Sheet("S")
    for row in table.rows:
        sheet.formulas[row, 0] = f"ROW()-{row}"
    people: list[Entry] = [{"姓名": f"职工{number}"} for number in range(count)]
    grown = growing(sheet, table).grown(people, trimmed=True)
    assert grown.last_row == last and len(grown.edits) == count


@pytest.mark.parametrize("totals", [False, True])
@pytest.mark.parametrize("is_alone", [False, True])
def test_who_stands_below_a_table_beside_others_stands_without_a_gap(totals: bool, is_alone: bool) -> None:
    """The rest belongs to the other table, and a table's own line of totals is nobody."""
    table, other = Table("甲", "S", ("姓名",), 1, 2, 0, totals=totals), Table("乙", "S", ("姓名",), 9, 10, 0)
    sheet = Sheet("S")
    for row in (3, 4, 6):
        sheet.set(row, 0, f"职工{row}")
    found = growing(sheet, table, *[] if is_alone else [other])
    assert found.strays == [3, 4, 6][totals : 3 if is_alone else 2]


def test_a_table_of_totals_keeps_its_first_row() -> None:
    sheet = Sheet("S")
    for row in (1, 2):
        sheet.set(row, 0, "合计")
    assert growing(sheet, Table("甲", "S", ("姓名",), 1, 2, 0)).rows == [1]


@pytest.mark.parametrize(("col", "removable"), [(1, [1, 2]), (2, [1])])
def test_a_formula_just_beside_a_blank_row_keeps_it(col: int, removable: list[int]) -> None:
    sheet = Sheet("S")
    sheet.formulas[2, col] = "1+1"
    assert growing(sheet, Table("甲", "S", ("姓名", "得分"), 1, 2, 0)).removable == removable


@pytest.mark.parametrize(("row", "typed"), [(1, {0: 5.0}), (2, {}), (3, {}), (4, {0: 5.0})])
def test_what_an_array_gives_is_not_typed(row: int, typed: dict[int, float]) -> None:
    sheet = Sheet("S")
    sheet.arrays[2, 0] = Area("S", 2, 0, 3, 0)
    for each in range(1, 5):
        sheet.set(each, 0, 5.0)
    assert growing(sheet, Table("甲", "S", ("姓名",), 1, 4, 0)).typed(row) == typed
