"""Counts of possibilities, chance, and statistics that take text for 0 and TRUE for 1."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable
from functools import partial
from typing import Any

from addin.headless.context import Unsupported
from addin.headless.functions import function
from addin.headless.functions.cells import as_block, given, ordered, valued
from addin.headless.functions.statistics import AGGREGATES
from addin.headless.operators import CellFault, shown, to_number, to_text, to_truth
from addin.headless.values import MOST_CELLS, OMITTED, Block, TooLarge
from addin.xlsx.model import Cell, CellError, column_name
from workbook_templates.formula.tokens import LAST_COLUMN, LAST_ROW


@function("AVERAGEA")
def averagea(*arguments: Any) -> Cell:
    values = valued(arguments)
    if not values:
        raise CellFault(CellError.DIV0)
    return math.fsum(values) / len(values)


@function("MAXA")
def maxa(*arguments: Any) -> Cell:
    return max(valued(arguments), default=0.0)


@function("MINA")
def mina(*arguments: Any) -> Cell:
    return min(valued(arguments), default=0.0)


def _whole(cell: Cell) -> int:
    number = math.floor(to_number(cell))
    if number < 0:
        raise CellFault(CellError.NUM)
    return number


@function("COMBIN")
def combin(people: Cell, chosen: Cell) -> Cell:
    return combinations(_whole(people), _whole(chosen))


def combinations(n: int, k: int) -> float:
    k = min(k, n - k)
    # Of more than 1,100 in either part there are more ways than a number can hold.
    if k < 0 or k > 1100:
        raise CellFault(CellError.NUM)
    return float(math.comb(n, k))


@function("COMBINA")
def combina(kinds: Cell, chosen: Cell) -> Cell:
    n, k = _whole(kinds), _whole(chosen)
    if not n and k:
        raise CellFault(CellError.NUM)
    return combinations(n + k - 1, k) if k else 1.0


@function("PERMUT")
def permut(people: Cell, chosen: Cell) -> Cell:
    n, k = _whole(people), _whole(chosen)
    if k > n or k > 170:
        raise CellFault(CellError.NUM)
    return float(math.perm(n, k))


@function("BASE")
def base(cell: Cell, radix: Cell, length: Cell = 0.0) -> Cell:
    number, by, least = _whole(cell), int(to_number(radix)), int(to_number(length))
    if not 2 <= by <= 36 or number >= 2**53 or not 0 <= least <= 255:
        raise CellFault(CellError.NUM)
    digits = ""
    while number:
        number, digit = divmod(number, by)
        digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[digit] + digits
    return (digits or "0").rjust(least, "0")


@function("PERCENTRANK PERCENTRANK.INC")
def percentrank(block: Any, value: Cell, digits: Cell = 3.0) -> Cell:
    values, number = ordered(as_block(block)), shown(to_number(value))
    if not values or not values[0] <= number <= values[-1]:
        raise CellFault(CellError.NA)
    if len(values) == 1:
        return 1.0
    low = max(i for i, known in enumerate(values) if known <= number)
    low = values.index(values[low])
    part = 0.0
    if values[low] < number:
        high = next(i for i, known in enumerate(values) if known > number)
        low = high - 1
        part = (number - values[low]) / (values[high] - values[low])
    places = _whole(digits)
    if not 1 <= places <= 15:
        raise CellFault(CellError.NUM)
    scale = 10.0**places
    return math.floor(shown((low + part) / (len(values) - 1) * scale)) / scale


@function("ADDRESS")
def address(row: Cell, column: Cell, kind: Cell = 1.0, a1: Cell = True, sheet: Any = OMITTED) -> Cell:
    down, across, fixed = int(to_number(row)), int(to_number(column)), int(to_number(given(kind, 1.0)))
    if not 1 <= fixed <= 8:
        raise CellFault(CellError.VALUE)
    if fixed > 4:
        raise Unsupported("ADDRESS 的引用类型应为 1 至 4；5 至 8 在不同版本的 Excel 中结果不同")
    if to_truth(given(a1, True)):
        if not (1 <= down <= LAST_ROW + 1 and 1 <= across <= LAST_COLUMN + 1):
            raise CellFault(CellError.VALUE)
        place = f"{'$' if fixed in (1, 3) else ''}{column_name(across - 1)}{'$' if fixed in (1, 2) else ''}{down}"
    else:
        if min((down if fixed in (1, 2) else 1), (across if fixed in (1, 3) else 1)) < 1:
            raise CellFault(CellError.VALUE)
        place = "".join(
            f"{axis}{number}" if always else axis + (f"[{number}]" if number else "")
            for axis, number, always in (("R", down, fixed in (1, 2)), ("C", across, fixed in (1, 3)))
        )
    if sheet is OMITTED:
        return place
    name = to_text(sheet)
    plain = re.fullmatch(r"[^\W\d][\w.]*", name) is not None or not name
    return f"{name}!{place}" if plain else "'" + name.replace("'", "''") + f"'!{place}"


def draw(function_name: str, low: float = 0.0, high: float = 1.0) -> float:
    """A number by chance, another one for each cell and each calculation."""
    if function_name == "RAND":
        return random.random()
    first, last = math.ceil(low), math.floor(high)
    if first > last:
        raise CellFault(CellError.NUM)
    return float(random.randint(first, last))


def drawn(rows: Any = None, columns: Any = None, low: Any = None, high: Any = None, whole: Any = None) -> Block:
    """RANDARRAY, what is None being left out."""
    height, width, first, last = (
        default if given is None else to_number(as_block(given).first)
        for given, default in ((rows, 1.0), (columns, 1.0), (low, 0.0), (high, 1.0))
    )
    is_whole = whole is not None and to_truth(as_block(whole).first)
    if int(height) < 1 or int(width) < 1:
        raise CellFault(CellError.CALC if 0 in (int(height), int(width)) else CellError.VALUE)
    if first > last or (is_whole and not (first.is_integer() and last.is_integer())):
        raise CellFault(CellError.VALUE)
    if int(height) * int(width) > MOST_CELLS:
        raise TooLarge
    one = partial(random.randint, int(first), int(last)) if is_whole else partial(random.uniform, first, last)
    return Block([[float(one()) for _ in range(int(height))] for _ in range(int(width))])


@function("AGGREGATE")
def aggregate(kind: Cell, ignored: Cell, block: Any, *others: Any) -> Cell:
    """Kinds 1 to 19; 2, 3, 6 and 7 leave error values out. (Hidden rows and other subtotals: see the evaluator.)"""
    number, option = int(to_number(kind)), int(to_number(ignored))
    blocks = [as_block(block)] if number >= 14 else [as_block(argument) for argument in (block, *others)]
    if option in (2, 3, 6, 7):
        blocks = [_without_errors(one) for one in blocks]
    compute = _kind_of_aggregate(number)
    if compute is None or option not in range(8) or (number >= 14) != (len(others) == 1 and number >= 14):
        raise CellFault(CellError.VALUE)
    result: Cell = compute(*blocks, *(others if number >= 14 else ()))
    return result


def _kind_of_aggregate(number: int) -> Callable[..., Any] | None:
    """The last two stand in a module that is seldom wanted."""
    if number not in (18, 19):
        return AGGREGATES.get(number)
    from addin.headless.functions.descriptive import percentile_exc, quartile_exc

    return percentile_exc if number == 18 else quartile_exc


def _without_errors(block: Block) -> Block:
    return Block([[None if isinstance(cell, CellError) else cell for cell in column] for column in block.columns])
