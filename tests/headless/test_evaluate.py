"""Formulas as Excel documents them, computed for one cell and for whole columns."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.headless.computation import compute
from addin.xlsx.model import Area, CellError, Sheet, Table, Workbook
from udfs import FUNCTIONS

VALUE, NA, NUM, DIV0, NAME, REF = (
    CellError.VALUE,
    CellError.NA,
    CellError.NUM,
    CellError.DIV0,
    CellError.NAME,
    CellError.REF,
)


def workbook(rows: list[list[Any]], formulas: dict[tuple[int, int], str], **names: str) -> Workbook:
    sheet = Sheet("表")
    for row, cells in enumerate(rows):
        for col, cell in enumerate(cells):
            if cell is not None:
                sheet.set(row, col, float(cell) if type(cell) is int else cell)
    sheet.formulas.update(formulas)
    return Workbook({"表": sheet}, {name.lower(): text for name, text in names.items()})


def value(formula: str, rows: list[list[Any]] | None = None, **names: str) -> Any:
    """What a cell far from the data shows for the formula."""
    computed, problems = compute(workbook(rows or [], {(50, 25): formula}, **names))
    assert problems == []
    return computed["表"][50, 25]


DATA = [
    [1, "甲", 90, True],
    [2, "乙", 80, "90"],
    [3, "甲", None, ""],
    [4, "丙", 70.5, None],
]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("1+2*3", 7), ("-2^2", 4), ("2^3^2", 64), ("10%", 0.1), ('"a"&1', "a1"), ("1/0", DIV0), ('"90"+1', 91),
        ('"x"+1', VALUE), ('""+1', VALUE), ("TRUE+1", 2), ("0.1+0.2=0.3", True), ("0.1+0.2-0.3", 0), ("(0.1+0.2-0.3)", 2.0**-54), (" ( (0.1+0.2)-(0.3) ) ", 2.0**-54), ("(0.1+0.2)-(0.3)", 0), ("(0.1+0.2-0.3)+0", 2.0**-54), ('"A"="a"', True),
        ('1<"a"', True), ('"a"<TRUE', True), (".5*2", 1), ("1e3", 1000), ("E9+1", 1), ('E9=""', True), ("E9=0", True),
        ("E9", 0), ("IF(1>2,1)", False), ("IF(TRUE,,5)", 0), ("IFERROR(1/0,7)", 7), ('IFNA(NA(),"无")', "无"),
        ("IFERROR(IF(1=1,2),3)", 2), ("CHOOSE(2,1,5)", 5), ("CHOOSE(3,1,5)", VALUE), ('IFS(FALSE,1,TRUE,"b")', "b"),
        ("IFS(FALSE,1)", NA), ('SWITCH(2,1,"a",2,"b")', "b"), ('SWITCH(E9,0,"a")', "a"), ('SWITCH(E9,"","a","b")', "b"), ('SWITCH("",E9,"a","b")', "b"), ('SWITCH(FALSE,E9,"a","b")', "b"), ('SWITCH(E9,FALSE,"a","b")', "b"), ("SWITCH(0,E9,7)", 7), ('SWITCH(3,1,"a","其他")', "其他"),
        ("AND(TRUE,1,C1>80)", True), ("OR(FALSE,0)", False), ("NOT(0)", True), ("XOR(TRUE,TRUE)", False),
        ("AND(B1:B4)", VALUE), ("SUM(A1:D4)", 250.5), ('SUM(A1:A4,"5",TRUE)', 16), ("SUM(D1:D2)", 0), ("COUNT(A1:D4)", 7),
        ("COUNTA(D1:D4)", 3), ("COUNTBLANK(D1:D4)", 2), ("AVERAGE(C1:C4)", 80.1666666666666714), ("AVERAGE(B1:B4)", DIV0),
        ("MIN(C1:C4)", 70.5), ("MAX(B1:B4)", 0), ("LARGE(C1:C4,2)", 80), ("SMALL(C1:C4,9)", NUM), ("MEDIAN(A1:A4)", 2.5),
        ("RANK(80,C1:C4)", 2), ("RANK(80,C1:C4,1)", 2), ("RANK(5,C1:C4)", NA), ("STDEV.P(1,3)", 1), ("PERCENTILE(A1:A4,0.5)", 2.5),
        ("ROUND(2.675,2)", 2.68), ("ROUND(1.005,2)", 1.01), ("ROUND(-2.5,0)", -3), ("ROUND(1234,-2)", 1200), ("ROUND(44,-2)", 0),
        ("ROUNDUP(1.01,0)", 2), ("ROUNDDOWN(-1.9,0)", -1), ("TRUNC(1.99)", 1), ("INT(-1.5)", -2), ("INT(0.29*100)", 29),
        ("MOD(-3,2)", 1), ("MOD(5,0)", DIV0), ("CEILING(2.1,0.5)", 2.5), ("FLOOR(2.9,0.5)", 2.5), ("ABS(-1)", 1), ("SQRT(-1)", NUM),
        ("POWER(0,0)", NUM), ("SIGN(-3)", -1), ("PRODUCT(A1:A4)", 24), ("SUMPRODUCT(A1:A4,C1:C4)", 532),
        ('SUMPRODUCT((B1:B4="甲")*A1:A4)', 4), ("SUMPRODUCT(A1:A4,A1:A3)", VALUE), ('SUMIF(B1:B4,"甲",A1:A4)', 4),
        ('SUMIFS(A1:A4,B1:B4,"甲",C1:C4,">50")', 1), ('COUNTIF(B1:B4,"?")', 4), ('COUNTIF(A1:A4,">=3")', 2),
        ('COUNTIF(D1:D4,"90")', 1), ('COUNTIF(D1:D4,"")', 2), ('COUNTIF(B1:B4,"<>甲")', 2), ('COUNTIFS(B1:B4,"甲",A1:A4,3)', 1),
        ('AVERAGEIF(B1:B4,"甲",A1:A4)', 2), ('AVERAGEIF(B1:B4,"丁",A1:A4)', DIV0), ('MAXIFS(A1:A4,B1:B4,"甲")', 3),
        ('MINIFS(A1:A4,B1:B4,"无")', 0), ('VLOOKUP(2,A1:C4,2,FALSE)', "乙"), ("VLOOKUP(9,A1:C4,2,FALSE)", NA), ("VLOOKUP(2.5,A1:C4,3)", 80),
        ("VLOOKUP(2,A1:C4,4)", REF), ('MATCH("丙",B1:B4,0)', 4), ("MATCH(3.5,A1:A4)", 3), ("MATCH(2.5,A1:A4,-1)", NA), ("INDEX(A1:C4,2,3)", 80),
        ("INDEX(A1:A4,5)", REF), ("SUM(INDEX(A1:C4,0,1))", 10), ("LOOKUP(2.5,A1:A4,B1:B4)", "乙"), ('XLOOKUP("丙",B1:B4,A1:A4)', 4),
        ('XLOOKUP("丁",B1:B4,A1:A4,"没有")', "没有"), ("XLOOKUP(2.5,A1:A4,B1:B4,,-1)", "乙"), ('HLOOKUP("甲",A1:D2,2,FALSE)', "乙"),
        ('TEXT(0.256,"0.0%")', "25.6%"), ('TEXT(1234.5,"#,##0.00")', "1,234.50"), ('TEXT(42185,"yyyy-mm-dd")', "2015-06-30"),
        ('TEXT(42185,"yyyy年m月d日")', "2015年6月30日"), ('TEXT(5,"000")', "005"), ('TEXT(-1.5,"0.0;(0.0)")', "(1.5)"), ('TEXT("x","0")', "x"),
        ('VALUE("1,234.5")', 1234.5), ('VALUE("x")', VALUE), ('LEFT("绩效考核",2)', "绩效"), ('RIGHT("绩效考核")', "核"), ('MID("绩效考核",2,2)', "效考"),
        ('LEN("绩效")', 2), ('FIND("考","绩效考核")', 3), ('FIND("x","绩效")', VALUE), ('SEARCH("B","abc")', 2), ('SUBSTITUTE("a-b-c","-","+",2)', "a-b+c"),
        ('REPLACE("abc",2,1,"x")', "axc"), ('TRIM(" a  b ")', "a b"), ('UPPER("a")', "A"), ('EXACT("a","A")', False), ('REPT("a",3)', "aaa"),
        ('CONCATENATE("a",1)', "a1"), ("CONCAT(B1:B3)", "甲乙甲"), ('TEXTJOIN("、",TRUE,B1:B2,"",C1)', "甲、乙、90"),
        ("DATE(2015,13,1)", 42370), ("YEAR(42185)", 2015), ("MONTH(42185)", 6), ("DAY(42185)", 30), ("EDATE(42400,1)", 42429), ("EOMONTH(42185,1)", 42216),
        ('DATEDIF(40087,42278,"y")', 6), ("WEEKDAY(42185,2)", 2), ("NETWORKDAYS(42184,42190)", 5), ("WORKDAY(42184,5)", 42191), ('DATEVALUE("2015-06-30")', 42185),
        ("ISNUMBER(A1)", True), ('ISTEXT("")', True), ("ISBLANK(E9)", True), ("ISERROR(1/0)", True), ("ISNA(NA())", True), ("N(TRUE)", 1), ('T("a")', "a"),
        ("ROWS(A1:A4)", 4), ("COLUMNS(A1:C4)", 3), ("ROW(A7)", 7), ("ROW()", 51), ("COLUMN()", 26), ("SUBTOTAL(9,A1:A4)", 10), ("SUBTOTAL(101,A1:A4)", 2.5),
        ("A1:A4+1", VALUE), ("无此名称", NAME), ("SUM({1,2;3,4})", 10), ("INDEX({1,2;3,-4},2,2)", -4), ("没有!A1", REF), ("#N/A", NA), ("SUM(A:A)", 10),
        ("SUM(1:1)", 91), ("KAOHE_SCORE(A1:A4)", 1), ("KAOHE_ROUND(1.005)", 1.01), ("KAOHE.ROUND(1.005)", 1.01), ("[1]!KAOHE_ROUND(1.005)", 1.01),
        ('KAOHE_LOOKUP("丙",B1:B4,A1:A4)', 4), ("_xlfn.CONCAT(1,2)", "12"), ("ROUND(1)", 1), ("LEFT()", VALUE),
    ],
)  # fmt: skip
def test_ordinary_formula(formula: str, expected: Any) -> None:
    found = value(formula, DATA)
    assert found == expected and isinstance(found, bool) == isinstance(expected, bool)


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda function: function.name)
def test_every_example_of_the_handbook_is_right(function: Any) -> None:
    formula, expected = function.example
    found = value(formula.removeprefix("="))
    wanted = expected[0][0] if isinstance(expected, tuple) else expected
    assert found == (pytest.approx(wanted, rel=1e-14) if isinstance(wanted, float) else wanted)


def test_names_stand_for_cells_blocks_constants_and_formulas() -> None:
    names = {"满分": "表!$A$4", "全部": "表!$A$1:$A$4", "常数": "5", "合计": "SUM(全部)*2"}
    assert value("满分+常数", DATA, **names) == 9
    assert value("SUM(全部)+合计", DATA, **names) == 30


def test_a_name_that_refers_to_itself_is_told() -> None:
    _, problems = compute(workbook(DATA, {(9, 9): "自己"}, 自己="自己+1"))
    assert ["自己" in problem.message for problem in problems] == [True]


FORMULAS = [
    "A{r}*2+$A$1", 'IF(A{r}>50,"高",IF(A{r}="","",B{r}/A{r}))', "SUM(A{r}:C{r})", "MAX(A{r},B{r})-MIN(A{r}:C{r})",
    "AND(A{r}>10,B{r}>10)", "IFERROR(VLOOKUP(A{r},$A$1:$C$8,2,FALSE),-1)", 'COUNTIF($A$1:$A$8,">"&A{r})',
    "SUMIFS($B$1:$B$8,$A$1:$A$8,A{r})", "KAOHE_RANK(A{r},$A$1:$A$8,$B$1:$B$8)", "KAOHE_SCORE(A{r}:C{r},{{0.2,0.3,0.5}})",
    "ROUND(A{r}/3,2)&C{r}", "SUM($A$1:A{r})", "INDEX($A$1:$C$8,ROW(),2)", "KAOHE_SUM(A{r},$A$1:$A$8,$B$1:$B$8)", "CHOOSE(MOD(ROW(),3)+1,A{r},B{r},1/0)",
    "SUMPRODUCT(($A$1:$A$8<A{r})*$B$1:$B$8)", "TEXT(A{r},\"0.0\")", "KAOHE_COUNT(A{r},$A$1:$A$8)+ISNUMBER(B{r})",
]  # fmt: skip
CELLS = st.one_of(st.none(), st.integers(0, 100).map(float), st.sampled_from([0.5, 33.33, "甲", "", True, NA]))


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=8, max_size=8), st.sampled_from(FORMULAS))
def test_a_whole_column_gives_what_single_cells_give(rows: list[list[Any]], formula: str) -> None:
    together, _ = compute(workbook(rows, {(r, 5): formula.format(r=r + 1) for r in range(8)}))
    alone = [compute(workbook(rows, {(r, 5): formula.format(r=r + 1)}))[0]["表"][r, 5] for r in range(8)]
    assert [together["表"][r, 5] for r in range(8)] == alone


def test_array_formulas_take_blocks_element_by_element() -> None:
    book = workbook(
        DATA, {(0, 6): 'IF(A1:A4>2,A1:A4*10,"")', (0, 7): "SUM(A1:A4*A1:A4)", (0, 8): "KAOHE_ROUND(C1:C4/3)"}
    )
    for col in (6, 7, 8):
        book.sheets["表"].arrays[0, col] = Area("表", 0, col, 4, col)
    computed, problems = compute(book)
    column = lambda col: [computed["表"][row, col] for row in range(5)]  # noqa: E731
    assert problems == []
    assert column(6) == ["", "", 30, 40, NA]
    assert column(7) == [30] * 5
    assert column(8) == [30, 26.67, 0, 23.5, NA]


def test_structured_references_mean_the_table_s_cells() -> None:
    rows: list[list[Any]] = [["姓名", "师德", "业绩", "总分"], ["甲", 1, 2, None], ["乙", 3, 4, None], ["合计", None, None, None]]
    formulas = {
        (1, 3): "SUM(人员[[#This Row],[师德]:[业绩]])", (2, 3): "SUM(人员[[#This Row],[师德]:[业绩]])", (3, 3): "SUM(人员[总分])",
        (9, 0): "COUNTA(人员[#All])", (9, 1): "人员[[#Headers],[业绩]]", (9, 2): "SUM(人员[[师德]:[业绩]])", (9, 3): "人员[没有]",
        (2, 4): "人员[@师德]*2", (9, 4): "SUM(人员[[#Totals],[总分]])", (9, 5): "ROWS(人员)",
    }  # fmt: skip
    book = workbook(rows, formulas)
    book.tables["人员"] = Table("人员", "表", ("姓名", "师德", "业绩", "总分"), 1, 2, 0, True, True)
    computed, _ = compute(book)
    found = computed["表"]
    assert [found[1, 3], found[2, 3], found[3, 3], found[9, 1], found[9, 2], found[9, 3]] == [3, 7, 10, "业绩", 10, REF]
    assert [found[9, 0], found[2, 4], found[9, 4]] == [14, 6, 10]


def test_what_cannot_be_computed_is_told_by_cell_and_left_alone() -> None:
    formulas = {
        (0, 5): "QITA(A1,1,0)", (1, 5): "F1+1", (2, 5): "G3", (2, 6): "F3", (3, 5): "BIEDE(1)", (4, 5): "[2]Sheet1!A1", (5, 5): "1+",
        (6, 5): "A1+1",
    }  # fmt: skip
    computed, problems = compute(workbook(DATA, formulas))
    told = {problem.cell: problem.message for problem in problems}
    assert set(told) == {"F1", "F3", "G3", "F4", "F5", "F6"}
    assert (problems[0].cells, problems[0].dependents) == (1, 1) and "1 个单元格因此无法计算" in str(problems[0])
    assert "QITA" in told["F1"] and "循环" in told["F3"] and "BIEDE" in told["F4"]
    assert computed["表"] == {(6, 5): 2}


def test_a_running_balance_is_computed_row_by_row() -> None:
    formulas = {(0, 5): "A1", **{(r, 5): f"F{r}+A{r + 1}" for r in range(1, 4)}, (0, 6): "F4"}
    computed, problems = compute(workbook(DATA, formulas))
    assert problems == [] and [computed["表"][r, 5] for r in range(4)] == [1, 3, 6, 10] and computed["表"][0, 6] == 10


def test_an_odd_row_in_a_column_keeps_its_own_formula() -> None:
    formulas = {(0, 5): "A1*2", (1, 5): "A2*2", (2, 5): "A3*100", (3, 5): "A4*2"}
    computed, _ = compute(workbook(DATA, formulas))
    assert [computed["表"][r, 5] for r in range(4)] == [2, 4, 300, 8]
