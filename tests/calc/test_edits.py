"""A clerk's ordinary edits in Calc: the cells themselves tell, nothing that is spoiled looks sound, and the saved file is refused."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from addin.checking.workbook import all_faults
from addin.headless.session import Session
from tests.calc.compare import is_error
from tests.calc.office import Office
from tests.support import built, first_case
from workbook_templates.workbook.layout import TABLE_LIMIT

pytestmark = pytest.mark.slow
in_tables = pytest.mark.parametrize("document", [TABLE_LIMIT], ids=["tables"], indirect=True)
"""Of an array no cell can be changed by itself, and no row put in, sorted or deleted."""
SLUG, PEOPLE, HEADINGS, FIRST = "health-centre-staff", "人员", 5, 6


@pytest.fixture(params=[TABLE_LIMIT, 0], ids=["tables", "arrays"])
def document(
    request: pytest.FixtureRequest, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    monkeypatch.setattr("workbook_templates.workbook.layout.TABLE_LIMIT", request.param)
    session = Session.of(built(SLUG, first_case(SLUG)))
    session.compute()
    path = tmp_path / "a.xlsx"
    session.write(path)
    opened = office.open(path)
    yield opened
    office.close(opened)


def is_array(request: pytest.FixtureRequest) -> bool:
    return "arrays" in request.node.name


def column(office: Office, document: str, name: str, sheet: str = PEOPLE) -> int:
    return list(office.sheet(document, sheet)[HEADINGS - 1]).index(name)


def results(office: Office, document: str, name: str) -> list[object]:
    """A column of the people that are filled in."""
    rows = office.sheet(document, PEOPLE)
    who, col = rows[HEADINGS - 1].index("姓名"), rows[HEADINGS - 1].index(name)
    return [row[col] for row in rows[HEADINGS:] if row[who]]


def summary(office: Office, document: str, name: str) -> object:
    return next(row[1] for row in office.sheet(document, "汇总") if row[0] == name)


def causes(office: Office, document: str, tmp_path: Path) -> list[str]:
    """What is told of the workbook as Calc saves it."""
    path = tmp_path / "saved.xlsx"
    office.save_as(document, path)
    session = Session.open(path)
    session.compute()
    return [f"{fault.sheet}!{fault.cell} {fault.rule}" for fault in all_faults(session)]


def test_calc_saves_the_scheme_that_the_workbook_carries(office: Office, document: str, tmp_path: Path) -> None:
    assert causes(office, document, tmp_path) == []
    assert Session.open(tmp_path / "saved.xlsx").book.workbook.sheets["KAOHE"].get(0, 1) == SLUG


def test_people_pasted_below(office: Office, document: str, tmp_path: Path) -> None:
    row = len(office.sheet(document, PEOPLE)) + 1
    office.put(document, f"{PEOPLE}!B{row}:B{row + 1}", [["新来的"], ["新来的二"]])
    assert all(map(is_error, results(office, document, "实发绩效")[:-2]))
    assert is_error(summary(office, document, "实发合计"))
    assert str(summary(office, document, "表 人员 无错误")).startswith("表 人员 下面有 2 格内容不在表中")
    [line] = causes(office, document, tmp_path)
    assert line.startswith(f"人员!B{row} 第 {row} 至 {row + 1} 行在表 人员 下面")


@in_tables
def test_a_row_inserted_in_the_middle(office: Office, document: str, tmp_path: Path) -> None:
    office.insert_rows(document, PEOPLE, FIRST + 3, 1)
    office.put(document, f"{PEOPLE}!B{FIRST + 3}", [["新来的"]])
    assert is_error(summary(office, document, "实发合计"))
    assert sum(map(is_error, results(office, document, "实发绩效"))) >= 11
    assert causes(office, document, tmp_path) == [f"人员!B{FIRST + 3} 这一行没有公式，没有计算；请从上一行向下填充公式"]


def test_a_column_inserted_among_the_inputs_changes_nothing(office: Office, document: str, tmp_path: Path) -> None:
    before = results(office, document, "实发绩效"), summary(office, document, "实发合计")
    office.insert_columns(document, PEOPLE, 3, 1)
    office.put(document, f"{PEOPLE}!C{HEADINGS}:C{FIRST}", [["备注"], ["临时"]])
    assert (results(office, document, "实发绩效"), summary(office, document, "实发合计")) == before
    assert not any(map(is_error, before[0]))
    assert causes(office, document, tmp_path) == []


def test_a_row_among_the_parameters_changes_nothing_and_a_parameter_that_is_cut_is_told(
    office: Office, document: str, tmp_path: Path
) -> None:
    before = pay(office, document)
    office.insert_rows(document, "参数", 8, 1)
    assert pay(office, document) == before and causes(office, document, tmp_path) == []
    office.move(document, "参数!B10", "参数!H10")
    office.put(document, "参数!B10", [[0.5]])
    assert all(map(is_error, results(office, document, "实发绩效")))
    assert str(office.values(document, "参数!E10")[0][0]).startswith("优秀比例:公式读的不是这一格")
    [line] = causes(office, document, tmp_path)
    assert line.startswith("参数!B10 优秀比例：名称“优秀比例”应指这一格，现在指的是 参数!$H$10")


def test_a_verdict_on_a_parameter_that_is_pasted_over(office: Office, document: str, tmp_path: Path) -> None:
    before = pay(office, document)
    office.put(document, "参数!E9", [["通过"]])
    assert all(map(is_error, results(office, document, "实发绩效"))) and is_error(summary(office, document, "实发合计"))
    [line] = causes(office, document, tmp_path)
    assert line.startswith("参数!E9 优秀比例：公式被改写成了固定内容")
    office.undo(document)
    assert pay(office, document) == before
    office.put(document, "参数!E18", [["通过"]])
    assert str(summary(office, document, "公式未被改写")).startswith("有 1 格公式被改写")


@pytest.mark.parametrize(
    ("written", "verdict"),
    [
        ("合计", "姓名:“合计”不是人，请删去这一行"),
        ("制表人：甲", "姓名:“制表人：甲”不是人，请删去这一行"),
        ("\xa0", "待填:姓名"),
    ],
)
def test_what_is_pasted_along_with_people_is_nobody(
    office: Office, document: str, tmp_path: Path, written: str, verdict: str
) -> None:
    office.put(document, f"{PEOPLE}!B{FIRST + 2}", [[written]])
    assert results(office, document, "校验")[2] == verdict
    assert is_error(results(office, document, "实发绩效")[2]) and is_error(summary(office, document, "实发合计"))
    [line] = causes(office, document, tmp_path)
    assert line.startswith(f"{PEOPLE}!B{FIRST + 2} 姓名:")


@pytest.mark.parametrize("limit", [TABLE_LIMIT, 0], ids=["tables", "arrays"])
def test_an_error_value_in_what_other_tables_are_searched_for_is_told_by_the_row(
    office: Office, tmp_path: Path, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbook_templates.workbook.layout.TABLE_LIMIT", limit)
    session = Session.of(built("foreman-fund", first_case("foreman-fund")))
    session.compute()
    session.write(tmp_path / "a.xlsx")
    opened = office.open(tmp_path / "a.xlsx")
    try:
        months = "月度!E6:E17"
        before = [row[0] for row in office.values(opened, months)]
        office.put(opened, "月度!C14", [["=NA()"]])
        after = [row[0] for row in office.values(opened, months)]
        assert str(after[8]).startswith("月份:是错误值 #N/A") and before[2] == "通过"
        assert before[9] == "不参加" and [*after[:8], *after[9:]] == [*before[:8], *before[9:]]
        office.put(opened, "月度!C14", [[10]])
        assert [row[0] for row in office.values(opened, months)] == before
        office.put(opened, "事故!C7", [[95]])
        spoilt = [row[0] for row in office.values(opened, months)]
        assert [row for row, told in enumerate(spoilt) if told == "表 事故 中有关的行有错误"] == [5, 6]
    finally:
        office.close(opened)


def test_an_error_value_in_texts_that_are_joined_moves_no_other_row(
    computing: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbook_templates.workbook.layout.TABLE_LIMIT", 0)
    book = load_workbook(io.BytesIO(built("education-bureau-360", first_case("education-bureau-360"))))
    book["记录"][f"B{FIRST + 1}"] = "#N/A"
    book.save(tmp_path / "a.xlsx")
    opened = computing.open(tmp_path / "a.xlsx")
    try:
        col = column(computing, opened, "任务日期", "记录")
        first, second, third = (row[col] for row in computing.sheet(opened, "记录")[HEADINGS : HEADINGS + 3])
        assert (first, second, third) == ("K01|2024-03-04", "", "K01|2024-03-06")
    finally:
        computing.close(opened)


def test_cells_of_one_column_that_slip_are_told_even_when_the_gap_at_the_end_is_filled(
    office: Office, document: str, tmp_path: Path
) -> None:
    before = pay(office, document)
    office.delete_cells(document, f"{PEOPLE}!B{FIRST + 2}")
    assert results(office, document, "姓名")[:3] == [*list(before)[:2], list(before)[3]]
    office.put(document, f"{PEOPLE}!B{FIRST + len(before) - 1}", [["补上的"]])
    assert all(map(is_error, results(office, document, "实发绩效"))) and is_error(summary(office, document, "实发合计"))
    assert str(summary(office, document, "表 人员 无错误")).startswith("表 人员 的列 姓名 中有格被单独删除或插入")
    line, *_ = causes(office, document, tmp_path)
    assert line.startswith(f"人员!B{HEADINGS} 列“姓名”中有格被单独删除或插入")
    for _ in range(2):
        office.undo(document)
    assert pay(office, document) == before


def test_a_cell_inserted_into_a_column_and_taken_out_again(office: Office, document: str, tmp_path: Path) -> None:
    before, number = pay(office, document), column(office, document, "绩效基数")
    place = f"{PEOPLE}!{chr(65 + number)}{FIRST + 3}"
    office.insert_cells(document, place)
    assert all(map(is_error, results(office, document, "实发绩效")))
    office.delete_cells(document, place)
    assert pay(office, document) == before and causes(office, document, tmp_path) == []


def test_a_copied_sheet_says_so(office: Office, document: str, tmp_path: Path) -> None:
    office.copy_sheet(document, PEOPLE, "上季度")
    office.put(document, f"{PEOPLE}!{'F'}{FIRST}", [[1]])
    rows = office.sheet(document, "上季度")
    check, who = rows[HEADINGS - 1].index("校验"), rows[HEADINGS - 1].index("姓名")
    filled = [row[check] for row in rows[HEADINGS:] if row[who]]
    assert filled and all(str(verdict).startswith("结构:本页是表的副本") for verdict in filled)
    assert not is_error(summary(office, document, "实发合计"))


@in_tables
def test_a_value_put_over_a_formula(office: Office, document: str, tmp_path: Path) -> None:
    col = column(office, document, "实发绩效")
    letters = chr(65 + col) if col < 26 else "A" + chr(65 + col - 26)
    office.put(document, f"{PEOPLE}!{letters}{FIRST}", [[99]])
    assert str(summary(office, document, "公式未被改写")).startswith("有 1 格公式被改写")
    [line] = causes(office, document, tmp_path)
    assert line.startswith(f"人员!{letters}{FIRST} 实发绩效：公式被改写成了固定内容")


def pay(office: Office, document: str, sheet: str = PEOPLE) -> dict[object, object]:
    rows = office.sheet(document, sheet)
    who, col = rows[HEADINGS - 1].index("姓名"), rows[HEADINGS - 1].index("实发绩效")
    return {row[who]: row[col] for row in rows[HEADINGS:] if row[who]}


def test_a_sheet_renamed_and_moved_and_what_is_hidden_changes_nothing(
    office: Office, document: str, tmp_path: Path
) -> None:
    before, name = (pay(office, document), summary(office, document, "实发合计")), "一季度 花'名册 (2)"
    office.rename_sheet(document, PEOPLE, name)
    office.move_sheet(document, name, 0)
    office.hide(document, f"{name}!F{FIRST}:H{FIRST + 1}")
    assert (pay(office, document, name), summary(office, document, "实发合计")) == before
    assert causes(office, document, tmp_path) == []
    saved = Session.open(tmp_path / "saved.xlsx")
    saved.compute()
    assert saved.book.named_values("汇总")["实发合计"] == before[1]


@in_tables
@pytest.mark.parametrize(("name", "ascending"), [("姓名", True), ("绩效基数", False), ("实发绩效", False)])
def test_rows_sorted(office: Office, document: str, tmp_path: Path, name: str, ascending: bool) -> None:
    before = pay(office, document), summary(office, document, "实发合计")
    rows = office.sheet(document, PEOPLE)
    office.sort(document, f"{PEOPLE}!A{FIRST}:AG{len(rows)}", rows[HEADINGS - 1].index(name), ascending)
    office.recalculate(document)
    assert (pay(office, document), summary(office, document, "实发合计")) == before
    assert causes(office, document, tmp_path) == []


@in_tables
def test_a_row_deleted(office: Office, document: str, tmp_path: Path) -> None:
    before = pay(office, document)
    gone = office.values(document, f"{PEOPLE}!B{FIRST + 4}")[0][0]
    office.delete_rows(document, PEOPLE, FIRST + 4, 1)
    after = pay(office, document)
    assert list(after) == [name for name in before if name != gone]
    assert causes(office, document, tmp_path) == []


def test_a_column_of_inputs_moved_elsewhere_is_told_where_formulas_do_not_follow(
    office: Office, document: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    before = pay(office, document)
    office.insert_columns(document, PEOPLE, 3, 1)
    office.move(document, f"{PEOPLE}!P{HEADINGS}:P200", f"{PEOPLE}!C{HEADINGS}")
    assert office.values(document, f"{PEOPLE}!C{HEADINGS}") == [["否决情形"]]
    if is_array(request):
        assert pay(office, document) == before
    else:
        assert all(map(is_error, pay(office, document).values())) and is_error(summary(office, document, "实发合计"))
        assert str(summary(office, document, "表 人员 无错误")).startswith("表 人员 中有列被删除或移动过")
    # What is saved names the columns; there nothing is wrong.
    assert causes(office, document, tmp_path) == []


def test_a_column_of_results_deleted_is_told_where_formulas_read_its_neighbour(office: Office, document: str) -> None:
    headings = office.sheet(document, PEOPLE)[HEADINGS - 1]
    office.delete_columns(document, PEOPLE, headings.index("校验") + 2, 1)
    assert all(map(is_error, pay(office, document).values())) and is_error(summary(office, document, "实发合计"))


def test_rows_in_error_elsewhere_are_told_to_those_who_name_them(office: Office, document: str) -> None:
    """A row that stands twice, one whose own check is an error value, and one that is not there; all others stay sound."""
    kinds = [row[1] for row in office.sheet(document, "岗位")[HEADINGS:]]
    named, before = results(office, document, "岗位类别"), results(office, document, "校验")
    twice, broken, gone = list(dict.fromkeys(named))[:3]
    free = HEADINGS + 1 + next(place for place, kind in enumerate(kinds) if not kind)
    office.put(document, f"岗位!B{free}:C{free}", [[twice, 1]])
    office.put(document, f"岗位!C{HEADINGS + 1 + kinds.index(broken)}", [["=1/0"]])
    office.put(document, f"岗位!B{HEADINGS + 1 + kinds.index(gone)}", [["别的"]])
    bad = "岗位类别:表 岗位 中这一行有错误"
    told = {twice: bad, broken: bad, gone: "岗位类别:表 岗位 中没有这个岗位类别"}
    expected = [told.get(kind, check) if check == "通过" else check for kind, check in zip(named, before, strict=True)]
    assert results(office, document, "校验") == expected
    assert {"通过", *told.values()} <= set(expected)
