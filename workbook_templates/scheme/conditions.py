"""Whether a formula that stands for a condition is one: a comparison or a question, not a text or a difference."""

from __future__ import annotations

from collections.abc import Callable

from workbook_templates.formula.columns import Reference
from workbook_templates.formula.tree import PRECEDENCE, Apply, Constant, Named, Node

COMPARISONS = ("=", "<>", "<", ">", "<=", ">=")
COMBINING = ("*", "+")


def is_condition(node: Node, is_text: Callable[[Reference | Named], bool]) -> bool:
    """``(甲)*(乙)`` and ``(甲)+(乙)`` are conditions; what functions and numbers are in doubt is let pass."""
    match node:
        case Constant(value):
            return isinstance(value, bool)
        case Apply(sign, arguments) if sign in COMBINING:
            return any(is_condition(argument, is_text) for argument in arguments)
        case Apply(sign, _) if sign in PRECEDENCE:
            return sign in COMPARISONS
        case Reference() | Named():
            return not is_text(node)
        case _:
            return True
