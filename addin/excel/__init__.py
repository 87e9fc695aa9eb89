"""The Excel add-in, built from the declarations on any system: kaohe.xlam, and workbooks that need no add-in."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbook_templates.scheme.model import Scheme

ADDIN = "kaohe.xlam"
FIXED_DATE = datetime(2026, 1, 1)
"""So that the same declarations make the same file."""


def build(folder: Path) -> Path:
    """Make ``kaohe.xlam`` (functions, ribbon, healing) in a folder. Raises WorkbookError."""
    from addin.excel.package import Form, with_project
    from addin.excel.ribbon import ribbon
    from addin.macros import MACROS

    path = folder / ADDIN
    with tempfile.TemporaryDirectory() as place:
        empty = Path(place) / "empty.xlsx"
        _write_empty(empty)
        with_project(empty, path, Form.ADDIN, ribbon(MACROS.values()))
    return path


def build_selfcontained(scheme: Scheme, folder: Path) -> Path:
    """Make a scheme's new, computed workbook (.xlsm) that has the functions and the ribbon in itself, for machines that may have no
    add-in. Raises WorkbookError."""
    from addin.excel.package import Form, with_project
    from addin.excel.ribbon import ribbon
    from addin.headless.newbook import new_workbook
    from addin.macros import MACROS
    from addin.portable.filenames import file_name

    path = folder / f"{file_name(scheme.title)}.xlsm"
    with tempfile.TemporaryDirectory() as place:
        plain = Path(place) / "new.xlsx"
        new_workbook(scheme, plain)
        with_project(plain, path, Form.WORKBOOK, ribbon(MACROS.values(), is_own=True))
    return path


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
