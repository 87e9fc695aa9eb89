"""Arguments and results between Calc and the functions, without LibreOffice."""

from __future__ import annotations

import math
from typing import Any

import pytest

from addin.calc.component import cells as component
from addin.calc.component.cells import CODES, answer, argument, error_of, spread
from udfs import FUNCTIONS, MISSING, CellError
from udfs.memory import MOST
from udfs.values import SharedRows, WholeColumns


class Cells:
    """Stands in for a range of cells: rows of values, error codes where a value is None."""

    def __init__(self, rows: list[list[Any]], codes: dict[tuple[int, int], int] | None = None) -> None:
        self.rows, self.codes = rows, codes or {}
        self.StartRow = self.StartColumn = 0
        self.EndRow, self.EndColumn = len(rows) - 1, len(rows[0]) - 1

    def getRangeAddress(self) -> Cells:
        return self

    def getDataArray(self) -> tuple[tuple[Any, ...], ...]:
        return tuple(map(tuple, self.rows))

    def getCellByPosition(self, col: int, row: int) -> Any:
        code = self.codes[row, col]
        return type("Cell", (), {"getError": lambda self: code})()


LAST_ROW, LAST_COLUMN = 1_048_575, 16_383


class Sheet(Cells):
    """Stands in for whole columns or rows of a sheet, from a corner of it on; ``rows`` are all cells in use."""

    def __init__(self, rows: list[list[Any]], corner: tuple[int, int], ends: tuple[int, int], **codes: Any) -> None:
        super().__init__(rows, **codes)
        self.used = self.EndRow, self.EndColumn
        self.StartRow, self.StartColumn = corner
        self.EndRow, self.EndColumn = ends

    def getSpreadsheet(self) -> Sheet:
        return self

    def createCursor(self) -> Sheet:
        return Sheet(self.rows, (0, 0), (0, 0))

    def gotoEndOfUsedArea(self, is_expanding: bool) -> None:
        assert not is_expanding
        self.EndRow, self.EndColumn = self.used

    def getCellRangeByPosition(self, left: int, top: int, right: int, bottom: int) -> Cells:
        assert (left, top) == (0, 0)
        rows = range(self.StartRow, self.StartRow + bottom + 1)
        return Cells([[self.at(row, self.StartColumn + col) for col in range(right + 1)] for row in rows])

    def at(self, row: int, col: int) -> Any:
        return self.rows[row][col] if row <= self.used[0] and col <= self.used[1] else ""


def test_values_come_in_as_they_are() -> None:
    assert argument(85.0) == 85.0
    assert argument("良") == "良"
    assert argument(((1.0, ""), ("a", 2.0))) == ((1.0, ""), ("a", 2.0))
    assert argument(None) is MISSING


@pytest.mark.parametrize("error", CODES)
def test_error_values_go_out_and_come_back(error: CellError) -> None:
    outgoing = answer(error)
    assert math.isnan(outgoing)
    assert argument(outgoing) is error
    assert argument(answer(((1.0, error),))) == ((1.0, error),)


def test_errors_that_calc_does_not_have_are_value_errors() -> None:
    assert argument(answer(CellError.SPILL)) is CellError.VALUE
    assert error_of(504) is CellError.VALUE


def test_a_range_brings_its_error_values() -> None:
    cells = Cells([[1.0, None], ["", "a"]], {(0, 1): 32767})
    assert argument(cells) == ((1.0, CellError.NA), ("", "a"))


USED: list[list[Any]] = [["姓名", "得分"], ["甲", 90.0], ["乙", 80.0]]


@pytest.mark.parametrize(
    ("corner", "ends", "expected", "is_whole"),
    [
        ((0, 1), (LAST_ROW, 1), (("得分",), (90.0,), (80.0,)), True),
        ((0, 0), (LAST_ROW, 1), (("姓名", "得分"), ("甲", 90.0), ("乙", 80.0)), True),
        ((0, 1), (LAST_ROW, 3), (("得分",), (90.0,), (80.0,)), True),
        ((0, 3), (LAST_ROW, 4), (("",), ("",), ("",)), True),
        ((1, 1), (LAST_ROW, 1), ((90.0,), (80.0,)), False),
        ((4, 1), (LAST_ROW, 1), (("",),), False),
        ((1, 0), (1, LAST_COLUMN), (("甲", 90.0),), False),
        ((1, 1), (1, LAST_COLUMN), ((90.0,),), False),
    ],
)
def test_whole_columns_and_rows_are_cut_to_what_is_used(
    corner: tuple[int, int], ends: tuple[int, int], expected: tuple[Any, ...], is_whole: bool
) -> None:
    """Only columns from the first row to the last are whole: what begins below a heading has none."""
    found = argument(Sheet(USED, corner, ends))
    assert tuple(found) == expected and isinstance(found, WholeColumns) == is_whole


def test_whole_columns_bring_their_error_values() -> None:
    sheet = Sheet([["得分"], [90.0], [None]], (0, 0), (LAST_ROW, 0), codes={(2, 0): 532})
    assert argument(sheet) == [("得分",), (90.0,), (CellError.DIV0,)]


def test_whole_columns_that_come_as_values_end_with_the_last_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(component, "_LAST_ROW", 9)
    blank = (("", ""),) * 10
    rows = (("姓名", "得分"), ("甲", 90.0), ("", ""), ("", answer(CellError.NA)))
    found = argument((*rows, *blank)[:10])
    assert isinstance(found, WholeColumns)
    assert found == [("姓名", "得分"), ("甲", 90.0), ("", ""), ("", CellError.NA)]
    assert argument((*rows[:2], *blank)[:10]) == [*rows[:2]]
    assert argument((*rows[:2], ("乙", ""), *blank)[:10]) == [*rows[:2], ("乙", "")]
    assert argument(blank) == [("", "")]
    assert argument((*blank[1:], ("", 1.0))) == [*blank[1:], ("", 1.0)]
    assert not isinstance(argument(blank[1:]), WholeColumns)


def test_rows_without_errors_go_out_as_they_are() -> None:
    rows = ((1.0, "优"), ("", 2.0))
    assert answer(rows) is rows


def test_equal_rows_are_the_same_object() -> None:
    column: list[list[Any]] = [[90.0], ["优"], [""]]
    first = argument(Cells(column))
    assert isinstance(first, SharedRows)
    assert argument(Cells(column)) is first
    assert argument(((90.0,), ("优",), ("",))) is first
    assert argument(Cells([[90.0], ["优"], ["良"]])) == ((90.0,), ("优",), ("良",))
    assert argument(Cells([["90"], ["优"], [""]])) == (("90",), ("优",), ("",))
    assert argument(Cells(column)) is first


def test_errors_are_asked_for_each_time() -> None:
    assert argument(Cells([[1.0], [None]], {(1, 0): 32767})) == ((1.0,), (CellError.NA,))
    assert argument(Cells([[1.0], [None]], {(1, 0): 532})) == ((1.0,), (CellError.DIV0,))
    for error in (CellError.NA, CellError.DIV0):
        assert argument(answer(((1.0,), (error,)))) == ((1.0,), (error,))


def test_single_rows_and_large_blocks_are_not_kept() -> None:
    for rows in ([[1.0, 2.0]], [[1.0]] * 1_001, [[1.0] * 11] * 910):
        assert not isinstance(argument(Cells(rows)), SharedRows)
    for rows in ([[1.0]] * 1_000, [[1.0] * 10] * 1_000):
        assert isinstance(argument(Cells(rows)), SharedRows)


def test_the_rows_kept_are_those_that_came_last() -> None:
    first = argument(Cells([[0.0], [0.0]]))
    for number in range(1, MOST):
        argument(Cells([[float(number)], [0.0]]))
    assert argument(Cells([[0.0], [0.0]])) is first
    for number in range(MOST):
        argument(Cells([[float(number)], [1.0]]))
    assert argument(Cells([[0.0], [0.0]])) is not first
    assert len(component._latest) == MOST


def test_an_error_for_a_block_is_one_for_each_row() -> None:
    block = ((1.0,), (2.0,), (3.0,))
    rank, score = FUNCTIONS["KAOHE_RANK"], FUNCTIONS["KAOHE_SCORE"]
    assert spread(rank, [block, block, block], CellError.NUM) == ((CellError.NUM,),) * 3
    assert spread(rank, [block[:2], block, block], CellError.NUM) == ((CellError.NUM,),) * 2
    assert spread(rank, [block[:1], block, block], CellError.NUM) is CellError.NUM
    assert spread(rank, [1.0, block, block], CellError.NUM) is CellError.NUM
    assert spread(FUNCTIONS["KAOHE_COEF"], [block, block[:1]], CellError.NUM) == ((CellError.NUM,),) * 3
    assert spread(score, [((1.0, 2.0),), ((0.5, 0.5),)], CellError.NA) is CellError.NA
