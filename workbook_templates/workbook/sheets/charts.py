"""The charts of 领导概览, each over figures that it writes below.

The figures are of grades, ranges of scores, departments and places, never of rows, so that charts have no gaps for rows that are
blank, and are right after sorting and growing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from xlsxwriter.chart import Chart
from xlsxwriter.utility import xl_range_abs

from udfs.vocabulary import GOOD
from workbook_templates.scheme.model import Table
from workbook_templates.scheme.names import CHECK
from workbook_templates.scheme.roles import Quota, Roles
from workbook_templates.workbook.sheets.board import AXIS_FONT, NO_GRID, SHEET, Board, cell_name, label_code
from workbook_templates.workbook.style import CHART_COLOURS, MARK_COLOUR

BINS, PLACES = 8, 5
CHINESE_PLACES = "五"
MOST_LABELLED = 8
TEN_THOUSAND = 10000
OTHERS = "其余"
"""Who is in none of the groups listed: in no group, or in one that has come after the workbook was made."""
TIES = "10^9"
"""Rows divided by it tell equal scores apart."""
COUNT = "0;;"
"""How labels are written; nothing where nobody is."""
AMOUNT = r'[>=1000000]0\.0,"万";[<=-1000000]-0\.0,"万";#,##0'
"""Millions in units of ten thousand, as accounts are read aloud: there is no room for all their digits."""
PLACES_AREA = {"layout": {"x": 0.28, "y": 0.15, "width": 0.57, "height": 0.82}}
"""Where the bars of the places stand: names of thirteen characters left of them, amounts of eight figures on the right."""


def of_grades(board: Board, roles: Roles) -> Chart:
    """How many have each grade, beside the quota where the scheme has one."""
    names = {result.name for result in board.page.scheme.results}
    quotas = [grade for grade in roles.grades if f"{grade}名额" in names]
    number = f"{roles.table.counted}数"
    first = board.figures(roles.grade, (roles.grade, number, *(["名额"] if quotas else [])), len(roles.grades))
    column = board.column(roles.table.name, roles.grade)
    for row, grade in enumerate(roles.grades, start=first):
        board.sheet.write_string(row, 0, grade, board.page.styles.get("label"))
        board.put(row, 1, board.guarded(roles.table, f"COUNTIF({column},{cell_name(row, 0)})"))
        if grade in quotas:
            board.put(row, 2, f"{grade}名额")
    chart = board.chart("column", f"{roles.grade}{number}" + ("与名额" if quotas else ""))
    board.series(chart, first, len(roles.grades), 1, CHART_COLOURS[0], "0", "outside_end")
    if quotas:
        board.series(chart, first, len(roles.grades), 2, MARK_COLOUR, "0", "outside_end")
    else:
        chart.set_legend({"none": True})
    _standing(chart)
    return chart


def of_scores(board: Board, roles: Roles) -> Chart:
    """How many have a score in each of eight ranges, coloured by grade; where a grade begins, the range says so."""
    name = roles.score or roles.money
    headings = ("从", "到", "分数段", *(roles.grades or (f"{roles.table.counted}数",)))
    first = board.figures(f"{name}分布", headings, BINS)
    score, grade = board.column(roles.table.name, name), board.column(roles.table.name, roles.grade or name)
    step = cell_name(first - 2, 3, fixed=True)
    # The width of a range: 1, 2 or 5 with noughts, so that eight of them holds all scores.
    lowest, highest = f"MIN({score})", f"MAX({score})"
    width = f"MAX(({highest}-{lowest})/{BINS - 1},10^-6)"
    unit = f"10^INT(LOG10({width}))"
    steps = f"ROUND({unit}*IF({width}<={unit},1,IF({width}<=2*{unit},2,IF({width}<=5*{unit},5,10))),6)"
    board.put(first - 2, 3, board.guarded(roles.table, f"IF({highest}>{lowest},{steps},1)"))
    for row in range(first, first + BINS):
        low, high = cell_name(row, 0), cell_name(row, 1)
        start = f"ROUND(INT({lowest}/{step})*{step},6)" if row == first else cell_name(row - 1, 1)
        board.put(row, 0, board.guarded(roles.table, start))
        board.put(row, 1, f"ROUND({low}+{step},6)")
        # Of so much money nobody reads all the noughts.
        written = f'IF({step}<{TEN_THOUSAND},{low}&"～"&{high},{low}/{TEN_THOUSAND}&"～"&{high}/{TEN_THOUSAND}&"万")'
        board.put(row, 2, f'IF({low}>{highest},"",{written}{_lines(board, roles, low, high)})')
        for col, name_of in enumerate(roles.grades or ("",), start=3):
            within = f'{score},">="&{low},{score},"<"&{high}' + (f',{grade},"{name_of}"' if name_of else "")
            board.put(row, col, board.guarded(roles.table, f"COUNTIFS({within})"))
    chart = board.chart("column", f"{name}分布（{roles.table.counted}）", "stacked")
    for place in range(len(roles.grades) or 1):
        board.series(chart, first, BINS, 3 + place, CHART_COLOURS[place], COUNT, categories=2, overlap=100)
    if not roles.grades:
        chart.set_legend({"none": True})
    _standing(chart)
    return chart


def _lines(board: Board, roles: Roles, low: str, high: str) -> str:
    """The grades that begin in a range, as a second line of its name."""
    name, grade, bound = roles.bounds
    if not name:
        return ""
    grades, bounds = board.column(name, grade), board.column(name, bound)
    told = ""
    for place in range(1, len(board.page.scheme.listing(name).rows) + 1):
        line = f"INDEX({bounds},{place})"
        begins = f"ISNUMBER({line})*({line}>={low})*({line}<{high})"
        told += f'&IF({begins},CHAR(10)&INDEX({grades},{place})&"线"&{line},"")'
    return told


def of_grades_by_group(board: Board, roles: Roles, group: str, number: int) -> Chart:
    names = roles.grades
    first = _listed_groups(board, roles.table, group, names, number)
    last = first + number
    groups, grades = board.column(roles.table.name, group), board.column(roles.table.name, roles.grade)
    whole = "+".join(f'COUNTIF({grades},"{grade}")' for grade in names)
    board.put(last, 0, f'IF({whole}>{_above(first, last - 1, 1, len(names))},"{OTHERS}","")')
    for row in range(first, last + 1):
        for col, grade in enumerate(names, start=1):
            count = f'COUNTIFS({groups},{cell_name(row, 0)},{grades},"{grade}")'
            if row == last:
                count = f'COUNTIF({grades},"{grade}")-{_above(first, last - 1, col)}'
            board.put(row, col, f'IF({cell_name(row, 0)}="","",{board.guarded(roles.table, count)})')
    chart = board.chart("bar", f"各{group}{roles.grade}（{roles.table.counted}）", "stacked")
    for place in range(len(names)):
        board.series(chart, first, number + 1, 1 + place, CHART_COLOURS[place], COUNT, overlap=100)
    _lying(chart)
    return chart


def of_money_by_group(board: Board, roles: Roles, group: str, number: int) -> Chart:
    """The sum of each group, and on an axis of its own what falls to one person."""
    mean = "人均" if roles.table.counted == "人" else "平均"
    first = _listed_groups(board, roles.table, group, (roles.money, mean, "个数", "零线", "图上"), number)
    _write_money(board, roles, group, first, first + number)
    chart = board.chart("column", f"各{group}{roles.money.removesuffix('合计')}合计与{mean}（元）")
    label = AMOUNT if number < MOST_LABELLED else ""
    board.series(chart, first, number + 1, 1, CHART_COLOURS[0], label, "inside_base" if label else "", 5, 100)
    line = _means(board, first, number + 1, is_labelled=bool(label))
    line.set_y2_axis({"name": mean, "num_font": AXIS_FONT, "num_format": AMOUNT})
    chart.combine(line)
    # Both axes begin at zero, or below it where a sum does: zeros that are not seen keep it on them.
    unseen: dict[str, Any] = {
        "categories": board.cells(first, number + 1, 5),
        "values": board.cells(first, number + 1, 4),
        "border": {"none": True},
    }
    chart.add_series({**unseen, "fill": {"none": True}})
    line.add_series({**unseen, "y2_axis": True})
    chart.set_legend({"position": "bottom", "font": AXIS_FONT, "delete_series": [1, 3]})
    chart.set_y_axis({"name": "合计", "num_font": AXIS_FONT, "num_format": AMOUNT, **NO_GRID})
    return chart


def _write_money(board: Board, roles: Roles, group: str, first: int, last: int) -> None:
    """Sum, mean and number of each group's people, in the last row of all others, and how the group is called on the chart."""
    groups, money = board.column(roles.table.name, group), board.column(roles.table.name, roles.money)
    checks = board.column(roles.table.name, CHECK)
    everybody = f'COUNTIF({checks},"{GOOD}")'
    board.put(last, 0, f'IF({everybody}>{_above(first, last - 1, 3)},"{OTHERS}","")')
    for row in range(first, last + 1):
        name = cell_name(row, 0)
        total, count = f"SUMIFS({money},{groups},{name})", f'COUNTIFS({groups},{name},{checks},"{GOOD}")'
        if row == last:
            total = f"ROUND(SUM({money})-{_above(first, last - 1, 1)},2)"
            count = f"{everybody}-{_above(first, last - 1, 3)}"
        board.put(row, 1, f'IF({name}="","",{board.guarded(roles.table, total)})', "#,##0.00")
        board.put(row, 2, f'IF({name}="","",ROUND({cell_name(row, 1)}/MAX(1,{cell_name(row, 3)}),2))', "#,##0.00")
        board.put(row, 3, f'IF({name}="","",{count})')
        board.sheet.write_number(row, 4, 0, board.page.styles.get("computed"))
        board.put(row, 5, _in_two_lines(name))


def _means(board: Board, first: int, number: int, is_labelled: bool) -> Chart:
    """Marks of what falls to one person, on the second axis."""
    line = board.page.workbook.add_chart({"type": "line"})
    assert line is not None
    line.add_series(
        {
            "name": f"='{SHEET}'!{xl_range_abs(first - 1, 2, first - 1, 2)}",
            "categories": board.cells(first, number, 5),
            "values": board.cells(first, number, 2),
            "y2_axis": True,
            "line": {"none": True},
            "data_labels": {
                "value": is_labelled,
                "num_format": AMOUNT,
                "position": "above",
                "font": AXIS_FONT,
                # Some stand on the bars.
                "fill": {"color": "white"},
            },
            "marker": {"type": "diamond", "size": 9, "fill": {"color": MARK_COLOUR}, "border": {"none": True}},
        }
    )
    return line


def of_quotas(board: Board, quota: Quota, number: int) -> Chart:
    """How many have a grade in each group, beside the places that the group has."""
    headings = (quota.given, quota.allowed, "图上")
    first = _listed_groups(board, quota.table, quota.group, headings, number)
    last = first + number
    groups = board.column(quota.table.name, quota.group)
    board.put(last, 0, f'IF(COUNTA({groups})>{number},"{OTHERS}","")')
    for row in range(first, last + 1):
        board.put(row, 3, _in_two_lines(cell_name(row, 0)))
        for col, name in enumerate(headings[:2], start=1):
            column = board.column(quota.table.name, name)
            total = (
                f"SUM({column})-{_above(first, last - 1, col)}"
                if row == last
                else f"SUMIFS({column},{groups},{cell_name(row, 0)})"
            )
            board.put(row, col, f'IF({cell_name(row, 0)}="","",{board.guarded(quota.table, total)})')
    chart = board.chart("column", f"各{quota.group}{quota.given}与名额")
    for col, colour in ((1, CHART_COLOURS[0]), (2, MARK_COLOUR)):
        board.series(chart, first, number + 1, col, colour, "0", "outside_end", 3)
    _standing(chart)
    return chart


def _listed_groups(board: Board, table: Table, group: str, headings: Sequence[str], number: int) -> int:
    """The groups in the order in which they stand in the table, each once, and a row for the others; returns the first row."""
    first = board.figures(f"各{group}", (group, *headings), number + 1)
    column = board.column(table.name, group)
    for row in range(first, first + number):
        above = f"{cell_name(first - 1, 0, fixed=True)}:{cell_name(row - 1, 0)}"
        unlisted = f'MATCH(0,COUNTIF({above},{column})+({column}=""),0)'
        board.put(row, 0, f'IFERROR(INDEX({column},{unlisted}),"")', array=1)
    return first


def _above(first: int, last: int, col: int, last_col: int = 0) -> str:
    return f"SUM({cell_name(first, col)}:{cell_name(last, last_col or col)})"


def _in_two_lines(cell: str) -> str:
    """A name below a column, four characters in a line, the middle of a long one left out: programs turn what is wider, and a
    turned one leaves no room for the columns."""
    end = f'IF(LEN({cell})>8,"…"&RIGHT({cell},3),MID({cell},5,4))'
    return f'IF(LEN({cell})>4,LEFT({cell},4)&CHAR(10)&{end},{cell}&"")'


def of_places(board: Board, roles: Roles) -> Chart:
    """Who stands at the top and at the bottom; of few people nobody stands at both."""
    name = roles.score or roles.money
    first = board.figures(
        f"{name}前{CHINESE_PLACES}名和后{CHINESE_PLACES}名", (roles.who, "前列", "靠后", "行"), 2 * PLACES
    )
    who, score = board.column(roles.table.name, roles.who), board.column(roles.table.name, name)
    count = cell_name(first - 2, 3, fixed=True)
    board.put(first - 2, 3, f"COUNT({score})")
    apart = f"IF(ISNUMBER({score}),{score}-ROW({score})/{TIES})"
    places = range(1, 2 * PLACES + 1)
    # Of many people those in the middle are left out; of nine there is no tenth.
    left_out = f"{_column(int(place > PLACES) for place in places)}*MAX(0,{count}-{2 * PLACES})"
    found = f"LARGE({apart},{_column(places)}+{left_out})"
    board.put(first, 3, board.guarded(roles.table, f'IFERROR(MATCH({found},{apart},0),"")'), array=2 * PLACES)
    for place in places:
        row = first + place - 1
        at, is_top = cell_name(row, 3), f"{place}<=MIN({PLACES},INT(({count}+1)/2))"
        # A bar of no length is told from a missing one by its name.
        nothing = f'IF(COUNTIF({cell_name(row, 1)}:{cell_name(row, 2)},0)>0,"：0","")'
        board.put(row, 0, f'IF(ISNUMBER({at}),INDEX({who},{at})&{nothing},"")')
        for col, wanted in ((1, is_top), (2, f"NOT({is_top})")):
            board.put(row, col, f'IF(AND(ISNUMBER({at}),{wanted}),INDEX({score},{at}),"")')
    chart = board.chart("bar", f"{name}：前{CHINESE_PLACES}名和后{CHINESE_PLACES}名")
    for col, colour in ((1, CHART_COLOURS[0]), (2, MARK_COLOUR)):
        board.series(chart, first, 2 * PLACES, col, colour, _label(roles, name), "outside_end", overlap=100)
    _lying(chart)
    chart.set_legend({"none": True})
    chart.set_plotarea(PLACES_AREA)
    return chart


def _column(numbers: Iterable[int]) -> str:
    return "{" + ";".join(map(str, numbers)) + "}"


def of_periods(board: Board, roles: Roles) -> Chart:
    """The mean of each period, one after the other."""
    first = board.figures("各期平均", ("考核期间", "平均得分"), len(roles.periods))
    for row, (period, column) in enumerate(roles.periods, start=first):
        board.sheet.write_string(row, 0, period, board.page.styles.get("label"))
        scores = board.column(roles.table.name, column)
        mean = f'IF(COUNT({scores})=0,"",ROUND(AVERAGE({scores}),2))'
        board.put(row, 1, board.guarded(roles.table, mean), "0.00")
    chart = board.chart("column", "各期平均得分")
    board.series(chart, first, len(roles.periods), 1, CHART_COLOURS[0], "0.00", "outside_end")
    _standing(chart)
    chart.set_legend({"none": True})
    return chart


def _label(roles: Roles, name: str) -> str:
    """As the column is written, nothing where it is 0."""
    code = label_code(next(column.format for column in roles.table.computed if column.name == name))
    return f"{code};-{code};"


def _standing(chart: Chart) -> None:
    """Columns, told by their labels and not by an axis."""
    chart.set_y_axis({"visible": False, "min": 0, **NO_GRID})


def _lying(chart: Chart) -> None:
    """Bars from above to below, told by their labels and not by an axis."""
    chart.set_y_axis({"reverse": True, "interval_unit": 1, "num_font": AXIS_FONT, "label_position": "low", **NO_GRID})
    chart.set_x_axis({"visible": False, **NO_GRID})
