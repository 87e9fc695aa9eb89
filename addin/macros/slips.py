"""个人通知单: one slip a person, to be cut from one print-out or sent as single files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from addin.macros.explain import place_of
from addin.macros.explaining.steps import Explainer
from addin.macros.macro import RESULTS, Document, Kind, Message, Option, Outcome, Progress, Subject, macro
from addin.macros.printing.paper import (
    BLANK_LINE,
    LINE_HEIGHT,
    UNIT,
    Paper,
    distinct,
    fact,
    heading_of,
    lines,
    stem,
    value_style,
)
from addin.macros.subject.looks import displayed
from addin.macros.subject.tables import People, people, text
from addin.macros.tools.soundness import FORCE, is_told_elsewhere, refusal, warning
from addin.macros.tools.workdays import chinese
from addin.portable.filenames import file_name
from addin.shared.exits import UserError
from addin.xlsx.model import CellError
from udfs.vocabulary import ABSENT, GOOD
from workbook_templates.scheme.model import CHECK

WIDTHS = (14.0, 19.0, 14.0, 19.0)
ALL = (0, len(WIDTHS) - 1)
ROOM = sum(WIDTHS)
PAIRS = len(WIDTHS) // 2
MOST_HEIGHT = 400.0
"""Points; what Excel gives a row at most is 409."""
SHORT, FULL, NONE = "得分", "全部", "不写"


@dataclass(frozen=True)
class Slip:
    """What one person's slip says."""

    name: str
    file: str
    who: list[tuple[str, str]]
    results: list[tuple[str, int]]
    """Column and sheet row of each result."""
    told: str


@macro(
    "slips",
    "个人通知单",
    "Result slips",
    "每人一张考核结果通知单:得分、等次、计算说明和本人签字;工作簿不改动。",
    "Makes a slip for each person: scores, grade, how they were computed, and a line to sign.",
    RESULTS,
    "FilePrintQuick",
    Option("table", "表", Kind.TABLE, None, "人员在哪个表;不填则自动选择"),
    Option("person", "人员", Kind.TEXT, None, "只做这些人的通知单:姓名、工号或序号,用逗号隔开;不填则全部"),
    Option("columns", "列", Kind.COLUMNS, None, "通知哪些结果;不填则为全部算出的列"),
    Option(
        "explain",
        "计算说明",
        Kind.CHOICE,
        SHORT,
        "写得分和组成它的各项的算式、写全部算式(连同隐藏的列),或不写",
        (SHORT, FULL, NONE),
    ),
    Option("title", "标题", Kind.TEXT, "考核结果通知单", "通知单的标题"),
    Option("unit", "单位", Kind.TEXT, None, "单位名称;不填则取表格上方填写的单位名称"),
    Option("period", "考核期间", Kind.TEXT, None, "考核期间;不填则取表格上方填写的考核期间"),
    Option("reply", "意见期限", Kind.TEXT, "", "对结果有异议的,应在什么时候以前提出,例如 3 个工作日内"),
    Option("single", "单独文件", Kind.FLAG, False, "另外每人做一个文件,以工号、姓名命名"),
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
    explainer = Explainer(subject, private=True)
    made = []
    for done, row in enumerate(rows):
        progress(done, len(rows), "写通知单")
        made.append(_slip(subject, table, row, columns, explainer, options["explain"]))
    if not made:
        return Outcome(tuple(messages), summary="没有可以通知的人", sound=False)
    titled = options | {
        "unit": options["unit"] or fact(subject, table.name, UNIT),
        "period": options["period"] or fact(subject, table.name, "考核期间"),
        "scheme": heading_of(subject, table.name),
        "warning": warned,
        "day": chinese(subject.now.date()),
    }
    name = f"{stem(subject)}_通知单"
    documents = [Document(f"{name}.xlsx", _written(table, made, titled))]
    if options["single"]:
        for done, (slip, file) in enumerate(zip(made, distinct(slip.file for slip in made), strict=True)):
            progress(done, len(made), "写单独文件")
            documents.append(Document(f"{name}/{file}.xlsx", _written(table, [slip], titled)))
    progress(len(made), len(made), "写通知单")
    return Outcome(tuple(messages), (), tuple(documents), f"通知单 {len(made)} 张", sound=not messages)


def _rows(subject: Subject, table: People, wanted: str | None) -> tuple[list[int], list[Message]]:
    """The rows of those who get a slip, and a message for everybody who doesn't because of an error."""
    names = [part.strip() for part in (wanted or "").replace("、", ",").replace("，", ",").split(",") if part.strip()]
    keys = [column for column in (table.number, table.person, table.serial) if column]
    for name in names:
        if not any(name in map(text, table.frame[column]) for column in keys):
            raise UserError(f"表 {table.name} 中没有 {name}(按{'、'.join(keys)}查找)")
    rows, messages = [], []
    for row in table.rows:
        if names and not any(table.text(row, column) in names for column in keys):
            continue
        if table.state(row) in (GOOD, ABSENT):
            rows.append(row)
        elif not is_told_elsewhere(subject, table.state(row)):
            told = f"没有{table.text(row, table.person)}的通知单:没有通过校验,{table.state(row)}"
            messages.append(Message(told, *subject.cell(table.name, row, CHECK)))
    return rows, messages


def _columns(table: People, chosen: tuple[str, ...] | None) -> list[str]:
    if chosen:
        return table.known(chosen)
    shown = [column for column in table.computed if not table.looks[column].hidden]
    kept = {*table.scores, *table.ranks, *table.grades, *table.others}
    return shown or [column for column in table.frame.columns if column in kept]


def _slip(subject: Subject, table: People, row: int, columns: list[str], explainer: Explainer, explain: str) -> Slip:
    name = table.text(row, table.person)
    who = [(table.person, name)]
    identity = ((column, table.text(row, column)) for column in (table.number, *table.units) if column)
    who += [(column, told) for column, told in identity if told][:3]
    results = [(column, row) for column in columns if table.value(row, column) not in (None, "")]
    roots = [table.score] if explain == SHORT and table.score in table.computed else columns
    places = [place_of(subject, table, row, column) for column in roots if column]
    steps = [] if explain == NONE else explainer.row_steps(places)
    if explain == SHORT:
        left = subject.places[table.name].first_col
        steps = [place for place in steps if not table.looks[table.frame.columns[place.col - left]].hidden]
    told = [explainer.line(place) for place in steps]
    number = table.text(row, table.number) if table.number and table.number != table.person else ""
    file = file_name(f"{number}_{name}" if number else name)
    return Slip(name, file, who, results, "\n".join(line for line in told if line))


def _written(table: People, made: list[Slip], options: dict[str, Any]) -> bytes:
    """The slips one below the other, each on a page of its own."""
    paper = Paper("通知单", options["title"], sign_off=False)
    for col, width in enumerate(WIDTHS):
        paper.sheet.set_column(col, col, width)
    row, breaks = 0, []
    for slip in made:
        row = _write(paper, row, table, slip, options)
        breaks.append(row)
    paper.sheet.set_h_pagebreaks(breaks[:-1])
    paper.sheet.print_area(0, 0, row - 1, ALL[1])
    return paper.content()


def _write(paper: Paper, row: int, table: People, slip: Slip, options: dict[str, Any]) -> int:
    """One slip from a row on; returns the row below it."""
    plain = paper.style("text", valign="vcenter")
    paper.wide(row, ALL, options["title"], paper.style("title"), 34)
    facts = f"{options['scheme']}    考核期间：{options['period'] or BLANK_LINE}"
    paper.wide(row + 1, ALL, facts, paper.style("subtitle", align="center"), 20)
    row += 2
    if options["warning"]:
        paper.wide(row, ALL, options["warning"], plain, LINE_HEIGHT * lines(options["warning"], ROOM * 0.94) + 4)
        row += 1
    row = _pairs(paper, row, slip.who)
    paper.wide(row, ALL, "考核结果", paper.style("heading"), 24)
    cells = [(column, table.value(at, column), table.looks[column].format) for column, at in slip.results]
    row += 1
    for place, (column, cell, code) in enumerate(cells):
        at, left = row + place // PAIRS, place % PAIRS * 2
        paper.sheet.write_string(at, left, column, paper.style("header", bold=False))
        if isinstance(cell, CellError):
            cell = displayed(cell, code)
        paper.write(at, left + 1, cell, value_style(paper, cell, code))
        paper.sheet.set_row(at, 22)
    row = _filled_up(paper, row, len(cells))
    if slip.told:
        paper.wide(row, ALL, "计算说明", paper.style("heading"), 24)
        row += 1
        for line in slip.told.split("\n"):
            height = min(MOST_HEIGHT, LINE_HEIGHT * lines(line, ROOM * 0.94) + 4)
            paper.wide(row, ALL, line, plain, height)
            row += 1
    reply = f"对以上结果如有异议，请在{options['reply']}提出。" if options["reply"] else ""
    paper.wide(row, ALL, f"以上考核结果已通知本人。{reply}", plain, LINE_HEIGHT * lines(reply, ROOM * 0.6) + 20)
    signing = paper.style("text", valign="bottom")
    paper.wide(row + 1, ALL, f"本人签字：{BLANK_LINE}        日期：______年____月____日", signing, 38)
    right = paper.style("subtitle", align="right", font_color="#000000")
    paper.wide(row + 2, ALL, f"{options['unit'] or '单位'}（盖章）    {options['day']}", right, 30)
    return row + 3


def _pairs(paper: Paper, row: int, pairs: list[tuple[str, str]]) -> int:
    for place, (label, value) in enumerate(pairs):
        at, left = row + place // PAIRS, place % PAIRS * 2
        paper.sheet.write_string(at, left, label, paper.style("header", bold=False))
        paper.sheet.write_string(at, left + 1, value, paper.style("label", align="center"))
        paper.sheet.set_row(at, 22)
    return _filled_up(paper, row, len(pairs))


def _filled_up(paper: Paper, row: int, count: int) -> int:
    """Blank cells behind the last pair of a line; returns the row below."""
    for place in range(count, -(-count // PAIRS) * PAIRS):
        for col in (place % PAIRS * 2, place % PAIRS * 2 + 1):
            paper.sheet.write_blank(row + place // PAIRS, col, None, paper.style("label"))
    return row + -(-count // PAIRS)
