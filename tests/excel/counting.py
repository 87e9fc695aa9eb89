"""Counts what Excel asks of Python in a workbook of a scheme, as ``Player`` has Excel calculate it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from addin.headless.newbook import new_workbook
from addin.headless.session import Session
from addin.xlsx.model import Table
from tests.excel import pywin as com
from tests.excel.dll import Program
from tests.excel.player import OURS, Place, Player, read_once, results_with
from tests.excel.shortcuts import shorten
from tests.excel.simulated import working
from tests.support import first_case
from workbook_templates.scheme.catalogue import load
from workbook_templates.scheme.names import STAFF_NUMBER

NAME = "姓名"


class Step(StrEnum):
    OPENING = "打开时重新连接"
    EVERYTHING = "全部重算"
    EDIT = "改一个得分"
    IN_ORDER = "按 Excel 的次序从头算"


@dataclass(frozen=True)
class Counted:
    calls: int
    kilobytes: float
    seconds: float
    columns: int
    """Columns of tables that call our functions and had to be calculated, and single cells."""

    def __str__(self) -> str:
        return f"{self.calls:,} 次，{self.kilobytes:,.0f} KB，{self.seconds:.2f} 秒"


def grown(scheme: Any, people: int) -> dict[str, Any]:
    """The data of a scheme's first case with exactly so many people: repeated under other names and with other numbers, each
    with all rows that name them. Who or what is counted where nobody has a name: the rows of the longest table."""
    case = first_case(scheme.slug)
    keys = key_columns(scheme, case["tables"])
    known = list(
        dict.fromkeys(row[key] for table, key in keys.items() for row in case["tables"].get(table, ()) if row.get(key))
    )
    also = {number for rows in case["tables"].values() for row in rows if (number := row.get(STAFF_NUMBER))}
    numbers = {column.name for table in scheme.tables for column in table.inputs if column.type == "number"}

    def other(column: str, value: Any, copy: int) -> Any:
        if not copy or value is None:
            return value
        if value in known or value in also:
            return f"{value}{copy}"
        return round(value * (1 - copy / 1000), 3) if column in numbers and not isinstance(value, str) else value

    def repeated(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        named = [{value for value in row.values() if value in known} for row in rows]
        for copy in range(-(-people // len(known))):
            kept = set(known[: people - copy * len(known)])
            for row, names in zip(rows, named, strict=True):
                if (names and names <= kept) or (not names and not copy):
                    yield {column: other(column, value, copy) for column, value in row.items()}

    return {
        "params": case["params"],
        "tables": {table: list(repeated(rows)) for table, rows in case["tables"].items()},
    }


def key_columns(scheme: Any, tables: dict[str, list[dict[str, Any]]]) -> dict[str, str]:
    """Tables whose rows are people, or what takes their place, and the column that names them."""
    found = {table.name: table.inputs[0].name for table in scheme.tables if table.people}
    if found:
        return found
    longest = max(tables, key=lambda table: len(tables[table]))
    columns = list(tables[longest][0])
    each = (column for column in columns if len({row.get(column) for row in tables[longest]}) == len(tables[longest]))
    return {longest: NAME if NAME in columns else next(each)}


def count(slug: str, people: int, wanted: Iterable[Step] = Step, is_short: bool = True) -> dict[Step, Counted]:
    """What each of the steps takes in a workbook of a scheme; the shorter way, or with nothing but VBA."""
    scheme = load(slug)
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as monkeypatch, com.windows() as server:
        path = Path(folder) / "book.xlsx"
        new_workbook(scheme, path, grown(scheme, people))
        with working(monkeypatch, lambda command: Program(server.XLPython())) as office:
            if is_short:
                shorten(office)
            read_once(monkeypatch)
            book = office.application.open_workbook(path)
            tables = tables_of(path, scheme)
            place, value = an_input(book, scheme, tables)
            player = Player(monkeypatch, office, book)

            def edit() -> set[Place]:
                return player.edit(place, value, results_with(path, place, value, player.results))

            return {step: taken(player, step, edit, tables) for step in wanted}


def tables_of(path: Path, scheme: Any) -> dict[str, Table]:
    """The tables of a scheme in its workbook, by their names; big ones are arrays with a hidden name."""
    found = Session.open(path).workbook.tables
    return {table.name: found[table.name] for table in scheme.tables}


def taken(player: Player, step: Step, edit: Callable[[], set[Place]], tables: dict[str, Table]) -> Counted:
    office, then = player.office, player.calculate
    calculated = {place for place, _ in player.formulas()}
    traffic = office.dll.traffic
    traffic.reset()
    match step:
        case Step.OPENING:
            office.run("KaoheHeal ActiveWorkbook, True")
        case Step.EVERYTHING:
            office.run("KaoheForgetAnswers", "KaoheCalculateColumns ActiveWorkbook")
            then = player.recalculate
        case Step.EDIT:
            calculated = edit()
        case Step.IN_ORDER:
            office.run("KaoheForgetAnswers")
            then = player.recalculate
    then()
    trouble = office.evaluate("KaoheTrouble()")
    assert not trouble, trouble
    kilobytes = (traffic.bytes_sent + traffic.bytes_received) / 1024
    return Counted(traffic.calls, kilobytes, traffic.seconds, columns_of(player.book, tables, calculated))


def an_input(book: Any, scheme: Any, tables: dict[str, Table]) -> tuple[Place, float]:
    """The first number that somebody typed in, if possible about a person and above 1, and another one in its place."""
    found = []
    for table in scheme.tables:
        shape, inputs = tables[table.name], {column.name for column in table.inputs}
        columns = [shape.first_col + place + 1 for place, name in enumerate(shape.columns) if name in inputs]
        cells = book.sheet_named(shape.sheet).cells_
        for row in range(shape.first_row + 1, shape.last_row + 2):
            values = {column: cell.value for column in columns if (cell := cells.get((row, column)))}
            numbers = [(column, value) for column, value in values.items() if isinstance(value, float) and value > 0]
            found += [(table.people, value > 1, (shape.sheet, row, column), value) for column, value in numbers]
            if numbers:
                break
    *_, place, value = max(found, key=lambda each: each[:2])
    return place, float(int(value * 0.9)) if value > 1 else value * 0.9


def columns_of(book: Any, tables: dict[str, Table], places: Iterable[Place]) -> int:
    """How many columns of tables that call our functions have some of these cells, and single cells that do."""
    found = set()
    for name, row, column in places:
        if OURS in book.sheet_named(name).cells_[(row, column)].formula:
            inside = (
                each.name for each in tables.values() if each.sheet == name and is_inside(each, row - 1, column - 1)
            )
            table = next(inside, "")
            found.add((name, table, column, 0 if table else row))
    return len(found)


def is_inside(table: Table, row: int, column: int) -> bool:
    return table.first_row <= row <= table.last_row and table.first_col <= column <= table.last_col
