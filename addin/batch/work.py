"""One workbook of a batch: computed, checked, written; whatever goes wrong stays with this file."""

from __future__ import annotations

import hashlib
import json
import threading
import time
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from addin.batch.storage import Place, content_of, put, read, state_of
from addin.checking.meanings import original_of, refuse_printed
from addin.checking.workbook import Fault, all_faults, has_checks
from addin.headless.session import Session
from addin.shared.exits import told
from addin.shared.texts import shown
from addin.xlsx.alike import many_expected
from addin.xlsx.book import Book
from addin.xlsx.collecting import seldom_collected
from addin.xlsx.files import WorkbookError
from addin.xlsx.heading import known
from addin.xlsx.model import BLANK, Table
from addin.xlsx.plainlists import ITEM, owner_column
from addin.xlsx.results import clocks, columns, named_values
from udfs.spelling import is_nobody
from workbook_templates.scheme.catalogue import title_in
from workbook_templates.scheme.names import CHECK, PERSON_NAME, STAFF_NUMBER, SUMMARY, UNIT, column_key
from workbook_templates.workbook.sheets.carried import FIRST, SHEET, SLUG, VERSION

DONE, FAULTY, FAILED = "完成", "有问题", "失败"
MOST_TOLD = 100
"""Faults of one file that are told one by one; beyond them the file wants to be looked at by itself."""
_ALONE = threading.Lock()
"""What is known of formulas is a process's own, and of one file after the other: workers of a cluster may have several threads."""
PERSON = (PERSON_NAME, STAFF_NUMBER)
_NUMBERS = frozenset({int, float})


@dataclass(frozen=True)
class Task:
    """``program``: the state of the program that was asked for it. ``key`` and ``output``: of which content the result that is
    there was made, and its own content."""

    name: str
    source: Place
    target: Place
    program: str = ""
    macro: str = ""
    options: tuple[str, ...] = ()
    force: bool = False
    key: str = ""
    output: str = ""


@dataclass(frozen=True)
class Listed:
    """A table of people: its columns, those that hold numbers only, those that hold other things too, its filled rows; ``clocks``: of the
    numbers those that are times."""

    name: str
    columns: tuple[str, ...]
    numbers: tuple[str, ...]
    others: tuple[str, ...]
    rows: int
    clocks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Done:
    """What came of one file; ``faults``: sheet, cell, value and rule of each; ``counted``: how many people there are, or units;
    ``original``: the name of the file of which it is a copy without formulas."""

    name: str
    state: str
    note: str = ""
    key: str = ""
    output: str = ""
    unit: str = ""
    scheme: str = ""
    version: str = ""
    title: str = ""
    fault_count: int = 0
    uncomputed: int = 0
    seconds: float = 0
    faults: tuple[tuple[str, str, str, str], ...] = ()
    totals: dict[str, Any] = field(default_factory=dict)
    tables: tuple[Listed, ...] = ()
    counted: int | None = None
    original: str = ""
    is_earlier: bool = False

    @property
    def scheme_title(self) -> str:
        return self.title or self.scheme

    @property
    def is_of_units(self) -> bool:
        """Whether units are appraised, and not people."""
        return bool(self.tables) and not any(set(PERSON) & set(table.columns) for table in self.tables)

    def as_json(self) -> str:
        return json.dumps(vars(self), default=vars, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Done:
        data = json.loads(text)
        data["faults"] = tuple(map(tuple, data["faults"]))
        data["tables"] = tuple(
            Listed(
                each["name"],
                tuple(each["columns"]),
                tuple(each["numbers"]),
                tuple(each["others"]),
                each["rows"],
                tuple(each["clocks"]),
            )
            for each in data["tables"]
        )
        return cls(**data)


def prepare() -> None:
    """Load what the work takes, in the process of which the workers are copies."""
    import addin.checking.comparison
    import addin.headless.computation
    import addin.xlsx.external  # noqa: F401
    from addin.headless.functions import load

    load()


def work(task: Task) -> Done | None:
    """Compute one file; None where its result is there already, whole and of this content."""
    with _ALONE, many_expected(), seldom_collected():
        return _worked(task)


def _worked(task: Task) -> Done | None:
    started = time.perf_counter()
    try:
        content = read(task.source)
        key = _key(task, content)
        if task.output and task.key == key and not task.force and digest_of(task.target) == task.output:
            return None
        done = _computed(task, Session(Path(str(task.source)), content), key)
    except Exception as error:
        # A file goes by its name in the batch; as a path an address has one slash less.
        reason = _reason(error).replace(str(Path(str(task.source))), task.name)
        done = Done(task.name, FAILED, reason)
    return replace(done, seconds=round(time.perf_counter() - started, 3))


def failed(task: Task, error: BaseException) -> Done:
    """For a file at which not the work on it but what does the work has failed."""
    return Done(task.name, FAILED, f"计算它的程序被终止或失去联系（内存不足、电脑关机等）：{type(error).__name__}")


def _reason(error: Exception) -> str:
    if (message := told(error)) is not None:
        return message
    from addin.shared.crashes import crashed

    return crashed(error)


def _key(task: Task, content: bytes) -> str:
    """Another content, macro or state of the program gives another result."""
    return _digest(repr((task.program, task.macro, task.options)).encode() + content)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def digest_of(place: Place) -> str:
    """Of a file's content; "" for one that can't be read."""
    try:
        return _digest(content_of(place))
    except (OSError, WorkbookError):
        return ""


def _computed(task: Task, session: Session, key: str) -> Done:
    refuse_printed(session.workbook)
    session.compute()
    faults: list[Fault] = []
    # The checks are made while the disk is waited for.
    output = _written(task, session, lambda: faults.extend(all_faults(session)))
    listed = [(str(fault.sheet), fault.cell, shown(fault.value), fault.sentence) for fault in faults]
    listed += [(each.sheet, each.cell, "", f"无法计算：{each.message}") for each in session.problems]
    notes = []
    if len(listed) > MOST_TOLD:
        notes.append(f"只列出前 {MOST_TOLD} 处问题")
    if task.macro:
        notes += _macro(task)
        output = digest_of(task.target)
    book, people = session.book, people_of(session.book)
    uncomputed = sum(problem.count for problem in session.problems)
    filled = {name: columns(book, name) for name, _ in people}
    return Done(
        task.name,
        FAULTY if listed or notes else DONE,
        "；".join(notes),
        key,
        output,
        known(book, UNIT, (table for _, table in people)),
        *_carried(book),
        fault_count=len(faults),
        uncomputed=uncomputed,
        faults=tuple(listed[:MOST_TOLD]),
        totals=named_values(book, SUMMARY) if book.is_list(SUMMARY) else {},
        tables=tuple(_listed(book, name, table, filled[name]) for name, table in people),
        counted=counted(filled.values()),
        original=original_of(book),
    )


def _written(task: Task, session: Session, meanwhile: Callable[[], None]) -> str:
    """Put the computed workbook in its place; a file there that no batch has made is left alone."""
    content = session.written()
    before = state_of(task.target)
    if before is not None and not task.force:
        there = digest_of(task.target)
        if there == _digest(content):
            meanwhile()
            return there
        if there != task.output:
            what = "已被改动" if task.output else "已存在，不是这里算出的"
            raise WorkbookError(f"结果文件夹中的 {task.name} {what}，未覆盖；请移走它，或加 --force 覆盖")
    if isinstance(task.target, Path):
        task.target.parent.mkdir(parents=True, exist_ok=True)
    # A new result that is lost with the power is computed again.
    put(task.target, lambda file: file.write(content), before, before is not None, meanwhile)
    return _digest(content)


def _macro(task: Task) -> Iterator[str]:
    """Run the macro on the result, its documents in a folder of the workbook's name beside it; tells what it says."""
    from addin.macros import find
    from addin.macros.runner import run

    macro = find(task.macro)
    assert macro is not None and isinstance(task.target, Path)
    ran = run(macro, task.target, task.target.with_suffix(""), task.options)
    if not ran.is_sound:
        yield ran.outcome.summary or f"{macro.label}：有问题"


def _carried(book: Book) -> tuple[str, str, str]:
    """Slug, version and title of the scheme that the workbook holds."""
    sheet = book.workbook.sheets.get(SHEET)
    if sheet is None or (sheet.get(0, 0), sheet.get(1, 0)) != (SLUG, VERSION):
        return "", "", ""
    title = ""
    with suppress(tomllib.TOMLDecodeError):
        title = title_in("\n".join(map(shown, sheet.cells(0, FIRST, sheet.height - 1))))
    return shown(sheet.get(0, 1)), shown(sheet.get(1, 1)), title


def people_of(book: Book) -> list[tuple[str, Table]]:
    """The tables in which people stand; in a workbook with checks, those that are checked, of units where it has no people."""
    named = [(name, table) for name, table in book.places.items() if set(PERSON) & set(table.columns)]
    if not has_checks(book):
        return named
    checked = [(name, table) for name, table in named if CHECK in table.columns]
    return checked or [(name, table) for name, table in book.places.items() if owner_column(table.columns)]


def counted(tables: Collection[Mapping[str, Sequence[Any]]]) -> int | None:
    """How many people stand in tables (their cells by columns), or units where nobody does; None where neither do.

    People are told apart by 工号, or else by name. Records, which refer to them by keys, name them once more.
    """
    people = [found for found in tables if set(PERSON) & set(found)]
    people = [found for found in people if not any(column_key(name) in found for name in PERSON)] or people
    if not people:
        owners = [(owner, found) for found in tables if (owner := owner_column(found)) and not owner.startswith(ITEM)]
        return len({told for owner, found in owners for told in _texts(found[owner])} - {""}) if owners else None
    numbers, known, others = set[str](), {""}, set[str]()
    for found in people:
        blank = [""] * max(map(len, found.values()))
        for name, number in zip(*(_texts(found.get(column, blank)) for column in PERSON), strict=True):
            if number:
                numbers.add(number)
            (known if number else others).add(name)
    return len(numbers) + len(others - known)


def _texts(cells: Sequence[Any]) -> list[str]:
    """As the texts by which people are told apart; those that stand for nobody, as of a row of totals, are blank."""
    texts = (shown(cell).strip() for cell in cells)
    return ["" if is_nobody(text) else text for text in texts]


def _listed(book: Book, name: str, table: Table, found: Mapping[str, Sequence[Any]]) -> Listed:
    filled = {column: {type(cell) for cell in cells if cell not in BLANK} for column, cells in found.items()}
    numbers = tuple(column for column, kinds in filled.items() if kinds and kinds <= _NUMBERS)
    others = tuple(column for column, kinds in filled.items() if kinds - _NUMBERS)
    return Listed(name, table.columns, numbers, others, len(found[table.columns[0]]), clocks(book, table))
