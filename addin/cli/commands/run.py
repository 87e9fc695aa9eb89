"""``kaohe run MACRO FILE``: a macro applied to a workbook; without a file, what the macro asks; without arguments, which there are."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from addin import macros
from addin.macros.asking import as_json, questions
from addin.macros.macro import Cancelled, Macro, Message
from addin.macros.runner import Ran
from addin.macros.runner import run as run_macro
from addin.macros.tools.answers import remember
from addin.shared.exits import FAILED, INTERRUPTED, UserError
from addin.shared.texts import aligned


def run(arguments: argparse.Namespace) -> int:
    if arguments.macro is None:
        print(aligned([[macro.name, macro.label, macro.description] for macro in macros.MACROS.values()]))
        print("\n一个宏的选项：kaohe run 宏，例如 kaohe run publish")
        return 0
    macro = macros.find(arguments.macro)
    if macro is None:
        known = "、".join(f"{m.label} {m.name}" for m in macros.MACROS.values())
        raise UserError(f"没有宏 {arguments.macro}；可用的宏：{known}")
    if arguments.file is None:
        print(_described(macro))
        return 0
    path = Path(arguments.file)
    folder = Path(arguments.output) if arguments.output else path.parent
    if folder.exists() and not folder.is_dir():
        raise UserError(f"{folder} 不是文件夹")
    if arguments.ask:
        asked = questions(macro, path, arguments.cell, arguments.remember or "")
        print(json.dumps(as_json(asked), ensure_ascii=False))
        return 0
    if arguments.remember:
        remember(arguments.remember, macro, arguments.option or ())
    show = _Progress()
    try:
        ran = run_macro(macro, path, folder, arguments.option or (), arguments.cell, show, not arguments.json)
    except (Cancelled, KeyboardInterrupt):
        show.clear()
        print("kaohe：已取消，没有写入任何文件", file=sys.stderr)
        return INTERRUPTED
    finally:
        show.clear()
    if arguments.json:
        print(json.dumps(ran.as_json(), ensure_ascii=False, allow_nan=False))
    else:
        _tell(ran, path)
    return 0 if ran.is_sound else FAILED


def _tell(ran: Ran, path: Path) -> None:
    for message in ran.messages:
        print(_line(message))
    if ran.outcome.edits and not ran.outcome.rows:
        print(f"已修改 {path} 的 {len(ran.outcome.edits)} 个单元格")
    for note in ran.notes:
        print(f"注意：{note}")
    for file in ran.files:
        print(f"已新建 {file}")
    if ran.outcome.summary:
        print(ran.outcome.summary)


def _described(macro: Macro) -> str:
    """How a macro is called, and its options."""
    lines = [
        f"{macro.label}：{macro.description}",
        f"用法：kaohe run {macro.name} 工作簿" + " [--option 名称=值]…" * bool(macro.options),
    ]
    options = []
    for option in macro.options:
        choices = f"（{'、'.join(option.choices)}）" if option.choices else ""
        default = {None: "", "": "", True: "；默认 是", False: "；默认 否"}.get(
            option.default, f"；默认 {option.default}"
        )
        options.append([f"  {option.label}", option.name, f"{option.description}{choices}{default}"])
    return "\n".join([*lines, *(["", "选项（名称写中文或英文都可以）：", aligned(options)] if options else [])])


def _line(message: Message) -> str:
    """A message with its cell behind it, so that the indentation of a tree stays."""
    return f"{message.text}  [{message.sheet}!{message.cell}]" if message.cell else message.text


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
