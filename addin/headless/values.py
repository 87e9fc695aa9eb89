"""What an expression evaluates to, for one cell or for all cells of a filled-down column at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from addin.headless.columns import QUICK
from addin.headless.model import Area, Cell, CellError
from addin.headless.operators import CellFault

Rows = Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class Lanes:
    """One value for each cell of the column that is computed."""

    cells: list[Cell]


@dataclass(frozen=True)
class LaneRows:
    """The own row's cells of a range, for each cell of the column that is computed."""

    rows: list[Sequence[Cell]]


@dataclass(frozen=True)
class Block:
    """A block of cells that is the same for the whole column; ``area`` is None for computed arrays."""

    rows: Rows
    area: Area | None = None

    @property
    def height(self) -> int:
        return len(self.rows)

    @property
    def width(self) -> int:
        return len(self.rows[0]) if self.rows else 0


class Omitted:
    """An argument left out."""

    def __repr__(self) -> str:
        return "OMITTED"


OMITTED = Omitted()
Value = Any
"""Cell | Lanes | LaneRows | Block | Omitted."""


class RowByRow(Exception):
    """The expression means something else for whole columns: compute it cell by cell."""


def guarded(compute: Callable[..., Cell], *cells: Any) -> Cell:
    try:
        return compute(*cells)
    except CellFault as fault:
        return fault.error
    except (OverflowError, ZeroDivisionError):
        return CellError.NUM


def broadcast(compute: Callable[..., Cell], arguments: list[Value]) -> Value:
    """Apply a function of single cells to single values, to lanes, or to blocks element by element."""
    if not any(isinstance(a, Lanes | LaneRows | Block) for a in arguments):
        return guarded(compute, *arguments)
    if any(isinstance(a, LaneRows) for a in arguments):
        raise RowByRow
    blocks = [a for a in arguments if isinstance(a, Block)]
    if blocks and any(isinstance(a, Lanes) for a in arguments):
        raise RowByRow
    if blocks:
        return _broadcast_blocks(compute, arguments, blocks)
    count = next(len(a.cells) for a in arguments if isinstance(a, Lanes))
    columns = [a.cells if isinstance(a, Lanes) else [a] * count for a in arguments]
    return Lanes(_column(compute, columns))


def _broadcast_blocks(compute: Callable[..., Cell], arguments: list[Value], blocks: list[Block]) -> Block:
    height, width = max(b.height for b in blocks), max(b.width for b in blocks)
    if width == 1 and all(block.height == height for block in blocks):
        columns = [[row[0] for row in a.rows] if isinstance(a, Block) else [a] * height for a in arguments]
        return Block([(cell,) for cell in _column(compute, columns)])
    grids = [_stretched(a, height, width) for a in arguments]
    return Block([[guarded(compute, *cells) for cells in zip(*rows, strict=True)] for rows in zip(*grids, strict=True)])


def _column(compute: Callable[..., Cell], columns: list[list[Cell]]) -> list[Cell]:
    """A function applied down columns, by its own way for whole columns where it has one."""
    quick = QUICK.get(compute)
    found = quick(*columns) if quick is not None else None
    return [guarded(compute, *cells) for cells in zip(*columns, strict=True)] if found is None else found


def _stretched(value: Value, height: int, width: int) -> Rows:
    """A value repeated to a shape; what lies outside of a block that can't be repeated is #N/A."""
    if not isinstance(value, Block):
        return [[value] * width] * height
    rows = value.rows
    if value.width == 1 and width > 1:
        rows = [list(row) * width for row in rows]
    if value.height == 1 and height > 1:
        rows = list(rows) * height
    if len(rows) == height and len(rows[0]) == width:
        return rows
    na: list[Cell] = [CellError.NA]
    wide = [[*row, *na * (width - len(row))] for row in rows]
    return wide + [na * width] * (height - len(wide))
