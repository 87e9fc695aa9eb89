"""Marks by attainment, by interpolation, and reasons joined."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.udfs.calls import DIV0, NA, NUM, VALUE, call, cells, column
from tests.udfs.strategies import hundredths
from udfs import MISSING


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((30, 45, 50), 27),
        ((30, 50, 50, 0, 30), 30),
        ((30, 50.01, 50, 0, 30), 30),
        ((30, 60, 50), 36),
        ((30, 5, 50, 3), 3),
        ((30, 5, 50, 3.01), 3.01),
        ((30, -5, 50), -3),
        ((30, 5, 50, 4, 4), 4),
        ((30, 5, 50, 4.01, 4), VALUE),
        ((30, 5, 0), DIV0),
        ((30, 0, 0), DIV0),
        ((30, 5, -50), VALUE),
        ((30, None, None), ""),
        ((30, None, 50), VALUE),
        ((30, 5, None), VALUE),
        ((None, 5, 50), VALUE),
        ((30, None, None, NA), NA),
        ((30, NUM, "x"), NUM),
    ],
)
def test_ratio(arguments: tuple[Any, ...], expected: Any) -> None:
    assert call("RATIO", *arguments) == expected


X, Y = [0, 50, 100], [0, 80, 100]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((-1, X, Y), 0),
        ((0, X, Y), 0),
        ((25, X, Y), 40),
        ((50, X, Y), 80),
        ((75, X, Y), 90),
        ((100, X, Y), 100),
        ((101, X, Y), 100),
        ((75, X[::-1], Y[::-1]), 90),
        ((75, [*X, None], [*Y, None]), 90),
        ((75, [*X, None], [*Y, 5]), VALUE),
        ((75, [0, 100, 50], Y), VALUE),
        ((75, [0, 0, 100], Y), VALUE),
        ((75, [100, 0, 0], Y), VALUE),
        ((75, [None], [None]), VALUE),
        ((75, X, [0, "80", 100]), VALUE),
        ((75, X, [0, NA, 100]), NA),
        ((None, X, Y), ""),
        (("75", X, Y), VALUE),
    ],
)
def test_interp(arguments: tuple[Any, ...], expected: Any) -> None:
    assert call("INTERP", *arguments) == expected


@given(st.lists(st.integers(0, 200), min_size=2, max_size=6, unique=True), st.data())
def test_interpolation_lies_on_the_line_between_its_neighbours(points: list[int], data: st.DataObject) -> None:
    points.sort()
    results = data.draw(st.lists(st.integers(-50, 50), min_size=len(points), max_size=len(points)))
    value = data.draw(st.integers(points[0], points[-1]))
    place = next(i for i in range(1, len(points)) if value <= points[i])
    (left, low), (right, high) = ((points[i], results[i]) for i in (place - 1, place))
    assert call("INTERP", value, points, results) == float(low + Fraction((value - left) * (high - low), right - left))


@given(st.lists(st.tuples(hundredths | st.none(), hundredths | st.none()), min_size=1, max_size=6))
def test_one_row_and_a_block_agree(rows: list[tuple[Any, Any]]) -> None:
    actual, plan = column(*(a for a, _ in rows)), column(*(p for _, p in rows))
    assert cells(call("RATIO", 30, actual, plan, 0, 33)) == [call("RATIO", 30, a, p, 0, 33) for a, p in rows]
    assert cells(call("INTERP", actual, X, Y)) == [call("INTERP", a, X, Y) for a, _ in rows]
    assert cells(call("JOIN", "、", actual, plan)) == [call("JOIN", "、", a, p) for a, p in rows]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("、", "甲", None, "", "乙"), "甲、乙"),
        (("、", None, MISSING, "乙"), "乙"),
        (("、", None, None), ""),
        ((";", 1, 2.50), "1;2.5"),
        ((1, "甲", "乙"), "甲1乙"),
        (("、", "甲", True), VALUE),
        (("、", "甲", NA), NA),
        ((None, "甲", "乙"), VALUE),
    ],
)
def test_join(arguments: tuple[Any, ...], expected: Any) -> None:
    assert call("JOIN", *arguments) == expected
