"""Blank cells and empty texts where a formula needs a number: an error value for everybody with him who has one, or more than any number."""

from __future__ import annotations

from collections.abc import Iterator

from udfs import FUNCTIONS
from udfs.registry import Parameter, Shape
from workbook_templates.formula.columns import Reference
from workbook_templates.formula.language import parse
from workbook_templates.formula.tree import Apply, Blank, Constant, Node, walk
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
        for column_name in _lost(table):
            yield (
                f"表 {table.name} 的列 {column_name} 的 KAOHE_ITEM：扣分、加分都空白时得空文本，不是满分；加分写 0，"
                "如 KAOHE_ITEM(100,[@扣分],0)"
            )
        for column_name, name in _compared(table):
            yield (
                f"表 {table.name} 的列 {column_name} 比较 [@{name}] 的大小，它可能是空文本：空文本比任何数都大；"
                f'先写 IF([@{name}]="",…)'
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


def _lost(table: Table) -> Iterator[str]:
    """Columns with a KAOHE_ITEM that gives an empty text, not the full mark, where nothing was taken off and nothing added."""
    names = table.column_names
    inputs = {given.name for given in table.inputs if given.required is False and not given.when}
    maybe: set[str] = set()

    def is_blank(node: Node, blank: set[str]) -> bool:
        match node:
            case Reference(own_row=True):
                return blank.issuperset(node.among(names))
            case Apply("KAOHE_DEDUCT", (counts, *_)):
                return is_blank(counts, blank)
            case Apply("KAOHE_ITEM", (_, *given)):
                return all(is_blank(each, blank) for each in given[:2])
            case _:
                return isinstance(node, Blank) or node == Constant("")

    for column in table.computed:
        nodes = list(walk(parse(column.formula).tree))
        blank = (inputs | maybe) - {read.first for node in nodes for read in _asked(node)}
        if any(isinstance(node, Apply) and node.function == "KAOHE_ITEM" and is_blank(node, blank) for node in nodes):
            yield column.name
        if is_blank(nodes[0], blank):
            maybe.add(column.name)


def _compared(table: Table) -> Iterator[tuple[str, str]]:
    """Columns whose first question is how large another one is that may be an empty text, and that one."""
    blank: set[str] = set()
    for column in table.computed:
        tree = parse(column.formula).tree
        if not column.when:
            first = tree.arguments[0] if isinstance(tree, Apply) and tree.function == "IF" else tree
            nodes = list(walk(first))
            asked = {read.first for node in nodes for read in _asked(node)}
            for node in nodes:
                if isinstance(node, Apply) and node.function in ("<", ">", "<=", ">="):
                    cells = (given for given in node.arguments if isinstance(given, Reference) and given.own_row)
                    yield from ((column.name, read.first) for read in cells if read.first in blank - asked)
        if column.when or _may_be_blank(tree, blank):
            blank.add(column.name)


def _may_be_blank(node: Node, blank: set[str]) -> bool:
    match node:
        case Constant(""):
            return True
        case Apply("IF", (_, *branches)) | Apply("IFERROR", branches):
            return any(_may_be_blank(branch, blank) for branch in branches)
        case Reference(own_row=True):
            return node.first in blank
        case _:
            return False


def _asked(node: Node) -> Iterator[Reference]:
    """The cells that a comparison or a question is about."""
    if isinstance(node, Apply) and node.function in ("=", "<>", "ISBLANK", "ISNUMBER"):
        yield from (given for given in node.arguments if isinstance(given, Reference))
