"""领导概览: what the charts show is what the tables hold."""

from __future__ import annotations

import io
from collections import Counter
from typing import Any

import pytest
from lxml import etree

from addin.headless.session import Session
from addin.macros.subject.looks import displayed
from addin.xlsx.model import CellError, Sheet
from tests.support import built, first_case
from workbook_templates.scheme.catalogue import load, slugs
from workbook_templates.scheme.roles import quotas, roles
from workbook_templates.workbook.build import build
from workbook_templates.workbook.sheets.board import SHEET
from workbook_templates.workbook.sheets.charts import AMOUNT, BINS, OTHERS, PLACES

ROLES = {
    "health-centre-staff": ("绩效考核得分", "等次", ("优秀", "合格", "基本合格", "不合格"), "实发绩效"),
    "corporate-kpi-grades": ("季度得分", "等级", ("S", "A", "B", "C", "D", "E"), "季度奖金"),
    "county-schools": ("考评得分", "等次", ("一等", "二等", "三等"), ""),
    "rank-steps": ("总分", "等级", ("优秀", "良好", "合格"), "奖金"),
    "hotel-sales": ("", "", (), "应发"),
    "cashier-monthly": ("", "", (), "实发奖金"),
    "incident-severity": ("综合得分", "等次", ("优秀", "良好", "合格", "不合格"), "奖金"),
}


def made(slug: str, rows: int | None = None, **department: str) -> Session:
    """The computed workbook of a scheme's first case; ``department`` by name of the person."""
    case = first_case(slug)
    for row in case["tables"].get("人员", []):
        if row["姓名"] in department:
            row["部门"] = department[row["姓名"]]
    session = Session.of(built(slug, case, rows))
    session.compute()
    return session


def figures(sheet: Sheet, title: str) -> list[list[Any]]:
    """The rows of figures under a title, the headings first."""
    top = next(row for row in range(sheet.height) if sheet.get(row, 0) == title) + 1
    found = []
    while sheet.get(top, 1) is not None:
        found.append([cell for col in range(12) if (cell := sheet.get(top, col)) is not None])
        top += 1
    return found


def column(session: Session, name: str, table: str = "人员") -> list[Any]:
    place = session.book.tables[table]
    col = place.first_col + place.columns.index(name)
    return session.workbook.sheets[place.sheet].cells(col, place.first_row, place.last_row)


@pytest.mark.parametrize("slug", ROLES)
def test_columns_are_known_by_what_formulas_do_with_them(slug: str) -> None:
    first = next(roles(load(slug)))
    assert (first.score, first.grade, first.grades, first.money) == ROLES[slug]


def test_every_scheme_has_something_to_show() -> None:
    for slug in slugs():
        found = list(roles(load(slug)))
        assert found, slug
        for each in found:
            assert len(each.grades) <= 8 and {each.score, each.grade, each.money} - {""} <= set(each.table.column_names)


@pytest.mark.parametrize("rows", [None, 40], ids=["no spare rows", "spare rows"])
def test_figures_are_those_of_the_table(rows: int | None) -> None:
    session = made("health-centre-staff", rows)
    sheet = session.workbook.sheets[SHEET]
    grades = Counter(column(session, "等次"))
    headings, *counted = figures(sheet, "等次")
    assert headings == ["等次", "人数", "名额"]
    assert [row[:2] for row in counted] == [[g, grades[g]] for g in ("优秀", "合格", "基本合格", "不合格")]
    scores = [score for score in column(session, "绩效考核得分") if isinstance(score, float)]
    _, *bins = figures(sheet, "绩效考核得分分布")
    assert len(bins) == BINS and sum(sum(row[3:]) for row in bins) == len(scores) == 11
    for low, high, _, *counts in bins:
        assert sum(counts) == sum(low <= score < high for score in scores)
    lines = [row[2].partition("\n")[2] for row in bins]
    assert [line for line in lines if line] == ["基本合格线60", "合格线75", "优秀线90"]
    _, *groups = figures(sheet, "各岗位类别")
    kinds, results = column(session, "岗位类别"), column(session, "等次")
    for name, *counts in groups[:-1]:
        assert counts == [
            sum(pair == (name, g) for pair in zip(kinds, results, strict=True)) for g in headings_of(sheet)
        ]
    assert groups[-1] == [""] * 5


def headings_of(sheet: Sheet) -> list[str]:
    return figures(sheet, "各岗位类别")[0][1:]


@pytest.mark.parametrize(
    ("slug", "left_out"),
    [
        ("township-votes", {"三类名额"}),  # Who found no place in the first two.
        ("clinic-institutions", set()),
        ("corporate-kpi-grades", set()),
        ("county-group-quota", set()),
        ("county-schools", set()),
    ],
)
def test_places_of_groups_stand_beside_those_who_have_them(slug: str, left_out: set[str]) -> None:
    session = made(slug)
    sheet = session.workbook.sheets[SHEET]
    told = {(sheet.get(row, 1), sheet.get(row, 2)): row + 1 for row in range(sheet.height)}
    found = list(quotas(load(slug)))
    shown = [each for each in found if (each.given, each.allowed) in told]
    assert shown and {each.allowed for each in found if each not in shown} == left_out
    for each in shown:
        columns = [column(session, name, each.table.name) for name in (each.group, each.given, each.allowed)]
        expected = [[name, given or 0, allowed or 0] for name, given, allowed in zip(*columns, strict=True) if name]
        first = told[each.given, each.allowed]
        rows = [[sheet.get(first + place, col) for col in range(3)] for place in range(len(expected) + 1)]
        assert rows == [*expected, [""] * 3] and sum(given for _, given, _ in expected) > 0


def test_errors_of_groups_leave_out_their_places() -> None:
    session = made("township-votes")
    session.type("分组", "B7", "公务员中层")
    session.compute()
    sheet = session.workbook.sheets[SHEET]
    row = next(row for row in range(sheet.height) if sheet.get(row, 1) == "一类人数") + 1
    assert sheet.get(row, 1) is CellError.NA
    assert sheet.get(1, 0) == "表 分组 有 2 行有错误，下面的图还不完整"


def test_units_are_not_counted_as_people() -> None:
    assert figures(made("county-schools").workbook.sheets[SHEET], "等次")[0] == ["等次", "个数"]


def test_first_and_last_are_told_apart_where_scores_are_equal() -> None:
    session = made("health-centre-staff")
    scores = dict(zip(column(session, "姓名"), column(session, "绩效考核得分"), strict=True))
    order = sorted((name for name in scores if isinstance(scores[name], float)), key=lambda name: -scores[name])
    _, *places = figures(session.workbook.sheets[SHEET], "绩效考核得分前五名和后五名")
    assert len(places) == 2 * PLACES and [row[0] for row in places] == [*order[:PLACES], *order[-PLACES:]]
    assert {"王小龙", "周丽华"} <= {row[0] for row in places} and scores["王小龙"] == scores["周丽华"]
    assert [row[1] or row[2] for row in places] == [scores[row[0]] for row in places]


def test_whoever_has_nothing_is_named_with_it() -> None:
    session = made("cashier-monthly")
    _, *places = figures(session.workbook.sheets[SHEET], "实发奖金前五名和后五名")
    paid = dict(zip(column(session, "姓名"), column(session, "实发奖金"), strict=True))
    told = [str(row[0]).split("：") for row in places if row[0]]
    assert {len(each) for each in told} == {1, 2}
    assert [each[1:] for each in told] == [["0"] if paid[each[0]] == 0 else [] for each in told]


def test_who_is_in_no_department_is_among_the_others() -> None:
    session = made("health-centre-staff", 林海涛="内科", 陈晓峰="内科", 黄丽娟="护理部")
    _, *groups = figures(session.workbook.sheets[SHEET], "各部门")
    assert [row[0] for row in groups[:3]] == ["内科", "护理部", OTHERS]
    assert sum(sum(row[1:]) for row in groups[:3]) == 11
    money = dict(zip(column(session, "姓名"), column(session, "实发绩效"), strict=True))
    sheet = session.workbook.sheets[SHEET]
    start = [row for row in range(sheet.height) if sheet.get(row, 0) == "各部门"][1] + 2
    assert sheet.get(start, 1) == money["林海涛"] + money["陈晓峰"] and sheet.get(start, 3) == 2
    assert sheet.get(start, 2) == (money["林海涛"] + money["陈晓峰"]) / 2
    assert sum(sheet.get(row, 1) for row in range(start, start + 3)) == sum(money.values())  # type: ignore[misc]


def test_long_names_below_columns_stand_in_two_lines_and_keep_their_ends() -> None:
    names = ("检验科与输血科室一", "检验科与输血科室", "内科一组二", "内科一组")
    people: dict[str, Any] = dict(zip(("林海涛", "陈晓峰", "黄丽娟", "吴志伟"), names, strict=True))
    sheet = made("health-centre-staff", **people).workbook.sheets[SHEET]
    start = [row for row in range(sheet.height) if sheet.get(row, 0) == "各部门"][1] + 2
    told = {sheet.get(row, 0): sheet.get(row, 5) for row in range(start, start + 4)}
    assert told == dict(
        zip(names, ("检验科与\n…科室一", "检验科与\n输血科室", "内科一组\n二", "内科一组"), strict=True)
    )


def test_a_table_with_errors_shows_no_figures() -> None:
    session = made("health-centre-staff")
    session.type("人员", "F6", "九分")
    session.compute()
    sheet = session.workbook.sheets[SHEET]
    assert figures(sheet, "等次")[1][1] is CellError.NA
    assert sheet.get(1, 0) == "表 人员 有 1 行有错误，下面的图还不完整"


def test_results_that_are_errors_show_no_figures() -> None:
    session = made("health-centre-staff")
    session.type("满意度系数", "C9", "高")
    session.compute()
    sheet = session.workbook.sheets[SHEET]
    assert isinstance(column(session, "绩效考核得分")[0], CellError) and figures(sheet, "等次")[1][1] is CellError.NA
    assert "还不完整" in str(sheet.get(1, 0))


def test_where_a_score_was_overwritten_nobody_is_named_first_or_last() -> None:
    session = made("health-centre-staff")
    place = session.book.tables["人员"]
    sheet, cell = session.workbook.sheets[place.sheet], (place.first_row, place.column("绩效考核得分"))
    del sheet.formulas[cell]
    sheet.set(*cell, 300.0)
    session.compute()
    _, *places = figures(session.workbook.sheets[SHEET], "绩效考核得分前五名和后五名")
    assert len(places) == 2 * PLACES and {tuple(row) for row in places} == {("", "", "", CellError.NA)}


def test_charts_read_figures_and_never_rows_of_people() -> None:
    package = made("hospital-middle-managers").package
    charts = [name for name in package.namelist() if name.startswith("xl/charts/chart")]
    read = [e.text for name in charts for e in etree.fromstring(package.read(name)).iter("{*}f")]
    assert len(charts) == 7 and sum(SHEET in text for text in read) > 20
    assert not [text for text in read if "人员" in text]


@pytest.mark.parametrize(
    ("slug", "label"), [("hospital-middle-managers", "General;-General;"), ("health-centre-staff", "0.00;-0.00;")]
)
def test_labels_are_written_as_the_column_and_never_end_in_a_point(slug: str, label: str) -> None:
    package = made(slug).package
    charts = [etree.fromstring(package.read(name)) for name in package.namelist() if name.startswith("xl/charts/chart")]
    codes = {label.get("formatCode") for chart in charts for label in chart.iterfind(".//{*}dLbls/{*}numFmt")}
    assert label in codes and not [code for code in codes if ".#" in code]


def test_money_is_drawn_from_zero_whatever_its_sign_and_millions_are_written_short() -> None:
    package = made("health-centre-staff").package
    charts = [etree.fromstring(package.read(name)) for name in package.namelist() if name.startswith("xl/charts/chart")]
    (chart,) = [chart for chart in charts if "人均（元）" in "".join(map(str, chart.itertext()))]
    zeros = [e.text for e in chart.iterfind(".//{*}val//{*}f") if "$E$" in str(e.text)]
    assert len(set(zeros)) == 1 and len(zeros) == 2 and chart.find(".//{*}scaling/{*}min") is None
    assert {
        row[4] for row in figures(made("health-centre-staff").workbook.sheets[SHEET], "各岗位类别") if len(row) == 5
    } >= {0.0}
    told = {amount: displayed(amount, AMOUNT) for amount in (164_800_000.0, -5_500_000.0, 999_999.4, -12.0)}
    assert list(told.values()) == ["16480.0万", "-550.0万", "999,999", "-12"]


def test_periods_stand_side_by_side() -> None:
    session = made("hospital-middle-managers")
    _, *periods = figures(session.workbook.sheets[SHEET], "各期平均")
    assert [row[0] for row in periods] == ["一季度", "二季度", "三季度", "四季度"]
    scores = [score for score in column(session, "一季度得分") if isinstance(score, float)]
    assert periods[0][1] == round(sum(scores) / len(scores), 2)


def test_a_workbook_without_data_has_no_errors_there() -> None:
    stream = io.BytesIO()
    build(load("health-centre-staff"), stream)
    session = Session.of(stream.getvalue())
    session.compute()
    sheet = session.workbook.sheets[SHEET]
    cells = [cell for column in sheet.columns.values() for cell in column]
    assert "等次" in cells and not [cell for cell in cells if isinstance(cell, CellError)]
