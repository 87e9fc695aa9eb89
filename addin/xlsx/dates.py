"""Serial numbers of the 1900 system and dates (1900 is taken for a leap year, as spreadsheets do)."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

EPOCH = date(1899, 12, 30)
LEAP_BUG = 60
LAST = 2958465
_TEXT = re.compile(
    r"\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?)?\s*"
)
_TIME = re.compile(r"\s*(\d{1,2}):(\d{2})(?::(\d{2}))?\s*")


def serial(day: date) -> float:
    number = (day - EPOCH).days
    return float(number - 1 if number < LEAP_BUG + 1 else number)


def day_of(number: float) -> date:
    """The date of a serial number; raises ValueError outside of 0 … 9999-12-31."""
    whole = int(number // 1)
    if not 0 <= whole <= LAST:
        raise ValueError(number)
    return EPOCH + timedelta(days=whole + (1 if whole < LEAP_BUG else 0))


def text_date(text: str) -> float | None:
    """The serial number of a text that reads as a date or time of day."""
    if match := _TEXT.fullmatch(text):
        year, month, day, *clock = match.groups()
        try:
            return serial(date(int(year), int(month), int(day))) + _fraction(clock)
        except ValueError:
            return None
    if match := _TIME.fullmatch(text):
        return _fraction(list(match.groups()))
    return None


def _fraction(clock: list[str | None]) -> float:
    hours, minutes, seconds = (int(part or 0) for part in clock)
    return (hours * 3600 + minutes * 60 + seconds) / 86400


def moment(number: float) -> datetime:
    """Date and time of a serial number, to the second."""
    day = day_of(number)
    return datetime(day.year, day.month, day.day) + timedelta(seconds=round((number % 1) * 86400))
