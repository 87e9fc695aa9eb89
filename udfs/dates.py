"""Dates, as serial numbers of the workbook's date system."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from udfs.datesystem import SHIFT
from udfs.registry import Shape, optional, required, udf
from udfs.scores import Row
from udfs.values import Cell, CellError, UdfError, floor, is_blank, number, raise_errors

CATEGORY = "日期"
EPOCH = date(1899, 12, 30)
FIRST_RELIABLE, LAST = 61, 2958465
SATURDAY = 5


def day(cell: Cell) -> date:
    """The date of a serial number from 1 March 1900 (or 1 January 1904) on; anything else is #VALUE!."""
    serial = floor(number(cell))
    if not is_day(serial):
        raise UdfError(CellError.VALUE)
    return EPOCH + timedelta(days=serial + SHIFT.get())


def is_day(serial: int | Decimal) -> bool:
    shift = SHIFT.get()
    return max(0, FIRST_RELIABLE - shift) <= serial <= LAST - shift


@udf(
    "KAOHE_YEARS",
    "满整年数",
    "Full years",
    CATEGORY,
    "从起始日到截止日满多少整年；周年当日即满一年。",
    "Full years between two dates; the anniversary completes the year.",
    required("起", "start", Shape.CELL, "起始日期。", "The first date."),
    required("止", "end", Shape.CELL, "截止日期。", "The last date."),
    example=("=KAOHE_YEARS(DATE(2009,10,1),DATE(2015,6,30))", 5),
    remarks="截止日早于起始日得 0;2 月 29 日在平年于 3 月 1 日满年。",
    is_dated=True,
)
def years() -> Callable[[Cell, Cell], int]:
    """Years y with start + y years ≤ end."""

    def one(start: Cell, end: Cell) -> int:
        first, last = day(start), day(end)
        return max(0, last.year - first.year - ((last.month, last.day) < (first.month, first.day)))

    return one


@udf(
    "KAOHE_WORKDAYS",
    "工作日数",
    "Working days",
    CATEGORY,
    "从起始日到截止日（两头都算）有几个工作日：周一到周五，去掉休息日，加上调休上班的周末。",
    "Working days between two dates, both counted: Monday to Friday less days off, plus weekends worked.",
    required("起", "start", Shape.CELL, "起始日期。", "The first date."),
    required("止", "end", Shape.CELL, "截止日期。", "The last date."),
    optional("休息日", "days_off", Shape.LIST, "法定节假日和本单位休息日；空白不计。", "Days off; blanks don't count."),
    optional("上班日", "days_worked", Shape.LIST, "上班的周末；空白不计。", "Weekend days worked; blanks don't count."),
    example=("=KAOHE_WORKDAYS(DATE(2026,1,1),DATE(2026,1,7),DATE(2026,1,1),DATE(2026,1,4))", 5),
    remarks="截止日早于起始日得 #NUM!；同一天既休息又上班得 #VALUE!。",
    is_dated=True,
)
def workdays(days_off: Row | None, days_worked: Row | None) -> Callable[[Cell, Cell], int]:
    """Days d with start ≤ d ≤ end that are worked, or Monday to Friday and not off."""
    off, worked = _days(days_off), _days(days_worked)
    if off & worked:
        raise UdfError(CellError.VALUE)
    # Over the plain week, by day: what the unit's own calendar takes away and adds.
    own = [(each, -1) for each in off if each.weekday() < SATURDAY] + [
        (each, 1) for each in worked if each.weekday() >= SATURDAY
    ]

    def one(start: Cell, end: Cell) -> int:
        first, last = day(start), day(end)
        if last < first:
            raise UdfError(CellError.NUM)
        weeks, rest = divmod((last - first).days + 1, 7)
        plain = weeks * SATURDAY + sum((first.weekday() + i) % 7 < SATURDAY for i in range(rest))
        return plain + sum(change for each, change in own if first <= each <= last)

    return one


def _days(cells: Row | None) -> set[date]:
    raise_errors(cells or [])
    return {day(cell) for cell in cells or [] if not is_blank(cell)}
