"""The sheet of a 公示表: as large as one page allows; over several, groups and the end are kept together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from addin.macros.macro import Progress, Subject
from addin.macros.printing.paper import LINE_HEIGHT, Paper, lines, parted, together, value_style
from addin.macros.printing.remarks import remarks_on
from addin.macros.subject.tables import People
from workbook_templates.scheme.names import SERIAL
from workbook_templates.workbook.sheets.page import display_width

PORTRAIT_WIDTH = 86
NARROWEST, WIDEST = 7, 30
REMARK = "备注"
_LOWEST, _HIGHEST = 18.5, 32.0
_SIZES = (14.0, 13.5, 13.0, 12.5, 12.0, 11.5, 11.0)
"""Type sizes in points, down to that of a table that fills the page by itself."""
_ROOM_DOWN = (708.0, 472.0)
"""Points of a page upright and across."""
_GAP = 15.0
"""Points between the people and the signature."""
_TITLES, _UNIT = (18, 17, 16, 15, 14), 10.2
"""Type sizes of the title; the size in which half a Chinese character is as wide as a column of width 1."""
_HEADER = 3
"""The row of the headings (from zero), below title, unit and notice."""

Group = tuple[str, list[int]]
"""A heading, which may be empty, and the rows of its people."""


@dataclass(frozen=True)
class Texts:
    """What stands above and below the people."""

    title: str
    facts: str
    notice: str
    signature: str
    day: str


class Publicity:
    """The people, and how large they are written: few fill the page, so that they can be read on a wall."""

    def __init__(self, subject: Subject, table: People, columns: list[str], groups: list[Group], texts: Texts) -> None:
        rows = [row for _, members in groups for row in members]
        self._table = table
        self._groups = groups
        self._count = len(rows)
        self._columns = [column for column in columns if column != table.serial]
        self._remarks = remarks_on(subject, table, rows, columns)
        self._headings = [SERIAL, *self._columns]
        widths = [6.0, *(_width(table, column, rows) for column in self._columns)]
        fitting = list(zip(self._columns, widths[1:], strict=True))
        tall = {row: max(lines(table.text(row, column), width - 2) for column, width in fitting) for row in rows}
        if self._remarks:
            self._headings.append(REMARK)
            widths.append(float(max(map(display_width, self._remarks.values())) + 4))
        self._whole = (0, len(widths) - 1)
        self._landscape = sum(widths) > PORTRAIT_WIDTH
        self._page = _ROOM_DOWN[self._landscape]
        across = PORTRAIT_WIDTH * (1.45 if self._landscape else 1.0)
        # Of few columns still wide enough for the title and the notice.
        stretch = max(1.0, min(across / sum(widths), max(1.6, 0.8 * across / sum(widths))))
        self._widths = [width * stretch for width in widths]
        self._texts = texts
        count = sum(tall.values()) + sum(bool(name) for name, _ in groups)
        # As large as the page is wide, but not so that it takes a second one.
        for size in (size for size in _SIZES if size <= _SIZES[-1] * stretch):
            self._measure(size)
            room = self._page - self._above - self._tail
            if _LOWEST * self._grown * count <= room:
                break
        self._height = min(_HIGHEST, max(_LOWEST * self._grown, room / count))
        self._heights = {row: max(self._height, LINE_HEIGHT * self._grown * tall[row]) for row in rows}

    def _measure(self, size: float) -> None:
        """What stands above the people and below them, in a type size."""
        across, texts = sum(self._widths), self._texts
        self._size, self._grown = size, size / _SIZES[-1]
        # Smaller rather than with a word of its last line alone.
        fitting = int(across * _UNIT / display_width(texts.title))
        self._title_size = next((size for size in _TITLES if size <= fitting), _TITLES[0])
        self._facts = parted(texts.facts, partial(_lines, across=across))
        fitted = [(heading, self._lines_in(place)) for place, heading in enumerate(self._headings)]
        self._head = LINE_HEIGHT * self._grown * max(count(heading) for heading, count in fitted) + 8
        self._tops = (
            30.0 * lines(texts.title, across * _UNIT / self._title_size),
            _small(self._facts, across),
            LINE_HEIGHT * self._grown * lines(texts.notice, across * 0.95 / self._grown) + 6,
            self._head,
        )
        self._ends = (_small(texts.signature, across), _small(texts.day, across))
        self._above, self._tail = sum(self._tops), _GAP + sum(self._ends)

    def _lines_in(self, place: int) -> Callable[[str], int]:
        """How many lines a heading takes in a column."""
        return partial(lines, width=self._widths[place] / self._grown - 2)

    def content(self, progress: Progress) -> bytes:
        """The workbook."""
        texts = self._texts
        paper = Paper("公示表", texts.title, self._landscape)
        paper.sheet.fit_to_pages(1, 0)
        for col, width in enumerate(self._widths):
            paper.sheet.set_column(col, col, width)
        self._write_top(paper)
        end = self._write_people(paper, progress) + 1
        paper.sheet.set_row(end - 1, _GAP)
        right = paper.style("subtitle", font_color="#000000", align="right", text_wrap=True)
        for row, (text, height) in enumerate(zip((texts.signature, texts.day), self._ends, strict=True), start=end):
            paper.wide(row, self._whole, text, right, height)
        paper.sheet.repeat_rows(_HEADER)
        paper.sheet.print_area(0, 0, end + 1, self._whole[1])
        paper.sheet.freeze_panes(_HEADER + 1, 0)
        return paper.content()

    def _write_top(self, paper: Paper) -> None:
        texts = self._texts
        styles = (
            paper.style("title", text_wrap=True, font_size=self._title_size),
            paper.style("subtitle", font_color="#000000", align="center", text_wrap=True),
            paper.style("text", valign="vcenter", font_size=min(self._size, _SIZES[-1] + 1)),
        )
        for row, text in enumerate((texts.title, self._facts, texts.notice)):
            paper.wide(row, self._whole, text, styles[row], self._tops[row])
        paper.sheet.set_row(_HEADER, self._head)
        for col, heading in enumerate(self._headings):
            heading = together(heading, self._lines_in(col))
            paper.sheet.write_string(_HEADER, col, heading, paper.style("header", font_size=self._size))

    def _write_people(self, paper: Paper, progress: Progress) -> int:
        """Returns the row below them."""
        pages = _Pages(self._page, self._above, self._head, self._tail)
        centred = paper.style("label", align="center", font_size=self._size)
        at, done = _HEADER + 1, 0
        for name, members in self._groups:
            if name:
                pages.take(at, self._height, self._heights[members[0]])
                style = paper.style("header", align="left", indent=1, font_size=self._size)
                paper.wide(at, self._whole, name, style, self._height)
                at += 1
            for row in members:
                progress(done, self._count, "写公示表")
                done += 1
                pages.take(at, self._heights[row])
                paper.write(at, 0, float(done), centred)
                for col, column in enumerate(self._columns, start=1):
                    cell = self._table.value(row, column)
                    style = value_style(paper, cell, self._table.looks[column].format, self._size)
                    paper.write(at, col, cell, style)
                if self._remarks:
                    paper.write(at, self._whole[1], self._remarks.get(row), centred)
                paper.sheet.set_row(at, self._heights[row])
                at += 1
        progress(self._count, self._count, "写公示表")
        paper.sheet.set_h_pagebreaks(pages.ends(at))
        return at


class _Pages:
    """Where pages end: the heading of a group keeps its first row, the signature the last two."""

    def __init__(self, page: float, above: float, head: float, tail: float) -> None:
        # Heights that fill the page are no more than it has.
        self._page, self._head, self._tail = page + 1, head, tail
        self._used = above
        self._ends: list[int] = []

    def take(self, at: int, height: float, kept: float = 0.0) -> None:
        """Room for a row; a page ends above it if it has none, or what is ``kept`` with it."""
        if self._used + height + kept > self._page:
            self._ends.append(at)
            self._used = self._head
        self._used += height

    def ends(self, at: int) -> list[int]:
        """All of them, with the row below the people."""
        return [*self._ends, at - 2] if self._used + self._tail > self._page else self._ends


def _lines(text: str, across: float) -> int:
    return lines(text, across * 0.95)


def _small(text: str, across: float) -> float:
    """Points that unit and period, or the signature, take."""
    return 5.0 + LINE_HEIGHT * _lines(text, across)


def _width(table: People, column: str, rows: list[int]) -> float:
    longest = max((display_width(table.text(row, column)) for row in rows), default=0)
    heading = display_width(column)
    return float(min(WIDEST, max(NARROWEST, longest + 3, heading + 2 if heading <= 10 else heading / 2 + 4)))
