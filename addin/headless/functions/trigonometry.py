"""Angles, logarithms, factorials, divisors, and rounding to multiples of all kinds."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_UP
from typing import Any

from addin.headless.functions import function
from addin.headless.functions.arguments import DIV0, NA, VALUE, require, result, scalar, strict_number
from addin.headless.functions.cells import flat, given, raise_error
from addin.headless.functions.mathematics import countable, exact, steps
from addin.headless.operators import power, to_number
from addin.headless.values import Omitted
from addin.xlsx.model import Cell

# Beyond it Excel doesn't know an angle any more.
MOST_ANGLE = 2.0**27
MOST_INTEGER = 2.0**53


def _plain(name: str, compute: Callable[[float], float]) -> None:
    @scalar(name, "n")
    def apply(x: float) -> float:
        return compute(x)


def _of_angle(name: str, compute: Callable[[float], float]) -> None:
    @scalar(name, "n")
    def apply(x: float) -> float:
        require(abs(x) < MOST_ANGLE)
        return compute(x)


def _inverted(compute: Callable[[float], float]) -> Callable[[float], float]:
    def apply(x: float) -> float:
        found = compute(x)
        require(found != 0, DIV0)
        return 1 / found

    return apply


def _over_exponential(compute: Callable[[float], float]) -> Callable[[float], float]:
    """1 over a hyperbolic function, which is 0 where that is too large."""

    def apply(x: float) -> float:
        try:
            return _inverted(compute)(x)
        except OverflowError:
            return 0.0

    return apply


_of_angle("SIN", math.sin)
_of_angle("COS", math.cos)
_of_angle("TAN", math.tan)
_of_angle("COT", _inverted(math.tan))
_of_angle("SEC", _inverted(math.cos))
_of_angle("CSC", _inverted(math.sin))
_plain("ASIN", math.asin)
_plain("ACOS", math.acos)
_plain("ATAN", math.atan)
_plain("ACOT", lambda x: math.pi / 2 - math.atan(x))
_plain("SINH", math.sinh)
_plain("COSH", math.cosh)
_plain("TANH", math.tanh)
_plain("COTH", _inverted(math.tanh))
_plain("SECH", _over_exponential(math.cosh))
_plain("CSCH", _over_exponential(math.sinh))
_plain("ASINH", math.asinh)
_plain("ACOSH", math.acosh)
_plain("ATANH", math.atanh)
_plain("DEGREES", math.degrees)
_plain("RADIANS", math.radians)


@scalar("ACOTH", "n")
def acoth(x: float) -> float:
    require(abs(x) > 1)
    return math.atanh(1 / x)


@scalar("ATAN2", "nn")
def atan2(x: float, y: float) -> float:
    require(x != 0 or y != 0, DIV0)
    return math.atan2(y, x)


@scalar("SQRTPI", "w")
def sqrtpi(x: float) -> float:
    return math.sqrt(x * math.pi)


@scalar("LOG", "nn")
def log(x: float, base: float = 10.0) -> float:
    require(x > 0 and base > 0)
    require(base != 1, DIV0)
    return math.log10(x) if base == 10 else math.log2(x) if base == 2 else math.log(x) / math.log(base)


@scalar("FACT", "n")
def fact(x: float) -> float:
    require(0 <= x < 171)
    return float(math.factorial(math.floor(x)))


@scalar("FACTDOUBLE", "w")
def factdouble(x: float) -> float:
    require(-1 <= x < 301)
    return float(math.prod(range(math.floor(x), 0, -2)))


@scalar("PERMUTATIONA", "nn")
def permutationa(number: float, chosen: float) -> float:
    n, k = math.floor(number), math.floor(chosen)
    require(n >= 0 and k >= 0)
    return float(n) ** k


def _whole(arguments: tuple[Any, ...]) -> list[int]:
    """The non-negative integers of the arguments; a blank cell is skipped, in a range of several it counts as 0."""
    found = []
    for argument in arguments:
        require(not isinstance(argument, Omitted), NA)
        cells = flat(argument)
        for cell in cells:
            raise_error(cell)
            require(not isinstance(cell, bool), VALUE)
            if cell is None and len(cells) == 1:
                continue
            found.append(to_number(cell))
    require(bool(found), VALUE)
    require(all(0 <= number < MOST_INTEGER for number in found))
    return list(map(math.floor, found))


@function("GCD")
def gcd(*arguments: Any) -> Cell:
    return float(math.gcd(*_whole(arguments)))


@function("LCM")
def lcm(*arguments: Any) -> Cell:
    found = 1
    for number in _whole(arguments):
        found = math.lcm(found, number)
        require(found < MOST_INTEGER)
    return float(found)


@function("MULTINOMIAL")
def multinomial(*arguments: Any) -> Cell:
    parts = _whole(arguments)
    require(sum(parts) <= 100_000)
    found, total = 1, 0
    for part in parts:
        total += part
        found *= math.comb(total, part)
        require(found.bit_length() <= 1024)
    return result(found)


def _to_multiple(number: float, step: float, away: bool, up: bool) -> float:
    """The multiple of a step on one side; ``away``: negative numbers go the other way, as seen from 0."""
    if not number or not step:
        return 0.0
    count, _, by = steps(number, abs(step))
    count = exact(float(count))
    if away:
        rounding = ROUND_UP if up else ROUND_DOWN
    else:
        rounding = ROUND_CEILING if up else ROUND_FLOOR
    return float(count.to_integral_value(rounding) * by) + 0.0


@scalar("CEILING.MATH", "nnn")
def ceiling_math(number: float, step: float = 1.0, mode: float = 0.0) -> float:
    countable(number, step)
    return _to_multiple(number, step, number < 0 and mode != 0, True)


@scalar("FLOOR.MATH", "nnn")
def floor_math(number: float, step: float = 1.0, mode: float = 0.0) -> float:
    return _to_multiple(number, step, number < 0 and mode != 0, False)


@scalar("CEILING.PRECISE ISO.CEILING", "nn")
def ceiling_precise(number: float, step: float = 1.0) -> float:
    return _to_multiple(number, step, False, True)


@scalar("FLOOR.PRECISE", "nn")
def floor_precise(number: float, step: float = 1.0) -> float:
    return _to_multiple(number, step, False, False)


_ROMAN = (
    ("M", 1000), ("CM", 900), ("D", 500), ("CD", 400), ("C", 100), ("XC", 90), ("L", 50), ("XL", 40), ("X", 10), ("IX", 9),
    ("V", 5), ("IV", 4), ("I", 1),
)  # fmt: skip
# What each form of abbreviation allows beyond the form before it.
_SHORT = (
    (),
    (("LM", 950), ("LD", 450), ("VC", 95), ("VL", 45)),
    (("XM", 990), ("XD", 490), ("IC", 99), ("IL", 49)),
    (("VM", 995), ("VD", 495)),
    (("IM", 999), ("ID", 499)),
)


@function("ROMAN")
def roman(number: Cell, form: Cell = 0.0) -> str:
    # TRUE means the classic form, FALSE the shortest.
    left = math.trunc(to_number(number))
    which = (0 if form else 4) if isinstance(form, bool) else math.trunc(to_number(form))
    require(0 <= left <= 3999 and 0 <= which <= 4, VALUE)
    pairs = [*_ROMAN, *(pair for short in _SHORT[: which + 1] for pair in short)]
    text = ""
    for letters, value in sorted(pairs, key=lambda pair: -pair[1]):
        while left >= value:
            text, left = text + letters, left - value
    return text


@scalar("ARABIC", "t")
def arabic(text: str) -> float:
    letters = text.strip().upper()
    require(len(letters) <= 255, VALUE)
    require(letters != "-")
    sign = -1 if letters.startswith("-") else 1
    values = {"M": 1000, "D": 500, "C": 100, "L": 50, "X": 10, "V": 5, "I": 1}
    total = largest = 0
    for letter in reversed(letters.removeprefix("-")):
        require(letter in values, VALUE)
        # What stands before something larger is taken off, however far before it.
        total += values[letter] if values[letter] >= largest else -values[letter]
        largest = max(largest, values[letter])
    return float(sign * total)


@function("SERIESSUM")
def seriessum(x: Cell, first: Cell, step: Cell, factors: Any) -> Cell:
    base, start, by = (strict_number(given(cell, 0.0)) for cell in (x, first, step))
    cells = [to_number(cell) for cell in flat(factors) if not isinstance(cell, Omitted)]
    return result(math.fsum(factor * power(base, start + i * by) for i, factor in enumerate(cells)))
