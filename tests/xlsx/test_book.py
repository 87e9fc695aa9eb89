"""A computed workbook is read back by table, name and cell."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from addin.headless import Book, WorkbookError, calculate, read_book
from addin.xlsx.model import Cell, Problem, Report, Sheet, Workbook
from addin.xlsx.plainlists import plain_lists


@pytest.fixture
def book(tmp_path: Path) -> Book:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as target:
        page = target.add_worksheet("人员")
        page.add_table("A3:C5", {"name": "人员", "columns": [{"header": name} for name in ("姓名", "入职", "得分")]})
        page.write("A4", "杨雪梅")
        page.write_datetime("B4", date(2019, 7, 1), target.add_format({"num_format": "yyyy-mm-dd"}))
        page.write_formula("C4", "=40+2", None, 0)
        large = target.add_worksheet("明细")
        large.write_column("A1", ["项目", "迟到"])
        target.define_name("_KAOHE.明细", "=明细!$A$1:$A$2")
        target.define_name("满分", "=人员!$C$4")
    calculate(path)
    return read_book(path)


def test_tables_of_both_kinds_give_their_rows(book: Book) -> None:
    found = {
        name: [
            [book.value(table.sheet, row, col) for col in range(table.first_col, table.last_col + 1)]
            for row in range(table.first_row, table.last_row + 1)
        ]
        for name, table in book.tables.items()
    }
    assert found == {"人员": [["杨雪梅", 43647.0, 42.0], [None, None, None]], "明细": [["迟到"]]}


def test_sheets_and_names(book: Book) -> None:
    assert book.sheets == ["人员", "明细"]
    assert book.names["满分"] == "人员!$C$4"


def test_dates_and_formulas_are_told_from_numbers(book: Book) -> None:
    assert book.is_date("人员", 3, 1)
    assert not book.is_date("人员", 3, 2)
    assert book.is_formula("人员", 3, 2)
    assert not book.is_formula("人员", 3, 1)


def test_a_path_may_be_text(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match="找不到文件"):
        read_book(str(tmp_path / "没有.xlsx"))


def test_importing_the_engine_loads_no_parser() -> None:
    """``kaohe --help`` answers at once."""
    code = (
        "import sys, addin.headless; print([m for m in ('formulas', 'lxml', 'openpyxl', 'pandas') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


@pytest.mark.parametrize(
    ("meant", "cell"),
    [
        ("汇总!$B$3", ("汇总", 2, 1)),
        ("'甲''乙 丙'!$A$1", ("甲'乙 丙", 0, 0)),
        ("汇总!$B$3:$B$4", None),
        ("汇总!$B:$B", None),
        ("没有!$B$3", None),
        ("#REF!", None),
        ("0.9", None),
    ],
)
def test_a_name_means_one_cell_or_none(meant: str, cell: tuple[str, int, int] | None) -> None:
    book = Book(Workbook({"汇总": Sheet("汇总"), "甲'乙 丙": Sheet("甲'乙 丙")}, {"合计x": meant}))
    assert book.named_cell("合计X") == cell
    assert book.named_cell("没有") is None


def sheet_of(*rows: tuple[Cell, ...]) -> Workbook:
    sheet = Sheet("名单")
    for row, cells in enumerate(rows):
        for col, cell in enumerate(cells):
            sheet.set(row, col, cell)
    return Workbook({"名单": sheet})


@pytest.mark.parametrize(
    ("rows", "columns", "first", "last"),
    [
        ([("单位", None), (None, "得 分", "姓名"), (None, 90.0, "甲"), (None, None, ""), (None, 80.0, "乙")], ("得分", "姓名"), 2, 2),
        ([("工号", "得分"), ("007", 90.0), ("008", None)], ("工号", "得分"), 1, 2),
        # 姓名 goes before 工号, and what stands apart is no column of the list.
        ([("工号", None, "姓名", "得分"), ("007", None, "甲", 90.0)], ("姓名", "得分"), 1, 1),
        ([("姓名", "", "得分"), ("甲", "", 90.0)], None, 0, 0),
        ([("姓名", 2026.0), ("甲", 90.0)], None, 0, 0),
        ([("姓名", "得分")], None, 0, 0),
        ([*[("说明", None)] * 29, ("姓名", "得分"), ("甲", 90.0)], ("姓名", "得分"), 30, 30),
        ([*[("说明", None)] * 30, ("姓名", "得分"), ("甲", 90.0)], None, 0, 0),
    ],
)  # fmt: skip
def test_lists_of_people_are_found_by_their_headings(
    rows: list[tuple[Cell, ...]], columns: tuple[str, ...] | None, first: int, last: int
) -> None:
    found = plain_lists(sheet_of(*rows))
    if columns is None:
        assert found == {}
    else:
        table = found["名单"]
        assert (table.columns, table.first_row, table.last_row) == (columns, first, last)


def test_cells_that_read_what_cannot_be_computed_are_counted() -> None:
    found = Problem("人员", "C2", "NOSUCH(1)", "函数 NOSUCH 不受支持", cells=2, dependents=3)
    assert Report(9, (found, found)).uncomputed == 10
    assert str(found).endswith("，同列共 2 个单元格，另有 3 个单元格因此无法计算")
