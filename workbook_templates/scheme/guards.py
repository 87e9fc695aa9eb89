"""What a computed column or a summary value waits for: without it an error value, never a plausible number."""

from __future__ import annotations

from collections.abc import Sequence

from udfs.vocabulary import ABSENT, GOOD
from workbook_templates.formula import language as formulas
from workbook_templates.scheme.checks import BASE, generated_columns
from workbook_templates.scheme.columns import Computed, Requirement, Value
from workbook_templates.scheme.intact import OVERWRITTEN, kept
from workbook_templates.scheme.model import Scheme, Summary, Table
from workbook_templates.scheme.names import (
    CHECK,
    error,
    group_check,
    is_check,
    literal,
    parameter_state,
    state,
    sum_rule,
)

_COUNTING = frozenset({"COUNT", "COUNTA", "COUNTBLANK", "COUNTIF", "COUNTIFS", "SUMIF", "SUMIFS", "AVERAGEIFS"})


def written(table: Table, scheme: Scheme, by_row: bool = True) -> dict[str, str]:
    """The formulas of a table as its rows have them, by column (序号 excepted: it needs the row's number).

    ``by_row``: whether rows are computed one by one, as those of an Excel table.
    """
    catching = {column.name for column in table.computed if not column.guard}
    return {
        # A check says in words what it doesn't find.
        name: text if is_check(name) else kept(text, scheme, table, by_row, deep=name in catching)
        for name, text in waiting(table, scheme, by_row).items()
    }


def waiting(table: Table, scheme: Scheme, by_row: bool) -> dict[str, str]:
    """The same, but computed whether or not there are formulas in the cells that they read; of checks only what they say of them."""
    return generated_columns(table, scheme, by_row) | {c.name: guarded(c, table, scheme) for c in table.computed}


def guarded(column: Computed, table: Table, scheme: Scheme) -> str:
    """The column's formula, evaluated only where the row (and what else it needs) is free of errors."""
    if not column.guard:
        return column.formula
    result = _required(column.formula[1:], column.require)
    if column.when:
        result = f'IF({column.when[1:]},{result},"")'
    for need in reversed(_needs(column.formula, column.needs, scheme)):
        result = _once_sound(state(need), result)
    for group in reversed(column.groups):
        check = f"[@{group_check(group)}]"
        result = f'IF({check}="{GOOD}",{result},{check}*1)'
    check = f"[@{group_check(BASE)}]" if table.groups else f"[@{CHECK}]"
    otherwise = f'IF({check}="","",{check}*1)'
    if table.absent_when:
        otherwise = f'IF({check}="{ABSENT}",{_literal(column.absent)},{otherwise})'
    return f'=IF({check}="{GOOD}",{result},{otherwise})'


def guarded_result(result: Summary, scheme: Scheme) -> str:
    """A summary value's formula, evaluated only where the tables it needs, and what it counts of them, are free of errors."""
    text = _required(result.formula[1:], result.require)
    for cells in _counted(result, scheme):
        text = f"IF(SUMPRODUCT(1*ISERROR({cells}))=0,{text},{error(f'{cells} 有错误值')})"
    for need in reversed(_needs(result.formula, result.needs, scheme)):
        text = _once_sound(state(need), text)
    if _reads_parameters(result.formula, scheme):
        text = _once_sound(parameter_state(), text)
    return kept("=" + text, scheme)


def _reads_parameters(formula: str, scheme: Scheme) -> bool:
    """Whether it reads parameters or lists that no row of a table need have read before it."""
    parsed = formulas.parse(formula)
    lists = [listing for listing in scheme.lists if listing.scope is None]
    cells = {p.name for p in scheme.parameters if p.scope is None}.union(*(x.cells(x.rows) for x in lists))
    names = {listing.name for listing in lists}
    tables = names | {view.name for view in scheme.views if view.listing in names}
    return not cells.isdisjoint(parsed.names()) or any(r.table in tables for r in parsed.references())


def _once_sound(stands: str, text: str) -> str:
    """``text`` where the state of what is needed says so itself; written over, it vouches for nothing, and is no number."""
    return f'IF(ISFORMULA({stands}),IF({stands}="{GOOD}",{text},{stands}*1),{error(OVERWRITTEN)})'


def _counted(result: Summary, scheme: Scheme) -> list[str]:
    """The computed columns whose errors Excel's functions would leave out as if nothing were there."""
    parsed = formulas.parse(result.formula)
    if _COUNTING.isdisjoint(parsed.functions()):
        return []
    computed = {table.name: {c.name for c in table.computed} for table in scheme.tables if table.name in result.needs}
    read = [
        reference for reference in parsed.references() if reference.first in computed.get(reference.table or "", ())
    ]
    return list(dict.fromkeys(reference.text for reference in read))


def _required(text: str, requirements: Sequence[Requirement]) -> str:
    for requirement in reversed(requirements):
        text = f"IF(IFERROR({requirement.formula[1:]},FALSE),{text},{error(requirement.message)})"
    return text


def _needs(formula: str, needs: Sequence[str], scheme: Scheme) -> list[str]:
    """What a formula waits for: what is written, and the parameters and lists it reads that don't stop whole tables."""
    own = {p.name: p.name for p in scheme.parameters if p.scope is not None}
    own |= {cell: x.name for x in scheme.lists if x.scope is not None for cell in x.cells(x.rows)}
    scoped_lists = {listing.name for listing in scheme.lists if listing.scope is not None}
    views = {view.name: view.listing for view in scheme.views}
    parsed = formulas.parse(formula)
    read = [own[name] for name in parsed.names() if name in own]
    tables = [views.get(reference.table or "", reference.table or "") for reference in parsed.references()]
    lists = [name for name in tables if name in scoped_lists]
    rules = {rule.name for rule in scheme.parameter_rules}
    sums = [sum_rule(x.name, c.name) for x in scheme.lists if x.name in lists for c in x.columns]
    return list(dict.fromkeys([*needs, *read, *lists, *(name for name in sums if name in rules)]))


def _literal(value: Value) -> str:
    if isinstance(value, str) and value.startswith("="):
        return value[1:]
    return literal(value)
