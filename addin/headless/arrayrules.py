"""Where Excel takes no arrays, though the function around would: in the condition of IF and in TRANSPOSE, unless the formula is entered
as an array formula; and where a function wants cells that are referred to. What some functions don't see in arrays.
"""

from __future__ import annotations

from collections.abc import Callable

from addin.headless.operators import OPERATORS
from addin.headless.tree import Apply, Cells, Named, Node, Sheets
from addin.headless.values import Block, LaneRows, Value, is_computed, is_union
from addin.xlsx.model import Cell
from workbook_templates.formula.signatures import signature
from workbook_templates.formula.tree import calls

UNENTERED = (
    "{} 中的 IF 判断（或 TRANSPOSE 转置）多个单元格，要按 Ctrl+Shift+Enter 输入为数组公式，否则 Excel 不这样计算"
)
_ONLY_ENTERED = ("IF", "TRANSPOSE")
_OF_SEVERAL_SHEETS = ("SUBTOTAL", "RANK", "RANK.EQ", "RANK.AVG")
_REFERRING = (",", " ", "TAKE", "DROP", "TRIMRANGE")
OF_VALUES = frozenset({"AVERAGEA", "MAXA", "MINA", "STDEVA", "STDEVPA", "VARA", "VARPA"})
Names = Callable[[Named], "Node | None"]
"""What a defined name means; nothing is known of a variable."""


def is_to_be_entered(node: Node, names: Names) -> bool:
    """Whether one of them in it has several cells; what holds a LAMBDA comes from versions that mark their array formulas themselves."""
    applied = list(calls(node))
    if any(call.function in ("LET", "LAMBDA") for call in applied):
        return False
    return any(
        call.function in _ONLY_ENTERED and call.arguments and _is_several(call.arguments[0], names) for call in applied
    )


def _is_several(node: Node, names: Names) -> bool:
    if isinstance(node, Named):
        meant = names(node)
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


def may_stand_for_cells(node: Node, function: str, names: Names) -> bool:
    """Whether a function of cells takes this array: it is of cells all the same, or of constants, which Excel lets nobody write there."""
    if isinstance(node, Named):
        meant = names(node)
        return meant is not None and may_stand_for_cells(meant, function, names)
    if isinstance(node, Apply):
        return function == "SUBTOTAL" or node.function in _REFERRING
    return not isinstance(node, Sheets) or function in _OF_SEVERAL_SHEETS


def without_truths(value: Value) -> Value:
    """An argument of those functions: TRUE and FALSE count in cells, but not in arrays."""
    if not isinstance(value, Block | LaneRows) or not is_computed(value) or is_union(value):
        return value
    columns: list[list[Cell]] = [
        [None if isinstance(cell, bool) else cell for cell in column] for column in value.columns
    ]
    return LaneRows(columns) if isinstance(value, LaneRows) else Block(columns, None, value.beyond, value.fill)
