"""Many rows at once, column by column: the results are those of single rows, many times faster.

Scores and money have few decimals. Columns of them are read as whole numbers of the last decimal, so that sums, products and
roundings stay exact; rows that don't fit are computed one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import repeat
from operator import mul, truediv
from typing import Any, FrozenSet, List

from udfs.values import SIGNIFICANT, Cell, UdfError, is_blank

Column = List[Cell]
Columns = List[Column]
Kinds = FrozenSet[type]
NUMBERS: Kinds = frozenset({float})
KEYS: Kinds = frozenset({float, str})
PLAIN: Kinds = frozenset({float, str, type(None)})
"""Neither TRUE, which is equal to 1, nor an error value."""

_PLACES = (2, 4, 6)
_MOST = 10.0**SIGNIFICANT


class ByColumns:
    """What computes one row, and what computes many rows by their columns."""

    def __init__(self, one: Callable[..., Any], many: Callable[..., list[Cell] | None], kinds: Sequence[Kinds]) -> None:
        """``many`` takes the columns of each argument, None for one left out, and gives what the rows' cells hold; or None where it
        can't. It is asked only about rows whose cells are of these ``kinds``, by argument, and not all blank.
        """
        self._one = one
        self._many = many
        self._kinds = kinds

    def __call__(self, *parts: Any) -> Any:
        return self._one(*parts)

    def many(
        self, arguments: list[Columns | None], count: int, others: Callable[[list[int]], list[Cell]]
    ) -> list[Cell] | None:
        """The results of ``count`` rows; ``others`` computes the rows that ``many`` is not asked about."""
        asked = list(range(count))
        for columns, kinds in zip(arguments, self._kinds):
            for column in columns or ():
                # Cells are mostly blank in the same rows: behind the first column the others are looked through without them.
                cells = column if len(asked) == count else [column[place] for place in asked]
                if not kinds.issuperset(map(type, cells)):
                    asked = [place for place in asked if type(column[place]) in kinds]
        everything = [column for columns in arguments for column in columns or ()]
        blank = _blank_rows(everything, count)
        asked = sorted({*asked}.difference(blank)) if blank else asked
        try:
            if len(asked) == count:
                return self._many(*arguments)
            found = self._many(*[_some(columns, asked) for columns in arguments]) if asked else []
        except (UdfError, ArithmeticError):
            # Of some row; which one is seen one by one.
            return None
        if found is None:
            return None
        results: list[Cell] = [""] * count
        for place, result in zip(asked, found):
            results[place] = result
        left = sorted({*range(count)}.difference(asked, blank))
        for place, result in zip(left, others(left) if left else ()):
            results[place] = result
        return results


def _blank_rows(columns: Columns, count: int) -> list[int]:
    places = list(range(count))
    for column in columns:
        if None not in column and "" not in column:
            return []
        places = [place for place in places if column[place] is None or column[place] == ""]
    return places


def _some(columns: Columns | None, places: list[int]) -> Columns | None:
    return None if columns is None else [[column[place] for place in places] for column in columns]


def scaled(columns: Columns) -> tuple[list[list[int]], int] | None:
    """Columns of doubles as whole numbers of 10^-places, and ``places``; None where that is not what they read as.

    A double that is n/10^p correctly rounded, n of at most 15 digits, reads as exactly that.
    """
    least, greatest = min(map(min, columns)), max(map(max, columns))  # type: ignore[arg-type]
    for places in _PLACES:
        unit = 10.0**places
        if not -_MOST < least * unit <= greatest * unit < _MOST:  # type: ignore[operator]
            return None
        found = [_whole(column, unit) for column in columns]
        if None not in found:
            return found, places  # type: ignore[return-value]
    return None


def scaled_or_blank(columns: Columns) -> tuple[list[list[int]], int] | None:
    """As ``scaled``, blanks being 0."""
    filled = [
        column if NUMBERS.issuperset(map(type, column)) else [0.0 if is_blank(cell) else cell for cell in column]
        for column in columns
    ]
    return scaled(filled) if all(NUMBERS.issuperset(map(type, column)) for column in filled) else None


def _whole(column: Column, unit: float) -> list[int] | None:
    whole: list[int] = list(map(round, map(mul, column, repeat(unit))))
    if list(map(truediv, whole, repeat(unit))) == column:
        return whole
    for number, cell in zip(whole, column):
        # What earlier arithmetic left behind the 15th digit doesn't count.
        if number / unit != cell and float(f"{cell:.{SIGNIFICANT}g}") != number / unit:
            return None
    return whole


def places_of(values: Sequence[Decimal]) -> int:
    """How many decimals tell these numbers exactly."""
    return max((-int(value.as_tuple().exponent) for value in values), default=0)


def rounded_quotients(numbers: list[int], divisor: int, digits: int) -> list[Cell]:
    """Whole numbers through a divisor (above 0), rounded half up to decimals, as the nearest doubles."""
    unit = 10**digits
    twice, double = 2 * unit, 2 * divisor
    return [
        (twice * number + divisor) // double / unit if number >= 0 else -((divisor - twice * number) // double) / unit
        for number in numbers
    ]


def are_keys(cells: Column) -> bool:
    """Whether all cells are names, blanks and whole numbers: these are equal to what ``key`` makes of them."""
    numbers = [cell for cell in cells if isinstance(cell, float)]
    whole = all(map(float.is_integer, numbers)) and max(map(abs, numbers), default=0) < _MOST
    return whole and PLAIN.issuperset(map(type, cells))
