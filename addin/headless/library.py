"""The long tail: functions of the library ``formulas`` that we have not written ourselves, called with plain cells."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from addin.headless.operators import CellFault
from addin.headless.values import Block, Omitted
from addin.xlsx.model import Cell, CellError

_ERRORS = {error.value: error for error in CellError}
# These depend on where they stand, on other cells than their arguments, or on the parser of the library itself.
_NEVER = frozenset(
    {
        "ADDRESS",
        "AREAS",
        "ARRAY",
        "ARRAYROW",
        "CELL",
        "COLUMN",
        "FORMULATEXT",
        "GETPIVOTDATA",
        "INDIRECT",
        "LAMBDA",
        "LET",
        "OFFSET",
        "ROW",
        "RTD",
        "SINGLE",
        "ANCHORARRAY",
        "BYROW",
        "BYCOL",
        "MAKEARRAY",
        "MAP",
        "REDUCE",
        "SCAN",
    }
)


def find(name: str) -> Callable[..., Any] | None:
    """The function of that name, taking cells and blocks; None if the library has none."""
    if name in _NEVER:
        return None
    compute = _functions().get(name)
    return _wrapped(compute) if callable(compute) else None


@cache
def _functions() -> dict[str, Any]:
    from formulas.functions import get_functions, not_implemented

    return {name: compute for name, compute in get_functions().items() if compute is not not_implemented}


def _wrapped(compute: Callable[..., Any]) -> Callable[..., Any]:
    def apply(*arguments: Any) -> Any:
        for argument in arguments:
            if isinstance(argument, CellError):
                return argument
        try:
            return _result(compute(*map(_given, arguments)))
        except CellFault:
            raise
        except Exception:  # The library's functions fail in many ways where Excel gives #VALUE!.
            return CellError.VALUE

    return apply


def _given(argument: Any) -> Any:
    """A cell or block as the library takes it; in blocks only numbers count, as in Excel's own statistics."""
    import numpy as np
    import schedula as sh  # type: ignore[import-untyped]
    from formulas.functions import Error

    def one(cell: Cell, direct: bool) -> Any:
        if isinstance(cell, CellError):
            return Error.errors.get(cell.value, Error.errors["#VALUE!"])
        if cell is None or (not direct and isinstance(cell, str | bool)):
            return sh.EMPTY
        return cell

    if isinstance(argument, Omitted):
        return 0
    if not isinstance(argument, Block):
        return one(argument, True)
    if argument.width == argument.height == 1:
        return one(argument.first, True)
    grid = np.empty((argument.height, argument.width), object)
    for index, column in enumerate(argument.columns):
        grid[:, index] = [one(cell, False) for cell in column]
    return grid


def _result(found: Any) -> Any:
    import numpy as np

    if isinstance(found, np.ndarray):
        if found.size == 1:
            return _cell(found.ravel()[0])
        if found.ndim == 1:
            found = found.reshape(1, -1)
        return Block.of_rows([[_cell(cell) for cell in row] for row in found.tolist()])
    return _cell(found)


def _cell(cell: Any) -> Cell:
    # The library's errors and its blank are texts of a kind of their own.
    if type(cell).__name__ == "XlError":
        return _ERRORS.get(str(cell), CellError.VALUE)
    if type(cell).__name__ == "Token":
        return None
    if isinstance(cell, bool | str):
        return cell
    if type(cell).__name__ == "bool_":
        return bool(cell)
    try:
        number = float(cell)
    except (TypeError, ValueError):
        return CellError.VALUE
    return number if number - number == 0 else CellError.NUM
