"""Arrays of whole columns give in each row what the row's own cells give alone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.headless.computation import compute
from addin.headless.joining import nothing_joined
from addin.headless.operators import shown
from addin.headless.values import Block
from addin.xlsx.model import Area, Cell, CellError, Sheet, Workbook
from workbook_templates.formula.tokens import LONGEST_TEXT

HEIGHT = 160
CELLS = st.sampled_from(
    [None, "", "甲", "2", True, False, 0.0, -1.5, 0.3, 0.1 + 0.2, 1e16, 7.0, CellError.NA, CellError.DIV0]
)
COLUMNS = st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5)
FORMULAS = (
    'IF(IFERROR({a}&{b}&"","?")<>"",1,2)', '{a}&{b}=""', '{a}&"甲"=""', '{a}&{b}<>""', '""={a}&{b}', 'IFERROR({a}&{b},"")=""',
    "ISBLANK({a})*ISBLANK({b})", "ISERROR({a})*{b}", "0*ISNUMBER({a})", '""*ISTEXT({a})', "FALSE*{a}", "{a}-{b}", "{a}+{b}", "0.3-{a}",
    'IF(ISNUMBER({a}),{b},"x")', "IF({a},{b},{a})", "IF(ISTEXT({a}),{b}*2,{a}-{b})",
)  # fmt: skip


@pytest.mark.parametrize("formula", FORMULAS)
@settings(max_examples=12)
@given(COLUMNS)
def test_columns_are_as_their_cells_alone(formula: str, rows: list[tuple[Cell, Cell]]) -> None:
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
