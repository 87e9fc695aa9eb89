"""Complex numbers, which cells hold as texts such as ``3+4i``."""

from __future__ import annotations

import cmath
import math
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

from addin.headless.functions import function
from addin.headless.functions.arguments import DIV0, NUM, VALUE, require, scalar, strict_number
from addin.headless.functions.cells import flat
from addin.headless.operators import CellFault, to_number
from addin.headless.values import Omitted
from addin.xlsx.model import Cell, CellError
from udfs.values import number_text

# Spaces may stand around numbers, but not between a sign and the unit.
_N = r" *(?:(?:\d{1,3}(?:,\d{3})+|\d+)\.?\d*|\.\d+)(?:[eE][+-]?\d+)? *"
_REAL = re.compile(rf" *[+-]?{_N}")
_IMAGINARY = re.compile(rf" *([+-]?(?:{_N})?)([ij]) *")
_BOTH = re.compile(rf"( *[+-]?{_N})([+-](?:{_N})?)([ij]) *")


LONGEST_PLAIN = 20


class Complex(NamedTuple):
    value: complex
    unit: str  # i or j; empty for a real number, which goes with both


def _part(text: str) -> float:
    text = text.replace(" ", "").replace(",", "")
    return float(text + "1" if text in ("", "+", "-") else text)


def read(cell: Any) -> Complex:
    if isinstance(cell, Omitted) or cell is None or cell == "":
        return Complex(0j, "")
    if not isinstance(cell, str):
        return Complex(complex(strict_number(cell)), "")
    if _REAL.fullmatch(cell):
        return Complex(complex(_part(cell)), "")
    if match := _IMAGINARY.fullmatch(cell):
        return Complex(complex(0, _part(match[1])), match[2])
    if match := _BOTH.fullmatch(cell):
        return Complex(complex(_part(match[1]), _part(match[2])), match[3])
    raise CellFault(NUM)


def _number(value: float) -> str:
    """15 significant digits; small numbers have no exponent where they are short without it."""
    text = number_text(value)
    plain = f"{Decimal(text):f}" if "E-" in text else text
    return plain if len(plain.removeprefix("-")) <= LONGEST_PLAIN else text


def written(value: complex, unit: str) -> str:
    """A complex number as a text; parts of 0 are left out."""
    require(math.isfinite(value.real) and math.isfinite(value.imag))
    real, imaginary = _number(value.real + 0.0), _number(value.imag + 0.0)
    if imaginary == "0":
        return real
    size = imaginary.removeprefix("-")
    turned = ("-" if imaginary.startswith("-") else "") + ("" if size == "1" else size) + (unit or "i")
    if real == "0":
        return turned
    return real + (turned if turned.startswith("-") else "+" + turned)


@scalar("COMPLEX", "wwt")
def complex_(real: float, imaginary: float, unit: str = "i") -> str:
    require(unit in ("i", "j", ""), VALUE)
    return written(complex(real, imaginary), unit or "i")


def _measure(name: str, compute: Callable[[complex], float]) -> None:
    @function(name)
    def apply(cell: Cell) -> Cell:
        return compute(read(cell).value)


_measure("IMREAL", lambda z: z.real)
_measure("IMAGINARY", lambda z: z.imag)
_measure("IMABS", abs)


@function("IMARGUMENT")
def imargument(cell: Cell) -> Cell:
    value = read(cell).value
    require(value != 0, DIV0)
    return cmath.phase(value)


def _mapping(name: str, compute: Callable[[complex], complex]) -> None:
    @function(name)
    def apply(cell: Cell) -> Cell:
        number = read(cell)
        try:
            return written(compute(number.value), number.unit)
        except (ZeroDivisionError, ValueError, OverflowError):
            raise CellFault(NUM) from None


_mapping("IMCONJUGATE", lambda z: z.conjugate())
_mapping("IMSQRT", cmath.sqrt)
_mapping("IMEXP", cmath.exp)
_mapping("IMLN", cmath.log)
_mapping("IMLOG10", lambda z: complex(math.log10(abs(z)), cmath.phase(z) / math.log(10)))
_mapping("IMLOG2", lambda z: complex(math.log2(abs(z)), cmath.phase(z) / math.log(2)))
_mapping("IMSIN", cmath.sin)
_mapping("IMCOS", cmath.cos)
_mapping("IMTAN", cmath.tan)
_mapping("IMCOT", lambda z: 1 / cmath.tan(z))
_mapping("IMSEC", lambda z: 1 / cmath.cos(z))
_mapping("IMCSC", lambda z: 1 / cmath.sin(z))
_mapping("IMSINH", cmath.sinh)
_mapping("IMCOSH", cmath.cosh)
_mapping("IMSECH", lambda z: 1 / cmath.cosh(z))
_mapping("IMCSCH", lambda z: 1 / cmath.sinh(z))


@function("IMPOWER")
def impower(cell: Cell, exponent: Cell) -> Cell:
    number = read(cell)
    by = to_number(None if isinstance(exponent, Omitted) else exponent)
    if number.value == 0:
        require(by > 0)
        return written(0j, number.unit)
    size, angle = abs(number.value) ** by, cmath.phase(number.value) * by
    return written(complex(size * math.cos(angle), size * math.sin(angle)), number.unit)


def _common_unit(values: list[Complex], error: CellError = VALUE) -> str:
    units = {value.unit for value in values} - {""}
    require(len(units) <= 1, error)
    return units.pop() if units else "i"


@function("IMSUB")
def imsub(first: Cell, second: Cell) -> Cell:
    a, b = read(first), read(second)
    unit = _common_unit([a, b], NUM)
    return written(a.value - b.value, unit)


@function("IMDIV")
def imdiv(first: Cell, second: Cell) -> Cell:
    a, b = read(first), read(second)
    unit = _common_unit([a, b], NUM)
    square = b.value.real**2 + b.value.imag**2
    require(0 < square < math.inf)
    return written(a.value * b.value.conjugate() / square, unit)


def _all(arguments: tuple[Any, ...]) -> list[Complex]:
    """The numbers of all arguments; a blank cell counts as 0, in a range of several it is skipped."""
    found = []
    for argument in arguments:
        cells = flat(argument)
        found += [read(cell) for cell in cells if len(cells) == 1 or cell is not None]
    return found


@function("IMSUM")
def imsum(*arguments: Any) -> Cell:
    values = _all(arguments)
    return written(sum((value.value for value in values), 0j), _common_unit(values))


@function("IMPRODUCT")
def improduct(*arguments: Any) -> Cell:
    values = _all(arguments)
    product = 1 + 0j
    for value in values:
        product *= value.value
    return written(product if values else 0j, _common_unit(values))
