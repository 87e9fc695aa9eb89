"""Measures ``kaohe batch`` on folders of about 50 people a file and writes it into docs/benchmarks.md: ``python -m benchmarks.batch``.

Every workbook of a scheme has people and marks of its own, filled in since its results were computed: nothing in it is right
yet. The time is that of the whole command, the memory that of the command and of its largest worker; the processors' time is
hardly longer on a machine that does other things too. What a province takes is worked out from these. Takes about five minutes
on two cores.
"""

from __future__ import annotations

import io
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from addin.headless.newbook import new_workbook
from addin.headless.session import Session
from addin.portable.archive import rewrite
from addin.shared.schemes import load
from addin.xlsx.model import cell_name
from benchmarks.books import SLUG, apart, ordinary_book
from benchmarks.run import machine
from workbook_templates.scheme.catalogue import sample

HERE = Path(__file__).resolve().parent
REPORT = HERE.parent / "docs" / "benchmarks.md"
START, END = "<!-- 批量 开始 -->", "<!-- 批量 结束 -->"
PEOPLE, SIZES = 50, 10
FEW, MANY, PROVINCE = 300, 3_000, 30_000
MARKS = ("医德医风", "工作态度", "组织纪律", "服务对象满意", "工作数量", "工作质量", "工作效率", "服务成效")
WATCHED = """
import resource, sys
from addin.cli import main
code = main(sys.argv[1:])
used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(*(each.ru_maxrss / 1024 for each in used), *(each.ru_utime + each.ru_stime for each in used), file=sys.stderr)
raise SystemExit(code)
"""


@dataclass(frozen=True)
class Measured:
    """Memory (MB) of the command and of its largest worker, seconds of the processors for each, seconds in all."""

    own_memory: float
    worker_memory: float
    own: float
    workers: float
    seconds: float

    def line(self, kind: str, files: int, how: str, are_workers_here: bool = True) -> str:
        each = f"{(self.own + self.workers) / files * 1000:.1f} 毫秒" if are_workers_here else "—"
        worker = f"{self.worker_memory:.0f} MB" if are_workers_here else "—"
        return f"| {kind} | {files:,} | {how} | {self.seconds:.1f} 秒 | {each} | {self.own_memory:.0f} MB | {worker} |"


def place(folder: Path, number: int) -> Path:
    path = folder / f"{number // 100:03}" / f"{number:05}.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def ordinary_books(folder: Path, files: int) -> None:
    """Copies of one workbook; each is opened, computed and written by itself all the same."""
    folder.mkdir()
    ordinary_book(folder / "first.xlsx", PEOPLE)
    for number in range(1, files):
        shutil.copyfile(folder / "first.xlsx", place(folder, number))


def scheme_books(folder: Path, files: int, sizes: int = SIZES) -> None:
    """Workbooks that differ in their marks, and have so many numbers of people around PEOPLE."""
    data, chance = sample(SLUG), random.Random(20)
    people = [person for person in data["tables"]["人员"] if all(person[name] is not None for name in MARKS)]
    for size in range(sizes):
        count = PEOPLE + size - sizes // 2
        data["tables"]["人员"] = [{**people[n % len(people)], "姓名": f"职工{n}"} for n in range(count)]
        first = folder.with_suffix(".xlsx")
        new_workbook(load(SLUG), first, data)
        session = Session.open(first)
        table = session.book.tables["人员"]
        columns = {name: table.first_col + table.columns.index(name) for name in MARKS}
        for number in range(size, files, sizes):
            for row, person in enumerate(data["tables"]["人员"], start=table.first_row):
                for name, col in columns.items():
                    session.type("人员", cell_name(row, col), max(1.0, person[name] - chance.randrange(3)))
            with place(folder, number).open("wb") as file:
                rewrite(io.BytesIO(session.content), file, session.changed_parts())


def measure(source: Path, out: Path, *more: str) -> Measured:
    command = [sys.executable, "-c", WATCHED, "batch", str(source), "-o", str(out), *more]
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    start = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    own_memory, worker_memory, own, workers = map(float, done.stderr.split()[-4:])
    return Measured(own_memory, worker_memory, own, workers, seconds)


@contextmanager
def scheduler() -> Iterator[str]:
    from distributed import LocalCluster

    os.environ["PYTHONPATH"] = str(HERE.parent)
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        yield cluster.scheduler_address


def measured(root: Path) -> Iterator[str]:
    """The table's lines, then what follows from them."""
    plain, scheme = "普通公式（6 列）", f"方案 {SLUG}"
    # The first run warms up: modules are compiled.
    apart(ordinary_books, root / "first", 2)
    measure(root / "first", root / "out")
    shutil.rmtree(root / "out")
    apart(ordinary_books, root / "plain", FEW)
    yield measure(root / "plain", root / "out").line(plain, FEW, "本机")
    shutil.rmtree(root / "out")
    apart(scheme_books, root / "alike", FEW, 1)
    yield measure(root / "alike", root / "out").line(f"{scheme}，都是 {PEOPLE} 人", FEW, "本机")
    shutil.rmtree(root / "out")
    apart(scheme_books, root / "few", FEW)
    few = measure(root / "few", root / "out")
    yield few.line(scheme, FEW, "本机")
    shutil.rmtree(root / "out")
    apart(scheme_books, root / "many", MANY)
    many = measure(root / "many", root / "out")
    yield many.line(scheme, MANY, "本机")
    again = measure(root / "many", root / "out")
    yield again.line(scheme, MANY, "本机，再次运行（都算过）")
    collected = measure(root / "many", root / "out", "--collect", str(root / "汇总.xlsx"))
    yield collected.line(scheme, MANY, "本机，再次运行，加 --collect")
    shutil.rmtree(root / "out")
    # Last: commands that are started afterwards would inherit the memory that the cluster takes here.
    with scheduler() as address:
        cluster = measure(root / "few", root / "out", "--scheduler", address)
    yield cluster.line(scheme, FEW, "Dask，本机两个工作程序", are_workers_here=False)
    yield "\n" + province(few, cluster, many, again, collected)


def province(few: Measured, cluster: Measured, many: Measured, again: Measured, collected: Measured) -> str:
    more = MANY - FEW
    own, worker = (many.own - few.own) / more, (many.workers - few.workers) / more
    slope = (many.seconds - few.seconds) / more
    collecting = (collected.seconds - again.seconds) / MANY
    minutes = {cores: PROVINCE * max((own + worker) / cores, own) / 60 for cores in (2, 16, 64)}
    times = "、".join(f"{cores} 核 {needed:.1f} 分钟" for cores, needed in minutes.items())
    return f"""全省一次算完（由上表推算，不是实测）：3 万个工作簿、150 万人。从 {FEW} 个到 {MANY:,} 个，每多一个文件多 {slope * 1000:.1f} 毫秒，
命令的内存由 {few.own_memory:.0f} MB 变为 {many.own_memory:.0f} MB，工作进程由 {few.worker_memory:.0f} MB 变为 {many.worker_memory:.0f} MB。\
每个文件的处理器时间是工作进程 {worker * 1000:.1f} 毫秒、命令自己 {own * 1000:.2f} 毫秒，按此：{times}。
命令自己的时间不能分给别的处理器，所以再多的处理器也不会快于 {PROVINCE * own / 60:.1f} 分钟，约 {(own + worker) / own:.0f} 个处理器以上不再加快。\
Dask 在这台电脑上每个文件多用 {max(0.0, cluster.seconds - few.seconds) / FEW * 1000:.1f} 毫秒（含启动），电脑多了才划算。
再次运行只核对内容，每个文件 {again.seconds / MANY * 1000:.1f} 毫秒；--collect 每个文件多 {collecting * 1000:.1f} 毫秒，全省约 {PROVINCE * collecting / 60:.1f} 分钟，\
人数超过一张工作表，分在两张中，另有 Parquet 文件。"""


def main() -> None:
    lines = [
        "| 工作簿 | 文件 | 怎样算 | 时间 | 每个文件的处理器时间 | 内存（命令） | 内存（最大的工作进程） |",
        "|---" * 7 + "|",
    ]
    with tempfile.TemporaryDirectory() as name:
        for line in measured(Path(name)):
            print(line, flush=True)
            lines.append(line)
    text = REPORT.read_text(encoding="utf-8")
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    load_now = f"{machine()}，测量结束时的系统负载 {os.getloadavg()[0]:.1f}"
    REPORT.write_text(f"{before}{START}\n{load_now}\n\n" + "\n".join(lines) + f"\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
