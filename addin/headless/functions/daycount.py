"""Days and years between dates, by the bases of the bond markets: 0 and 4 months of 30 days, 1 to 3 real days."""

from __future__ import annotations

import calendar
import math
from datetime import date

from addin.headless.functions.arguments import NUM, require
from addin.headless.operators import CellFault
from addin.xlsx.dates import Moment, calendar_day, day_of, serial

Day = date | Moment


def day(number: float) -> date:
    try:
        return day_of(math.floor(number))
    except (ValueError, OverflowError):
        raise CellFault(NUM) from None


def months_after(start: date, months: int, end_of_month: bool = False) -> date:
    """The same day some months later or earlier; the last day of a month stays one where that is asked for."""
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    require(1900 <= year <= 9999)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, last if end_of_month else min(start.day, last))


def is_month_end(one: Day) -> bool:
    return one.day == calendar.monthrange(one.year, one.month)[1]


def days_360(start: Day, end: Day, european: bool, february: bool = False) -> int:
    """Days in months of 30; ``february``: the end of February counts as the 30th (the American rule of YEARFRAC)."""
    first, last = start.day, end.day
    if european:
        first, last = min(first, 30), min(last, 30)
    else:
        from_february = february and start.month == 2 and is_month_end(start)
        if from_february and end.month == 2 and is_month_end(end):
            last = 30
        # After the end of February the 31st stays one.
        if last == 31 and first >= 30:
            last = 30
        first = 30 if from_february else min(first, 30)
    return (end.year - start.year) * 360 + (end.month - start.month) * 30 + last - first


def days_between(first: float, last: float, basis: int) -> float:
    return accrued(day(first), day(last), basis)


def accrued(start: date, end: date, basis: int) -> float:
    """Days between two dates that bear interest."""
    if basis in (0, 4):
        return float(days_360(start, end, basis == 4, basis == 0))
    return float((end - start).days)


def period_length(start: date, end: date, basis: int, frequency: int) -> float:
    """The days of a coupon period that interest is divided by."""
    if basis == 1:
        return float((end - start).days)
    if basis == 3:
        return 365 / frequency
    if basis == 0:
        first = 30 if start.day == 31 or (start.month == 2 and is_month_end(start)) else start.day
        last = 30 if end.day == 31 or (end.month == 2 and is_month_end(end)) else end.day
        return float((end.year - start.year) * 360 + (end.month - start.month) * 30 + last - first)
    return float(days_360(start, end, basis == 4, basis == 2))


def year_share(first: float, last: float, basis: int) -> float:
    """YEARFRAC: the years between two dates."""
    require(0 <= basis <= 4)
    first, last = sorted((math.floor(first), math.floor(last)))
    start, end = _as_shown(first), _as_shown(last)
    if basis == 0:
        return days_360(start, end, False, True) / 360
    if basis == 4:
        return days_360(start, end, True) / 360
    return (last - first) / year_length(start, end, basis)


def year_length(start: Day, end: Day, basis: int) -> float:
    """The days of a year that those between two dates are divided by."""
    return _mean_year(start, end) if basis == 1 else 365.0 if basis == 3 else 360.0


def _as_shown(number: float) -> Moment:
    try:
        return calendar_day(number)
    except (ValueError, OverflowError):
        raise CellFault(NUM) from None


def _mean_year(start: Day, end: Day) -> float:
    """The length of a year for basis 1: the mean of the years touched, 366 within one year if a 29 February lies in between."""
    if start == end:
        return 365.0
    over = end.year - start.year > 1 or (end.year > start.year and (end.month, end.day) > (start.month, start.day))
    if over:
        years = range(start.year, end.year + 1)
        return sum(365 + calendar.isleap(year) for year in years) / len(years)
    if start.year == end.year:
        return 365.0 + calendar.isleap(start.year)
    first, last = (start.year, start.month, start.day), (end.year, end.month, end.day)
    leap = any(calendar.isleap(year) and first <= (year, 2, 29) <= last for year in {start.year, end.year})
    return 365.0 + leap


def number_of(one: date) -> float:
    return float(serial(one))
