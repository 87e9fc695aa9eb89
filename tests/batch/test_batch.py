"""``kaohe batch``: every file by itself, taken up again where it was left, told in one report."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from addin.batch import work as batch_work
from addin.batch.crew import Crew, through
from addin.batch.journal import Journal
from addin.batch.places import JOURNAL, REPORT, found
from addin.batch.sheets import Written
from addin.batch.work import DONE, FAILED, FAULTY, Done, Listed
from addin.headless import calculate
from addin.headless.newbook import new_workbook
from addin.shared.exits import UserError
from addin.shared.schemes import load
from addin.xlsx.files import ENCRYPTED, OLD_WORKBOOK, OLE_MAGIC
from tests.support import PERSON, PROJECT, SLUG, Kaohe, edit

POSTS = [{"岗位类别": "医", "岗位系数": 1.2}]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scheme's workbook of two people."""
    path = tmp_path_factory.mktemp("good") / "甲.xlsx"
    people = [PERSON, {**PERSON, "姓名": "周敏", "工作数量": 12}]
    new_workbook(load(SLUG), path, {"tables": {"岗位": POSTS, "人员": people}})
    return path


def plain(path: Path, **cells: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    book = Workbook()
    for place, value in cells.items():
        book.active[place] = value
    book.save(path)
    return path


def listed(path: Path, sheet: str = "文件") -> list[dict[str, Any]]:
    rows: list[Any] = list(load_workbook(path)[sheet].iter_rows(values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def test_one_broken_file_never_stops_the_rest(kaohe: Kaohe, tmp_path: Path, good: Path) -> None:
    (tmp_path / "in" / "乡").mkdir(parents=True)
    shutil.copy(good, tmp_path / "in" / "乡" / "甲.xlsx")
    edit(Path(shutil.copy(good, tmp_path / "in" / "乙.xlsx")), "人员", F6="85分")
    (tmp_path / "in" / "丙.xlsx").write_text("不是工作簿", encoding="utf-8")
    plain(tmp_path / "in" / "丁.xlsx", A1=1, A2="=A1+1")
    (tmp_path / "in" / "~$丁.xlsx").write_bytes(b"owner")
    run = kaohe("batch", "in", "-o", "out")
    assert run.code == 1
    assert "失败 丙.xlsx：" in run.out and "不是 Excel 工作簿" in run.out
    assert run.out.endswith(f"完成 2 个，有问题 1 个，失败 1 个；报告：{Path('out', REPORT)}\n")
    files = {line["文件"]: line for line in listed(tmp_path / "out" / REPORT)}
    assert {name: line["状态"] for name, line in files.items()} == {
        "丁.xlsx": DONE, "丙.xlsx": FAILED, "乙.xlsx": FAULTY, "乡/甲.xlsx": DONE,
    }  # fmt: skip
    assert list(files) == sorted(files)
    assert (files["乡/甲.xlsx"]["人数或单位数"], files["乡/甲.xlsx"]["参加人数"], files["乡/甲.xlsx"]["方案"]) == (
        2,
        2,
        load(SLUG).title,
    )
    fault = next(line for line in listed(tmp_path / "out" / REPORT, "问题") if line["文件"] == "乙.xlsx")
    assert (fault["工作表"], fault["单元格"], fault["值"]) == ("人员", "F6", "85分") and "应为数字" in fault["问题"]
    assert load_workbook(tmp_path / "out" / "丁.xlsx", data_only=True).active["A2"].value == 2
    assert not (tmp_path / "out" / "丙.xlsx").exists()


def test_a_result_is_what_calc_writes(kaohe: Kaohe, tmp_path: Path, good: Path) -> None:
    (tmp_path / "in").mkdir()
    source = edit(Path(shutil.copy(good, tmp_path / "in" / "甲.xlsx")), "人员", K6=11)
    calculate(source, tmp_path / "calc.xlsx")
    assert kaohe("batch", "in", "-o", "out").code == 0
    assert (tmp_path / "out" / "甲.xlsx").read_bytes() == (tmp_path / "calc.xlsx").read_bytes()


def test_a_formula_that_was_altered_in_the_whole_column_is_told(kaohe: Kaohe, tmp_path: Path, good: Path) -> None:
    (tmp_path / "in").mkdir()
    book = load_workbook(good)
    sheet = book["人员"]
    col = next(cell.column for cell in sheet[5] if cell.value == "绩效考核得分")
    for (cell,) in sheet.iter_rows(6, sheet.max_row, col, col):
        cell.value = f"{cell.value}*1.01"
    book.save(tmp_path / "in" / "甲.xlsx")
    assert kaohe("batch", "in", "-o", "out").code == 1
    first, *_ = listed(tmp_path / "out" / REPORT, "问题")
    assert (first["工作表"], first["单元格"]) == ("人员", sheet.cell(6, col).coordinate)
    assert first["问题"].startswith("绩效考核得分：按方案应为")


def test_what_is_done_is_not_done_again(kaohe: Kaohe, tmp_path: Path) -> None:
    for name in "abc":
        plain(tmp_path / "in" / f"{name}.xlsx", A1=1, A2="=A1+1")
    assert kaohe("batch", "in", "-o", "out").code == 0
    before = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "out").glob("?.xlsx")}
    plain(tmp_path / "in" / "b.xlsx", A1=5, A2="=A1+1")
    (tmp_path / "out" / "c.xlsx").unlink()
    assert kaohe("batch", "in", "-o", "out").code == 0
    when = {line["文件"]: line["何时计算"] for line in listed(tmp_path / "out" / REPORT)}
    assert when == {"a.xlsx": "以前", "b.xlsx": "本次", "c.xlsx": "本次"}
    after = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "out").glob("?.xlsx")}
    assert [name for name in before if before[name] == after[name]] == ["a.xlsx"]
    assert load_workbook(tmp_path / "out" / "b.xlsx", data_only=True).active["A2"].value == 6
    (tmp_path / "in" / "a.xlsx").unlink()
    kaohe("batch", "in", "-o", "out")
    assert [line["文件"] for line in listed(tmp_path / "out" / REPORT)] == ["b.xlsx", "c.xlsx"]


def test_another_state_of_the_program_does_everything_again(
    kaohe: Kaohe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain(tmp_path / "in" / "a.xlsx", A1=1, A2="=A1+1")

    def when() -> str:
        assert kaohe("batch", "in", "-o", "out").code == 0
        return listed(tmp_path / "out" / REPORT)[0]["何时计算"]

    assert (when(), when()) == ("本次", "以前")
    monkeypatch.setattr("addin.cli.commands.batch.program", lambda: "edited")
    assert (when(), when()) == ("本次", "以前")


def test_results_stand_in_folders_like_those_of_the_workbooks(kaohe: Kaohe, tmp_path: Path) -> None:
    plain(tmp_path / "in" / "县" / "乡" / "a.xlsx", A1=1, A2="=A1+1")
    assert kaohe("batch", "in", "-o", "out").code == 0
    assert load_workbook(tmp_path / "out" / "县" / "乡" / "a.xlsx", data_only=True).active["A2"].value == 2


def test_what_no_batch_has_written_is_not_overwritten(kaohe: Kaohe, tmp_path: Path) -> None:
    for name in "ab":
        plain(tmp_path / "in" / f"{name}.xlsx", A1=1, A2="=A1+1")
    mine = plain(tmp_path / "out" / "a.xlsx", A1="我的").read_bytes()
    run = kaohe("batch", "in", "-o", "out")
    assert run.code == 1 and "a.xlsx 已存在，不是这里算出的，未覆盖" in run.out
    assert (tmp_path / "out" / "a.xlsx").read_bytes() == mine
    edited = plain(tmp_path / "out" / "b.xlsx", A1="改过").read_bytes()
    run = kaohe("batch", "in", "-o", "out")
    assert run.code == 1 and "b.xlsx 已被改动，未覆盖" in run.out
    assert (tmp_path / "out" / "b.xlsx").read_bytes() == edited
    assert kaohe("batch", "in", "-o", "out", "--force").code == 0
    assert load_workbook(tmp_path / "out" / "b.xlsx", data_only=True).active["A2"].value == 2
    theirs = plain(tmp_path / "new" / REPORT, A1="我的").read_bytes()
    for content in (theirs, theirs[:-30], b"PK", b""):
        (tmp_path / "new" / REPORT).write_bytes(content)
        run = kaohe("batch", "in", "-o", "new")
        assert run.code == 2 and "不是 kaohe batch 写的" in run.err
        assert (tmp_path / "new" / REPORT).read_bytes() == content


@pytest.mark.parametrize("presses", [1, 2])
def test_ctrl_c_leaves_whole_files_and_the_rest_is_done_next_time(
    kaohe: Kaohe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, presses: int
) -> None:
    names = [f"{number:03}.xlsx" for number in range(20 + 2 * Crew().width)]
    for name in names:
        plain(tmp_path / "in" / name, A1=1, A2="=A1+1")
    take, taken = Journal.take, []

    def interrupted(journal: Journal, name: str, done: Done | None) -> Done:
        taken.append(name)
        if 3 <= len(taken) < 3 + presses:
            signal.raise_signal(signal.SIGINT)
        return take(journal, name, done)

    monkeypatch.setattr(Journal, "take", interrupted)
    # What is started in the background may have been told to pay no heed.
    heeded = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        run = kaohe("batch", "in", "-o", "out")
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, heeded)
    told = len(listed(tmp_path / "out" / REPORT))
    written = list((tmp_path / "out").glob("???.xlsx"))
    assert run.code == 130 and f"还有 {len(names) - told} 个文件没有算" in run.err
    if presses == 1:
        assert told == len(written) == 3 + Crew().width - 1, "those that were under way are noted"
        assert "文件算完就停" in run.err
    else:
        assert told == 3
    for path in written:
        assert load_workbook(path, data_only=True).active["A2"].value == 2
    assert kaohe("batch", "in", "-o", "out").code == 0
    assert [line["文件"] for line in listed(tmp_path / "out" / REPORT)] == names
    assert sum(line["何时计算"] == "以前" for line in listed(tmp_path / "out" / REPORT)) == told
    left = {path.name for path in (tmp_path / "out").iterdir()}
    assert left == {*names, REPORT, JOURNAL}


def test_ctrl_c_at_the_last_files_interrupts_nothing(
    kaohe: Kaohe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain(tmp_path / "in" / "a.xlsx", A1=1, A2="=A1+1")
    take = Journal.take

    def pressed(journal: Journal, name: str, done: Done | None) -> Done:
        signal.raise_signal(signal.SIGINT)
        return take(journal, name, done)

    monkeypatch.setattr(Journal, "take", pressed)
    heeded = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        run = kaohe("batch", "in", "-o", "out")
    finally:
        signal.signal(signal.SIGINT, heeded)
    assert (run.code, run.err) == (0, "")
    assert len(listed(tmp_path / "out" / REPORT)) == 1


def test_a_macro_runs_on_every_result(kaohe: Kaohe, tmp_path: Path, good: Path) -> None:
    (tmp_path / "in").mkdir()
    shutil.copy(good, tmp_path / "in" / "甲.xlsx")
    run = kaohe("batch", "in", "-o", "out", "--macro", "publish")
    assert run.code == 0
    assert list((tmp_path / "out" / "甲").glob("*.xlsx"))
    run = kaohe("batch", "in", "-o", "out", "--macro", "none")
    assert run.code == 2 and "没有宏 none" in run.err
    assert kaohe("batch", "in", "-o", "out", "--option", "a=b").code == 2


def _dies_at_three(number: int) -> int:
    if number == 3:
        os._exit(9)
    return number * number


def test_a_process_that_dies_takes_only_its_own_file_with_it() -> None:
    made = dict(through(Crew(2), range(8), _dies_at_three, lambda number, error: -1))
    assert made == {number: -1 if number == 3 else number * number for number in range(8)}


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_no_process_is_left_when_the_command_is_killed(tmp_path: Path) -> None:
    code = "import os, time; from addin.batch.crew import Crew\n"
    code += "pool = Crew(2).start(); print(*{pool.submit(os.getpid).result() for _ in range(9)}, flush=True)\n"
    code += "pool.submit(time.sleep, 60); time.sleep(60)"
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    workers = list(map(int, parent.stdout.readline().split()))
    parent.kill()
    parent.wait()
    parent.stdout.close()
    for _ in range(200):
        if not any(map(_lives, workers)):
            break
        time.sleep(0.05)
    assert workers and not any(map(_lives, workers))


def _lives(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_names_of_patterns_begin_behind_the_fixed_part(tmp_path: Path) -> None:
    for name in ("a/x.xlsx", "b/y.XLSM", "b/z.txt"):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).touch()
    assert [item.name for item in found([str(tmp_path / "in/*/*")], tmp_path / "out")] == ["a/x.xlsx", "b/y.XLSM"]
    assert [item.name for item in found([str(tmp_path / "**/*.xlsx")], tmp_path / "out")] == ["in/a/x.xlsx"]
    assert [item.name for item in found([str(tmp_path / "in/a/x.xlsx")], tmp_path / "out")] == ["x.xlsx"]
    # The results of an earlier run, in a folder below.
    assert [item.name for item in found([str(tmp_path / "in")], tmp_path / "in" / "b")] == ["a/x.xlsx"]


def test_what_cannot_be_meant_is_refused(tmp_path: Path) -> None:
    for name in ("a/x.xlsx", "b/x.xlsx", f"c/{REPORT}", "d/z.txt", "f/X.XLSX"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    for given, out, told in (
        (["a", "b"], "out", "同名（x.xlsx）"),
        (["a", "f"], "out", "同名，只有大小写不同，Windows 和 macOS 当作同一个文件"),
        (["a/x.xlsx"], "a", "写到它自己"),
        (["c"], "out", "与报告同名"),
        (["d"], "out", "没有工作簿"),
        (["e"], "out", "找不到"),
        (["a"], "d/z.txt", "要放在文件夹中"),
    ):
        with pytest.raises(UserError, match=told):
            found([str(tmp_path / one) for one in given], tmp_path / out)


def test_another_batch_in_the_same_folder_is_told(tmp_path: Path) -> None:
    with Journal(tmp_path / JOURNAL), pytest.raises(UserError, match="另有一个"):
        Journal(tmp_path / JOURNAL)
    (tmp_path / JOURNAL).write_bytes(b"nothing of a database" * 100)
    with pytest.raises(UserError, match="已损坏"):
        Journal(tmp_path / JOURNAL)
    with pytest.raises(UserError, match="只读的、没有权限"):
        Journal(tmp_path / "没有" / JOURNAL)


def test_a_journal_that_cannot_be_used_is_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise Windows would not let it be deleted, as its user is told to do."""
    connect, opened = sqlite3.connect, []

    def noting(*arguments: Any, **options: Any) -> sqlite3.Connection:
        opened.append(connect(*arguments, **options))
        return opened[-1]

    monkeypatch.setattr(sqlite3, "connect", noting)
    (tmp_path / JOURNAL).write_bytes(b"nothing of a database" * 100)
    with pytest.raises(UserError, match="已损坏"):
        Journal(tmp_path / JOURNAL)
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        opened[0].execute("SELECT 1")


def test_a_disk_that_is_full_is_told_and_what_was_noted_before_stays(tmp_path: Path) -> None:
    with Journal(tmp_path / JOURNAL) as journal:
        journal.take("a.xlsx", Done("a.xlsx", DONE))
    with pytest.raises(UserError, match="磁盘已满"), Journal(tmp_path / JOURNAL) as journal:
        journal._base.execute("PRAGMA max_page_count=1")
        journal.take("b.xlsx", Done("b.xlsx", DONE, "长" * 100_000, output="x"))
    with Journal(tmp_path / JOURNAL) as journal:
        assert journal.known("b.xlsx") == ("", "")
        assert journal.take("a.xlsx", None) == Done("a.xlsx", DONE, is_earlier=True)


def test_a_result_is_kept_as_it_was(tmp_path: Path) -> None:
    fault = ("人员", "F6", "85分", "应为数字")
    done = Done("a", FAULTY, "注", "k", "o", "某院", SLUG, "1", "某方案", 1, 2, 0.5, (fault,), {"合计": 1.5},
                (Listed("人员", ("姓名", "绩效"), ("绩效",), ("姓名",), 2),))  # fmt: skip
    with Journal(tmp_path / JOURNAL) as journal:
        journal.take("a", done)
        assert list(journal.results()) == [done] and journal.known("a") == ("k", "o")


def test_a_list_goes_on_where_a_sheet_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("addin.batch.sheets.MOST_ROWS", 3)
    written = Written()
    listing = written.listing("问题", ("甲", "乙"))
    for number in range(5):
        listing.add((number, "=1+1"))
    listing.add(("a\x01b", "长" * 32_768))
    written.save(tmp_path / "a.xlsx", None)
    book = load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["问题", "问题（续1）", "问题（续2）"]
    assert [cell.value for cell in book["问题（续1）"]["A"]] == ["甲", 2, 3]
    assert book["问题"]["B2"].data_type == "s" and book["问题"]["B2"].value == "=1+1"
    assert book["问题（续2）"]["A3"].value == "a b" and book["问题（续2）"]["B3"].value == "长" * 32_765 + "……"


def test_a_command_that_was_killed_is_taken_up_again(
    kaohe: Kaohe, tmp_path: Path, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The results of its last seconds are there, but not in the journal."""
    (tmp_path / "in").mkdir()
    names = [f"{number}.xlsx" for number in range(6)]
    for number, name in enumerate(names):
        edit(Path(shutil.copy(good, tmp_path / "in" / name)), "人员", K6=number)
    take, taken = Journal.take, []

    def killed(journal: Journal, name: str, done: Done | None) -> Done:
        found = take(journal, name, done)
        taken.append(name)
        if len(taken) == 2:
            journal._base.commit()
        if len(taken) == 4:
            journal._base.rollback()
            raise SystemError("killed")
        return found

    with monkeypatch.context() as patched:
        patched.setattr(Journal, "take", killed)
        assert kaohe("batch", "in", "-o", "out").code == 3
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").glob("?.xlsx")}
    assert len(before) >= 4
    assert kaohe("batch", "in", "-o", "out", "--collect", "汇总.xlsx").code == 0
    lines = listed(tmp_path / "out" / REPORT)
    assert [(line["文件"], line["状态"]) for line in lines] == [(name, DONE) for name in names]
    assert sorted(line["文件"] for line in lines if line["何时计算"] == "以前") == sorted(taken[:2])
    assert {name: (tmp_path / "out" / name).read_bytes() for name in before} == before
    assert len(listed(tmp_path / "汇总.xlsx", "人员")) == 12


def test_what_is_sent_in_the_place_of_workbooks_is_told(kaohe: Kaohe, tmp_path: Path, good: Path) -> None:
    (tmp_path / "in").mkdir()
    shutil.copy(good, tmp_path / "in" / "全角　空格（１）.XLSX")
    with zipfile.ZipFile(tmp_path / "in" / "打包.zip", "w") as archive:
        archive.write(good, "甲.xlsx")
    sent = {
        "旧.XLS": (OLE_MAGIC + OLD_WORKBOOK[0], "是旧版 .xls 格式"),
        "加密.et": (OLE_MAGIC + ENCRYPTED, "有打开密码"),
        "包.rar": (b"Rar!\x1a\x07\x01", "是压缩包；请解压"),
        "空.ods": (b"", "是空文件"),
    }
    for name, (content, _) in sent.items():
        (tmp_path / "in" / name).write_bytes(content)
    (tmp_path / "in" / "名单.csv").write_text("单位\n甲院\n", encoding="utf-8")
    run = kaohe("batch", "in", "-o", "out")
    assert run.code == 1 and run.out.endswith(f"完成 1 个，有问题 0 个，失败 5 个；报告：{Path('out', REPORT)}\n")
    notes = {line["文件"]: line["说明"] for line in listed(tmp_path / "out" / REPORT)}
    assert notes.pop("全角　空格（１）.XLSX") is None and "是压缩包；请解压" in notes.pop("打包.zip")
    assert notes.keys() == sent.keys() and all(told in notes[name] for name, (_, told) in sent.items())
    assert {path.name for path in (tmp_path / "out").iterdir()} == {REPORT, JOURNAL, "全角　空格（１）.XLSX"}


@pytest.mark.parametrize(("faults", "note"), [(2, ""), (3, "只列出前 2 处问题")])
def test_of_very_many_faults_the_first_are_told(
    faults: int, note: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(batch_work, "MOST_TOLD", 2)
    # Neighbours with the same reason would be one.
    cells = {f"{'ABC'[place]}{2 * place + 1}": "=1/0" for place in range(faults)}
    wrong = plain(tmp_path / "b.xlsx", **cells)
    done = batch_work.work(batch_work.Task("b.xlsx", wrong, tmp_path / "out" / "b.xlsx"))
    assert done is not None and (done.note, done.fault_count, len(done.faults)) == (note, faults, 2)


def test_there_are_never_more_processes_than_windows_can_wait_for() -> None:
    assert Crew(1000).workers == 61 and Crew(3).workers == 3 and Crew().workers >= 1
