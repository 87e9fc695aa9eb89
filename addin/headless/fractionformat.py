"""Number formats with a fraction: ``# ?/?``, ``0/8``, and whatever literals stand between their places."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from addin.headless.numberparts import Part

MOST_DIGITS = 9
SMALLEST_REST = 5e-8


class _Layout(NamedTuple):
    """The pieces of a section: whole part, separator, numerator, literals around the slash, denominator, the rest."""

    whole: Sequence[Part]
    separator: str
    above: str
    before: str
    after: str
    below: str
    rest: str


def fraction_text(value: float, parts: Sequence[Part]) -> str | None:
    """A number (not negative) as the parts show it; None where the slash stands between no digits."""
    layout = _layout(parts)
    if layout is None:
        return None
    places = {part.text for part in layout.whole if part.kind == "digit"}
    fixed = re.search("[1-9]", layout.below) is not None
    if fixed:
        denominator = int(re.sub("[#?]", "0", layout.below))
        numerator = int(Fraction(f"{value:.15g}") * denominator + Fraction(1, 2))
    else:
        numerator, denominator = _near(value, 10 ** min(len(layout.below), MOST_DIGITS) - 1)
    whole = 0
    if places:
        whole, numerator = divmod(numerator, denominator)
    fraction = "".join([layout.before, "/", layout.after, _denominator(denominator, layout.below, fixed)])
    if not places:
        literal = "".join(part.text for part in layout.whole) + layout.separator
        return literal + _filled(layout.above, str(numerator)) + fraction + layout.rest
    if not numerator and "0" not in layout.above:
        hidden = layout.separator + layout.above + layout.before + "/" + layout.after + layout.below
        blank = " " * len(hidden) if "?" in places or "?" in layout.above + layout.below else ""
        return _whole(layout.whole, str(whole)) + blank + layout.rest
    digits = str(whole) if whole or "0" in places or (not numerator and "?" in places) else ""
    separator = layout.separator
    if not digits:
        separator = " " * len(separator) if "?" in places or "?" in layout.above else ""
    above = _filled(layout.above, str(numerator) if numerator else "")
    return _whole(layout.whole, digits) + separator + above + fraction + layout.rest


def _near(value: float, most: int) -> tuple[int, int]:
    """The last step of the continued fraction whose denominator has a place, as Excel has it: 0.456 is 1/2, though 4/9 is nearer."""
    before, found, rest = (0, 1), (1, 0), value
    while True:
        whole = math.floor(rest)
        step = whole * found[0] + before[0], whole * found[1] + before[1]
        if step[1] > most:
            return found
        before, found, rest = found, step, rest - whole
        if rest < SMALLEST_REST:
            return found
        rest = 1 / rest


def _layout(parts: Sequence[Part]) -> _Layout | None:
    slash = next(i for i, part in enumerate(parts) if part.kind == "slash")
    last = slash
    while last and parts[last - 1].kind == "text":
        last -= 1
    start = last
    while start and parts[start - 1].kind == "digit":
        start -= 1
    first = slash + 1
    while first < len(parts) and parts[first].kind == "text" and not parts[first].text.isdigit():
        first += 1
    end = first
    while end < len(parts) and (parts[end].kind == "digit" or parts[end].text.isdigit()):
        end += 1
    if start == last or end == first:
        return None
    between = start
    while between and parts[between - 1].kind == "text":
        between -= 1
    return _Layout(
        parts[:between],
        _text(parts[between:start]),
        _text(parts[start:last]),
        _text(parts[last:slash]),
        _text(parts[slash + 1 : first]),
        _text(parts[first:end]),
        _text(parts[end:]),
    )


def _text(parts: Sequence[Part]) -> str:
    return "".join(part.text for part in parts)


def _denominator(number: int, places: str, fixed: bool) -> str:
    if fixed:
        return str(number)
    if set(places) == {"0"}:
        return str(number).zfill(len(places))
    return str(number).ljust(len(places)) if "?" in places else str(number)


def _filled(places: str, digits: str) -> str:
    """Digits in places from the right, the first of which takes all that are left."""
    return _whole([Part("digit", place) for place in places], digits)


def _whole(parts: Sequence[Part], digits: str) -> str:
    out: list[str] = []
    places = [i for i, part in enumerate(parts) if part.kind == "digit"]
    for i in range(len(parts) - 1, -1, -1):
        part = parts[i]
        if part.kind != "digit":
            out.append(part.text)
        elif digits:
            cut = 0 if i == places[0] else len(digits) - 1
            out.append(digits[cut:])
            digits = digits[:cut]
        elif any(parts[place].text == "0" for place in places if place <= i):
            out.append("0")
        elif part.text == "?":
            out.append(" ")
    return "".join(reversed(out))
