"""One validator in front of every function: it turns cells and grids into checked arguments, and results into cells.

What holds for all functions is done here once: shapes and lengths, whole blocks and single rows in one call, blank rows,
options by word or number, error values going out, wrong types becoming #VALUE!.
"""

from __future__ import annotations

import decimal
from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import chain
from typing import Any, List, Union

from udfs.columns import ByColumns, Columns, are_keys
from udfs.memory import remembered
from udfs.registry import BY_ROW, Function, Kind, Parameter, Shape, Style
from udfs.spelling import lines_of_figures
from udfs.values import (
    CONTEXT,
    MISSING,
    Cell,
    CellError,
    ColumnGrid,
    Result,
    UdfError,
    WholeColumns,
    count_empty,
    is_blank,
    key,
    leave,
    number,
    number_text,
    raise_errors,
    whole,
)

Row = List[Cell]
Key = Union[str, Decimal, float]
MOST_DIGITS = 10
SCORES = "得分"
"""The parameter by which functions over a 名单 know who takes part."""


def call(function: Function, arguments: Sequence[Any]) -> Cell | tuple[tuple[Cell, ...], ...]:
    """Call a function with cells and grids; whatever is wrong comes back as an error value."""
    result = call_by_columns(function, arguments)
    return tuple(result.rows) if isinstance(result, ColumnGrid) else result


def call_by_columns(function: Function, arguments: Sequence[Any]) -> Cell | tuple[tuple[Cell, ...], ...] | ColumnGrid:
    """As ``call``; results of many rows come as they were computed, by columns."""
    try:
        with decimal.localcontext(CONTEXT):
            return _STYLES[function.style](function, _bind(function, arguments))
    except UdfError as error:
        return error.code
    except ArithmeticError:
        return CellError.NUM


def _bind(function: Function, arguments: Sequence[Any]) -> list[Any]:
    """The arguments by position, MISSING for one left out."""
    if len(arguments) > len(function.parameters):
        raise UdfError(CellError.VALUE)
    given: list[Any] = []
    for position, parameter in enumerate(function.parameters):
        argument = arguments[position] if position < len(arguments) else MISSING
        omitted = argument is MISSING or (parameter.optional and _is_one_blank(argument))
        if omitted and not parameter.optional and argument is MISSING:
            raise UdfError(CellError.VALUE)
        given.append(MISSING if omitted else argument)
    if any(isinstance(argument, WholeColumns) for argument in given):
        return _without_headings(function, given)
    return given


def _without_headings(function: Function, given: list[Any]) -> list[Any]:
    """Whole columns as blocks of one height, headings left blank.

    Where the first used row of a column of numbers is text, it is a heading, and so is that row of the call's other columns.
    """
    first: dict[int, int] = {}
    headings: set[int] = set()
    height = max(len(argument) for argument in given if isinstance(argument, WholeColumns))
    for place, (parameter, argument) in enumerate(zip(function.parameters, given)):
        if isinstance(argument, WholeColumns):
            used = [row for row, cells in enumerate(argument) if not all(map(is_blank, cells))]
            if used:
                first[place] = used[0]
                if parameter.kind is Kind.NUMBER and all(
                    is_blank(cell) or isinstance(cell, str) for cell in argument[used[0]]
                ):
                    headings.add(used[0])
    blocks = list(given)
    for place, argument in enumerate(given):
        if isinstance(argument, WholeColumns):
            blank = [None] * len(argument[0])
            rows = [list(cells) for cells in argument] + [blank] * (height - len(argument))
            if first.get(place) in headings:
                rows[first[place]] = blank
            blocks[place] = rows
    return blocks


def _is_one_blank(argument: Any) -> bool:
    """A blank cell, also as a range of one."""
    if isinstance(argument, (list, tuple)) and len(argument) == 1:
        [argument] = argument
        if isinstance(argument, (list, tuple)) and len(argument) == 1:
            [argument] = argument
    return is_blank(argument)


def _grid(argument: Any) -> list[Row]:
    """Rows of cells, whatever came: one cell, one flat sequence (a row), or a sequence of rows."""
    if isinstance(argument, ColumnGrid):
        return argument.rows  # type: ignore[return-value]
    if isinstance(argument, (list, tuple)):
        rows = list(argument)
        if rows and not isinstance(rows[0], (list, tuple)):
            return [[_cell(cell) for cell in rows]]
        width = len(rows[0]) if rows else 0
        if not width or set(map(len, rows)) != {width}:
            raise UdfError(CellError.VALUE)
        return rows
    return [[_cell(argument)]]


def _cell(cell: Any) -> Cell:
    return cell if cell is None or isinstance(cell, (bool, int, float, str, CellError)) else CellError.VALUE


def _flat(argument: Any) -> Row:
    if isinstance(argument, ColumnGrid) and len(argument.columns) == 1:
        return [*argument.columns[0]]
    grid = _grid(argument)
    if len(grid) == 1:
        return list(grid[0])
    if len(grid[0]) > 1:
        raise UdfError(CellError.VALUE)
    return [row[0] for row in grid]


def _scalar(parameter: Parameter, argument: Any) -> Any:
    if argument is MISSING:
        return parameter.default
    cells = _flat(argument)
    if len(cells) != 1:
        raise UdfError(CellError.VALUE)
    return _converted(parameter, cells[0])


def _converted(parameter: Parameter, cell: Cell) -> Any:
    if parameter.kind is Kind.OPTION:
        return _option(parameter, cell)
    if parameter.kind is Kind.TEXT:
        return cell if isinstance(cell, str) else number_text(float(number(cell)))
    exact = number(cell)
    if parameter.kind is Kind.WHOLE and not 0 <= whole(exact) <= MOST_DIGITS:
        raise UdfError(CellError.VALUE)
    return whole(exact) if parameter.kind is Kind.WHOLE else exact


def _option(parameter: Parameter, cell: Cell) -> int:
    options = parameter.options or {}
    if isinstance(cell, str):
        if cell not in options:
            raise UdfError(CellError.VALUE)
        return options[cell]
    chosen = whole(number(cell))
    if chosen not in options.values():
        raise UdfError(CellError.VALUE)
    return chosen


def _shared(parameter: Parameter, argument: Any) -> Any:
    """An argument that all rows share."""
    if parameter.shape is Shape.SCALAR:
        return _scalar(parameter, argument)
    if argument is MISSING:
        return None
    return _flat(argument) if parameter.shape is Shape.LIST else _grid(argument)


def _call_rows(function: Function, given: list[Any]) -> Cell | ColumnGrid:
    """Row by row: ROW and CELL arguments give one row or cell each, the others are the same for all rows.

    The computation gets the shared arguments once and returns what computes a single row.
    """
    by_row: list[list[Row] | ColumnGrid | None] = []
    shared: list[tuple[Parameter, Any]] = []
    count = 1
    for parameter, argument in zip(function.parameters, given):
        if parameter.shape not in BY_ROW:
            shared.append((parameter, argument))
            continue
        if isinstance(argument, ColumnGrid) and _is_by_row(parameter, argument):
            if count not in (1, len(argument.columns[0])):
                raise UdfError(CellError.VALUE)
            count = len(argument.columns[0])
            by_row.append(argument)
            continue
        rows = None if argument is MISSING else _grid(argument)
        if rows is not None:
            if parameter.shape is Shape.SET and len(rows[0]) == 1:
                rows = [[row[0] for row in rows]]
            if parameter.shape is Shape.CELL and len(rows[0]) != 1:
                rows = [[cell] for cell in rows[0]] if len(rows) == 1 else []
            if not rows or (len(rows) > 1 and count not in (1, len(rows))):
                raise UdfError(CellError.VALUE)
            count = max(count, len(rows))
        by_row.append(rows)
    compute: Callable[..., Result] = remembered(
        function.name,
        [argument for _, argument in shared],
        lambda: function.compute(*[_shared(parameter, argument) for parameter, argument in shared]),
    )
    singles = [parameter.shape is Shape.CELL for parameter in function.parameters if parameter.shape in BY_ROW]

    def one_by_one(places: list[int] | None = None) -> list[Cell]:
        return _each_row(compute, [_parts(rows, single, count, places) for rows, single in zip(by_row, singles)])

    results = None
    if count > 1 and isinstance(compute, ByColumns):
        columns = [None if rows is None else _columns(rows, count) for rows in by_row]
        results = compute.many(columns, count, one_by_one)
    if results is None:
        results = one_by_one()
    return results[0] if count == 1 else ColumnGrid([results])


def _is_by_row(parameter: Parameter, grid: ColumnGrid) -> bool:
    """Whether each row of a grid is one of the parameter's."""
    return parameter.shape is Shape.ROW or (len(grid.columns) > 1) is (parameter.shape is Shape.SET)


def _parts(rows: list[Row] | ColumnGrid | None, single: bool, count: int, places: list[int] | None) -> list[Any]:
    """What the computation of each row gets of an argument; ``places``: of some rows only."""
    if rows is None:
        return [None] * (count if places is None else len(places))
    if isinstance(rows, ColumnGrid):
        parts: list[Any] = rows.columns[0] if single else rows.rows
    else:
        parts = [row[0] for row in rows] if single else rows
        parts = parts * count if len(parts) == 1 else parts
    return parts if places is None else [parts[place] for place in places]


def _columns(rows: list[Row] | ColumnGrid, count: int) -> Columns:
    """The columns of an argument's rows; a single row counts for all."""
    if isinstance(rows, ColumnGrid):
        return rows.columns
    if len(rows) == 1:
        return [[cell] * count for cell in rows[0]]
    return [[row[place] for row in rows] for place in range(len(rows[0]))]


_SAMPLE = 128
_NUMBERS = {float, int}


def _each_row(compute: Callable[..., Result], parts: list[list[Any]]) -> list[Cell]:
    """The results of all rows; where most rows are like others, what they give is known already."""
    count = len(parts[0])
    if count <= _SAMPLE or any(list in set(map(type, part)) for part in parts):
        return [_one_row(compute, row) for row in zip(*parts)]
    if len(set(zip(*(part[:_SAMPLE] for part in parts)))) > _SAMPLE // 2:
        return [_one_row(compute, row) for row in zip(*parts)]
    cells = chain.from_iterable(chain.from_iterable(part) if type(part[0]) is tuple else part for part in parts)
    kinds = set(map(type, cells))
    # TRUE is equal to 1.
    if bool in kinds and kinds & _NUMBERS:
        return [_one_row(compute, row) for row in zip(*parts)]
    if len(parts) == 1:
        by_part = {part: _one_row(compute, (part,)) for part in set(parts[0])}
        return list(map(by_part.__getitem__, parts[0]))
    known = {row: _one_row(compute, row) for row in set(zip(*parts))}
    return list(map(known.__getitem__, zip(*parts)))


def _one_row(compute: Callable[..., Result], row: tuple[Any, ...]) -> Cell:
    if _is_blank_row(row):
        return ""
    try:
        return leave(compute(*row))
    except UdfError as error:
        return error.code
    except ArithmeticError:
        return CellError.NUM


def _is_blank_row(row: tuple[Any, ...]) -> bool:
    """Whether every cell is blank; most rows are settled by their first cell, so this is plain and quick."""
    for part in row:
        if not isinstance(part, (tuple, list)):
            if part is not None and part != "":
                return False
            continue
        for cell in part:
            if not is_blank(cell):
                return False
    return True


def _call_people(function: Function, given: list[Any]) -> Cell | ColumnGrid:
    """谁 and 名单 first, then columns as long as 名单; the computation gives everybody's result in the order of 名单."""
    wanted = _flat(given[0])
    results: dict[Any, Cell] = remembered(function.name, given[1:], lambda: _everybody(function, given))
    if len(wanted) == 1:
        return _result_of(wanted[0], results)
    if bool in set(map(type, wanted)):  # TRUE is equal to 1.
        return ColumnGrid([[_result_of(cell, results) for cell in wanted]])
    found: list[Any] = list(map({**results, None: "", "": ""}.get, wanted))
    if None in found:
        found = [_result_of(cell, results) if result is None else result for cell, result in zip(wanted, found)]
    return ColumnGrid([found])


def _everybody(function: Function, given: list[Any]) -> dict[Key, Cell]:
    """The result of everybody in 名单."""
    people = _flat(given[1])
    names = are_keys(people)
    if not names:
        raise_errors(people)
    keys: list[Any] = people
    if not names or not all(people):
        keys = [None if cell is None or cell == "" else cell if names else key(cell) for cell in people]
    blanks = count_empty(keys)
    if len({*keys}) - min(blanks, 1) < len(keys) - blanks:
        raise UdfError(CellError.VALUE)
    prepared: list[Any] = []
    for parameter, argument in zip(function.parameters[2:], given[2:]):
        if parameter.shape in (Shape.COLUMN, Shape.COLUMNS, Shape.CELL):
            prepared.append(None if argument is MISSING else _aligned(parameter, argument, len(keys)))
        else:
            prepared.append(_shared(parameter, argument))
    _refuse_lines_of_figures(
        keys, next((c for p, c in zip(function.parameters[2:], prepared) if p.name == SCORES), None)
    )
    results: list[Result] = function.compute([one is not None for one in keys], *prepared)
    left = {result: leave(result) for result in set(results)}
    everybody: dict[Any, Any] = dict(zip(keys, map(left.__getitem__, results)))
    everybody.pop(None, None)
    return everybody


def _refuse_lines_of_figures(keys: list[Any], scores: list[Any] | None) -> None:
    """The score of a total would be ranked and paid as somebody's, and everybody below it a place too low."""
    figures = lines_of_figures([one for one in keys if isinstance(one, str)])
    if figures and any(one in figures and not is_blank(score) for one, score in zip(keys, scores or ())):
        raise UdfError(CellError.VALUE)


def _aligned(parameter: Parameter, argument: Any, count: int) -> Any:
    if isinstance(argument, ColumnGrid) and parameter.shape is Shape.COLUMN and len(argument.columns) == 1:
        cells = [*argument.columns[0]]
        if len(cells) == count:
            return cells
    grid = _grid(argument)
    if len(grid) == 1 and count > 1 and len(grid[0]) == count:
        grid = [[cell] for cell in grid[0]]
    if parameter.shape is Shape.CELL and len(grid) == 1:
        grid = grid * count
    if parameter.shape is Shape.COLUMNS:
        if len(grid) != count:
            raise UdfError(CellError.VALUE)
        return grid
    if len(grid) != count or len(grid[0]) != 1:
        raise UdfError(CellError.VALUE)
    return [row[0] for row in grid]


def _result_of(cell: Cell, results: dict[Key, Cell]) -> Cell:
    if is_blank(cell):
        return ""
    try:
        return results.get(key(cell), CellError.NA)
    except UdfError as error:
        return error.code


def _call_whole(function: Function, given: list[Any]) -> Cell | tuple[tuple[Cell, ...], ...]:
    """The computation sees all arguments at once and gives one result or rows of results."""
    prepared = []
    for parameter, argument in zip(function.parameters, given):
        if parameter.shape is Shape.CELL:
            prepared.append(None if argument is MISSING else _flat(argument))
        else:
            prepared.append(_shared(parameter, argument))
    result = function.compute(*prepared)
    if isinstance(result, list):
        rows = tuple(tuple(leave(cell) for cell in row) for row in result)
        return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else rows
    return leave(result)


_STYLES = {Style.ROWS: _call_rows, Style.PEOPLE: _call_people, Style.WHOLE: _call_whole}
