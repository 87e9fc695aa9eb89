"""Arrays cut, stacked and folded: TAKE, HSTACK, TOCOL and their kin."""

from __future__ import annotations

import math
from typing import Any

from addin.headless.functions import function
from addin.headless.functions.arguments import NA, NUM, VALUE, require
from addin.headless.functions.cells import as_block, given
from addin.headless.operators import CellFault, to_number, to_truth
from addin.headless.values import OMITTED, Block, Omitted, apart
from addin.xlsx.model import Cell, CellError

MOST_CELLS = 1_000_000


def _whole(cell: Cell, default: float = 0.0) -> int:
    return math.trunc(to_number(given(cell, default)))


def _left_out(cell: Any) -> bool:
    return isinstance(cell, Omitted)


def _kept(size: int, cell: Cell, taken: bool) -> range:
    """The rows or columns that TAKE takes or DROP leaves, counted from the end if negative."""
    if _left_out(cell):
        return range(size)
    count = _whole(cell)
    require(not taken or count != 0, CellError.CALC)
    if taken:
        return range(min(count, size)) if count > 0 else range(max(size + count, 0), size)
    return range(min(count, size), size) if count >= 0 else range(max(size + count, 0))


def _part(block: Any, rows: Cell, columns: Cell, taken: bool) -> Block:
    """Of whole columns, too, only what the sheet holds is kept."""
    table = as_block(block)
    height, width = table.size
    down, across = _kept(height, rows, taken), _kept(width, columns, taken)
    require(len(down) > 0 and len(across) > 0, CellError.CALC)
    held = table.padded(max(table.height, down.start + 1), max(table.width, across.start + 1))
    first, left = range(down.start, min(down.stop, held.height)), range(across.start, min(across.stop, held.width))
    beyond = len(down) - len(first), len(across) - len(left)
    return Block([[held.columns[col][row] for row in first] for col in left], None, beyond, table.fill)


@function("TAKE")
def take(block: Any, rows: Cell, columns: Any = OMITTED) -> Any:
    return _part(block, rows, columns, True)


@function("DROP")
def drop(block: Any, rows: Cell, columns: Any = OMITTED) -> Any:
    return _part(block, rows, columns, False)


def _indices(size: int, arguments: tuple[Any, ...]) -> list[int]:
    found = []
    for argument in arguments:
        for cell in as_block(argument).flat():
            number = _whole(cell)
            require(1 <= abs(number) <= size, VALUE)
            found.append(number - 1 if number > 0 else size + number)
    return found


@function("CHOOSECOLS")
def choosecols(block: Any, *columns: Any) -> Any:
    table = as_block(block)
    require(bool(columns), VALUE)
    return Block([table.columns[place] for place in _indices(table.width, columns)])


@function("CHOOSEROWS")
def chooserows(block: Any, *rows: Any) -> Any:
    table = as_block(block)
    require(bool(rows), VALUE)
    return Block.of_rows([table.rows[place] for place in _indices(table.height, rows)])


def _tables(blocks: tuple[Any, ...]) -> list[Block]:
    return [as_block(each).whole() for block in blocks for each in apart(block)]


@function("HSTACK")
def hstack(*blocks: Any) -> Any:
    tables = _tables(blocks)
    height = max(table.height for table in tables)
    return Block([column + [NA] * (height - len(column)) for table in tables for column in table.columns])


@function("VSTACK")
def vstack(*blocks: Any) -> Any:
    tables = _tables(blocks)
    width = max(table.width for table in tables)
    return Block.of_rows([[*row, *[NA] * (width - len(row))] for table in tables for row in table.rows])


@function("EXPAND")
def expand(block: Any, rows: Cell, columns: Any = OMITTED, filling: Cell = NA) -> Any:
    table = as_block(block)
    height = table.height if _left_out(rows) else _whole(rows)
    width = table.width if _left_out(columns) else _whole(columns)
    require(height >= table.height and width >= table.width, VALUE)
    require(height * width <= MOST_CELLS, NUM)
    with_rows = [column + [filling] * (height - table.height) for column in table.columns]
    return Block(with_rows + [[filling] * height for _ in range(width - table.width)])


def _line(block: Any, ignored: Cell, by_column: Cell) -> list[Cell]:
    """All cells in one line; ``ignored``: 1 leaves blanks out, 2 errors, 3 both."""
    table, kind = as_block(block), _whole(ignored)
    require(0 <= kind <= 3, VALUE)
    cells = [cell for column in table.columns for cell in column] if to_truth(given(by_column, False)) else table.flat()
    kept = [
        cell for cell in cells if not (kind & 1 and cell is None) and not (kind & 2 and isinstance(cell, CellError))
    ]
    require(bool(kept), CellError.CALC)
    return kept


@function("TOCOL")
def tocol(block: Any, ignored: Cell = 0.0, by_column: Cell = False) -> Any:
    return Block([_line(block, ignored, by_column)])


@function("TOROW")
def torow(block: Any, ignored: Cell = 0.0, by_column: Cell = False) -> Any:
    return Block([[cell] for cell in _line(block, ignored, by_column)])


def _wrapped(line: Any, count: Cell, filling: Cell) -> list[list[Cell]]:
    table, size = as_block(line), _whole(count)
    require(table.height == 1 or table.width == 1, VALUE)
    require(size >= 1)
    cells = table.flat()
    pieces = [cells[start : start + size] for start in range(0, len(cells), size)]
    require(len(pieces) * size <= MOST_CELLS)
    pieces[-1] = pieces[-1] + [filling] * (size - len(pieces[-1])) if len(pieces) > 1 else pieces[-1]
    return pieces


@function("WRAPROWS")
def wraprows(line: Any, count: Cell, filling: Cell = NA) -> Any:
    return Block.of_rows(_wrapped(line, count, filling))


@function("WRAPCOLS")
def wrapcols(line: Any, count: Cell, filling: Cell = NA) -> Any:
    return Block(_wrapped(line, count, filling))


@function("TRIMRANGE")
def trimrange(block: Any, rows: Cell = 3.0, columns: Cell = 3.0) -> Any:
    """Without blank rows and columns at the edges; 1 the leading ones, 2 the trailing ones, 3 both."""
    table = as_block(block)
    down = _trimmed([all(cell is None for cell in row) for row in table.rows], _whole(rows, 3.0))
    across = _trimmed([all(cell is None for cell in column) for column in table.columns], _whole(columns, 3.0))
    if not down or not across:
        raise CellFault(CellError.REF)
    return Block([[table.columns[col][row] for row in down] for col in across])


def _trimmed(blank: list[bool], ends: int) -> range:
    require(0 <= ends <= 3, VALUE)
    first, last = 0, len(blank)
    while ends & 1 and first < last and blank[first]:
        first += 1
    while ends & 2 and last > first and blank[last - 1]:
        last -= 1
    return range(first, last)
