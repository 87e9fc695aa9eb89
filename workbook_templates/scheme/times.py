"""Times of day: spreadsheet programs hold them as parts of a day."""

from __future__ import annotations

import re
from datetime import time
from typing import Any

_SHOWN = re.compile(r"[^ymd]*h[^ymd]*:mm[^yd]*", re.IGNORECASE)
_TYPED = re.compile(r"(\d{1,4}):([0-5]\d)(?::([0-5]\d))?")


def part_of_day(hours: int, minutes: int, seconds: int) -> float:
    """With the digits that a cell shows."""
    return float(f"{(hours * 3600 + minutes * 60 + seconds) / 86400:.15g}")


def in_days(value: Any) -> Any:
    """What a file has, its times as numbers."""
    match value:
        case time():
            return part_of_day(value.hour, value.minute, value.second)
        case list():
            return list(map(in_days, value))
        case dict():
            return {name: in_days(item) for name, item in value.items()}
        case _:
            return value


def typed(text: str, number_format: str) -> float | None:
    """A time as it is typed into a cell that shows times: of a day, or of any length where the hours stand in brackets."""
    found = _TYPED.fullmatch(text.strip()) if _SHOWN.fullmatch(number_format) else None
    if found is None or (int(found[1]) > 23 and "[h" not in number_format.lower()):
        return None
    return part_of_day(*(int(part or 0) for part in found.groups()))
