"""参数: every parameter a named cell with its meaning, the conditions over several of them, and the lists, each checked beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from udfs.vocabulary import GOOD
from workbook_templates.scheme import states
from workbook_templates.scheme.columns import Value
from workbook_templates.scheme.data import Entry
from workbook_templates.scheme.names import (
    CHECK,
    NAME,
    PARAMETERS,
    VALUE,
    defined_name,
    list_column,
    parameter_state,
    rules_name,
    state,
)
from workbook_templates.scheme.parameters import ListColumn, Listing
from workbook_templates.scheme.sentences import NOT_READ
from workbook_templates.workbook.layout import FIRST_PARAMETER, Placement
from workbook_templates.workbook.sheets import rules
from workbook_templates.workbook.sheets.marking import without_point
from workbook_templates.workbook.sheets.page import Page, colour, number_format, put, side, text_height
from workbook_templates.workbook.sheets.sheet import Sheet, pixels
from workbook_templates.workbook.sheets.validation import validate
from workbook_templates.workbook.style import INPUT_TAB

MEANING = "含义"
COLUMNS = (NAME, VALUE, "单位", MEANING, CHECK)
CHECK_COL = 4
WIDTHS, FURTHER_WIDTH, NARROWEST_MEANING = (24, 14, 14, 52, 26), 8, 24
"""Characters: of the columns of the parameters, of those that wide lists have behind them, and of the meaning beside such a list."""
MEANING_COL = 3
MOST_PIXELS = 1205
"""Across, at 8 points also where columns are a twelfth wider than in Excel."""
BAD = "请先改正“参数”表中的错误"


def write_parameters(page: Page, values: dict[str, Entry], lists: dict[str, list[dict[str, Entry]]]) -> None:
    styles = page.styles
    sheet = page.sheet(PARAMETERS, landscape=True)
    sheet.set_tab_color(INPUT_TAB)
    widths = _widths(page)
    for col, width in enumerate(widths):
        sheet.set_column(col, col, width)
    sheet.merge_range(0, 0, 0, 4, f"{page.scheme.title} 参数", styles.get("title"))
    sheet.set_row(0, 30)
    sheet.write_string(1, 0, "在浅黄色单元格中核对或修改各项标准；改动后全部结果随之重算。", styles.get("subtitle"))
    if page.scheme.parameters:
        _write_values(page, sheet, values, widths[MEANING_COL])
    states_end = _write_states(page, sheet, widths[MEANING_COL])
    for listing in page.scheme.lists:
        _write_list(page, sheet, listing, lists[listing.name], widths)
    for view in page.scheme.views:
        place = page.layout.places[view.name]
        _name_columns(page, place, page.scheme.listing(view.listing))
    sheet.freeze_panes(FIRST_PARAMETER, 0)
    ends = [page.layout.places[each.name].last + 1 for each in page.scheme.lists]
    sheet.keep_together(max([states_end, *ends]), len(widths))


def _widths(page: Page) -> list[int]:
    """So that what is printed across a page can be read, the meaning is narrower where a list is wide."""
    further = max([0, *(len(each.column_names) - len(WIDTHS) for each in page.scheme.lists)])
    widths = [*WIDTHS, *[FURTHER_WIDTH] * further]
    too_many = sum(map(pixels, widths)) - MOST_PIXELS
    widths[MEANING_COL] = max(NARROWEST_MEANING, WIDTHS[MEANING_COL] - max(0, math.ceil(too_many / 7)))
    return widths


def _write_values(page: Page, sheet: Worksheet, values: dict[str, Entry], meaning_width: int) -> None:
    first, parameters, styles = FIRST_PARAMETER, page.scheme.parameters, page.styles
    last = first + len(parameters) - 1
    page.headings(sheet, first - 1, COLUMNS)
    for row, parameter in enumerate(parameters, start=first):
        sheet.write_string(row, 0, parameter.name, styles.get("label", "", "left"))
        put(sheet, row, 1, values[parameter.name], styles.get("input", number_format(parameter), side(parameter)))
        without_point(page, sheet, row, row, 1, parameter.format)
        sheet.write_string(row, 2, parameter.unit, styles.get("label", "", "left"))
        sheet.write_string(row, 3, parameter.note, styles.get("label", "", "left"))
        sheet.set_row(row, text_height(parameter.note, meaning_width - 3))
        rule = f"INDEX({rules.PARAMETER_RULES},{row - first + 1},0)"
        missing = f"{parameter.name}:必填" if parameter.required else GOOD
        # A cell that is cut takes its name along, and whoever refers to it.
        elsewhere = f"IFERROR(INDEX($B:$B,ROW())<>{defined_name(parameter.name)},FALSE)"
        checked = f'IF(B{row + 1}="","{missing}",KAOHE_CHECK("",B{row + 1},{rule}))'
        formula = f'=IF({elsewhere},"{parameter.name}:{NOT_READ}",{checked})'
        sheet.write_formula(row, CHECK_COL, formula, styles.get("computed", "", "left"))
        page.name(parameter.name, PARAMETERS, row, 1, row, 1)
        if parameter.scope is not None:
            page.name(state(parameter.name), PARAMETERS, row, CHECK_COL, row, CHECK_COL)
        validate(sheet, page, parameter, row, row, 1)
    _mark_bad(page, sheet, first, last, CHECK_COL)
    page.name("_KAOHE.参数", PARAMETERS, first - 1, 0, last, CHECK_COL)
    page.name("参数名称", PARAMETERS, first, 0, last, 0)
    page.name("参数值", PARAMETERS, first, 1, last, 1)


def _write_states(page: Page, sheet: Sheet, meaning_width: int) -> int:
    """The conditions over several parameters, and one cell that says whether every single parameter is good; returns the row behind."""
    row = FIRST_PARAMETER + len(page.scheme.parameters) + 2
    first = row
    sheet.begin_block(row - 1)
    sheet.write_string(row - 1, 0, "参数之间的关系", page.styles.get("heading"))
    last = first + len(page.scheme.parameter_rules)
    rules = f"$E${first + 2}:$E${last + 1}" if page.scheme.parameter_rules else ""
    lines = [(parameter_state(), parameter_state(), "每个参数都符合填写规则", _all_good(page, rules))]
    for rule in page.scheme.parameter_rules:
        lines.append(
            (state(rule.name), rule.name, rule.message, page.outside(states.rule_state(rule.formula, rule.message)))
        )
    for name, label, meaning, formula in lines:
        sheet.write_string(row, 0, label, page.styles.get("label", "", "left"))
        for col in (1, 2):
            sheet.write_blank(row, col, None, page.styles.get("label", "", "left"))
        sheet.set_row(row, text_height(meaning, meaning_width - 3))
        sheet.write_string(row, 3, meaning, page.styles.get("label", "", "left"))
        sheet.write_formula(row, CHECK_COL, formula, page.styles.get("computed", "", "left"))
        page.name(name, PARAMETERS, row, CHECK_COL, row, CHECK_COL)
        row += 1
    _mark_bad(page, sheet, first, row - 1, CHECK_COL)
    return row


def _all_good(page: Page, rules: str) -> str:
    """Whether every parameter and list is good, those left out whose errors stop only what reads them.

    What looks good because something was pasted over a check is not: ``rules`` are the checks of the conditions over several.
    """
    parameters = page.scheme.parameters
    conditions = []
    if parameters:
        first, last = FIRST_PARAMETER + 1, FIRST_PARAMETER + len(parameters)
        cells = f"$E${first}:$E${last}"
        count = f'SUMPRODUCT(({cells}="{GOOD}")*{states.living(cells)})'
        for row, parameter in enumerate(parameters, start=first):
            if parameter.scope is not None:
                count += f'+($E${row}<>"{GOOD}")'
        conditions.append(f"({count}={len(parameters)})")
    conditions += [f'({state(x.name)}="{GOOD}")' for x in page.scheme.lists if x.scope is None]
    conditions += [states.living(state(x.name)) for x in page.scheme.lists]
    if rules:
        conditions.append(f"(SUMPRODUCT(1-{states.living(rules)})=0)")
    return f'=IF({"*".join(conditions or ["1"])},"{GOOD}","{BAD}")'


def _write_list(
    page: Page, sheet: Sheet, listing: Listing, rows: list[dict[str, Entry]], widths: Sequence[int]
) -> None:
    """A list as a small table: a heading, its columns, its rows, each checked."""
    place, styles = page.layout.places[listing.name], page.styles
    heading = place.first - 1
    sheet.begin_block(heading - 1)
    sheet.write_string(heading - 1, 0, listing.name, styles.get("heading"))
    note_width = sum(widths[1 : place.columns[CHECK]])
    _write_note(sheet, heading - 1, place.columns[CHECK] - 1, listing.note, note_width, styles.get("lead"))
    page.headings(sheet, heading, place.columns)
    check = place.columns[CHECK]
    for row in range(place.first, place.last + 1):
        given = rows[row - place.first] if row - place.first < len(rows) else {}
        for col, column in enumerate(listing.columns):
            style = styles.get("label" if column.fixed else "input", number_format(column), side(column))
            put(sheet, row, col, given.get(column.name), style)
        sheet.write_formula(row, check, _row_check(listing, place, row), styles.get("computed", "", "left"))
    for col, column in enumerate(listing.columns):
        without_point(page, sheet, place.first, place.last, col, column.format)
        if not column.fixed:
            validate(sheet, page, column, place.first, place.last, col)
    _mark_bad(page, sheet, place.first, place.last, check)
    page.name(f"_KAOHE.{listing.name}", PARAMETERS, heading, 0, place.last, check)
    cells = place.block(CHECK, CHECK)
    told = states.list_state(cells, _labels(listing, place), _named(listing, place))
    sheet.write_formula(heading - 1, check, told, styles.get("computed", "", "left"))
    _mark_bad(page, sheet, heading - 1, heading - 1, check)
    page.name(state(listing.name), PARAMETERS, heading - 1, check, heading - 1, check)
    _name_columns(page, place, listing)
    for name, (offset, column_name) in listing.cells(listing.rows).items():
        col = place.columns[column_name]
        page.name(name, PARAMETERS, place.first + offset, col, place.first + offset, col)


def _labels(listing: Listing, place: Placement) -> list[tuple[str, str, list[Value]]]:
    """The columns whose cells formulas know by name and order, each with what should stand in it."""
    names = listing.labels if listing.fixed else ()
    return [(name, _cells(listing, place, name), [row.get(name) for row in listing.rows]) for name in names]


def _named(listing: Listing, place: Placement) -> list[tuple[str, str]]:
    """The cells that have a name of their own, by their place in the list, with it."""
    named = listing.cells(listing.rows).items()
    return [(f"INDEX({_cells(listing, place, column)},{row + 1})", name) for name, (row, column) in named]


def _cells(listing: Listing, place: Placement, column: str) -> str:
    letter = xl_col_to_name(place.columns[column])
    return f"${letter}${place.first + 1}:${letter}${place.first + len(listing.rows)}"


def _write_note(sheet: Worksheet, row: int, last: int, note: str, width: int, style: Format) -> None:
    """Between a list's name and its state, over as many lines as it takes."""
    if last > 1:
        sheet.merge_range(row, 1, row, last, note, style)
    else:
        sheet.write_string(row, 1, note, style)
    sheet.set_row(row, text_height(note, width))


def _name_columns(page: Page, place: Placement, listing: Listing) -> None:
    for column in listing.column_names:
        col = place.columns[column]
        page.name(list_column(place.name, column), PARAMETERS, place.first, col, place.last, col)


def _row_check(listing: Listing, place: Placement, row: int) -> str:
    left, right = xl_col_to_name(0), xl_col_to_name(len(listing.columns) - 1)
    cells = f"{left}{row + 1}:{right}{row + 1}"
    clauses = [clause for column in listing.columns for clause in _column_checks(column, place, row)]
    further = f",{'&'.join(clauses)}" if clauses else ""
    checked = f'KAOHE_CHECK("",{cells},{rules_name(listing.name)}{further})'
    return f"={checked}" if listing.spare else f'=IF(COUNTA({cells})=0,"{listing.name}:不能有空行",{checked})'


def _column_checks(column: ListColumn, place: Placement, row: int) -> list[str]:
    letter = xl_col_to_name(place.columns[column.name])
    cell = f"{letter}{row + 1}"
    clauses = []
    if column.unique:
        repeated = f'"{column.name}:与其他行重复；"'
        clauses.append(
            f'IF({cell}="","",IF(KAOHE_ALIKE({cell},{place.block(column.name, column.name)})>1,{repeated},""))'
        )
    if column.sorted and row > place.first:
        above, sign = f"{letter}{row}", "<" if column.sorted == "down" else ">"
        words = "从高到低" if column.sorted == "down" else "从低到高"
        out_of_order = f'IF({cell}{sign}{above},"","{column.name}:各行应{words}；")'
        clauses.append(f'IF(ISNUMBER({cell})*ISNUMBER({above}),{out_of_order},"")')
        if not column.required:
            blank = f'"{column.name}:上一行空白，只有最后一行可以空白；"'
            clauses.append(f'IF(ISBLANK({above})*NOT(ISBLANK($A{row + 1})),{blank},"")')
    return clauses


def _mark_bad(page: Page, sheet: Worksheet, first: int, last: int, col: int) -> None:
    cell = f"${xl_col_to_name(col)}{first + 1}"
    bad = f'=OR(NOT({states.living(cell)}),AND({cell}<>"",{cell}<>"{GOOD}"))'
    colour(sheet, (first, col, last, col), bad, page.styles.bad)
