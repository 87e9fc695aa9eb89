"""汇总: one named value a line, the balances that must hold, and a chart."""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from udfs.vocabulary import BROKEN, GOOD, UNKNOWN
from workbook_templates.scheme import guards, intact, states
from workbook_templates.scheme.model import Chart
from workbook_templates.scheme.names import BALANCES, NAME, SUMMARY, VALUE, parameter_state
from workbook_templates.workbook.sheets.board import NO_GRID, bars, label_code, new_chart
from workbook_templates.workbook.sheets.page import Page, colour, protect, text_height
from workbook_templates.workbook.sheets.rules import OVERWRITTEN
from workbook_templates.workbook.sheets.sheet import LINE_HEIGHT
from workbook_templates.workbook.style import CHART_COLOURS, RESULT_TAB

SHEET = SUMMARY
COLUMNS = (NAME, VALUE, "单位", "说明")
FIRST = 4
WIDTHS = (34, 16, 8, 36)


def write_summary(page: Page) -> str:
    """Returns the block of what 核对 says."""
    scheme, styles = page.scheme, page.styles
    sheet = page.sheet(SHEET)
    sheet.set_tab_color(RESULT_TAB)
    for col, width in enumerate(WIDTHS):
        sheet.set_column(col, col, width)
    sheet.merge_range(0, 0, 0, 3, f"{scheme.title} 汇总", styles.get("title"))
    sheet.set_row(0, 30)
    sheet.write_string(1, 0, "全部由公式计算。出现错误值时，请先改正各表中“校验”未通过的行。", styles.get("subtitle"))
    sheet.write_formula(2, 0, page.facts(), styles.get("subtitle"))
    sheet.set_row(2, LINE_HEIGHT)
    page.headings(sheet, FIRST - 1, COLUMNS)
    row = FIRST
    for result in scheme.results:
        sheet.write_string(row, 0, result.shown_name, styles.get("label", "", "left"))
        formula = page.outside(guards.guarded_result(result, scheme))
        sheet.write_formula(
            row, 1, formula, styles.get("computed", result.format, "right" if result.unit or result.format else "left")
        )
        sheet.write_string(row, 2, result.unit, styles.get("label", "", "left"))
        sheet.write_string(row, 3, result.note, styles.get("label", "", "left"))
        page.name(result.name, SHEET, row, 1, row, 1)
        sheet.set_row(row, text_height(result.note, WIDTHS[3] - 3))
        row += 1
    page.name("_KAOHE.汇总", SHEET, FIRST - 1, 0, max(row - 1, FIRST), 3)
    if scheme.results:
        colour(sheet, (FIRST, 1, row - 1, 1), f"=NOT({states.living(f'$B{FIRST + 1}')})", styles.bad)
    row, balances = _write_balances(page, sheet, row + 2)
    if scheme.chart:
        _insert_chart(page, sheet, scheme.chart, row)
    protect(sheet, charts=True)
    return balances


def _write_balances(page: Page, sheet: Worksheet, row: int) -> tuple[int, str]:
    """Every table free of errors, and every balance of the scheme: 通过 or what is wrong."""
    lines = [(f"表 {table.name} 无错误", f"=状态_{table.name}") for table in page.scheme.tables]
    # Older programs can't tell a formula from a value; there this line says so.
    own = f"SUM({OVERWRITTEN})+SUMPRODUCT(1-{states.living(OVERWRITTEN)})"
    if page.scheme.parameters or page.scheme.lists:
        own += f"+1-{states.living(parameter_state())}"
    if page.scheme.results:
        # Lines may be put in between; none of the formulas may be missing.
        count = len(page.scheme.results)
        cells = f"$B${FIRST + 1}:$B${FIRST + count}"
        own += f"+MAX(0,{count}-SUMPRODUCT(1*{states.living(cells)}))"
    counted = f'IF({own}=0,"{GOOD}","有 "&({own})&" 格公式被改写或清除，已标成红色")'
    lines.append(("公式未被改写", f'=IFERROR({counted},"本程序不能检查")'))
    for balance in page.scheme.balances:
        condition = intact.kept(balance.formula, page.scheme)[1:]
        lines.append((balance.name, page.outside(f'=IFERROR(IF({condition},"{GOOD}","{BROKEN}"),"{UNKNOWN}")')))
    sheet.write_string(row - 1, 0, BALANCES, page.styles.get("heading"))
    page.headings(sheet, row, COLUMNS[:2])
    row += 1
    first = row
    for label, formula in lines:
        sheet.set_row(row, text_height(label, WIDTHS[0] - 3))
        sheet.write_string(row, 0, label, page.styles.get("label", "", "left"))
        sheet.write_formula(row, 1, formula, page.styles.get("computed", "", "left"))
        row += 1
    page.name(f"_KAOHE.{BALANCES}", SHEET, first - 1, 0, row - 1, 1)
    colour(sheet, (first, 1, row - 1, 1), f'=$B{first + 1}<>"{GOOD}"', page.styles.bad)
    return row + 1, f"'{SHEET}'!{xl_range_abs(first, 1, row - 1, 1)}"


def _insert_chart(page: Page, sheet: Worksheet, declared: Chart, row: int) -> None:
    chart = new_chart(page.workbook, declared.type, declared.title)
    if declared.items:
        names = [result.name for result in page.scheme.results]
        rows = [FIRST + names.index(item) for item in declared.items]
        cells = [f"'{SHEET}'!{xl_range_abs(min(rows), col, max(rows), col)}" for col in (0, 1)]
        codes = {result.name: result.format for result in page.scheme.results}
        series = [("", cells[0], cells[1], codes[declared.items[0]])]
    else:
        place = page.layout.places[declared.table]
        category = place.address(declared.category, declared.category)
        table = page.scheme.table(declared.table)
        codes = {column.name: column.format for column in table.inputs}
        codes |= {column.name: column.format for column in table.computed}
        series = [(name, category, place.address(name, name), codes[name]) for name in declared.values]
    for number, (name, categories, values, code) in enumerate(series):
        options: dict[str, Any] = {
            "categories": f"={categories}",
            "values": f"={values}",
            "data_labels": {"value": True, "num_format": label_code(code)},
        }
        if declared.type in ("column", "bar"):
            colour = CHART_COLOURS[number % len(CHART_COLOURS)]
            options = bars(f"={categories}", f"={values}", colour, label_code(code), "outside_end")
        chart.add_series({**options, "name": name} if name else options)
    if declared.type == "column":
        # The labels tell it, and there are no halves of people.
        chart.set_y_axis({"visible": False, **NO_GRID})
    if len(series) == 1:
        chart.set_legend({"none": True})
    chart.set_size({"width": 620, "height": 280})
    sheet.insert_chart(row, 0, chart)
