"""Whether results may be handed out: not while the workbook is wrong, unless somebody insists, and then it is written on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from addin.checking.fault import folded
from addin.checking.rows import ELSEWHERE, faults_of_row
from addin.macros.check import counted, workbook_messages
from addin.macros.macro import Kind, Message, Option, Outcome, Subject

FORCE = Option("force", "强制", Kind.FLAG, False, "工作簿有错误或核对不符时仍然生成，并在上面注明", kept=False)


def is_told_elsewhere(subject: Subject, state: str) -> bool:
    """Whether a row only says what is wrong with the workbook as a whole."""
    return bool(subject.faults) and state.startswith(ELSEWHERE)


def told_of_row(subject: Subject, name: str, row: int, whose: str) -> list[Message]:
    """What is wrong in a row of a table, a message a cell; ``whose`` stands before each."""
    faults = folded(faults_of_row(subject.book, subject.places[name], row))
    return [Message(f"{whose}没有通过校验，{fault.sentence}", fault.sheet, fault.cell) for fault in faults]


def untold(found: Iterable[Message], told: Iterable[Message]) -> Iterator[Message]:
    """What is found of cells of which nothing is told yet."""
    placed = {(message.sheet, message.cell) for message in told if message.cell}
    return (message for message in found if (message.sheet, message.cell) not in placed)


def refusal(subject: Subject, options: dict[str, Any], what: str, told: Sequence[Message] = ()) -> Outcome | None:
    """Why nothing is made, unless it is wanted all the same; ``told`` is what is known already."""
    found = workbook_messages(subject)
    if not found or options[FORCE.name]:
        return None
    todo = "填完" if all(fault.is_unfinished for fault in subject.faults) else "改正"
    summary = (
        f"没有生成{what}：工作簿有 {counted(subject.faults)}，请先{todo}；确要生成时用选项“{FORCE.label}”，上面会注明"
    )
    return Outcome((*told, *untold(found, told)), summary=summary, sound=False)


def warning(subject: Subject) -> tuple[str, list[Message]]:
    """What is written on what is made all the same (nothing where nothing is wrong), and what is told."""
    found = workbook_messages(subject)
    told = f"注意：工作簿有 {counted(subject.faults)}，本件系强制生成，仅供核对。" if found else ""
    return told, found
