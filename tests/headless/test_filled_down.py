"""Filled-down formulas whose cells can't be taken together: every cell reads its own row."""

from __future__ import annotations

from typing import Any

import pytest

from addin.headless import blanks
from addin.headless.computation import compute
from addin.xlsx.model import Cell, Sheet, Workbook

VALUES = [[1, 10], [2, 20], [None, 30]]


def filled_down(formula: str) -> list[Any]:
    """What the formula shows in the first three rows of a sheet beside two others, ``{r}`` being the row."""
    sheets = {name: Sheet(name) for name in ("甲", "乙", "表")}
    for factor, sheet in enumerate(sheets.values(), 1):
        for row, cells in enumerate(VALUES):
            for col, cell in enumerate(cells):
                if cell is not None:
                    sheet.set(row, col, float(cell * factor))
    sheets["表"].formulas.update({(row, 5): formula.format(r=row + 1) for row in range(3)})
    computed, problems = compute(Workbook(sheets))
    assert problems == []
    return [computed["表"][row, 5] for row in range(3)]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("SUM(甲:乙!A{r})", [3, 6, 0]),
        ("SUM(甲:乙!A{r}:B{r})", [33, 66, 90]),
        ("SUM(甲:乙!$A$1:$B$3)", [189, 189, 189]),
        ("SUBTOTAL(9,A{r}:B{r})", [33, 66, 90]),
        ("AGGREGATE(14,6,A{r}:B{r},1)", [30, 60, 90]),
        ("SUMPRODUCT(($B$1:$B$3>0)*ROW())", [3, 6, 9]),
        ("SUMPRODUCT(($B$1:$B$3>30)*($A$1:$A$3<>A{r}))", [2, 1, 1]),
        ("COUNTBLANK(A:A)+{r}", [1048575, 1048576, 1048577]),
        ('SUMPRODUCT((A:A="")*1)+A{r}*0', [1048574, 1048574, 1048574]),
        ("LET(f,LAMBDA(x,x+A{r}),f(B{r}))", [33, 66, 90]),
        ("LET(x,INDEX($A:$A,ROW()),IFERROR(AVERAGE(x),-1))", [3, 6, -1]),
        ("LET(x,INDEX($A:$A,ROW()),ISREF(x)&ROW(x)&COUNT(x))", ["TRUE11", "TRUE21", "TRUE30"]),
        ("MIN(LET(x,INDEX($A:$A,ROW()),x),B{r})", [3, 6, 90]),
        ("SUMPRODUCT(N(A{r}:B{r}>5))", [1, 2, 1]),
        ("SUMPRODUCT(N($B$1:$B$3<=B{r}))", [1, 2, 3]),
        ("SUMPRODUCT(N(A{r}:B{r}))", [3, 6, 0]),
        ("SUMPRODUCT(N(+A{r}:B{r}))", [33, 66, 90]),
        ("N(B{r})", [30, 60, 90]),
        ('"x"&IF(B{r}<60,,"零")', ["x", "x零", "x零"]),
        ("IF(B{r}<60,,B{r})", [0, 60, 90]),
        ('"5%"*B{r}', [1.5, 3, 4.5]),
        ('"1 1/2"*B{r}', [45, 90, 135]),
        ('"-1 1/2"*B{r}', [-45, -90, -135]),
        ("SUM(INDEX($A$1:$B$3,MATCH(B{r},$B$1:$B$3,0),0))", [33, 66, 90]),
        ("SUM(INDEX($A$1:$B$3,0,COUNT(B{r},{r})))", [180, 180, 180]),
        ("SUMPRODUCT(INDEX($A$1:$B$3,MATCH(B{r},$B$1:$B$3,0),)*1)", [33, 66, 90]),
        ("IFERROR(MAX(INDEX($A$1:$B$3,MATCH(B{r},$B$1:$B$3,0),0)),0)+{r}", [31, 62, 93]),
        ("SUM(_xlfn.XLOOKUP(B{r},$B$1:$B$3,$A$1:$B$3))", [33, 66, 90]),
        ("SUM(_xlfn.TAKE($B$1:$B$3,COUNT($B$1:B{r})))", [30, 90, 180]),
        ("SUM(_xlfn.SEQUENCE(B{r}/30))", [1, 3, 6]),
        # An array of one cell counts as an array does: blanks and text are skipped.
        ("AVERAGE(_xlfn.CHOOSEROWS($A$1:$A$3,{r}),$A$1)", [3, 4.5, 3]),
        ("MIN(_xlfn._xlws.FILTER($A$1:$A$3,$B$1:$B$3=B{r}),B{r})", [3, 6, 90]),
        ('MAX(_xlfn._xlws.FILTER($C$1:$C$3,$B$1:$B$3=B{r},"无"),1)', [1, 1, 1]),
        ('IFERROR(SUM(_xlfn.TEXTSPLIT(B{r}&"分","分",,TRUE)),-1)', [0, 0, 0]),
        ("IFERROR(COUNTBLANK(INDEX($A$1:$A$3,COUNT(B{r}:B$3)+1)),-1)", [-1, 1, 0]),
        ("ERROR.TYPE(LARGE(INDEX($A$1:$A$3,B{r}),1/0))", [4, 4, 4]),
        ("ERROR.TYPE(ROUND(INDEX(_xlfn.XLOOKUP(B{r}+1,$B$1:$B$3,$A$1:$B$3),{r},0),1))", [7, 7, 7]),
        ("IFERROR(COUNTIF(_xlfn.SEQUENCE(COUNT(B{r})),1),-1)", [-1, -1, -1]),
    ],
)
def test_filled_down(formula: str, expected: list[Any]) -> None:
    assert filled_down(formula) == expected


def test_a_function_of_another_workbook_is_told_with_its_workbook() -> None:
    sheet = Sheet("表")
    sheet.formulas[0, 0] = "[2]!算分(1)"
    _, [problem] = compute(Workbook({"表": sheet}))
    assert "引用了其他工作簿：[2]" in str(problem)


def test_a_name_behind_an_unknown_sheet_is_that_of_another_workbook() -> None:
    sheet = Sheet("表")
    sheet.formulas[0, 0] = "没有的表!税率*2"
    computed, [problem] = compute(Workbook({"表": sheet}, {"税率": "5"}))
    assert computed == {}
    assert "引用了其他工作簿：没有的表" in str(problem)


def test_where_a_blank_is_picked_into_an_array_only_its_row_is_refused() -> None:
    sheet = Sheet("表")
    for row, cell in enumerate([1.0, None, 3.0]):
        if cell is not None:
            sheet.set(row, 0, cell)
        sheet.set(row, 1, 5.0)
        sheet.formulas[row, 3] = f"AVERAGE(IF({{1,0}},A{row + 1},B{row + 1}))"
    computed, [problem] = compute(Workbook({"表": sheet}))
    assert computed["表"] == {(0, 3): 3, (2, 3): 4}
    assert problem.cell == "D2" and "取到空单元格" in str(problem)


@pytest.mark.parametrize("table", ["IF({1,0},$A$1:$A$100,$B$1:$B$100)", "CHOOSE({1,2},$A$1:$A$100,$B$1:$B$100)"])
def test_an_array_with_blanks_that_many_rows_look_into_is_filled_once(
    table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled: list[Cell] = []
    zero = blanks._zero
    monkeypatch.setattr(blanks, "_zero", lambda cell: (filled.append(cell), zero(cell))[1])
    sheet = Sheet("表")
    for row in range(100):
        sheet.set(row, 0, f"甲{row}")
        if row != 5:
            sheet.set(row, 1, float(row))
        sheet.formulas[row, 3] = f"VLOOKUP(A{row + 1},{table},2,0)"
    computed, problems = compute(Workbook({"表": sheet}))
    assert problems == [] and computed["表"] == {(row, 3): 0 if row == 5 else row for row in range(100)}
    assert len(filled) < 1000
