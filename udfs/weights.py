"""What a part weighs: workloads against the mean, weights spread over those that take part."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from udfs.registry import Shape, Style, entries, optional, required, udf
from udfs.scores import CATEGORY, ONE, ZERO, Row, not_negative
from udfs.values import Cell, CellError, UdfError, is_blank, number, numbers
from udfs.vocabulary import NO, YES


@udf(
    "KAOHE_WORKLOAD",
    "工作量得分",
    "Workload score",
    CATEGORY,
    "本人工作量与全体平均工作量之比乘以满分。",
    "Own workload over the mean of all, times the full mark.",
    required("本人", "own", Shape.CELL, "本人的工作量。", "Own workload."),
    entries("全体", "all", "全体人员的工作量；空白不计入平均。", "Everybody's workload; blanks are nobody."),
    required("满分", "full_mark", Shape.SCALAR, "平均工作量对应的得分。", "Score at the mean."),
    optional("上限", "cap", Shape.SCALAR, "最高得分，省略时不封顶。", "Highest score; none if omitted."),
    example=("=KAOHE_WORKLOAD(12,{8,12,10},30)", 36),
    remarks="平均为 0 得 #DIV/0!；工作量为负得 #VALUE!。结果不取整。",
)
def workload(everybody: Row, full_mark: Decimal, cap: Decimal | None) -> Callable[[Cell], Decimal]:
    """workload = min(cap, own / mean(all) · full mark). Exact, not rounded."""
    loads = not_negative([load for load in numbers(everybody) if load is not None])
    if not sum(loads):
        raise UdfError(CellError.DIV0)
    mean = sum(loads, ZERO) / len(loads)

    def one(own: Cell) -> Decimal:
        load = number(own)
        if load < 0:
            raise UdfError(CellError.VALUE)
        result = load / mean * full_mark
        return result if cap is None else min(cap, result)

    return one


@udf(
    "KAOHE_WEIGHTS",
    "重新分配权重",
    "Renormalised weights",
    CATEGORY,
    "只在参与的项目之间按原权重比例重新分配，不参与的项目权重为 0。",
    "Weights of the participating items renormalised to a sum; 0 for the others.",
    required("权重", "weights", Shape.BLOCK, "原权重，一行或一列。", "The weights, a row or a column."),
    required(
        "参与",
        "taking_part",
        Shape.LIST,
        "是否参与：填“是”，或任意非空白的得分；“否”和空白为不参与。",
        "是, or any nonblank score.",
    ),
    optional(
        "合计", "total", Shape.SCALAR, "新权重的合计，省略时为 1。", "What they add up to; 1 if omitted.", default=ONE
    ),
    example=('=KAOHE_WEIGHTS({0.3,0.2,0.5},{"是","","是"})', ((0.375, 0, 0.625),)),
    remarks="参与项目的权重合计为 0 得 #DIV/0!；权重为负、长度不一，或参与中是“是”“否”以外的文字得 #VALUE!。形状与权重相同。",
    style=Style.WHOLE,
)
def weights(given: list[Row], taking_part: Row, total: Decimal) -> list[list[Decimal]]:
    """wᵢ' = wᵢ · total / Σ w of the participating items; 0 for the others. Same shape as the weights."""
    if len(given) > 1 and len(given[0]) > 1:
        raise UdfError(CellError.VALUE)
    exact = not_negative([number(weight) for row in given for weight in row])
    if len(exact) != len(taking_part):
        raise UdfError(CellError.VALUE)
    part = [_takes_part(cell) for cell in taking_part]
    sum_of_part = sum((weight for weight, part_of in zip(exact, part) if part_of), ZERO)
    if not sum_of_part:
        raise UdfError(CellError.DIV0)
    new = [weight * total / sum_of_part if part_of else ZERO for weight, part_of in zip(exact, part)]
    return [new] if len(given) == 1 else [[weight] for weight in new]


def _takes_part(cell: Cell) -> bool:
    if isinstance(cell, CellError):
        raise UdfError(cell)
    if isinstance(cell, bool):
        raise UdfError(CellError.VALUE)
    # Another text is no mark and no score, a space least of all.
    if isinstance(cell, str) and not is_blank(cell) and cell not in (YES, NO):
        raise UdfError(CellError.VALUE)
    return not is_blank(cell) and cell != NO
