"""COUNTIF, SUMIFS and their family."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from addin.headless.functions import function
from addin.headless.functions.cells import flat, given, is_number
from addin.headless.model import Cell, CellError
from addin.headless.operators import CellFault, compare, near, text_number
from addin.headless.values import Block, Rows

Key = float | str | bool | CellError | None
_OPERATOR = re.compile(r"(<=|>=|<>|=|<|>)?(.*)", re.DOTALL)
_ERRORS = {error.value: error for error in CellError}


@lru_cache(maxsize=65536)
def _read(text: str) -> tuple[str, Cell, re.Pattern[str] | None]:
    """Operator, operand, and the pattern where the operand holds wildcards."""
    match = _OPERATOR.fullmatch(text)
    operator, operand = (match[1] or "", match[2]) if match else ("", text)
    if operand in _ERRORS:
        return operator or "=", _ERRORS[operand], None
    if operand.upper() in ("TRUE", "FALSE"):
        return operator or "=", operand.upper() == "TRUE", None
    try:
        return operator or "=", text_number(operand), None
    except CellFault:
        pass
    if operator in ("", "=", "<>") and re.search(r"[*?~]", operand):
        return operator or "=", operand, _pattern(operand)
    return operator or "", operand, None


def _pattern(text: str) -> re.Pattern[str]:
    def one(match: re.Match[str]) -> str:
        token = match[0]
        return (
            ".*"
            if token == "*"
            else "."
            if token == "?"
            else re.escape(token[1:] if token[0] == "~" and token[1:] else token)
        )

    return re.compile(re.sub(r"~[*?~]|.", one, text, flags=re.DOTALL), re.IGNORECASE | re.DOTALL)


def _fits(criterion: Cell) -> Callable[[Cell], bool]:
    if criterion is None:
        criterion = 0.0
    if not isinstance(criterion, str):
        return _equal(criterion)
    operator, operand, pattern = _read(criterion)
    if pattern is not None:
        found = pattern
        if operator == "<>":
            return lambda cell: not (isinstance(cell, str) and found.fullmatch(cell))
        return lambda cell: isinstance(cell, str) and found.fullmatch(cell) is not None
    if operand == "":
        if operator == "":
            return lambda cell: cell is None or cell == ""
        if operator == "=":
            return lambda cell: cell is None
        if operator == "<>":
            return lambda cell: cell is not None
        return lambda cell: False
    if operator in ("", "="):
        return _equal(operand)
    if operator == "<>":
        equal = _equal(operand)
        return lambda cell: not equal(cell)
    return _compared(operator, operand)


def _equal(operand: Cell) -> Callable[[Cell], bool]:
    if is_number(operand):
        number = float(operand)  # type: ignore[arg-type]

        def same(cell: Cell) -> bool:
            if isinstance(cell, str):
                try:
                    return near(text_number(cell), number)
                except CellFault:
                    return False
            return is_number(cell) and near(float(cell), number)  # type: ignore[arg-type]

        return same
    if isinstance(operand, str):
        lowered = operand.lower()
        return lambda cell: isinstance(cell, str) and cell.lower() == lowered
    return lambda cell: type(cell) is type(operand) and cell == operand


def _compared(operator: str, operand: Cell) -> Callable[[Cell], bool]:
    kinds: Any = (int, float) if is_number(operand) else type(operand)
    tests: dict[str, Callable[[int], bool]] = {
        "<": lambda c: c < 0,
        ">": lambda c: c > 0,
        "<=": lambda c: c <= 0,
        ">=": lambda c: c >= 0,
    }
    test = tests[operator]
    return lambda cell: (
        isinstance(cell, kinds) and isinstance(cell, bool) == isinstance(operand, bool) and test(compare(cell, operand))
    )


class _Index:
    """Places of a block's cells by value, for criteria that are plain values; remembered by the block itself."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Rows, dict[Key, list[int]]]] = {}

    def places(self, block: Block, criterion: Cell) -> list[int]:
        key = _plain(criterion)
        if key is None:
            fits = _fits(criterion)
            return [place for place, cell in enumerate(flat(block)) if fits(cell)]
        known = self._known.get(id(block.rows))
        if known is None or known[0] is not block.rows:
            if len(self._known) > 64:
                self._known.clear()
            places: dict[Key, list[int]] = {}
            for place, cell in enumerate(flat(block)):
                places.setdefault(_cell_key(cell), []).append(place)
            known = (block.rows, places)
            self._known[id(block.rows)] = known
        return known[1].get(key, [])


_INDEX = _Index()


def _plain(criterion: Cell) -> Key:
    """The key of a criterion that asks for one plain value, None for all others."""
    if isinstance(criterion, str):
        operator, operand, pattern = _read(criterion)
        if pattern is not None or operator not in ("", "=") or operand == "":
            return None
        return _cell_key(operand)
    return _cell_key(criterion) if is_number(criterion) else None


def _cell_key(cell: Cell) -> Key:
    if is_number(cell):
        return float(f"{float(cell):.14g}")  # type: ignore[arg-type]
    if isinstance(cell, str):
        if cell[:1].isdigit() or cell[:1] in "+-.¥$ ":
            try:
                return float(f"{text_number(cell):.14g}")
            except CellFault:
                pass
        return cell.lower()
    return ("TRUE" if cell else "FALSE") + "\0" if isinstance(cell, bool) else cell


def _matching(pairs: tuple[Any, ...]) -> tuple[list[int], int]:
    """The places where all criteria hold, and the size of the blocks."""
    if len(pairs) % 2 or not pairs:
        raise CellFault(CellError.VALUE)
    blocks = [block if isinstance(block, Block) else Block(((block,),)) for block in pairs[::2]]
    size = blocks[0].height * blocks[0].width
    if any((b.height, b.width) != (blocks[0].height, blocks[0].width) for b in blocks):
        raise CellFault(CellError.VALUE)
    found = _INDEX.places(blocks[0], pairs[1])
    for block, criterion in zip(blocks[1:], pairs[3::2], strict=True):
        if not found:
            break
        fits, cells = _fits(criterion), flat(block)
        found = [place for place in found if fits(cells[place])]
    return found, size


def _chosen(block: Any, pairs: tuple[Any, ...]) -> list[float]:
    found, size = _matching(pairs)
    cells = flat(block)
    if len(cells) != size:
        cells = cells[:size] + [None] * (size - len(cells))
    numbers = []
    for place in found:
        cell = cells[place]
        if isinstance(cell, CellError):
            raise CellFault(cell)
        if is_number(cell):
            numbers.append(float(cell))  # type: ignore[arg-type]
    return numbers


_PAIRS = "bc" * 30


@function("COUNTIFS", _PAIRS)
def countifs(*pairs: Any) -> Cell:
    return float(len(_matching(pairs)[0]))


@function("COUNTIF", "bc")
def countif(block: Any, criterion: Cell) -> Cell:
    return float(len(_matching((block, criterion))[0]))


@function("SUMIFS", "b" + _PAIRS)
def sumifs(block: Any, *pairs: Any) -> Cell:
    return math.fsum(_chosen(block, pairs))


@function("SUMIF", "bcb")
def sumif(block: Any, criterion: Cell, summed: Any = None) -> Cell:
    return math.fsum(_chosen(given(summed, block), (block, criterion)))


def _mean(values: list[float]) -> float:
    if not values:
        raise CellFault(CellError.DIV0)
    return math.fsum(values) / len(values)


@function("AVERAGEIFS", "b" + _PAIRS)
def averageifs(block: Any, *pairs: Any) -> Cell:
    return _mean(_chosen(block, pairs))


@function("AVERAGEIF", "bcb")
def averageif(block: Any, criterion: Cell, averaged: Any = None) -> Cell:
    return _mean(_chosen(given(averaged, block), (block, criterion)))


@function("MAXIFS", "b" + _PAIRS)
def maxifs(block: Any, *pairs: Any) -> Cell:
    return max(_chosen(block, pairs), default=0.0)


@function("MINIFS", "b" + _PAIRS)
def minifs(block: Any, *pairs: Any) -> Cell:
    return min(_chosen(block, pairs), default=0.0)
