"""加人, 加行, 粘贴名单 and 去空行 on files."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from addin.checking.workbook import all_faults
from addin.headless.newbook import new_workbook
from addin.headless.session import Session
from addin.macros import MACROS
from addin.macros.growing import clipboard, roster
from addin.macros.growing.lists import of_text, read_list
from addin.macros.runner import Ran
from addin.macros.runner import run as run_macro
from addin.shared.exits import UserError
from tests.support import Made, edit
from workbook_templates.scheme.catalogue import load
from workbook_templates.scheme.model import DEFAULT_CAPACITY

SLUG, PEOPLE, COUNT = "health-centre-staff", "人员", 12
HEADINGS = "姓名\t工号\t部门\t岗位类别\t医德医风\t工作态度\t组织纪律\t服务对象满意\t工作数量\t工作质量\t工作效率\t服务成效\t满意度（%）\t绩效基数*"
FULL = "医\t10\t8\t9\t8\t20\t20\t10\t15\t100%\t3,000.50"


@pytest.fixture(params=[False, True], ids=["tables", "arrays"])
def path(request: pytest.FixtureRequest, scheme_book: Made, tmp_path: Path) -> Path:
    return Path(shutil.copy(scheme_book(SLUG, request.param), tmp_path / "考核.xlsx"))


def run(name: str, path: Path, **options: str) -> Ran:
    return run_macro(MACROS[name], path, path.parent, [f"{key}={value}" for key, value in options.items()])


def column(path: Path, name: str) -> list[Any]:
    book = Session.open(path).book
    table = book.tables[PEOPLE]
    return book.workbook.sheets[PEOPLE].cells(table.column(name), table.first_row, table.last_row)


def faults(path: Path) -> list[str]:
    session = Session.open(path)
    session.compute()
    return [fault.rule for fault in all_faults(session)]


def listed(tmp_path: Path, *people: str) -> str:
    file = tmp_path / "名单.txt"
    file.write_text("\n".join([HEADINGS, *(f"{person}\t{FULL}" for person in people)]), encoding="utf-8")
    return str(file)


def test_a_list_makes_the_table_as_long_as_it_takes(path: Path, tmp_path: Path) -> None:
    file = listed(tmp_path, "甲\t007\t内科", "乙\t008\t外科", "合计\t\t")
    ran = run("paste", path, file=file)
    assert ran.is_sound and ran.outcome.summary == "加了 2 行；表 人员 加长了 2 行，现在到第 19 行"
    assert column(path, "姓名")[COUNT - 1 :] == ["杨雪梅", "甲", "乙"]
    assert column(path, "工号")[-2:] == ["007", "008"] and column(path, "满意度")[-1] == 1
    assert column(path, "绩效考核得分")[-2:] == [120, 120] and column(path, "实发绩效")[-1] == 3000.5
    assert faults(path) == []


def test_a_blank_table_becomes_as_long_as_the_list(tmp_path: Path) -> None:
    path = tmp_path / "新.xlsx"
    new_workbook(load(SLUG), path)
    assert len(column(path, "姓名")) == DEFAULT_CAPACITY
    ran = run("paste", path, file=listed(tmp_path, "甲\t\t", "乙\t\t", "丙\t\t"))
    assert ran.outcome.summary == "加了 3 行；表 人员 去掉了 27 个空行，现在到第 8 行"
    assert column(path, "姓名") == ["甲", "乙", "丙"]
    run("trim", path)
    assert column(path, "姓名") == ["甲", "乙", "丙"]


def test_a_list_pasted_again_adds_nobody(path: Path, tmp_path: Path) -> None:
    file = listed(tmp_path, "甲\t007\t内科", "甲\t007\t内科", "林海涛\t\t")
    ran = run("paste", path, file=file)
    assert [(m.text, m.cell) for m in ran.messages] == [
        ("甲（007）在名单中有两次（工号相同），第二次没有加入", None),
        ("林海涛已在表中（姓名相同，其中有人没有工号），没有再加", "B6"),
    ]
    before = path.read_bytes()
    again = run("paste", path, file=file)
    assert not again.is_sound and len(again.messages) == 3 and path.read_bytes() == before


def test_who_has_the_number_of_somebody_else_is_told_with_his_name(path: Path, tmp_path: Path) -> None:
    ran = run("paste", path, file=listed(tmp_path, "甲\t007\t内科", "乙\t007\t外科"))
    assert [(m.text, m.cell) for m in ran.messages] == [("乙（007）没有加入：工号与名单中的甲相同，请核对", None)]
    again = run("paste", path, file=listed(tmp_path, "丙\t007\t外科"))
    assert [(m.text, m.cell) for m in again.messages] == [("丙（007）没有加入：工号与表中的甲相同，请核对", "B18")]
    assert column(path, "姓名")[COUNT:] == ["甲"]


@pytest.mark.parametrize("heading", ["序号", "单位"])
def test_a_total_is_nobody_also_where_its_word_stands_in_another_column(
    heading: str, path: Path, tmp_path: Path
) -> None:
    file = tmp_path / "名单.txt"
    file.write_text(f"{heading}\t姓名\t工号\n1\t甲\t007\n合计\t1人\t\n", encoding="utf-8")
    assert run("paste", path, file=str(file)).outcome.summary.startswith("加了 1 行；")
    assert column(path, "姓名")[COUNT:] == ["甲"]


def test_what_the_table_has_not_is_told(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "名单.csv"
    file.write_bytes("序号,备注,姓名,等次\n1,x,甲,优秀\n".encode("gb18030"))
    ran = run("paste", path, file=str(file))
    assert [m.text for m in ran.messages] == [
        "名单中的列“备注”不在表 人员 中，没有粘贴",
        "列“等次”由公式计算，没有粘贴",
    ]
    assert column(path, "姓名")[-1] == "甲" and {rule.partition(":")[2] for rule in faults(path)} == {"待填"}


def test_spare_rows_come_to_the_number_wanted_and_go_again(path: Path) -> None:
    before, results = column(path, "姓名"), column(path, "实发绩效")
    for _ in range(2):
        assert run("rows", path, count="5").is_sound
        assert len(column(path, "姓名")) == COUNT + 5
    assert faults(path) == [] and column(path, "实发绩效")[:COUNT] == results
    assert run("add", path, names="甲、乙").outcome.summary == "加了 2 行；表 人员 不用加长"
    assert column(path, "姓名") == [*before, "甲", "乙", None, None, None]
    assert run("trim", path).outcome.summary == "表 人员 去掉了 3 个空行"
    assert column(path, "姓名") == [*before, "甲", "乙"]
    again = run("trim", path)
    assert again.outcome.summary == "表 人员 没有可以去掉的空行"
    assert again.is_sound and again.messages == (), (
        "甲 and 乙 are still to be filled in, which is no error of this macro"
    )
    refused = run("print", path)
    assert "工作簿有 22 处待填，请先填完" in refused.outcome.summary and not refused.is_sound


def test_who_stands_below_the_table_is_taken_in(path: Path) -> None:
    session = Session.open(path)
    session.type(PEOPLE, "B18", "下面的")
    session.write()
    assert any("在表 人员 下面" in rule for rule in faults(path))
    assert run("add", path).outcome.summary == "加了 0 行，表下面的 1 行收进了表内；表 人员 加长了 1 行，现在到第 18 行"
    assert column(path, "姓名")[COUNT:] == ["下面的"] and {rule.partition(":")[2] for rule in faults(path)} == {"待填"}


@pytest.mark.parametrize("written", ["合计", "制表人：王五"])
def test_a_total_or_a_note_below_the_table_is_nobody(path: Path, written: str) -> None:
    session = Session.open(path)
    session.type(PEOPLE, "B18", "下面的")
    session.type(PEOPLE, "B19", written)
    session.write()
    assert run("add", path).outcome.summary.startswith("加了 0 行，表下面的 1 行收进了表内")
    assert column(path, "姓名")[COUNT:] == ["下面的"]
    [told] = [line for line in faults(path) if "下面" in line]
    assert told.startswith("第 20 行是合计或说明，写在了表 人员 的下面")


def test_a_list_without_numbers_adds_nobody_who_has_one(path: Path) -> None:
    session = Session.open(path)
    session.type(PEOPLE, "C6", "001")
    session.write()
    ran = run("add", path, names="林海涛、新来的")
    assert [m.text for m in ran.messages] == ["林海涛已在表中（姓名相同，其中有人没有工号），没有再加"]
    assert column(path, "姓名")[COUNT:] == ["新来的"]


def test_an_open_workbook_with_arrays_gets_a_copy(scheme_book: Made, tmp_path: Path) -> None:
    path = Path(shutil.copy(scheme_book(SLUG, True), tmp_path / "考核.xlsx"))
    before = path.read_bytes()
    ran = run_macro(MACROS["add"], path, tmp_path, ["names=甲"], edits_file=False)
    assert ran.as_json()["rows"] == ran.as_json()["edits"] == [] and path.read_bytes() == before
    [copy] = ran.files
    assert copy.name == "考核_新.xlsx" and column(copy, "姓名")[-1] == "甲"


def test_what_an_open_workbook_is_to_do(scheme_book: Made, tmp_path: Path) -> None:
    path = Path(shutil.copy(scheme_book(SLUG), tmp_path / "考核.xlsx"))
    before = path.read_bytes()
    told = run_macro(MACROS["add"], path, tmp_path, ["names=甲"], edits_file=False).as_json()
    [rows] = told["rows"]
    assert (rows["sheet"], rows["row"], rows["count"], rows["columns"][0], rows["columns"][-1]) == (
        PEOPLE,
        17,
        1,
        "A",
        "AH",
    )
    cells = {edit["cell"]: edit["value"] for edit in told["edits"]}
    assert cells["B17"] == "杨雪梅" and cells["B18"] == "甲" and cells["E18"] is None and path.read_bytes() == before


def test_a_plain_list_grows_above_its_totals(own_book: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(own_book, tmp_path / "三季度.xlsx"))
    run("add", path, names="赵六")
    sheet = Session.open(path).book.workbook.sheets["三季度"]
    assert sheet.cells(1, 3, 8) == ["张三", "李四", "王五", "张三", "赵六", "合计"]
    assert sheet.cells(0, 3, 7) == [1, 2, 3, 4, None] and sheet.cells(12, 5, 7)[1:] == ["530000199001010000", None]
    assert sheet.formulas[8, 11] == "SUM(L4:L8)" and sheet.formulas[7, 8] == "ROUND(SUMPRODUCT(E8:H8,标准!$B$1:$E$1),1)"


@pytest.mark.parametrize(
    "text", ["甲\n乙\n", "姓 名\n甲\n乙", "部门，姓名\n内科，甲\n外科，乙", "标题\n\n部门\t姓名\n\t甲\n\t乙\n"]
)
def test_lists_as_they_are_copied(text: str) -> None:
    found = of_text(text, ["序号", "姓名", "部门"], "姓名")
    assert [row["姓名"] for row in found.rows] == ["甲", "乙"] and found.unknown == ()


@pytest.mark.parametrize("separator", ["\t", ","])
def test_a_quotation_mark_that_hides_the_rest_of_a_list_is_told(separator: str) -> None:
    head = f"姓名{separator}部门\r\n"
    columns = ["姓名", "部门"]
    quoted = of_text(
        head + f'甲{separator}"内\n科"\r乙{separator}12" 屏\n"丙"丁{separator}"a""b"\n"戊', columns, "姓名"
    )
    assert [tuple(row.values()) for row in quoted.rows] == [
        ("甲", "内\n科"), ("乙", '12" 屏'), ("丙丁", 'a"b'), ("戊",)
    ]  # fmt: skip
    with pytest.raises(UserError, match="名单第 3 行的引号没有配对"):
        of_text(head + f'甲{separator}内科\n乙{separator}"外科\n丙{separator}内科\n', columns, "姓名")
    with pytest.raises(UserError, match="名单第 2 行的引号没有配对"):
        of_text(head + f'"甲{separator}内科\n' + "乙\n" * 100_000, columns, "姓名")


def test_the_sheet_with_the_most_headings_is_the_list(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "名单.xlsx")) as workbook:
        workbook.add_worksheet("说明").write("A1", "姓名")
        sheet = workbook.add_worksheet("名单")
        sheet.write_row(1, 0, ["姓名", "部门"])
        sheet.write_row(2, 0, ["甲", "内科"])
    found = read_list(tmp_path / "名单.xlsx", ["姓名", "部门"], "姓名")
    assert found.rows == ({"姓名": "甲", "部门": "内科"},)


def test_what_stands_beside_a_row_stays_beside_it(path: Path) -> None:
    session = Session.open(path)
    session.type(PEOPLE, "AJ17", "本月调入")
    session.write()
    run("add", path, names="甲")
    sheet = Session.open(path).book.workbook.sheets[PEOPLE]
    assert (sheet.get(16, 1), sheet.get(16, 35), sheet.get(17, 1), sheet.get(17, 35)) == (
        "杨雪梅",
        "本月调入",
        "甲",
        None,
    )


def test_blank_rows_with_something_beside_them_stay(path: Path) -> None:
    run("rows", path, count="3")
    session = Session.open(path)
    session.type(PEOPLE, "AJ19", "小计")
    session.write()
    assert run("trim", path).outcome.summary == "表 人员 去掉了 2 个空行"
    assert Session.open(path).book.workbook.sheets[PEOPLE].get(17, 35) == "小计"


def test_tables_side_by_side_are_not_torn_apart(tmp_path: Path) -> None:
    path = tmp_path / "两表.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet("表")
        for name, col in (("甲表", 0), ("乙表", 4)):
            sheet.write_column(1, col, ["甲", "乙"])
            sheet.add_table(0, col, 3, col + 1, {"name": name, "columns": [{"header": "姓名"}, {"header": "得分"}]})
    before = path.read_bytes()
    for macro, options in (("add", {"names": "丙、丁"}), ("trim", {})):
        with pytest.raises(UserError, match="旁边有表"):
            run(macro, path, table="甲表", **options)
    assert path.read_bytes() == before


def test_what_is_no_list_is_refused(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = path.read_bytes()
    (tmp_path / "别的.txt").write_text("一,二\n三,四\n", encoding="utf-8")
    with pytest.raises(UserError, match="名单的第一行应为列标题"):
        run("paste", path, file=str(tmp_path / "别的.txt"))
    with pytest.raises(UserError, match=r"读不了名单 .*没有.txt：文件或文件夹不存在$"):
        run("paste", path, file=str(tmp_path / "没有.txt"))
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(UserError, match="剪贴板中没有名单"):
        run("paste", path)
    with pytest.raises(UserError, match="没有填写要加的人"):
        run("add", path)
    assert path.read_bytes() == before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has a clipboard of its own")
def test_a_program_that_cannot_read_the_clipboard_gives_way_to_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers = {
        "pbpaste": "/bin/sh\nexit 1",
        "wl-paste": "/none",
        "xclip": "/bin/sh\necho 姓名",
        "xsel": "/bin/sh\necho 乙",
    }
    for name, does in readers.items():
        (tmp_path / name).write_text(f"#!{does}\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert clipboard.copied_text() == "姓名\n"
    (tmp_path / "xclip").write_text("#!/bin/sh\nexec sleep 60\n", encoding="ascii")
    monkeypatch.setattr(clipboard, "_READERS", [("xclip",)])
    monkeypatch.setattr(clipboard, "_LONGEST", 0.05)
    with pytest.raises(UserError, match="剪贴板中没有名单"):
        clipboard.copied_text()


class WindowsClipboard:
    """Stands in for win32clipboard; another program has it when it is first opened, so many times."""

    error = RuntimeError

    def __init__(self, text: str, held: int = 0) -> None:
        self.text, self.held, self.is_open = text, held, False

    def OpenClipboard(self) -> None:
        self.held -= 1
        if self.held >= 0:
            raise self.error(5, "OpenClipboard", "拒绝访问。")
        self.is_open = True

    def CloseClipboard(self) -> None:
        self.is_open = False

    def IsClipboardFormatAvailable(self, kind: int) -> bool:
        return bool(self.text)

    def GetClipboardData(self, kind: int) -> str:
        assert self.is_open
        return self.text


def test_the_clipboard_of_windows_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    windows = WindowsClipboard("姓名\r\n王小龙", clipboard._TRIES - 1)
    monkeypatch.setattr(importlib, "import_module", {"win32clipboard": windows}.__getitem__)
    assert clipboard.copied_text() == "姓名\r\n王小龙" and not windows.is_open
    windows.held = clipboard._TRIES
    with pytest.raises(UserError, match="剪贴板正被其他程序占用；请再试一次，或者写出名单文件"):
        clipboard.copied_text()
    windows.text, windows.held = "", 0
    with pytest.raises(UserError, match="剪贴板中没有名单"):
        clipboard.copied_text()


def test_without_what_reads_the_clipboard_of_windows_a_file_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "win32clipboard", None)
    with pytest.raises(UserError, match=r"pywin32 没有装上；请再运行一次 python install\.py，或者写出名单文件"):
        clipboard.copied_text()


@pytest.mark.parametrize(
    ("cell", "code", "typed"),
    [
        ("123456789012345", "General", 123456789012345.0), ("1234567890123456", "General", "1234567890123456"),
        ("12.5%", "0%", 0.125), ("0.07%", "0.0%", 0.0007), ("007", "@", "007"), ("007", "General", 7.0), (" 甲 ", "General", "甲"),
        ("2026.3.5", "yyyy-mm-dd", 46086), ("2026.3.5", "General", "2026.3.5"), ("８：３０", "h:mm", 8.5 / 24), ("8:30", "0.00", "8:30"),
        ("９５", "0.00", 95.0), ("０１２", "@", "012"), ("Ａ０１", "@", "Ａ０１"), ("张　三", "@", "张三"), ("张 小三", "@", "张 小三"),
    ],
)  # fmt: skip
def test_values_are_what_the_column_holds(cell: str, code: str, typed: object) -> None:
    """A number of 16 digits would lose the last one."""
    assert roster._typed(cell, code) == typed


def test_another_person_of_the_same_name_has_a_number_of_his_own(own_book: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(own_book, tmp_path / "三季度.xlsx"))
    file = tmp_path / "名单.txt"
    file.write_text("姓名,工号\n张三,A09\n李四,A02\n赵六,\n王五,\n", encoding="utf-8")
    told = [message.text for message in run("paste", path, file=str(file)).outcome.messages]
    assert told == ["李四（A02）已在表中（工号相同），没有再加", "王五已在表中（姓名相同，其中有人没有工号），没有再加"]
    assert Session.open(path).book.workbook.sheets["三季度"].cells(1, 3, 8)[4:6] == ["张三", "赵六"]


def test_a_blank_row_beside_which_a_formula_stands_is_kept(scheme_book: Made, tmp_path: Path) -> None:
    path = Path(shutil.copy(scheme_book(SLUG), tmp_path / "考核.xlsx"))
    run("rows", path, count="3")
    spare = Session.open(path).book.tables[PEOPLE].last_row
    edit(path, PEOPLE, **{f"AK{spare}": "=1+1"})
    run("trim", path)
    session = Session.open(path)
    session.compute()
    sheet = session.book.workbook.sheets[PEOPLE]
    assert 2.0 in [cell for row in range(sheet.height) if (row, 36) in sheet.formulas for cell in [sheet.get(row, 36)]]


@pytest.mark.parametrize("above", [29, 30])
def test_headings_are_looked_for_in_thirty_lines(above: int) -> None:
    text = "\n".join(["说明"] * above + ["姓名\t部门", "甲\t内科"])
    if above == 29:
        assert of_text(text, ["姓名", "部门"], "姓名").rows == ({"姓名": "甲", "部门": "内科"},)
    else:
        with pytest.raises(UserError, match="名单的第一行应为列标题"):
            of_text(text, ["姓名", "部门"], "姓名")


def test_a_list_as_other_programs_have_it_is_understood(path: Path, tmp_path: Path) -> None:
    """Headings with more words, names that are spaced out, digits of full width, days with points."""
    file = tmp_path / "通讯录.txt"
    rows = ["员工姓名\t员工编号\t所在部门\t绩效基数\t医德医风", "张 三\t０１２\t内　科\t３，０００．５\t１０", "欧 阳 修\tA7\tICU 病区\t1,000\t9"]
    file.write_text("\n".join(rows), encoding="utf-8")
    ran = run("paste", path, file=str(file))
    assert ran.is_sound and ran.outcome.summary == (
        "加了 2 行；表 人员 加长了 2 行，现在到第 19 行；“员工姓名”填入“姓名”、“员工编号”填入“工号”、“所在部门”填入“部门”；"
        "3 格中为对齐而加的空格去掉了"
    )
    assert column(path, "姓名")[COUNT:] == ["张三", "欧阳修"] and column(path, "工号")[COUNT:] == ["012", "A7"]
    assert column(path, "部门")[COUNT:] == ["内科", "ICU 病区"] and column(path, "医德医风")[COUNT:] == [10, 9]
    assert column(path, "绩效基数")[COUNT:] == [3000.5, 1000]
    again = run("paste", path, file=str(file)).outcome.summary
    assert again.startswith("加了 0 行") and "为对齐" not in again


def test_a_heading_of_a_computed_column_fills_nothing(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "名单.txt"
    file.write_text("姓名\t名次名称\n甲\t1\n", encoding="utf-8")
    ran = run("paste", path, file=str(file))
    assert [m.text for m in ran.messages] == ["列“名次”由公式计算，没有粘贴"] and "填入" not in ran.outcome.summary


def test_of_two_columns_for_the_same_the_one_with_its_heading_is_taken_and_the_other_told(
    path: Path, tmp_path: Path
) -> None:
    file = tmp_path / "名单.txt"
    file.write_text("姓名\t所在部门\t部门\n甲\t一\t二\n", encoding="utf-8")
    ran = run("paste", path, file=str(file))
    assert [m.text for m in ran.messages] == ["名单中“部门”“所在部门”是同一列，只粘贴了“部门”"]
    assert column(path, "部门")[-1] == "二"
    file.write_text("姓名\t部门\t部门\n乙\t三\t四\n", encoding="utf-8")
    ran = run("paste", path, file=str(file))
    assert [m.text for m in ran.messages] == ["名单中有几列“部门”，只粘贴了最前面的一列"]
    assert column(path, "部门")[-1] == "三"


def test_a_column_that_numbers_the_rows_of_a_list_is_nobodys_number(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "名单.txt"
    file.write_text("编号\t姓名\n1\t甲\n", encoding="utf-8")
    ran = run("paste", path, file=str(file))
    assert [m.text for m in ran.messages] == ["名单中的列“编号”不在表 人员 中，没有粘贴"]
    assert column(path, "姓名")[-1] == "甲" and column(path, "工号")[-1] is None


def test_the_sheet_with_the_most_columns_is_taken_though_its_first_person_has_few(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "名单.xlsx"
    with xlsxwriter.Workbook(file) as book:
        for rows in ([["姓名", "部门"], ["旧", "外科"]], [["姓名", "工号", "部门"], ["甲"], ["乙", "A1", "内科"]]):
            sheet = book.add_worksheet()
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, row)
    run("paste", path, file=str(file))
    assert column(path, "姓名")[COUNT:] == ["甲", "乙"]


def test_who_is_spaced_out_in_the_table_is_not_pasted_twice(path: Path, tmp_path: Path) -> None:
    session = Session.open(path)
    session.type(PEOPLE, "B6", "林 海涛")
    session.write()
    ran = run("paste", path, file=listed(tmp_path, "林海涛\t\t"))
    assert [(m.text, m.cell) for m in ran.messages] == [("林海涛已在表中（姓名相同，其中有人没有工号），没有再加", "B6")]


def test_merged_cells_of_a_list_are_each_persons_and_repeated_headings_and_signatures_nobodys(
    path: Path, tmp_path: Path
) -> None:
    file = tmp_path / "旧表.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.merge_range("A1:D1", "职工花名册")
        sheet.merge_range("A2:A3", "员工姓名")
        sheet.merge_range("B2:B3", "部门")
        sheet.merge_range("C2:D2", "公共项目")
        sheet.write_row("C3", ["医德医风", "工作态度"])
        sheet.write_column("A4", ["甲", "乙"])
        sheet.merge_range("A6:A7", "员工姓名")
        sheet.write_column("A8", ["丙", "制表人：丁"])
        sheet.merge_range("B4:B5", "内科")
        sheet.merge_range("B6:B7", "部门")
        sheet.write("B8", "外科")
        sheet.merge_range("C6:D6", "公共项目")
        sheet.write_column("C4", [10, 9])
        sheet.write_column("C7", ["医德医风", 8])
        sheet.write("D7", "工作态度")
    ran = run("paste", path, file=str(file))
    assert ran.is_sound
    assert column(path, "姓名")[COUNT:] == ["甲", "乙", "丙"]
    assert column(path, "部门")[COUNT:] == ["内科", "内科", "外科"] and column(path, "医德医风")[COUNT:] == [10, 9, 8]


def test_departments_that_were_merged_before_they_were_copied_are_told(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "名单.txt"
    file.write_text("姓名\t部门\n甲\t内科\n乙\t\n丙\t外科\n", encoding="utf-8")
    [message] = run("paste", path, file=str(file)).messages
    assert message.text == (
        "名单的“部门”有 1 行空白；原来是合并的单元格的，复制以后只有第一行有内容，请在表中逐行补上"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("张 三、李四", ["张三", "李四"]),
        ("张三 李四", ["张三", "李四"]),
        ("张三、欧 阳 修", ["张三", "欧阳修"]),
        ("买买提·艾力，Li Na", ["买买提·艾力", "Li", "Na"]),
    ],
)
def test_names_are_told_apart_by_marks_or_spaces(text: str, expected: list[str]) -> None:
    assert [row["姓名"] for row in roster.names(text, "姓名").rows] == expected


@pytest.mark.parametrize("text", ["张三 李 四", "张 三 李 四"])
def test_characters_that_may_be_anybodys_are_refused(text: str) -> None:
    with pytest.raises(UserError, match="看不出是几个人的姓名"):
        roster.names(text, "姓名")


def test_a_number_that_has_lost_its_zeros_is_that_of_the_one_who_has_it(path: Path, tmp_path: Path) -> None:
    run("paste", path, file=listed(tmp_path, "甲\t007\t内科"))
    ran = run("paste", path, file=listed(tmp_path, "甲\t7\t内科"))
    assert [(m.text, m.cell) for m in ran.messages] == [("甲（7）已在表中（工号相同），没有再加", "B18")]
    assert column(path, "姓名")[COUNT:] == ["甲"]
