"""Computes a workbook without a spreadsheet program."""

from __future__ import annotations

from pathlib import Path

from addin.xlsx.book import Book, read_book
from addin.xlsx.collecting import seldom_collected
from addin.xlsx.files import WorkbookError
from addin.xlsx.model import Problem, Report

__all__ = ["Book", "Problem", "Report", "WorkbookError", "calculate", "read_book"]


@seldom_collected()
def calculate(path: Path | str, out: Path | str | None = None) -> Report:
    """Compute every formula of a workbook and store the values; only they change in the file.

    ``out`` is where the computed workbook goes (left out: the file itself, replaced atomically). Raises WorkbookError.
    """
    from addin.headless.session import Session  # A parser comes with it, which `kaohe --help` need not wait for.
    from addin.xlsx.files import fingerprint

    before = fingerprint(Path(out)) if out is not None else None
    session = Session.open(Path(path))
    report = session.compute()
    notes = session.write(Path(out) if out is not None else None, before)
    return Report(report.cells, report.problems, report.notes + notes)
