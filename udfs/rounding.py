"""Rounding of exact decimals: half up, up, down, to digits on either side of the point."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal

from udfs.coefficients import CATEGORY
from udfs.columns import NUMBERS, ByColumns, Columns, rounded_quotients, scaled
from udfs.registry import Shape, option, optional, required, udf
from udfs.values import Cell, CellError, UdfError, number, whole

MOST_DIGITS = 10
WAYS = (ROUND_HALF_UP, ROUND_UP, ROUND_DOWN)


@udf(
    "KAOHE_ROUND",
    "四舍五入",
    "Rounding",
    CATEGORY,
    "按十进制精确取整：先按 15 位有效数字读数，再四舍五入（或进位、舍去）。",
    "Rounds half up, up or down after reading the number at 15 significant digits.",
    required("数值", "value", Shape.CELL, "要取整的数。", "The number."),
    optional(
        "小数位",
        "digits",
        Shape.SCALAR,
        "保留的小数位数，-10 到 10，省略时为 2；-1 为取到十位，-2 为百位。",
        "Decimal places, -10 to 10; 2 if omitted; -1 rounds to tens.",
        default=Decimal(2),
    ),
    option("方式", "way", "怎样取整", "How.", "四舍五入", "进位", "舍去"),
    example=("=KAOHE_ROUND(1.005)", 1.01),
    remarks="负数按绝对值进位或舍去，与 ROUND、ROUNDUP、ROUNDDOWN 相同。",
)
def round_to(digits: Decimal, way: int) -> Callable[[Cell], Decimal]:
    """The number rounded to a multiple of 10^−digits: half up (away from zero), away from zero, or towards zero."""
    places = whole(digits)
    if abs(places) > MOST_DIGITS:
        raise UdfError(CellError.VALUE)
    unit = Decimal(1).scaleb(-places)

    def one(value: Cell) -> Decimal:
        return number(value).quantize(unit, rounding=WAYS[way])

    def many(values: Columns) -> list[Cell] | None:
        read = scaled(values) if WAYS[way] == ROUND_HALF_UP and places >= 0 else None
        return None if read is None else rounded_quotients(read[0][0], 10 ** read[1], places)

    return ByColumns(one, many, [NUMBERS])
