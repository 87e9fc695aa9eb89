"""What the block functions share: the numbers among their arguments."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Any

from addin.headless.operators import CellFault, all_shown, to_number
from addin.headless.values import Block, Omitted
from addin.xlsx.model import Cell, CellError


def flat(argument: Any) -> list[Cell]:
    if isinstance(argument, Block):
        return argument.flat()
    return [None if isinstance(argument, Omitted) else argument]


def as_block(argument: Any) -> Block:
    return argument if isinstance(argument, Block) else Block([[None if isinstance(argument, Omitted) else argument]])


def raise_error(cell: Cell) -> None:
    if isinstance(cell, CellError):
        raise CellFault(cell)


def by_rows(*arguments: Any) -> tuple[Any, ...]:
    """The arguments of a function to which the order of its numbers matters: blocks count row by row."""
    return tuple(Block([a.flat()]) if isinstance(a, Block) and a.width > 1 else a for a in arguments)


def numbers(arguments: tuple[Any, ...]) -> list[float]:
    """The numbers to reckon with: in blocks only true numbers, given directly whatever reads as one."""
    found: list[float] = []
    for argument in arguments:
        if isinstance(argument, Block):
            found += block_numbers(argument)
        elif isinstance(argument, Omitted) or argument is None:
            found.append(0.0)
        else:
            found.append(to_number(argument))
    return found


def valued(arguments: tuple[Any, ...]) -> list[float]:
    """Numbers, TRUE as 1, text in cells as 0; a text given directly has to read as a number."""
    found: list[float] = []
    for argument in arguments:
        if not isinstance(argument, Block):
            found.append(0.0 if isinstance(argument, Omitted) else to_number(argument))
            continue
        for cell in argument.flat():
            raise_error(cell)
            if cell is not None:
                found.append(0.0 if isinstance(cell, str) else to_number(cell))
    return found


def block_numbers(block: Block) -> list[float]:
    """The numbers of a block; its first error value goes out."""
    known = block.memo.get("numbers")
    if known is None:
        known = []
        for column in block.columns:
            kinds = set(map(type, column))
            if CellError in kinds:
                known = CellFault(next(cell for cell in column if isinstance(cell, CellError)))
                break
            known += column if kinds == {float} else [cell for cell in column if type(cell) is float]
        block.memo["numbers"] = known
    if isinstance(known, CellFault):
        raise known
    return known


def ascending(block: Block) -> list[float]:
    """The numbers of a block as they are, ascending."""
    known = block.memo.get("ascending")
    if known is None:
        known = block.memo["ascending"] = sorted(block_numbers(block))
    return known


def ordered(block: Block) -> list[float]:
    """The numbers of a block as they are shown, ascending."""
    known = block.memo.get("ordered")
    if known is None:
        known = block.memo["ordered"] = sorted(all_shown(block_numbers(block)))
    return known


def below(values: list[float], number: float) -> int:
    """How many of the ordered values are less."""
    return bisect_left(values, number)


def above(values: list[float], number: float) -> int:
    """How many of the ordered values are greater."""
    return len(values) - bisect_right(values, number)


def given(argument: Any, default: Any) -> Any:
    """The argument, or what stands for it where it is left out (a blank cell is given)."""
    return default if isinstance(argument, Omitted) else argument
