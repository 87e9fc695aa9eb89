"""The computed columns that are watched, because some formula reads them whole."""

from __future__ import annotations

from collections.abc import Mapping

from workbook_templates.scheme.guards import guarded_result, waiting
from workbook_templates.scheme.intact import Column, reads
from workbook_templates.scheme.model import Scheme
from workbook_templates.scheme.names import CHECK


def watched(scheme: Scheme, by_row: Mapping[str, bool]) -> dict[Column, list[Column]]:
    """Each with the columns from which it is computed, those left out that stand behind another one; ``by_row`` by table."""
    behind: dict[Column, list[Column]] = {}
    found = {(table.name, CHECK) for table in scheme.tables}
    for table in scheme.tables:
        for name, text in waiting(table, scheme, by_row[table.name]).items():
            read = reads(text, scheme, table, by_row[table.name])
            behind[table.name, name] = [*((table.name, own) for own in read.own), *read.whole]
            found.update(read.whole)
        found.update((table.name, column.name) for column in table.computed if column.total)
    for text in [guarded_result(result, scheme) for result in scheme.results] + [b.formula for b in scheme.balances]:
        found.update(reads(text, scheme, None).whole)
    all_behind: dict[Column, set[Column]] = {}

    def reached(column: Column) -> set[Column]:
        if column not in all_behind:
            direct = behind.get(column, [])
            all_behind[column] = set(direct).union(*map(reached, direct))
        return all_behind[column]

    for column in list(found):
        found |= reached(column)
    columns = [(table.name, name) for table in scheme.tables for name in table.column_names]
    return {each: _nearest(behind.get(each, []), all_behind) for each in columns if each in found}


def _nearest(direct: list[Column], behind: Mapping[Column, set[Column]]) -> list[Column]:
    further: set[Column] = set().union(*(behind[each] for each in direct))
    return [each for each in direct if each not in further]
