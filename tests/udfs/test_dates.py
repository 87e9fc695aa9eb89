"""Working days against a count day by day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.udfs.calls import NA, NUM, VALUE, call, cells, column
from udfs.dates import EPOCH

MONDAY = date(2026, 1, 5)
DAYS = st.dates(date(2025, 12, 1), date(2026, 2, 28))


def serial(day: date) -> int:
    return (day - EPOCH).days


def days(*given: date) -> list[int]:
    return [serial(day) for day in given]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((serial(MONDAY), serial(MONDAY)), 1),
        ((serial(MONDAY) + 0.75, serial(MONDAY) + 0.25), 1),
        ((serial(MONDAY), serial(MONDAY) - 1), NUM),
        ((serial(MONDAY), serial(MONDAY) + 4), 5),
        ((serial(MONDAY), serial(MONDAY) + 5), 5),
        ((serial(MONDAY), serial(MONDAY) + 7), 6),
        ((serial(MONDAY) - 2, serial(MONDAY) - 1), 0),
        ((serial(MONDAY), serial(MONDAY) + 4, [serial(MONDAY), serial(MONDAY)]), 4),
        ((serial(MONDAY), serial(MONDAY) + 6, [], [serial(MONDAY) + 5]), VALUE),
        ((serial(MONDAY), serial(MONDAY) + 6, [None], [serial(MONDAY) + 5]), 6),
        ((serial(MONDAY), serial(MONDAY) + 6, ["元旦"]), VALUE),
        ((serial(MONDAY), serial(MONDAY) + 6, [NA]), NA),
        ((serial(MONDAY), None), VALUE),
        ((60, 61), VALUE),
        ((61, 61), 1),
    ],
)
def test_workdays(arguments: tuple[Any, ...], expected: Any) -> None:
    assert call("WORKDAYS", *arguments) == expected


@given(DAYS, DAYS, st.sets(DAYS, max_size=8), st.sets(DAYS, max_size=8))
def test_workdays_are_the_days_counted_one_by_one(a: date, b: date, off: set[date], worked: set[date]) -> None:
    first, last, worked = min(a, b), max(a, b), worked - off
    span = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    expected = sum(day in worked or (day.weekday() < 5 and day not in off) for day in span)
    calendar = ([None, *days(*off)], [None, *days(*worked)])
    assert call("WORKDAYS", serial(first), serial(last), *calendar) == expected
    each = cells(call("WORKDAYS", column(*days(*span)), column(*days(*span)), *calendar))
    assert sum(each) == expected
