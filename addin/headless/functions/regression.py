"""Correlation, and lines through points."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from addin.headless.functions import function
from addin.headless.functions.arguments import DIV0, NA, NUM, VALUE, require, result
from addin.headless.functions.cells import as_block, given, raise_error
from addin.headless.functions.descriptive import mean, numeric_pairs, squares
from addin.headless.operators import CellFault, to_number, to_truth
from addin.headless.values import Block, Omitted
from addin.xlsx.model import Cell, CellError


def _products(x: list[float], y: list[float]) -> float:
    """Σ (x - mean x)(y - mean y)."""
    a, b = mean(x), mean(y)
    return math.fsum((p - a) * (q - b) for p, q in zip(x, y, strict=True))


def _of_pairs(names: str, compute: Callable[[list[float], list[float]], float]) -> None:
    @function(names)
    def apply(first: Any, second: Any) -> Cell:
        return result(compute(*numeric_pairs(first, second)))


def _correlation(x: list[float], y: list[float]) -> float:
    require(bool(x), DIV0)
    spread = math.sqrt(squares(x) * squares(y))
    require(spread > 0, DIV0)
    return max(-1.0, min(1.0, _products(x, y) / spread))


def _covariance(x: list[float], y: list[float]) -> float:
    require(bool(x), DIV0)
    return _products(x, y) / len(x)


def _sample_covariance(x: list[float], y: list[float]) -> float:
    require(len(x) > 1, DIV0)
    return _products(x, y) / (len(x) - 1)


def _slope(y: list[float], x: list[float]) -> float:
    require(bool(x), DIV0)
    spread = squares(x)
    require(spread > 0, DIV0)
    return _products(x, y) / spread


def _intercept(y: list[float], x: list[float]) -> float:
    return mean(y) - _slope(y, x) * mean(x)


def _error(y: list[float], x: list[float]) -> float:
    require(len(x) > 2, DIV0)
    spread = squares(x)
    require(spread > 0, DIV0)
    return math.sqrt(max(0.0, squares(y) - _products(x, y) ** 2 / spread) / (len(x) - 2))


_of_pairs("CORREL PEARSON", _correlation)
_of_pairs("RSQ", lambda y, x: _correlation(y, x) ** 2)
_of_pairs("COVAR COVARIANCE.P", _covariance)
_of_pairs("COVARIANCE.S", _sample_covariance)
_of_pairs("SLOPE", _slope)
_of_pairs("INTERCEPT", _intercept)
_of_pairs("STEYX", _error)


@function("FORECAST FORECAST.LINEAR")
def forecast(x: Cell, ys: Any, xs: Any) -> Cell:
    at = to_number(given(x, 0.0))
    known_y, known_x = numeric_pairs(ys, xs)
    return result(mean(known_y) + _slope(known_y, known_x) * (at - mean(known_x)))


class _Fit:
    """Least squares of y on columns of x, by an orthogonal decomposition of the columns (those that depend on others get 0)."""

    def __init__(self, y: list[float], columns: list[list[float]], constant: bool) -> None:
        self.y, self.constant = y, constant
        count = len(columns)
        self.shifts = [mean(column) if constant else 0.0 for column in columns]
        middle = mean(y) if constant else 0.0
        centred = [[v - shift for v in column] for column, shift in zip(columns, self.shifts, strict=True)]
        target = [v - middle for v in y]
        basis: list[list[float] | None] = []
        upper = [[0.0] * count for _ in range(count)]
        for j, column in enumerate(centred):
            rest, size = list(column), math.fsum(v * v for v in column)
            for _ in range(2):
                for i, one in enumerate(basis):
                    if one is not None:
                        part = math.fsum(a * b for a, b in zip(one, rest, strict=True))
                        upper[i][j] += part
                        rest = [a - part * b for a, b in zip(rest, one, strict=True)]
            left = math.fsum(v * v for v in rest)
            if left <= size * 1e-20 or not left:
                basis.append(None)
                continue
            upper[j][j] = math.sqrt(left)
            basis.append([v / upper[j][j] for v in rest])
        self.used = [j for j in range(count) if basis[j] is not None]
        heights = [
            math.fsum(a * b for a, b in zip(one, target, strict=True)) if one is not None else 0.0 for one in basis
        ]
        self.factors = self._solved(upper, heights)
        self.intercept = (
            middle - math.fsum(f * s for f, s in zip(self.factors, self.shifts, strict=True)) if constant else 0.0
        )
        residues = list(target)
        for one, height in zip(basis, heights, strict=True):
            if one is not None:
                residues = [a - height * b for a, b in zip(residues, one, strict=True)]
        self.residual = math.fsum(v * v for v in residues)
        self.explained = math.fsum(h * h for h in heights)
        self.freedom = len(y) - len(self.used) - constant
        self._upper = upper

    def _solved(self, upper: list[list[float]], heights: list[float]) -> list[float]:
        found = [0.0] * len(heights)
        for i in reversed(self.used):
            later = math.fsum(upper[i][j] * found[j] for j in self.used if j > i)
            found[i] = (heights[i] - later) / upper[i][i]
        return found

    def _inverse_rows(self) -> dict[int, list[float]]:
        """R⁻¹ by rows."""
        rows: dict[int, list[float]] = {i: [0.0] * len(self.factors) for i in self.used}
        for column in self.used:
            unit = [float(i == column) for i in range(len(self.factors))]
            for i, value in enumerate(self._solved(self._upper, unit)):
                if i in rows:
                    rows[i][column] = value
        return rows

    def errors(self) -> tuple[list[float], float]:
        """Standard errors of the factors and of the intercept."""
        variance = self.residual / self.freedom if self.freedom > 0 else 0.0
        rows = self._inverse_rows()
        own = [
            math.sqrt(variance * math.fsum(v * v for v in rows[i])) if i in rows else 0.0
            for i in range(len(self.factors))
        ]
        at_zero = [math.fsum(self.shifts[i] * rows[i][j] for i in rows) for j in range(len(self.factors))]
        spread = 1 / len(self.y) + math.fsum(v * v for v in at_zero)
        return own, math.sqrt(variance * spread)


def _fit(ys: Any, xs: Any, constant: Any, logarithmic: bool) -> _Fit:
    block = as_block(ys)
    y = _plain(block.flat())
    if logarithmic:
        require(min(y) > 0)
        y = [math.log(value) for value in y]
    columns = _columns(xs, block)
    return _Fit(y, columns, to_truth(given(constant, True)))


def _plain(cells: list[Cell]) -> list[float]:
    found = []
    for cell in cells:
        raise_error(cell)
        if type(cell) is not float:
            raise CellFault(VALUE)
        found.append(cell)
    return found


def _columns(xs: Any, ys: Block) -> list[list[float]]:
    """The variables, one list each, as they lie beside the known y."""
    count = ys.height * ys.width
    if xs is None or isinstance(xs, Omitted):
        return [[float(i + 1) for i in range(count)]]
    block = as_block(xs)
    if (block.height, block.width) == (ys.height, ys.width):
        return [_plain(block.flat())]
    if ys.width == 1 and block.height == ys.height:
        return [_plain(column) for column in block.columns]
    require(ys.height == 1 and block.width == ys.width, CellError.REF)
    return [_plain(list(row)) for row in block.rows]


def _line(fit: _Fit, statistics: bool, shape: Callable[[float], float]) -> Block:
    """LINEST's table: factors from the last variable to the first, the intercept, then what is known about them."""
    head: list[Cell] = [result(shape(value)) for value in (*reversed(fit.factors), fit.intercept)]
    if not statistics:
        return Block.of_rows([head])
    errors, at_zero = fit.errors()
    last: Cell = at_zero if fit.constant else NA
    total = fit.residual + fit.explained
    deviation = math.sqrt(fit.residual / fit.freedom) if fit.freedom > 0 else 0.0
    rated: Cell = NUM
    if fit.freedom > 0 and fit.residual > 0:
        rated = fit.explained / max(len(fit.used), 1) / (fit.residual / fit.freedom)
    rows: list[list[Cell]] = [
        [*reversed(errors), last],
        [fit.explained / total if total else 1.0, deviation],
        [rated, float(fit.freedom)],
        [fit.explained, fit.residual],
    ]
    return Block.of_rows([head] + [row + [NA] * (len(head) - len(row)) for row in rows])


@function("LINEST")
def linest(ys: Any, xs: Any = None, constant: Cell = True, statistics: Cell = False) -> Any:
    return _line(_fit(ys, xs, constant, False), to_truth(given(statistics, False)), float)


@function("LOGEST")
def logest(ys: Any, xs: Any = None, constant: Cell = True, statistics: Cell = False) -> Any:
    return _line(_fit(ys, xs, constant, True), to_truth(given(statistics, False)), math.exp)


def _predicted(ys: Any, xs: Any, wanted: Any, constant: Cell, logarithmic: bool) -> Block:
    fit, block = _fit(ys, xs, constant, logarithmic), as_block(ys)
    shape: Callable[[float], float] = math.exp if logarithmic else float
    source = wanted if wanted is not None and not isinstance(wanted, Omitted) else xs
    if source is None or isinstance(source, Omitted):
        source = (
            Block([[float(i + 1) for i in range(block.height)]])
            if block.width == 1
            else Block([[float(i + 1)] for i in range(block.width)])
        )
    at = as_block(source)
    if len(fit.factors) == 1:
        rows = [
            [result(shape(fit.intercept + fit.factors[0] * value)) for value in _plain(list(row))] for row in at.rows
        ]
        return Block.of_rows(rows)
    across = block.height == 1
    points = at.columns if across else at.rows
    require(all(len(point) == len(fit.factors) for point in points), CellError.REF)
    found = [
        result(shape(fit.intercept + math.fsum(f * v for f, v in zip(fit.factors, _plain(list(point)), strict=True))))
        for point in points
    ]
    return Block([[value] for value in found]) if across else Block([found])


@function("TREND")
def trend(ys: Any, xs: Any = None, wanted: Any = None, constant: Cell = True) -> Any:
    return _predicted(ys, xs, wanted, constant, False)


@function("GROWTH")
def growth(ys: Any, xs: Any = None, wanted: Any = None, constant: Cell = True) -> Any:
    return _predicted(ys, xs, wanted, constant, True)
