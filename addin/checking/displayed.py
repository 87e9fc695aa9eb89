"""What sheets only display, and hold as values that no longer change: counts, states and figures of 首页 and 领导概览, warnings above 校验.

No pay comes from them, but a clerk goes by them. What stands there otherwise, as notes, is his own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from addin.checking.fault import Fault
from addin.checking.summary import told_of
from addin.checking.tables import checked
from addin.shared.texts import shown
from addin.xlsx import heading
from addin.xlsx.book import Book
from addin.xlsx.model import BLANK, cell_name, is_number
from udfs.vocabulary import PENDING
from workbook_templates.scheme.names import BOARD, CHECK, PERIOD, SUMMARY, UNIT
from workbook_templates.scheme.sentences import NOT_PASSED

FILLED, WRONG, STATE, NEXT_STEP = "已填", "填错", "状态", "下一步"
"""How 首页 heads what it counts and says."""
OTHERWISE = "这里写的{0}与“首页”的不同，打印稿、公示表用“首页”的“{1}”"
ANOTHER_MARK = "{}：这里写的满分与填写规则的不同，检查时用的是 {}"
_MARK = re.compile(r"满分 (\d+(?:\.\d+)?)")
_Place = tuple[str, int, int]


def displayed_faults(book: Book) -> Iterator[Fault]:
    """One for each sheet: values are mostly pasted over many cells together."""
    found: dict[str, dict[_Place, None]] = {}
    for place in [*_of_home(book), *_of_board(book), *_above_checks(book)]:
        if book.value(*place) not in BLANK and not book.is_computed(*place):
            found.setdefault(place[0], {})[place] = None
    for sheet, places in found.items():
        first = min(places)
        yield Fault(sheet, cell_name(*first[1:]), book.value(*first), told_of(len(places)))


def displayed_doubts(book: Book) -> Iterator[Fault]:
    """Lines above the headings that say something else than what holds: unit and period, full marks."""
    for each in checked(book):
        sheet = each.table.sheet
        line = str(book.value(sheet, *heading.LINE))
        for fact in (UNIT, PERIOD) if not book.is_formula(sheet, *heading.LINE) else ():
            entered = heading.entered(book, fact)
            if heading.written(line, fact) and entered and entered not in line:
                yield Fault(sheet, cell_name(*heading.LINE), line, OTHERWISE.format(fact, entered))
        for name, rule in (each.rules or {}).items():
            if name not in each.table.columns:
                continue
            row, col = each.table.first_row - 2, each.table.column(name)
            mark = book.value(sheet, row, col) if row >= 0 else None
            told = _MARK.fullmatch(mark) if isinstance(mark, str) else None
            if told is not None and is_number(rule.high) and float(told[1]) != rule.high:
                yield Fault(sheet, cell_name(row, col), mark, ANOTHER_MARK.format(name, shown(rule.high)))


def _of_home(book: Book) -> Iterator[_Place]:
    """What to do next, how many are filled in, how far each table is, and the figures under their labels."""
    entries = heading.place(book, UNIT)
    if entries is None:
        return
    home, columns, labels = entries[0], list[int](), {str(label) for label in book.named_values(SUMMARY)}
    sheet = book.workbook.sheets[home]
    for row in range(sheet.height):
        cells = {col: cell for col in range(sheet.width) if (cell := sheet.get(row, col)) not in BLANK}
        columns = columns if cells else []
        yield from ((home, row, col) for col in columns)
        if STATE in cells.values():
            columns = [col for col, cell in cells.items() if cell in (FILLED, PENDING, WRONG, STATE)]
        for col, cell in cells.items():
            if not isinstance(cell, str):
                continue
            if cell.startswith(NEXT_STEP):
                yield home, row, col
            elif cell == FILLED and STATE not in cells.values():
                yield home, row, col + 1
            elif cell.partition("（")[0].rstrip() in labels:
                yield home, row + 1, col


def _above_checks(book: Book) -> Iterator[_Place]:
    """What is said there of rows of other tables."""
    for table in (each.table for each in checked(book)):
        place = table.sheet, table.first_row - 2, table.column(CHECK)
        if place[1] >= 0 and str(book.value(*place)).endswith(NOT_PASSED):
            yield place


def _of_board(book: Book) -> Iterator[_Place]:
    """Numbers, but for the zeros on which bars stand."""
    if BOARD in book.sheets:
        sheet = book.workbook.sheets[BOARD]
        for col in range(sheet.width):
            for row, cell in enumerate(sheet.cells(col, 0, sheet.height - 1)):
                if is_number(cell) and cell:
                    yield BOARD, row, col
