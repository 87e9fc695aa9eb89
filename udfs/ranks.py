"""Ranks, and scores made comparable between groups."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from decimal import Decimal

from udfs.people import Row, each_group, groups_of, order_keys
from udfs.registry import Kind, Parameter, Shape, Style, option, optional, required, udf
from udfs.values import CellError, Result, UdfError, is_blank, number

CATEGORY = "名次"
HUNDRED = Decimal(100)
FRONT, BACK = 0, 1
HIGHEST, MEAN, STANDARD = 0, 1, 2

WHO = required(
    "谁",
    "who",
    Shape.KEYS,
    "要谁的结果:一个人(姓名、工号或序号),或一列人。",
    "Whose result: one key or a column.",
    Kind.ANY,
)
PEOPLE = required(
    "名单", "people", Shape.COLUMN, "全体人员,不得重复;空白行不计。", "Everybody, without repetition.", Kind.ANY
)
SCORES = required(
    "得分", "scores", Shape.COLUMN, "名单上各人的得分;空白的人不参加。", "Everybody's score; blank: takes no part."
)
GROUPS = optional("组别", "groups", Shape.COLUMN, "各人的组别;给出时各组分开计算。", "Everybody's group.", Kind.ANY)
TIES: Parameter = optional(
    "并列依据",
    "tie_breaks",
    Shape.COLUMNS,
    "得分相同时依次比较的一列或多列,高者在前。",
    "Columns that break ties, higher first.",
)


@udf(
    "KAOHE_RANK",
    "名次",
    "Rank",
    CATEGORY,
    "按得分从高到低排名,同分同名次(1、2、2、4);可按组别分别排名。",
    "Rank by score, high to low; ties share a rank (1, 2, 2, 4).",
    WHO,
    PEOPLE,
    SCORES,
    GROUPS,
    TIES,
    option("名次方式", "method", "同分的名次", "Rank of ties.", "并列靠前", "并列靠后"),
    example=('=KAOHE_RANK("乙",{"甲";"乙";"丙"},{90;80;80})', 2),
    remarks="名单重复得 #VALUE!,名单中没有的人得 #N/A。得分有错误值时,同组的人都是错误值。",
    style=Style.PEOPLE,
)
def rank(named: list[bool], scores: Row, groups: Row | None, ties: list[Row] | None, method: int) -> list[Result]:
    """1 + people strictly ahead (method 0), or people ahead plus people equal, oneself counted (method 1)."""
    part = [there and not is_blank(score) for there, score in zip(named, scores)]

    def compute(places: list[int]) -> list[Result]:
        keys = order_keys(places, scores, ties)
        ordered = sorted(keys)
        if method == FRONT:
            return [len(ordered) - bisect_right(ordered, one) + 1 for one in keys]
        return [len(ordered) - bisect_left(ordered, one) for one in keys]

    return each_group(len(named), groups_of(part, groups), compute)


@udf(
    "KAOHE_NORMALIZE",
    "组间折算",
    "Scores made comparable",
    CATEGORY,
    "消除各组评分宽严的差别,使不同组的得分可比。",
    "Makes the scores of groups comparable.",
    WHO,
    PEOPLE,
    SCORES,
    optional(
        "满分", "full_mark", Shape.SCALAR, "折算后的满分,省略时为 100。", "Full mark; 100 if omitted.", default=HUNDRED
    ),
    option("方法", "method", "折算方法", "How.", "最高分", "均值", "标准分", "极差"),
    GROUPS,
    example=('=KAOHE_NORMALIZE("乙",{"甲";"乙"},{80;60},100)', 75),
    remarks="组内最高分、均值或离差为 0 得 #DIV/0!。结果不取整。",
    style=Style.PEOPLE,
)
def normalize(named: list[bool], scores: Row, full: Decimal, method: int, groups: Row | None) -> list[Result]:
    """0: full/max·s; 1: mean of all/mean of group·s; 2: (s − mean)/population standard deviation; 3: (s − min)/(max − min)·full."""
    part = [there and not is_blank(score) for there, score in zip(named, scores)]
    taking = [place for place, there in enumerate(part) if there]
    overall = _mean([number(scores[place]) for place in taking]) if method == MEAN and taking else Decimal(0)

    def compute(places: list[int]) -> list[Result]:
        own = [number(scores[place]) for place in places]
        low, high, mean = min(own), max(own), _mean(own)
        if method == HIGHEST:
            return [_ratio(full * one, high) for one in own]
        if method == MEAN:
            return [_ratio(one * overall, mean) for one in own]
        if method == STANDARD:
            deviation = _mean([(one - mean) ** 2 for one in own]).sqrt()
            return [_ratio(one - mean, deviation) for one in own]
        return [_ratio((one - low) * full, high - low) for one in own]

    return each_group(len(named), groups_of(part, groups), compute)


def _mean(values: list[Decimal]) -> Decimal:
    return sum(values, Decimal(0)) / len(values)


def _ratio(above: Decimal, below: Decimal) -> Decimal:
    if not below:
        raise UdfError(CellError.DIV0)
    return above / below
