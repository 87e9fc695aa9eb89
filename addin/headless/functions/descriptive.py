"""Means, spreads, shapes and exclusive percentiles of samples."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from addin.headless.functions import function
from addin.headless.functions.arguments import DIV0, NA, NUM, VALUE, require, result
from addin.headless.functions.cells import as_block, by_rows, flat, given, numbers, ordered, raise_error, valued
from addin.headless.operators import CellFault, shown, to_number
from addin.headless.values import Block, TooLarge
from addin.xlsx.model import Cell

MOST_PRODUCTS = 50_000_000


def _of_numbers(names: str, compute: Callable[[list[float]], float]) -> None:
    @function(names)
    def apply(*arguments: Any) -> Cell:
        return result(compute(numbers(arguments)))


def mean(values: list[float], empty: Any = DIV0) -> float:
    require(bool(values), empty)
    return math.fsum(values) / len(values)


def squares(values: list[float]) -> float:
    """Σ (x - mean)²."""
    middle = mean(values, NUM)
    return math.fsum((value - middle) ** 2 for value in values)


def _geomean(values: list[float]) -> float:
    require(bool(values) and min(values) > 0)
    product = math.prod(values)
    if 1e-290 < product < 1e290:
        return float(product ** (1 / len(values)))
    return math.exp(math.fsum(map(math.log, values)) / len(values))


def _harmean(values: list[float]) -> float:
    require(bool(values), NA)
    require(min(values) > 0)
    return len(values) / math.fsum(1 / value for value in values)


def _avedev(values: list[float]) -> float:
    middle = mean(values, NUM)
    return math.fsum(abs(value - middle) for value in values) / len(values)


def _skew(values: list[float]) -> float:
    count = len(values)
    require(count >= 3, DIV0)
    spread = math.sqrt(squares(values) / (count - 1))
    require(spread > 0, DIV0)
    middle = mean(values)
    return math.fsum(((value - middle) / spread) ** 3 for value in values) * count / ((count - 1) * (count - 2))


def _skew_p(values: list[float]) -> float:
    count = len(values)
    require(count >= 3, DIV0)
    spread = math.sqrt(squares(values) / count)
    require(spread > 0, DIV0)
    middle = mean(values)
    return math.fsum(((value - middle) / spread) ** 3 for value in values) / count


def _kurt(values: list[float]) -> float:
    n = len(values)
    require(n >= 4, DIV0)
    variance = squares(values) / (n - 1)
    require(variance > 0, DIV0)
    middle = mean(values)
    fourth = math.fsum((value - middle) ** 4 for value in values) / variance**2
    return n * (n + 1) / ((n - 1) * (n - 2) * (n - 3)) * fourth - 3 * (n - 1) ** 2 / ((n - 2) * (n - 3))


_of_numbers("GEOMEAN", _geomean)
_of_numbers("HARMEAN", _harmean)
_of_numbers("AVEDEV", _avedev)
_of_numbers("DEVSQ", squares)
_of_numbers("SKEW", _skew)
_of_numbers("SKEW.P", _skew_p)
_of_numbers("KURT", _kurt)


def _of_values(name: str, sample: bool, root: bool) -> None:
    @function(name)
    def apply(*arguments: Any) -> Cell:
        values = valued(arguments)
        require(len(values) > sample, DIV0)
        variance = squares(values) / (len(values) - sample)
        return result(math.sqrt(variance) if root else variance)


_of_values("VARA", True, False)
_of_values("VARPA", False, False)
_of_values("STDEVA", True, True)
_of_values("STDEVPA", False, True)


def _percentile_exclusive(values: list[float], share: float) -> float:
    count = len(values)
    require(count > 0 and 0 < share < 1)
    place = share * (count + 1)
    require(1 <= place <= count)
    low = math.floor(place)
    return values[low - 1] + (place - low) * (values[min(low, count - 1)] - values[low - 1])


@function("PERCENTILE.EXC")
def percentile_exc(block: Any, share: Cell) -> Cell:
    part = to_number(given(share, 0.0))
    return _percentile_exclusive(ordered(as_block(block)), part)


@function("QUARTILE.EXC")
def quartile_exc(block: Any, quarter: Cell) -> Cell:
    part = math.floor(to_number(given(quarter, 0.0))) / 4
    return _percentile_exclusive(ordered(as_block(block)), part)


@function("PERCENTRANK.EXC")
def percentrank_exc(block: Any, value: Cell, digits: Cell = 3.0) -> Cell:
    values, number = ordered(as_block(block)), shown(to_number(given(value, 0.0)))
    places = math.floor(to_number(given(digits, 3.0)))
    require(bool(values) and places >= 1)
    require(values[0] <= number <= values[-1], NA)
    low = max(place for place, known in enumerate(values) if known <= number)
    low = values.index(values[low])
    part = 0.0
    if values[low] < number:
        low = next(place for place, known in enumerate(values) if known > number) - 1
        part = (number - values[low]) / (values[low + 1] - values[low])
    scale = 10.0**places
    return math.floor(shown((low + 1 + part) / (len(values) + 1) * scale)) / scale


@function("FREQUENCY")
def frequency(data: Any, bounds: Any) -> Any:
    """How many numbers fall up to each bound, in the order in which the bounds are given, and how many beyond."""
    values, limits = ordered(as_block(data)), [shown(value) for value in numbers(by_rows(as_block(bounds)))]
    if not limits and None in flat(bounds):
        # Blanks alone are a bound of 0.
        limits = [0.0]
    if not limits:
        return Block([[float(len(values)), 0.0]])
    counts = [0.0] * (len(limits) + 1)
    order = sorted(range(len(limits)), key=lambda place: limits[place])
    place = 0
    for value in values:
        while place < len(order) and limits[order[place]] < value:
            place += 1
        counts[order[place] if place < len(order) else len(limits)] += 1
    return Block([[*counts]])


def numeric_pairs(first: Any, second: Any) -> tuple[list[float], list[float]]:
    """Cells that are numbers in both blocks; blocks of different sizes are #N/A."""
    a, b = flat(first), flat(second)
    require(len(a) == len(b), NA)
    left, right = [], []
    for x, y in zip(a, b, strict=True):
        raise_error(x)
        raise_error(y)
        if type(x) is float and type(y) is float:
            left.append(x)
            right.append(y)
    return left, right


def _of_pairs(name: str, combine: Callable[[float, float], float]) -> None:
    @function(name)
    def apply(first: Any, second: Any) -> Cell:
        left, right = numeric_pairs(first, second)
        require(bool(left), DIV0)
        return result(math.fsum(map(combine, left, right)))


_of_pairs("SUMX2MY2", lambda x, y: x * x - y * y)
_of_pairs("SUMX2PY2", lambda x, y: x * x + y * y)
_of_pairs("SUMXMY2", lambda x, y: (x - y) ** 2)


@function("PERCENTOF")
def percentof(part: Any, whole: Any) -> Cell:
    try:
        share, total = (math.fsum(numbers((values,))) for values in (part, whole))
    except CellFault:
        return NUM
    require(total != 0, DIV0)
    return result(share / total)


def _matrix(argument: Any) -> list[list[float]]:
    rows = []
    for row in as_block(argument).rows:
        for cell in row:
            raise_error(cell)
            if type(cell) is not float:
                raise CellFault(VALUE)
        rows.append([float(cell) for cell in row])  # type: ignore[arg-type]
    return rows


@function("MMULT")
def mmult(first: Any, second: Any) -> Any:
    a, b = _matrix(first), _matrix(second)
    require(len(a[0]) == len(b), VALUE)
    if len(a) * len(b) * len(b[0]) > MOST_PRODUCTS:
        raise TooLarge
    columns = list(zip(*b, strict=True))
    return Block(
        [[result(math.fsum(x * y for x, y in zip(row, column, strict=True))) for row in a] for column in columns]
    )


def _eliminated(rows: list[list[float]]) -> float:
    """Gauss-Jordan with partial pivoting on a matrix with what stands beside it; the determinant of its left square."""
    size, determinant = len(rows), 1.0
    if size**3 > MOST_PRODUCTS:
        raise TooLarge
    for column in range(size):
        pivot = max(range(column, size), key=lambda row: abs(rows[row][column]))
        if rows[pivot][column] == 0:
            return 0.0
        if pivot != column:
            rows[pivot], rows[column] = rows[column], rows[pivot]
            determinant = -determinant
        head = rows[column]
        determinant *= head[column]
        for row in range(size):
            if row == column or not rows[row][column]:
                continue
            factor = rows[row][column] / head[column]
            rows[row] = [a - factor * b for a, b in zip(rows[row], head, strict=True)]
    return determinant


@function("MDETERM")
def mdeterm(block: Any) -> Cell:
    rows = _matrix(block)
    require(len(rows) == len(rows[0]), VALUE)
    if all(value == math.floor(value) and abs(value) < 1e6 for row in rows for value in row) and len(rows) <= 20:
        from fractions import Fraction

        return result(float(_eliminated([[Fraction(value) for value in row] for row in rows])))  # type: ignore[misc]
    return result(_eliminated(rows))


@function("MINVERSE")
def minverse(block: Any) -> Any:
    rows = _matrix(block)
    size = len(rows)
    require(size == len(rows[0]), VALUE)
    wide = [row + [float(i == j) for j in range(size)] for i, row in enumerate(rows)]
    require(_eliminated(wide) != 0)
    return Block.of_rows([[result(value / row[i]) for value in row[size:]] for i, row in enumerate(wide)])


@function("MUNIT")
def munit(size: Cell) -> Any:
    count = math.trunc(to_number(given(size, 0.0)))
    require(1 <= count <= 1000, VALUE)
    return Block([[float(i == j) for i in range(count)] for j in range(count)])
