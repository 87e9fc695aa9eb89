"""Ranks, and scores made comparable between groups."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from decimal import Decimal

from udfs.people import Row, each_group, groups_of, order_keys
from udfs.registry import Kind, Parameter, Shape, Style, option, optional, required, udf
from udfs.scores import HUNDRED
from udfs.values import CellError, Result, UdfError, is_blank, number

CATEGORY = "名次"
BACK, DENSE = 1, 2
LOW_FIRST = 1
HIGHEST, MEAN, STANDARD = 0, 1, 2

WHO = required(
    "谁",
    "who",
    Shape.KEYS,
    "要谁的结果：一个人（姓名、工号或序号），或一列人。",
    "Whose result: one key or a column.",
    Kind.ANY,
)
PEOPLE = required(
    "名单",
    "people",
    Shape.COLUMN,
    "全体人员，不得重复；空白行不计。合计、小计等有得分的行不能在内。",
    "Everybody, without repetition and totals.",
    Kind.ANY,
)
SCORES = required(
    "得分", "scores", Shape.COLUMN, "名单上各人的得分；空白的人不参加。", "Everybody's score; blank: takes no part."
)
GROUPS = optional(
    "组别",
    "groups",
    Shape.COLUMN,
    "各人的组别；给出时各组分开计算。看起来一样、写法不同的组别（多一个空格、全角半角）得 #VALUE!。",
    "Everybody's group; groups that only look the same are an error.",
    Kind.ANY,
)
TIES: Parameter = optional(
    "并列依据",
    "tie_breaks",
    Shape.COLUMNS,
    "得分相同时依次比较的一列或多列，高者在前。",
    "Columns that break ties, higher first.",
)


@udf(
    "KAOHE_RANK",
    "名次",
    "Rank",
    CATEGORY,
    "按得分从高到低（或从低到高）排名，同分同名次(1、2、2、4)；可按组别分别排名。",
    "Rank by score, high to low or low to high; ties share a rank (1, 2, 2, 4).",
    WHO,
    PEOPLE,
    SCORES,
    GROUPS,
    TIES,
    option("名次方式", "method", "同分的名次", "Rank of ties.", "并列靠前", "并列靠后", "中国式"),
    option("次序", "order", "从哪一头排起", "Which end is first.", "高者在前", "低者在前"),
    example=('=KAOHE_RANK("乙",{"甲";"乙";"丙"},{90;80;80})', 2),
    remarks="三人 90、80、80：并列靠前为 1、2、2，并列靠后为 1、3、3；再有一人 70，中国式为 1、2、2、3。低者在前时并列依据也是低者在前。名单重复得 #VALUE!，名单中没有的人得 #N/A。得分有错误值时，同组的人都是错误值。",
    style=Style.PEOPLE,
)
def rank(
    named: list[bool], scores: Row, groups: Row | None, ties: list[Row] | None, method: int, order: int
) -> list[Result]:
    """1 + people strictly ahead (method 0); people ahead plus people equal, oneself counted (1); 1 + different scores ahead (2)."""
    part = [there and score is not None and score != "" for there, score in zip(named, scores)]

    def compute(places: list[int]) -> list[Result]:
        keys = order_keys(places, scores, ties)
        standing = sorted(set(keys) if method == DENSE else keys)
        low_first, back = order == LOW_FIRST, method == BACK
        bisect = bisect_right if low_first == back else bisect_left
        found = {one: bisect(standing, one) for one in set(keys)}
        first = 0 if back else 1
        standings = {one: first + (at if low_first else len(standing) - at) for one, at in found.items()}
        return list(map(standings.__getitem__, keys))

    return each_group(len(named), groups_of(part, groups), compute)


@udf(
    "KAOHE_NORMALIZE",
    "组间折算",
    "Scores made comparable",
    CATEGORY,
    "消除各组评分宽严的差别，使不同组的得分可比。",
    "Makes the scores of groups comparable.",
    WHO,
    PEOPLE,
    SCORES,
    optional(
        "满分", "full_mark", Shape.SCALAR, "折算后的满分，省略时为 100。", "Full mark; 100 if omitted.", default=HUNDRED
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
