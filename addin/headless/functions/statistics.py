"""Counts, means, extremes and ranks."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from typing import Any

from addin.headless.functions import function
from addin.headless.functions.cells import above, as_block, ascending, below, by_rows, flat, given, numbers, ordered
from addin.headless.functions.mathematics import product
from addin.headless.operators import CellFault, finite, shown, to_number, to_truth
from addin.headless.values import VALUES_ONLY, Block, Omitted
from addin.xlsx.model import Cell, CellError
from udfs.values import count_empty


@function("AVERAGE")
def average(*arguments: Any) -> Cell:
    values = numbers(arguments)
    if not values:
        raise CellFault(CellError.DIV0)
    return finite(math.fsum(values) / len(values))


@function("MIN")
def min_(*arguments: Any) -> Cell:
    return min(numbers(arguments), default=0.0)


@function("MAX")
def max_(*arguments: Any) -> Cell:
    return max(numbers(arguments), default=0.0)


@function("COUNT")
def count(*arguments: Any) -> Cell:
    found = 0
    for argument in arguments:
        if isinstance(argument, Block):
            for column in argument.columns:
                kinds = list(map(type, column))
                found += kinds.count(float) + kinds.count(int)
            continue
        if isinstance(argument, Omitted):
            found += 1
            continue
        try:
            to_number(argument)
            found += 1
        except CellFault:
            continue
    return float(found)


@function("COUNTA")
def counta(*arguments: Any) -> Cell:
    """An empty place between commas is a value of its own, and so is a blank that UNIQUE, FILTER or SORT gives."""
    found = 0
    for argument in arguments:
        columns = argument.columns if isinstance(argument, Block) else [[argument]]
        blanks = 0 if isinstance(argument, Block) and VALUES_ONLY in argument.memo else sum(map(count_empty, columns))
        found += sum(map(len, columns)) - blanks
    return float(found)


@function("COUNTBLANK")
def countblank(block: Any) -> Cell:
    whole = as_block(block)
    return float(sum(cell is None or cell == "" for cell in flat(block)) + whole.missing)


def _truths(arguments: tuple[Any, ...]) -> list[bool]:
    found = []
    is_wrong = False
    for argument in arguments:
        for cell in flat(argument):
            # A text given directly has to be TRUE or FALSE; only "" is passed over.
            if cell == "" or (isinstance(argument, Block) and (cell is None or isinstance(cell, str))):
                continue
            if isinstance(cell, str) and cell.upper() not in ("TRUE", "FALSE"):
                # An error value behind it goes out all the same.
                is_wrong = True
                continue
            found.append(to_truth(cell))
    if is_wrong or not found:
        raise CellFault(CellError.VALUE)
    return found


@function("AND")
def and_(*arguments: Any) -> Cell:
    return all(_truths(arguments))


@function("OR")
def or_(*arguments: Any) -> Cell:
    return any(_truths(arguments))


@function("XOR")
def xor(*arguments: Any) -> Cell:
    return sum(_truths(arguments)) % 2 == 1


@function("LARGE")
def large(block: Any, position: Cell) -> Cell:
    place = to_number(position)  # Its error value goes out first.
    values = _ascending(block)
    return _nth(values, len(values) + 1 - place)


def _ascending(argument: Any) -> list[float]:
    return ascending(argument) if isinstance(argument, Block) else [to_number(argument)]


def _ordered(argument: Any) -> list[float]:
    """The numbers of a block in order; a value given directly is whatever reads as one."""
    return ordered(argument) if isinstance(argument, Block) else [to_number(argument)]


@function("SMALL")
def small(block: Any, position: Cell) -> Cell:
    place = to_number(position)
    return _nth(_ascending(block), place)


def _nth(values: list[float], place: float) -> float:
    """As it is shown: the order of numbers is that of what they show. Between two numbers it is the smaller one."""
    if not 1 <= place <= len(values):
        raise CellFault(CellError.NUM)
    return shown(values[int(place) - 1])


@function("MEDIAN")
def median(*arguments: Any) -> Cell:
    values = sorted(numbers(arguments))
    if not values:
        raise CellFault(CellError.NUM)
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


@function("MODE")
def mode(*arguments: Any) -> Cell:
    if any(isinstance(argument, str) for argument in arguments):
        raise CellFault(CellError.VALUE)
    return _most_frequent(arguments)[0]


@function("MODE.SNGL")
def mode_sngl(*arguments: Any) -> Cell:
    return _most_frequent(arguments)[0]


def _most_frequent(arguments: tuple[Any, ...]) -> list[float]:
    """The values that occur most often (at least twice), the one that is met first first; raises CellFault."""
    counted = Counter(numbers(by_rows(*(argument for argument in arguments if not isinstance(argument, str)))))
    most = max(counted.values(), default=0)
    if most < 2:
        raise CellFault(CellError.NA)
    return [value for value, count in counted.items() if count == most]


@function("RANK RANK.EQ")
def rank(value: Cell, block: Any, ascending: Cell = 0.0) -> Cell:
    """Numbers that differ only by binary noise share a rank."""
    number, values = shown(to_number(value)), ordered(as_block(block))
    less, more = below(values, number), above(values, number)
    if less + more == len(values):
        raise CellFault(CellError.NA)
    return 1.0 + (less if to_number(given(ascending, 0.0)) else more)


@function("RANK.AVG")
def rank_avg(value: Cell, block: Any, ascending: Cell = 0.0) -> Cell:
    number, values = shown(to_number(value)), ordered(as_block(block))
    equal = len(values) - below(values, number) - above(values, number)
    return float(rank(value, block, ascending)) + (equal - 1) / 2


def _deviations(values: list[float], sample: bool) -> float:
    if len(values) < 1 + sample:
        raise CellFault(CellError.DIV0)
    mean = math.fsum(values) / len(values)
    return math.fsum((value - mean) ** 2 for value in values) / (len(values) - sample)


@function("VAR VAR.S")
def var(*arguments: Any) -> Cell:
    return _deviations(numbers(arguments), True)


@function("VARP VAR.P")
def varp(*arguments: Any) -> Cell:
    return _deviations(numbers(arguments), False)


@function("STDEV STDEV.S")
def stdev(*arguments: Any) -> Cell:
    return math.sqrt(_deviations(numbers(arguments), True))


@function("STDEVP STDEV.P")
def stdevp(*arguments: Any) -> Cell:
    return math.sqrt(_deviations(numbers(arguments), False))


@function("PERCENTILE PERCENTILE.INC")
def percentile(block: Any, share: Cell) -> Cell:
    part = to_number(share)
    return _percentile(_ordered(block), part)


def _percentile(values: list[float], part: float) -> float:
    if not values or not 0 <= part <= 1:
        raise CellFault(CellError.NUM)
    place = part * (len(values) - 1)
    low = math.floor(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (place - low)


@function("QUARTILE QUARTILE.INC")
def quartile(block: Any, quarter: Cell) -> Cell:
    part = math.floor(to_number(quarter)) / 4
    return _percentile(ordered(as_block(block)), part)


@function("TRIMMEAN")
def trimmean(block: Any, share: Cell) -> Cell:
    values, part = ordered(as_block(block)), to_number(share)
    if not 0 <= part < 1 or not values:
        raise CellFault(CellError.NUM)
    cut = math.floor(len(values) * part / 2)
    kept = values[cut : len(values) - cut]
    return math.fsum(kept) / len(kept)


@function("MODE.MULT")
def mode_mult(*arguments: Any) -> Any:
    return Block([[*_most_frequent(arguments)]])


_SUM = lambda *blocks: finite(math.fsum(numbers(blocks)))  # noqa: E731
_SUBTOTALS: dict[int, Callable[..., Any]] = {
    1: average,
    2: count,
    3: counta,
    4: max_,
    5: min_,
    6: product,
    7: stdev,
    8: stdevp,
    9: _SUM,
    10: var,
    11: varp,
}
AGGREGATES: dict[int, Callable[..., Any]] = {
    **_SUBTOTALS,
    12: median,
    13: mode,
    14: large,
    15: small,
    16: percentile,
    17: quartile,
}


@function("SUBTOTAL")
def subtotal(kind: Cell, first: Any, *others: Any) -> Cell:
    """Cells that are subtotals themselves, and hidden rows, are taken out by the evaluator."""
    if isinstance(kind, Omitted):
        raise CellFault(CellError.VALUE)
    number = int(to_number(kind))
    compute = _SUBTOTALS.get(number - 100 if number > 100 else number)
    if compute is None:
        raise CellFault(CellError.VALUE)
    result: Cell = compute(first, *others)
    return result
