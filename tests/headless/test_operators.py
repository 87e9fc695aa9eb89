"""Operators bind as the library ``formulas``, another parser and engine, binds them, in expressions drawn by chance."""

from __future__ import annotations

import random

import numpy
from formulas.parser import Parser
from formulas.tokens.operand import XlError

from addin.xlsx.model import CellError
from tests.headless.support import same, values

DRAWS = 150
OPERANDS = ("1", "2", "3", "4", "0.5", "TRUE", '"7"')
OPERATORS = ("+", "-", "*", "/", "^", "&", "=", "<>", "<", ">", "<=", ">=")


def _expression(chance: random.Random, depth: int) -> str:
    if depth == 0:
        return chance.choice(OPERANDS)
    first, second = (_expression(chance, depth - 1) for _ in range(2))
    forms = (f"({first})", f"-{first}", f"({first})%", f"IF({first}>2,{second},{first})")
    return chance.choice((*forms, *[f"{first}{chance.choice(OPERATORS)}{second}"] * 5))


def _is_compared(formula: str) -> bool:
    """Joined to a text, the library shows a fraction with seventeen digits, Excel with fifteen."""
    return "&" not in formula or not set(formula) & set("/%^")


def _theirs(formula: str) -> str | bool | float | None:
    """Its value, None for an error: a power that is not real is a complex number there."""
    value = numpy.asarray(Parser().ast(f"={formula}")[1].compile()(), object).item()
    if isinstance(value, (XlError, complex)):
        return None
    return value if isinstance(value, (str, bool)) else float(value)


def test_operators_bind_as_in_another_parser() -> None:
    chance = random.Random(42)
    formulas = [formula for _ in range(DRAWS) if _is_compared(formula := _expression(chance, 3))]
    ours = [None if isinstance(value, CellError) else value for value in values(formulas)]
    wrong = [
        f"{formula}: {value!r}, theirs {theirs!r}"
        for formula, value, theirs in zip(formulas, ours, map(_theirs, formulas), strict=True)
        if not same(value, theirs)
    ]
    assert not wrong, "\n".join(wrong)
