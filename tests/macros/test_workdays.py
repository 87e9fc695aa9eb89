"""Working days with the year's holidays, and a unit's own dates."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.macros.tools.workdays import Calendar, known_years
from addin.shared.exits import UserError

DAY = timedelta(days=1)
days = st.dates(date(2025, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2025, 1, 1), False),
        (date(2025, 1, 26), True),  # A Sunday worked for the Spring Festival.
        (date(2025, 1, 28), False),
        (date(2025, 2, 5), True),
        (date(2025, 10, 8), False),
        (date(2025, 10, 11), True),
        (date(2026, 1, 2), False),  # A Friday off.
        (date(2026, 1, 4), True),
        (date(2026, 2, 23), False),
        (date(2026, 2, 28), True),
        (date(2026, 9, 20), True),
        (date(2026, 10, 8), True),
        (date(2026, 3, 7), False),
        (date(2026, 3, 9), True),
    ],
)
def test_holidays_and_weekends_worked_are_known(day: date, works: bool) -> None:
    assert Calendar().works(day) == works


def test_the_notices_are_named_and_each_day_belongs_to_its_year() -> None:
    for year, notice in known_years().items():
        assert f"国务院办公厅关于{year}年部分节假日安排的通知" in notice.source
        assert {day.year for day in notice.rest | notice.work} == {year}
        assert not notice.rest & notice.work
        assert all(day.weekday() >= 5 for day in notice.work), "only weekends are worked instead"


def test_the_number_of_days_off_is_that_of_the_notice() -> None:
    assert {year: len(notice.rest) for year, notice in known_years().items()} == {2025: 28, 2026: 33}


def test_five_working_days_over_the_may_holidays() -> None:
    assert Calendar().last(date(2026, 4, 29), 5) == date(2026, 5, 8)


def test_a_unit_may_have_its_own_days() -> None:
    calendar = Calendar(rest=frozenset({date(2026, 3, 9)}), work=frozenset({date(2026, 3, 7)}))
    assert calendar.works(date(2026, 3, 7)) and not calendar.works(date(2026, 3, 9))
    with pytest.raises(UserError, match="既写作休息日，又写作上班日"):
        Calendar(rest=frozenset({date(2026, 3, 9)}), work=frozenset({date(2026, 3, 9)}))


def test_a_year_without_a_notice_is_told() -> None:
    assert Calendar().unknown(date(2026, 12, 30), date(2027, 1, 6)) == [2027]
    assert Calendar().unknown(date(2025, 12, 30), date(2026, 1, 6)) == []


@given(days, st.integers(1, 40))
def test_a_period_holds_as_many_working_days_as_it_should_and_ends_on_one(first: date, count: int) -> None:
    calendar = Calendar()
    last = calendar.last(first, count)
    period = [first + DAY * n for n in range((last - first).days + 1)]
    assert sum(map(calendar.works, period)) == count
    assert calendar.works(last)


@given(days)
def test_the_next_working_day_is_the_nearest(day: date) -> None:
    calendar = Calendar()
    following = calendar.next(day)
    between = [day + DAY * n for n in range(1, (following - day).days)]
    assert following > day and calendar.works(following) and not any(map(calendar.works, between))
