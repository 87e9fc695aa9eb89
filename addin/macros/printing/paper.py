"""Workbooks to be printed: A4, in the templates' style, values shown as the source shows them."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable, Iterable
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from addin.macros.macro import Kind, Option, Subject
from addin.macros.subject.looks import code_for
from addin.shared.texts import free_name
from addin.xlsx.dates import is_1904
from addin.xlsx.heading import entered, written
from addin.xlsx.model import Cell, CellError, is_number
from addin.xlsx.reader import GENERAL
from workbook_templates.scheme.names import PERIOD, PRINTED, UNIT
from workbook_templates.workbook.sheets.page import SIGN_OFF, display_width
from workbook_templates.workbook.style import COUNTED_IN, KINDS, Styles

A4 = 9
LINE_HEIGHT = 16
BLANK_LINE = "____________"
"""To be filled in by hand."""

_PRINTED: dict[str, Any] = {"font_name": "宋体", "font_size": 11}
_HEADINGS: dict[str, dict[str, Any]] = {
    "title": {"font_name": "黑体", "font_size": 18, "bold": False},
    "heading": {"font_name": "黑体", "font_size": 12, "bold": False},
}
"""Official papers are set in these; the templates' own font is made for the screen."""


class Paper:
    """A new workbook of printable sheets, the last one added being written; ``content`` closes it."""

    def __init__(self, sheet: str, title: str, landscape: bool = False, sign_off: bool = True) -> None:
        self._bytes = io.BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            # Days are written as the workbook has them.
            "date_1904": is_1904(),
            "default_format_properties": COUNTED_IN,
        }
        self._workbook = Workbook(self._bytes, options)
        self._workbook.set_properties({"title": title})
        self._workbook.define_name(PRINTED, "=1")
        self._styles = Styles(self._workbook)
        self._formats: dict[tuple[Any, ...], Format] = {}
        if sheet:
            self.add(sheet, landscape, SIGN_OFF if sign_off else "")

    def add(self, sheet: str, landscape: bool = False, footer: str = "") -> None:
        """Go on with another sheet."""
        self.sheet: Worksheet = self._workbook.add_worksheet(sheet)
        self.sheet.set_paper(A4)
        if landscape:
            self.sheet.set_landscape()
        self.sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.8)
        self.sheet.center_horizontally()
        if footer:
            self.sheet.set_footer(footer)
        self.sheet.hide_gridlines(2)

    def style(self, kind: str, **changes: Any) -> Format:
        """A format of the templates (``workbook_templates.workbook.style``), with changes."""
        key = (kind, *sorted(changes.items()))
        if key not in self._formats:
            self._formats[key] = self._workbook.add_format(
                {**KINDS[kind], **_PRINTED, **_HEADINGS.get(kind, {}), **changes}
            )
        return self._formats[key]

    def write(self, row: int, col: int, value: Cell, style: Format) -> None:
        """A value as it is; text that looks like a formula stays text."""
        match value:
            case None | "":
                self.sheet.write_blank(row, col, None, style)
            case bool():
                self.sheet.write_boolean(row, col, value, style)
            case CellError():
                self.sheet.write_string(row, col, value.value, style)
            case int() | float() if math.isfinite(value):
                self.sheet.write_number(row, col, value, style)
            case _:
                self.sheet.write_string(row, col, str(value), style)

    def wide(self, row: int, cols: tuple[int, int], text: str, style: Format, height: float | None = None) -> None:
        """Text over several columns (zero-based, both ends inclusive)."""
        if cols[0] == cols[1]:
            self.sheet.write_string(row, cols[0], text, style)
        else:
            self.sheet.merge_range(row, cols[0], row, cols[1], "", style)
            self.sheet.write_string(row, cols[0], text, style)
        if height is not None:
            self.sheet.set_row(row, height)

    def content(self) -> bytes:
        self._workbook.close()
        return self._bytes.getvalue()


def value_style(paper: Paper, cell: Cell, code: str, size: float | None = None) -> Format:
    """Numbers in the source's format, words wrapped, both in the middle of the cell."""
    sized: dict[str, Any] = {} if size is None else {"font_size": size}
    if is_number(cell):
        code = code_for(cell, code)
        changes = sized | ({"num_format": code} if code != GENERAL else {})
        return paper.style("label", align="center", text_wrap=False, shrink=True, **changes)
    return paper.style("label", align="center", **sized)


def lines(text: str, width: float) -> int:
    """How many lines a text takes in so many columns."""
    return sum(max(1, math.ceil(display_width(part) / max(1.0, width))) for part in text.split("\n"))


def parted(text: str, count: Callable[[str], int]) -> str:
    """Facts side by side, or one below the other where they take more than a line; ``count`` tells the lines of a text."""
    return text if count(text) == 1 else re.sub(r"\s{2,}", "\n", text)


def together(heading: str, count: Callable[[str], int]) -> str:
    """A heading of two lines of which the last one would have a character or two: these are mostly one word (得分, 系数)."""
    head, word = heading[:-2], heading[-2:]
    return f"{head}\n{word}" if count(heading) == 2 and count(head) == 1 else heading


def distinct(names: Iterable[str]) -> list[str]:
    """File names, those that occur again (in whatever case) with a number."""
    found: list[str] = []
    taken: set[str] = set()
    for name in names:
        found.append(free_name(name, lambda tried: tried.lower() in taken))
        taken.add(found[-1].lower())
    return found


def stem(subject: Subject) -> str:
    """The workbook's name without its ending."""
    return subject.name.rpartition(".")[0] or subject.name


_TITLE_ROWS = 6


def heading_of(subject: Subject, table: str) -> str:
    """The title that stands above a table, or the file's name."""
    place = subject.places[table]
    first = next((text for text in _above(subject, table) if display_width(text) >= 4), stem(subject))
    return re.sub(rf"\s+{re.escape(place.name)}$", "", first).strip()


def fact(subject: Subject, table: str, name: str) -> str:
    """What 首页 says, or a clerk wrote behind 单位名称: or 考核期间: above a table; empty where nothing is."""
    texts = (written(text, name) for text in _above(subject, table))
    return entered(subject.book, name) or next(filter(None, texts), "")


OF_UNIT = Option("unit", "单位", Kind.TEXT, None, "单位名称；不填则取“首页”填写的单位名称")
OF_PERIOD = Option("period", "考核期间", Kind.TEXT, None, "考核期间；不填则取“首页”填写的考核期间")


def unit_and_period(subject: Subject, options: dict[str, Any], table: str) -> tuple[str, str]:
    """As the options have them, else as the workbook says; empty where nobody does."""
    given = ((options[OF_UNIT.name], UNIT), (options[OF_PERIOD.name], PERIOD))
    unit, period = (typed or fact(subject, table, name) for typed, name in given)
    return unit, period


def _above(subject: Subject, table: str) -> list[str]:
    place = subject.places[table]
    rows = range(min(place.first_row - 1, _TITLE_ROWS))
    cells = [subject.book.value(place.sheet, row, col) for row in rows for col in range(3)]
    return [cell.strip() for cell in cells if isinstance(cell, str) and cell.strip()]
