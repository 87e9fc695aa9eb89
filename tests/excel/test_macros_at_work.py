"""Every macro from the click to what the user reads: VBA, COM, xlwings' server and its Windows side, the job beside Excel."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.cell_range import CellRange
from pyopenvba.apps.excel._model import Application
from pyopenvba.formula._values import ExcelError
from pyopenvba.interpreter._objects import MemberSpec
from pyopenvba.interpreter._values import EMPTY

from addin.excel.job import Request, _run_macro, tell
from addin.excel.macros import BUSY_EXCEL
from addin.headless.newbook import new_workbook
from addin.macros import MACROS
from addin.macros.runner import run
from tests.excel.pywin import CDispatch, ComError
from tests.excel.simulated import Simulated
from tests.excel.standin import at_work
from tests.support import PROJECT
from workbook_templates.formula.parser import parse
from workbook_templates.scheme.catalogue import load

SCHEME = "health-centre-staff"
SAMPLE = PROJECT / "workbook_templates" / "samples" / f"{SCHEME}.json"


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("macros") / "一季度.xlsx"
    new_workbook(load(SCHEME), path, json.loads(SAMPLE.read_text(encoding="utf-8")))
    return path


@pytest.fixture(scope="module")
def office(workbook: Path) -> Iterator[Simulated]:
    with at_work() as made:
        yield made


def told(office: Simulated, workbook: Path, macro: str) -> list[str]:
    book = office.application.open_workbook(workbook)
    office.application.activate_workbook(book)
    # The simulation puts no rows into sheets with merged cells.
    office.run('Worksheets("人员").Activate', "ActiveSheet.UsedRange.UnMerge", 'Range("W6").Select')
    before = len(office.application.dialogs)
    office.run(f'KaoheRunMacro "{macro}"')
    return [text for kind, text, _, _ in office.application.dialogs[before:] if kind == "MsgBox"]


def is_held() -> bool:
    """Whether Python still refers to a workbook."""
    return sys.modules["xlwings._xlwindows"].BOOK_CALLER is not None


@pytest.mark.parametrize("macro", MACROS)
def test_a_macro_ends_with_what_it_has_to_say(office: Simulated, workbook: Path, macro: str) -> None:
    said = told(office, workbook, macro)
    assert len(said) <= 1 and "程序内部出错" not in "".join(said) and "计算程序出错" not in "".join(said)
    names = [book.name for book in office.application.workbooks()]
    assert not is_held()
    if macro == "freeze":
        assert "共生成" in said[0] and any("固化" in name for name in names)
    if macro == "check":
        assert "通过" in said[0]


def test_what_is_not_in_a_list_is_asked_again(office: Simulated, workbook: Path) -> None:
    office.application.answer_dialogs("1=没有这个人")
    before = len(office.application.dialogs)
    told(office, workbook, "explain")
    boxes = [text for kind, text, _, _ in office.application.dialogs[before:] if kind == "InputBox"]
    assert [text.startswith("【没有 没有这个人】") for text in boxes] == [False, True, False]


def test_what_a_macro_refuses_is_told_whole_and_the_cells_go_on(office: Simulated, workbook: Path) -> None:
    (said,) = told(office, workbook, "add")
    assert "没有填写要加的人" in said
    office.run('Workbooks.Add.Worksheets(1).Range("A1").Formula = "=KAOHE_ROUND(1.005,2)"')
    office.calculate()
    assert office.evaluate('Range("A1").Value') == 1.01


def cells(sheets: Any) -> dict[tuple[str, int, int], Any]:
    """What stands where: values, and formulas whatever way they are written."""
    found = {(name, *place): content for name, content_of in sheets for place, content in content_of}
    return {
        place: parse(content[1:]) if isinstance(content, str) and content.startswith("=") else content
        for place, content in found.items()
        if content not in ("", None)
    }


def test_people_that_excel_adds_stand_where_the_command_line_puts_them(
    office: Simulated, workbook: Path, tmp_path: Path
) -> None:
    written, own, options = tmp_path / "a.xlsx", tmp_path / "b.xlsx", ["names=新来的、0012"]
    for path in (written, own):
        path.write_bytes(workbook.read_bytes())
    run(MACROS["add"], written, tmp_path, options, None, tell)
    outcome = _run_macro(Request("add", str(own), options, results=str(tmp_path)))
    assert outcome["rows"] and outcome["edits"]
    opened = office.application.open_workbook(own)
    office.run('Worksheets("人员").UsedRange.UnMerge')
    impl = sys.modules["xlwings._xlwindows"].Book(xl=CDispatch(opened))
    importlib.import_module("addin.excel.editing").edit(
        {**outcome, "seen": {}}, importlib.import_module("xlwings").Book(impl=impl)
    )
    in_excel = (
        (sheet.name, ((place, cell.formula or plain(cell.value)) for place, cell in sheet.cells_.items()))
        for sheet in opened.sheets_
    )
    book = openpyxl.load_workbook(written)
    in_file = (
        (
            sheet.title,
            (((cell.row, cell.column), getattr(cell.value, "text", cell.value)) for row in sheet for cell in row),
        )
        for sheet in book
    )
    # What an array gives in its other cells Excel computes itself.
    given = {
        (sheet.title, *place)
        for sheet in book
        for array in sheet.array_formulae.values()
        for place in [*CellRange(array).cells][1:]
    }
    ours, theirs = cells(in_excel), cells(in_file)
    assert {place: ours[place] for place in ours.keys() - given} == {
        place: theirs[place] for place in theirs.keys() - given
    }


def plain(value: Any) -> Any:
    return None if value is EMPTY else str(value) if isinstance(value, ExcelError) else value


REFUSED = (0, "Microsoft Excel", "类 Range 的 Insert 方法无效", None, 0, -2146827284)


@pytest.mark.parametrize(
    "failure",
    [
        (BUSY_EXCEL[1], "被呼叫方拒绝接收呼叫。", None, None),
        (-2147352567, "发生意外。", (0, None, None, None, 0, BUSY_EXCEL[0]), None),
    ],
)
def test_an_excel_that_stays_busy_is_told(
    office: Simulated, workbook: Path, monkeypatch: pytest.MonkeyPatch, failure: tuple[Any, ...]
) -> None:
    """xlwings tries again itself (_xlwindows.py, COMRetryObjectWrapper), by default without an end."""

    def refuse(*_: Any) -> None:
        raise ComError(*failure)

    # The server's own, which the first macro loads.
    macros = importlib.import_module("addin.excel.macros")
    monkeypatch.setattr(macros, "apply", lambda _, book: setattr(book.app, "calculation", "manual"))
    monkeypatch.setattr(CDispatch, "__setattr__", refuse)
    (said,) = told(office, workbook, "check")
    assert said.startswith("Excel 正忙") and not is_held()


def test_what_excel_refuses_is_told(office: Simulated, workbook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> str:
        raise ComError(-2147352567, "发生意外。", REFUSED, None)

    monkeypatch.setattr(importlib.import_module("addin.excel.macros"), "apply", refuse)
    (said,) = told(office, workbook, "check")
    assert said == f"Excel 没有完成这个操作，可能只写了一部分，请看过工作簿：\n{REFUSED[2]}" and not is_held()


def test_a_new_workbook_is_made_where_the_code_page_has_no_chinese_and_replaces_nothing_unasked(
    office: Simulated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "卫生院.xlsx"
    chosen = MemberSpec(name="GetSaveAsFilename", kind="method", getter=lambda *_: str(path), parameters=("A", "B"))
    monkeypatch.setitem(Application._vba_members, "getsaveasfilename", chosen)
    office.run(f'KaoheNewBook "{SCHEME}"')
    assert office.evaluate("ActiveWorkbook.Name") == path.name
    office.run("ActiveWorkbook.Close False")
    path.write_bytes(b"somebody's")
    before = len(office.application.dialogs)
    office.application.answer_dialogs(7)
    office.run(f'KaoheNewBook "{SCHEME}"')
    assert [text for _, text, _, _ in office.application.dialogs[before:]] == [f"{path} 已存在，要替换吗？"]
    assert path.read_bytes() == b"somebody's"
