"""Measures all ways side by side and writes docs/benchmarks.md: ``python -m benchmarks.run``.

Each way computes each workbook in a process of its own, from the file opened to the computed file saved; the ways take turns, so
that a machine that slows down slows all of them. What is told is the median of the runs.
"""

from __future__ import annotations

import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

from benchmarks.books import SLUG, apart, ordinary_book, scheme_book
from benchmarks.peers import WAYS

HERE = Path(__file__).resolve().parent
REPORT = HERE.parent / "docs" / "benchmarks.md"
START, END = "<!-- 开始 -->", "<!-- 结束 -->"
OURS = "KAOHE"
RUNS = 3
BOOKS: dict[str, tuple[Callable[[Path, int], None], int]] = {
    "1,000 人": (ordinary_book, 1_000),
    "10,000 人": (ordinary_book, 10_000),
    "100,000 人": (ordinary_book, 100_000),
    f"方案 {SLUG}，10,000 人": (scheme_book, 10_000),
}
THOUSAND, TEN_THOUSAND, HUNDRED_THOUSAND, SCHEME = BOOKS
TAKEN = {
    THOUSAND: tuple(WAYS),
    TEN_THOUSAND: tuple(way for way in WAYS if way != "formulas 逐格"),
    HUNDRED_THOUSAND: (OURS, "pandas 手写"),
    SCHEME: (OURS,),
}
"""Of a larger workbook the others take many minutes; the scheme's functions are ours."""
LONG = 15.0
"""Seconds of the processor: so long a run is not repeated."""


class Run(NamedTuple):
    seconds: float
    processor: float
    megabytes: float


def measure(way: str, source: Path, target: Path) -> Run:
    command = [sys.executable, str(HERE / "peers.py"), way, str(source), str(target)]
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    # As it is installed: what has been compiled is kept.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    start = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"{way} failed on {source.name}")
    return Run(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def machine() -> str:
    cores, memory = os.cpu_count(), os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{platform.system()} {platform.machine()}，{cores} 核，{memory:.0f} GB 内存，Python {platform.python_version()}，"
        f"{date.today():%Y-%m-%d}"
    )


def measured(book: str, folder: Path) -> dict[str, Run | None]:
    """The medians of each way; None for one that fails."""
    make, people = BOOKS[book]
    source, target = folder / "in.xlsx", folder / "out" / "in.xlsx"
    target.parent.mkdir(exist_ok=True)
    apart(make, source, people)
    runs: dict[str, list[Run]] = {way: [] for way in TAKEN[book]}
    failed: set[str] = set()
    for turn in range(RUNS + 1):
        for way, found in runs.items():
            if way in failed or (found and found[0].processor > LONG):
                continue
            try:
                run = measure(way, source, target)
            except RuntimeError as error:
                print(error, file=sys.stderr)
                failed.add(way)
                continue
            # The first turn warms up: files are read, modules are compiled.
            if turn or run.processor > LONG:
                found.append(run)
                print(
                    f"{book} {way}: {run.seconds:.2f} s, {run.processor:.2f} s CPU, {run.megabytes:.0f} MB", flush=True
                )
    return {
        way: Run(*map(statistics.median, zip(*found, strict=True))) if found else None for way, found in runs.items()
    }


def table(results: dict[str, dict[str, Run | None]]) -> list[str]:
    """A line a way, a column a workbook; behind the times how many times ours each is."""
    lines = ["| 方式 | " + " | ".join(BOOKS) + " |", "|---" * (len(BOOKS) + 1) + "|"]
    for way in WAYS:
        cells = []
        for runs in results.values():
            run, own = runs.get(way), runs[OURS]
            if run is None:
                cells.append("失败" if way in runs else "—")
                continue
            ratio = f"，{run.processor / own.processor:.1f} 倍" if own is not None and way != OURS else ""
            cells.append(f"{run.seconds:.2f} 秒{ratio}，{run.megabytes:.0f} MB")
        lines.append(f"| {way} | " + " | ".join(cells) + " |")
    ours = {book: runs[OURS] for book, runs in results.items()}
    for text, above, below in (
        ("100,000 人是 10,000 人的", HUNDRED_THOUSAND, TEN_THOUSAND),
        ("10,000 人的方案是普通公式的", SCHEME, TEN_THOUSAND),
    ):
        more, less = ours[above], ours[below]
        if more is not None and less is not None:
            lines += ["", f"{text} {more.processor / less.processor:.1f} 倍。"]
    return lines


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    results = {}
    with tempfile.TemporaryDirectory() as name:
        for book in BOOKS:
            results[book] = measured(book, Path(name))
            shutil.rmtree(Path(name) / "out" / "formulas", ignore_errors=True)
    text = REPORT.read_text(encoding="utf-8")
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    head = f"{machine()}，测量结束时的系统负载 {os.getloadavg()[0]:.1f}"
    REPORT.write_text(f"{before}{START}\n{head}\n\n" + "\n".join(table(results)) + f"\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
