"""Who stands in a template's rows: the same person twice, several of one name, nobody at all."""

from __future__ import annotations

import io

import pytest
from openpyxl import Workbook

from addin.checking.workbook import all_faults
from addin.headless.session import Session
from addin.xlsx.model import CellError, cell_name
from tests.checking.support import FIRST, PEOPLE, SLUG, columns, computed, edited, filled, paid, told
from tests.support import built, first_case
from tests.workbook_templates.support import of_people
from workbook_templates.scheme.catalogue import load
from workbook_templates.scheme.loader import parse
from workbook_templates.scheme.names import CHECK
from workbook_templates.workbook.build import build
from workbook_templates.workbook.layout import TABLE_LIMIT


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


@pytest.mark.parametrize("limit", [TABLE_LIMIT, 0], ids=["tables", "arrays"])
def test_rows_of_people_who_are_not_known_do_not_repeat_each_other(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    slug = "company-quarterly"
    case = first_case(slug)
    first, second = list(dict.fromkeys(row["姓名"] for row in case["tables"]["月度"]))[:2]
    rows = [
        {**row, "姓名": {first: "甲某", second: "乙某"}.get(row["姓名"], row["姓名"])} for row in case["tables"]["月度"]
    ]
    case["tables"]["月度"] = rows
    monkeypatch.setattr("workbook_templates.workbook.layout.TABLE_LIMIT", limit)
    lines = [line for line in told(computed(built(slug, case))) if line.startswith("月度!")]
    assert len(lines) == 6 and all(line.endswith("姓名:表 人员 中没有这个姓名") for line in lines)


@pytest.mark.parametrize("other", ["林海涛 ", "林\u3000海涛", "\u200b林海涛", "林海涛\n", "林海涛\xa0"])
def test_somebody_who_is_entered_twice_with_a_space_is_told(other: str) -> None:
    def edit(book: Workbook) -> None:
        sheet = book[PEOPLE]
        assert sheet.cell(FIRST, columns(sheet)["姓名"]).value == "林海涛"
        sheet.cell(FIRST + 1, columns(sheet)["姓名"], other)

    [line] = told(edited(filled(), edit))
    assert line.startswith(f"人员!B{FIRST + 1} 姓名：与第 {FIRST} 行的“林海涛”只差空格")

    def with_numbers(book: Workbook) -> None:
        edit(book)
        for row, number in ((FIRST, "001"), (FIRST + 1, "002")):
            book[PEOPLE].cell(row, columns(book[PEOPLE])["工号"], number)

    assert told(edited(filled(), with_numbers)) == []


def test_a_row_that_is_pasted_twice_is_told_and_two_people_of_one_name_are_not(template: bytes) -> None:
    def twice(book: Workbook) -> None:
        sheet = book[PEOPLE]
        for column in load(SLUG).table(PEOPLE).inputs:
            col = columns(sheet)[column.name]
            sheet.cell(FIRST + 1, col, sheet.cell(FIRST, col).value)

    def two_people(book: Workbook) -> None:
        twice(book)
        book[PEOPLE].cell(FIRST + 1, columns(book[PEOPLE])["工号"], "002")

    assert told(edited(template, twice)) == [
        f"{PEOPLE}!B{FIRST + 1} 姓名：整行与第 {FIRST} 行相同，同一人会算两次；请删去一行，确是两个人的请填工号"
    ]
    assert told(edited(template, two_people)) == []


def test_a_name_that_was_filled_down_is_told(template: bytes) -> None:
    def dragged(book: Workbook) -> None:
        sheet = book[PEOPLE]
        col = columns(sheet)["姓名"]
        for row in (FIRST + 1, FIRST + 2):
            sheet.cell(row, col, sheet.cell(FIRST, col).value)

    assert told(edited(template, dragged)) == [
        f"{PEOPLE}!B{row} 姓名：与第 {FIRST} 行同名，工号也不能分辨，会算作两个人；是同一人的请删去一行，确是两个人的请填不同的工号"
        for row in (FIRST + 1, FIRST + 2)
    ]


@pytest.mark.parametrize(
    "written",
    [
        "合计",
        " 合 计",
        "平均分",
        "小计：",
        "内科小计",
        "合计（元）",
        "共 9 人",
        "满分",
        "制表人：张三",
        "注:含借调",
        "姓名",
        "（示例）",
    ],
)
def test_what_is_pasted_along_with_people_is_nobody(template: bytes, written: str) -> None:
    """Told by the row itself, so that nobody is paid in the cells either."""

    def edit(book: Workbook) -> None:
        sheet = book[PEOPLE]
        sheet.cell(FIRST + 2, columns(sheet)["姓名"], written)

    session = edited(template, edit)
    assert told(session) == [f"{PEOPLE}!B{FIRST + 2} 姓名:“{written}”不是人，请删去这一行"]
    assert isinstance(paid(session), CellError)


@pytest.mark.parametrize("name", ["计春华", "满江红", "分田", "合计生", "总司", "人杰", "例如也"])
def test_names_that_only_sound_like_totals_are_peoples(template: bytes, name: str) -> None:
    def edit(book: Workbook) -> None:
        book[PEOPLE].cell(FIRST + 2, columns(book[PEOPLE])["姓名"], name)

    assert told(edited(template, edit)) == []


@pytest.mark.parametrize("blank", [None, " ", "\xa0", "\u3000", "\u200b", "\n"])
def test_a_row_without_a_name_is_nobodys(template: bytes, blank: str | None) -> None:
    def edit(book: Workbook) -> None:
        book[PEOPLE].cell(FIRST + 2, columns(book[PEOPLE])["姓名"]).value = blank

    session = edited(template, edit)
    [fault] = all_faults(session)
    assert (fault.cell, fault.rule, fault.is_unfinished) == (f"B{FIRST + 2}", "姓名:待填", True)
    assert isinstance(paid(session), CellError)


def test_a_row_without_a_name_where_names_need_not_be_filled_in(template: bytes) -> None:
    """As schemes of one's own, and workbooks of older versions, have it."""

    def edit(book: Workbook) -> None:
        rules = book["填写规则"]
        for line in rules.iter_rows():
            if [cell.value for cell in line[:3]] == ["姓名", "文本", "是"]:
                line[2].value = ""
        book[PEOPLE].cell(FIRST + 2, columns(book[PEOPLE])["姓名"]).value = None

    assert told(edited(template, edit))[0] == (
        f"{PEOPLE}!B{FIRST + 2} 姓名：空白，这一行却算作了一个人；请填姓名，或删去这一行"
    )


def test_a_staff_number_that_two_people_have_is_told(template: bytes) -> None:
    def edit(book: Workbook) -> None:
        sheet = book[PEOPLE]
        for row in (FIRST, FIRST + 3):
            sheet.cell(row, columns(sheet)["工号"], "007")

    assert told(edited(template, edit)) == [
        f"{PEOPLE}!C{FIRST + 3} 工号：与第 {FIRST} 行相同，工号应各人不同；同一人的请删去一行"
    ]


@pytest.mark.parametrize("name", ["姓名", "岗位类别", "工作质量"])
def test_an_error_value_that_was_pasted_is_told_where_it_stands(template: bytes, name: str) -> None:
    """As lookups leave them: of the name, and of what other tables are searched for, too."""
    before = computed(template)

    def edit(book: Workbook) -> None:
        book[PEOPLE].cell(FIRST + 2, columns(book[PEOPLE])[name], "#N/A")

    session = edited(template, edit)
    [fault] = all_faults(session)
    place = session.book.tables[PEOPLE]
    assert (fault.cell, fault.value) == (cell_name(FIRST + 1, place.column(name)), CellError.NA)
    assert fault.rule == f"{name}:是错误值 #N/A" == session.book.cell(place, FIRST + 1, "校验")
    assert isinstance(session.book.cell(place, FIRST + 1, "绩效考核得分"), CellError)
    assert isinstance(paid(session), CellError)
    scores = [each.book.cell(place, FIRST, "绩效考核得分") for each in (before, session)]
    assert scores[0] == scores[1] and not isinstance(scores[0], CellError)


@pytest.mark.parametrize("limit", [TABLE_LIMIT, 0], ids=["tables", "arrays"])
def test_an_error_value_in_a_cell_that_its_row_does_not_read_is_no_fault(
    limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbook_templates.workbook.layout.TABLE_LIMIT", limit)
    direct = {"项目": "健康教育", "满分": 8, "计分方法": "直接", "直接得分": 7}
    content = built("chc-item-sheet", {"tables": {"项目": [{"项目": "健康教育", "满分": 8}], "指标": [direct]}})

    def edit(book: Workbook) -> None:
        book["指标"].cell(FIRST, columns(book["指标"])["分母"], "#N/A")

    session = edited(content, edit)
    assert told(session) == [] and session.book.named_values("汇总")["列明得分"] == 7


@pytest.mark.parametrize("month", [" 95 ", 95, "#N/A"])
@pytest.mark.parametrize("limit", [TABLE_LIMIT, 0], ids=["tables", "arrays"])
def test_a_record_of_a_month_that_is_not_there_spoils_all_months_of_its_person(
    month: float | str, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbook_templates.workbook.layout.TABLE_LIMIT", limit)
    content = built("foreman-fund", first_case("foreman-fund"))

    def edit(book: Workbook) -> None:
        assert book["事故"]["B7"].value == "侯福生"
        book["事故"]["C7"] = month

    session = edited(content, edit)
    table = session.book.tables["月度"]
    months = {row: session.book.cell(table, row, "姓名") for row in table.rows if session.book.cell(table, row, "姓名")}
    told_of = [row for row in months if session.book.cell(table, row, "校验") == "表 事故 中有关的行有错误"]
    assert told_of == [row for row, name in months.items() if name == "侯福生"] and len(told_of) == 2
    assert all(isinstance(session.book.cell(table, row, "考核基金"), CellError) for row in told_of)


@pytest.mark.parametrize(
    ("slug", "cell", "table", "figure"),
    [
        ("retail-store", "库存!B6", "门店", "管理扣减率"),
        ("company-dept-coefficient", "人员!D6", "部门", "部门工资总额"),
    ],
)
def test_what_belongs_to_no_row_of_a_table_may_belong_to_each(slug: str, cell: str, table: str, figure: str) -> None:
    """A name that is misspelled would take a deduction or a wage from somebody's sum unseen."""
    sheet, _, place = cell.partition("!")

    def edit(book: Workbook) -> None:
        book[sheet][place] = "没有的"

    session = edited(built(slug, first_case(slug)), edit)
    assert told(session)[0].startswith(f"{cell} ")
    home = session.book.tables[table]
    rows = [row for row in home.rows if session.book.cell(home, row, table)]
    assert rows and all(isinstance(session.book.cell(home, row, figure), CellError) for row in rows)


ASKED_FOR = of_people("""
    { name = "在岗", type = "flag", required = true },
    { name = "部门", type = "text", required = '=[@在岗]="是"', key = "部门" },
    { name = "科室", type = "text", required = true, when = '=[@在岗]="是"', key = "部门" },
    { name = "得分", required = '=[@在岗]="是"', min = 0 },
""", after="""
[[tables]]
name = "部门"
columns = [{ name = "部门", type = "text", required = true, unique = true }]
""")  # fmt: skip


@pytest.mark.parametrize("name", ["部门", "科室", "得分"])
@pytest.mark.parametrize("limit", [TABLE_LIMIT, 0], ids=["tables", "arrays"])
def test_an_error_value_is_told_where_cells_are_asked_for_on_a_condition(
    name: str, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbook_templates.workbook.layout.TABLE_LIMIT", limit)
    person = {"在岗": "是", "部门": "甲", "科室": "甲", "得分": 1}
    people = [{"姓名": str(number), **person} for number in range(3)]
    stream = io.BytesIO()
    build(parse(ASKED_FOR, "t"), stream, {"tables": {"人员": people, "部门": [{"部门": "甲"}]}})
    session = Session.of(stream.getvalue())
    table = session.book.tables[PEOPLE]
    session.workbook.sheets[table.sheet].set(table.first_row + 1, table.column(name), CellError.NA)
    session.compute()
    assert [session.book.cell(table, table.first_row + row, CHECK) for row in range(3)] == [
        "通过",
        f"{name}:是错误值 #N/A",
        "通过",
    ]
