"""Error values of formulas in a workbook, those from which others follow left out."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
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
            found: list[_Arisen] = []
            for row in range(run.first, run.last + 1):
                value = sheet.get(row, run.col)
                if not isinstance(value, CellError) or _is_passed_on(book, name, here, row, run.col):
                    continue
                if reasons is None:
                    from addin.checking.reasons import Reasons

                    reasons = Reasons(book)
                rule = reasons.reason(name, row, run.col) or REASON.format(value.value)
                arisen = _Arisen.of(row, value, rule)
                if not (found and found[-1].goes_on(arisen)):
                    found.append(arisen)
            for each in found:
                yield Fault(name, area_name(Area(name, each.first, run.col, each.last, run.col)), each.value, each.rule)


@dataclass
class _Arisen:
    """An error value in rows below each other, of one reason; what each row has looked for in vain is told together."""

    first: int
    last: int
    value: CellError
    reason: str
    missing: list[str]

    @classmethod
    def of(cls, row: int, value: CellError, rule: str) -> _Arisen:
        from addin.checking.reasons import CORRECT, NOT_THERE

        where, sign, told = rule.removesuffix(CORRECT).partition(NOT_THERE)
        is_missing = bool(sign) and rule.endswith(CORRECT)
        return cls(row, row, value, where if is_missing else rule, [told] if is_missing else [])

    def goes_on(self, other: _Arisen) -> bool:
        """Whether the next row's is the same, which is then taken in."""
        if (self.last, self.value, self.reason) != (other.first - 1, other.value, other.reason):
            return False
        if bool(self.missing) != bool(other.missing):
            return False
        self.last = other.last
        self.missing += other.missing
        return True

    @property
    def rule(self) -> str:
        from addin.checking.reasons import CORRECT, MOST_TOLD, NOT_THERE

        if not self.missing:
            return self.reason
        told = list(dict.fromkeys(self.missing))
        more = f" 等 {len(told)} 格" if len(told) > MOST_TOLD else ""
        return f"{self.reason}{NOT_THERE}{'、'.join(told[:MOST_TOLD])}{more}{CORRECT}"


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
