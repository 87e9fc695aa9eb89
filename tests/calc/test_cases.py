"""Every case of every function, computed by Calc: the workbook that is also opened in Excel says so in one cell."""

from __future__ import annotations

from pathlib import Path

import pytest

from addin.headless import read_book
from addin.xlsx.model import cell_name
from tests.calc.office import Office
from tests.support import PROJECT

pytestmark = pytest.mark.slow
WORKBOOK = PROJECT / "docs" / "excel-check.xlsx"
CONCLUSION, PASSED = "结论", "全部通过"


def test_every_case_of_every_function(computing: Office, tmp_path: Path) -> None:
    path = tmp_path / "check.xlsx"
    path.write_bytes(WORKBOOK.read_bytes())
    document = computing.open(path)
    try:
        computing.recalculate(document)
        sheet, _, cell = read_book(path).names[CONCLUSION].replace("'", "").replace("$", "").rpartition("!")
        assert computing.values(document, f"{sheet}!{cell}") == [[PASSED]]
        computing.put(document, f"数据!{_first_number(path)}", [[12345]])
        assert computing.values(document, f"{sheet}!{cell}") != [[PASSED]]
    finally:
        computing.close(document)


def _first_number(path: Path) -> str:
    book = read_book(path)
    places = ((row, col) for row in range(50) for col in range(10))
    return next(cell_name(row, col) for row, col in places if isinstance(book.value("数据", row, col), float))
