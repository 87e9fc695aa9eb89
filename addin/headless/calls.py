"""How a function is applied: row by row with the row's own cells, or element by element of arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from addin.headless.values import Block, LaneRows, Lanes, Value, broadcast, guarded
from addin.xlsx.model import Cell

MOVING = (Lanes, LaneRows)


def _one(value: Value) -> Cell:
    return value.first if isinstance(value, Block) else value


def by_lane(compute: Callable[..., Any], arguments: list[Value]) -> list[Cell]:
    """A function of blocks, called for each row with the row's own cells."""
    count = next(
        len(a.cells) if isinstance(a, Lanes) else len(a.columns[0]) for a in arguments if isinstance(a, MOVING)
    )
    lanes: list[list[Any]] = []
    for argument in arguments:
        if isinstance(argument, Lanes):
            lanes.append(argument.cells)
        elif isinstance(argument, LaneRows):
            lanes.append([Block([[cell] for cell in row]) for row in argument.rows])
        else:
            lanes.append([argument] * count)
    return [_one(guarded(compute, *cells)) for cells in zip(*lanes, strict=True)]


def by_element(compute: Callable[..., Value], arguments: list[Value], arrays: list[int]) -> Value:
    if len(arrays) == len(arguments):
        return broadcast(lambda *cells: _one(compute(*cells)), arguments)

    def one(*cells: Cell) -> Cell:
        filled = list(arguments)
        for place, cell in zip(arrays, cells, strict=True):
            filled[place] = cell
        return _one(compute(*filled))

    return broadcast(one, [arguments[i] for i in arrays])
