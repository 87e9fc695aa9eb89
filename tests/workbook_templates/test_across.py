"""Where pages of a wide sheet end, and what stands above the headings on each."""

from __future__ import annotations

import io
import json

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from tests.support import PROJECT
from workbook_templates.scheme.catalogue import load
from workbook_templates.workbook.build import build
from workbook_templates.workbook.layout import HEADER_ROW
from workbook_templates.workbook.sheets.across import MOST_WIDTH, page_starts

ONE_PAGE = {f"列{number}": 9.5 for number in range(20)}
"""190 characters, just."""

WIDE = {f"列{number}": 9.0 for number in range(24)}
"""68 pixels each: fourteen of them are 952, and a page takes 962."""


def named(first: int, last: int) -> list[str]:
    return [f"列{number}" for number in range(first, last + 1)]


@pytest.mark.parametrize(
    ("widths", "groups", "starts"),
    [
        (ONE_PAGE, [], []),
        (WIDE, [], ["列14"]),
        (WIDE, [named(13, 14)], ["列13"]),
        (WIDE, [named(10, 14)], ["列14"]),  # A page is filled to three quarters at least: 680 of 962 are less.
        (WIDE, [named(2, 23)], ["列14"]),  # Too long for any page.
    ],
)
def test_pages_end_between_groups_of_columns(
    widths: dict[str, float], groups: list[list[str]], starts: list[str]
) -> None:
    assert sum(ONE_PAGE.values()) == MOST_WIDTH
    assert page_starts(widths, groups) == starts


def test_nothing_above_the_headings_goes_over_a_page() -> None:
    sample = json.loads(
        (PROJECT / "workbook_templates" / "samples" / "school-detailed.json").read_text(encoding="utf-8")
    )
    stream = io.BytesIO()
    build(load("school-detailed"), stream, sample)
    sheet = load_workbook(stream)["人员"]
    ends = [each.id for each in sheet.col_breaks.brk]
    merged = [cells for cells in sheet.merged_cells.ranges if cells.min_row <= HEADER_ROW]
    assert len(ends) == 3 and sheet.print_title_cols == "$A:$B" and len(merged) > 4
    for cells in merged:
        assert not any(cells.min_col <= end < cells.max_col for end in ends), cells.coord
    bands = [sheet[f"{get_column_letter(end + 1)}{HEADER_ROW - 1}"].value for end in ends]
    assert bands[-1] == "计算结果"
