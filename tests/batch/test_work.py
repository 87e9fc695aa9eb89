"""One file of a batch, from its content to its place."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import openpyxl
import pytest

from addin.batch import work as module
from addin.batch.work import DONE, FAILED, Task, work
from addin.headless.session import Session
from addin.xlsx.model import Report


def book(path: Path) -> Path:
    made = openpyxl.Workbook()
    made.active["A1"] = "=1+1"
    made.save(path)
    return path


def test_a_process_computes_one_file_after_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is known of formulas, how many are expected, how deep Python goes: all that is the process's."""
    under_way: list[int] = []
    compute = Session.compute

    def slowly(session: Session) -> Report:
        under_way.append(len(under_way))
        time.sleep(0.05)
        assert under_way == [0]
        under_way.pop()
        return compute(session)

    monkeypatch.setattr(Session, "compute", slowly)
    tasks = [Task(name, book(tmp_path / name), tmp_path / "out" / name) for name in ("a.xlsx", "b.xlsx", "c.xlsx")]
    with ThreadPoolExecutor(3) as threads:
        assert [done.state for done in threads.map(work, tasks)] == [DONE] * 3


def test_a_workbook_whose_checks_fail_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, target = book(tmp_path / "a.xlsx"), tmp_path / "out" / "a.xlsx"

    def fails(session: Session) -> None:
        assert not target.exists()
        raise ValueError("检查不了")

    with monkeypatch.context() as patched:
        patched.setattr(module, "all_faults", fails)
        done = work(Task("a.xlsx", source, target))
    assert done is not None and done.state == FAILED and "ValueError" in done.note
    assert list(target.parent.iterdir()) == []
    done = work(Task("a.xlsx", source, target))
    assert done is not None and done.state == DONE and target.exists()
