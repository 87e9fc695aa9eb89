"""The look of every workbook: one set of formats, so that colours mean the same on all sheets."""

from __future__ import annotations

from functools import cache
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

FONT = "宋体"
HEADING_FONT = "黑体"
INPUT_FILL, COMPUTED_FILL, HEADER_FILL = "#FFF9DB", "#F2F2F2", "#DCE6F1"
BAD_FILL, BAD_TEXT, GOOD_TEXT = "#FFC7CE", "#9C0006", "#006100"
PENDING_TEXT, PALE_TEXT = "#7F6000", "#A6A6A6"
BORDER = "#A6A6A6"
INPUT_TAB, RESULT_TAB, LOOK_UP_TAB = "#F2C94C", "#2F75B5", "#BFBFBF"
"""Tabs of sheets to fill in, of those with results, and of those to look things up in."""
CHART_COLOURS = ("#1F4E79", "#2E9E8F", "#A8C66C", "#F2C94C", "#E07B39", "#8E6C8A", "#7F7F7F", "#D0CECE")
"""One a grade, from best to worst; told apart by the colour-blind, and by their darkness on grey paper."""
DARK_COLOURS = frozenset({"#1F4E79", "#2E9E8F", "#8E6C8A", "#7F7F7F"})
MARK_COLOUR = "#E07B39"
"""What is set against the others: quotas, means, the last places."""

_BASE: dict[str, Any] = {"font_name": FONT, "font_size": 11, "valign": "vcenter"}
_CELL = {**_BASE, "border": 1, "border_color": BORDER}

KINDS: dict[str, dict[str, Any]] = {
    # Shrunk where it is wider than a table of few columns.
    "title": {**_BASE, "font_name": HEADING_FONT, "font_size": 18, "align": "center", "shrink": True},
    "heading": {**_BASE, "font_name": HEADING_FONT, "font_size": 12},
    "subtitle": {**_BASE, "font_color": "#595959"},
    "text": {**_BASE, "text_wrap": True, "valign": "top"},
    "header": {**_CELL, "bold": True, "align": "center", "text_wrap": True, "bg_color": HEADER_FILL},
    "input": {**_CELL, "bg_color": INPUT_FILL, "locked": False},
    "computed": {**_CELL, "bg_color": COMPUTED_FILL},
    "total": {**_CELL, "bold": True, "bg_color": HEADER_FILL},
    "label": {**_CELL, "text_wrap": True},
    "card_name": {**_BASE, "font_color": "#595959", "align": "center", "top": 1, "border_color": BORDER},
    "card": {**_BASE, "font_name": HEADING_FONT, "font_size": 18, "align": "center", "bottom": 1, "border_color": BORDER},
}


class Styles:
    """Formats of one workbook, each made once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self.get = cache(self._make)
        self.bad: Format = workbook.add_format({"bg_color": BAD_FILL, "font_color": BAD_TEXT})
        self.unfinished: Format = workbook.add_format({"font_color": PENDING_TEXT})
        self.pale: Format = workbook.add_format({"font_color": PALE_TEXT})
        self.good: Format = workbook.add_format({"font_color": GOOD_TEXT})

    def _make(self, kind: str, number_format: str = "") -> Format:
        properties = dict(KINDS[kind])
        if number_format:
            properties["num_format"] = number_format
        return self._workbook.add_format(properties)
