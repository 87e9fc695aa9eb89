"""Rows that formulas look for and may miss without a word: by a name here and a number there, or by what is misspelt."""

from __future__ import annotations

from collections.abc import Iterator

from udfs import FUNCTIONS
from workbook_templates.formula.columns import Reference
from workbook_templates.formula.language import parse
from workbook_templates.formula.tree import Node, calls
from workbook_templates.scheme.columns import Input
from workbook_templates.scheme.model import Scheme, Table
from workbook_templates.scheme.names import PERSON_KEY, SERIAL, column_key

LOOKED_FOR = {
    "KAOHE_SUM": ((0, 1), (4, 5), (6, 7)),
    "KAOHE_COUNT": ((0, 1), (2, 3), (4, 5)),
    "KAOHE_LOG": ((0, 1),),
    "KAOHE_LOOKUP": ((0, 1),),
    "MATCH": ((0, 1),),
    "COUNTIF": ((1, 0),),
    "COUNTIFS": ((1, 0), (3, 2), (5, 4)),
    "SUMIF": ((1, 0),),
    "SUMIFS": ((2, 1), (4, 3), (6, 5)),
    "AVERAGEIFS": ((2, 1), (4, 3), (6, 5)),
}
"""The places of what is looked for, and of the column in which: functions that look for rows."""


def missed(scheme: Scheme) -> Iterator[str]:
    tables = {table.name: table for table in scheme.tables}
    for table in scheme.tables:
        for where, text in _formulas(table):
            for wanted, keys in _looked_for(text):
                owner = tables.get(keys.table) if keys.table else table
                for told in _told(wanted, keys, table, owner) if owner else ():
                    yield f"表 {table.name} 的{where}在 {keys.text} 中{told}"
        for column in table.computed if table.keyed else ():
            for function, people in _people(column.formula):
                if people.first == table.inputs[0].name:
                    yield (
                        f"表 {table.name} 的列 {column.name} 的 {function} 以 {people.text} 为名单：有同名的人，人人都是错误值；"
                        f"写 [@{SERIAL}],[{SERIAL}]"
                    )


def _people(text: str) -> Iterator[tuple[str, Reference]]:
    """The columns of the own table that functions take for the list of people."""
    for call in calls(parse(text).tree):
        if call.function in FUNCTIONS and len(call.arguments) > 1:
            people = call.arguments[1]
            if (
                FUNCTIONS[call.function].parameters[1].name == "名单"
                and isinstance(people, Reference)
                and not people.table
            ):
                yield call.function, people


def _formulas(table: Table) -> Iterator[tuple[str, str]]:
    yield from ((f"列 {column.name} ", column.formula) for column in table.computed)
    yield from ((f"规则“{rule.message}”", rule.formula) for rule in table.rules)


def _told(wanted: Node, keys: Reference, table: Table, owner: Table) -> Iterator[str]:
    by_name = isinstance(wanted, Reference) and wanted.own_row and not wanted.first.startswith(PERSON_KEY)
    for column in owner.inputs:
        made = column_key(column.name)
        if column.person and keys.first == made and by_name:
            yield f"找的是姓名：填了工号的人找不到；要找的写 [@{PERSON_KEY}]"
        if keys.first != column.name:
            continue
        if column.person:
            yield f"找人：填了工号的行与姓名对不上；写 {keys.table or ''}[{made}]，要找的写 [@{PERSON_KEY}]"
        elif owner is not table and (target := _meant(wanted, table, column, owner)):
            yield f'找本行，那一列却没有写 key：拼错的没有人发现，也不计入；写 key = "{target}"'


def _looked_for(text: str) -> Iterator[tuple[Node, Reference]]:
    """What is looked for, and the whole column in which."""
    for call in calls(parse(text).tree):
        for wanted, keys in LOOKED_FOR.get(call.function, ()):
            if max(wanted, keys) < len(call.arguments):
                given = call.arguments[keys]
                if isinstance(given, Reference) and not given.own_row:
                    yield call.arguments[wanted], given


def _meant(wanted: Node, table: Table, column: Input, owner: Table) -> str:
    """The key that an unchecked text of another table should have: what tells the rows of this one apart is looked for in it."""
    checked = column.key or column.type != "text" or any(column.name in refer.columns for refer in owner.refers)
    if checked or not isinstance(wanted, Reference) or not wanted.own_row:
        return ""
    own = next((c for c in table.inputs if c.name == wanted.first and c.unique and not c.key), None)
    if wanted.first == PERSON_KEY or own is table.inputs[0]:
        return table.name
    return f"{table.name}.{own.name}" if own else ""
