"""The Excel add-in, built from the declarations on any system: kaohe.xlam, and workbooks that need no add-in."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

ADDIN = "kaohe.xlam"
FIXED_DATE = datetime(2026, 1, 1)
"""So that the same declarations make the same file."""


def build(folder: Path) -> list[Path]:
    """Make ``kaohe.xlam`` (functions, ribbon, healing) in a folder; returns what was made. Raises WorkbookError."""
    from addin.excel.package import Form, with_project
    from addin.excel.ribbon import ribbon
    from addin.macros import MACROS

    path = folder / ADDIN
    with tempfile.TemporaryDirectory() as place:
        empty = Path(place) / "empty.xlsx"
        _write_empty(empty)
        with_project(empty, path, Form.ADDIN, ribbon(MACROS.values()))
    return [path]


def build_selfcontained(slug_or_xlsx: Path | str, out: Path) -> Path:
    """Make a workbook (.xlsm) that has the functions and the ribbon in itself, for machines that may have no add-in.

    From a scheme's new, computed workbook, or from a workbook that there is, whose values stay as they are.
    Raises WorkbookError, SchemeError, UserError.
    """
    from addin.excel.package import Form, with_project
    from addin.excel.ribbon import ribbon
    from addin.headless import calculate
    from addin.macros import MACROS
    from addin.shared.exits import UserError
    from addin.shared.schemes import load
    from workbook_templates.workbook.build import build as build_workbook

    if out.suffix.lower() != ".xlsm":
        raise UserError(f"带宏的工作簿的文件名应以 .xlsm 结尾，现为 {out}")
    with tempfile.TemporaryDirectory() as place:
        source = Path(slug_or_xlsx)
        if source.suffix.lower() != ".xlsx":
            scheme = load(str(slug_or_xlsx))
            source = Path(place) / "new.xlsx"
            build_workbook(scheme, source)
            calculate(source)
        with_project(source, out, Form.WORKBOOK, ribbon(MACROS.values(), is_own=True))
    return out


def _write_empty(path: Path) -> None:
    """The workbook of the add-in itself: one sheet that nobody sees, and what the add-in list tells of it."""
    from xlsxwriter import Workbook

    book = Workbook(path)
    book.set_properties(
        {"title": "KAOHE 绩效考核", "comments": "考核函数、考核表模板和考核报表。", "created": FIXED_DATE}
    )
    book.set_size(1200, 800)
    book.add_worksheet("KAOHE")
    book.close()
