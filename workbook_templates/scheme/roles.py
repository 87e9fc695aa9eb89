"""What the columns of a scheme's tables are for, as its formulas tell: the score that decides, the grade, the group, the money."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from udfs.vocabulary import ABSENT
from workbook_templates.formula import language
from workbook_templates.formula.language import Reference
from workbook_templates.formula.tree import Apply, Constant, Node, calls
from workbook_templates.scheme.columns import Computed, Input, Value
from workbook_templates.scheme.model import Scheme, Table

SCORED = {"KAOHE_GRADE": 0, "KAOHE_RANK": 2, "KAOHE_DISTRIBUTE": 2, "KAOHE_LIMIT": 2}
"""By function, which argument is the score that decides."""
GIVING = {
    "KAOHE_GRADE": (2,), "KAOHE_DISTRIBUTE": (3,), "KAOHE_LIMIT": (3, 4, 6), "KAOHE_LOOKUP": (2,), "KAOHE_TIER": (2,),
    "IF": (1, 2), "IFERROR": (0, 1), "INDEX": (0,),
}  # fmt: skip
"""By function, which arguments hold the texts that it can give."""
GRADING = frozenset({"KAOHE_GRADE", "KAOHE_DISTRIBUTE", "KAOHE_LIMIT"})
BOUNDS, GRADES = 1, 2
"""Which arguments of KAOHE_GRADE hold bounds and grades."""
MOST_GRADES = 8
_BEST_FIRST = (
    "优秀", "优", "先进", "一等", "一类", "S", "A", "良好", "良", "二等", "二类", "B", "称职", "符合要求", "合格", "三等", "三类", "C",
    "一般", "基本称职", "基本合格", "尚待改进", "待改进", "四类", "D", "不称职", "不合格", "E", "取消", "一票否决",
)  # fmt: skip
_NONE = (ABSENT, "未考核", "已免职")
"""Who is in no grade."""
DEPARTMENT = "部门"
_SCORE = re.compile(r"得分$|总分$|^分数$|成绩$|积分$|综合得分率$")
_GRADE = re.compile(r"等次$|等级$|档次$|结论$|类别$|评价$|等第$")
_GROUP = re.compile(
    r"^(部门|科室|处室|单位|门店|班组|年级|学科|岗位类别|岗位|人员类别|编制类别|类别|职位|组别|分组|项目|村居|核算单位|机构类别)$"
)
_MONEY = re.compile(r"合计$|应发|奖金|工资|绩效$|津贴$")
_KEPT = re.compile(r"扣|罚|减|未发|留存|预提")
_PERIOD = re.compile(r"([上下]半年|第?[一二三四1-4]季度|第?[一二三四五六七八九十0-9]{1,2}月|[上下]学期|第[一二]学期)")
MONEY_UNIT = "元"
ALLOWED, _GIVEN = "名额", ("人数", "数", "上报人数")


@dataclass(frozen=True)
class Roles:
    """A table of people (or units) with results, its columns by what they are for; empty where there is none."""

    table: Table
    who: str
    score: str = ""
    grade: str = ""
    groups: tuple[str, ...] = ()
    money: str = ""
    periods: tuple[tuple[str, str], ...] = ()
    """Columns with the same score for several periods: the period and the column."""
    grades: tuple[str, ...] = ()
    bounds: tuple[str, str, str] = ("", "", "")
    """The list of grades by score, its column of grades and that of bounds."""


@dataclass(frozen=True)
class Quota:
    """Columns of a table of groups: how many may have a grade in each, and how many have it."""

    table: Table
    group: str
    allowed: str
    given: str


def quotas(scheme: Scheme) -> Iterator[Quota]:
    """Of groups with places of their own, told by the names of two columns: 一类名额 and 一类人数."""
    for table in scheme.tables:
        seen = [column.name for column in table.computed if not (column.hidden or table.people)]
        for allowed in seen:
            grade = allowed.removesuffix(ALLOWED)
            given = next((grade + each for each in _GIVEN if grade + each in seen), "")
            if grade != allowed and given:
                yield Quota(table, table.inputs[0].name, allowed, given)


def roles(scheme: Scheme) -> Iterator[Roles]:
    """Of every table with results: people before units, scores with grades before those without."""
    found = [_roles(scheme, table) for table in scheme.tables if table.computed]
    return iter(sorted((each for each in found if each.score or each.money), key=_weight, reverse=True))


def _weight(each: Roles) -> tuple[bool, bool, bool, bool]:
    return each.table.people, bool(each.grade), bool(each.score), bool(each.money)


def _roles(scheme: Scheme, table: Table) -> Roles:
    seen = [column for column in table.computed if not column.hidden]
    score = _score(table, seen)
    grade, grades = _grade(scheme, table, seen)
    money = _money(table, seen)
    groups = [column.name for column in table.inputs if _is_group(column, table)]
    periods = [
        (match[1], column.name) for column in seen if (match := _PERIOD.search(column.name)) and _is_score(column)
    ]
    return Roles(
        table,
        table.inputs[0].name,
        score,
        grade,
        tuple(groups),
        money,
        tuple(periods) if len(periods) > 1 else (),
        grades,
        _bound(scheme, table) if score else ("", "", ""),
    )


def _applied(column: Computed) -> Iterator[Apply]:
    return calls(language.parse(column.formula).tree)


def _score(table: Table, seen: list[Computed]) -> str:
    """The last visible score that rank or grade is told by, else the last column that is called one."""
    names = [column.name for column in seen]
    deciding = [node for column in table.computed for node in _applied(column) if node.function in SCORED]
    given = [node.arguments[SCORED[node.function]] for node in deciding if len(node.arguments) > SCORED[node.function]]
    decided = [
        each for each in given if isinstance(each, Reference) and each.single and each.table in (None, table.name)
    ]
    known = [each.first for each in decided if each.first in names]
    return known[-1] if known else next((c.name for c in reversed(seen) if _is_score(c)), "")


def _is_score(column: Computed) -> bool:
    return _SCORE.search(column.name) is not None and column.unit != MONEY_UNIT


def _grade(scheme: Scheme, table: Table, seen: list[Computed]) -> tuple[str, tuple[str, ...]]:
    """The last visible grade, and the grades that there are, from best to worst as the scheme names them."""
    graded = [column for column in seen if any(node.function in GRADING for node in _applied(column))]
    for column in (*reversed(graded), *(column for column in reversed(seen) if _GRADE.search(column.name))):
        found = dict.fromkeys(_texts(scheme, table, language.parse(column.formula).tree, frozenset()))
        grades = tuple(sorted((grade for grade in found if grade not in _NONE), key=_goodness))
        if 2 <= len(grades) <= MOST_GRADES:
            return column.name, grades
    return "", ()


def _goodness(grade: str) -> int:
    return _BEST_FIRST.index(grade) if grade in _BEST_FIRST else len(_BEST_FIRST)


def _texts(scheme: Scheme, table: Table, node: Node, met: frozenset[str]) -> Iterator[str]:
    """The texts that a formula can give."""
    if isinstance(node, Constant):
        if isinstance(node.value, str) and node.value:
            yield node.value
    elif isinstance(node, Apply):
        giving = GIVING.get(node.function, ())
        for place in giving:
            if place < len(node.arguments):
                yield from _texts(scheme, table, node.arguments[place], met)
    elif isinstance(node, Reference) and node.single:
        if node.table is not None and node.table != table.name:
            yield from (str(row[node.first]) for row in _rows_of(scheme, node.table) if row.get(node.first))
        elif node.first not in met:
            for column in table.computed:
                if column.name == node.first:
                    yield from _texts(scheme, table, language.parse(column.formula).tree, met | {node.first})


def _rows_of(scheme: Scheme, name: str) -> Iterable[dict[str, Value]]:
    """The rows with which a list or a table begins."""
    for listing in scheme.lists:
        if listing.name == name:
            return listing.rows
    return next((table.default for table in scheme.tables if table.name == name), ())


def _bound(scheme: Scheme, table: Table) -> tuple[str, str, str]:
    """The list of grades by score, its column of grades and that of bounds."""
    for column in table.computed:
        for node in _applied(column):
            if node.function == "KAOHE_GRADE" and len(node.arguments) > GRADES:
                bounds, names = node.arguments[BOUNDS], node.arguments[GRADES]
                if not isinstance(bounds, Reference) or not isinstance(names, Reference):
                    continue
                if bounds.table == names.table and any(each.name == names.table for each in scheme.lists):
                    return names.table or "", names.first, bounds.first
    return "", "", ""


def _money(table: Table, seen: list[Computed]) -> str:
    """The last visible total in money that is paid."""
    totals = [c.name for c in seen if c.total and MONEY_UNIT in (c.unit, table.unit) and not _KEPT.search(c.name)]
    paid = [name for name in totals if name.startswith("实")]
    return next(iter(reversed(paid or [name for name in totals if _MONEY.search(name)] or totals)), "")


def _is_group(column: Input, table: Table) -> bool:
    return (
        _GROUP.match(column.name) is not None
        and column.type in ("text", "choice")
        and column.name != table.inputs[0].name
    )
