"""Structured references stand for blocks of cells; functions lose the prefixes that files store them with."""

from __future__ import annotations

import pytest

from addin.headless.tree import Cells, Operand, parse
from addin.xlsx.model import Area, Sheet, Table, Workbook, cell_name
from workbook_templates.formula.printer import text_of
from workbook_templates.formula.resolving import resolve

PEOPLE = Table("人员", "一月", ("姓名", "师德", "业绩", "A1", "[#1]", "it's", "出勤率(%) "), 5, 7, 1, True, True)
PLAIN = Table("Log", "二月", ("谁", "项目"), 0, 9, 0, False, False)
BOOK = Workbook(
    sheets={"一月": Sheet("一月"), "二月": Sheet("二月"), "it's": Sheet("it's")},
    tables={"人员": PEOPLE, "Log": PLAIN},
)


def read(text: str, row: int = 5, col: int = 8, sheet: str = "一月") -> str:
    """The formula as it reads in a cell, every reference as sheet!A1:B2 or #REF!."""
    here = [table for table in BOOK.tables.values() if table.sheet == sheet]
    return text_of(parse(resolve(text, sheet, row, col, BOOK, here)), lambda operand: _written(operand, row, col))


def _written(operand: Operand, row: int, col: int) -> str:
    assert isinstance(operand, Cells)
    return _name(operand.reference.at(row, col)) if operand.reference.valid else "#REF!"


def _name(area: Area) -> str:
    first, last = cell_name(area.top, area.left), cell_name(area.bottom, area.right)
    return f"{area.sheet}!{first}" + ("" if first == last else f":{last}")


# The table 人员 has its headings in B5:H5, its people in B6:H8 and its totals in B9:H9.
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("人员[师德]", "一月!C6:C8"),
        ("人员[[师德]:[业绩]]", "一月!C6:D8"),
        ("人员[[业绩]:[师德]]", "一月!C6:D8"),
        ("人员[]", "一月!B6:H8"),
        ("人员[#Data]", "一月!B6:H8"),
        ("人员[#All]", "一月!B5:H9"),
        ("人员[[#All],[师德]]", "一月!C5:C9"),
        ("人员[#Headers]", "一月!B5:H5"),
        ("人员[[#Headers],[师德]]", "一月!C5"),
        ("人员[#Totals]", "一月!B9:H9"),
        ("人员[[#Totals],[师德]:[业绩]]", "一月!C9:D9"),
        ("人员[[#Headers],[#Data],[师德]]", "一月!C5:C8"),
        ("人员[[#Data],[#Totals],[师德]]", "一月!C6:C9"),
    ],
)
def test_whole_columns_and_rows_of_a_table(text: str, expected: str) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("人员[[#This Row],[师德]]", "一月!C7"),
        ("人员[[#This Row],[师德]:[业绩]]", "一月!C7:D7"),
        ("人员[[#this row], [师德]]", "一月!C7"),
        ("人员[#This Row]", "一月!B7:H7"),
        ("人员[@师德]", "一月!C7"),
        ("人员[@[师德]:[业绩]]", "一月!C7:D7"),
        ("人员[@]", "一月!B7:H7"),
        ("[@师德]+[@[业绩]]", "一月!C7+一月!D7"),
        ("[业绩]", "一月!D6:D8"),
    ],
)
def test_the_own_row_and_the_own_table(text: str, expected: str) -> None:
    assert read(text, row=6, col=4) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("人员[A1]", "一月!E6:E8"),
        ("人员['['#1']]", "一月!F6:F8"),
        ("人员[it''s]", "一月!G6:G8"),
        ("人员[@[出勤率(%) ]]", "一月!H6"),
        ("人员[出勤率(%) ]", "一月!H6:H8"),
        ("人员[ 业绩 ]", "一月!D6:D8"),
        ("LOG[项目]", "二月!B1:B10"),
    ],
)
def test_names_with_special_characters_and_any_case(text: str, expected: str) -> None:
    assert read(text) == expected


@pytest.mark.parametrize("text", ["没有[师德]", "人员[没有]", "人员[[师德]:[没有]]", "[@师德]"])
def test_what_is_not_there(text: str) -> None:
    assert read(text, row=20, col=20) == "#REF!"


def test_references_of_a_filled_down_column_are_equal() -> None:
    texts = [f"SUM(B{row + 1}:C{row + 1})*$A$1+人员[[#This Row],[师德]]" for row in (5, 6, 7)]
    assert len({resolve(text, "一月", 5 + step, 8, BOOK, [PEOPLE]) for step, text in enumerate(texts)}) == 1


def test_texts_are_left_alone() -> None:
    assert read("IF(A1=\"人员[师德] B2\",\"T[x]\",'it''s'!B2)") == 'IF(一月!A1="人员[师德] B2","T[x]",it\'s!B2)'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("_xlfn.XLOOKUP(1,A1,B1)", "XLOOKUP(1,一月!A1,一月!B1)"),
        ("_xlfn._xlws.FILTER(A1:A2,B1:B2)", "FILTER(一月!A1:A2,一月!B1:B2)"),
        ("KAOHE.RANK(A1,B1:B2,C1:C2)", "KAOHE_RANK(一月!A1,一月!B1:B2,一月!C1:C2)"),
        ("[1]!KAOHE_RANK(A1)", "KAOHE_RANK(一月!A1)"),
        ("'C:\\Users\\kaohe.xlam'!KAOHE_RANK(A1)", "KAOHE_RANK(一月!A1)"),
    ],
)
def test_functions_have_one_name(text: str, expected: str) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("LOG10(A1)", "LOG10(一月!A1)"),
        ("二月!$A$1:B2", "二月!A1:B2"),
        ("SUM(A:B)", "SUM(一月!A1:B1048576)"),
        ("SUM($2:3)", "SUM(一月!A2:XFD3)"),
        ("没有!A1", "#REF!"),
        ("系数下限+A1", "系数下限+一月!A1"),
    ],
)
def test_plain_references(text: str, expected: str) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("row", "col", "expected"),
    [
        (4, 2, "一月!C6:C8"),
        (8, 2, "一月!C6:C8"),
        (5, 1, "一月!C6:C8"),
        (5, 7, "一月!C6:C8"),
        (3, 2, "#REF!"),
        (9, 2, "#REF!"),
        (5, 0, "#REF!"),
        (5, 8, "#REF!"),
    ],
)
def test_the_table_of_a_column_without_a_table_is_the_one_around_the_cell(row: int, col: int, expected: str) -> None:
    assert read("[师德]", row, col) == expected
