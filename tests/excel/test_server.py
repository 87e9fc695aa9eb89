"""The functions as xlwings' own server calls them give what the registry's functions give."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from addin.excel.server import COM_ERROR, ERROR_CODES, block_of, cell_of, cells_of
from tests.excel.examples import examples
from tests.excel.server_cases import MISSING
from udfs import FUNCTIONS, CellError
from udfs.values import WholeColumns

ROOT = Path(__file__).parents[2]
NA, DIV0, VALUE, CALC = -2146826246, -2146826281, -2146826273, -2146826238
Case = tuple[str, Sequence[Any]]


@pytest.fixture(scope="module")
def call() -> Callable[[Sequence[Case]], list[Any]]:
    """Call functions in a process of its own, in which xlwings takes the system for Windows."""

    def run(cases: Sequence[Case]) -> list[Any]:
        done = subprocess.run(
            [sys.executable, "-m", "tests.excel.server_cases"],
            cwd=ROOT, input=json.dumps(cases), capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        results: list[Any] = json.loads(done.stdout)
        return results

    return run


def test_every_functions_example_gives_what_the_registry_gives(call: Callable[[Sequence[Case]], list[Any]]) -> None:
    results = call([(example.function, example.arguments) for example in examples()])
    for example, result in zip(examples(), results, strict=True):
        expected = block_of(FUNCTIONS[example.function](*example.arguments))
        assert result == [list(row) for row in expected], example.function
        assert not any(isinstance(cell, int) for row in result for cell in row), example.function


TABLE: list[tuple[str, Sequence[Any], Any]] = [
    ("KAOHE_SCORE", [[[80.0, 90.0]], [[0.3, 0.7]]], [[87.0]]),
    ("KAOHE_SCORE", [[[80.0, 90.0], [85.0, None], [None, None]], [[0.3], [0.7]]], [[87.0], [VALUE], [""]]),
    # An error comes in as COM's number and goes out as it; a newer one as well.
    ("KAOHE_SCORE", [[[80.0, NA]]], [[NA]]),
    ("KAOHE_SCORE", [[[80.0, CALC]]], [[CALC]]),
    ("KAOHE_ROUND", [DIV0], [[DIV0]]),
    # The error reaches the row that reads it, inside the array.
    ("KAOHE_COEF", [[[80.0], [NA], [90.0]], [[1.1], [1.0], [1.2]]], [[88.0], [NA], [108.0]]),
    # Left out in the middle, and at the end.
    ("KAOHE_COEF", [91.5, [[1.2, 1.0]], MISSING, 1.3, MISSING], [[109.8]]),
    ("KAOHE_COEF", [91.5, [[1.2, 1.0]], MISSING, 1.1, MISSING], [[-2146826252]]),
    # TRUE is no number, a text that looks like one isn't either.
    ("KAOHE_SCORE", [[[True, 90.0]]], [[VALUE]]),
    ("KAOHE_SCORE", [[["85", 90.0]]], [[VALUE]]),
    # A blank cell of its own.
    ("KAOHE_ROUND", [None], [[""]]),
    # Dates are serial numbers, and so is a date that some other function of VBA hands over.
    ("KAOHE_YEARS", [40087.0, 42185.0], [[5.0]]),
    ("KAOHE_YEARS", [{"date": "2009-10-01"}, {"date": "2015-06-30"}], [[5.0]]),
    # An inline row comes flat.
    ("KAOHE_SCORE", [[80.0, 90.0]], [[170.0]]),
    ("KAOHE_SCORE", [MISSING], [[VALUE]]),
    ("KAOHE_QUOTA", [11.0, [0.2, 0.7, 0.1]], [[2.0, 8.0, 1.0]]),
]


def test_values_of_every_kind_go_in_and_out(call: Callable[[Sequence[Case]], list[Any]]) -> None:
    results = call([(name, arguments) for name, arguments, _ in TABLE])
    for (name, arguments, expected), result in zip(TABLE, results, strict=True):
        assert result == expected, (name, arguments)


def test_ten_thousand_rows_in_one_call(call: Callable[[Sequence[Case]], list[Any]]) -> None:
    rows = [[float(i % 100), 80.0] for i in range(10_000)]
    ((*result,),) = call([("KAOHE_SCORE", [rows, [0.5, 0.5]])])
    assert len(result) == 10_000 and result[1] == [40.5]


@pytest.mark.parametrize("error", CellError)
def test_every_error_value_goes_there_and_back(error: CellError) -> None:
    ((code,),) = block_of(error)
    assert code == COM_ERROR + ERROR_CODES[error]
    assert cell_of(code) is error


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (COM_ERROR + 2099, CellError.VALUE),
        (3, 3.0),
        (-5, -5.0),
        (Decimal("1.25"), 1.25),
        (datetime(2024, 1, 2, 12), 45293.5),
        (object(), CellError.VALUE),
    ],
)
def test_what_else_com_may_hand_over(value: Any, cell: Any) -> None:
    assert cell_of(value) == cell and type(cell_of(value)) is type(cell)


def test_plain_rows_are_not_copied() -> None:
    row = (80.0, "x", None, True)
    assert cells_of((row,))[0] is row


def test_results_are_blocks_of_doubles() -> None:
    assert block_of(((1, "x"), (CellError.NA, 2.5))) == ((1.0, "x"), (NA, 2.5))
    assert type(block_of(1)[0][0]) is float


def test_whole_columns_come_in_an_array_of_their_own() -> None:
    block = (("得分",), (90.0,))
    assert isinstance(cells_of((block,)), WholeColumns)
    assert cells_of((block,)) == [("得分",), (90.0,)]
    assert not isinstance(cells_of(block), WholeColumns)
    assert not isinstance(cells_of(((90.0,),)), WholeColumns)
