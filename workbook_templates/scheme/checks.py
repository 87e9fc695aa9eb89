"""The generated formulas: what checks a row's inputs, what states that a table is sound, and what guards a result.

Data validation stops a clerk's typing but not his pasting, so every row carries a 校验 column that re-checks its inputs
in the cells, and every computed column shows an error value unless 校验 says 通过. All of it is ordinary formula text in
the scheme's own notation, made here once, so that no scheme file repeats it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from udfs.checks import LATER
from udfs.vocabulary import ABSENT, GOOD, PENDING
from workbook_templates.formula import language as formulas
from workbook_templates.scheme.columns import Bound, Computed, Input, Limits, Requirement, Rule
from workbook_templates.scheme.model import Scheme, Summary, Table
from workbook_templates.scheme.names import (
    CHECK,
    PERSON_KEY,
    SERIAL,
    STAFF_NUMBER,
    bad_key,
    column_key,
    group_check,
    state,
    sum_rule,
)

BASE = "基本"
STRUCTURE = "表格结构"
"""The defined name that says 通过 while every table is whole: nothing beside it that no formula reads, no row without formulas."""

COPY = "本页是表的副本，公式读的仍是原表；要留存结果，请用“结果留存”或另存文件"
LONGEST = 8000
"""Characters of a formula that Excel is sure to take."""

NOBODY = "?"
"""The key of a row that names nobody."""


def parameter_state() -> str:
    return "参数校验"


def rules_name(table: str, group: str = "") -> str:
    """The defined name of a table's block of rules (of one group of inputs)."""
    return f"规则_{table}_{group}" if group else f"规则_{table}"


def column_rule_name(table: Table, column: Input) -> str:
    """The defined name of one column's rule, where a condition decides whether it is applied."""
    return f"规则_{table.name}_{column.name}"


def headings_name(table: str) -> str:
    """The defined name of the headings above a table's inputs, from the first to the last."""
    return f"表头_{table}"


def is_filled(table: Table) -> str:
    """Whether anything is entered in the row; an error value counts."""
    joined = "&".join(f"[@{column.name}]" for column in table.inputs)
    return f'IFERROR({joined},"?")<>""'


def generated_columns(table: Table, scheme: Scheme) -> dict[str, str]:
    """Formulas of the columns that a scheme file doesn't list, by name (序号 excepted: it needs the row's number)."""
    columns = {CHECK: _row_check(table, scheme, None)}
    if table.keyed:
        columns[PERSON_KEY] = f'=IF([@{STAFF_NUMBER}]="",[@{table.inputs[0].name}]&"",[@{STAFF_NUMBER}]&"")'
    for column in table.inputs:
        if column.person:
            columns[column_key(column.name)] = _person(column, scheme)
        if column.spoils:
            columns[bad_key(column.name)] = _where_bad(_key_cell(column, scheme), column, scheme)
    for names in table.joint_keys:
        columns[column_key(*names)] = _joined(table, names)
    for refer in table.refers:
        if refer.spoils:
            columns[bad_key(*refer.columns)] = _where_bad(_joint_cell(refer.columns, refer.table), None, scheme)
    if table.groups:
        for group in (BASE, *table.groups):
            columns[group_check(group)] = _row_check(table, scheme, group)
    return columns


def _person(column: Input, scheme: Scheme) -> str:
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


def _joined(table: Table, names: tuple[str, ...]) -> str:
    inputs = {column.name: column for column in table.inputs}
    cells = [f"[@{column_key(name)}]" if inputs[name].person else f"[@{name}]" for name in names]
    return f'=IF([@{names[0]}]="","",{_SEPARATED.join(cells)})'


_SEPARATED = '&"|"&'


def _key_cell(column: Input, scheme: Scheme) -> str:
    return f"[@{column_key(column.name)}]" if column.person else f"[@{column.name}]"


def _joint_cell(names: tuple[str, ...], target: str) -> str:
    known = f"KAOHE_COUNT([@{column_key(*names)}],{target}[{column_key(*names)}])"
    return f'IF({known}=0,"{NOBODY}",[@{column_key(*names)}])'


def _where_bad(key: str, column: Input | None, scheme: Scheme) -> str:
    """The key of the row that this row names, where this row is in error."""
    named = key
    if column and not column.person:
        target, name = key_column(column, scheme)
        named = f'IF(KAOHE_COUNT({key},{target}[{name}])=0,"{NOBODY}",{key}&"")'
    sound = f'([@{CHECK}]="")+([@{CHECK}]="{GOOD}")+([@{CHECK}]="{ABSENT}")'
    return f'=IF(IFERROR({sound},0)>0,"",IF({key}="","{NOBODY}",{named}))'


def guarded(column: Computed, table: Table, scheme: Scheme) -> str:
    """The column's formula, evaluated only where the row (and what else it needs) is free of errors."""
    if not column.guard:
        return column.formula
    result = _required(column.formula[1:], column.require)
    if column.when:
        result = f'IF({column.when[1:]},{result},"")'
    for need in reversed(_needs(column.formula, column.needs, scheme)):
        result = f'IF({state(need)}="{GOOD}",{result},{state(need)}*1)'
    for group in reversed(column.groups):
        check = f"[@{group_check(group)}]"
        result = f'IF({check}="{GOOD}",{result},{check}*1)'
    check = f"[@{group_check(BASE)}]" if table.groups else f"[@{CHECK}]"
    otherwise = f'IF({check}="","",{check}*1)'
    if table.absent_when:
        otherwise = f'IF({check}="{ABSENT}",{_literal(column.absent)},{otherwise})'
    return f'=IF({check}="{GOOD}",{result},{otherwise})'


def guarded_result(result: Summary, scheme: Scheme) -> str:
    """A summary value's formula, evaluated only where the tables it needs are free of errors."""
    text = _required(result.formula[1:], result.require)
    for need in reversed(_needs(result.formula, result.needs, scheme)):
        text = f'IF({state(need)}="{GOOD}",{text},{state(need)}*1)'
    return "=" + text


def _required(text: str, requirements: Sequence[Requirement]) -> str:
    for requirement in reversed(requirements):
        text = f"IF(IFERROR({requirement.formula[1:]},FALSE),{text},{error(requirement.message)})"
    return text


def error(message: str) -> str:
    """An error value whose reason can be read in the formula."""
    return f'"{_escaped(message)}"*1'


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
                own = f"[@{column_key(*refer.columns)}]"
                condition = _spoilt(own, f"{source.name}[{bad_key(*refer.columns)}]", refer.unknown_spoils_all)
                yield refer.spoils if isinstance(refer.spoils, str) else "", condition, source.name


def _spoilt(own: str, bad: str, by_unknown: bool) -> str:
    unknown = f'+KAOHE_COUNT("{NOBODY}",{bad})' if by_unknown else ""
    return f'IF({own}="",0,KAOHE_COUNT({own},{bad}){unknown})>0'


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
    """How many columns stand elsewhere than formulas read them: those read as neighbours, and inputs apart from their headings.

    A column that is cut and pasted inside a table takes its heading along; Calc's formulas go on reading the old place.
    """
    pairs: dict[tuple[str, str], None] = {}
    for text, own in _formulas(scheme):
        for reference in formulas.parse(text).references():
            if (reference.table or own) == table.name and not reference.single:
                names = table.column_names
                read = names[names.index(reference.first) : names.index(reference.last) + 1]
                pairs.update(dict.fromkeys(pairwise(read)))
    terms = [f"(COLUMN({table.name}[{right}])-COLUMN({table.name}[{left}])<>1)" for left, right in pairs]
    # A heading that is missing is told by the rows.
    apart = f"IFERROR({'+'.join(['0', *_apart(table)])},0)"
    text = "=" + "+".join([*terms, apart])
    return text if len(text) < LONGEST else "=" + "+".join([*terms, "0"])


def _apart(table: Table) -> Iterator[str]:
    """Whether an input stands as far from the first one as its heading does."""
    first, *others = [column.name for column in table.inputs]
    cells, headings = f"COLUMN({table.name}[{first}])", headings_name(table.name)
    for name in others:
        wanted = "-".join(f'MATCH("{_escaped(each)}",{headings},0)' for each in (name, first))
        yield f"(COLUMN({table.name}[{name}])-{cells}<>{wanted})"


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


def list_state(checks: str) -> str:
    """通过 while every row of a list is good; ``checks`` are the cells of its 校验."""
    return f'=IF(SUMPRODUCT(({checks}<>"")*({checks}<>"{GOOD}"))=0,"{GOOD}","请先改正“参数”表中的错误")'


def rule_state(formula: str, message: str) -> str:
    """通过 while a condition over parameters holds, else its message."""
    return f'=IF(IFERROR({formula[1:]},FALSE),"{GOOD}","{_escaped(message)}")'


def _row_check(table: Table, scheme: Scheme, group: str | None) -> str:
    first, last = table.inputs[0].name, table.inputs[-1].name
    inputs = f"[@{first}]" if first == last else f"[@[{first}]:[{last}]]"
    extra = _extra(table, scheme, group)
    further = f",{extra or chr(34) * 2}"
    rules = rules_name(table.name, group or "")
    return f"=KAOHE_CHECK({_row_state(table, scheme)},{inputs},{rules}{further},{headings_name(table.name)})"


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
            repeated = f'IF(KAOHE_COUNT([@{key}],[{key}])>1,"{names[0]}:{told} 与其他行重复；","")'
            clauses.append(f'IF([@{key}]="","",{repeated})')
        for refer in table.refers:
            key, told = column_key(*refer.columns), "、".join(refer.columns)
            missing = f'"{refer.columns[0]}:表 {refer.table} 中没有这个{told}；"'
            clauses.append(f'IF([@{key}]="","",IF(KAOHE_COUNT([@{key}],{refer.table}[{key}])=0,{missing},""))')
    for rule in filter(belongs, table.rules):
        where = f"{rule.column}:" if rule.column else ""
        clauses.append(f'IF(IFERROR({rule.formula[1:]},FALSE),"","{LATER}{_escaped(where + rule.message)}；")')
    for spoilt, condition, source in spoilers(table, scheme):
        if group is None or spoilt == wanted:
            clauses.append(f'IF({condition},"表 {source} 中有关的行有错误；","")')
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
    clauses += [_when(column, clause) for clause in _bound_clauses(column)]
    repeated = f'IF({cell}="","",IF(KAOHE_COUNT({cell},[{name}])>1,"{name}:与其他行重复；",""))'
    if column.unique:
        clauses.append(
            f'IF([@{STAFF_NUMBER}]="",{repeated},"")' if table.keyed and column is table.inputs[0] else repeated
        )
    if table.keyed and name == STAFF_NUMBER:
        clauses.append(repeated)
    if column.key:
        clauses.append(_when(column, _key_clause(column, scheme)))
    return clauses


def _when(column: Input, clause: str) -> str:
    return f'IF(IFERROR({column.when[1:]},FALSE),{clause},"")' if column.when else clause


def is_of_row(bound: Bound) -> bool:
    """Whether a bound is a formula over cells of the same row."""
    return isinstance(bound, str) and bound.startswith("=") and "[@" in bound


def _bound_clauses(column: Input) -> Iterator[str]:
    """Bounds that a row computes; the other ones stand in the sheet 填写规则."""
    cell = f"[@{column.name}]"
    for bound, sign, words in (
        (column.min, ">=", "不能小于"),
        (column.above, ">", "应大于"),
        (column.max, "<=", "不能大于"),
        (column.below, "<", "应小于"),
    ):
        if (formula := row_bound(column, bound)) is not None:
            told = f'"{column.name}:{words} "&IFERROR({formula},"{NOBODY}")&"；"'
            yield f'IF(ISNUMBER({cell}),IF(IFERROR({cell}{sign}{formula},FALSE),"",{told}),"")'


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
    sound = '""'
    valid = f"{target}[{CHECK}]"
    if column.key_valid:
        found = f"KAOHE_LOOKUP({cell},{keys},{valid})"
        if column.person:
            found = f"KAOHE_LOOKUP([@{column_key(column.name)}],{target}[{PERSON_KEY}],{valid})"
        bad = f'"{column.name}:表 {target} 中这一行有错误；"'
        sound = f'IFERROR(IF(({found}="{GOOD}")+({found}="{ABSENT}")>0,"",{bad}),{bad})'
    count = f"KAOHE_COUNT({cell},{keys})"
    if column.person:
        repeated = f'"{column.name}:表 {target} 中有人同名，请填工号；"'
        person = f"[@{column_key(column.name)}]"
        if column.key_single:
            sound = f"IF(KAOHE_COUNT({person},{target}[{PERSON_KEY}])>1,{repeated},{sound})"
        clause = f'IF({person}="{NOBODY}",IF({count}>1,{repeated},{unknown}),{sound})'
    elif column.key_single:
        clause = f"IF({count}=1,{sound},IF({count}=0,{unknown},{repeated}))"
    else:
        clause = f"IF({count}=0,{unknown},{sound})"
    return f'IF({cell}="","",{clause})'


def key_column(column: Input, scheme: Scheme) -> tuple[str, str]:
    """Table and column that a key column's values must stand in: ``表.列``, or a table's first input column."""
    target, _, name = column.key.partition(".")
    if target in (listing.name for listing in scheme.lists):
        return target, name or scheme.listing(target).columns[0].name
    return target, name or scheme.table(target).inputs[0].name


def _literal(value: str | int | float | bool | None) -> str:
    if isinstance(value, str) and value.startswith("="):
        return value[1:]
    if value is None or isinstance(value, str):
        return f'"{_escaped(value or "")}"'
    return str(value)


def _escaped(text: str) -> str:
    return text.replace('"', '""')
