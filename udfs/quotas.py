"""Quotas: how many places each grade gets, from shares or given as numbers, by group if wanted."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import accumulate
from typing import List, Tuple

from udfs.registry import Shape, Style, option, required, udf
from udfs.scores import HALF, HUNDRED, ONE, ZERO, Row, shares
from udfs.values import Cell, CellError, UdfError, floor, is_blank, key, maybe_number, number, whole

CATEGORY = "等次"
HALF_UP, DOWN, LARGEST, BOUNDS = range(4)
BY_GRADE, CUMULATED = 0, 1
SHARES, PLACES = 0, 1
Quota = List[Tuple[int, int]]
"""For every grade but the last: how many must be left for the grades below, and the most places."""

ROUNDING = option(
    "取整", "rounding", "名额如何取整", "How places are rounded.", "四舍五入", "向下", "最大余数", "上下界"
)
CUMULATION = option(
    "名额方式",
    "cumulation",
    "各等次分别计算名额，还是从最高等次起累计",
    "Whether places are counted grade by grade or cumulate from the top.",
    "逐级",
    "累计",
)
MEANING = option(
    "数值含义", "meaning", "比例一栏填的是", "Whether shares or places are given.", "比例", "名额", first=SHARES
)


@udf(
    "KAOHE_QUOTA",
    "等次名额",
    "Places of each grade",
    CATEGORY,
    "按人数和比例计算每个等次的名额，最后一个等次取其余的人。",
    "How many people each grade gets; the last takes the rest.",
    required("人数", "people", Shape.SCALAR, "参加考核的人数。", "How many take part."),
    required(
        "比例",
        "ratios",
        Shape.BLOCK,
        "各等次比例，合计须恰为 1 或 100；取整为上下界时为下限、上限两行。",
        "Shares adding up to 1 or 100; with bounds two rows, lower and upper.",
    ),
    ROUNDING,
    CUMULATION,
    example=("=KAOHE_QUOTA(11,{0.2,0.7,0.1})", ((2, 8, 1),)),
    remarks="各等次取整后合计超过人数时，靠后的等次只得剩下的人；累计：到某一等次为止的名额，是比例累计后再取整。"
    "比例合计不对、人数不是非负整数得 #VALUE!。",
    style=Style.WHOLE,
)
def quota(people: Decimal, ratios: list[Row], rounding: int, cumulation: int) -> list[list[Decimal]]:
    """Half up: floor(p·n + ½), down: floor(p·n), largest remainder: Σ = n exactly, bounds: floor(lower·n), ceil(upper·n).

    Cumulated: the places down to grade g are floor(Σp·n + ½), or floor(Σp·n).
    """
    count = whole(people)
    if count < 0:
        raise UdfError(CellError.VALUE)
    if rounding == BOUNDS:
        if cumulation == CUMULATED:
            raise UdfError(CellError.VALUE)
        lower, upper = bounds_of(count, ratios)
        return [list(map(Decimal, lower)), list(map(Decimal, upper))]
    upright = len(ratios) > 1
    exact, total = shares(_line(ratios))
    places = places_of(count, [share / total for share in exact], rounding, cumulation)
    if cumulation == CUMULATED:
        places = [down_to - above for above, down_to in zip([0, *places], places)]
    all_places: list[Decimal] = []
    left = count
    for most in (*places, count):
        all_places.append(Decimal(min(most, left)))
        left -= min(most, left)
    return [[place] for place in all_places] if upright else [all_places]


def _line(ratios: list[Row]) -> Row:
    """One row or one column."""
    if len(ratios) > 1 and len(ratios[0]) > 1:
        raise UdfError(CellError.VALUE)
    return [cell for row in ratios for cell in row]


def places_of(count: int, ratios: list[Decimal], rounding: int, cumulation: int) -> list[int]:
    """Places of all grades but the last; cumulated: of each grade and those above."""
    if rounding == LARGEST:
        exact = [ratio * count for ratio in ratios]
        places = [floor(value) for value in exact]
        by_remainder = sorted(range(len(exact)), key=lambda i: places[i] - exact[i])
        for i in by_remainder[: count - sum(places)]:
            places[i] += 1
        return list(accumulate(places))[:-1] if cumulation == CUMULATED else places[:-1]
    parts = list(accumulate(ratios)) if cumulation == CUMULATED else ratios
    return [floor(part * count + (HALF if rounding == HALF_UP else ZERO)) for part in parts[:-1]]


def bounds_of(count: int, ratios: list[Row]) -> tuple[list[int], list[int]]:
    """Each grade's least and greatest places: lower bounds rounded down, upper bounds up."""
    if len(ratios) != 2:
        raise UdfError(CellError.VALUE)
    lower, upper = ([number(cell) for cell in row] for row in ratios)
    scale = HUNDRED if any(value > 1 for value in upper) else ONE
    if any(not 0 <= low <= high <= scale for low, high in zip(lower, upper)):
        raise UdfError(CellError.VALUE)
    return [floor(low * count / scale) for low in lower], [-floor(-high * count / scale) for high in upper]


def quotas(
    grades: int, ratios: list[Row], grouped: bool, rounding: int, cumulation: int, meaning: int
) -> Callable[[Cell, int], Quota]:
    """The quota of a group of n people; a block one column wider than there are grades begins with the groups' names."""
    if rounding == BOUNDS and (cumulation == CUMULATED or meaning == PLACES):
        raise UdfError(CellError.VALUE)

    def one(rows: list[Row]) -> Callable[[int], Quota]:
        if rounding == BOUNDS:
            return _bounded(grades, rows)
        if meaning == PLACES:
            return _given_places(grades, _line(rows), cumulation)
        return _shared_places(grades, _line(rows), rounding, cumulation)

    if not grouped or len(ratios[0]) != grades + 1:
        same_for_all = one(ratios)
        return lambda _, count: same_for_all(count)
    rows_of: dict[str | Decimal, list[Row]] = {}
    for row in ratios:
        if not is_blank(row[0]):
            rows_of.setdefault(key(row[0]), []).append(row[1:])

    def of_group(group: Cell, count: int) -> Quota:
        rows = rows_of.get(key(group))
        if rows is None:
            raise UdfError(CellError.NA)
        if len(rows) != (2 if rounding == BOUNDS else 1):
            raise UdfError(CellError.VALUE)
        return one(rows)(count)

    return of_group


def _shared_places(grades: int, cells: Row, rounding: int, cumulation: int) -> Callable[[int], Quota]:
    if len(cells) == grades - 1:
        exact = [number(cell) for cell in cells]
        scale = HUNDRED if any(ratio > 1 for ratio in exact) else ONE
        if sum(exact) > scale or any(ratio < 0 for ratio in exact):
            raise UdfError(CellError.VALUE)
        exact.append(scale - sum(exact, ZERO))
    elif len(cells) == grades:
        exact, scale = shares(cells)
    else:
        raise UdfError(CellError.VALUE)
    parts = [ratio / scale for ratio in exact]
    return lambda count: [(0, most) for most in places_of(count, parts, rounding, cumulation)]


def _given_places(grades: int, cells: Row, cumulation: int) -> Callable[[int], Quota]:
    """Places as numbers; the last grade's may be left out or blank, else all must add up to the people there are."""
    if len(cells) not in (grades - 1, grades):
        raise UdfError(CellError.VALUE)
    places = [whole(number(cell)) for cell in cells[: grades - 1]]
    last = maybe_number(cells[-1]) if len(cells) == grades else None
    if any(most < 0 for most in places) or (last is not None and whole(last) < 0):
        raise UdfError(CellError.VALUE)

    def of(count: int) -> Quota:
        if last is not None and sum(places) + last != count:
            raise UdfError(CellError.NUM)
        return [(0, most) for most in (accumulate(places) if cumulation == CUMULATED else places)]

    return of


def _bounded(grades: int, ratios: list[Row]) -> Callable[[int], Quota]:
    if len(ratios[0]) != grades:
        raise UdfError(CellError.VALUE)

    def of(count: int) -> Quota:
        lower, upper = bounds_of(count, ratios)
        if sum(lower) > count or sum(upper) < count:
            raise UdfError(CellError.NUM)
        # A grade may not take so many that the grades below fall short of their least numbers.
        later = [sum(lower[i + 1 :]) for i in range(len(lower))]
        return list(zip(later, upper))[:-1]

    return of
