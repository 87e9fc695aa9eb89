"""A scheme file is read strictly: every mistake is refused with its place and what is allowed."""

from __future__ import annotations

from dataclasses import MISSING, fields, replace
from datetime import date
from typing import Any, TypeVar

from workbook_templates.formula.nearest import nearest
from workbook_templates.scheme.columns import Computed, Input, Refer, Requirement, Rule
from workbook_templates.scheme.cycles import refuse_cycles
from workbook_templates.scheme.defaults import verify_defaults
from workbook_templates.scheme.errors import SchemeError, unknown, written
from workbook_templates.scheme.expand import (
    Aliases,
    Raw,
    Repeater,
    repeated_tables,
    rewritten,
    side_by_side,
    with_conditions,
    with_identity,
    with_presets,
)
from workbook_templates.scheme.keys import Form, Key, keys_of
from workbook_templates.scheme.model import IDENTITY, Balance, Chart, Preset, Repeat, Scheme, Summary, Table
from workbook_templates.scheme.names import sum_rule
from workbook_templates.scheme.parameters import ListColumn, Listing, Parameter, ParameterRule
from workbook_templates.scheme.text import line_of, read
from workbook_templates.scheme.verify import verify

Record = TypeVar("Record")


def parse(text: str, slug: str) -> Scheme:
    """A scheme from the text of its file; raises SchemeError."""
    place = f"方案 {slug}"
    try:
        return _parsed(text, slug, place)
    except SchemeError as error:
        line = line_of(text, str(error))
        raise SchemeError(f"{error}（文件第 {line} 行）" if line else str(error)) from error


def _parsed(text: str, slug: str, place: str) -> Scheme:
    data = read(text, place)
    _known(data, list(keys_of(Scheme)), place)
    lists = {
        item.get("name", "?"): _listing(item, f"{place} 列表 {item.get('name', '?')}")
        for item in _items(data, "lists", place)
    }
    repeater = Repeater(lists)
    if not Form.RECORD.fits(data.get("chart", {})):
        raise SchemeError(f"{place}：chart 应写成 [chart]")
    if not data.get("tables"):
        raise SchemeError(f"{place}：缺少 tables")
    aliases: Aliases = {}
    tables = [_columns(item, repeater, aliases, place) for item in repeated_tables(_items(data, "tables", place))]

    def records(kind: type[Record], word: str, told: str) -> tuple[Record, ...]:
        items = _plain(data, word, repeater, place, kind, told)
        return tuple(
            _record(kind, rewritten(item, aliases, None, f"{place} {told} {item.get('name', '?')}"), here)
            for item in items
            for here in [f"{place} {told} {item.get('name', '?')}"]
        )

    parts = {
        "parameters": records(Parameter, "parameters", "参数"),
        "parameter_rules": (*records(ParameterRule, "parameter_rules", "参数规则"), *_sums(lists)),
        "results": records(Summary, "results", "汇总"),
        "balances": records(Balance, "balances", "核对"),
        "chart": _record(Chart, data["chart"], f"{place} 图表") if "chart" in data else None,
        "tables": _linked(
            tuple(
                _table(rewritten(item, aliases, item["name"], f"{place} 表 {item['name']}"), repeater, place)
                for item in tables
            )
        ),
        "lists": tuple(_fixed(item) if name in repeater.used else item for name, item in lists.items()),
        "views": tuple(repeater.views),
    }
    scheme = _record(Scheme, {**data, **parts}, place, slug=slug, text=text)
    verify(scheme, place)
    verify_defaults(scheme, place)
    refuse_cycles(scheme, place)
    return scheme


def _items(data: Raw, word: str, place: str) -> list[Raw]:
    items = data.get(word, [])
    if not Form.RECORDS.fits(items):
        raise SchemeError(f"{place}：{word} 应写成 [[{word}]]")
    return list(items)


def _plain(data: Raw, word: str, repeater: Repeater, place: str, kind: type[Any], told: str) -> list[Raw]:
    """The items of one kind, repeated where they say so, with what their presets say."""
    items = _items(data, word, place)
    for item in items:
        _well_formed(item, [*keys_of(kind), *_further(kind)], f"{place} {told} {item.get('name', '?')}")
    return with_presets(repeater.repeated(items, f"{place} {told}"), f"{place} {told}")


def _further(kind: type[Any]) -> list[Key]:
    """The keys that any record of a kind may have beside its own."""
    repeating = [] if kind in (ListColumn, Rule) else list(keys_of(Preset))
    return repeating + ([] if kind is ListColumn else list(keys_of(Repeat)))


def _listing(data: Raw, place: str) -> Listing:
    columns = []
    for item in _items(data, "columns", place):
        here = f"{place} 列 {item.get('name', '?')}"
        _well_formed(item, [*keys_of(ListColumn), *keys_of(Preset)], here)
        columns.append(_record(ListColumn, with_presets([item], here)[0], here))
    names = [column.name for column in columns]
    rows = _rows(data.get("rows", []), names, place)
    _well_formed(data, list(keys_of(Listing)), place)
    return _record(Listing, {**data, "columns": tuple(columns), "rows": rows}, place)


def _rows(rows: list[Any], names: list[str], place: str) -> tuple[Raw, ...]:
    """Rows by column, of rows that are lists of values or records; what is blank is left out."""
    done = []
    for number, row in enumerate(rows, start=1):
        here = f"{place} 第 {number} 行"
        if isinstance(row, list):
            if len(row) != len(names):
                raise SchemeError(f"{here}：有 {len(row)} 个值，应为 {len(names)} 个：{'、'.join(names)}")
            row = dict(zip(names, row, strict=True))
        for name in row:
            if name not in names:
                raise SchemeError(f"{here}：{unknown('没有列', name, names)}")
            if isinstance(row[name], list | dict):
                raise SchemeError(f"{here} {name}：应为单个值，现为 {written(row[name])}")
        done.append({name: _value(value) for name, value in row.items() if value != ""})
    return tuple(done)


def _fixed(listing: Listing) -> Listing:
    """A list over whose rows columns are repeated keeps their names."""
    first, *others = listing.columns
    return replace(listing, columns=(replace(first, fixed=True), *others))


def _sums(lists: dict[str, Listing]) -> list[ParameterRule]:
    """What columns of lists have to add up to."""
    return [
        ParameterRule(
            sum_rule(listing.name, column.name),
            f"=KAOHE_ROUND(SUM({listing.name}[{column.name}])-{column.sum},6)=0",
            f"“{listing.name}”的{column.name}合计应为 {column.sum}",
            listing.scope,
        )
        for listing in lists.values()
        for column in listing.columns
        if column.sum is not None
    ]


def _columns(data: Raw, repeater: Repeater, aliases: Aliases, scheme: str) -> Raw:
    """A table whose columns are written out."""
    name = str(data.get("name", "?"))
    place = f"{scheme} 表 {name}"
    if "name" not in data:
        raise SchemeError(f"{place}：缺少 name")
    words = aliases.setdefault(name, {})
    items = _items(data, "columns", place)
    for item in items:
        kind, other = (Computed, Input) if "formula" in item else (Input, Computed)
        here = f"{place} 列 {item.get('name', '?')}"
        _of_other_columns(item, kind, other, here)
        _well_formed(item, [*keys_of(kind), *_further(kind)], here)
    _well_formed({word: data[word] for word in ("conditions",) if word in data}, list(keys_of(Table)), place)
    columns = with_presets(repeater.repeated(items, place, words), place)
    repeater.blocks[name] = tuple((block, first, last) for block, (first, last) in words.items())
    columns = with_conditions(columns, data.get("conditions", {}), place)
    if data.get("people"):
        columns = with_identity(columns, data.get("identity", list(IDENTITY[:2])), place)
    columns = side_by_side(data, columns, words, place)
    rules = _plain(data, "rules", repeater, place, Rule, "规则")
    return {**data, "columns": columns, **({"rules": rules} if rules else {})}


def _of_other_columns(data: Raw, kind: type[Any], other: type[Any], place: str) -> None:
    """A key that only the other kind of column has is told as such, and one that is misspelt among all of them."""
    names = [declared.name for declared in (*keys_of(kind), *_further(kind))]
    others = [declared.name for declared in keys_of(other) if declared.name not in names]
    for word in data:
        if word in others:
            told = "计算列（有 formula 的列）" if other is Computed else "填写列（没有 formula 的列）"
            raise SchemeError(f"{place}：{word} 只用于{told}")
        if word not in names:
            known = "、".join(names)
            raise SchemeError(f"{place}：不认识的键 {word}；可用的键：{known}{nearest(word, [*names, *others])}")


def _table(data: Raw, repeater: Repeater, scheme: str) -> Table:
    place = f"{scheme} 表 {data.get('name', '?')}"
    columns = data["columns"]
    first_computed = next((i for i, column in enumerate(columns) if "formula" in column), len(columns))
    for column in columns[first_computed:]:
        if "formula" not in column:
            raise SchemeError(f"{place}：填写列 {column.get('name', '?')} 应排在所有计算列之前")
    written = {word: value for word, value in data.items() if word not in ("columns", "conditions", "orders", "pools")}
    parts = {
        "inputs": tuple(_record(Input, c, f"{place} 列 {c.get('name', '?')}") for c in columns[:first_computed]),
        "computed": tuple(_computed(c, f"{place} 列 {c.get('name', '?')}") for c in columns[first_computed:]),
        "rules": tuple(_record(Rule, rule, f"{place} 规则") for rule in _items(data, "rules", place)),
        "refers": tuple(_record(Refer, item, f"{place} refers") for item in _items(data, "refers", place)),
    }
    keys = [k for k in keys_of(Table) if k.name not in parts]
    columns_key = Key("columns", Form.RECORDS, "", "", (), True)
    _known(data, [*keys, *(k for k in keys_of(Table) if k.name in parts), columns_key], place)
    _well_formed({word: value for word, value in written.items() if word not in parts}, keys, place)
    names = [column.get("name", "") for column in columns[:first_computed]]
    default = _rows(data.get("default", []), names, f"{place} default")
    blocks = repeater.blocks[str(data.get("name", "?"))]
    return _record(Table, {**written, **parts, "default": default}, place, blocks=blocks)


def _computed(data: Raw, place: str) -> Computed:
    return _record(Computed, {**data, "require": _requirements(data, place)}, place)


def _requirements(data: Raw, place: str) -> tuple[Requirement, ...]:
    return tuple(_record(Requirement, item, f"{place} require") for item in _items(data, "require", place))


def _linked(tables: tuple[Table, ...]) -> tuple[Table, ...]:
    """What tables know of each other: which columns name people, and which groups other tables' bad rows spoil."""
    keyed = {table.name: table.inputs[0].name for table in tables if table.inputs and table.keyed}
    spoiled: dict[str, list[str]] = {}
    linked = []
    for table in tables:
        inputs = []
        for column in table.inputs:
            target, _, name = column.key.partition(".")
            person = target in keyed and name in ("", keyed[target])
            inputs.append(replace(column, person=True) if person else column)
            if isinstance(column.spoils, str):
                spoiled.setdefault(target, []).append(column.spoils)
        for refer in table.refers:
            if isinstance(refer.spoils, str):
                spoiled.setdefault(refer.table, []).append(refer.spoils)
        linked.append(replace(table, inputs=tuple(inputs)))
    return tuple(replace(table, spoiled=tuple(dict.fromkeys(spoiled.get(table.name, [])))) for table in linked)


def _record(kind: type[Record], data: Raw, place: str, **internal: Any) -> Record:
    """A record of checked values."""
    if kind is Summary:
        data = {**data, "require": _requirements(data, place)}
    made = {word: value for word, value in data.items() if _is_made(value)}
    _well_formed({word: value for word, value in data.items() if word not in made}, list(keys_of(kind)), place)
    for item in fields(kind):  # type: ignore[arg-type]
        missing = item.default is MISSING and item.default_factory is MISSING
        if missing and item.name not in data and item.name not in internal:
            raise SchemeError(f"{place}：缺少 {'columns' if item.name == 'inputs' else item.name}")
    names = {item.name for item in fields(kind)}  # type: ignore[arg-type]
    return kind(**{word: _frozen(value) for word, value in data.items() if word in names}, **internal)


def _is_made(value: Any) -> bool:
    """Whether a value is no longer as the file has it."""
    return value is None or isinstance(value, tuple | Chart)


def _well_formed(data: Raw, keys: list[Key], place: str) -> None:
    _known(data, keys, place)
    for declared in keys:
        if declared.name not in data:
            continue
        value = data[declared.name]
        if declared.required and value == "":
            raise SchemeError(f"{place}：{declared.name} 不能空白")
        if not declared.form.fits(value) or (declared.allowed and value not in declared.allowed):
            meant = next((f"；是不是 {k.name} = {written(value)}？" for k in keys if value in k.allowed), "")
            raise SchemeError(f"{place}：{declared.should_be}，现为 {written(value)}；例如 {declared.example}{meant}")


def _known(data: Raw, keys: list[Key], place: str) -> None:
    names = [declared.name for declared in keys]
    for word in data:
        if word not in names:
            raise SchemeError(f"{place}：不认识的键 {word}；可用的键：{'、'.join(names)}{nearest(word, names)}")


def _frozen(value: Any) -> Any:
    match value:
        case list():
            return tuple(_frozen(item) for item in value)
        case dict():
            return {name: _value(item) for name, item in value.items()}
        case _:
            return _value(value)


def _value(value: Any) -> Any:
    """A date as the text that the data has it in."""
    return value.isoformat() if isinstance(value, date) else value
