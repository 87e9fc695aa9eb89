"""The generated formulas: what checks a row's inputs, what states that a table is sound, and what guards a result.

Data validation stops a clerk's typing but not his pasting, so every row carries a 校验 column that re-checks its inputs
in the cells, and every computed column shows an error value unless 校验 says 通过. All of it is ordinary formula text in
the scheme's own notation, made here once, so that no scheme file repeats it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from udfs.checks import LATER
from udfs.vocabulary import ABSENT, GOOD, PENDING
from workbook_templates.formula import language as formulas
from workbook_templates.scheme.model import (
    CHECK,
    SERIAL,
    Computed,
    Input,
    Rule,
    Scheme,
    Table,
    group_check,
    state,
    unique_key,
)

BASE = "基本"
STRUCTURE = "表格结构"
"""The defined name that says 通过 while every table is whole: nothing beside it that no formula reads, no row without formulas."""

COPY = "本页是表的副本,公式读的仍是原表;要留存结果,请用“结果留存”或另存文件"


def parameter_state() -> str:
    return "参数校验"


def rules_name(table: Table, group: str = "") -> str:
    """The defined name of a table's block of rules (of one group of inputs)."""
    return f"规则_{table.name}_{group}" if group else f"规则_{table.name}"


def column_rule_name(table: Table, column: Input) -> str:
    """The defined name of one column's rule, where a condition decides whether it is applied."""
    return f"规则_{table.name}_{column.name}"


def headings_name(table: Table) -> str:
    """The defined name of the headings above a table's inputs, from the first to the last."""
    return f"表头_{table.name}"


def is_filled(table: Table) -> str:
    """Whether anything is entered in the row; an error value counts."""
    joined = "&".join(f"[@{column.name}]" for column in table.inputs)
    return f'IFERROR({joined},"?")<>""'


def generated_columns(table: Table, scheme: Scheme) -> dict[str, str]:
    """Formulas of the columns that a scheme file doesn't list, by name (序号 excepted: it needs the row's number)."""
    columns = {CHECK: _row_check(table, scheme, None)}
    for names in table.unique:
        joined = '&"|"&'.join(f"[@{name}]" for name in names)
        columns[unique_key(names)] = f'=IF([@{names[0]}]="","",{joined})'
    if table.groups:
        for group in (BASE, *table.groups):
            columns[group_check(group)] = _row_check(table, scheme, group)
    return columns


def guarded(column: Computed, table: Table) -> str:
    """The column's formula, evaluated only where the row (and what else it needs) is free of errors."""
    if not column.guard:
        return column.formula
    result = column.formula[1:]
    for need in reversed(column.needs):
        result = f'IF({state(need)}="{GOOD}",{result},{state(need)}*1)'
    for group in reversed(column.groups):
        check = f"[@{group_check(group)}]"
        result = f'IF({check}="{GOOD}",{result},{check}*1)'
    check = f"[@{group_check(BASE)}]" if table.groups else f"[@{CHECK}]"
    otherwise = f'IF({check}="","",{check}*1)'
    if table.absent_when:
        otherwise = f'IF({check}="{ABSENT}",{_literal(column.absent)},{otherwise})'
    return f'=IF({check}="{GOOD}",{result},{otherwise})'


def guarded_result(formula: str, needs: tuple[str, ...]) -> str:
    """A summary value's formula, evaluated only where the tables it needs are free of errors."""
    result = formula[1:]
    for need in reversed(needs):
        result = f'IF({state(need)}="{GOOD}",{result},{state(need)}*1)'
    return "=" + result


def rows_without_formulas(table: Table) -> str:
    """How many rows have something entered and no formulas."""
    blank = "*".join(f"ISBLANK({table.name}[{column.name}])" for column in table.inputs)
    return f"=SUMPRODUCT((1-{blank})*ISBLANK({table.name}[{SERIAL}]))"


def cells_without_formulas(table: Table) -> str:
    """How many cells of the computed columns hold something else, or nothing though their row is filled in."""
    serial = f"{table.name}[{SERIAL}]"
    inputs = {column.name for column in table.inputs}
    columns = [f"{table.name}[{name}]" for name in table.column_names if name not in inputs]
    terms = [f'SUMPRODUCT((1-ISFORMULA({cells}))*(1-ISBLANK({cells})*({serial}="")))' for cells in columns]
    return "=" + "+".join(terms)


def columns_out_of_order(table: Table, scheme: Scheme) -> str:
    """How many columns that formulas read as neighbours are no neighbours any more."""
    pairs: dict[tuple[str, str], None] = {}
    for text, own in _formulas(scheme):
        for reference in formulas.parse(text).references():
            if (reference.table or own) == table.name and not reference.single:
                names = table.column_names
                read = names[names.index(reference.first) : names.index(reference.last) + 1]
                pairs.update(dict.fromkeys(pairwise(read)))
    terms = [f"(COLUMN({table.name}[{right}])-COLUMN({table.name}[{left}])<>1)" for left, right in pairs]
    return "=" + "+".join([*terms, "0"])


def _formulas(scheme: Scheme) -> Iterator[tuple[str, str]]:
    """Every formula of the scheme file that may read tables, each with the table in which it stands."""
    for table in scheme.tables:
        for text in [c.formula for c in table.computed] + [rule.formula for rule in table.rules]:
            yield text, table.name
    for text in [result.formula for result in scheme.results] + [balance.formula for balance in scheme.balances]:
        yield text, ""


def wrong_rows(table: Table) -> str:
    """How many rows are filled in wrongly."""
    column = f"{table.name}[{CHECK}]"
    unfinished = _is_unfinished(column)
    return f'=SUMPRODUCT(({column}<>"")*({column}<>"{GOOD}")*({column}<>"{ABSENT}")*(1-{unfinished}))'


def unfinished_rows(table: Table) -> str:
    """How many rows are not filled in completely."""
    return f"=SUMPRODUCT({_is_unfinished(f'{table.name}[{CHECK}]')}*1)"


def _is_unfinished(cells: str) -> str:
    return f'(LEFT({cells},{len(PENDING) + 1})="{PENDING}:")'


def filled_rows(table: Table) -> str:
    return f'=SUMPRODUCT(({table.name}[{CHECK}]<>"")*1)'


def rule_state(formula: str, message: str) -> str:
    """通过 while a condition over parameters holds, else its message."""
    return f'=IF(IFERROR({formula[1:]},FALSE),"{GOOD}","{_escaped(message)}")'


def _row_check(table: Table, scheme: Scheme, group: str | None) -> str:
    first, last = table.inputs[0].name, table.inputs[-1].name
    inputs = f"[@{first}]" if first == last else f"[@[{first}]:[{last}]]"
    extra = _extra(table, scheme, group)
    further = f",{extra or chr(34) * 2}"
    rules = rules_name(table, group or "")
    return f"=KAOHE_CHECK({_row_state(table, scheme)},{inputs},{rules}{further},{headings_name(table)})"


def _row_state(table: Table, scheme: Scheme) -> str:
    """A text that replaces the check: the parameters' own trouble, or that the person takes no part."""
    text = f'IF(IFERROR({table.absent_when[1:]},FALSE),"{ABSENT}","")' if table.absent_when else '""'
    for rule in reversed(scheme.parameter_rules):
        if rule.scope is None or table.name in rule.scope:
            text = f'IF({state(rule.name)}<>"{GOOD}","参数:"&{state(rule.name)},{text})'
    if scheme.parameters:
        text = f'IF({parameter_state()}<>"{GOOD}","参数:"&{parameter_state()},{text})'
    text = f'IF({STRUCTURE}<>"{GOOD}","结构:"&{STRUCTURE},{text})'
    # Older programs don't know SHEET; there a copied sheet goes unnoticed, and nothing else is lost.
    return f'IF(IFERROR(SHEET()<>SHEET({table.name}[{table.inputs[0].name}]),FALSE),"结构:{COPY}",{text})'


def _extra(table: Table, scheme: Scheme, group: str | None) -> str:
    def belongs(item: Input | Rule) -> bool:
        return group is None or item.group == ("" if group == BASE else group)

    clauses: list[str] = []
    for column in filter(belongs, table.inputs):
        clauses += _column_clauses(column, table, scheme)
    if group is None or group == BASE:
        for names in table.unique:
            key = unique_key(names)
            told = "、".join(names)
            clauses.append(f'IF(KAOHE_COUNT([@{key}],[{key}])>1,"{names[0]}:{told} 与其他行重复；","")')
    for rule in filter(belongs, table.rules):
        where = f"{rule.column}:" if rule.column else ""
        clauses.append(f'IF(IFERROR({rule.formula[1:]},FALSE),"","{LATER}{_escaped(where + rule.message)}；")')
    return "&".join(clauses)


def _column_clauses(column: Input, table: Table, scheme: Scheme) -> list[str]:
    cell, name = f"[@{column.name}]", column.name
    clauses = []
    required = f'"{name}:必填；"'
    if column.when:
        missing = required if column.required is True else '""'
        checked = f'SUBSTITUTE(KAOHE_CHECK("",{cell},{column_rule_name(table, column)})&"；","{GOOD}；","")'
        clauses.append(f'IF(IFERROR({column.when[1:]},FALSE),IF({cell}="",{missing},{checked}),"")')
    if isinstance(column.required, str):
        clauses.append(f'IF(IFERROR({column.required[1:]},FALSE),IF({cell}="",{required},""),"")')
    if column.unique:
        clauses.append(f'IF(KAOHE_COUNT({cell},[{name}])>1,"{name}:与其他行重复；","")')
    if column.key:
        clauses.append(_key_clause(column, scheme))
    return clauses


def _key_clause(column: Input, scheme: Scheme) -> str:
    target, key = key_column(column, scheme)
    cell, keys = f"[@{column.name}]", f"{target}[{key}]"
    unknown = f'"{column.name}:表 {target} 中没有这个{key}；"'
    repeated = f'"{column.name}:表 {target} 中这个{key}有多行；"'
    sound = '""'
    if column.key_valid:
        found = f"KAOHE_LOOKUP({cell},{keys},{target}[{CHECK}])"
        bad = f'"{column.name}:表 {target} 中这一行有错误；"'
        sound = f'IFERROR(IF(({found}="{GOOD}")+({found}="{ABSENT}")>0,"",{bad}),{bad})'
    count = f"KAOHE_COUNT({cell},{keys})"
    clause = f"IF({count}=0,{unknown},{sound})"
    if column.key_single:
        clause = f"IF({count}=1,{sound},IF({count}=0,{unknown},{repeated}))"
    clause = f'IF({cell}="","",{clause})'
    return f'IF(IFERROR({column.when[1:]},FALSE),{clause},"")' if column.when else clause


def key_column(column: Input, scheme: Scheme) -> tuple[str, str]:
    """Table and column that a key column's values must stand in: ``表.列``, or a table's first input column."""
    target, _, name = column.key.partition(".")
    return target, name or scheme.table(target).inputs[0].name


def _literal(value: str | int | float | bool | None) -> str:
    if isinstance(value, str) and value.startswith("="):
        return value[1:]
    if value is None or isinstance(value, str):
        return f'"{_escaped(value or "")}"'
    return str(value)


def _escaped(text: str) -> str:
    return text.replace('"', '""')
