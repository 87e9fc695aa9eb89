"""``kaohe calc``: compute a workbook's formulas and store their values."""

from __future__ import annotations

import argparse

from addin.cli import FAILED
from addin.headless import calculate


def run(arguments: argparse.Namespace) -> int:
    report = calculate(arguments.file, arguments.output)
    for problem in report.problems:
        print(f"无法计算 {problem}")
    print(f"已计算 {report.cells} 个单元格,写入 {arguments.output or arguments.file}")
    return FAILED if report.problems else 0
