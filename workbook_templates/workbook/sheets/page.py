"""What every sheet of a workbook needs to be written: the book, its formats, the scheme, the placements."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from workbook_templates.formula import language as formulas
from workbook_templates.scheme.columns import TEXT_TYPES, Limits
from workbook_templates.scheme.data import DataError, Entry
from workbook_templates.scheme.model import Scheme, Table
from workbook_templates.scheme.names import PERIOD, PERIOD_CELL, UNIT, UNIT_CELL
from workbook_templates.workbook.layout import Layout
from workbook_templates.workbook.sheets.sheet import LINE_HEIGHT, Sheet
from workbook_templates.workbook.style import Styles

SIGN_OFF = '&L&"宋体"制表：____________&C&"宋体"审核：____________&R&"宋体"负责人：____________  第 &P 页 共 &N 页'
DATE_FORMAT = "yyyy-mm-dd"
TEXT_LINE = 15.0
"""Points, of texts in the rows of tables."""
HIGHEST = 409.0
"""Points; Excel takes no higher row."""
Block = tuple[int, int, int, int]
"""First row and column, last row and column, from zero."""


@dataclass(frozen=True)
class Page:
    workbook: Workbook
    styles: Styles
    scheme: Scheme
    layout: Layout

    def sheet(self, name: str, landscape: bool = False) -> Sheet:
        """A new A4 sheet, one page wide, with the sign-off line at the foot of each page."""
        sheet: Sheet = self.workbook.add_worksheet(name)
        sheet.set_paper(9)
        if landscape:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.8)
        sheet.set_footer(SIGN_OFF)
        sheet.hide_gridlines(2)
        return sheet

    def headings(self, sheet: Worksheet, row: int, names: Iterable[str]) -> None:
        for col, name in enumerate(names):
            sheet.write_string(row, col, name, self.styles.get("header"))

    def name(self, name: str, sheet: str, first_row: int, first_col: int, last_row: int, last_col: int) -> None:
        """A defined name for a block of cells (zero-based, inclusive)."""
        block = xl_range_abs(first_row, first_col, last_row, last_col)
        self.workbook.define_name(name, f"='{sheet}'!{block}")

    def facts(self, table: Table | None = None) -> str:
        """The formula of the line with unit and period, and what a table's money is counted in."""
        blank = '"____________"'
        parts = [f'"{UNIT}："&IF({UNIT_CELL}="",{blank},{UNIT_CELL})']
        if table is not None and table.period not in ("", self.scheme.period):
            parts.append(_quoted(f"    {PERIOD}：{table.period}"))
        else:
            parts.append(f'"    {PERIOD}："&IF({PERIOD_CELL}="",{blank},{PERIOD_CELL})')
        if table is not None and table.unit:
            parts.append(_quoted(f"    金额单位：{table.unit}"))
        return "=" + "&".join(parts)

    def outside(self, text: str) -> str:
        """A scheme's formula as it stands outside of the tables, or what the workbook asks of a table.

        Raises DataError where a table has so many columns that Excel has no formula for all of them.
        """
        try:
            return "=" + formulas.parse(text).render(self.layout.outside())
        except formulas.FormulaError as error:
            raise DataError(f"表的列太多，请分成几张表：{error}") from error


def _quoted(text: str) -> str:
    """A text within a formula."""
    return '"' + text.replace('"', '""') + '"'


def put(sheet: Worksheet, row: int, col: int, value: Entry, style: Format) -> None:
    """Enter a value as given."""
    match value:
        case None | "":
            sheet.write_blank(row, col, None, style)
        case bool():
            sheet.write_boolean(row, col, value, style)
        case date():
            sheet.write_datetime(row, col, value, style)
        case int() | float():
            if math.isfinite(value):
                sheet.write_number(row, col, value, style)
            else:
                sheet.write_string(row, col, str(value), style)
        case text:
            sheet.write_string(row, col, text, style)


def colour(sheet: Worksheet, block: Block, criteria: str, style: Format, stop: bool = False) -> None:
    """Let cells look otherwise where a formula holds."""
    options = {"type": "formula", "criteria": criteria, "format": style, "stop_if_true": stop}
    sheet.conditional_format(*block, options)


def protect(sheet: Worksheet, charts: bool = False) -> None:
    """Against typing, not against those who know better: there is no password. Widths and heights may be changed."""
    sheet.protect("", {"format_columns": True, "format_rows": True, "objects": charts})


def number_format(limits: Limits) -> str:
    return limits.format or {"date": DATE_FORMAT, "whole": "0", "text": "@"}.get(limits.type, "General")


def side(limits: Limits) -> str:
    """Texts stand on the left, numbers and dates on the right."""
    return "left" if limits.type in TEXT_TYPES else "right"


def text_height(text: str, width: float) -> float:
    """The height of a row with a text that is wrapped in so many characters."""
    lines = (max(1, -(-display_width(line) // max(1, int(width)))) for line in text.split("\n"))
    return min(HIGHEST, LINE_HEIGHT * sum(lines))


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a wrapped cell of a table, of so many characters."""
    taken = map(display_width, text.split("\n"))
    return sum(1 if each <= max(0, width - 2) else math.ceil(each / max(1, width - 3)) for each in taken)


def lines_height(count: int) -> float:
    """The height of a table's row in which a text takes so many lines, in points."""
    return min(HIGHEST, TEXT_LINE * count + 3)


def display_width(text: str) -> int:
    """Columns that a text takes, a Chinese character taking two."""
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)
