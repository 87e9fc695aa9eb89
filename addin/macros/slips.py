"""个人通知单: one slip a person, to be cut from one print-out or sent as single files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any

from addin.macros.macro import RESULTS, Document, Kind, Message, Option, Outcome, Progress, Subject, macro
from addin.macros.printing.paper import (
    BLANK_LINE,
    Paper,
    distinct,
    fact,
    heading_of,
    lines,
    parted,
    stem,
    value_style,
)
from addin.macros.printing.plainwords import Item, PlainWords
from addin.macros.subject.looks import displayed
from addin.macros.subject.tables import People, is_person, people, text
from addin.macros.tools.soundness import FORCE, is_told_elsewhere, refusal, warning
from addin.macros.tools.workdays import Calendar, chinese
from addin.portable.filenames import file_name
from addin.shared.exits import UserError
from addin.xlsx.model import BLANK, Cell, CellError
from udfs.vocabulary import ABSENT, GOOD
from workbook_templates.scheme.names import CHECK, PERIOD, UNIT

WIDTHS = (24.0, 20.0, 24.0, 20.0)
ALL = (0, len(WIDTHS) - 1)
ROOM = sum(WIDTHS)
PAIRS = len(WIDTHS) // 2
MOST_HEIGHT = 400.0
"""Points; what Excel gives a row at most is 409."""
SHORT, FULL, NONE = "简要", "全部", "不写"
PAGE, STRIPS = "整页", "裁条"
DAYS = 5
"""Working days in which somebody may ask for the results to be looked at again."""

_ROOM_DOWN = 734.0
"""Points of a page that slips have; one with more is printed smaller."""

_TITLE, _SIGNING = 34.0, 36.0
_ROW, _ITEM, _HEADING, _LINE = 19.0, 18.0, 21.0, 15.0
"""Heights of rows, and of a line of text, in points."""

_DASHED = 3
"""The line along which strips are cut."""

_LEAST_SCALE = 82
"""Per cent: 9 points of 11. What is still longer goes on on a second page."""


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


@macro(
    "slips",
    "个人通知单",
    "Result slips",
    "每人一张考核结果通知单：得分、等次、计算说明和本人签字；工作簿不改动。",
    "Makes a slip for each person: scores, grade, how they were computed, and a line to sign.",
    RESULTS,
    "FilePrintQuick",
    Option("table", "表", Kind.TABLE, None, "人员在哪个表；不填则自动选择"),
    Option("person", "人员", Kind.PEOPLE, None, "只做这些人的通知单：姓名、工号或序号，用逗号隔开；不填则全部"),
    Option("columns", "列", Kind.COLUMNS, None, "通知哪些结果；不填则为全部算出的列"),
    Option(
        "explain",
        "计算说明",
        Kind.CHOICE,
        SHORT,
        "每项结果写一句是怎么来的、连同隐藏的列都写，或不写",
        (SHORT, FULL, NONE),
    ),
    Option("form", "版式", Kind.CHOICE, PAGE, "每人一页，或不写计算说明、几人一页裁开", (PAGE, STRIPS)),
    Option("title", "标题", Kind.TEXT, "考核结果通知单", "通知单的标题"),
    Option("unit", "单位", Kind.TEXT, None, "单位名称；不填则取“首页”填写的单位名称"),
    Option("period", "考核期间", Kind.TEXT, None, "考核期间；不填则取“首页”填写的考核期间"),
    Option(
        "reply", "复核期限", Kind.TEXT, "", "什么时候以前可以申请复核，例如 3 个工作日内；不填则为 5 个工作日，写明日期"
    ),
    Option("contact", "联系人", Kind.TEXT, "", "受理复核申请的联系人"),
    Option("phone", "联系电话", Kind.TEXT, "", "联系电话"),
    Option("single", "单独文件", Kind.FLAG, False, "另外每人做一个文件，以工号、姓名命名"),
    Option("pdf", "PDF", Kind.FLAG, False, "另外做成 PDF（要有 LibreOffice）"),
    FORCE,
)
def slips(subject: Subject, options: dict[str, Any], progress: Progress) -> Outcome:
    table = people(subject, options["table"])
    rows, messages = _rows(subject, table, options["person"])
    columns = _columns(table, options["columns"])
    if refused := refusal(subject, options, "通知单", messages):
        return refused
    warned, faults = warning(subject)
    messages = [*messages, *(fault for fault in faults if fault not in messages)]
    words = PlainWords(subject, table)
    made = []
    for done, row in enumerate(rows):
        progress(done, len(rows), "写通知单")
        made.append(_slip(table, row, columns, words, options))
    if not made:
        return Outcome(tuple(messages), summary="没有可以通知的人", sound=False)
    titled = options | {
        "unit": options["unit"] or fact(subject, table.name, UNIT),
        "period": options["period"] or fact(subject, table.name, PERIOD),
        "scheme": heading_of(subject, table.name),
        "warning": warned,
        "day": chinese(subject.now.date()),
    }
    titled["review"] = _review(subject, titled)
    name = f"{stem(subject)}_通知单"
    documents = [Document(f"{name}.xlsx", _written(table, made, titled), options["pdf"])]
    if options["single"]:
        for done, (slip, file) in enumerate(zip(made, distinct(slip.file for slip in made), strict=True)):
            progress(done, len(made), "写单独文件")
            documents.append(Document(f"{name}/{file}.xlsx", _written(table, [slip], titled), options["pdf"]))
    progress(len(made), len(made), "写通知单")
    return Outcome(tuple(messages), (), tuple(documents), f"通知单 {len(made)} 张", sound=not messages)


def _rows(subject: Subject, table: People, wanted: str | None) -> tuple[list[int], list[Message]]:
    """The rows of those who get a slip, and a message for everybody who doesn't because of an error."""
    names = [part.strip() for part in (wanted or "").replace("、", ",").replace("，", ",").split(",") if part.strip()]
    keys = [column for column in (table.number, table.person, table.serial) if column]
    for name in names:
        if not any(name in map(text, table.frame[column]) for column in keys):
            raise UserError(f"表 {table.name} 中没有 {name}（按{'、'.join(keys)}查找）")
    rows, messages = [], []
    for row in table.rows:
        if names and not any(table.text(row, column) in names for column in keys):
            continue
        if table.state(row) in (GOOD, ABSENT):
            rows.append(row)
        elif not is_told_elsewhere(subject, table.state(row)):
            told = f"没有{table.text(row, table.person)}的通知单：没有通过校验，{table.state(row)}"
            messages.append(Message(told, *subject.cell(table.name, row, CHECK)))
    return rows, messages


def _columns(table: People, chosen: tuple[str, ...] | None) -> list[str]:
    if chosen:
        return table.known(chosen)
    shown = [column for column in table.computed if not table.looks[column].hidden]
    kept = {*table.scores, *table.ranks, *table.grades, *table.others}
    return shown or [column for column in table.frame.columns if column in kept]


def _slip(table: People, row: int, columns: list[str], words: PlainWords, options: dict[str, Any]) -> Slip:
    name = table.text(row, table.person)
    who = [(table.person, name)]
    identity = ((column, table.text(row, column)) for column in (table.number, *table.units) if column)
    who += [(column, told) for column, told in identity if told][:3]
    takes_part, brief = table.takes_part(row), options["form"] == STRIPS
    items = words.items(row) if takes_part and not brief else []
    said = {item.name for item in items} | {column for column, _ in who}
    cells = [(c, table.value(row, c), table.looks[c].format) for c in columns if c not in said]
    results = [each for each in cells if each[1] not in BLANK]
    told: list[str] = []
    whole = options["explain"] == FULL
    if options["explain"] != NONE and not brief:
        told = words.sentences(row, columns, whole, set() if whole else {item.name for item in items if not item.lost})
    entries = words.entries(row) if takes_part and not brief else []
    number = table.text(row, table.number) if table.number and table.number != table.person else ""
    file = file_name(f"{number}_{name}" if number else name)
    return Slip(name, file, who, items, results, entries, told, words.in_words(row))


def _review(subject: Subject, options: dict[str, Any]) -> str:
    """How, and until when, the results may be asked to be looked at again."""
    calendar = Calendar()
    last = calendar.last(calendar.next(subject.now.date()), DAYS)
    until = f"在{options['reply']}" if options["reply"] else f"在{chinese(last)}以前（{DAYS} 个工作日）"
    known = [f"联系人：{options['contact']}"] * bool(options["contact"]) + [f"电话：{options['phone']}"] * bool(
        options["phone"]
    )
    whom = f"{options['unit'] or '本单位'}" + (f"（{'，'.join(known)}）" if known else "")
    return f"如对结果有异议，请{until}以书面形式向{whom}申请复核，写明理由并附证明材料；逾期视为无异议。"


def _written(table: People, made: list[Slip], options: dict[str, Any]) -> bytes:
    """The slips one below the other, each on a page of its own, or as many on a page as it has room for."""
    paper = Paper("通知单", options["title"], sign_off=False)
    paper.sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.5)
    for col, width in enumerate(WIDTHS):
        paper.sheet.set_column(col, col, width)
    row, breaks, used = 0, [], 0.0
    strips = options["form"] == STRIPS
    tallest = max(_height_of(slip, options) for slip in made)
    paper.sheet.set_print_scale(100 if strips else max(_LEAST_SCALE, min(100, int(100 * _ROOM_DOWN / tallest))))
    for slip in made:
        start = row
        row = _write(paper, row, table, slip, options, strips)
        if strips:
            # A slip with more results is higher: it is not cut in two.
            height = _height_of(slip, options)
            if start and used + height > _ROOM_DOWN:
                breaks.append(start)
                used = 0.0
            used += height
        elif slip is not made[-1]:
            breaks.append(row)
    paper.sheet.set_h_pagebreaks(breaks)
    paper.sheet.print_area(0, 0, row - 1, ALL[1])
    return paper.content()


def _height_of(slip: Slip, options: dict[str, Any]) -> float:
    """Points that a slip takes."""
    pairs = sum(_pair_heights(slip.who)) + sum(_pair_heights(slip.shown))
    texts: list[str] = [slip.money, options["review"] + "　" * 11, options["warning"], *slip.entries, *slip.told]
    headings = bool(slip.entries) + bool(slip.told) + (options["form"] == PAGE)
    told: float = sum(_height(each) for each in texts if each)
    items = (_ROW + sum(_item_height(item) for item in slip.items)) if slip.items else 0.0
    cut = _HEADING if options["form"] == STRIPS else 0.0
    around = _TITLE + _small(_facts(options)) + _SIGNING + _small(_stamp(options))
    return float(around + pairs + _HEADING * headings + items + told + cut)


def _facts(options: dict[str, Any]) -> str:
    return parted(f"{options['scheme']}    考核期间：{options['period'] or BLANK_LINE}", _lines)


def _stamp(options: dict[str, Any]) -> str:
    return parted(f"{options['unit'] or '单位'}（盖章）    {options['day']}", _lines)


def _lines(text: str) -> int:
    """How many the line below the title, or the last one, takes."""
    return lines(text, ROOM * 0.95)


def _small(text: str) -> float:
    return 5.0 + _LINE * _lines(text)


def _height(told: str) -> float:
    return float(min(MOST_HEIGHT, _LINE * lines(told, ROOM * 0.97) + 3))


def _item_height(item: Item) -> float:
    return _row_height((item.name, item.full, item.score, item.lost), _ITEM)


def _pair_heights(pairs: list[tuple[str, str]]) -> list[float]:
    """Of the rows that labels and values take, ``PAIRS`` in each."""
    rows = (pairs[first : first + PAIRS] for first in range(0, len(pairs), PAIRS))
    return [_row_height(chain.from_iterable(row), _ROW) for row in rows]


def _row_height(texts: Iterable[str], least: float) -> float:
    """Of texts beside each other, which are wrapped in their cells."""
    return max(least, _LINE * max(lines(text, width - 2) for text, width in zip(texts, WIDTHS, strict=False)) + 2.0)


def _write(paper: Paper, row: int, table: People, slip: Slip, options: dict[str, Any], strip: bool) -> int:
    """One slip from a row on; returns the row below it."""
    plain = paper.style("text", valign="vcenter")
    heading = paper.style("heading")

    def say(text: str) -> None:
        nonlocal row
        paper.wide(row, ALL, text, plain, _height(text))
        row += 1

    paper.wide(row, ALL, options["title"], paper.style("title"), _TITLE)
    facts = _facts(options)
    paper.wide(row + 1, ALL, facts, paper.style("subtitle", align="center", text_wrap=True), _small(facts))
    row += 2
    if options["warning"]:
        say(options["warning"])
    row = _pairs(paper, row, slip.who)
    if slip.items:
        row = _items(paper, row, slip.items)
    if not strip:
        paper.wide(row, ALL, "考核结果", heading, _HEADING)
        row += 1
    heights = _pair_heights(slip.shown)
    for place, (column, cell, code) in enumerate(slip.results):
        at, left = row + place // PAIRS, place % PAIRS * 2
        paper.sheet.write_string(at, left, column, paper.style("header", bold=False))
        if isinstance(cell, CellError):
            cell = displayed(cell, code)
        paper.write(at, left + 1, cell, value_style(paper, cell, code))
        paper.sheet.set_row(at, heights[place // PAIRS])
    row = _filled_up(paper, row, len(slip.results))
    if slip.money:
        say(slip.money)
    for title, told in (("登记的事项", slip.entries), ("结果是怎么来的", slip.told)):
        if told:
            paper.wide(row, ALL, title, heading, _HEADING)
            row += 1
        for number, line in enumerate(told, start=1):
            say(f"{number}. {line}")
    whom, signer = ("本人", "本人") if is_person(table.person) else ("被考核单位", "负责人")
    say(f"以上考核结果已通知{whom}。{options['review']}")
    signing = paper.style("text", valign="bottom")
    paper.wide(row, ALL, f"{signer}签字：{BLANK_LINE}    日期：______年____月____日", signing, _SIGNING)
    right = paper.style("subtitle", align="right", font_color="#000000", text_wrap=True)
    paper.wide(row + 1, ALL, _stamp(options), right, _small(_stamp(options)))
    row += 2
    if strip:
        paper.wide(row, ALL, "", paper.style("subtitle", bottom=_DASHED), _HEADING)
        row += 1
    return row


def _items(paper: Paper, row: int, items: list[Item]) -> int:
    """Item, full mark, score, what was lost or gained."""
    for col, title in enumerate(("考核项目", "满分", "得分", "扣分、加分")):
        paper.sheet.write_string(row, col, title, paper.style("header"))
    paper.sheet.set_row(row, _ROW)
    row += 1
    for item in items:
        paper.sheet.write_string(row, 0, item.name, paper.style("label", indent=1))
        for col, told in enumerate((item.full, item.score, item.lost), start=1):
            paper.sheet.write_string(row, col, told, paper.style("label", align="center"))
        paper.sheet.set_row(row, _item_height(item))
        row += 1
    return row


def _pairs(paper: Paper, row: int, pairs: list[tuple[str, str]]) -> int:
    heights = _pair_heights(pairs)
    for place, (label, value) in enumerate(pairs):
        at, left = row + place // PAIRS, place % PAIRS * 2
        paper.sheet.write_string(at, left, label, paper.style("header", bold=False))
        paper.sheet.write_string(at, left + 1, value, paper.style("label", align="center"))
        paper.sheet.set_row(at, heights[place // PAIRS])
    return _filled_up(paper, row, len(pairs))


def _filled_up(paper: Paper, row: int, count: int) -> int:
    """Blank cells behind the last pair of a line; returns the row below."""
    for place in range(count, -(-count // PAIRS) * PAIRS):
        for col in (place % PAIRS * 2, place % PAIRS * 2 + 1):
            paper.sheet.write_blank(row + place // PAIRS, col, None, paper.style("label"))
    return row + -(-count // PAIRS)
