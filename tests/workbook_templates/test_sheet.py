"""What the sheets of a workbook can do that XlsxWriter's can't."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from openpyxl import load_workbook
from xlsxwriter import Workbook

from workbook_templates.workbook.sheets.sheet import Sheet

ROOM = 494 * 0.96
"""Points of a page that lies, as far as it is filled."""


def made(blocks: list[tuple[int, float]], width: float = 50) -> list[int]:
    """The rows with which further pages begin, of blocks of so many rows so high."""
    stream, row = io.BytesIO(), 0
    with Workbook(stream) as book:
        book.worksheet_class = Sheet
        sheet: Sheet = book.add_worksheet()
        sheet.set_column(0, 0, width)
        for place, (rows, height) in enumerate(blocks):
            if place:
                sheet.begin_block(row)
            for _ in range(rows):
                sheet.set_row(row, height)
                row += 1
        sheet.keep_together(row, 1)
    return [each.id for each in load_workbook(stream).active.row_breaks.brk]


@pytest.mark.parametrize(
    ("blocks", "breaks"),
    [
        ([(10, 30), (5, 30)], []),
        ([(10, 30), (6, 30)], [10]),
        ([(10, 30), (20, 30)], []),  # What is longer than two fifths of a page goes on over the next one,
        ([(11, 30), (20, 30)], []),
        ([(12, 30), (20, 30)], [12]),  # if four rows of it have room.
        ([(20, 30), (11, 30)], []),
        ([(20, 30), (22, 30), (6, 30)], [42]),
        ([(20, 3), (20, 3)], []),  # A row is at least as high as its text.
        ([(20, 3), (9, 3)], [20]),
    ],
)
def test_a_page_ends_before_a_heading_that_would_be_its_last(
    blocks: list[tuple[int, float]], breaks: list[int]
) -> None:
    assert 15 * 30 <= ROOM < 16 * 30 and 6 * 30 <= 0.4 * ROOM < 7 * 30
    assert made(blocks) == breaks


def test_more_rows_have_room_on_a_page_that_is_printed_smaller() -> None:
    assert made([(10, 30), (6, 30)], width=(1026 * 16 / 15 - 5) / 7) == []
    assert made([(10, 30), (6, 30)], width=(1026 - 5) / 7) == [10]


def test_a_row_that_grows_has_a_height_that_nobody_has_set() -> None:
    stream = io.BytesIO()
    with Workbook(stream) as book:
        book.worksheet_class = Sheet
        sheet: Sheet = book.add_worksheet()
        for row in (0, 1):
            sheet.write_string(row, 0, "字")
        sheet.grow(0, 33)
        sheet.set_row(1, 33)
    rows = re.findall(rb"<row [^>]*>", zipfile.ZipFile(stream).read("xl/worksheets/sheet1.xml"))
    assert [b'ht="33"' in row for row in rows] == [True, True]
    assert [b"customHeight" in row for row in rows] == [False, True]
