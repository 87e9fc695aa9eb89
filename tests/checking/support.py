"""A scheme's workbook as a clerk edits it, and what its checks tell."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from addin.checking.workbook import all_faults
from addin.headless.session import Session
from tests.support import built, first_case
from workbook_templates.workbook.layout import TABLE_LIMIT

SLUG, PEOPLE = "health-centre-staff", "人员"
HEADINGS, FIRST = 5, 6
Edit = Callable[[Workbook], object]


@cache
def filled(limit: int = TABLE_LIMIT) -> bytes:
    """A scheme's workbook with its first case's data."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("workbook_templates.workbook.layout.TABLE_LIMIT", limit)
        return built(SLUG, first_case(SLUG))


def computed(content: bytes) -> Session:
    session = Session.of(content)
    session.compute()
    return session


def edited(content: bytes, edit: Edit) -> Session:
    """The workbook after an edit with openpyxl, which sees neither validation nor protection; computed."""
    book = load_workbook(io.BytesIO(content))
    edit(book)
    stream = io.BytesIO()
    book.save(stream)
    return computed(stream.getvalue())


def columns(sheet: Worksheet) -> dict[str, int]:
    return {str(cell.value): cell.column for cell in sheet[HEADINGS]}


def last_row(sheet: Worksheet) -> int:
    return max(cell.row for cell in sheet["A"] if cell.value is not None or cell.row > HEADINGS)


def told(session: Session) -> list[str]:
    return [f"{fault.sheet}!{fault.cell} {fault.rule}" for fault in all_faults(session)]


def paid(session: Session) -> Any:
    return session.book.named_values("汇总")["实发合计"]


def own(rows: list[list[Any]], **formulas: str) -> Session:
    """A sheet of one's own, with 姓名, 部门, 得分, and formulas in which {row} and {last} are rows."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "考核"
    sheet.append(["姓名", "部门", "得分", *formulas])
    for row, cells in enumerate(rows, 2):
        sheet.append([*cells, *(text.format(row=row, last=len(rows) + 1) for text in formulas.values())])
    stream = io.BytesIO()
    book.save(stream)
    return computed(stream.getvalue())


LISTED: list[list[Any]] = [["甲", "一部", 95], ["乙", "一部", 90], ["丙", "二部", 88]]
RANK = "=KAOHE_RANK(A{row},A$2:A${last},C$2:C${last},B$2:B${last})"
