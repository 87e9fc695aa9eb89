"""The commands that faults are put into, and what must be true afterwards."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import sys
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Timer

from addin import cli
from addin.headless.session import Session
from addin.portable.archive import rewrite
from addin.xlsx.results import results
from tests.faults.injection import KILLED, Fault, Injection
from tests.support import PROJECT
from workbook_templates.scheme.catalogue import load
from workbook_templates.workbook.build import build

SCHEME = "health-centre-staff"
BOOK, DATA, OTHER = "考核.xlsx", "data.json", "其他.xlsx"
SAMPLE = PROJECT / "workbook_templates" / "samples" / f"{SCHEME}.json"


@dataclass(frozen=True)
class Command:
    """A command line, ``{}`` standing for the folder; ``stale``: the workbook is not computed yet."""

    arguments: tuple[str, ...]
    stale: bool = True

    def in_folder(self, folder: Path) -> list[str]:
        return [argument.replace("{}", str(folder)) for argument in self.arguments]

    def __str__(self) -> str:
        return " ".join(self.arguments).replace("{}/", "")


COMMANDS = (
    Command(("calc", f"{{}}/{BOOK}")),
    Command(("calc", f"{{}}/{BOOK}", "-o", f"{{}}/{OTHER}")),
    Command(("new", SCHEME, "--data", f"{{}}/{DATA}", "-o", f"{{}}/{BOOK}", "--force")),
    Command(("check", f"{{}}/{BOOK}")),
    Command(("show", f"{{}}/{BOOK}"), stale=False),
    Command(("run", "check", f"{{}}/{BOOK}")),
    Command(("run", "explain", f"{{}}/{BOOK}", "--option", "person=1")),
    Command(("run", "freeze", f"{{}}/{BOOK}")),
    Command(("run", "publish", f"{{}}/{BOOK}")),
    Command(("run", "slips", f"{{}}/{BOOK}", "--option", "single=是")),
    Command(("build", "calc", "-o", "{}/kaohe.oxt")),
)


@dataclass(frozen=True)
class Ended:
    """How a command ended; KILLED where the process was."""

    code: int
    told: str


@cache
def sources() -> tuple[bytes, bytes, bytes]:
    """A workbook that is not computed, the same computed, and a later version of it that a clerk saves."""
    data = json.loads(SAMPLE.read_text(encoding="utf-8"))
    later = json.loads(SAMPLE.read_text(encoding="utf-8"))
    later["tables"]["人员"].reverse()
    made = []
    for filled in (data, later):
        stream = io.BytesIO()
        build(load(SCHEME), stream, filled)
        made.append(stream.getvalue())
    return made[0], computed(made[0]), made[1]


def computed(content: bytes) -> bytes:
    session, stream = Session(Path(BOOK), content), io.BytesIO()
    session.compute()
    rewrite(io.BytesIO(content), stream, session.changed_parts())
    return stream.getvalue()


def prepare(folder: Path, command: Command) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / BOOK).write_bytes(sources()[0 if command.stale else 1])
    shutil.copy(SAMPLE, folder / DATA)


def run(command: Command, folder: Path) -> Ended:
    """In this process; what an exception would show counts as told."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            code = cli.main(command.in_folder(folder))
        except SystemExit as error:
            code = error.code if isinstance(error.code, int) else 1
    return Ended(code, out.getvalue())


def run_with(injection: Injection, command: Command, folder: Path) -> Ended:
    with injection.active():
        return run(command, folder)


def run_killed(injection: Injection, command: Command, folder: Path) -> Ended:
    """In a process of its own, which the fault ends."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        try:
            os._exit(run_with(injection, command, folder).code)
        finally:
            os._exit(99)
    return Ended(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), "")


def operations(command: Command, folder: Path) -> list[str]:
    """What a command does to the files of its folder, in order."""
    prepare(folder, command)
    injection = Injection(folder)
    run_with(injection, command, folder)
    return injection.operations


def inject(command: Command, folder: Path, at: int, fault: Fault) -> str:
    """Run a command with a fault, and once more without; returns what went wrong, or an empty text."""
    prepare(folder, command)
    before = (folder / BOOK).read_bytes()
    injection = Injection(folder, at, fault)
    ended = (run_killed if fault.kills else run_with)(injection, command, folder)
    wrong = [check(folder, before, command, ended) for check in (_book_is_whole, _documents_are_whole, _told)]
    again = run(command, folder)
    if again.code != 0:
        wrong.append(f"once more: code {again.code}: {again.told}")
    if left := sorted(path.name for path in folder.rglob(".kaohe-*")):
        wrong.append(f"left over: {left}")
    return "; ".join(filter(None, wrong))


def _book_is_whole(folder: Path, before: bytes, command: Command, ended: Ended) -> str:
    path = folder / BOOK
    if not path.is_file():
        return "the workbook is gone"
    now = path.read_bytes()
    if now == before or now == sources()[1]:
        return "claims to be done" if ended.code == 0 and now == before != after(command, before) else ""
    if command.arguments[0] == "new":
        return "" if values(path) == values_of(sources()[1]) else "another workbook"
    return "the workbook is neither old nor new"


def after(command: Command, before: bytes) -> bytes | None:
    """What the workbook should be; None where it can't be told by its bytes."""
    match command.arguments[0]:
        case "calc":
            return before if "-o" in command.arguments else sources()[1]
        case "new":
            return None
    return before


def values(path: Path) -> object:
    return results(Session.open(path).book)


def values_of(content: bytes) -> object:
    return results(Session(Path(BOOK), content).book)


def _documents_are_whole(folder: Path, before: bytes, command: Command, ended: Ended) -> str:
    for path in folder.rglob("*"):
        if path.suffix in (".xlsx", ".oxt") and not path.name.startswith(".kaohe-"):
            try:
                with zipfile.ZipFile(path) as package:
                    if package.testzip() is not None:
                        return f"{path.name} is damaged"
            except zipfile.BadZipFile:
                return f"{path.name} is cut off"
    return ""


def _told(folder: Path, before: bytes, command: Command, ended: Ended) -> str:
    if ended.code == KILLED:
        return ""
    if "Traceback" in ended.told or ended.code not in (0, 1, 2):
        return f"code {ended.code}: {ended.told[-300:]}"
    return "failed without a word" if ended.code and "kaohe：" not in ended.told else ""


def inject_save(command: Command, folder: Path, at: int, in_place: bool) -> str:
    """Another program saves a later version in the middle of a command; returns what is wrong then."""
    prepare(folder, command)
    path, later = folder / BOOK, sources()[2]
    ended = run_with(Injection(folder, at, Fault.SAVE, lambda: _save(path, later, in_place)), command, folder)
    return _saved(path, later, ended)


def save_in_time(command: Command, folder: Path, seconds: float, in_place: bool) -> str:
    """Another program saves a later version after so many seconds; returns what is wrong then."""
    prepare(folder, command)
    path, later = folder / BOOK, sources()[2]
    other = Timer(seconds, _save, (path, later, in_place))
    other.start()
    ended = run(command, folder)
    other.join()
    return _saved(path, later, ended)


def _saved(path: Path, later: bytes, ended: Ended) -> str:
    now = path.read_bytes()
    if now != later and now != computed(later):
        return f"the clerk's version is lost (code {ended.code})"
    if "Traceback" in ended.told or ended.code not in (0, 1, 2) or (ended.code and "kaohe：" not in ended.told):
        return f"code {ended.code}: {ended.told[-300:]}"
    return ""


def _save(path: Path, content: bytes, in_place: bool) -> None:
    if in_place:
        path.write_bytes(content)
        return
    beside = path.with_name("beside")
    beside.write_bytes(content)
    os.replace(beside, path)
