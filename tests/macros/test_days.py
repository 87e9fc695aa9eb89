"""Workbooks of the 1904 system: explanations and paper show the days that the workbook shows."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.macros.support import lines, run, sheet


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    people = book.active
    assert people is not None
    people.append(["姓名", "入职", "得分", "名次", "到期"])
    for row, (name, score) in enumerate((("张三", 90), ("李四", 80)), start=2):
        people.append([name, date(2023, 3, 15), score, f"=RANK(C{row},C$2:C$3)", f"=EDATE(B{row},12)"])
        for col in (2, 5):
            people.cell(row, col).number_format = "yyyy-mm-dd"
    found = tmp_path_factory.mktemp("1904") / "入职.xlsx"
    book.save(found)
    return found


def test_an_explanation(path: Path) -> None:
    told = lines(run("explain", path, person="张三"))
    assert "到期 = 2024-03-15 [Sheet!E2]" in told and "  入职 = 2023-03-15 [Sheet!B2]" in told


@pytest.mark.parametrize("macro", ["slips", "print"])
def test_paper(path: Path, macro: str) -> None:
    cells = [cell.value for row in sheet(run(macro, path).documents[0]).iter_rows() for cell in row]
    assert datetime(2024, 3, 15) in cells
