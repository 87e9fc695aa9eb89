"""Rows become as high as the texts that are put into their wrapped cells."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from xlsxwriter import Workbook

from addin.headless.session import Session
from addin.xlsx.heights import with_heights

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
        ("A1", "一\n二\n三", 48),
        ("A1", "一" * 10 + "\n\n二", 78),
        ("A1", "字" * 121, 408),
        ("A1", "字" * 122, 409),
        ("A1", "字" * 500, 409),
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


def row_of(column: str, row: str) -> str:
    """The beginning of a row, with attributes of its column and its own, after a text of ten characters is put into it."""
    xml = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<cols><col min="1" max="1" {column}/></cols>'
        f'<sheetData><row r="1"{row}><c r="A1" s="1"><v>1</v></c></row></sheetData></worksheet>'
    )
    found = re.search("<row [^>]*>", with_heights(xml.encode(), {0: {0: "一" * 10}}, {1}).decode())
    assert found
    return found[0]


@pytest.mark.parametrize(
    ("row", "kept"),
    [
        (' ht="18" customHeight="true"', True),
        (' ht="18" customHeight="1"', True),
        (' ht="18" customHeight="false"', False),
        (' ht="18" customHeight="0"', False),
        ("", False),
    ],
)
def test_only_a_height_that_somebody_has_set_stays(row: str, kept: bool) -> None:
    assert ('ht="48"' in row_of('width="12.7109375"', row)) is not kept


@pytest.mark.parametrize(
    ("column", "height"),
    [
        ('width="12.7109375" hidden="1"', None),
        ('width="12.7109375" hidden="true"', None),
        ('width="12.7109375" hidden="0"', "48"),
        ('width="12.7109375" outlineLevel="1"', "48"),
        ('width="0"', None),
        ('width="0.7109375"', None),
        ('width="1.7109375"', "303"),
        ('width="3.7109375"', "303"),
        ('width="4.7109375"', "303"),
        ('width="5.7109375"', "153"),
    ],
)
def test_narrow_columns_raise_a_row_and_hidden_ones_do_not(column: str, height: str | None) -> None:
    found = re.search(' ht="([^"]*)"', row_of(column, ""))
    assert (found and found[1]) == height
