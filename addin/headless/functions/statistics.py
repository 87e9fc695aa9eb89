"""Counts, means, extremes and ranks."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from typing import Any

from addin.headless.functions import function
from addin.headless.functions.cells import flat, given, is_number, numbers
from addin.headless.model import Cell, CellError
from addin.headless.operators import CellFault, finite, to_number, to_truth
from addin.headless.values import Block, Rows


@function("AVERAGE", "b*")
def average(*arguments: Any) -> Cell:
    values = numbers(arguments)
    if not values:
        raise CellFault(CellError.DIV0)
    return finite(math.fsum(values) / len(values))


@function("MIN", "b*")
def min_(*arguments: Any) -> Cell:
    return min(numbers(arguments), default=0.0)


@function("MAX", "b*")
def max_(*arguments: Any) -> Cell:
    return max(numbers(arguments), default=0.0)


@function("COUNT", "b*")
def count(*arguments: Any) -> Cell:
    found = 0
    for argument in arguments:
        if isinstance(argument, Block):
            found += sum(is_number(cell) for cell in flat(argument))
            continue
        try:
            to_number(argument)
            found += argument is not None
        except CellFault:
            continue
    return float(found)


@function("COUNTA", "b*")
def counta(*arguments: Any) -> Cell:
    return float(sum(cell is not None for argument in arguments for cell in flat(argument)))


@function("COUNTBLANK", "b")
def countblank(block: Any) -> Cell:
    return float(sum(cell is None or cell == "" for cell in flat(block)))


def _truths(arguments: tuple[Any, ...]) -> list[bool]:
    found = []
    for argument in arguments:
        for cell in flat(argument):
            if isinstance(argument, Block) and (cell is None or isinstance(cell, str)):
                continue
            found.append(to_truth(cell))
    if not found:
        raise CellFault(CellError.VALUE)
    return found


@function("AND", "b*")
def and_(*arguments: Any) -> Cell:
    return all(_truths(arguments))


@function("OR", "b*")
def or_(*arguments: Any) -> Cell:
    return any(_truths(arguments))


@function("XOR", "b*")
def xor(*arguments: Any) -> Cell:
    return sum(_truths(arguments)) % 2 == 1


@function("LARGE", "bc")
def large(block: Any, position: Cell) -> Cell:
    return _nth(sorted(numbers((block,)), reverse=True), position)


@function("SMALL", "bc")
def small(block: Any, position: Cell) -> Cell:
    return _nth(sorted(numbers((block,))), position)


def _nth(ordered: list[float], position: Cell) -> float:
    index = math.ceil(to_number(position))
    if not 1 <= index <= len(ordered):
        raise CellFault(CellError.NUM)
    return ordered[index - 1]


@function("MEDIAN", "b*")
def median(*arguments: Any) -> Cell:
    ordered = sorted(numbers(arguments))
    if not ordered:
        raise CellFault(CellError.NUM)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


@function("MODE MODE.SNGL", "b*")
def mode(*arguments: Any) -> Cell:
    values = numbers(arguments)
    best = max(values, key=values.count, default=None)
    if best is None or values.count(best) < 2:
        raise CellFault(CellError.NA)
    return best


_ordered: dict[int, tuple[Rows, list[float]]] = {}


def _shown(value: float) -> float:
    """A number at the 15 digits that are shown, so that binary noise separates nobody."""
    return float(f"{value:.15g}")


def _order(block: Any) -> list[float]:
    """The block's numbers in order, kept for the other cells that rank among them."""
    if not isinstance(block, Block):
        return [_shown(number) for number in numbers((block,))]
    known = _ordered.get(id(block.rows))
    if known is None or known[0] is not block.rows:
        if len(_ordered) > 16:
            _ordered.clear()
        known = (block.rows, sorted(_shown(number) for number in numbers((block,))))
        _ordered[id(block.rows)] = known
    return known[1]


@function("RANK RANK.EQ", "cbc")
def rank(value: Cell, block: Any, ascending: Cell = 0.0) -> Cell:
    number, ordered = _shown(to_number(value)), _order(block)
    before, behind = bisect_left(ordered, number), bisect_right(ordered, number)
    if before == behind:
        raise CellFault(CellError.NA)
    return 1.0 + (before if to_number(given(ascending, 0.0)) else len(ordered) - behind)


@function("RANK.AVG", "cbc")
def rank_avg(value: Cell, block: Any, ascending: Cell = 0.0) -> Cell:
    number, ordered = _shown(to_number(value)), _order(block)
    equal = bisect_right(ordered, number) - bisect_left(ordered, number)
    return float(rank(value, block, ascending)) + (equal - 1) / 2


def _deviations(values: list[float], sample: bool) -> float:
    if len(values) < 1 + sample:
        raise CellFault(CellError.DIV0)
    mean = math.fsum(values) / len(values)
    return math.fsum((value - mean) ** 2 for value in values) / (len(values) - sample)


@function("VAR VAR.S", "b*")
def var(*arguments: Any) -> Cell:
    return _deviations(numbers(arguments), True)


@function("VARP VAR.P", "b*")
def varp(*arguments: Any) -> Cell:
    return _deviations(numbers(arguments), False)


@function("STDEV STDEV.S", "b*")
def stdev(*arguments: Any) -> Cell:
    return math.sqrt(_deviations(numbers(arguments), True))


@function("STDEVP STDEV.P", "b*")
def stdevp(*arguments: Any) -> Cell:
    return math.sqrt(_deviations(numbers(arguments), False))


@function("PERCENTILE PERCENTILE.INC", "bc")
def percentile(block: Any, share: Cell) -> Cell:
    ordered, part = sorted(numbers((block,))), to_number(share)
    if not ordered or not 0 <= part <= 1:
        raise CellFault(CellError.NUM)
    place = part * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


@function("QUARTILE QUARTILE.INC", "bc")
def quartile(block: Any, quarter: Cell) -> Cell:
    found: Cell = percentile(block, math.floor(to_number(quarter)) / 4)
    return found


@function("TRIMMEAN", "bc")
def trimmean(block: Any, share: Cell) -> Cell:
    ordered, part = sorted(numbers((block,))), to_number(share)
    if not 0 <= part < 1 or not ordered:
        raise CellFault(CellError.NUM)
    cut = math.floor(len(ordered) * part / 2)
    kept = ordered[cut : len(ordered) - cut]
    return math.fsum(kept) / len(kept)


_SUBTOTALS = {
    1: average,
    2: count,
    3: counta,
    4: max_,
    5: min_,
    7: stdev,
    8: stdevp,
    10: var,
    11: varp,
}


@function("SUBTOTAL", "cb*")
def subtotal(kind: Cell, *blocks: Any) -> Cell:
    """Hidden and filtered rows are counted: what is hidden can't be told here."""
    number = int(to_number(kind)) % 100
    if number == 9:
        return finite(math.fsum(numbers(blocks)))
    if number == 6:
        return float(finite(math.prod(numbers(blocks))))
    if number not in _SUBTOTALS:
        raise CellFault(CellError.VALUE)
    result: Cell = _SUBTOTALS[number](*blocks)
    return result
