"""What is found only by computing, what goes in a circle, what fails, and whole sheets: values by cell."""

from __future__ import annotations

import tracemalloc
from datetime import datetime, timedelta, tzinfo
from typing import Any

import pytest

from addin.headless.computation import CIRCULAR, ITERATED, UNSETTLED, Computation, compute
from addin.headless.subtotals import Hidden
from addin.xlsx.cells import CellSet, FormulaCells
from addin.xlsx.external import ExternalBook
from addin.xlsx.model import Area, Cell, CellError, Sheet, Table, Workbook

Places = dict[tuple[int, int], Any]


def workbook(cells: Places, formulas: dict[tuple[int, int], str], **names: str) -> Workbook:
    sheet = Sheet("表")
    for place, cell in cells.items():
        sheet.set(*place, float(cell) if type(cell) is int else cell)
    sheet.formulas.update(formulas)
    return Workbook({"表": sheet}, dict(names))


def test_cells_that_a_text_names_are_computed_first() -> None:
    formulas = {(r, 0): f'INDIRECT("A"&{r + 2})+1' for r in range(6)} | {
        (6, 0): "B1*2",
        (0, 2): 'SUM(INDIRECT("A1:A"&B2))',
    }
    computed, problems = compute(workbook({(0, 1): 5, (1, 1): 3}, formulas))
    assert problems == []
    assert [computed["表"][r, 0] for r in range(7)] == [16, 15, 14, 13, 12, 11, 10] and computed["表"][0, 2] == 45


def test_a_circle_through_texts_is_told() -> None:
    formulas = {(0, 0): 'INDIRECT("B1")', (0, 1): 'INDIRECT("A1")+1', (0, 2): "A1+B1", (0, 3): "1+1"}
    computed, problems = compute(workbook({}, formulas))
    assert [(problem.cell, problem.message) for problem in problems] == [("A1", CIRCULAR), ("B1", CIRCULAR)]
    assert sum(problem.count for problem in problems) == 3 and computed["表"] == {(0, 3): 2}


def test_what_a_cell_does_not_read_is_no_circle() -> None:
    formulas = {
        (1, 2): "INDEX(2:2,1,2)", (9, 0): "SUM(A1:OFFSET(A10,-1,0))", (3, 3): "IF(A1=1,5,E4)", (3, 4): "D4+1",
    }  # fmt: skip
    computed, problems = compute(workbook({(0, 0): 1, (1, 1): 7, (2, 0): 4}, formulas))
    assert problems == []
    assert computed["表"] == {(1, 2): 7, (9, 0): 5, (3, 3): 5, (3, 4): 6}


def test_only_the_rows_fail_that_cannot_be_computed_and_the_cause_is_told_once() -> None:
    formulas = {(r, 1): f"IF(A{r + 1}>2,QITA(A{r + 1}),A{r + 1}*2)" for r in range(5)}
    formulas |= {(r, 2): f"B{r + 1}+1" for r in range(5)} | {(0, 3): "SUM(C1:C5)"}
    computed, problems = compute(workbook({(r, 0): r for r in range(5)}, formulas))
    assert [(p.cell, p.cells, p.dependents) for p in problems] == [("B4", 2, 3)]
    assert {place: computed["表"].get(place) for place in [(2, 1), (3, 1), (2, 2)]} == {
        (2, 1): 4,
        (3, 1): None,
        (2, 2): 5,
    }


def test_a_lambda_with_a_name_may_call_itself() -> None:
    names = {"阶乘": "LAMBDA(_xlpm.n,IF(_xlpm.n<2,1,_xlpm.n*阶乘(_xlpm.n-1)))", "加": "LAMBDA(_xlpm.x,_xlpm.x+表!$A$1)"}
    computed, problems = compute(
        workbook({(0, 0): 5}, {(0, 1): "阶乘(A1)", (1, 1): "加(1)", (0, 2): "SUM(加(A1:A2))"}, **names)
    )
    assert problems == [] and computed["表"] == {(0, 1): 120, (1, 1): 6, (0, 2): 15}


def test_whole_columns_count_all_their_blanks() -> None:
    formulas = {
        (0, 3): 'COUNTIF(A:A,"<>甲")', (1, 3): "COUNTBLANK(A:A)", (2, 3): 'COUNTIF(A:A,"")', (3, 3): "ROWS(A:A)",
        (4, 3): 'COUNTIFS(A:A,"<>甲",B:B,"")', (5, 3): 'SUMPRODUCT((A:A="甲")*B:B)', (6, 3): 'SUMPRODUCT(--(A:A=""))',
        (7, 3): "INDEX(A:A,500000)", (8, 3): 'MATCH("乙",A:A,0)', (9, 3): 'SUMIF(A:A,"甲",B:B)',
    }  # fmt: skip
    computed, problems = compute(workbook({(0, 0): "甲", (1, 0): "乙", (2, 0): "甲", (0, 1): 1, (2, 1): 4}, formulas))
    assert problems == []
    assert [computed["表"][r, 3] for r in range(10)] == [
        1048574,
        1048573,
        1048573,
        1048576,
        1048574,
        5,
        1048573,
        0,
        2,
        5,
    ]


def test_sheets_from_one_to_another_are_summed() -> None:
    sheets = {name: Sheet(name, {0: [value]}) for name, value in (("一月", 1.0), ("二月", 2.0), ("三月", 4.0))}
    sheets["汇总"] = Sheet(
        "汇总",
        {},
        FormulaCells({(0, 0): "SUM(一月:三月!A1)", (1, 0): "AVERAGE(一月:二月!A1)", (2, 0): "SHEET(二月!A1)+SHEETS()"}),
    )
    computed, problems = compute(Workbook(sheets))
    assert problems == [] and computed["汇总"] == {(0, 0): 7, (1, 0): 1.5, (2, 0): 6}


def test_values_kept_of_another_workbook_are_used_and_told() -> None:
    other = ExternalBook("去年.xlsx", {"表": Sheet("表", {0: [3.0, "甲"]})}, {"总数": "表!$A$1"})
    formulas = {
        (0, 0): "[1]表!A1+1",
        (1, 0): "SUM([1]表!A1:A9)",
        (2, 0): "[1]!总数",
        (3, 0): "[2]表!A1",
        (4, 0): "[1]无!A1",
    }
    computation = Computation(workbook({}, formulas), external=lambda: {"[1]": other})
    computation.run()
    assert computation.values["表"] == {(0, 0): 4, (1, 0): 3, (2, 0): 3}
    assert [problem.cell for problem in computation.problems] == ["A4", "A5"]
    assert len(computation.notes) == 1 and "去年.xlsx" in computation.notes[0]


@pytest.mark.parametrize(("filtered", "sum_of_shown"), [(True, 6), (False, 8)])
def test_hidden_rows_do_not_count_where_a_filter_is_set_on_the_sheet(filtered: bool, sum_of_shown: float) -> None:
    hidden = Hidden(frozenset({1, 5}), filtered)
    formulas = {
        (9, 1): "SUBTOTAL(9,A1:A8)",
        (9, 2): "SUBTOTAL(109,A1:A8)",
        (9, 3): "SUBTOTAL(E1,A1:A8)",
        (9, 5): "SUBTOTAL({2,9},A1:A8)",
    }
    computed, problems = compute(
        workbook({(r, 0): 1 for r in range(8)} | {(0, 4): 109}, formulas), lambda sheet: hidden
    )
    assert problems == [] and computed["表"] == {(9, 1): sum_of_shown, (9, 2): 6, (9, 3): 6, (9, 5): sum_of_shown}


def test_days_of_the_1904_system() -> None:
    book = workbook(
        {(0, 0): 43538},
        {
            (0, 1): "YEAR(A1)",
            (1, 1): "DATE(2023,3,15)",
            (2, 1): 'TEXT(A1,"yyyy-mm-dd")',
            (3, 1): "YEAR(0)",
            (4, 1): 'TEXT(-1/24,"h:mm")',
            (5, 1): 'DATEVALUE("1900-2-29")',
            (6, 1): 'DATEVALUE("1904-1-1")',
        },
    )
    book.date1904 = True
    computed, problems = compute(book)
    expected = [2023, 43538, "2023-03-15", 1904, "-1:00", CellError.VALUE, 0]
    assert problems == [] and list(computed["表"].values()) == expected


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        ("SUM(SEQUENCE(5000,5000))", "数组过大"), ("MAKEARRAY(9999,9999,LAMBDA(r,c,1))", "数组过大"),
        ("SUM(MAKEARRAY(1000,1000,LAMBDA(r,c,r*c)))", "计算量过大"),
        ("VLOOKUP(1,(D1:E1,D2:E2),2)", "几块区域"), ("MATCH(1,(A1,A2),0)", "几块区域"), ("COLUMN((A1:A2,A9))", "几块区域"),
        ("SUMPRODUCT((A1:A2,A9))", "几块区域"), ("KAOHE_SCORE((A1,A2))", "几块区域"),
        ('TEXT(9,"[$-411]e")', "年号"), ("CELL(\"width\",A1)", "CELL"), ("A1-(4,3)", "引用"),
    ],
)  # fmt: skip
def test_what_is_too_much_is_told(formula: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("addin.headless.lambdas.MOST_WORK", 1_000_000)
    computed, problems = compute(workbook({(0, 0): 1}, {(0, 1): formula, (0, 2): "A1+1"}))
    assert computed["表"] == {(0, 2): 2} and told in problems[0].message


def test_an_array_formula_of_too_many_cells_takes_no_memory_and_its_readers_are_told() -> None:
    formulas = {(0, 2): "H1:H2", (0, 0): "E9+1", (1, 0): 'INDIRECT("C999999")', (2, 0): "B1+1"}
    book = workbook({}, formulas)
    book.sheets["表"].arrays[0, 2] = Area("表", 0, 2, 999_999, 6)
    tracemalloc.start()
    try:
        computed, [problem] = compute(book)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()
    assert computed == {"表": {(2, 0): 1}}
    assert (problem.cell, problem.cells, problem.dependents) == ("C1", 1, 2) and "数组过大" in problem.message


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("+".join(f"A{row}" for row in range(1, 1501)), 1), ("A1" + "-A1" * 2700, -2699), ("A1" + "=A1" * 2701, False),
        ("-" * 8000 + "A1", 1), ("A1" + "%" * 8000, 0), ("SUM((A1" + ",A1" * 2700 + "))", 2701),
        ("LET(x,A1," + "+".join("x" * 4000) + ")", 4000), ("IF(A1," + "*".join(["A1"] * 2700) + ")", 1),
    ],
    ids=["sum", "differences", "comparisons", "signs", "per cents", "union", "variables", "inside IF"],
)  # fmt: skip
def test_formulas_as_long_as_excel_allows(formula: str, expected: float) -> None:
    computed, problems = compute(workbook({(0, 0): 1}, {(0, 1): formula, (1, 1): "B1+0"}))
    assert problems == [] and computed["表"] == {(0, 1): expected, (1, 1): expected}


def test_a_lambda_calls_itself_as_often_as_in_excel() -> None:
    book = workbook({}, {(0, 1): "深(1023)", (1, 1): "深(1024)"}, 深="LAMBDA(x,IF(x,1+深(x-1)))")
    computed, problems = compute(book)
    assert computed["表"] == {(0, 1): 1023} and [(p.cell, "1024 层" in p.message) for p in problems] == [("B2", True)]


def test_a_call_of_a_long_lambda_is_more_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("addin.headless.lambdas.MOST_WORK", 10_000)
    formulas = {
        (0, 1): "SUM(MAP(SEQUENCE(50),LAMBDA(x,x)))",
        (0, 2): f"SUM(MAP(SEQUENCE(50),LAMBDA(x,{'+'.join('x' * 50)})))",
    }
    computed, problems = compute(workbook({}, formulas))
    assert computed["表"] == {(0, 1): 1275} and ["计算量过大" in problem.message for problem in problems] == [True]


def test_an_array_that_holds_both_branches_of_if_goes_in_a_circle() -> None:
    """Of a single cell Excel computes the branch that is taken only."""
    book = workbook(
        {(0, 0): 0, (1, 0): 0, (3, 0): 0}, {(0, 1): "C1", (1, 1): "C2", (3, 1): "IF(A4,C4,1)", (3, 2): "B4"}
    )
    book.sheets["表"].formulas[0, 2] = "IF(A1:A2,B1:B2,1)"
    book.sheets["表"].arrays[0, 2] = Area("表", 0, 2, 1, 2)
    computed, problems = compute(book)
    assert computed["表"] == {(3, 1): 1, (3, 2): 1}
    assert {problem.message for problem in problems} == {CIRCULAR}


@pytest.mark.parametrize("formula", ["OFFSET(B1,ROW({})-1,0)", 'INDIRECT("B"&ROW({}))'])
def test_very_many_references_at_once_are_told(formula: str) -> None:
    formulas = {
        (0, 0): f"SUMPRODUCT(N({formula.format('1:100001')}))",
        (0, 2): f"SUMPRODUCT(N({formula.format('1:99')}))",
    }
    computed, problems = compute(workbook({(0, 1): 1, (98, 1): 2}, formulas))
    assert computed["表"] == {(0, 2): 3} and ["100000 处" in problem.message for problem in problems] == [True]


def test_of_what_index_gives_to_row_only_the_place_matters() -> None:
    formulas = {(0, 0): "ROW(INDEX(A1:B9,3,COUNT(B1)))", (0, 2): "COLUMN(INDEX(A2:B9,1,2))"}
    computed, problems = compute(workbook({(0, 1): 1, (1, 1): CellError.NA}, formulas))
    assert problems == [] and computed["表"] == {(0, 0): 3, (0, 2): 2}


def test_a_column_that_stands_for_its_own_cell_is_no_circle() -> None:
    """Excel's loan amortization: every column has a name, and each balance comes from the row above."""
    names = {"期初": "表!$A$1:$A$3", "本金": "表!$B$1:$B$3", "期末": "表!$C$1:$C$3", "横": "表!$A$1:$C$1"}
    formulas = {(row, 1): 'IF(期初<>"",ROUND(期初/2,0),"")' for row in range(3)}
    formulas |= {(row, 2): 'IF(AND(期初<>"",本金>0),期初-本金,"")' for row in range(3)}
    formulas |= {(1, 0): "C1", (2, 0): "C2", (4, 0): 'SUMIF(期初,">0",本金)', (5, 1): "ABS(横)"}
    computed, problems = compute(workbook({(0, 0): 8}, formulas, **names))
    assert problems == []
    assert [computed["表"][row, 2] for row in range(3)] == [4, 2, 1]
    assert computed["表"][4, 0] == 7 and computed["表"][5, 1] == 4


@pytest.mark.parametrize(
    ("cell", "expected"), [((1, 1), 22), ((2, 0), 31), ((3, 1), CellError.VALUE), ((1, 2), CellError.VALUE)]
)
def test_a_block_of_another_sheet_stands_for_the_cell_in_the_same_place(cell: tuple[int, int], expected: Cell) -> None:
    other = Sheet("表", {0: [11.0, 21.0, 31.0], 1: [12.0, 22.0, 32.0]})
    own = Sheet("汇总", {}, FormulaCells({cell: "表!$A$1:$B$3"}))
    computed, problems = compute(Workbook({"表": other, "汇总": own}))
    assert problems == [] and computed["汇总"] == {cell: expected}


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('VLOOKUP("乙",A:C,2,FALSE)', 20), ('VLOOKUP("乙",A:C,2,)', 20), ('VLOOKUP("乙",A1:C2,2)', 20), ('VLOOKUP("丙",A:C,2,0)', CellError.NA),
        ("VLOOKUP(A:A,A:C,2,0)", 10), ('VLOOKUP("乙",A:C,1,FALSE)', "乙"), ("HLOOKUP(10,B1:C2,2,FALSE)", 20), ('IFERROR(VLOOKUP("丙",A:C,2,0),7)', 7),
    ],
)  # fmt: skip
def test_a_look_up_waits_only_for_what_it_reads(formula: str, expected: Any) -> None:
    """As in a table of pay where what is divided comes from other columns of the table, by way of other sheets."""
    dependent = (1, 2) if formula.startswith("HLOOKUP") else (0, 2)
    cells = {(0, 0): "甲", (0, 1): 10.0, (1, 0): "乙", (1, 1): 20.0}
    computed, problems = compute(workbook(cells, {(0, 5): formula, dependent: "F1"}))
    assert problems == [] and computed["表"] == {(0, 5): expected, dependent: expected}


@pytest.mark.parametrize(
    "formula", ['VLOOKUP("甲",A:C,3,FALSE)', 'VLOOKUP("甲",A:F,2,FALSE)', "HLOOKUP(1,B1:C2,1,FALSE)", 'VLOOKUP("甲",C:D,2,FALSE)']
)  # fmt: skip
def test_a_look_up_that_reads_what_waits_for_it_or_among_its_own_cell_is_a_circle(formula: str) -> None:
    computed, problems = compute(workbook({(0, 0): "甲", (0, 1): 10.0}, {(0, 5): formula, (0, 2): "F1"}))
    assert computed == {} and problems and all("循环引用" in problem.message for problem in problems)


def test_formulas_as_texts_and_what_cells_are() -> None:
    formulas = {
        (0, 1): "A1*2", (0, 2): "_xlfn.FORMULATEXT(B1)", (0, 3): "ISFORMULA(B1)", (0, 4): "ISFORMULA(A1)", (0, 5): "FORMULATEXT(A1)",
        (0, 6): 'CELL("address",B2)', (0, 7): 'CELL("type",A2)', (0, 8): 'CELL("什么",A1)',
        (1, 1): "_xlfn.LAMBDA(_xlpm.a,_xlop.b,_xlpm.a+IF(_xlfn.ISOMITTED(_xlpm.b),1,_xlpm.b))(A1)", (1, 2): "_xlfn.FORMULATEXT(B2)",
        (1, 3): "_xlfn.FORMULATEXT(B3)", (2, 1): "IF(TRUE,1,_xll.插件函数(1))",
    }  # fmt: skip
    computed, problems = compute(workbook({(0, 0): 1, (1, 0): "字"}, formulas))
    assert problems == []
    assert [computed["表"][0, col] for col in range(1, 9)] == [
        2,
        "=A1*2",
        True,
        False,
        CellError.NA,
        "$B$2",
        "l",
        CellError.VALUE,
    ]
    assert (computed["表"][1, 1], computed["表"][1, 2]) == (2, "=LAMBDA(a,[b],a+IF(ISOMITTED(b),1,b))(A1)")
    assert computed["表"][1, 3] == "=IF(TRUE,1,插件函数(1))"


def test_arrays_do_not_grow_over_each_other() -> None:
    book = workbook({(0, 0): 3, (1, 0): 1}, {(0, 2): "SORT(A1:A2)", (1, 2): "B9"})
    sheet = book.sheets["表"]
    sheet.arrays[0, 2] = Area("表", 0, 2, 0, 2)
    sheet.dynamic.add((0, 2))
    computed, problems = compute(book)
    assert problems == [] and computed["表"] == {(0, 2): CellError.SPILL, (1, 2): 0}


def test_a_name_of_a_table_is_its_data_for_a_text() -> None:
    book = workbook(
        {(0, 0): "分", (1, 0): 2, (2, 0): 5},
        {(0, 3): 'SUM(INDIRECT("成绩[分]"))', (1, 3): 'SUM(INDIRECT(A9&"名"))'},
        名="表!$A$2:$A$3",
    )
    book.tables["成绩"] = Table("成绩", "表", ("分",), 1, 2, 0)
    computed, problems = compute(book)
    assert problems == [] and computed["表"] == {(0, 3): 7, (1, 3): 7}


def test_the_work_of_lambdas_is_bounded_for_each_cell_and_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cells count for themselves: what one may do a filled-down column may do in every row."""
    monkeypatch.setattr("addin.headless.lambdas.MOST_WORK", 10_000)
    monkeypatch.setattr("addin.headless.lambdas.MOST_WORK_OF_ALL", 100_000)
    sheet = Sheet("表")
    for row in range(3):
        sheet.set(row, 0, float(row))
        sheet.formulas[row, 1] = f"SUM(MAP(SEQUENCE(90),LAMBDA(x,x+A{row + 1})))"
    sheet.formulas[0, 2] = "SUM(MAP(SEQUENCE(101),LAMBDA(x,x)))"
    sheet.formulas[0, 3] = "LET(x,SEQUENCE(5001),y,x+1,z,y+1,SUM(z))"
    computed, problems = compute(Workbook({"表": sheet}))
    assert computed["表"] == {(0, 1): 4095, (1, 1): 4185, (2, 1): 4275}
    assert [(problem.cell, "计算量过大" in problem.message) for problem in problems] == [("C1", True), ("D1", True)]
    for row in range(3, 20):
        sheet.formulas[row, 1] = f"SUM(MAP(SEQUENCE(90),LAMBDA(x,x+A{row + 1})))"
    assert {problem.cell for problem in compute(Workbook({"表": sheet}))[1]} == {"B1", "C1", "D1"}


def test_a_row_or_column_of_cells_means_the_one_in_the_own_column_or_row() -> None:
    sheet = Sheet("表")
    for row in range(3):
        for col in range(3):
            sheet.set(row, col, float(10 * row + col))
    texts = {(3, 1): "A1:C1*2", (3, 5): "A1:C1*2", (3, 2): "A1:C2*2", (1, 5): "B1:B3*2", (5, 5): "B1:B3*2"}
    sheet.formulas.update(texts)
    computed, problems = compute(Workbook({"表": sheet}))
    wrong = CellError.VALUE
    assert problems == [] and [computed["表"][place] for place in texts] == [2, wrong, wrong, 22, wrong]


def test_what_a_workbook_computes_again_and_again_is_told() -> None:
    book = workbook({}, {(0, 0): "B1+1", (0, 1): "A1*0.5"})
    book.iterations = 100
    _, problems = compute(book)
    assert [(problem.cell, problem.message) for problem in problems] == [("A1", ITERATED), ("B1", ITERATED)]


@pytest.mark.parametrize(
    ("formula", "stored", "expected"),
    [
        ('IF(A1="","",IF(B1="",A1*2,B1))', "", 10),
        ('IF(A1="","",IF(B1="",A1*2,B1))', 7.0, 7),
        ("IF(B1<100,B1+1,B1)", 1.0, 100),
        ("MAX(A1,B1)", 3.0, 5),
        ("MAX(A1,B1)", 9.0, 9),
        ("B1", "甲", "甲"),
    ],
)
def test_a_cell_that_reads_itself_ends_at_a_value_that_stays(formula: str, stored: Any, expected: Any) -> None:
    """A time that is noted once, the highest score so far."""
    book = workbook({(0, 0): 5.0, (0, 1): stored}, {(0, 1): formula, (0, 2): "A1+1", (0, 3): "B1&C1"})
    assert {problem.message for problem in compute(book)[1]} == {CIRCULAR}
    book.iterations = 100
    computed, problems = compute(book)
    assert problems == [] and computed["表"][0, 1] == expected
    assert computed["表"][0, 3] == f"{expected}6"


@pytest.mark.parametrize(
    "formula", ["B1+A1", "(B1+2/B1)/2", "IF(B1=1,2,1)", "RAND()+B1", "B1+0.0001*(B1<2)", "IF(B1<101,B1+1,B1)"]
)
def test_a_cell_that_reads_itself_and_never_stays_keeps_its_value(formula: str) -> None:
    book = workbook({(0, 0): 5.0, (0, 1): 1.0}, {(0, 1): formula, (0, 2): "B1*2"})
    book.iterations = 100
    computed, problems = compute(book)
    assert computed == {} and book.sheets["表"].get(0, 1) == 1.0
    assert [(problem.cell, problem.message, problem.dependents) for problem in problems] == [("B1", UNSETTLED, 1)]


def test_a_cell_that_reads_itself_waits_for_what_else_it_reads() -> None:
    formulas = {(row, 1): f'IF(C{row + 1}="","",IF(B{row + 1}="",C{row + 1},B{row + 1}))' for row in range(3)}
    formulas |= {(row, 2): f"A{row + 1}*2" for row in range(3)} | {(3, 1): "B5", (4, 1): "B4+B5"}
    book = workbook({(row, 0): float(row) for row in range(3)} | {(1, 1): 8.0, (0, 1): "", (2, 1): ""}, formulas)
    book.iterations = 100
    computed, problems = compute(book)
    assert [computed["表"][row, 1] for row in range(3)] == [0, 8, 4]
    assert [(problem.cell, problem.message, problem.cells) for problem in problems] == [("B4", ITERATED, 2)]


def test_all_cells_are_computed_at_one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    class Ticking(datetime):
        ticks = 0

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Ticking:
            cls.ticks += 1
            return cls(2024, 12, 31, 23, 59, 59) + timedelta(seconds=cls.ticks)

    monkeypatch.setattr("addin.xlsx.dates.datetime", Ticking)
    formulas = {(0, 0): "NOW()", (1, 0): "A1-NOW()", (2, 0): "TODAY()-INT(A1)", (3, 0): 'YEAR("3-5")-YEAR(A1)'}
    computed, problems = compute(workbook({}, formulas))
    assert problems == [] and [computed["表"][row, 0] for row in range(1, 4)] == [0, 0, 0]


def test_evaluate_computes_what_a_text_says() -> None:
    texts = ["3*(4+2)", "=1/0", "1+", "B5*2", "SUM({1,2,3})", '"甲"&"乙"', "没有(1)"]
    cells: dict[tuple[int, int], Any] = {(row, 0): text for row, text in enumerate(texts)}
    formulas = {(row, 1): "算式" for row in range(len(texts))} | {(0, 2): "B1+EVALUATE(A1)", (1, 2): 'EVALUATE("C2")'}
    book = workbook(cells, formulas, 算式="EVALUATE(表!$A1)")
    computed, problems = compute(book)
    found = [computed["表"][row, 1] for row in range(6)]
    assert found == [18, CellError.DIV0, CellError.VALUE, 12, 6, "甲乙"] and computed["表"][0, 2] == 36
    assert [(problem.cell, problem.message) for problem in problems] == [("C2", CIRCULAR), ("B7", "函数 没有 不受支持")]


def test_of_some_cells_only_these_are_computed_from_what_the_others_hold() -> None:
    book = workbook({(0, 0): 2, (0, 1): 7}, {(0, 1): "A1+1", (0, 2): "B1*2", (1, 2): "C1+B1"})
    computation = Computation(book)
    computation.run({"表": CellSet([(0, 2), (1, 2)])})
    assert computation.values["表"] == {(0, 2): 14, (1, 2): 21} and book.sheets["表"].get(0, 1) == 7
