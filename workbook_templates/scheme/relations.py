"""What lists and tables of a scheme know of each other, beside what the file says of each."""

from __future__ import annotations

from dataclasses import replace

from workbook_templates.formula.language import parse
from workbook_templates.scheme.model import Scheme, Table
from workbook_templates.scheme.names import sum_rule
from workbook_templates.scheme.parameters import Listing, ParameterRule


def fixed(listing: Listing) -> Listing:
    """A list over whose rows columns are repeated keeps their names."""
    first, *others = listing.columns
    return replace(listing, columns=(replace(first, fixed=True), *others))


def sum_rules(lists: dict[str, Listing]) -> list[ParameterRule]:
    """What columns of lists have to add up to."""
    return [
        ParameterRule(
            sum_rule(listing.name, column.name),
            f"=KAOHE_ROUND(SUM({listing.name}[{column.name}])-{column.sum},6)=0",
            f"“{listing.name}”的{column.name}合计应为 {column.sum}",
            listing.scope,
        )
        for listing in lists.values()
        for column in listing.columns
        if column.sum is not None
    ]


def linked(tables: tuple[Table, ...]) -> tuple[Table, ...]:
    """What tables know of each other: which columns name people, and which groups other tables' bad rows spoil."""
    keyed = {table.name: table.inputs[0].name for table in tables if table.inputs and table.keyed}
    spoiled: dict[str, list[str]] = {}
    known = []
    for table in tables:
        inputs = []
        for column in table.inputs:
            target, _, name = column.key.partition(".")
            person = target in keyed and name in ("", keyed[target])
            inputs.append(replace(column, person=True) if person else column)
            if isinstance(column.spoils, str):
                spoiled.setdefault(target, []).append(column.spoils)
        for refer in table.refers:
            if isinstance(refer.spoils, str):
                spoiled.setdefault(refer.table, []).append(refer.spoils)
        known.append(replace(table, inputs=tuple(inputs)))
    return tuple(replace(table, spoiled=tuple(dict.fromkeys(spoiled.get(table.name, [])))) for table in known)


def read_for(table: Table, scheme: Scheme) -> list[Table]:
    """The other tables that a table's formulas read, or those of a table that they read."""
    read: dict[str, set[str]] = {}
    for _, text, own in scheme.formulas():
        if own is not None:
            read.setdefault(own.name, set()).update(each.table or own.name for each in parse(text).references())
    found, waiting = {table.name}, [table.name]
    while waiting:
        further = read.get(waiting.pop(), set()) - found
        found |= further
        waiting += further
    return [other for other in scheme.tables if other is not table and other.name in found]
