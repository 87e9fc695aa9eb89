"""What a scheme fills in itself: its values obey the limits that it sets, as a clerk's have to.

The values are judged by the function that the workbook checks them with. A bound that only the workbook can compute binds nothing here,
and neither does one whose parameter is blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from operator import gt, lt

from udfs import FUNCTIONS
from udfs.dates import EPOCH
from udfs.values import Cell, key, number, number_text
from udfs.vocabulary import GOOD, NO, YES
from workbook_templates.scheme.columns import NUMBER_TYPES, Bound, Limits, Value
from workbook_templates.scheme.errors import written
from workbook_templates.scheme.model import Scheme, Table
from workbook_templates.scheme.names import STAFF_NUMBER, TYPES
from workbook_templates.scheme.parameters import ListColumn, Listing

MOST_DIGITS = 15
_DATE = re.compile(r"=DATE\((\d+),(\d+),(\d+)\)")
"""A bound that is a day, as it is read (``with_presets``)."""

Fault = tuple[str, ...]
"""What is to be told, and the names of what set the limits."""


def default_faults(scheme: Scheme, place: str) -> Iterator[Fault]:
    """The defaults that the workbook would find wrong."""
    known = dict(_numbers(scheme))
    for parameter in scheme.parameters:
        yield from _checked(parameter.value, parameter, known, f"{place} 参数 {parameter.name}：value")
    for listing in scheme.lists:
        yield from _list(listing, known, f"{place} 列表 {listing.name}")
    for table in scheme.tables:
        here, columns = f"{place} 表 {table.name} default", {column.name: column for column in table.inputs}
        faults = [
            fault
            for row_number, row in enumerate(table.default, start=1)
            for name, value in row.items()
            for fault in _checked(value, columns[name], known, f"{here} 第 {row_number} 行 {name}：值")
        ]
        yield from faults or _repeated(table, here)


def _numbers(scheme: Scheme) -> Iterator[tuple[str, Value]]:
    """The defaults by name: of parameters, and of cells of lists that have names of their own."""
    yield from ((parameter.name, parameter.value) for parameter in scheme.parameters)
    for listing in scheme.lists:
        yield from (
            (name, listing.rows[row].get(column)) for name, (row, column) in listing.cells(listing.rows).items()
        )


def _list(listing: Listing, known: Mapping[str, Value], place: str) -> Iterator[Fault]:
    for column in listing.columns:
        values = [row.get(column.name) for row in listing.rows]
        faults = [
            fault
            for row_number, value in enumerate(values, start=1)
            for fault in _checked(value, column, known, f"{place} 第 {row_number} 行 {column.name}：值")
        ]
        whole = _column(column, [_cell(value, column) for value in values])
        yield from faults or ((f"{place} 列 {column.name}：{told}", column.name, listing.name) for told in whole)


def _repeated(table: Table, place: str) -> Iterator[Fault]:
    """Rows that say the same where the table has each once; people of one name may differ in their numbers."""
    single = [(column.name,) for column in table.inputs if column.unique]
    for names in [*single, *table.unique]:
        rows = [[row.get(name) for name in names] for row in table.default]
        if table.keyed and names == (table.inputs[0].name,):
            rows = [row for row, whole in zip(rows, table.default, strict=True) if not whole.get(STAFF_NUMBER)]
        given = [tuple(map(key, row)) for row in rows if None not in row]
        if len(set(given)) < len(given):
            told = "、".join(names)
            yield f"{place}：{told} 不得重复，各行却有相同的值", names[0]


def _column(column: ListColumn, cells: list[Cell]) -> Iterator[str]:
    given = [cell for cell in cells if cell not in (None, "")]
    if column.unique and len({key(cell) for cell in given}) < len(given):
        yield "写了 unique = true，各行却有相同的值"
    numbers = [number(cell) for cell in given if not isinstance(cell, str)]
    in_order = lt if column.sorted == "up" else gt
    if column.sorted and not all(map(in_order, numbers, numbers[1:])):
        word = "从高到低" if column.sorted == "down" else "从低到高"
        yield f"写了 sorted = {written(column.sorted)}，各行应{word}，现为 {'、'.join(map(_told, numbers))}"
    if column.sum is not None and len(given) == len(cells):
        total = sum(numbers, Decimal())
        if round(total - Decimal(str(column.sum)), 6):
            yield f"写了 sum = {column.sum}，各行合计却是 {_told(total)}"


def _told(exact: Decimal) -> str:
    return number_text(float(exact))


def _checked(value: Value, limits: Limits, known: Mapping[str, Value], place: str) -> Iterator[Fault]:
    if problem := _problem(value, limits, known):
        yield f"{place} {written(value)} {problem}{_meant(value, limits)}", limits.name


def _meant(value: Value, limits: Limits) -> str:
    """How the value should be written that was probably meant."""
    if limits.type == "date":
        return "；日期写成 2024-12-31" if not isinstance(value, str) or _day(value) is None else ""
    if limits.type not in NUMBER_TYPES:
        return ""
    bare = value.strip().removesuffix("%") if isinstance(value, str) else ""
    if bare and re.fullmatch(r"-?\d+(\.\d+)?", bare):
        exact = Decimal(bare) / (100 if "%" in str(value) else 1)
        return f"；写成 {exact.normalize():f}，不加引号"
    if isinstance(value, str) and value.startswith("="):
        return "；这里只写数，算式写在用它的公式里"
    is_share = "%" in limits.format and limits.max == 1
    if is_share and isinstance(value, int | float) and 1 < value <= 100:
        return f"；{value}% 写成 {(Decimal(repr(value)) / 100).normalize():f}"
    return ""


def _problem(value: Value, limits: Limits, known: Mapping[str, Value]) -> str:
    if isinstance(value, bool):
        return f'应写成 "{YES}" 或 "{NO}"' if limits.type == "flag" else "应为单个数字或文本"
    if isinstance(value, int | float):
        exact = Decimal(repr(value))
        if not exact.is_finite() or len(exact.normalize().as_tuple().digits) > MOST_DIGITS:
            return f"不是 {MOST_DIGITS} 位有效数字以内的数；编号请写成文本"
    low, high = (
        (limits.min if limits.above is None else limits.above),
        (limits.max if limits.below is None else limits.below),
    )
    rule = (
        "", TYPES[limits.type], "", _bound(low, known), _bound(high, known),
        "" if limits.above is None else YES, "" if limits.below is None else YES, "/".join(limits.choices),
    )  # fmt: skip
    told = FUNCTIONS["KAOHE_CHECK"]("", ((_cell(value, limits),),), (rule,))
    return "" if told in (GOOD, "") else str(told).removeprefix(":")


def _bound(bound: Bound, known: Mapping[str, Value]) -> Cell:
    value = known.get(bound, bound) if isinstance(bound, str) else bound
    if isinstance(value, str):
        return _day(date(*map(int, found.groups())).isoformat()) if (found := _DATE.fullmatch(value)) else _day(value)
    return float(value) if isinstance(value, int | float) else None


def _day(text: str) -> Cell:
    """The number of a day in ISO form; None of any other text."""
    try:
        return float((date.fromisoformat(text) - EPOCH).days)
    except ValueError:
        return None


def _cell(value: Value, limits: Limits) -> Cell:
    """A value as its cell has it: days as numbers."""
    if limits.type == "date" and isinstance(value, str) and (day := _day(value)) is not None:
        return day
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
