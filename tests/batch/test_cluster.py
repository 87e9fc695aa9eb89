"""``kaohe batch --scheduler``: the same results and the same report from a cluster, even when a worker is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from addin.batch.journal import Journal
from addin.batch.places import REPORT
from addin.batch.work import Done
from tests.support import PROJECT, Kaohe

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]
"""Distributed warns of sockets that it closes late."""
DASK = Path(sys.executable).with_name("dask")
TIMES = ("用时（秒）",)


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and workers as processes of their own; the scheduler's address, itself and the workers."""
    file = folder / "scheduler.json"
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    with (folder / "log.txt").open("wb") as log:

        def start(*arguments: str | Path) -> subprocess.Popen[bytes]:
            return subprocess.Popen([DASK, *arguments], cwd=folder, env=environment, stdout=log, stderr=log)

        processes = [start("scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", file)]
        one = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--scheduler-file", file)
        try:
            processes += [start("worker", *one) for _ in range(workers)]
            while not (address := _address(file)) and processes[0].poll() is None:
                time.sleep(0.05)
            yield address, processes
        finally:
            for process in processes[::-1]:
                process.kill()
                process.wait()


def _address(file: Path) -> str:
    """The scheduler's, once it has written all of its file."""
    try:
        return str(json.loads(file.read_text())["address"])
    except (FileNotFoundError, json.JSONDecodeError):
        return ""


def books(folder: Path, count: int) -> list[str]:
    folder.mkdir()
    names = [f"{number:02}.xlsx" for number in range(count)]
    for number, name in enumerate(names):
        book = Workbook()
        for row in (
            ("姓名", "得分", "等次"),
            *((f"某{place}", number + place, f'=IF(B{place + 2}>9,"优","良")') for place in range(5)),
        ):
            book.active.append(list(row))
        book.save(folder / name)
    (folder / "坏.xlsx").write_bytes(b"PK")
    return names


def sheets(path: Path) -> dict[str, list[list[Any]]]:
    """A workbook's values without the times that things took."""
    found = {}
    for sheet in load_workbook(path):
        rows = list(sheet.iter_rows(values_only=True))
        kept = [place for place, name in enumerate(rows[0]) if name not in TIMES]
        found[sheet.title] = [[row[place] for place in kept] for row in rows]
    return found


def test_results_and_report_are_those_of_one_computer_though_a_worker_is_lost(
    kaohe: Kaohe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = books(tmp_path / "in", 30)
    assert kaohe("batch", "in", "-o", "here", "--collect", "here.xlsx").code == 1
    take, taken = Journal.take, []
    with cluster(tmp_path, 2) as (address, (scheduler, worker, other)):

        def kills(journal: Journal, name: str, done: Done | None) -> Done:
            taken.append(name)
            if len(taken) in killed:
                os.kill(killed.pop(len(taken)).pid, signal.SIGKILL)
            return take(journal, name, done)

        with monkeypatch.context() as patched:
            patched.setattr(Journal, "take", kills)
            killed = {3: worker, 34: scheduler}
            run = kaohe("batch", "in", "-o", "there", "--collect", "there.xlsx", "--scheduler", address)
            assert worker.wait() == -signal.SIGKILL and other.poll() is None
            broken = kaohe("batch", "in", "-o", "other", "--scheduler", address)
    assert broken.code == 2 and broken.err.splitlines()[-1] == (
        f"kaohe：与调度程序 {address} 的连接中断；再次运行同一命令接着算"
    )
    del taken[31:]
    assert run.code == 1 and "完成 30 个，有问题 0 个，失败 1 个" in run.out
    assert sorted(taken) == [*names, "坏.xlsx"]
    assert sheets(tmp_path / "there" / REPORT) == sheets(tmp_path / "here" / REPORT)
    assert sheets(tmp_path / "there.xlsx") == sheets(tmp_path / "here.xlsx")
    for name in names:
        assert (tmp_path / "there" / name).read_bytes() == (tmp_path / "here" / name).read_bytes()


def test_a_cluster_in_this_computer(kaohe: Kaohe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from distributed import LocalCluster

    monkeypatch.setenv("PYTHONPATH", str(PROJECT))
    names = books(tmp_path / "in", 6)
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as local:
        run = kaohe("batch", "in", "-o", "there", "--scheduler", local.scheduler_address)
    assert "完成 6 个" in run.out
    assert all((tmp_path / "there" / name).exists() for name in names)


def test_what_is_missing_is_told(kaohe: Kaohe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    books(tmp_path / "in", 1)
    monkeypatch.setattr("addin.batch.cluster._SECONDS", 1)
    run = kaohe("batch", "in", "-o", "out", "--scheduler", "tcp://127.0.0.1:1")
    assert run.code == 2 and "连接不上调度程序 tcp://127.0.0.1:1" in run.err
    with cluster(tmp_path, 0) as (address, _):
        run = kaohe("batch", "in", "-o", "out", "--scheduler", address)
    assert run.code == 2 and "没有工作程序" in run.err
    monkeypatch.setitem(sys.modules, "distributed", None)
    run = kaohe("batch", "in", "-o", "out", "--scheduler", "tcp://127.0.0.1:1")
    assert run.code == 2 and "pip install distributed" in run.err
