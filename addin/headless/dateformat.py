"""The parts of a number format that show dates and times of day."""

from __future__ import annotations

import math
from decimal import ROUND_FLOOR, Decimal

from addin.headless.chinese import digits_only, in_words
from addin.headless.context import Unsupported
from addin.headless.numberparts import Part, Section
from addin.headless.operators import CellFault
from addin.xlsx.dates import LAST, Moment, is_1904, moment_of
from addin.xlsx.model import CellError

WEEKDAYS = "一二三四五六日"
ENGLISH_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
CHINESE_MONTHS = ("一月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "十一月", "十二月")
_CHINESE = frozenset(
    {"804", "0804", "2052", "C04", "0C04", "404", "0404", "ZH-CN", "ZH-HANS", "ZH-HK", "ZH-SG", "ZH-TW"}
)
_ERAS = frozenset({"411", "0411", "JA-JP", "404", "0404", "ZH-TW"})


def date_text(value: float, section: Section) -> str:
    """A serial number as a section of a format shows it; raises CellFault outside of the calendar."""
    parts = _with_elapsed(_with_minutes(section.parts))
    if value < 0 and (is_1904() or _is_count(parts)):
        return "-" + date_text(-value, section)
    places = _places(parts)
    # Hours and minutes that have elapsed need no calendar.
    dates = [part.text for part in parts if part.kind == "date"]
    counted = any(text.startswith("[") for text in dates) and all(
        text[0] in "[hs" or text[:3] == "min" for text in dates
    )
    try:
        when = moment_of(value % 1 if counted and value > LAST else value, places)
    except (ValueError, OverflowError):
        raise CellFault(CellError.VALUE) from None
    noon = any(part.text in ("am/pm", "a/p", "A/P", "上午/下午") for part in parts if part.kind == "date")
    texts: list[str] = []
    fraction = False
    digits = f"{when.fraction:.{places}f}"[2:] if places else ""
    for index, part in enumerate(parts):
        if part.kind == "date":
            fraction = False
            shown = _part(part.text, when, value, noon, section, places)
            texts.append(_in_chinese(part.text, shown, section.chinese) if section.chinese else shown)
        elif part.kind == "point" and places and index + 1 < len(parts) and parts[index + 1].kind == "digit":
            fraction = True
            texts.append(".")
        elif part.kind == "digit" and fraction:
            texts.append(digits[:1])
            digits = digits[1:]
        elif part.kind == "digit":
            raise CellFault(CellError.VALUE)
        else:
            texts.append(part.text)
    return "".join(texts)


def _is_count(parts: list[Part]) -> bool:
    """Whether hours, minutes or seconds that have elapsed are all that is shown: a number that may be negative."""
    counts = [part for part in parts if part.kind != "text"]
    return len(counts) == 1 and counts[0].text.startswith("[")


def _with_minutes(parts: tuple[Part, ...]) -> list[Part]:
    """``m`` next to hours or seconds means minutes, told apart as ``min``."""
    found = list(parts)
    dates = [i for i, part in enumerate(parts) if part.kind == "date" and "/" not in part.text]
    for place, index in enumerate(dates):
        text = parts[index].text
        if text not in ("m", "mm"):
            continue
        before = parts[dates[place - 1]].text.strip("[]") if place else ""
        after = parts[dates[place + 1]].text.strip("[]") if place + 1 < len(dates) else ""
        if before[:1] == "h" or after[:1] == "s" or (before[:1] == "s" and after[:1] not in ("d", "y")):
            found[index] = Part("date", "min" if text == "m" else "minmin")
    return found


def _with_elapsed(parts: list[Part]) -> list[Part]:
    """Beside ``[h]`` every other ``h`` counts on as well, and so with seconds."""
    units = {part.text[1] for part in parts if part.kind == "date" and part.text.startswith("[")} & {"h", "s"}
    return [Part("date", f"[{part.text}]") if part.kind == "date" and part.text[0] in units else part for part in parts]


def _places(parts: list[Part]) -> int:
    """How many places of a second are shown (``ss.00``)."""
    for index, part in enumerate(parts):
        if part.kind == "date" and part.text.strip("[]")[:1] == "s":
            digits = 0
            if index + 1 < len(parts) and parts[index + 1].kind == "point":
                while index + 2 + digits < len(parts) and parts[index + 2 + digits].kind == "digit":
                    digits += 1
            return min(digits, 9)
    return 0


def _elapsed(unit: str, value: float, places: int) -> int:
    exact = Decimal(f"{value:.15g}") * 86400
    seconds = math.floor(exact.scaleb(places) + Decimal("0.5"))
    whole = int((Decimal(seconds).scaleb(-places)).to_integral_value(ROUND_FLOOR))
    return whole // {"h": 3600, "m": 60, "s": 1}[unit]


def _part(kind: str, when: Moment, value: float, noon: bool, section: Section, places: int) -> str:
    if kind.startswith("["):
        return f"{_elapsed(kind[1], value, places):0{len(kind) - 2}d}"
    hour = (when.hour - 1) % 12 + 1 if noon else when.hour
    chinese = section.locale in _CHINESE
    if kind[0] == "e":
        if section.locale in _ERAS:
            raise Unsupported("TEXT 的格式中有日本年号或民国年号，不受支持")
        return f"{when.year:04d}"
    if kind[0] == "b":
        # The Buddhist calendar.
        return f"{when.year + 543}" if len(kind) > 2 else f"{(when.year + 543) % 100:02d}"
    match kind:
        case "y" | "yy":
            return f"{when.year % 100:02d}"
        case "min" | "minmin":
            return f"{when.minute:0{2 if kind == 'minmin' else 1}d}"
        case "m" | "mm":
            return f"{when.month:0{len(kind)}d}"
        case "mmm":
            return f"{when.month}月" if chinese else ENGLISH_MONTHS[when.month - 1][:3]
        case "mmmmm":
            return ENGLISH_MONTHS[when.month - 1][:1]
        case "d" | "dd":
            return f"{when.day:0{len(kind)}d}"
        case "ddd" | "aaa":
            if kind == "aaa":
                return WEEKDAYS[when.weekday]
            return f"周{WEEKDAYS[when.weekday]}" if chinese else ENGLISH_DAYS[when.weekday][:3]
        case "am/pm":
            return ("上午" if when.hour < 12 else "下午") if chinese else ("AM" if when.hour < 12 else "PM")
        case "a/p" | "A/P":
            return kind[0 if when.hour < 12 else 2]
        case "上午/下午":
            return "上午" if when.hour < 12 else "下午"
    match kind[0]:
        case "y":
            return f"{when.year:04d}"
        case "m":
            return CHINESE_MONTHS[when.month - 1] if chinese else ENGLISH_MONTHS[when.month - 1]
        case "d":
            return f"星期{WEEKDAYS[when.weekday]}" if chinese else ENGLISH_DAYS[when.weekday]
        case "a":
            return f"星期{WEEKDAYS[when.weekday]}"
        case "h":
            return f"{hour:0{min(len(kind), 2)}d}"
    return f"{when.second:0{min(len(kind), 2)}d}"


def _in_chinese(kind: str, text: str, chinese: str) -> str:
    if not text.isdigit():
        return text
    if kind[0] in "ye":
        return digits_only(text, chinese)
    shown = in_words(Decimal(text), chinese)
    return shown.removeprefix("一") if shown.startswith("一十") else shown
