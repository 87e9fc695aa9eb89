"""Where pages of a wide sheet end, and what stands above the headings on each."""

from __future__ import annotations

import io
import json

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from tests.support import PROJECT, first_case
from workbook_templates.scheme.catalogue import load
from workbook_templates.workbook.build import build
from workbook_templates.workbook.layout import HEADER_ROW
from workbook_templates.workbook.sheets.across import MOST_PIXELS, page_starts
from workbook_templates.workbook.sheets.page import display_width

ONE_PAGE = {f"列{number}": 668 / 7 for number in range(2)}
"""673 pixels each: as many as a page takes."""


def wide(number: int) -> dict[str, float]:
    """75 pixels each: fourteen of them are 1050, as many as one of several pages takes."""
    return {f"列{place}": 10.0 for place in range(number)}


def named(first: int, last: int) -> list[str]:
    return [f"列{number}" for number in range(first, last + 1)]


@pytest.mark.parametrize(
    ("widths", "groups", "starts"),
    [
        (ONE_PAGE, [], []),
        ({**wide(2), "列2": 10.0, "列3": 80.0, "列4": 552 / 7}, [], ["列4"]),
        (wide(24), [], ["列14"]),
        (wide(24), [named(13, 14)], ["列13"]),
        (wide(23), [named(11, 14)], ["列11"]),
        (wide(24), [named(11, 14)], ["列14"]),  # A page more isn't worth it.
        (
            wide(24),
            [named(10, 14)],
            ["列14"],
        ),  # The first page is filled to three quarters at least: 750 of 1050 are less.
        (wide(24), [named(2, 23)], ["列14"]),  # Too long for any page.
        (wide(34), [named(22, 27)], ["列14", "列22"]),
        (wide(35), [named(22, 27)], ["列14", "列26"]),
        (wide(36), [named(14, 15), named(16, 27)], ["列14", "列26"]),
        (wide(28), [named(14, 15), named(16, 27)], ["列14", "列16"]),  # No page more, and nothing is divided.
        # A page that is not nearly full ends before two columns that belong together.
        ({**wide(2), "列2": 113.0, "列3": 56.0, "列4": 38.0, "列5": 38.0}, [named(4, 5)], ["列3", "列4"]),
    ],
)
def test_pages_end_between_groups_of_columns(
    widths: dict[str, float], groups: list[list[str]], starts: list[str]
) -> None:
    assert sum(width * 7 + 5 for width in ONE_PAGE.values()) == MOST_PIXELS
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
    assert bands[-1] == "计算结果（续）"
    named = [cell.value for cell in sheet[HEADER_ROW - 1] if cell.value]
    assert named.count("计算结果") == 1


@pytest.mark.parametrize("slug", ["school-detailed", "retail-store", "health-centre-staff"])
def test_what_stands_above_is_not_printed_once_more_with_the_first_columns(slug: str) -> None:
    stream = io.BytesIO()
    build(load(slug), stream, first_case(slug))
    sheet = load_workbook(stream)["人员"]
    assert sheet.print_title_cols == "$A:$B"
    repeated = sum(sheet.column_dimensions[col].width * 7 + 5 for col in "AB")
    first_page = sheet.col_breaks.brk[0].id
    for cell in (sheet["A1"], sheet["A2"]):
        merged = next(cells for cells in sheet.merged_cells.ranges if cell.coordinate in cells)
        assert merged.max_col <= first_page
        widths = (sheet.column_dimensions[get_column_letter(col)] for col in range(1, merged.max_col + 1))
        across = sum(each.width * 7 + 5 for each in widths if not each.hidden)
        # Excel moves by nine pixels a step; in the middle half of what is left over stands before the text.
        steps = cell.alignment.indent * 9
        before = steps or (across - display_width(str(cell.value)) * cell.font.size * 2 / 3) / 2
        assert before >= repeated, cell.coordinate


@pytest.mark.parametrize("slug", ["corporate-kpi-grades", "health-centre-heads", "retail-store"])
def test_nothing_above_the_headings_is_wider_than_the_table(slug: str) -> None:
    """What stands beside a table makes all of it smaller on paper."""
    scheme, stream = load(slug), io.BytesIO()
    build(scheme, stream)
    book = load_workbook(stream)
    for table in scheme.tables:
        sheet = book[table.name]
        [cells] = sheet.tables.values()
        last = range_boundaries(cells.ref)[2]
        widths = [_width(sheet, col) for col in range(1, last + 1)]
        merged = {each.coord.partition(":")[0]: each for each in sheet.merged_cells.ranges}
        for cell in (cell for row in sheet.iter_rows(1, HEADER_ROW) for cell in row if cell.value is not None):
            whole = merged.get(cell.coordinate)
            assert cell.column <= last and (whole is None or whole.max_col <= max(last, 3)), cell.coordinate
            if not (cell.alignment.wrap_text or cell.alignment.shrink_to_fit or str(cell.value).startswith("=")):
                assert display_width(str(cell.value)) <= sum(widths[cell.column - 1 :]), (table.name, cell.coordinate)


def test_a_group_that_goes_on_in_one_narrow_column_is_named_so_that_it_can_be_read() -> None:
    stream = io.BytesIO()
    build(load("county-hospital-two-level"), stream)
    sheet = load_workbook(stream)["科室"]
    begun = [sheet.cell(HEADER_ROW - 1, each.id + 1) for each in sheet.col_breaks.brk]
    assert "收入和成本" in [cell.value for cell in begun]
    assert any(str(cell.value).endswith("（续）") for cell in sheet[HEADER_ROW - 1])


def _width(sheet: Worksheet, col: int) -> float:
    dimension = sheet.column_dimensions[get_column_letter(col)]
    return 0 if dimension.hidden else dimension.width
