"""The data that a new workbook is filled with: checked for names, entered as given.

``{"params": {名称: 值}, "tables": {表: [{列: 值}, …]}, "unit": 单位名称, "period": 考核期间}``: a table given replaces that table's default rows whole. Names must
exist; values are entered as they are, bad ones too, so that the workbook itself shows what is wrong with them. Only a date
in ISO form (``2015-06-30``) becomes a date where the scheme declares one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from workbook_templates.formula.nearest import nearest
from workbook_templates.scheme.columns import Limits, Value
from workbook_templates.scheme.errors import written
from workbook_templates.scheme.model import Scheme
from workbook_templates.scheme.names import defined_name
from workbook_templates.scheme.parameters import Listing
from workbook_templates.scheme.times import typed

Entry = Value | date


class DataError(ValueError):
    """Data that names what the scheme doesn't have; the message (Chinese) lists the allowed names."""


@dataclass(frozen=True)
class Filling:
    """What stands in the input cells: values by parameter, rows (by column) by table."""

    parameters: dict[str, Entry]
    tables: dict[str, list[dict[str, Entry]]]
    unit: str = ""
    period: str = ""


def fill(scheme: Scheme, data: dict[str, Any] | None) -> Filling:
    """Join the scheme's defaults with ``data``; raises DataError."""
    data = data if data is not None else {}
    if not isinstance(data, dict):
        raise DataError('数据应为 {"params": {…}, "tables": {…}} 的形式')
    _known(data, ["params", "tables", "unit", "period"], "数据中不认识的键")
    params = {defined_name(name): value for name, value in _mapping(data.get("params", {}), "params").items()}
    tables = _mapping(data.get("tables", {}), "tables")
    _known(params, [*(p.name for p in scheme.parameters), *scheme.cell_names], "没有名为此的参数")
    _known(tables, [*(t.name for t in scheme.tables), *(x.name for x in scheme.lists)], "没有名为此的表")
    parameters = {p.name: _entry(params.get(p.name, p.value), p) for p in scheme.parameters}
    rows = {t.name: _rows(tables.get(t.name, t.default), t.inputs, t.name) for t in scheme.tables}
    lists = {x.name: _list_rows(x, tables.get(x.name, x.rows), params) for x in scheme.lists}
    return Filling(parameters, rows | lists, _text(data, "unit"), _text(data, "period"))


def _text(data: dict[str, Any], key: str) -> str:
    value = data.get(key, "")
    if not isinstance(value, str):
        raise DataError(f"数据中的 {key} 应为文本，现为 {written(value)}")
    return value


def _list_rows(listing: Listing, given: Any, params: dict[str, Any]) -> list[dict[str, Entry]]:
    """The rows of a list, cells that ``params`` name replaced."""
    rows = _rows(given, listing.columns, listing.name)
    if listing.fixed:
        first = listing.columns[0].name
        names = [row.get(first) for row in listing.rows]
        rows = _in_order(rows, first, names, listing.name)
    columns = {column.name: column for column in listing.columns}
    for name, (place, column) in listing.cells(listing.rows).items():
        if name in params:
            rows[place][column] = _entry(params[name], columns[column])
    return rows


def _in_order(rows: list[dict[str, Entry]], first: str, names: Sequence[Entry], listing: str) -> list[dict[str, Entry]]:
    """The rows of a list that is made of these names; one that is not given is left blank, which the workbook tells."""
    given = [row.get(first) for row in rows]
    if given == list(names):
        return rows
    if len(set(names)) < len(names):
        raise DataError(f"列表 {listing} 的{first}须依次为 {'、'.join(map(str, names))}")
    if len(set(given)) < len(given) or not set(given) <= set(names):
        raise DataError(f"列表 {listing} 的{first}须为 {'、'.join(map(str, names))}")
    return [next((row for row in rows if row.get(first) == name), {first: name}) for name in names]


def _rows(rows: Any, inputs: Iterable[Limits], table: str) -> list[dict[str, Entry]]:
    columns = {column.name: column for column in inputs}
    if not isinstance(rows, list | tuple):
        raise DataError(f"表 {table} 的数据应为行的列表")
    entered = []
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            raise DataError(f"表 {table} 第 {number} 行应为 {{列: 值}} 的形式")
        _known(row, list(columns), f"表 {table} 第 {number} 行没有名为此的填写列")
        entered.append(
            {name: _entry(value, columns[name], f"表 {table} 第 {number} 行 ") for name, value in row.items()}
        )
    return entered


def _mapping(value: Any, key: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise DataError(f"数据中的 {key} 应为 {{名称: …}} 的形式")
    return value


def _known(given: Iterable[str], allowed: list[str], problem: str) -> None:
    for name in given:
        if name not in allowed:
            raise DataError(f"{problem}：{name}；可用的名称：{'、'.join(allowed)}{nearest(name, allowed)}")


def _entry(value: Any, limits: Limits, place: str = "") -> Entry:
    if isinstance(value, list | dict):
        raise DataError(f"{place}{limits.name} 的值应为单个值，现为 {written(value)}")
    if limits.type == "date" and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    if isinstance(value, str) and (part := typed(value, limits.format)) is not None:
        return part
    return value  # type: ignore[no-any-return]
