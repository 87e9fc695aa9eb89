"""Measures the functions inside LibreOffice Calc and writes its part of docs/benchmarks.md: ``python -m benchmarks.calc``.

Six columns of KAOHE functions, as formulas a row and as array formulas, beside six columns of Calc's own functions that do
roughly the same, and a whole scheme, in one LibreOffice; seconds of opening the file, of a hard recalculation and of one edited
score until the last cell is right, the fastest of three. Processor time, which stays the same on a busy machine; on a quiet one it is
what a user waits, but for Calc's own functions, which share thousands of rows among the processors.
"""

from __future__ import annotations

import random
import re
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from addin.calc.extension import build
from addin.headless.newbook import new_workbook
from tests.calc.office import ALWAYS, Office
from workbook_templates.scheme.catalogue import load, sample
from workbook_templates.workbook.layout import TABLE_LIMIT

REPORT = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
START, END = "<!-- Calc 开始 -->", "<!-- Calc 结束 -->"
RUNS = 3
OURS = (
    "KAOHE_SCORE({B:E},参数!$A$1:$D$1)",
    "KAOHE_COEF({I},{F})",
    "KAOHE_ITEM(10,{G})",
    "KAOHE_GRADE({J},参数!$A$2:$C$2,参数!$A$3:$D$3)",
    "KAOHE_RANK({A},{*A},{*J})",
    "KAOHE_ALLOCATE({A},{*A},参数!$A$4,{*J})",
)
CALC = (
    "ROUND(SUMPRODUCT({B:E},参数!$A$1:$D$1),2)",
    "ROUND({I}*{F},2)",
    "MAX(0,10-{G})",
    "LOOKUP({J},参数!$A$6:$D$6,参数!$A$7:$D$7)",
    "RANK({J},{*J})",
    "ROUND(参数!$A$4*{J}/SUM({*J}),2)",
)
CASES = (
    ("Calc 自己的函数，逐行", CALC, 500, False),
    ("KAOHE，逐行", OURS, 500, False),
    ("Calc 自己的函数，逐行", CALC, 10_000, False),
    ("KAOHE，数组公式", OURS, 10_000, True),
)
SCHEMES = (
    ("中层干部方案（没有名次），逐行", "hospital-middle-managers", 500, 500, "人员!H6"),
    ("乡镇卫生院方案，逐行", "health-centre-staff", 500, 500, "人员!F6"),
    ("乡镇卫生院方案，数组公式", "health-centre-staff", 500, TABLE_LIMIT + 1, "人员!F6"),
    ("乡镇卫生院方案，数组公式", "health-centre-staff", 10_000, 10_000, "人员!F6"),
)
"""What it is, scheme, people, rows of their table, a score."""
SCORE = "人员!B2"


def make(path: Path, formulas: Sequence[str], people: int, arrays: bool) -> None:
    chance = random.Random(1)
    with Workbook(str(path)) as workbook:
        sheet, parameters = workbook.add_worksheet("人员"), workbook.add_worksheet("参数")
        for row in range(1, people + 1):
            scores = [round(chance.uniform(40, 100), 1) for _ in range(4)]
            sheet.write_row(row, 0, [row, *scores, chance.choice([0.9, 1, 1.1]), chance.randint(0, 3)])
        lists: tuple[list[Any], ...] = (
            [0.3, 0.3, 0.2, 0.2],
            [90, 80, 60],
            list("优良中差"),
            [1234567.89],
            [],
            [0, 60, 80, 90],
            list("差中良优"),
        )
        for row, values in enumerate(lists):
            parameters.write_row(row, 0, values)
        for col, formula in enumerate(formulas, start=8):
            if arrays:
                text = resolved(formula, 2, people + 1, people)
                sheet.write_array_formula(1, col, people, col, "=" + text)
                continue
            for row in range(2, people + 2):
                sheet.write_formula(row - 1, col, "=" + resolved(formula, row, row, people))


def make_scheme(path: Path, slug: str, people: int, rows: int) -> None:
    data = sample(slug)
    known = data["tables"]["人员"]
    data["tables"]["人员"] = [{**known[n % len(known)], "姓名": f"职工{n}"} for n in range(people)]
    new_workbook(load(slug), path, data, rows)


def resolved(formula: str, first: int, last: int, people: int) -> str:
    """``{A}`` and ``{B:E}`` are the own row's cells (in arrays those of all rows), ``{*A}`` the whole column."""

    def cells(found: re.Match[str]) -> str:
        left, _, right = found[1].lstrip("*").partition(":")
        if found[1].startswith("*"):
            return f"${left}$2:${left}${people + 1}"
        if first == last and not right:
            return f"${left}{first}"
        return f"${left}${first}:${right or left}${last}"

    return re.sub(r"\{([*A-Z:]+)\}", cells, formula)


def measure(office: Office, path: Path, score: str) -> str:
    """Cells of the table: opening, computing, one edited score."""

    def taken(step: Callable[[], None]) -> float:
        before: float = office.processor()
        step()
        used: float = office.processor() - before
        return used

    documents: list[str] = []
    opening = taken(lambda: documents.append(office.open(path)))
    [document] = documents
    computing = min(taken(lambda: office.recalculate(document)) for _ in range(RUNS))
    editing = min(taken(partial(office.edit, document, score, 7 + run / 2)) for run in range(RUNS))
    office.close(document)
    return f"{opening:.2f} 秒 | {computing:.2f} 秒 | {editing:.2f} 秒"


def main() -> None:
    lines = ["| 公式 | 人数 | 打开 | 重新计算 | 改一个得分 |", "|---|---|---|---|---|"]

    def told(what: str, people: int, times: str) -> None:
        lines.append(f"| {what} | {people:,} | {times} |")
        print(lines[-1], flush=True)

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        build(folder / "kaohe.oxt")
        office = Office(folder, folder / "kaohe.oxt", ALWAYS)
        path = folder / "book.xlsx"
        try:
            for what, formulas, people, arrays in CASES:
                make(path, formulas, people, arrays)
                told(what, people, measure(office, path, SCORE))
            for what, slug, people, rows, score in SCHEMES:
                make_scheme(path, slug, people, rows)
                told(what, people, measure(office, path, score))
        finally:
            office.end()
    text = REPORT.read_text(encoding="utf-8")
    before, _, rest = text.partition(START)
    REPORT.write_text(f"{before}{START}\n" + "\n".join(lines) + f"\n{END}{rest.partition(END)[2]}", encoding="utf-8")


if __name__ == "__main__":
    main()
