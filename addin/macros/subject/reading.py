"""Reads a workbook's file as the Subject of a macro: computed first, so that no value is stale."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from addin.checking.meanings import refuse_printed
from addin.headless.session import Session
from addin.macros.macro import Progress, Subject, silent
from addin.shared.exits import UserError
from addin.xlsx.book import Book
from addin.xlsx.cellreader import place
from addin.xlsx.model import cell_name


def read_subject(
    path: Path, selection: str | None = None, now: datetime | None = None, progress: Progress = silent
) -> Subject:
    """The Subject of the workbook ``path``, which stays as it is; ``selection`` is ``表!A1``.

    Raises WorkbookError, and UserError for a selection that is not in the workbook.
    """
    progress(0, 2, "读取工作簿")
    session = Session.open(path)
    refuse_printed(session.workbook)
    selected = selected_cell(session.book, selection) if selection else None
    progress(1, 2, "计算工作簿")
    session.compute()
    progress(2, 2, "计算工作簿")
    return Subject(session, now or datetime.now(), selected)


def selected_cell(book: Book, text: str) -> tuple[str, str]:
    """Sheet and cell of ``表!A1``; raises UserError."""
    sheet, mark, cell = text.rpartition("!")
    if sheet.startswith("'") and sheet.endswith("'"):
        sheet = sheet[1:-1].replace("''", "'")
    if not mark or sheet not in book.sheets:
        raise UserError(f"单元格应写成 工作表!A1，现为 {text}；工作表：{'、'.join(book.sheets)}")
    try:
        return sheet, cell_name(*place(cell))
    except ValueError:
        raise UserError(f"单元格应写成 工作表!A1，现为 {text}") from None
