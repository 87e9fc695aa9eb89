"""Tables on A4: type sizes, widths, and where a page ends, so that Excel, WPS and Calc print the same pages."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from addin.macros.printing.paper import Paper, together
from addin.macros.subject.looks import code_for, displayed
from addin.xlsx.model import BLANK, Cell, CellError, is_number
from addin.xlsx.reader import GENERAL
from workbook_templates.workbook.sheets.page import display_width

PORTRAIT, LANDSCAPE = (655, 708.0), (962, 472.0)
"""Pixels across and points down between the margins of a page, less what programs differ in."""

SIZES = (12.0, 11.0, 10.5, 10.0, 9.0)
"""Type sizes of tables in points, the largest that fits being taken; 9 is the smallest that is easy to read."""

_AIR = 20
_LONGEST = 26
"""What a text takes at most, in half-width characters; a longer one is wrapped."""
_NARROWEST = 34
_ROW_AIR, _CLOSER = 6.0, 0.88
"""Points above and below the text of a row; the part of its least height that is enough."""
_MOST_EXCEPTIONS = 0.1
"""Of the texts of a column, those so much longer than the others that they are wrapped rather than the column made for them."""
_SHORT = 8
"""Characters of a name or a word; columns with more stand on the left, as sentences do."""
_DOT = "·"
_LEAST_ROWS = 3
"""How many rows the last page has at least."""
_STRETCH = 1.45
"""How much wider than need be columns become, for a page to be filled."""


@dataclass(frozen=True)
class Column:
    """A column as it is printed: the values of its rows, how they are shown, and the total below them."""

    heading: str
    cells: Sequence[Cell]
    code: str = GENERAL
    total: Cell = None
    least: int = 0
    """Pixels that it takes at least."""

    @property
    def is_text(self) -> bool:
        return any(isinstance(cell, str) for cell in self.cells if cell not in BLANK)

    @property
    def is_of_sentences(self) -> bool:
        lengths = [len(cell) for cell in self.cells if isinstance(cell, str) and cell]
        return sum(length > _SHORT for length in lengths) > _MOST_EXCEPTIONS * len(lengths)

    def text(self, row: int) -> str:
        return shown_as(self.cells[row], self.code)


@dataclass(frozen=True)
class Form:
    """How a table is set: type size, orientation, pixels of each column, columns behind which a page ends."""

    size: float
    landscape: bool
    widths: tuple[int, ...]
    repeated: int = 0
    breaks: tuple[int, ...] = field(default=())

    @property
    def room(self) -> tuple[int, float]:
        return LANDSCAPE if self.landscape else PORTRAIT


def shown_as(cell: Cell, code: str) -> str:
    return cell.value if isinstance(cell, CellError) else displayed(cell, code)


def width(text: str, size: float) -> float:
    """Pixels that a text takes; Latin letters and digits are a little wider than half a Chinese character."""
    return sum(2 if display_width(char) == 2 else 1.14 for char in text) * size * 2 / 3


def line_height(size: float) -> float:
    return size * 1.45


def form_of(columns: Sequence[Column], identity: int, across: bool) -> Form | None:
    """The largest type with which all columns stand on one page; else, where pages may stand ``across``, as few pages as
    can be side by side, each with the first ``identity`` columns; else nothing."""
    for landscape, sizes in ((False, SIZES[:3]), (True, SIZES), (False, SIZES[3:])):
        room = (LANDSCAPE if landscape else PORTRAIT)[0]
        for size in sizes:
            widths = [_width(column, size) for column in columns]
            if sum(widths) <= room:
                stretch = min(room / sum(widths), max(_STRETCH, 0.6 * room / sum(widths)))
                return Form(size, landscape, tuple(int(each * stretch) for each in widths))
    if not across:
        return None
    room = LANDSCAPE[0]
    narrow = {size: [min(_width(column, size), room // 2) for column in columns] for size in SIZES}
    fewest = len(_breaks(narrow[SIZES[-1]], identity, room))
    size = next(size for size in SIZES if len(_breaks(narrow[size], identity, room)) <= fewest)
    widths = narrow[size]
    # Pages of about the same width: the least with which there are not more of them.
    least = next(
        tried for tried in [*range(room // 2, room, 5), room] if len(_breaks(widths, identity, tried)) <= fewest
    )
    stretch = min(room / least, _STRETCH)
    breaks = _breaks(widths, identity, least)
    return Form(size, True, tuple(int(each * stretch) for each in widths), identity, tuple(breaks))


def _breaks(widths: Sequence[int], identity: int, room: int) -> list[int]:
    """The columns before which a page ends."""
    own = sum(widths[:identity])
    breaks, used = [], own
    for place, each in enumerate(widths[identity:], start=identity):
        if used + each > room and used > own:
            breaks.append(place)
            used = own
        used += each
    return breaks


def _width(column: Column, size: float) -> int:
    widths = sorted(width(column.text(row), size) for row in range(len(column.cells))) or [0.0]
    longest = widths[-1]
    if column.is_text:
        usual = widths[int((1 - _MOST_EXCEPTIONS) * len(widths))]
        longest = min(max(usual, longest / 2 + 2 * size), longest, width("0" * _LONGEST, size))
    longest = max(longest, width(shown_as(column.total, column.code), size) * 1.04)
    # A heading wraps, to three lines at most.
    heading = width(column.heading, size)
    heading = heading if heading <= width("四个汉字", size) else max(width("四个汉字", size), heading / 3 + 2 * size)
    return math.ceil(max(_NARROWEST, column.least, longest + _AIR, heading + _AIR))


def lines_in(text: str, pixels: float, size: float) -> int:
    """How many lines a text takes in a cell of so many pixels."""
    return sum(max(1, math.ceil(width(part, size) / max(1.0, pixels - _AIR / 2))) for part in text.split("\n"))


def _broken(text: str, pixels: float, size: float) -> str:
    """A name of several parts (古丽米热·艾尔肯) as it is wrapped: between them if that takes no more lines."""
    whole = lines_in(text, pixels, size)
    parted = f"{_DOT}\n".join(text.split(_DOT))
    return parted if 1 < whole >= lines_in(parted, pixels, size) else text


def write_columns(
    paper: Paper, row: int, columns: Sequence[Column], form: Form, least: float, above: float, tail: float
) -> int:
    """Headings, rows and total from a row on; pages end so that ``tail`` points more stand with the last rows.

    ``least`` is the least height of a row, ``above`` what stands above the headings, in points: on the first page, or on
    every page where they stand side by side, as it is in their margin then. Returns the row below.
    """
    sheet, size = paper.sheet, form.size
    for col, pixels in enumerate(form.widths):
        sheet.set_column_pixels(col, col, pixels)
    heads = [lines_in(c.heading, w, size) for c, w in zip(columns, form.widths, strict=True)]
    head = max(heads) * line_height(size) + 8
    sheet.set_row(row, head)
    sheet.repeat_rows(row)
    for col, column in enumerate(columns):
        heading = together(column.heading, partial(lines_in, pixels=form.widths[col], size=size))
        sheet.write_string(row, col, heading, paper.style("header", font_size=size))
    count = len(columns[0].cells)
    has_total = any(column.total is not None for column in columns)
    tail += (least + 2) * has_total
    later = head + above if form.breaks else head
    # Rows stand closer where that takes fewer pages.
    fitted = []
    for part, air in ((1.0, _ROW_AIR), (_CLOSER, _ROW_AIR / 2)):
        heights = [_height(columns, form, at, least * part, air) for at in range(count)]
        fitted.append((heights, _page_ends(heights, above + head, later, form.room[1], tail)))
    heights, ends = min(fitted, key=lambda each: len(each[1]))
    sides = ["left" if column.is_of_sentences else "center" for column in columns]
    for at in range(count):
        sheet.set_row(row + 1 + at, heights[at])
        for col, column in enumerate(columns):
            cell = column.cells[at]
            if isinstance(cell, str):
                cell = _broken(cell, form.widths[col], size)
            _write(paper, row + 1 + at, col, cell, column.code, size, sides[col])
    below = row + 1 + count
    if has_total:
        _total(paper, below, columns, size)
        sheet.set_row(below, least + 2)
        below += 1
    sheet.set_h_pagebreaks([row + 1 + at for at in ends])
    if form.breaks:
        sheet.set_v_pagebreaks(list(form.breaks))
    else:
        # Where the fonts are other ones, and wider, it is printed smaller rather than on twice the pages.
        sheet.fit_to_pages(1, 0)
    if form.repeated:
        sheet.repeat_columns(0, form.repeated - 1)
    return below


def _height(columns: Sequence[Column], form: Form, at: int, least: float, air: float) -> float:
    most = max(
        (lines_in(c.text(at), w, form.size) for c, w in zip(columns, form.widths, strict=True) if c.is_text), default=1
    )
    return min(400.0, max(least, most * line_height(form.size) + air))


def _write(paper: Paper, row: int, col: int, cell: Cell, code: str, size: float, side: str) -> None:
    changes: dict[str, object] = {"font_size": size}
    if is_number(cell):
        changes |= {"align": "right", "text_wrap": False}
        if code != GENERAL:
            changes["num_format"] = code_for(cell, code)
    else:
        changes |= {"align": side, "indent": int(side == "left")}
    paper.write(row, col, cell, paper.style("label", **changes))


def _total(paper: Paper, row: int, columns: Sequence[Column], size: float) -> None:
    for col, column in enumerate(columns):
        changes = {"num_format": column.code} if column.code != GENERAL and column.total is not None else {}
        placed = {"align": "center"} if col == 0 else {"align": "right"}
        style = paper.style("total", font_size=size, **placed, **changes)
        paper.write(row, col, "合计" if col == 0 else column.total, style)


def _page_ends(heights: Sequence[float], first: float, head: float, room: float, tail: float) -> list[int]:
    """The rows before which a page ends; neither what stands below the rows nor a row or two are alone on the last page."""
    ends: list[int] = []
    used = first
    for at, height in enumerate(heights):
        if used + height > room and at > (ends[-1] if ends else 0):
            ends.append(at)
            used = head
        used += height
    if used + tail > room and len(heights) > 2:
        ends.append(len(heights))
    if ends:
        ends[-1] = max(min(ends[-1], len(heights) - _LEAST_ROWS), [0, *ends][-2] + 1)
    return [end for end in ends if end < len(heights)]
