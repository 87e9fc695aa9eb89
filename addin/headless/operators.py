"""Arithmetic, comparison and conversion of single cells, as Excel documents them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from addin.headless.model import Cell, CellError

# Relative distance below which two doubles are the same number to a spreadsheet (its 15 significant digits).
NEAR = 2.0**-47
_NUMBER = re.compile(r"\s*([+-]?)\s*[¥$]?((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(?:[eE]([+-]?\d+))?\s*(%?)\s*")


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
    from addin.headless.dates import text_date

    match = _NUMBER.fullmatch(text)
    if match:
        sign, digits, exponent, percent = match.groups()
        value = float(f"{sign}{digits.replace(',', '')}e{exponent or 0}")
        return value / 100 if percent else value
    serial = text_date(text)
    if serial is None:
        raise CellFault(CellError.VALUE)
    return serial


def to_text(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if cell is None:
        return ""
    if isinstance(cell, CellError):
        raise CellFault(cell)
    return number_text(float(cell))


def number_text(value: float) -> str:
    """A number as the format General shows it when joined to text."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    text = f"{value:.15g}"
    if "e" in text:
        mantissa, _, exponent = text.partition("e")
        number = int(exponent)
        if -10 < number < 21:
            return f"{value:.{max(0, 14 - number)}f}".rstrip("0").rstrip(".")
        return f"{mantissa}E{'+' if number > 0 else '-'}{abs(number):02d}"
    return text


def to_truth(cell: Cell) -> bool:
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


def add(a: float, b: float) -> float:
    """A sum that cancels down to binary noise is 0."""
    result = a + b
    return 0.0 if result and abs(result) < abs(a) * NEAR else result


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


def near(a: float, b: float) -> bool:
    return a == b or abs(a - b) < abs(a) * NEAR


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
        left, right = a.lower(), b.lower()
        return (left > right) - (left < right)
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


OPERATORS: dict[str, Callable[..., Cell]] = {
    "+": _arithmetic(add),
    "-": _arithmetic(lambda a, b: add(a, -b)),
    "*": _arithmetic(lambda a, b: a * b),
    "/": _arithmetic(divide),
    "^": _arithmetic(power),
    "&": lambda a, b: to_text(a) + to_text(b),
    "=": lambda a, b: compare(a, b) == 0,
    "<>": lambda a, b: compare(a, b) != 0,
    "<": lambda a, b: compare(a, b) < 0,
    ">": lambda a, b: compare(a, b) > 0,
    "<=": lambda a, b: compare(a, b) <= 0,
    ">=": lambda a, b: compare(a, b) >= 0,
    "U-": lambda a: -to_number(a) + 0.0,
    "U+": lambda a: a,
    "%": lambda a: to_number(a) / 100,
    "@": lambda a: a,
}
