"""Rows become as high as the texts that are put into their wrapped cells."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook
from xlsxwriter import Workbook

from addin.headless.session import Session

WIDTH = 12


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Three rows: wrapped cells, a cell that is not, and one in a row with a height of its own."""
    path = tmp_path / "表.xlsx"
    with Workbook(path) as book:
        sheet = book.add_worksheet("表")
        sheet.set_column(0, 1, WIDTH)
        wrapped = book.add_format({"text_wrap": True})
        for row in range(3):
            sheet.write_string(row, 0, "短", wrapped)
            sheet.write_string(row, 1, "短")
        sheet.set_row(2, 21)
    return path


@pytest.mark.parametrize(
    ("cell", "text", "height"),
    [
        ("A1", "一" * 5, None),
        ("A1", "一" * 5 + "a", 33),
        ("A1", "一" * 9, 33),
        ("A1", "一" * 10, 48),
        ("A1", 1234567890.12345, None),
        ("B1", "一" * 10, None),
        ("A3", "一" * 10, 21),
    ],
)
def test_a_row_is_as_high_as_its_longest_wrapped_text(
    cell: str, text: str | float, height: float | None, path: Path
) -> None:
    session = Session.open(path)
    session.type("表", cell, text)
    session.write()
    sheet = load_workbook(path)["表"]
    assert sheet[cell].value == text
    assert [sheet.row_dimensions[row].height for row in (int(cell[1]), 2)] == [height, None]


def test_a_row_becomes_higher_and_not_lower_than_its_other_texts_take(path: Path) -> None:
    for text, height in (("一" * 9, 33), ("一" * 10, 48), ("一" * 9, 48)):
        session = Session.open(path)
        session.type("表", "A2", text)
        session.write()
        assert load_workbook(path)["表"].row_dimensions[2].height == height
