"""How the formulas of single functions are put into words, where label and arguments alone would read badly."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from addin.headless.tree import Apply, Blank, Cells, Constant, Node
from addin.macros.explaining.formulas import Place, Several
from addin.macros.explaining.labels import number, said, with_value
from addin.xlsx.model import Area, Cell
from udfs import FUNCTIONS

if TYPE_CHECKING:
    from addin.macros.explaining.words import Teller

MOST_TERMS = 12
VETOED, FULL_QUOTA = "一票否决", "名额已满"
"""How it is said that a grade is not the one of the score."""

CALLED = {"SUM": "合计", "AVERAGE": "平均", "MAX": "最大值", "MIN": "最小值", "COUNT": "数字的个数", "COUNTA": "非空白的个数",
           "COUNTIF": "符合条件的个数", "COUNTIFS": "符合条件的个数", "SUMIF": "符合条件的合计", "SUMIFS": "符合条件的合计",
           "AVERAGEIF": "符合条件的平均", "SUMPRODUCT": "乘积之和", "RANK": "名次", "RANK.EQ": "名次", "VLOOKUP": "查找",
           "XLOOKUP": "查找", "HLOOKUP": "查找", "LOOKUP": "查找", "INDEX": "取值", "MATCH": "位置", "INT": "取整",
           "ROUNDUP": "向上取整", "ROUNDDOWN": "向下取整", "TRUNC": "截尾", "ABS": "绝对值", "MOD": "余数", "LARGE": "第几大",
           "SMALL": "第几小", "MEDIAN": "中位数", "TEXT": "写成文本", "LEFT": "左边的字", "RIGHT": "右边的字", "MID": "中间的字",
           "LEN": "字数", "YEAR": "年", "MONTH": "月", "DAY": "日", "TODAY": "今天", "DATEDIF": "相隔"}  # fmt: skip
"""Functions of the spreadsheet program by what they give."""


def _score(teller: Teller, node: Apply) -> str:
    """``师德 85 × 30% + 业绩 90 × 70%``."""
    weights, marks = ((*node.arguments, Blank(), Blank())[i] for i in (1, 2))
    items = teller.row(node.arguments[0])
    if len(items) == 1 or marks != Blank():
        teller.tell_rounding(node)
        return f"加权得分({teller.arguments(FUNCTIONS['KAOHE_SCORE'], node)}){teller.known(node)}"
    shares = [value for _, _, value in teller.row(weights)] if weights != Blank() else []
    terms = []
    for position, (label, _, value) in enumerate(items):
        if value in (None, ""):
            continue
        share = shares[position] if position < len(shares) else None
        terms.append(with_value(label, said(value)) + (f" × {_share(share)}" if share is not None else ""))
    teller.tell_rounding(node)
    return teller.wrapped(node, " + ".join(terms) or "(没有得分)")


def _coefficients(teller: Teller, node: Apply) -> str:
    """``得分 × 系数 × 系数``."""
    bounds = [teller.say(a) for a in node.arguments[2:4] if a != Blank() and teller.value(a) not in (None, "")]
    told = " × ".join([teller.say(node.arguments[0]), *teller.items(node.arguments[1])])
    teller.tell_rounding(node)
    limited = f",系数限于 {'、'.join(bounds)}" if bounds else ""
    return teller.wrapped(node, told + limited)


def _rounded(teller: Teller, node: Apply) -> str:
    inner = node.arguments[0]
    digits = node.arguments[1] if len(node.arguments) > 1 and node.arguments[1] != Blank() else Constant(2.0)
    teller.told_rounding(teller.value(inner), teller.value(node), teller.value(digits))
    return teller.last(inner) if teller.is_last(node) else teller.say(inner)


def _looked_up(teller: Teller, node: Apply) -> str:
    key, keys, values = node.arguments[:3]
    column, _ = teller.column_of(values)
    found = teller.found(key, keys, values)
    for place in found[:1]:
        teller.told.reads.append(Area(place.sheet, place.row, place.col, place.row, place.col))
    return f"按{_spaced(teller.say(key))}查{column}{teller.known(node)}"


def _summed(teller: Teller, node: Apply) -> str:
    key, keys, values = node.arguments[:3]
    column, _ = teller.column_of(values)
    found = teller.found(key, keys, values)
    told = " + ".join(teller.labels.value(place) for place in found if teller.formulas.cell(place) not in (None, ""))
    for place in found:
        teller.told.reads.append(Area(place.sheet, place.row, place.col, place.row, place.col))
    only = node.arguments[3] if len(node.arguments) > 3 else Blank()
    most = "" if only == Blank() else f",只计最大的 {teller.say(only)} 个"
    listed = told if told and len(found) <= MOST_TERMS else f"{len(found)} 行" if found else "没有"
    further = [teller.say(argument) for argument in node.arguments[4::2]]
    which = "、".join([teller.say(key), *further])
    if further:
        listed = "符合的各行"
    return f"{column}中{_spaced(which)}的合计({listed}{most}){teller.known(node)}"


def _counted(teller: Teller, node: Apply) -> str:
    column, _ = teller.column_of(node.arguments[1])
    return f"{teller.say(node.arguments[0])}在{column}中的个数{teller.known(node)}"


def _sum(teller: Teller, node: Apply) -> str:
    """A short row is added up cell by cell."""
    areas = [teller.formulas.area(a.reference, teller.place) for a in node.arguments if isinstance(a, Cells)]
    short = len(areas) == len(node.arguments) and all(a and _size(a) <= MOST_TERMS for a in areas)
    if not short:
        return f"合计({';'.join(teller.say(a) for a in node.arguments)}){teller.known(node)}"
    terms = [item for argument in node.arguments for item in teller.items(argument)]
    return teller.wrapped(node, " + ".join(terms) or "(没有数)")


def _ranked(teller: Teller, node: Apply) -> str:
    """``得分 85(全列 12 个数,60 至 95)的名次``."""
    groups = node.arguments[3] if len(node.arguments) > 3 else Blank()
    group = f",在{_spaced(teller.say(groups))}中" if groups != Blank() else ""
    rest = [teller.say(argument) for argument in node.arguments[4:] if argument != Blank()]
    more = f"(并列时看 {'、'.join(rest)})" if rest else ""
    return f"{teller.say(node.arguments[2])}{group}的名次{more}{teller.known(node)}"


def _spaced(text: str) -> str:
    """Words with a space around them, unless a quotation mark sets them off already."""
    return f"{'' if text[:1] == '“' else ' '}{text}{'' if text[-1:] == '”' else ' '}"


def _products(teller: Teller, node: Apply) -> str:
    """``德 90 × 0.2 + 能 85 × 0.2``, for a row of scores and one of weights."""
    areas = [teller.formulas.area(a.reference, teller.place) for a in node.arguments if isinstance(a, Cells)]
    sizes = {(area.rows, area.columns) for area in areas if area}
    if len(areas) != len(node.arguments) or len(sizes) != 1 or areas[0] is None or _size(areas[0]) > MOST_TERMS:
        told = ";".join(teller.say(argument) for argument in node.arguments)
        return f"{CALLED['SUMPRODUCT']}({told}){teller.known(node)}"
    rows = [teller.row(argument) for argument in node.arguments]
    terms = [
        " × ".join([with_value(first[0], said(first[2])), *(said(value) for _, _, value in others)])
        for first, *others in zip(*rows, strict=True)
    ]
    return teller.wrapped(node, " + ".join(terms))


def _size(area: Area) -> int:
    return area.rows * area.columns


def _looked_up_right(teller: Teller, node: Apply) -> str:
    """VLOOKUP: the cell that was found is told where the key stands there exactly."""
    key, block, number = node.arguments[:3]
    area = teller.formulas.area(block.reference, teller.place) if isinstance(block, Cells) else None
    offset = teller.value(number)
    if area is None or not isinstance(offset, float) or not 1 <= offset <= area.columns:
        return f"{CALLED['VLOOKUP']}({';'.join(teller.say(a) for a in node.arguments)}){teller.known(node)}"
    wanted, col = said(teller.value(key)), area.left + int(offset) - 1
    rows = range(area.top, area.bottom + 1)
    found = [row for row in rows if said(teller.formulas.cell(Place(area.sheet, row, area.left))) == wanted]
    if found:
        teller.told.reads.append(Area(area.sheet, found[0], col, found[0], col))
    else:
        teller.told.reads.append(area)
    return f"按{_spaced(teller.say(key))}查{teller.labels.column(area)}第 {int(offset)} 列{teller.known(node)}"


def _share(value: Cell | Several) -> str:
    """A weight as a percentage (30 as well as 0.3)."""
    if not isinstance(value, float):
        return said(value)
    return f"{number(value * 100 if value <= 1 else value)}%"


def _arguments(node: Apply, count: int) -> list[Node]:
    """So many arguments, those that are left out being blank."""
    return [*node.arguments, *[Blank() for _ in range(count)]][:count]


def _item(teller: Teller, node: Apply) -> str:
    """``出勤满分 15 − 扣分 2 + 加分 1(最低 0)``; what is nothing is not told, a bound only where the result is it."""
    full, less, more, low, high = _arguments(node, 5)
    terms: list[str] = []
    for sign, part in (("", full), ("−", less), ("+", more)):
        if part != Blank() and teller.value(part) not in (None, "", 0.0):
            terms.append(f"{sign} {teller.say(part)}" if terms or sign == "−" else teller.say(part))
    result = teller.value(node)
    told = f"0 {' '.join(terms)}" if terms[:1] and terms[0].startswith("−") else " ".join(terms)
    floor = 0.0 if low == Blank() else teller.value(low)
    bounds = ((floor, low, "最低"), (None if high == Blank() else teller.value(high), high, "最高"))
    if not told and result not in (floor, 0.0):
        told = said(result)
    for bound, argument, word in bounds:
        if isinstance(bound, float) and bound == result and len(terms) > 0 and (argument != Blank() or len(terms) > 1):
            told += f",{word} {number(bound) if argument == Blank() else teller.say(argument)}"
    teller.tell_rounding(node)
    only = [part for part in (full, less, more) if part != Blank() and teller.value(part) not in (None, "", 0.0)]
    if len(only) == 1 and told == terms[0] and less not in only:
        return teller.last(only[0]) if teller.is_last(node) else told
    return teller.wrapped(node, told or "0")


def _deducted(teller: Teller, node: Apply) -> str:
    """``事假天数 2 × 0.5 + 旷工天数 1 × 3``; what did not happen is not told."""
    counts, each = teller.row(node.arguments[0]), teller.row(node.arguments[1])
    most = ",每项有上限" if len(node.arguments) > 2 and node.arguments[2] != Blank() else ""
    if len(counts) != len(each):
        return f"次数 × 每次的合计{teller.known(node)}"
    terms = [
        f"{with_value(label, said(value))} × {said(price)}"
        for (label, _, value), (_, _, price) in zip(counts, each, strict=True)
        if value not in (None, "", 0.0)
    ]
    return teller.wrapped(node, " + ".join(terms) + most) if terms else "没有扣分 0"


def _stepped(teller: Teller, node: Apply) -> str:
    """``病假天数 7 每满 3 计 1``."""
    amount, start, step, price = _arguments(node, 4)
    above = (
        "" if start == Blank() or teller.value(start) in (None, "", 0.0) else f" 超过{_spaced(teller.say(start))}的部分"
    )
    each = "1" if price == Blank() else teller.say(price)
    return f"{teller.say(amount)}{above},每满{_spaced(teller.say(step))}计 {each},{teller.known(node)}".removesuffix(
        ","
    )


def _tiered(teller: Teller, node: Apply) -> str:
    """``满意度 0.88 一档``."""
    return f"按 {teller.say(node.arguments[0])} 所在的档次,{teller.known(node)}".removesuffix(",")


def _graded(teller: Teller, node: Apply) -> str:
    """``得分 79.18 达到 75`` and the veto, if there is one."""
    score, bounds, grades, veto = _arguments(node, 4)
    vetoed = veto != Blank() and teller.value(veto) in ("是", 1.0, True)
    if vetoed:
        teller.told.marks.append(VETOED)
        return f"{VETOED},{teller.known(node)}".removesuffix(",")
    grade = teller.value(node)
    lines = dict(zip((said(v) for _, _, v in teller.row(grades)), (v for _, _, v in teller.row(bounds)), strict=False))
    bound = None if isinstance(grade, Several) else lines.get(said(grade))
    reached = f",达到 {said(bound)} 分的界限" if isinstance(bound, float) else ",没有达到更高等次的界限"
    return f"{teller.say(score)}{reached}{teller.known(node)}"


def _limited(teller: Teller, node: Apply) -> str:
    """Whether a place was left for who reached a grade of which there are only so many."""
    score, grade, limited, places = node.arguments[2:6]
    before, after, scarce = teller.own(grade), teller.value(node), teller.value(limited)
    teller.say(grade)
    told = teller.say(score) + ("" if isinstance(before, Several) else f",按得分应为{said(before)}")
    if before == scarce and before == after:
        told += ",没有超出名额"
    elif before == scarce and isinstance(after, str):
        teller.told.marks.append(FULL_QUOTA)
        told += f",但{said(scarce)}{FULL_QUOTA}({teller.say(places)})"
    return f"{told},{teller.known(node)}".removesuffix(",")


def _allocated(teller: Teller, node: Apply) -> str:
    """``总额 8465.13 按 计奖得分 91.5 占全部得分的比例分配``."""
    return f"{teller.say(node.arguments[2])} 按 {teller.say(node.arguments[3])} 占全体的比例分配,{teller.known(node)}".removesuffix(
        ","
    )


PHRASES: dict[str, Callable[[Teller, Apply], str]] = {
    "KAOHE_SCORE": _score,
    "KAOHE_COEF": _coefficients,
    "KAOHE_ROUND": _rounded,
    "ROUND": _rounded,
    "KAOHE_LOOKUP": _looked_up,
    "KAOHE_SUM": _summed,
    "KAOHE_COUNT": _counted,
    "KAOHE_RANK": _ranked,
    "KAOHE_ITEM": _item,
    "KAOHE_DEDUCT": _deducted,
    "KAOHE_STEPS": _stepped,
    "KAOHE_TIER": _tiered,
    "KAOHE_GRADE": _graded,
    "KAOHE_LIMIT": _limited,
    "KAOHE_ALLOCATE": _allocated,
    "SUM": _sum,
    "SUMPRODUCT": _products,
    "XLOOKUP": _looked_up,
    "VLOOKUP": _looked_up_right,
}
