"""What the block functions share: the cells and numbers of their arguments, and what is worked out once for a block."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from addin.headless.model import Cell, CellError
from addin.headless.operators import CellFault, shown, to_number
from addin.headless.values import Block, Omitted, Rows

MOST_KEPT = 64
_kept: dict[tuple[str, int], tuple[Rows, Any]] = {}


def derived(block: Block, what: str, make: Callable[[Block], Any]) -> Any:
    """What is worked out from a block that many cells share is kept for them; ``forget`` drops it."""
    if not block.shared:
        return make(block)
    key = (what, id(block.rows))
    known = _kept.get(key)
    if known is None or known[0] is not block.rows:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        known = _kept[key] = (block.rows, make(block))
    return known[1]


def forget() -> None:
    _kept.clear()


def flat(argument: Any) -> list[Cell]:
    if isinstance(argument, Block):
        if argument.shared:
            cells: list[Cell] = derived(argument, "flat", _flat)
            return cells
        return _flat(argument)
    return [None if isinstance(argument, Omitted) else argument]


def _flat(block: Block) -> list[Cell]:
    return [cell for row in block.rows for cell in row]


def as_block(argument: Any) -> Block:
    return argument if isinstance(argument, Block) else Block(((None if isinstance(argument, Omitted) else argument,),))


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


def ordered(argument: Any) -> list[float]:
    """The numbers in ascending order, sorted once for all cells that ask."""
    if isinstance(argument, Block):
        found: list[float] = derived(argument, "ordered", lambda block: sorted(numbers((block,))))
        return found
    return sorted(numbers((argument,)))


def ordered_as_shown(argument: Any) -> list[float]:
    """The numbers in ascending order at the 15 digits that are shown, so that binary noise separates nobody."""
    if isinstance(argument, Block):
        found: list[float] = derived(argument, "ordered as shown", lambda block: sorted(map(shown, numbers((block,)))))
        return found
    return sorted(map(shown, numbers((argument,))))


def given(argument: Any, default: Any) -> Any:
    return default if isinstance(argument, Omitted) or argument is None else argument
