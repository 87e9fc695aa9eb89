"""``kaohe upgrade``: a workbook made anew from its scheme, with everything that was filled in."""

from __future__ import annotations

import argparse
from pathlib import Path

from addin.checking.fault import folded
from addin.checking.upgrade import upgraded
from addin.checking.workbook import all_faults
from addin.headless.session import Session
from addin.macros.check import wrong_told
from addin.shared.exits import FAILED
from addin.xlsx.files import fingerprint, refuse_as_new


def run(arguments: argparse.Namespace) -> int:
    path = Path(arguments.file)
    out = Path(arguments.output or path.with_name(f"{path.stem}_升级.xlsx"))
    refuse_as_new(out, "升级后", arguments.force)
    before = fingerprint(out)
    made = upgraded(Session.open(path), arguments.rows)
    notes = made.session.write(out, before)
    rows = "、".join(f"{name} {count} 行" for name, count in made.rows.items() if count)
    print(f"已按方案“{made.scheme.title}”重建，写入 {out}：{rows or '没有填写的行'}；原文件未改动")
    for each in made.carried:
        print(f"一并带入：{each}")
    for each in made.left:
        print(f"没有带入{each}，仍在原文件中，需要的请在新工作簿中补上")
    for note in notes:
        print(f"注意：{note}")
    faults = all_faults(made.session)
    for fault in folded(faults):
        print(fault)
    for problem in made.session.problems:
        print(f"无法计算 {problem}")
    if wrong := wrong_told(made.session, faults, []):
        print(f"以上单元格在 {out.name} 中：{wrong}")
    return FAILED if wrong or made.left else 0
