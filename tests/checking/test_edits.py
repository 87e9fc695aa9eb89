"""A clerk's ordinary edits of a template: each is told with its place, and no result that it spoils looks sound."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from addin.checking.workbook import all_faults, faults_of_whole
from addin.xlsx.model import CellError
from tests.checking.support import (
    FIRST,
    HEADINGS,
    PEOPLE,
    SLUG,
    columns,
    computed,
    edited,
    filled,
    paid,
    told,
)
from tests.support import built, first_case
from workbook_templates.scheme.catalogue import load
from workbook_templates.workbook.layout import TABLE_LIMIT

in_tables = pytest.mark.parametrize("template", [TABLE_LIMIT], ids=["tables"], indirect=True)
"""A cell of an array can't be changed by itself, an array has no rows of its own, and openpyxl copies none."""


def test_nothing_is_found_in_a_workbook_as_it_was_made(template: bytes) -> None:
    session = computed(template)
    assert all_faults(session) == [] and faults_of_whole(session) == []
    assert isinstance(paid(session), float | int)


def test_a_workbook_saved_by_another_program_still_carries_its_scheme(template: bytes) -> None:
    session = edited(template, lambda book: None)
    assert all_faults(session) == []
    assert session.book.workbook.sheets["KAOHE"].get(0, 1) == SLUG


def test_people_pasted_below_the_table(template: bytes) -> None:
    place = computed(template).book.tables[PEOPLE]
    row = place.last_row + 2

    def edit(book: Workbook) -> None:
        sheet = book[PEOPLE]
        for name in ("姓名", "绩效基数"):
            for below in (row, row + 1):
                sheet.cell(below, columns(sheet)[name], f"新人{below}" if name == "姓名" else 3000)

    session = edited(template, edit)
    assert told(session) == [
        f"人员!B{row} 第 {row} 至 {row + 1} 行在表 人员 下面，不在表中，没有计算；请用“加行”收进表内，或删除"
    ]
    assert isinstance(paid(session), CellError)
    check = place.first_col + place.columns.index("校验")
    assert str(session.book.value(PEOPLE, place.first_row, check)).startswith("结构:表 人员 下面有 4 格内容")


@pytest.mark.parametrize(("written", "name"), [("制表人：王五", "姓名"), ("审核：", "工号"), ("合计", "姓名")])
def test_a_note_below_the_table_is_told_as_one(template: bytes, written: str, name: str) -> None:
    row = computed(template).book.tables[PEOPLE].last_row + 3

    def edit(book: Workbook) -> None:
        book[PEOPLE].cell(row, columns(book[PEOPLE])[name], written)

    session = edited(template, edit)
    [line] = told(session)
    assert line.endswith(
        f"{row} 第 {row} 行是合计或说明，写在了表 人员 的下面，会被当作没有收进表内的行；请移到表的右边或自己的工作表，或删除"
    )
    assert isinstance(paid(session), CellError)


def test_names_that_slip_up_a_row(template: bytes) -> None:
    """As Excel does it where a cell is deleted: references to its column end a row earlier, nothing else shows it."""
    place = computed(template).book.tables[PEOPLE]

    def edit(book: Workbook) -> None:
        sheet, rules = book[PEOPLE], book["填写规则"]
        names = [sheet.cell(row, 2).value for row in range(FIRST, place.last_row + 2)]
        for row, name in enumerate([*names[:2], *names[3:], None], FIRST):
            sheet.cell(row, 2, name)
        for line in rules.iter_rows():
            for cell in line:
                if isinstance(cell.value, str):
                    cell.value = cell.value.replace(f"$B$5:$B${place.last_row + 2}", f"$B$5:$B${place.last_row + 1}")

    session = edited(template, edit)
    assert [line for line in told(session) if not line.endswith("待填")] == [
        "人员!B5 列“姓名”中有格被单独删除或插入，从那里往下各格与同一行的别的格错开了；"
        "请撤销，已经保存的逐行核对以后用 kaohe upgrade 重建"
    ]
    assert isinstance(paid(session), CellError)


@in_tables
def test_a_value_pasted_over_a_formula(template: bytes) -> None:
    def edit(book: Workbook) -> None:
        sheet = book[PEOPLE]
        sheet.cell(FIRST + 1, columns(sheet)["实发绩效"], 99)

    session = edited(template, edit)
    [line] = told(session)
    assert line.endswith("实发绩效：公式被改写成了固定内容，请从同列其他行复制公式")
    assert session.book.named_values("核对")["公式未被改写"] == "有 1 格公式被改写或清除，已标成红色"
    assert faults_of_whole(session)


@in_tables
def test_a_row_without_formulas(template: bytes) -> None:
    def edit(book: Workbook) -> None:
        sheet = book[PEOPLE]
        for name, col in columns(sheet).items():
            cell = sheet.cell(FIRST + 1, col)
            if name != "姓名" and str(cell.value).startswith("="):
                cell.value = None

    session = edited(template, edit)
    [line] = told(session)
    assert line == f"人员!B{FIRST + 1} 这一行没有公式，没有计算；请从上一行向下填充公式"
    assert isinstance(paid(session), CellError)


@in_tables
def test_a_formula_that_was_altered_in_one_row(template: bytes) -> None:
    def edit(book: Workbook) -> None:
        sheet = book[PEOPLE]
        sheet.cell(FIRST, columns(sheet)["实发绩效"], "=1234+1")

    [line] = told(edited(template, edit))
    assert line.endswith("实发绩效：公式与同列其他行不同，请从同列其他行复制公式")


def test_a_formula_that_was_altered_in_the_whole_column(template: bytes) -> None:
    """The workbook itself tells at most that a balance does not hold; what is the matter tells the scheme that it carries."""

    def edit(book: Workbook) -> None:
        sheet = book[PEOPLE]
        col = columns(sheet)["实发绩效"]
        for row in range(FIRST, sheet.max_row + 1):
            cell = sheet.cell(row, col)
            if hasattr(cell.value, "text"):
                cell.value.text = f'={cell.value.text[1:]}&""'
            elif str(cell.value).startswith("="):
                cell.value = f'{cell.value}&""'

    lines = told(edited(template, edit))
    of_cells = [line for line in lines if line.startswith("人员!")]
    assert of_cells and all("实发绩效：按方案应为" in line for line in of_cells)
    assert [line for line in lines if line not in of_cells] == [
        "汇总!B21 实发合计 + 扣减合计 = 绩效基数合计：核对没有通过"
    ]


@in_tables
def test_a_copied_sheet_tells_that_it_is_a_copy(template: bytes) -> None:
    def edit(book: Workbook) -> None:
        copy = book.create_sheet("上季度")
        for row in book[PEOPLE].iter_rows():
            for cell in row:
                if not hasattr(cell.value, "text"):
                    copy[cell.coordinate] = cell.value

    session = edited(template, edit)
    [line] = told(session)
    assert line.startswith(f"上季度!A{FIRST} 本页的公式读的是工作表“人员”上表 人员 的行")
    sheet = session.book.workbook.sheets["上季度"]
    verdicts = [sheet.get(FIRST - 1, col) for col in range(sheet.width)]
    assert any(isinstance(cell, str) and cell.startswith("结构:本页是表的副本") for cell in verdicts)


def test_a_row_that_is_not_filled_in_is_told_from_a_wrong_one(template: bytes) -> None:
    def edit(book: Workbook) -> None:
        sheet = book[PEOPLE]
        sheet.cell(FIRST, columns(sheet)["绩效基数"]).value = None

    session = edited(template, edit)
    [fault] = all_faults(session)
    assert fault.is_unfinished and fault.rule == "绩效基数:待填"
    assert isinstance(paid(session), CellError)
    assert "1 行待填" in str(session.book.named_values("核对")["表 人员 无错误"])


def _renamed(content: bytes, **names: str) -> bytes:
    """As Excel renames sheets: in the list of sheets, in formulas and in defined names."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for part in old.namelist():
            text = old.read(part)
            if part == "xl/workbook.xml" or part.startswith("xl/worksheets/sheet"):
                for name, other in names.items():
                    for form in ('name="{}"', "{}!", "'{}'!"):
                        text = text.replace(form.format(name).encode(), form.format(other).encode())
            new.writestr(part, text)
    return stream.getvalue()


def test_sheets_with_other_names_are_checked_as_before(template: bytes) -> None:
    def too_much(book: Workbook) -> None:
        book[next(name for name in book.sheetnames if "参数" in name)]["B5"] = 36

    content = _renamed(template, 参数="考核参数", 汇总="汇总表", 人员="二季度")
    session = computed(content)
    assert told(session) == [] and paid(session) == paid(computed(template))
    lines = told(edited(template, too_much))
    assert lines and told(edited(content, too_much)) == [line.replace("参数!", "考核参数!", 1) for line in lines]


def test_notes_of_ones_own_beside_the_table_are_left_alone(template: bytes) -> None:
    def edit(book: Workbook) -> None:
        sheet = book[PEOPLE]
        sheet.cell(HEADINGS, len(columns(sheet)) + 2, "备注")
        sheet.cell(FIRST, len(columns(sheet)) + 2, "已核")
        book.create_sheet("说明二")["A1"] = "自己的"

    assert told(edited(template, edit)) == []


def test_the_check_of_a_file_stops_papers(template: bytes, tmp_path: Path) -> None:
    from tests.macros.support import run

    row = computed(template).book.tables[PEOPLE].last_row + 2
    book = load_workbook(io.BytesIO(template))
    book[PEOPLE].cell(row, 2, "第三十一人")
    path = tmp_path / "a.xlsx"
    book.save(path)
    for macro in ("publish", "slips", "freeze"):
        refused = run(macro, path)
        assert not refused.documents and not refused.sound
        assert f"B{row}" in {message.cell for message in refused.messages}


@pytest.mark.parametrize("macro", ["publish", "slips", "freeze"])
@pytest.mark.parametrize("written", ["合计", None], ids=["total", "blank"])
def test_papers_tell_of_the_row_that_is_nobody(
    template: bytes, tmp_path: Path, macro: str, written: str | None
) -> None:
    """It is no person, so that it must not be looked for among the people only: their errors follow from it."""
    from tests.macros.support import run

    book = load_workbook(io.BytesIO(template))
    book[PEOPLE].cell(FIRST + 2, 2).value = written
    path = tmp_path / "a.xlsx"
    book.save(path)
    refused = run(macro, path)
    assert not refused.documents and not refused.sound
    [message] = refused.messages
    assert str(FIRST + 2) in str(message.cell)


def test_a_pool_that_belongs_to_nobody_is_told_where_it_stands() -> None:
    slug = "hospital-commission"
    case = first_case(slug)
    tables = case["tables"]
    unit = tables["核算单位"][0]
    income = next(row for row in tables["收入明细"] if row["单位"] == unit["单位"])
    tables["核算单位"].append({**unit, "单位": "无人单位"})
    tables["收入明细"].append({**income, "单位": "无人单位"})
    session = computed(built(slug, case))
    [fault] = all_faults(session)
    row = session.book.tables["核算单位"].first_row + len(tables["核算单位"])
    assert (fault.sheet, fault.cell[1:]) == ("核算单位", str(row))
    assert fault.rule == "单位有提成，没有可分配的人" and fault.value is CellError.VALUE
    assert isinstance(session.book.named_values("汇总")["实发绩效合计"], CellError)


def test_what_the_workbook_says_of_its_columns_is_told_once_not_in_every_row(template: bytes) -> None:
    def edit(book: Workbook) -> None:
        rules = book["填写规则"]
        heading = next(cell for line in rules.iter_rows() for cell in line if cell.value == "错位的列")
        names = [rules.cell(row, 1).value for row in range(heading.row, rules.max_row)]
        rules.cell(heading.row + names.index(PEOPLE), heading.column, "=1")

    session = edited(template, edit)
    [line] = told(session)
    assert line.startswith("填写规则!H") and line.endswith("表的结构与公式不符")
    assert isinstance(paid(session), CellError)


def test_nobody_is_counted_where_grades_are_errors(template: bytes) -> None:
    """Excel's counting leaves errors out, as if nobody were there."""

    def edit(book: Workbook) -> None:
        for row in range(FIRST, FIRST + 3):
            sheet = book[PEOPLE]
            sheet.cell(row, columns(sheet)["等次"], "=NA()")

    session = edited(template, edit)
    figures = session.book.named_values("汇总")
    assert figures["参加人数"] == 11 and all(
        isinstance(figures[f"{grade}人数"], CellError) for grade in ("优秀", "合格")
    )
    assert not any("领导概览" in line for line in told(session))


def test_a_fraction_that_became_a_date_is_told_as_one() -> None:
    def edit(book: Workbook) -> None:
        sheet = book[PEOPLE]
        sheet.cell(FIRST, columns(sheet)["工作质量"], date(2026, 1, 2))

    [line] = told(edited(filled(), edit))
    assert "工作质量:不能大于" in line and line.endswith(
        "填的是日期（1/2、11-26 会变成日期），请改填数，格式改为“常规”"
    )


def _summary_line(book: Workbook, name: str) -> int:
    return next(cell.row for cell in book["汇总"]["A"] if cell.value == name)


def test_a_figure_of_the_summary_that_is_gone_is_told_before_what_follows(template: bytes) -> None:
    def edit(book: Workbook) -> None:
        row = _summary_line(book, "优秀名额")
        book["汇总"].cell(row, 1).value = book["汇总"].cell(row, 2).value = None
        book.defined_names["优秀名额"].attr_text = "#REF!"

    assert told(edited(template, edit))[0] == (
        "汇总!A5 “汇总”表没有“优秀名额”：删去了，或改了名称；请撤销，或用 kaohe upgrade 重建"
    )


@pytest.mark.parametrize(("cleared", "verdict"), [(False, "通过"), (True, "有 1 格公式被改写或清除，已标成红色")])
def test_a_line_put_in_among_the_figures_is_no_formula_lost(template: bytes, cleared: bool, verdict: str) -> None:
    """As programs insert a row: the range that is counted has one more."""

    def edit(book: Workbook) -> None:
        sheet, line = book["汇总"], _summary_line(book, "公式未被改写")
        counted, last = sheet.cell(line, 2), 4 + len(load(SLUG).results)
        formula = str(counted.value)
        assert f"$B$5:$B${last}" in formula
        counted.value = formula.replace(f"$B$5:$B${last}", f"$B$5:$B${last + 1}")
        if cleared:
            sheet.cell(last, 2).value = None

    assert edited(template, edit).book.named_values("核对")["公式未被改写"] == verdict
