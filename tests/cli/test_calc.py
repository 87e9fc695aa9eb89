"""``kaohe calc``: any workbook's formulas, computed in place or into another file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.packaging.relationship import Relationship
from openpyxl.workbook.external_link.external import (
    ExternalBook,
    ExternalCell,
    ExternalLink,
    ExternalRow,
    ExternalSheetData,
    ExternalSheetDataSet,
    ExternalSheetNames,
)

from tests.support import Kaohe


def workbook(path: Path, **cells: Any) -> Path:
    book = Workbook()
    for place, value in cells.items():
        book.active[place] = value
    book.save(path)
    return path


def test_the_file_itself_is_computed(kaohe: Kaohe, tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", A1=1, A2=2, A3="=SUM(A1:A2)")
    run = kaohe("calc", "a.xlsx")
    assert (run.code, run.out) == (0, "已计算 1 个单元格，写入 a.xlsx\n")
    assert load_workbook(path, data_only=True).active["A3"].value == 3


def test_with_o_the_file_stays_as_it_is(kaohe: Kaohe, tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", A1="=1+1")
    before = path.read_bytes()
    assert kaohe("calc", "a.xlsx", "-o", "b.xlsx").out == "已计算 1 个单元格，写入 b.xlsx\n"
    assert path.read_bytes() == before
    assert load_workbook(tmp_path / "b.xlsx", data_only=True).active["A1"].value == 2


def test_cells_that_cannot_be_computed_are_listed(kaohe: Kaohe, tmp_path: Path) -> None:
    workbook(tmp_path / "a.xlsx", A1="=1+1", A2="=NOSUCHFUNCTION(1)", A3="=A3+1")
    run = kaohe("calc", "a.xlsx")
    assert run.code == 1
    assert "无法计算 Sheet!A2：" in run.out and "无法计算 Sheet!A3：" in run.out
    assert "已计算 1 个单元格" in run.out and "共 2 个单元格无法计算，保留原值" in run.out


@pytest.mark.parametrize(
    ("out", "told"), [("b.xlsm", "应与原文件同为 .xlsx 格式"), ("none/b.xlsx", "文件夹 none 不存在")]
)
def test_a_result_that_would_not_open_is_refused(kaohe: Kaohe, tmp_path: Path, out: str, told: str) -> None:
    workbook(tmp_path / "a.xlsx", A1="=1+1")
    run = kaohe("calc", "a.xlsx", "-o", out)
    assert run.code == 2 and told in run.err


@pytest.mark.parametrize("command", ["calc", "check", "show"])
def test_what_is_no_workbook_is_refused(kaohe: Kaohe, tmp_path: Path, command: str) -> None:
    (tmp_path / "a.xlsx").write_text("姓名,得分\n", encoding="utf-8")
    run = kaohe(command, "a.xlsx")
    assert (run.code, run.out) == (2, "")
    assert run.err == "kaohe：a.xlsx 不是 Excel 工作簿，而是“文本（如 .csv）”；请在打开它的程序中另存为 .xlsx 后再试\n"


def test_values_kept_of_another_workbook_are_told(kaohe: Kaohe, tmp_path: Path) -> None:
    path = workbook(tmp_path / "自己.xlsx", A1="=[1]分!$A$1*2")
    sheet = ExternalSheetData(sheetId=0, row=[ExternalRow(r=1, cell=[ExternalCell(r="A1", v="21")])])
    other = ExternalLink(
        ExternalBook(
            sheetNames=ExternalSheetNames(sheetName=["分"]),
            sheetDataSet=ExternalSheetDataSet(sheetData=[sheet]),
        )
    )
    other.file_link = Relationship(type="externalLinkPath", Target="打分.xlsx", TargetMode="External", Id="rId1")
    book = load_workbook(path)
    vars(book)["_external_links"].append(other)
    book.save(path)
    run = kaohe("calc", path)
    assert run.code == 0 and "注意：公式引用了工作簿 打分.xlsx：用的是本文件中保存的值" in run.out
    assert load_workbook(path, data_only=True).active["A1"].value == 42


def test_long_formulas_are_told_in_short(kaohe: Kaohe, tmp_path: Path) -> None:
    workbook(tmp_path / "a.xlsx", A1="=NOSUCH(1)" + "+1" * 96, C1="=NOSUCH(1)" + "+1" * 95)
    told = kaohe("calc", "a.xlsx").out.splitlines()
    assert told[0] == "无法计算 Sheet!A1：函数 NOSUCH 不受支持（=NOSUCH(1)" + "+1" * 95 + "+…）"
    assert told[1] == "无法计算 Sheet!C1：函数 NOSUCH 不受支持（=NOSUCH(1)" + "+1" * 95 + "）"
