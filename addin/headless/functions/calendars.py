"""Days and years by other calendars than the real one, and working days with other weekends."""

from __future__ import annotations

import calendar
import math
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from addin.headless.functions import function
from addin.headless.functions.arguments import NUM, VALUE, require, scalar
from addin.headless.functions.cells import flat, raise_error
from addin.headless.functions.daycount import day, number_of, year_share
from addin.headless.operators import CellFault, to_number
from addin.headless.values import Omitted
from addin.xlsx.model import Cell

_WEEKENDS = {1: "0000011", 2: "1000001", 3: "1100000", 4: "0110000", 5: "0011000", 6: "0001100", 7: "0000110"}
_WEEKENDS |= {11: "0000001", 12: "1000000", 13: "0100000", 14: "0010000", 15: "0001000", 16: "0000100", 17: "0000010"}
MOST_DAYS = 3_000_000


@scalar("DAYS360", "nnb")
def days360(first: float, last: float, european: bool = False) -> float:
    (y1, m1, d1), (y2, m2, d2) = _calendar(first), _calendar(last)
    if european:
        d1, d2 = min(d1, 30), min(d2, 30)
    else:
        if d1 == 31 or (m1 == 2 and d1 == (29 if y1 == 1900 else calendar.monthrange(y1, 2)[1])):
            d1 = 30
        if d2 == 31 and d1 == 30:
            d2 = 30
    return float((y2 - y1) * 360 + (m2 - m1) * 30 + d2 - d1)


def _calendar(number: float) -> tuple[int, int, int]:
    """Year, month and day as Excel sees them: 0 January and 29 February of 1900 are days; seconds are rounded."""
    serial = math.floor(round(number * 86400) / 86400)
    require(serial >= 0)
    if serial <= 60:
        return (1900, 1, serial) if serial <= 31 else (1900, 2, serial - 31)
    one = day(serial)
    return one.year, one.month, one.day


@scalar("YEARFRAC", "www")
def yearfrac(first: float, last: float, basis: float = 0.0) -> float:
    return year_share(first, last, math.floor(basis))


def _free_days(argument: Any) -> set[date]:
    found = set()
    for cell in flat(argument) if argument is not None else []:
        raise_error(cell)
        if cell is None:
            continue
        found.add(day(to_number(cell)))
    return found


def _is_free(weekend: Cell, holidays: Any) -> Callable[[date], bool]:
    if isinstance(weekend, str):
        require(len(weekend) == 7 and set(weekend) <= {"0", "1"}, VALUE)
        flags = weekend
    else:
        number = 1 if isinstance(weekend, Omitted) else math.floor(to_number(weekend))
        require(number in _WEEKENDS)
        flags = _WEEKENDS[number]
    free = _free_days(holidays)
    return lambda one: flags[one.weekday()] == "1" or one in free


def _cell(cell: Cell) -> float:
    return to_number(None if isinstance(cell, Omitted) else cell)


@function("NETWORKDAYS.INTL")
def networkdays_intl(first: Cell, last: Cell, weekend: Cell = 1.0, holidays: Any = None) -> Cell:
    start, end, free = day(_cell(first)), day(_cell(last)), _is_free(weekend, holidays)
    low, high = min(start, end), max(start, end)
    worked = sum(not free(low + timedelta(days=i)) for i in range((high - low).days + 1))
    return float(worked if start <= end else -worked)


@function("WORKDAY.INTL")
def workday_intl(first: Cell, count: Cell, weekend: Cell = 1.0, holidays: Any = None) -> Cell:
    current, left, free = day(_cell(first)), math.trunc(_cell(count)), _is_free(weekend, holidays)
    if weekend == "1111111":
        raise CellFault(VALUE)
    step = timedelta(days=1 if left > 0 else -1)
    left = abs(left)
    require(left <= MOST_DAYS, NUM)
    try:
        while left:
            current += step
            left -= not free(current)
    except OverflowError:
        raise CellFault(NUM) from None
    return number_of(current)
