"""People into grades by quota: forced distribution, and a cap on one grade."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import groupby

from udfs.grades import name_of
from udfs.people import Row, by_group, each_group, groups_of, order_keys
from udfs.quotas import BY_GRADE, CATEGORY, CUMULATED, CUMULATION, HALF_UP, MEANING, ROUNDING, Quota, quotas
from udfs.ranks import GROUPS, PEOPLE, SCORES, TIES, WHO
from udfs.registry import Kind, Shape, Style, option, optional, required, udf
from udfs.scores import HALF, ONE
from udfs.values import Cell, CellError, Result, UdfError, floor, is_blank, key, number, raise_errors, whole
from udfs.vocabulary import ABSENT

DOWN = 1
STRICT, LENIENT = 0, 1
BY_SIZE, SHARE, PLACES = 0, 1, 2
DEFAULT_LOWER = "合格"

GRADES = required(
    "等次",
    "grades",
    Shape.LIST,
    "各等次名称，从高到低；末尾的空白不计。",
    "Names of the grades, from high to low; blanks at the end don't count.",
    Kind.ANY,
)
TIED = option("并列处理", "tied", "名额边缘并列的人", "People tied at the edge of a quota.", "从严", "从宽")


@udf(
    "KAOHE_DISTRIBUTE",
    "强制分布",
    "Forced distribution",
    CATEGORY,
    "按得分从高到低把人员分到各等次，每个等次不超过名额，最后一个等次取其余的人。",
    "Fills the grades from the best score down, each within its quota; the last takes everybody left.",
    WHO,
    PEOPLE,
    SCORES,
    GRADES,
    required(
        "比例",
        "ratios",
        Shape.BLOCK,
        "各等次比例，合计为 1 或 100；可省去最后一个等次的比例。各组比例不同时：每组一行，第一列为组别，各等次都填。",
        "Shares of the grades; the last may be left out. By group: rows that begin with the group, all grades given.",
    ),
    optional(
        "指定等次",
        "fixed",
        Shape.COLUMN,
        "已经确定的等次（如一票否决），不占名额；填“不参加”的人不计入。",
        "Grades fixed beforehand; 不参加 leaves a person out.",
        Kind.ANY,
    ),
    GROUPS,
    TIES,
    ROUNDING,
    TIED,
    CUMULATION,
    MEANING,
    example=('=KAOHE_DISTRIBUTE("甲",{"甲";"乙";"丙"},{90;80;70},{"优","良","中"},{0.34,0.33,0.33})', "优"),
    remarks="从严：边缘并列的人都进下一等次，名额不会突破；从宽：都进本等次。各组分别计算名额。"
    "逐级：空出的名额不往下让，下一等次仍按自己的名额；累计：名额从最高等次起累计，上面并列而降等的人不挤掉下面的人。"
    "名额：须为非负整数，最后一个等次可省去或空白，填写时合计须等于人数，否则得 #NUM!。比例表中没有的组得 #N/A。",
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
    cumulation: int,
    meaning: int,
) -> list[Result]:
    """Quotas of n people taking part; a tied set of t fits behind b placed ones if b + t ≤ quota (strict) or b < quota.

    By grade, b are those placed in the same grade; cumulated, b are all who stand ahead, and the quota is that of the grade
    and those above.
    """
    grades, ratios = _without_spare(grades, ratios)
    raise_errors(grades)
    names = [name_of(cell) for cell in grades]
    grades_fixed: list[str | CellError] = [_fixed(cell) for cell in fixed] if fixed is not None else ["" for _ in named]
    part = [
        there and given != ABSENT and (bool(given) or not is_blank(score))
        for there, given, score in zip(named, grades_fixed, scores)
    ]
    quota = quotas(len(names), ratios, groups is not None, rounding, cumulation, meaning)

    def compute(places: list[int]) -> list[Result]:
        _raise_codes(grades_fixed, places)
        free = [place for place in places if not grades_fixed[place]]
        most = quota(groups[places[0]] if groups is not None else None, len(places))
        got = dict(zip(free, _fill(free, scores, ties, names, most, tied, cumulation)))
        return [grades_fixed[place] or got[place] for place in places]

    results = each_group(len(named), groups_of(part, groups), compute)
    return [
        ABSENT if there and given == ABSENT else result for there, given, result in zip(named, grades_fixed, results)
    ]


def _without_spare(grades: Row, ratios: list[Row]) -> tuple[Row, list[Row]]:
    """A table of grades without the blank rows at its end."""
    used = len(grades)
    while used > 1 and is_blank(grades[used - 1]):
        used -= 1
    if len(ratios) == len(grades) and len(ratios[0]) == 1:
        return grades[:used], ratios[:used]
    if len(ratios) == 1 and len(ratios[0]) == len(grades):
        return grades[:used], [ratios[0][:used]]
    return grades, ratios


def _fixed(cell: Cell) -> str | CellError:
    if isinstance(cell, CellError):
        return cell
    if is_blank(cell):
        return ""
    return cell if isinstance(cell, str) else CellError.VALUE


def _raise_codes(texts: list[str | CellError], places: list[int]) -> None:
    raise_errors(texts[place] for place in places)


def _fill(
    places: list[int],
    scores: Row,
    ties: list[Row] | None,
    names: list[str],
    quota: Quota,
    tied: int,
    cumulation: int = BY_GRADE,
) -> list[str]:
    keys = order_keys(places, scores, ties)
    ordered = sorted(range(len(places)), key=lambda i: keys[i], reverse=True)
    got = [names[-1]] * len(places)
    grade_number, placed, waiting = 0, 0, len(places)
    for _, together in groupby(ordered, key=lambda i: keys[i]):
        equal = list(together)
        while grade_number < len(quota):
            kept_back, most = quota[grade_number]
            most = min(most, max(0, waiting + placed - kept_back))
            if placed + len(equal) <= most or (tied == LENIENT and placed < most):
                break
            grade_number, placed = grade_number + 1, placed if cumulation == CUMULATED else 0
        for i in equal:
            got[i] = names[grade_number]
        placed += len(equal)
        waiting -= len(equal)
    return got


@udf(
    "KAOHE_LIMIT",
    "限定等次人数",
    "Cap on a grade",
    CATEGORY,
    "保留现有等次，但受限等次超过名额的人降为另一等次。",
    "Keeps the grades, but people of one grade beyond its quota go to another.",
    WHO,
    PEOPLE,
    required(
        "得分",
        "scores",
        Shape.COLUMN,
        "名单上各人的得分，高者保留；只看受限等次的人的。",
        "Scores of those who have the grade.",
    ),
    required(
        "现等次",
        "current",
        Shape.COLUMN,
        "各人现有的等次；空白和“不参加”不计入人数。",
        "Everybody's present grade.",
        Kind.ANY,
    ),
    required(
        "受限等次", "limited", Shape.SCALAR, "名额受限的等次，例如 优秀。", "The grade that is limited.", Kind.TEXT
    ),
    required(
        "比例或名额",
        "quota",
        Shape.BLOCK,
        "占参加人数的比例，或名额；各组不同时为组别、比例或名额两列。",
        "A share of those taking part, or places; by group two columns.",
    ),
    optional(
        "降为",
        "lower",
        Shape.SCALAR,
        "超过名额的人降为的等次，省略时为 合格。",
        "Where the others go; 合格 if omitted.",
        Kind.TEXT,
        DEFAULT_LOWER,
    ),
    GROUPS,
    TIES,
    option("取整", "rounding", "名额如何取整", "How places are rounded.", "四舍五入", "向下", first=DOWN),
    TIED,
    option(
        "数值含义",
        "meaning",
        "比例或名额一栏填的是",
        "Whether a share or places are given.",
        "按大小",
        "比例",
        "名额",
    ),
    example=('=KAOHE_LIMIT("乙",{"甲";"乙"},{95;92},{"优秀";"优秀"},"优秀",1)', "合格"),
    remarks="按大小：小于 1 为比例，否则为名额。名额为负或带小数、比例大于 1 得 #VALUE!。各组分别计算名额，表中没有的组得 #N/A。",
    style=Style.PEOPLE,
    result=Kind.TEXT,
)
def limit(
    named: list[bool],
    scores: Row,
    current: Row,
    limited: str,
    quota: list[Row],
    lower: str,
    groups: Row | None,
    ties: list[Row] | None,
    rounding: int,
    tied: int,
    meaning: int,
) -> list[Result]:
    """Places = floor(share · n) (or half up), n everybody with a grade; they go to the best of the limited grade."""
    most = _most(quota, groups, rounding, meaning)
    texts = {str}.issuperset(map(type, current))
    grades: list[str | CellError] = [*current] if texts else list(map(_fixed, current))  # type: ignore[list-item]
    part = [there and bool(given) and given != ABSENT for there, given in zip(named, grades)]

    def compute(places: list[int]) -> list[Result]:
        if not texts:
            _raise_codes(grades, places)
        candidates = [place for place in places if grades[place] == limited]
        kept = _fill(candidates, scores, ties, [limited, lower], [(0, most(places))], tied)
        got = dict(zip(candidates, kept))
        return list(map(got.get, places, map(grades.__getitem__, places)))

    results = each_group(len(named), groups_of(part, groups), compute)
    return [ABSENT if there and given == ABSENT else result for there, given, result in zip(named, grades, results)]


def _most(quota: list[Row], groups: Row | None, rounding: int, meaning: int) -> Callable[[list[int]], int]:
    """How many people of a group may keep the grade."""

    def of(value: Decimal, count: int) -> int:
        is_share = meaning == SHARE or (meaning == BY_SIZE and value < ONE)
        if value < 0 or (is_share and value > 1):
            raise UdfError(CellError.VALUE)
        return floor(value * count + (HALF if rounding == HALF_UP else 0)) if is_share else whole(value)

    if len(quota) == len(quota[0]) == 1:
        same_for_all = number(quota[0][0])
        of(same_for_all, 0)
        return lambda places: of(same_for_all, len(places))
    if groups is None:
        raise UdfError(CellError.VALUE)
    cells, names = by_group(quota), groups

    def of_group(places: list[int]) -> int:
        group = key(names[places[0]])
        if group not in cells:
            raise UdfError(CellError.NA)
        return of(number(cells[group]), len(places))

    return of_group
