"""Formulas as trees, parsed by ``formulas``; its parser is used without its compiler, which would work cell by cell."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from formulas.errors import FormulaError as ParserError
from formulas.parser import Parser
from formulas.tokens.function import Function, Lambda
from formulas.tokens.operand import Empty, Error, Number, Range, String
from formulas.tokens.operator import Operator

from addin.headless.references import MARK, Cut, Reference
from addin.xlsx.model import Cell, CellError

_ERRORS = {error.value: error for error in CellError}


class SyntaxProblem(Exception):
    """A formula that can't be parsed."""


@dataclass(frozen=True)
class Constant:
    value: Cell


@dataclass(frozen=True)
class Blank:
    """An argument left out."""


@dataclass(frozen=True)
class Cells:
    reference: Reference


@dataclass(frozen=True)
class Named:
    name: str


@dataclass(frozen=True)
class Matrix:
    """An array constant, by rows."""

    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Apply:
    """An operator (``+``, ``u-``, ``%`` …) or a function with its arguments."""

    function: str
    arguments: tuple[Node, ...]


Node = Constant | Blank | Cells | Named | Matrix | Apply


class _Tree:
    """What the parser hands its tokens to, operands before operators."""

    def __init__(self, match: Any = None) -> None:
        self.stack: list[Any] = []

    def __len__(self) -> int:
        return len(self.stack)

    def __getitem__(self, index: int) -> Any:
        return self.stack[index]

    def pop(self) -> Any:
        return self.stack.pop()

    def append(self, token: Any) -> None:
        count = token.get_n_args if isinstance(token, Operator | Function) else 0
        if count > len(self.stack):
            raise ParserError()
        arguments = self.stack[len(self.stack) - count :] if count else []
        del self.stack[len(self.stack) - count :]
        self.stack.append((token, arguments))

    def finish(self) -> None:
        """Nothing is left to do once the last token is in."""


class _Parser(Parser):  # type: ignore[misc]
    ast_builder = _Tree
    # LET is taken for a function like any other: the library would compile what it holds.
    filters = [token for token in Parser.filters if token is not Lambda]  # noqa: RUF012


@cache
def parse(cut: Cut) -> Node:
    """The tree of a cut formula; raises SyntaxProblem."""
    try:
        _, tree = _Parser().ast("=" + cut.text)
    except (ParserError, AttributeError, IndexError, TypeError) as error:
        raise SyntaxProblem("公式写法有误") from error
    return _node(tree.stack[0], cut)


def _node(item: tuple[Any, list[Any]], cut: Cut) -> Node:
    token, arguments = item
    name = token.name
    match token:
        case Empty():
            return Blank()
        case String():
            return Constant(name.replace('""', '"'))
        case Error():
            return Constant(_ERRORS.get(name.upper(), CellError.VALUE))
        case Number():
            return Constant(_number(name))
        case Range():
            original = name
            if original.lower().startswith(MARK) and original[len(MARK) :].isdigit():
                return Cells(cut.references[int(original[len(MARK) :])])
            return Named(original)
    if name.upper() == "ARRAY":
        return Matrix(tuple(tuple(_constant(_node(cell, cut)) for cell in cells) for _, cells in arguments))
    nodes = tuple(_node(argument, cut) for argument in arguments)
    if name == "u+" and "-" in token.source[: token.end_match]:
        # The parser takes -- for a plus sign, but it makes numbers of TRUE and of text.
        return Apply("U-", (Apply("U-", nodes),))
    return _with_full_block(Apply(name.upper(), nodes))


def _with_full_block(node: Apply) -> Apply:
    """SUMIF and AVERAGEIF take as many cells as they test, beginning with the first of the cells to sum."""
    match node:
        case Apply("SUMIF" | "AVERAGEIF", (Cells(tested), criterion, Cells(summed))) if tested.valid and summed.valid:
            return Apply(node.function, (Cells(tested), criterion, Cells(summed.as_large_as(tested))))
    return node


def _number(text: str) -> Cell:
    if text.upper() in ("TRUE", "FALSE"):
        return text.upper() == "TRUE"
    return float(text)


def _constant(node: Node) -> Cell:
    match node:
        case Constant(value):
            return value
        case Apply("U-", (Constant(float() as value),)):
            return -value
    raise SyntaxProblem("数组常量中只能有常数")
