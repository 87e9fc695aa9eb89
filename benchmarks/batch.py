"""Measures ``kaohe batch`` on folders of 50 people a file and writes it into docs/benchmarks.md: ``python -m benchmarks.batch``.

The files of a folder are copies of one; each is opened, computed, checked and written by itself all the same. The time is that
of the whole command, collection included where it says so; the memory is that of the command and of the largest worker. The processors' time is hardly longer on a machine that does other things too.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import date
from pathlib import Path

from addin.headless.newbook import new_workbook
from addin.shared.schemes import load, sample
from benchmarks.run import machine, make

HERE = Path(__file__).resolve().parent
REPORT = HERE.parent / "docs" / "benchmarks.md"
START, END = "<!-- 批量 开始 -->", "<!-- 批量 结束 -->"
SLUG, PEOPLE = "health-centre-staff", 50
ORDINARY, SCHEME = "普通公式(6 列)", f"方案 {SLUG}"
RUNS = ((ORDINARY, 300, ""), (ORDINARY, 3_000, "collect"), (ORDINARY, 300, "cluster"), (SCHEME, 300, ""))
HOW = {"": "本机", "collect": "本机,加 --collect", "cluster": "Dask,本机两个工作程序"}
WATCHED = """
import resource, sys
from addin.cli import main
code = main(sys.argv[1:])
used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(*(each.ru_maxrss for each in used), sum(each.ru_utime + each.ru_stime for each in used), file=sys.stderr)
raise SystemExit(code)
"""


def scheme_book(path: Path) -> None:
    data = sample(SLUG)
    people = data["tables"]["人员"]
    data["tables"]["人员"] = [{**people[n % len(people)], "姓名": f"职工{n}"} for n in range(PEOPLE)]
    new_workbook(load(SLUG), path, data)


def fill(folder: Path, book: Path, files: int) -> None:
    for number in range(files):
        inner = folder / f"{number // 100:03}"
        inner.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(book, inner / f"{number:05}.xlsx")


def measure(source: Path, out: Path, how: str) -> str:
    command = [sys.executable, "-c", WATCHED, "batch", str(source), "-o", str(out)]
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    with ExitStack() as stack:
        if how == "collect":
            command += ["--collect", str(out.with_suffix(".xlsx"))]
        if how == "cluster":
            from distributed import LocalCluster

            os.environ["PYTHONPATH"] = str(HERE.parent)
            cluster = stack.enter_context(LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None))
            command += ["--scheduler", cluster.scheduler_address]
        start = time.perf_counter()
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        seconds = time.perf_counter() - start
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    own, child, processors = map(float, done.stderr.split()[-3:])
    files = len(list(source.glob("*/*.xlsx")))
    there = ("—", "—")  # The workers of a cluster are no children of the command.
    here = (f"{processors / files * 1000:.1f} 毫秒", f"{child / 1024:.0f} MB")
    each, workers = there if how == "cluster" else here
    return f"{seconds:.1f} 秒 | {each} | {own / 1024:.0f} MB | {workers}"


def main() -> None:
    lines = [
        "| 工作簿 | 文件 | 怎样算 | 时间 | 每个文件的处理器时间 | 内存(命令) | 内存(最大的工作进程) |",
        "|---" * 7 + "|",
    ]
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        make(root / "ordinary.xlsx", PEOPLE)
        scheme_book(root / "scheme.xlsx")
        books = {ORDINARY: root / "ordinary.xlsx", SCHEME: root / "scheme.xlsx"}
        for place, (kind, files, how) in enumerate(RUNS):
            source = root / f"in{place}"
            fill(source, books[kind], files)
            measured = measure(source, root / f"out{place}", how)
            lines.append(f"| {kind} | {files:,} | {HOW[how]} | {measured} |")
            print(lines[-1], flush=True)
            shutil.rmtree(source)
            shutil.rmtree(root / f"out{place}")
    text = REPORT.read_text(encoding="utf-8")
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    load_now = f"{machine()},{date.today():%Y-%m-%d},测量结束时的系统负载 {os.getloadavg()[0]:.1f}"
    REPORT.write_text(f"{before}{START}\n{load_now}\n\n" + "\n".join(lines) + f"\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
