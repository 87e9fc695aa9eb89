"""Whole columns at once give what their cells give one by one, also where a column reads itself."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from addin.headless.broadcasting import each
from addin.headless.computation import compute
from addin.headless.operators import OPERATORS, by_column, joined_columns, settled, settled_columns
from addin.xlsx.cells import FormulaCells
from addin.xlsx.model import Area, CellError, Sheet, Workbook

ROWS = 8
FORMULAS = [
    "SUMPRODUCT(--($A$1:$A$8>A{r}),$B$1:$B$8)",
    "SUMPRODUCT(A{r}:C{r},$A$1:$C$1)",
    'COUNTIFS($C$1:$C$8,C{r},$A$1:$A$8,">"&A{r})+1',
    "SUMIFS($A$1:$A$8,$C$1:$C$8,C{r},$B$1:$B$8,B{r})",
    "AVERAGEIFS($A$1:$A$8,$C$1:$C$8,C{r})",
    "RANK(A{r},$A$1:$A$8)",
    "LARGE($A$1:$A$8,MOD(ROW(),4)+1)",
    "MATCH(C{r},$C$1:$C$8,0)",
    "COUNTIF(C$1:C{r},C{r})",
    "SUM(A{r}:B{r},5)",
    "AVERAGE(A{r}:C{r})",
    "OR(A{r}>50,B{r}>50)&AND(A{r}>50,B{r}>50)",
    "MIN(A{r}:C{r})&MAX(A{r}:C{r},7)&COUNT(A{r}:C{r},A{r})",
    'IF(ISNUMBER(A{r}),IF(A{r}>50,A{r}/B{r},"低"),IFERROR(C{r}*1,"无"))',
    "KAOHE_COEF(A{r},{{0.5,2}},IF(B{r}>50,0,1))",
    "KAOHE_SCORE(A{r}:B{r},A{r}:B{r})",
    "$A$1:$A$8*2",
    "ABS(A{r}:E{r})",
    "LET(x,A{r}*2,x+B{r})",
    "SUM(OFFSET(A{r},0,0,1,2))",
    'COUNT(INDIRECT("A"&ROW()),1)',
    "SUM(IF(ISNUMBER(A{r}),A{r}:B{r},B{r}))",
    "SUM(A$1:INDEX(A$1:A$8,ROW()))",
    "SUM(COUNTIF(A{r}:C{r},{{1,2}}))",
    "AGGREGATE(14,6,$A$1:$A$8/($C$1:$C$8=C{r}),1)",
    "SUBTOTAL(IF(ISNUMBER(A{r}),2,3),$A$1:$A$8)",
    "SUM(CHOOSE({{1,2}},COUNT(A{r}),COUNT(B{r})))",
    'COUNT(IF(ISNUMBER(B{r}),A{r},"90"))',
    "COUNTA(INDEX($A$1:$A$8,ROW()),$B$1)&COUNT(INDEX(列,9-ROW()))",
    'COUNT(CHOOSE(IF(ISTEXT(A{r}),1,2),A{r},INDEX($B$1:$B$8,3)),XLOOKUP(B{r},$C$1:$C$8,$A$1:$A$8,"90"))',
    'TEXTJOIN("、",TRUE,IFS(ISTEXT(A{r}),A{r},TRUE,""),SWITCH(C{r},"甲",$A$1,B{r}))',
    'SUMIF($A$1:$A$8,">0",INDEX($B$1:$B$8,ROW()))',
    "LET(x,IF(ISNUMBER(B{r}),A{r},C{r}),x&COUNT(x)*0)",
]
CELLS = st.one_of(
    st.none(),
    st.integers(0, 100).map(float),
    st.sampled_from([0.1, 0.3, 33.33, "甲", "乙", "", "90", True, CellError.NA]),
)


def book(cells: list[list[Any]], formulas: dict[tuple[int, int], str]) -> Workbook:
    sheet = Sheet("表")
    for row, line in enumerate(cells):
        for col, cell in enumerate(line):
            if cell is not None:
                sheet.set(row, col, cell)
    sheet.formulas.update(formulas)
    return Workbook({"表": sheet}, {"列": "表!$A$1:$A$8"})


def column(cells: list[list[Any]], formula: str, rows: range = range(ROWS)) -> list[Any]:
    computed, problems = compute(book(cells, {(r, 5): formula.format(r=r + 1, above=r, below=r + 2) for r in rows}))
    assert problems == []
    return [computed["表"][r, 5] for r in rows]


@pytest.mark.parametrize("formula", FORMULAS)
@settings(max_examples=50)
@given(cells=st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=ROWS, max_size=ROWS))
def test_a_column_gives_what_its_cells_give_alone(formula: str, cells: list[list[Any]]) -> None:
    assert column(cells, formula) == [column(cells, formula, range(r, r + 1))[0] for r in range(ROWS)]


NUMBERS = [[float(n), float(n % 3)] for n in (3, 1, 4, 1, 5, 9, 2, 6)]


def test_a_balance_is_carried_down_and_up() -> None:
    down = book(NUMBERS, {(0, 5): "A1"} | {(r, 5): f"F{r}+A{r + 1}" for r in range(1, ROWS)})
    assert [compute(down)[0]["表"][r, 5] for r in range(ROWS)] == [3, 4, 8, 9, 14, 23, 25, 31]
    up = book(NUMBERS, {(ROWS - 1, 5): "A8"} | {(r, 5): f"F{r + 2}+A{r + 1}" for r in range(ROWS - 1)})
    assert [compute(up)[0]["表"][r, 5] for r in range(ROWS)] == [31, 28, 27, 23, 22, 17, 8, 6]


def test_two_columns_may_carry_each_other() -> None:
    formulas = {(r, 2): "A1" if r == 0 else f"A{r + 1}+D{r}" for r in range(ROWS)}
    formulas |= {(r, 3): f"C{r + 1}*2" for r in range(ROWS)}
    computed, problems = compute(book(NUMBERS, formulas))
    assert problems == []
    assert [computed["表"][r, 3] for r in range(4)] == [6, 14, 36, 74]


def test_a_sum_may_grow_over_the_results_above() -> None:
    computed, problems = compute(book(NUMBERS, {(r, 5): f"SUM(F$1:F{r})+1" if r else "1" for r in range(ROWS)}))
    assert problems == []
    assert [computed["表"][r, 5] for r in range(ROWS)] == [1, 2, 4, 8, 16, 32, 64, 128]


def test_cells_in_no_order_of_rows_are_still_computed() -> None:
    formulas = {(0, 5): "F3+1", (1, 5): "A2", (2, 5): "F2*10", (3, 5): "F1"}
    computed, problems = compute(book(NUMBERS, formulas))
    assert problems == []
    assert [computed["表"][r, 5] for r in range(4)] == [11, 1, 10, 11]


def test_only_the_rows_that_read_an_unknown_cell_are_left_out() -> None:
    formulas = {(r, 5): f"A{r + 1}*2" for r in range(ROWS)} | {(3, 5): "QITA(A1,1,0)"}
    formulas |= {(r, 6): f"F{r + 1}+1" for r in range(ROWS)} | {(0, 8): "SUM(F1:F8)", (1, 8): "SUM(F1:F3)"}
    computed, problems = compute(book(NUMBERS, formulas))
    assert [(problem.cell, problem.cells, problem.dependents) for problem in problems] == [("F4", 1, 2)]
    assert [computed["表"].get((r, 6)) for r in range(ROWS)] == [7, 3, 9, None, 11, 19, 5, 13]
    assert computed["表"][1, 8] == 16


def test_runs_are_found_by_what_the_formulas_say() -> None:
    formulas = {
        (0, 0): "B1+$C$1", (1, 0): "B2+$C$1", (2, 0): "B3+$C$2", (3, 0): "B4+$C$2",
        (0, 1): 'SUM(3:3)&"A1"', (1, 1): 'SUM(3:3)&"A1"', (0, 2): '人员[[#This Row],[A1]]&"B1"', (1, 2): '人员[[#This Row],[A1]]&"B1"',
        (0, 3): "Sheet1!A1", (1, 3): "Sheet2!A2", (0, 4): "LOG10(A1)%", (1, 4): "LOG10(A2)%", (3, 4): "LOG10(A4)%",
    }  # fmt: skip
    found = sorted((run.col, run.first, run.last) for run in FormulaCells(formulas).runs({}))
    # A row reference without $ moves although its text stays the same; a gap ends a run.
    assert found == [
        (0, 0, 1), (0, 2, 3), (1, 0, 0), (1, 1, 1), (2, 0, 1), (3, 0, 0), (3, 1, 1), (4, 0, 1), (4, 3, 3)
    ]  # fmt: skip


@given(
    st.lists(
        st.sampled_from(["A{r}", "$A{r}", "A$1", "$A$2", "B{above}", '"A{r}"', "SUM(A{r}:B{below})", "A1"]), min_size=1
    ),
    st.lists(st.integers(2, 9), min_size=1, max_size=6, unique=True).map(sorted),
)
def test_cells_of_a_run_read_the_same_cells_relative_to_their_own(parts: list[str], rows: list[int]) -> None:
    text = "&".join(parts)
    values: list[list[Any]] = [[f"a{r}", f"b{r}"] for r in range(12)]
    formulas = {(r, 5): text.format(r=r + 1, above=r, below=r + 2) for r in rows}
    together, _ = compute(book(values, formulas))
    for place, formula in formulas.items():
        assert compute(book(values, {place: formula}))[0]["表"][place] == together["表"][place]


PLAIN = st.one_of(
    st.sampled_from([0.0, -0.0, 1.0, 0.1, -0.1, 0.30000000000000004, -0.3, 1e308, -1e308, 5e-324, 1e15]),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
)
MIXED = st.one_of(PLAIN, st.sampled_from([None, "", "甲", "A", "a", "1", CellError.NA, CellError.DIV0]))


@pytest.mark.parametrize("name", [name for name in OPERATORS if name not in ("U-", "U+", "%", "@")])
@given(data=st.data())
def test_a_column_at_once_is_its_cells_one_by_one(name: str, data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 5))
    cells = data.draw(st.sampled_from([PLAIN, MIXED]))
    column, other = st.lists(cells, min_size=count, max_size=count), cells
    pair = data.draw(st.one_of(st.tuples(column, column), st.tuples(column, other), st.tuples(other, column)))
    found = joined_columns(*pair) if name == "&" else by_column(name, *pair)
    if found is not None:
        assert list(map(repr, found)) == list(map(repr, each(OPERATORS[name], *pair)))


def test_what_numbers_do_is_done_a_column_at_once() -> None:
    ones, truths = [1.0, 2.5], [True, False]
    assert by_column("*", truths, truths) == [1.0, 0.0]
    assert by_column("-", 1.0, truths) == [0.0, 1.0]
    assert by_column("/", ones, [4.0, True]) == [0.25, 2.5]
    assert by_column("/", ones, truths) is by_column("/", ones, False) is None
    assert by_column("+", ones, -0.9999999999999999) == [2.0**-53, 1.5]
    assert (
        by_column("*", ones, [1e308, 1e308]) is by_column("+", ones, [None, 1.0]) is by_column("^", ones, ones) is None
    )


@given(st.lists(st.tuples(st.sampled_from([0.0, -0.0, 3.0, 2.0**-46, 2.0**-47, 2.0**-48, -(2.0**-48), CellError.NA]),
                          st.sampled_from([0.0, 1.0, -1.0, 0.3, True, "1", None])), min_size=1, max_size=5))  # fmt: skip
def test_what_is_left_of_sums_is_settled_as_cell_by_cell(pairs: list[tuple[Any, Any]]) -> None:
    """What is smaller than 2^-47 of the first part is noise; texts that are no numbers give errors before."""
    sums, firsts = map(list, zip(*pairs, strict=True))
    assert settled_columns(sums, firsts) in (None, [settled(*pair) for pair in pairs])
    assert settled_columns(sums, 1.0) in (None, [settled(found, 1.0) for found in sums])
    assert settled_columns([2.0**-47, -3.0], -1.0) and not settled_columns([2.0**-48, -3.0], [-1.0, 0.5])
    assert [settled(2.0**-47, 1.0), settled(2.0**-48, 1.0), settled(-(2.0**-48), True)] == [2.0**-47, 0.0, 0.0]


ALIKE = [
    'IF({0}="甲",1,2)&"x"', "{0}=1", "{0}=TRUE", "ABS({0})", "{0}^1", '{0}&""', "ISBLANK({0})", "ROUND({0}*3,1)", "{0}>0.3",
    'IF({0}&""="1",{0}*1,IF({0}&""="","",{0}&"")*1)', 'IF({0}&""="1",{0},"")', 'IFERROR({0}*1,"?")', 'IFERROR({0},{0}&"")',
    '{0}&"a"&{0}&1', "{0}+1", "2-{0}", "{0}/4", "1-ISBLANK({0})*({0}=1)", "KAOHE_ROUND({0},1)", 'KAOHE_LOOKUP({0},{{"甲";1;TRUE}},{{1;2;3}})',
]  # fmt: skip
AGAIN = 100
SINGLE = st.one_of(CELLS, st.sampled_from([1.0, 0.0, -0.0, False]))


@settings(max_examples=8)
@example(["甲", "", "A", "a", "#N/A"])
@given(st.one_of(st.lists(SINGLE, min_size=5, max_size=5), SINGLE.map(lambda cell: [cell] * 5)))
def test_cells_that_come_again_give_what_they_give_once(cells: list[Any]) -> None:
    many = cells * AGAIN
    few, lanes = [
        {(r, c): f.format(f"A{r + 1}") for c, f in enumerate(ALIKE, 1) for r in range(len(a))} for a in (cells, many)
    ]
    arrays = {(0, c): f.format(f"$A$1:$A${len(many)}") for c, f in enumerate(ALIKE, 1)}
    expected, _ = compute(book([[cell] for cell in cells], few))
    for formulas in (lanes, arrays):
        workbook = book([[cell] for cell in many], formulas)
        if formulas is arrays:
            workbook.sheets["表"].arrays |= {
                place: Area("表", 0, place[1], len(many) - 1, place[1]) for place in arrays
            }
        found, problems = compute(workbook)
        assert problems == []
        assert [_told_apart(found["表"][r, c]) for c in range(1, len(ALIKE) + 1) for r in range(len(many))] == [
            _told_apart(expected["表"][r % len(cells), c]) for c in range(1, len(ALIKE) + 1) for r in range(len(many))
        ]


def _told_apart(cell: Any) -> tuple[type, Any]:
    """TRUE is equal to 1, but isn't the same."""
    return type(cell), cell
