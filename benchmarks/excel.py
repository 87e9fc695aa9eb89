"""Counts what Excel asks of Python: ``python -m benchmarks.excel [PEOPLE … SCHEME …]`` measures and writes the table of
docs/benchmarks.md, where rows that were not measured stay.

For each scheme and number of people: the formulas entered again on opening, everything calculated anew by the button 全部重算, one
input of one person edited, and everything in Excel's own order with nothing known. Calls and bytes are what passes between the
programs, seconds are Python's. Everything that the functions give is compared with what ``kaohe calc`` computed.
"""

from __future__ import annotations

import re
import sys
import threading
from pathlib import Path

from benchmarks.run import machine
from tests.excel.counting import Step, count
from workbook_templates.scheme.catalogue import slugs

REPORT = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- Excel 开始 -->", "<!-- Excel 结束 -->"
SIZES = (50, 300, 1000)
HEADINGS = ("方案", "人数", "有考核函数的列和单元格", *Step)
DEEPEST = 100_000
STACK = 1 << 29  # columns in which each row reads the one before


def main(arguments: list[str]) -> None:
    sizes = [int(each) for each in arguments if each.isdigit()] or list(SIZES)
    wanted = [each for each in arguments if not each.isdigit()] or list(slugs())
    for people in sizes:
        for slug in wanted:
            try:
                columns, counted = count(slug, people)
            except LookupError as failure:
                print(failure, flush=True)
                continue
            row = f"| {slug} | {people:,} | {columns} | " + " | ".join(map(str, counted.values())) + " |"
            print(row, flush=True)
            write(slug, people, row)


def write(slug: str, people: int, row: str) -> None:
    """Put a row in its place in the table."""
    before, _, rest = REPORT.read_text(encoding="utf-8").partition(BEGIN)
    table, _, after = rest.partition(END)
    rows = {(each[1], each[2]): each[0] for each in re.finditer(r"^\| ([\w-]+) \| ([\d,]+) \|.*$", table, re.MULTILINE)}
    rows[slug, f"{people:,}"] = row
    ordered = sorted(rows, key=lambda each: (each[0], int(each[1].replace(",", ""))))
    lines = [
        machine(),
        "",
        f"| {' | '.join(HEADINGS)} |",
        "|---" * len(HEADINGS) + "|",
        *(rows[each] for each in ordered),
    ]
    REPORT.write_text(f"{before}{BEGIN}\n" + "\n".join(lines) + f"\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.setrecursionlimit(DEEPEST)
    threading.stack_size(STACK)
    measuring = threading.Thread(target=main, args=(sys.argv[1:],))
    measuring.start()
    measuring.join()
