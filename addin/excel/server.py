"""What runs in Python for Excel: the KAOHE functions as xlwings calls them, and the server around them.

Cells arrive as VBA reads them (Value2): numbers and dates as floats, blanks as None, error values as the whole numbers
that COM gives for them. Whole numbers are nothing else on this way, so errors go back as the same numbers, and the VBA
wrapper makes true error values of them, inside arrays too. Every result is a block of lists, never of tuples: COM takes a
tuple for a result with further ones behind it. No exception goes to Excel: what is to be told is a text with a mark.
"""

from __future__ import annotations

import functools
import inspect
import marshal
import sys
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from addin.excel.lightweight import xlwings
from addin.excel.wrappers import argument_name
from addin.xlsx.dates import date_system
from udfs import FUNCTIONS, MISSING, CellError, Function
from udfs.values import Cell, WholeColumns

TOLD = "\x01"
"""Begins an answer that is no result but something to be told."""

ERROR_CODES = {
    CellError.NULL: 2000,
    CellError.DIV0: 2007,
    CellError.VALUE: 2015,
    CellError.REF: 2023,
    CellError.NAME: 2029,
    CellError.NUM: 2036,
    CellError.NA: 2042,
    CellError.GETTING_DATA: 2043,
    CellError.SPILL: 2045,
    CellError.CONNECT: 2046,
    CellError.BLOCKED: 2047,
    CellError.UNKNOWN: 2048,
    CellError.FIELD: 2049,
    CellError.CALC: 2050,
    CellError.BUSY: 2051,
    CellError.PYTHON: 2222,
}
"""Excel's numbers of the error values (xlErrNA …), what CVErr takes."""

_ERRORS = {code: error for error, code in ERROR_CODES.items()}
COM_ERROR = -0x80000000 + 0x0A0000
"""COM's code of an error value is this, plus Excel's number."""
FAILURES_END = -0x70000000
"""COM's codes of failures, Excel's and all others, begin with the hexadecimal digit 8: they are below this."""

OF_1904 = "_1904"
"""Ends the name of a function that is called from a workbook whose days count from 1904."""

_PLAIN = frozenset({float, str, bool, type(None)})
_DAY_ZERO = datetime(1899, 12, 30)
Block = list[list[float | str | int]]
MOST_REMEMBERED = 256
LONGEST_REMEMBERED = 1 << 22
"""Bytes of arguments."""

MOST_CRASHES = 64
"""Different errors of the program, each with its file of details."""


def cells_of(argument: Any) -> Any:
    """An argument as the functions take it: one cell, or rows of cells; MISSING stays.

    Whole columns come as a block in an array of its own.
    """
    if argument is MISSING:
        return argument
    if not isinstance(argument, list | tuple):
        return cell_of(argument)
    if len(argument) == 1 and isinstance(argument[0], list | tuple):
        [inner] = argument
        if inner and isinstance(inner[0], list | tuple):
            return WholeColumns(map(_row, inner))
    rows = argument if argument and isinstance(argument[0], list | tuple) else [argument]
    return [_row(row) for row in rows]


def _row(cells: Sequence[Any]) -> Sequence[Cell]:
    return cells if _PLAIN.issuperset(map(type, cells)) else [cell_of(cell) for cell in cells]


def cell_of(value: Any) -> Cell:
    """A value from COM as a cell; what no cell holds is #VALUE!."""
    match value:
        case None | bool() | float() | str():
            return value
        case int():
            # No cell's number comes as such a whole number.
            return _ERRORS.get(value - COM_ERROR, CellError.VALUE) if value < FAILURES_END else float(value)
        case Decimal():
            return float(value)
        case datetime():
            passed = value.replace(tzinfo=None) - _DAY_ZERO
            return passed.days + passed.seconds / 86400
        case date():
            return float((datetime(value.year, value.month, value.day) - _DAY_ZERO).days)
        case _:
            return CellError.VALUE


def block_of(result: Any) -> Block:
    """A function's result as VBA takes it: rows of floats, texts, and whole numbers for error values."""
    rows = result if isinstance(result, tuple) else ((result,),)
    return [[_given(cell) for cell in row] for row in rows]


def _given(cell: Cell) -> float | str | int:
    if isinstance(cell, CellError):
        return COM_ERROR + ERROR_CODES[cell]
    return cell if isinstance(cell, str) else float(cell or 0)


_results: OrderedDict[bytes, Block] = OrderedDict()


def _called(function: Function, is_1904: bool, arguments: Sequence[Any]) -> Block:
    """The function's result for what came from Excel, computed once for the same values."""
    try:
        # Bytes tell 1 from TRUE and 0.0 from -0.0, and are compared at once.
        key = marshal.dumps((function.name, is_1904, *[... if each is MISSING else each for each in arguments]), 2)
    except ValueError:
        key = b""  # something that no cell holds
    if key in _results:
        _results.move_to_end(key)
        return _results[key]
    with date_system(is_1904):
        result = block_of(function(*map(cells_of, arguments)))
    if key and len(key) <= LONGEST_REMEMBERED:
        _results[key] = result
        if len(_results) > MOST_REMEMBERED:
            _results.popitem(last=False)
    return result


_crashes: dict[str, str] = {}


def telling(function: Callable[..., Any], *arguments: Any) -> Any:
    """What the function returns, or a text to be told of why there is nothing: nothing may be raised to Excel."""
    try:
        return function(*arguments)
    except Exception as error:
        from addin.shared.crashes import crashed
        from addin.shared.exits import told

        # One file of details for an error, though a thousand cells meet it.
        what = repr(error)
        if (sentence := told(error) or _crashes.get(what)) is None:
            if len(_crashes) >= MOST_CRASHES:
                _crashes.clear()
            sentence = _crashes[what] = crashed(error)
        return TOLD + sentence


def _udf(function: Function, is_1904: bool) -> Callable[..., Block]:
    """The function under its name, with named arguments that may all be missing, registered with xlwings."""

    def udf(*arguments: Any) -> Block:
        return _told(functools.partial(_called, function, is_1904), arguments)

    udf.__doc__ = function.description
    name = function.name + OF_1904 * is_1904
    return _registered(udf, name, [argument_name(parameter) for parameter in function.parameters])


def _told(function: Callable[..., Any], *arguments: Any) -> Block:
    block = telling(function, *arguments)
    return [[block]] if isinstance(block, str) else block


def _registered(udf: Callable[..., Block], name: str, names: Sequence[str]) -> Callable[..., Block]:
    udf.__name__ = udf.__qualname__ = name
    udf.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [inspect.Parameter(each, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=MISSING) for each in names]
    )
    registered: Any = xlwings.func(udf)
    for each in names:
        registered = xlwings.arg(each, "raw")(registered)
    made: Callable[..., Block] = xlwings.ret("raw")(registered)
    return made


BY_ROW = "v"
"""Of an argument of ``each``: a row of it belongs to each call; any other letter: all calls have it."""


def _each(name: str, how: str, *arguments: Any) -> Block:
    """Calls of one function, a row each, that have not even their single values in common."""
    cells = [cells_of(argument) for argument in arguments[: len(how)]]
    rows = next(len(cell) for cell, letter in zip(cells, how, strict=False) if letter == BY_ROW)

    def given(place: int, row: int) -> Any:
        if how[place] != BY_ROW:
            return cells[place]
        [*own] = cells[place][row]
        return own[0] if len(own) == 1 else [own]

    function = FUNCTIONS[name.removesuffix(OF_1904)]
    with date_system(name.endswith(OF_1904)):
        return [block_of(function(*(given(place, row) for place in range(len(cells)))))[0] for row in range(rows)]


def _each_udf(*arguments: Any) -> Block:
    return _told(_each, *arguments)


MOST_ARGUMENTS = max(len(function.parameters) for function in FUNCTIONS.values())
each = _registered(_each_udf, "each", ["function", "how", *(f"argument{n}" for n in range(1, MOST_ARGUMENTS + 1))])
for _is_1904 in (False, True):
    globals().update({made.__name__: made for made in (_udf(each, _is_1904) for each in FUNCTIONS.values())})


def stay_loaded() -> None:
    """Keep xlwings from loading this module anew in the midst of its work, which it does where the file is another one: an update
    beside an open Excel would mix two versions, and while it writes the file no cell could be computed (xlwings, udfs.py,
    get_udf_module)."""
    from xlwings.udfs import udf_modules

    udf_modules[__name__] = {"module": sys.modules[__name__], "filename": __file__, "filetime": None}


def serve(clsid: str) -> None:
    """Serve Excel until it ends; ``clsid`` is the COM class under which it looks for this process."""
    from xlwings.com_server import serve as serve_excel

    stay_loaded()
    serve_excel(clsid)  # type: ignore[no-untyped-call]
