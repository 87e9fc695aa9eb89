"""Rounding half up, up and down, on both sides of the point."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.udfs.calls import NUM, VALUE, call, cells, column

HALF_UP, UP, DOWN = "四舍五入", "进位", "舍去"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((1.005,), 1.01),
        ((1.0049,), 1),
        ((1250, -1), 1250),
        ((1254.99, -1), 1250),
        ((1255, -1), 1260),
        ((-1255, -1), -1260),
        ((49.99, -2), 0),
        ((50, -2), 100),
        ((1.001, 2, UP), 1.01),
        ((1.00, 2, UP), 1),
        ((-1.001, 2, UP), -1.01),
        ((1.009, 2, DOWN), 1),
        ((1.01, 2, DOWN), 1.01),
        ((-1.009, 2, DOWN), -1),
        ((1001, -3, UP), 2000),
        ((1999, -3, DOWN), 1000),
        # What earlier arithmetic left behind is no reason to go up.
        ((0.1 + 0.2, 1, UP), 0.3),
        ((1, 10), 1),
        ((1, -10), 0),
        ((1, -10, UP), 1e10),
        ((1, 11), VALUE),
        ((1, -11), VALUE),
        ((1, 0.5), VALUE),
        ((1, "2"), VALUE),
        ((1, 2, "五舍六入"), VALUE),
        ((1, 2, 3), VALUE),
        ((None, 2), ""),
        (("1", 2), VALUE),
        ((1e300, 2), NUM),
    ],
)
def test_round(arguments: tuple[Any, ...], expected: Any) -> None:
    assert call("ROUND", *arguments) == expected


@given(st.integers(-(10**9), 10**9), st.integers(-4, 3))
def test_down_half_up_and_up_lie_around_the_number(thousandths: int, digits: int) -> None:
    value = Decimal(thousandths) / 1000
    unit = Decimal(10) ** -digits
    down, half_up, up = (Decimal(str(call("ROUND", float(value), digits, way))) for way in (DOWN, HALF_UP, UP))
    assert all(rounded % unit == 0 for rounded in (down, half_up, up))
    assert abs(down) <= abs(value) <= abs(up) < abs(down) + 2 * unit
    assert abs(up) - abs(down) == (0 if value % unit == 0 else unit)
    assert abs(half_up) == (abs(up) if abs(value) - abs(down) >= unit / 2 else abs(down))


def test_a_column_is_rounded_row_by_row() -> None:
    assert cells(call("ROUND", column(15, None, 25), -1, UP)) == [20, "", 30]


def test_a_row_of_single_values_gives_a_column_and_a_block_is_an_error() -> None:
    assert cells(call("ROUND", [15, 26, 37], -1)) == [20, 30, 40]
    assert call("ROUND", [[15, 26], [37, 48]], -1) == VALUE
    assert call("ROUND", [[15, 26]], -1) == ((20,), (30,))
