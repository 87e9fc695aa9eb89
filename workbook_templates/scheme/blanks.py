"""Cells that may be left blank where a formula needs a number: whoever leaves one blank has an error value, and so has everybody with him."""

from __future__ import annotations

from collections.abc import Iterator

from udfs import FUNCTIONS
from udfs.registry import Parameter, Shape
from workbook_templates.formula.columns import Reference
from workbook_templates.formula.language import parse
from workbook_templates.formula.tree import Apply, Node, walk
from workbook_templates.scheme.columns import Computed
from workbook_templates.scheme.model import Scheme, Table

_REFUSING = ("KAOHE_COEF", "KAOHE_RATIO", "KAOHE_YEARS", "KAOHE_WORKDAYS")
"""Functions that refuse a blank cell where the others give an empty text."""

_ARITHMETIC = frozenset("+-*/^")


def blank_faults(scheme: Scheme) -> Iterator[str]:
    """What is to be said of formulas that don't ask first whether such a cell is blank."""
    for table in scheme.tables:
        for column in table.computed:
            for name, function in _unasked(column, table):
                yield (
                    f"表 {table.name} 的列 {column.name} 把可以空白的 [@{name}] 直接交给 {function}：空白时得 #VALUE!；"
                    f'写 N([@{name}])，或先写 IF([@{name}]="",…)'
                )


def _unasked(column: Computed, table: Table) -> Iterator[tuple[str, str]]:
    blank = {given.name for given in table.inputs if given.required is False and not given.when}
    nodes = list(walk(parse(column.formula).tree))
    asking = [*nodes, *(walk(parse(column.when).tree) if column.when else ())]
    blank -= {read.first for node in asking for read in _asked(node)}
    for node in nodes:
        if not isinstance(node, Apply):
            continue
        calls = node.arguments if node.function in _ARITHMETIC else (node,)
        for call in calls:
            if isinstance(call, Apply) and call.function in FUNCTIONS:
                parameters = FUNCTIONS[call.function].parameters
                for parameter, given in zip(parameters, call.arguments, strict=False):
                    if not isinstance(given, Reference) or not given.own_row or given.first not in blank:
                        continue
                    if _needs_a_value(call.function, parameter, call is not node):
                        yield given.first, call.function


def _needs_a_value(function: str, parameter: Parameter, within_arithmetic: bool) -> bool:
    """Whether a blank cell is an error here: for the function itself, or for what is computed with the empty text it gives."""
    if parameter.optional:
        return False
    refuses = parameter.shape is Shape.SCALAR or function in _REFUSING
    return refuses or (within_arithmetic and parameter.shape is Shape.CELL)


def _asked(node: Node) -> Iterator[Reference]:
    """The cells that a comparison or a question is about."""
    if isinstance(node, Apply) and node.function in ("=", "<>", "ISBLANK", "ISNUMBER"):
        yield from (given for given in node.arguments if isinstance(given, Reference))
