"""Many rows at once, column by column: the results are those of single rows, many times faster.

Scores and money have few decimals. Columns of them are read as whole numbers of the last decimal, so that sums, products and
roundings stay exact; rows that don't fit are computed one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import compress, filterfalse, repeat
from operator import add, and_, mul, ne, not_, truediv
from typing import Any, Dict, FrozenSet, List

from udfs.values import SIGNIFICANT, Cell, UdfError, is_blank

Column = List[Cell]
Columns = List[Column]
Kinds = FrozenSet[type]
NUMBERS: Kinds = frozenset({float})
KEYS: Kinds = frozenset({float, str})
PLAIN: Kinds = frozenset({float, str, type(None)})
"""Neither TRUE, which is equal to 1, nor an error value."""

_OF_BLANKS = frozenset({str, type(None)})
_SAMPLE, _MOST_NEW = 512, 128
"""The second so many cells bring at most so many that are new where it pays to look up what others read as."""
_MOST_REMEMBERED = 50_000
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
        asked: list[bool] | None = None
        # Cells are mostly blank in the same rows: behind the first column the others are looked through without them.
        kept: list[tuple[list[bool] | None, Column]] = []
        blanks_fit = True
        for columns, kinds in zip(arguments, self._kinds):
            blanks_fit = blanks_fit and (not columns or not kinds.isdisjoint(_OF_BLANKS))
            for column in columns or ():
                own = _marked(column, asked)
                if not kinds.issuperset(map(type, own)):
                    fit = list(map(kinds.__contains__, map(type, column)))
                    asked = fit if asked is None else list(map(and_, asked, fit))
                    own = _marked(column, asked)
                kept.append((asked, own))
        rest = [] if asked is None else list(compress(range(count), map(not_, asked)))
        # Where a column takes no blanks, the rows that are asked about aren't.
        blank = blank_rows([c for columns in arguments for c in columns or ()], range(count) if blanks_fit else rest)
        if blank and blanks_fit:
            rest = sorted({*rest, *blank})
            asked = _all_but(rest, count)
        waiting = iter(kept)
        try:
            if asked is None:
                return self._many(*arguments)
            some = [
                columns
                and [own if by is asked else _marked(column, asked) for column, (by, own) in zip(columns, waiting)]
                for columns in arguments
            ]
            found = self._many(*some) if len(rest) < count else []
        except (UdfError, ArithmeticError):
            # Of some row; which one is seen one by one.
            return None
        if found is None:
            return None
        results = _with_gaps(found, rest)
        left = sorted({*rest}.difference(blank)) if len(blank) < len(rest) else []
        for place, result in zip(left, others(left) if left else ()):
            results[place] = result
        return results


def _with_gaps(found: Column, places: list[int]) -> Column:
    """The cells in turn, but empty texts in these places (ascending)."""
    cells: Column = []
    taken = 0
    for place in places:
        following = taken + place - len(cells)
        cells += found[taken:following]
        cells.append("")
        taken = following
    return cells + found[taken:]


def _all_but(places: list[int], count: int) -> list[bool]:
    marks = [True] * count
    for place in places:
        marks[place] = False
    return marks


def _marked(column: Column, marks: list[bool] | None) -> Column:
    return column if marks is None else list(compress(column, marks))


def blank_rows(columns: Columns, places: Sequence[int]) -> Sequence[int]:
    """Those of the rows at these places that are blank in all columns."""
    # One that has something in the first of them is mostly filled in, and settles it.
    for column in sorted(columns, key=lambda column: bool(places) and is_blank(column[places[0]])):
        if not places or {*filterfalse(None, column)}.isdisjoint(("", None)):
            return []
        places = [place for place in places if column[place] is None or column[place] == ""]
    return places


class _Wholes(Dict[Cell, int]):
    """Doubles as whole numbers of 10^-places: scores, shares and amounts come again and again.

    A double that is n/10^p correctly rounded, n of at most 15 digits, reads as exactly that; ValueError for another one.
    """

    def __init__(self, places: int) -> None:
        self._unit = 10.0**places

    def __missing__(self, cell: Cell) -> int:
        unit: float = self._unit
        number = round(cell * unit)  # type: ignore[operator]
        # What earlier arithmetic left behind the 15th digit doesn't count.
        if not -_MOST < number < _MOST or (number / unit != cell and float(f"{cell:.{SIGNIFICANT}g}") != number / unit):
            raise ValueError
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        self[cell] = number
        return number

    def of(self, cells: Column) -> list[int]:
        """As they are read one by one; quicker where most are different."""
        unit = self._unit
        if not -_MOST < min(cells) * unit <= max(cells) * unit < _MOST:  # type: ignore[operator, type-var]
            raise ValueError
        numbers: list[int] = list(map(round, map(mul, cells, repeat(unit))))
        read = list(map(truediv, numbers, repeat(unit)))
        if read != cells:
            # ValueError for one that reads as another.
            list(map(self.__getitem__, compress(cells, map(ne, read, cells))))
        return numbers


_WHOLES = [(places, _Wholes(places)) for places in (2, 4, 6)]


def scaled(columns: Columns) -> tuple[list[list[int]], int] | None:
    """Columns of doubles as whole numbers of 10^-places, and ``places``; None where that is not what they read as."""
    repeats = [len({*column[: 2 * _SAMPLE]}) - len({*column[:_SAMPLE]}) <= _MOST_NEW for column in columns]
    for places, known in _WHOLES:
        try:
            found = [
                list(map(known.__getitem__, column)) if again else known.of(column)
                for column, again in zip(columns, repeats)
            ]
        except ValueError:
            continue
        return found, places
    return None


def scaled_or_blank(columns: Columns) -> tuple[list[list[int]], int] | None:
    """As ``scaled``, blanks being 0."""
    filled: Columns = [
        column
        if NUMBERS.issuperset(map(type, column))
        else [0.0 if cell is None or cell == "" else cell for cell in column]
        for column in columns
    ]
    return scaled(filled) if all(NUMBERS.issuperset(map(type, column)) for column in filled) else None


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
    return not numbers or (-_MOST < min(numbers) <= max(numbers) < _MOST and all(map(float.is_integer, numbers)))
