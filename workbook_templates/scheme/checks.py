"""The check of a row: what the clerk entered, and what stands in the way of computing it.

Data validation stops a clerk's typing but not his pasting, so every row carries a 校验 column that re-checks its inputs
in the cells. All of it is ordinary formula text in the scheme's own notation, made here once, so that no scheme file repeats it.
"""

from __future__ import annotations

from collections.abc import Iterator

from udfs.checks import LATER, SEPARATOR
from udfs.vocabulary import ABSENT, GOOD, YES
from workbook_templates.scheme import intact
from workbook_templates.scheme.columns import Bound, Input, Limits, Rule
from workbook_templates.scheme.keycolumns import (
    NOBODY,
    joint_cell,
    joint_key,
    key_cell,
    key_column,
    person_key,
    spoilers,
    where_bad,
)
from workbook_templates.scheme.model import Scheme, Table
from workbook_templates.scheme.names import (
    CHECK,
    HAS_FORMULAS,
    PERSON_KEY,
    STAFF_NUMBER,
    STRUCTURE,
    bad_key,
    column_key,
    escaped,
    group_check,
    headings_name,
    parameter_state,
    rules_name,
    state,
    within_name,
)
from workbook_templates.scheme.sentences import SPOILT

BASE = "基本"

COPY = "本页是表的副本，公式读的仍是原表；要留存结果，请用“固化数值”或另存文件"


def column_rule_name(table: Table, column: Input) -> str:
    """The defined name of one column's rule, where a condition decides whether it is applied."""
    return f"规则_{table.name}_{within_name(column.name, [each.name for each in table.inputs])}"


def is_filled(table: Table) -> str:
    """Whether anything is entered in the row; an error value counts."""
    blank = "*".join(f'([@{column.name}]="")' for column in table.inputs)
    return f"IFERROR(1-{blank},1)>0"


def generated_columns(table: Table, scheme: Scheme, by_row: bool = True) -> dict[str, str]:
    """Formulas of the columns that a scheme file doesn't list, by name (序号 excepted: it needs the row's number)."""
    columns = {CHECK: _row_check(table, scheme, None, by_row)}
    if table.keyed:
        columns[PERSON_KEY] = f'=IF([@{STAFF_NUMBER}]="",[@{table.inputs[0].name}]&"",[@{STAFF_NUMBER}]&"")'
    for column in table.inputs:
        if column.person:
            columns[column_key(column.name)] = person_key(column, scheme)
        if column.spoils:
            columns[bad_key(column.name)] = where_bad(key_cell(column), column, scheme)
    for names in table.joint_keys:
        columns[column_key(*names)] = joint_key(table, names)
    for refer in table.refers:
        if refer.spoils:
            columns[bad_key(*refer.columns)] = where_bad(joint_cell(table, refer), None, scheme)
    if table.groups:
        for group in (BASE, *table.groups):
            columns[group_check(group)] = _row_check(table, scheme, group, by_row)
    if table.marker == HAS_FORMULAS:
        columns[HAS_FORMULAS] = f'="{YES}"'
    return columns


def _row_check(table: Table, scheme: Scheme, group: str | None, by_row: bool) -> str:
    first, last = table.inputs[0].name, table.inputs[-1].name
    inputs = f"[@{first}]" if first == last else f"[@[{first}]:[{last}]]"
    further = f"{rules_name(table.name, group or '')},{_extra(table, scheme, group) or chr(34) * 2}"

    def check(state: str) -> str:
        return f"=KAOHE_CHECK({state},{inputs},{further},{headings_name(table.name)})"

    stands = _row_state(table, scheme)
    found = intact.reads(check(stands), scheme, table, by_row, deep=True)
    return check(_structure(table, intact.told(stands, found, scheme)))


def _row_state(table: Table, scheme: Scheme) -> str:
    """A text that replaces the check: the parameters' own trouble, or that the person takes no part."""
    text = f'IF(IFERROR({table.absent_when[1:]},FALSE),"{ABSENT}","")' if table.absent_when else '""'
    for rule in reversed(scheme.parameter_rules):
        if rule.scope is None or table.name in rule.scope:
            text = f'IF({state(rule.name)}<>"{GOOD}","参数:"&{state(rule.name)},{text})'
    scopes = [*((p.name, p.scope) for p in scheme.parameters), *((x.name, x.scope) for x in scheme.lists)]
    for name, scope in reversed(scopes):
        if scope is not None and table.name in scope:
            text = f'IF({state(name)}<>"{GOOD}","参数:"&{state(name)},{text})'
    if scheme.parameters or scheme.lists:
        text = f'IF({parameter_state()}<>"{GOOD}","参数:"&{parameter_state()},{text})'
    return text


def _structure(table: Table, text: str) -> str:
    """A text that replaces the check, where the table isn't whole or is a copy; else ``text``."""
    text = f'IF({STRUCTURE}<>"{GOOD}","结构:"&{STRUCTURE},{text})'
    # Older programs don't know SHEET; there a copied sheet goes unnoticed, and nothing else is lost.
    return f'IF(IFERROR(SHEET()<>SHEET({table.name}[{table.inputs[0].name}]),FALSE),"结构:{COPY}",{text})'


def _extra(table: Table, scheme: Scheme, group: str | None) -> str:
    wanted = "" if group == BASE else group

    def belongs(item: Input | Rule) -> bool:
        return group is None or item.group == wanted

    clauses: list[str] = []
    for column in filter(belongs, table.inputs):
        clauses += _column_clauses(column, table, scheme)
    if not wanted:
        for names in table.unique:
            key = column_key(*names)
            told = "、".join(names)
            repeated = f'IF(KAOHE_ALIKE([@{key}],[{key}])>1,"{names[0]}:{told} 与其他行重复；","")'
            # Somebody who is not known is no other row's person; that is told by itself.
            persons = [column.name for column in table.inputs if column.person and column.name in names]
            unknown = "".join(f'+([@{column_key(name)}]="{NOBODY}")' for name in persons)
            nobody = f'([@{key}]=""){unknown}>0' if unknown else f'[@{key}]=""'
            clauses.append(_caught(f'IF({nobody},"",{repeated})'))
        for refer in table.refers:
            key, told = column_key(*refer.columns), "、".join(refer.columns)
            missing = f'"{refer.columns[0]}:表 {refer.table} 中没有这个{told}；"'
            clauses.append(_caught(f'IF([@{key}]="","",IF(KAOHE_COUNT([@{key}],{refer.table}[{key}])=0,{missing},""))'))
    for rule in filter(belongs, table.rules):
        where = f"{rule.column}:" if rule.column else ""
        message = escaped(where + rule.message.replace(SEPARATOR, "，"))
        clauses.append(f'IF(IFERROR({rule.formula[1:]},FALSE),"","{LATER}{message}；")')
    for spoilt, condition, source in spoilers(table, scheme):
        if group is None or spoilt == wanted:
            clauses.append(_caught(f'IF({condition},"{SPOILT.format(source)}；","")'))
    return "&".join(clauses)


def _caught(clause: str) -> str:
    """A clause that an error value among the cells doesn't spoil, nor the other ones: joining two blocks of texts, Calc leaves out
    the rows with errors, so that all others move up."""
    return f'IFERROR({clause},"{LATER}{SEPARATOR}")'


def _column_clauses(column: Input, table: Table, scheme: Scheme) -> list[str]:
    cell, name = f"[@{column.name}]", column.name
    clauses = []
    required = f'"{name}:必填；"'
    if column.when:
        missing = required if column.required is True else '""'
        checked = f'SUBSTITUTE(KAOHE_CHECK("",{cell},{column_rule_name(table, column)})&"；","{GOOD}；","")'
        clauses.append(f'IF(IFERROR({column.when[1:]},FALSE),IF(IFERROR({cell}="",FALSE),{missing},{checked}),"")')
    if isinstance(column.required, str):
        clauses.append(_caught(f'IF(IFERROR({column.required[1:]},FALSE),IF({cell}="",{required},""),"")'))
    clauses += _bound_clauses(column)
    repeated = f'IF({cell}="","",IF(KAOHE_ALIKE({cell},[{name}])>1,"{name}:与其他行重复；",""))'
    if column.unique:
        by_number = table.keyed and column is table.inputs[0]
        clauses.append(_caught(f'IF([@{STAFF_NUMBER}]="",{repeated},"")' if by_number else repeated))
    if table.keyed and name == STAFF_NUMBER:
        clauses.append(_caught(repeated))
    if column.key:
        clauses.append(_caught(_when(column, _key_clause(column, scheme))))
    return clauses


def _when(column: Input, clause: str) -> str:
    return f'IF(IFERROR({column.when[1:]},FALSE),{clause},"")' if column.when else clause


def is_of_row(bound: Bound) -> bool:
    """Whether a bound is a formula over cells of the same row."""
    return isinstance(bound, str) and bound.startswith("=") and "[@" in bound


def _bound_clauses(column: Input) -> Iterator[str]:
    """Bounds that a row computes; the other ones stand in the sheet 填写规则.

    IFERROR stands around all: within the IF of an array formula it takes Calc a second for ten thousand rows.
    """
    cell = f"[@{column.name}]"
    for bound, sign, words in (
        (column.min, ">=", "不能小于"),
        (column.above, ">", "应大于"),
        (column.max, "<=", "不能大于"),
        (column.below, "<", "应小于"),
    ):
        if (formula := row_bound(column, bound)) is not None:
            told = f'"{column.name}:{words} '
            clause = f'IF(ISNUMBER({cell}),IF({cell}{sign}{formula},"",{told}"&{formula}&"；"),"")'
            yield f'IFERROR({_when(column, clause)},{told}{NOBODY}；")'


def row_bound(column: Limits, bound: Bound) -> str | None:
    """The formula of a bound that the row itself must check: its own, or another column's cell where the cell is checked alone."""
    if not isinstance(bound, str):
        return None
    if is_of_row(bound):
        return bound[1:]
    alone = isinstance(column, Input) and column.when
    return f"[@{bound.strip('[]')}]+0" if alone and bound.startswith("[") else None


def _key_clause(column: Input, scheme: Scheme) -> str:
    target, key = key_column(column, scheme)
    cell, keys = f"[@{column.name}]", f"{target}[{key}]"
    unknown = f'"{column.name}:表 {target} 中没有这个{key}；"'
    repeated = f'"{column.name}:表 {target} 中这个{key}有多行；"'
    bad = f'"{column.name}:表 {target} 中这一行有错误；"'
    count = f"KAOHE_COUNT({cell},{keys})"
    if column.person:
        repeated = f'"{column.name}:表 {target} 中有人同名，请填工号；"'
        person, people = f"[@{column_key(column.name)}]", f"{target}[{PERSON_KEY}]"
        sound = f'IF({_is_sound(person, people, target)},"",{bad})' if column.key_valid else '""'
        if column.key_single:
            sound = f"IF(KAOHE_COUNT({person},{people})>1,{repeated},{sound})"
        clause = f'IF({person}="{NOBODY}",IF({count}>1,{repeated},{unknown}),{sound})'
    elif column.key_valid:
        named = f"IF({count}=1,{bad},{repeated})" if column.key_single else bad
        clause = f'IF({_is_sound(cell, keys, target)},"",IF({count}=0,{unknown},{named}))'
    elif column.key_single:
        clause = f'IF({count}=1,"",IF({count}=0,{unknown},{repeated}))'
    else:
        clause = f'IF({count}=0,{unknown},"")'
    return f'IF({cell}="","",{clause})'


def _is_sound(cell: str, keys: str, target: str) -> str:
    """Whether the only row with this key is in order; without IFERROR, for the sake of array formulas."""
    return f'ISNUMBER(FIND("|"&KAOHE_LOOKUP({cell},{keys},{target}[{CHECK}])&"|","|{GOOD}|{ABSENT}|"))'
