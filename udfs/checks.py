"""The check of a row's inputs against declared rules, in words, so that the sheet itself says what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import compress
from typing import Dict, List, Sequence, Tuple, Union

from udfs.columns import PLAIN, ByColumns, Column, Columns, blank_rows
from udfs.dates import day, is_day
from udfs.explain import plain
from udfs.registry import Kind, Shape, entries, optional, required, udf
from udfs.spelling import as_seen, is_nobody, is_unseen, nobodies, unseen
from udfs.values import Cell, CellError, UdfError, is_blank, maybe_number, number, raise_errors
from udfs.vocabulary import GOOD, NO, PENDING, YES

CATEGORY = "校验"
NUMBER, WHOLE, TEXT, FLAG, CHOICE, DATE = "数字", "整数", "文本", "是否", "选项", "日期"
TYPES = (NUMBER, WHOLE, TEXT, FLAG, CHOICE, DATE)
SKIPPED = "另查"
_MOST_REMEMBERED = 10_000
_NUMBER_AS_TEXT = re.compile(r"[-+]?[0-9][0-9,]*(?:·[0-9]+)?%?")
"""As ``as_seen`` gives it, with points as they stand within names."""
WIDTH = 8
SEPARATOR = "；"
REQUIRED = ":必填"
"""How a problem ends that is nothing but a blank."""

WHOSE = {"姓名": "人", "单位": "单位", "学校": "学校"}
NOBODY = "“{}”不是{}，请删去这一行"
"""The columns in which totals, headings and notes, pasted along with people, would be ranked and paid."""

LATER = "?"
"""How a problem of 另查 begins that is told only once nothing is missing or an error in the row, since it looks at several cells."""
_IS_ERROR = "是错误值 "
UNREADABLE = "引用的表或“填写规则”中有错误值，不能检查"
"""What is told of problems of 另查 that are nothing but ``LATER``."""

LOST = "填写规则中的这一列不在检查的范围内，请移回原处或恢复列名"
Row = List[Cell]
Bound = Union[Decimal, str, None]


@dataclass(frozen=True)
class Rule:
    name: str
    type: str
    required: str
    low: Bound
    high: Bound
    low_excluded: bool
    high_excluded: bool
    choices: tuple[str, ...]


@udf(
    "KAOHE_CHECK",
    "校验一行",
    "Check of a row",
    CATEGORY,
    "按填写规则逐格检查一行输入，没有问题为“通过”，否则说明哪一列有什么问题。",
    "Checks a row of inputs against rules; 通过, or what is wrong, by column.",
    required(
        "状态",
        "state",
        Shape.CELL,
        "先行的状态；非空白时直接作为结果（如“不参加”）。",
        "A text that replaces the check, if not blank.",
        Kind.ANY,
    ),
    entries("输入", "inputs", "一行填写的单元格。", "One row of inputs.", Kind.ANY, Shape.ROW),
    entries(
        "规则",
        "rules",
        "每列一行规则：列名、类型、必填、下限、上限、下限不含、上限不含、选项。",
        "A row of rules for each input.",
        Kind.ANY,
        Shape.BLOCK,
    ),
    optional(
        "另查", "further", Shape.CELL, "其他检查发现的问题，每个以“；”结尾。", "Problems found elsewhere.", Kind.ANY
    ),
    optional(
        "表头",
        "headers",
        Shape.LIST,
        "输入各格上方的列名；给出时规则按列名找列，输入中可以有规则没有的列，列的先后不限。",
        "Headings of the inputs; rules then find their columns by name, and other columns are ignored.",
        Kind.ANY,
    ),
    example=('=KAOHE_CHECK("",{95},{"得分","数字","是",0,90,"","",""})', "得分:不能大于 90"),
    remarks="一行全空白得空文本。输入中的错误值也作为问题说明。给出表头时，只缺必填的一行得“待填:列、列”，另查中以“?”开头的问题等填完、没有错误值再说，只有“?”的说明不能检查；"
    "规则的列不在表头中，说明缺哪一列。必填的文本只有空格，当作空白；列名为“姓名”“单位”“学校”的，填了合计、小计、平均、满分、“制表人：”“审核”等，说明不是人（单位、学校）。",
    result=Kind.TEXT,
    is_dated=True,
)
def check(rules: list[Row], headers: Row | None) -> Callable[[Cell, Row, Cell], str]:
    """通过, or the problems joined with ``；``, each ``列名:说明``."""
    read = [_rule(row) for row in rules]
    told = _told_alone(read)
    names = [rule.name for rule in read]
    if headers is None:
        return _check_in_order(read, told, names)
    raise_errors(headers)
    width = len(headers)
    places = {str(cell): place for place, cell in enumerate(headers) if not is_blank(cell)}
    missing = [name for name in names if name not in places]
    found = [places[name] for name in names if name in places]

    def one(state: Cell, inputs: Row, further: Cell) -> str:
        if len(inputs) != width:
            raise UdfError(CellError.VALUE)
        picked = [inputs[place] for place in found]
        # What stands under a heading that nobody knows may belong to a lost column.
        if all(map(is_blank, inputs if missing else picked)):
            return ""
        if missing:
            return SEPARATOR.join(f"{name}:{LOST}" for name in missing)
        raise_errors([state, further])
        if not is_blank(state):
            return str(state)
        return _verdict(_problems(read, told, names, picked), further)

    def many(states: Columns, inputs: Columns, further: Columns | None) -> list[Cell] | None:
        if missing or not found or len(inputs) != width:
            return None
        picked = [inputs[place] for place in found]
        given = _given(states[0])
        return _of_all(given, picked, further, _problems_by_row(read, told, names, picked, given), _verdict)

    return ByColumns(one, many, [PLAIN, PLAIN, PLAIN])


def _given(states: Column) -> dict[int, str]:
    """The rows that have a state already."""
    return {place: str(state) for place, state in enumerate(states) if state is not None and state != ""}


def _of_all(
    given: dict[int, str],
    inputs: Columns,
    further: Columns | None,
    problems: dict[int, list[str]],
    verdict: Callable[[list[str], Cell], str],
) -> list[Cell]:
    """The results of many rows, of which some have problems."""
    results: list[Cell] = [GOOD] * len(inputs[0])
    for place in compress(range(len(results)), further[0] if further is not None else ()):
        problems.setdefault(place, [])
    for place, own in problems.items():
        if place not in given:
            results[place] = verdict(own, None if further is None else further[0][place])
    for place, state in given.items():
        results[place] = state
    for place in blank_rows(inputs, range(len(results))):
        results[place] = ""
    return results


def _check_in_order(read: list[Rule], told: list[_Told | None], names: list[str]) -> Callable[[Cell, Row, Cell], str]:
    """Without headers each rule is for the input in its place, and a blank is told like any other problem."""

    def one(state: Cell, inputs: Row, further: Cell) -> str:
        if len(inputs) != len(read):
            raise UdfError(CellError.VALUE)
        if all(map(is_blank, inputs)):
            return ""
        raise_errors([state, further])
        if not is_blank(state):
            return str(state)
        return _listed(_problems(read, told, names, inputs), further)

    def many(states: Columns, inputs: Columns, further: Columns | None) -> list[Cell] | None:
        if len(inputs) != len(read):
            return None
        given = _given(states[0])
        return _of_all(given, inputs, further, _problems_by_row(read, told, names, inputs, given), _listed)

    return ByColumns(one, many, [PLAIN, PLAIN, PLAIN])


def _listed(problems: list[str], further: Cell) -> str:
    return SEPARATOR.join([*problems, *_parts(further)]) or GOOD


class _Told(Dict[Tuple[type, Cell], str]):
    """What is wrong with cells by a rule that looks at them alone: the same scores come again and again."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule

    def __missing__(self, cell: tuple[type, Cell]) -> str:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        told = self[cell] = _problem(self._rule, cell[1], [], [])
        return told


def _problems(rules: list[Rule], told: list[_Told | None], names: list[str], inputs: Sequence[Cell]) -> list[str]:
    return [
        f"{rule.name}:{problem}"
        for rule, known, cell in zip(rules, told, inputs)
        if (problem := _problem(rule, cell, names, inputs) if known is None else known[type(cell), cell])
    ]


def _problems_by_row(
    rules: list[Rule], told: list[_Told | None], names: list[str], columns: Columns, given: dict[int, str]
) -> dict[int, list[str]]:
    """As ``_problems``, for the rows that have any and no state."""
    found: dict[int, list[str]] = {}
    for rule, known, column in zip(rules, told, columns):
        if known is None:
            cross = [_problem(rule, row[0], names, row[1:]) for row in zip(column, *columns)]
            problems: Iterable[tuple[int, str]] = enumerate(cross)
        else:
            wrong = {cell: problem for cell in _doubtful(rule, known, column) if (problem := known[type(cell), cell])}
            problems = _wrong_places(column, wrong, given)
        for place, problem in problems:
            if problem and place not in given:
                found.setdefault(place, []).append(f"{rule.name}:{problem}")
    return found


def _wrong_places(column: Column, wrong: dict[Cell, str], given: Iterable[int]) -> Iterable[tuple[int, str]]:
    """Where the wrong cells stand, if not all of them in rows that have a state."""
    if len(wrong) != 1:
        return enumerate([wrong.get(cell, "") for cell in column]) if wrong else ()
    # Mostly some cells are blank, and nothing else is wrong.
    [(cell, problem)] = wrong.items()
    places, place, times = [], -1, column.count(cell)
    if times == [column[row] for row in given].count(cell):
        return []
    for _ in range(times):
        place = column.index(cell, place + 1)
        places.append((place, problem))
    return places


def _doubtful(rule: Rule, known: _Told, column: Column) -> set[Cell]:
    """The different cells of a column, apart from those that are right like others."""
    cells = set(column)
    if rule.type == TEXT:
        return unseen(cells).union(nobodies(cells) if rule.name in WHOSE else ())
    numbers = {cell for cell in cells if isinstance(cell, float)} if rule.type == NUMBER else set()
    if numbers and not known[float, min(numbers)] and not known[float, max(numbers)]:
        # So is what lies between.
        return cells - numbers
    return cells


def _verdict(problems: list[str], further: Cell) -> str:
    """What is filled in wrongly, then what is still to be filled in; some checks wait until the row is complete."""
    found = problems + _parts(further)
    blank = [part for part in found if part.endswith(REQUIRED)]
    waits = blank or any(_IS_ERROR in part for part in found)
    wrong = [part.lstrip(LATER) for part in found if part not in blank and not (waits and part.startswith(LATER))]
    if blank:
        columns = "、".join(dict.fromkeys(part[: -len(REQUIRED)] for part in blank))
        wrong.append(f"{PENDING}:{columns}")
    return SEPARATOR.join(wrong) or GOOD


def _parts(further: Cell) -> list[str]:
    parts = dict.fromkeys(part for part in str(further or "").split(SEPARATOR) if part)
    return [LATER + UNREADABLE if part == LATER else part for part in parts]


def _rule(row: Row) -> Rule:
    if len(row) != WIDTH:
        raise UdfError(CellError.VALUE)
    raise_errors(row)
    name, kind, needed, low, high, low_excluded, high_excluded, choices = row
    if kind not in TYPES:
        raise UdfError(CellError.VALUE)
    given = tuple(part for part in str(choices or "").split("/") if part)
    return Rule(
        str(name),
        str(kind),
        str(needed or ""),
        _bound(low),
        _bound(high),
        low_excluded == YES,
        high_excluded == YES,
        given,
    )


def _bound(cell: Cell) -> Bound:
    return cell if isinstance(cell, str) and cell else maybe_number(cell)


def _told_alone(rules: list[Rule]) -> list[_Told | None]:
    return [None if isinstance(rule.low, str) or isinstance(rule.high, str) else _Told(rule) for rule in rules]


def _problem(rule: Rule, cell: Cell, names: list[str], inputs: Sequence[Cell]) -> str:
    """What is wrong with one cell, or an empty text."""
    if rule.required == SKIPPED:
        return ""
    if isinstance(cell, CellError):
        return f"{_IS_ERROR}{cell.value}"
    if is_blank(cell) or (rule.type == TEXT and is_unseen(cell)):
        return REQUIRED[1:] if rule.required == YES else ""
    if isinstance(cell, bool):
        return f"不能是 {'TRUE' if cell else 'FALSE'}"
    if rule.type == TEXT:
        return NOBODY.format(_told(cell), WHOSE[rule.name]) if rule.name in WHOSE and is_nobody(cell) else ""
    if rule.type == FLAG:
        return _not_one_of(cell, (YES, NO), f"{YES} 或 {NO}")
    if rule.type == CHOICE:
        return _not_one_of(cell, rule.choices, f"{'、'.join(rule.choices)} 之一")
    if isinstance(cell, str):
        if rule.type == DATE:
            return f"应为日期，填的是文本“{cell}”"
        return f"应为数字，填的是{'文本格式的数字' if _NUMBER_AS_TEXT.fullmatch(as_seen(cell)) else '文本'}“{cell}”"
    try:
        value = number(cell)
    except UdfError:
        return "数字过大"
    return _out_of_range(rule, value, names, inputs)


def _not_one_of(cell: Cell, choices: tuple[str, ...], listed: str) -> str:
    given = _told(cell)
    if given in choices:
        return ""
    alike = next((choice for choice in choices if as_seen(choice) == as_seen(given)), None)
    if alike is not None:
        return f"“{given}”与“{alike}”只差空格、全角半角或大小写，请重新选择"
    return f"应为 {listed}，填的是“{given}”"


def _out_of_range(rule: Rule, value: Decimal, names: list[str], inputs: Sequence[Cell]) -> str:
    if rule.type == DATE and not is_day(value):
        return "应为日期"
    if rule.type == WHOLE and value != value.to_integral_value():
        return f"应为整数，填的是 {plain(value)}"
    low, high = _limit(rule.low, names, inputs), _limit(rule.high, names, inputs)
    too_low, too_high = ("不能早于", "不能晚于") if rule.type == DATE else ("不能小于", "不能大于")
    if low is not None and (value < low or (rule.low_excluded and value == low)):
        return f"{'应大于' if rule.low_excluded else too_low} {_named(rule, rule.low, low, names, inputs)}"
    if high is not None and (value > high or (rule.high_excluded and value == high)):
        return f"{'应小于' if rule.high_excluded else too_high} {_named(rule, rule.high, high, names, inputs)}"
    return ""


def _limit(bound: Bound, names: list[str], inputs: Sequence[Cell]) -> Decimal | None:
    """A bound as a number; one that names a column which can't be read binds nothing (that column is told)."""
    if not isinstance(bound, str):
        return bound
    if bound not in names:
        raise UdfError(CellError.VALUE)
    cell = inputs[names.index(bound)]
    if is_blank(cell):
        return Decimal(0)
    return number(cell) if isinstance(cell, (int, float)) and not isinstance(cell, bool) else None


def _named(rule: Rule, bound: Bound, value: Decimal, names: list[str], inputs: Sequence[Cell]) -> str:
    """A bound in words: ``100``, ``2015-06-30``, ``交办任务数 3``."""
    if isinstance(bound, str):
        return f"{bound}（空白）" if is_blank(inputs[names.index(bound)]) else f"{bound} {plain(value)}"
    return day(float(value)).isoformat() if rule.type == DATE else plain(value)


def _told(cell: Cell) -> str:
    return cell if isinstance(cell, str) else plain(number(cell))
