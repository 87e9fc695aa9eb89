"""Measures all ways side by side and writes docs/benchmarks.md: ``python -m benchmarks.run``.

N people with ten inputs and six ordinary formula columns, from the file opened to the computed file saved; time and peak memory
of the whole process, the fastest of the runs.
"""

from __future__ import annotations

import os
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from xlsxwriter import Workbook

from benchmarks.peers import WAYS

HERE = Path(__file__).resolve().parent
REPORT = HERE.parent / "docs" / "benchmarks.md"
SIZES = (1_000, 10_000, 100_000)
RUNS = 2
LARGEST = {"formulas 逐格": 1_000, "LibreOffice 硬重算": 10_000, "formualizer": 10_000}
"""Beyond these a way takes many minutes."""


def make(path: Path, people: int) -> None:
    """The workbook that all ways compute."""
    chance = random.Random(20)
    with Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet("人员")
        sheet.write_row(0, 0, [f"项目{i}" for i in range(1, 11)] + ["得分", "等次", "系数", "绩效", "名次", "同等人数"])
        for row, (grade, factor) in enumerate([("优秀", 1.2), ("合格", 1), ("不合格", 0.5)], start=1):
            sheet.write_row(row, 18, [grade, factor])
        last = people + 1
        for row in range(1, people + 1):
            sheet.write_row(row, 0, [round(chance.uniform(40, 100), 1) for _ in range(10)])
            n = row + 1
            for col, formula in enumerate(
                (
                    f"=ROUND(SUM(A{n}:J{n})/10,2)",
                    f'=IF(K{n}>=75,"优秀",IF(K{n}>=60,"合格","不合格"))',
                    f"=VLOOKUP(L{n},$S$2:$T$4,2,FALSE)",
                    f"=ROUND(K{n}*M{n},2)",
                    f"=RANK(K{n},$K$2:$K${last})",
                    f"=COUNTIF($L$2:$L${last},L{n})",
                ),
                start=10,
            ):
                sheet.write_formula(row, col, formula)


def measure(way: str, source: Path, folder: Path) -> tuple[float, float]:
    """Seconds and peak memory (MB) of one run."""
    target = folder / "out" / source.name
    target.parent.mkdir(exist_ok=True)
    command = [sys.executable, str(HERE / "peers.py"), way, str(source), str(target)]
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    start = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"{way} failed on {source.name}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def machine() -> str:
    cores, memory = os.cpu_count(), os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{platform.system()} {platform.machine()},{cores} 核，{memory:.0f} GB 内存，Python {platform.python_version()}"
    )


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    rows: dict[str, list[str]] = {way: [] for way in WAYS}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for people in SIZES:
            source = folder / f"{people}.xlsx"
            make(source, people)
            for way, cells in rows.items():
                if people > LARGEST.get(way, people):
                    cells.append("—")
                    continue
                try:
                    seconds, memory = min(measure(way, source, folder) for _ in range(RUNS))
                except RuntimeError as error:
                    print(error, file=sys.stderr)
                    cells.append("失败")
                    continue
                cells.append(f"{seconds:.2f} 秒，{memory:.0f} MB")
                print(people, way, cells[-1], flush=True)
    table = ["| 方式 | " + " | ".join(f"{people:,} 人" for people in SIZES) + " |", "|---" * (len(SIZES) + 1) + "|"]
    table += [f"| {way} | " + " | ".join(cells) + " |" for way, cells in rows.items()]
    text = REPORT.read_text(encoding="utf-8")
    before, _, rest = text.partition("<!-- 开始 -->")
    _, _, after = rest.partition("<!-- 结束 -->")
    REPORT.write_text(
        f"{before}<!-- 开始 -->\n{machine()}\n\n" + "\n".join(table) + f"\n<!-- 结束 -->{after}", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
