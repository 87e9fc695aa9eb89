"""``kaohe batch --expect``: which units have sent nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from addin.batch.expected import Expected
from addin.batch.places import REPORT
from addin.batch.work import DONE, Done
from addin.shared.exits import UserError
from tests.support import Kaohe

UNITS = ["甲卫生院", "乙卫生院", "丙卫生院"]


def book(path: Path, *rows: tuple[Any, ...]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    made = Workbook()
    for row in rows:
        made.active.append(row)
    made.save(path)
    return path


def people(path: Path, unit: str = "") -> Path:
    return book(path, ("考核表",), (f"单位名称：{unit}    考核期间:",), ("姓名", "得分"), (path.stem, 90))


def test_who_has_sent_nothing_is_told_and_changes_the_exit_code(kaohe: Kaohe, tmp_path: Path) -> None:
    people(tmp_path / "in" / "1.xlsx", "甲卫生院")
    people(tmp_path / "in" / "乙卫生院" / "一季度.xlsx")
    people(tmp_path / "in" / "乙卫生院" / "二季度.xlsx")
    people(tmp_path / "in" / "别处.xlsx", "丁卫生院")
    (tmp_path / "in" / "坏.xlsx").write_bytes(b"PK")
    (tmp_path / "名单.txt").write_text("\n".join([*UNITS, "", " 甲卫生院 "]), encoding="utf-8")
    run = kaohe("batch", "in", "-o", "out", "--expect", "名单.txt", "--collect", "汇总.xlsx")
    assert run.code == 1 and "没有报送的单位 1 个：丙卫生院\n" in run.out
    report = load_workbook(tmp_path / "out" / REPORT)
    assert list(report["单位"].iter_rows(min_row=2, values_only=True)) == [
        ("甲卫生院", 1, "1.xlsx"),
        ("乙卫生院", 2, "乙卫生院/一季度.xlsx、乙卫生院/二季度.xlsx"),
        ("丙卫生院", 0, "没有报送"),
        ("丁卫生院", "名单外", "别处.xlsx"),
    ]
    assert ("没有报送的单位", 1) in report["概况"].iter_rows(values_only=True)
    attention = list(load_workbook(tmp_path / "汇总.xlsx")["须注意"].iter_rows(min_row=2, values_only=True))
    assert attention == [
        ("乙卫生院/一季度.xlsx、乙卫生院/二季度.xlsx", "乙卫生院", "报送了 2 个文件"),
        (None, "丙卫生院", "没有报送"),
        ("别处.xlsx", "丁卫生院", "不在应报送的单位名单中"),
        ("坏.xlsx", None, "没有汇入：坏.xlsx 已损坏或不完整，无法打开；请从备份恢复或重新保存"),
    ]
    (tmp_path / "in" / "坏.xlsx").unlink()
    people(tmp_path / "in" / "丙卫生院.xlsx")
    run = kaohe("batch", "in", "-o", "out", "--expect", "名单.txt")
    assert run.code == 0 and "没有报送" not in run.out


def test_lists_are_read_as_they_come(tmp_path: Path) -> None:
    text, saved, table = tmp_path / "a.txt", tmp_path / "b.csv", tmp_path / "c.csv"
    text.write_text("\ufeff" + "\r\n".join(UNITS), encoding="utf-8")
    saved.write_bytes("序号,单位名称,联系人\r\n1,甲卫生院,张\r\n2,乙卫生院\r\n3,丙卫生院,李\r\n".encode("gb18030"))
    table.write_text(',"甲卫生院"\n,乙卫生院\n,丙卫生院\n', encoding="utf-8")
    sheet = book(tmp_path / "d.xlsx", ("全县名单",), ("序号", "单 位"), *enumerate(UNITS, start=1))
    for path in (text, saved, table, sheet):
        assert list(Expected.read(path).sent) == UNITS
    text.write_text("\n \n", encoding="utf-8")
    with pytest.raises(UserError, match="没有单位名称"):
        Expected.read(text)
    text.write_bytes(b"\x81\xff")
    with pytest.raises(UserError, match="不是文本文件"):
        Expected.read(text)
    with pytest.raises(UserError, match="无法读取名单"):
        Expected.read(tmp_path / "无.txt")


@pytest.mark.parametrize(
    ("name", "unit", "belongs"),
    [
        ("x/y.xlsx", "ABC院", "ABC院"),
        ("x/y.xlsx", "ABC 院", "ABC院"),
        ("ABC院/甲院.xlsx", "", "甲院"),
        ("ABC院/y.xlsx", "甲院", "甲院"),
        ("ABC院/内/y.xlsx", "", "ABC院"),
        ("ABC院.xlsx", "丁院", "ABC院"),
        ("甲院分院.xlsx", "", None),
        ("甲.xlsx", "甲院2", None),
    ],
)
def test_a_file_belongs_to_the_unit_of_exactly_that_name(name: str, unit: str, belongs: str | None) -> None:
    expected = Expected(["ABC院", "甲院"])
    expected.hear(Done(name, DONE, unit=unit))
    assert [each for each, files in expected.sent.items() if files] == ([belongs] if belongs else [])
    assert bool(expected.strangers) is (belongs is None)


def test_only_who_sends_several_files_is_told_to() -> None:
    units = Expected(["甲院", "乙院", "丙院"])
    for name in ("甲院.xlsx", "乙院/1.xlsx", "乙院/2.xlsx"):
        units.hear(Done(name, DONE))
    assert units.repeated == ["乙院"] and units.missing == ["丙院"]


def test_copies_of_a_file_are_told(kaohe: Kaohe, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("甲.xlsx", "甲 - 副本.xlsx", "甲 (1).xlsx"):
        book(tmp_path / "in" / name, ("姓名", "得分"), ("张三", 90))
    book(tmp_path / "in" / "乙.xlsx", ("姓名", "得分"), ("张三", 91))
    copy = (tmp_path / "in" / "甲.xlsx").read_bytes()
    (tmp_path / "in" / "甲 - 副本.xlsx").write_bytes(copy)
    (tmp_path / "in" / "甲 (1).xlsx").write_bytes(copy)
    run = kaohe("batch", "in", "-o", "out", "--collect", "all.xlsx")
    names = "甲 (1).xlsx、甲 - 副本.xlsx、甲.xlsx"
    assert run.code == 0 and f"内容完全相同的文件 3 个，都已计入：{names}\n" in run.out
    report = load_workbook(tmp_path / "out" / REPORT)
    assert [row[:3] for row in report["文件"].iter_rows(min_row=2, values_only=True)] == [
        ("乙.xlsx", "完成", None),
        ("甲 (1).xlsx", "完成", "与 甲 - 副本.xlsx 的内容完全相同"),
        ("甲 - 副本.xlsx", "完成", "与 甲 (1).xlsx 的内容完全相同"),
        ("甲.xlsx", "完成", "与 甲 (1).xlsx 的内容完全相同"),
    ]
    assert ("与别的文件内容相同", 3) in report["概况"].iter_rows(values_only=True)
    told = list(load_workbook(tmp_path / "all.xlsx")["须注意"].iter_rows(min_row=2, values_only=True))
    assert told[0] == (names, None, "3 个文件的内容完全相同，都已计入；多余的请移走，再运行一次")
