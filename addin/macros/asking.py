"""What a host asks before it runs a macro: the options with the lists of this workbook and the answers given last time."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from addin.checking.meanings import refuse_printed
from addin.headless.session import Session
from addin.macros.macro import Kind, Macro, Option, Subject
from addin.macros.subject.tables import People, people, registers_of
from addin.macros.tools.answers import is_kept, remembered
from addin.shared.exits import UserError
from addin.xlsx.cellreader import place as cell_place
from udfs.vocabulary import NO, YES
from workbook_templates.scheme.names import CHECK


@dataclass(frozen=True)
class Question:
    """An option as it is asked for: its list, and what stands there at first."""

    name: str
    label: str
    description: str
    kind: str
    choices: tuple[str, ...]
    default: str
    """As it would be typed; several values with 、 between them."""

    @property
    def several(self) -> bool:
        return self.kind in (Kind.COLUMNS.value, Kind.PEOPLE.value)


def questions(macro: Macro, path: Path, selection: str | None, workbook: str = "") -> list[Question]:
    """The questions of a macro for the workbook ``path``, of which ``workbook`` is the lasting name. Raises WorkbookError."""
    from addin.macros.subject.reading import selected_cell

    session = Session.open(path)
    refuse_printed(session.workbook)
    chosen = selected_cell(session.book, selection) if selection else None
    subject = Subject(session, datetime.now(), chosen)
    known = remembered(workbook, macro)
    table = _table(subject, known.get("table"))
    return [_question(subject, macro, option, table, known) for option in macro.options]


def as_json(asked: Iterable[Question]) -> list[dict[str, Any]]:
    return [{**asdict(question), "several": question.several} for question in asked]


def _question(subject: Subject, macro: Macro, option: Option, table: People | None, known: dict[str, str]) -> Question:
    choices, default = option.choices, _typed(option.default)
    row = _chosen_row(subject, table)
    match option.kind:
        case Kind.TABLE:
            choices = tuple(registers_of(subject))
        case Kind.FLAG:
            choices = (YES, NO)
        case Kind.COLUMNS if table is not None:
            shown = [name for name in table.frame.columns if not table.looks[name].hidden and name != CHECK]
            choices = tuple(shown)
            # A computed cell of a person: only it is asked about.
            if row is not None and any(other.kind is Kind.PERSON for other in macro.options):
                default = next((name for name in table.computed if name == _chosen_column(subject, table)), "")
        case Kind.PERSON | Kind.PEOPLE if table is not None:
            choices = tuple(_key(table, at) for at in table.rows)
            if option.kind is Kind.PERSON and row is not None:
                default = _key(table, row)
    if is_kept(macro, option):
        default = known.get(option.name, default)
        if option.kind in (Kind.TABLE, Kind.CHOICE, Kind.COLUMNS):
            default = "、".join(part for part in default.split("、") if part in choices)
    return Question(option.name, option.label, option.description, option.kind.value, choices, default)


def _table(subject: Subject, wanted: str | None) -> People | None:
    """The table of people that a macro would take."""
    with suppress(UserError):
        return people(subject, wanted if wanted in subject.places else None)
    return None


def _key(table: People, row: int) -> str:
    """A name; where several have it, the number or the serial instead."""
    name = table.text(row, table.person)
    if sum(table.text(other, table.person) == name for other in table.rows) == 1:
        return name
    keys = (table.text(row, column) for column in (table.number, table.serial) if column)
    return next((key for key in keys if key), name)


def _chosen_row(subject: Subject, table: People | None) -> int | None:
    if table is None or subject.selection is None:
        return None
    sheet, cell = subject.selection
    row = cell_place(cell)[0]
    return row if subject.places[table.name].sheet == sheet and row in table.rows else None


def _chosen_column(subject: Subject, table: People) -> str:
    assert subject.selection is not None
    place = subject.places[table.name]
    at = cell_place(subject.selection[1])[1] - place.first_col
    return place.columns[at] if 0 <= at < len(place.columns) else ""


def _typed(default: Any) -> str:
    if isinstance(default, bool):
        return YES if default else NO
    return "" if default is None else str(default)
