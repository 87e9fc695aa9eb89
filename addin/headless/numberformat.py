"""TEXT: numbers and dates in the formats that clerks use."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

from addin.headless.context import Unsupported
from addin.headless.operators import CellFault, number_text
from addin.xlsx.dates import moment
from addin.xlsx.model import Cell, CellError

_PART = re.compile(
    r'"([^"]*)"|\\(.)|_(.)|\*.|\[([^\]]*)\]|(yyyy|yy|mmmm|mmm|mm|m|dddd|ddd|dd|d|hh|h|ss|s|aaaa|aaa|AM/PM|上午/下午)|(.)',
    re.I,
)
_DATE_LETTERS = re.compile(r"[ymdhsa]", re.I)
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_DIGITS = re.compile(r"[0#?][0#?,.]*[0#?]*|\.[0#?]+")
WEEKDAYS = "一二三四五六日"
ENGLISH_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ENGLISH_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def format_text(cell: Cell, code: str) -> str:
    """The cell as a number format shows it."""
    sections = _sections(code)
    chosen = _by_condition(cell, sections)
    if chosen is not None:
        return chosen
    if isinstance(cell, str):
        return sections[3].replace("@", cell) if len(sections) > 3 else cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    value = float(cell) if isinstance(cell, int | float) else 0.0
    if value < 0 and len(sections) > 1 and sections[1]:
        return _number(-value, sections[1])
    if value == 0 and len(sections) > 2:
        return _number(value, sections[2])
    return _number(value, sections[0])


_CONDITION = re.compile(r"\[(<=|>=|<>|=|<|>)\s*(-?[0-9.]+)\]")
_TESTS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "<>": operator.ne,
}  # fmt: skip


def _by_condition(cell: Cell, sections: list[str]) -> str | None:
    """The text of the first section whose condition (``[>=60]``) holds; None where the format has no conditions."""
    conditions = [_CONDITION.search(section) for section in sections[:2]]
    if not any(conditions) or isinstance(cell, str | bool):
        return None
    value = float(cell) if isinstance(cell, int | float) else 0.0
    for section, condition in zip(sections, conditions, strict=False):
        if condition is not None and _TESTS[condition[1]](value, float(condition[2])):
            return _number(value, _CONDITION.sub("", section))
    rest = [section for section, condition in zip(sections, [*conditions, None], strict=False) if condition is None]
    return _number(value, rest[-1]) if rest else "#" * 8


_DIGITS_OF = {"1": "〇一二三四五六七八九", "2": "零壹贰叁肆伍陆柒捌玖"}
_UNITS_OF = {"1": ("", "十", "百", "千"), "2": ("", "拾", "佰", "仟")}


def _in_chinese(value: float, kind: str) -> str:
    """A number in Chinese characters, as ``[DBNum1]`` (一二三) and ``[DBNum2]`` (壹贰叁) show it in the format General."""
    digits, units = _DIGITS_OF[kind], _UNITS_OF[kind]
    whole, _, fraction = format(Decimal(f"{abs(value):.15g}"), "f").partition(".")
    groups = [whole[max(0, end - 4) : end] for end in range(len(whole), 0, -4)][::-1]
    text, gap = "", False
    for place, group in enumerate(groups):
        for position, digit in enumerate(group):
            if digit == "0":
                gap = True
                continue
            text += (digits[0] if gap and text else "") + digits[int(digit)] + units[len(group) - 1 - position]
            gap = False
        if group.strip("0"):
            text += ("", "万", "亿", "万亿")[len(groups) - 1 - place]
    if fraction:
        text = (text or digits[0]) + "." + "".join(digits[int(digit)] for digit in fraction)
    return ("-" if value < 0 else "") + (text or digits[0])


def _sections(code: str) -> list[str]:
    found, quoted = [""], False
    for char in code:
        quoted ^= char == '"'
        if char == ";" and not quoted:
            found.append("")
        else:
            found[-1] += char
    return found


def _number(value: float, code: str) -> str:
    bare = _QUOTED.sub("", code)
    if chinese := re.search(r"\[DBNum([123])\]", code, re.IGNORECASE):
        if chinese[1] == "3" or bare.strip().lower() not in ("general", "g/通用格式", "0", ""):
            raise Unsupported(f"TEXT 的格式 {code} 不受支持")
        number = value if bare.strip() != "0" else float(Decimal(f"{value:.15g}").quantize(Decimal(1), ROUND_HALF_UP))
        return _in_chinese(number, chinese[1])
    if bare.strip().lower() in ("general", "g/通用格式", "@"):
        return number_text(value)
    if "?/" in bare or "#/" in bare:
        raise Unsupported(f"TEXT 的格式 {code} 不受支持")
    if _DATE_LETTERS.search(bare) and not re.search(r"[0#]", bare.replace("00", "") if "ss" in bare else bare):
        return _date(value, code)
    match = _DIGITS.search(_masked(code))
    if match is None:
        return ("-" if value < 0 and code else "") + _literal(code)
    before, pattern, after = code[: match.start()], code[match.start() : match.end()], code[match.end() :]
    if power := re.match(r"E([+-])(0+)", after, re.I):
        return _scientific(value, before, pattern, power[1], len(power[2]), after[power.end() :])
    scaled = Decimal(f"{value:.15g}") * (100 ** (bare.count("%")))
    while pattern.endswith(","):
        pattern, scaled = pattern[:-1], scaled / 1000
    text = _digits(abs(scaled), pattern)
    negative = scaled < 0 and any(char in "123456789" for char in text)
    return ("-" if negative else "") + _literal(before) + text + _literal(after)


def _scientific(value: float, before: str, pattern: str, sign: str, digits: int, after: str) -> str:
    places = len(pattern.partition(".")[2])
    mantissa, _, power = f"{value:.{places}e}".partition("e")
    exponent = int(power)
    shown = "-" if exponent < 0 else "+" if sign == "+" else ""
    return f"{_literal(before)}{mantissa}E{shown}{abs(exponent):0{digits}d}{_literal(after)}"


def _masked(code: str) -> str:
    return _QUOTED.sub(lambda match: "\0" * len(match[0]), code)


def _digits(value: Decimal, pattern: str) -> str:
    whole_pattern, _, fraction_pattern = pattern.partition(".")
    places = len(fraction_pattern)
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    whole, _, fraction = format(rounded, "f").partition(".")
    least = whole_pattern.count("0")
    whole = whole.lstrip("0").rjust(least, "0") if least or whole.strip("0") else ""
    if "," in whole_pattern and whole:
        whole = f"{int(whole):,}".rjust(least, "0")
    needed = len(fraction_pattern.rstrip("#?"))
    while len(fraction) > needed and fraction.endswith("0"):
        fraction = fraction[:-1]
    return whole + ("." + fraction if fraction or "." in pattern else "")


def _literal(code: str) -> str:
    texts = []
    for quoted, escaped, space, condition, letters, other in _PART.findall(code):
        if condition and condition.startswith("$"):
            texts.append(condition[1:].partition("-")[0])
        texts.append(quoted or escaped or (" " if space else "") or letters or other)
    return "".join(texts)


def _date(value: float, code: str) -> str:
    try:
        when = moment(value)
    except ValueError:
        raise CellFault(CellError.VALUE) from None
    parts = _PART.findall(code)
    kinds = [
        (part[4] or (part[3] if part[3].lower() in ("h", "hh", "m", "mm", "s", "ss") else "")).lower() for part in parts
    ]
    noon = any(kind in ("am/pm", "上午/下午") for kind in kinds)
    texts = []
    for index, (quoted, escaped, space, condition, letters, other) in enumerate(parts):
        kind = letters.lower()
        if not kind:
            elapsed = {"h": int(value * 24), "hh": int(value * 24)}.get(condition.lower())
            texts.append(str(elapsed) if elapsed is not None else quoted or escaped or (" " if space else "") or other)
            continue
        neighbours = [k for k in kinds[:index] if k][-1:] + [k for k in kinds[index + 1 :] if k][:1]
        minutes = kind in ("m", "mm") and (neighbours[:1] in (["h"], ["hh"]) or neighbours[-1:] in (["s"], ["ss"]))
        hour = (when.hour - 1) % 12 + 1 if noon else when.hour
        texts.append(
            {
                "yyyy": f"{when.year:04d}",
                "yy": f"{when.year % 100:02d}",
                "mmmm": ENGLISH_MONTHS[when.month - 1],
                "mmm": ENGLISH_MONTHS[when.month - 1][:3],
                "mm": f"{when.minute if minutes else when.month:02d}",
                "m": str(when.minute if minutes else when.month),
                "dddd": ENGLISH_DAYS[when.weekday()],
                "ddd": ENGLISH_DAYS[when.weekday()][:3],
                "dd": f"{when.day:02d}",
                "d": str(when.day),
                "hh": f"{hour:02d}",
                "h": str(hour),
                "ss": f"{when.second:02d}",
                "s": str(when.second),
                "aaaa": "星期" + WEEKDAYS[when.weekday()],
                "aaa": WEEKDAYS[when.weekday()],
                "am/pm": "AM" if when.hour < 12 else "PM",
                "上午/下午": "上午" if when.hour < 12 else "下午",
            }[kind]
        )
    return "".join(texts)
