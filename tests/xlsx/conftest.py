"""What tests of files share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from addin.xlsx.model import Workbook
from addin.xlsx.reader import read_workbook
from tests.xlsx.support import write


@pytest.fixture
def book(tmp_path: Path) -> Any:
    def read(rows: str = "", **parts: str | bytes) -> Workbook:
        return read_workbook(write(tmp_path / "a.xlsx", rows, **parts))

    return read


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """The file of a small workbook."""
    path = tmp_path / "考核.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("人员").write("A1", "姓名")
    return path
