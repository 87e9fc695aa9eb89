"""Arguments and results between Calc and the functions.

Calc hands over a value (``float`` or ``str``), rows of values, a range of cells, or nothing for an argument left out. Error
values come and go as doubles: not-a-numbers whose low half is the error's code.
"""

from __future__ import annotations

import math
import struct
from functools import partial
from itertools import chain
from operator import ne
from typing import Any, Callable, Sequence

from udfs import MISSING, CellError, Function
from udfs.memory import MOST
from udfs.values import SharedRows, WholeColumns

CODES: dict[CellError, int] = {
    CellError.NUM: 503,
    CellError.VALUE: 519,
    CellError.NULL: 521,
    CellError.REF: 524,
    CellError.NAME: 525,
    CellError.DIV0: 532,
    CellError.NA: 32767,
}
"""Calc's error codes; errors that Calc doesn't have leave as #VALUE!."""

_ERRORS = {code: error for error, code in CODES.items()}
_QUIET_NAN = 0x7FF8_0000
_LAST_ROW, _LAST_COLUMN = 1_048_575, 16_383
_MOST_ROWS, _MOST_SHARED = 1_000, 10_000
"""Rows and cells; larger blocks are not handed over row by row. To compare one with what came before would take longer than to look
through it, since a column of which one score has been changed is equal to its earlier selves down to that row; and they fill the memory.
"""
_latest: list[SharedRows] = []
"""Rows that came before, the latest first: formulas row by row hand over the same columns hundreds of times."""


def argument(value: Any) -> Any:
    """An argument as the functions take it: a cell, rows of cells, or MISSING."""
    if value is None:
        return MISSING
    if isinstance(value, tuple):
        if len(value) > _LAST_ROW:
            return WholeColumns(_told(_filled(value)))
        return _shared(value, _told)
    if isinstance(value, (float, str)):
        return _cell(value)
    return _range(value)


def answer(result: Any) -> Any:
    """A function's result with its error values as Calc takes them: a value, or rows of values."""
    if isinstance(result, tuple):
        if CellError not in set(map(type, chain.from_iterable(result))):
            return result
        return tuple(tuple(map(_outgoing, row)) for row in result)
    return _outgoing(result)


def spread(function: Function, arguments: Sequence[Any], error: CellError) -> Any:
    """An error for all rows of a block, row by row: as a single value it would also fill the rows that an IF turns elsewhere."""
    by_row = [a for place, a in enumerate(arguments) if isinstance(a, tuple) and function.is_by_row(place)]
    count = max(map(len, by_row), default=1)
    return ((error,),) * count if count > 1 else error


def error_of(code: int) -> CellError:
    """The error value of one of Calc's codes."""
    return _ERRORS.get(code, CellError.VALUE)


def _cell(value: Any) -> Any:
    if isinstance(value, float) and math.isnan(value):
        return error_of(struct.unpack("<II", struct.pack("<d", value))[0])
    return value


def _outgoing(cell: Any) -> Any:
    if isinstance(cell, CellError):
        return struct.unpack("<d", struct.pack("<II", CODES.get(cell, CODES[CellError.VALUE]), _QUIET_NAN))[0]
    return cell


def _range(cells: Any) -> Any:
    """The values in a range of cells."""
    address = cells.getRangeAddress()
    if address.EndRow < _LAST_ROW and address.EndColumn < _LAST_COLUMN:
        return _shared(cells.getDataArray(), partial(_asked, cells))
    rows = _asked(cells, _used(cells, address).getDataArray())
    return WholeColumns(rows) if address.EndRow - address.StartRow == _LAST_ROW else rows


def _told(rows: Any) -> Any:
    """Rows of values with their errors."""
    values = list(chain.from_iterable(rows))
    if any(map(ne, values, values)):  # Only a not-a-number differs from itself.
        return tuple(tuple(map(_cell, row)) for row in rows)
    return rows


def _asked(cells: Any, rows: Any) -> Any:
    """The values in a range; a cell with an error value is asked for its code, since its data are empty."""
    if None not in chain.from_iterable(rows):
        return rows
    return tuple(
        tuple(
            error_of(cells.getCellByPosition(col, row).getError()) if value is None else value
            for col, value in enumerate(values)
        )
        for row, values in enumerate(rows)
    )


def _shared(rows: Any, told: Callable[[Any], Any]) -> Any:
    """Rows with their errors told; without any, they are the same object whenever equal rows come."""
    if len(rows) == 1 or len(rows) > _MOST_ROWS or len(rows) * len(rows[0]) > _MOST_SHARED:
        return told(rows)
    try:
        shared = _latest.pop(_latest.index(rows))
    except ValueError:
        known = told(rows)
        if known is not rows:  # An error has been asked for, and may be another one next time.
            return known
        shared = SharedRows(rows)
        del _latest[MOST - 1 :]
    _latest.insert(0, shared)
    return shared


def _filled(rows: Any) -> Any:
    """Whole columns that come as values, without the blank rows at their end."""
    last = next((row for row in range(len(rows) - 1, 0, -1) if any(cell != "" for cell in rows[row])), 0)
    return rows[: last + 1]


def _used(cells: Any, address: Any) -> Any:
    """Whole columns or rows (A:A) are cut to the part of the sheet that is in use."""
    cursor = cells.getSpreadsheet().createCursor()
    cursor.gotoEndOfUsedArea(False)
    last = cursor.getRangeAddress()
    right = min(address.EndColumn, max(last.EndColumn, address.StartColumn)) - address.StartColumn
    bottom = min(address.EndRow, max(last.EndRow, address.StartRow)) - address.StartRow
    return cells.getCellRangeByPosition(0, 0, right, bottom)
