"""Working days: weekends, the year's statutory holidays with the weekends worked instead, and a unit's own dates."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from addin.shared.exits import UserError

SATURDAY = 5
DAY = timedelta(days=1)
MOST_DAYS = 366


@dataclass(frozen=True)
class Year:
    """A year's days off, and the weekend days on which everybody works, as the notice ``source`` has them."""

    source: str
    rest: frozenset[date]
    work: frozenset[date]


@cache
def known_years() -> dict[int, Year]:
    """The years whose notice is known."""
    data = tomllib.loads((files("addin.macros.tools") / "holidays.toml").read_text(encoding="utf-8"))
    years = {}
    for year, notice in data.items():
        rest = {first + DAY * n for first, last in notice["rest"] for n in range((last - first).days + 1)}
        years[int(year)] = Year(notice["source"], frozenset(rest), frozenset(notice["work"]))
    return years


@dataclass(frozen=True)
class Calendar:
    """The working days of a unit: ``rest`` and ``work`` are its own dates, which go before everything else."""

    rest: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if both := sorted(self.rest & self.work):
            raise UserError(f"{both[0]} 既写作休息日，又写作上班日")

    def works(self, day: date) -> bool:
        """Whether people are at work on a day."""
        if day in self.work or day in self.rest:
            return day in self.work
        year = known_years().get(day.year)
        if year is not None and (day in year.work or day in year.rest):
            return day in year.work
        return day.weekday() < SATURDAY

    def next(self, day: date) -> date:
        """The first working day after a day; raises UserError."""
        for _ in range(MOST_DAYS):
            day += DAY
            if self.works(day):
                return day
        raise UserError("一年之内没有工作日，请检查休息日")

    def last(self, first: date, days: int) -> date:
        """The day that completes ``days`` working days, ``first`` being counted if it is one; raises UserError."""
        if not 1 <= days <= MOST_DAYS:
            raise UserError(f"公示天数应在 1 到 {MOST_DAYS} 之间，现为 {days}")
        day = first if self.works(first) else self.next(first)
        for _ in range(days - 1):
            day = self.next(day)
        return day

    def unknown(self, first: date, last: date) -> list[int]:
        """The years of a period whose holidays aren't known, so that only weekends were considered."""
        return [year for year in range(first.year, last.year + 1) if year not in known_years()]


def chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
