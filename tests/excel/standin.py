"""Excel with the functions at work: its cells, the add-in's VBA, xlwings' DLL and server, Python."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from pyopenvba.interpreter._values import EMPTY, MISSING, VBAArray, VBAErrorValue

from addin.excel.server import ERROR_CODES
from tests.excel import pywin as com
from tests.excel.dll import Clock, Program
from tests.excel.simulated import Simulated, working
from udfs import MISSING as LEFT_OUT
from udfs import CellError

ERRORS = {code: error for error, code in ERROR_CODES.items()}


@contextmanager
def at_work(
    start: Callable[[Any], Program] = lambda python: Program(python), clock: Clock | None = None
) -> Iterator[Simulated]:
    """An Excel that starts ``start(XLPython object)`` where it wants its server."""
    with (
        com.windows() as server,
        pytest.MonkeyPatch.context() as monkeypatch,
        working(monkeypatch, lambda command: start(server.XLPython()), clock) as office,
    ):
        yield office


def given(value: Any) -> Any:
    """A cell, rows of cells or nothing, as VBA gets it from a formula; a range of one cell has a single value."""
    if value is LEFT_OUT:
        return MISSING
    if isinstance(value, list | tuple):
        rows = [[given(cell) for cell in row] for row in value]
        if len(rows) == len(rows[0]) == 1:
            return rows[0][0]
        array = VBAArray([(1, len(rows)), (1, len(rows[0]))])
        for row, cells in enumerate(rows, 1):
            for column, cell in enumerate(cells, 1):
                array.set([row, column], cell)
        return array
    if isinstance(value, CellError):
        return VBAErrorValue(ERROR_CODES[value])
    if value is None:
        return EMPTY
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def rows_of(value: Any) -> list[list[Any]]:
    """What a formula got, as rows of cells; an array of one dimension fills a row."""
    if not isinstance(value, VBAArray):
        return [[cell_of(value)]]
    if len(value.bounds) == 1:
        return [[cell_of(each) for each in value.items]]
    (top, bottom), (left, right) = value.bounds
    return [[cell_of(value.get([row, column])) for column in range(left, right + 1)] for row in range(top, bottom + 1)]


def cell_of(value: Any) -> Any:
    assert (value is not EMPTY and not isinstance(value, int)) or isinstance(value, bool), f"no cell holds {value!r}"
    return ERRORS[value.number] if isinstance(value, VBAErrorValue) else value
