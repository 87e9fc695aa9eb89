"""A clerk's ordinary edits of the parameters and their lists."""

from __future__ import annotations

import pytest
from openpyxl import Workbook

from addin.checking.workbook import all_faults, faults_of_whole
from addin.xlsx.model import CellError
from tests.checking.support import computed, edited, paid, told
from tests.support import built, first_case


def test_a_row_under_a_list_is_told_without_the_next_list() -> None:
    """Between a list and the title of the next one only one row is free."""
    slug = "company-quarterly"
    place = computed(built(slug, first_case(slug))).book.tables["等级表"]

    def edit(book: Workbook) -> None:
        book[place.sheet].cell(place.last_row + 2, 1, "优")

    lines = told(edited(built(slug, first_case(slug)), edit))
    row = place.last_row + 2
    assert lines == [f"参数!A{row} 第 {row} 行在表 等级表 下面，不在表中，没有计算；请用“加行”收进表内，或删除"]


@pytest.mark.parametrize(
    ("cells", "place", "told"),
    [
        ({"A36": "优"}, "D34", "等次:应依次为 优秀、合格、基本合格、不合格"),
        ({"A39": "差"}, "D34", "等次:应依次为 优秀、合格、基本合格、不合格"),
        ({"A37": "基本合格", "A38": "合格"}, "D34", "等次:应依次为 优秀、合格、基本合格、不合格"),
        ({"B32": "公共"}, "D23", "类别:应依次为 公共、公共、公共、公共、岗位、岗位、岗位、岗位"),
    ],
    ids=["first", "last", "turned round", "second column"],
)
def test_names_in_lists_by_which_formulas_read_them(
    template: bytes, cells: dict[str, str], place: str, told: str
) -> None:
    """Replaced in one place only, nobody would have that grade."""

    def edit(book: Workbook) -> None:
        for cell, value in cells.items():
            book["参数"][cell] = value

    session = edited(template, edit)
    faults = [fault for fault in all_faults(session) if fault.cell == place]
    assert [fault.rule for fault in faults] == [f"{told}，公式按这些名称和次序读这个列表；请恢复"]
    assert faults_of_whole(session) == all_faults(session)
    assert isinstance(session.book.named_values("汇总")["不合格人数"], CellError)


@pytest.mark.parametrize(("blank", "told"), [(range(36, 37), 37), (range(37, 38), 38), (range(37, 39), 38)])
def test_bounds_that_are_blank_within_the_list(template: bytes, blank: range, told: int) -> None:
    def edit(book: Workbook) -> None:
        for row in blank:
            book["参数"].cell(row, 2).value = None

    session = edited(template, edit)
    rows = range(told, blank.stop + 1)
    assert [(fault.cell, fault.rule) for fault in all_faults(session)] == [
        (f"B{row}", "分数线:上一行空白，只有最后一行可以空白") for row in rows
    ]
    assert isinstance(session.book.named_values("汇总")["不合格人数"], CellError)


@pytest.mark.parametrize(
    ("cell", "label"),
    [("E9", "优秀比例"), ("E20", "公共项目分值"), ("D23", "考核项目"), ("D34", "等次表")],
    ids=["parameter", "rule", "list of names", "list of bounds"],
)
@pytest.mark.parametrize("value", ["通过", None], ids=["pasted over", "cleared"])
def test_a_verdict_on_parameters_that_is_no_formula_any_more(
    template: bytes, cell: str, label: str, value: str | None
) -> None:
    """Whatever it says: nobody would see any more that a parameter is wrong."""

    def edit(book: Workbook) -> None:
        book["参数"][cell] = value

    session = edited(template, edit)
    assert told(session) == [
        f"参数!{cell} {label}：公式被改写成了固定内容，不再随数据变化；请撤销或用 kaohe upgrade 重建"
    ]
    assert faults_of_whole(session)
    assert isinstance(paid(session), CellError)


def test_the_check_of_a_row_of_a_list_that_is_no_formula_any_more(template: bytes) -> None:
    def edit(book: Workbook) -> None:
        book["参数"]["D37"] = "通过"

    session = edited(template, edit)
    assert told(session) == ["参数!A37 这一行没有公式，没有计算；请从上一行向下填充公式"]
    assert isinstance(paid(session), CellError)


def test_the_verdict_on_all_parameters_is_counted_with_the_formulas_lost(template: bytes) -> None:
    def edit(book: Workbook) -> None:
        book["参数"]["E18"] = "通过"

    session = edited(template, edit)
    assert [line.partition("：")[0] for line in told(session)] == ["参数!E18 参数校验"]
    assert session.book.named_values("核对")["公式未被改写"] == "有 1 格公式被改写或清除，已标成红色"


def test_figures_that_read_parameters_only_wait_until_these_are_right() -> None:
    """A share that is blank would leave nothing for one part of the pool, and more for another."""
    slug = "primary-three-part"
    content = built(slug, first_case(slug))
    assert computed(content).book.named_values("汇总")["综合总额"] == 30000

    def edit(book: Workbook) -> None:
        assert book["参数"]["B28"].value == 0.6
        book["参数"]["B28"].value = None

    session = edited(content, edit)
    assert told(session)[0] == "参数!B28 占比:必填"
    figures = session.book.named_values("汇总")
    assert all(isinstance(figures[name], CellError) for name in ("达标总额", "单项总额", "综合总额"))


def test_a_text_that_is_a_bound_of_other_cells_is_told_once_where_it_stands() -> None:
    slug = "foreman-fund"

    def edit(book: Workbook) -> None:
        book["参数"]["B6"] = "80%"

    session = edited(built(slug, first_case(slug)), edit)
    assert told(session) == ["参数!B6 损失线1:应为数字，填的是文本格式的数字“80%”"]
    table = session.book.tables["班长"]
    assert session.book.cell(table, table.first_row, "校验") == "参数:请先改正“参数”表中的错误"


def test_places_are_counted_only_where_all_grades_are_right() -> None:
    slug = "primary-addons"

    def edit(book: Workbook) -> None:
        book["等次"]["C6"] = "0.9%"

    session = edited(built(slug, first_case(slug)), edit)
    table = session.book.tables["等次"]
    rows = [row for row in table.rows if session.book.cell(table, row, "等次")]
    assert len(rows) == 3
    assert all(
        isinstance(session.book.cell(table, row, name), CellError) for row in rows for name in ("实际人数", "名额")
    )


def test_a_parameter_whose_error_stops_only_what_reads_it_is_told_once() -> None:
    session = computed(built("county-hospital-two-level", {"tables": {"科室": [{"科室": "内科"}]}}))
    assert [fault.cell for fault in all_faults(session) if "当季医疗总收入" in fault.rule] == ["B6"]
