"""Writes the cases into a workbook that judges the program that computes it: ``docs/excel-check.xlsx``.

``python -m tests.functions.workbook`` writes it anew, with the check list of docs/excel.md to be filled in. Sheet 数据 holds the arguments, 函数核对 a row for each row of a result:
the live result, what is expected, and whether they agree; 结论 says in one cell whether all do. All formulas but the
functions themselves are ones that Excel 2010, LibreOffice 7 and the headless engine have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from addin.headless import calculate
from tests.functions.cases import ANY_ERROR, Case, Rows, cases
from tests.support import PROJECT
from udfs import FUNCTIONS, MISSING, CellError
from udfs.values import Cell
from workbook_templates.workbook.build import CALCULATION_ENGINE

PATH = PROJECT / "docs" / "excel-check.xlsx"
CONCLUSION, CHECK, DATA, LIST = "结论", "函数核对", "数据", "清单"
PASSED, SAME, DIFFERENT = "全部通过", "一致", "不一致"
IN_CALC = "DATE(1900,1,1)=2"
"""The first day of 1900 is number 2 to LibreOffice Calc, and number 1 to the others."""
HEAD_ROW, FIRST_ROW = 1, 2
FIRST_RESULT = 4
VERDICT = FIRST_RESULT - 1
LONGEST_LITERAL = 255
A4 = 9
FIXED_DATE = datetime(2026, 1, 1)

HELP = (
    "怎样使用",
    "1. 先安装考核加载项，再打开本文件。",
    "2. 全部重算：Excel 按 Ctrl+Alt+F9，LibreOffice 按 Ctrl+Shift+F9。",
    "3. 看“结论”右边的单元格。“全部通过”：每个函数的每个用例都算得一致；否则写明第一个不一致的单元格和函数。",
    "4. 在“函数核对”表中找到这一行：左边是公式现在算出的结果，右边是应有的结果；参数在“数据”表中。",
    "",
    "结论为“没有考核函数”：加载项没有安装或没有启用。",
    "文件中保存的结果是正确的。想确认程序真的算过，可以改“数据”表 B2 的数，结论应随之改变，再撤销。",
    "LibreOffice 不能把含有错误值的区域交给某些参数，TRUE 和 FALSE 变成 1 和 0：",
    "这些用例在 LibreOffice 中应有的结果，写在“函数核对”表的最右边。",
    "“清单”表是在 Excel 中核对的全部步骤：边做边选“一样”或“不同”，保存以后可以整个发给我们。",
)


_SECTION = re.compile(r"### (.+)")
_STEP = re.compile(r"\| (\d+\.\d+) \| (.+) \|(.*)\|")
_MARKS = re.compile(r"[`*]|\]\([^)]*\)|\[(?=[^\]]*\]\()")
"""Of Markdown: code and bold, and what stands around the text of a link."""

ANSWERS = ("一样", "不同", "没有做")
TO_FILL_IN = ("Excel 的版本和位数（文件 ▸ 账户 ▸ 关于 Excel）", "Windows 的版本", "日期")


def steps() -> Iterator[tuple[str, str, str]]:
    """The check list of docs/excel.md: number, what to do, what to see; a section's title alone."""
    for line in (PROJECT / "docs" / "excel.md").read_text(encoding="utf-8").split("\n"):
        if found := _SECTION.fullmatch(line):
            yield "", found[1], ""
        elif found := _STEP.fullmatch(line):
            number, done, seen = found.groups()
            yield number, _MARKS.sub("", done), _MARKS.sub("", seen).strip()


class ExactWorksheet(Worksheet):
    """Numbers with all their digits; 16 of them, as usual, are not enough to give every double back."""

    def _xml_number_element(self, number: Any, attributes: Sequence[tuple[str, Any]] = ()) -> None:
        told = "".join(f' {name}="{value}"' for name, value in attributes)
        self.fh.write(f"<c{told}><v>{float(number)!r}</v></c>")


@dataclass(frozen=True)
class Place:
    """Where a case's results stand on 函数核对."""

    row: int
    height: int
    width: int


class Writer:
    def __init__(self, workbook: Workbook, given: Sequence[Case]) -> None:
        sheets = [workbook.add_worksheet(name, worksheet_class=ExactWorksheet) for name in (CONCLUSION, CHECK, DATA)]
        self.conclusion, self.check, self.data = sheets
        self.width = max(len(case.rows[0]) for case in given)
        self.row, self.data_row = FIRST_ROW, 0
        self.title = workbook.add_format({"bold": True, "font_size": 16})
        self.head = workbook.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1, "align": "center"})
        self.faint = workbook.add_format({"font_color": "#7F7F7F"})
        self.strong = workbook.add_format({"bold": True, "font_size": 14, "border": 1})
        self.wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
        self.bad = workbook.add_format({"bold": True, "bg_color": "#FFC7CE", "font_color": "#9C0006"})

    def cell(self, sheet: Worksheet, row: int, col: int, value: Cell) -> None:
        """A cell that holds the value itself; a blank one is left alone."""
        if isinstance(value, CellError):
            sheet.write_formula(row, col, f"={value}", None, value.value)
        elif value == "":
            sheet.write_formula(row, col, '=""', None, "")
        elif value is not None:
            sheet.write(row, col, value)

    def case(self, case: Case) -> Place:
        """One case: its arguments onto 数据, its formula beside what is expected onto 函数核对."""
        place = Place(self.row, len(case.rows), len(case.rows[0]))
        bottom, right = place.row + place.height - 1, FIRST_RESULT + place.width - 1
        formula = f"={case.function}({','.join(self.arguments(case))})"
        if place.height * place.width == 1:
            self.check.write_formula(place.row, FIRST_RESULT, formula)
        else:
            self.check.write_array_formula(place.row, FIRST_RESULT, bottom, right, f"{{{formula}}}")
        for number, expected in enumerate(case.rows):
            told = f"{FUNCTIONS[case.function].label}：{case.chinese}"
            told += f"（第 {number + 1} 行）" if place.height > 1 else ""
            self.check.write_row(self.row, 0, [case.number, case.function, told])
            verdicts = [self.compared(case, number, column, cell) for column, cell in enumerate(expected)]
            self.check.write_formula(
                self.row, VERDICT, f'=IF(IFERROR(AND({",".join(verdicts)}),FALSE),"{SAME}","{DIFFERENT}")'
            )
            self.row += 1
        return place

    def compared(self, case: Case, number: int, column: int, expected: Cell) -> str:
        """Writes what is expected of one cell of a result; gives the formula that says whether it is so."""
        result = xl_rowcol_to_cell(self.row, FIRST_RESULT + column)
        beside = FIRST_RESULT + self.width + column
        self.cell(self.check, self.row, beside, expected)
        same = _same(result, xl_rowcol_to_cell(self.row, beside))
        if case.calc is None:
            return same
        beside += self.width
        if case.calc == ANY_ERROR:
            self.check.write_string(self.row, beside, "任何错误值", self.faint)
            other = f"ISERROR({result})"
        else:
            rows: Rows = case.calc  # type: ignore[assignment]
            self.cell(self.check, self.row, beside, rows[number][column])
            other = _same(result, xl_rowcol_to_cell(self.row, beside))
        return f"IF({IN_CALC},{other},{same})"

    def arguments(self, case: Case) -> list[str]:
        """The arguments as they stand in the formula; those in cells are written onto 数据, side by side under their names."""
        head, column, height = self.data_row, 1, 1
        self.data.write_row(head, 0, [f"{case.function} {case.number}"], self.faint)
        told = []
        for place, argument in enumerate(case.call):
            parameter = FUNCTIONS[case.function].parameters[place]
            if argument is MISSING:
                told.append("")
                continue
            if not isinstance(argument, tuple) and not parameter.takes_cells and _stands_in_formula(case, place):
                told.append(_literal(argument))
                continue
            rows = argument if isinstance(argument, tuple) else ((argument,),)
            self.data.write_string(head, column, parameter.name, self.head)
            for row, cells in enumerate(rows, head + 1):
                for offset, cell in enumerate(cells):
                    self.cell(self.data, row, column + offset, cell)
            block = xl_range_abs(head + 1, column, head + len(rows), column + len(rows[0]) - 1)
            # Calc hands a blank cell over as 0 where it is referred to by itself, but not as a range of one cell.
            told.append(f"{DATA}!{block if ':' in block else f'{block}:{block}'}")
            column, height = column + len(rows[0]) + 1, max(height, len(rows))
        self.data_row += height + 2
        return told

    def checklist(self, workbook: Workbook) -> None:
        """The sheet 清单, on which somebody who goes through the check list says what he saw."""
        sheet, box = (
            workbook.add_worksheet(LIST),
            workbook.add_format({"text_wrap": True, "valign": "top", "border": 1}),
        )
        sheet.write(0, 0, "在 Excel 中核对的清单", self.title)
        for row, asked in enumerate(TO_FILL_IN, 1):
            sheet.write_string(row, 1, asked)
            sheet.write_blank(row, 2, None, box)
        top = len(TO_FILL_IN) + 2
        sheet.write_row(top, 0, ["步骤", "做什么", "应当看到", "一样吗", "看到的（不同时）"], self.head)
        sheet.freeze_panes(top + 1, 0)
        row = top
        for row, (number, done, seen) in enumerate(steps(), top + 1):
            if not number:
                sheet.write_string(row, 1, done, self.head)
                continue
            for column, text in enumerate((number, done, seen, "", "")):
                sheet.write(row, column, text, box)
            sheet.data_validation(row, 3, row, 3, {"validate": "list", "source": list(ANSWERS)})
        sheet.ignore_errors({"number_stored_as_text": xl_range_abs(top + 1, 0, row, 0).replace("$", "")})
        answers = xl_range_abs(top + 1, 3, row, 3)
        counted = "&".join(f'"{answer} "&COUNTIF({answers},"{answer}")&"　"' for answer in ANSWERS)
        sheet.write_formula(top - 1, 1, f"={counted}", self.strong)
        for column, width in enumerate((6, 60, 60, 9, 40)):
            sheet.set_column(column, column, width)
        self._paper(sheet)

    @staticmethod
    def _paper(sheet: Worksheet) -> None:
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)

    def frame(self, workbook: Workbook, count: int) -> None:
        """Headings, widths, and the sheet 结论."""
        last = FIRST_RESULT + 3 * self.width - 1
        self.check.write(0, 0, "函数核对", self.title)
        headings = [
            *("序号", "函数", "核对内容", "核对结果"),
            *_headings("结果", self.width),
            *_headings("应为", self.width),
        ]
        self.check.write_row(HEAD_ROW, 0, [*headings, *_headings("LibreOffice 中应为", self.width)], self.head)
        self.check.freeze_panes(FIRST_ROW, FIRST_RESULT)
        self.check.set_column(0, 0, 6)
        self.check.set_column(1, 1, 19)
        self.check.set_column(2, 2, 52)
        self.check.set_column(VERDICT, VERDICT, 10)
        self.check.set_column(FIRST_RESULT, last, 18)
        self.check.conditional_format(
            FIRST_ROW, VERDICT, self.row - 1, VERDICT,
            {"type": "cell", "criteria": "==", "value": f'"{DIFFERENT}"', "format": self.bad},
        )  # fmt: skip
        self.data.set_column(0, 0, 22)
        page = self.conclusion
        page.write(0, 0, "考核函数核对", self.title)
        page.write_row(2, 0, ["结论"], self.head)
        page.write_formula(2, 1, self.verdict(), self.strong)
        page.write_row(3, 0, ["用例"], self.head)
        page.write(3, 1, f"{len(FUNCTIONS)} 个函数，{count} 个用例")
        for row, line in enumerate(HELP, 5):
            page.write_string(row, 1, line, self.wrapped)
        page.set_column(0, 0, 18)
        page.set_column(1, 1, 110)
        page.set_row(2, 24)
        workbook.define_name(CONCLUSION, f"={CONCLUSION}!$B$3")
        for sheet in (self.conclusion, self.check, self.data):
            self._paper(sheet)

    def verdict(self) -> str:
        """The formula of the cell 结论."""
        verdicts, functions, told = (
            f"{CHECK}!{xl_range_abs(FIRST_ROW, column, self.row - 1, column)}" for column in (VERDICT, 1, 2)
        )
        first = f'MATCH("{DIFFERENT}",{verdicts},0)'
        where = f'"{DIFFERENT}：{CHECK}!D"&{first}+{FIRST_ROW}&" "&INDEX({functions},{first})&" "&INDEX({told},{first})'
        no_functions = f"IFERROR(ERROR.TYPE({CHECK}!{xl_rowcol_to_cell(FIRST_ROW, FIRST_RESULT)})=5,FALSE)"
        return (
            f'=IF(SUMPRODUCT(({verdicts}="{SAME}")*1)={self.row - FIRST_ROW},"{PASSED}",'
            f'IF({no_functions},"没有考核函数：请先安装并启用加载项，再全部重算",IFERROR({where},"没有算完：请全部重算")))'
        )


def _headings(name: str, width: int) -> list[str]:
    return [name, *[""] * (width - 1)]


def _same(result: str, expected: str) -> str:
    """Whether two cells hold the same: an error value its like, a text the same to the letter, a number its equal."""
    errors = f"IF(ISERROR({result}),ERROR.TYPE({result})=ERROR.TYPE({expected}),FALSE)"
    # To Calc a text out of an array formula equals no other, until it has been joined with another one.
    texts = f'IF(ISTEXT({result}),EXACT({result}&"",{expected}),FALSE)'
    values = f"IF(ISTEXT({expected}),{texts},IF(ISNUMBER({result}),{result}={expected},FALSE))"
    return f"IF(ISERROR({expected}),{errors},IF(ISERROR({result}),FALSE,{values}))"


def _stands_in_formula(case: Case, place: int) -> bool:
    """Single values stand in the formula and in a cell by turns, so that both ways are tried."""
    value = case.arguments[place]
    if isinstance(value, CellError):
        # In a formula Calc gives the error value back by itself; in a cell it refuses the call.
        return case.calc is None
    if value is None or (isinstance(value, str) and len(value) > LONGEST_LITERAL):
        return False
    # Programs read a number in a formula at 15 digits.
    exact = not isinstance(value, float) or float(f"{value:.15g}") == value
    return exact and (case.number + place) % 2 == 0


def _literal(value: Cell) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value) if isinstance(value, CellError) else '"{}"'.format(str(value).replace('"', '""'))


def build(path: Path, given: Sequence[Case]) -> dict[str, Place]:
    """Write the workbook and compute it; gives the place of each case by its identity."""
    with Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        workbook.set_properties({"title": "考核函数核对", "created": FIXED_DATE})
        # The stored values are right; a program without the functions must not throw them away on opening.
        workbook.set_calc_mode("auto", CALCULATION_ENGINE)
        workbook.calc_on_load = False
        writer = Writer(workbook, given)
        places = {case.identity: writer.case(case) for case in given}
        writer.frame(workbook, len(given))
        writer.checklist(workbook)
    report = calculate(path)
    assert report.problems == (), report.problems
    return places


if __name__ == "__main__":
    build(PATH, cases())
