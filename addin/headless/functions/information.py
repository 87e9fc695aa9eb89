"""Questions about a cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from addin.headless.functions import function
from addin.headless.functions.arguments import strict_number
from addin.headless.functions.cells import flat
from addin.headless.operators import error_number, to_truth
from addin.headless.values import Block
from addin.xlsx.model import Cell, CellError, is_number


def _question(name: str, answer: Callable[[Cell], bool]) -> None:
    function(name)(answer)


_question("ISERROR", lambda cell: isinstance(cell, CellError))
_question("ISERR", lambda cell: isinstance(cell, CellError) and cell is not CellError.NA)
_question("ISNA", lambda cell: cell is CellError.NA)
_question("ISNUMBER", is_number)
_question("ISTEXT", lambda cell: isinstance(cell, str))
_question("ISNONTEXT", lambda cell: not isinstance(cell, str))
_question("ISLOGICAL", lambda cell: isinstance(cell, bool))
_question("ISBLANK", lambda cell: cell is None)
_question("ISODD", lambda cell: int(abs(strict_number(cell))) % 2 == 1)
_question("ISEVEN", lambda cell: int(abs(strict_number(cell))) % 2 == 0)
_question("NOT", lambda cell: not to_truth(cell))


@function("NA")
def na() -> Cell:
    return CellError.NA


@function("TRUE")
def true() -> Cell:
    return True


@function("FALSE")
def false() -> Cell:
    return False


@function("N")
def n(argument: Any) -> Cell:
    cell = flat(argument)[0]
    return cell if isinstance(cell, CellError) else float(cell) if isinstance(cell, int | float) else 0.0


@function("T")
def t(argument: Any) -> Cell:
    cell = flat(argument)[0]
    return cell if isinstance(cell, str | CellError) else ""


@function("ERROR.TYPE")
def error_type(cell: Cell) -> Cell:
    return float(error_number(cell)) or CellError.NA if isinstance(cell, CellError) else CellError.NA


@function("TYPE")
def type_(argument: Any) -> Cell:
    if isinstance(argument, Block) and argument.height * argument.width > 1:
        return 64.0
    cell = flat(argument)[0]
    return (
        16.0
        if isinstance(cell, CellError)
        else 4.0
        if isinstance(cell, bool)
        else 2.0
        if isinstance(cell, str)
        else 1.0
    )
