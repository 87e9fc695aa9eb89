"""``kaohe run MACRO FILE``: a macro applied to a workbook; without arguments, the macros that there are."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path, PurePosixPath

from addin.headless import WorkbookError, calculate
from addin.macros import MACROS
from addin.macros.macro import Cancelled, Edit, Macro, Message, Outcome
from addin.macros.subject.reading import read_subject
from addin.macros.tools.options import given_options
from addin.macros.tools.telling import told
from addin.shared.exits import FAILED, INTERRUPTED, UserError
from addin.xlsx.archive import rewrite
from addin.xlsx.cellreader import place
from addin.xlsx.model import Cell
from addin.xlsx.package import replace
from addin.xlsx.patch import write_values
from addin.xlsx.reader import read_workbook


def run(arguments: argparse.Namespace) -> int:
    if arguments.macro is None:
        print("\n\n".join(_described(macro) for macro in MACROS.values()))
        return 0
    macro = next((m for m in MACROS.values() if arguments.macro in (m.name, m.label)), None)
    if macro is None:
        known = "、".join(f"{m.name}({m.label})" for m in MACROS.values())
        raise UserError(f"没有宏 {arguments.macro};可用的宏:{known}")
    if arguments.file is None:
        raise UserError("缺少 FILE")
    path = Path(arguments.file)
    folder = Path(arguments.output) if arguments.output else path.parent
    options = given_options(macro, arguments.option or ())
    if not folder.is_dir():
        raise UserError(f"文件夹 {folder} 不存在")
    show = _Progress()
    try:
        subject = read_subject(path, arguments.cell, progress=show)
        outcome = macro(subject, options, show)
    except (Cancelled, KeyboardInterrupt):
        show.clear()
        print("kaohe:已取消,没有写入任何文件", file=sys.stderr)
        return INTERRUPTED
    show.clear()
    messages = [*outcome.messages]
    placed = {(message.sheet, message.cell) for message in messages}
    for problem in subject.problems:
        if (problem.sheet, problem.cell) not in placed:
            messages.append(Message(f"无法计算:{problem.message}(={problem.formula})", problem.sheet, problem.cell))
    files = _write_documents(outcome, folder, path)
    if arguments.json:
        files = [file.absolute() for file in files]
        print(json.dumps(told(outcome, messages, files), ensure_ascii=False, allow_nan=False))
    else:
        for message in messages:
            print(_line(message))
        if outcome.edits:
            _apply(path, outcome.edits)
            print(f"已修改 {path} 的 {len(outcome.edits)} 个单元格")
        for file in files:
            print(f"已新建 {file}")
        if outcome.summary:
            print(outcome.summary)
    return 0 if outcome.sound and not subject.problems else FAILED


def _described(macro: Macro) -> str:
    lines = [f"{macro.name}  {macro.label}:{macro.description}"]
    for option in macro.options:
        choices = f"({'、'.join(option.choices)})" if option.choices else ""
        default = {None: "", "": "", True: ";默认 是", False: ";默认 否"}.get(option.default, f";默认 {option.default}")
        lines.append(f"    --option {option.name}={option.label}  {option.description}{choices}{default}")
    return "\n".join(lines)


def _line(message: Message) -> str:
    """A message with its cell behind it, so that the indentation of a tree stays."""
    return f"{message.text}  [{message.sheet}!{message.cell}]" if message.cell else message.text


def _write_documents(outcome: Outcome, folder: Path, source: Path) -> list[Path]:
    """Write the new files; one that is there already is kept, and the new one gets a number."""
    files: list[Path] = []
    folders: dict[str, Path] = {}
    for document in outcome.documents:
        inner, name = PurePosixPath(document.name).parent, PurePosixPath(document.name).name
        target = folder
        if str(inner) != ".":
            if str(inner) not in folders:
                folders[str(inner)] = _free(folder / inner)
                folders[str(inner)].mkdir()
            target = folders[str(inner)]
        file = _free(target / name)
        content = document.content
        replace(file, lambda beside, content=content: beside.write_bytes(content))  # type: ignore[misc]
        files.append(file)
    return files


def _free(path: Path) -> Path:
    """The path, or with a number if something of that name is there."""
    free, number = path, 2
    while os.path.lexists(free):
        free, number = path.with_name(f"{path.stem} ({number}){path.suffix}"), number + 1
    return free


def _apply(path: Path, edits: tuple[Edit, ...]) -> None:
    """Put values into the workbook's cells and compute it again; the file is replaced whole, or not at all."""
    workbook = read_workbook(path)
    values: dict[str, dict[tuple[int, int], Cell]] = {}
    for edit in edits:
        at = place(edit.cell)
        if at in workbook.sheets[edit.sheet].formulas:
            raise WorkbookError(f"{edit.sheet}!{edit.cell} 是公式,未改动 {path}")
        values.setdefault(edit.sheet, {})[at] = edit.value

    def write(beside: Path) -> None:
        rewrite(path, beside, {})
        write_values(beside, beside, values, workbook.parts)
        calculate(beside)

    replace(path, write)


class _Progress:
    """One line on the terminal that says what is being done; nothing where nobody looks."""

    def __init__(self) -> None:
        self._shown = ""
        self._terminal = sys.stderr.isatty()

    def __call__(self, done: int, total: int, what: str) -> None:
        line = f"{what} {done * 100 // total if total else 100}%"
        if self._terminal and line != self._shown:
            self._shown = line
            print(f"\r\x1b[2K{line}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        if self._shown:
            print("\r\x1b[2K", end="", file=sys.stderr, flush=True)
            self._shown = ""
