"""``kaohe check``: every input error, by cell, as the workbook's own 校验 columns find it."""

from __future__ import annotations

import argparse
from pathlib import Path

from addin.macros.check import input_errors
from addin.shared.exits import FAILED
from addin.xlsx.session import Session


def run(arguments: argparse.Namespace) -> int:
    path = Path(arguments.file)
    session = Session.open(path)
    problems = session.compute().problems
    found = input_errors(session.book, str(path))
    for error in found:
        print(error)
    for problem in problems:
        print(f"无法计算 {problem}")
    if found or problems:
        print(
            f"共 {len(found)} 处填写错误"
            + (f",{sum(problem.count for problem in problems)} 个单元格无法计算" if problems else "")
        )
        return FAILED
    print(f"{path}:填写的数据全部通过校验")
    return 0
