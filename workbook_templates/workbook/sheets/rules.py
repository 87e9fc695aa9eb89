"""填写规则: what every input cell may hold, as the clerk reads it and as KAOHE_CHECK reads it.

The bounds are formulas over the parameters, so that a changed full mark changes the check with it. The same sheet holds each
table's state, on which results over the whole table depend.
"""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from udfs.vocabulary import YES
from workbook_templates.scheme import checks
from workbook_templates.scheme.model import TYPES, Bound, Limits, Table, state
from workbook_templates.workbook.sheets.page import Page

SHEET = "填写规则"
PARAMETER_RULES = "规则_参数"
COLUMNS = ("列名", "类型", "必填", "下限", "上限", "下限不含", "上限不含", "选项")
NOTE = "说明"
SKIP = "另查"
"""In 必填: KAOHE_CHECK leaves the column to a check of its own."""


def write_rules(page: Page) -> None:
    sheet = page.sheet(SHEET, landscape=True)
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 6, 9)
    sheet.set_column(7, 8, 44)
    sheet.merge_range(0, 0, 0, 8, "填写规则(由方案生成,请勿改写)", page.styles.get("title"))
    row = 2
    if page.scheme.parameters:
        row = _block(page, sheet, row, "参数", PARAMETER_RULES, page.scheme.parameters)
    for table in page.scheme.tables:
        sheet.write_string(row, 7, f"表 {table.name} 的状态", page.styles.get("header"))
        sheet.write_formula(row, 8, page.outside(checks.table_state(table)), page.styles.get("computed"))
        page.name(state(table.name), SHEET, row, 8, row, 8)
        row = _table_rules(page, sheet, row, table)
    sheet.protect("", {"format_columns": True, "format_rows": True})


def _table_rules(page: Page, sheet: Worksheet, row: int, table: Table) -> int:
    conditional = [column for column in table.inputs if column.when]
    row = _block(page, sheet, row, table.name, checks.rules_name(table), table.inputs, skipped=conditional)
    for group in (checks.BASE, *table.groups) if table.groups else ():
        others = [c for c in table.inputs if c.when or c.group != ("" if group == checks.BASE else group)]
        title = f"{table.name}({group})"
        row = _block(page, sheet, row, title, checks.rules_name(table, group), table.inputs, skipped=others)
    if conditional:
        for index, column in enumerate(conditional):
            place = row + 2 + index
            page.name(checks.column_rule_name(table, column), SHEET, place, 0, place, len(COLUMNS) - 1)
        row = _block(page, sheet, row, f"{table.name}(有条件填写的列)", "", conditional)
    return row


def _block(
    page: Page,
    sheet: Worksheet,
    row: int,
    title: str,
    name: str,
    limits: Sequence[Limits],
    skipped: Sequence[Limits] = (),
) -> int:
    sheet.write_string(row, 0, title, page.styles.get("heading"))
    for col, heading in enumerate((*COLUMNS, NOTE)):
        sheet.write_string(row + 1, col, heading, page.styles.get("header"))
    for index, limit in enumerate(limits):
        _rule(page, sheet, row + 2 + index, limit, limit in skipped)
    if name:
        page.name(name, SHEET, row + 2, 0, row + 1 + len(limits), len(COLUMNS) - 1)
    return row + 3 + len(limits)


def _rule(page: Page, sheet: Worksheet, row: int, limit: Limits, skipped: bool) -> None:
    label = page.styles.get("label")
    required = "视情况" if isinstance(limit.required, str) else YES if limit.required else ""
    sheet.write_string(row, 0, limit.name, label)
    sheet.write_string(row, 1, TYPES[limit.type], label)
    sheet.write_string(row, 2, SKIP if skipped else required, label)
    _bound(page, sheet, row, 3, limit.min if limit.above is None else limit.above)
    _bound(page, sheet, row, 4, limit.max if limit.below is None else limit.below)
    sheet.write_string(row, 5, "" if limit.above is None else YES, label)
    sheet.write_string(row, 6, "" if limit.below is None else YES, label)
    sheet.write_string(row, 7, "/".join(limit.choices), label)
    sheet.write_string(row, 8, limit.note, label)


def _bound(page: Page, sheet: Worksheet, row: int, col: int, bound: Bound) -> None:
    label = page.styles.get("label")
    match bound:
        case None:
            sheet.write_blank(row, col, None, label)
        case int() | float():
            sheet.write_number(row, col, bound, label)
        case str() if bound.startswith("["):
            sheet.write_string(row, col, bound.strip("[]"), label)
        case name:
            sheet.write_formula(row, col, name if name.startswith("=") else f"={name}", label)
