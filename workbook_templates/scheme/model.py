"""A scheme as checked data: what a ``schemes/<slug>.toml`` file says, with every mistake in it refused.

docs/scheme-format.md describes the format key by key. Reading is strict: an unknown key, a missing one, a formula that
names a function, table, column or parameter that isn't there, all raise SchemeError with the place and the allowed names.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import MISSING, dataclass, field, fields
from functools import lru_cache
from importlib.resources import files
from typing import Any, TypeVar

from workbook_templates.formula import language as formulas
from workbook_templates.formula.language import FormulaError, Reference

SERIAL, CHECK = "序号", "校验"
"""The columns that every table gets: the row's number, and what is wrong with its inputs."""

TYPES = {"number": "数字", "whole": "整数", "text": "文本", "flag": "是否", "choice": "选项", "date": "日期"}
DEFAULT_CAPACITY = 30

Value = str | int | float | bool | None
Bound = int | float | str | None


class SchemeError(ValueError):
    """A scheme file that can't be used; the message (Chinese) names the place and the allowed names."""


@dataclass(frozen=True)
class Limits:
    """What one input cell may hold. A bound is a number, a parameter's name, ``=formula``, or ``[列]`` of the same row."""

    name: str
    type: str = "number"
    required: bool | str = False
    min: Bound = None
    max: Bound = None
    above: Bound = None
    below: Bound = None
    choices: tuple[str, ...] = ()
    unit: str = ""
    note: str = ""
    format: str = ""


@dataclass(frozen=True)
class Parameter(Limits):
    """A named value that the unit sets once; ``note`` says what it means."""

    required: bool | str = True
    value: Value = None


@dataclass(frozen=True)
class Input(Limits):
    """A column that the clerk fills in."""

    unique: bool = False
    key: str = ""
    key_single: bool = False
    key_valid: bool = False
    when: str = ""
    group: str = ""
    width: float = 0


@dataclass(frozen=True)
class Computed:
    """A column that the workbook computes."""

    name: str
    formula: str
    absent: Value = ""
    needs: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    guard: bool = True
    hidden: bool = False
    total: bool = False
    unit: str = ""
    note: str = ""
    format: str = ""
    width: float = 0


@dataclass(frozen=True)
class Rule:
    """A condition over several cells; ``column`` is where the message ``column:message`` points."""

    formula: str
    message: str
    column: str = ""
    group: str = ""


@dataclass(frozen=True)
class ParameterRule:
    """A condition over parameters. Broken, it spoils the tables of ``scope`` (None: all) and whatever ``needs`` its name."""

    name: str
    formula: str
    message: str
    scope: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Table:
    """One sheet: inputs on the left, computed columns on the right."""

    name: str
    inputs: tuple[Input, ...]
    computed: tuple[Computed, ...] = ()
    title: str = ""
    note: str = ""
    unit: str = ""
    period: str = ""
    capacity: int = DEFAULT_CAPACITY
    min_rows: int = 0
    people: bool = False
    absent_when: str = ""
    unique: tuple[tuple[str, ...], ...] = ()
    rules: tuple[Rule, ...] = ()
    default: tuple[dict[str, Value], ...] = ()

    @property
    def groups(self) -> tuple[str, ...]:
        """The named groups of inputs that spoil only some outputs, in order of appearance."""
        named = [*(column.group for column in self.inputs), *(rule.group for rule in self.rules)]
        return tuple(dict.fromkeys(group for group in named if group))

    @property
    def column_names(self) -> tuple[str, ...]:
        """Every column of the sheet, from left to right."""
        hidden = [group_check(group) for group in ("基本", *self.groups)] if self.groups else []
        keys = [unique_key(names) for names in self.unique]
        return (SERIAL, *(c.name for c in self.inputs), CHECK, *keys, *hidden, *(c.name for c in self.computed))


@dataclass(frozen=True)
class Summary:
    """A value of the sheet 汇总."""

    name: str
    formula: str
    needs: tuple[str, ...] = ()
    unit: str = ""
    note: str = ""
    format: str = ""


@dataclass(frozen=True)
class Balance:
    """A statement that must hold, shown in 汇总 as 通过 or 不符 (paid + carried = pool)."""

    name: str
    formula: str


@dataclass(frozen=True)
class Chart:
    """A native chart in 汇总: of neighbouring summary values, or of columns of a table."""

    title: str
    type: str = "column"
    items: tuple[str, ...] = ()
    table: str = ""
    category: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scheme:
    slug: str
    title: str
    summary: str
    source: str
    tables: tuple[Table, ...]
    date: str = ""
    steps: tuple[str, ...] = ()
    decided: tuple[str, ...] = ()
    limitations: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    parameter_rules: tuple[ParameterRule, ...] = ()
    results: tuple[Summary, ...] = ()
    balances: tuple[Balance, ...] = ()
    chart: Chart | None = None
    text: str = field(default="", compare=False, repr=False)
    """The text of the file, which its workbooks carry."""

    _tables: dict[str, Table] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        self._tables.update({table.name: table for table in self.tables})

    @property
    def version(self) -> str:
        """Tells one text of a scheme from another."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]

    def table(self, name: str) -> Table:
        return self._tables[name]


def group_check(group: str) -> str:
    """The hidden column that checks one group of inputs."""
    return f"{CHECK}_{group}"


def unique_key(names: tuple[str, ...]) -> str:
    """The hidden column that joins the cells which together must be unique."""
    return "键_" + "_".join(names)


def state(name: str) -> str:
    """The defined name that says 通过 while a table (or a rule over parameters) is free of errors."""
    return f"状态_{name}"


def slugs() -> list[str]:
    """The schemes that there are."""
    folder = files("workbook_templates") / "schemes"
    return sorted(item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml"))


@lru_cache(maxsize=64)
def load(slug: str) -> Scheme:
    """Read and check one scheme; raises SchemeError."""
    known = slugs()
    if slug not in known:
        raise SchemeError(f"没有名为 {slug} 的考核方案;可用的方案:{'、'.join(known)}")
    text = (files("workbook_templates") / "schemes" / f"{slug}.toml").read_text(encoding="utf-8")
    return parse(text, slug)


def parse(text: str, slug: str) -> Scheme:
    """A scheme from the text of its file; raises SchemeError."""
    place = f"方案 {slug}"
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SchemeError(f"{place}:不是合法的 TOML({error})") from error
    parts: dict[str, Any] = {
        "tables": tuple(_table(item, f"{place} 表 {item.get('name', '?')}") for item in _list(data, "tables", place)),
        "parameters": tuple(
            _record(Parameter, item, f"{place} 参数 {item.get('name', '?')}")
            for item in _list(data, "parameters", place)
        ),
        "parameter_rules": tuple(
            _record(ParameterRule, item, f"{place} 参数规则 {item.get('name', '?')}")
            for item in _list(data, "parameter_rules", place)
        ),
        "results": tuple(
            _record(Summary, item, f"{place} 汇总 {item.get('name', '?')}") for item in _list(data, "results", place)
        ),
        "balances": tuple(
            _record(Balance, item, f"{place} 核对 {item.get('name', '?')}") for item in _list(data, "balances", place)
        ),
        "chart": _record(Chart, data["chart"], f"{place} 图表") if "chart" in data else None,
    }
    scheme = _record(Scheme, {**data, "slug": slug, "text": text, **parts}, place)
    _check(scheme, place)
    return scheme


Record = TypeVar("Record")


def _list(data: dict[str, Any], key: str, place: str) -> list[dict[str, Any]]:
    items = data.get(key, [])
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise SchemeError(f"{place}:{key} 应写成 [[{key}]]")
    return items


def _table(data: dict[str, Any], place: str) -> Table:
    columns = _list(data, "columns", place)
    first_computed = next((i for i, column in enumerate(columns) if "formula" in column), len(columns))
    for column in columns[first_computed:]:
        if "formula" not in column:
            raise SchemeError(f"{place}:填写列 {column.get('name', '?')} 应排在所有计算列之前")
    parts = {
        "inputs": tuple(_record(Input, c, f"{place} 列 {c.get('name', '?')}") for c in columns[:first_computed]),
        "computed": tuple(_record(Computed, c, f"{place} 列 {c.get('name', '?')}") for c in columns[first_computed:]),
        "rules": tuple(_record(Rule, rule, f"{place} 规则") for rule in _list(data, "rules", place)),
    }
    return _record(Table, {**{k: v for k, v in data.items() if k != "columns"}, **parts}, place)


def _record(kind: type[Record], data: dict[str, Any], place: str) -> Record:
    allowed = [item.name for item in fields(kind) if not item.name.startswith("_")]  # type: ignore[arg-type]
    for key in data:
        if key not in allowed:
            raise SchemeError(f"{place}:不认识的键 {key};可用的键:{'、'.join(allowed)}")
    for item in fields(kind):  # type: ignore[arg-type]
        if item.default is MISSING and item.default_factory is MISSING and item.name not in data:
            raise SchemeError(f"{place}:缺少 {item.name}")
    return kind(**{key: _frozen(key, value, place) for key, value in data.items()})


_TEXT_KEYS = {"name", "type", "title", "summary", "source", "formula", "message", "note", "unit", "format", "key"}
_FLAG_KEYS = {"unique", "key_single", "key_valid", "guard", "hidden", "total", "people"}


def _frozen(key: str, value: Any, place: str) -> Any:
    if key in _TEXT_KEYS and not isinstance(value, str):
        raise SchemeError(f"{place}:{key} 应为文本,现为 {value!r}")
    if key in _FLAG_KEYS and not isinstance(value, bool | list):
        raise SchemeError(f"{place}:{key} 应为 true 或 false,现为 {value!r}")
    if isinstance(value, list):
        return tuple(tuple(item) if isinstance(item, list) else item for item in value)
    return value


# Excel refuses names that look like cells or hold signs; a scheme's names must be usable as such.
_USABLE = re.compile(r"[^\W\d][\w.]*")
_CELL_LIKE = re.compile(r"[A-Za-z]{1,3}[0-9]+|[RrCc][0-9]*")


def _check(scheme: Scheme, place: str) -> None:
    states = {state(t.name) for t in scheme.tables} | {state(rule.name) for rule in scheme.parameter_rules}
    parameters = {parameter.name for parameter in scheme.parameters}
    defined = [p.name for p in scheme.parameters] + [s.name for s in scheme.results]
    for name in defined:
        if not _USABLE.fullmatch(name) or _CELL_LIKE.fullmatch(name):
            raise SchemeError(f"{place}:{name} 不能用作名称(须以文字开头,只含文字、数字、下划线,不像单元格地址)")
    _unique([*defined, *(f"表 {t.name}" for t in scheme.tables)], place)
    for parameter in scheme.parameters:
        _check_limits(parameter, scheme, parameters, None, f"{place} 参数 {parameter.name}")
    for rule in scheme.parameter_rules:
        here = f"{place} 参数规则 {rule.name}"
        _check_formula(rule.formula, scheme, None, parameters, here)
        _among(rule.scope or (), [t.name for t in scheme.tables], "表", here)
    names = {*defined, *states, "参数名称", "参数值"}
    for table in scheme.tables:
        _check_table(table, scheme, parameters, names, f"{place} 表 {table.name}")
    for result in scheme.results:
        here = f"{place} 汇总 {result.name}"
        _check_formula(result.formula, scheme, None, names, here)
        _check_needs(result.needs, scheme, here)
    for balance in scheme.balances:
        _check_formula(balance.formula, scheme, None, names, f"{place} 核对 {balance.name}")
    if scheme.chart:
        _check_chart(scheme.chart, scheme, f"{place} 图表")


def _check_table(table: Table, scheme: Scheme, parameters: set[str], names: set[str], place: str) -> None:
    if not table.inputs:
        raise SchemeError(f"{place}:至少要有一个填写列")
    _unique(table.column_names, place)
    inputs = [column.name for column in table.inputs]
    for column in table.inputs:
        here = f"{place} 列 {column.name}"
        _check_limits(column, scheme, parameters, table, here)
        if column.key:
            target, _, target_column = column.key.partition(".")
            _among([target], [t.name for t in scheme.tables], "表", here)
            if target_column:
                _among([target_column], scheme.table(target).column_names, "列", here)
        for condition in (column.when, column.required):
            if isinstance(condition, str) and condition:
                _check_formula(condition, scheme, table, names, here)
    for computed in table.computed:
        here = f"{place} 列 {computed.name}"
        _check_formula(computed.formula, scheme, table, names, here)
        _check_needs(computed.needs, scheme, here)
        _among(computed.groups, table.groups, "分组", here)
        if isinstance(computed.absent, str) and computed.absent.startswith("="):
            _check_formula(computed.absent, scheme, table, names, here)
    for rule in table.rules:
        _check_formula(rule.formula, scheme, table, names, f"{place} 规则")
        if rule.column:
            _among([rule.column], inputs, "填写列", f"{place} 规则")
    for joined in table.unique:
        _among(joined, inputs, "填写列", f"{place} unique")
    if table.absent_when:
        _check_formula(table.absent_when, scheme, table, names, f"{place} absent_when")
    for row in table.default:
        _among(row, inputs, "填写列", f"{place} default")


def _check_limits(limits: Limits, scheme: Scheme, parameters: set[str], table: Table | None, place: str) -> None:
    _among([limits.type], list(TYPES), "类型", place)
    if (limits.type == "choice") != bool(limits.choices):
        raise SchemeError(f'{place}:choices 与 type = "choice" 应同时出现')
    for bound in (limits.min, limits.max, limits.above, limits.below):
        if isinstance(bound, str) and bound.startswith("["):
            _among([bound.strip("[]")], [c.name for c in table.inputs] if table else [], "填写列", place)
        elif isinstance(bound, str) and bound.startswith("="):
            _check_formula(bound, scheme, None, parameters, place)
        elif isinstance(bound, str):
            _among([bound], sorted(parameters), "参数", place)


def _check_formula(text: str, scheme: Scheme, table: Table | None, names: set[str], place: str) -> None:
    try:
        parsed = formulas.parse(text)
    except FormulaError as error:
        raise SchemeError(f"{place}:{error}") from error
    _among(parsed.names(), sorted(names), "名称", place)
    for reference in parsed.references():
        target = _target(reference, scheme, table, place)
        _among([reference.first, reference.last], target.column_names, f"{target.name} 的列", place)


def _target(reference: Reference, scheme: Scheme, table: Table | None, place: str) -> Table:
    if reference.table is not None:
        _among([reference.table], [t.name for t in scheme.tables], "表", place)
        return scheme.table(reference.table)
    if table is None:
        raise SchemeError(f"{place}:此处的公式须写明是哪个表的列(表[列])")
    return table


def _check_needs(needs: tuple[str, ...], scheme: Scheme, place: str) -> None:
    _among(needs, [t.name for t in scheme.tables] + [r.name for r in scheme.parameter_rules], "表或参数规则", place)


def _check_chart(chart: Chart, scheme: Scheme, place: str) -> None:
    _among([chart.type], ["column", "bar", "pie", "line"], "图表类型", place)
    if chart.table:
        _among([chart.table], [t.name for t in scheme.tables], "表", place)
        _among([chart.category, *chart.values], scheme.table(chart.table).column_names, "列", place)
    _among(chart.items, [result.name for result in scheme.results], "汇总项", place)


def _among(names: Any, allowed: Any, what: str, place: str) -> None:
    for name in names:
        if name not in allowed:
            raise SchemeError(f"{place}:没有{what} {name};可用的:{'、'.join(allowed)}")


def _unique(names: Any, place: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise SchemeError(f"{place}:名称 {name} 重复")
        seen.add(name)
