"""Grades by fixed bounds."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable

from udfs.columns import NUMBERS, PLAIN, ByColumns, Columns, scaled
from udfs.quotas import CATEGORY
from udfs.registry import Kind, Shape, optional, required, udf
from udfs.scores import Row
from udfs.values import Cell, CellError, Result, UdfError, is_blank, number, raise_errors
from udfs.vocabulary import NO, YES

_VETOES = frozenset({YES, NO, "", None, 0.0})


@udf(
    "KAOHE_GRADE",
    "评定等次",
    "Grade",
    CATEGORY,
    "按从高到低的下限评定等次；有一票否决时为否决等次。",
    "The grade of the first lower bound that the score reaches; a veto sets the veto grade.",
    required("得分", "score", Shape.CELL, "公布的得分。", "The published score."),
    required(
        "下限", "bounds", Shape.LIST, "各等次的下限（含），从高到低。", "Lower bounds, inclusive, from high to low."
    ),
    required(
        "等次",
        "grades",
        Shape.LIST,
        "各等次名称；可比下限多一个，即其余人的等次。",
        "Names; one more than bounds is for the rest.",
        Kind.ANY,
    ),
    optional("否决", "veto", Shape.CELL, "是否一票否决：是 或 否。", "是 or 否.", Kind.ANY),
    optional(
        "否决等次",
        "veto_grade",
        Shape.SCALAR,
        "否决时的等次，省略时为最后一个等次。",
        "Grade of a veto; the last if omitted.",
        Kind.TEXT,
    ),
    example=('=KAOHE_GRADE(75,{90,75,60},{"优秀","合格","基本合格","不合格"})', "合格"),
    remarks="下限次序不对得 #VALUE!；低于所有下限而没有其余等次得 #N/A。",
    result=Kind.TEXT,
)
def grade(bounds: Row, grades: Row, veto_grade: str | None) -> Callable[[Cell, Cell], Result]:
    """The grade beside the first bound b with score ≥ b; below all of them the one grade more, if there is one."""
    raise_errors(grades)
    limits = [number(bound) for bound in _without_spare(bounds)]
    names = [name_of(cell) for cell in _without_spare(grades)]
    if (
        not limits
        or len(names) not in (len(limits), len(limits) + 1)
        or any(high <= low for high, low in zip(limits, limits[1:]))
    ):
        raise UdfError(CellError.VALUE)

    def one(score: Cell, veto: Cell) -> Result:
        raise_errors([score, veto])
        # 0 is what some hosts make of a blank cell.
        if not is_blank(veto) and veto not in (YES, NO, 0):
            raise UdfError(CellError.VALUE)
        if veto == YES:
            return veto_grade or names[-1]
        exact = number(score)
        for limit, name in zip(limits, names):
            if exact >= limit:
                return name
        if len(names) == len(limits):
            raise UdfError(CellError.NA)
        return names[-1]

    from_below: list[Cell] = [names[-1] if len(names) > len(limits) else CellError.NA, *reversed(names[: len(limits)])]

    def many(scores: Columns, vetoes: Columns | None) -> list[Cell] | None:
        read = scaled(scores)
        if read is None or (vetoes is not None and not _VETOES.issuperset(vetoes[0])):
            return None
        [numbers], decimals = read
        ascending = [math.ceil(limit.scaleb(decimals)) for limit in reversed(limits)]
        found = [from_below[bisect_right(ascending, number)] for number in numbers]
        if vetoes is None:
            return found
        return [(veto_grade or names[-1]) if veto == YES else name for name, veto in zip(found, vetoes[0])]

    return ByColumns(one, many, [NUMBERS, PLAIN])


def _without_spare(cells: Row) -> Row:
    """A list without the blank cells at its end, which tables keep for more entries."""
    used = len(cells)
    while used and is_blank(cells[used - 1]):
        used -= 1
    return cells[:used]


def name_of(cell: Cell) -> str:
    if not isinstance(cell, str) or not cell:
        raise UdfError(CellError.VALUE)
    return cell
