"""What stands in a scheme file without effect, or spreads an error further: no mistake, but hardly what its author meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from udfs import FUNCTIONS
from udfs.vocabulary import ABSENT
from workbook_templates.formula import language as formulas
from workbook_templates.formula.columns import Reference
from workbook_templates.formula.tree import Apply, Named, calls, children
from workbook_templates.scheme.blanks import blank_faults
from workbook_templates.scheme.columns import NUMBER_TYPES, SAID
from workbook_templates.scheme.covered import covered, uncounted
from workbook_templates.scheme.doubts import Doubts
from workbook_templates.scheme.hopeless import hopeless
from workbook_templates.scheme.missed import missed
from workbook_templates.scheme.model import Scheme, Table
from workbook_templates.scheme.names import PERSON, PERSON_NAME

UNREAD = frozenset(
    [
        "name",
        "title",
        "note",
        "message",
        "unit",
        "format",
        "heading",
        "label",
        "group",
        "rows",
        "default",
        "conditions",
        "choices",
    ]
)
"""What formulas don't read."""

KEYS = {
    "KAOHE_SUM": ("键", "键2", "键3"),
    "KAOHE_COUNT": ("键2", "键3"),
    "KAOHE_LOG": ("记录人",),
}
"""What functions compare with every row, so that an error in one row is an error for everybody."""


def remarks(scheme: Scheme) -> Iterator[str]:
    """Parameters, lists and hidden columns that nothing reads, groups whose errors reach nothing, keys whose errors reach all."""
    names, columns = _read(scheme)
    for parameter in scheme.parameters:
        if parameter.name not in names:
            yield f"参数 {parameter.name} 没有公式、上下限用到"
    tables = {table for table, _ in columns} | {view.listing for view in scheme.views if (view.name, "") in columns}
    keyed = {column.key.partition(".")[0] for table in scheme.tables for column in table.inputs}
    for listing in scheme.lists:
        repeated = re.search(rf'\beach\s*=\s*["\']{re.escape(listing.name)}["\']', scheme.text)
        if not (listing.name in tables | keyed or repeated or names & listing.cells(listing.rows).keys()):
            yield f"列表 {listing.name} 没有公式、上下限、each、key 用到"
    for table in scheme.tables:
        for column in table.computed:
            if column.hidden and (table.name, column.name) not in columns:
                yield f"表 {table.name} 的隐藏列 {column.name} 没有公式用到"
        named = {group for column in table.computed for group in column.groups}
        for group in (group for group in table.groups if group not in named):
            yield f"表 {table.name} 的分组 {group} 没有计算列在 groups 中列出，它的错误不影响任何结果"
        yield from _nameless(table)
    yield from _numbered(scheme)
    yield from _blank(scheme)
    yield from dict.fromkeys(_spread(scheme))
    yield from dict.fromkeys(missed(scheme))
    yield from dict.fromkeys(blank_faults(scheme))
    yield from dict.fromkeys(hopeless(scheme))
    yield from dict.fromkeys(covered(scheme))
    yield from dict.fromkeys(uncounted(scheme))
    yield from dict.fromkeys(_counted(scheme))
    yield from dict.fromkeys(_all_or_one(scheme))
    yield from dict.fromkeys(_never(scheme))


def _nameless(table: Table) -> Iterator[str]:
    named = table.inputs[0]
    if table.people and named.name == PERSON_NAME and named.required is False:
        yield f"表 {table.name} 的 {PERSON_NAME} 没有写 required = true：没有填姓名的行也算作一个人"


def _numbered(scheme: Scheme) -> Iterator[str]:
    """Names that nobody can fill in: a column without a type takes numbers."""
    for table in scheme.tables:
        for column in table.inputs:
            is_first = table.people and column is table.inputs[0] and "号" not in column.name
            if (PERSON.search(column.name) or is_first) and column.type in NUMBER_TYPES:
                yield f'表 {table.name} 的列 {column.name} 只能填数字（type 不写即是数字）；文本写 type = "text"'


def _blank(scheme: Scheme) -> Iterator[str]:
    """Cells of a list that are left blank in a row with others, and have to be filled in before there are results."""
    for listing in scheme.lists:
        for number, row in enumerate(listing.rows, start=1):
            names = [column.name for column in listing.columns if column.required and column.name not in row]
            if row and names:
                told = f"列表 {listing.name} 第 {number} 行的 {'、'.join(names)} 空白而必填，填好以前没有结果"
                yield f"{told}；可以空白的列写 required = false"


def _never(scheme: Scheme) -> Iterator[str]:
    """Formulas that ask for a text that never comes."""
    doubts = Doubts(scheme)
    for here, own, part in _parts(scheme):
        for text in _texts(part):
            if text.startswith("="):
                yield from (f"{here}的{told}" for told in doubts.of(text, own))


def _parts(scheme: Scheme) -> Iterator[tuple[str, Table | None, Any]]:
    """What holds formulas, with where it stands."""
    yield from ((f"表 {table.name} ", table, table) for table in scheme.tables)
    yield "参数", None, (scheme.parameters, scheme.lists, scheme.parameter_rules)
    yield "汇总、核对", None, (scheme.results, scheme.balances, scheme.chart)


def _spread(scheme: Scheme) -> Iterator[str]:
    """Computed columns among keys: the error of one row becomes everybody's."""
    failing = {
        (table.name, c.name) for table in scheme.tables for c in table.computed if c.guard or _may_miss(c.formula)
    }
    for table in scheme.tables:
        for column in table.computed:
            for call in calls(formulas.parse(column.formula).tree):
                if call.function not in KEYS:
                    continue
                for parameter, given in zip(FUNCTIONS[call.function].parameters, call.arguments, strict=False):
                    if not isinstance(given, Reference) or parameter.name not in KEYS[call.function]:
                        continue
                    key = (given.table or table.name, given.first)
                    if not given.own_row and key in failing and key[0] not in column.needs:
                        yield (
                            f"表 {key[0]} 的列 {key[1]} 是 {call.function} 的{parameter.name}：一行填错时它是错误值，"
                            '每个人的结果都成为错误值；不是这个意思的，写 guard = false，公式写成 IFERROR(…,"")，只读填写列'
                        )


def _may_miss(formula: str) -> bool:
    """Whether a look-up in a formula may find nothing, and nothing is said for that case."""
    waiting = [formulas.parse(formula).tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Apply) and node.function in ("KAOHE_LOOKUP", "MATCH", "VLOOKUP"):
            return True
        if not (isinstance(node, Apply) and node.function == "IFERROR"):
            waiting.extend(children(node))
    return False


def _counted(scheme: Scheme) -> Iterator[str]:
    """Grades of people who take no part, that are counted for the places of others."""
    for table in scheme.tables:
        columns = {column.name: column for column in table.computed}
        for column in table.computed if table.absent_when else ():
            for call in calls(formulas.parse(column.formula).tree):
                match call:
                    case Apply("KAOHE_LIMIT", (_, _, _, Reference(first=grades), *_)) if grades in columns:
                        absent = columns[grades].absent
                        if columns[grades].guard and absent not in (None, "", ABSENT):
                            yield (
                                f"表 {table.name} 的列 {column.name} 的 KAOHE_LIMIT：不参加的人在 {grades} 中是“{absent}”，"
                                f'也计入名额的人数；不计入的，{grades} 写 absent = "{ABSENT}"'
                            )


def _all_or_one(scheme: Scheme) -> Iterator[str]:
    """Shares that KAOHE_LIMIT takes for a number of places where they are a hundred per cent."""
    shares = {parameter.name for parameter in scheme.parameters if parameter.max == 1}
    for listing in scheme.lists:
        whole = {column.name for column in listing.columns if column.max == 1}
        shares |= {name for name, (_, column) in listing.cells(listing.rows).items() if column in whole}
    for table in scheme.tables:
        for column in table.computed:
            for call in calls(formulas.parse(column.formula).tree):
                match call:
                    case Apply("KAOHE_LIMIT", (_, _, _, _, _, Named(name), *others)) if (
                        len(others) < 6 and name in shares
                    ):
                        told = f"表 {table.name} 的列 {column.name} 的 KAOHE_LIMIT 没有写数值含义"
                        yield f"{told}：{name} 为 100% 时会当作 1 名；最后一个参数写“比例”"


def _read(scheme: Scheme) -> tuple[set[str], set[tuple[str, str]]]:
    """The names that are read, and the columns by table (with "" for a table or list that is read at all)."""
    names: set[str] = set()
    columns: set[tuple[str, str]] = set()
    own = {table.name: table.column_names for table in scheme.tables}
    for _, own_table, part in _parts(scheme):
        here = own_table.name if own_table else ""
        for text in _texts(part):
            names.add(text)
            names |= {name for _, name in SAID.findall(text)}
            if not text.startswith("="):
                continue
            parsed = formulas.parse(text)
            names |= set(parsed.names())
            for reference in parsed.references():
                table = reference.table or here
                spanned = reference.among(own[table]) if table in own else ()
                columns |= {(table, ""), *((table, name) for name in spanned)}
    return names, columns


def _texts(part: Any) -> Iterator[str]:
    """What is written in a part of a scheme, without the names and words for readers."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        yield from (text for value in part.values() for text in _texts(value))
    elif isinstance(part, tuple):
        yield from (text for value in part for text in _texts(value))
    elif is_dataclass(part):
        yield from (
            text for field in fields(part) if field.name not in UNREAD for text in _texts(getattr(part, field.name))
        )
