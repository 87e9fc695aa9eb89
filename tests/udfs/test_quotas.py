"""Quotas that cumulate, that differ by group, that are given as places; and what holds for all of them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.udfs.calls import NA, NUM, VALUE, call, cells, column
from tests.udfs.strategies import ratios, scores
from udfs import MISSING

A, B, C, D = GRADES = ["优", "良", "中", "差"]
TEN = column(*range(10))
MARKS = column(95, 95, 90, 88, 88, 88, 70, 60, 50, 40)
SHARES = [0.2, 0.3, 0.4, 0.1]
STRICT, LENIENT = 0, 1
BY_GRADE, CUMULATED = "逐级", "累计"
AS_SHARES, AS_PLACES = "比例", "名额"
ROUNDING = st.sampled_from(["四舍五入", "向下", "最大余数"])


def distribute(
    people: Any,
    marks: Any,
    quotas: Any,
    *,
    grades: Any = GRADES,
    fixed: Any = MISSING,
    groups: Any = MISSING,
    rounding: Any = MISSING,
    tied: Any = STRICT,
    cumulation: Any = BY_GRADE,
    meaning: Any = AS_SHARES,
) -> list[Any]:
    return cells(
        call("DISTRIBUTE", people, people, marks, grades, quotas, fixed, groups, MISSING, rounding, tied, cumulation, meaning)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("tied", "cumulation", "expected"),
    [
        (STRICT, BY_GRADE, [A, A, B, C, C, C, C, D, D, D]),
        (STRICT, CUMULATED, [A, A, B, C, C, C, C, C, C, D]),
        (LENIENT, BY_GRADE, [A, A, B, B, B, B, C, C, C, C]),
        (LENIENT, CUMULATED, [A, A, B, B, B, B, C, C, C, D]),
    ],
)
def test_ties_over_an_edge(tied: int, cumulation: str, expected: list[str]) -> None:
    assert distribute(TEN, MARKS, SHARES, tied=tied, cumulation=cumulation) == expected


def test_a_tie_over_several_edges_falls_to_the_first_grade_that_holds_it() -> None:
    four = column(1, 2, 3, 4)
    same = column(80, 80, 80, 60)
    assert distribute(four, same, [1, 1, 1], meaning=AS_PLACES, cumulation=CUMULATED) == [C, C, C, D]
    assert distribute(four, same, [1, 1, 1], meaning=AS_PLACES) == [D, D, D, D]
    assert distribute(four, same, [1, 1, 1], meaning=AS_PLACES, tied=LENIENT) == [A, A, A, B]
    assert distribute(four, same, [1, 2, 1], meaning=AS_PLACES, cumulation=CUMULATED) == [B, B, B, C]


@pytest.mark.parametrize(
    ("marks", "lenient", "strict"),
    [
        # Exactly full: the next set gets none of it.
        ([90, 90, 80, 80], [A, A, B, B], [A, A, B, B]),
        # One place left for two.
        ([90, 80, 80, 70], [A, A, A, B], [A, B, B, D]),
        # Nobody tied.
        ([90, 80, 70, 60], [A, A, B, B], [A, A, B, B]),
    ],
)
def test_a_quota_of_two_places(marks: list[int], lenient: list[str], strict: list[str]) -> None:
    people = column(*range(4))
    assert distribute(people, column(*marks), [2, 2, 0], meaning=AS_PLACES, tied=LENIENT) == lenient
    assert distribute(people, column(*marks), [2, 2, 0], meaning=AS_PLACES) == strict


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ([1, 2], [A, B, B, C]),
        ([1, 2, 1], [A, B, B, C]),
        ([1, 2, None], [A, B, B, C]),
        ([0, 0], [C, C, C, C]),
        ([9, 9], [A, A, A, A]),
        ([1, 2, 0], [NUM]),
        ([1, 2, 2], [NUM]),
        ([1, -1], [VALUE]),
        ([5, 2, -3], [VALUE]),
        ([1.5, 2], [VALUE]),
        ([1, 2, 1.5], [VALUE]),
        ([1, None], [VALUE]),
        ([1], [VALUE]),
        ([1, "2"], [VALUE]),
    ],
)
def test_places(places: list[Any], expected: list[Any]) -> None:
    got = distribute(column(*range(4)), column(90, 80, 70, 60), places, grades=[A, B, C], meaning=AS_PLACES)
    assert got == (expected if len(expected) == len(got) else expected * len(got))


@pytest.mark.parametrize(
    ("block", "rounding", "expected"),
    [
        ([["x", 0.5, 0.5], ["y", 0, 1]], 0, [A, B, B, B]),
        ([["y", 0, 1], ["x", 0.5, 0.5]], 0, [A, B, B, B]),
        ([["x", 50, 50], [None, None, None], ["y", 1, 0]], 0, [A, A, B, A]),
        ([["x", 0.5, 0.5]], 0, [A, NA, B, NA]),
        ([["x", 0.5, 0.5], ["y", 1, 0], ["y", 1, 0]], 0, [A, VALUE, B, VALUE]),
        ([["x", 0.5, 0.5], ["y", 0.5, 0.4]], 0, [A, VALUE, B, VALUE]),
        ([["x", 0.5, 0.5], ["y", NA, 1]], 0, [A, NA, B, NA]),
        ([["x", 0, 0.5], ["x", 0.5, 1], ["y", 0, 0], ["y", 1, 1]], "上下界", [A, A, B, A]),
        ([["x", 0, 0.5], ["x", 0.5, 1], ["y", 0, 0]], 3, [A, VALUE, B, VALUE]),
    ],
)
def test_shares_by_group(block: list[list[Any]], rounding: Any, expected: list[Any]) -> None:
    people, marks, groups = column(1, 2, 3, 4), column(90, 80, 70, 60), column("x", "y", "x", "y")
    assert distribute(people, marks, block, grades=[A, B], groups=groups, rounding=rounding) == expected


def test_shares_by_group_need_groups() -> None:
    assert distribute(column(1), column(90), [["x", 1, 0]], grades=[A, B]) == [VALUE]


@pytest.mark.parametrize(("cumulation", "meaning"), [(CUMULATED, AS_SHARES), (BY_GRADE, AS_PLACES)])
def test_bounds_neither_cumulate_nor_are_places(cumulation: str, meaning: str) -> None:
    bounds = [[0, 0.5], [0.5, 1]]
    people = column(1, 2)
    got = distribute(people, people, bounds, grades=[A, B], rounding=3, cumulation=cumulation, meaning=meaning)
    assert got == [VALUE]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((10, [0.25, 0.25, 0.5], 0, 1), (3, 2, 5)),
        ((10, [0.25, 0.25, 0.5], 1, 1), (2, 3, 5)),
        ((2, [0.25, 0.25, 0.5], 0, 1), (1, 0, 1)),
        ((2, [0.25, 0.25, 0.25, 0.25], 0, 0), (1, 1, 0, 0)),
        ((3, [0.5, 0.5, 0], 0, 0), (2, 1, 0)),
        ((3, [0.5, 0.5, 0], 2, 1), (2, 1, 0)),
        ((1, [100, 0]), (1, 0)),
        ((5, [1]), (5,)),
    ],
)
def test_quota(arguments: tuple[Any, ...], expected: tuple[int, ...]) -> None:
    assert call("QUOTA", *arguments) == ((expected,) if len(expected) > 1 else expected[0])


@pytest.mark.parametrize(
    ("upper", "expected"), [([1.5, 1], (3, 2)), ([1, 1], (200, 200)), ([99.5, 1], (199, 2)), ([1, 0.5], (200, 100))]
)
def test_bounds_are_per_cent_if_one_of_them_is_above_one(upper: list[float], expected: tuple[int, int]) -> None:
    assert call("QUOTA", 200, [[0, 0], upper], "上下界") == ((0, 0), expected)


def test_places_stand_as_the_shares_do() -> None:
    assert call("QUOTA", 4, column(0.5, 0.5)) == ((2,), (2,))
    assert call("QUOTA", 4, [[0.25, 0.25], [0.25, 0.25]]) == VALUE


@pytest.mark.parametrize(
    ("shares", "rounding", "expected"),
    [
        # 0.8, 0.8 and 1.4 places: the last share, left out, has the smaller remainder, or the greatest.
        ([0.27, 0.27], "最大余数", [A, B, C]),
        ([0.34, 0.2], "最大余数", [A, B, C]),
        ([0.4, 0.1], "最大余数", [A, C, C]),
        ([0.3, 0.7], "四舍五入", [A, B, B]),
        ([30, 70], "四舍五入", [A, B, B]),
        ([0, 1], "四舍五入", [B, B, B]),
        ([1, 60], "四舍五入", [B, B, C]),
        ([1.5, 1], "四舍五入", [C, C, C]),
        ([0.3, 0.71], "四舍五入", [VALUE]),
        ([30, 70.01], "四舍五入", [VALUE]),
        ([-0.1, 0.5], "四舍五入", [VALUE]),
    ],
)
def test_the_last_share_left_out(shares: list[float], rounding: str, expected: list[Any]) -> None:
    people = column(1, 2, 3)
    assert distribute(people, column(90, 80, 70), shares, grades=[A, B, C], rounding=rounding) == expected


@given(st.integers(0, 400), st.integers(2, 6).flatmap(ratios), ROUNDING, st.sampled_from([BY_GRADE, CUMULATED]))
def test_places_are_never_negative_and_always_add_up(people: int, part: list[float], rounding: str, how: str) -> None:
    [places] = call("QUOTA", people, part, rounding, how)
    assert all(place >= 0 for place in places)
    assert sum(places) == people


def cut(part: list[float], people: int) -> list[int]:
    exact = [Decimal(str(one)) for one in part]
    return [int((down * people).quantize(Decimal(1), ROUND_HALF_UP)) for down in accumulate(exact)]


@given(st.lists(scores, min_size=1, max_size=30), ratios(4), st.booleans())
def test_cumulated_places_are_never_exceeded_and_nobody_below_loses(
    values: list[float], part: list[float], lenient: bool
) -> None:
    ids = column(*range(len(values)))
    got = distribute(ids, column(*values), part, cumulation=CUMULATED, tied=int(lenient))
    cuts = [*cut(part, len(values))[:-1], len(values)]
    for value, grade in zip(values, got, strict=True):
        ahead = sum(other > value for other in values)
        reached = ahead + (1 if lenient else values.count(value))
        assert GRADES.index(grade) == next(i for i, most in enumerate(cuts) if reached <= most)


@given(st.lists(scores, min_size=1, max_size=25), ratios(3), ROUNDING, st.sampled_from([BY_GRADE, CUMULATED]))
def test_the_places_that_the_shares_give_give_the_same_grades(
    values: list[float], part: list[float], rounding: str, how: str
) -> None:
    ids, marks = column(*range(len(values))), column(*values)
    [places] = call("QUOTA", len(values), part, rounding, how)
    by_shares = distribute(ids, marks, part, grades=[A, B, C], rounding=rounding, cumulation=how)
    assert by_shares == distribute(ids, marks, list(places), grades=[A, B, C], cumulation=how, meaning=AS_PLACES)


@given(st.lists(st.tuples(scores, st.sampled_from("xy")), min_size=1, max_size=15), ratios(3), ratios(3), st.randoms())
def test_each_group_by_itself_in_any_order(
    rows: list[tuple[float, str]], first: list[float], second: list[float], random: Any
) -> None:
    order = list(range(len(rows)))
    random.shuffle(order)
    block = [["x", *first], ["y", *second]]
    got = distribute(
        column(*order), column(*(rows[i][0] for i in order)), block,
        grades=[A, B, C], groups=column(*(rows[i][1] for i in order)), cumulation=CUMULATED,
    )  # fmt: skip
    found = dict(zip(order, got, strict=True))
    for group, part in (("x", first), ("y", second)):
        own = [i for i, (_, of) in enumerate(rows) if of == group]
        if own:
            alone = distribute(
                column(*own), column(*(rows[i][0] for i in own)), part, grades=[A, B, C], cumulation=CUMULATED
            )
            assert [found[i] for i in own] == alone


E, P = "优秀", "合格"
PEOPLE = column("甲", "乙", "丙", "丁")
ALL_E = column(E, E, E, E)


def limit(marks: list[Any], quota: Any, tied: Any = 0, meaning: Any = MISSING, groups: Any = MISSING) -> list[Any]:
    return cells(
        call("LIMIT", PEOPLE, PEOPLE, column(*marks), ALL_E, E, quota, MISSING, groups, MISSING, MISSING, tied, meaning)
    )


@pytest.mark.parametrize(
    ("marks", "tied", "expected"),
    [
        ([90, 85, 80, 80], STRICT, [E, E, P, P]),
        ([90, 85, 80, 80], LENIENT, [E, E, P, P]),
        ([90, 80, 80, 70], STRICT, [E, P, P, P]),
        ([90, 80, 80, 70], LENIENT, [E, E, E, P]),
    ],
)
def test_a_limit_of_two_at_its_edge(marks: list[int], tied: int, expected: list[str]) -> None:
    assert limit(marks, 2, tied) == expected


@pytest.mark.parametrize(
    ("quota", "meaning", "expected"),
    [
        (1, MISSING, [E, P, P, P]),
        (1, "名额", [E, P, P, P]),
        (1, "比例", [E, E, E, E]),
        (0.99, "比例", [E, E, E, P]),
        (0.5, MISSING, [E, E, P, P]),
        (0.5, 2, [VALUE]),
        (1.01, 1, [VALUE]),
        (-0.1, 1, [VALUE]),
        ([1, 2], MISSING, [VALUE]),
        (None, MISSING, [VALUE]),
    ],
)
def test_a_limit_as_a_share_or_as_places(quota: Any, meaning: Any, expected: list[Any]) -> None:
    assert limit([90, 80, 70, 60], quota, meaning=meaning) == expected


@pytest.mark.parametrize(
    ("quota", "expected"),
    [
        ([["x", 1], ["y", 2]], [E, E, P, E]),
        ([["x", 0.5], ["y", 0.5]], [E, E, P, P]),
        ([["x", 1]], [E, NA, P, NA]),
        ([["x", 1], ["y", 2], ["y", 2]], [E, VALUE, P, VALUE]),
        ([["x", 1], ["y", -1]], [E, VALUE, P, VALUE]),
        ([["x", 1, 1], ["y", 1, 1]], [VALUE]),
    ],
)
def test_a_limit_for_each_group(quota: Any, expected: list[Any]) -> None:
    assert limit([90, 80, 70, 60], quota, groups=column("x", "y", "x", "y")) == expected
