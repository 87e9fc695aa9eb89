"""Whether results may be handed out: not while the workbook is wrong, unless somebody insists, and then it is written on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from addin.checking.fault import folded
from addin.checking.rows import ELSEWHERE, faults_of_row
from addin.macros.check import counted, messages_of
from addin.macros.macro import Kind, Message, Option, Outcome, Subject
from addin.xlsx.cellreader import block
from workbook_templates.scheme.names import CHECK

FORCE = Option("force", "有错误也生成", Kind.FLAG, False, "工作簿有错误或核对不符时仍然生成，并在上面注明", kept=False)


def is_told_elsewhere(subject: Subject, state: str) -> bool:
    """Whether a row only says what is wrong with the workbook as a whole."""
    return bool(subject.faults) and state.startswith(ELSEWHERE)


def told_of_row(subject: Subject, name: str, row: int, whose: str) -> list[Message]:
    """What is wrong in a row of a table, a message a cell; ``whose`` stands before each."""
    faults = list(folded(faults_of_row(subject.book, subject.places[name], row)))
    if not faults:
        return [Message(f"{whose}没有通过校验，“{CHECK}”是空白", *subject.cell(name, row, CHECK))]
    return [Message(f"{whose}没有通过校验，{fault.sentence}", fault.sheet, fault.cell) for fault in faults]


def untold(found: Iterable[Message], told: Iterable[Message]) -> Iterator[Message]:
    """What is found of cells of which nothing is told yet: of several cells where one of them is missing."""
    known = {cell for message in told for cell in _cells(message)}
    return (message for message in found if not (cells := _cells(message)) or not known.issuperset(cells))


def _cells(message: Message) -> set[tuple[str, int, int]]:
    if not message.cell:
        return set()
    area = block(message.cell, message.sheet or "")
    rows, columns = range(area.top, area.bottom + 1), range(area.left, area.right + 1)
    return {(area.sheet, row, column) for row in rows for column in columns}


def refusal(subject: Subject, options: dict[str, Any], what: str) -> Outcome | None:
    """Why nothing is made, unless it is wanted all the same."""
    found = subject.all_faults
    if not found or options[FORCE.name]:
        return None
    todo = "填完" if all(fault.is_unfinished for fault in found) else "改正"
    summary = f"没有生成{what}：工作簿有 {counted(found)}，请先{todo}；确要生成时用选项“{FORCE.label}”，上面会注明"
    return Outcome(tuple(messages_of(found)), summary=summary, sound=False)


def warning(subject: Subject) -> tuple[str, list[Message]]:
    """What is written on what is made all the same (nothing where nothing is wrong), and what is told."""
    found = subject.all_faults
    told = f"注意：工作簿有 {counted(found)}，本件系强制生成，仅供核对。" if found else ""
    return told, messages_of(found)
