"""``kaohe upgrade``: what it says of what was carried along, of what was not, and of what is wrong in the new workbook."""

from __future__ import annotations

from pathlib import Path

from openpyxl import load_workbook

from tests.support import PERSON, SLUG, Kaohe, data


def test_what_is_left_and_what_is_wrong_is_told_with_the_workbook_it_stands_in(kaohe: Kaohe, tmp_path: Path) -> None:
    assert kaohe("new", SLUG, "-o", "a.xlsx", "--data", data(tmp_path, {**PERSON, "医德医风": 99})).code == 0
    book = load_workbook(tmp_path / "a.xlsx")
    book.create_sheet("我的统计")["A1"] = "=NOSUCH(1)"
    people = book["人员"]
    people.cell(5, people.max_column + 2, "手机号")
    book.save(tmp_path / "a.xlsx")
    run = kaohe("upgrade", "a.xlsx")
    told = run.out.splitlines()
    assert run.code == 1 and "一并带入：工作表“我的统计”" in told
    assert any(line.startswith("没有带入") and line.endswith("需要的请在新工作簿中补上") for line in told)
    assert any(line.startswith("无法计算 我的统计!A1") and "NOSUCH" in line for line in told)
    assert told[-1] == "以上单元格在 a_升级.xlsx 中：共 1 处错误，1 个单元格无法计算"


def test_nothing_is_counted_where_nothing_is_wrong(kaohe: Kaohe, tmp_path: Path) -> None:
    assert kaohe("new", SLUG, "-o", "a.xlsx", "--data", data(tmp_path, PERSON)).code == 0
    run = kaohe("upgrade", "a.xlsx")
    assert (run.code, len(run.out.splitlines())) == (0, 1)
