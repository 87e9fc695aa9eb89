"""Formulas as trees of what the engine computes."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import lru_cache

from workbook_templates.formula.parser import Item, parse_items
from workbook_templates.formula.resolving import Cells, External, ExternalName, Resolved, Sheets
from workbook_templates.formula.tokens import CALL, SIGN, SPACE, FormulaError, Token
from workbook_templates.formula.tree import Apply, Blank, Constant, Invoke, Matrix, Named, Node, Operand

__all__ = [
    "Apply",
    "Blank",
    "Cells",
    "Constant",
    "External",
    "ExternalName",
    "FormulaError",
    "Invoke",
    "Matrix",
    "Named",
    "Node",
    "Operand",
    "Sheets",
    "parse",
]


@lru_cache(maxsize=65536)
def parse(formula: Resolved) -> Node:
    """The tree of a resolved formula; raises FormulaError.

    Brackets around all of it, which make a difference to a sum, are left as a sign.
    """
    tree = parse_items(formula.items, _made)
    is_sum = isinstance(tree, Apply) and tree.function in ("+", "-")
    return _made("U+", (tree,)) if is_sum and _is_in_brackets(formula.items) else tree


def _is_in_brackets(items: Sequence[Item]) -> bool:
    signs = [item.text for item in items if isinstance(item, Token) and item.kind in (SIGN, CALL)]
    first = next(item for item in items if not (isinstance(item, Token) and item.kind == SPACE))
    if not (isinstance(first, Token) and first.text == "("):
        return False
    depth = 0
    for place, sign in enumerate(signs, start=1):
        depth += 1 if sign.endswith("(") else -1 if sign == ")" else 0
        if depth == 0:
            return place == len(signs)
    return False


MOST_SHARED = 100_000
_shared: dict[tuple[Hashable, ...], tuple[Apply, tuple[Node, ...]]] = {}
"""By function and identity of its arguments, which are held so that no others get their identities."""


def _made(function: str, arguments: tuple[Node, ...]) -> Node:
    """Formulas have many parts in common: these are the same node, of which what there is to know is found out once."""
    key = (function, *map(id, arguments))
    if key not in _shared:
        if len(_shared) >= MOST_SHARED:
            _shared.clear()
        _shared[key] = _applied(function, arguments), arguments
    return _shared[key][0]


def _applied(function: str, arguments: tuple[Node, ...]) -> Apply:
    """SUMIF and AVERAGEIF take as many cells as they test, beginning with the first of the cells to sum."""
    if function in ("SUMIF", "AVERAGEIF"):
        match arguments:
            case (Cells(tested), criterion, Cells(summed)) if tested.valid and summed.valid:
                return Apply(function, (Cells(tested), criterion, Cells(summed.as_large_as(tested))))
    return Apply(function, arguments)
