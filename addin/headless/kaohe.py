"""Hands whole columns to the KAOHE functions where they take one value or one row of values for each row."""

from __future__ import annotations

from typing import Any

from addin.headless.model import CellError
from addin.headless.values import Block, LaneRows, Lanes, Omitted, RowByRow, Value
from udfs import MISSING, Function
from udfs.registry import Shape

_BY_ROW = (Shape.ROW, Shape.CELL, Shape.KEYS)


def apply(function: Function, arguments: list[Value], count: int, array: bool) -> Value:
    """Call a function for ``count`` rows at once; raises RowByRow if an argument that all rows share differs by row."""
    if len(arguments) > len(function.parameters):
        return CellError.VALUE
    moving = any(isinstance(argument, Lanes | LaneRows) for argument in arguments)
    given: list[Any] = []
    for argument, parameter in zip(arguments, function.parameters, strict=False):
        by_row = parameter.shape in _BY_ROW
        match argument:
            case Omitted():
                given.append(MISSING)
            case Block(rows):
                if moving and by_row and parameter.shape is not Shape.KEYS and len(rows) > 1:
                    raise RowByRow
                given.append(rows if isinstance(rows, list | tuple) else list(rows))
            case Lanes(cells):
                if not by_row:
                    given.append(_same(cells))
                else:
                    given.append([[cell] for cell in cells])
            case LaneRows(lane_rows):
                if parameter.shape is not Shape.ROW:
                    raise RowByRow
                given.append(lane_rows)
            case cell:
                given.append(cell)
    if moving and not any(
        isinstance(argument, Lanes | LaneRows) and parameter.shape in _BY_ROW
        for argument, parameter in zip(arguments, function.parameters, strict=False)
    ):
        moving = False
    result = function(*given)
    if not isinstance(result, tuple):
        return Lanes([result] * count) if moving and count > 1 else result
    if moving:
        return Lanes([row[0] for row in result])
    return Block(result)


def _same(cells: list[Any]) -> Any:
    """A lane stands for one value where it is the same in every row."""
    first = cells[0]
    if all(cell is first or (type(cell) is type(first) and cell == first) for cell in cells):
        return first
    raise RowByRow
