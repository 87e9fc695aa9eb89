"""What formulas gave in another workbook is taken only where nothing differs that could make a difference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.headless import skeleton
from addin.headless.computation import Computation
from addin.headless.memory import PATIENCE
from addin.headless.subtotals import Hidden
from addin.xlsx.alike import many_expected
from addin.xlsx.model import Area, Cell, CellError, Sheet, Workbook

FORMULAS = {
    (0, 2): "A1*2", (1, 2): "A2*2", (2, 2): "A3*2", (0, 3): 'SUM(A1:A3)&"/"&COUNT(x)', (1, 3): "IF(ISLOGICAL(A1),A2,A1)",
    (2, 3): "IFERROR(A1&A2,A3)", (0, 4): "1/A1", (1, 4): "KAOHE_ROUND(A1,0)", (2, 4): "C1+C2",
    (0, 6): 'IFERROR(INDEX(x,MATCH(1,COUNTIF(A1:A2,x)+(x=""),0)),"")',
}  # fmt: skip


def workbook(cells: Sequence[Cell], formulas: dict[tuple[int, int], str] = FORMULAS) -> Workbook:
    """The cells stand in A1:A3."""
    sheet = Sheet("表")
    for row, cell in enumerate(cells):
        if cell is not None:
            sheet.set(row, 0, cell)
    sheet.formulas.update(formulas)
    sheet.arrays.update({place: Area("表", *place, *place) for place in formulas if place[1] == 6})
    return Workbook({"表": sheet}, {"x": "表!$A$1:$A$3"})


def values(book: Workbook, hidden: frozenset[int] = frozenset()) -> dict[tuple[int, int], Any]:
    computation = Computation(book, lambda _: Hidden(hidden))
    computation.run()
    assert computation.problems == []
    return {place: (type(cell), cell) for place, cell in computation.values["表"].items()}


def apart(book: Workbook) -> dict[tuple[int, int], Any]:
    """The values of a workbook that is like none met before."""
    with mock.patch.object(skeleton, "_kept", []):
        return values(book)


CELLS = st.lists(
    st.sampled_from([None, 0.0, -0.0, 1.0, True, False, "1", "", "甲", 2.5, CellError.NA]), min_size=3, max_size=3
)


@settings(max_examples=60)
@given(st.lists(CELLS, min_size=2, max_size=6))
def test_workbooks_with_the_same_formulas_give_what_each_gives_alone(books: list[list[Cell]]) -> None:
    for cells in books:
        assert values(workbook(cells)) == apart(workbook(cells))


def test_only_what_reads_other_cells_is_computed(applied: list[str]) -> None:
    formulas = {(0, 2): "A1*2", (0, 3): "A2/A3"}
    for _ in range(2):
        values(workbook([1.0, 2.0, 3.0], formulas))
    del applied[:]
    assert values(workbook([1.0, 6.0, 3.0], formulas)) == {(0, 2): (float, 2.0), (0, 3): (float, 2.0)}
    assert applied == ["/"]


def test_of_whole_columns_what_the_sheet_holds_counts(applied: list[str]) -> None:
    formulas = {(0, 2): "INDEX($A:$A,ROW())&COUNT(A2:A1048576)", (1, 2): "COUNTA(B500:B1048576)"}
    for cells, count in (([1.0, 2.0], 1), ([1.0, 2.0], 1), ([1.0, 2.0, 3.0], 2), ([1.0, 2.0, None, 3.0], 2)):
        del applied[:]
        assert values(workbook(cells, formulas)) == {(0, 2): (str, f"1{count}"), (1, 2): (float, 0.0)}
    book = workbook([1.0, 2.0, None, 3.0], formulas)
    book.sheets["表"].set(600, 1, "甲")
    del applied[:]
    assert values(book) == {(0, 2): (str, "12"), (1, 2): (float, 1.0)}
    assert "COUNTA" in applied
    for _ in range(2):
        del applied[:]
        values(workbook([1.0, 2.0, None, 3.0], formulas))
    assert applied == []


def test_more_cells_than_are_remembered_are_computed(applied: list[str]) -> None:
    formulas = {(0, 2): "SUM(A:A)"}
    for count, again in ((299, []), (300, ["SUM"])):
        cells = [1.0] * count
        for _ in range(3):
            del applied[:]
            assert values(workbook([*cells], formulas)) == {(0, 2): (float, float(count))}
        assert applied == again


def test_in_a_workbook_that_is_not_quite_alike_the_same_is_taken(applied: list[str]) -> None:
    formulas = {(0, 2): "A1*2", (1, 2): "SUM(x)", (2, 2): "SUM(A1:A2)"}
    with many_expected():
        values(workbook([1.0, 2.0, 3.0], formulas))
        del applied[:]
        found = values(workbook([1.0, 2.0, 3.0], {**formulas, (2, 2): "SUM(A1:A3)"}))
        assert [found[row, 2] for row in range(3)] == [(float, 2.0), (float, 6.0), (float, 6.0)]
        assert applied == ["SUM"]


@pytest.mark.parametrize("other", ["表!$A$2:$A$3", "表!$A$2", "2", "MAX(表!$A$1:$A$3)", "COUNT(表!$A$1:$A$3)"])
@pytest.mark.parametrize("text", ["SUM(x)", "y+1", 'SUM(x)&"/"&y'])
def test_a_name_that_means_something_else_makes_another_formula(text: str, other: str) -> None:
    found = []
    with many_expected():
        for target in ("表!$A$1:$A$3", other):
            book = workbook([1.0, 2.0, 4.0], {(0, 2): text})
            book.names.update(x=target, y="SUM(x)*2")
            found.append(values(book))
            book.sheets["表"].set(0, 2, None)
            assert found[-1] == apart(book)
    assert found[0] != found[1]


@pytest.mark.parametrize("text", ["ISFORMULA(A1)", "SHEET()", "SHEETS()", "IFERROR(FORMULATEXT(A1),9)", "ISFORMULA(y)"])
def test_other_sheets_and_formulas_make_a_difference(text: str) -> None:
    found = []
    with many_expected():
        for is_other in (False, True):
            book = workbook([], {(0, 2): text, **({(0, 0): "1"} if is_other else {})})
            book.sheets["表"].set(0, 0, 1.0)
            book.names["y"] = "表!$A$1"
            book.sheets = {**({"前": Sheet("前")} if is_other else {}), **book.sheets}
            found.append(values(book)[0, 2])
    assert found[0] != found[1]


def test_what_differs_in_every_workbook_is_looked_at_now_and_then(applied: list[str]) -> None:
    formulas = {(0, 2): "A1*2"}
    for number in range(PATIENCE + 1):
        assert values(workbook([float(number)], formulas)) == {(0, 2): (float, number * 2.0)}
    del applied[:]
    for _ in range(3 * PATIENCE):
        assert values(workbook([1.0], formulas)) == {(0, 2): (float, 2.0)}
    # Of the same ones in the end only the first few are computed.
    assert 1 <= len(applied) <= 2 * PATIENCE
    del applied[:]
    for _ in range(3):
        values(workbook([1.0], formulas))
    assert applied == []


def test_cells_that_read_each_other_as_columns_do_are_taken_one_by_one(applied: list[str]) -> None:
    formulas = {(0, 2): "A1", (1, 2): "D1+A2", (2, 2): "D2+A3", (0, 3): "C1*2", (1, 3): "C2*2", (2, 3): "C3*2"}
    for _ in range(3):
        values(workbook([1.0, 2.0, 3.0], formulas))
    del applied[:]
    found = values(workbook([1.0, 2.0, 4.0], formulas))
    assert [found[row, col][1] for row in range(3) for col in (2, 3)] == [1.0, 2.0, 4.0, 8.0, 12.0, 24.0]
    # Only what the last row reads is another.
    assert applied == ["*"]


def test_an_array_of_one_cell_is_taken_unless_it_may_come_to_fill_more(applied: list[str]) -> None:
    formulas, cells = {(0, 6): "SUM(A1:A3*2)"}, [1.0, 2.0, 3.0]
    for is_dynamic in (False, True):
        for _ in range(3):
            del applied[:]
            book = workbook(list(cells), formulas)
            book.sheets["表"].dynamic.update([(0, 6)] * is_dynamic)
            assert values(book) == {(0, 6): (float, 12.0)}
        assert applied == ["SUM", "*"] * is_dynamic


def test_where_many_are_expected_the_second_takes_what_the_first_gave(applied: list[str]) -> None:
    formulas = {(0, 5): "A1*3"}
    with many_expected():
        values(workbook([1.0], formulas))
        del applied[:]
        assert values(workbook([1.0], formulas)) == {(0, 5): (float, 3.0)}
    assert applied == []


@pytest.mark.parametrize("text", ["RAND()+A1*0", "RANDBETWEEN(1,10^9)+A1*0"])
def test_chance_is_drawn_in_each_workbook(text: str) -> None:
    assert len({values(workbook([1.0], {(0, 2): text}))[0, 2] for _ in range(5)}) == 5


def test_hidden_rows_and_cells_beyond_those_named_count() -> None:
    formulas = {(0, 2): "SUBTOTAL(109,A1:A3)", (1, 2): 'SUMIF($A$1:$A$3,">0",CHOOSE(1,$B$1:$B$2))'}
    formulas[2, 2] = 'SUMIF(INDEX($A$1:$A$3,0),">0",$B$1)'
    found = []
    for hidden, last in ((frozenset[int](), 7.0), (frozenset[int](), 7.0), (frozenset({0}), 8.0)):
        book = workbook([1.0, 2.0, 3.0], formulas)
        for row, cell in enumerate((7.0, 7.0, last)):
            book.sheets["表"].set(row, 1, cell)
        found.append([cell for _, cell in values(book, hidden).values()])
    assert found == [[6.0, 21.0, 21.0], [6.0, 21.0, 21.0], [5.0, 22.0, 22.0]]
