"""Whether a formula that stands for a condition is one: a comparison or a question, not a text or a difference."""

from __future__ import annotations

from collections.abc import Callable

from workbook_templates.formula.columns import Reference
from workbook_templates.formula.tree import PRECEDENCE, Apply, Constant, Named, Node

COMPARISONS = ("=", "<>", "<", ">", "<=", ">=")
COMBINING = ("*", "+")


def is_condition(node: Node, is_text: Callable[[Reference | Named], bool]) -> bool:
    """``(甲)*(乙)`` and ``(甲)+(乙)`` are conditions; what functions and numbers are in doubt is let pass."""
    waiting = [node]
    while waiting:
        match waiting.pop():
            case Apply(sign, arguments) if sign in COMBINING:
                waiting.extend(arguments)
                continue
            case Constant(value):
                holds = isinstance(value, bool)
            case Apply(sign, _) if sign in PRECEDENCE:
                holds = sign in COMPARISONS
            case Reference() | Named() as read:
                holds = not is_text(read)
            case _:
                holds = True
        if holds:
            return True
    return False
