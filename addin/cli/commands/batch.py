"""``kaohe batch``: every workbook of folders computed and checked, with one report."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tqdm import tqdm

from addin.batch.collect import write_collection
from addin.batch.crew import Crew, through
from addin.batch.expected import Expected
from addin.batch.journal import Journal, journal_in
from addin.batch.places import REPORT, Item, found
from addin.batch.report import write_report
from addin.batch.sheets import refuse_what_is_not_ours
from addin.batch.storage import Place, absolute, place_of, state_of
from addin.batch.work import DONE, FAILED, FAULTY, Task, failed, prepare, work
from addin.shared import exits
from addin.shared.kept import program

MOST_NAMED = 20
_BAR = "{desc} {percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} 已用 {elapsed} 还要 {remaining}"


def run(arguments: argparse.Namespace) -> int:
    out = place_of(arguments.output)
    items = found(arguments.inputs, out)
    _refuse_bad_macro(arguments)
    if isinstance(out, Path):
        out.mkdir(parents=True, exist_ok=True)
    elif arguments.macro:
        raise exits.UserError(f"宏要写新文件，--macro 的结果只能放在文件夹中，现为 {out}")
    report = out / REPORT
    refuse_what_is_not_ours(report)
    before = state_of(report)
    collection = _collection(arguments)
    before_collection = state_of(collection) if collection else None
    expected = Expected.read(Path(arguments.expect)) if arguments.expect else Expected()
    with closing(_crew(arguments, items, out)) as crew, journal_in(out) as journal:
        interrupted = not _all_done(arguments, items, crew, journal)
        if interrupted:
            expected = Expected()  # Who has sent nothing is known when all files are.
        for done in journal.results():
            expected.hear(done)
        states = write_report(report, journal.results, before, expected)
        print(f"{DONE} {states[DONE]} 个，{FAULTY} {states[FAULTY]} 个，{FAILED} {states[FAILED]} 个；报告：{report}")
        if expected.missing:
            print(f"没有报送的单位 {len(expected.missing)} 个：{_some(expected.missing)}")
        if expected.repeated:
            print(f"报送了几个文件的单位 {len(expected.repeated)} 个：{_some(expected.repeated)}")
        for files in expected.copies[:MOST_NAMED]:
            print(f"内容完全相同的文件 {len(files)} 个，都已计入：{_some(files)}")
        if collection and not interrupted:
            notes = write_collection(collection, items, journal.results, crew, before_collection, expected)
            print("\n".join((f"已汇总到 {collection}", *notes)))
    if interrupted:
        print(
            f"kaohe：已中断，还有 {len(items) - states.total()} 个文件没有算；再次运行同一命令接着算", file=sys.stderr
        )
        return exits.INTERRUPTED
    return exits.FAILED if states[FAULTY] or states[FAILED] or expected.missing else 0


def _some(names: list[str]) -> str:
    return "、".join(names[:MOST_NAMED]) + ("……" if len(names) > MOST_NAMED else "")


def _crew(arguments: argparse.Namespace, items: list[Item], out: Place) -> Crew:
    if arguments.scheduler is None:
        prepare()
        return Crew()
    from addin.batch.cluster import Cluster

    cluster = Cluster(arguments.scheduler)
    try:
        cluster.compare([absolute(out), *(absolute(item.source) for item in items[:1])])
    except BaseException:
        cluster.close()
        raise
    return cluster


def _all_done(arguments: argparse.Namespace, items: list[Item], crew: Crew, journal: Journal) -> bool:
    """False if the user has interrupted it."""

    def tasks(is_stopped: Callable[[], bool]) -> Iterator[Task]:
        options = tuple(arguments.option or ())
        for item in items:
            if is_stopped():
                bar.write("kaohe：已经开始和排到的文件算完就停；再按一次 Ctrl-C，只等正在算的", file=sys.stderr)
                return
            known = journal.known(item.name)
            yield Task(
                item.name, absolute(item.source), absolute(item.target), program(),
                arguments.macro or "", options, arguments.force, *known,
            )  # fmt: skip

    left = len(items)
    tqdm.monitor_interval = 0  # Its thread would be in the way of copies of this process.
    bar = tqdm(total=len(items), desc="计算", bar_format=_BAR, disable=None, file=sys.stderr)
    try:
        with _heeding() as is_stopped, closing(through(crew, tasks(is_stopped), work, failed)) as finished:
            for task, made in finished:
                done = journal.take(task.name, made)
                if done.state == FAILED:
                    bar.write(f"{FAILED} {done.name}：{done.note}", file=sys.stdout)
                bar.update()
                left -= 1
        return not left
    except KeyboardInterrupt:
        return False
    finally:
        bar.close()


@contextmanager
def _heeding() -> Iterator[Callable[[], bool]]:
    """Whether the user has pressed Ctrl-C: what is under way can be finished and noted. The second one interrupts at once."""
    at_once, presses = signal.getsignal(signal.SIGINT), []

    def press(number: int, _: object) -> None:
        signal.signal(signal.SIGINT, at_once)
        presses.append(number)

    if at_once is not signal.default_int_handler:  # In the background it may be ignored.
        yield lambda: False
        return
    signal.signal(signal.SIGINT, press)
    try:
        yield lambda: bool(presses)
    finally:
        signal.signal(signal.SIGINT, at_once)


def _collection(arguments: argparse.Namespace) -> Place | None:
    """The workbook that all results are put together in; what is wrong with its name is told before anything is done."""
    if arguments.collect is None:
        return None
    path = place_of(arguments.collect)
    if not path.name.lower().endswith(".xlsx"):
        raise exits.UserError(f"--collect 的文件名应以 .xlsx 结尾，现为 {path}")
    if isinstance(path, Path) and not path.parent.is_dir():
        raise exits.UserError(f"文件夹 {path.parent} 不存在")
    refuse_what_is_not_ours(path)
    return path


def _refuse_bad_macro(arguments: argparse.Namespace) -> None:
    """What is wrong for all files is told once, before anything is done."""
    if arguments.macro is None:
        if arguments.option:
            raise exits.UserError("--option 是宏的选项，要与 --macro 同用")
        return
    from addin import macros
    from addin.macros.tools.options import given_options

    macro = macros.find(arguments.macro)
    if macro is None:
        raise exits.UserError(f"没有宏 {arguments.macro}；可用的宏：{'、'.join(macros.MACROS)}")
    given_options(macro, arguments.option or ())
