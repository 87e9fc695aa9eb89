"""One file of a batch, from its content to its place."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from addin.batch import work as module
from addin.batch.work import DONE, FAILED, Task, work
from addin.headless.session import Session


def book(path: Path) -> Path:
    made = openpyxl.Workbook()
    made.active["A1"] = "=1+1"
    made.save(path)
    return path


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
