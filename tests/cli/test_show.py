"""``kaohe show``: what a workbook's tables say, as aligned text, as JSON, as CSV that no program takes for formulas."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.table import Table

from addin.shared.texts import aligned, as_typed, csv_text, decoded, shown, text_table
from addin.shared.widths import width
from tests.support import PERSON, SLUG, Kaohe, data


def table(path: Path, name: str, *rows: list[Any]) -> Path:
    """A workbook with one Excel table, as a clerk makes it."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.active.add_table(Table(name=name, displayName=name, ref=book.active.dimensions))
    book.save(path)
    return path


def test_text_is_aligned_for_characters_of_double_width(kaohe: Kaohe, tmp_path: Path) -> None:
    table(tmp_path / "a.xlsx", "人员", ["姓名", "得分"], ["欧阳海涛", 88.5], ["Li", 9], ["合计", None])
    assert kaohe("show", "a.xlsx").out.splitlines() == [
        "【人员】",
        "姓名      得分",
        "欧阳海涛  88.5",
        "Li        9",
        "合计",
    ]


@pytest.mark.parametrize("form", [[], ["--json"], ["--csv"]])
def test_formulas_that_nobody_computed_are_told(kaohe: Kaohe, tmp_path: Path, form: list[str]) -> None:
    """As libraries save workbooks that they have edited: the formulas without their results."""
    path = table(tmp_path / "a.xlsx", "人员", ["姓名", "得分", "等次"], ["甲", "=80+9", '=IF(B2>90,"优","")'])
    run = kaohe("show", "a.xlsx", *form)
    assert (run.code, run.err.startswith("a.xlsx 中有 2 个公式没有保存结果（例如 Sheet!B2）")) == (1, True)
    assert kaohe("calc", "a.xlsx").code == 0
    assert (kaohe("show", path.name, *form).code, kaohe("show", path.name, *form).err) == (0, "")


def test_json_is_tables_of_rows(kaohe: Kaohe, tmp_path: Path) -> None:
    table(
        tmp_path / "a.xlsx",
        "人员",
        ["姓名", "得分", "入职", "记录", "在岗"],
        ["甲", 88.5, date(2015, 6, 30), datetime(2024, 1, 2, 8, 30), True],
        ["乙", 90.0, None, None, "#VALUE!"],
    )
    assert json.loads(kaohe("show", "a.xlsx", "--json").out) == {
        "人员": [
            {"姓名": "甲", "得分": 88.5, "入职": "2015-06-30", "记录": "2024-01-02 08:30:00", "在岗": True},
            {"姓名": "乙", "得分": 90, "入职": None, "记录": None, "在岗": "#VALUE!"},
        ]
    }
    assert '"得分": 90,' in kaohe("show", "a.xlsx", "--json").out


HALVES = [(0.5, 1), (1.5, 2), (2.5, 3), (3.5, 4), (4.5, 5), (4.4999, 4)]
"""Seconds, and the whole ones that are shown."""


@pytest.mark.parametrize(
    ("number", "form", "told"),
    [
        (0, "h:mm", "00:00"),
        (0.354166666666667, "hh:mm", "08:30"),
        (0.00381944444444444, "h:mm:ss", "00:05:30"),
        (0.999988425925926, "h:mm", "23:59:59"),
        (1, "h:mm", 1),
        (0.999999, "h:mm", 0.999999),
        (0.999999, "[h]:mm", "24:00"),
        (1, "[h]:mm", "24:00"),
        (4.21180555555556, "[h]:mm:ss", "101:05"),
        (-0.5, "[h]:mm", -0.5),
        *((seconds / 86400, "h:mm:ss", f"00:00:0{shown}") for seconds, shown in HALVES),
        *((seconds / 86400, "[h]:mm:ss", f"00:00:0{shown}") for seconds, shown in HALVES),
        (46346.5, "yyyy-mm-dd hh:mm", "2026-11-20 12:00:00"),
        *((46346 + seconds / 86400, "yyyy-mm-dd hh:mm:ss", f"2026-11-20 00:00:0{shown}") for seconds, shown in HALVES),
        (2958465.99999, "yyyy-mm-dd hh:mm:ss", "9999-12-31 23:59:59"),
        (2958465.999999, "yyyy-mm-dd hh:mm:ss", 2958465.999999),
        (2958466, "[h]:mm", 2958466),
        (0.5, "0.00", 0.5),
    ],
)
def test_times_are_what_their_cells_show(kaohe: Kaohe, tmp_path: Path, number: float, form: str, told: Any) -> None:
    """A day in a cell that shows only its time is left a number: neither its day nor its time may be lost."""
    book = Workbook()
    for row in (["姓名", "时间"], ["甲", number]):
        book.active.append(row)
    book.active["B2"].number_format = form
    book.active.add_table(Table(name="人员", displayName="人员", ref="A1:B2"))
    book.save(tmp_path / "a.xlsx")
    assert json.loads(kaohe("show", "a.xlsx", "--json").out) == {"人员": [{"姓名": "甲", "时间": told}]}
    assert kaohe("show", "a.xlsx", "--csv").out.splitlines()[1] == f"甲,{told}"
    assert kaohe("show", "a.xlsx").out.splitlines()[-1] == f"甲    {told}"


def test_a_workbook_from_a_template_shows_its_tables_and_its_summary(kaohe: Kaohe) -> None:
    kaohe("new", SLUG, "-o", "a.xlsx")
    found = json.loads(kaohe("show", "a.xlsx", "--json").out)
    assert list(found)[-2:] == ["汇总", "核对"] and "参数" not in found
    assert found["人员"] == []
    assert found["汇总"]["参加人数"] == 0
    assert "（没有填写的行）" in kaohe("show", "a.xlsx").out


def test_hidden_columns_are_shown_to_programs_only(kaohe: Kaohe, tmp_path: Path) -> None:
    kaohe("new", SLUG, "-o", "a.xlsx", "--data", data(tmp_path, PERSON))
    headings = kaohe("show", "a.xlsx", "--table", "人员").out.splitlines()[1].split()
    assert {"医德医风", "校验", "等次"} <= set(headings) and not {"并列依据1"} <= set(headings)
    assert "并列依据1" in json.loads(kaohe("show", "a.xlsx", "--json").out)["人员"][0]


def test_one_table_alone(kaohe: Kaohe, tmp_path: Path) -> None:
    kaohe("new", SLUG, "-o", "a.xlsx", "--data", data(tmp_path, PERSON))
    assert list(json.loads(kaohe("show", "a.xlsx", "--table", "岗位", "--json").out)) == ["岗位"]
    assert "参加人数" in json.loads(kaohe("show", "a.xlsx", "--table", "汇总", "--json").out)["汇总"]
    assert "小数位" in kaohe("show", "a.xlsx", "--table", "参数").out
    assert kaohe("show", "a.xlsx", "--table", "岗位", "--csv").out.startswith("\ufeff序号,岗位类别,岗位系数")


def test_csv_is_the_widest_table_unless_one_is_named(kaohe: Kaohe, tmp_path: Path) -> None:
    kaohe("new", SLUG, "-o", "a.xlsx", "--data", data(tmp_path, PERSON))
    assert kaohe("show", "a.xlsx", "--csv").out.startswith("\ufeff序号,姓名,工号,部门,岗位类别,医德医风")


def test_an_unknown_table_is_refused_with_those_there_are(kaohe: Kaohe, tmp_path: Path) -> None:
    table(tmp_path / "a.xlsx", "人员", ["姓名"], ["甲"])
    run = kaohe("show", "a.xlsx", "--table", "人")
    assert (run.code, run.err) == (2, "kaohe：工作簿中没有表 人；可用的表：人员\n")


def test_a_clerks_own_table_may_be_called_like_ours(kaohe: Kaohe, tmp_path: Path) -> None:
    table(tmp_path / "a.xlsx", "汇总", ["科室", "人数"], ["内科", 3])
    assert json.loads(kaohe("show", "a.xlsx", "--json").out) == {"汇总": [{"科室": "内科", "人数": 3}]}


def test_a_workbook_without_tables_says_what_to_do(kaohe: Kaohe, tmp_path: Path) -> None:
    Workbook().save(tmp_path / "a.xlsx")
    run = kaohe("show", "a.xlsx")
    assert run.code == 2 and "没有表格" in run.err


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+A1",
        "-A1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =cmd|'/c calc'!A1",
        "＝1+1",
        "＋1",
        "－甲",
        "＠A",
        "--1",
        "-",
    ],
)
def test_text_that_begins_a_formula_is_quoted_in_csv(text: str) -> None:
    assert cells(csv_text([{"备注": text}])) == [["备注"], ["'" + text]]


@pytest.mark.parametrize("value", ["-5", "+3.5", "-1e3", "张三", "a=b", "", "85分", "'x"])
def test_other_text_and_numbers_written_as_text_stay_as_they_are(value: str) -> None:
    assert cells(csv_text([{"备注": value}])) == [["备注"], [value] if value else [""]]


def test_numbers_in_csv_are_numbers() -> None:
    assert cells(csv_text([{"a": -5, "b": -0.1, "c": None, "d": True, "e": 1e20}]))[1] == [
        "-5",
        "-0.1",
        "",
        "TRUE",
        "1E+20",
    ]


def test_headings_are_quoted_like_cells() -> None:
    assert cells(csv_text([{"=1": 1}]))[0] == ["'=1"]


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12))
def test_no_cell_of_csv_begins_like_a_formula(text: str) -> None:
    ((_,), (cell,)) = cells(csv_text([{"x": "_" if text == "" else text}]))
    assert (
        not cell.startswith(tuple("=+-@\t\r＝＋－＠"))
        or cell.strip().lstrip("+-").replace(".", "")[:1].isdigit()
        or (cell.lstrip("+-").lower() in ("inf", "nan", "infinity"))
    )


def cells(text: str) -> list[list[str]]:
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


@given(st.lists(st.tuples(st.text("ab考核", max_size=5), st.text("c优秀", max_size=5)), min_size=1))
def test_columns_begin_at_the_same_place_in_every_line(lines: list[tuple[str, str]]) -> None:
    second = max(width(line[0]) for line in lines) + 2
    for line, cut in zip(lines, aligned(lines).split("\n"), strict=True):
        assert cut == (line[0] + " " * (second - width(line[0])) + line[1]).rstrip()


def test_a_value_cannot_break_the_table_or_the_terminal() -> None:
    assert text_table([{"a": "x\ny\x1b[2J"}]) == "a\nx y [2J"
    assert [shown(value) for value in (None, False, 0.1 + 0.2, 1e-7)] == ["", "FALSE", "0.3", "0.0000001"]


def test_a_path_that_a_shell_would_take_apart_is_told_in_quotes() -> None:
    plain = ("考核.xlsx", "/a/b-c_1.xlsx", r"C:\a\b.xlsx")
    assert [as_typed(path) for path in plain] == list(plain)
    apart = ("我的 考核.xlsx", "a(1).xlsx", "a&b.xlsx", "")
    assert [as_typed(path) for path in apart] == [f'"{path}"' for path in apart]


def test_texts_are_read_in_the_encodings_of_china() -> None:
    text = "单位,甲\n"
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "gbk", "gb18030"):
        assert decoded(text.encode(encoding)) == text, encoding
    assert decoded(b"\xff") is None
