"""Hidden columns of keys: which row of another table a row names, and how a bad row spoils the one that it names."""

from __future__ import annotations

from collections.abc import Iterator

from udfs.vocabulary import ABSENT, GOOD
from workbook_templates.scheme.columns import Input, Refer
from workbook_templates.scheme.model import Scheme, Table
from workbook_templates.scheme.names import CHECK, PERSON_KEY, bad_key, column_key

NOBODY = "?"
"""The key of a row that names nobody."""


def person_key(column: Input, scheme: Scheme) -> str:
    """The key of the person whom a cell names, by name or by 工号."""
    target, name = key_column(column, scheme)
    cell = f"[@{column.name}]"
    nobody = f'"{NOBODY}"'
    if column.key_optional:
        nobody = f'IF(KAOHE_COUNT({cell},{target}[{name}])>1,{nobody},{cell}&"")'
    if column.key_repeated:
        nobody = f'IF(KAOHE_COUNT({cell},{target}[{name}])>1,{cell}&"",{nobody})'
    # People of one name without 工号 share a key, and are in error themselves.
    by_key = f'IF(KAOHE_COUNT({cell}&"",{target}[{PERSON_KEY}])>0,{cell}&"",{nobody})'
    by_name = f"KAOHE_LOOKUP({cell},{target}[{name}],{target}[{PERSON_KEY}])"
    return f'=IF({cell}="","",IF(KAOHE_COUNT({cell},{target}[{name}])=1,{by_name}&"",{by_key}))'


def joint_key(table: Table, names: tuple[str, ...]) -> str:
    inputs = {column.name: column for column in table.inputs}
    # Of two blocks that are joined Calc leaves out the rows with errors, and moves up the others.
    parts = (f'IFERROR({key_cell(inputs[name])},"{NOBODY}")' for name in names)
    return f'=IF([@{names[0]}]="","",{_SEPARATED.join(parts)})'


_SEPARATED = '&"|"&'
_UNKNOWN = f'&"|{NOBODY}"'


def key_cell(column: Input) -> str:
    return f"[@{column_key(column.name)}]" if column.person else f"[@{column.name}]"


def joint_cell(table: Table, refer: Refer) -> str:
    """The key of the row that is named; if only its first part is known, of all rows that begin so, unless all are spoilt anyway."""
    names, target = refer.columns, refer.table
    first = next(column for column in table.inputs if column.name == names[0])
    begun, firsts = key_cell(first), column_key(first.name) if first.person else first.name
    key, keys = f"[@{column_key(*names)}]", f"{target}[{column_key(*names)}]"
    some = (
        f'"{NOBODY}"'
        if refer.unknown_spoils_all
        else f'IF(({begun}="{NOBODY}")+(KAOHE_COUNT({begun},{target}[{firsts}])=0)>0,"{NOBODY}",{begun}{_UNKNOWN})'
    )
    return f"IFERROR(IF(KAOHE_COUNT({key},{keys})=0,{some},{key}),{some})"


def where_bad(key: str, column: Input | None, scheme: Scheme) -> str:
    """The key of the row that this row names, where this row is in error."""
    named = key
    if column and not column.person:
        target, name = key_column(column, scheme)
        named = f'IF(KAOHE_COUNT({key},{target}[{name}])=0,"{NOBODY}",{key}&"")'
    sound = f'([@{CHECK}]="")+([@{CHECK}]="{GOOD}")+([@{CHECK}]="{ABSENT}")'
    return f'=IFERROR(IF(IFERROR({sound},0)>0,"",IF({key}="","{NOBODY}",{named})),"{NOBODY}")'


def spoilers(table: Table, scheme: Scheme) -> Iterator[tuple[str, str, str]]:
    """How bad rows of other tables spoil a row of this one: the group ("" for the whole row), condition, message."""
    for source in scheme.tables:
        for column in source.inputs:
            if column.spoils and column.key.partition(".")[0] == table.name:
                own = f"[@{PERSON_KEY}]" if column.person else f'[@{key_column(column, scheme)[1]}]&""'
                condition = _spoilt(own, f"{source.name}[{bad_key(column.name)}]", column.unknown_spoils_all)
                yield column.spoils if isinstance(column.spoils, str) else "", condition, source.name
        for refer in source.refers:
            if refer.spoils and refer.table == table.name:
                own, bad = f"[@{column_key(*refer.columns)}]", f"{source.name}[{bad_key(*refer.columns)}]"
                first = next(column for column in table.inputs if column.name == refer.columns[0])
                begun = "" if refer.unknown_spoils_all else f"{key_cell(first)}{_UNKNOWN}"
                condition = _spoilt(own, bad, refer.unknown_spoils_all, begun)
                yield refer.spoils if isinstance(refer.spoils, str) else "", condition, source.name


def _spoilt(own: str, bad: str, by_unknown: bool, begun: str = "") -> str:
    unknown = f'+KAOHE_COUNT("{NOBODY}",{bad})' if by_unknown else ""
    unknown += f"+KAOHE_COUNT({begun},{bad})" if begun else ""
    return f'IF({own}="",0,KAOHE_COUNT({own},{bad}){unknown})>0'


def key_column(column: Input, scheme: Scheme) -> tuple[str, str]:
    """Table and column that a key column's values must stand in: ``表.列``, or a table's first input column."""
    target, _, name = column.key.partition(".")
    if target in (listing.name for listing in scheme.lists):
        return target, name or scheme.listing(target).columns[0].name
    return target, name or scheme.table(target).inputs[0].name
