"""Formulas as trees. What a formula refers to is an ``Operand``, of which each user of the parser has kinds of its own."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Union

from udfs.values import Cell

PRECEDENCE = {
    ":": 90, " ": 80, ",": 70, "SINGLE": 65, "U-": 60, "U+": 60, "%": 50, "^": 40, "*": 30, "/": 30, "+": 20, "-": 20, "&": 10,
    "=": 5, "<>": 5, "<": 5, ">": 5, "<=": 5, ">=": 5,
}  # fmt: skip
"""Operators, those that bind tightest first; ``U-`` and ``U+`` are signs, `` `` is the cells that both have, ``,`` a union."""
BINARY = frozenset(PRECEDENCE) - {"SINGLE", "U-", "U+", "%"}


@dataclass(frozen=True)
class Constant:
    value: Cell


@dataclass(frozen=True)
class Blank:
    """An argument left out."""


@dataclass(frozen=True)
class Matrix:
    """An array constant, by rows."""

    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Named:
    """A defined name, a table, or a variable; ``sheet`` where the name is said to be a sheet's own."""

    name: str
    sheet: str = ""
    optional: bool = False
    """As a parameter of a LAMBDA: it may be left out."""


class Operand:
    """What a formula refers to."""


@dataclass(frozen=True)
class Apply:
    """An operator (``+``, ``U-``, ``%`` …) or a function with its arguments."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True)
class Invoke:
    """A function that an expression gives, called: ``LAMBDA(x,x+1)(2)``."""

    function: Node
    arguments: tuple[Node, ...]


Node = Union[Constant, Blank, Matrix, Named, Operand, Apply, Invoke]


def children(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Apply):
        return node.arguments
    return (node.function, *node.arguments) if isinstance(node, Invoke) else ()


def walk(node: Node) -> Iterator[Node]:
    """A node and all below it, in the order of the text (not by recursion: a formula may be a chain of thousands)."""
    waiting = deque([node])
    while waiting:
        node = waiting.popleft()
        yield node
        waiting.extendleft(reversed(children(node)))


def is_deep(nodes: Iterable[Node], most: int) -> bool:
    """Whether parts of these stand within parts more than so many times: a sum of 2,000 cells is as deep as it is long."""
    level = {id(node): node for node in nodes}
    for _ in range(most):
        level = {id(child): child for node in level.values() for child in children(node)}
        if not level:
            return False
    return True


def calls(node: Node) -> Iterator[Apply]:
    """The operators and functions among them."""
    return (each for each in walk(node) if isinstance(each, Apply))
