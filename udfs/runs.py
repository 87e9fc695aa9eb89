"""Runs of neighbouring cells."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from udfs.lookup import CATEGORY
from udfs.registry import Shape, option, required, udf
from udfs.scores import Row
from udfs.values import maybe_number, raise_errors

SKIPPED = LAST = 1


@udf(
    "KAOHE_RUN",
    "最长连续",
    "Longest run",
    CATEGORY,
    "一行中最长（或到末尾为止）连续多少格低于（或达到）界限，例如连续不合格的月数。",
    "The longest (or the last) run of neighbouring cells under (or at least) a bound.",
    required("数值", "values", Shape.ROW, "一行数值。", "A row of numbers."),
    required("界限", "threshold", Shape.SCALAR, "比较的界限。", "The bound."),
    option("比较", "comparison", "数哪些格", "Which cells count.", "低于", "达到"),
    option("空白格", "blanks", "空白格怎样对待", "What a blank cell does.", "中断", "跳过"),
    option("取哪段", "which", "取哪一段连续", "Which run.", "最长", "末尾"),
    example=("=KAOHE_RUN({55,58,70,50},60)", 2),
    remarks="末尾：到这一行最后一格为止还在连续的格数。整行空白得空文本。",
)
def run(bound: Decimal, reaching: int, blanks: int, which: int) -> Callable[[Row], int]:
    """Length of a run of cells with value < bound (0) or value ≥ bound (1)."""

    def one(row: Row) -> int:
        raise_errors(row)
        longest = current = 0
        for cell in row:
            value = maybe_number(cell)
            if value is None and blanks == SKIPPED:
                continue
            hit = value is not None and (value >= bound) == bool(reaching)
            current = current + 1 if hit else 0
            longest = max(longest, current)
        return current if which == LAST else longest

    return one
