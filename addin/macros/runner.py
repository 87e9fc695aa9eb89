"""Runs a macro on a workbook's file, the same for the command line, Calc and Excel."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from dataclasses import replace as replaced
from datetime import date, datetime
from glob import escape
from operator import methodcaller
from pathlib import Path, PurePosixPath
from typing import Any

from addin.headless.session import Session
from addin.macros.check import messages_of
from addin.macros.macro import FILLING, Document, Macro, Message, Outcome, Progress, Subject, silent
from addin.macros.subject.reading import read_subject
from addin.macros.tools.options import given_options
from addin.macros.tools.pdf import PdfError, pdfs
from addin.macros.tools.soundness import untold
from addin.portable.replacing import remove_left_overs
from addin.shared.texts import free_name
from addin.xlsx.files import replace
from addin.xlsx.model import column_name
from addin.xlsx.rows import Rows, crosses_array
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
            "rows": [_rows(rows) for rows in self.outcome.rows],
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
    notes: tuple[str, ...] = ()
    if outcome.rows or outcome.edits:
        before, subject = subject.session, replaced(subject, session=_edited(subject, outcome))
        if edits_file:
            notes = subject.session.write()
        elif any(crosses_array(before.workbook, rows) for rows in outcome.rows):
            # Programs don't put rows into arrays, so that an open workbook stays as it is and gets a copy beside it.
            copy = Document(f"{path.stem}_新{path.suffix}", subject.session.written())
            told = f"{outcome.summary}；表中有成组的公式，原工作簿没有改动，另存为 {copy.name}"
            outcome = replaced(outcome, rows=(), edits=(), documents=(*outcome.documents, copy), summary=told)
    fills_in = macro.group == FILLING or bool(outcome.rows or outcome.edits)
    messages = (*outcome.messages, *_untold(subject, outcome, unfinished=not fills_in))
    files = list(_write_documents(outcome, folder))
    wanted = [file for file, document in zip(files, outcome.documents, strict=True) if document.pdf]
    try:
        files += pdfs(wanted)
    except PdfError as error:
        messages = (*messages, Message(str(error)))
    return Ran(outcome, messages, tuple(files), notes)


def _untold(subject: Subject, outcome: Outcome, unfinished: bool) -> Iterable[Message]:
    """What is wrong with the workbook and the macro has not said, with or without what is to be filled in yet."""
    found = [
        Message(f"无法计算：{problem.message}（={problem.shortened}）", problem.sheet, problem.cell)
        for problem in subject.problems
    ]
    found += messages_of(fault for fault in subject.faults if unfinished or not fault.is_unfinished)
    return untold(found, () if outcome.explains else outcome.messages)


def _edited(subject: Subject, outcome: Outcome) -> Session:
    """The workbook with its rows and values as the macro wants them, computed again; not yet written."""
    session = subject.session.with_rows(outcome.rows)
    for edit in outcome.edits:
        session.type(edit.sheet, edit.cell, edit.value)
    session.compute()
    return session


def _rows(rows: Rows) -> dict[str, Any]:
    """Rows and columns as they are called on the sheet."""
    columns = [column_name(col) for col in rows.columns]
    return {"sheet": rows.sheet, "row": rows.row + 1, "count": rows.count, "columns": columns}


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
        file = _free(target / name)
        replace(file, methodcaller("write", document.content), None)
        yield file


def _free(path: Path) -> Path:
    """The path, or with a number if something of that name is there."""
    stem = free_name(path.stem, lambda stem: os.path.lexists(path.with_name(stem + path.suffix)))
    return path.with_name(stem + path.suffix)


def plain(value: Any) -> Any:
    """A cell's value as JSON has it and a cell takes it."""
    if isinstance(value, CellError):
        return value.value
    return value.isoformat() if isinstance(value, date | datetime) else value
