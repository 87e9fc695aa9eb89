"""The look of every workbook: one set of formats, so that colours mean the same on all sheets."""

from __future__ import annotations

from functools import cache
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

FONT = "微软雅黑"
"""In Windows, in Office for Mac and in WPS; elsewhere family and character set lead to a sans-serif Chinese font that is there."""

SANS, GB2312 = 2, 134
COUNTED_IN: dict[str, Any] = {"font_name": "Arial", "font_size": 10}
"""The widths of columns are counted in its digits; it, or a font of its measures, is on every system."""

INK, GREY_TEXT, LINK_TEXT = "#1F3864", "#595959", "#1F5C99"
INPUT_FILL, COMPUTED_FILL, HEADER_FILL = "#FFFBE6", "#F5F6F8", "#DCE6F1"
BAND_FILL, MISSING_FILL, PANEL_FILL = "#C5D6EA", "#FBE5A3", "#F3F7FB"
BAD_FILL, BAD_TEXT, GOOD_TEXT = "#F8CBCB", "#9C0006", "#1F5C99"
PENDING_TEXT, PALE_TEXT = "#7F6000", "#A6A6A6"
WRONG_FILL = "#C00000"
BEST_FILL, LOW_FILL, LOWEST_FILL, LOW_TEXT, BAR = "#D3E4F5", "#FDF1DA", "#F8DCC6", "#7A3E00", "#BFD7EE"
"""Grades in blue and orange, which everybody tells apart, the best and the worst in bold for grey paper; bars of scores."""

BORDER = "#BFBFBF"
INPUT_TAB, RESULT_TAB, LOOK_UP_TAB = "#F2C94C", "#2F75B5", "#BFBFBF"
"""Tabs of sheets to fill in, of those with results, and of those to look things up in."""
CHART_COLOURS = ("#1F4E79", "#2E9E8F", "#A8C66C", "#F2C94C", "#E07B39", "#8E6C8A", "#7F7F7F", "#D0CECE")
"""One a grade, from best to worst; told apart by the colour-blind, and by their darkness on grey paper."""
DARK_COLOURS = frozenset({"#1F4E79", "#2E9E8F", "#8E6C8A", "#7F7F7F"})
MARK_COLOUR = "#E07B39"
"""What is set against the others: quotas, means, the last places."""

_BASE: dict[str, Any] = {
    "font_name": FONT, "font_family": SANS, "font_charset": GB2312, "font_size": 10.5, "valign": "vcenter",
}  # fmt: skip
_CELL = {**_BASE, "border": 1, "border_color": BORDER}

KINDS: dict[str, dict[str, Any]] = {
    # Shrunk where it is wider than a table of few columns.
    "title": {**_BASE, "font_size": 18, "bold": True, "font_color": INK, "align": "center", "shrink": True},
    "heading": {**_BASE, "font_size": 12, "bold": True, "font_color": INK},
    "topic": {**_BASE, "font_size": 12, "bold": True, "font_color": INK, "valign": "top"},
    "subtitle": {**_BASE, "font_color": GREY_TEXT},
    "facts": {**_BASE, "font_color": GREY_TEXT, "shrink": True},
    "text": {**_BASE, "text_wrap": True, "valign": "top"},
    "header": {**_CELL, "bold": True, "font_color": INK, "align": "center", "text_wrap": True, "bg_color": HEADER_FILL},
    "band": {**_CELL, "bold": True, "font_color": INK, "align": "center", "bg_color": BAND_FILL, "shrink": True},
    "mark": {**_BASE, "font_size": 10, "font_color": GREY_TEXT, "align": "center", "shrink": True},
    "warning": {**_BASE, "font_size": 10, "bold": True, "font_color": BAD_TEXT, "align": "center", "shrink": True},
    "input": {**_CELL, "bg_color": INPUT_FILL, "locked": False, "shrink": True},
    "long": {**_CELL, "bg_color": INPUT_FILL, "locked": False, "text_wrap": True},
    "computed": {**_CELL, "bg_color": COMPUTED_FILL},
    "total": {**_CELL, "bold": True, "shrink": True, "bg_color": HEADER_FILL},
    "label": {**_CELL, "text_wrap": True},
    "card_name": {**_BASE, "font_color": GREY_TEXT, "align": "center", "top": 1, "border_color": BORDER},
    "card": {
        **_BASE,
        "font_size": 18,
        "bold": True,
        "font_color": INK,
        "align": "center",
        "shrink": True,
        "bottom": 1,
        "border_color": BORDER,
    },
    # The sheet 首页.
    "lead": {**_BASE, "font_color": GREY_TEXT, "text_wrap": True},
    "caption": {**_BASE, "font_color": GREY_TEXT, "align": "right"},
    "entry": {
        **_CELL,
        "bg_color": INPUT_FILL,
        "locked": False,
        "font_size": 12,
        "align": "left",
        "indent": 1,
        "text_wrap": True,
    },
    "fact": {**_BASE, "font_size": 12, "bold": True, "font_color": INK, "indent": 1},
    "banner": {**_CELL, "font_size": 12, "bold": True, "text_wrap": True, "indent": 1},
    "step": {**_BASE, "bold": True, "font_color": LINK_TEXT, "underline": 1},
    "said": {**_BASE, "text_wrap": True},
    "link": {**_CELL, "font_color": LINK_TEXT, "underline": 1, "indent": 1},
    "purpose": {**_CELL, "text_wrap": True, "indent": 1},
    "count": {**_CELL, "align": "right"},
    "state": {**_CELL, "shrink": True, "indent": 1},
    "tile": {**_BASE, "font_color": GREY_TEXT, "align": "center", "text_wrap": True, "bg_color": PANEL_FILL},
    "figure": {
        **_BASE,
        "font_size": 15,
        "bold": True,
        "font_color": INK,
        "align": "center",
        "shrink": True,
        "bg_color": PANEL_FILL,
    },
}


class Styles:
    """Formats of one workbook, each made once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self.get = cache(self._make)
        self.number = cache(self._number)
        self.bad: Format = workbook.add_format({"bg_color": BAD_FILL, "font_color": BAD_TEXT})
        self.unfinished: Format = workbook.add_format({"font_color": PENDING_TEXT})
        self.pale: Format = workbook.add_format({"font_color": PALE_TEXT})
        self.passed: Format = workbook.add_format({"bg_color": HEADER_FILL, "font_color": INK})
        self.waiting: Format = workbook.add_format({"bg_color": MISSING_FILL, "font_color": PENDING_TEXT})
        self.missing: Format = workbook.add_format({"bg_color": MISSING_FILL})
        self.wrong: Format = workbook.add_format({"bg_color": WRONG_FILL, "font_color": "#FFFFFF", "bold": True})
        self.best: Format = workbook.add_format({"bg_color": BEST_FILL, "font_color": INK, "bold": True})
        self.low: Format = workbook.add_format({"bg_color": LOW_FILL, "font_color": LOW_TEXT})
        self.lowest: Format = workbook.add_format({"bg_color": LOWEST_FILL, "font_color": LOW_TEXT, "bold": True})
        self.good: Format = workbook.add_format({"font_color": GOOD_TEXT})

    def _number(self, code: str) -> Format:
        return self._workbook.add_format({"num_format": code})

    def _make(self, kind: str, number_format: str = "", align: str = "", indent: int = 0) -> Format:
        properties = dict(KINDS[kind])
        if indent:
            properties |= {"align": "left", "indent": indent}
        if align:
            # LibreOffice 7.4 forgets the indent of a number beside one of the same format: within a column some would stand out.
            properties |= {"align": align, "indent": 1 if align == "left" else 0}
        if kind == "computed" and align == "right":
            # A number becomes smaller rather than ###; a sentence is cut rather than too small to be read.
            properties["shrink"] = True
        if number_format:
            properties["num_format"] = number_format
        return self._workbook.add_format(properties)
