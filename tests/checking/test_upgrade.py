"""``kaohe upgrade``: nothing that a clerk has added is lost, and it means in the new workbook what it meant."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table

from addin.checking.upgrade import Upgrade, upgraded
from addin.checking.workbook import all_faults
from addin.shared.exits import UserError
from addin.xlsx.model import CellError
from tests.checking.support import FIRST, HEADINGS, PEOPLE, columns, edited, filled, told
from tests.support import charts

MINE = "我的统计"
FORMULAS = {
    "B1": ("SUM(人员!AD6:AD17)", "SUM(人员!AD6:AD17)"),
    "B2": ("SUM(人员[实发绩效])", "SUM(人员[实发绩效])"),
    "B3": ("人员!AD8", "人员!AD7"),  # The blank row above is gone.
    "B4": ("汇总!$B$12", "汇总!$B$12"),
    "B5": ("我的率*100", "我的率*100"),
    "B6": ('VLOOKUP("林海涛",人员!B:AD,29,FALSE)', 'VLOOKUP("林海涛",人员!B:AD,29,FALSE)'),
    "B7": ("A9&参数!B5", "A9&参数!B5"),
    "B10": ("SUM(人员!$AD$6:$AD$100)", "SUM(人员!$AD$6:$AD$100)"),
    "B8": ("SUM(人员!AZ1:AZ9)", "SUM(#REF!)"),
}


def own_things(book: Workbook) -> None:
    """A sheet of one's own with all that sheets have, a name, a format."""
    sheet = book.create_sheet(MINE)
    for cell, (formula, _) in FORMULAS.items():
        sheet[cell] = "=" + formula
    sheet["A1"], sheet["A9"], sheet["B9"] = "合计", "甲", 0.256
    sheet["A1"].font, sheet["B9"].number_format = Font(bold=True, color="FFFF0000"), "0.0%"
    sheet["A1"].comment = Comment("自己的批注", "我")
    sheet["F20"], sheet["G20"], sheet["F21"], sheet["G21"] = "项", "数", "甲", 1
    sheet.add_table(Table(displayName="我的表", ref="F20:G21"))
    sheet.merge_cells("C1:D1")
    sheet.column_dimensions["A"].width = 33
    sheet.print_area = "A1:D9"
    red = PatternFill(bgColor="FFFF0000")
    sheet.conditional_formatting.add("B1:B3", CellIsRule(operator="equal", formula=["人员!$AD$8"], fill=red))
    chart = BarChart()
    chart.add_data(Reference(book[PEOPLE], min_col=30, min_row=FIRST, max_row=17))
    sheet.add_chart(chart, "F2")
    book.defined_names["我的率"] = DefinedName("我的率", attr_text=f"{MINE}!$B$9")
    book[PEOPLE].cell(FIRST, 2).fill = PatternFill("solid", fgColor="FFFFFF00")
    for name, col in columns(book[PEOPLE]).items():  # Somebody has left: a blank row in the middle.
        if name in ("姓名", "岗位类别", "否决情形", "绩效基数") or 6 <= col <= 14:
            book[PEOPLE].cell(FIRST + 1, col).value = None


@pytest.fixture(scope="module")
def made() -> Upgrade:
    return upgraded(edited(filled(), own_things))


@pytest.fixture(scope="module")
def book(made: Upgrade) -> Workbook:
    return load_workbook(io.BytesIO(made.session.content))


def test_what_is_carried_and_what_is_not_is_told(made: Upgrade) -> None:
    assert made.carried == (f"工作表“{MINE}”", "名称“我的率”", "1 格自己设置的格式")
    assert made.left == ("公式 =SUM(人员!AZ1:AZ9) 中不再有的引用（现为 #REF!）",)
    assert made.session.problems == () and made.rows[PEOPLE] == 11


@pytest.mark.parametrize("cell", FORMULAS)
def test_formulas_of_an_own_sheet_read_the_same(made: Upgrade, book: Workbook, cell: str) -> None:
    wanted = FORMULAS[cell][1]
    assert book[MINE][cell].value == "=" + wanted
    row, col = int(cell[1:]) - 1, 1
    before = edited(filled(), own_things).book.value(MINE, row, col)
    after = made.session.book.value(MINE, row, col)
    assert after == (CellError.REF if "#REF!" in wanted else before)


def test_a_sheet_looks_as_it_did(book: Workbook) -> None:
    sheet = book[MINE]
    assert sheet["A1"].font.b and sheet["A1"].font.color.rgb == "FFFF0000" and sheet["B9"].number_format == "0.0%"
    assert sheet["A1"].comment.text == "自己的批注" and sheet["A1"].value == "合计"
    assert sheet.column_dimensions["A"].width == 33 and [str(area) for area in sheet.merged_cells.ranges] == ["C1:D1"]
    assert sheet.print_area == f"'{MINE}'!$A$1:$D$9" and sheet.tables["我的表"].ref == "F20:G21"
    [rule] = next(iter(sheet.conditional_formatting)).rules
    assert rule.formula == ["人员!$AD$7"] and rule.dxf.fill.bgColor.rgb == "FFFF0000"
    [chart] = charts(sheet)
    assert chart.series[0].val.numRef.f == "人员!$AD$6:$AD$17"
    people = book[PEOPLE]
    assert people.cell(FIRST, 2).fill.fgColor.rgb == "FFFFFF00" != people.cell(FIRST + 1, 2).fill.fgColor.rgb
    # Nothing of the new workbook's own is lost.
    assert len(charts(book["汇总"])) == len(charts(load_workbook(io.BytesIO(filled()))["汇总"]))


def test_columns_of_ones_own_go_with_their_people() -> None:
    def edit(book: Workbook) -> None:
        sheet = book[PEOPLE]
        table = sheet.tables[PEOPLE]
        first = len(table.tableColumns) + 1
        for col, name in ((first, "备注"), (first + 1, "一半")):
            sheet.cell(HEADINGS, col, name)
            column = table.tableColumns[-1].__class__(id=col, name=name)
            table.tableColumns.append(column)
        for row in range(FIRST, FIRST + 12):
            sheet.cell(row, first, f"记{row}")
            sheet.cell(row, first + 1, f"=AD{row}/2+人员[[#This Row],[绩效基数]]*0")
        table.ref = f"A{HEADINGS}:AJ17"
        table.autoFilter.ref = table.ref
        for col in range(2, 18):
            sheet.cell(FIRST + 2, col).value = None

    old = edited(filled(), edit)
    made = upgraded(old)
    assert made.carried == ("表 人员 的列“备注”（放在表的最右边）", "表 人员 的列“一半”（放在表的最右边）")
    assert made.left == ("人员!AI8（这一行没有填别的）",)
    table = made.session.book.tables[PEOPLE]
    assert table.columns[-2:] == ("备注", "一半")
    rows = [row for row in range(FIRST, FIRST + 12) if row != FIRST + 2]
    for place, row in enumerate(rows):
        new = [made.session.book.value(PEOPLE, FIRST - 1 + place, col) for col in (1, 34, 35)]
        assert new == [old.book.value(PEOPLE, row - 1, col) for col in (1, 34, 35)], row
    assert made.session.book.workbook.sheets[PEOPLE].formulas[FIRST + 2, 35] == ("AD9/2+人员[[#This Row],[绩效基数]]*0")
    assert all_faults(made.session) == []


def test_formulas_that_name_columns_read_the_plain_range_that_a_long_table_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """And are written so: Excel doesn't open a workbook in which a formula names a table that is none."""

    def edit(book: Workbook) -> None:
        sheet = book.create_sheet(MINE)
        sheet["A1"], sheet["A2"] = "=SUM(人员[实发绩效])", "=COUNTA(人员[[#Headers],[姓名]:[工号]])"
        sheet["A3"], sheet["A6"] = "=ROWS(人员[[#All],[姓名]])", "=人员[[#This Row],[绩效基数]]"
        table = book[PEOPLE].tables[PEOPLE]
        last = len(table.tableColumns) + 1
        table.tableColumns.append(table.tableColumns[-1].__class__(id=last, name="倍"))
        table.ref = table.autoFilter.ref = f"A{HEADINGS}:{get_column_letter(last)}17"
        book[PEOPLE].cell(HEADINGS, last, "倍")
        book[PEOPLE].cell(FIRST + 1, last, "=人员[[#This Row],[绩效基数]]*2")

    old = edited(filled(), edit)
    limit = 14
    monkeypatch.setattr("workbook_templates.workbook.layout.TABLE_LIMIT", limit)
    made = upgraded(old, limit + 1)
    book = made.session.book
    people, before = book.tables[PEOPLE], old.book.tables[PEOPLE]
    assert people.last_row - people.first_row == limit and book.workbook.sheets[PEOPLE].arrays
    own = book.workbook.sheets[MINE].formulas
    assert own[0, 0] == f"SUM(人员!$AD${FIRST}:$AD${people.last_row + 1})" and own[5, 0] == "#REF!"
    values = [book.value(MINE, row, 0) for row in range(3)]
    assert values == [old.book.value(MINE, 0, 0), 2, limit + 2]
    assert made.left == ("公式 =人员[[#This Row],[绩效基数]] 中不再有的引用（现为 #REF!）",)
    paid: Any = book.value(PEOPLE, FIRST, people.last_col)
    assert paid == old.book.value(PEOPLE, FIRST, before.last_col) and paid > 0
    again = upgraded(made.session, limit).session.book
    assert not again.workbook.sheets[PEOPLE].arrays and again.named_values("汇总") == old.book.named_values("汇总")


def test_a_workbook_as_it_was_made_is_made_anew() -> None:
    old = edited(filled(), lambda book: None)
    made = upgraded(old)
    assert made.carried == made.left == () and all_faults(made.session) == []
    assert made.session.book.named_values("汇总") == old.book.named_values("汇总")


def test_days_of_the_1904_system_stay_the_same_days() -> None:
    def edit(book: Workbook) -> None:
        book.epoch = CALENDAR_MAC_1904

    old = edited(filled(), edit)
    assert old.workbook.date1904
    made = upgraded(old)
    assert made.session.workbook.date1904 and all_faults(made.session) == []


def _without_home(book: Workbook) -> None:
    """As older versions made it."""
    book.remove(book["首页"])
    book[PEOPLE]["A2"] = "单位名称:青山镇卫生院    考核期间:2025年度    金额单位:元"
    book["岗位"]["A2"] = "仅供内部使用"


def test_unit_and_period_go_to_the_first_sheet() -> None:
    made = upgraded(edited(filled(), _without_home))
    new = made.session.book
    assert (new.value("首页", 3, 2), new.value("首页", 3, 6)) == ("青山镇卫生院", "2025年度")
    assert new.value(PEOPLE, 1, 0) == "单位名称：青山镇卫生院    考核期间：2025年度    金额单位：元"
    assert "表 岗位 上方写的“仅供内部使用”" in made.left
    again = upgraded(made.session).session.book
    assert (again.value("首页", 3, 2), again.value("首页", 3, 6)) == ("青山镇卫生院", "2025年度")


def test_comments_and_wider_columns_go_with_their_cells() -> None:
    def edit(book: Workbook) -> None:
        own_things(book)
        sheet = book[PEOPLE]
        for cell, text in (("F8", "复核过"), ("P5", "元"), ("AZ3", "旁边"), ("B7", "空行")):
            sheet[cell].comment = Comment(text, "王科长")
        book["参数"]["B9"].comment = Comment("文件第三条", "王科长")
        sheet.column_dimensions["R"].width = 40
        sheet.column_dimensions["S"].width = 2
        for column in "AD":
            book["参数"].column_dimensions[column].width = 70

    made = upgraded(edited(filled(), edit))
    book = load_workbook(io.BytesIO(made.session.content))
    found = {(sheet.title, c.coordinate): c.comment.text for sheet in book for row in sheet for c in row if c.comment}
    assert found == {
        (PEOPLE, "F7"): "复核过",
        (PEOPLE, "P5"): "元",
        ("参数", "B9"): "文件第三条",
        (MINE, "A1"): "自己的批注",
    }
    assert book[PEOPLE]["F7"].comment.author == "王科长"
    assert book[PEOPLE].column_dimensions["R"].width == 40
    assert book[PEOPLE].column_dimensions["S"].width > 2
    # What parameters mean has the room that this version gives it.
    assert [book["参数"].column_dimensions[column].width > 60 for column in "AD"] == [True, False]
    assert {"3 条批注", "2 列加宽的列"} <= set(made.carried)
    assert {"人员!AZ3 的批注“旁边”", "人员!B7 的批注“空行”"} <= set(made.left)
    assert all_faults(made.session) == []


def _unreadable(slug: str = "") -> Callable[[Workbook], None]:
    """As an older version wrote its scheme; of this name."""

    def edit(book: Workbook) -> None:
        book["KAOHE"]["A5"] = "unknown = 1"
        if slug:
            book["KAOHE"]["B1"] = slug
            book.properties.description = f"KAOHE {slug}"

    return edit


def test_a_scheme_that_this_version_cant_read_is_replaced_by_todays_of_the_name() -> None:
    old = edited(filled(), _unreadable())
    assert all_faults(old) == []
    made = upgraded(old)
    assert all_faults(made.session) == [] and made.session.book.named_values("汇总") == old.book.named_values("汇总")
    assert [each for each in made.carried if each.startswith("的内容改按现在的同名方案计算")]


def test_what_is_written_below_a_table_is_carried_over_if_it_is_somebodys_else_told() -> None:
    def edit(book: Workbook) -> None:
        sheet = book[PEOPLE]
        last = sheet.max_row
        sheet.cell(last + 2, 2, "欧阳小计")
        sheet.cell(last + 4, 2, "制表人：王五")
        sheet.cell(last + 5, 1, "注：已核对")

    old = edited(filled(), edit)
    last = old.book.tables[PEOPLE].last_row + 1
    made = upgraded(old)
    table = made.session.book.tables[PEOPLE]
    names = [made.session.book.cell(table, row, "姓名") for row in table.rows]
    assert "欧阳小计" in names and not any(str(name).startswith("制表人") for name in names)
    assert made.left == (f"工作表“{PEOPLE}”中表下面的 2 格（B{last + 4}、A{last + 5}）",)


def test_a_scheme_that_was_deleted_and_is_nowhere_else_is_told() -> None:
    def edit(book: Workbook) -> None:
        del book["KAOHE"]
        book.properties.description = None

    [line] = told(edited(filled(), edit))
    assert line.startswith("首页!A1 工作簿带的方案（隐藏的工作表 KAOHE）被删去了，也没有同名的方案文件，没有与方案核对")


def test_a_scheme_that_cant_be_read_and_is_nowhere_else_is_told() -> None:
    old = edited(filled(), _unreadable("own-scheme"))
    [fault] = all_faults(old)
    assert (fault.sheet, fault.value) == ("KAOHE", "own-scheme") and "没有与方案核对：方案 own-scheme" in fault.rule
    with pytest.raises(UserError, match="中的方案这一版读不了，也没有同名的方案文件，不能升级，文件没有改动"):
        upgraded(old)


def test_columns_that_libreoffice_has_stored_wider_are_not_widened() -> None:
    def edit(book: Workbook) -> None:
        for sheet in book:
            for column in sheet.column_dimensions.values():
                column.width *= 1.148
        book[PEOPLE].column_dimensions["R"].width = 40 * 1.148

    made = upgraded(edited(filled(), edit))
    assert "1 列加宽的列" in made.carried
    assert load_workbook(io.BytesIO(made.session.content))[PEOPLE].column_dimensions["R"].width == pytest.approx(
        40, abs=0.1
    )
