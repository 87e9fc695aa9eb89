"""校验数据: every input error, by cell, as the workbook's own 校验 columns find it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from addin.macros.macro import COMPUTING, Message, Needs, Outcome, Progress, Subject, macro
from addin.shared.exits import UserError
from addin.shared.texts import shown
from addin.xlsx.book import PARAMETERS, VALUE, Book
from addin.xlsx.cellreader import place
from addin.xlsx.model import Area, Cell, CellError, Table, cell_name
from udfs.checks import SEPARATOR
from udfs.vocabulary import ABSENT, GOOD, PENDING
from workbook_templates.scheme.checks import parameter_state
from workbook_templates.scheme.model import CHECK, SERIAL, state

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

    @property
    def message(self) -> Message:
        return Message(f"{self.rule}(现在的值:{shown(self.value) or '空白'})", self.sheet, self.cell)


@macro(
    "check",
    "校验数据",
    "Check data",
    "检查填写的数据,按单元格列出每一处错误;工作簿不改动。",
    "Lists every input error by cell; the workbook is not changed.",
    COMPUTING,
    "DataValidation",
    needs=Needs.CHECKS,
)
def check(subject: Subject, options: dict[str, Any], progress: Progress) -> Outcome:
    progress(0, 1, "校验数据")
    found = input_errors(subject.book, subject.name)
    progress(1, 1, "校验数据")
    summary = f"共 {len(found)} 处填写错误" if found else "填写的数据全部通过校验"
    return Outcome(tuple(error.message for error in found), summary=summary, sound=not found)


def input_errors(book: Book, name: str) -> list[InputError]:
    """Every input error of a computed workbook: the parameters' first, for they keep the rows from being checked.

    Raises UserError for a workbook (called ``name``) that has no 校验 column.
    """
    if not any(CHECK in table.columns for table in book.tables.values()):
        raise UserError(f"{name} 中没有“{CHECK}”列,无从检查;请用 kaohe new 新建的工作簿")
    found = workbook_errors(book)
    for table in book.tables.values():
        if not book.is_list(table.name) and CHECK in table.columns:
            # Of a wrong parameter every row of the tables that use it tells; it is told once, where it stands.
            told = bool(found)
            errors = _table_errors(book, table)
            found += [error for error in errors if not (told and error.rule.startswith(ELSEWHERE))]
            found += _overwritten(book, table)
    return found


def workbook_errors(book: Book) -> list[InputError]:
    """What is wrong with the workbook as a whole: its parameters, and the rules between them."""
    lists = [book.tables[PARAMETERS]] if book.is_list(PARAMETERS) and CHECK in book.tables[PARAMETERS].columns else []
    return [*(error for table in lists for error in _table_errors(book, table)), *_broken_rules(book)]


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
    for problem in [text] if text.startswith(ELSEWHERE) else _told_by_column(text):
        col = _column(table, problem.partition(COLON)[0], where)
        yield InputError(table.sheet, cell_name(row, col), book.value(table.sheet, row, col), problem)


def _told_by_column(text: str) -> Iterator[str]:
    """The problems of a row; what is still to be filled in stands together there, and is told by column."""
    for problem in text.split(SEPARATOR):
        kind, _, columns = problem.partition(COLON)
        yield from [f"{name}{COLON}{PENDING}" for name in columns.split("、")] if kind == PENDING else [problem]


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
        row, col = place(cell)
        verdict = book.value(sheet, row, col)
        if verdict not in FINE:
            yield InputError(sheet, cell_name(row, col), book.value(sheet, row, 0), shown(verdict))


def _overwritten(book: Book, table: Table) -> Iterator[InputError]:
    """Cells of computed columns that hold something else: data validation doesn't stop pasting over them.

    Computed are 序号, and from 校验 on the columns of which most cells are formulas; others are a clerk's own notes.
    """
    sheet = book.workbook.sheets[table.sheet]
    rows = range(table.first_row, table.last_row + 1)
    for offset, name in enumerate(table.columns):
        col = table.first_col + offset
        if name != SERIAL and offset < table.columns.index(CHECK):
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
