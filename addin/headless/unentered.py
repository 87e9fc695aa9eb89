"""What Excel takes from the own row alone, unless the formula is entered as an array formula: the condition of IF, even where the
function around it takes arrays.
"""

from __future__ import annotations

from collections.abc import Callable

from addin.headless.operators import OPERATORS
from addin.headless.tree import Apply, Cells, Named, Node
from workbook_templates.formula.signatures import signature
from workbook_templates.formula.tree import walk

UNENTERED = "{} 中的 IF 判断的是多个单元格，要按 Ctrl+Shift+Enter 输入为数组公式；否则 Excel 只判断本行的单元格"
Names = Callable[[str], "Node | None"]


def decides_by_several(node: Node, names: Names) -> bool:
    """Whether an IF in it tests several cells; what holds a LAMBDA comes from versions that mark their array formulas themselves."""
    calls = [part for part in walk(node) if isinstance(part, Apply)]
    if any(call.function in ("LET", "LAMBDA") for call in calls):
        return False
    return any(call.function == "IF" and call.arguments and _is_several(call.arguments[0], names) for call in calls)


def _is_several(node: Node, names: Names) -> bool:
    if isinstance(node, Named):
        meant = names(node.name)
        return isinstance(meant, Cells) and _is_several(meant, names)
    if isinstance(node, Cells):
        return not node.reference.is_cell
    if not isinstance(node, Apply):
        return False
    known = signature(node.function)
    if known is None:
        return node.function in OPERATORS and any(_is_several(argument, names) for argument in node.arguments)
    count = len(node.arguments)
    return any(_is_several(a, names) for place, a in enumerate(node.arguments) if known.takes(place, count).by_value)
