"""Errors that a formula covers up: where another row is in error it gives a number all the same."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from workbook_templates.formula.columns import Reference
from workbook_templates.formula.language import parse
from workbook_templates.formula.tree import Apply, Node, calls, children, walk
from workbook_templates.scheme.columns import Computed
from workbook_templates.scheme.model import Scheme, Summary
from workbook_templates.scheme.names import CHECK

_COUNTING = frozenset(["KAOHE_COUNT", "COUNT", "COUNTA", "COUNTBLANK", "COUNTIF", "COUNTIFS", "ROWS"])
"""Functions that no error value in a column makes an error."""


def covered(scheme: Scheme) -> Iterator[str]:
    """What is to be said of IFERROR and ISERROR over whole columns of tables that aren't among the ``needs``."""
    tables = [table.name for table in scheme.tables]
    for table in scheme.tables:
        for column in (column for column in table.computed if column.guard):
            here = f"表 {table.name} 的列 {column.name}"
            yield from _told(here, column.formula, {*tables} - {*column.needs}, table.name)
    for result in scheme.results:
        yield from _told(f"汇总 {result.name}", result.formula, {*tables} - {*result.needs}, "")
    for balance in scheme.balances:
        yield from _told(f"核对 {balance.name}", balance.formula, tables, "")


def uncounted(scheme: Scheme) -> Iterator[str]:
    """Summary values and columns that others are computed from, and that count what rows of another table in error haven't got."""
    computed = {(table.name, CHECK) for table in scheme.tables}
    computed |= {(table.name, column.name) for table in scheme.tables for column in table.computed if column.guard}
    formulas = [(result.formula, "") for result in scheme.results]
    formulas += [(column.formula, table.name) for table in scheme.tables for column in table.computed]
    used: set[tuple[str, str]] = set()
    for text, own in formulas:
        formula = parse(text)
        used |= {("", name) for name in formula.names()}
        used |= {(read.table or own, read.first) for read in formula.references()}
    parts: list[tuple[str, str, Summary | Computed]] = [
        ("", f"汇总 {result.name}", result) for result in scheme.results
    ]
    parts += [(t.name, f"表 {t.name} 的列 {c.name}", c) for t in scheme.tables for c in t.computed if c.guard]
    for own, here, part in parts:
        if (own, part.name) in used:
            for read in _counted(parse(part.formula).tree, computed):
                if read.table not in part.needs:
                    yield (
                        f"{here} 数 {read.text}，填错的行不在其中，用到它的结果就不对；"
                        f'写 needs = ["{read.table}"]，填错时就是错误值'
                    )


def _counted(tree: Node, computed: Collection[tuple[str | None, str]]) -> Iterator[Reference]:
    """The computed columns of other tables that are counted, and of whose table nothing else is read."""
    otherwise = {read.table for read in _read(tree) if (read.table, read.first) in computed}
    counting = (call for call in calls(tree) if call.function in _COUNTING)
    found = dict.fromkeys(read for call in counting for read in walk(call) if isinstance(read, Reference))
    yield from (read for read in found if (read.table, read.first) in computed and read.table not in otherwise)


def _told(here: str, formula: str, tables: Collection[str], own: str) -> Iterator[str]:
    for node in walk(parse(formula).tree):
        match node:
            case Apply("IFERROR" | "ISERROR", (inner, *_)):
                columns = dict.fromkeys(read.text for read in _read(inner) if (read.table or own) in tables)
                if columns:
                    yield (
                        f"{here} 的 {node.function} 读 {'、'.join(columns)}：那里有一行填错，这里也不是错误值；"
                        "没有记录的用 IF(KAOHE_COUNT(…)=0,…) 判断，除数为 0 的用 IF(…=0,…)"
                    )


def _read(node: Node) -> Iterator[Reference]:
    """The whole columns whose error values reach a formula."""
    if isinstance(node, Reference) and not node.own_row:
        yield node
    if not (isinstance(node, Apply) and node.function in _COUNTING):
        for part in children(node):
            yield from _read(part)
