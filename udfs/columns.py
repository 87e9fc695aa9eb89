"""Many rows at once, column by column: the results are those of single rows, many times faster.

Scores and money have few decimals. Columns of them are read as whole numbers of the last decimal, so that sums, products and
roundings stay exact; rows that don't fit are computed one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import compress, repeat
from operator import add, and_, mul, not_, truediv
from typing import Any, FrozenSet, List

from udfs.values import SIGNIFICANT, Cell, UdfError, is_blank

Column = List[Cell]
Columns = List[Column]
Kinds = FrozenSet[type]
NUMBERS: Kinds = frozenset({float})
KEYS: Kinds = frozenset({float, str})
PLAIN: Kinds = frozenset({float, str, type(None)})
"""Neither TRUE, which is equal to 1, nor an error value."""

_OF_BLANKS = frozenset({str, type(None)})
_PLACES = (2, 4, 6)
_SAMPLE, _MOST_DIFFERENT = 128, 112
"""Of so many cells at most so many are different where it pays to compute each different one of a column once."""
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
        everything = [column for columns in arguments for column in columns or ()]
        asked: list[bool] | None = None
        blanks_fit = True
        for columns, kinds in zip(arguments, self._kinds):
            blanks_fit = blanks_fit and (not columns or not kinds.isdisjoint(_OF_BLANKS))
            for column in columns or ():
                # Cells are mostly blank in the same rows: behind the first column the others are looked through without them.
                cells = column if asked is None else compress(column, asked)
                if not kinds.issuperset(map(type, cells)):
                    fits = list(map(kinds.__contains__, map(type, column)))
                    asked = fits if asked is None else list(map(and_, asked, fits))
        # Where a column takes no blanks, the rows that are asked about aren't.
        doubtful = range(count) if blanks_fit else [] if asked is None else _unmarked(asked)
        blank = _blank_rows(everything, doubtful)
        if blank and blanks_fit:
            asked = asked or [True] * count
            for place in blank:
                asked[place] = False
        try:
            if asked is None:
                return self._many(*arguments)
            some = [columns and [list(compress(column, asked)) for column in columns] for columns in arguments]
            found = self._many(*some) if True in asked else []
        except (UdfError, ArithmeticError):
            # Of some row; which one is seen one by one.
            return None
        if found is None:
            return None
        results: list[Cell] = [""] * count
        for place, result in zip(compress(range(count), asked), found):
            results[place] = result
        rest = _unmarked(asked)
        left = sorted({*rest}.difference(blank)) if len(blank) < len(rest) else []
        for place, result in zip(left, others(left) if left else ()):
            results[place] = result
        return results


def _unmarked(marks: list[bool]) -> list[int]:
    return list(compress(range(len(marks)), map(not_, marks)))


def _blank_rows(columns: Columns, places: Sequence[int]) -> Sequence[int]:
    """Those of the rows at these places that are blank in all columns."""
    for column in columns:
        if _OF_BLANKS.isdisjoint(map(type, column)):
            return []
        places = [place for place in places if column[place] is None or column[place] == ""]
    return places


def scaled(columns: Columns) -> tuple[list[list[int]], int] | None:
    """Columns of doubles as whole numbers of 10^-places, and ``places``; None where that is not what they read as.

    A double that is n/10^p correctly rounded, n of at most 15 digits, reads as exactly that.
    """
    known = [list({*column}) if len({*column[:_SAMPLE]}) <= _MOST_DIFFERENT else column for column in columns]
    least, greatest = min(map(min, known)), max(map(max, known))  # type: ignore[arg-type]
    for places in _PLACES:
        unit = 10.0**places
        if not -_MOST < least * unit <= greatest * unit < _MOST:  # type: ignore[operator]
            return None
        found = [_whole(cells, column, unit) for cells, column in zip(known, columns)]
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


def _whole(cells: Column, column: Column, unit: float) -> list[int] | None:
    """``cells`` are the column, or the different ones of its cells."""
    whole: list[int] = list(map(round, map(mul, cells, repeat(unit))))
    if list(map(truediv, whole, repeat(unit))) != cells:
        for number, cell in zip(whole, cells):
            # What earlier arithmetic left behind the 15th digit doesn't count.
            if number / unit != cell and float(f"{cell:.{SIGNIFICANT}g}") != number / unit:
                return None
    return whole if cells is column else list(map(dict(zip(cells, whole)).__getitem__, column))


def row_sums(columns: list[list[int]]) -> list[int]:
    total, *others = columns
    for column in others:
        total = list(map(add, total, column))
    return total


def places_of(values: Sequence[Decimal]) -> int:
    """How many decimals tell these numbers exactly."""
    return max((-int(value.as_tuple().exponent) for value in values), default=0)


def rounded_quotients(numbers: list[int], divisor: int, digits: int) -> list[Cell]:
    """Whole numbers through a divisor (above 0), rounded half up to decimals, as the nearest doubles."""
    unit = 10**digits
    if not unit % divisor:
        return list(map(truediv, numbers, repeat(divisor)))
    twice, double = 2 * unit, 2 * divisor
    return [
        (twice * number + divisor) // double / unit if number >= 0 else -((divisor - twice * number) // double) / unit
        for number in numbers
    ]


def are_keys(cells: Column) -> bool:
    """Whether all cells are names, blanks and whole numbers: these are equal to what ``key`` makes of them."""
    kinds = set(map(type, cells))
    if not kinds <= PLAIN:
        return False
    numbers: list[Any] = cells if kinds == NUMBERS else [cell for cell in cells if type(cell) is float]
    return all(map(float.is_integer, numbers)) and max(map(abs, numbers), default=0) < _MOST
