"""Dates and working days."""

from __future__ import annotations

import calendar
from datetime import date, datetime, timedelta
from typing import Any

from addin.headless.functions import function
from addin.headless.functions.cells import given, numbers
from addin.headless.operators import CellFault, to_number, to_text
from addin.xlsx.dates import day_of, moment, serial, text_date
from addin.xlsx.model import Cell, CellError


def _day(cell: Cell) -> date:
    try:
        return day_of(to_number(cell))
    except (ValueError, OverflowError):
        raise CellFault(CellError.NUM) from None


@function("DATE")
def date_(year: Cell, month: Cell, day: Cell) -> Cell:
    years, months, days = (int(to_number(part) // 1) for part in (year, month, day))
    if years < 1900:
        years += 1900
    years, months = years + (months - 1) // 12, (months - 1) % 12 + 1
    if not 1900 <= years <= 9999:
        raise CellFault(CellError.NUM)
    return serial(date(years, months, 1)) + days - 1


@function("YEAR")
def year(cell: Cell) -> Cell:
    return float(_day(cell).year)


@function("MONTH")
def month(cell: Cell) -> Cell:
    return float(_day(cell).month)


@function("DAY")
def day(cell: Cell) -> Cell:
    return float(_day(cell).day)


@function("HOUR")
def hour(cell: Cell) -> Cell:
    return float(moment(to_number(cell)).hour)


@function("MINUTE")
def minute(cell: Cell) -> Cell:
    return float(moment(to_number(cell)).minute)


@function("SECOND")
def second(cell: Cell) -> Cell:
    return float(moment(to_number(cell)).second)


@function("TIME")
def time(hours: Cell, minutes: Cell, seconds: Cell) -> Cell:
    return (to_number(hours) * 3600 + to_number(minutes) * 60 + to_number(seconds)) / 86400 % 1


@function("TODAY")
def today() -> Cell:
    return serial(date.today())


@function("NOW")
def now() -> Cell:
    current = datetime.now()
    return serial(current.date()) + (current.hour * 3600 + current.minute * 60 + current.second) / 86400


@function("DATEVALUE")
def datevalue(cell: Cell) -> Cell:
    found = text_date(to_text(cell))
    if found is None:
        raise CellFault(CellError.VALUE)
    return float(int(found))


@function("WEEKDAY")
def weekday(cell: Cell, kind: Cell = 1.0) -> Cell:
    monday_first = _day(cell).weekday()
    number = int(to_number(given(kind, 1.0)))
    starts = {1: 6, 2: 0, 11: 0, 12: 1, 13: 2, 14: 3, 15: 4, 16: 5, 17: 6}
    if number == 3:
        return float(monday_first)
    if number not in starts:
        raise CellFault(CellError.NUM)
    return float((monday_first - starts[number]) % 7 + 1)


def _shifted(cell: Cell, months: Cell) -> date:
    start, count = _day(cell), int(to_number(months))
    years, index = divmod(start.month - 1 + count, 12)
    target = start.year + years
    if not 1900 <= target <= 9999:
        raise CellFault(CellError.NUM)
    return date(target, index + 1, min(start.day, calendar.monthrange(target, index + 1)[1]))


@function("EDATE")
def edate(cell: Cell, months: Cell) -> Cell:
    return serial(_shifted(cell, months))


@function("EOMONTH")
def eomonth(cell: Cell, months: Cell) -> Cell:
    shifted = _shifted(cell, months)
    return serial(shifted.replace(day=calendar.monthrange(shifted.year, shifted.month)[1]))


@function("DAYS")
def days(last: Cell, first: Cell) -> Cell:
    return float(int(to_number(last)) - int(to_number(first)))


@function("DATEDIF")
def datedif(first: Cell, last: Cell, unit: Cell) -> Cell:
    start, end = _day(first), _day(last)
    if start > end:
        raise CellFault(CellError.NUM)
    months = (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)
    match to_text(unit).upper():
        case "Y":
            return float(months // 12)
        case "M":
            return float(months)
        case "D":
            return float((end - start).days)
        case "YM":
            return float(months % 12)
        case "MD":
            since = edate(first, float(months))
            return serial(end) - float(since)
        case "YD":
            since = edate(first, float(months // 12 * 12))
            return serial(end) - float(since)
    raise CellFault(CellError.NUM)


def _holidays(block: Any) -> set[date]:
    return {_day(number) for number in numbers((block,))} if block is not None else set()


@function("NETWORKDAYS")
def networkdays(first: Cell, last: Cell, holidays: Any = None) -> Cell:
    start, end, free = _day(first), _day(last), _holidays(holidays)
    sign = 1 if start <= end else -1
    low, high = min(start, end), max(start, end)
    all_days = (low + timedelta(days=i) for i in range((high - low).days + 1))
    return float(sign * sum(one.weekday() < 5 and one not in free for one in all_days))


@function("WORKDAY")
def workday(first: Cell, count: Cell, holidays: Any = None) -> Cell:
    current, left, free = _day(first), int(to_number(count)), _holidays(holidays)
    step = timedelta(days=1 if left > 0 else -1)
    left = abs(left)
    if left > 100_000:
        raise CellFault(CellError.NUM)
    while left:
        current += step
        left -= current.weekday() < 5 and current not in free
    return serial(current)


@function("WEEKNUM")
def weeknum(cell: Cell, kind: Cell = 1.0) -> Cell:
    current = _day(cell)
    number = int(to_number(given(kind, 1.0)))
    if number == 21:
        return float(current.isocalendar().week)
    first = date(current.year, 1, 1)
    lead = (first.weekday() + 1) % 7 if number == 1 else first.weekday()
    return float(((current - first).days + lead) // 7 + 1)


@function("ISOWEEKNUM")
def isoweeknum(cell: Cell) -> Cell:
    return float(_day(cell).isocalendar().week)
