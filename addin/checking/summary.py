"""What the sheet 汇总 says: figures in error, balances that do not hold; and verdicts and figures that are no formulas any more."""

from __future__ import annotations

from collections.abc import Iterator

from addin.checking.fault import Fault
from addin.checking.tables import checked
from addin.xlsx.book import Book
from addin.xlsx.model import BLANK, Cell, CellError, cell_name
from udfs.vocabulary import BROKEN, GOOD
from workbook_templates.scheme.names import (
    BALANCES,
    CHECK,
    PARAMETERS,
    SHIFTED,
    STRUCTURE,
    SUMMARY,
    TOTAL,
    VALUE,
    WHOLE,
    formulas_state,
    parameter_state,
    state,
)

OVERWRITTEN = "公式被改写成了固定内容，不再随数据变化；请撤销或用 kaohe upgrade 重建"


def summary_errors(book: Book) -> Iterator[Fault]:
    """The error values among the figures."""
    for sheet, row, col in _figures(book):
        value = book.value(sheet, row, col)
        if isinstance(value, CellError):
            name = book.value(sheet, row, col - 1)
            yield Fault(sheet, cell_name(row, col), value, f"{name}：算不出来，请先改正它读取的表")


def overwritten_figures(book: Book) -> Iterator[Fault]:
    """Figures, answers of 核对, totals and verdicts that are no formulas any more: they stay as they are whatever is filled in."""
    for sheet, row, col in [*_figures(book), *balances(book)]:
        value = book.value(sheet, row, col)
        if value not in BLANK and not book.is_formula(sheet, row, col):
            yield Fault(sheet, cell_name(row, col), value, f"{book.value(sheet, row, col - 1)}：{OVERWRITTEN}")
    yield from _totals_overwritten(book)
    lost = [cell for cell in _counts(book) if book.value(*cell) not in BLANK and not book.is_formula(*cell)]
    if lost:
        yield Fault(lost[0][0], cell_name(*lost[0][1:]), book.value(*lost[0]), told_of(len(lost)))
    for sheet, row, col in _verdicts(book):
        if not book.is_formula(sheet, row, col):
            yield Fault(
                sheet, cell_name(row, col), book.value(sheet, row, col), f"{_label(book, sheet, row)}：{OVERWRITTEN}"
            )


def told_of(number: int) -> str:
    """What is said at the first of several cells: values are mostly pasted over many together."""
    return f"连同另外 {number - 1} 格，{OVERWRITTEN}" if number > 1 else OVERWRITTEN


def _verdicts(book: Book) -> Iterator[tuple[str, int, int]]:
    """The cells that say whether each parameter, each list and each table is good."""
    if book.is_list(PARAMETERS) and CHECK in book.tables[PARAMETERS].columns:
        table = book.tables[PARAMETERS]
        cols = range(table.first_col, table.last_col + 1)
        # A row that was put in is no parameter.
        rows = (row for row in table.rows if any(book.value(table.sheet, row, col) not in BLANK for col in cols))
        yield from ((table.sheet, row, table.column(CHECK)) for row in rows)
    for name in book.names:
        if name.startswith(state("")) or name in (parameter_state(), STRUCTURE, WHOLE):
            cell = book.named_cell(name)
            # A parameter's own state is its check.
            if cell is not None and not _is_of_parameters(book, *cell):
                yield cell


def _counts(book: Book) -> Iterator[tuple[str, int, int]]:
    """What the sheet 填写规则 counts of the tables, and says of their columns; what it says of a table is a verdict."""
    structure, shifted = book.named_cell(STRUCTURE), book.named_area(SHIFTED)
    if structure is not None and shifted is not None:
        verdicts = {book.named_cell(name) for name in book.names if name.startswith(state(""))}
        cells = (
            (shifted.sheet, row, col)
            for row in range(shifted.top, shifted.bottom + 1)
            for col in range(1, structure[2] + 1)
        )
        yield from (cell for cell in cells if cell not in verdicts)
    yield from filter(None, (book.named_cell(name) for name in book.names if name.startswith(formulas_state(""))))


def _is_of_parameters(book: Book, sheet: str, row: int, col: int) -> bool:
    return book.is_list(PARAMETERS) and book.tables[PARAMETERS].holds(sheet, row, col)


def _label(book: Book, sheet: str, row: int) -> Cell:
    """What stands at the left of a verdict."""
    return next((value for col in range(3) if (value := book.value(sheet, row, col)) not in BLANK), "")


def _totals_overwritten(book: Book) -> Iterator[Fault]:
    """Totals stand above the headings; what else stands in their row is text."""
    for table in (each.table for each in checked(book)):
        row = table.first_row - 2
        if row < 0 or book.value(table.sheet, row, table.first_col) != TOTAL:
            continue
        for col, name in enumerate(table.columns, table.first_col):
            value = book.value(table.sheet, row, col)
            if type(value) is float and not book.is_formula(table.sheet, row, col):
                yield Fault(table.sheet, cell_name(row, col), value, f"{TOTAL}：{name}：{OVERWRITTEN}")


def _figures(book: Book) -> list[tuple[str, int, int]]:
    if not book.is_list(SUMMARY):
        return []
    table = book.tables[SUMMARY]
    col = table.column(VALUE)
    return [(table.sheet, row, col) for row in table.rows]


def balances(book: Book) -> list[tuple[str, int, int]]:
    """Sheet, row and column of the answer of every line of 核对, in workbooks that don't name the block as well."""
    if book.is_list(BALANCES):
        table = book.tables[BALANCES]
        col = table.column(VALUE)
        return [(table.sheet, row, col) for row in table.rows]
    if not book.is_list(SUMMARY):
        return []
    table = book.tables[SUMMARY]
    sheet, col = book.workbook.sheets[table.sheet], table.first_col
    heading = next((row for row in range(table.last_row + 1, sheet.height) if sheet.get(row, col) == BALANCES), None)
    if heading is None:
        return []
    end = heading + 1
    while sheet.get(end, col) not in BLANK:
        end += 1
    return [(table.sheet, row, col + 1) for row in range(heading + 1, end)]


def broken_balances(book: Book) -> Iterator[Fault]:
    """The lines of 核对 that say something else than 通过."""
    for sheet, row, col in balances(book):
        value = book.value(sheet, row, col)
        if value not in (GOOD, *BLANK):
            yield Fault(sheet, cell_name(row, col), value, f"{book.value(sheet, row, col - 1)}：核对没有通过")


def is_broken(fault: Fault) -> bool:
    """Whether a balance does not hold, rather than not being known."""
    return fault.value == BROKEN
