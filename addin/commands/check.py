"""``kaohe check``: every input error, by cell, as the workbook's own 校验 columns find it."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from addin.cli import FAILED
from addin.commands.show import shown
from addin.headless import Book, calculate, read_book
from addin.headless.model import Cell, CellError, Table, cell_name
from udfs.checks import GOOD, SEPARATOR
from workbook_templates.checks import ABSENT
from workbook_templates.scheme import CHECK

FINE = (GOOD, ABSENT, "", None)
ELSEWHERE = "参数:"
NAME_COLUMN, VALUE_COLUMN = "名称", "值"
PARAMETERS = "参数"
STATE = "状态_"


@dataclass(frozen=True)
class InputError:
    """One thing wrong with what was filled in."""

    sheet: str
    cell: str
    value: Cell
    rule: str

    def __str__(self) -> str:
        return f"{self.sheet}!{self.cell} 的值 {shown(self.value) or '(空白)'}:{self.rule}"


def run(arguments: argparse.Namespace) -> int:
    path = Path(arguments.file)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / f"copy{path.suffix}"
        report = calculate(path, copy)
        found = list(input_errors(read_book(copy)))
    for error in found:
        print(error)
    for problem in report.problems:
        print(f"无法计算 {problem}")
    if not found and not report.problems:
        print(f"{path}:数据全部通过校验")
        return 0
    print(f"共 {len(found)} 处错误")
    return FAILED


def input_errors(book: Book) -> Iterator[InputError]:
    """Every input error of a computed workbook."""
    for table in book.tables.values():
        if CHECK in table.columns:
            for row in range(table.first_row, table.last_row + 1):
                yield from _row_errors(book, table, row)
    yield from _broken_rules(book)


def _row_errors(book: Book, table: Table, row: int) -> Iterator[InputError]:
    where = table.first_col + table.columns.index(CHECK)
    verdict = book.value(table.sheet, row, where)
    if verdict in FINE:
        return
    if isinstance(verdict, CellError):
        yield InputError(table.sheet, cell_name(row, where), verdict, "这一行无法校验,请检查是否有错误值")
        return
    for problem in str(verdict).split(SEPARATOR):
        if problem.startswith(ELSEWHERE):
            continue
        name, _, rule = problem.partition(":")
        col = _column_of(table, name, where)
        yield InputError(table.sheet, cell_name(row, col), book.value(table.sheet, row, col), f"{name}:{rule}" if rule else name)


def _column_of(table: Table, name: str, otherwise: int) -> int:
    if table.columns[:2] == (NAME_COLUMN, VALUE_COLUMN):
        return table.first_col + 1
    return table.first_col + table.columns.index(name) if name in table.columns else otherwise


def _broken_rules(book: Book) -> Iterator[InputError]:
    """Conditions over several parameters, each a named cell that says 通过 or what is wrong."""
    parameters = book.tables.get(PARAMETERS)
    for name, target in book.names.items():
        sheet, _, cell = target.replace("'", "").replace("$", "").partition("!")
        if parameters is None or not name.startswith(STATE) or sheet != parameters.sheet:
            continue
        row, col = _place(cell.partition(":")[0])
        verdict = book.value(sheet, row, col)
        if verdict not in FINE:
            rule = verdict.value if isinstance(verdict, CellError) else str(verdict)
            yield InputError(sheet, cell_name(row, col), book.value(sheet, row, 0), rule)


def _place(cell: str) -> tuple[int, int]:
    from addin.headless.references import column_number

    letters = cell.rstrip("0123456789")
    return int(cell[len(letters) :]) - 1, column_number(letters)
