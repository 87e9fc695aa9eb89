"""Explanations in words of how a number came about."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from udfs.registry import Kind, Shape, optional, required, udf
from udfs.scores import HUNDRED, REPORT, Row, score, shares
from udfs.values import Cell, CellError, UdfError, is_blank, number, number_text, numbers, raise_errors

CATEGORY = "说明"
DIGITS = 2


def plain(value: Decimal) -> str:
    return number_text(float(value))


@udf(
    "KAOHE_EXPLAIN",
    "得分说明",
    "The sum in words",
    CATEGORY,
    "把加权得分的计算写成一句话，可以直接放在通知单上。",
    "The weighted score written out.",
    required("得分", "scores", Shape.ROW, "一个人的各项得分。", "One row of scores."),
    optional("权重", "weights", Shape.LIST, "各项权重，合计为 1 或 100。", "Weights."),
    optional("名称", "names", Shape.LIST, "各项名称。", "Names.", Kind.ANY),
    optional("满分", "full_marks", Shape.LIST, "各项满分。", "Full marks."),
    example=('=KAOHE_EXPLAIN({85,90},{0.3,0.7},{"师德","业绩"})', "师德 85×30% + 业绩 90×70% = 88.50"),
    remarks="错误与 KAOHE_SCORE 相同。",
    result=Kind.TEXT,
)
def explain(weights: Row | None, names: Row | None, full_marks: Row | None) -> Callable[[Row], str]:
    """``名称 得分×权重 + … = 合计``, the total with two decimals."""
    total = score(weights, full_marks, REPORT, DIGITS)
    exact, whole_weight = shares(weights) if weights is not None else ([], Decimal(1))
    labels = [_label(cell) for cell in names] if names is not None else None
    marks = [number(mark) for mark in full_marks] if full_marks is not None else None

    def one(row: Row) -> str:
        result = total(row)
        if labels is not None and len(labels) != len(row):
            raise UdfError(CellError.VALUE)
        terms = []
        for i, value in enumerate(numbers(row)):
            term = plain(value or Decimal(0))
            if marks is not None and weights is not None:
                term += f"÷{plain(marks[i])}"
            if weights is not None:
                term += f"×{plain(exact[i] * HUNDRED / whole_weight)}%"
            terms.append(f"{labels[i]} {term}" if labels else term)
        joined = " + ".join(terms)
        if marks is not None:
            divided = "" if weights is not None else f"÷{plain(sum(marks, Decimal(0)))}"
            joined = f"({joined}){divided}×100"
        return f"{joined} = {result:.{DIGITS}f}"

    return one


def _label(cell: Cell) -> str:
    raise_errors([cell])
    if is_blank(cell):
        return ""
    return cell if isinstance(cell, str) else plain(number(cell))


@udf(
    "KAOHE_JOIN",
    "连接文字",
    "Texts joined",
    CATEGORY,
    "把非空白的文字用分隔符连起来，例如把几条理由写成一句。",
    "The texts that are not blank, joined by a separator.",
    required("分隔符", "separator", Shape.SCALAR, "放在两段文字之间，例如 、。", "Between two texts.", Kind.TEXT),
    required("文字1", "text1", Shape.CELL, "第 1 段文字；空白略过。", "A text; blanks are left out.", Kind.ANY),
    *(
        optional(f"文字{n}", f"text{n}", Shape.CELL, f"第 {n} 段文字；空白略过。", "Another text.", Kind.ANY)
        for n in range(2, 9)
    ),
    example=('=KAOHE_JOIN("、","投诉","","病事假")', "投诉、病事假"),
    remarks="数字按其值写出；TRUE、FALSE 得 #VALUE!。",
    result=Kind.TEXT,
)
def join(separator: str) -> Callable[..., str]:
    """The nonblank texts in order, the separator between them."""
    return lambda *cells: separator.join(filter(None, map(_label, cells)))
