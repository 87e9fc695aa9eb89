"""Arguments and results between Calc and the functions, without LibreOffice."""

from __future__ import annotations

import math
from typing import Any

import pytest

from addin.calc.component.cells import CODES, answer, argument, error_of, spread
from udfs import FUNCTIONS, MISSING, CellError


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


def test_an_error_for_a_block_is_one_for_each_row() -> None:
    block = ((1.0,), (2.0,), (3.0,))
    rank, score = FUNCTIONS["KAOHE_RANK"], FUNCTIONS["KAOHE_SCORE"]
    assert spread(rank, [block, block, block], CellError.NUM) == ((CellError.NUM,),) * 3
    assert spread(rank, [1.0, block, block], CellError.NUM) is CellError.NUM
    assert spread(score, [((1.0, 2.0),), ((0.5, 0.5),)], CellError.NA) is CellError.NA
