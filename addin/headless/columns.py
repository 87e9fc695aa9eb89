"""Quick ways to apply the commonest operations to whole columns; each gives what the cell by cell way gives."""

from __future__ import annotations

from collections.abc import Callable

from addin.headless.model import Cell
from addin.headless.operators import OPERATORS, to_truth

Column = list[Cell]
_TEXT, _TRUTH = frozenset({str}), frozenset({bool})


def choose(condition: Cell, yes: Cell, no: Cell) -> Cell:
    """IF for one cell whose condition is TRUE, FALSE or an error value."""
    return yes if condition is True else no if condition is False else condition


def _choose(condition: Column, yes: Column, no: Column) -> Column:
    return [y if c is True else n if c is False else c for c, y, n in zip(condition, yes, no, strict=True)]


def _equal(a: Column, b: Column) -> Column | None:
    """Text with text, which is what the guards of a template mostly compare."""
    if not (_TEXT.issuperset(map(type, a)) and _TEXT.issuperset(map(type, b))):
        return None
    return [x == y or x.lower() == y.lower() for x, y in zip(a, b, strict=True)]  # type: ignore[union-attr]


def _different(a: Column, b: Column) -> Column | None:
    equal = _equal(a, b)
    return None if equal is None else [not one for one in equal]


def _truth(column: Column) -> Column | None:
    return column if _TRUTH.issuperset(map(type, column)) else None


QUICK: dict[Callable[..., Cell], Callable[..., Column | None]] = {
    choose: _choose,
    OPERATORS["="]: _equal,
    OPERATORS["<>"]: _different,
    to_truth: _truth,
}
"""By the function of single cells; None where a column holds other kinds of cells."""
