"""Workbooks that tests in LibreOffice open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import xlsxwriter


def plain(path: Path, *rows: list[Any], protect: str | None = None) -> Path:
    """A workbook of one's own: cells as given, texts that begin with = being formulas; array formulas as (range, formula)."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("表")
    for number, row in enumerate(rows):
        for col, value in enumerate(row):
            if isinstance(value, tuple):
                sheet.write_array_formula(value[0], value[1], None, "")
            elif isinstance(value, str) and value.startswith("="):
                sheet.write_formula(number, col, value, None, "")
            else:
                sheet.write(number, col, value)
    if protect is not None:
        sheet.protect(protect)
    book.close()
    return path
