"""Functions that give arrays: FILTER, UNIQUE, SORT and their kin."""

from __future__ import annotations

from functools import cmp_to_key
from typing import Any

from addin.headless.context import Unsupported
from addin.headless.functions import function
from addin.headless.functions.cells import as_block, given
from addin.headless.functions.criteria import key_of
from addin.headless.operators import CellFault, compare, error_number, to_number, to_truth
from addin.headless.values import MOST_CELLS, OMITTED, VALUES_ONLY, Block, TooLarge
from addin.xlsx.model import Cell, CellError

Row = tuple[Cell, ...]


def _turned(block: Block, turn: bool) -> Block:
    return Block([list(row) for row in block.rows]) if turn else block


def _result(rows: list[Row], turn: bool) -> Block:
    if not rows:
        raise CellFault(CellError.CALC)
    found = _turned(Block.of_rows(rows), turn)
    found.memo[VALUES_ONLY] = True
    return found


@function("FILTER")
def filter_(block: Any, wanted: Any, otherwise: Any = OMITTED) -> Any:
    table, chosen = as_block(block), as_block(wanted)
    if table.size != (table.height, table.width) or chosen.missing:
        height, width = max(table.height, chosen.height), max(table.width, chosen.width)
        table = table.padded(height if table.beyond[0] else table.height, width if table.beyond[1] else table.width)
        chosen = chosen.padded(
            height if chosen.beyond[0] else chosen.height, width if chosen.beyond[1] else chosen.width
        )
    across = chosen.height == 1 and chosen.width == table.width > 1
    flags = chosen.flat()
    if chosen.size == (1, 1):
        flags = flags * table.height
    rows = _turned(table, across).rows
    if len(flags) != len(rows):
        raise CellFault(CellError.VALUE)
    kept = [row for row, flag in zip(rows, flags, strict=True) if _is_true(flag)]
    return otherwise if not kept and otherwise is not OMITTED else _result(kept, across)


def _is_true(flag: Cell) -> bool:
    if isinstance(flag, CellError):
        raise CellFault(flag)
    return to_truth(flag)


@function("UNIQUE")
def unique(block: Any, by_column: Cell = False, once: Cell = False) -> Any:
    across = to_truth(given(by_column, False))
    found: dict[Any, list[Row]] = {}
    for row in _turned(as_block(block), across).rows:
        found.setdefault(tuple((type(cell), key_of(cell)) for cell in row), []).append(row)
    single = to_truth(given(once, False))
    return _result([rows[0] for rows in found.values() if not single or len(rows) == 1], across)


def _order(rows: list[Row], keys: list[tuple[list[Cell], bool]]) -> list[Row]:
    """Rows in order of the keys, the first one first; error values and blanks last, equal rows as they were."""
    if any(down and any(isinstance(cell, CellError) for cell in cells) for cells, down in keys):
        raise Unsupported("降序排列的值中有错误值，不知道 Excel 把它们排在哪里")

    def before(a: int, b: int) -> int:
        for cells, down in keys:
            left, right = cells[a], cells[b]
            if left is None or right is None:
                sign = (left is None) - (right is None)
            elif isinstance(left, CellError) or isinstance(right, CellError):
                sign = _late(left) - _late(right)
            else:
                sign = compare(left, right) * (-1 if down else 1)
            if sign:
                return sign
        return 0

    return [rows[place] for place in sorted(range(len(rows)), key=cmp_to_key(before))]


def _late(cell: Cell) -> int:
    return error_number(cell) if isinstance(cell, CellError) else 0


def _is_down(order: Cell) -> bool:
    number = to_number(given(order, 1.0))
    if number not in (1, -1):
        raise CellFault(CellError.VALUE)
    return number < 0


@function("SORT")
def sort(block: Any, index: Cell = 1.0, order: Cell = 1.0, by_column: Cell = False) -> Any:
    across = to_truth(given(by_column, False))
    table = _turned(as_block(block), across)
    place = int(to_number(given(index, 1.0)))
    if not 1 <= place <= table.width:
        raise CellFault(CellError.VALUE)
    return _result(_order(table.rows, [(table.columns[place - 1], _is_down(order))]), across)


@function("SORTBY")
def sortby(block: Any, by: Any, order: Cell = 1.0, *more: Any) -> Any:
    table = as_block(block)
    across = as_block(by).height == 1 and as_block(by).width == table.width > 1
    rows = _turned(table, across).rows
    pairs = [(by, order), *zip(more[::2], [*more[1::2], 1.0], strict=False)]
    keys = [(as_block(key).flat(), _is_down(direction)) for key, direction in pairs]
    if any(len(cells) != len(rows) for cells, _ in keys):
        raise CellFault(CellError.VALUE)
    return _result(_order(rows, keys), across)


@function("SEQUENCE")
def sequence(rows: Any = 1.0, columns: Cell = 1.0, start: Cell = 1.0, step: Cell = 1.0) -> Any:
    height, width = int(to_number(given(rows, 1.0))), int(to_number(given(columns, 1.0)))
    first, by = to_number(given(start, 1.0)), to_number(given(step, 1.0))
    if height < 1 or width < 1:
        raise CellFault(CellError.CALC if height == 0 or width == 0 else CellError.VALUE)
    if height * width > MOST_CELLS:
        raise TooLarge
    return Block([[first + by * (row * width + col) for row in range(height)] for col in range(width)])
