"""Marks that several people give: ballots and trimmed means."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from operator import mul

from udfs.registry import Shape, optional, required, udf
from udfs.scores import CATEGORY, HUNDRED, ONE, ZERO, Row, not_negative
from udfs.values import Cell, CellError, UdfError, maybe_number, number, numbers, whole


@udf(
    "KAOHE_VOTE",
    "民主测评得分",
    "Ballot score",
    CATEGORY,
    "各档票数乘以票值之和，除以总票数，再乘以标准分；参与人数不足时测评无效。",
    "Σ votes × worth ÷ Σ votes × standard score; invalid when too few took part.",
    required(
        "票数",
        "votes",
        Shape.ROW,
        "一行各档票数，非负整数；空白为 0。",
        "Votes for each level, whole numbers; blanks are 0.",
    ),
    required(
        "票值", "worths", Shape.LIST, "各档一票的值，例如 1、0.8、0.7、0.5。", "What a vote of each level is worth."
    ),
    optional(
        "标准分",
        "standard",
        Shape.SCALAR,
        "全部为最高票值 1 时的得分，省略时为 100。",
        "Full score; 100 if omitted.",
        default=HUNDRED,
    ),
    optional("应参加人数", "voters", Shape.CELL, "应参加测评的人数。", "How many should vote."),
    optional(
        "最低参与率",
        "turnout",
        Shape.SCALAR,
        "有效票数与应参加人数之比的下限（0 到 1，含）。",
        "Least turnout, 0 to 1, inclusive.",
        default=ZERO,
    ),
    example=("=KAOHE_VOTE({30,6,1,0},{1,0.8,0.7,0.5},25)", 23.9864864864865),
    remarks="参与率不足得 #N/A；一票也没有得 #DIV/0!；票数为负、带小数或多于应参加人数，应参加人数带小数，得 #VALUE!。结果不取整。",
)
def vote(worths: Row, standard: Decimal, turnout: Decimal) -> Callable[[Row, Cell], Decimal]:
    """vote = Σ votesᵢ·worthᵢ / Σ votes · standard, valid where Σ votes ≥ turnout · voters. Not rounded."""
    each = [number(worth) for worth in worths]
    if not 0 <= turnout <= 1:
        raise UdfError(CellError.VALUE)

    def one(votes: Row, voters: Cell) -> Decimal:
        counted = not_negative(numbers(votes))
        expected = maybe_number(voters)
        if len(counted) != len(each) or any(whole(count) < 0 for count in counted):
            raise UdfError(CellError.VALUE)
        cast = sum(counted, ZERO)
        if expected is not None:
            if whole(expected) < cast:
                raise UdfError(CellError.VALUE)
            if cast < turnout * expected:
                raise UdfError(CellError.NA)
        if not cast:
            raise UdfError(CellError.DIV0)
        return sum(map(mul, counted, each), ZERO) / cast * standard

    return one


@udf(
    "KAOHE_TRIM",
    "去极值平均",
    "Trimmed mean",
    CATEGORY,
    "去掉若干最高分和最低分后的平均分。",
    "Mean without the highest and lowest marks.",
    required(
        "评分",
        "marks",
        Shape.SET,
        "一行或一列评分；空白不计。",
        "One row or one column of marks; blanks don't count.",
    ),
    optional(
        "去最高",
        "highest",
        Shape.SCALAR,
        "去掉几个最高分，省略时为 1。",
        "How many highest are left out; 1 if omitted.",
        default=ONE,
    ),
    optional(
        "去最低",
        "lowest",
        Shape.SCALAR,
        "去掉几个最低分，省略时为 1。",
        "How many lowest are left out; 1 if omitted.",
        default=ONE,
    ),
    example=("=KAOHE_TRIM({90,85,70,95})", 87.5),
    remarks="剩下不足一个评分得 #NUM!。结果不取整。",
)
def trim(highest: Decimal, lowest: Decimal) -> Callable[[Row], Decimal]:
    """Mean of the marks that remain after leaving out the ``highest`` largest and ``lowest`` smallest."""
    high, low = whole(highest), whole(lowest)
    if high < 0 or low < 0:
        raise UdfError(CellError.VALUE)

    def one(marks: Row) -> Decimal:
        ordered = sorted(mark for mark in numbers(marks) if mark is not None)
        kept = ordered[low : len(ordered) - high]
        if len(ordered) - high - low < 1:
            raise UdfError(CellError.NUM)
        return sum(kept, ZERO) / len(kept)

    return one
