"""Dates.

Days are reckoned with as they are numbered, so that day 0 and the 29th of February 1900 are what they are to spreadsheets.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import Any

from addin.headless.context import Unsupported
from addin.headless.functions import function
from addin.headless.operators import CellFault, to_number, to_text
from addin.headless.values import OMITTED
from addin.xlsx.dates import LAST, Moment, calendar_day, current_moment, day_of, moment_of, serial, text_date
from addin.xlsx.model import Cell, CellError

MOST_OF_TIME = 32_767


def number_of_date(cell: Cell) -> float:
    """The number of a date; the functions of working days and months take no TRUE or FALSE for one."""
    if isinstance(cell, bool):
        raise CellFault(CellError.VALUE)
    return to_number(cell)


def _date(cell: Cell) -> Moment:
    try:
        return calendar_day(to_number(cell))
    except (ValueError, OverflowError):
        raise CellFault(CellError.NUM) from None


def whole_day(cell: Cell) -> int:
    """The number of a day; raises CellFault outside of the calendar."""
    number = number_of_date(cell)
    try:
        calendar_day(number)
    except (ValueError, OverflowError):
        raise CellFault(CellError.NUM) from None
    return int(number // 1)


def weekday_of(day: int) -> int:
    """Monday is 0."""
    return calendar_day(day).weekday


def _serial(year: int, month: int, day: int) -> float:
    """The number of a date whose month and day may be out of their bounds."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    if not 1900 <= year <= 9999:
        raise CellFault(CellError.NUM)
    found = serial(date(year, month, 1)) + day - 1
    if not 0 <= found <= LAST:
        raise CellFault(CellError.NUM)
    return found


@function("DATE")
def date_(year: Cell, month: Cell, day: Cell) -> Cell:
    years, months, days = (int(to_number(part) // 1) for part in (year, month, day))
    if not 0 <= years <= 9999:
        raise CellFault(CellError.NUM)
    return _serial(years + 1900 if years < 1900 else years, months, days)


@function("YEAR")
def year(cell: Cell) -> Cell:
    return float(_date(cell).year)


@function("MONTH")
def month(cell: Cell) -> Cell:
    return float(_date(cell).month)


@function("DAY")
def day(cell: Cell) -> Cell:
    return float(_date(cell).day)


def _clock(cell: Cell) -> Moment:
    try:
        return moment_of(to_number(cell))
    except (ValueError, OverflowError):
        raise CellFault(CellError.NUM) from None


@function("HOUR")
def hour(cell: Cell) -> Cell:
    return float(_clock(cell).hour)


@function("MINUTE")
def minute(cell: Cell) -> Cell:
    return float(_clock(cell).minute)


@function("SECOND")
def second(cell: Cell) -> Cell:
    return float(_clock(cell).second)


@function("TIME")
def time(hours: Cell, minutes: Cell, seconds: Cell) -> Cell:
    parts = [int(to_number(part)) for part in (hours, minutes, seconds)]
    total = parts[0] * 3600 + parts[1] * 60 + parts[2]
    if total < 0 or max(parts) > MOST_OF_TIME:
        raise CellFault(CellError.NUM)
    return total % 86400 / 86400


@function("TODAY")
def today() -> Cell:
    return serial(current_moment().date())


@function("NOW")
def now() -> Cell:
    current = current_moment()
    return serial(current.date()) + (current.hour * 3600 + current.minute * 60 + current.second) / 86400


def _of_text(cell: Cell) -> float:
    found = text_date(to_text(cell))
    if found is None:
        raise CellFault(CellError.VALUE)
    return found


@function("DATESTRING")
def datestring(cell: Cell) -> Cell:
    day = _date(cell)
    return f"{day.year % 100:02d}年{day.month:02d}月{day.day:02d}日"


@function("DATEVALUE")
def datevalue(cell: Cell) -> Cell:
    return float(int(_of_text(cell)))


_STARTS = {1: 6, 2: 0, 11: 0, 12: 1, 13: 2, 14: 3, 15: 4, 16: 5, 17: 6}
"""The first day of the week by the number for it."""


@function("WEEKDAY")
def weekday(cell: Cell, kind: Cell = 1.0) -> Cell:
    number = int(to_number(kind))
    monday_first = _date(cell).weekday
    if number == 3:
        return float(monday_first)
    if number not in _STARTS:
        raise CellFault(CellError.NUM)
    return float((monday_first - _STARTS[number]) % 7 + 1)


def _shifted(cell: Any, months: Cell) -> tuple[int, int, int]:
    """Year and month so many months later, and the day as far as the month has it."""
    if cell is OMITTED:
        raise CellFault(CellError.NA)
    whole_day(cell)
    start, count = _date(cell), int(number_of_date(months))
    years, index = divmod(start.month - 1 + count, 12)
    target = start.year + years
    if not 1900 <= target <= 9999:
        raise CellFault(CellError.NUM)
    return target, index + 1, min(start.day, calendar.monthrange(target, index + 1)[1])


@function("EDATE")
def edate(cell: Any, months: Cell) -> Cell:
    return _serial(*_shifted(cell, months))


@function("EOMONTH")
def eomonth(cell: Any, months: Cell) -> Cell:
    target, month_of, _ = _shifted(cell, months)
    return _serial(target, month_of, calendar.monthrange(target, month_of)[1])


@function("DAYS")
def days(last: Cell, first: Cell) -> Cell:
    return float(whole_day(to_number(last)) - whole_day(to_number(first)))


@function("DATEDIF")
def datedif(first: Cell, last: Cell, unit: Cell) -> Cell:
    start, end, days_between = _date(first), _date(last), whole_day(last) - whole_day(first)
    if days_between < 0:
        raise CellFault(CellError.NUM)
    months = (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)
    match to_text(unit).upper():
        case "Y":
            return float(months // 12)
        case "M":
            return float(months)
        case "D":
            return float(days_between)
        case "YM":
            return float(months % 12)
        case "MD":
            # Where the month before has no such day, the count begins in the next one, even if that gives less than 0.
            return float(whole_day(last)) - _serial(end.year, end.month - (end.day < start.day), start.day)
        case "YD":
            return _days_without_years(start, end, days_between)
    raise CellFault(CellError.NUM)


def _days_without_years(start: Moment, end: Moment, days_between: int) -> float:
    """Both days in the first one's year, a year of 365 days further if need be; 29 February is 1 March where the last year has none."""
    has_gone = (start.month, start.day) == (2, 29) and not calendar.isleap(end.year)
    days = _serial(start.year, end.month, end.day) - _serial(start.year, start.month, start.day) - has_gone
    if days >= 0:
        return days
    if end.year == start.year + 1 and days + 365 != days_between:
        raise Unsupported("DATEDIF 的 YD 跨过闰年的 2 月 29 日、又不满一年时，不知道 Excel 怎样计算；请改用 D")
    return days + 365


@function("WEEKNUM")
def weeknum(cell: Cell, kind: Cell = 1.0) -> Cell:
    current, number = whole_day(cell), int(number_of_date(kind))
    if number == 21:
        return _iso_week(current)
    if number not in _STARTS:
        raise CellFault(CellError.NUM)
    first = int(_serial(calendar_day(current).year, 1, 1))
    lead = (weekday_of(first) - _STARTS[number]) % 7
    return float((current - first + lead) // 7 + 1)


@function("ISOWEEKNUM")
def isoweeknum(cell: Cell) -> Cell:
    return _iso_week(whole_day(cell))


def _iso_week(number: int) -> float:
    """By the day of the week that is shown: of days before March 1900 that of the day before."""
    shown, real = weekday_of(number), day_of(number)
    return float((real - timedelta((real.weekday() - shown) % 7)).isocalendar().week)
