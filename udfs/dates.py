"""Dates, as serial numbers of the 1900 system."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from udfs.registry import Shape, required, udf
from udfs.values import Cell, CellError, UdfError, floor, number

CATEGORY = "日期"
EPOCH = date(1899, 12, 30)
FIRST_RELIABLE, LAST = 61, 2958465


def day(cell: Cell) -> date:
    """The date of a serial number from 1 March 1900 on; anything else is #VALUE!."""
    serial = floor(number(cell))
    if not FIRST_RELIABLE <= serial <= LAST:
        raise UdfError(CellError.VALUE)
    return EPOCH + timedelta(days=serial)


@udf(
    "KAOHE_YEARS",
    "满整年数",
    "Full years",
    CATEGORY,
    "从起始日到截止日满多少整年;周年当日即满一年。",
    "Full years between two dates; the anniversary completes the year.",
    required("起", "start", Shape.CELL, "起始日期。", "The first date."),
    required("止", "end", Shape.CELL, "截止日期。", "The last date."),
    example=("=KAOHE_YEARS(DATE(2009,10,1),DATE(2015,6,30))", 5),
    remarks="截止日早于起始日得 0;2 月 29 日在平年于 3 月 1 日满年。",
)
def years() -> Callable[[Cell, Cell], int]:
    """Years y with start + y years ≤ end."""

    def one(start: Cell, end: Cell) -> int:
        first, last = day(start), day(end)
        return max(0, last.year - first.year - ((last.month, last.day) < (first.month, first.day)))

    return one
