"""Scores: weighted sums, items with deductions and additions, ballots, trimmed means, workloads."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import reduce
from math import gcd
from operator import mul
from typing import List

from udfs.columns import (
    NUMBERS,
    PLAIN,
    ByColumns,
    Columns,
    places_of,
    rounded_quotients,
    row_sums,
    scaled,
    scaled_or_blank,
)
from udfs.registry import DIGITS, Shape, option, optional, required, udf
from udfs.values import (
    Cell,
    CellError,
    UdfError,
    is_blank,
    maybe_number,
    number,
    numbers,
    raise_errors,
    rounded,
)

CATEGORY = "得分"
Row = List[Cell]
ZERO, HALF, ONE, HUNDRED = Decimal(0), Decimal("0.5"), Decimal(1), Decimal(100)
REPORT, AS_ZERO, RENORMALISE = 0, 1, 2


def shares(weights: Row) -> tuple[list[Decimal], Decimal]:
    """Weights and what they add up to, 1 or 100; negative ones or another sum are #VALUE!."""
    exact = [number(weight) for weight in weights]
    total = sum(exact, ZERO)
    if total not in (ONE, HUNDRED) or any(weight < 0 for weight in exact):
        raise UdfError(CellError.VALUE)
    return exact, total


def not_negative(values: list[Decimal | None]) -> list[Decimal]:
    """Blanks as 0; a negative number is #VALUE!."""
    counted = [ZERO if value is None else value for value in values]
    if any(value < 0 for value in counted):
        raise UdfError(CellError.VALUE)
    return counted


@udf(
    "KAOHE_SCORE",
    "加权得分",
    "Weighted score",
    CATEGORY,
    "把一行得分按权重相加，四舍五入为公布的得分。不给权重时为各项之和；给出满分时按百分制折算。",
    "Weighted sum of a row of scores, rounded half up; the plain sum without weights, on a scale of 100 with full marks.",
    required(
        "得分",
        "scores",
        Shape.ROW,
        "一个人的各项得分；也可以给多行，每行一个结果。",
        "One row of scores, or a block of rows.",
    ),
    optional(
        "权重",
        "weights",
        Shape.LIST,
        "各项权重，不小于 0，合计须恰为 1 或 100。",
        "Weights ≥ 0 that add up to 1 or 100.",
    ),
    optional(
        "满分",
        "full_marks",
        Shape.LIST,
        "各项满分；得分须在 0 到满分之间。",
        "Full marks; scores must lie within 0 and these.",
    ),
    option(
        "缺项",
        "missing",
        "空白的得分如何处理",
        "What a blank score means: error, zero, or renormalise.",
        "报错",
        "记零",
        "折算",
    ),
    DIGITS,
    example=("=KAOHE_SCORE({85,90},{0.3,0.7})", 88.5),
    remarks="整行空白得空文本。权重合计不是 1 或 100、得分超出满分为 #VALUE!；折算后权重合计为 0 为 #DIV/0!。",
)
def score(weights: Row | None, full_marks: Row | None, missing: int, digits: int) -> Callable[[Row], Decimal]:
    """score = Σ sᵢ·wᵢ / Σw (Σw being 1 or 100); with full marks Σ sᵢ/mᵢ·wᵢ·100 / Σw, without weights Σs / Σm · 100.

    Shapes: a row of k scores, k weights, k full marks. Published score, rounded half up to ``digits`` decimals.
    Source: functions contract; rounding as conventions 1 and 2.
    """
    full = [number(mark) for mark in full_marks] if full_marks is not None else None
    exact, total = shares(weights) if weights is not None else ([], ONE)
    if full is not None and (any(mark <= 0 for mark in full) or (exact and len(exact) != len(full))):
        raise UdfError(CellError.VALUE)
    factors, divisor = _factors(exact, total, full)
    width = len(factors) if factors else None

    def one(row: Row) -> Decimal:
        values = numbers(row)
        if width is not None and len(values) != width:
            raise UdfError(CellError.VALUE)
        if full is not None:
            _within(values, full)
        present = [value for value in values if value is not None]
        if len(present) < len(values):
            return rounded(_incomplete(values, exact, full, missing), digits)
        return rounded(sum(map(mul, present, factors) if factors else present, ZERO) / divisor, digits)

    places = places_of([*factors, divisor])
    whole_factors, whole_divisor = [int(factor.scaleb(places)) for factor in factors], int(divisor.scaleb(places))

    def many(columns: Columns) -> list[Cell] | None:
        read = scaled(columns) if width in (None, len(columns)) else None
        if read is None:
            return None
        numbers, decimals = read
        if full is not None and not all(
            min(column) >= 0 and max(column) <= mark.scaleb(decimals) for column, mark in zip(numbers, full)
        ):
            return None
        parts = numbers
        if factors:
            parts = [[number * factor for number in column] for column, factor in zip(numbers, whole_factors)]
        scale = 10**decimals if not factors else 10**decimals * whole_divisor
        return rounded_quotients(row_sums(parts), scale, digits)

    return ByColumns(one, many, [NUMBERS])


def _factors(weights: list[Decimal], total: Decimal, full: list[Decimal] | None) -> tuple[list[Decimal], Decimal]:
    """What each score is multiplied by, and what their sum is divided by: one division, so that halves stay halves."""
    if full is None:
        return weights, total
    if not weights:
        return [HUNDRED] * len(full), sum(full, ZERO)
    common = _common_multiple(full)
    return [weight * HUNDRED * (common / mark) for weight, mark in zip(weights, full)], common * total


def _common_multiple(marks: list[Decimal]) -> Decimal:
    places = max(max(-int(mark.as_tuple().exponent) for mark in marks), 0)
    scaled = [int(mark.scaleb(places)) for mark in marks]
    return Decimal(reduce(lambda a, b: a * b // gcd(a, b), scaled, 1)).scaleb(-places)


def _within(values: list[Decimal | None], full: list[Decimal]) -> None:
    if any(value is not None and not 0 <= value <= mark for value, mark in zip(values, full)):
        raise UdfError(CellError.VALUE)


def _incomplete(
    values: list[Decimal | None], weights: list[Decimal], full: list[Decimal] | None, missing: int
) -> Decimal:
    """The score of a row with blanks: an error, with zeros, or over the filled cells alone."""
    if missing == REPORT:
        raise UdfError(CellError.VALUE)
    present = [i for i, value in enumerate(values) if value is not None or missing == AS_ZERO]
    scores = [values[i] or ZERO for i in present]
    kept = [weights[i] if weights else full[i] if full is not None else ONE for i in present]
    if not weights and full is None:
        return sum(scores, ZERO)
    if not sum(kept):
        raise UdfError(CellError.DIV0)
    factors, divisor = _factors(
        [weights[i] for i in present] if weights else [],
        sum(kept, ZERO),
        None if full is None else [full[i] for i in present],
    )
    return sum(map(mul, scores, factors), ZERO) / divisor


@udf(
    "KAOHE_ITEM",
    "单项考核得分",
    "Appraisal item",
    CATEGORY,
    "满分减去各项扣分，不低于下限；再加上各项加分，不超过上限。",
    "Full mark less deductions, not under a floor; then additions, not over a cap.",
    required("满分", "full_mark", Shape.SCALAR, "该项满分。", "The item's full mark."),
    required(
        "扣分",
        "deductions",
        Shape.ROW,
        "一行扣分，填正数；空白为 0。",
        "Deductions, as positive numbers; blanks are 0.",
    ),
    optional("加分", "additions", Shape.ROW, "一行加分，填正数；空白为 0。", "Additions; blanks are 0."),
    optional(
        "下限",
        "floor",
        Shape.SCALAR,
        "扣分后的最低分，省略时为 0。",
        "Least mark after deductions; 0 if omitted.",
        default=ZERO,
    ),
    optional(
        "上限", "cap", Shape.SCALAR, "加分后的最高分，省略时不封顶。", "Highest mark after additions; none if omitted."
    ),
    example=("=KAOHE_ITEM(10,{1,0.5},{2},0,10)", 10),
    remarks="扣分、加分为负数得 #VALUE!；整行空白得空文本。结果不取整。",
)
def item(full_mark: Decimal, floor: Decimal, cap: Decimal | None) -> Callable[[Row, Row | None], Decimal]:
    """item = min(cap, max(floor, full − Σ deductions) + Σ additions). Exact, not rounded."""

    def one(deductions: Row, additions: Row | None) -> Decimal:
        left = max(floor, full_mark - sum(not_negative(numbers(deductions)), ZERO))
        left += sum(not_negative(numbers(additions or [])), ZERO)
        return left if cap is None else min(cap, left)

    places = places_of([full_mark, floor] if cap is None else [full_mark, floor, cap])

    def many(deductions: Columns, additions: Columns | None) -> list[Cell] | None:
        read = scaled_or_blank([*deductions, *(additions or [])])
        if read is None or min(map(min, read[0])) < 0:
            return None
        numbers, decimals = read
        more = 10 ** max(places - decimals, 0)
        unit = 10**decimals * more
        full, least = int(full_mark * unit), int(floor * unit)
        left = [full - more * part for part in row_sums(numbers[: len(deductions)])]
        left = [part if part > least else least for part in left]
        if additions:
            left = [part + more * given for part, given in zip(left, row_sums(numbers[len(deductions) :]))]
        if cap is not None:
            most = int(cap * unit)
            left = [part if part < most else most for part in left]
        return [part / unit for part in left]

    return ByColumns(one, many, [PLAIN, PLAIN])


@udf(
    "KAOHE_DEDUCT",
    "按次扣分合计",
    "Deductions by count",
    CATEGORY,
    "各项次数乘以每次分值，每项不超过其上限，相加。",
    "Σ of count times price, each item up to its cap.",
    required("次数", "counts", Shape.ROW, "一行次数；空白为 0。", "One row of counts; blanks are 0."),
    required("每次", "prices", Shape.LIST, "各项每次的分值。", "Points a time."),
    optional("每项上限", "caps", Shape.LIST, "各项合计的上限；空白为不封顶。", "Cap of each item; blank is none."),
    example=("=KAOHE_DEDUCT({3,1},{0.5,2},{1,5})", 3),
    remarks="次数为负或长度不一得 #VALUE!；整行空白得空文本。",
)
def deduct(prices: Row, caps: Row | None) -> Callable[[Row], Decimal]:
    """deduct = Σ min(countᵢ·priceᵢ, capᵢ). Exact, not rounded."""
    each = [number(price) for price in prices]
    limits = numbers(caps) if caps is not None else [None] * len(each)
    if len(limits) != len(each):
        raise UdfError(CellError.VALUE)

    def one(counts: Row) -> Decimal:
        counted = not_negative(numbers(counts))
        if len(counted) != len(each):
            raise UdfError(CellError.VALUE)
        amounts = map(mul, counted, each)
        return sum((a if limit is None else min(a, limit) for a, limit in zip(amounts, limits)), ZERO)

    return one


@udf(
    "KAOHE_RATIO",
    "按完成率计分",
    "Mark by attainment",
    CATEGORY,
    "满分乘以实际与计划之比，不低于下限，不高于上限。",
    "Full mark × actual ÷ plan, not under the floor, not over the cap.",
    required("满分", "full_mark", Shape.CELL, "恰好完成计划时的得分。", "The mark at the plan."),
    required("实际", "actual", Shape.CELL, "实际完成数。", "What was done."),
    required("计划", "plan", Shape.CELL, "计划数。", "What was planned."),
    optional("下限", "floor", Shape.CELL, "最低得分，省略时不限。", "Least mark; none if omitted."),
    optional("上限", "cap", Shape.CELL, "最高得分，省略时不封顶。", "Highest mark; none if omitted."),
    example=("=KAOHE_RATIO(30,45,50,0,30)", 27),
    remarks="计划为 0 得 #DIV/0!，为负得 #VALUE!；下限高于上限得 #VALUE!；实际、计划都空白得空文本。结果不取整。",
)
def ratio() -> Callable[[Cell, Cell, Cell, Cell, Cell], Decimal | str]:
    """ratio = min(cap, max(floor, full · actual / plan)). Exact, not rounded."""

    def one(full_mark: Cell, actual: Cell, plan: Cell, floor: Cell, cap: Cell) -> Decimal | str:
        raise_errors([full_mark, actual, plan, floor, cap])
        if is_blank(actual) and is_blank(plan):
            return ""
        planned, least, most = number(plan), maybe_number(floor), maybe_number(cap)
        if planned < 0 or (least is not None and most is not None and least > most):
            raise UdfError(CellError.VALUE)
        if not planned:
            raise UdfError(CellError.DIV0)
        mark = number(full_mark) * number(actual) / planned
        mark = mark if least is None else max(least, mark)
        return mark if most is None else min(most, mark)

    return one
