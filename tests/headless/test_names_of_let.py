"""What a name of LET stands for means the same in a filled-down column as in one cell alone, also where it is a reference."""

from __future__ import annotations

from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from addin.headless.computation import compute
from addin.xlsx.model import Cell, CellError, Sheet, Workbook

ROWS = 5
COLUMN = 8
CELLS = st.one_of(
    st.none(), st.sampled_from([0.0, 2.0, 30.0, "甲", "", "90", True, False, CellError.NA, CellError.DIV0])
)
MEANT = [
    "INDEX($A:$C,ROW(),2)",
    "A{r}",
    "A{r}:C{r}",
    "$A$2",
    "XLOOKUP(C{r},$C$1:$C$5,$B$1:$B$5)",
    "IF(ISNUMBER(C{r}),A{r},INDEX($B$1:$B$5,ROW()))",
    'IF(C{r}="甲",A{r},"90")',
    "CHOOSE(IF(ISTEXT(C{r}),1,2),A{r},5)",
    "LET(y,INDEX($A:$C,ROW(),3),y)",
    "OFFSET($A$1,ROW()-1,1)",
    "IFERROR(A{r},0)",
    'A{r}&""',
    "A{r}*2",
    "SORT($A$1:$C$5)",
]
SOME = [[1.0, None, "甲"], [None, 4.0, 2.0], [2.0, "乙", 2.0]]
USES = [
    "AVERAGE(x)",
    "AVERAGE(x,B{r})",
    "COUNT(x)",
    "COUNTA(x)",
    "COUNTBLANK(x)",
    "MIN(x,5)",
    "MAX(x)",
    "SUM(x,1)",
    "SUM(x*1)",
    "PRODUCT(x)",
    "MEDIAN(x,4)",
    "ISBLANK(x)",
    "ISTEXT(x)",
    "ISREF(x)",
    "SUM(ROW(x))",
    "ROWS(x)&COLUMNS(x)",
    'x&""',
    'IF(x="",1,2)',
    "x",
    "x+1",
    "AND(x,TRUE)",
    "N(x)",
    "ROUND(x,1)",
    'TEXTJOIN("、",TRUE,x,C{r})',
    "COUNTIF(x,2)",
    "SUMPRODUCT(x*1)",
    "SUMIF($A$1:$A$5,2,x)",
    "SUM(INDEX(x,1))",
    "COUNT(INDEX(x,1,1),1)",
    "COUNT(OFFSET(x,0,1))",
    "COUNT(A$1:x)",
    "AVERAGE(IF(ISTEXT(C{r}),x,B{r}))",
    "IF(ISTEXT(C{r}),SUM(MAP(x,LAMBDA(z,COUNT(z)))),ISREF(x))",
    "IFERROR(C{r}*1,MIN(x,7))",
    "IF(ISTEXT(C{r}),LET(z,1,SUM(MAP(x,LAMBDA(z,COUNT(z))))),7)",
    "LET(z,x,AVERAGE(z))",
    "LET(z,IF(C{r}=2,x,7),COUNT(z)&AVERAGE(z))",
    "LAMBDA(z,COUNTA(z))(x)",
    "SUM(MAP(x,LAMBDA(z,COUNT(z))))",
    "SUM(SUMIF(x,{{2,30}}))",
    "KAOHE_ROUND(x,1)",
    "KAOHE_SCORE(x,B{r})",
]


def shown(formula: str, cells: list[list[Any]], rows: range) -> list[Cell]:
    """What the formula shows in these rows of a sheet with the cells; None where it is refused."""
    sheet = Sheet("表")
    for row, line in enumerate(cells):
        for col, cell in enumerate(line):
            if cell is not None:
                sheet.set(row, col, cell)
    sheet.formulas.update({(row, COLUMN): formula.format(r=row + 1) for row in rows})
    computed, _ = compute(Workbook({"表": sheet}))
    return [computed["表"].get((row, COLUMN)) if "表" in computed else None for row in rows]


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(MEANT),
    st.sampled_from(USES),
    st.sampled_from(["LET(x,{},{})", "COUNTA(LET(x,{},{}))", "AVERAGE(LET(x,{},{}),1)"]),
    st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=ROWS, max_size=ROWS),
)
@example("INDEX($A:$C,ROW(),2)", "AVERAGE(x)", "LET(x,{},{})", SOME)
@example("INDEX($A:$C,ROW(),2)", "x", "AVERAGE(LET(x,{},{}),1)", SOME)
@example("A{r}", "SUM(ROW(x))", "LET(x,{},{})", SOME)
@example("A{r}:C{r}", "SUM(ROW(x))", "LET(x,{},{})", SOME)
@example("A{r}:C{r}", "COUNT(INDEX(x,1,1),1)", "LET(x,{},{})", SOME)
@example("A{r}*2", "IF(ISTEXT(C{r}),SUM(MAP(x,LAMBDA(z,COUNT(z)))),ISREF(x))", "LET(x,{},{})", SOME)
@example("A{r}*2", "IF(ISTEXT(C{r}),LET(z,1,SUM(MAP(x,LAMBDA(z,COUNT(z))))),7)", "LET(x,{},{})", SOME)
def test_a_column_is_its_cells(meant: str, use: str, whole: str, cells: list[list[Any]]) -> None:
    formula = whole.format(meant, use)
    alone = [shown(formula, cells, range(row, row + 1))[0] for row in range(len(cells))]
    together = shown(formula, cells, range(len(cells)))
    assert list(map(repr, together)) == list(map(repr, alone)), formula
