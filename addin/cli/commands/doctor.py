"""``kaohe doctor``: what is wrong with the add-ins on this machine, and how to mend it."""

from __future__ import annotations

import argparse
import sys
from contextlib import suppress
from importlib.metadata import version
from itertools import chain
from pathlib import Path

from addin.calc import diagnosis as calc
from addin.excel import diagnosis as excel
from addin.shared.diagnosis import State
from addin.shared.exits import FAILED, UserError

REPORT = "kaohe-excel.txt"


def run(arguments: argparse.Namespace) -> int:
    if arguments.excel:
        return _try_excel(Path(arguments.output or REPORT))
    if arguments.output:
        raise UserError("-o 只用于 kaohe doctor --excel")
    print(f"KAOHE {version('kaohe')}，Python {sys.version.split()[0]}（{sys.executable}）")
    bad = 0
    for finding in chain(calc.examine(), excel.examine()):
        print(finding)
        bad += finding.state is State.BAD
    print(f"共 {bad} 个问题" if bad else "没有发现问题")
    return FAILED if bad else 0


def _try_excel(path: Path) -> int:
    from addin.excel.guided import connect, report
    from addin.excel.windows import this_windows
    from addin.xlsx.files import replace

    app = connect()
    print("正在另开一个 Excel 逐项试，要几分钟。请不要动它；它弹出消息的，请记下内容，再点“确定”")
    try:
        is_good, text = report(app, addin_file=this_windows().addin)
    finally:
        with suppress(Exception):  # somebody closed it meanwhile
            app.Quit()
    replace(path, lambda stream: stream.write(text.encode("utf-8-sig")))
    print(f"报告已写入 {path}，可以发给我们")
    return 0 if is_good else FAILED
