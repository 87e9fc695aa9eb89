"""The order of people on paper."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial
from typing import Any

from addin.macros.macro import Kind, Option
from addin.macros.subject.tables import People, is_text, text
from addin.xlsx.model import BLANK, Cell

RISING, FALLING = "升序", "降序"
ORDER = Option("order", "次序", Kind.CHOICE, RISING, "排序列从小到大还是从大到小", (RISING, FALLING))


def sorted_rows(table: People, rows: list[int], options: dict[str, Any]) -> list[int]:
    """The rows by the columns of the option ``sort``, or by rank (within its groups), or by falling score; blanks come last."""
    if options["sort"]:
        for column in reversed(table.known(options["sort"])):
            rows = _by(table, rows, column, options[ORDER.name] == FALLING)
        return rows
    if table.ranks:
        rows = _by(table, rows, table.ranks[0], falling=False)
        group = rank_group(table)
        if group is None:
            return rows
        order = {key: place for place, key in enumerate(dict.fromkeys(text(cell) for cell in table.frame[group]))}
        return sorted(rows, key=lambda row: order[table.text(row, group)])
    return _by(table, rows, table.score, falling=True) if table.score else rows


def _by(table: People, rows: list[int], column: str, falling: bool) -> list[int]:
    def key(row: int) -> tuple[int, Any]:
        cell: Cell = table.value(row, column)
        if isinstance(cell, int | float):
            return 0, float(cell)
        return 1, text(cell)

    filled = [row for row in rows if table.value(row, column) not in BLANK]
    blank = [row for row in rows if table.value(row, column) in BLANK]
    # Python keeps the order of equals also where it sorts in reverse.
    return sorted(filled, key=key, reverse=falling) + blank


def rank_group(table: People) -> str | None:
    """The column within which people are ranked, if they are not ranked all together."""
    if table.score is None or not table.ranks:
        return None
    score, rank = table.score, table.ranks[0]
    rows = _by(table, [row for row in table.rows if table.takes_part(row)], rank, falling=False)
    if _falls(rows, score, table, lambda row: ""):
        return None
    # A group may be called anything; people who have nothing in common aren't all the first of theirs.
    filled_in = [name for name in table.others if name not in table.computed and is_text(table.frame[name])]
    for column in (*table.units, *filled_in):
        if _falls(rows, score, table, partial(table.text, column=column)):
            ranks = {(table.text(row, column), table.text(row, rank)) for row in rows}
            if all((table.text(row, column), "1") in ranks for row in rows):
                return column
    return None


def _falls(rows: list[int], score: str, table: People, group: Callable[[int], Hashable]) -> bool:
    """Whether the score falls from row to row within every group."""
    last: dict[Hashable, float] = {}
    for row in rows:
        cell = table.value(row, score)
        if not isinstance(cell, int | float):
            continue
        if cell > last.get(group(row), float("inf")):
            return False
        last[group(row)] = float(cell)
    return True
