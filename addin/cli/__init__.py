"""``kaohe …``: the command line. A command's module is imported only when it runs, so that the help comes at once."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from addin.cli.arguments import Parser
from addin.shared.exits import BROKEN, INTERRUPTED, WRONG_USE, told
from addin.xlsx.collecting import ends_with_its_work

FORMATS = "工作簿（.xlsx 或 .xlsm）"
DATA_FORM = '{"params": {名称: 值}, "tables": {表: [{列: 值}]}}'


def _list(command: Parser) -> None:
    command.add_argument("word", metavar="词", nargs="?", help="只列出名称中有这个词的方案，例如 卫生院")


def _functions(command: Parser) -> None:
    command.add_argument("name", metavar="函数", nargs="?", help="函数名，例如 KAOHE_SCORE")


def _new(command: Parser) -> None:
    command.add_argument("slug", metavar="方案", help="方案的代号或名称，见 kaohe list；或方案文件（.toml）")
    command.add_argument("-o", "--output", metavar="新工作簿", help="新工作簿的文件名（默认：方案名称.xlsx）")
    filled = command.add_mutually_exclusive_group()
    filled.add_argument("--data", metavar="数据.json", help=f"填入的数据：{DATA_FORM}")
    filled.add_argument("--sample", action="store_true", help="填入示例数据，看一看算出来的样子")
    command.add_argument("--rows", metavar="行数", type=int, help="人员表的行数；超过 1000 行用整列公式")
    command.add_argument("--force", action="store_true", help="覆盖已有的文件")


def _file(command: Parser) -> None:
    command.add_argument("file", metavar="工作簿", help=FORMATS)


def _check(command: Parser) -> None:
    command.add_argument("file", metavar="工作簿", help=f"{FORMATS}，或方案文件（.toml）")


def _calc(command: Parser) -> None:
    _file(command)
    command.add_argument("-o", "--output", metavar="新工作簿", help="另存为（默认：写回原文件）")


def _upgrade(command: Parser) -> None:
    _file(command)
    command.add_argument("-o", "--output", metavar="新工作簿", help="新文件名（默认：原文件名_升级.xlsx）")
    command.add_argument("--rows", metavar="行数", type=int, help="人员表的行数，同 kaohe new（默认：与原来相同）")
    command.add_argument("--force", action="store_true", help="覆盖已有的文件")


def _show(command: Parser) -> None:
    _file(command)
    command.add_argument("--table", metavar="表", help="只显示一个表，例如 人员、汇总、参数")
    form = command.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="以 JSON 输出")
    form.add_argument("--csv", action="store_true", help="以 CSV 输出一个表（默认：列数最多的表）")


def _macro(command: Parser) -> None:
    command.add_argument("macro", metavar="宏", nargs="?", help="宏的名称；不写则列出全部，只写宏则说明它的选项")
    command.add_argument("file", metavar="工作簿", nargs="?", help=FORMATS)
    command.add_argument("--option", metavar="名称=值", action="append", help="宏的选项，可以写多个")
    command.add_argument("--cell", metavar="表!A1", help="所选的单元格")
    command.add_argument("-o", "--output", metavar="文件夹", help="新文件放在哪个文件夹（默认：与工作簿同一文件夹）")
    command.add_argument("--json", action="store_true", help="以 JSON 输出")
    command.add_argument("--ask", action="store_true", help="不运行宏，以 JSON 列出各选项可以选什么、上次选了什么")
    command.add_argument("--remember", metavar="工作簿", help="记住这次的选项（连同工作簿的名称），下次 --ask 时列出")


def _batch(command: Parser) -> None:
    command.add_argument(
        "inputs", metavar="文件夹", nargs="+", help="文件夹（连同其中的文件夹）、通配符或工作簿，可以写多个"
    )
    command.add_argument("-o", "--output", metavar="结果", required=True, help="结果和报告放在哪个文件夹")
    command.add_argument("--macro", metavar="宏", help="另对每个结果运行一个宏")
    command.add_argument("--option", metavar="名称=值", action="append", help="宏的选项，可以写多个")
    command.add_argument("--collect", metavar="汇总.xlsx", help="另把全部结果的人员和汇总放进一个工作簿")
    command.add_argument("--expect", metavar="名单", help="应报送的单位（.txt、.csv 或 .xlsx），报告写明谁没有报送")
    command.add_argument("--scheduler", metavar="地址", help="由 Dask 集群计算，例如 tcp://主机:8786")
    command.add_argument("--force", action="store_true", help="全部重新计算，覆盖已有的结果")


def _build(command: Parser) -> None:
    command.add_argument("host", metavar="程序", choices=("calc", "excel"), help="calc（LibreOffice）或 excel")
    command.add_argument("-o", "--output", metavar="位置", help="calc：扩展的文件名；excel：文件夹（默认：当前文件夹）")
    command.add_argument("--scheme", metavar="方案", help="excel：另做一个自带函数、不需加载项的工作簿（.xlsm）")
    command.add_argument(
        "--sign",
        metavar="证书",
        help="excel：用这个证书文件（.pfx）签名；证书的密码放在环境变量 KAOHE_SIGN_PASSWORD 中",
    )


def _doctor(command: Parser) -> None:
    command.add_argument("--excel", action="store_true", help="打开 Excel，照核对清单逐项试一遍，写一份报告")
    command.add_argument("-o", "--output", metavar="报告", help="--excel 的报告（默认：kaohe-excel.txt）")


COMMANDS: dict[str, tuple[str, Callable[[Parser], None]]] = {
    "list": ("列出考核方案", _list),
    "functions": ("列出全部 KAOHE 函数，或说明其中一个", _functions),
    "new": ("按方案新建考核工作簿，并算出结果", _new),
    "calc": ("计算工作簿中的全部公式", _calc),
    "check": ("检查填写的数据（或方案文件），列出每一处错误", _check),
    "upgrade": ("按方案重建工作簿，填写的数据照搬", _upgrade),
    "show": ("显示工作簿中的结果", _show),
    "run": ("运行宏：校验数据、解释得分、打印稿、公示表、个人通知单、加人等", _macro),
    "batch": ("计算和检查文件夹中的全部工作簿，写一份报告", _batch),
    "build": ("生成 LibreOffice 的扩展或 Excel 的加载项", _build),
    "doctor": ("检查加载项的安装，说明问题和解决办法", _doctor),
}
"""What each command does and which arguments it takes; ``addin.cli.commands.<name>.run`` does it."""


def parser() -> Parser:
    """The parser with every command and option."""
    whole = Parser(
        prog="kaohe",
        description="绩效考核：新建、计算、检查考核工作簿。",
        epilog="一个命令的用法：kaohe 命令 --help，例如 kaohe new --help。",
    )
    commands = whole.add_subparsers(dest="command", metavar="命令", title="命令", parser_class=Parser)
    for name, (purpose, add_arguments) in COMMANDS.items():
        add_arguments(commands.add_parser(name, help=purpose, description=f"{purpose}。"))
    return whole


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code (0 done, 1 something found wrong, 2 could not be done, 3 a bug)."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    if argv is None:
        ends_with_its_work()
    whole = parser()
    given = list(sys.argv[1:] if argv is None else argv)
    if given[:1] == ["--"]:  # Nothing behind it is an option; argparse takes it for the command.
        given = [*given[1:2], "--", *given[2:]]
    arguments = whole.parse_args(given)
    if arguments.command is None:
        whole.print_help()
        return WRONG_USE
    try:
        code: int = import_module(f"addin.cli.commands.{arguments.command}").run(arguments)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # The reader (head, more) has seen enough; Python's own flush at exit must not complain of it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("kaohe：已中断", file=sys.stderr)
        return INTERRUPTED
    except Exception as error:
        return _failed(error)


def _failed(error: Exception) -> int:
    """Say in one line what went wrong."""
    if (message := told(error)) is not None:
        print(f"kaohe：{message}", file=sys.stderr)
        return WRONG_USE
    from addin.shared.crashes import crashed

    print(f"kaohe：{crashed(error)}", file=sys.stderr)
    return BROKEN
