"""Coefficients, tables of steps, rounding."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from tests.udfs.calls import DIV0, NA, NUM, VALUE, call, cells, column
from tests.udfs.strategies import scores
from udfs import MISSING


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((91.5, [[1.2, 1]]), 109.8),
        ((91.5, [[1.2, 1]], 0.8, 1.2), 109.8),
        ((91.5, [[1.3, 1]], 0.8, 1.2), NUM),
        ((91.5, [[0.7, 1]], 0.8), NUM),
        ((91.5, [[0.8, 1]], 0.8, 1.2), 73.2),
        ((91.5, [[None, 1]]), VALUE),
        ((None, [[1.2, 1]]), VALUE),
        ((None, [[None, None]]), ""),
        (("91.5", [[1]]), VALUE),
        ((NA, [[1]]), NA),
        ((1, [[DIV0]]), DIV0),
        ((1.005, [[1]]), 1.01),
        ((1.005, [[1]], MISSING, MISSING, 3), 1.005),
        ((2.5, [[1]], MISSING, MISSING, 0), 3),
    ],
)
def test_coef(arguments: tuple[Any, ...], expected: Any) -> None:
    assert call("COEF", *arguments) == expected


def test_one_row_of_coefficients_serves_a_column_of_scores() -> None:
    assert cells(call("COEF", column(80, 90), [[1.1]])) == [88, 99]
    assert cells(call("COEF", 100, [[1.1], [1.2]])) == [110, 120]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1.005, 1.01),
        (2.675, 2.68),
        (-2.675, -2.68),
        (1.15 * 100.5, 115.58),
        ("", ""),
        ("1", VALUE),
        (True, VALUE),
        (NUM, NUM),
    ],
)
def test_round(value: Any, expected: Any) -> None:
    assert call("ROUND", value) == expected


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((0.13, 0.12, 0.01, 0.2, 1), 0.2),
        ((0.12, 0.12, 0.01, 0.2, 1), 0),
        ((0.1299, 0.12, 0.01, 0.2), 0),
        ((0.2, 0.12, 0.01, 0.2, 1), 1),
        ((0.3 - 0.1, 0, 0.1), 2),
        ((11, 0, 3, 0.5), 1.5),
        ((1, 5, 1), 0),
        (("", 0, 1), ""),
        (("", NA, 1), NA),
        ((1, 0, 0), VALUE),
        ((1, 0, -1), VALUE),
        ((1, "x", 1), VALUE),
    ],
)
def test_steps(arguments: tuple[Any, ...], expected: Any) -> None:
    assert call("STEPS", *arguments) == expected


BOUNDS, RESULTS = [0.95, 0.9, 0.8, 0], [1, 0.98, 0.95, 0.9]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((0.96, BOUNDS, RESULTS), 1),
        ((0.95, BOUNDS, RESULTS), 1),
        ((0.95, BOUNDS, RESULTS, "不含下限"), 0.98),
        ((0.95, BOUNDS, RESULTS, 1), 0.98),
        ((0, BOUNDS, RESULTS), 0.9),
        ((0, BOUNDS, RESULTS, 1), NA),
        ((-1, BOUNDS, RESULTS), NA),
        (("", BOUNDS, RESULTS), ""),
        (("x", BOUNDS, RESULTS), VALUE),
        ((1, [0, 0.9], [1, 2]), VALUE),
        ((1, [0.9, 0.9], [1, 2]), VALUE),
        ((1, [0, 0.9], [1, 2], MISSING, "任意"), 2),
        ((1, [0.9, 0.9], [1, 2], 0, 1), VALUE),
        ((1, [0.9, 0.5], [1]), VALUE),
        ((1, [0.9, None], ["好", None]), "好"),
        ((1, [0.9], [None]), ""),
        ((1, [0.9], [NA]), NA),
        ((1, [NA], [1]), NA),
        ((1, [0.9, None], [1, 2]), VALUE),
    ],
)
def test_tier(arguments: tuple[Any, ...], expected: Any) -> None:
    assert call("TIER", *arguments) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(5, 1), (10, 3.5), (11, 4.5), (0, 0), (-1, 0), ("", ""), ("x", VALUE)],
)
def test_progress_takes_each_slice_at_its_own_price(value: Any, expected: Any) -> None:
    assert call("PROGRESS", value, [0, 5, 10], [0.2, 0.5, 1]) == expected


def test_progress_wants_ascending_starts() -> None:
    assert call("PROGRESS", 1, [5, 0], [1, 2]) == VALUE
    assert call("PROGRESS", 1, [None], [None]) == VALUE


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (([90, 80, 70, 60], 2), 85),
        (([90, 80, 70, 60], 0.5), 85),
        (([90, 80, 70, 60], 0.1), 90),
        (([90, None, 70], 2), 80),
        (([90, 80], 3), NUM),
        (([90, 80], 0), VALUE),
        (([90, 80], 1.5), VALUE),
        (([90, "x"], 1), VALUE),
        (([90, 80, 70], 1, ["a", "b", "b"], "b"), 80),
        (([90, 80, 70], 1, ["a", "b", "b"], column("b", "a", "c", "", NUM)), (80, 90, NA, "", NUM)),
        (([90, NA, 70], 1, ["a", "b", "b"], column("b", "a")), (NA, 90)),
        (([90, 80, 70], 2, ["a", "b", "b"], column("b", "a")), (75, NUM)),
        (([90, 80, 70], 1, ["a", "b", None], "b"), VALUE),
        (([90, 80, None], 1, ["a", "b", None], "b"), 80),
        (([90, 80], 1, ["a"], "a"), VALUE),
        (([90, 80], 1, ["a", "b"]), VALUE),
    ],
)
def test_topmean(arguments: tuple[Any, ...], expected: Any) -> None:
    found = call("TOPMEAN", *arguments)
    assert tuple(cells(found)) == (expected if isinstance(expected, tuple) else (expected,))


@given(scores, scores)
def test_a_higher_value_never_gets_a_lower_tier(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert call("TIER", low, [90, 60, 0], [3, 2, 1]) <= call("TIER", high, [90, 60, 0], [3, 2, 1])
