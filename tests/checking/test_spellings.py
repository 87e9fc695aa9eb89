"""Texts that look alike and are not: told with the cell that is written otherwise, in schemes and in a clerk's own sheets."""

from __future__ import annotations

from typing import Any

import pytest
from openpyxl import Workbook

from addin.checking.doubts import doubts
from addin.checking.workbook import all_faults, faults_of_whole
from addin.headless.session import Session
from addin.xlsx.cellreader import place
from tests.checking.support import LISTED, RANK, computed, edited, filled, own, told
from tests.support import built, first_case

GUARDS = built("security-guards", first_case("security-guards"))
"""Ranks its people within 管理处, which is a text that anybody writes as he likes; column E, from row 6."""


def changed(**cells: Any) -> list[str]:
    session = Session.of(GUARDS)
    for cell, value in cells.items():
        session.workbook.sheets["人员"].set(*place(cell), value)
    session.compute()
    return told(session)


@pytest.mark.parametrize("other", ["东苑 ", "东\u3000苑", "东苑\u200b", "东苑\n"])
def test_a_group_that_counts_as_two_for_a_space(other: str) -> None:
    assert changed(E9=other) == [
        "人员!E9 管理处：与第 6 行的“东苑”只差空格、标点、全角半角或大小写，会当作两个；请写成一样"
    ]


def test_points_within_names() -> None:
    assert changed(E6="阿不都•热", E7="阿不都·热", E8="阿不都·热", E9="阿不都·热力")[0].startswith(
        "人员!E6 管理处：与第 7 行的“阿不都·热”只差空格、标点"
    )


def test_other_groups_are_other_groups() -> None:
    assert changed(E9="东苑二") == []


@pytest.mark.parametrize(
    ("numbers", "difference"), [(("7", 7), "一个是数字、一个是文本"), (("007", "7"), "只差前面的 0"), ((7, 8), None)]
)
def test_staff_numbers_as_numbers_and_as_texts(numbers: tuple[Any, Any], difference: str | None) -> None:
    found = [line for line in changed(C6=numbers[0], C7=numbers[1]) if "会当作两个" in line or "请写成一样" in line]
    expected = f"人员!C7 工号：与第 6 行的“{numbers[0]}”{difference}，会当作两个；请写成一样"
    assert found == ([] if difference is None else [expected])


def test_a_record_whose_name_differs_from_the_persons() -> None:
    """What 校验 says of it, that there is nobody of this name, can't be seen to be true."""
    assert changed(B7="房 大勇")[0].startswith("人员!B7 姓名：与 月考核!B9 的“房大勇”只差空格")


def test_a_record_of_somebody_who_need_not_be_known() -> None:
    """Its money was left out without a word."""
    data = first_case("retail-store")
    name = data["tables"]["结算"][0]["姓名"]
    for record in data["tables"]["台账"]:
        record["姓名"] = record["姓名"].replace(name, f"{name} ")
    lines = told(computed(built("retail-store", data)))
    assert any("“" in line and "只差空格" in line and line.startswith(("台账!B", "结算!B")) for line in lines)


def test_groups_in_a_sheet_of_ones_own() -> None:
    assert told(own(LISTED, 名次=RANK)) == []
    session = own([*LISTED, ["丁", "一部 ", 70]], 名次=RANK)
    line = "考核!B5 部门：与第 2 行的“一部”只差空格、标点、全角半角或大小写，会当作两个；请写成一样"
    assert told(session) == [line]
    assert [fault.cell for fault in faults_of_whole(session)] == ["B5"]


def test_a_word_in_a_formula_is_the_usual_one() -> None:
    rows = [["甲", "一部 ", 95], ["乙", "一部 ", 90]]
    [fault] = all_faults(own(rows, 人数='=KAOHE_COUNT("一部",B$2:B${last})'))
    assert (fault.cell, fault.rule) == (
        "B2",
        "部门：与公式中的“一部”只差空格、标点、全角半角或大小写，会当作两个；请写成一样",
    )


@pytest.mark.parametrize(("label", "is_told"), [("合计", True), ("满分", True), ("共 3 人", True), ("满芬", False)])
def test_totals_among_the_people_that_a_function_ranks(label: str, is_told: bool) -> None:
    lines = told(own([*LISTED, [label, "一部", 273]], 名次=RANK))
    assert [line.split("：")[0] for line in lines] == (["考核!A5 姓名"] if is_told else [])


def test_lists_that_no_function_reads_are_nobodys_business() -> None:
    session = own([*LISTED, ["合计", "一部 ", 273]], 占比="=C{row}/SUM(C$2:C$4)")
    assert told(session) == []


TEACHERS = built("school-allowances", first_case("school-allowances"))
"""Its formulas compare 学科, which is any text, with 英语, 语文 and 数学."""


@pytest.mark.parametrize(
    ("other", "is_told"), [("语文 ", True), ("语文\u200b", True), ("体育", False), ("体育 ", False)]
)
def test_a_word_with_which_a_formula_compares_what_is_filled_in(other: str, is_told: bool) -> None:
    """What is none of the words counts as something else, without a word of it."""
    session = Session.of(TEACHERS)
    before = session.workbook.sheets["任课"].get(5, 2)
    assert before == "语文"
    session.workbook.sheets["任课"].set(5, 2, other)
    session.compute()
    lines = [line for line in told(session) if "只差空格" in line]
    assert [line.split("：")[0] for line in lines] == (["任课!C6 学科"] if is_told else [])


@pytest.mark.parametrize(("cell", "is_told"), [("Ａ", True), ("A ", True), ("a", False), ("B", False)])
def test_a_word_in_a_formula_of_ones_own(cell: str, is_told: bool) -> None:
    """Capital letters are small ones to =. Nothing of ours reads it, so that somebody should look at it and nothing is wrong."""
    session = own([["甲", cell, 95], ["乙", "C", 90]], 系数='=IF(B{row}="A",1.2,1)')
    assert told(session) == []
    assert [f"{doubt.sheet}!{doubt.cell}" for doubt in doubts(session)] == (["考核!B2"] if is_told else [])


def test_a_sheet_of_ones_own_beside_a_schemes_tables_is_no_fault_of_the_scheme() -> None:
    def edit(book: Workbook) -> None:
        sheet = book.create_sheet("我的统计")
        for row, text in enumerate(("优秀", "优秀 ", "良好"), 1):
            sheet.cell(row, 1, text)
            sheet.cell(row, 2, f'=IF(A{row}="优秀",1,0)')

    session = edited(filled(), edit)
    assert told(session) == []
    [doubt] = doubts(session)
    assert (doubt.sheet, doubt.cell) == ("我的统计", "A2") and "只差空格" in doubt.rule


def test_what_is_only_a_space_away_is_told_once() -> None:
    session = Session.of(built("health-centre-staff", first_case("health-centre-staff")))
    session.workbook.sheets["参数"].set(10, 1, "优秀 ")
    session.workbook.sheets["人员"].set(7, 16, "是 ")
    session.compute()
    lines = told(session)
    assert {line.split("：")[0] for line in lines} == {"参数!B11 单位考核等次", "人员!Q8 不参加考核"} and len(
        lines
    ) == 2
    assert all("只差空格" in line for line in lines)
