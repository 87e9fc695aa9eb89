"""The scheme that a workbook was made from, carried inside it, so that it can be checked and rebuilt where the file is not at hand.

A very hidden sheet: a custom XML part would be the natural place, but LibreOffice and openpyxl drop it on saving; a sheet comes
through all of them. The text stands line by line, one line a cell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_templates.scheme.names import CARRIED

if TYPE_CHECKING:
    from workbook_templates.workbook.sheets.page import Page

SHEET = CARRIED
SLUG, VERSION, TEXT = "方案", "版本", "内容"
FIRST = 3
"""The zero-based row of the text's first line."""


def write_carried(page: Page) -> None:
    scheme = page.scheme
    sheet = page.workbook.add_worksheet(SHEET)
    for row, (name, value) in enumerate(((SLUG, scheme.slug), (VERSION, scheme.version), (TEXT, ""))):
        sheet.write_string(row, 0, name)
        sheet.write_string(row, 1, value)
    for row, line in enumerate(scheme.text.split("\n"), start=FIRST):
        sheet.write_string(row, 0, line)
    sheet.very_hidden()
    sheet.protect("", {})
