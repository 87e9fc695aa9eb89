"""What stands of somebody in the tables of records beside his own, as a slip tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from addin.macros.explaining.labels import names_people
from addin.macros.macro import Subject
from addin.macros.printing.plainwords import on_slip
from addin.macros.subject.tables import People, computed_columns, text
from addin.xlsx.model import BLANK, Cell, CellError
from addin.xlsx.plainlists import NUMBER
from udfs.vocabulary import NO, YES
from workbook_templates.scheme.names import BALANCES, CHECK, PERSON, PERSON_KEY, SERIAL, column_key

if TYPE_CHECKING:
    import pandas as pd

MOST_ENTRIES, MOST_CELLS, MOST_RESULTS = 20, 6, 4


def entries_of(subject: Subject, table: People, row: int) -> list[str]:
    """What stands of a person in the other tables, a table a line: day, what it was, what it counts."""
    found: dict[str, list[str]] = {}
    for name, place in subject.places.items():
        keys = _keys(subject, table, name, row) if name != table.name else None
        if keys is None:
            continue
        frame, looks = subject.tables[name], subject.looks[name]
        computed = set(computed_columns(subject, name))
        left_out = {SERIAL, CHECK, BALANCES, keys[0]}
        told = [c for c in place.columns if not looks[c].hidden and c not in left_out and not names_people(c)]
        own = [int(at) for at in frame.index if text(_cell(frame, at, keys[0])) == keys[1]]
        for at in own:
            cells = [(c, v) for c in told if (v := _cell(frame, at, c)) not in BLANK]
            if len(cells) > MOST_CELLS:
                # A whole appraisal and no entry: what it was of, and what came out of it.
                results = [(c, v) for c, v in cells[1:] if c in computed]
                cells = [cells[0], *results[-MOST_RESULTS:]]
            entered = [_said(c, v, looks[c].format) for c, v in cells if not isinstance(v, CellError)]
            if entered:
                found.setdefault(name, []).append("，".join(entered))
    return [f"{name}：{_listed(entries)}" for name, entries in found.items()]


def _keys(subject: Subject, table: People, name: str, row: int) -> tuple[str, str] | None:
    """The column of another table that says whose a row is, and what stands there for this person."""
    columns = subject.places[name].columns
    person = next((c for c in columns if PERSON.search(c)), None)
    if person is not None and column_key(person) in columns and PERSON_KEY in table.frame.columns:
        return column_key(person), table.text(row, PERSON_KEY)
    number_column = next((c for c in columns if NUMBER.search(c)), None)
    if table.number and number_column and table.text(row, table.number):
        return number_column, table.text(row, table.number)
    names = [table.text(other, table.person) for other in table.rows]
    if person is not None and names.count(table.text(row, table.person)) == 1:
        return person, table.text(row, table.person)
    return None


def _listed(entries: list[str]) -> str:
    """Entries in a line, those that occur again once."""
    counts = {entry: entries.count(entry) for entry in entries}
    told = [entry if number == 1 else f"{entry}（{number} 次）" for entry, number in counts.items()]
    more = [] if len(told) <= MOST_ENTRIES else [f"……共 {len(told)} 条，其余见登记表"]
    return "；".join([*told[:MOST_ENTRIES], *more])


def _cell(frame: pd.DataFrame, row: int, column: str) -> Cell:
    return cast(Cell, frame.at[row, column])


def _said(column: str, value: Cell, code: str) -> str:
    """Days and words for themselves, numbers, 是 and 否 with what they are of."""
    told = on_slip(value, code)
    alone = (isinstance(value, str) and value not in (YES, NO)) or "y" in code.lower()
    return told if alone else f"{column} {told}"
