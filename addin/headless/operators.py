"""Arithmetic, comparison and conversion of single cells, as Excel documents them."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterable
from itertools import repeat
from typing import Any

from addin.headless.collation import sort_key
from addin.xlsx.model import Cell, CellError
from udfs.values import number_text, typed_number
from workbook_templates.formula.tokens import LONGEST_TEXT

# A sum that is smaller than its parts by this factor is what binary rounding left of a difference of 0.
NOISE = 2.0**-47
# Two doubles that are further apart than this (relatively) differ within 15 significant digits.
APART = 1e-14
_NUMBER = re.compile(
    r"\s*(?:([+-]?)\s*[¥￥$€£]?|[¥￥$€£]\s*([+-]))\s*((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(?:[eE]([+-]?\d{1,6}))?\s*(%?)\s*€?\s*"
)
_CURRENCY = re.compile("[¥￥$€£]")
BEGINNING = re.compile(
    r"\s*(?:[-+.(\d¥￥$€£上下－＋．]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", re.IGNORECASE
)
"""Of a text that may read as a number or a date; most texts don't."""
_NEGATIVE = re.compile(r"\s*[¥￥$]?\(([^()]+)\)\s*")
_MIXED = re.compile(r"\s*([+-]?)\s*(\d{1,15}) (\d{1,5})/(\d{1,5})\s*")
_LARGEST_OF_FRACTION = 2**15 - 1
LONGEST_NUMBER = 1000
"""Characters that a text may have that reads as a number; the patterns would be slow beyond."""


_NUMBERED = (
    CellError.NULL, CellError.DIV0, CellError.VALUE, CellError.REF, CellError.NAME, CellError.NUM, CellError.NA,
    CellError.GETTING_DATA, CellError.SPILL, CellError.CONNECT, CellError.BLOCKED, CellError.UNKNOWN, CellError.FIELD,
    CellError.CALC,
)  # fmt: skip


def error_number(error: CellError) -> int:
    """As ERROR.TYPE counts them; 0 where it has no number."""
    return _NUMBERED.index(error) + 1 if error in _NUMBERED else 0


class CellFault(Exception):
    """Ends the computation of a cell with an error value."""

    def __init__(self, error: CellError) -> None:
        super().__init__(error.value)
        self.error = error


def to_number(cell: Cell) -> float:
    """The number that an operator takes a cell for: text that reads as a number counts, "" doesn't."""
    if isinstance(cell, bool):
        return float(cell)
    if isinstance(cell, int | float):
        return float(cell)
    if cell is None:
        return 0.0
    if isinstance(cell, CellError):
        raise CellFault(cell)
    return text_number(cell)


def text_number(text: str) -> float:
    """The number, percentage, fraction, amount or date that a text is taken for; else raises CellFault with #VALUE!."""
    from addin.xlsx.dates import half_width, text_date

    if not BEGINNING.match(text):
        raise CellFault(CellError.VALUE)
    if len(text) > LONGEST_NUMBER:
        text = text.strip()
        if len(text) > LONGEST_NUMBER:
            raise CellFault(CellError.VALUE)
    text = half_width(text)
    match = _NUMBER.fullmatch(text)
    if match:
        before, behind, digits, exponent, percent = match.groups()
        value = typed_number(f"{before or behind or ''}{digits.replace(',', '')}e{exponent or 0}", len(percent))
        if not math.isfinite(value) or (percent and _CURRENCY.search(text)):
            raise CellFault(CellError.VALUE)
        return value
    if (mixed := _MIXED.fullmatch(text)) and 0 < int(mixed[4]) <= _LARGEST_OF_FRACTION >= int(mixed[3]):
        value = int(mixed[2]) + int(mixed[3]) / int(mixed[4])
        return -value if mixed[1] == "-" else value
    if (
        (negative := _NEGATIVE.fullmatch(text))
        and _NUMBER.fullmatch(negative[1])
        and negative[1].strip()[0] not in "+-"
    ):
        return -text_number(negative[1])
    serial = text_date(text)
    if serial is None:
        raise CellFault(CellError.VALUE)
    return serial


def to_text(cell: Cell) -> str:
    """The text that an operator takes a cell for: numbers with 15 digits, a blank as an empty text."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if cell is None:
        return ""
    if isinstance(cell, CellError):
        raise CellFault(cell)
    return number_text(float(cell))


def to_truth(cell: Cell) -> bool:
    """Whether a condition holds: any number but 0 does, of texts "TRUE" alone; other texts are #VALUE!."""
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, int | float):
        return cell != 0
    if cell is None:
        return False
    if isinstance(cell, CellError):
        raise CellFault(cell)
    if cell.upper() in ("TRUE", "FALSE"):
        return cell.upper() == "TRUE"
    raise CellFault(CellError.VALUE)


def finite(value: float) -> float:
    if not math.isfinite(value):
        raise CellFault(CellError.NUM)
    return value


def settled(result: Cell, first: Cell) -> Cell:
    """The last sum of a formula, of which this was the first part: what cancels down to binary noise is 0."""
    is_noise = type(result) is float and result and abs(result) < abs(to_number(first)) * NOISE
    return 0.0 if is_noise else result


def divide(a: float, b: float) -> float:
    if b == 0:
        raise CellFault(CellError.DIV0)
    return a / b


def power(a: float, b: float) -> float:
    if a == 0 and b == 0:
        raise CellFault(CellError.NUM)
    if a == 0 and b < 0:
        raise CellFault(CellError.DIV0)
    try:
        result: float | complex = a**b
    except OverflowError:
        raise CellFault(CellError.NUM) from None
    if isinstance(result, complex):
        raise CellFault(CellError.NUM)
    return result


_MOST_REMEMBERED = 50_000


class _Shown(dict[float, float]):
    """The same numbers are asked for again and again."""

    def __missing__(self, value: float) -> float:
        if not value:
            return value  # -0 is equal to 0.
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        found = self[value] = float(f"{value:.15g}")
        return found


shown: Callable[[float], float] = _Shown().__getitem__
"""The number that a spreadsheet shows: 15 significant digits."""


_UNIT, _LAST_BIT = 10.0**9, 2.0**-52


def all_shown(numbers: list[float]) -> list[float]:
    """As ``shown``; numbers of few decimals are shown so, but for what arithmetic has left in the last bit."""
    if numbers and max(max(numbers), -min(numbers)) * _UNIT < 1e15:
        whole = map(round, map(operator.mul, numbers, repeat(_UNIT)))
        rounded = list(map(operator.truediv, whole, repeat(_UNIT)))
        if rounded == numbers:
            return numbers
        apart = map(abs, map(operator.sub, numbers, rounded))
        if all(map(operator.le, apart, map(operator.mul, map(abs, numbers), repeat(_LAST_BIT)))):
            return rounded
    return list(map(shown, numbers))


def near(a: float, b: float) -> bool:
    """Whether two numbers are the same to a spreadsheet."""
    return a == b or (abs(a - b) <= abs(a) * APART and shown(a) == shown(b))


_ORDER = {float: 0, int: 0, str: 1, bool: 2}


def compare(a: Cell, b: Cell) -> int:
    """-1, 0 or 1; numbers < text < TRUE/FALSE, text regardless of case, a blank being whatever the other is."""
    if isinstance(a, CellError):
        raise CellFault(a)
    if isinstance(b, CellError):
        raise CellFault(b)
    if a is None:
        a = "" if isinstance(b, str) else False if isinstance(b, bool) else 0.0
    if b is None:
        b = "" if isinstance(a, str) else False if isinstance(a, bool) else 0.0
    kind, other = _ORDER[type(a)], _ORDER[type(b)]
    if kind != other:
        return -1 if kind < other else 1
    if isinstance(a, str) and isinstance(b, str):
        a, b = a.lower(), b.lower()
        if a == b:
            return 0
        return -1 if sort_key(a) < sort_key(b) else 1
    if near(float(a), float(b)):
        return 0
    return -1 if float(a) < float(b) else 1


def _arithmetic(operation: Callable[[float, float], float]) -> Callable[[Cell, Cell], Cell]:
    def apply(a: Cell, b: Cell) -> Cell:
        if type(a) is float and type(b) is float:
            return finite(operation(a, b))
        # Of two error values the left one goes out.
        left = to_number(a)
        return finite(operation(left, to_number(b)))

    return apply


def _comparison(
    test: Callable[[int], bool], plain: Callable[[float, float], bool], of_equality: bool = False
) -> Callable[[Cell, Cell], Cell]:
    def apply(a: Cell, b: Cell) -> Cell:
        if type(a) is float and type(b) is float and abs(a - b) > abs(a) * APART:
            return plain(a, b)
        if of_equality and isinstance(a, str) and isinstance(b, str):
            # What tells which of two texts comes first takes long to load.
            return test(a.lower() != b.lower())
        return test(compare(a, b))

    return apply


def joined(*cells: Cell) -> Cell:
    text = ""
    for cell in cells:
        text = bounded(text + to_text(cell))
    return text


def bounded(text: str) -> str:
    """A text that a cell can hold."""
    if len(text) > LONGEST_TEXT:
        raise CellFault(CellError.VALUE)
    return text


CASE = "SWITCH="
"""How SWITCH compares: a blank is 0 and nothing else."""
_EQUAL = _comparison(lambda c: c == 0, operator.eq, of_equality=True)
OPERATORS: dict[str, Callable[..., Cell]] = {
    "+": _arithmetic(operator.add),
    "-": _arithmetic(operator.sub),
    "*": _arithmetic(operator.mul),
    "/": _arithmetic(divide),
    "^": _arithmetic(power),
    "&": joined,
    "=": _EQUAL,
    "<>": _comparison(lambda c: c != 0, operator.ne, of_equality=True),
    "<": _comparison(lambda c: c < 0, operator.lt),
    ">": _comparison(lambda c: c > 0, operator.gt),
    "<=": _comparison(lambda c: c <= 0, operator.le),
    ">=": _comparison(lambda c: c >= 0, operator.ge),
    CASE: lambda a, b: _EQUAL(0.0 if a is None else a, 0.0 if b is None else b),
    "U-": lambda a: -to_number(a) + 0.0,
    "U+": lambda a: a,
    "%": lambda a: to_number(a) / 100,
    "@": lambda a: a,
}


_NO_TEXTS = frozenset({float, bool})


def _equal_to_text(cells: list[Cell], text: str, equal: bool) -> list[Cell] | Cell:
    kinds = set(map(type, cells))
    if kinds <= _NO_TEXTS:
        return not equal
    if not text and kinds == {type(None)}:
        return equal
    if not text and kinds == {str} and text not in cells:
        return not equal
    if not text and CellError not in kinds:
        blank: list[Cell] = (
            [cell is None or cell == "" for cell in cells] if str in kinds else [cell is None for cell in cells]
        )
        return blank if equal else list(map(operator.not_, blank))
    lowered = text.lower()
    known: dict[Cell, Cell] = {}
    for cell in {*cells}:
        if isinstance(cell, str):
            known[cell] = (cell.lower() == lowered) is equal
        elif cell is None:
            known[cell] = (not text) is equal
        else:
            known[cell] = cell if isinstance(cell, CellError) else not equal
    return list(map(known.__getitem__, cells))


_NUMBERS = {float, bool}


def _numbers(column: Any, count: int) -> Iterable[float] | None:
    """As floats; None where a cell is neither a number nor TRUE or FALSE."""
    if type(column) is not list:
        return repeat(float(column), count) if type(column) in _NUMBERS else None
    kinds = set(map(type, column))
    return column if kinds == {float} else map(float, column) if kinds <= _NUMBERS else None


def _texts(column: Any) -> Iterable[str] | None:
    """As texts; None where a cell holds an error."""
    if type(column) is not list:
        return None if isinstance(column, CellError) else repeat(to_text(column))
    kinds = set(map(type, column))
    if kinds == {str} or CellError in kinds:
        return column if kinds == {str} else None
    if bool in kinds:
        return map(to_text, column)
    known = {cell: to_text(cell) for cell in set(column)}
    return map(known.__getitem__, column)


def _least(numbers: list[float]) -> float:
    """The smallest of the numbers that aren't 0, without their signs."""
    low, high = min(numbers), max(numbers)
    return low if low > 0 else -high if high < 0 else min(map(abs, filter(None, numbers)), default=math.inf)


OF_NUMBERS: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


def by_text(name: str, left: Any, right: Any) -> list[Cell] | Cell:
    """A whole column compared with one text, or the result that all its cells have; None where it is something else."""
    if name not in ("=", "<>"):
        return None
    if type(left) is list and type(right) is str:
        return _equal_to_text(left, right, name == "=")
    return _equal_to_text(right, left, name == "=") if type(right) is list and type(left) is str else None


def by_column(name: str, left: Any, right: Any) -> list[Cell] | None:
    """Arithmetic on a whole column of numbers; None where it is something else."""
    count = len(left) if type(left) is list else len(right)
    if name not in OF_NUMBERS:
        return None
    one = _numbers(left, count)
    other = None if one is None else _numbers(right, count)
    if one is None or other is None:
        return None
    if name == "/" and (0 in right if type(right) is list else not right):
        return None
    found: list[Any] = list(map(OF_NUMBERS[name], one, other))
    return found if math.isfinite(sum(found)) else None


def settled_columns(sums: Any, firsts: Any) -> list[Cell] | None:
    """Whole columns of sums in which none is small enough to be noise, as mostly none is; else None."""
    first = firsts if type(firsts) is list else [firsts]
    if type(sums) is not list or not set(map(type, sums)) == set(map(type, first)) == {float}:
        return None
    return sums if _least(sums) >= max(max(first), -min(first)) * NOISE else None


def joined_columns(*columns: Any) -> list[Cell] | None:
    """``joined`` down whole columns; None where a cell holds an error, or a text is too long."""
    texts = [_texts(column) for column in columns if column is not None and column != ""]
    if None in texts:
        return None
    found: list[Any] = list(map("".join, zip(*texts, strict=False)) if len(texts) > 1 else texts[0] or ())
    return found if max(map(len, found), default=0) <= LONGEST_TEXT else None
