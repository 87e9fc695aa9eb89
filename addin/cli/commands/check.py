"""``kaohe check``: every input error, by cell, as the workbook's own 校验 columns find it."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from addin.headless import calculate, read_book
from addin.macros.check import input_errors
from addin.shared.exits import FAILED


def run(arguments: argparse.Namespace) -> int:
    path = Path(arguments.file)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / f"copy{path.suffix}"
        report = calculate(path, copy)
        book = read_book(copy)
    found = input_errors(book, str(path))
    for error in found:
        print(error)
    for problem in report.problems:
        print(f"无法计算 {problem}")
    if found or report.problems:
        print(f"共 {len(found)} 处填写错误" + (f",{len(report.problems)} 个单元格无法计算" if report.problems else ""))
        return FAILED
    print(f"{path}:填写的数据全部通过校验")
    return 0
