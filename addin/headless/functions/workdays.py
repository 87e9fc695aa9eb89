"""Working days: between two dates, and so many after one; weeks at once, however far apart."""

from __future__ import annotations

import math
from typing import Any

from addin.headless.functions import function
from addin.headless.functions.arguments import NUM, VALUE, require
from addin.headless.functions.cells import flat, raise_error
from addin.headless.functions.dates import number_of_date, weekday_of, whole_day
from addin.headless.operators import to_number
from addin.headless.values import OMITTED, Omitted
from addin.xlsx.dates import LAST
from addin.xlsx.model import Cell

_SATURDAY_SUNDAY = "0000011"
_WEEKENDS = {1: _SATURDAY_SUNDAY, 2: "1000001", 3: "1100000", 4: "0110000", 5: "0011000", 6: "0001100", 7: "0000110"}
_WEEKENDS |= {11: "0000001", 12: "1000000", 13: "0100000", 14: "0010000", 15: "0001000", 16: "0000100", 17: "0000010"}


def _number(cell: Any) -> float:
    return number_of_date(None if isinstance(cell, Omitted) else cell)


class _Week:
    """The days of a week, from Monday, and the holidays that fall on its working days."""

    def __init__(self, weekend: str, holidays: Any) -> None:
        self._works = [day == "0" for day in weekend]
        self.worked = sum(self._works)
        cells = [] if holidays is None or isinstance(holidays, Omitted) else flat(holidays)
        for cell in cells:
            raise_error(cell)
        self._holidays = {day for cell in cells if cell is not None and self.works(day := whole_day(to_number(cell)))}

    def works(self, day: int) -> bool:
        return self._works[weekday_of(day)]

    def is_free(self, day: int) -> bool:
        return not self.works(day) or day in self._holidays

    def holidays(self, first: int, last: int) -> int:
        return sum(first <= day <= last for day in self._holidays)

    def between(self, first: int, last: int) -> int:
        """How many days of work there are, both ends included."""
        weeks, rest = divmod(last - first + 1, 7)
        return weeks * self.worked + sum(self.works(first + day) for day in range(rest)) - self.holidays(first, last)

    def after(self, day: int, count: int) -> int:
        """The day of work that is so many after (or before) another day; raises CellFault beyond the calendar."""
        step, left = (1 if count > 0 else -1), abs(count)
        while left:
            weeks = left // self.worked if self.works(day) else 0
            ahead = day + (7 * weeks or 1) * step
            require(0 <= ahead <= LAST, NUM)
            if weeks:
                left = left % self.worked + self.holidays(*sorted((day + step, ahead)))
            else:
                left -= not self.is_free(ahead)
            day = ahead
        return day


def _weekend(cell: Any) -> str:
    if isinstance(cell, str):
        require(len(cell) == 7 and set(cell) <= {"0", "1"}, VALUE)
        return cell
    number = 1 if isinstance(cell, Omitted) else math.floor(to_number(cell))
    require(number in _WEEKENDS)
    return _WEEKENDS[number]


def _between(first: Cell, last: Cell, weekend: str, holidays: Any) -> float:
    start, end, week = whole_day(_number(first)), whole_day(_number(last)), _Week(weekend, holidays)
    return float(week.between(start, end) if start <= end else -week.between(end, start))


def _after(first: Cell, count: Cell, weekend: str, holidays: Any) -> float:
    day, days, week = whole_day(_number(first)), math.trunc(_number(count)), _Week(weekend, holidays)
    require(week.worked > 0, VALUE)
    return float(week.after(day, days))


@function("NETWORKDAYS")
def networkdays(first: Cell, last: Cell, holidays: Any = None) -> Cell:
    return _between(first, last, _SATURDAY_SUNDAY, holidays)


@function("NETWORKDAYS.INTL")
def networkdays_intl(first: Cell, last: Cell, weekend: Any = OMITTED, holidays: Any = None) -> Cell:
    return _between(first, last, _weekend(weekend), holidays)


@function("WORKDAY")
def workday(first: Cell, count: Cell, holidays: Any = None) -> Cell:
    return _after(first, count, _SATURDAY_SUNDAY, holidays)


@function("WORKDAY.INTL")
def workday_intl(first: Cell, count: Cell, weekend: Any = OMITTED, holidays: Any = None) -> Cell:
    return _after(first, count, _weekend(weekend), holidays)
