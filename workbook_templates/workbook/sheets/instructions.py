"""说明: what the workbook is for, in which order it is filled in, what the colours mean, and where the rules come from."""

from __future__ import annotations

from workbook_templates.scheme.model import Scheme
from workbook_templates.scheme.names import HELP, PURPOSE, PURPOSE_ROW
from workbook_templates.workbook.sheets.page import Page, protect, text_height
from workbook_templates.workbook.style import LOOK_UP_TAB

SHEET = HELP
WIDTH = 96

GROWING = [
    "加人：在表的最后一行下面接着填，Excel 和 WPS 会把表加长；也可以用“考核”菜单中的“加人”“粘贴名单”“加行”，LibreOffice 中请用菜单。",
    "排序：点表头的箭头。有空行时先用“去空行”，否则按得分从高到低排序时空行在最上面。",
]
PRINTING = "请用“考核”菜单的“打印稿”，只印填了的行。直接打印时没有填的空行也各占一行，请先在那张表上用“去空行”。"
FOLDED = "计算的中间步骤平时收起：点列标上方的“+”看一段，点左上角的“2”全部展开，点“1”全部收起。通知单、公示表和打印稿不写这些列。"


def write_instructions(page: Page) -> None:
    scheme, styles = page.scheme, page.styles
    sheet = page.sheet(SHEET)
    sheet.set_tab_color(LOOK_UP_TAB)
    sheet.set_column(0, 0, 16, styles.get("text"))
    sheet.set_column(1, 1, WIDTH - 16, styles.get("text"))
    sheet.merge_range(0, 0, 0, 1, scheme.title, styles.get("title"))
    sheet.set_row(0, 32)
    row = _lines(page, PURPOSE_ROW, PURPOSE, [scheme.summary])
    row = _lines(page, row, "填写顺序", [f"{i}. {step}" for i, step in enumerate(steps(scheme), start=1)])
    row = _lines(page, row, "加人和排序", GROWING)
    row = _lines(page, row, "打印", [PRINTING])
    sheet.write_string(row, 0, "颜色", styles.get("heading"))
    for kind, meaning in (
        ("input", "由人员填写的单元格"),
        ("computed", "由公式计算的单元格，请勿改写"),
        ("header", "表头和合计"),
    ):
        sheet.write_string(row, 1, meaning, styles.get(kind))
        row += 1
    sheet.write_string(row, 1, "校验未通过的行：改正后结果自动恢复", styles.bad)
    row += 2
    if any(column.hidden for table in scheme.tables for column in table.computed):
        row = _lines(page, row, "中间步骤", [FOLDED])
    row = _lines(page, row, "依据", [scheme.source + (f"（{scheme.date}）" if scheme.date else "")])
    row = _lines(page, row, "本表的约定", list(scheme.decided))
    row = _lines(page, row, "未包括的内容", list(scheme.limitations))
    protect(sheet)


def steps(scheme: Scheme) -> list[str]:
    if scheme.steps:
        return list(scheme.steps)
    first = ["在“参数”表核对各项标准。"] if scheme.parameters else []
    tables = [
        f"在“{table.name}”表的浅黄色单元格中填写{'、'.join(c.name for c in table.inputs[:3])}等。"
        for table in scheme.tables
    ]
    return [*first, *tables, "看“校验”列：不是“通过”的行按提示改正。", "在“汇总”表核对合计。"]


def _lines(page: Page, row: int, heading: str, lines: list[str]) -> int:
    if not lines:
        return row
    sheet = page.workbook.get_worksheet_by_name(SHEET)
    assert sheet is not None
    sheet.write_string(row, 0, heading, page.styles.get("topic"))
    for line in lines:
        sheet.write_string(row, 1, line, page.styles.get("text"))
        sheet.set_row(row, text_height(line, WIDTH - 18))
        row += 1
    return row + 1
