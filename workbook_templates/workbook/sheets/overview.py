"""领导概览: what a head of office wants to see at a glance, as native charts over figures that the workbook computes.

Which charts there are, the scheme's columns and results tell; the figures stand below them, and whether these are whole, above.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby, islice

from xlsxwriter.chart import Chart

from udfs.vocabulary import GOOD
from workbook_templates.scheme.data import Entry
from workbook_templates.scheme.names import state
from workbook_templates.scheme.roles import DEPARTMENT, Quota, Roles, quotas, roles
from workbook_templates.workbook.sheets import charts, rules
from workbook_templates.workbook.sheets.board import SHEET, Board, cell_name
from workbook_templates.workbook.sheets.page import Page, protect
from workbook_templates.workbook.style import RESULT_TAB

COLUMNS, WIDTH = 12, 13
CARD_ROW, MOST_CARDS = 3, 6
CHART_ROW, CHART_ROWS, CHART_SIZE = 6, 14, {"width": 566, "height": 270}
PRINTED_ROWS = 2
"""Of charts on a page: of more of them nothing could be read."""
MOST_GROUPS, USUAL_GROUPS = 10, 8
MOST_QUOTAS = 2
"""Grades of a table of groups that are shown with their places: the best. Below them stands whoever found no place."""
TRUE_TO_DATA = "各图由公式随数据变化"
Rows = list[dict[str, Entry]]
Make = Callable[[Board], Chart]


def write_overview(page: Page, rows: dict[str, Rows]) -> None:
    """Nothing for a scheme without scores and money."""
    found = list(roles(page.scheme))
    if not found:
        return
    sheet = page.sheet(SHEET, landscape=True)
    sheet.set_tab_color(RESULT_TAB)
    sheet.set_column(0, COLUMNS - 1, WIDTH)
    sheet.merge_range(0, 0, 0, COLUMNS - 1, f"{page.scheme.title} {SHEET}", page.styles.get("title"))
    sheet.set_row(0, 30)
    main, paid = found[0], next((each for each in found if each.money), found[0])
    shown = [
        each for _, of in groupby(quotas(page.scheme), lambda each: each.table.name) for each in islice(of, MOST_QUOTAS)
    ]
    makes = list(_charts(main, paid, shown, rows))
    last = CHART_ROW + (len(makes) + 1) // 2 * CHART_ROWS
    board = Board(page, sheet, last + 1)
    _cards(board)
    _states(board, _read(main, paid, shown))
    sheet.write_string(last, 0, "图中的数据（由公式计算，随各表变化）", page.styles.get("heading"))
    for place, make in enumerate(makes):
        chart = make(board)
        chart.set_size(CHART_SIZE)
        sheet.insert_chart(CHART_ROW + place // 2 * CHART_ROWS, place % 2 * (COLUMNS // 2), chart)
    sheet.print_area(0, 0, last - 1, COLUMNS - 1)
    sheet.repeat_rows(0)
    sheet.set_h_pagebreaks(range(CHART_ROW, last, PRINTED_ROWS * CHART_ROWS)[1:])
    protect(sheet, charts=True)


def _charts(main: Roles, paid: Roles, shown: Sequence[Quota], rows: dict[str, Rows]) -> Iterator[Make]:
    """What the scheme has figures for."""
    if main.grade:
        yield partial(charts.of_grades, roles=main)
    yield partial(charts.of_scores, roles=main)
    for each, is_wanted, make in (
        (main, main.grade, charts.of_grades_by_group),
        (paid, paid.money, charts.of_money_by_group),
    ):
        group = _group(each, rows[each.table.name])
        if group and is_wanted:
            yield partial(make, roles=each, group=group, number=_groups(rows[each.table.name], group))
    for quota in shown:
        yield partial(charts.of_quotas, quota=quota, number=_groups(rows[quota.table.name], quota.group))
    yield partial(charts.of_places, roles=main)
    if main.periods:
        yield partial(charts.of_periods, roles=main)


def _group(roles: Roles, rows: Rows) -> str:
    """The first column of groups that is filled in; of a table without data what the scheme itself groups by."""
    if rows:
        return next((name for name in roles.groups if any(row.get(name) not in (None, "") for row in rows)), "")
    return next((name for name in roles.groups if name != DEPARTMENT), next(iter(roles.groups), ""))


def _groups(rows: Rows, group: str) -> int:
    """How many groups there are, or may be."""
    names = {row[group] for row in rows if row.get(group) not in (None, "")}
    return min(len(names), MOST_GROUPS) if names else USUAL_GROUPS


def _read(main: Roles, paid: Roles, shown: Sequence[Quota]) -> dict[str, list[str]]:
    """The results that figures are of, by table."""
    found: dict[str, dict[str, None]] = {}
    for each in (main, paid):
        found.setdefault(each.table.name, {}).update(dict.fromkeys(filter(None, (each.score, each.grade, each.money))))
    for quota in shown:
        found.setdefault(quota.table.name, {}).update(dict.fromkeys((quota.allowed, quota.given)))
    return {name: list(columns) for name, columns in found.items()}


def _states(board: Board, read: dict[str, list[str]]) -> None:
    """Whether each table that figures are of is sound, its results included; what is said of it stands above the charts."""
    first = board.figures("所依据的表", ("表", "状态"), len(read))
    told = f'"{TRUE_TO_DATA}"'
    for row, (name, columns) in reversed(list(enumerate(read.items(), start=first))):
        at = cell_name(row, 1, fixed=True)
        board.states[name] = at
        errors = "+".join(f"ISERROR({board.column(name, column)})" for column in columns)
        board.sheet.write_string(row, 0, name, board.page.styles.get("label"))
        wrong = f'IF(SUMPRODUCT(({errors})*1)>0,"表 {name} 的结果有错误值","{GOOD}")'
        lost = rules.count(board.page, board.page.scheme.table(name), rules.OVERWRITTEN)
        wrong = f'IF({lost}>0,"表 {name} 有 "&{lost}&" 格公式被改写",{wrong})'
        board.put(row, 1, f'IF({state(name)}="{GOOD}",{wrong},{state(name)})')
        told = f'IF({at}="{GOOD}",{told},{at}&"，下面的图还不完整")'
    board.sheet.write_formula(1, 0, f"={told}", board.page.styles.get("subtitle"))


def _cards(board: Board) -> None:
    """The first results of 汇总, large."""
    styles = board.page.styles
    for place, result in enumerate(board.page.scheme.results[:MOST_CARDS]):
        left = place * 2
        name = result.shown_name + (f"（{result.unit}）" if result.unit else "")
        board.sheet.merge_range(CARD_ROW, left, CARD_ROW, left + 1, name, styles.get("card_name"))
        board.sheet.merge_range(CARD_ROW + 1, left, CARD_ROW + 1, left + 1, "", styles.get("card", result.format))
        board.sheet.write_formula(CARD_ROW + 1, left, f"={result.name}", styles.get("card", result.format))
    board.sheet.set_row(CARD_ROW + 1, 28)
