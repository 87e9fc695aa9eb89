"""Blank cells that IF, IFERROR or CHOOSE picks into an array: whether Excel goes on with blanks or with zeros nobody has written down.

Most functions make no difference; where one does (MIN, AVERAGE, COUNT …), its cell is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from addin.headless.broadcasting import guarded
from addin.headless.context import Unsupported
from addin.headless.values import Block, LaneRows, RowByRow, Value
from addin.xlsx.model import Cell, CellError
from udfs.values import count_empty

_MARK, _SCANNED, _FILLED = "picked blanks", "blanks", "filled"
_SUMS = ("SUM", "SUMPRODUCT", "SUMSQ")
"""To these a blank is a zero."""


def marked(value: Value, *picked: Value) -> Value:
    """The array, with a note on it if it holds blanks; raises RowByRow for those of many cells, which carry none.

    ``picked``: all that its cells were picked from, where that is known.
    """
    if picked and not any(map(_may_hold_blanks, picked)):
        if type(value) is Block:
            value.memo[_SCANNED] = False
        return value
    if type(value) is LaneRows and any(map(count_empty, value.columns)):
        raise RowByRow
    if type(value) is Block and _holds_blanks(value):
        value.memo[_MARK] = True
    return value


def _may_hold_blanks(value: Value) -> bool:
    return _holds_blanks(value) if type(value) is Block else not isinstance(value, str | float | CellError)


def _holds_blanks(block: Block) -> bool:
    if _SCANNED not in block.memo:
        columns = [block.by_text.cells.values()] if block.by_text is not None else block.columns
        block.memo[_SCANNED] = any(map(count_empty, columns)) or bool(block.missing and block.fill is None)
    found: bool = block.memo[_SCANNED]
    return found


def is_marked(value: Value) -> bool:
    return type(value) is Block and _MARK in value.memo


def indifferent(name: str, compute: Callable[..., Any]) -> Callable[..., Any]:
    """The function, refused where blanks and zeros in marked arrays give different results."""
    if name in _SUMS:
        return compute

    def apply(*given: Any) -> Any:
        found = guarded(compute, *given)
        filled = guarded(compute, *[_filled(value) if is_marked(value) else value for value in given])
        if _shown(found) != _shown(filled):
            raise Unsupported(
                f'{name} 中的 IF、IFERROR 或 CHOOSE 取到空单元格，不知道 Excel 当作空还是 0；请用 IF 去掉空的（条件中加上 <>""）'
            )
        return marked(found)

    return apply


def _filled(block: Block) -> Block:
    """The block with zeros for its blanks; kept with it, as what look-ups find out about it is kept in turn."""
    if _FILLED not in block.memo:
        columns = [list(map(_zero, column)) for column in block.columns]
        block.memo[_FILLED] = Block(columns, None, block.beyond, _zero(block.fill))
    found: Block = block.memo[_FILLED]
    return found


def _shown(found: Value) -> Value:
    return _filled(found).columns if type(found) is Block else _zero(found)


def _zero(cell: Cell) -> Cell:
    return 0.0 if cell is None else cell
