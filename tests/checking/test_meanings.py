"""What changes results beside the cells: names that mean another cell, rounding to what is shown, totals pasted over."""

from __future__ import annotations

import pytest
from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName

from addin.checking.meanings import refuse_printed
from addin.checking.upgrade import upgraded
from addin.checking.workbook import all_faults, faults_of_whole
from addin.shared.exits import UserError
from addin.xlsx.model import CellError
from tests.checking.support import PEOPLE, Edit, edited, filled, told
from tests.support import built, first_case
from workbook_templates.scheme.names import PRINTED


def _total(book: Workbook) -> None:
    sheet = book[PEOPLE]
    (cell,) = (cell for cell in sheet[4] if "SUM(人员[实发绩效])" in str(cell.value))
    cell.value = 99999


def _name(text: str) -> Edit:
    return lambda book: setattr(book.defined_names["优秀比例"], "attr_text", text)


def _own_name(text: str) -> Edit:
    return lambda book: book[PEOPLE].defined_names.add(DefinedName("优秀线", attr_text=text))


def _as_shown(book: Workbook) -> None:
    book.calculation.fullPrecision = False


@pytest.mark.parametrize(
    ("edit", "line"),
    [
        (_total, "人员!AD4 合计：实发绩效：公式被改写成了固定内容"),
        (_name("参数!$B$10"), "参数!B9 优秀比例：名称“优秀比例”应指这一格，现在指的是 参数!$B$10"),
        (_name("0.9"), "参数!B9 优秀比例：名称“优秀比例”应指这一格，现在指的是 0.9"),
        (_own_name("60"), "人员!A1 名称“优秀线”在这个工作表上另有一个，指的是 60"),
        (_as_shown, "首页!A1 工作簿设置了“将精度设为所显示的精度”"),
    ],
)
def test_is_told_once_by_every_check(edit: Edit, line: str) -> None:
    session = edited(filled(), edit)
    (found,) = told(session)
    assert found.startswith(line)
    assert faults_of_whole(session) == all_faults(session)


@pytest.mark.parametrize("meant", ["参数!$H$9", "#REF!"], ids=["cut", "pasted over"])
def test_a_parameter_that_formulas_read_elsewhere_spoils_the_results_in_the_cells_too(meant: str) -> None:
    def edit(book: Workbook) -> None:
        _name(meant)(book)
        book["参数"]["H9"], book["参数"]["B9"] = 0.15, 0.5

    session = edited(filled(), edit)
    assert isinstance(session.book.named_values("汇总")["优秀名额"], CellError)
    assert "优秀比例" in told(session)[0]


def test_a_cell_of_a_list_that_was_cut_away_spoils_the_results_too() -> None:
    def edit(book: Workbook) -> None:
        book.defined_names["合格线"].attr_text = "参数!$H$37"
        book["参数"]["H37"], book["参数"]["B37"] = 75, 70

    session = edited(filled(), edit)
    assert told(session) == ["参数!D34 有一格被剪切到了别处，公式读的不是这里，请撤销，已经保存的用 kaohe upgrade 重建"]
    assert isinstance(session.book.named_values("汇总")["合格人数"], CellError)


def test_a_figure_that_is_shown_as_a_list_names_its_cell_has_not_lost_its_own_name() -> None:
    """汇总 shows 优 for 优人数, and 等级表 names a cell 优."""
    slug = "company-quarterly"

    def edit(book: Workbook) -> None:
        book.defined_names["优"].attr_text = book.defined_names["良"].attr_text

    assert "汇总!B" not in "".join(told(edited(built(slug, first_case(slug)), edit)))


def _as_values(book: Workbook) -> None:
    """As a program saves it that knows neither tables nor names."""
    for sheet in book:
        sheet.tables.clear()
    book.defined_names.clear()


def test_a_workbook_whose_tables_are_gone_is_neither_sound_nor_upgraded_to_an_empty_one() -> None:
    session = edited(filled(), _as_values)
    assert "表都认不出来了" in faults_of_whole(session)[0].rule
    assert told(session)[0].startswith("首页!A1 工作簿带着方案，但它的表都认不出来了")
    with pytest.raises(UserError, match="工作表 岗位、满意度系数、人员 中没有表"):
        upgraded(session)


def test_a_workbook_to_which_printed_sheets_were_moved_is_none_of_them() -> None:
    def move(book: Workbook) -> None:
        book.create_sheet("公示表").append(["姓名", "得分"])
        book.defined_names[PRINTED] = DefinedName(PRINTED, attr_text="1")

    session = edited(filled(), move)
    refuse_printed(session.workbook)
    assert told(session) == []


@pytest.mark.parametrize("own", ["", f"{PEOPLE}!$B$2"])
def test_a_sheets_own_name_that_means_the_same_or_its_own_cell_is_no_fault(own: str) -> None:
    def edit(book: Workbook) -> None:
        _own_name(own or book.defined_names["优秀线"].attr_text)(book)

    assert all_faults(edited(filled(), edit)) == []


def test_what_cannot_be_computed_is_not_told_again_as_different() -> None:
    def edit(book: Workbook) -> None:
        book[PEOPLE]["F6"] = "='[打分.xlsx]Sheet1'!$A$1"

    session = edited(filled(), edit)
    assert [f"{p.sheet}!{p.cell}" for p in session.problems] == ["人员!F6"] and told(session) == []
