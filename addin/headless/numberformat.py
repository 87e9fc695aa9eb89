"""TEXT: cells as a number format shows them.

A format is up to four sections (positive; negative; zero; text), each read once into its parts. Digits are filled in from the
right, so that ``000-0000-0000`` writes a telephone number.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from itertools import pairwise

from addin.headless.chinese import digits_only, in_words
from addin.headless.context import Unsupported
from addin.headless.fractionformat import fraction_text
from addin.headless.numberparts import Part, Section
from addin.headless.operators import CellFault, to_text
from addin.xlsx.dates import is_1904
from addin.xlsx.model import Cell, CellError
from workbook_templates.formula.tokens import LONGEST_TEXT

MOST_PLACES = 300
GENERAL_WIDTH = 11


_PIECE = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|_(?P<space>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>general|g/通用格式)|(?P<noon>am/pm|a/p|上午/下午)|(?P<power>e[+-](?=(?:\"[^\"]*\"|\\\\.|[^;\[dmyhs0#?])*[0#?]))"
    r"|(?P<calendar>b[12])|(?P<date>y+|m+|d+|h+|s+|e+|a{3,}|b+|g+)|(?P<digit>[0#?])|(?P<point>\.)|(?P<comma>,)|(?P<slash>/)|(?P<at>@)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_LONG_DATE, _TIME = 'yyyy"年"m"月"d"日"', "h:mm:ss"
_SYSTEM = {"F800": _LONG_DATE, "X-SYSDATE": _LONG_DATE, "F400": _TIME, "X-SYSTIME": _TIME}
"""What stands for the formats of the system, whatever is written behind it: those of a Chinese Windows."""
_GENERAL = Section((Part("general", "General"),))
_COLOUR = re.compile(
    r"(?:颜色|color)\s*\d{1,2}|black|blue|cyan|green|magenta|red|white|yellow|[黑蓝绿红白黄青]色?|蓝绿色|洋红色?",
    re.IGNORECASE,
)
# What else stands behind the number is ignored.
_CONDITION = re.compile(r"(<=|>=|<>|=|<|>)\s*(-?[0-9.]+(?:E[+-]?[0-9]+)?).*", re.IGNORECASE | re.DOTALL)
_TESTS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "<>": operator.ne,
}  # fmt: skip


def format_text(cell: Cell, code: str) -> str:
    """The cell as a number format shows it; raises CellFault, or Unsupported for what only a spreadsheet program shows."""
    sections = _sections(code)
    if isinstance(cell, bool | str):
        return _of_text(to_text(cell), sections)
    value = float(cell) if isinstance(cell, int | float) else 0.0
    section, magnitude = _chosen(value, sections)
    if section is None:
        # Beside a section for texts nothing is shown of a number that fits nowhere.
        return "" if sections[-1].has("at") else "#" * 8
    if value < 0 <= magnitude and section.is_date and not is_1904():
        # Without its sign a number is still no day, nor a time.
        raise CellFault(CellError.VALUE)
    text = _shown(magnitude, section, len(sections) == 1)
    if len(text) > LONGEST_TEXT:
        raise CellFault(CellError.VALUE)
    return text


def _of_text(text: str, sections: tuple[Section, ...]) -> str:
    last = sections[-1]
    if len(sections) < 4 and not last.has("at"):
        return text
    shown = "".join(text if part.kind == "at" else part.text for part in last.parts)
    if len(shown) > LONGEST_TEXT:
        raise CellFault(CellError.VALUE)
    return shown


def _chosen(value: float, sections: tuple[Section, ...]) -> tuple[Section | None, float]:
    """The section for a number, and the number as it is put in: a section of its own for negatives shows no sign."""
    texts = len(sections) < 4 and sections[-1].has("at")
    numeric = sections[:-1] if texts else sections[:3]
    if not numeric:
        return _GENERAL, value
    if any(section.condition for section in numeric[:2]):
        return _conditional(value, numeric, texts)
    if value < 0 and len(numeric) > 1:
        return numeric[1], -value
    if value == 0 and len(numeric) > 2:
        return numeric[2], value
    return numeric[0], value


def _conditional(value: float, sections: tuple[Section, ...], texts: bool) -> tuple[Section | None, float]:
    """The same where sections have conditions; what fits none of several is not shown at all."""
    # Without a condition of its own, beside one that has it, the first section is for positive numbers,
    # and the second of three for negative ones.
    first = sections[0].condition or (">", 0.0)
    choices = sections if len(sections) > 1 or texts else (*sections, _GENERAL)
    for place, section in enumerate(choices):
        condition = first if place == 0 else section.condition
        if place == 1 and len(sections) > 2:
            condition = condition or ("<", 0.0)
        if condition is None or _TESTS[condition[0]](value, condition[1]):
            return section, value if _has_sign(condition, None if len(sections) > 2 else first) else abs(value)
    return None, value


def _has_sign(condition: tuple[str, float] | None, before: tuple[str, float] | None) -> bool:
    """Whether negative numbers have their sign: not where a condition holds for negative numbers only, nor in the section for the rest
    (after ``before``) unless that one holds for positive numbers or a single one."""
    if condition is None:
        return before is None or before[0] == "=" or (before[0] in (">", ">=") and before[1] > 0)
    return not (condition == ("<", 0.0) or (condition[0] in ("<", "<=", "=") and condition[1] < 0))


@lru_cache(maxsize=1024)
def _sections(code: str) -> tuple[Section, ...]:
    pieces: list[list[re.Match[str]]] = [[]]
    for match in _PIECE.finditer(code):
        if match["other"] == ";":
            pieces.append([])
        else:
            pieces[-1].append(match)
    if len(pieces) > 4:
        raise CellFault(CellError.VALUE)
    sections = tuple(_section(section, code) for section in pieces)
    if any(section.condition for section in sections[2:]) or any(section.has("at") for section in sections[:-1]):
        raise CellFault(CellError.VALUE)
    return sections


def _section(pieces: list[re.Match[str]], code: str) -> Section:
    parts: list[Part] = []
    condition, chinese, locale, percents = None, "", "", 0
    before = ""
    for match in pieces:
        behind, kind, text = before, match.lastgroup or "", match[match.lastgroup or 0]
        before = kind
        if behind == kind == "comma" and parts[-1].kind == "text":
            continue  # Several commas that are nothing but commas are one.
        if kind == "bracket":
            if text.startswith("$"):
                sign, _, named = text[1:].partition("-")
                if _has_other_calendar(named):
                    raise Unsupported(f"TEXT 的格式 {code} 中有农历等其他历法或其他数字，不受支持")
                locale = named.partition(",")[0].upper() or locale
                parts.append(Part("text", sign))
            elif found := _CONDITION.fullmatch(text):
                condition = found[1], float(found[2])
            elif found_chinese := re.fullmatch(r"DBNum([123])", text, re.IGNORECASE):
                chinese = found_chinese[1]
            elif re.fullmatch(r"h+|m+|s+", text, re.IGNORECASE):
                parts.append(Part("date", f"[{text.lower()}]"))
            elif not _COLOUR.fullmatch(text.strip()):
                raise CellFault(CellError.VALUE)
        elif kind == "other" and text in ('"', "[", "\\", "_", "n", "N"):
            # What opens and never ends is no format, nor is this letter without quotation marks.
            raise CellFault(CellError.VALUE)
        elif kind == "space":
            parts.append(Part("text", " "))
        elif kind == "calendar":
            raise Unsupported(f"TEXT 的格式 {code} 中有伊斯兰历等其他历法，不受支持")
        elif kind == "date" and text[0] in "gG":
            raise Unsupported(f"TEXT 的格式 {code} 不受支持")
        elif kind in ("date", "noon"):
            parts.append(
                Part("date", text if text == "a/p" else text.upper() if text.lower() == "a/p" else text.lower())
            )
        elif kind == "other" and text == "%":
            percents += 1
            parts.append(Part("text", "%"))
        elif kind in ("quoted", "escaped", "other") or (
            kind == "comma" and (not parts or parts[-1].kind not in ("digit", "point", "comma"))
        ):
            # A comma that doesn't stand directly behind a place, or the point, is a comma.
            parts.append(Part("text", text))
        elif kind != "fill":
            parts.append(Part(kind, text))
    if locale in _SYSTEM:
        pieces = [*_PIECE.finditer(_SYSTEM[locale])]
        return replace(_section(pieces, code), condition=condition, chinese=chinese)
    section = Section(tuple(parts), condition, chinese, locale, percents)
    if _is_mixed(section):
        raise CellFault(CellError.VALUE)
    return section


def _is_mixed(section: Section) -> bool:
    """Whether it holds what doesn't go together, or a power of ten of nothing."""
    kinds = [part.kind for part in section.parts]
    return (
        (section.has("general") and section.has("digit", "point", "slash", "at"))
        or (section.has("at") and (section.percents > 0 or section.has("digit", "date")))
        or (section.has("power") and "digit" not in kinds[: kinds.index("power")])
    )


def _has_other_calendar(locale: str) -> bool:
    """``804`` is a language; before its four digits stand two of a calendar (``130000`` the lunar one) and two of numerals."""
    digits = locale.rpartition(",")[2]
    if re.fullmatch(r"[0-9A-Fa-f]{5,8}", digits) is None:
        return False
    numerals, calendar = divmod(int(digits, 16) >> 16, 256)
    return numerals > 1 or calendar > 1


def _shown(value: float, section: Section, alone: bool) -> str:
    """``alone``: of a format without other sections, which shows no sign of what is rounded to 0."""
    if section.is_date:
        from addin.headless.dateformat import date_text

        return date_text(value, section)
    sign = "-" if value < 0 else ""
    magnitude = Decimal(f"{abs(value):.15g}")
    if section.has("general", "at") or (section.chinese and not section.has("digit")):
        return sign + _general(magnitude, section)
    if not section.has("digit"):
        return sign + "".join(part.text for part in section.parts)
    if section.has("slash"):
        fraction = fraction_text(abs(value) * 100.0**section.percents, section.parts)
        if fraction is not None:
            return sign + fraction
    if section.has("power"):
        return sign + _scientific(magnitude, section)
    text, rounded = _digits(magnitude * 100**section.percents, section.parts)
    text = digits_only(text, section.chinese) if section.chinese else text
    return ("" if alone and not rounded else sign) + text


def _general(value: Decimal, section: Section) -> str:
    number = in_words(value, section.chinese) if section.chinese else general_text(value)
    if not section.has("general", "at"):
        return "".join(part.text for part in section.parts) + number
    return "".join(number if part.kind in ("general", "at") else part.text for part in section.parts)


def general_text(value: Decimal) -> str:
    """A number (not negative) in the format General of a cell that is wide enough: at most eleven characters."""
    if not value:
        return "0"
    exponent = value.adjusted()
    if -5 < exponent < GENERAL_WIDTH:
        places = GENERAL_WIDTH - 1 - max(exponent, 0) - (1 if exponent < GENERAL_WIDTH - 1 else 0)
        places = places if exponent >= 0 else GENERAL_WIDTH - 2
        text = format(value.quantize(Decimal(1).scaleb(-max(places, 0)), ROUND_HALF_UP), "f")
        text = text.rstrip("0").rstrip(".") if "." in text else text
        if len(text.partition(".")[0]) <= GENERAL_WIDTH:
            return text
    exact = format(value, "f")
    if len(exact) <= GENERAL_WIDTH:
        return exact
    mantissa, _, power = f"{value:.5e}".partition("e")
    mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}E{'-' if int(power) < 0 else '+'}{abs(int(power)):02d}"


def _rounded(value: Decimal, places: int) -> Decimal:
    if places >= -int(value.as_tuple().exponent):
        return value
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _digits(value: Decimal, parts: tuple[Part, ...]) -> tuple[str, bool]:
    """A number in the places of a section; and whether a digit other than 0 is shown."""
    point = _point(parts)
    before, after = list(parts[:point]), list(parts[point + 1 :])
    last = max((i for i, part in enumerate(before) if part.kind == "digit"), default=-1)
    first = next((i for i, part in enumerate(before) if part.kind == "digit"), len(before))
    kinds = [part.kind for part in before[first : last + 1]]
    thousands = any(pair == ("comma", "digit") for pair in pairwise(kinds))
    scale = sum(part.kind == "comma" for part in before[last + 1 :])
    # Behind the last digit of all (0.0,) and the point (0.,) commas divide as well.
    tail = max((i for i, part in enumerate(after) if part.kind == "digit"), default=-1)
    scale += sum(part.kind == "comma" for part in after[tail + 1 :])
    places = sum(part.kind == "digit" for part in after)
    if places > MOST_PLACES or value.adjusted() > MOST_PLACES + 100:
        raise CellFault(CellError.VALUE)
    with_commas = _rounded(value.scaleb(-3 * scale) if scale else value, places)
    whole, _, fraction = format(with_commas, "f").partition(".")
    text = _filled_left(before, whole.lstrip("0"), thousands)
    if point < len(parts):
        text += "."
    return text + _filled_right(after, fraction.ljust(places, "0")), bool(with_commas)


def _filled_left(parts: list[Part], digits: str, thousands: bool) -> str:
    """Digits put into their places from the right; the first place takes all that are left."""
    out: list[str] = []
    left, count = digits, 0
    first = next((i for i, part in enumerate(parts) if part.kind == "digit"), -1)
    if first < 0:
        # No place before the point: .5 shows its whole part all the same.
        return "".join(part.text for part in parts if part.kind == "text") + digits
    for index in range(len(parts) - 1, -1, -1):
        part = parts[index]
        if part.kind != "digit":
            if part.kind != "comma" or index < first:
                out.append(part.text)
            continue
        wanted = max(len(left), 1) if index == first else 1
        for _ in range(wanted):
            if left:
                char, left = left[-1], left[:-1]
            elif part.text == "#":
                break
            else:
                char = "0" if part.text == "0" else " "
            if thousands and count and count % 3 == 0:
                out.append("," if char != " " else " ")
            out.append(char)
            count += 1
    return "".join(reversed(out))


def _filled_right(parts: list[Part], digits: str) -> str:
    last = len(digits.rstrip("0"))
    out: list[str] = []
    place = 0
    for part in parts:
        if part.kind == "digit":
            if place < last or part.text == "0":
                out.append(digits[place])
            elif part.text == "?":
                out.append(" ")
            place += 1
        elif part.kind != "comma":
            out.append(part.text)
    return "".join(out)


def _scientific(value: Decimal, section: Section) -> str:
    cut = next(i for i, part in enumerate(section.parts) if part.kind == "power")
    letter, sign = tuple(section.parts[cut].text)
    mantissa, power = _without_last_commas(section.parts[:cut]), section.parts[cut + 1 :]
    point = _point(mantissa)
    lead = sum(part.kind == "digit" for part in mantissa[:point])
    step = max(lead, 1)
    places = sum(part.kind == "digit" for part in mantissa[point:])
    # Without a place before the point (.0E+0) it begins with a tenth.
    exponent = math.floor(value.adjusted() / step) * step + (not lead) if value else 0
    shown = _rounded(value.scaleb(-exponent), places)
    if shown and shown.adjusted() >= lead:
        exponent += step
        shown = _rounded(value.scaleb(-exponent), places)
    if not value:
        # Of nothing every place before the point is shown.
        mantissa = tuple(
            Part("digit", "0") if _is_place(part) and i < point else part for i, part in enumerate(mantissa)
        )
    text, _ = _digits(shown, mantissa)
    first = next(i for i, part in enumerate(power) if part.kind == "digit")
    literal = "".join(part.text for part in power[:first])
    sign = "-" if exponent < 0 else sign.replace("-", "")
    return f"{text}{letter}{literal}{sign}{_filled_left(list(power[first:]), str(abs(exponent)), False)}"


def _is_place(part: Part) -> bool:
    return part.kind == "digit"


def _without_last_commas(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The commas between places part thousands; those behind them divide nothing where there is a power of ten."""
    point = _point(parts)
    return tuple(
        part for i, part in enumerate(parts) if part.kind != "comma" or any(map(_is_place, parts[i + 1 : point]))
    )


def _point(parts: tuple[Part, ...]) -> int:
    """Where the point is; behind all of them where there is none."""
    return next((i for i, part in enumerate(parts) if part.kind == "point"), len(parts))
