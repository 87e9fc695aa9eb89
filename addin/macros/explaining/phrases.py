"""How the formulas of single functions are put into words, where label and arguments alone would read badly."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from addin.headless.inspection import Several
from addin.headless.tree import Apply, Blank, Constant, Named, Node
from addin.macros.explaining.amongphrases import own
from addin.macros.explaining.conditions import condition_told, truth_of
from addin.macros.explaining.labels import FEW, said, short, with_value
from addin.macros.explaining.listphrases import arguments, place_and_column, spaced, with_result
from addin.xlsx.model import BLANK, Cell
from udfs import FUNCTIONS
from udfs.vocabulary import NO, YES

if TYPE_CHECKING:
    from addin.macros.explaining.words import Teller, Told

VETOED, FULL_QUOTA = "一票否决", "名额已满"
"""How it is said that a grade is not the one of the score."""

CALLED = {"COUNT": "数字的个数", "COUNTA": "非空白的个数", "HLOOKUP": "查找", "LOOKUP": "查找", "MATCH": "位置",
           "INT": "取整", "ROUNDUP": "向上取整", "ROUNDDOWN": "向下取整", "TRUNC": "截尾", "ABS": "绝对值", "MOD": "余数",
           "LARGE": "第几大", "SMALL": "第几小", "MEDIAN": "中位数", "TEXT": "写成文本", "LEFT": "左边的字",
           "RIGHT": "右边的字", "MID": "中间的字", "LEN": "字数", "YEAR": "年", "MONTH": "月", "DAY": "日", "TODAY": "今天",
           "DATEDIF": "相隔"}  # fmt: skip
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
        if value in BLANK:
            continue
        share = shares[position] if position < len(shares) else None
        terms.append(with_value(label, said(value)) + (f" × {_share(share)}" if share is not None else ""))
    teller.tell_rounding(node)
    return teller.wrapped(node, " + ".join(terms) or "（没有得分）")


def _coefficients(teller: Teller, node: Apply) -> str:
    """``得分 × 系数 × 系数``."""
    bounds = [teller.say(a) for a in node.arguments[2:4] if a != Blank() and teller.value(a) not in BLANK]
    told = " × ".join([teller.say(node.arguments[0]), *teller.items(node.arguments[1])])
    teller.tell_rounding(node)
    limited = f",系数限于 {'、'.join(bounds)}" if bounds else ""
    return teller.wrapped(node, told + limited)


def _rounded(teller: Teller, node: Apply) -> str:
    inner = node.arguments[0]
    digits = node.arguments[1] if len(node.arguments) > 1 and node.arguments[1] != Blank() else Constant(2.0)
    teller.told_rounding(teller.value(inner), teller.value(node), teller.value(digits))
    return teller.last(inner) if teller.is_last(node) else teller.say(inner)


def _share(value: Cell | Several) -> str:
    """A weight as a percentage (30 as well as 0.3)."""
    if not isinstance(value, float):
        return said(value)
    return f"{short(value * 100 if value <= 1 else value)}%"


def _item(teller: Teller, node: Apply) -> str:
    """``出勤满分 15 − 扣分 2 + 加分 1（最低 0）``; what is nothing is not told, a bound only where the result is it."""
    full, less, more, low, high = arguments(node, 5)
    terms: list[str] = []
    for sign, part in (("", full), ("−", less), ("+", more)):
        if part != Blank() and teller.value(part) not in (None, "", 0.0):
            if sign == "−" and isinstance(part, Apply) and part.function == "U-":
                sign, part = "+", part.arguments[0]
            told = _added(teller, part, sign or "+")
            terms.append(f"{sign} {told}" if terms or sign == "−" else told)
    result = teller.value(node)
    told = f"0 {' '.join(terms)}" if terms[:1] and terms[0].startswith("−") else " ".join(terms)
    floor = 0.0 if low == Blank() else teller.value(low)
    bounds = ((floor, low, "最低"), (None if high == Blank() else teller.value(high), high, "最高"))
    if not told and result not in (floor, 0.0):
        told = said(result)
    for bound, argument, word in bounds:
        if (
            isinstance(bound, float)
            and bound == result
            and len(terms) > 0
            and (argument != Blank() or len(terms) > 1 or terms[0].startswith("−"))
        ):
            told += f",{word} {short(bound) if argument == Blank() else teller.say(argument)}"
    teller.tell_rounding(node)
    only = [part for part in (full, less, more) if part != Blank() and teller.value(part) not in (None, "", 0.0)]
    if len(only) == 1 and told == terms[0] and less not in only:
        return teller.last(only[0]) if teller.is_last(node) else told
    return teller.wrapped(node, told or "0")


def _added(teller: Teller, node: Node, sign: str) -> str:
    """A short row added up (or taken off) cell by cell, anything else as it is."""
    area = teller.area(node)
    if area is None or area.rows * area.columns == 1 or area.rows > 1:
        return teller.say(node)
    if area.columns > FEW:
        return f"{teller.say(node)}的合计"
    return f" {sign} ".join(teller.items(node)) or "0"


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
    return teller.wrapped(node, " + ".join(terms) + most) if terms else "各项次数都是 0"


def _stepped(teller: Teller, node: Apply) -> str:
    """``病假天数 7 每满 3 计 1``."""
    amount, start, step, price = arguments(node, 4)
    above = (
        "" if start == Blank() or teller.value(start) in (None, "", 0.0) else f" 超过{spaced(teller.say(start))}的部分"
    )
    each = "1" if price == Blank() else teller.say(price)
    return teller.wrapped(node, f"{teller.say(amount)}{above}，每满{spaced(teller.say(step))}计{spaced(each)}".rstrip())


def _tiered(teller: Teller, node: Apply) -> str:
    """``满意度 0.88 一档``."""
    return f"按{spaced(teller.say(node.arguments[0]))}所在的档次{teller.known(node)}"


def _graded(teller: Teller, node: Apply) -> str:
    """``得分 79.18 达到 75`` and the veto, if there is one."""
    score, bounds, grades, veto = arguments(node, 4)
    vetoed = veto != Blank() and teller.value(veto) in ("是", 1.0, True)
    if vetoed:
        teller.told.marks.append(VETOED)
        match veto:
            case Apply("IF", (condition, *_)) if truth_of(teller, condition):
                teller.told.because.append(condition_told(teller, condition, True))
            case _:
                teller.say(veto)
        return f"{VETOED}{teller.known(node)}"
    grade = teller.value(node)
    lines = dict(zip((said(v) for _, _, v in teller.row(grades)), (v for _, _, v in teller.row(bounds)), strict=False))
    bound = None if isinstance(grade, Several) else lines.get(said(grade))
    reached = f",达到 {said(bound)} 分的界限" if isinstance(bound, float) else ",没有达到更高等次的界限"
    return f"{teller.say(score)}{reached}{teller.known(node)}"


def _limited(teller: Teller, node: Apply) -> str:
    """Whether a place was left for who reached a grade of which there are only so many."""
    score, grade, limited, places = node.arguments[2:6]
    before, after, scarce = teller.own(grade), teller.value(node), teller.value(limited)
    told = own(teller, score)
    mine = own(teller, grade)
    teller.told.because = [reason.replace(f",且{mine}", "") for reason in teller.told.because if reason != mine]
    first = teller.told_of(grade)
    reasons = [] if first is None else _of_the_wall(first, said(before))
    if first is not None and VETOED in first.marks:
        teller.told.marks.append(VETOED)
        teller.told.because += first.because
        told = f"{told},{VETOED}"
    elif not isinstance(before, Several):
        told += f",按得分应为{said(before)}" if not reasons else f",初定为{said(before)}({';'.join(reasons)})"
    if before == scarce and before == after:
        told += ",没有超出名额"
    elif before == scarce and isinstance(after, str):
        teller.told.marks.append(FULL_QUOTA)
        told += f",但{said(scarce)}{FULL_QUOTA}({teller.say(places)})"
    return told + teller.known(node)


def _of_the_wall(told: Told, grade: str) -> list[str]:
    """What made a grade another one than that of the score: not that it may be had, nor that it was had."""
    reasons = []
    for reason in told.because:
        plain = reason.partition("，不是")[0]
        decided = f"“{NO}”" in plain if reason in told.failed else not plain.endswith(f"“{YES}”")
        if decided and "（空白）" not in plain and grade not in plain:
            reasons.append(plain)
    return reasons


def _by_ratio(teller: Teller, node: Apply) -> str:
    """``满分 40 × 培训学时 80 ÷ 要求学时 72``, and the bound where the result is it."""
    full, actual, planned, low, high = arguments(node, 5)
    told = teller.operation(Apply("/", (Apply("*", (full, actual)), planned)))
    return teller.wrapped(node, told + _bound(teller, node, (low, "最低"), (high, "最高")))


def _bound(teller: Teller, node: Apply, *bounds: tuple[Node, str]) -> str:
    """The bound that a result was cut at."""
    result = teller.value(node)
    hit = [
        f",{word} {teller.say(bound)}" for bound, word in bounds if bound != Blank() and teller.value(bound) == result
    ]
    return hit[0] if hit else ""


def _voted(teller: Teller, node: Apply) -> str:
    """``（互评优秀 30 票 × 1 + 互评称职 6 票 × 0.8） ÷ 36 票 × 标准分 25``."""
    votes, values, full = arguments(node, 3)
    pairs = [
        (label, float(count), worth)
        for (label, _, count), (_, _, worth) in zip(teller.row(votes), teller.row(values), strict=False)
        if isinstance(count, int | float) and count
    ]
    terms = " + ".join(f"{label} {short(count)} 票 × {said(worth)}" for label, count, worth in pairs)
    total = short(sum(count for _, count, _ in pairs))
    by = "" if full == Blank() else f" × {teller.say(full)}"
    teller.tell_rounding(node)
    return teller.wrapped(node, f"({terms}) ÷ {total} 票{by}")


def _between(teller: Teller, node: Apply) -> str:
    where, what = place_and_column(teller, node.arguments[2])
    return f"{teller.say(node.arguments[0])} 按{where}{'的' if what else ''}{what}内插{teller.known(node)}"


def _progressive(teller: Teller, node: Apply) -> str:
    """``事假节数 7 分段计（0 至 5 的 5 × 0.2 + 5 以上的 2 × 0.5）``."""
    amount = teller.value(node.arguments[0])
    starts, prices = ([cell for _, _, cell in teller.row(each) if cell not in BLANK] for each in node.arguments[1:3])
    told = f"{teller.say(node.arguments[0])} 分段计"
    parts = []
    for start, price, end in zip(starts, prices, [*starts[1:], None], strict=False):
        if isinstance(amount, float) and isinstance(start, float) and amount > start:
            to = f"至 {said(end)} 的" if isinstance(end, float) and amount > end else "以上的"
            part = (end if isinstance(end, float) and amount > end else amount) - start
            parts.append(f"{said(start)} {to} {short(part)} × {said(price)}")
    return teller.wrapped(node, f"{told}({' + '.join(parts)})" if parts else told)


def _run(teller: Teller, node: Apply) -> str:
    values, bound = node.arguments[:2]
    teller.say(values)
    area = teller.area(values)
    which = teller.labels.headings(area) if area and teller.labels.table_of(area) else teller.say(values)
    compared = arguments(node, 3)[2]
    reached = compared != Blank() and teller.value(compared) == 1.0
    word = "达到" if reached else "低于"
    return f"{which}中连续{word}{spaced(teller.say(bound))}的格数{teller.known(node)}"


def _joined(teller: Teller, node: Apply) -> str:
    for argument in node.arguments:
        teller.say(argument)
    return said(teller.value(node))


def _workload(teller: Teller, node: Apply) -> str:
    """``本人工作量 16 ÷ 全体平均 × 满分 30``."""
    mine, everybody, full, cap = arguments(node, 4)
    teller.say(everybody)
    told = f"{teller.say(mine)} ÷ 全体平均 × {teller.say(full)}"
    return teller.wrapped(node, told + _bound(teller, node, (cap, "最高")))


def _workdays(teller: Teller, node: Apply) -> str:
    first, last = (teller.say(argument) for argument in node.arguments[:2])
    for argument in node.arguments[2:]:
        teller.say(argument)
    what = "工作日数" if node.function == "KAOHE_WORKDAYS" else "整年数"
    return with_result(teller, node, f"{first} 至 {last} 的{what}")


def _average(teller: Teller, node: Apply) -> str:
    return f"{'、'.join(teller.say(argument) for argument in node.arguments)}的平均{teller.known(node)}"


def _extreme(teller: Teller, node: Apply) -> str:
    """Of two, one being a bound: the other one, and the bound where it was reached; else what is compared."""
    word, bound_word = ("最大的", "最低") if node.function == "MAX" else ("最小的", "最高")
    if len(node.arguments) == 2:
        bounds = [argument for argument in node.arguments if isinstance(argument, Constant | Named)]
        if len(bounds) == 1:
            other = next(argument for argument in node.arguments if argument is not bounds[0])
            reached = _bound(teller, node, (bounds[0], bound_word))
            if not reached:
                return teller.last(other) if teller.is_last(node) else teller.say(other)
            if isinstance(other, Apply) and other.function in ("+", "-", "*", "/") and len(other.arguments) == 2:
                return teller.wrapped(node, teller.operation(other) + reached)
            return teller.wrapped(node, teller.say(other) + reached)
    return f"{'、'.join(teller.say(argument) for argument in node.arguments)} 中{word}{teller.known(node)}"


PHRASES: dict[str, Callable[[Teller, Apply], str]] = {
    "KAOHE_SCORE": _score,
    "KAOHE_COEF": _coefficients,
    "KAOHE_ROUND": _rounded,
    "ROUND": _rounded,
    "KAOHE_ITEM": _item,
    "KAOHE_DEDUCT": _deducted,
    "KAOHE_STEPS": _stepped,
    "KAOHE_TIER": _tiered,
    "KAOHE_GRADE": _graded,
    "KAOHE_LIMIT": _limited,
    "KAOHE_RATIO": _by_ratio,
    "KAOHE_VOTE": _voted,
    "KAOHE_INTERP": _between,
    "KAOHE_PROGRESS": _progressive,
    "KAOHE_RUN": _run,
    "KAOHE_JOIN": _joined,
    "KAOHE_WORKLOAD": _workload,
    "KAOHE_WORKDAYS": _workdays,
    "KAOHE_YEARS": _workdays,
    "AVERAGE": _average,
    "MAX": _extreme,
    "MIN": _extreme,
}
