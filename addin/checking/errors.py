"""Error values of formulas in a workbook, those from which others follow left out."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from addin.checking.fault import Fault
from addin.xlsx.book import Book
from addin.xlsx.model import Area, CellError, Table, area_name
from workbook_templates.formula.resolving import Cells, resolve
from workbook_templates.formula.tokens import FormulaError
from workbook_templates.formula.tree import Named

if TYPE_CHECKING:
    from addin.checking.reasons import Reasons

REASON = "公式得出错误值 {}，它读取的单元格没有错误值；请检查公式的参数"
MOST_READ = 100_000
"""Cells that are looked at for an error which a formula may only have passed on."""


def error_faults(book: Book, sheets: Collection[str] | None = None) -> Iterator[Fault]:
    """The formulas in which an error value arises, on all sheets or some of them."""
    # The explanations' own modules come with it; most workbooks hold no error value.
    reasons: Reasons | None = None
    for name in book.workbook.sheets if sheets is None else sheets:
        sheet = book.workbook.sheets[name]
        here = [table for table in book.tables.values() if table.sheet == name]
        for run in sheet.formulas.runs(sheet.arrays):
            if CellError not in set(map(type, sheet.cells(run.col, run.first, run.last))):
                continue
            found: list[tuple[int, int, CellError, str]] = []
            for row in range(run.first, run.last + 1):
                value = sheet.get(row, run.col)
                if not isinstance(value, CellError) or _is_passed_on(book, name, here, row, run.col):
                    continue
                if reasons is None:
                    from addin.checking.reasons import Reasons

                    reasons = Reasons(book)
                rule = reasons.reason(name, row, run.col) or REASON.format(value.value)
                if found and found[-1][1:] == (row - 1, value, rule):
                    found[-1] = (found[-1][0], row, value, rule)
                else:
                    found.append((row, row, value, rule))
            for first, last, value, rule in found:
                yield Fault(name, area_name(Area(name, first, run.col, last, run.col)), value, rule)


def _is_passed_on(book: Book, sheet: str, here: list[Table], row: int, col: int) -> bool:
    text = book.workbook.sheets[sheet].formulas[row, col]
    try:
        items = resolve(text, sheet, row, col, book.workbook, here).items
    except FormulaError:
        return False
    for item in items:
        cell = book.named_cell(item.name) if isinstance(item, Named) else None
        if cell is not None and isinstance(book.value(*cell), CellError):
            return True
        if not isinstance(item, Cells) or not item.reference.valid:
            continue
        area = item.reference.at(row, col)
        source = book.workbook.sheets[area.sheet]
        bottom = min(area.bottom, source.height - 1)
        for column in range(area.left, min(area.right, source.width - 1) + 1):
            cells = source.cells(column, area.top, min(bottom, area.top + MOST_READ))
            if any(isinstance(cell, CellError) for cell in cells):
                return True
    return False
