"""Hands whole columns to the KAOHE functions, as far as they take one value or one row of values for each row.

What a function shares among all rows (weights, bounds, the list of everybody) must be the same for the rows of one call; where
it differs by row, the rows that agree are computed together.
"""

from __future__ import annotations

from typing import Any

import udfs
from addin.headless.broadcasting import of_texts, texts_of
from addin.headless.values import Block, ByText, LaneRows, Lanes, Omitted, RowByRow, Value
from addin.xlsx.model import Cell, CellError
from udfs import MISSING, Function
from udfs.registry import PREFIX, Shape, Style
from udfs.values import ColumnGrid, WholeColumns
from workbook_templates.formula.tokens import LAST_ROW


def function(name: str) -> Function | None:
    """The function of a name; all are imported when one of them is called."""
    return udfs.FUNCTIONS.get(name) if name.startswith(PREFIX) else None


def apply(function: Function, arguments: list[Value], count: int) -> Value:
    """Call a function for ``count`` rows at once; raises RowByRow if the arguments' shapes don't fit that."""
    if len(arguments) > len(function.parameters):
        return CellError.VALUE
    moving = [place for place, argument in enumerate(arguments) if isinstance(argument, Lanes | LaneRows)]
    if not moving:
        own = _own_texts(function, arguments)
        if own is not None:
            place, texts = own
            one_by_one = Block([[*texts.cells.values()]])
            result = function.by_columns(
                *[_given(one_by_one if at == place else argument) for at, argument in enumerate(arguments)]
            )
            return of_texts(texts, result.columns[0]) if isinstance(result, ColumnGrid) else result
        result = function.by_columns(*map(_given, arguments))
        if isinstance(result, ColumnGrid):
            return Block(result.columns)
        return Block.of_rows(result) if isinstance(result, tuple) else result
    by_row = [function.is_by_row(place) for place in range(len(function.parameters))]
    _check_shapes(function, arguments, by_row, count)
    shared = [place for place in moving if not by_row[place]]
    if not shared:
        return Lanes(_call(function, arguments, range(count)))
    results: list[Cell] = [None] * count
    for lanes in _agreeing([arguments[place] for place in shared]):
        for lane, cell in zip(lanes, _call(function, arguments, lanes, by_row), strict=True):
            results[lane] = cell
    return Lanes(results)


def _own_texts(function: Function, arguments: list[Value]) -> tuple[int, ByText] | None:
    """Where the one argument stands by which rows differ, if it is a column of few different texts: each need be asked for once."""
    if function.style is not Style.ROWS:
        return None
    own = [place for place, argument in enumerate(arguments) if type(argument) is Block and function.is_by_row(place)]
    if len(own) != 1 or function.parameters[own[0]].shape is not Shape.CELL or function.parameters[own[0]].optional:
        return None
    texts = texts_of(arguments[own[0]])
    return (own[0], texts) if texts is not None and len(texts.cells) > 1 else None


def _check_shapes(function: Function, arguments: list[Value], by_row: list[bool], count: int) -> None:
    for place, argument in enumerate(arguments):
        if not by_row[place]:
            continue
        shape = function.parameters[place].shape
        one_cell = shape is Shape.CELL
        # One mark each for many rows would be taken for a column of marks.
        single = isinstance(argument, Lanes) or (isinstance(argument, LaneRows) and len(argument.columns) == 1)
        if shape is Shape.SET and count > 1 and single:
            raise RowByRow
        if isinstance(argument, LaneRows) and one_cell and len(argument.columns) > 1:
            raise RowByRow
        if isinstance(argument, Block) and (argument.height > 1 or (one_cell and argument.width > 1)):
            raise RowByRow


def _given(argument: Value) -> Any:
    match argument:
        case Omitted():
            return MISSING
        case Block():
            whole = argument.area is not None and argument.area.rows > LAST_ROW
            return WholeColumns(argument.rows) if whole else _grid(argument.columns)
    return argument


def _grid(columns: list[list[Cell]]) -> Any:
    return ColumnGrid(columns) if len(columns[0]) > 1 else list(zip(*columns, strict=True))


def _call(
    function: Function, arguments: list[Value], lanes: range | list[int], by_row: list[bool] | None = None
) -> list[Cell]:
    """One call for rows that agree in what they share."""
    first, whole = lanes[0], isinstance(lanes, range)
    given: list[Any] = []
    for place, argument in enumerate(arguments):
        match argument:
            case Lanes(cells=cells) if by_row is not None and not by_row[place]:
                given.append(cells[first])
            case LaneRows(columns=columns) if by_row is not None and not by_row[place]:
                given.append([[column[first] for column in columns]])
            case Lanes(cells=cells):
                given.append(_grid([cells if whole else [cells[lane] for lane in lanes]]))
            case LaneRows(columns=columns):
                given.append(_grid(columns if whole else [[column[lane] for lane in lanes] for column in columns]))
            case _:
                given.append(_given(argument))
    result = function.by_columns(*given)
    if isinstance(result, ColumnGrid):
        cells = result.columns[0]
        return cells if len(cells) == len(lanes) else cells[:1] * len(lanes)
    if not isinstance(result, tuple):
        return [result] * len(lanes)
    if len(result) == len(lanes):
        return [row[0] for row in result]
    # A single row may still give a block of its own; a cell shows its first value.
    return [result[0][0]] * len(lanes)


def _agreeing(shared: list[Value]) -> list[list[int]]:
    """The rows with the same shared arguments, together."""
    columns: list[list[Cell]] = []
    for argument in shared:
        columns += [argument.cells] if isinstance(argument, Lanes) else argument.columns
    groups: dict[Any, list[int]] = {}
    for lane, cells in enumerate(zip(*columns, strict=True)):
        groups.setdefault((cells, tuple(map(type, cells))), []).append(lane)
    return list(groups.values())
