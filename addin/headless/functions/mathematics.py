"""Sums, rounding and arithmetic."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, ROUND_UP, Decimal
from itertools import chain
from typing import Any

from addin.headless.functions import function
from addin.headless.functions.arguments import strict_number
from addin.headless.functions.cells import as_block, given, numbers, raise_error
from addin.headless.operators import CellFault, divide, finite, power, to_number
from addin.headless.values import Omitted
from addin.xlsx.model import Cell, CellError

PLACES = 300


@function("SUM")
def sum_(*arguments: Any) -> Cell:
    return finite(math.fsum(numbers(arguments)))


@function("PRODUCT")
def product(*arguments: Any) -> Cell:
    values = numbers(arguments)
    return finite(math.prod(values)) if values else 0.0


@function("SUMSQ")
def sumsq(*arguments: Any) -> Cell:
    return finite(math.fsum(value * value for value in numbers(arguments)))


@function("SUMPRODUCT")
def sumproduct(first: Any, *others: Any) -> Cell:
    blocks = [as_block(argument) for argument in (first, *others)]
    if len({block.size for block in blocks}) > 1:
        for cell in chain.from_iterable(block.flat() for block in blocks):
            raise_error(cell)
        raise CellFault(CellError.VALUE)
    height, width = max(block.height for block in blocks), max(block.width for block in blocks)
    blocks = [block.padded(height, width) for block in blocks]
    alike = blocks[0].memo.get("uniform", {}).get(0) if len(blocks) == width == 1 else None
    if type(alike) is float:
        return finite(alike * height)
    columns: list[list[Any]] = [block.flat() for block in blocks]
    plain = True
    for column in columns:
        kinds = set(map(type, column))
        if CellError in kinds:
            raise CellFault(next(cell for cell in column if isinstance(cell, CellError)))
        plain = plain and kinds == {float}
    if len(columns) == 1:
        return finite(math.fsum(columns[0] if plain else [cell for cell in columns[0] if type(cell) is float]))
    return finite(
        math.fsum(
            math.prod(cell if type(cell) is float else 0.0 for cell in cells) for cells in zip(*columns, strict=True)
        )
    )


def exact(value: float) -> Decimal:
    """A number as it is shown, at 15 significant digits."""
    return Decimal(f"{value:.15g}")


def steps(number: float, step: float) -> tuple[Decimal, Decimal, Decimal]:
    """How many steps a number holds, and both; of a quarter of an hour, 1/96, more than 15 digits count."""
    value, by = (Decimal(one) if one.is_integer() else exact(one) for one in (number, step))
    if float(by) == step:
        return value / by, value, by
    value, by = Decimal(number), Decimal(step)
    return exact(float(value / by)), value, by


def _to_places(value: Cell, places: Cell, rounding: str) -> float:
    if rounding == ROUND_HALF_UP and type(value) is float and type(places) is float:
        quick = _half_up(value, places)
        if quick is not None:
            return quick
    number, digits = exact(to_number(value)), int(to_number(places))
    if digits > PLACES or not number:
        return float(number)
    if -digits > number.adjusted() + 1:
        if rounding != ROUND_UP:
            return 0.0
        return finite(math.copysign(float(Decimal(1).scaleb(min(-digits, 2 * PLACES))), number))
    if digits >= -int(number.as_tuple().exponent):
        return float(number)
    return float(number.quantize(Decimal(1).scaleb(-digits), rounding)) + 0.0


def _half_up(value: float, places: float) -> float | None:
    """Half up by doubles, where the number is so far from a half that their noise can't matter."""
    if not 0 <= places <= 9 or not abs(value) < 1e5:
        return None
    unit = 10.0 ** int(places)
    scaled = abs(value) * unit
    whole = math.floor(scaled + 0.5)
    if abs(scaled + 0.5 - whole) < 1e-3 or scaled + 0.5 - whole > 1 - 1e-3 or scaled > 1e11:
        return None
    return math.copysign(whole / unit, value) if whole else 0.0


@function("ROUND")
def round_(value: Cell, places: Cell = 0.0) -> Cell:
    return _to_places(value, given(places, 0.0), ROUND_HALF_UP)


@function("ROUNDUP")
def roundup(value: Cell, places: Cell = 0.0) -> Cell:
    return _to_places(value, given(places, 0.0), ROUND_UP)


@function("ROUNDDOWN TRUNC")
def rounddown(value: Cell, places: Cell = 0.0) -> Cell:
    return _to_places(value, given(places, 0.0), ROUND_DOWN)


@function("INT")
def int_(value: Cell) -> Cell:
    return float(exact(to_number(value)).to_integral_value(ROUND_FLOOR)) + 0.0


@function("MOD")
def mod(value: Cell, divisor: Cell) -> Cell:
    dividend, step = to_number(value), to_number(divisor)
    if not step:
        raise CellFault(CellError.DIV0)
    count, number, by = steps(dividend, step)
    if number and number.adjusted() - by.adjusted() > 15:
        # Excel gives up beyond 1,125,899,906,842,624 times the divisor.
        raise CellFault(CellError.NUM)
    whole = count.to_integral_value(ROUND_FLOOR)
    return float(number - by * whole) + 0.0 if count != whole else 0.0


@function("QUOTIENT")
def quotient(value: Cell, divisor: Cell) -> Cell:
    return float(math.trunc(divide(strict_number(value), strict_number(divisor))))


def _multiple(value: Cell, step: Cell, rounding: str) -> float:
    number, by = to_number(value), to_number(step)
    if not by:
        return 0.0
    if number > 0 > by:
        raise CellFault(CellError.NUM)
    count, _, size = steps(number, by)
    return finite(float(count.to_integral_value(rounding) * size)) + 0.0


@function("CEILING")
def ceiling(value: Cell, step: Cell) -> Cell:
    number = to_number(value)
    countable(number, to_number(step))
    return _multiple(number, step, ROUND_CEILING)


def countable(number: float, step: float) -> None:
    """How many steps a number holds must be a number itself."""
    if step and not math.isfinite(number / step):
        raise CellFault(CellError.NUM)


@function("FLOOR")
def floor(value: Cell, step: Cell) -> Cell:
    if to_number(value) and not to_number(step):
        raise CellFault(CellError.DIV0)
    return _multiple(value, step, ROUND_FLOOR)


@function("MROUND")
def mround(value: Any, step: Any) -> Cell:
    if isinstance(value, Omitted) or isinstance(step, Omitted):
        raise CellFault(CellError.NA)
    if isinstance(value, bool) or isinstance(step, bool):
        raise CellFault(CellError.VALUE)
    if to_number(value) < 0 < to_number(step):
        raise CellFault(CellError.NUM)
    return _multiple(value, step, ROUND_HALF_UP)


def _simple(name: str, compute: Callable[[float], float]) -> None:
    @function(name)
    def apply(value: Cell) -> Cell:
        try:
            return finite(compute(to_number(value)))
        except ValueError:
            raise CellFault(CellError.NUM) from None


_simple("ABS", abs)
_simple("SIGN", lambda x: float((x > 0) - (x < 0)))
_simple("SQRT", math.sqrt)
_simple("EXP", math.exp)
_simple("LN", math.log)
_simple("LOG10", math.log10)
_simple("EVEN", lambda x: math.copysign(math.ceil(abs(x) / 2) * 2, x))
_simple("ODD", lambda x: math.copysign(math.ceil((abs(x) + 1) / 2) * 2 - 1, x) if x else 1.0)


@function("POWER")
def power_(base: Cell, exponent: Cell) -> Cell:
    return finite(power(to_number(base), to_number(exponent)))


@function("PI")
def pi() -> Cell:
    return math.pi
