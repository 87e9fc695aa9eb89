"""Counts what Excel asks of Python: ``python -m benchmarks.excel [PEOPLE … SCHEME …]`` measures, writes the rows of
docs/benchmarks-excel.md, where those that were not measured stay, and what is typical of them and worst into docs/benchmarks.md.

For each scheme and number of people: the formulas entered again on opening, everything calculated anew by the button 全部重算, one
input of one person edited, and everything in Excel's own order with nothing known. Calls and bytes are what passes between the
programs, seconds are Python's. Everything that the functions give is compared with what ``kaohe calc`` computed.
"""

from __future__ import annotations

import re
import statistics
import sys
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.run import machine
from tests.excel.counting import Counted, Step, count
from workbook_templates.scheme.catalogue import slugs

DOCS = Path(__file__).resolve().parents[1] / "docs"
REPORT, ROWS = DOCS / "benchmarks.md", DOCS / "benchmarks-excel.md"
BEGIN, END = "<!-- Excel 开始 -->", "<!-- Excel 结束 -->"
SIZES = (50, 300, 1000)
HEADINGS = ("方案", "人数", "列", *(f"{step}{'，受影响的列' * (step is Step.EDIT)}" for step in Step))
SUMMARY = ("人数", "方案", *Step, "改一个得分，Python 一侧最多")
DEEPEST = 100_000
STACK = 1 << 29  # columns in which each row reads the one before

Row = tuple[str, int, dict[Step, Counted]]


def main(arguments: list[str]) -> None:
    sizes = [int(each) for each in arguments if each.isdigit()] or list(SIZES)
    wanted = [each for each in arguments if not each.isdigit()] or list(slugs())
    for people in sizes:
        for slug in wanted:
            counted = count(slug, people)
            print(written(slug, people, counted), flush=True)
            write(slug, people, counted)


def written(slug: str, people: int, counted: dict[Step, Counted]) -> str:
    columns = max(each.columns for each in counted.values())
    cells = (f"{each.columns} 列 {each}" if step is Step.EDIT else str(each) for step, each in counted.items())
    return f"| {slug} | {people:,} | {columns} | {' | '.join(cells)} |"


def read(lines: Iterable[str]) -> Iterator[Row]:
    """The rows of the table, as they were written."""
    for line in lines:
        found = re.match(r"\| ([\w-]+) \| ([\d,]+) \| (\d+) \| (.*) \|$", line)
        if not found:
            continue
        slug, people, columns, cells = found.groups()
        counted = {}
        for step, cell in zip(Step, cells.split(" | "), strict=True):
            own, calls, kilobytes, seconds = re.fullmatch(
                r"(?:(\d+) 列 )?([\d,]+) 次，([\d,]+) KB，([\d.]+) 秒", cell
            ).groups()
            counted[step] = Counted(number(calls), number(kilobytes), float(seconds), number(own or columns))
        yield slug, number(people), counted


def number(text: str) -> int:
    return int(text.replace(",", ""))


def write(slug: str, people: int, counted: dict[Step, Counted]) -> None:
    """Put a row in its place in the table, and what all rows come to into the report."""
    rows = {each[:2]: each for each in [*read(between(ROWS)), (slug, people, counted)]}
    ordered = [rows[key] for key in sorted(rows)]
    put(ROWS, [*table_head(HEADINGS), *(written(*row) for row in ordered)])
    put(REPORT, [machine(), "", *table_head(SUMMARY), *map(summary, sizes_of(ordered))])


def sizes_of(rows: list[Row]) -> Iterator[tuple[int, list[Row]]]:
    for people in sorted({row[1] for row in rows}):
        yield people, [row for row in rows if row[1] == people]


def summary(of_size: tuple[int, list[Row]]) -> str:
    """Calls a column: what is typical, and where it is most."""
    people, rows = of_size
    cells = [f"{people:,}", str(len(rows))]
    for step in Step:
        each = {slug: counted[step].calls / counted[step].columns for slug, _, counted in rows}
        worst = max(each, key=each.__getitem__)
        cells.append(f"{statistics.median(each.values()):.1f}，最多 {each[worst]:.1f}（{worst}）")
    seconds = {slug: counted[Step.EDIT].seconds for slug, _, counted in rows}
    worst = max(seconds, key=seconds.__getitem__)
    cells.append(f"{seconds[worst]:.2f} 秒（{worst}）")
    return f"| {' | '.join(cells)} |"


def table_head(headings: Iterable[str]) -> list[str]:
    headings = list(headings)
    return [f"| {' | '.join(headings)} |", "|---" * len(headings) + "|"]


def between(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0].splitlines()


def put(path: Path, lines: list[str]) -> None:
    before, _, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    path.write_text(f"{before}{BEGIN}\n" + "\n".join(lines) + f"\n{END}{rest.partition(END)[2]}", encoding="utf-8")


if __name__ == "__main__":
    sys.setrecursionlimit(DEEPEST)
    threading.stack_size(STACK)
    measuring = threading.Thread(target=main, args=(sys.argv[1:],))
    measuring.start()
    measuring.join()
