"""Runs a macro on a workbook's file, the same for the command line, Calc and Excel."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from glob import escape
from pathlib import Path, PurePosixPath
from typing import Any

from addin.macros.check import workbook_messages
from addin.macros.macro import Macro, Message, Outcome, Progress, Subject, silent
from addin.macros.subject.reading import read_subject
from addin.macros.tools.options import given_options
from addin.macros.tools.pdf import PdfError, pdfs
from addin.portable.replacing import remove_left_overs
from addin.xlsx.files import replace
from udfs import CellError


@dataclass(frozen=True)
class Ran:
    """What a macro found out and did. ``messages`` tells also what could not be computed and which checks failed."""

    outcome: Outcome
    messages: tuple[Message, ...]
    files: tuple[Path, ...]
    notes: tuple[str, ...] = ()

    @property
    def is_sound(self) -> bool:
        return self.outcome.sound and len(self.messages) == len(self.outcome.messages)

    def as_json(self) -> dict[str, Any]:
        """For the hosts, which read it from another process."""
        return {
            "messages": [asdict(message) for message in self.messages],
            "edits": [{**asdict(edit), "value": plain(edit.value)} for edit in self.outcome.edits],
            "documents": [str(file.absolute()) for file in self.files],
            "summary": self.outcome.summary,
            "sound": self.is_sound,
        }


def run(
    macro: Macro,
    path: Path,
    folder: Path,
    options: Iterable[str] = (),
    selection: str | None = None,
    progress: Progress = silent,
    edits_file: bool = True,
) -> Ran:
    """Run a macro on ``path``; its documents go into ``folder``, its edits into the file unless the host makes them.

    Nothing is written before everything is computed. Raises UserError, WorkbookError, Cancelled.
    """
    values = given_options(macro, options)
    subject = read_subject(path, selection, progress=progress)
    outcome = macro(subject, values, progress)
    messages = (*outcome.messages, *_untold(subject, outcome))
    notes = _edited(subject, outcome) if edits_file and outcome.edits else ()
    files = list(_write_documents(outcome, folder))
    wanted = [file for file, document in zip(files, outcome.documents, strict=True) if document.pdf]
    try:
        files += pdfs(wanted)
    except PdfError as error:
        messages = (*messages, Message(str(error)))
    return Ran(outcome, messages, tuple(files), notes)


def _untold(subject: Subject, outcome: Outcome) -> Iterable[Message]:
    """What is wrong with the workbook and the macro has not said."""
    placed = {(message.sheet, message.cell) for message in outcome.messages}
    found = [
        Message(f"无法计算:{problem.message}(={problem.formula})", problem.sheet, problem.cell)
        for problem in subject.problems
    ]
    found += workbook_messages(subject)
    return (message for message in found if (message.sheet, message.cell) not in placed)


def _edited(subject: Subject, outcome: Outcome) -> tuple[str, ...]:
    """Put values into the workbook's cells and compute it again; the file is replaced whole, or not at all."""
    for edit in outcome.edits:
        subject.session.type(edit.sheet, edit.cell, edit.value)
    subject.session.compute()
    return subject.session.write()


def _write_documents(outcome: Outcome, folder: Path) -> Iterable[Path]:
    """Write the new files; one that is there already is kept, and the new one gets a number."""
    folders: dict[str, Path] = {}
    for document in outcome.documents:
        inner, name = PurePosixPath(document.name).parent, PurePosixPath(document.name).name
        target = folder
        if str(inner) != ".":
            if str(inner) not in folders:
                for earlier in folder.glob(f"{escape(str(inner))}*/"):
                    remove_left_overs(earlier)
                folders[str(inner)] = _free(folder / inner)
            target = folders[str(inner)]
        target.mkdir(parents=True, exist_ok=True)
        file, content = _free(target / name), document.content
        replace(file, lambda stream, content=content: stream.write(content), None)  # type: ignore[misc]
        yield file


def _free(path: Path) -> Path:
    """The path, or with a number if something of that name is there."""
    free, number = path, 2
    while os.path.lexists(free):
        free, number = path.with_name(f"{path.stem} ({number}){path.suffix}"), number + 1
    return free


def plain(value: Any) -> Any:
    """A cell's value as JSON has it and a cell takes it."""
    if isinstance(value, CellError):
        return value.value
    return value.isoformat() if isinstance(value, date | datetime) else value
