"""参数: every parameter a named cell with its meaning, each checked beside it, and the conditions over several of them."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from udfs.vocabulary import GOOD
from workbook_templates.scheme import checks
from workbook_templates.scheme.data import Entry
from workbook_templates.scheme.model import CHECK, state
from workbook_templates.workbook.sheets import rules
from workbook_templates.workbook.sheets.page import Page, number_format, put
from workbook_templates.workbook.sheets.validation import validate

SHEET = "参数"
COLUMNS = ("名称", "值", "单位", "含义", CHECK)
FIRST = 4


def write_parameters(page: Page, values: dict[str, Entry]) -> None:
    parameters, styles = page.scheme.parameters, page.styles
    last = FIRST + len(parameters) - 1
    sheet = page.sheet(SHEET)
    for col, width in enumerate((24, 14, 10, 50, 26)):
        sheet.set_column(col, col, width)
    sheet.merge_range(0, 0, 0, 4, f"{page.scheme.title} 参数", styles.get("title"))
    sheet.set_row(0, 30)
    sheet.write_string(1, 0, "在浅黄色单元格中核对或修改各项标准;改动后全部结果随之重算。", styles.get("subtitle"))
    _headings(page, sheet, FIRST - 1)
    for row, parameter in enumerate(parameters, start=FIRST):
        sheet.write_string(row, 0, parameter.name, styles.get("label"))
        put(sheet, row, 1, values[parameter.name], styles.get("input", number_format(parameter)))
        sheet.write_string(row, 2, parameter.unit, styles.get("label"))
        sheet.write_string(row, 3, parameter.note, styles.get("label"))
        rule = f"INDEX({rules.PARAMETER_RULES},{row - FIRST + 1},0)"
        missing = f"{parameter.name}:必填" if parameter.required else GOOD
        formula = f'=IF(B{row + 1}="","{missing}",KAOHE_CHECK("",B{row + 1},{rule}))'
        sheet.write_formula(row, 4, formula, styles.get("computed"))
        page.name(parameter.name, SHEET, row, 1, row, 1)
        validate(sheet, page, parameter, row, row, 1)
    sheet.conditional_format(FIRST, 4, last, 4, _bad(page, FIRST))
    page.name("_KAOHE.参数", SHEET, FIRST - 1, 0, last, 4)
    page.name("参数名称", SHEET, FIRST, 0, last, 0)
    page.name("参数值", SHEET, FIRST, 1, last, 1)
    _write_states(page, sheet, last)
    sheet.freeze_panes(FIRST, 0)
    sheet.repeat_rows(FIRST - 1)


def _headings(page: Page, sheet: Worksheet, row: int) -> None:
    for col, heading in enumerate(COLUMNS):
        sheet.write_string(row, col, heading, page.styles.get("header"))


def _write_states(page: Page, sheet: Worksheet, last: int) -> None:
    """The conditions over several parameters, and one cell that says whether every single parameter is good."""
    row = last + 3
    first = row
    sheet.write_string(row - 1, 0, "参数之间的关系", page.styles.get("heading"))
    count = f'COUNTIF($E${FIRST + 1}:$E${last + 1},"{GOOD}")'
    whole = f'=IF({count}={last - FIRST + 1},"{GOOD}","请先改正“参数”表中的错误")'
    lines = [(checks.parameter_state(), checks.parameter_state(), "每个参数都符合填写规则", whole)]
    for rule in page.scheme.parameter_rules:
        lines.append(
            (state(rule.name), rule.name, rule.message, page.outside(checks.rule_state(rule.formula, rule.message)))
        )
    for name, label, meaning, formula in lines:
        sheet.write_string(row, 0, label, page.styles.get("label"))
        for col in (1, 2):
            sheet.write_blank(row, col, None, page.styles.get("label"))
        sheet.write_string(row, 3, meaning, page.styles.get("label"))
        sheet.write_formula(row, 4, formula, page.styles.get("computed"))
        page.name(name, SHEET, row, 4, row, 4)
        row += 1
    sheet.conditional_format(first, 4, row - 1, 4, _bad(page, first))


def _bad(page: Page, row: int) -> dict[str, object]:
    return {"type": "formula", "criteria": f'=$E{row + 1}<>"{GOOD}"', "format": page.styles.bad}
