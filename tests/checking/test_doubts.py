"""What is told to be looked at once more, and merged cells, which are an error; what is ordinary is not remarked on."""

from __future__ import annotations

from typing import Any

import pytest
from openpyxl import Workbook

from addin.checking.doubts import FAR, doubts
from addin.checking.merged import MERGED
from addin.headless.session import Session
from addin.xlsx.cellreader import place
from tests.checking.support import LISTED, RANK, edited, filled, own, told
from tests.support import built, first_case

PAY = built("company-dept-coefficient", first_case("company-dept-coefficient"))
"""基本工资 is in column F, 考核得分 (at most 120) in K, from row 6; the middle one of the scores is 84."""


def remarks(sheet: str = "人员", /, **cells: Any) -> list[str]:
    session = Session.of(PAY)
    for cell, value in cells.items():
        session.workbook.sheets[sheet].set(*place(cell), value)
    session.compute()
    return [f"{fault.cell} {fault.rule}" for fault in doubts(session)]


def test_numbers_that_are_far_from_the_others() -> None:
    scores = {f"K{row}": 90.0 for row in range(8, 15)}
    assert remarks() == remarks(**scores, K7=90.0 / FAR + 0.001) == []
    [line] = remarks(**scores, K7=90.0 / FAR)
    assert line.startswith("K7 考核得分：同列的中位数是 90，这一格不到它的 50 分之一")
    [line] = remarks(F7=16_000_000.0)
    assert line.startswith("F7 基本工资：是同列中位数 ")


def test_numbers_that_were_dates_and_times_as_they_were_typed() -> None:
    """In cells that have a format of their own they look like any number."""

    def written(column: str, usual: float, odd: float) -> list[str]:
        return remarks(**{f"{column}{row}": usual for row in range(6, 16)} | {f"{column}7": odd})

    day, time = 46306.0, 9.5 / 24
    assert written("F", day / 10, day) == ["F7 基本工资：46306 像是日期（10-11 会变成日期），请看一看"]
    assert written("F", day / 9.99, day) == written("F", 4630.0, 46300.0) == written("F", 4630.0, day + 0.5) == []
    assert written("K", time * 10, time) == ["K7 考核得分：0.395833333333333 像是时间（9:30 会变成时间），请看一看"]
    assert written("K", time * 9.99, time) == written("K", 10.0, 0.396) == written("K", 10.0, 0.3957) == []


def test_a_date_in_pay_of_people_without_keys() -> None:
    session = Session.of(filled())
    session.workbook.sheets["人员"].set(5, 15, 46306.0)
    session.compute()
    assert [fault.cell for fault in doubts(session)] == ["P6"]


def test_numbers_for_names_and_formulas_that_read_the_row_of_somebody_else() -> None:
    assert remarks(B7=5.0) == ["B7 姓名：是数字，请看一看是不是把数填进了这一列"]

    def edit(book: Workbook) -> None:
        sheet = book["人员"]
        sheet["K7"], sheet["K8"], sheet["K9"] = "=K8", "=F8/200", "=AVERAGE(K12:K15)"

    lines = [f"{fault.cell} {fault.rule}" for fault in doubts(edited(PAY, edit))]
    assert lines == ["K7 公式 =K8 读的是本表另一行的格，排序、删行以后读的就是别人的；定下来的数请改填数值"]


def test_records_that_were_entered_twice() -> None:
    content = built("township-quarterly", first_case("township-quarterly"))

    def lines(*copies: tuple[int, int], value: float | None = None) -> list[str]:
        session = Session.of(content)
        sheet = session.workbook.sheets["加减分"]
        for row, source in copies:
            for col in (1, 2, 3):
                sheet.set(row - 1, col, sheet.get(source - 1, col))
        if value is not None:
            sheet.set(copies[0][0] - 1, 3, value)
        session.compute()
        return [f"{fault.cell} {fault.rule}" for fault in doubts(session)]

    told = "所填的与前面的行完全相同，请看一看是不是记了两次、粘贴了两次"
    assert lines((32, 6), (34, 8)) == [f"B32 第 32、34 行{told}"]
    assert lines(*((row, row - 26) for row in range(32, 38))) == [f"B32 第 32、33、34、35、36…… 行{told}"]
    assert lines((32, 6), value=13.34) == lines((32, 40)) == []


def test_a_column_of_percentages() -> None:
    [line] = remarks(**{f"K{row}": 0.9 for row in (7, 8, 9, 12, 13, 15)})
    assert line == "K7 考核得分：整列都不大于 1，上限是 120，请看一看是不是填成了百分比"


def test_parameters_and_lines_of_lists_in_another_unit() -> None:
    assert remarks("参数", B7=0.2 * FAR - 0.01, B29=95.0) == []
    assert [line.split("，")[0] for line in remarks("参数", B7=20.0, B29=9000.0)] == [
        "B7 延误每天减发：方案起初是 0.2",
        "B29 分数线：方案起初是 90",
    ]


def test_hidden_people_and_inputs_that_change_by_themselves() -> None:
    def edit(book: Workbook) -> None:
        book["人员"].row_dimensions[8].hidden = True
        book["人员"]["I7"] = "=YEAR(TODAY())-2000"

    lines = [fault.rule for fault in doubts(edited(PAY, edit))]
    assert lines == [
        "第 8 行：隐藏着，照样参加计算；不要的行请删去",
        "公式 =YEAR(TODAY())-2000 的结果隔天或每次计算都会变；定下来的数请改填数值",
    ]


def own_remarks(rows: list[list[Any]], **formulas: str) -> list[str]:
    return [f"{fault.cell} {fault.rule}" for fault in doubts(own(rows, **formulas))]


def test_people_under_those_whom_a_function_is_given() -> None:
    short = '=IF(ROW()<5,KAOHE_RANK(A{row},A$2:A$4,C$2:C$4),"")'
    assert own_remarks([*LISTED, ["合计", None, 273], ["制表：", None, None]], 名次=short) == []
    assert own_remarks([*LISTED, ["丁", "二部", 80]], 名次=short) == [
        "A5 第 5 行在公式的名单（到第 4 行为止）以外，没有参加计算；要参加的请把公式的区域延长"
    ]


def test_records_of_somebody_who_is_in_no_list() -> None:
    rows = [["甲", "甲", 3], ["乙", "乙", 2], [None, "丙", 5], [None, "丙", 1]]
    summed = '=IF(A{row}="","",KAOHE_SUM(A{row},B$2:B${last},C$2:C${last}))'
    assert own_remarks(rows, 合计=summed) == ["B4 “丙”等 2 行不是按键汇总的任何一个，没有算进谁的合计"]
    assert own_remarks(rows[:2], 合计="=KAOHE_SUM(A{row},B:B,C:C)") == []


@pytest.mark.parametrize(
    ("written", "is_told"), [("90分", True), ("1,200", True), ("９０", True), ("缺考", False), ("90-95", False)]
)
def test_numbers_as_texts_that_a_sum_leaves_out(written: str, is_told: bool) -> None:
    lines = own_remarks([*LISTED, ["丁", "二部", written]], 合计="=SUM(C$2:C${last})")
    assert [line.split(" ")[0] for line in lines] == (["C5"] if is_told else [])


def test_merged_cells_of_which_all_but_the_first_are_blank() -> None:
    """The group's sum was that of the first person, and nothing said so."""

    def merged(cells: str) -> list[str]:
        rows: list[list[Any]] = [["甲", "一部", 95], ["乙", None, 90], ["丙", "二部", 88]]
        content = own(rows, 合计="=KAOHE_SUM(B{row},B$2:B${last},C$2:C${last})").content
        return told(edited(content, lambda book: book["考核"].merge_cells(cells)))

    assert merged("B2:B3") == [f"考核!B2:B3 {MERGED}"]
    assert merged("E2:F3") == merged("A1:B1") == []
    assert told(own([["甲", None, 95], *LISTED[1:]], 名次=RANK)) == [
        "考核!D2:D4 KAOHE_RANK：参数“组别”中的 考核!B2 是空白"
    ]


def test_merged_cells_in_a_schemes_table() -> None:
    assert told(edited(PAY, lambda book: book["人员"].merge_cells("I7:I8"))) == [f"人员!I7:I8 {MERGED}"]


@pytest.mark.parametrize("name", ["KAOHE", "领导概览", "说明"])
def test_sheets_that_no_result_comes_from_are_missed(name: str) -> None:
    def edit(book: Workbook) -> None:
        del book[name]

    session = edited(filled(), edit)
    [doubt] = doubts(session)
    assert (doubt.sheet, doubt.value) == ("首页", name) and "被删去了" in doubt.rule and told(session) == []


def test_a_copy_of_the_parameters_is_told_as_one() -> None:
    def edit(book: Workbook) -> None:
        book.copy_worksheet(book["参数"]).title = "参数 (2)"

    [doubt] = doubts(edited(filled(), edit))
    assert (doubt.sheet, doubt.cell) == ("参数 (2)", "A1") and "是“参数”的副本" in doubt.rule


def test_a_sheet_with_another_name_is_not_missed() -> None:
    def edit(book: Workbook) -> None:
        book["领导概览"].title = "给领导看的"
        book["说明"].title = "怎样填"

    assert doubts(edited(filled(), edit)) == []
