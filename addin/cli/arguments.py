"""argparse in Chinese: its headings, its help, and what it says of a wrong command line."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Generator
from typing import Any, NoReturn

from addin.shared.exits import WRONG_USE
from addin.shared.widths import width

# argparse's own messages, and how a clerk reads them; the last group of each pattern is what was typed or is missing.
_MESSAGES = (
    (r"the following arguments are required: (.+)", r"缺少 \1"),
    (r"unrecognized arguments: (.+)", r"不认识的参数 \1"),
    (r"argument (.+): expected one argument", r"\1 后面要有一个值"),
    (r"argument (.+): invalid int value: '(.*)'", r"\1 应为整数，现为 \2"),
    (r"argument (.+): not allowed with argument (.+)", r"\1 不能与 \2 同时使用"),
    (r"argument .+: invalid choice: '(.*)' \(choose from (.+)\)", r"没有 \1；可用的：\2"),
    (r"ambiguous option: (.+) could match (.+)", r"\1 不明确，可能是 \2"),
    (r"argument (.+): ignored explicit argument '(.*)'", r"\1 后面不能有值，现为 \2"),
)


class _Formatter(argparse.HelpFormatter):
    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=40, width=100)

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)

    def add_argument(self, action: argparse.Action) -> None:
        """The column of the explanations: argparse counts a Chinese character as one."""
        super().add_argument(action)
        wide = max(
            width(self._format_action_invocation(each)) for each in (action, *self._iter_indented_subactions(action))
        )
        self._action_max_length = max(self._action_max_length, wide + self._current_indent)

    def _iter_indented_subactions(self, action: argparse.Action) -> Generator[argparse.Action, None, None]:
        """The commands stand as far left as the options."""
        if isinstance(action, argparse._SubParsersAction):
            yield from action._get_subactions()

    def _format_action(self, action: argparse.Action) -> str:
        """The list of commands without the line that only repeats its heading."""
        told, written = super()._format_action(action), self._format_action_invocation(action)
        told = told.replace(written + " " * (width(written) - len(written)), written, 1)
        return told.partition("\n")[2] if action.nargs == argparse.PARSER else told


class Parser(argparse.ArgumentParser):
    """A parser whose help and errors are Chinese; a wrong command line ends with one line and exit code 2."""

    def __init__(self, **keywords: Any) -> None:
        super().__init__(**keywords, add_help=False, allow_abbrev=False, formatter_class=_Formatter)
        self._positionals.title = "参数"
        self._optionals.title = "选项"
        self.add_argument("-h", "--help", action="help", help="显示帮助")

    def format_help(self) -> str:
        """Headings end as in Chinese."""
        return re.sub(r"^(\w+):$", r"\1：", super().format_help(), flags=re.MULTILINE)

    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}：{in_chinese(message)}；用法见 {self.prog} --help", file=sys.stderr)
        raise SystemExit(WRONG_USE)


def in_chinese(message: str) -> str:
    """What argparse says of a wrong command line, in Chinese where it is a known message."""
    for pattern, chinese in _MESSAGES:
        if match := re.fullmatch(pattern, message):
            return match.expand(chinese).replace("'", "").replace(", ", "、")
    return message
