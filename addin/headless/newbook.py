"""A new workbook from a scheme, computed, the same for every host."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from xlsxwriter.exceptions import XlsxWriterException

from addin.headless.session import Session
from addin.shared.exits import reason
from addin.xlsx.book import Book
from addin.xlsx.files import WorkbookError, fingerprint
from addin.xlsx.model import Report
from workbook_templates.scheme.model import Scheme
from workbook_templates.workbook.build import build


def new_workbook(
    scheme: Scheme,
    path: Path,
    data: dict[str, Any] | None = None,
    rows: int | None = None,
    progress: Callable[[int, int, str], None] = lambda done, total, what: None,
    notes_on: Callable[[Book], list[str]] = lambda book: [],
) -> Report:
    """Build and compute a scheme's workbook in memory and put it in the place of ``path``, whole or not at all.

    Raises DataError for data that the scheme doesn't have, WorkbookError if the file can't be written.
    """
    before = fingerprint(path)
    progress(0, 3, "建立工作簿")
    stream = io.BytesIO()
    try:
        build(scheme, stream, data, rows)
    except XlsxWriterException as error:
        # Large sheets stand in temporary files while they are made.
        cause = error.args[0] if error.args else error
        raise WorkbookError(f"无法生成 {path}：{reason(cause) if isinstance(cause, OSError) else cause}") from error
    progress(1, 3, "计算")
    session = Session(path, stream.getvalue())
    report = session.compute()
    progress(2, 3, "保存")
    notes = session.write(path, before)
    progress(3, 3, "保存")
    return Report(report.cells, report.problems, (*notes, *notes_on(session.book)))
