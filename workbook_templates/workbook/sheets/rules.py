"""填写规则: what every input cell may hold, as the clerk reads it and as KAOHE_CHECK reads it.

The bounds are formulas over the parameters, so that a changed full mark changes the check with it. The same sheet holds each
table's state, on which results over the whole table depend.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from udfs.vocabulary import GOOD, YES
from workbook_templates.scheme import checks, intact, states
from workbook_templates.scheme.columns import Bound, Limits
from workbook_templates.scheme.model import Table
from workbook_templates.scheme.names import (
    CHECK,
    RULES,
    SERIAL,
    SHIFTED,
    STRUCTURE,
    TYPES,
    WHOLE,
    headings_name,
    rules_name,
    state,
)
from workbook_templates.scheme.watched import watched
from workbook_templates.workbook.layout import HEADER_ROW
from workbook_templates.workbook.sheets import structure
from workbook_templates.workbook.sheets.page import Page, protect, text_height
from workbook_templates.workbook.sheets.sheet import Sheet
from workbook_templates.workbook.style import LOOK_UP_TAB

SHEET = RULES
PARAMETER_RULES = "规则_参数"
COLUMNS = ("列名", "类型", "必填", "下限", "上限", "下限不含", "上限不含", "选项")
NOTE = "说明"
WRONG, UNFINISHED, FILLED = "填错的行", "待填的行", "已填的行"
EXACT = (WRONG, UNFINISHED, FILLED, "缺公式的行", "错位的列", "被改写的格", "结构", "状态", SHIFTED)
STATES = ("表", *EXACT, *structure.QUICK)
_QUICK = range(len(STATES) - len(structure.QUICK), len(STATES))
_WATCHED = ("整列被读的列", "列的公式")
"""Columns that are read whole, and whether one of their formulas is overwritten."""
WIDTHS = (18, 8, 8, 8, 8, 9, 9, 26, 28, 10)
"""Characters; a page across has so many at 8 points and more, also where digits, in which widths are counted, are wide."""

STATES_ROW = 2
"""The zero-based row of the heading over the states of the tables."""

OVERWRITTEN = "被改写的格"
"""The defined name of the counts of computed cells that hold something else."""

NOT_COUNTED = "“填写规则”中表 {} 的状态有公式被改写"

SKIP = "另查"
"""In 必填: KAOHE_CHECK leaves the column to a check of its own."""


def write_rules(page: Page) -> None:
    sheet = page.sheet(SHEET, landscape=True)
    sheet.set_tab_color(LOOK_UP_TAB)
    for col, width in enumerate(WIDTHS):
        sheet.set_column(col, col, width)
    sheet.set_column(_QUICK[0], _QUICK[-1] + len(_WATCHED), 14, None, {"hidden": True})
    sheet.merge_range(0, 0, 0, 8, "填写规则（由方案生成，请勿改写）", page.styles.get("title"))
    sheet.set_row(0, 30)
    _watched(page, sheet, STATES_ROW)
    row = _states(page, sheet, STATES_ROW)
    if page.scheme.parameters:
        row = _block(page, sheet, row, "参数", PARAMETER_RULES, page.scheme.parameters)
    for listing in page.scheme.lists:
        row = _block(page, sheet, row, listing.name, rules_name(listing.name), listing.columns)
    for table in page.scheme.tables:
        row = _table_rules(page, sheet, row, table)
    sheet.keep_together(row, len(WIDTHS))
    sheet.print_area(0, 0, row, len(WIDTHS) - 1)
    protect(sheet)


def _states(page: Page, sheet: Worksheet, row: int) -> int:
    """What may be wrong with each table, counted, and in words; whatever reads a table depends on it."""
    sheet.write_string(row, 0, "各表的状态", page.styles.get("heading"))
    page.headings(sheet, row + 1, STATES)
    sheet.set_row(row + 1, 34)
    first = row + 2
    for index, table in enumerate(page.scheme.tables):
        place = first + index
        sheet.write_string(place, 0, table.name, page.styles.get("label"))
        counts = [
            states.wrong_rows(table),
            states.unfinished_rows(table),
            states.filled_rows(table),
            states.rows_without_formulas(table, table.inputs, SERIAL),
            states.columns_out_of_order(table, page.scheme, partial("{}[{}]".format, table.name)),
            states.cells_without_formulas(table),
        ]
        for col, formula in enumerate(counts, start=1):
            sheet.write_formula(place, col, page.outside(formula), page.styles.get("computed", "", "right"))
        row_number = place + 1
        told = structure.exact(page, table, f"E{row_number}", f"J{row_number}", f"F{row_number}")
        sheet.write_formula(place, 7, told, page.styles.get("computed", "", "left"))
        sheet.write_formula(place, 8, _state(page, table, row_number), page.styles.get("computed", "", "left"))
        sheet.write_formula(place, 9, structure.shifted(page, table), page.styles.get("computed"))
        _quick(page, sheet, table, place)
        page.name(state(table.name), SHEET, place, 8, place, 8)
        at = page.layout.places[table.name]
        names = [at.columns[column.name] for column in table.inputs]
        page.name(headings_name(table.name), table.name, HEADER_ROW, names[0], HEADER_ROW, names[-1])
    last = first + len(page.scheme.tables)
    sheet.write_string(last, 0, STRUCTURE, page.styles.get("label"))
    for name, col in ((WHOLE, 7), (STRUCTURE, _QUICK[-1])):
        whole = f'"{GOOD}"'
        for place in reversed(range(first, last)):
            cell = xl_rowcol_to_cell(place, col)
            whole = f'IF({cell}<>"{GOOD}",{cell},{whole})'
        sheet.write_formula(last, col, f"={whole}", page.styles.get("computed", "", "left"))
        page.name(name, SHEET, last, col, last, col)
    page.name(OVERWRITTEN, SHEET, first, 6, last - 1, 6)
    page.name(SHIFTED, SHEET, first, 9, last - 1, 9)
    return last + 2


def _watched(page: Page, sheet: Worksheet, row: int) -> None:
    """How each column stands that formulas read whole."""
    col = _QUICK[-1] + 1
    for place, heading in enumerate(_WATCHED, start=col):
        sheet.write_string(row + 1, place, heading, page.styles.get("header"))
    by_row = {table.name: page.layout.places[table.name].is_table for table in page.scheme.tables}
    for place, ((table, column), behind) in enumerate(watched(page.scheme, by_row).items(), start=row + 2):
        sheet.write_string(place, col, f"{table}[{column}]", page.styles.get("label"))
        before = [intact.column_state(page.scheme, *each) for each in behind]
        formula = intact.column_formula(page.scheme.table(table), column, before)
        sheet.write_formula(place, col + 1, page.outside(formula), page.styles.get("computed"))
        page.name(intact.column_state(page.scheme, table, column), SHEET, place, col + 1, place, col + 1)


def _quick(page: Page, sheet: Worksheet, table: Table, row: int) -> None:
    if not page.layout.places[table.name].is_table or not table.marker:
        # The columns of a plain range are computed whole, whatever is changed in it; and other lists are short.
        sheet.write_formula(row, _QUICK[-1], f"=H{row + 1}", page.styles.get("computed"))
        return
    cells = [xl_rowcol_to_cell(row, col) for col in _QUICK]
    for col, formula in zip(_QUICK, structure.quick(page, table, cells), strict=True):
        sheet.write_formula(row, col, formula, page.styles.get("computed"))


def count(page: Page, table: Table, name: str) -> str:
    """The cell with a count of a table's rows."""
    row = STATES_ROW + 2 + page.scheme.tables.index(table)
    return f"'{SHEET}'!{xl_rowcol_to_cell(row, STATES.index(name), row_abs=True, col_abs=True)}"


def _state(page: Page, table: Table, row: int) -> str:
    """通过 while the table is whole and no row of it is wrong or unfinished, else what is wrong."""
    sound = f'"{GOOD}"'
    if table.min_rows:
        sound = f'IF(D{row}<{table.min_rows},"表 {table.name} 至少要填 {table.min_rows} 行",{sound})'
    sound = f'IF(C{row}>0,"表 {table.name} 有 "&C{row}&" 行待填",{sound})'
    sound = f'IF(B{row}>0,"表 {table.name} 有 "&B{row}&" 行有错误",{sound})'
    checked = intact.column_state(page.scheme, table.name, CHECK)
    told = f'IF(H{row}<>"{GOOD}",H{row},IF({checked}<>"{GOOD}",{checked},{sound}))'
    # What it goes by must be counted, not written. The formulas that are missing (G) are no part of it: they are counted in columns
    # that wait for this state, and to ask a program about that cell might be to wait for it.
    lost = f"SUMPRODUCT(1-{states.living(f'B{row}:F{row}')})+2-{states.living(f'H{row}')}-{states.living(f'J{row}')}"
    return f'=IF({lost}>0,"{NOT_COUNTED.format(table.name)}",{told})'


def _table_rules(page: Page, sheet: Sheet, row: int, table: Table) -> int:
    conditional = [column for column in table.inputs if column.when]
    row = _block(page, sheet, row, table.name, rules_name(table.name), table.inputs, skipped=conditional)
    for group in (checks.BASE, *table.groups) if table.groups else ():
        others = [c for c in table.inputs if c.when or c.group != ("" if group == checks.BASE else group)]
        title = f"{table.name}({group})"
        row = _block(page, sheet, row, title, rules_name(table.name, group), table.inputs, skipped=others)
    if conditional:
        for index, column in enumerate(conditional):
            place = row + 2 + index
            page.name(checks.column_rule_name(table, column), SHEET, place, 0, place, len(COLUMNS) - 1)
        row = _block(page, sheet, row, f"{table.name}（有条件填写的列）", "", conditional)
    return row


def _block(
    page: Page,
    sheet: Sheet,
    row: int,
    title: str,
    name: str,
    limits: Sequence[Limits],
    skipped: Sequence[Limits] = (),
) -> int:
    sheet.begin_block(row)
    sheet.write_string(row, 0, title, page.styles.get("heading"))
    page.headings(sheet, row + 1, (*COLUMNS, NOTE))
    sheet.set_row(row + 1, 22)
    for index, limit in enumerate(limits):
        _rule(page, sheet, row + 2 + index, limit, limit in skipped)
    if name:
        page.name(name, SHEET, row + 2, 0, row + 1 + len(limits), len(COLUMNS) - 1)
    return row + 3 + len(limits)


def _rule(page: Page, sheet: Worksheet, row: int, limit: Limits, skipped: bool) -> None:
    label, choices = page.styles.get("label", "", "left"), "/".join(limit.choices)
    texts = ((0, limit.name), (7, choices), (8, limit.note))
    sheet.set_row(row, max(text_height(text, WIDTHS[col] - 2) for col, text in texts))
    required = "视情况" if isinstance(limit.required, str) else YES if limit.required else ""
    sheet.write_string(row, 0, limit.name, label)
    sheet.write_string(row, 1, TYPES[limit.type], label)
    sheet.write_string(row, 2, SKIP if skipped else required, label)
    for col, bound in (
        (3, limit.min if limit.above is None else limit.above),
        (4, limit.max if limit.below is None else limit.below),
    ):
        _bound(page, sheet, row, col, None if checks.row_bound(limit, bound) is not None else bound)
    sheet.write_string(row, 5, "" if limit.above is None else YES, label)
    sheet.write_string(row, 6, "" if limit.below is None else YES, label)
    sheet.write_string(row, 7, choices, label)
    sheet.write_string(row, 8, limit.note, label)


def _bound(page: Page, sheet: Worksheet, row: int, col: int, bound: Bound) -> None:
    label = page.styles.get("label", "", "left" if isinstance(bound, str) and bound.startswith("[") else "right")
    match bound:
        case None:
            sheet.write_blank(row, col, None, label)
        case int() | float():
            sheet.write_number(row, col, bound, label)
        case str() if bound.startswith("["):
            sheet.write_string(row, col, bound.strip("[]"), label)
        case name:
            # A text in the place of a number is told where it stands, and binds nothing.
            text = name.removeprefix("=")
            sheet.write_formula(row, col, page.outside(f'=IF(ISTEXT({text}),"",{text})'), label)
