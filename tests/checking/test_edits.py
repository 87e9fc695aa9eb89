"""A clerk's ordinary edits of a template: each is told with its place, and no result that it spoils looks sound."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from addin.checking.workbook import all_faults, faults_of_whole
from addin.headless.session import Session
from addin.xlsx.model import CellError
from tests.support import PROJECT
from workbook_templates.scheme.catalogue import load, slugs
from workbook_templates.workbook.build import build
from workbook_templates.workbook.layout import TABLE_LIMIT

SLUG, PEOPLE = "health-centre-staff", "人员"
HEADINGS, FIRST = 5, 6
Edit = Callable[[Workbook], None]


@lru_cache
def _template(limit: int = TABLE_LIMIT) -> bytes:
    """A scheme's workbook with its first case's data."""
    case = json.loads((PROJECT / "tests" / "schemes" / f"{SLUG}.json").read_text(encoding="utf-8"))["cases"][0]
    stream = io.BytesIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("workbook_templates.workbook.layout.TABLE_LIMIT", limit)
        build(load(SLUG), stream, {"params": case.get("params", {}), "tables": case["tables"]})
    return stream.getvalue()


@pytest.fixture(params=[TABLE_LIMIT, 0], ids=["tables", "arrays"])
def template(request: pytest.FixtureRequest) -> bytes:
    return _template(request.param)


def computed(content: bytes) -> Session:
    session = Session.of(content)
    session.compute()
    return session


def edited(content: bytes, edit: Edit) -> Session:
    """The workbook after an edit with openpyxl, which sees neither validation nor protection; computed."""
    book = load_workbook(io.BytesIO(content))
    edit(book)
    stream = io.BytesIO()
    book.save(stream)
    return computed(stream.getvalue())


def columns(sheet: Worksheet) -> dict[str, int]:
    return {str(cell.value): cell.column for cell in sheet[HEADINGS]}


def last_row(session_or_sheet: Worksheet) -> int:
    return max(cell.row for cell in session_or_sheet["A"] if cell.value is not None or cell.row > HEADINGS)


def told(session: Session) -> list[str]:
    return [f"{fault.sheet}!{fault.cell} {fault.rule}" for fault in all_faults(session)]


def paid(session: Session) -> Any:
    return session.book.named_values("汇总")["实发合计"]


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


def test_a_value_pasted_over_a_formula(template: bytes) -> None:
    def edit(book: Workbook) -> None:
        sheet = book[PEOPLE]
        sheet.cell(FIRST + 1, columns(sheet)["实发绩效"], 99)

    if b't="array"' in _sheets(template):
        pytest.skip("a cell of an array can't be changed by itself")
    session = edited(template, edit)
    [line] = told(session)
    assert line.endswith("实发绩效:公式被改写成了固定内容，请从同列其他行复制公式")
    assert session.book.named_values("核对")["公式未被改写"] == "有 1 格公式被改写或清除，已标成红色"
    assert faults_of_whole(session)


def test_a_row_without_formulas(template: bytes) -> None:
    def edit(book: Workbook) -> None:
        sheet = book[PEOPLE]
        for name, col in columns(sheet).items():
            cell = sheet.cell(FIRST + 1, col)
            if name != "姓名" and str(cell.value).startswith("="):
                cell.value = None

    if b't="array"' in _sheets(template):
        pytest.skip("an array has no rows of its own")
    session = edited(template, edit)
    [line] = told(session)
    assert line == f"人员!B{FIRST + 1} 这一行没有公式，没有计算；请从上一行向下填充公式"
    assert isinstance(paid(session), CellError)


def test_a_formula_that_was_altered_in_one_row(template: bytes) -> None:
    def edit(book: Workbook) -> None:
        sheet = book[PEOPLE]
        sheet.cell(FIRST, columns(sheet)["实发绩效"], "=1234+1")

    if b't="array"' in _sheets(template):
        pytest.skip("a cell of an array can't be changed by itself")
    [line] = told(edited(template, edit))
    assert line.endswith("实发绩效:公式与同列其他行不同，请从同列其他行复制公式")


def test_a_formula_that_was_altered_in_the_whole_column(template: bytes) -> None:
    """Nothing in the workbook itself tells; the scheme that it carries does."""

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
    assert lines and all("实发绩效:按方案应为" in line for line in lines if line.startswith("人员!"))


def test_a_copied_sheet_tells_that_it_is_a_copy(template: bytes) -> None:
    def edit(book: Workbook) -> None:
        copy = book.create_sheet("上季度")
        for row in book[PEOPLE].iter_rows():
            for cell in row:
                if not hasattr(cell.value, "text"):
                    copy[cell.coordinate] = cell.value

    if b't="array"' in _sheets(template):
        pytest.skip("openpyxl copies no arrays")
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


def test_people_in_another_order_are_paid_the_same(template: bytes) -> None:
    before = computed(template)

    def edit(book: Workbook) -> None:
        sheet = book[PEOPLE]
        filled = [c.name for c in load(SLUG).table(PEOPLE).inputs]
        for name in filled:
            one, other = (sheet.cell(row, columns(sheet)[name]) for row in (FIRST, FIRST + 3))
            one.value, other.value = other.value, one.value

    session = edited(template, edit)
    assert told(session) == [] and paid(session) == paid(before)


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


def test_a_table_that_was_drawn_longer_pays_the_new_person(template: bytes) -> None:
    """As Excel does it: the table's range and every formula go on one row further."""
    place = computed(template).book.tables[PEOPLE]

    def edit(book: Workbook) -> None:
        sheet = book[PEOPLE]
        table = sheet.tables[PEOPLE]
        row = place.last_row + 1
        inputs = {column.name for column in load(SLUG).table(PEOPLE).inputs}
        for name, col in columns(sheet).items():
            source = sheet.cell(FIRST, col).value
            sheet.cell(row + 1, col, source if name not in inputs else None if name == "工号" else source)
        sheet.cell(row + 1, columns(sheet)["姓名"], "新来的")
        table.ref = f"A{HEADINGS}:{get_column_letter(len(place.columns))}{row + 1}"
        table.autoFilter.ref = table.ref

    if b't="array"' in _sheets(template):
        pytest.skip("an array has the rows that it has")
    before, session = computed(template), edited(template, edit)
    assert told(session) == []
    assert session.book.tables[PEOPLE].last_row == place.last_row + 1
    assert paid(session) > paid(before)


def _sheets(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return b"".join(package.read(name) for name in package.namelist() if name.startswith("xl/worksheets/sheet"))


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


def test_a_pool_that_belongs_to_nobody_is_told_where_it_stands() -> None:
    slug = "hospital-commission"
    case = json.loads((PROJECT / "tests" / "schemes" / f"{slug}.json").read_text(encoding="utf-8"))["cases"][0]
    tables = case["tables"]
    unit = tables["核算单位"][0]
    income = next(row for row in tables["收入明细"] if row["单位"] == unit["单位"])
    tables["核算单位"].append({**unit, "单位": "无人单位"})
    tables["收入明细"].append({**income, "单位": "无人单位"})
    stream = io.BytesIO()
    build(load(slug), stream, {"params": case.get("params", {}), "tables": tables})
    session = computed(stream.getvalue())
    [fault] = all_faults(session)
    row = session.book.tables["核算单位"].first_row + len(tables["核算单位"])
    assert (fault.sheet, fault.cell[1:]) == ("核算单位", str(row))
    assert fault.rule == "单位有提成，没有可分配的人" and fault.value is CellError.VALUE
    assert isinstance(session.book.named_values("汇总")["实发绩效合计"], CellError)


@pytest.mark.parametrize("limit", [TABLE_LIMIT, 0], ids=["tables", "arrays"])
def test_rows_of_people_who_are_not_known_do_not_repeat_each_other(limit: int) -> None:
    slug = "company-quarterly"
    case = json.loads((PROJECT / "tests" / "schemes" / f"{slug}.json").read_text(encoding="utf-8"))["cases"][0]
    first, second = list(dict.fromkeys(row["姓名"] for row in case["tables"]["月度"]))[:2]
    rows = [
        {**row, "姓名": {first: "甲某", second: "乙某"}.get(row["姓名"], row["姓名"])} for row in case["tables"]["月度"]
    ]
    stream = io.BytesIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("workbook_templates.workbook.layout.TABLE_LIMIT", limit)
        build(load(slug), stream, {"params": case.get("params", {}), "tables": {**case["tables"], "月度": rows}})
    lines = [line for line in told(computed(stream.getvalue())) if line.startswith("月度!")]
    assert len(lines) == 6 and all(line.endswith("姓名:表 人员 中没有这个姓名") for line in lines)


@pytest.mark.parametrize("slug", slugs())
def test_a_row_below_a_table_of_any_scheme_is_told_once_and_spoils_its_rows(slug: str) -> None:
    case = json.loads((PROJECT / "tests" / "schemes" / f"{slug}.json").read_text(encoding="utf-8"))["cases"][0]
    stream = io.BytesIO()
    build(load(slug), stream, {"params": case.get("params", {}), "tables": case["tables"]})
    declared = load(slug).tables[0]
    before = computed(stream.getvalue())
    assert all_faults(before) == []
    place = before.book.tables[declared.name]
    row, col = place.last_row + 1, place.first_col + place.columns.index(declared.inputs[0].name)
    below = f"{get_column_letter(col + 1)}{row + 1}"
    session = Session.of(stream.getvalue())
    session.type(place.sheet, below, "多出来的")
    session.compute()
    [line] = told(session)
    assert line.startswith(f"{place.sheet}!{below} 第 {row + 1} 行在表 {declared.name} 下面")
    check = place.first_col + place.columns.index("校验")
    verdicts = [session.book.value(place.sheet, r, check) for r in range(place.first_row, row)]
    assert all(str(verdict).startswith("结构:") for verdict in verdicts if verdict not in ("", None))


@pytest.mark.parametrize("other", ["林海涛 ", "林\u3000海涛", "\u200b林海涛", "林海涛\n", "林海涛\xa0"])
def test_somebody_who_is_entered_twice_with_a_space_is_told(other: str) -> None:
    def edit(book: Workbook) -> None:
        sheet = book[PEOPLE]
        assert sheet.cell(FIRST, columns(sheet)["姓名"]).value == "林海涛"
        sheet.cell(FIRST + 1, columns(sheet)["姓名"], other)

    [line] = told(edited(_template(), edit))
    assert line.startswith(f"人员!B{FIRST + 1} 姓名：与第 {FIRST} 行的“林海涛”只差空格")

    def with_numbers(book: Workbook) -> None:
        edit(book)
        for row, number in ((FIRST, "001"), (FIRST + 1, "002")):
            book[PEOPLE].cell(row, columns(book[PEOPLE])["工号"], number)

    assert told(edited(_template(), with_numbers)) == []


def test_values_pasted_over_whole_columns_are_told_by_table() -> None:
    before = computed(_template())

    def edit(book: Workbook) -> None:
        sheet = book[PEOPLE]
        for name in ("名次", "实发绩效"):
            col = columns(sheet)[name]
            for row in range(FIRST, before.book.tables[PEOPLE].last_row + 2):
                sheet.cell(row, col, before.book.value(PEOPLE, row - 1, col - 1))

    session = edited(_template(), edit)
    assert f"人员!X{FIRST} 名次、实发绩效：整列的公式被改写成了固定内容" in "".join(told(session))
    assert str(session.book.named_values("核对")["公式未被改写"]).endswith("格公式被改写或清除，已标成红色")


def test_values_pasted_over_the_summary_are_told_in_the_cells_too() -> None:
    before = computed(_template())

    def edit(book: Workbook) -> None:
        book["汇总"]["B5"] = before.book.value("汇总", 4, 1)

    session = edited(_template(), edit)
    assert told(session)[0].startswith("汇总!B5 参加人数：公式被改写成了固定内容，不再随数据变化")
    assert session.book.named_values("核对")["公式未被改写"] == "有 1 格公式被改写或清除，已标成红色"
    assert faults_of_whole(session)


@pytest.mark.parametrize(
    ("edit", "line"),
    [
        (lambda book: book.remove(book["汇总"]), "首页!A1 没有表 汇总：按方案应当有"),
        (lambda book: book["参数"].__setitem__("A5", "别的"), "参数!A5 没有参数 公共项目满分：名称被改写了"),
        (lambda book: book[PEOPLE].cell(HEADINGS, 6, "医德"), "人员!F6 医德医风:填写规则中的这一列不在检查的范围内"),
        (lambda book: book["填写规则"].delete_rows(16, 200), "人员!R6 “校验”是错误值，不能检查"),
    ],
)
def test_what_a_workbook_has_lost_is_told_once(edit: Edit, line: str) -> None:
    lines = told(edited(_template(), edit))
    assert sum(each.startswith(line) for each in lines) == 1 and not any("按方案应为" in each for each in lines), lines


@pytest.mark.parametrize("meant", ["汇总!$A$4:$D$13", "#REF!"], ids=["name kept", "name lost its cells"])
def test_a_lost_summary_is_told_by_what_only_computes_too(meant: str) -> None:
    def edit(book: Workbook) -> None:
        book.remove(book["汇总"])
        book.defined_names["_KAOHE.汇总"].attr_text = meant

    [fault] = faults_of_whole(edited(_template(), edit))
    assert fault.rule.startswith("没有表 汇总：按方案应当有")


def _list_turned_round(book: Workbook) -> None:
    """As sorting a list of the parameters does, its names with their values."""
    sheet = book["参数"]
    first, second = (row for row in sheet.iter_rows(max_col=2) if row[0].value in ("医德医风", "工作态度"))
    for one, other in zip(first, second, strict=True):
        one.value, other.value = other.value, one.value


def _result_renamed(book: Workbook) -> None:
    """In formulas too, as spreadsheets do."""
    sheets = [sheet for sheet in book if sheet.title != "KAOHE"]
    for cell in (cell for sheet in sheets for row in sheet for cell in row if isinstance(cell.value, str)):
        cell.value = re.sub(r"(\[|^)实发绩效(\]|$)", r"\1实发\2", cell.value)
    sheet = book[PEOPLE]
    sheet.tables[PEOPLE].tableColumns[columns(sheet)["实发"] - 1].name = "实发"


def _column_of_formulas_changed(book: Workbook) -> None:
    sheet = book[PEOPLE]
    for row in range(FIRST, last_row(sheet) + 1):
        cell = sheet.cell(row, columns(sheet)["绩效考核得分"])
        cell.value = f"{cell.value}+1"


def _day_for_a_number(book: Workbook) -> None:
    sheet = book[PEOPLE]
    sheet.cell(FIRST + 1, columns(sheet)["绩效基数"], date(2026, 11, 26))


@pytest.mark.parametrize(
    ("edit", "line"),
    [
        (_list_turned_round, "列表 考核项目 的这一行应为“医德医风”：公式按原来的名称和次序读它"),
        (_result_renamed, "人员!A5 表 人员 没有列“实发绩效”：删去了，或改了列名"),
        (_column_of_formulas_changed, "绩效考核得分：按方案应为"),
        (_day_for_a_number, "绩效基数：填的是日期，这一列应填数"),
    ],
)
def test_what_the_cells_cant_tell_is_told_by_calculation_and_macros_too(edit: Edit, line: str) -> None:
    session = edited(_template(), edit)
    found = told(session)
    assert found and line in found[0]
    assert faults_of_whole(session) == all_faults(session)
