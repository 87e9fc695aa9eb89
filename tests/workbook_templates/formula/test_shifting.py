"""References after rows have been put in or taken out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook_templates.formula.shifting import Shift
from workbook_templates.formula.tokens import LAST_ROW

IN, OUT = Shift("人员", 34, 5), Shift("人员", 29, -5)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("SUM(W6:W35)", "SUM(W6:W40)"),
        ("SUM($W$6:$W$34)+人员!$W$35", "SUM($W$6:$W$34)+人员!$W$40"),
        ("W36&W35&W34", "W41&W40&W34"),
        ("SUM('人员'!6:35)", "SUM('人员'!6:40)"),
        ("COUNTA(B$5:B$1048576)+SUM(B:B)", "COUNTA(B$5:B$1048576)+SUM(B:B)"),
        ("参数!A35+[1]人员!A35+SUM(人员:汇总!A35)", "参数!A35+[1]人员!A35+SUM(人员:汇总!A35)"),
        ('人员[[#This Row],[W35]]&"W35"&W35&姓名', '人员[[#This Row],[W35]]&"W35"&W40&姓名'),
        ("写法有误（W35", "写法有误（W35"),
    ],
)
def test_rows_put_in_before_the_last_one(before: str, after: str) -> None:
    assert IN.formula(before, "人员") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("SUM(W6:W34)+SUM(W6:W40)", "SUM(W6:W29)+SUM(W6:W35)"),
        ("SUM(W30:W34)+W32", "SUM(#REF!)+#REF!"),
        ("SUM(W31:W36)+W29+W35", "SUM(W30:W31)+W29+W30"),
        ("COUNTA(B$5:B$1048576)", "COUNTA(B$5:B$1048576)"),
    ],
)
def test_rows_taken_out(before: str, after: str) -> None:
    assert OUT.formula(before, "人员") == after


def test_elsewhere_only_what_names_the_sheet_moves() -> None:
    assert IN.formula("A35+人员!A35", "汇总") == "A35+人员!A40"


rows = st.integers(0, 60)


@given(rows, rows, rows, st.integers(1, 9))
def test_a_block_holds_the_same_rows_afterwards(first: int, last: int, row: int, number: int) -> None:
    first, last = sorted((first, last))
    put_in = [*range(row), *["new"] * number, *range(row, 70)]
    block = Shift("", row, number).rows(first, last)
    assert block is not None
    assert (put_in[block[0]], put_in[block[1]]) == (first, last)
    taken_out = [each for each in range(70) if not row <= each < row + number]
    kept = [taken_out.index(each) for each in range(first, last + 1) if each in taken_out]
    assert Shift("", row, -number).rows(first, last) == ((kept[0], kept[-1]) if kept else None)


def test_what_reaches_the_end_of_the_sheet_still_does() -> None:
    assert IN.rows(5, LAST_ROW) == OUT.rows(5, LAST_ROW) == (5, LAST_ROW)
    assert IN.rows(LAST_ROW, LAST_ROW) is None
