"""Serial numbers and dates: of the 1900 system (1900 is taken for a leap year, as spreadsheets do) or of the 1904 system.

The system is the workbook's: whoever computes a workbook, or shows its dates, does so within ``date_system``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from functools import cache
from typing import NamedTuple

from udfs.dates import EPOCH
from udfs.datesystem import SHIFT, SHIFT_1904, shifted

LEAP_BUG = 60
LAST = 2958465
_CERTAIN = Decimal("0.00001")
"""Seconds that fifteen digits of a day still tell: beyond them a half is a little more or less."""


class Moment(NamedTuple):
    """What a serial number means. Day 0 is 1900-01-00, day 60 the 29th of February 1900; ``weekday``: Monday is 0."""

    year: int
    month: int
    day: int
    weekday: int
    hour: int = 0
    minute: int = 0
    second: int = 0
    fraction: Decimal = Decimal(0)


def date_system(date1904: bool) -> AbstractContextManager[None]:
    """Serial numbers mean days of that system inside."""
    return shifted(SHIFT_1904 if date1904 else 0)


_MOMENT: ContextVar[datetime | None] = ContextVar("moment", default=None)


@contextmanager
def one_moment() -> Iterator[None]:
    """Whatever asks for the time inside is told the same."""
    token = _MOMENT.set(datetime.now())
    try:
        yield
    finally:
        _MOMENT.reset(token)


def current_moment() -> datetime:
    return _MOMENT.get() or datetime.now()


def is_1904() -> bool:
    return SHIFT.get() != 0


def serial(day: date) -> float:
    number = (day - EPOCH).days
    return float((number - 1 if number < LEAP_BUG + 1 else number) - SHIFT.get())


def _whole(number: float) -> int:
    whole = int(number // 1)
    if whole < 0 or whole + SHIFT.get() > LAST:
        raise ValueError(number)
    return whole + SHIFT.get()


def day_of(number: float) -> date:
    """The date of a serial number (of days 0 and 60, the day before or after); raises ValueError outside of 0 … 9999-12-31."""
    whole = _whole(number)
    return EPOCH + timedelta(days=whole + (1 if whole < LEAP_BUG else 0))


def calendar_day(number: float) -> Moment:
    """Year, month, day and day of the week, as spreadsheets show them; raises ValueError."""
    whole = _whole(number)
    weekday = (whole + 5) % 7
    if whole == 0:
        return Moment(1900, 1, 0, weekday)
    if whole == LEAP_BUG:
        return Moment(1900, 2, 29, weekday)
    day = EPOCH + timedelta(days=whole + (1 if whole < LEAP_BUG else 0))
    return Moment(day.year, day.month, day.day, weekday)


def seconds_of(number: float, places: int = 0) -> Decimal:
    """The seconds since day 0, to that many places, halves up; raises ValueError for what no cell shows as a time."""
    if not 0 <= number < LAST + 1:
        raise ValueError(number)
    exact = (Decimal(f"{number:.15g}") * 86400).quantize(_CERTAIN, ROUND_HALF_EVEN)
    return exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def moment_of(number: float, places: int = 0) -> Moment:
    """Date and time of a serial number, rounded to that many places of a second; raises ValueError."""
    days, seconds = divmod(seconds_of(number, places), 86400)
    day, (minutes, left) = calendar_day(int(days)), divmod(seconds, 60)
    return day._replace(hour=int(minutes) // 60, minute=int(minutes) % 60, second=int(left), fraction=left - int(left))


def moment(number: float) -> datetime:
    """Date and time of a serial number, to the second; raises ValueError."""
    days, seconds = divmod(int(seconds_of(number)), 86400)
    return datetime.combine(day_of(days), time()) + timedelta(seconds=seconds)


_HALF_WIDTH = str.maketrans("０１２３４５６７８９．，＋－％／：", "0123456789.,+-%/:")


def half_width(text: str) -> str:
    """Digits, and the signs beside them, as typed in a Chinese program: numbers and days are read from them all the same."""
    return text if text.isascii() else text.translate(_HALF_WIDTH)


_MONTHS = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
]  # fmt: skip
# Three letters of a name are enough.
_MONTH = rf"(?P<word>{'|'.join(name[:length] for name in _MONTHS for length in range(len(name), 2, -1))})"
_MONTH_OF = {name[:3]: number for number, name in enumerate(_MONTHS, 1)}
_DAYS = (
    r"(?P<year>\d{4})\s*(?P<mark>[-/])\s*(?P<month>\d{1,2})(?:\s*(?P=mark)\s*(?P<day>\d{1,2}))?",
    r"(?P<year>\d{2})(?P<mark>[-/])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})",
    r"(?P<year>\d{4}|\d{2})\s*年\s*(?P<month>\d{1,2})\s*月(?:\s*(?P<day>\d{1,2})\s*日?)?",
    r"(?P<month>\d{1,2})(?P<mark>[-/])(?P<day>\d{1,2})(?:(?P=mark)(?P<year>\d{4}))?",
    r"(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*日",
    r"(?P<day>\d{1,2})[-/ ]+" + _MONTH + r"[-/ ,]+(?P<year>\d{4}|\d{2})",
    r"(?P<day>\d{1,2})[-/ ]+" + _MONTH,
    _MONTH + r"[-/ ]+(?P<day>\d{1,2})(?:\s*,\s*|[-/ ]+)(?P<year>\d{4})",
    # What may be a day of the month is no year.
    _MONTH + r"[-/ ,]+(?P<year>\d{4}|3[2-9]|[4-9]\d)",
)
_DOTTED = r"(?P<year>\d{4})\.(?P<month>\d{1,2})\.(?P<day>\d{1,2})"
_CLOCK = re.compile(
    r"(?P<before>上午|下午)?\s*(?P<hour>\d{1,2})(?:\s*:\s*(?P<minute>\d{1,2})(?:\s*:\s*(?P<second>\d{1,2}(?:\.\d+)?))?"
    r"|时(?:(?P<minute2>\d{1,2})分(?:(?P<second2>\d{1,2})秒)?)?)?\s*(?P<after>am|pm|a|p|上午|下午)?",
    re.IGNORECASE,
)
_PART = r"([1-9]\d{0,3}|0?\d)"
_SPAN = re.compile(rf"{_PART}\s*:\s*(?:{_PART}(\.\d+)|{_PART}?|{_PART}\s*:\s*{_PART}?(\.\d+)?)")
_SPLIT = re.compile(
    r"(?P<day>\S.*?\S)(?:\s+|(?<=日)\s*)(?P<clock>(?:上午|下午)?\s*\d{1,4}[:时].*|\d{1,2}\s*(?:am|pm))", re.I
)


def text_date(text: str, dotted: bool = False) -> float | None:
    """The serial number of a text that reads as a date or time of day; ``dotted``: also 2015.6.30, which Excel takes for text.

    Spaces may stand behind either, before a time only.
    """
    if len(text) > 60 or not any(char.isdigit() for char in text):
        return None
    text = half_width(text).rstrip(" ")
    found = _day(text, dotted)
    if found is None:
        found = _clock(text.lstrip(" "))
    if found is None and (parts := _SPLIT.fullmatch(text)):
        day, clock = _day(parts["day"].rstrip(), dotted), _clock(parts["clock"])
        found = None if day is None or clock is None else day + clock
    return found


@cache
def _patterns(dotted: bool) -> list[re.Pattern[str]]:
    """Compiled when a text is first read so, which takes as long as to compute a small table."""
    return [re.compile(pattern, re.IGNORECASE) for pattern in ((*_DAYS, _DOTTED) if dotted else _DAYS)]


def _day(text: str, dotted: bool) -> float | None:
    for pattern in _patterns(dotted):
        match = pattern.fullmatch(text)
        if match:
            parts = match.groupdict()
            word = parts.get("word")
            month = _MONTH_OF[word[:3].lower()] if word else int(parts["month"])
            # Without a year this year's day is meant.
            year = _whole_year(int(parts["year"])) if parts.get("year") else current_moment().year
            day = int(parts["day"]) if parts.get("day") else 1
            try:
                is_leap_bug = (year, month, day) == (1900, 2, 29)
                found = float(LEAP_BUG - SHIFT.get()) if is_leap_bug else serial(date(year, month, day))
            except ValueError:
                return None
            return found if found >= 0 and year >= 1900 else None
    return None


def _whole_year(year: int) -> int:
    """Two digits mean 1930 to 2029."""
    return year if year > 99 else year + (2000 if year < 30 else 1900)


def _clock(text: str) -> float | None:
    match = _CLOCK.fullmatch(text)
    noon = (match["before"] or match["after"] or "").lower() if match else ""
    if match is None or (not noon and ":" in text):
        return _span(text)
    minute, second = match["minute"] or match["minute2"], match["second"] or match["second2"]
    if (minute is None and not noon and "时" not in text) or (match["before"] and match["after"]):
        return None
    hours, minutes, seconds = int(match["hour"]), int(minute or 0), float(second or 0)
    if minutes > 59 or seconds >= 60 or (noon and hours > 12):
        return None
    if noon:
        hours = hours % 12 + (12 if noon in ("pm", "p", "下午") else 0)
    return (hours * 3600 + minutes * 60 + seconds) / 86400


def _span(text: str) -> float | None:
    """Hours and minutes, perhaps with seconds, or minutes and seconds with decimals; one of them may be more than a clock shows."""
    match = _SPAN.fullmatch(text)
    if match is None:
        return None
    first, of_minute, fraction, minute, minute_too, second, fraction_too = match.groups()
    if of_minute is not None:
        parts = [0, int(first), int(of_minute)]
    else:
        parts = [int(first), int(minute or minute_too or 0), int(second or 0)]
    if sum(part > most for part, most in zip(parts, (23, 59, 59), strict=True)) > 1:
        return None
    hours, minutes, seconds = parts
    return (hours * 3600 + minutes * 60 + seconds + float(fraction or fraction_too or 0)) / 86400
