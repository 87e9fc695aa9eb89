"""What a clerk sees in a table: groups of columns, full marks and units, colours that come with the values."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter

from addin.headless.session import Session
from tests.support import PERSON, SLUG, built
from tests.workbook_templates.support import WORDS
from udfs.registry import Kind
from workbook_templates.scheme.catalogue import load, slugs
from workbook_templates.workbook import looks
from workbook_templates.workbook.layout import HEADER_ROW
from workbook_templates.workbook.sheets.page import text_height

POSTS = [{"岗位类别": "医", "岗位系数": 1.2}]
BAND_ROW, MARK_ROW, FREE_COLUMN = HEADER_ROW - 2, HEADER_ROW - 1, 80


def above(slug: str, row: int, data: dict[str, Any] | None = None) -> dict[str, Any]:
    """What stands in a row above the headings of 人员, by column."""
    session = Session.of(built(slug, data))
    session.compute()
    table = session.book.tables["人员"]
    cells = {name: session.book.value("人员", row, col) for col, name in enumerate(table.columns)}
    return {name: value for name, value in cells.items() if value not in (None, "")}


def test_columns_that_belong_together_have_a_name_above_them() -> None:
    bands = {"医德医风": "公共项目", "工作数量": "岗位项目", "公共项目得分": "计算结果"}
    assert above(SLUG, BAND_ROW) == bands
    words = above(WORDS, BAND_ROW)
    assert words["德"] == "公共项目" and words["一月出勤"] == "出勤" and words["系数"] == "兑现"
    assert words["公共分"] == words["名次"] == "计算结果" and len(words) == 5


def test_full_marks_follow_the_parameters() -> None:
    marks = above(SLUG, MARK_ROW, {"params": {"医德医风满分": 9, "组织纪律满分": 10}})
    assert (marks["医德医风"], marks["组织纪律"], marks["工作数量"]) == ("满分 9", "满分 10", "满分 20")
    assert marks["绩效基数"] == "元" and marks["序号"] == "合计"


def test_without_names_above_columns_the_note_stands_where_it_was() -> None:
    sheet = load_workbook(io.BytesIO(built(SLUG)))
    assert sheet["岗位"]["A3"].value == "每类岗位一行；岗位系数须在参数规定的范围内。"
    assert sheet["人员"]["A3"].value is None
    assert any(str(cell.value).startswith("每人一行。") for cell in sheet["人员"][2])


def test_what_columns_are_for_is_told_by_their_formulas() -> None:
    scheme = load(SLUG)
    people = scheme.table("人员")
    kinds = looks.kinds(people)
    assert [kinds[name] for name in ("姓名", "满意度", "等次", "绩效考核得分")] == [
        Kind.TEXT, Kind.NUMBER, Kind.TEXT, Kind.NUMBER,
    ]  # fmt: skip
    assert looks.scores(people) == ["绩效考核得分"]
    assert looks.grades(people, scheme) == {"等次": ("优秀", "合格", "基本合格", "不合格")}


@pytest.mark.parametrize("slug", slugs())
def test_grades_are_texts_and_scores_are_none(slug: str) -> None:
    scheme = load(slug)
    for table in scheme.tables:
        kinds = looks.kinds(table)
        assert all(kinds[name] is not Kind.NUMBER for name in looks.grades(table, scheme))
        assert all(kinds[name] is not Kind.TEXT for name in looks.scores(table))


def test_the_cell_that_is_wrong_is_loud_and_one_that_is_missing_is_calm() -> None:
    people = [{**PERSON, "医德医风": 99}, {**PERSON, "姓名": "甲", "工作态度": None}, {**PERSON, "姓名": "乙"}]
    book = load_workbook(io.BytesIO(built(SLUG, {"tables": {"岗位": POSTS, "人员": people}})))
    sheet = book["人员"]
    rules = {
        rule.formula[0]: str(where.sqref)
        for where in sheet.conditional_formatting
        for rule in where.rules
        if "SEARCH" in "".join(rule.formula)
    }
    wrong, missing = rules
    names = {str(cell.value): cell.column for cell in sheet[HEADER_ROW + 1]}
    asked = [
        (name, row, rule) for rule in (wrong, missing) for name in ("姓名", "医德医风", "工作态度") for row in (6, 7, 8)
    ]
    for place, (name, row, rule) in enumerate(asked):
        origin = rules[rule].partition(":")[0]
        cell = f"{get_column_letter(names[name])}{row}"
        formula = Translator(f"={rule}", origin=origin).translate_formula(cell)
        sheet.cell(20 + place, FREE_COLUMN).value = formula
    stream = io.BytesIO()
    book.save(stream)
    session = Session.of(stream.getvalue())
    session.compute()
    found = [
        asked[place] for place in range(len(asked)) if session.book.value("人员", 19 + place, FREE_COLUMN - 1) is True
    ]
    assert found == [("医德医风", 6, wrong), ("工作态度", 7, missing)]


def test_grades_and_deciding_scores_are_marked() -> None:
    content = built(SLUG)
    sheet = load_workbook(io.BytesIO(content))["人员"]
    column = next(get_column_letter(cell.column) for cell in sheet[HEADER_ROW + 1] if cell.value == "等次")
    rules = [
        rule for where in sheet.conditional_formatting if str(where.sqref).startswith(column) for rule in where.rules
    ]
    assert [rule.formula[0] for rule in rules if rule.type == "cellIs"] == ['"优秀"', '"不合格"', '"基本合格"']
    assert len({rule.dxf.fill.bgColor.rgb for rule in rules if rule.type == "cellIs"}) == 3
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert b"<x14:dataBar" in package.read("xl/worksheets/sheet5.xml")


def test_where_steps_are_opened_stands_over_a_column_that_is_seen() -> None:
    """Also where nothing but hidden columns stands behind them."""
    columns = load_workbook(io.BytesIO(built(SLUG)))["人员"].column_dimensions.values()
    marked = [column for column in columns if column.collapsed]
    assert marked and not any(column.hidden for column in marked)


@pytest.mark.parametrize(
    ("department", "height"), [("某", None), ("某" * 11, None), ("某" * 12, 33.0), ("某" * 30, 48.0)]
)
def test_a_long_text_is_wrapped_in_a_higher_row_rather_than_too_small(department: str, height: float | None) -> None:
    data = {"tables": {"人员": [{**PERSON, "部门": department}, {**PERSON, "姓名": "乙", "部门": "内科"}]}}
    sheet = load_workbook(io.BytesIO(built(SLUG, data)))["人员"]
    col = next(cell.column for cell in sheet[HEADER_ROW + 1] if cell.value == "部门")
    # Also where it is short: nobody knows yet what will be typed there.
    for row in (HEADER_ROW + 2, HEADER_ROW + 3):
        look = sheet.cell(row, col).alignment
        assert look.wrap_text and not look.shrink_to_fit
    assert [sheet.row_dimensions[row].height for row in (HEADER_ROW + 2, HEADER_ROW + 3)] == [height, None]
    assert sheet.cell(HEADER_ROW + 2, col + 2).alignment.shrink_to_fit


def test_a_row_grows_further_when_a_longer_text_is_typed() -> None:
    session = Session.of(built(SLUG, {"tables": {"人员": [{**PERSON, "部门": "某" * 12}]}}))
    assert session.book.value("人员", 5, 3) == "某" * 12
    session.type("人员", "D6", "某" * 30)
    sheet = load_workbook(io.BytesIO(session.written()))["人员"]
    assert sheet.row_dimensions[6].height == 48


def test_each_line_of_a_text_takes_its_own() -> None:
    assert (
        text_height("一\n二", 10) == 36
        and text_height("一\n" + "二" * 6, 10) == 54
        and text_height("一\n\n二", 10) == 54
    )


@pytest.mark.parametrize(("count", "height"), [(5, 18), (6, 36), (110, 396), (115, 409), (1000, 409)])
def test_no_row_is_higher_than_programs_take(count: int, height: float) -> None:
    assert text_height("字" * count, 10) == height
