"""The workbook that a clerk gets."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openxml_audit import OpenXmlValidator

from addin.headless import calculate, read_book
from addin.xlsx.results import results
from tests.differing import differing
from tests.support import Made, charts
from tests.workbook_templates.support import Compute, of_people
from workbook_templates.scheme.catalogue import load, slugs
from workbook_templates.workbook.build import DataError, build

PEOPLE = {"姓名": "甲", "岗位类别": "医", "满意度": 0.9, "绩效基数": 1000}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "x.xlsx"
    build(
        load("health-centre-staff"), path, {"tables": {"人员": [PEOPLE], "岗位": [{"岗位类别": "医", "岗位系数": 1}]}}
    )
    calculate(path)
    return path


def test_the_sheets_are_those_that_a_clerk_expects(made: Path) -> None:
    book = load_workbook(made)
    assert book.sheetnames == [
        "首页",
        "参数",
        "岗位",
        "满意度系数",
        "人员",
        "汇总",
        "领导概览",
        "说明",
        "填写规则",
        "KAOHE",
    ]
    assert book["KAOHE"].sheet_state == "veryHidden"
    assert book["参数"].page_setup.orientation == "landscape", "upright its five columns are too small to read"
    widths = [column.width for column in book["汇总"].column_dimensions.values()]
    assert len(widths) == 4 and sum(widths) < 98, "on a page upright it is printed at 8 points"
    people = book["人员"]
    assert people.page_setup.paperSize == 9 and people.page_setup.orientation == "landscape"
    assert people.print_title_rows == "$5:$5" and "制表" in people.oddFooter.left.text
    assert people.print_title_cols == "$A:$B" and people.page_setup.scale == 80
    posts = book["岗位"]
    assert posts.sheet_properties.pageSetUpPr.fitToPage and posts.print_title_cols is None
    colours = {sheet.title: sheet.sheet_properties.tabColor.rgb for sheet in book if sheet.title != "KAOHE"}
    assert colours["岗位"] == colours["参数"] != colours["人员"] == colours["汇总"] != colours["填写规则"]
    assert list(people.tables) == ["人员"] and charts(book["汇总"])
    assert book.defined_names["优秀比例"].attr_text == "'参数'!$B$9"


def test_what_is_too_wide_becomes_smaller_but_for_sentences(made: Path) -> None:
    people = load_workbook(made)["人员"]
    shrunk = {people.cell(5, cell.column).value: bool(cell.alignment.shrink_to_fit) for cell in people[6]}
    assert all(shrunk[name] for name in ("医德医风", "绩效基数", "绩效考核得分", "实发绩效"))
    wrapped = {people.cell(5, cell.column).value for cell in people[6] if cell.alignment.wrap_text}
    assert {"姓名", "工号", "部门", "岗位类别", "不参加考核"} <= wrapped and not any(shrunk[name] for name in wrapped)
    assert not shrunk["校验"] and not shrunk["等次"]


def test_the_book_opens_where_the_unit_is_entered(made: Path) -> None:
    book = load_workbook(made)
    assert book.active.title == "首页" and book.active.sheet_view.selection[0].activeCell == "C4"
    assert book.active.cell(4, 2).value == "单位名称"


def test_inputs_are_open_and_computed_cells_locked(made: Path) -> None:
    sheet = load_workbook(made)["人员"]
    headers = {cell.value: cell.column for cell in sheet[5]}
    assert not sheet.cell(6, headers["满意度"]).protection.locked
    assert sheet.cell(6, headers["实发绩效"]).protection.locked
    assert sheet.cell(6, headers["满意度"]).fill.fgColor.rgb != sheet.cell(6, headers["实发绩效"]).fill.fgColor.rgb


def test_inputs_are_validated_and_explained(made: Path) -> None:
    rules = {v.promptTitle: v for v in load_workbook(made)["人员"].data_validations.dataValidation if v.promptTitle}
    assert rules["满意度"].type == "decimal" and "必填" in rules["满意度"].prompt
    assert rules["否决情形"].formula1.strip('"').split(",")[0] == "违法受罚"
    assert rules["医德医风"].formula2 == "医德医风满分"
    assert rules["岗位类别"].type == "list" and "岗位" in rules["岗位类别"].formula1


def test_formulas_stand_as_excel_stores_them_with_their_values(made: Path) -> None:
    with zipfile.ZipFile(made) as package:
        sheet = package.read("xl/worksheets/sheet5.xml").decode()
        assert "vbaProject.bin" not in "".join(package.namelist())
        assert "fullCalcOnLoad" not in package.read("xl/workbook.xml").decode()
    assert "KAOHE_SCORE(人员[[#This Row],[医德医风]:[服务对象满意]]" in sheet
    assert "[@" not in sheet and set(re.findall(r"_xlfn\.(\w+)", sheet)) == {"SHEET", "ISFORMULA"}
    assert re.search(r'<c r="A6"[^>]*><f>[^<]*</f><v>1</v></c>', sheet)


@pytest.mark.parametrize("slug", differing())
def test_a_validator_finds_nothing(slug: str, case_book: Made) -> None:
    assert OpenXmlValidator().validate(str(case_book(slug, {"tables": {}}))).errors == []


@pytest.mark.parametrize("slug", slugs())
def test_an_empty_workbook_shows_no_people_and_no_errors_in_its_rows(slug: str, case_book: Made) -> None:
    result = results(read_book(case_book(slug, {"tables": {}})))
    for table in load(slug).tables:
        assert len(result[table.name]) == len(table.default)


@pytest.mark.parametrize("before", ["", 'parameters = [{ name = "线", value = 1 }]'])
def test_formulas_are_looked_after_with_parameters_and_without(before: str, compute_text: Compute) -> None:
    result = compute_text(of_people('{ name = "分", required = true }', before), {"tables": {"人员": [{"姓名": "甲"}]}})
    assert result["核对"]["公式未被改写"] == "通过"


def test_a_bad_cell_spoils_its_row_and_every_sum_over_it(compute: Compute) -> None:
    bad = {**PEOPLE, "医德医风": 99}
    result = compute("health-centre-staff", {"tables": {"人员": [bad]}})
    assert result["人员"][0]["实发绩效"] == "#VALUE!" and result["汇总"]["实发合计"] == "#VALUE!"
    assert "医德医风:不能大于 10" in result["人员"][0]["校验"]


def test_a_large_workbook_computes_the_same_in_plain_ranges(compute: Compute, tmp_path: Path) -> None:
    full = {
        name: 5
        for name in ("医德医风", "工作态度", "组织纪律", "服务对象满意", "工作数量", "工作质量", "工作效率", "服务成效")
    }
    people = [{**PEOPLE, **full, "姓名": f"员{i}", "工作数量": i % 20, "绩效基数": 1000 + i} for i in range(60)]
    data = {"tables": {"人员": people, "岗位": [{"岗位类别": "医", "岗位系数": 1.1}]}}
    small = compute("health-centre-staff", data)
    large = compute("health-centre-staff", data, 1500)
    assert large["人员"] == small["人员"] and large["汇总"] == small["汇总"]
    build(load("health-centre-staff"), tmp_path / "large.xlsx", data, 1500)
    with zipfile.ZipFile(tmp_path / "large.xlsx") as package:
        sheet = package.read("xl/worksheets/sheet5.xml").decode()
    assert 't="array" ref="A6:A1505"' in sheet and "<tableParts" not in sheet


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ([], '数据应为 {"params"'),
        ({"parameters": {}}, "不认识的键：parameters；可用的名称：params、tables"),
        ({"params": []}, "params 应为"),
        ({"params": {"没有": 1}}, "没有；可用的名称：公共项目满分"),
        ({"params": {"优秀线": [1]}}, "分数线 的值应为单个值"),
        ({"tables": {"没有": []}}, "没有；可用的名称：岗位、满意度系数、人员"),
        ({"tables": {"人员": {}}}, "表 人员 的数据应为行的列表"),
        ({"tables": {"人员": [1]}}, "表 人员 第 1 行应为"),
        ({"tables": {"人员": [{"等次": "优秀"}]}}, "表 人员 第 1 行没有名为此的填写列：等次"),
    ],
)
def test_unknown_names_in_the_data_are_refused(data: Any, told: str, tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        build(load("health-centre-staff"), tmp_path / "x.xlsx", data)
    assert told in str(caught.value)


def test_a_number_of_rows_that_no_sheet_has_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="行数"):
        build(load("health-centre-staff"), tmp_path / "x.xlsx", None, 0)
