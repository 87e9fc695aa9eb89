"""The commonest functions of several cells, over the own row's cells of many rows at once.

Each gives None where it can't tell (an error value, a text given directly …): the function is then called row by row.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from addin.headless.values import Block, LaneRows, Lanes, Value
from addin.xlsx.model import Cell, CellError

Numbers = Sequence[float]
_HARMLESS = {float, type(None), str, bool}


def _number_rows(arguments: list[Value], count: int) -> Iterable[Numbers] | None:
    """The numbers of each row; blanks, text and TRUE/FALSE in cells don't count."""
    columns: list[Any] = []
    plain = True
    for argument in arguments:
        if isinstance(argument, LaneRows):
            for column in argument.columns:
                kinds = set(map(type, column))
                if kinds != {float}:
                    plain = False
                    if not kinds <= _HARMLESS:
                        return None
                columns.append(column)
        elif isinstance(argument, Lanes):
            if set(map(type, argument.cells)) != {float}:
                return None
            columns.append(argument.cells)
        elif type(argument) is float:
            columns.append([argument] * count)
        else:
            return None
    rows = zip(*columns, strict=True)
    return rows if plain else ([cell for cell in row if type(cell) is float] for row in rows)


def _by_numbers(compute: Callable[[Numbers], Cell]) -> Callable[[list[Value], int], list[Cell] | None]:
    def apply(arguments: list[Value], count: int) -> list[Cell] | None:
        rows = _number_rows(arguments, count)
        try:
            return None if rows is None else list(map(compute, rows))
        except OverflowError:
            return None

    return apply


def _average(row: Numbers) -> Cell:
    return math.fsum(row) / len(row) if row else CellError.DIV0


def _sumproduct(arguments: list[Value], count: int) -> list[Cell] | None:
    sizes = {_width(argument) for argument in arguments}
    if len(sizes) != 1 or None in sizes:
        return None
    rows: list[Any] = []
    fixed: list[list[Cell]] = []
    for argument in arguments:
        columns = argument.columns
        if any(set(map(type, column)) != {float} for column in columns):
            return None
        if isinstance(argument, LaneRows):
            rows.append(list(zip(*columns, strict=True)))
        else:
            fixed.append([column[0] for column in columns])
    try:
        return [math.fsum(map(_product, zip(*own, *fixed, strict=True))) for own in zip(*rows, strict=True)]
    except OverflowError:
        return None


def _product(cells: tuple[float, ...]) -> float:
    return cells[0] * cells[1] if len(cells) == 2 else math.prod(cells)


def _width(argument: Value) -> int | None:
    if isinstance(argument, LaneRows):
        return len(argument.columns)
    return argument.width if isinstance(argument, Block) and argument.height == 1 else None


def _truths(combine: Callable[[Iterable[Any]], bool]) -> Callable[[list[Value], int], list[Cell] | None]:
    def apply(arguments: list[Value], count: int) -> list[Cell] | None:
        columns: list[list[Cell]] = []
        for argument in arguments:
            if isinstance(argument, Lanes) and set(map(type, argument.cells)) == {bool}:
                columns.append(argument.cells)
            elif type(argument) is bool:
                columns.append([argument] * count)
            else:
                return None
        return [combine(row) for row in zip(*columns, strict=True)]

    return apply


ROWWISE: dict[str, Callable[[list[Value], int], list[Cell] | None]] = {
    "SUM": _by_numbers(math.fsum),
    "AVERAGE": _by_numbers(_average),
    "MIN": _by_numbers(lambda row: min(row, default=0.0)),
    "MAX": _by_numbers(lambda row: max(row, default=0.0)),
    "COUNT": _by_numbers(lambda row: float(len(row))),
    "SUMPRODUCT": _sumproduct,
    "AND": _truths(all),
    "OR": _truths(any),
}
