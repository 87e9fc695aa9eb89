"""Functions of plain numbers and texts, whose arguments are converted by declaration.

``@scalar("FV", "nnnnn")``: one letter an argument tells how it is read. ``n`` is a number (text that reads as one counts, TRUE is 1, a blank 0), ``w`` a number
of a function that came as an add-in once (TRUE is refused, a text must read as a number), ``t`` a text, ``b`` a truth, ``c`` what the function reads itself. An argument left out
between commas is 0, FALSE or an empty text for ``n``, ``b`` and ``t``, the default for ``w``. What a result can't hold is #NUM!.
"""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Callable
from typing import Any, TypeVar

from addin.headless.functions import function
from addin.headless.operators import CellFault, to_number, to_text, to_truth
from addin.headless.values import Omitted
from addin.xlsx.model import Cell, CellError

NA, NUM, VALUE, DIV0 = CellError.NA, CellError.NUM, CellError.VALUE, CellError.DIV0

F = TypeVar("F", bound=Callable[..., Any])


def require(condition: bool, error: CellError = NUM) -> None:
    """End the computation of the cell with an error unless the condition holds."""
    if not condition:
        raise CellFault(error)


def strict_number(cell: Cell) -> float:
    """A number for functions that refuse TRUE and FALSE."""
    require(not isinstance(cell, bool), VALUE)
    return to_number(cell)


_READ: dict[str, Callable[[Cell], Any]] = {
    "n": to_number,
    "w": strict_number,
    "t": to_text,
    "b": to_truth,
    "c": lambda cell: cell,
}
_MISSING: dict[str, Any] = {"n": 0.0, "t": "", "b": False}


def scalar(names: str, kinds: str) -> Callable[[F], F]:
    """Declare a function of single cells under one name or several, separated by spaces."""

    def declare(compute: F) -> F:
        defaults = [parameter.default for parameter in inspect.signature(compute).parameters.values()]
        readers = [(_READ[kind], _MISSING.get(kind, default)) for kind, default in zip(kinds, defaults, strict=True)]

        @functools.wraps(compute)
        def apply(*cells: Cell) -> Cell:
            given = []
            for cell, (read, missing) in zip(cells, readers, strict=False):
                if isinstance(cell, Omitted):
                    require(missing is not inspect.Parameter.empty, NA)
                    given.append(missing)
                else:
                    given.append(read(cell))
            try:
                return result(compute(*given))
            except ValueError:
                raise CellFault(NUM) from None

        function(names)(apply)
        return compute

    return declare


def result(found: Any) -> Cell:
    """A computed value as a cell holds it."""
    if isinstance(found, bool | str | CellError) or found is None:
        return found
    number = float(found)
    require(math.isfinite(number))
    return number + 0.0
