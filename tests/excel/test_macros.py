"""Macros from Excel: a job of its own does the work on a copy, and its outcome is applied through the xlwings API."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from addin.excel import macros
from addin.excel.editing import edit
from addin.excel.job import OUTCOME, REQUEST, Request, main
from addin.headless import calculate, read_book
from addin.macros import MACROS
from addin.macros.macro import Document, Edit, Kind, Macro, Message, Option, Outcome
from addin.macros.runner import plain
from addin.shared.exits import UserError
from addin.shared.widths import width
from tests.excel.engine import open_book
from udfs import FUNCTIONS, CellError
from workbook_templates.scheme.catalogue import load
from workbook_templates.workbook.build import build

SCHEME = "health-centre-staff"


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "一季度.xlsx"
    build(load(SCHEME), path, {"tables": {"人员": [{"姓名": "甲", "满意度": 7}]}})
    calculate(path)
    return path


@pytest.fixture
def declared(monkeypatch: pytest.MonkeyPatch) -> Macro:
    """A macro that does a bit of everything."""
    option = Option("days", "天数", Kind.NUMBER, 5, "公示的工作日数", ())

    def compute(subject: Any, options: dict[str, Any], progress: Any) -> Outcome:
        progress(1, 2, "制作")
        return Outcome(
            messages=(Message("应为 0…1", "人员", "E6"),),
            edits=(Edit("人员", "E6", 0.7),),
            documents=(
                Document("通知单/甲.xlsx", subject.session.content),
                Document("乙.xlsx", subject.session.content),
            ),
            summary=f"公示 {options['days']} 天",
        )

    made = Macro("try", "试一试", "Try", "", "", "结果", "Help", (option,), compute)
    monkeypatch.setitem(MACROS, "try", made)
    return made


def run_job(folder: Path, **request: Any) -> dict[str, Any]:
    """A job in this process; its outcome."""
    (folder / REQUEST).write_text(json.dumps(request), encoding="utf-8")
    main([str(folder)])
    outcome: dict[str, Any] = json.loads((folder / OUTCOME).read_text(encoding="utf-8"))
    return outcome


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "job"
    path.mkdir()
    return path


@pytest.mark.usefixtures("declared")
def test_a_macro_runs_on_a_copy_and_its_documents_are_written(
    workbook: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = workbook.read_bytes()
    outcome = run_job(folder, macro="try", workbook=str(workbook), options=["天数=3"], results=str(tmp_path / "out"))
    assert outcome["summary"] == "公示 3 天"
    assert (tmp_path / "out" / "通知单" / "甲.xlsx").read_bytes() == before == workbook.read_bytes()
    assert "制作 1/2" in capsys.readouterr().out


@pytest.mark.usefixtures("declared")
def test_what_the_user_can_mend_is_told(workbook: Path, folder: Path) -> None:
    outcome = run_job(folder, macro="try", workbook=str(workbook), options=["页数=3"])
    assert "没有选项 页数" in outcome["error"]


def test_a_job_in_a_process_of_its_own_is_polled_until_it_is_done(workbook: Path) -> None:
    folder = macros.prepare()
    copy = Path(folder) / workbook.name
    copy.write_bytes(workbook.read_bytes())
    macros.start(folder, str(copy), "check", "", str(workbook.parent))
    states = wait(folder)
    assert states[0].startswith("running") and states[-1] == "done"
    outcome = macros.outcome_of(folder)
    told = [(message["sheet"], message["cell"], message["text"]) for message in outcome["messages"]]
    assert told[0] == ("人员", "N6", "满意度：不能大于 1（现在的值：7）")
    assert not Path(folder).exists()


def wait(folder: str) -> list[str]:
    states = [macros.poll(folder)]
    until = time.monotonic() + 60
    while states[-1] != "done" and time.monotonic() < until:
        time.sleep(0.05)
        states.append(macros.poll(folder))
    return states


def test_what_was_left_of_a_job_goes_with_a_later_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left, running = (Path(macros.prepare()) for _ in range(2))
    (left / "一季度.xlsx").touch()
    day = time.time() - macros.LONGEST_JOB
    os.utime(left, (day - 1, day - 1))
    os.utime(running, (day + 60, day + 60))
    later = Path(macros.prepare())
    assert set(tmp_path.iterdir()) == {running, later}


def test_variables_of_another_python_do_not_reach_a_job(workbook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONHOME", str(workbook.parent))
    folder = macros.prepare()
    copy = Path(folder) / workbook.name
    copy.write_bytes(workbook.read_bytes())
    macros.start(folder, str(copy), "check", "", str(workbook.parent))
    wait(folder)
    assert macros.outcome_of(folder)["messages"]


def test_a_job_can_be_cancelled(workbook: Path) -> None:
    folder = macros.prepare()
    macros.start(folder, str(workbook), "check", "", "")
    process = macros._jobs[folder]
    macros.cancel(folder)
    assert process.poll() is not None and not Path(folder).exists()


def test_a_job_that_breaks_shows_its_last_lines(tmp_path: Path) -> None:
    folder = macros.prepare()
    macros.begin(folder, Request("there is no such macro", str(tmp_path)))
    wait(folder)
    with pytest.raises(macros.MacroError, match="KeyError"):
        macros.outcome_of(folder)


def test_a_new_workbook_is_made_and_computed(tmp_path: Path) -> None:
    folder = macros.prepare()
    path = tmp_path / macros.file_name(SCHEME)
    macros.start_new(folder, SCHEME, str(path))
    wait(folder)
    assert macros.finish_new(folder) == str(path) and path.name == "乡镇卫生院工作人员绩效考核.xlsx"
    assert "人员" in read_book(path).tables


def test_an_outcome_is_applied_to_the_open_workbook(workbook: Path, tmp_path: Path) -> None:
    book = open_book(workbook)
    document = tmp_path / "公示表.xlsx"
    document.write_bytes(workbook.read_bytes())
    outcome = {
        "rows": [],
        "edits": [{"sheet": "人员", "cell": "E6", "value": 0.7}],
        "messages": [
            {"text": "=应为 0…1", "sheet": "人员", "cell": "E6"},
            {"text": "共一处", "sheet": None, "cell": None},
        ],
        "documents": [str(document)],
        "seen": {},
        "summary": "已检查",
    }
    told = macros.apply(outcome, book)
    assert book.sheets["人员"].range("E6").value == 0.7
    assert told == f"已检查\n共生成 1 个文件，保存在 {tmp_path}"
    names = [opened.name for opened in book.app.books]
    assert names == ["一季度.xlsx", "Book2", "公示表.xlsx"]
    listed = book.app.books[1].sheets[0]
    assert listed.range("A1:C1").value == ["序号", "单元格", "说明"]
    assert listed.range("B2").formula == """=HYPERLINK("#'[一季度.xlsx]人员'!E6","人员!E6")"""
    assert listed.range("C2").value == "=应为 0…1" and listed.range("C2").number_format == "@"


def test_a_document_that_excel_does_not_open_is_told_of(workbook: Path, tmp_path: Path) -> None:
    """Excel opens no two workbooks of one name, such as a list made twice."""
    book = open_book(workbook)
    again = tmp_path / "again" / workbook.name
    again.parent.mkdir()
    again.write_bytes(workbook.read_bytes())
    outcome = {"rows": [], "edits": [], "messages": [], "documents": [str(again)], "seen": {}, "summary": ""}
    told = macros.apply(outcome, book).split("\n")
    assert told[0] == f"共生成 1 个文件，保存在 {again.parent}" and told[1].startswith(
        f"Excel 没有打开 {workbook.name}："
    )
    assert len(book.app.books) == 1


def test_a_few_words_need_no_list(workbook: Path) -> None:
    book = open_book(workbook)
    outcome = {
        "rows": [],
        "edits": [],
        "messages": [{"text": "无误", "sheet": None, "cell": None}],
        "documents": [],
        "seen": {},
        "summary": "",
    }
    assert macros.apply(outcome, book) == "无误" and len(book.app.books) == 1


def test_nothing_changes_unless_the_macro_says_so(workbook: Path) -> None:
    book = open_book(workbook)
    before = [[[cell.value for cell in row] for row in sheet] for sheet in book.api]
    macros.apply({"rows": [], "edits": [], "messages": [], "documents": [], "seen": {}, "summary": "好"}, book)
    assert [[[cell.value for cell in row] for row in sheet] for sheet in book.api] == before


def test_rows_are_put_in_filled_and_computed_once(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as made:
        sheet = made.add_worksheet("表")
        for row in range(1, 4):
            sheet.write(row, 0, row)
            sheet.write_formula(row, 1, f"=A{row + 1}*2")
    book = open_book(tmp_path / "a.xlsx")
    rows = {"sheet": "表", "row": 4, "count": 2, "columns": ["B"]}
    values = {"A4": 3, "A5": "=五", "A6": None, "C5": "丙"}
    edits = [{"sheet": "表", "cell": cell, "value": value} for cell, value in values.items()]
    told = {"rows": [rows], "edits": edits, "messages": [], "documents": [], "seen": {}, "summary": "好"}
    assert macros.apply(told, book) == "好" and book.app.calculation == "automatic"
    cells = book.sheets["表"]
    assert [cells.range(f"B{row}").formula for row in range(2, 7)] == [f"=A{row}*2" for row in range(2, 7)]
    assert [cells.range(f"A{row}").value for row in range(2, 7)] == [1, 2, 3, "'=五", None]
    assert cells.range("C5").value == "丙"
    macros.apply({**told, "rows": [{**rows, "row": 5, "count": -2}], "edits": []}, book)
    assert cells.range("A5").value is None


def test_rows_are_taken_out_again_if_something_fails(workbook: Path) -> None:
    book = open_book(workbook)
    before = book.sheets["人员"].range("B7").value
    told = {
        "rows": [{"sheet": "人员", "row": 7, "count": 2, "columns": []}],
        "edits": [{"sheet": "无", "cell": "A1", "value": 1}],
        "seen": {},
    }
    with pytest.raises(KeyError):
        edit(told, book)
    assert book.sheets["人员"].range("B7").value == before and book.app.calculation == "automatic"


def test_links_reach_sheets_of_any_name() -> None:
    assert macros.link("甲'乙.xlsx", 'a"b', "A1") == """=HYPERLINK("#'[甲''乙.xlsx]a""b'!A1","a""b!A1")"""


def test_results_go_beside_the_workbook_or_among_the_documents(tmp_path: Path) -> None:
    now = datetime(2026, 1, 5, 10, 30)
    assert macros.results_folder(str(tmp_path), "一季度", "公示表", now) == tmp_path / "一季度 公示表 2026-01-05 103000"
    in_the_cloud = macros.results_folder("https://d.docs.live.net/x", "一季度", "公示表", now)
    assert in_the_cloud.parent == Path.home() / "Documents"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("place", "lasts"),
    [
        ("AppData/Local/Microsoft/Windows/INetCache/Content.Outlook/A1B2C3D4", False),
        ("appdata/local/temp/Temp1_考核.zip", False),
        ("AppData/Local/Temp", False),
        ("AppData/Local/Packages/microsoft.windowscommunicationsapps/LocalState", False),
        ("AppData/Local/Tempo", True),
        ("Temp", True),
    ],
)
def test_results_of_a_workbook_opened_within_a_mail_or_an_archive_go_among_the_documents(
    tmp_path: Path, place: str, lasts: bool
) -> None:
    beside = tmp_path / place
    beside.mkdir(parents=True)
    assert (macros.results_folder(str(beside), "一季度", "公示表").parent == beside) is lasts


def test_results_of_a_workbook_in_a_folder_that_only_others_may_write_to_go_among_the_documents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python's documentation of os.access: on file systems of a network, operations may fail even when it says that they would not."""
    make = os.mkdir

    def refuse(path: Any, *mode: Any) -> None:
        if Path(path).parent == tmp_path:
            raise PermissionError(13, "Permission denied", path)
        make(path, *mode)

    monkeypatch.setattr(os, "mkdir", refuse)
    assert os.access(tmp_path, os.W_OK)
    assert macros.results_folder(str(tmp_path), "一季度", "公示表").parent == Path.home() / "Documents"


@pytest.mark.usefixtures("declared")
def test_options_are_asked_for_in_boxes(workbook: Path) -> None:
    asked = macros.questions("f", "try", str(workbook), "人员!E6", "")
    assert "1 天数：" in asked
    assert "公示的工作日数" in macros.answered("f", "1")
    assert "1 天数：9" in macros.answered("f", "9")
    assert macros.answered("f", "") == ""
    macros.cancel("f")
    assert not macros._boxes and not macros._lasting
    assert macros.questions("g", "check", str(workbook), "", "") == ""


@pytest.mark.parametrize("interpreter", [r"C:\v\Scripts\pythonw.exe", "/usr/bin/pythonw"])
def test_a_job_runs_in_an_interpreter_that_can_print(interpreter: str) -> None:
    assert macros._console(interpreter) == interpreter.replace("pythonw", "python")


def test_what_is_longer_than_a_box_says_that_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: str) -> str:
        raise UserError("没有列 甲；" + "有的列：乙、" * 200)

    monkeypatch.setitem(macros._ASKED, "start", refuse)
    told = macros.answer("start", "f")
    assert told.startswith("\x01没有列 甲；") and told.endswith("……") and width(told) <= 1000
    monkeypatch.setitem(macros._ASKED, "start", lambda *_: "C:\\" + "长" * 600)
    assert macros.answer("start", "f").endswith("长")


@pytest.mark.parametrize("asked", [("poll", "gone"), ("answered", "gone", ""), ("finish_new", "gone")])
def test_a_program_that_was_ended_meanwhile_is_told(asked: tuple[str, ...]) -> None:
    assert macros.answer(*asked).startswith("\x01计算程序中途重新启动过，这次操作没有完成")


@pytest.mark.parametrize("asked", [("prepare", "publish", "考核.xlsm"), ("start", "f"), ("unknown",)])
def test_what_macros_of_another_version_ask_is_told_in_words(asked: tuple[str, ...]) -> None:
    """Workbooks that bring the functions themselves keep the VBA that they were made with."""
    assert macros.answer(*asked) == f"\x01{macros.OTHER_VERSION}"


def test_who_computes_is_told() -> None:
    assert "xlwings" in macros.about()


def test_help_describes_every_function() -> None:
    page = Path(macros.handbook()).read_text(encoding="utf-8")
    assert all(f'id="{name}"' in page and escape(function.description) in page for name, function in FUNCTIONS.items())


def test_values_are_as_json_and_excel_have_them() -> None:
    assert [plain(value) for value in (CellError.NA, datetime(2026, 1, 5), 1.5)] == ["#N/A", "2026-01-05T00:00:00", 1.5]


def test_progress_never_needs_a_console(workbook: Path, folder: Path) -> None:
    (folder / REQUEST).write_text(json.dumps({"macro": "check", "workbook": str(workbook)}), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "addin.excel.job", str(folder)],
        stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=False, env={"LC_ALL": "C", "PATH": "", "PYTHONPATH": str(Path(macros.__file__).parents[2])},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    assert "计算工作簿" in done.stdout.decode("utf-8")
