"""What the workbook's own checks say: the column 校验 row by row, the parameters, and the rules between them."""

from __future__ import annotations

from collections.abc import Iterator

from addin.checking.fault import Fault
from addin.checking.tables import is_day
from addin.xlsx.book import Book
from addin.xlsx.model import Cell, CellError, Table, cell_name
from addin.xlsx.plainlists import owner_column
from udfs.checks import LOST, SEPARATOR, UNREADABLE
from udfs.vocabulary import ABSENT, GOOD, PENDING
from workbook_templates.scheme.names import (
    CHECK,
    PARAMETERS,
    PERSON_NAME,
    RULES,
    STAFF_NUMBER,
    STRUCTURE,
    VALUE,
    WHOLE,
    parameter_state,
    state,
)
from workbook_templates.scheme.sentences import NOT_READ

FINE: tuple[Cell, ...] = (GOOD, ABSENT, "", None)
COLON = ":"
TOO_LARGE = "不能大于"
BECAME_DATE = "；填的是日期（1/2、11-26 会变成日期），请改填数，格式改为“常规”"
FOLLOWS = "请先改正"
WITHOUT_RULES = "“校验”是错误值，不能检查：工作簿中没有“填写规则”表，像是单独复制来的一页；请在原来的工作簿中填写"
UNCHECKED = "“校验”是错误值，不能检查；请检查“填写规则”和它引用的表是否被改动、删除"
PERSONS = frozenset({PERSON_NAME, STAFF_NUMBER})
"""Columns by which a table of people is known."""
ELSEWHERE = (PARAMETERS + COLON, "结构" + COLON)
"""How a row's 校验 begins whose own cells were not looked at, because something else is wrong, which is told where it stands."""


def row_faults(book: Book) -> Iterator[Fault]:
    """What is wrong in the rows of all tables."""
    home = book.home(PARAMETERS)
    for table in book.tables.values():
        if CHECK in table.columns and table.sheet != home:
            yield from faults_of_table(book, table)


def is_empty(book: Book) -> bool:
    """Whether nobody has been entered yet, or no unit where units are appraised: nothing to sum up, which is no error."""
    home = book.home(PARAMETERS)
    checked = [table for table in book.tables.values() if CHECK in table.columns and table.sheet != home]
    people = [table for table in checked if not PERSONS.isdisjoint(table.columns)]
    filled_in = people or [table for table in checked if owner_column(table.columns)]
    return bool(filled_in) and not any(
        book.cell(table, row, CHECK) not in ("", None) for table in filled_in for row in table.rows
    )


def waiting(book: Book) -> int:
    """How many filled rows of tables were not looked at, because something else is wrong."""
    home = book.home(PARAMETERS)
    tables = [table for table in book.tables.values() if CHECK in table.columns and table.sheet != home]
    verdicts = (book.cell(table, row, CHECK) for table in tables for row in table.rows)
    return sum(isinstance(verdict, str) and verdict.startswith(ELSEWHERE) for verdict in verdicts)


def parameter_faults(book: Book) -> list[Fault]:
    """What is wrong with the parameters and the lists among them; of what follows from it nothing is told."""
    home = book.home(PARAMETERS)
    tables = [table for table in book.tables.values() if CHECK in table.columns and table.sheet == home]
    found = [fault for table in tables for fault in faults_of_table(book, table)]
    told = {(fault.sheet, fault.cell) for fault in found} | {
        (table.sheet, cell_name(row, table.column(CHECK))) for table in tables for row in table.rows
    }
    rules = [fault for fault in _broken_rules(book) if (fault.sheet, fault.cell) not in told]
    return found + [fault for fault in rules if not (found and fault.rule.startswith(FOLLOWS))]


def faults_of_table(book: Book, table: Table) -> Iterator[Fault]:
    """What is wrong in the rows; a heading that is missing and a check that gives an error value are told once."""
    told: set[str] = set()
    for row in table.rows:
        for fault in faults_of_row(book, table, row):
            if fault.rule not in told:
                yield fault
            if fault.rule.endswith((LOST, UNREADABLE)) or fault.rule in (UNCHECKED, WITHOUT_RULES):
                told.add(fault.rule)


def faults_of_row(book: Book, table: Table, row: int) -> Iterator[Fault]:
    """What a row's 校验 says, each where it stands."""
    where = table.column(CHECK)
    verdict = book.value(table.sheet, row, where)
    if verdict in FINE:
        return
    if isinstance(verdict, CellError):
        rule = UNCHECKED if RULES in book.sheets else WITHOUT_RULES
        yield Fault(table.sheet, cell_name(row, where), verdict, rule)
        return
    for problem in _problems(str(verdict)):
        name, _, told = problem.partition(COLON)
        if told == NOT_READ:  # Where it is read is told with the names.
            continue
        col = _column(table, name, where)
        value = book.value(table.sheet, row, col)
        if told.startswith(TOO_LARGE) and is_day(value) and book.is_date(table.sheet, row, col):
            problem += BECAME_DATE
        yield Fault(table.sheet, cell_name(row, col), value, problem, is_unfinished=told == PENDING)


def _problems(verdict: str) -> Iterator[str]:
    """The problems of a row; what is still to be filled in stands together there, and is told by column."""
    if verdict.startswith(ELSEWHERE):
        yield verdict
        return
    for problem in verdict.split(SEPARATOR):
        kind, _, columns = problem.partition(COLON)
        yield from [f"{name}{COLON}{PENDING}" for name in columns.split("、")] if kind == PENDING else [problem]


def _column(table: Table, name: str, otherwise: int) -> int:
    """Where the cell stands that a problem speaks of."""
    if table.name == PARAMETERS and VALUE in table.columns:
        return table.column(VALUE)
    return table.column(name) if name in table.columns else otherwise


def _broken_rules(book: Book) -> Iterator[Fault]:
    """Conditions over several parameters, each a named cell of the sheet 参数 that says 通过 or what is wrong."""
    home = book.home(PARAMETERS)
    for name in book.names:
        if not name.startswith(state("")) or name == parameter_state():
            continue
        found = book.named_cell(name)
        if found is None or found[0] != home:
            continue
        sheet, row, col = found
        verdict = book.value(sheet, row, col)
        if verdict not in FINE:
            yield Fault(sheet, cell_name(row, col), book.value(sheet, row, 0), str(verdict))


def structure_fault(book: Book) -> Iterator[Fault]:
    """What the workbook's own cells about its tables say."""
    for name in (WHOLE, STRUCTURE):
        found = book.named_cell(name)
        if found is not None and (verdict := book.value(*found)) not in FINE:
            yield Fault(found[0], cell_name(*found[1:]), verdict, "表的结构与公式不符")
            return
