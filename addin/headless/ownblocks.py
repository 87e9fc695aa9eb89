"""Cells of rows as functions of blocks are given them: in a cell, blanks, text and TRUE count otherwise than given directly."""

from __future__ import annotations

from typing import Any

from addin.headless.values import Block, Lanes, Value
from addin.xlsx.model import Cell, CellError

_ALIKE = frozenset({float, CellError})
"""These count the same."""


class _OwnBlocks(dict[tuple[type, Cell], Block]):
    def __missing__(self, cell: tuple[type, Cell]) -> Block:
        found = self[cell] = Block([[cell[1]]])
        return found


def is_as_its_cell(block: Block) -> bool:
    """Whether its only cell given directly would count the same."""
    return block.size == (1, 1) and type(block.first) in _ALIKE


def in_blocks(cells: list[Cell]) -> list[Any]:
    """The cells that each row refers to, those in a block of their own that would count otherwise; the same list if there are none."""
    if _ALIKE.issuperset(map(type, cells)):
        return cells
    blocks = _OwnBlocks()
    return [cell if type(cell) in _ALIKE else blocks[type(cell), cell] for cell in cells]


def out_of_blocks(value: Value) -> Value:
    """The same cells as plain values."""
    if not isinstance(value, Lanes):
        return value
    return Lanes([cell.first if isinstance(cell, Block) else cell for cell in value.cells])
