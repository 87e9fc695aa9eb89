"""Pay: a fixed pool divided by points, to the fen."""

from __future__ import annotations

from decimal import Decimal

from udfs.people import Row, by_group, each_group, groups_of
from udfs.ranks import GROUPS, PEOPLE, SCORES, WHO
from udfs.registry import Shape, Style, option, optional, required, udf
from udfs.values import Cell, CellError, Result, UdfError, floor, is_blank, key, maybe_number, number, whole

CATEGORY = "分配"
FEN = Decimal(100)
MOST_EXACT = Decimal(10) ** 13
"""From here on a cell's 15 digits don't reach to the fen."""
UNITS = (1, 10, 100, 1000)
"""分, 角, 元, 十元 in fen."""


@udf(
    "KAOHE_ALLOCATE",
    "分值法分配",
    "Division of a pool",
    CATEGORY,
    "把固定总额按得分（分值）分到个人，精确到分，合计恰等于总额；可以封顶、保底。",
    "Divides a pool by points, to the fen, adding up to the pool exactly; with caps and floors if wanted.",
    WHO,
    PEOPLE,
    required(
        "总额",
        "pool",
        Shape.BLOCK,
        "要分配的总额；按组分配时为组别、总额两列。",
        "The pool, or two columns group and pool.",
    ),
    SCORES,
    optional(
        "封顶",
        "cap",
        Shape.CELL,
        "每人最多得多少：一个数，或与名单同长的一列（空白为不封顶）。",
        "Most a person gets, one or a column.",
    ),
    optional(
        "保底",
        "floor",
        Shape.CELL,
        "每人最少得多少：一个数，或与名单同长的一列（空白为不保底）。",
        "Least a person gets, one or a column.",
    ),
    GROUPS,
    option("单位", "unit", "分到哪一位", "What amounts are multiples of.", "分", "角", "元", "十元"),
    example=('=KAOHE_ALLOCATE("甲",{"甲";"乙";"丙"},100,{1;1;1})', 33.34),
    remarks="余下的分给小数部分最大的人，相同时给排在前面的人。总额大于 0 而得分全为 0、全组没有人参加得 #DIV/0!;"
    "封顶、保底无法满足，总额不是单位的整数倍，或从十万亿元起写不到分，得 #NUM!；总额为负或不足一分得 #VALUE!；没有总额的组得 #N/A。",
    style=Style.PEOPLE,
)
def allocate(
    named: list[bool], pool: list[Row], points: Row, caps: Row | None, floors: Row | None, groups: Row | None, unit: int
) -> list[Result]:
    """payᵢ = clamp(λ·pointsᵢ, floorᵢ, capᵢ) with λ such that Σ pay = pool; then cut to the unit, largest remainders first.

    Amounts in yuan. Source: conventions 3 (fixed pool).
    """
    part = [there and not is_blank(point) for there, point in zip(named, points)]
    members = groups_of(part, groups)
    pools = _pools(pool, groups is not None)
    size = UNITS[unit]

    def total_of(group: str | Decimal | None) -> int:
        if group not in pools:
            raise UdfError(CellError.NA)
        total, remainder = divmod(_fen(number(pools[group])), size)
        if remainder:
            raise UdfError(CellError.NUM)
        return total

    def compute(places: list[int]) -> list[Result]:
        total = total_of(_group(groups, places[0]))
        weights = [number(points[place]) for place in places]
        if any(weight < 0 for weight in weights):
            raise UdfError(CellError.VALUE)
        most = [_limit(caps, place, size) for place in places]
        least = [_limit(floors, place, size, up=True) or 0 for place in places]
        return [Decimal(units * size) / FEN for units in divide(total, weights, least, most)]

    results = each_group(len(named), members, compute)
    for place, there in enumerate(named):
        group = _group(groups, place)
        # Money of a group in which nobody takes part would get lost unseen.
        if there and not part[place] and group in pools and group not in members:
            results[place] = _unclaimed(pools[group])
    return results


def _unclaimed(pool: Cell) -> Result:
    try:
        return CellError.DIV0 if number(pool) else ""
    except UdfError as error:
        return error.code


def _pools(pool: list[Row], grouped: bool) -> dict[str | Decimal, Cell]:
    if grouped:
        return by_group(pool)
    if len(pool) != 1 or len(pool[0]) != 1:
        raise UdfError(CellError.VALUE)
    return {"": pool[0][0]}


def _group(groups: Row | None, place: int) -> str | Decimal | None:
    """A person's group; None where it can't be told."""
    cell = groups[place] if groups is not None else ""
    unreadable = isinstance(cell, (bool, CellError)) or (groups is not None and is_blank(cell))
    return None if unreadable else key(cell)


def _fen(amount: Decimal) -> int:
    if amount < 0:
        raise UdfError(CellError.VALUE)
    if amount >= MOST_EXACT:
        raise UdfError(CellError.NUM)
    return whole(amount * FEN)


def _limit(column: Row | None, place: int, size: int, up: bool = False) -> int | None:
    """A cap in whole units, cut, or a floor, raised, so that nobody gets more than the one or less than the other."""
    value = maybe_number(column[place]) if column is not None else None
    if value is None:
        return None
    if value < 0:
        raise UdfError(CellError.VALUE)
    return -floor(-value * FEN / size) if up else floor(value * FEN / size)


def divide(total: int, weights: list[Decimal], least: list[int], most: list[int | None]) -> list[int]:
    """Whole units for each weight, Σ = total, every one within its limits."""
    if any(high is not None and low > high for low, high in zip(least, most)):
        raise UdfError(CellError.NUM)
    fixed = _clamped(total, weights, least, most)
    free = [i for i in range(len(weights)) if fixed[i] is None]
    left = total - sum(fen for fen in fixed if fen is not None)
    divisor = sum((weights[i] for i in free), Decimal(0))
    pays = [fen or 0 for fen in fixed]
    # Scaled to whole numbers the quotients are exact.
    scale = 10 ** max((-int(weight.as_tuple().exponent) for weight in weights), default=0)
    whole_divisor = int(divisor * max(scale, 1)) if free else 0
    remainders = []
    for i in free:
        pays[i], remainder = divmod(left * int(weights[i] * max(scale, 1)), whole_divisor)
        remainders.append((-remainder, i))
    for _, i in sorted(remainders)[: total - sum(pays)]:
        pays[i] += 1
    return pays


def _clamped(total: int, weights: list[Decimal], least: list[int], most: list[int | None]) -> list[int | None]:
    """Who stands at a limit, in units (None: who shares what is left by weight), by raising λ from limit to limit."""
    from fractions import Fraction  # Few workbooks have limits.

    if sum(least) > total or (all(high is not None for high in most) and sum(high or 0 for high in most) < total):
        raise UdfError(CellError.NUM)
    if not any(least) and all(high is None for high in most):
        if total and not any(weights):
            raise UdfError(CellError.DIV0)
        return [None if weight else 0 for weight in weights]
    fixed: list[int | None] = [low if not weight else None for low, weight in zip(least, weights)]
    events: list[tuple[Fraction, int, int]] = []
    for i, weight in enumerate(weights):
        if weight:
            exact = Fraction(weight)
            events.append((Fraction(least[i]) / exact, 0, i))
            if (high := most[i]) is not None:
                events.append((Fraction(high) / exact, 1, i))
    events.sort()
    paid, slope = Fraction(sum(least)), Fraction(0)
    states = [low if weight else None for low, weight in zip(least, weights)]
    current = Fraction(0)
    for rate, kind, i in events:
        if paid + slope * (rate - current) >= total:
            break
        paid, current = paid + slope * (rate - current), rate
        slope += Fraction(weights[i]) if kind == 0 else -Fraction(weights[i])
        states[i] = None if kind == 0 else most[i]
    else:
        if not slope and paid < total:
            raise UdfError(CellError.NUM if any(weights) else CellError.DIV0)
    if not slope:
        # Nobody is between limits yet: the amounts at the limits are the whole answer.
        return [low if state is None else state for low, state in zip(least, states)]
    return [fix if fix is not None else state for fix, state in zip(fixed, states)]
