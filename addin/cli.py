"""``kaohe …``: the command line. A command's module is imported only when it runs, so that the help comes at once."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Sequence
from importlib import import_module

COMMANDS = {
    "list": "列出全部考核方案",
    "functions": "列出全部 KAOHE 函数,或说明其中一个",
    "new": "按方案新建考核工作簿",
    "calc": "计算工作簿中的全部公式",
    "check": "检查填写的数据,列出每一处错误",
    "show": "显示工作簿中的结果",
}
FAILED, WRONG_USE = 1, 2


class UserError(Exception):
    """What the user can mend; the message (Chinese) is all that is printed."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:  # type: ignore[override]
        self.print_usage(sys.stderr)
        print(f"kaohe:参数有误:{message}", file=sys.stderr)
        raise SystemExit(WRONG_USE)


def parser() -> argparse.ArgumentParser:
    """The parser with every command and option."""
    whole = _Parser(prog="kaohe", description="绩效考核:新建、计算、检查考核工作簿。", add_help=False)
    whole.add_argument("-h", "--help", action="help", help="显示帮助")
    commands = whole.add_subparsers(dest="command", metavar="命令", title="命令", parser_class=_Parser)
    _file = {"metavar": "FILE", "help": "工作簿(.xlsx 或 .xlsm)"}
    for name, told in COMMANDS.items():
        command = commands.add_parser(name, help=told, description=told + "。", add_help=False)
        command.add_argument("-h", "--help", action="help", help="显示帮助")
        match name:
            case "functions":
                command.add_argument("name", metavar="NAME", nargs="?", help="函数名,例如 KAOHE_SCORE")
            case "new":
                command.add_argument("slug", metavar="SLUG", help="方案,见 kaohe list")
                command.add_argument("-o", "--output", metavar="FILE", help="新工作簿的文件名(默认:方案名称.xlsx)")
                command.add_argument("--data", metavar="DATA.json", help="填入的数据:{\"params\": {…}, \"tables\": {表: [{列: 值}]}}")
                command.add_argument("--rows", metavar="N", type=int, help="人员表的行数;超过 1000 行用整列公式")
                command.add_argument("--force", action="store_true", help="覆盖已有的文件")
            case "calc":
                command.add_argument("file", **_file)  # type: ignore[arg-type]
                command.add_argument("-o", "--output", metavar="OUT", help="另存为(默认:写回原文件)")
            case "check":
                command.add_argument("file", **_file)  # type: ignore[arg-type]
            case "show":
                command.add_argument("file", **_file)  # type: ignore[arg-type]
                command.add_argument("--table", metavar="表", help="只显示一个表")
                form = command.add_mutually_exclusive_group()
                form.add_argument("--json", action="store_true", help="以 JSON 输出")
                form.add_argument("--csv", action="store_true", help="以 CSV 输出(一个表,默认第一个人员表)")
    return whole


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code (0 done, 1 something found wrong, 2 could not be done)."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    arguments = parser().parse_args(argv)
    if arguments.command is None:
        parser().print_help()
        return WRONG_USE
    from workbook_templates.data import DataError
    from workbook_templates.scheme import SchemeError

    known = (UserError, DataError, SchemeError, *_workbook_errors(arguments.command))
    try:
        code: int = import_module(f"addin.commands.{arguments.command}").run(arguments)
        return code
    except known as error:
        print(f"kaohe:{error}", file=sys.stderr)
    except BrokenPipeError:
        sys.stderr.close()
    except OSError as error:
        print(f"kaohe:无法读写 {error.filename}:{error.strerror}", file=sys.stderr)
    return WRONG_USE


def _workbook_errors(command: str) -> tuple[type[Exception], ...]:
    if command in ("list", "functions"):
        return ()
    from addin.headless import WorkbookError

    return (WorkbookError,)


if __name__ == "__main__":
    raise SystemExit(main())
