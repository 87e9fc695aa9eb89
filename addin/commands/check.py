"""``kaohe check``: every input error, by cell, as the workbook's own 校验 columns find it."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from addin.exits import FAILED, UserError
from addin.headless import Book, calculate, read_book
from addin.headless.model import Area, Cell, CellError, Table, cell_name
from addin.results import PARAMETERS, VALUE, is_list
from addin.texts import shown
from udfs.checks import GOOD, SEPARATOR
from workbook_templates.checks import ABSENT, parameter_state
from workbook_templates.scheme import CHECK, SERIAL, state

FINE = (GOOD, ABSENT, "", None)
COLON = ":"
ELSEWHERE = PARAMETERS + COLON
"""How a row's 校验 begins whose own cells were not looked at, because a parameter is wrong."""
OVERWRITTEN = "公式被改写成了固定内容,请从同列其他行复制公式"


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
        book = read_book(copy)
    if not any(CHECK in table.columns for table in book.tables.values()):
        raise UserError(f"{path} 中没有“{CHECK}”列,无从检查;请用 kaohe new 新建的工作簿")
    found = input_errors(book)
    for error in found:
        print(error)
    for problem in report.problems:
        print(f"无法计算 {problem}")
    if found or report.problems:
        print(f"共 {len(found)} 处填写错误" + (f",{len(report.problems)} 个单元格无法计算" if report.problems else ""))
        return FAILED
    print(f"{path}:填写的数据全部通过校验")
    return 0


def input_errors(book: Book) -> list[InputError]:
    """Every input error of a computed workbook: the parameters' first, for they keep the rows from being checked."""
    lists = [table for name, table in book.tables.items() if name == PARAMETERS and is_list(book, name)]
    found = [error for table in lists for error in _table_errors(book, table)]
    found += _broken_rules(book)
    for table in book.tables.values():
        if table not in lists and CHECK in table.columns:
            # Of a wrong parameter every row of the tables that use it tells; it is told once, where it stands.
            told = bool(found)
            errors = _table_errors(book, table)
            found += [error for error in errors if not (told and error.rule.startswith(ELSEWHERE))]
            found += _overwritten(book, table)
    return found


def _table_errors(book: Book, table: Table) -> Iterator[InputError]:
    for row in range(table.first_row, table.last_row + 1):
        yield from _row_errors(book, table, row)


def _row_errors(book: Book, table: Table, row: int) -> Iterator[InputError]:
    where = table.first_col + table.columns.index(CHECK)
    verdict = book.value(table.sheet, row, where)
    if verdict in FINE:
        return
    if isinstance(verdict, CellError):
        yield InputError(table.sheet, cell_name(row, where), verdict, "这一行无法校验,请检查引用和公式中的错误值")
        return
    text = shown(verdict)
    for problem in [text] if text.startswith(ELSEWHERE) else text.split(SEPARATOR):
        col = _column(table, problem.partition(COLON)[0], where)
        yield InputError(table.sheet, cell_name(row, col), book.value(table.sheet, row, col), problem)


def _column(table: Table, name: str, otherwise: int) -> int:
    """Where the cell stands that a problem speaks of."""
    if table.name == PARAMETERS and VALUE in table.columns:
        return table.first_col + table.columns.index(VALUE)
    return table.first_col + table.columns.index(name) if name in table.columns else otherwise


def _broken_rules(book: Book) -> Iterator[InputError]:
    """Conditions over several parameters, each a named cell of the sheet 参数 that says 通过 or what is wrong."""
    for name, target in book.names.items():
        sheet, _, cell = target.replace("'", "").replace("$", "").rpartition("!")
        if sheet != PARAMETERS or not name.startswith(state("")) or name == parameter_state():
            continue
        row, col = _place(cell)
        verdict = book.value(sheet, row, col)
        if verdict not in FINE:
            yield InputError(sheet, cell_name(row, col), book.value(sheet, row, 0), shown(verdict))


def _place(cell: str) -> tuple[int, int]:
    from addin.headless.references import column_number

    letters = cell.rstrip("0123456789")
    return int(cell[len(letters) :]) - 1, column_number(letters)


def _overwritten(book: Book, table: Table) -> Iterator[InputError]:
    """Cells of computed columns that hold something else: data validation doesn't stop pasting over them.

    Computed are 序号, and from 校验 on the columns of which most cells are formulas; others are a clerk's own notes.
    """
    sheet = book.workbook.sheets[table.sheet]
    rows = range(table.first_row, table.last_row + 1)
    for place, name in enumerate(table.columns):
        col = table.first_col + place
        if name != SERIAL and place < table.columns.index(CHECK):
            continue
        blocks = [area for area in sheet.arrays.values() if area.left <= col <= area.right]
        typed = [row for row in rows if (row, col) not in sheet.formulas and not _covered(row, blocks)]
        if 2 * len(typed) < len(rows):
            for row in typed:
                if any(book.value(table.sheet, row, other) not in ("", None) for other in _columns(table)):
                    value = book.value(table.sheet, row, col)
                    yield InputError(table.sheet, cell_name(row, col), value, f"{name}{COLON}{OVERWRITTEN}")


def _columns(table: Table) -> range:
    return range(table.first_col, table.last_col + 1)


def _covered(row: int, blocks: list[Area]) -> bool:
    return any(area.top <= row <= area.bottom for area in blocks)
