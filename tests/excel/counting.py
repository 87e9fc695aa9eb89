"""Counts what Excel asks of Python in a workbook of a scheme, as ``Player`` has Excel calculate it."""

from __future__ import annotations

import json
import operator
import re
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pyopenvba.interpreter._values import EMPTY, VBAArray, VBAErrorValue

from addin.headless.newbook import new_workbook
from tests.excel import pywin as com
from tests.excel import simulated
from tests.excel.dll import Program
from tests.excel.player import Player, results_in
from tests.excel.simulated import Simulated, working
from workbook_templates.scheme.catalogue import load

CASES = Path(__file__).resolve().parents[1] / "schemes"
NAME = "姓名"
HELPED = ("KaoheSame", "KaoheAllSame", "KaoheHasEmpty")


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

    def __str__(self) -> str:
        return f"{self.calls:,} 次，{self.kilobytes:,.0f} KB，{self.seconds:.2f} 秒"


def grown(scheme: Any, people: int) -> dict[str, Any]:
    """The data of a scheme's first case, its people repeated under other names and with other numbers."""
    case = json.loads((CASES / f"{scheme.slug}.json").read_text(encoding="utf-8"))["cases"][0]
    names = {row[NAME] for rows in case["tables"].values() for row in rows if row.get(NAME)}
    if not names:
        raise LookupError(f"{scheme.slug}: nobody has a {NAME}")
    numbers = {column.name for table in scheme.tables for column in table.inputs if column.type == "number"}
    copies = -(-people // len(names))

    def other(column: str, value: Any, copy: int) -> Any:
        if not copy or value is None:
            return value
        if column == NAME:
            return f"{value}{copy}"
        return round(value * (1 - copy / 1000), 3) if column in numbers and not isinstance(value, str) else value

    tables = {}
    for table, rows in case["tables"].items():
        if not any(row.get(NAME) for row in rows):
            tables[table] = rows
            continue
        tables[table] = [
            {column: other(column, value, copy) for column, value in row.items()}
            for copy in range(copies)
            for row in rows
            if row.get(NAME)
        ]
    return {"params": case.get("params", {}), "tables": tables}


def without_helped(code: str) -> str:
    for name in HELPED:
        code = re.sub(rf"(Public|Private) Function {name}\(.*?End Function\n", "", code, flags=re.DOTALL)
    return code


def same(left: Any, right: Any) -> bool:
    """Whether two values are of one kind and the same, blocks cell by cell."""
    if isinstance(left, VBAArray) and isinstance(right, VBAArray):
        return left.bounds == right.bounds and (
            all(map(operator.is_, left.items, right.items)) or all(map(same, left.items, right.items))
        )
    if isinstance(left, VBAErrorValue) and isinstance(right, VBAErrorValue):
        return bool(left.number == right.number)
    return type(left) is type(right) and bool(left == right)


def has_empty(value: Any) -> bool:
    return any(map(has_empty, value.items)) if isinstance(value, VBAArray) else value is EMPTY


def help_with(office: Simulated) -> None:
    office.application.interpreter._intrinsics |= {
        "kaohesame": lambda _, given, __: same(*given),
        "kaoheallsame": lambda _, given, __: same(*given),
        "kaohehasempty": lambda _, given, __: has_empty(given[0]),
    }


def count(slug: str, people: int, wanted: Iterable[Step] = Step) -> tuple[int, dict[Step, Counted]]:
    """The number of columns and single cells with our functions, and what each of the steps took."""
    scheme = load(slug)
    data = grown(scheme, people)
    known = simulated._runnable
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as monkeypatch, com.windows() as server:
        path, edited = Path(folder) / "book.xlsx", Path(folder) / "edited.xlsx"
        new_workbook(scheme, path, data)
        # VBA's loops over all cells of a block take Python too long; it compares them in its own way.
        monkeypatch.setattr(simulated, "_runnable", lambda code: without_helped(known(code)))
        with working(monkeypatch, lambda command: Program(server.XLPython())) as office:
            help_with(office)
            book = office.application.open_workbook(path)
            sheet, row, column, value = an_input(book, scheme)
            heading = str(book.sheet_named(sheet).cells_[(row - 1, column)].value)
            new_workbook(scheme, edited, with_edit(data, sheet, heading, value))
            player = Player(monkeypatch, office, book)
            edit = partial(player.edit, sheet, row, column, value, results_in(edited))
            return columns_of(book), {name: taken(player, name, edit) for name in wanted}


def with_edit(data: dict[str, Any], table: str, heading: str, value: float) -> dict[str, Any]:
    """The data with another input of the first row of a table."""
    first, *others = data["tables"][table]
    return {**data, "tables": {**data["tables"], table: [{**first, heading: value}, *others]}}


def taken(player: Player, step: Step, edit: Callable[[], None]) -> Counted:
    office, then = player.office, player.calculate
    traffic = office.dll.traffic  # type: ignore[union-attr]
    traffic.reset()
    match step:
        case Step.OPENING:
            office.run("KaoheHeal ActiveWorkbook, True")
        case Step.EVERYTHING:
            office.run("KaoheForgetAnswers", "KaoheCalculateColumns ActiveWorkbook")
            then = player.recalculate
        case Step.EDIT:
            edit()
        case Step.IN_ORDER:
            office.run("KaoheForgetAnswers")
            then = player.recalculate
    then()
    trouble = office.evaluate("KaoheTrouble()")
    assert not trouble, trouble
    return Counted(traffic.calls, (traffic.bytes_sent + traffic.bytes_received) / 1024, traffic.seconds)


def an_input(book: Any, scheme: Any) -> tuple[str, int, int, float]:
    """The first number that somebody typed in, if possible about a person, and another one in its place."""
    for table in sorted(scheme.tables, key=lambda table: not table.people):
        sheet = book.sheet_named(table.name)
        for shape in sheet.tables if sheet else ():
            row = shape.area.top + 1
            for column in range(shape.area.left, shape.area.right + 1):
                cell = sheet.cells_.get((row, column))
                if cell and not cell.formula and isinstance(cell.value, float) and cell.value > 1:
                    return sheet.name, row, column, float(int(cell.value * 0.9))
    raise LookupError(scheme.slug)


def columns_of(book: Any) -> int:
    """Columns of tables that call our functions, and single cells that do."""
    found = set()
    for sheet in book.sheets_:
        for (row, column), cell in sheet.cells_.items():
            if cell.formula and "KAOHE_" in cell.formula:
                table = next((each.name for each in sheet.tables if each.area.contains(row, column)), "")
                found.add((sheet.name, table, column, 0 if table else row))
    return len(found)
