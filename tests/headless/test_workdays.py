"""Days of work, reckoned by weeks, against a count day by day."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.headless.support import values

DAYS = st.integers(40_000, 40_060)
WEEKENDS = st.text("01", min_size=7, max_size=7)


def _works(day: int, weekend: str, holidays: set[int]) -> bool:
    # Day 2 was a Monday.
    return weekend[(day - 2) % 7] == "0" and day not in holidays


@given(DAYS, DAYS, WEEKENDS, st.sets(DAYS, min_size=1, max_size=8))
def test_between(first: int, last: int, weekend: str, holidays: set[int]) -> None:
    worked = sum(_works(day, weekend, holidays) for day in range(min(first, last), max(first, last) + 1))
    listed = ";".join(map(str, holidays))
    expected = worked if first <= last else -worked
    assert values([f'NETWORKDAYS.INTL({first},{last},"{weekend}",{{{listed}}})']) == [expected]


@given(DAYS, st.integers(-60, 60), WEEKENDS.filter(lambda week: "0" in week), st.sets(DAYS, min_size=1, max_size=8))
def test_after(first: int, count: int, weekend: str, holidays: set[int]) -> None:
    day, left = first, abs(count)
    while left:
        day += 1 if count > 0 else -1
        left -= _works(day, weekend, holidays)
    listed = ";".join(map(str, holidays))
    assert values([f'WORKDAY.INTL({first},{count},"{weekend}",{{{listed}}})']) == [day]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("NETWORKDAYS.INTL(1,2958465)", 2113190), ("NETWORKDAYS(1,2958465)", 2113190), ("WORKDAY.INTL(1,2113190)", 2958465),
        ('NETWORKDAYS.INTL(2,8,"1111111")', 0), ("WORKDAY.INTL(40000,0,11)", 40000),
    ],
)  # fmt: skip
def test_weeks_at_once(formula: str, expected: float) -> None:
    assert values([formula]) == [expected]
