"""Days and years by other calendars than the real one."""

from __future__ import annotations

import calendar
import math

from addin.headless.functions.arguments import require, scalar, strict_number
from addin.headless.functions.daycount import day, year_share
from addin.xlsx.model import Cell


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


@scalar("YEARFRAC", "ccw")
def yearfrac(first: Cell, last: Cell, basis: float = 0.0) -> float:
    # What is wrong with the basis comes before what is wrong with the dates.
    require(0 <= math.floor(basis) <= 4)
    return year_share(strict_number(first), strict_number(last), math.floor(basis))
