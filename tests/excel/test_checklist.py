"""The check list for Excel says what the sample workbook shows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from addin.headless import calculate
from addin.headless.newbook import new_workbook
from tests.functions.cases import cases
from tests.functions.workbook import ANSWERS, build
from tests.functions.workbook import LIST as SHEET
from tests.support import PROJECT
from workbook_templates.scheme.catalogue import load, sample

HALF_WIDTH = str.maketrans("：，", ":,")
LIST = (PROJECT / "docs" / "excel.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("checklist") / "示例.xlsx"
    new_workbook(load("health-centre-staff"), path, sample("health-centre-staff"))
    return path


def people(path: Path, tmp_path: Path, score: Any = 9) -> Any:
    """The table of people, once F6 was edited."""
    edited = tmp_path / "edited.xlsx"
    book = openpyxl.load_workbook(path)
    book["人员"]["F6"] = score
    book.save(edited)
    calculate(edited)
    return openpyxl.load_workbook(edited, data_only=True)["人员"]


def test_the_sample_is_as_the_list_says(workbook: Path, tmp_path: Path) -> None:
    sheet = people(workbook, tmp_path)
    assert [sheet[cell].value for cell in ("B6", "F5", "F6", "W5", "W6", "R6")] == [
        "林海涛", "医德医风", 9, "绩效考核得分", 103.2, "通过",
    ]  # fmt: skip
    assert "第 6 行林海涛的绩效考核得分 103.2，校验“通过”" in LIST and "选中 人员!W6，点解释得分" in LIST


def test_an_edit_does_what_the_list_says(workbook: Path, tmp_path: Path) -> None:
    assert people(workbook, tmp_path, 8)["W6"].value == 102
    assert "| F6（医德医风）的 9 改为 8 | 得分立即变为 102；" in LIST


def test_a_text_is_refused_as_the_list_says(workbook: Path, tmp_path: Path) -> None:
    sheet = people(workbook, tmp_path, "9分")
    assert sheet["W6"].value == "#VALUE!"
    told = f"| F6 粘贴文本 `9分` | 这一行的“校验”写明“{sheet['R6'].value}”，得分和汇总为 `#VALUE!`"
    assert told.translate(HALF_WIDTH) in LIST.translate(HALF_WIDTH)


def test_the_list_can_be_filled_in_and_counts_what_was_seen(tmp_path: Path) -> None:
    path = tmp_path / "check.xlsx"
    build(path, cases()[:1])
    book = openpyxl.load_workbook(path)
    sheet = book[SHEET]
    numbers = [text for row in sheet.iter_rows() if (text := str(row[0].value or ""))[:1].isdigit()]
    assert numbers == re.findall(r"^\| (\d+\.\d+) \|", LIST, re.MULTILINE) and numbers[0] == "1.1"
    shown = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert not any("`" in text or "](" in text for text in shown)
    first = next(row[0].row for row in sheet.iter_rows() if row[0].value == "1.1")
    for row, answer in enumerate((*ANSWERS, ANSWERS[0]), first):
        sheet.cell(row, 4).value = answer
    book.save(path)
    calculate(path)
    told = openpyxl.load_workbook(path, data_only=True)[SHEET]["B5"].value
    assert told.split() == ["一样", "2", "不同", "1", "没有做", "1"]
