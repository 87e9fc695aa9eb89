"""``kaohe calc``: compute a workbook's formulas and store their values."""

from __future__ import annotations

import argparse
from pathlib import Path

from addin.checking.fault import folded
from addin.checking.workbook import faults_of_whole
from addin.headless.session import Session
from addin.shared.exits import FAILED, UserError
from addin.xlsx.collecting import seldom_collected
from addin.xlsx.files import Before, fingerprint


@seldom_collected()
def run(arguments: argparse.Namespace) -> int:
    path, out = Path(arguments.file), Path(arguments.output or arguments.file)
    if path.suffix.lower() != out.suffix.lower():
        # Excel refuses a workbook whose name promises another format than its content.
        raise UserError(f"另存的文件应与原文件同为 {path.suffix} 格式，现为 {out}")
    if not out.parent.is_dir():
        raise UserError(f"文件夹 {out.parent} 不存在")
    before: Before = fingerprint(out) if arguments.output else "now"
    session = Session.open(path)
    report = session.compute()
    notes = session.write(out if arguments.output else None, before)
    faults = faults_of_whole(session)
    for problem in report.problems:
        print(f"无法计算 {problem}")
    print(f"已计算 {report.cells} 个单元格，写入 {out}")
    for note in (*report.notes, *notes):
        print(f"注意：{note}")
    for fault in folded(faults):
        # What is to be filled in yet is no mistake.
        print(fault if fault.is_unfinished else f"结果不可靠 {fault}")
    if report.problems:
        print(f"共 {report.uncomputed} 个单元格无法计算，保留原值")
    return FAILED if report.problems or faults else 0
