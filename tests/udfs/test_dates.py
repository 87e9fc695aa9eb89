"""Working days against a count day by day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.xlsx.dates import date_system
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


def test_days_of_the_1904_system() -> None:
    first, last = date(2024, 2, 29), date(2026, 1, 7)
    years = ("YEARS", serial(first), serial(last))
    assert call(*years) == 1
    rule = [["入职", "日期", "是", "", serial(last), "", "", ""]]
    with date_system(True):
        assert call("YEARS", serial(first) - 1462, serial(last) - 1462) == 1
        assert call("YEARS", 0, -1) == VALUE
        assert call("YEARS", 0, 366) == 1, "1904 is a leap year that begins on day 0"
        assert call("YEARS", 0, 2958465 - 1462) == 9999 - 1904
        assert call("YEARS", 0, 2958465 - 1461) == VALUE
        # 2026-01-01 is off, of Thursday to Wednesday.
        start = serial(date(2026, 1, 1)) - 1462
        assert call("WORKDAYS", start, start + 6, [[start]]) == 4
        assert call("CHECK", "", [[serial(last) + 1]], rule) == "入职:不能晚于 2030-01-08"
    assert call("CHECK", "", [[serial(last) + 1]], rule) == "入职:不能晚于 2026-01-07"
