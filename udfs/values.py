"""The only door for numbers: cells come in as exact decimals, results leave as the nearest doubles.

A double is read at 15 significant digits, as a spreadsheet shows it: 0.1 is one tenth, and 89.99999999999999, left behind by
some earlier arithmetic, is 90. Everything after that is exact decimal arithmetic (50 digits where a quotient doesn't end).
"""

from __future__ import annotations

import enum
import math
import sys
from collections.abc import Iterable
from decimal import ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from itertools import filterfalse
from typing import Dict, List, Sequence, Tuple, Union


class CellError(enum.Enum):
    """An error value of a cell."""

    VALUE = "#VALUE!"
    NA = "#N/A"
    NUM = "#NUM!"
    DIV0 = "#DIV/0!"
    REF = "#REF!"
    NAME = "#NAME?"
    NULL = "#NULL!"
    SPILL = "#SPILL!"
    CALC = "#CALC!"
    BLOCKED = "#BLOCKED!"
    CONNECT = "#CONNECT!"
    FIELD = "#FIELD!"
    GETTING_DATA = "#GETTING_DATA"
    UNKNOWN = "#UNKNOWN!"
    BUSY = "#BUSY!"
    PYTHON = "#PYTHON!"

    def __str__(self) -> str:
        return self.value


ERRORS = {error.value: error for error in CellError}
"""The error values by how they are written."""


class _Missing(enum.Enum):
    MISSING = "missing"


MISSING = _Missing.MISSING
"""Stands for an argument that is left out in the middle of a call."""

Cell = Union[None, bool, int, float, str, CellError]
Grid = Sequence[Sequence[Cell]]
Result = Union[Decimal, int, str, CellError]


class WholeColumns(List[Sequence[Cell]]):
    """Rows of whole columns (A:A), cut by the host to what is used: only these may begin with a heading."""


class SharedRows(Tuple[Sequence[Cell], ...]):
    """Rows that a host hands over again and again, as the same object as long as they are equal."""


class ColumnGrid:
    """A block of several rows as a host may hand it over: by columns; its rows are made when they are wanted."""

    __slots__ = ("_rows", "columns")

    def __init__(self, columns: list[list[Cell]]) -> None:
        self.columns = columns
        self._rows: list[tuple[Cell, ...]] | None = None

    @property
    def rows(self) -> list[tuple[Cell, ...]]:
        if self._rows is None:
            self._rows = list(zip(*self.columns))
        return self._rows


CONTEXT = Context(prec=50, rounding=ROUND_HALF_UP)
SIGNIFICANT = 15
_LONGEST_SAFE_REPR = 16  # fifteen digits and the point
_REMEMBERED = 200_000
_MOST_WRITTEN = 20
_LONGEST_POWER = 98  # beyond it one digit less, rounded once more
_TYPED = Context(prec=SIGNIFICANT, rounding=ROUND_DOWN, traps=[])
_SHORTER = Context(prec=SIGNIFICANT - 1, rounding=ROUND_HALF_UP)


class UdfError(Exception):
    """Ends a computation with an error value in the cell."""

    def __init__(self, code: CellError = CellError.VALUE) -> None:
        super().__init__(code.value)
        self.code = code


class _Exact(Dict[Cell, Decimal]):
    """Numbers already read: the same scores, weights and counts come back thousands of times."""

    def __missing__(self, cell: Cell) -> Decimal:
        if isinstance(cell, CellError):
            raise UdfError(cell)
        if not isinstance(cell, (int, float)):
            raise UdfError(CellError.VALUE)
        if not math.isfinite(cell):
            raise UdfError(CellError.NUM)
        text = repr(float(cell))
        if len(text) > _LONGEST_SAFE_REPR:
            text = f"{float(cell):.{SIGNIFICANT}g}"
        exact = Decimal(text) if cell else Decimal(0)
        if len(self) >= _REMEMBERED:
            self.clear()
        self[cell] = exact
        return exact


_exact = _Exact()
_NUMERIC = frozenset({int, float})


def number_text(value: float) -> str:
    """A number as text wherever it becomes one, as Excel joins it: at most 15 significant digits; written out if it has
    at most 20 digits, else with an exponent."""
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = f"{value:.{SIGNIFICANT}g}"
    if "e" not in text:
        return text
    if abs(value) < sys.float_info.min:
        return "0"
    exact = Decimal(text)
    if abs(exact.adjusted()) > _LONGEST_POWER:
        exact = _SHORTER.plus(exact)
    exact = exact.normalize()
    exponent = exact.adjusted()
    length = exponent + 1 if exponent >= 0 else 1 - exponent + len(exact.as_tuple().digits)
    if length <= _MOST_WRITTEN:
        return f"{exact:f}"
    return f"{exact.scaleb(-exponent)}E{exponent:+03d}"


def typed_number(digits: str, hundredths: int = 0) -> float:
    """The number that digits stand for where a formula or a text holds them, over 100 ** ``hundredths``.

    As Excel reads them: what follows the fifteenth significant digit counts as zeros (Microsoft, KB 269370). Too large a number is
    infinite.
    """
    return float(_TYPED.create_decimal(digits).scaleb(-2 * hundredths, _TYPED))


def is_blank(cell: object) -> bool:
    """An empty cell, or the empty text that a formula leaves."""
    return cell is None or (isinstance(cell, str) and not cell)


def count_empty(cells: Iterable[Cell]) -> int:
    """How many cells are empty: few are neither that nor true, and comparing each of them takes several times as long."""
    return list(filterfalse(None, cells)).count(None)


def number(cell: Cell) -> Decimal:
    """The exact number in a cell; text, TRUE/FALSE and blanks are #VALUE!, an error value goes out as it is."""
    if isinstance(cell, bool):
        raise UdfError(CellError.VALUE)
    return _exact[cell]


def maybe_number(cell: Cell) -> Decimal | None:
    """As ``number``, None for a blank."""
    return None if is_blank(cell) else number(cell)


def numbers(cells: Sequence[Cell]) -> list[Decimal | None]:
    """As ``maybe_number`` for each cell; error values go out before wrong types are looked at."""
    if _NUMERIC.issuperset(map(type, cells)):
        return [_exact[cell] for cell in cells]
    raise_errors(cells)
    return [maybe_number(cell) for cell in cells]


def raise_errors(cells: Iterable[object]) -> None:
    """The first error value among the cells goes out."""
    for cell in cells:
        if isinstance(cell, CellError):
            raise UdfError(cell)


def whole(value: Decimal) -> int:
    """A whole number, else #VALUE!."""
    if value != value.to_integral_value():
        raise UdfError(CellError.VALUE)
    return int(value)


def key(cell: Cell) -> str | Decimal:
    """What makes two cells the same: numbers at 15 digits, text to the letter; 1 and "1" differ."""
    return cell if isinstance(cell, str) else number(cell)


_UNITS = [Decimal(1).scaleb(-places) for places in range(SIGNIFICANT + 1)]


def rounded(value: Decimal, places: int) -> Decimal:
    """Half up (四舍五入, away from zero) to decimal places."""
    return CONTEXT.quantize(value, _UNITS[places])


def floor(value: Decimal) -> int:
    """The largest whole number that is not above the value."""
    return int(value.to_integral_value(ROUND_FLOOR))


def leave(result: Result) -> float | str | CellError:
    """A result as it goes to a cell: numbers as the nearest double."""
    if isinstance(result, (Decimal, int)):
        value = float(result)
        return value + 0.0 if math.isfinite(value) else CellError.NUM
    return result
