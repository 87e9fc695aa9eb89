"""首页: what the workbook is about, what to do next, how far every table is, and the figures that a head wants to see.

Unit and 考核期间 are entered here once; every other sheet shows them.
"""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from udfs.vocabulary import GOOD
from workbook_templates.scheme.data import Filling
from workbook_templates.scheme.model import Scheme, Summary, Table
from workbook_templates.scheme.names import (
    HOME,
    PARAMETERS,
    PERIOD,
    PERIOD_CELL,
    UNIT,
    UNIT_CELL,
    WHOLE,
    parameter_state,
    state,
)
from workbook_templates.workbook.layout import HEADER_ROW
from workbook_templates.workbook.sheets import board, instructions, rules, summary
from workbook_templates.workbook.sheets.page import Page, colour, display_width, protect, put, text_height
from workbook_templates.workbook.sheets.sheet import LINE_HEIGHT
from workbook_templates.workbook.style import RESULT_TAB

WIDTHS = (2, 15, 17, 15, 8, 8, 8, 20)
"""Characters; an upright page has so many at 8 points and more, also where digits, in which widths are counted, are wide."""

LEFT, RIGHT = 1, len(WIDTHS) - 1
ENTRY_ROW, PEOPLE_ROW, NEXT_ROW, STEPS_ROW = 3, 4, 6, 8
TILES = ((1, 1), (2, 2), (3, 3), (4, 6), (7, 7))
"""The columns of each key figure of a line."""

MOST_LINES_OF_TILES = 2
STEPS = ("第一步  核对标准", "第二步  填写数据", "第三步  核对结果")
PURPOSES = {
    PARAMETERS: "核对各项标准",
    summary.SHEET: "名额、人数、合计和核对",
    board.SHEET: "图表：得分、等次、金额",
    instructions.SHEET: "依据、约定和颜色",
    rules.SHEET: "每一格可以填什么",
}
DASH = "—"
"""A figure that can't be computed; the line 下一步 says why."""


def write_home(page: Page, sheet: Worksheet, filling: Filling, balances: str) -> None:
    """Fill the sheet, all others being there; ``balances`` is the block of what 核对 says."""
    sheet.set_tab_color(RESULT_TAB)
    for col, width in enumerate(WIDTHS):
        sheet.set_column(col, col, width)
    sheet.set_row(0, 36)
    sheet.merge_range(0, LEFT, 0, RIGHT, page.scheme.title, page.styles.get("title"))
    sheet.merge_range(1, LEFT, 1, RIGHT, page.scheme.summary, page.styles.get("lead"))
    sheet.set_row(1, text_height(page.scheme.summary, sum(WIDTHS[LEFT:])))
    _entries(page, sheet, filling)
    sheet.merge_range(NEXT_ROW, LEFT, NEXT_ROW, RIGHT, "", page.styles.get("banner"))
    sheet.write_formula(NEXT_ROW, LEFT, _next_step(page, balances), page.styles.get("banner"))
    sheet.set_row(NEXT_ROW, 36)
    _mark_next_step(page, sheet)
    row = _steps(page, sheet, STEPS_ROW)
    row = _sheets(page, sheet, row + 1, balances)
    _figures(page, sheet, row + 1)
    sheet.print_area(0, LEFT, sheet.dim_rowmax, RIGHT)
    sheet.fit_to_pages(1, 1)
    protect(sheet)
    sheet.activate()
    sheet.set_selection(ENTRY_ROW, LEFT + 1, ENTRY_ROW, LEFT + 2)


def _entries(page: Page, sheet: Worksheet, filling: Filling) -> None:
    """Unit and period to fill in, and how many people there are."""
    styles = page.styles
    caption, entry = styles.get("caption"), styles.get("entry", "@")
    sheet.write_string(ENTRY_ROW, LEFT, UNIT, caption)
    sheet.merge_range(ENTRY_ROW, 4, ENTRY_ROW, 5, PERIOD, caption)
    for first, last, name, value in (
        (2, 3, UNIT_CELL, filling.unit),
        (6, RIGHT, PERIOD_CELL, filling.period or page.scheme.period),
    ):
        sheet.merge_range(ENTRY_ROW, first, ENTRY_ROW, last, "", entry)
        put(sheet, ENTRY_ROW, first, value, entry)
        page.name(name, HOME, ENTRY_ROW, first, ENTRY_ROW, first)
    # A long name takes two lines.
    sheet.set_row(ENTRY_ROW, 36)
    sheet.set_row(PEOPLE_ROW, 24)
    sheet.write_string(PEOPLE_ROW, LEFT, "已填", caption)
    sheet.merge_range(PEOPLE_ROW, LEFT + 1, PEOPLE_ROW, RIGHT, "", styles.get("fact"))
    sheet.write_formula(PEOPLE_ROW, LEFT + 1, _people(page), styles.get("fact"))


def _people(page: Page) -> str:
    tables = page.scheme.tables
    counted = (
        [(t, t.counted) for t in tables if t.people] or [(t, "行") for t in tables if t.computed] or [(tables[0], "行")]
    )
    parts = [f'{rules.count(page, table, rules.FILLED)}&" {what}"' for table, what in counted]
    if len(counted) > 1:
        parts = [f'"{table.name} "&{part}' for (table, _), part in zip(counted, parts, strict=True)]
    return "=" + '&"，"&'.join(parts)


def _next_step(page: Page, balances: str) -> str:
    """The first thing that is to be done, in words."""

    def total(name: str, tables: tuple[Table, ...] = page.scheme.tables) -> str:
        return "+".join(rules.count(page, table, name) for table in tables)

    people = tuple(table for table in page.scheme.tables if table.people) or page.scheme.tables
    named = "、".join(f"“{table.name}”" for table in people)
    each = f"，一{people[0].counted}一行" if people[0].people else ""
    wrong = f'COUNTIF({balances},"<>{GOOD}")'
    text = (
        f'IF({wrong}>0,"“{summary.SHEET}”表的核对有 "&{wrong}&" 项没有通过，请查看","{GOOD}：可以打印、公示、发通知单")'
    )
    text = f'IF({total(rules.UNFINISHED)}>0,"还有 "&({total(rules.UNFINISHED)})&" 行没有填完，缺哪几格见各表“校验”列",{text})'
    text = f'IF({total(rules.FILLED, people)}=0,"请在{named}表填写{each}",{text})'
    text = f'IF({total(rules.WRONG)}>0,"有 "&({total(rules.WRONG)})&" 行填错，请按各表“校验”列的提示改正",{text})'
    text = f'IF({WHOLE}<>"{GOOD}",{WHOLE},{text})'
    if page.scheme.parameters or page.scheme.lists:
        text = f'IF({parameter_state()}<>"{GOOD}","“{PARAMETERS}”表有错误，请先改正",{text})'
    return f'="下一步  "&{text}'


def _mark_next_step(page: Page, sheet: Worksheet) -> None:
    block = NEXT_ROW, LEFT, NEXT_ROW, RIGHT
    for words, style in ((GOOD, page.styles.passed), ("请在", page.styles.waiting), ("还有", page.styles.waiting)):
        colour(sheet, block, f'=MID($B${NEXT_ROW + 1},6,{len(words)})="{words}"', style, stop=True)
    colour(sheet, block, "=TRUE", page.styles.bad)


def _steps(page: Page, sheet: Worksheet, row: int) -> int:
    """Three steps in the scheme's own words, each with a link to where it is done."""
    people = next((table.name for table in page.scheme.tables if table.people), page.scheme.tables[0].name)
    first = PARAMETERS if page.scheme.parameters or page.scheme.lists else page.scheme.tables[0].name
    width = sum(WIDTHS[LEFT + 1 :]) - 2
    for label, lines, target in zip(STEPS, step_groups(page.scheme), (first, people, summary.SHEET), strict=True):
        _link(page, sheet, row, target, label, "step")
        text = "\n".join(lines)
        sheet.merge_range(row, LEFT + 1, row, RIGHT, text, page.styles.get("said"))
        sheet.set_row(row, 10 + sum(text_height(line, width) for line in lines))
        row += 1
    return row


def step_groups(scheme: Scheme) -> tuple[list[str], list[str], list[str]]:
    """The scheme's steps by the three of 首页: the standards, what is filled in, what is checked."""
    steps = instructions.steps(scheme)
    last = next((place for place, step in enumerate(steps) if "“校验”" in step), len(steps) - 1)
    return steps[:1], steps[1:last], steps[last:]


def _sheets(page: Page, sheet: Worksheet, row: int, balances: str) -> int:
    """All sheets in the order of work, each with a link, what it is for, and how far it is."""
    styles = page.styles
    for col, heading in zip((1, 2, 4, 5, 6, 7), ("工作表", "用途", "已填", "待填", "填错", "状态"), strict=True):
        sheet.write_string(row, col, heading, styles.get("header"))
    sheet.merge_range(row, 2, row, 3, "用途", styles.get("header"))
    sheet.set_row(row, 22)
    tables = {table.name: table for table in page.scheme.tables}
    first = row = row + 1
    for other in page.workbook.worksheets():
        name = other.get_name()
        if name == HOME:
            continue
        table = tables.get(name)
        _link(page, sheet, row, name, name, "link")
        purpose = PURPOSES.get(name, "") if table is None else _purpose(table)
        sheet.merge_range(row, 2, row, 3, purpose, styles.get("purpose"))
        for col, count in zip((4, 5, 6), (rules.FILLED, rules.UNFINISHED, rules.WRONG), strict=True):
            if table is None:
                sheet.write_blank(row, col, None, styles.get("count"))
            else:
                sheet.write_formula(row, col, f"={rules.count(page, table, count)}", styles.get("count", "0;-0;"))
        sheet.write_formula(row, RIGHT, _state(page, name, balances), styles.get("state"))
        sheet.set_row(row, 3 + text_height(purpose, sum(WIDTHS[2:4]) - 3))
        row += 1
    for sign, style in (("▲", styles.bad), ("○", styles.unfinished)):
        colour(sheet, (first, LEFT, row - 1, RIGHT), f'=LEFT($H{first + 1},1)="{sign}"', style)
    return row


def _state(page: Page, name: str, balances: str) -> str:
    """○ to be filled in, ▲ wrong: the same is said by signs and by colours."""
    if name in page.layout.places:
        table = page.scheme.table(name)
        filled, wrong = rules.count(page, table, rules.FILLED), rules.count(page, table, rules.WRONG)
        unfinished = rules.count(page, table, rules.UNFINISHED)
        text = f'IF({state(name)}="{GOOD}",IF({filled}=0,"",{state(name)}),"▲ 见“校验”列")'
        return f'=IF({wrong}>0,"▲ "&{wrong}&" 行填错",IF({unfinished}>0,"○ "&{unfinished}&" 行待填",{text}))'
    if name == PARAMETERS:
        return f'=IF({parameter_state()}="{GOOD}","{GOOD}","▲ 有错误")'
    if name == summary.SHEET:
        wrong = f'COUNTIF({balances},"<>{GOOD}")'
        waiting = "+".join(rules.count(page, table, rules.UNFINISHED) for table in page.scheme.tables)
        text = f'IF({waiting}>0,"○ 填完后核对","▲ 核对 "&{wrong}&" 项没有{GOOD}")'
        return f'=IF({wrong}=0,"核对{GOOD}",{text})'
    return '=""'


def _purpose(table: Table) -> str:
    """What a line of the table is, if the scheme says so, or what is filled in there."""
    clause = table.note.replace("；", "。").split("。")[0]
    return clause if "行" in clause else f"填写{'、'.join(column.name for column in table.inputs[:3])}"


def _figures(page: Page, sheet: Worksheet, row: int) -> None:
    """The first results of 汇总 as large figures."""
    shown = page.scheme.results[: MOST_LINES_OF_TILES * len(TILES)]
    if not shown:
        return
    _link(page, sheet, row, board.SHEET, "领导概览", "step")
    rest = len(page.scheme.results) - len(shown)
    sheet.merge_range(
        row, LEFT + 1, row, RIGHT, f"另有 {rest} 项见“{summary.SHEET}”表" if rest else "", page.styles.get("lead")
    )
    sheet.set_row(row, 24)
    row += 1
    for start in range(0, len(shown), len(TILES)):
        height = LINE_HEIGHT + 2.0
        for (left, right), result in zip(TILES, shown[start : start + len(TILES)], strict=False):
            unit, width = f"（{result.unit}）" if result.unit else "", sum(WIDTHS[left : right + 1]) - 1
            apart = "\n" if unit and display_width(result.shown_name + unit) > width else ""
            label = result.shown_name + apart + unit
            height = max(height, text_height(label, width))
            _tile(page, sheet, row, left, right, label, result)
        sheet.set_row(row, height)
        sheet.set_row(row + 1, 30)
        row += 3


def _tile(page: Page, sheet: Worksheet, row: int, left: int, right: int, label: str, result: Summary) -> None:
    caption, figure = page.styles.get("tile"), page.styles.get("figure", result.format)
    if right > left:
        sheet.merge_range(row, left, row, right, "", caption)
        sheet.merge_range(row + 1, left, row + 1, right, "", figure)
    sheet.write_string(row, left, label, caption)
    sheet.write_formula(row + 1, left, f'=IFERROR({result.name},"{DASH}")', figure)


def _link(page: Page, sheet: Worksheet, row: int, target: str, label: str, kind: str) -> None:
    cell = f"B{HEADER_ROW + 2}" if target in page.layout.places else "A1"
    sheet.write_url(row, LEFT, f"internal:'{target}'!{cell}", page.styles.get(kind), label, f"转到“{target}”表")
