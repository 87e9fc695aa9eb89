"""What macros get to see of a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from addin.macros.subject.tables import people
from addin.shared.exits import UserError
from tests.macros.support import read
from tests.support import Made, built, edit
from workbook_templates.scheme.catalogue import slugs


def test_tables_parameters_and_summary_are_read_with_their_cells(scheme_book: Made) -> None:
    subject = read(scheme_book("health-centre-staff"))
    assert set(subject.tables) == {"岗位", "满意度系数", "人员", "考核项目", "等次表"}
    assert subject.tables["人员"].at[5, "姓名"] == "林海涛"
    assert subject.cell("人员", 5, "绩效考核得分") == ("人员", "W6")
    assert subject.parameters["优秀比例"] == 0.15 and subject.summary["参加人数"] == 11
    assert subject.looks["人员"]["绩效考核得分"].format == "0.00"
    assert subject.looks["人员"]["并列依据1"].hidden and not subject.looks["人员"]["姓名"].hidden


def test_steps_that_were_unfolded_are_no_results(scheme_book: Made, tmp_path: Path) -> None:
    book, path = load_workbook(scheme_book("health-centre-staff")), tmp_path / "a.xlsx"
    unfolded = [each for each in book["人员"].column_dimensions.values() if each.outlineLevel]
    for each in unfolded:
        each.hidden = False
    book.save(path)
    looks = read(path).looks["人员"]
    assert unfolded and looks["并列依据1"].hidden and not looks["名次"].hidden


@pytest.mark.parametrize("months", [[], [{"姓名": "甲", "月份": 1}, {"姓名": "乙", "月份": 1}]], ids=["blank", "one month"])
def test_records_are_not_the_people_also_while_each_has_one(months: list[dict[str, Any]], tmp_path: Path) -> None:
    leaders = [{"姓名": "甲"}, {"姓名": "乙"}] if months else []
    path = tmp_path / "a.xlsx"
    path.write_bytes(built("foreman-fund", {"tables": {"班长": leaders, "月度": months}}))
    assert people(read(path), None).name == "班长"


def test_a_name_entered_twice_does_not_make_another_table_that_of_the_people(scheme_book: Made, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(scheme_book("township-quarterly").read_bytes())
    assert people(read(path), None).name == "人员"
    edit(path, "人员", B7=load_workbook(path)["人员"]["B6"].value)
    assert people(read(path), None).name == "人员"


def test_values_are_computed_first_and_the_file_stays_as_it_is(scheme_book: Made, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(scheme_book("health-centre-staff").read_bytes())
    edit(path, "人员", F6=8)
    before = path.read_bytes()
    subject = read(path)
    assert subject.tables["人员"].at[5, "公共项目得分"] == 30
    assert path.read_bytes() == before == subject.session.content
    assert load_workbook(path, data_only=True)["人员"]["S6"].value is None


def test_the_large_layout_is_read_the_same(scheme_book: Made) -> None:
    tables, arrays = (read(scheme_book("township-votes", large)) for large in (False, True))
    assert tables.tables["人员"].equals(arrays.tables["人员"])
    assert tables.looks == arrays.looks


def test_a_list_of_people_without_an_excel_table_is_found(own_book: Path) -> None:
    subject = read(own_book)
    assert list(subject.tables) == ["三季度"]
    table = people(subject, None)
    assert table.rows == [3, 4, 5, 6], "合计 is nobody"
    assert (table.person, table.number, table.serial) == ("姓名", "工号", "序号")
    assert (table.score, table.ranks, table.grades, table.units) == ("得分", ("名次",), ("等次",), ("科室",))
    assert "身份证号" not in table.others


UNITS = {
    "chc-item-sheet": "项目",
    "clinic-institutions": "单位",
    "county-group-quota": "单位",
    "county-schools": "学校",
    "incident-severity": "部门",
}


@pytest.mark.parametrize("slug", slugs())
def test_whom_every_scheme_appraises_is_found(slug: str, scheme_book: Made) -> None:
    table = people(read(scheme_book(slug)), None)
    assert table.person == UNITS.get(slug, "姓名") and table.rows and table.computed


@pytest.mark.parametrize(
    ("slug", "table", "score"),
    [
        ("company-dept-coefficient", "年度", "年度得分"),
        ("corporate-kpi-grades", "人员", "季度得分"),
        ("health-centre-staff", "人员", "绩效考核得分"),
        ("school-detailed", "人员", "总分"),
        ("township-quarterly", "人员", "考核得分"),
        ("retail-store", "人员", None),
    ],
)
def test_the_deciding_score_is_the_last_before_rank_and_grade(
    slug: str, table: str, score: str | None, scheme_book: Made
) -> None:
    found = people(read(scheme_book(slug)), None)
    assert (found.name, found.score) == (table, score)


def test_what_is_not_there_is_told(scheme_book: Made, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="没有表 甲；可用的表：岗位、满意度系数"):
        people(read(scheme_book("health-centre-staff")), "甲")
    with pytest.raises(UserError, match="表 岗位 中没有“姓名”或“工号”列"):
        people(read(scheme_book("health-centre-staff")), "岗位")
    for wrong in ("A1", "甲!A1", "人员!1A"):
        with pytest.raises(UserError, match="单元格应写成 工作表!A1"):
            read(scheme_book("health-centre-staff"), wrong)
    from openpyxl import Workbook

    Workbook().save(tmp_path / "empty.xlsx")
    with pytest.raises(UserError, match="没有找到人员表"):
        people(read(tmp_path / "empty.xlsx"), None)
