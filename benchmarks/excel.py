"""Counts what Excel asks of Python, through the stand-in of the tests: ``python -m benchmarks.excel [PEOPLE … [-- SCHEME …]]``.

For each scheme and number of people: the formulas entered again on opening, everything calculated anew by the button 全部重算, the
same in Excel's own order with nothing known, and one input of one person edited. Calls and bytes are what passes between the
programs, seconds are Python's. Where the add-in's VBA compares values it is helped by Python here, or it would take hours: the
simulation runs VBA a few thousand times slower than Excel.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pyopenvba.interpreter._values import EMPTY, VBAArray, VBAErrorValue

from addin.headless.newbook import new_workbook
from tests.excel import pywin as com
from tests.excel import simulated
from tests.excel.library import Program
from tests.excel.simulated import Simulated, working
from workbook_templates.scheme.catalogue import load, slugs

HERE = Path(__file__).resolve().parent
REPORT = HERE.parent / "docs" / "benchmarks.md"
CASES = HERE.parent / "tests" / "schemes"
BEGIN, END = "<!-- Excel 开始 -->", "<!-- Excel 结束 -->"
SIZES = (50, 300, 1000)
NAME = "姓名"
HELPED = ("KaoheSame", "KaoheAllSame", "HasEmpty")


@dataclass(frozen=True)
class Counted:
    calls: int
    kilobytes: float
    seconds: float

    def __str__(self) -> str:
        return f"{self.calls:,} 次，{self.kilobytes:,.0f} KB,{self.seconds:.2f} 秒"


def grown(slug: str, people: int) -> dict[str, Any]:
    """The data of a scheme's first case, its people repeated under other names."""
    case = json.loads((CASES / f"{slug}.json").read_text(encoding="utf-8"))["cases"][0]
    names = {row[NAME] for rows in case["tables"].values() for row in rows if row.get(NAME)}
    copies = -(-people // max(1, len(names)))
    tables = {}
    for table, rows in case["tables"].items():
        if not any(row.get(NAME) for row in rows):
            tables[table] = rows
            continue
        tables[table] = [
            {**row, NAME: f"{row[NAME]}{copy or ''}"} for copy in range(copies) for row in rows if row.get(NAME)
        ]
    return {"params": case.get("params", {}), "tables": tables}


def helped(monkeypatch: pytest.MonkeyPatch) -> None:
    known = simulated._runnable

    def runnable(code: str) -> str:
        return _without(known(code))

    monkeypatch.setattr(simulated, "_runnable", runnable)


def _without(code: str) -> str:
    for name in HELPED:
        code = re.sub(rf"(Public|Private) Function {name}\(.*?End Function\n", "", code, flags=re.DOTALL)
    return code


def plain(value: Any) -> Any:
    if isinstance(value, VBAArray):
        return tuple(value.bounds), tuple(map(plain, value.items))
    return type(value).__name__, value.number if isinstance(value, VBAErrorValue) else value


def has_empty(value: Any) -> bool:
    return any(item is EMPTY for item in value.items) if isinstance(value, VBAArray) else value is EMPTY


def help_with(office: Simulated) -> None:
    same = lambda _, given, __: plain(given[0]) == plain(given[1])  # noqa: E731
    office.application.interpreter._intrinsics |= {
        "kaohesame": same,
        "kaoheallsame": same,
        "hasempty": lambda _, given, __: has_empty(given[0]),
    }


def count(slug: str, people: int) -> tuple[int, dict[str, Counted]]:
    """The number of columns and single cells with our functions, and what each step took."""
    scheme = load(slug)
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as monkeypatch, com.windows() as server:
        path = Path(folder) / "book.xlsx"
        new_workbook(scheme, path, grown(slug, people))
        helped(monkeypatch)
        with working(monkeypatch, lambda command: Program(server.XLPython())) as office:
            help_with(office)
            book = office.application.open_workbook(path)
            return columns_of(book), dict(steps(office, book, scheme))


def steps(office: Simulated, book: Any, scheme: Any) -> Iterator[tuple[str, Counted]]:
    def taken(name: str, *lines: str, everything: bool = False) -> tuple[str, Counted]:
        traffic = office.library.traffic  # type: ignore[union-attr]
        traffic.reset()
        office.run(*lines)
        (office.recalculate if everything else office.calculate)()
        assert not office.evaluate("KaoheTrouble()"), office.evaluate("KaoheTrouble()")
        return name, Counted(traffic.calls, (traffic.bytes_sent + traffic.bytes_received) / 1024, traffic.seconds)

    yield taken("打开时重新连接", "KaoheHeal ActiveWorkbook, True")
    yield taken("全部重算", "KaoheForgetAnswers", "KaoheCalculateColumns ActiveWorkbook", everything=True)
    sheet, cell = an_input(book, scheme)
    yield taken("改一个得分", f'Worksheets("{sheet.name}").Range("{cell}").Value = {sheet.value(cell) * 0.9:.2f}')
    yield taken("按 Excel 的次序从头算", "KaoheForgetAnswers", everything=True)


def an_input(book: Any, scheme: Any) -> tuple[Any, str]:
    """The first number that somebody typed in about the first person."""
    from openpyxl.utils import get_column_letter

    for table in scheme.tables:
        sheet = book.sheet_named(table.name)
        for shape in sheet.tables if table.people else ():
            row = shape.area.top + 1
            for column in range(shape.area.left, shape.area.right + 1):
                cell = sheet.cells_.get((row, column))
                if cell and not cell.formula and isinstance(cell.value, float) and 1 < cell.value <= 100:
                    return sheet_of(sheet), f"{get_column_letter(column)}{row}"
    raise LookupError(scheme.slug)


@dataclass(frozen=True)
class sheet_of:
    sheet: Any

    @property
    def name(self) -> str:
        return str(self.sheet.name)

    def value(self, address: str) -> float:
        from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

        letters, row = coordinate_from_string(address)
        return float(self.sheet.cells_[(row, column_index_from_string(letters))].value)


def columns_of(book: Any) -> int:
    """Columns of tables that call our functions, and single cells that do."""
    found = set()
    for sheet in book.sheets_:
        for (row, column), cell in sheet.cells_.items():
            if cell.formula and "KAOHE_" in cell.formula:
                table = next((each.name for each in sheet.tables if each.area.contains(row, column)), "")
                found.add((sheet.name, table, column, 0 if table else row))
    return len(found)


def main(arguments: list[str]) -> None:
    sizes = [int(each) for each in arguments if each.isdigit()] or list(SIZES)
    wanted = [each for each in arguments if not each.isdigit()] or list(slugs())
    lines: list[str] = []
    for slug in wanted:
        for people in sizes:
            columns, counted = count(slug, people)
            if not lines:
                lines += [
                    "| 方案 | 人数 | 有考核函数的列和单元格 | " + " | ".join(counted) + " |",
                    "|---" * (3 + len(counted)) + "|",
                ]
            lines.append(f"| {slug} | {people:,} | {columns} | " + " | ".join(map(str, counted.values())) + " |")
            print(lines[-1], flush=True)
    text = REPORT.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    REPORT.write_text(f"{before}{BEGIN}\n" + "\n".join(lines) + f"\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
