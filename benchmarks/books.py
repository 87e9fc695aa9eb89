"""The workbooks that are measured."""

from __future__ import annotations

import random
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from addin.shared.schemes import load
from workbook_templates.scheme.catalogue import sample
from workbook_templates.workbook.build import build

SLUG = "health-centre-staff"


def apart(make: Callable[..., None], *given: Any) -> None:
    """Make workbooks in another process: a command that is measured afterwards inherits the peak of this one's memory on Linux."""
    process = get_context("spawn").Process(target=make, args=given)
    process.start()
    process.join()
    if process.exitcode:
        raise RuntimeError(f"{make.__name__} ended with {process.exitcode}")


def ordinary_book(path: Path, people: int) -> None:
    """People with ten inputs and six columns of ordinary formulas: weights, grades, look-ups, rounding, ranks, counts."""
    chance = random.Random(20)
    with Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet("人员")
        sheet.write_row(0, 0, [f"项目{i}" for i in range(1, 11)] + ["得分", "等次", "系数", "绩效", "名次", "同等人数"])
        for row, (grade, factor) in enumerate([("优秀", 1.2), ("合格", 1), ("不合格", 0.5)], start=1):
            sheet.write_row(row, 18, [grade, factor])
        last = people + 1
        for row in range(1, people + 1):
            sheet.write_row(row, 0, [round(chance.uniform(40, 100), 1) for _ in range(10)])
            n = row + 1
            for col, formula in enumerate(
                (
                    f"=ROUND(SUM(A{n}:J{n})/10,2)",
                    f'=IF(K{n}>=75,"优秀",IF(K{n}>=60,"合格","不合格"))',
                    f"=VLOOKUP(L{n},$S$2:$T$4,2,FALSE)",
                    f"=ROUND(K{n}*M{n},2)",
                    f"=RANK(K{n},$K$2:$K${last})",
                    f"=COUNTIF($L$2:$L${last},L{n})",
                ),
                start=10,
            ):
                sheet.write_formula(row, col, formula)


def scheme_book(path: Path, people: int) -> None:
    """A scheme's workbook, every person with scores of their own, not yet computed."""
    chance = random.Random(20)
    data = sample(SLUG)
    known = data["tables"]["人员"]
    data["tables"]["人员"] = [
        {column: _varied(cell, chance) for column, cell in known[n % len(known)].items()} | {"姓名": f"职工{n}"}
        for n in range(people)
    ]
    build(load(SLUG), path, data)


def _varied(cell: Any, chance: random.Random) -> Any:
    if not isinstance(cell, (int, float)):
        return cell
    return round(cell * chance.uniform(0.7, 1), 1 if cell > 1 else 2)
