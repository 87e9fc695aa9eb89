"""Computes a workbook without a spreadsheet program."""

from __future__ import annotations

from pathlib import Path

from addin.xlsx.book import Book, read_book
from addin.xlsx.model import Problem, Report
from addin.xlsx.package import WorkbookError

__all__ = ["Book", "Problem", "Report", "WorkbookError", "calculate", "read_book"]


def calculate(path: Path | str, out: Path | str | None = None) -> Report:
    """Compute every formula of a workbook and store the values; only they change in the file.

    ``out`` is where the computed workbook goes (left out: the file itself, replaced atomically). Raises WorkbookError.
    """
    from addin.headless.computation import calculate as compute_file

    return compute_file(Path(path), Path(out) if out is not None else None)
