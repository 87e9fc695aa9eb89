"""Number systems, bits, steps and Bessel functions."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from addin.headless.functions import function
from addin.headless.functions.arguments import VALUE, require, scalar, strict_number
from addin.headless.functions.special import bessel_i, bessel_j, bessel_k, bessel_y
from addin.headless.operators import to_text
from addin.headless.values import OMITTED, Omitted
from addin.xlsx.model import Cell

MOST_BITS = 2**48
_DIGITS = "0123456789ABCDEF"
# Numbers are ten digits in two's complement.
_BASES = {"BIN": 2, "OCT": 8, "HEX": 16}


def _limit(base: int) -> int:
    return int(base**10 // 2)


def _read(base: int, cell: Cell) -> int:
    """The number that up to ten digits mean, the first bit of ten digits being the sign."""
    require(not isinstance(cell, bool), VALUE)
    text = "" if isinstance(cell, Omitted) else to_text(cell).strip().upper()
    require(len(text) <= 10)
    value = 0
    for digit in text:
        place = _DIGITS.find(digit)
        require(0 <= place < base)
        value = value * base + place
    return value - base**10 if value >= _limit(base) else value


def _width(places: Any) -> int:
    """How many digits are asked for; 0 if that is left open."""
    if isinstance(places, Omitted):
        return 0
    width = math.floor(strict_number(places))
    require(1 <= width <= 10)
    return width


def _written(value: int, base: int, places: Any) -> str:
    require(-_limit(base) <= value < _limit(base))
    width = _width(places)
    rest, text = value % base**10, ""
    while rest:
        rest, digit = divmod(rest, base)
        text = _DIGITS[digit] + text
    text = text or "0"
    if value < 0:
        return text
    require(not width or len(text) <= width)
    return text.rjust(width, "0")


def _declare_systems() -> None:
    def from_text(base: int, target: int) -> Callable[..., Cell]:
        def convert(digits: Cell, places: Any = OMITTED) -> Cell:
            return _written(_read(base, digits), target, places)

        return convert

    def to_decimal(base: int) -> Callable[..., Cell]:
        def convert(digits: Cell) -> Cell:
            return float(_read(base, digits))

        return convert

    def from_decimal(target: int) -> Callable[..., Cell]:
        def convert(number: Cell, places: Any = OMITTED) -> Cell:
            _width(places)
            value = 0.0 if isinstance(number, Omitted) else strict_number(number)
            return _written(math.trunc(value), target, places)

        return convert

    for name, base in _BASES.items():
        function(f"{name}2DEC")(to_decimal(base))
        function(f"DEC2{name}")(from_decimal(base))
        for other, target in _BASES.items():
            if other != name:
                function(f"{name}2{other}")(from_text(base, target))


_declare_systems()


@scalar("DECIMAL", "tn")
def decimal(digits: str, radix: float) -> float:
    base = math.trunc(radix)
    require(2 <= base <= 36 and len(digits) <= 255)
    text = digits.strip()
    require(text.isalnum() or not text)
    return float(int(text or "0", base))


def _bits(name: str, combine: Callable[[int, int], int]) -> None:
    @scalar(name, "nn")
    def apply(a: float, b: float) -> float:
        require(a == math.floor(a) and b == math.floor(b) and 0 <= a < MOST_BITS and 0 <= b < MOST_BITS)
        return float(combine(int(a), int(b)))


_bits("BITAND", lambda a, b: a & b)
_bits("BITOR", lambda a, b: a | b)
_bits("BITXOR", lambda a, b: a ^ b)


def _shifted(number: float, places: float) -> float:
    """Bits moved to the left, or to the right if ``places`` is negative."""
    by = math.trunc(places)
    require(number == math.floor(number) and 0 <= number < MOST_BITS and abs(by) <= 53)
    value = int(number) << by if by >= 0 else int(number) >> -by
    require(value < MOST_BITS)
    return float(value)


@scalar("BITLSHIFT", "nn")
def bitlshift(number: float, places: float) -> float:
    return _shifted(number, places)


@scalar("BITRSHIFT", "nn")
def bitrshift(number: float, places: float) -> float:
    return _shifted(number, -places)


@scalar("DELTA", "ww")
def delta(a: float, b: float = 0.0) -> float:
    return float(a == b)


@scalar("GESTEP", "ww")
def gestep(number: float, step: float = 0.0) -> float:
    return float(number >= step)


def _bessel(name: str, compute: Callable[[float, int], float], positive: bool) -> None:
    @scalar(name, "ww")
    def apply(x: float, order: float) -> float:
        n = math.floor(order)
        require(0 <= n <= 1000 and abs(x) <= 1e6 and (x > 0 or not positive))
        return compute(x, n)


_bessel("BESSELJ", bessel_j, False)
_bessel("BESSELI", bessel_i, False)
_bessel("BESSELK", bessel_k, True)
_bessel("BESSELY", bessel_y, True)
