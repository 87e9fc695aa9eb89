"""How a function is applied: row by row with the row's own cells, or element by element of arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from addin.headless.broadcasting import broadcast, each, of_places, remembered
from addin.headless.ownblocks import is_as_its_cell
from addin.headless.values import Block, LaneRows, Lanes, RowByRow, Value
from addin.xlsx.model import Cell, CellError
from udfs.values import count_empty

MOVING = (Lanes, LaneRows)
OF_TYPES = frozenset({"ISBLANK", "ISNUMBER", "ISTEXT", "ISNONTEXT", "ISLOGICAL", "ISERROR"})
"""What these give depends on what kind of cell it is only."""


def _one(value: Value) -> Cell:
    return value.first if isinstance(value, Block) else value


def by_lane(compute: Callable[..., Any], arguments: list[Value]) -> list[Cell]:
    """A function of blocks, called for each row with the row's own cells; rows that have the same ones share a call.

    Raises RowByRow where it gives an array that a cell doesn't stand for.
    """

    def one(*cells: Any) -> Cell:
        found = compute(*cells)
        if isinstance(found, Block) and not is_as_its_cell(found):
            raise RowByRow
        return _one(found)

    if not any(isinstance(argument, LaneRows) for argument in arguments):
        return remembered(one, *[a.cells if isinstance(a, Lanes) else a for a in arguments])
    return each(one, *[_by_row(argument) for argument in arguments])


def passing_errors(compute: Callable[..., Any], places: list[int]) -> Callable[..., Any]:
    """The function, which gives the first error that stands for one of its blocks before it looks at anything else."""

    def apply(*given: Any) -> Any:
        error = next((given[place] for place in places if isinstance(given[place], CellError)), None)
        return compute(*given) if error is None else error

    return apply


def _by_row(argument: Value) -> Value:
    if isinstance(argument, LaneRows):
        return [Block([[cell] for cell in row]) for row in argument.rows]
    return argument.cells if isinstance(argument, Lanes) else argument


def by_element(name: str, compute: Callable[..., Value], arguments: list[Value], arrays: list[int]) -> Value:
    def one(*cells: Cell) -> Cell:
        return _one(compute(*cells))

    called = of_places(one, arguments, arrays)

    def kernel(*columns: Any) -> list[Cell] | Cell:
        if name == "ISBLANK" and not count_empty(columns[0]):
            return False  # Most columns that are asked hold formulas or are filled in.
        return _by_type(compute, *columns) if name in OF_TYPES else remembered(called, *columns)

    return broadcast(called, [arguments[place] for place in arrays], kernel)


def _by_type(compute: Callable[..., Cell], cells: list[Cell]) -> list[Cell] | Cell:
    kinds = set(map(type, cells))
    found = {kind: compute(next(cell for cell in cells if type(cell) is kind)) for kind in kinds}
    different = set(found.values())
    return list(map(found.__getitem__, map(type, cells))) if len(different) > 1 else different.pop()
