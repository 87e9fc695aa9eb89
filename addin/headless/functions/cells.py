"""What the block functions share: the numbers among their arguments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from addin.headless.model import Cell, CellError
from addin.headless.operators import CellFault, to_number
from addin.headless.values import Block, Omitted


def flat(argument: Any) -> list[Cell]:
    if isinstance(argument, Block):
        return [cell for row in argument.rows for cell in row]
    return [None if isinstance(argument, Omitted) else argument]


def raise_error(cell: Cell) -> None:
    if isinstance(cell, CellError):
        raise CellFault(cell)


def is_number(cell: Cell) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def numbers(arguments: tuple[Any, ...]) -> list[float]:
    """The numbers to reckon with: in blocks only true numbers, given directly whatever reads as one."""
    return list(_numbers(arguments))


def _numbers(arguments: tuple[Any, ...]) -> Iterator[float]:
    for argument in arguments:
        if isinstance(argument, Block):
            for row in argument.rows:
                for cell in row:
                    if type(cell) is float:
                        yield cell
                    elif isinstance(cell, CellError):
                        raise CellFault(cell)
                    elif is_number(cell):
                        yield float(cell)  # type: ignore[arg-type]
        elif not isinstance(argument, Omitted) and argument is not None:
            yield to_number(argument)
        elif isinstance(argument, Omitted):
            yield 0.0


def given(argument: Any, default: Any) -> Any:
    return default if isinstance(argument, Omitted) or argument is None else argument
