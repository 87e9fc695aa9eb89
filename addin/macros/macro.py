"""What a macro is: declared once with ``@macro``, offered by every host, a pure function from a workbook to an Outcome.

The Excel ribbon, the LibreOffice menu and ``kaohe run`` are made from the declarations, so that all a host has to know of a
macro stands there: its name, labels, group, icon, and its options.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from addin.xlsx.book import Book
from addin.xlsx.dates import date_system
from addin.xlsx.model import Cell, Problem, Table, cell_name
from addin.xlsx.rows import Rows
from workbook_templates.scheme.names import PARAMETERS, SUMMARY

if TYPE_CHECKING:
    import pandas as pd

    from addin.checking.fault import Fault
    from addin.headless.session import Session
    from addin.macros.subject.looks import Look

GROUPS = FILLING, COMPUTING, RESULTS = "填写", "计算", "结果"
"""The groups that macros stand in, in the order of the work."""

Progress = Callable[[int, int, str], None]
"""Told how many of how many are done, and of what; raises Cancelled once the user has had enough."""


class Cancelled(Exception):
    """The user has cancelled; nothing is to be written."""


def silent(done: int, total: int, what: str) -> None:
    """Progress that nobody looks at."""


class Kind(enum.Enum):
    """What an option's value is, so that a host can ask for it with the right control."""

    TEXT = "文本"
    NUMBER = "数字"
    CHOICE = "选项"
    TABLE = "表"
    COLUMNS = "列"
    FLAG = "是否"
    DATE = "日期"
    FILE = "文件"
    PERSON = "一个人"
    PEOPLE = "几个人"


@dataclass(frozen=True)
class Option:
    """``name`` is written on the command line, ``label`` in dialogs; a default of None means: the macro decides.

    ``kept``: dialogs propose what was answered for this workbook last time.
    """

    name: str
    label: str
    kind: Kind
    default: Any
    description: str
    choices: tuple[str, ...] = ()
    kept: bool = True


@dataclass(frozen=True)
class Message:
    """One thing said, and the cell that it speaks of (several cells: ``A1:B2``)."""

    text: str
    sheet: str | None = None
    cell: str | None = None

    def __str__(self) -> str:
        return f"{self.sheet}!{self.cell} {self.text}" if self.cell else self.text


@dataclass(frozen=True)
class Edit:
    """A cell of the user's workbook that is to hold another value."""

    sheet: str
    cell: str
    value: Cell


@dataclass(frozen=True)
class Document:
    """A new file; ``name`` may begin with one folder (``通知单/张三.xlsx``). ``pdf``: as a PDF beside it, too."""

    name: str
    content: bytes
    pdf: bool = False


@dataclass(frozen=True)
class Outcome:
    """What a macro found out and made. ``sound`` is False where something was found wrong (exit code 1).

    ``rows`` are put in or taken out one after the other; ``edits`` speak of cells as they stand then. ``explains``: the
    messages say how cells came about, so that nothing wrong with these is told by them.
    """

    messages: tuple[Message, ...] = ()
    edits: tuple[Edit, ...] = ()
    documents: tuple[Document, ...] = ()
    summary: str = ""
    sound: bool = True
    rows: tuple[Rows, ...] = ()
    explains: bool = False


@dataclass(frozen=True)
class Subject:
    """A session with a workbook whose values are not stale: what macros work on.

    A frame's index holds the sheet's rows (from zero), its columns the headings; ``cell`` says where a value stands. In a
    workbook without Excel tables every sheet with a row of headings among which is 姓名 or 工号 is a table of the sheet's name.
    """

    session: Session
    now: datetime
    selection: tuple[str, str] | None = None

    @property
    def name(self) -> str:
        return self.session.path.name

    @property
    def book(self) -> Book:
        return self.session.book

    @property
    def places(self) -> dict[str, Table]:
        return self.book.places

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self.session.problems

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        from addin.macros.subject.frames import frame_of  # pandas takes longer than most macros.

        return {name: frame_of(self.book, table) for name, table in self.places.items()}

    @cached_property
    def looks(self) -> dict[str, dict[str, Look]]:
        from addin.macros.subject.looks import looks_of

        return {name: looks_of(self.session, table) for name, table in self.places.items()}

    @cached_property
    def faults(self) -> list[Fault]:
        """What is wrong with the workbook as a whole."""
        from addin.checking.workbook import faults_of_whole

        return faults_of_whole(self.session)

    @cached_property
    def all_faults(self) -> list[Fault]:
        """Beside that also what is wrong in single rows; nothing while the workbook as a whole is sound."""
        from addin.checking.workbook import all_faults

        # The whole is not sound, whatever is looked at in rows: without checks these have nothing to tell.
        return self.faults and (all_faults(self.session) or self.faults)

    @cached_property
    def parameters(self) -> dict[str, Cell]:
        return self.book.named_values(PARAMETERS)

    @cached_property
    def summary(self) -> dict[str, Cell]:
        return self.book.named_values(SUMMARY)

    def cell(self, table: str, row: int, column: str) -> tuple[str, str]:
        """Sheet and A1 name of a frame's value."""
        place = self.places[table]
        return place.sheet, cell_name(row, place.column(column))


Compute = Callable[[Subject, dict[str, Any], Progress], Outcome]


@dataclass(frozen=True)
class Macro:
    """A macro as declared. ``icon`` is the name of one of Office's own pictures (imageMso)."""

    name: str
    label: str
    label_en: str
    description: str
    description_en: str
    group: str
    icon: str
    options: tuple[Option, ...]
    compute: Compute = field(repr=False)

    def __call__(self, subject: Subject, options: dict[str, Any], progress: Progress = silent) -> Outcome:
        """Run it; options (by name) that are left out have their defaults. Raises UserError, Cancelled."""
        with date_system(subject.session.workbook.date1904):
            return self.compute(subject, {option.name: option.default for option in self.options} | options, progress)


MACROS: dict[str, Macro] = {}


def macro(
    name: str,
    label: str,
    label_en: str,
    description: str,
    description_en: str,
    group: str,
    icon: str,
    *options: Option,
) -> Callable[[Compute], Compute]:
    """Declare the decorated function as the macro ``name``."""

    def declare(compute: Compute) -> Compute:
        MACROS[name] = Macro(name, label, label_en, description, description_en, group, icon, options, compute)
        return compute

    return declare
