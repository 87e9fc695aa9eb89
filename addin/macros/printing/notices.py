"""The sheet of 个人通知单: a person a page, in smaller type where there is more to say, or strips to be cut."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from xlsxwriter.format import Format

from addin.macros.printing.paper import BLANK_LINE, Paper, lines, parted, value_style
from addin.macros.printing.plainwords import Item
from addin.macros.subject.looks import displayed
from addin.xlsx.model import Cell, CellError

_WIDTHS = (21.0, 17.0, 21.0, 17.0)
"""Characters: across a page also where Calibri is missing, in whose digits widths are counted, and these are a quarter wider."""
_ALL = (0, len(_WIDTHS) - 1)
_PAIRS = len(_WIDTHS) // 2
_MOST_HEIGHT = 400.0
"""Points; what Excel gives a row at most is 409."""

_ROOM_DOWN = 734.0
"""Points of a page that slips have."""

_SCALES = (100, 97, 94, 91, 88, 85, 82)
"""Per cent at which a page is printed, down to 9 points of 11; what is still longer goes on on a second page."""

_TITLE, _SIGNING = 34.0, 36.0
_ROW, _ITEM, _HEADING, _LINE = 19.0, 18.0, 21.0, 15.0
"""Heights of rows, and of a line of text, in points."""

_DASHED = 3
"""The line along which strips are cut."""


@dataclass(frozen=True)
class Slip:
    """What one person's slip says."""

    name: str
    file: str
    who: list[tuple[str, str]]
    items: list[Item]
    results: list[tuple[str, Cell, str]]
    """The column of each result, its value, and the format in which it is shown."""
    entries: list[str]
    told: list[str]
    money: str

    @property
    def shown(self) -> list[tuple[str, str]]:
        """The results as texts."""
        return [(column, displayed(cell, code)) for column, cell, code in self.results]


@dataclass(frozen=True)
class Texts:
    """What every slip says."""

    title: str
    scheme: str
    unit: str
    period: str
    day: str
    review: str
    warning: str
    whom: str
    signer: str

    @property
    def facts(self) -> str:
        return f"{self.scheme}    考核期间：{self.period or BLANK_LINE}"

    @property
    def stamp(self) -> str:
        return f"{self.unit or '单位'}（盖章）    {self.day}"

    @property
    def notice(self) -> str:
        return f"以上考核结果已通知{self.whom}。{self.review}"


def written(made: list[Slip], texts: Texts, strips: bool) -> bytes:
    """The slips one below the other, each on a page of its own, or as many on a page as it has room for."""
    notices = _Notices(texts, strips)
    notices.fit(made)
    for slip in made:
        notices.write(slip)
    return notices.content()


class _Notices:
    """The sheet as it is written, and how much room its texts take at the scale at which it is printed."""

    def __init__(self, texts: Texts, strips: bool) -> None:
        self._texts = texts
        self._strips = strips
        self._paper = Paper("通知单", texts.title, sign_off=False)
        self._paper.sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.5)
        self._paper.sheet.center_horizontally()
        self._row = 0
        self._breaks: list[int] = []
        self._used = 0.0

    def fit(self, made: Sequence[Slip]) -> None:
        """The largest scale at which the longest slip has room on a page; the columns fill it at any."""
        for scale in (100,) if self._strips else _SCALES:
            self._widths = tuple(width * 100 / scale for width in _WIDTHS)
            if max(map(self._height_of, made)) <= _ROOM_DOWN * 100 / scale:
                break
        self._paper.sheet.set_print_scale(scale)
        for col, width in enumerate(self._widths):
            self._paper.sheet.set_column(col, col, width)

    def content(self) -> bytes:
        self._paper.sheet.set_h_pagebreaks(self._breaks)
        self._paper.sheet.print_area(0, 0, self._row - 1, _ALL[1])
        return self._paper.content()

    def write(self, slip: Slip) -> None:
        if self._row and not self._strips:
            self._breaks.append(self._row)
        if self._strips:
            # A slip with more results is higher: it is not cut in two.
            height = self._height_of(slip)
            if self._row and self._used + height > _ROOM_DOWN:
                self._breaks.append(self._row)
                self._used = 0.0
            self._used += height
        texts = self._texts
        self._wide(texts.title, "title", _TITLE)
        facts = self._parted(texts.facts)
        self._wide(facts, "subtitle", self._small(facts), align="center", text_wrap=True)
        self._say(texts.warning)
        middle = self._paper.style("label", align="center")
        self._pairs([(label, value, middle) for label, value in slip.who], self._pair_heights(slip.who))
        self._items(slip.items)
        if not self._strips:
            self._wide("考核结果", "heading", _HEADING)
        results = [
            (column, _as_shown(cell, code), value_style(self._paper, cell, code)) for column, cell, code in slip.results
        ]
        self._pairs(results, self._pair_heights(slip.shown))
        self._say(slip.money)
        for title, told in (("登记的事项", slip.entries), ("结果是怎么来的", slip.told)):
            if told:
                self._wide(title, "heading", _HEADING)
            for line in _numbered(told):
                self._say(line)
        self._say(texts.notice)
        self._wide(
            f"{texts.signer}签字：{BLANK_LINE}    日期：______年____月____日", "text", _SIGNING, valign="bottom"
        )  # fmt: skip
        stamp = self._parted(texts.stamp)
        self._wide(stamp, "subtitle", self._small(stamp), align="right", font_color="#000000", text_wrap=True)
        if self._strips:
            self._wide("", "subtitle", _HEADING, bottom=_DASHED)

    def _wide(self, text: str, kind: str, height: float, **changes: object) -> None:
        self._paper.wide(self._row, _ALL, text, self._paper.style(kind, **changes), height)
        self._row += 1

    def _say(self, text: str) -> None:
        if text:
            self._wide(text, "text", self._height(text), valign="vcenter")

    def _pairs(self, cells: Sequence[tuple[str, Cell, Format]], heights: Sequence[float]) -> None:
        """Labels and values beside each other; what is left of the last row is blank."""
        paper, blank = self._paper, self._paper.style("label")
        for first, height in zip(range(0, len(cells), _PAIRS), heights, strict=True):
            beside = cells[first : first + _PAIRS]
            for col, (label, cell, style) in zip(range(0, 2 * _PAIRS, 2), beside, strict=False):
                paper.write(self._row, col, label, paper.style("header", bold=False))
                paper.write(self._row, col + 1, cell, style)
            for col in range(2 * len(beside), 2 * _PAIRS):
                paper.write(self._row, col, None, blank)
            paper.sheet.set_row(self._row, height)
            self._row += 1

    def _items(self, items: Sequence[Item]) -> None:
        """Item, full mark, score, what was lost or gained."""
        if not items:
            return
        paper = self._paper
        named, middle = paper.style("label", indent=1), paper.style("label", align="center")
        for col, title in enumerate(("考核项目", "满分", "得分", "扣分、加分")):
            paper.write(self._row, col, title, paper.style("header"))
        paper.sheet.set_row(self._row, _ROW)
        for row, item in enumerate(items, start=self._row + 1):
            for col, told in enumerate((item.name, item.full, item.score, item.lost)):
                paper.write(row, col, told, middle if col else named)
            paper.sheet.set_row(row, self._item_height(item))
        self._row += 1 + len(items)

    def _height_of(self, slip: Slip) -> float:
        """Points that a slip takes."""
        texts = self._texts
        said = [texts.warning, slip.money, *_numbered(slip.entries), *_numbered(slip.told), texts.notice]
        headings = bool(slip.entries) + bool(slip.told) + 1
        parts = (
            _TITLE,
            self._small(self._parted(texts.facts)),
            *self._pair_heights(slip.who),
            _ROW * bool(slip.items),
            *map(self._item_height, slip.items),
            *self._pair_heights(slip.shown),
            *(self._height(each) for each in said if each),
            _HEADING * headings,
            _SIGNING,
            self._small(self._parted(texts.stamp)),
        )
        return float(sum(parts))

    @property
    def _room(self) -> float:
        return sum(self._widths)

    def _parted(self, text: str) -> str:
        return parted(text, self._small_lines)

    def _small(self, text: str) -> float:
        return 5.0 + _LINE * self._small_lines(text)

    def _small_lines(self, text: str) -> int:
        """How many the line below the title, or the last one, takes."""
        return lines(text, self._room * 0.95)

    def _height(self, told: str) -> float:
        return min(_MOST_HEIGHT, _LINE * lines(told, self._room * 0.97) + 3)

    def _item_height(self, item: Item) -> float:
        return self._row_height((item.name, item.full, item.score, item.lost), _ITEM)

    def _pair_heights(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """Of the rows that labels and values take."""
        rows = (pairs[first : first + _PAIRS] for first in range(0, len(pairs), _PAIRS))
        return [self._row_height(chain.from_iterable(row), _ROW) for row in rows]

    def _row_height(self, texts: Iterable[str], least: float) -> float:
        """Of texts beside each other, which are wrapped in their cells."""
        most = max(lines(text, width - 2) for text, width in zip(texts, self._widths, strict=False))
        return max(least, _LINE * most + 2.0)


def _numbered(told: Sequence[str]) -> list[str]:
    return [f"{number}. {line}" for number, line in enumerate(told, start=1)]


def _as_shown(cell: Cell, code: str) -> Cell:
    return displayed(cell, code) if isinstance(cell, CellError) else cell
