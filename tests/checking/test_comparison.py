"""What only the scheme that a workbook carries tells: whole columns written over, parts that are missing, rows that changed places."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook

from addin.checking.doubts import doubts
from addin.checking.workbook import all_faults, faults_of_whole
from tests.checking.support import (
    FIRST,
    HEADINGS,
    PEOPLE,
    SLUG,
    Edit,
    columns,
    computed,
    edited,
    filled,
    last_row,
    told,
)


def test_values_pasted_over_whole_columns_are_told_by_table() -> None:
    before: Any = computed(filled()).book

    def edit(book: Workbook) -> None:
        sheet = book[PEOPLE]
        for name in ("名次", "实发绩效"):
            col = columns(sheet)[name]
            for row in range(FIRST, before.tables[PEOPLE].last_row + 2):
                sheet.cell(row, col, before.value(PEOPLE, row - 1, col - 1))

    session = edited(filled(), edit)
    assert f"人员!X{FIRST} 名次、实发绩效：整列的公式被改写成了固定内容" in "".join(told(session))
    assert str(session.book.named_values("核对")["公式未被改写"]).endswith("格公式被改写或清除，已标成红色")


def test_values_pasted_over_the_summary_are_told_in_the_cells_too() -> None:
    before: Any = computed(filled()).book

    def edit(book: Workbook) -> None:
        book["汇总"]["B5"] = before.value("汇总", 4, 1)

    session = edited(filled(), edit)
    assert told(session)[0].startswith("汇总!B5 参加人数：公式被改写成了固定内容，不再随数据变化")
    assert session.book.named_values("核对")["公式未被改写"] == "有 1 格公式被改写或清除，已标成红色"
    assert faults_of_whole(session)


@pytest.mark.parametrize(
    ("edit", "line"),
    [
        (lambda book: book.remove(book["汇总"]), "首页!A1 没有表 汇总：按方案应当有"),
        (lambda book: book["参数"].__setitem__("A5", "别的"), "参数!A5 没有参数 公共项目满分：名称被改写了"),
        (lambda book: book[PEOPLE].cell(HEADINGS, 6, "医德"), "人员!F6 医德医风:填写规则中的这一列不在检查的范围内"),
        (lambda book: book["填写规则"].delete_rows(16, 200), "人员!R6 “校验”是错误值，不能检查；请检查“填写规则”"),
        (lambda book: book.remove(book["填写规则"]), "人员!R6 “校验”是错误值，不能检查：工作簿中没有“填写规则”表"),
    ],
)
def test_what_a_workbook_has_lost_is_told_once(edit: Edit, line: str) -> None:
    lines = told(edited(filled(), edit))
    assert sum(each.startswith(line) for each in lines) == 1 and not any("按方案应为" in each for each in lines), lines


@pytest.mark.parametrize("meant", ["汇总!$A$4:$D$13", "#REF!"], ids=["name kept", "name lost its cells"])
def test_a_lost_summary_is_told_by_what_only_computes_too(meant: str) -> None:
    def edit(book: Workbook) -> None:
        book.remove(book["汇总"])
        book.defined_names["_KAOHE.汇总"].attr_text = meant

    [fault] = faults_of_whole(edited(filled(), edit))
    assert fault.rule.startswith("没有表 汇总：按方案应当有")


def _result_renamed(book: Workbook) -> None:
    """In formulas too, as spreadsheets do."""
    sheets = [sheet for sheet in book if sheet.title != "KAOHE"]
    for cell in (cell for sheet in sheets for row in sheet for cell in row):
        if isinstance(cell.value, str):
            cell.value = re.sub(r"(\[|^)实发绩效(\]|$)", r"\1实发\2", cell.value)
    sheet = book[PEOPLE]
    sheet.tables[PEOPLE].tableColumns[columns(sheet)["实发"] - 1].name = "实发"


def _unreadable(slug: str, *lines: str) -> Edit:
    """As a version that knows other words writes its scheme."""

    def edit(book: Workbook) -> None:
        book["KAOHE"]["B1"], book.properties.description = slug, f"KAOHE {slug}"
        for row, line in enumerate(lines, 5):
            book["KAOHE"].cell(row, 1, line)

    return edit


def _column_of_formulas_changed(book: Workbook) -> None:
    sheet = book[PEOPLE]
    for row in range(FIRST, last_row(sheet) + 1):
        cell = sheet.cell(row, columns(sheet)["绩效考核得分"])
        cell.value = f"{cell.value}+1"


def _day_for_a_number(book: Workbook) -> None:
    sheet = book[PEOPLE]
    sheet.cell(FIRST + 1, columns(sheet)["绩效基数"], date(2026, 11, 26))


@pytest.mark.parametrize(("slug", "others"), [(SLUG, []), ("own-scheme", ["KAOHE!B1 工作簿中的方案这一版读不了"])])
def test_what_is_missing_is_told_by_the_text_of_a_scheme_that_cant_be_read(slug: str, others: list[str]) -> None:
    def edit(book: Workbook) -> None:
        _unreadable(slug, "unknown = 1")(book)
        _result_renamed(book)
        book["参数"]["A9"], book["汇总"]["A6"] = "优比例", "名额"

    assert [line.partition("，")[0] for line in told(edited(filled(), edit))] == [
        *others,
        "参数!A5 没有参数 优秀比例：名称被改写了",
        "汇总!A5 “汇总”表没有“优秀名额”：删去了",
        "人员!A5 表 人员 没有列“实发绩效”：删去了",
    ]


def test_another_scheme_than_the_carried_one_is_remarked_on_in_one_line() -> None:
    for lines in (["unknown = 1"], ["[[tables", "name = "]):
        session = edited(filled(), _unreadable(SLUG, *lines))
        [doubt] = doubts(session)
        assert told(session) == []
        assert (doubt.sheet, doubt.cell) == ("KAOHE", "B1") and "是按同名的方案文件核对的" in doubt.rule
        assert "\n" not in doubt.rule


@pytest.mark.parametrize(
    ("edit", "line"),
    [
        (_result_renamed, "人员!A5 表 人员 没有列“实发绩效”：删去了，或改了列名"),
        (_column_of_formulas_changed, "绩效考核得分：按方案应为"),
        (_day_for_a_number, "绩效基数：填的是日期，这一列应填数"),
    ],
)
def test_what_the_cells_cant_tell_is_told_by_calculation_and_macros_too(edit: Edit, line: str) -> None:
    session = edited(filled(), edit)
    found = told(session)
    assert found and line in found[0]
    assert faults_of_whole(session) == all_faults(session)
