"""Arrays of whole columns give in each row what the row's own cells give alone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.headless.computation import compute
from addin.headless.joining import nothing_joined
from addin.headless.operators import all_shown, shown
from addin.headless.values import Block
from addin.xlsx.model import Area, Cell, CellError, Sheet, Workbook
from workbook_templates.formula.tokens import LONGEST_TEXT

HEIGHT = 160
CELLS = st.sampled_from(
    [None, "", "甲", "2", True, False, 0.0, -1.5, 0.3, 0.1 + 0.2, 1e16, 7.0, CellError.NA, CellError.DIV0]
)
TEXTS = st.sampled_from([None, "", "甲", "乙", "2", "TRUE"])
COLUMNS = st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5)
FORMULAS = (
    'IF(IFERROR({a}&{b}&"","?")<>"",1,2)', '{a}&{b}=""', '{a}&"甲"=""', '{a}&{b}<>""', '""={a}&{b}', 'IFERROR({a}&{b},"")=""',
    "ISBLANK({a})*ISBLANK({b})", "ISERROR({a})*{b}", "0*ISNUMBER({a})", '""*ISTEXT({a})', "FALSE*{a}", "{a}-{b}", "{a}+{b}", "0.3-{a}",
    'IF(ISNUMBER({a}),{b},"x")', "IF({a},{b},{a})", "IF(ISTEXT({a}),{b}*2,{a}-{b})",
    '({a}="")*({b}="")', 'IFERROR(1-({a}="")*({b}="")*({a}=""),1)', '({a}="")*({b}="甲")', '({a}="")*({b}=0)', '({a}="")*1',
)  # fmt: skip


OF_TEXTS = (
    '({a}<>"")*({a}<>"甲")*(1-(LEFT({a},1)="乙"))', 'IF({a}="甲",{b},IF({a}="","",{a}*1))', 'IF({a}&"x"="x","",{a}&{b})',
    'IF({a}="甲",IF({a}="","空",{a}),{b}="甲")', 'COUNTIF($A$1:$A$3,{a})+({a}="")', "ISNUMBER(FIND(KAOHE_LOOKUP({a},{{1,2}},{{3,4}}),34))",
    'KAOHE_LOOKUP(IF({a}="","",{a}),{{"甲","2"}},{{"甲","二"}})', 'IFERROR({a}+0,"无")', 'KAOHE_RATIO(10,IF({a}="甲",1,2),4)',
    'IF(IF({a}="甲",TRUE,"x"),1,2)', 'IF({a}="甲",TRUE,1)&{a}', 'IF({a}<>"甲",-0.5,0)*{b}',
)  # fmt: skip


@pytest.mark.parametrize("formula", FORMULAS)
@settings(max_examples=12)
@given(COLUMNS)
def test_columns_are_as_their_cells_alone(formula: str, rows: list[tuple[Cell, Cell]]) -> None:
    _compare(formula, rows)


@pytest.mark.parametrize("formula", OF_TEXTS)
@settings(max_examples=6)
@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=5))
def test_columns_of_few_texts_are_as_their_cells_alone(formula: str, rows: list[tuple[Cell, Cell]]) -> None:
    _compare(formula, rows)


def _compare(formula: str, rows: list[tuple[Cell, Cell]]) -> None:
    sheet, last = Sheet("表"), HEIGHT
    for row in range(HEIGHT):
        for col, cell in enumerate(rows[row % len(rows)]):
            sheet.set(row, col, cell)
    sheet.formulas[0, 2] = formula.format(a=f"$A$1:$A${last}", b=f"$B$1:$B${last}")
    sheet.arrays[0, 2] = Area("表", 0, 2, HEIGHT - 1, 2)
    for row in range(len(rows)):
        sheet.formulas[row, 4 + row] = formula.format(a=f"$A${row + 1}", b=f"$B${row + 1}")
    computed = compute(Workbook({"表": sheet}))[0]["表"]
    for row in range(HEIGHT):
        own = row % len(rows)
        assert repr(computed[row, 2]).replace("-0.0", "0.0") == repr(computed[own, 4 + own]).replace("-0.0", "0.0")


def test_what_is_too_long_is_no_text() -> None:
    half = "x" * (LONGEST_TEXT // 2)
    assert nothing_joined([Block([["", half]]), Block([["", half + "xx"]])], True) is None
    found = nothing_joined([Block([["", half]]), Block([[None, "x"]]), "", None], True)
    assert found is not None and found.columns == [[True, False]]
    for parts in (
        [Block([["", ""]]), "a"],
        [Block([["", ""]]), CellError.NA],
        [Block([["", CellError.NA]])],
        ["", None],
    ):
        assert nothing_joined([*parts], True) is None


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_are_shown_as_before(number: float) -> None:
    assert repr([shown(number), shown(number)]) == repr([float(f"{number:.15g}")] * 2)


@given(
    st.lists(
        st.one_of(
            st.floats(allow_nan=False, allow_infinity=False),
            st.builds(lambda n, m: n / 100 - m / 1e9, st.integers(-99_999_999, 99_999_999), st.integers(0, 20_000)),
        )
    )
)
def test_numbers_are_shown_all_at_once_as_one_by_one(numbers: list[float]) -> None:
    assert all_shown(numbers) == [float(f"{number:.15g}") for number in numbers]


def test_first_of_a_list_that_is_not_in_another() -> None:
    sheet = Sheet("表")
    for row in range(200):
        sheet.set(row, 0, ("", "甲", "乙", None, "丙")[row % 5] if row > 1 else "甲")
    for row in range(4):
        above = "A300" if row == 0 else f"$C$1:C{row}"
        given = f'MATCH(0,COUNTIF({above},$A$1:$A$200)+($A$1:$A$200=""),0)'
        sheet.formulas[row, 2] = f'IFERROR(INDEX($A$1:$A$200,{given}),"")'
        sheet.arrays[row, 2] = Area("表", row, 2, row, 2)
    computed = compute(Workbook({"表": sheet}))[0]["表"]
    assert [computed[row, 2] for row in range(4)] == ["甲", "乙", "丙", ""]


def test_sums_of_one_value() -> None:
    def total(cell: Any, formula: str = "SUMPRODUCT(ISNUMBER(A1:A200)*1)") -> Cell:
        sheet = Sheet("表")
        for row in range(200):
            sheet.set(row, 0, cell)
        sheet.formulas[0, 2] = formula
        return compute(Workbook({"表": sheet}))[0]["表"][0, 2]

    assert (total(1.0), total("甲")) == (200, 0)
    assert total(0.1, "SUMPRODUCT(A1:A200*1)") == 20
    assert total(1e308, "SUMPRODUCT(A1:A200*1)") is CellError.NUM
    assert (total("甲", 'SUMPRODUCT((A1:A200&"")*1)'), total(1.0, "SUMPRODUCT(A1:A200>0)")) == (CellError.VALUE, 0)
