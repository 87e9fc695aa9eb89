"""Entries of a list as they go into a table: values as its columns hold them, and who stands there already."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from addin.macros.growing.growth import Entry, Growing, text_of, told_rows
from addin.macros.growing.lists import Listed
from addin.macros.macro import Message, Outcome, Subject
from addin.macros.subject.tables import is_unit, people
from addin.shared.exits import UserError
from addin.xlsx.dates import half_width, text_date
from addin.xlsx.model import BLANK, Cell, Table, cell_name
from addin.xlsx.reader import kind_of_moment
from udfs.spelling import as_seen, is_total
from workbook_templates.scheme.names import SERIAL

AS_TEXT = "@"
_NUMBER = re.compile(r"[-+]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?:\.[0-9]+)?%?")
_MOST_DIGITS = 15
_PADDED = re.compile(r"[\u3400-\u9fff](?:\s+[\u3400-\u9fff])+")
_LONGEST_NAME = 3
"""Characters; four may be two people's."""


def filled_in(subject: Subject, table: Table, listed: Listed, trimmed: bool = False) -> Outcome:
    """The outcome of putting a list into a table: nobody twice, nothing left out in silence."""
    growing = Growing(subject, table)
    added, messages = _added(growing, listed)
    growth = growing.grown([entry for _, entry in added], trimmed=trimmed)
    told = f"加了 {len(added)} 行"
    if growing.strays:
        told += f"，表下面的 {len(growing.strays)} 行收进了表内"
    parts = [told, told_rows(growth, table.name)]
    if renamed := {heading: name for heading, name in listed.renamed.items() if name in growing.inputs}:
        parts.append("、".join(f"“{heading}”填入“{name}”" for heading, name in renamed.items()))
    if padded := sum(is_padded(cell) for given, _ in added for cell in given.values()):
        parts.append(f"{padded} 格中为对齐而加的空格去掉了")
    messages = [*_left_out(growing, listed), *messages]
    return Outcome(tuple(messages), growth.edits, summary="；".join(parts), sound=not messages, rows=growth.rows)


def _added(growing: Growing, listed: Listed) -> tuple[list[tuple[Entry, Entry]], list[Message]]:
    """The rows that are new, as they are listed and as the table holds them; and what is to be told of the others."""
    looks, known = growing.subject.looks[growing.table.name], _Known(growing)
    added: list[tuple[Entry, Entry]] = []
    messages: list[Message] = []
    for row in listed.rows:
        given = {name: cell for name, cell in row.items() if name in growing.inputs and cell not in BLANK}
        entry = {name: _typed(cell, looks[name].format) for name, cell in given.items()}
        if not entry or any(is_total(cell) for cell in entry.values()):
            continue
        if (message := known.twice(entry)) is not None:
            messages.append(message)
        else:
            added.append((given, entry))
    return added, messages


def _left_out(growing: Growing, listed: Listed) -> Iterator[Message]:
    """What is to be told of the list's columns."""
    for name in listed.unknown:
        if name != SERIAL:
            yield Message(f"名单中的列“{name}”不在表 {growing.table.name} 中，没有粘贴")
    for heading, taken in listed.doubled:
        if heading == taken:
            yield Message(f"名单中有几列“{heading}”，只粘贴了最前面的一列")
        else:
            yield Message(f"名单中“{taken}”“{heading}”是同一列，只粘贴了“{taken}”")
    for name in dict.fromkeys(name for row in listed.rows for name in row):
        if name not in growing.inputs and name != SERIAL:
            yield Message(f"列“{name}”由公式计算，没有粘贴")
        elif is_unit(name) and (blank := _merged_away([row.get(name) for row in listed.rows])):
            told = "原来是合并的单元格的，复制以后只有第一行有内容，请在表中逐行补上"
            yield Message(f"名单的“{name}”有 {blank} 行空白；{told}")


def _merged_away(cells: list[Cell]) -> int:
    """How many cells are blank below others of which each stands there once, as of merged ones."""
    filled = [cell for cell in cells if cell not in BLANK]
    is_so = bool(filled) and cells[0] not in BLANK and len(set(filled)) == len(filled)
    return len(cells) - len(filled) if is_so else 0


class _Known:
    """Who stands in a table of people already; in other tables rows may be alike."""

    def __init__(self, growing: Growing) -> None:
        self._table = growing.table
        self._name = self._number = ""
        self._named: dict[str, int | None] = {}
        """Who has no 工号."""
        self._numbered: dict[str, tuple[str, int | None]] = {}
        """With the name."""
        self._all: dict[str, int | None] = {}
        try:
            found = people(growing.subject, None)
        except UserError:
            return
        if found.name != growing.table.name:
            return
        self._name, self._number = found.person, found.number or ""
        for row in (*growing.rows, *growing.strays):
            self._note(growing.entry(row), row)

    def _note(self, entry: Entry, row: int | None) -> None:
        name, number = text_of(entry.get(self._name)), text_of(entry.get(self._number))
        if number:
            self._numbered.setdefault(as_seen(number), (name, row))
        if name:
            self._all.setdefault(as_seen(name), row)
        if name and not number:
            self._named.setdefault(as_seen(name), row)

    def twice(self, entry: Entry) -> Message | None:
        """What is to be told of somebody who is there already (or was, in the same list); else he is noted."""
        if not self._name:
            return None
        name, number = text_of(entry.get(self._name)), text_of(entry.get(self._number))
        told = f"{name or '（没有姓名）'}{f'（{number}）' if number else ''}"
        if number and as_seen(number) in self._numbered:
            other, row = self._numbered[as_seen(number)]
            if as_seen(other) == as_seen(name):
                return self._message(told, f"{self._number}相同", row)
            place = "名单" if row is None else "表"
            return self._told(f"{told}没有加入：{self._number}与{place}中的{other or '（没有姓名）'}相同，请核对", row)
        alike = self._named if number else self._all
        if as_seen(name) in alike:
            return self._message(told, "姓名相同，其中有人没有工号", alike[as_seen(name)])
        self._note(entry, None)
        return None

    def _message(self, told: str, why: str, row: int | None) -> Message:
        if row is None:
            return Message(f"{told}在名单中有两次（{why}），第二次没有加入")
        return self._told(f"{told}已在表中（{why}），没有再加", row)

    def _told(self, text: str, row: int | None) -> Message:
        if row is None:
            return Message(text)
        return Message(text, self._table.sheet, cell_name(row, self._table.column(self._name)))


def _typed(cell: Cell, code: str) -> Cell:
    """A value as the column holds it: texts as they are, otherwise what reads as a number is one, and a day where days are shown."""
    if not isinstance(cell, str):
        return text_of(cell) if code == AS_TEXT else cell
    text = _unpadded(cell.strip())
    half = half_width(text)
    if code == AS_TEXT:
        return half if half.isascii() else text
    digits = sum(char.isdigit() for char in half)
    if digits and digits <= _MOST_DIGITS and _NUMBER.fullmatch(half):
        number = Decimal(half.rstrip("%").replace(",", ""))
        return float(number / 100 if half.endswith("%") else number)
    # Elsewhere it would be shown as a number of days: 2026.3.5 as 46086.
    day = text_date(half, dotted=True) if kind_of_moment(code) else None
    return text if day is None else day


def is_padded(cell: Cell) -> bool:
    """Whether single characters stand apart, as in 张 三, which is to be as wide as the names around it."""
    return isinstance(cell, str) and _PADDED.fullmatch(cell.strip()) is not None


def _unpadded(text: str) -> str:
    return "".join(text.split()) if is_padded(text) else text


def names(text: str, column: str) -> Listed:
    """Names with marks or line ends between them, or else spaces; raises UserError for characters that may be anybody's."""
    found: list[str] = []
    for part in filter(None, map(str.strip, re.split(r"[\n\t,，、;；]+", text))):
        words = part.split()
        if is_padded(part) and len(words) <= _LONGEST_NAME:
            found.append(_unpadded(part))
        elif len(words) > 1 and any(len(word) == 1 for word in words):
            raise UserError(f"“{part}”看不出是几个人的姓名；请在姓名之间写顿号，姓名里面不写空格，例如：张三、李四")
        else:
            found += words
    return Listed(tuple({column: name} for name in found))
