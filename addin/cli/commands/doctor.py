"""``kaohe doctor``: what is wrong with the add-ins on this machine, and how to mend it."""

from __future__ import annotations

import argparse
import sys
from importlib.metadata import version
from itertools import chain

from addin.calc import diagnosis as calc
from addin.excel import diagnosis as excel
from addin.shared.diagnosis import State
from addin.shared.exits import FAILED


def run(arguments: argparse.Namespace) -> int:
    print(f"KAOHE {version('kaohe')},Python {sys.version.split()[0]}({sys.executable})")
    bad = 0
    for finding in chain(calc.examine(), excel.examine()):
        print(finding)
        bad += finding.state is State.BAD
    print(f"共 {bad} 个问题" if bad else "没有发现问题")
    return FAILED if bad else 0
