"""What sheets only display: told where it is a value that no longer changes; what counts for results makes them errors."""

from __future__ import annotations

import io
import itertools
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter

from addin.checking.displayed import _of_home
from addin.checking.doubts import doubts
from addin.checking.workbook import faults_of_whole
from addin.headless import read_book
from addin.xlsx.model import CellError
from tests.checking.support import HEADINGS, PEOPLE, SLUG, columns, computed, edited, paid, told
from tests.support import Made, built, first_case
from workbook_templates.scheme.catalogue import slugs
from workbook_templates.scheme.names import CHECK

FIXED = "公式被改写成了固定内容，不再随数据变化；请撤销或用 kaohe upgrade 重建"


@pytest.mark.parametrize(
    ("cell", "value"), [("C5", "99 人"), ("B7", "下一步  通过：可以打印、公示、发通知单"), ("H14", "通过"), ("E15", 99)]
)
def test_what_the_first_sheet_says_is_told_where_it_is_written(template: bytes, cell: str, value: Any) -> None:
    session = edited(template, lambda book: book["首页"].__setitem__(cell, value))
    assert told(session) == [f"首页!{cell} {FIXED}"] and faults_of_whole(session) == []


def test_a_figure_under_its_label(template: bytes) -> None:
    before = computed(template).book
    cells = itertools.product(range(60), range(8))
    label = next(cell for cell in cells if before.value("首页", *cell) == "参加人数（人）")
    session = edited(template, lambda book: book["首页"].cell(label[0] + 2, label[1] + 1, 99))
    assert [line.partition(" ")[2] for line in told(session)] == [FIXED]


@pytest.mark.parametrize("slug", slugs())
def test_every_formula_of_the_first_sheet_is_looked_at(slug: str, case_book: Made) -> None:
    book = read_book(case_book(slug, {"tables": {}}))
    assert set(book.workbook.sheets["首页"].formulas) <= {place[1:] for place in _of_home(book)}


def test_what_is_said_above_checks_of_other_tables(template: bytes) -> None:
    place = f"{get_column_letter(columns(load_workbook(io.BytesIO(template))[PEOPLE])[CHECK])}{HEADINGS - 1}"
    session = edited(template, lambda book: book[PEOPLE].__setitem__(place, "▲ 岗位 1 行未通过"))
    assert told(session) == [f"{PEOPLE}!{place} {FIXED}"]
    assert told(edited(template, lambda book: book[PEOPLE].__setitem__(place, "请先看校验"))) == []


def test_many_cells_together_are_told_once(template: bytes) -> None:
    def edit(book: Workbook) -> None:
        for row in book["领导概览"].iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    cell.value = 5

    [line] = told(edited(template, edit))
    assert line.startswith("领导概览!A2 连同另外 ") and line.endswith(FIXED)


def test_notes_on_the_first_sheet_are_a_clerks_own(template: bytes) -> None:
    def edit(book: Workbook) -> None:
        book["首页"]["K3"], book["首页"]["B60"], book["首页"]["G4"] = 8220001, "联系电话 8220001", 2026

    assert told(edited(template, edit)) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [*((column, 0) for column in "BCDEF"), *((column, "通过") for column in "HJ")],
)
def test_whatever_the_state_of_a_table_goes_by_leaves_no_result(template: bytes, column: str, value: Any) -> None:
    """Of 满意度系数, which people's results look up."""
    session = edited(template, lambda book: book["填写规则"].__setitem__(f"{column}6", value))
    assert told(session) == [f"填写规则!{column}6 {FIXED}"] and faults_of_whole(session)
    assert isinstance(paid(session), CellError)


def test_a_count_of_missing_formulas_that_is_written_over_is_no_count(template: bytes) -> None:
    session = edited(template, lambda book: book["填写规则"].__setitem__("G6", 0))
    assert told(session)[0] == f"填写规则!G6 {FIXED}"
    assert str(session.book.named_values("核对")["公式未被改写"]).startswith("有 1 格公式被改写")


@pytest.mark.parametrize("value", [0, 99, "通过"])
def test_the_state_of_a_table_that_is_written_over_is_no_result(template: bytes, value: Any) -> None:
    """It was everybody's pay, where it was a number."""
    session = edited(template, lambda book: book["填写规则"].__setitem__("I6", value))
    assert told(session) == [f"填写规则!I6 满意度系数：{FIXED}"]
    assert isinstance(paid(session), CellError)


def test_a_column_that_is_said_to_be_whole(template: bytes) -> None:
    """Nothing else stands on what is told by it, as long as the table itself is looked at."""
    place = computed(template).book.named_cell("公式_人员_绩效考核得分")
    assert place is not None
    session = edited(template, lambda book: book["填写规则"].cell(place[1] + 1, place[2] + 1, "通过"))
    assert told(session) == [f"填写规则!T{place[1] + 1} {FIXED}"]


def test_lines_above_the_headings_that_say_something_else() -> None:
    content = built(SLUG, {**first_case(SLUG), "unit": "青山镇 卫生院", "period": "2026年"})

    def edit(book: Workbook) -> None:
        sheet = book[PEOPLE]
        sheet["A2"] = "单位名称：白水镇卫生院　考核期间：2026年"
        sheet.cell(HEADINGS - 1, columns(sheet)["医德医风"], "满分 99")
        sheet.cell(HEADINGS - 1, columns(sheet)["工作态度"], "满分 8")
        book["岗位"]["A2"] = "单位名称：青山镇 卫生院"

    session = edited(content, edit)
    assert told(session) == []
    assert [f"{doubt.sheet}!{doubt.cell} {doubt.rule}" for doubt in doubts(session)] == [
        "人员!A2 这里写的单位名称与“首页”的不同，打印稿、公示表用“首页”的“青山镇 卫生院”",
        "人员!F4 医德医风：这里写的满分与填写规则的不同，检查时用的是 10",
    ]
