"""Coefficients: products, step tables, progressive tiers, whole steps, means of the best."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from operator import mul

from udfs.columns import NUMBERS, ByColumns, Columns, rounded_quotients, scaled
from udfs.registry import DIGITS, Kind, Shape, Style, entries, option, optional, required, udf
from udfs.scores import HALF, ZERO, Row
from udfs.values import (
    Cell,
    CellError,
    Result,
    UdfError,
    floor,
    is_blank,
    key,
    maybe_number,
    number,
    numbers,
    raise_errors,
    rounded,
    whole,
)

CATEGORY = "系数"
INCLUSIVE, ANY_ORDER = 0, 1


@udf(
    "KAOHE_COEF",
    "系数调整",
    "Score times coefficients",
    CATEGORY,
    "得分（或金额）连乘一行系数，四舍五入。系数超出规定范围时报错。",
    "Score times every coefficient of the row, rounded; coefficients outside the limits are an error.",
    required("得分", "score", Shape.CELL, "要调整的得分或金额。", "The score or amount."),
    required("系数", "coefficients", Shape.ROW, "一行系数，不得空白。", "One row of coefficients."),
    optional("下限", "low", Shape.SCALAR, "系数不得低于此数（含）。", "Least coefficient, inclusive."),
    optional("上限", "high", Shape.SCALAR, "系数不得高于此数（含）。", "Greatest coefficient, inclusive."),
    DIGITS,
    example=("=KAOHE_COEF(91.5,{1.2,1})", 109.8),
    remarks="系数超出范围得 #NUM!，空白得 #VALUE!。",
)
def coef(low: Decimal | None, high: Decimal | None, digits: int) -> Callable[[Cell, Row], Decimal]:
    """coef = score · Π coefficientⱼ, rounded half up to ``digits`` decimals."""

    def one(value: Cell, factors: Row) -> Decimal:
        raise_errors([value, *factors])
        product = number(value)
        for factor in factors:
            exact = number(factor)
            if (low is not None and exact < low) or (high is not None and exact > high):
                raise UdfError(CellError.NUM)
            product *= exact
        return rounded(product, digits)

    def many(values: Columns, factors: Columns) -> list[Cell] | None:
        read = scaled([*values, *factors])
        if read is None:
            return None
        numbers, decimals = read
        if low is not None and any(min(column) < low.scaleb(decimals) for column in numbers[1:]):
            return None
        if high is not None and any(max(column) > high.scaleb(decimals) for column in numbers[1:]):
            return None
        products = numbers[0]
        for column in numbers[1:]:
            products = list(map(mul, products, column))
        return rounded_quotients(products, 10 ** (decimals * len(numbers)), digits)

    return ByColumns(one, many, [NUMBERS, NUMBERS])


@udf(
    "KAOHE_STEPS",
    "按整档计算",
    "Whole steps",
    CATEGORY,
    "数值超过起点的部分含几个完整步长，乘以每步的量，可以封顶。",
    "Whole steps by which a value exceeds a start, times an amount a step, up to a cap.",
    required("数值", "value", Shape.CELL, "要计算的数。", "The value."),
    required("起点", "start", Shape.CELL, "从此数以上开始计算。", "Where the steps begin."),
    required("步长", "step", Shape.CELL, "每满多少算一步，须大于 0。", "Size of a step, above 0."),
    optional("每步", "each", Shape.CELL, "每步的量，省略时为 1。", "Amount a step; 1 if omitted."),
    optional("上限", "cap", Shape.CELL, "结果的上限，省略时不封顶。", "Cap of the result."),
    example=("=KAOHE_STEPS(0.13,0.12,0.01,0.2,1)", 0.2),
    remarks="恰好等于起点为 0 步；步长不大于 0 得 #VALUE!。",
)
def steps() -> Callable[[Cell, Cell, Cell, Cell, Cell], Decimal | str]:
    """steps = min(cap, floor(max(0, value − start) / step) · each)."""

    def one(value: Cell, start: Cell, step: Cell, each: Cell, cap: Cell) -> Decimal | str:
        if is_blank(value):
            return _blank_value(value, start, step, each, cap)
        size, beyond = number(step), number(value) - number(start)
        if size <= 0:
            raise UdfError(CellError.VALUE)
        amount = maybe_number(each)
        result = floor(max(ZERO, beyond) / size) * (Decimal(1) if amount is None else amount)
        limit = maybe_number(cap)
        return result if limit is None else min(limit, result)

    return one


def _blank_value(*cells: Cell) -> str:
    raise_errors(cells)
    return ""


def _pairs(bounds: Row, results: Row) -> list[tuple[Decimal, Cell]]:
    """Bounds with their results; positions where both are blank are spare."""
    raise_errors(bounds)
    if len(bounds) != len(results):
        raise UdfError(CellError.VALUE)
    return [
        (number(bound), result) for bound, result in zip(bounds, results) if not (is_blank(bound) and is_blank(result))
    ]


def outcome(cell: Cell) -> Result:
    """A result that a table holds, as it is."""
    if isinstance(cell, CellError):
        raise UdfError(cell)
    if cell is None:
        return ""
    return cell if isinstance(cell, str) else number(cell)


@udf(
    "KAOHE_TIER",
    "分段取值",
    "Step table",
    CATEGORY,
    "按从高到低的界限，取数值达到的第一档的结果。",
    "The result of the first bound, from high to low, that the value reaches.",
    required("值", "value", Shape.CELL, "要查的数。", "The value."),
    required("界限", "bounds", Shape.LIST, "各档界限，从高到低。", "Bounds, from high to low."),
    required("结果", "results", Shape.LIST, "各档结果，与界限一一对应。", "Results, one a bound."),
    option("边界", "edge", "恰好等于界限时是否算达到", "Whether the bound itself counts.", "含下限", "不含下限"),
    option("次序", "order", "界限的排列", "Whether bounds must run from high to low.", "从高到低", "任意"),
    example=("=KAOHE_TIER(0.93,{0.95,0.9,0.8,0},{1,0.98,0.95,0.9})", 0.98),
    remarks="低于所有界限得 #N/A；界限次序不对（或任意次序时重复）得 #VALUE!。",
    result=Kind.ANY,
)
def tier(bounds: Row, results: Row, edge: int, order: int) -> Callable[[Cell], Result]:
    """The result beside the highest bound b with value ≥ b (edge 0) or value > b (edge 1)."""
    pairs = _pairs(bounds, results)
    if order == ANY_ORDER:
        pairs.sort(key=lambda pair: pair[0], reverse=True)
    if any(above <= below for (above, _), (below, _) in zip(pairs, pairs[1:])):
        raise UdfError(CellError.VALUE)

    def one(value: Cell) -> Result:
        exact = number(value)
        for bound, result in pairs:
            if exact > bound or (exact == bound and edge == INCLUSIVE):
                return outcome(result)
        raise UdfError(CellError.NA)

    return one


@udf(
    "KAOHE_PROGRESS",
    "超额累进",
    "Progressive tiers",
    CATEGORY,
    "把数值按起点分段，每段超过起点的部分乘以该段单价，相加。",
    "Every slice above its start at its own price.",
    required("值", "value", Shape.CELL, "要计算的数。", "The value."),
    required("起点", "starts", Shape.LIST, "各段起点，从低到高。", "Starts, from low to high."),
    required("单价", "prices", Shape.LIST, "各段单价，与起点一一对应。", "Prices, one a start."),
    example=("=KAOHE_PROGRESS(11,{0,5,10},{0.2,0.5,1})", 4.5),
    remarks="低于第一个起点得 0；起点次序不对得 #VALUE!。结果不取整。",
)
def progress(starts: Row, prices: Row) -> Callable[[Cell], Decimal]:
    """progress = Σⱼ priceⱼ · max(0, min(value, startⱼ₊₁) − startⱼ)."""
    pairs = [(start, number(price)) for start, price in _pairs(starts, prices)]
    if not pairs or any(low >= high for (low, _), (high, _) in zip(pairs, pairs[1:])):
        raise UdfError(CellError.VALUE)
    ends: list[Decimal | None] = [*(start for start, _ in pairs[1:]), None]

    def one(value: Cell) -> Decimal:
        exact = number(value)
        total = ZERO
        for (start, price), end in zip(pairs, ends):
            if exact > start:
                total += price * ((exact if end is None else min(exact, end)) - start)
        return total

    return one


@udf(
    "KAOHE_INTERP",
    "内插取值",
    "Linear interpolation",
    CATEGORY,
    "在相邻两点之间按直线内插；在两端之外取端点的结果。",
    "Linear between neighbouring points, level outside.",
    required("值", "value", Shape.CELL, "要计算的数。", "The value."),
    required("点", "points", Shape.LIST, "各点，从低到高（或从高到低）。", "Points, rising or falling."),
    required("结果", "results", Shape.LIST, "各点的结果，与点一一对应。", "Results, one a point."),
    example=("=KAOHE_INTERP(85,{60,80,100},{0,0.8,1})", 0.85),
    remarks="点的次序不对或重复得 #VALUE!。结果不取整。",
)
def interp(points: Row, results: Row) -> Callable[[Cell], Decimal]:
    """y = yⱼ + (x − xⱼ)·(yⱼ₊₁ − yⱼ)/(xⱼ₊₁ − xⱼ) between xⱼ and xⱼ₊₁; y of the first or last point outside."""
    pairs = [(point, number(result)) for point, result in _pairs(points, results)]
    if len(pairs) > 1 and pairs[0][0] > pairs[-1][0]:
        pairs.reverse()
    if not pairs or any(low >= high for (low, _), (high, _) in zip(pairs, pairs[1:])):
        raise UdfError(CellError.VALUE)

    def one(value: Cell) -> Decimal:
        exact = number(value)
        if exact <= pairs[0][0]:
            return pairs[0][1]
        for (left, low), (right, high) in zip(pairs, pairs[1:]):
            if exact <= right:
                return low + (exact - left) * (high - low) / (right - left)
        return pairs[-1][1]

    return one


@udf(
    "KAOHE_TOPMEAN",
    "前几名平均",
    "Mean of the best",
    CATEGORY,
    "最高的若干个得分的平均；可以只取一个组。",
    "Mean of the best n scores, of one group if wanted.",
    entries("得分", "scores", "全部得分；空白不计。", "The scores; blanks don't count."),
    required(
        "前几",
        "best",
        Shape.SCALAR,
        "取前几名；小于 1 时为占比（四舍五入，至少一名）。",
        "How many; under 1 a share, half up, at least one.",
    ),
    optional("组别", "groups", Shape.LIST, "各得分的组别。", "The group of each score.", Kind.ANY),
    optional("本组", "group", Shape.CELL, "要计算的组，一个或一列。", "The wanted group, one or a column.", Kind.ANY),
    example=("=KAOHE_TOPMEAN({90,80,70,60},2)", 85),
    remarks="前几名多于得分个数得 #NUM!；前几不大于 0 或带小数（1 以上）得 #VALUE!。结果不取整。",
    style=Style.WHOLE,
)
def topmean(scores: Row, best: Decimal, groups: Row | None, group: Row | None) -> Result | list[list[Result]]:
    """Mean of the n largest scores; n = best, or max(1, half up(best · count)) for a share."""
    if best <= 0 or (best >= 1 and whole(best) < 1):
        raise UdfError(CellError.VALUE)
    if (groups is None) != (group is None):
        raise UdfError(CellError.VALUE)
    if groups is None or group is None:
        return _mean_of_best([s for s in numbers(scores) if s is not None], best)
    if len(groups) != len(scores):
        raise UdfError(CellError.VALUE)
    members: dict[str | Decimal, Row] = {}
    for cell, of_group in zip(scores, groups):
        if not is_blank(cell):
            if is_blank(of_group):
                raise UdfError(CellError.VALUE)
            members.setdefault(key(of_group), []).append(cell)
    return [[_of_group(members, wanted, best)] for wanted in group]


def _of_group(members: dict[str | Decimal, Row], wanted: Cell, best: Decimal) -> Result:
    if is_blank(wanted):
        return ""
    try:
        cells = members.get(key(wanted))
        if cells is None:
            return CellError.NA
        return _mean_of_best([s for s in numbers(cells) if s is not None], best)
    except UdfError as error:
        return error.code


def _mean_of_best(scores: list[Decimal], best: Decimal) -> Decimal:
    count = whole(best) if best >= 1 else max(1, floor(best * len(scores) + HALF))
    if count > len(scores):
        raise UdfError(CellError.NUM)
    return sum(sorted(scores, reverse=True)[:count], ZERO) / count
