"""Grades: fixed bounds, quotas, forced distribution, and caps on one grade."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import groupby

from udfs.people import Row, each_group, groups_of, order_keys
from udfs.ranks import GROUPS, PEOPLE, SCORES, TIES, WHO
from udfs.registry import Kind, Shape, Style, option, optional, required, udf
from udfs.scores import HUNDRED, ONE, ZERO, shares
from udfs.values import Cell, CellError, Result, UdfError, floor, is_blank, number, raise_errors, whole
from udfs.vocabulary import ABSENT, NO, YES

CATEGORY = "等次"
HALF = Decimal("0.5")
HALF_UP, DOWN, LARGEST, BOUNDS = range(4)
STRICT, LENIENT = 0, 1
DEFAULT_LOWER = "合格"

GRADES = required(
    "等次", "grades", Shape.LIST, "各等次名称,从高到低。", "Names of the grades, from high to low.", Kind.ANY
)
ROUNDING = option(
    "取整", "rounding", "名额如何取整", "How places are rounded.", "四舍五入", "向下", "最大余数", "上下界"
)
TIED = option("并列处理", "tied", "名额边缘并列的人", "People tied at the edge of a quota.", "从严", "从宽")


@udf(
    "KAOHE_GRADE",
    "评定等次",
    "Grade",
    CATEGORY,
    "按从高到低的下限评定等次;有一票否决时为否决等次。",
    "The grade of the first lower bound that the score reaches; a veto sets the veto grade.",
    required("得分", "score", Shape.CELL, "公布的得分。", "The published score."),
    required("下限", "bounds", Shape.LIST, "各等次的下限(含),从高到低。", "Lower bounds, inclusive, from high to low."),
    required(
        "等次",
        "grades",
        Shape.LIST,
        "各等次名称;可比下限多一个,即其余人的等次。",
        "Names; one more than bounds is for the rest.",
        Kind.ANY,
    ),
    optional("否决", "veto", Shape.CELL, "是否一票否决:是 或 否。", "是 or 否.", Kind.ANY),
    optional(
        "否决等次",
        "veto_grade",
        Shape.SCALAR,
        "否决时的等次,省略时为最后一个等次。",
        "Grade of a veto; the last if omitted.",
        Kind.TEXT,
    ),
    example=('=KAOHE_GRADE(75,{90,75,60},{"优秀","合格","基本合格","不合格"})', "合格"),
    remarks="下限次序不对得 #VALUE!;低于所有下限而没有其余等次得 #N/A。",
    result=Kind.TEXT,
)
def grade(bounds: Row, grades: Row, veto_grade: str | None) -> Callable[[Cell, Cell], Result]:
    """The grade beside the first bound b with score ≥ b; below all of them the one grade more, if there is one."""
    raise_errors(grades)
    limits = [number(bound) for bound in _without_spare(bounds)]
    names = [_name(cell) for cell in _without_spare(grades)]
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

    return one


def _without_spare(cells: Row) -> Row:
    """A list without the blank cells at its end, which tables keep for more entries."""
    used = len(cells)
    while used and is_blank(cells[used - 1]):
        used -= 1
    return cells[:used]


def _name(cell: Cell) -> str:
    if not isinstance(cell, str) or not cell:
        raise UdfError(CellError.VALUE)
    return cell


@udf(
    "KAOHE_QUOTA",
    "等次名额",
    "Places of each grade",
    CATEGORY,
    "按人数和比例计算每个等次的名额,最后一个等次取其余的人。",
    "How many people each grade gets; the last takes the rest.",
    required("人数", "people", Shape.SCALAR, "参加考核的人数。", "How many take part."),
    required(
        "比例",
        "ratios",
        Shape.BLOCK,
        "各等次比例,合计须恰为 1 或 100;取整为上下界时为下限、上限两行。",
        "Shares adding up to 1 or 100; with bounds two rows, lower and upper.",
    ),
    ROUNDING,
    example=("=KAOHE_QUOTA(11,{0.2,0.7,0.1})", ((2, 8, 1),)),
    remarks="名额合计超过人数得 #NUM!;比例合计不对、人数不是非负整数得 #VALUE!。",
    style=Style.WHOLE,
)
def quota(people: Decimal, ratios: list[Row], rounding: int) -> list[list[Decimal]]:
    """Half up: floor(p·n + ½), down: floor(p·n), largest remainder: Σ = n exactly, bounds: floor(lower·n), ceil(upper·n)."""
    count = whole(people)
    if count < 0:
        raise UdfError(CellError.VALUE)
    if rounding == BOUNDS:
        lower, upper = bounds_of(count, ratios)
        return [list(map(Decimal, lower)), list(map(Decimal, upper))]
    upright = len(ratios) > 1
    if upright and len(ratios[0]) > 1:
        raise UdfError(CellError.VALUE)
    cells = [row[0] for row in ratios] if upright else ratios[0]
    exact, total = shares(cells)
    places = places_of(count, [share / total for share in exact[:-1]], exact[-1] / total, rounding)
    rest = count - sum(places)
    if rest < 0:
        raise UdfError(CellError.NUM)
    all_places = [Decimal(place) for place in (*places, rest)]
    return [[place] for place in all_places] if upright else [all_places]


def places_of(count: int, ratios: list[Decimal], last: Decimal, rounding: int) -> list[int]:
    """Places of all grades but the last."""
    if rounding == HALF_UP:
        return [floor(ratio * count + HALF) for ratio in ratios]
    if rounding == DOWN:
        return [floor(ratio * count) for ratio in ratios]
    exact = [ratio * count for ratio in (*ratios, last)]
    places = [floor(value) for value in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: places[i] - exact[i])
    for i in by_remainder[: count - sum(places)]:
        places[i] += 1
    return places[:-1]


def bounds_of(count: int, ratios: list[Row]) -> tuple[list[int], list[int]]:
    """Each grade's least and greatest places: lower bounds rounded down, upper bounds up."""
    if len(ratios) != 2:
        raise UdfError(CellError.VALUE)
    lower, upper = ([number(cell) for cell in row] for row in ratios)
    scale = HUNDRED if any(value > 1 for value in upper) else ONE
    if any(not 0 <= low <= high <= scale for low, high in zip(lower, upper)):
        raise UdfError(CellError.VALUE)
    return [floor(low * count / scale) for low in lower], [-floor(-high * count / scale) for high in upper]


@udf(
    "KAOHE_DISTRIBUTE",
    "强制分布",
    "Forced distribution",
    CATEGORY,
    "按得分从高到低把人员分到各等次,每个等次不超过名额,最后一个等次取其余的人。",
    "Fills the grades from the best score down, each within its quota; the last takes everybody left.",
    WHO,
    PEOPLE,
    SCORES,
    GRADES,
    required(
        "比例",
        "ratios",
        Shape.BLOCK,
        "各等次比例,合计为 1 或 100;可省去最后一个等次的比例。",
        "Shares of the grades; the last may be left out.",
    ),
    optional(
        "指定等次",
        "fixed",
        Shape.COLUMN,
        "已经确定的等次(如一票否决),不占名额;填“不参加”的人不计入。",
        "Grades fixed beforehand; 不参加 leaves a person out.",
        Kind.ANY,
    ),
    GROUPS,
    TIES,
    ROUNDING,
    TIED,
    example=('=KAOHE_DISTRIBUTE("甲",{"甲";"乙";"丙"},{90;80;70},{"优","良","中"},{0.34,0.33,0.33})', "优"),
    remarks="从严:边缘并列的人都进下一等次,名额不会突破;从宽:都进本等次。各组分别计算名额。",
    style=Style.PEOPLE,
    result=Kind.TEXT,
)
def distribute(
    named: list[bool],
    scores: Row,
    grades: Row,
    ratios: list[Row],
    fixed: Row | None,
    groups: Row | None,
    ties: list[Row] | None,
    rounding: int,
    tied: int,
) -> list[Result]:
    """Quotas of n people taking part; a tied set of t fits behind b placed ones if b + t ≤ quota (strict) or b < quota."""
    raise_errors(grades)
    names = [_name(cell) for cell in grades]
    grades_fixed: list[str | CellError] = [_fixed(cell) for cell in fixed] if fixed is not None else ["" for _ in named]
    part = [
        there and given != ABSENT and (bool(given) or not is_blank(score))
        for there, given, score in zip(named, grades_fixed, scores)
    ]
    quotas = _quotas(names, ratios, rounding)

    def compute(places: list[int]) -> list[Result]:
        _raise_codes(grades_fixed, places)
        free = [place for place in places if not grades_fixed[place]]
        got = dict(zip(free, _fill(free, scores, ties, names, quotas(len(places)), tied)))
        return [grades_fixed[place] or got[place] for place in places]

    results = each_group(len(named), groups_of(part, groups), compute)
    return [
        ABSENT if there and given == ABSENT else result for there, given, result in zip(named, grades_fixed, results)
    ]


def _fixed(cell: Cell) -> str | CellError:
    if isinstance(cell, CellError):
        return cell
    if is_blank(cell):
        return ""
    return cell if isinstance(cell, str) else CellError.VALUE


def _raise_codes(texts: list[str | CellError], places: list[int]) -> None:
    raise_errors(texts[place] for place in places)


def _quotas(names: list[str], ratios: list[Row], rounding: int) -> Callable[[int], list[tuple[int, int]]]:
    """Least and greatest places of all grades but the last, for n people."""
    if rounding == BOUNDS:
        if len(ratios[0]) != len(names):
            raise UdfError(CellError.VALUE)
        return lambda count: _bounded(count, ratios)
    cells = ratios[0] if len(ratios) == 1 else [row[0] for row in ratios]
    if len(ratios) > 1 and len(ratios[0]) > 1:
        raise UdfError(CellError.VALUE)
    if len(cells) == len(names) - 1:
        exact = [number(cell) for cell in cells]
        scale = HUNDRED if any(ratio > 1 for ratio in exact) else ONE
        if sum(exact) > scale or any(ratio < 0 for ratio in exact):
            raise UdfError(CellError.VALUE)
        exact.append(scale - sum(exact, ZERO))
    elif len(cells) == len(names):
        exact, scale = shares(cells)
    else:
        raise UdfError(CellError.VALUE)
    parts = [ratio / scale for ratio in exact]
    return lambda count: [(0, place) for place in places_of(count, parts[:-1], parts[-1], rounding)]


def _bounded(count: int, ratios: list[Row]) -> list[tuple[int, int]]:
    lower, upper = bounds_of(count, ratios)
    if sum(lower) > count or sum(upper) < count:
        raise UdfError(CellError.NUM)
    # A grade may not take so many that the grades below fall short of their least numbers.
    later = [sum(lower[i + 1 :]) for i in range(len(lower))]
    return [(rest, high) for rest, high in zip(later, upper)][:-1]


def _fill(
    places: list[int], scores: Row, ties: list[Row] | None, names: list[str], quotas: list[tuple[int, int]], tied: int
) -> list[str]:
    keys = order_keys(places, scores, ties)
    ordered = sorted(range(len(places)), key=lambda i: keys[i], reverse=True)
    got = [names[-1]] * len(places)
    grade_number, placed, waiting = 0, 0, len(places)
    for _, together in groupby(ordered, key=lambda i: keys[i]):
        equal = list(together)
        while grade_number < len(quotas):
            kept_back, most = quotas[grade_number]
            most = min(most, max(0, waiting + placed - kept_back))
            if placed + len(equal) <= most or (tied == LENIENT and placed < most):
                break
            grade_number, placed = grade_number + 1, 0
        for i in equal:
            got[i] = names[min(grade_number, len(names) - 1)]
        placed += len(equal)
        waiting -= len(equal)
    return got


@udf(
    "KAOHE_LIMIT",
    "限定等次人数",
    "Cap on a grade",
    CATEGORY,
    "保留现有等次,但受限等次超过名额的人降为另一等次。",
    "Keeps the grades, but people of one grade beyond its quota go to another.",
    WHO,
    PEOPLE,
    SCORES,
    required(
        "现等次",
        "current",
        Shape.COLUMN,
        "各人现有的等次;空白和“不参加”不计入人数。",
        "Everybody's present grade.",
        Kind.ANY,
    ),
    required(
        "受限等次", "limited", Shape.SCALAR, "名额受限的等次,例如 优秀。", "The grade that is limited.", Kind.TEXT
    ),
    required(
        "比例或名额",
        "quota",
        Shape.SCALAR,
        "小于 1 为占参加人数的比例,否则为名额。",
        "Under 1 a share of those taking part, else places.",
    ),
    optional(
        "降为",
        "lower",
        Shape.SCALAR,
        "超过名额的人降为的等次,省略时为 合格。",
        "Where the others go; 合格 if omitted.",
        Kind.TEXT,
        DEFAULT_LOWER,
    ),
    GROUPS,
    TIES,
    option("取整", "rounding", "名额如何取整", "How places are rounded.", "四舍五入", "向下", first=DOWN),
    TIED,
    example=('=KAOHE_LIMIT("乙",{"甲";"乙"},{95;92},{"优秀";"优秀"},"优秀",1)', "合格"),
    remarks="名额为负或 1 以上带小数得 #VALUE!。各组分别计算名额。",
    style=Style.PEOPLE,
    result=Kind.TEXT,
)
def limit(
    named: list[bool],
    scores: Row,
    current: Row,
    limited: str,
    places_or_share: Decimal,
    lower: str,
    groups: Row | None,
    ties: list[Row] | None,
    rounding: int,
    tied: int,
) -> list[Result]:
    """Places = floor(share · n) (or half up), n everybody with a grade; they go to the best of the limited grade."""
    if places_or_share < 0 or (places_or_share >= 1 and whole(places_or_share) < 1):
        raise UdfError(CellError.VALUE)
    grades = [_fixed(cell) for cell in current]
    part = [there and bool(given) and given != ABSENT for there, given in zip(named, grades)]

    def compute(places: list[int]) -> list[Result]:
        _raise_codes(grades, places)
        candidates = [place for place in places if grades[place] == limited]
        share = places_or_share * len(places)
        most = whole(places_or_share) if places_or_share >= 1 else floor(share + (HALF if rounding == HALF_UP else 0))
        kept = _fill(candidates, scores, ties, [limited, lower], [(0, most)], tied)
        got = dict(zip(candidates, kept))
        return [got.get(place, grades[place]) for place in places]

    results = each_group(len(named), groups_of(part, groups), compute)
    return [ABSENT if there and given == ABSENT else result for there, given, result in zip(named, grades, results)]
