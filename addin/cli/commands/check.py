"""``kaohe check``: every error by cell: inputs, tables and formulas, balances; or every mistake in a scheme file."""

from __future__ import annotations

import argparse
from pathlib import Path

from addin.checking.doubts import doubts
from addin.checking.fault import folded
from addin.checking.workbook import all_faults
from addin.headless.session import Session
from addin.macros.check import DOUBTED, summed_up, wrong_told
from addin.shared.exits import FAILED
from addin.shared.schemes import load
from addin.shared.texts import as_typed
from workbook_templates.scheme.catalogue import is_scheme_file


def run(arguments: argparse.Namespace) -> int:
    if is_scheme_file(arguments.file):
        return _scheme(arguments.file)
    path = Path(arguments.file)
    session = Session.open(path)
    problems = session.compute().problems
    found, doubtful = all_faults(session), doubts(session)
    for fault in folded(found):
        print(fault)
    for problem in problems:
        print(f"无法计算 {problem}")
    for doubt in doubtful:
        print(f"{DOUBTED} {doubt}")
    if wrong := wrong_told(session, found, doubtful):
        print(wrong)
        return FAILED
    print(f"{path}：{summed_up(session.book, found, doubtful)}")
    return 0


def _scheme(file: str) -> int:
    # What builds workbooks takes as long to load as a workbook to check.
    from addin.checking.draft import remarks

    for remark in remarks(load(file)):
        print(f"注意：{remark}")
    print(f"{file}：方案没有错误；kaohe new {as_typed(file)} 新建工作簿")
    return 0
