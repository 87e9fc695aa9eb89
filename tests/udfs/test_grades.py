"""Ranks, grades and quotas."""

from __future__ import annotations

from typing import Any

import pytest
from apportionment import methods
from hypothesis import given
from hypothesis import strategies as st

from tests.udfs.calls import DIV0, NA, NUM, VALUE, call, cells, column
from tests.udfs.strategies import ratios, scores
from udfs import MISSING, CellError

GRADES = ["优秀", "合格", "基本合格", "不合格"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((90, [90, 75, 60], GRADES), "优秀"),
        ((89.99, [90, 75, 60], GRADES), "合格"),
        ((59, [90, 75, 60], GRADES), "不合格"),
        ((59, [90, 75, 60], GRADES[:3]), NA),
        ((95, [90, 75, 60], GRADES, "是"), "不合格"),
        ((95, [90, 75, 60], GRADES, "是", "待定"), "待定"),
        ((95, [90, 75, 60], GRADES, "否"), "优秀"),
        ((None, [90, 75, 60], GRADES, "是"), "不合格"),
        ((None, [90, 75, 60], GRADES, "否"), VALUE),
        ((None, [90, 75, 60], GRADES), ""),
        ((95, [90, 75, 60], GRADES, "x"), VALUE),
        ((95, [90, 75, 60], GRADES, NA), NA),
        ((95, [60, 75, 90], GRADES), VALUE),
        ((95, [90, 90], GRADES[:3]), VALUE),
        ((95, [90, 75], GRADES), VALUE),
        ((95, [90], ["优秀", 2]), VALUE),
        ((95, [90], ["优秀", NA]), NA),
        (("95", [90], ["优秀", "合格"]), VALUE),
        ((95, [90], ["优秀", "合格"], "是", 3), "3"),
    ],
)
def test_grade(arguments: tuple[Any, ...], expected: Any) -> None:
    assert call("GRADE", *arguments) == expected


PEOPLE = column("甲", "乙", "丙", "丁")
SCORES = column(90, 80, 80, 70)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((PEOPLE, PEOPLE, SCORES), [1, 2, 2, 4]),
        ((PEOPLE, PEOPLE, SCORES, MISSING, MISSING, "并列靠后"), [1, 3, 3, 4]),
        (("乙", PEOPLE, SCORES), [2]),
        (("戊", PEOPLE, SCORES), [NA]),
        (("", PEOPLE, SCORES), [""]),
        ((NUM, PEOPLE, SCORES), [NUM]),
        ((True, PEOPLE, SCORES), [VALUE]),
        ((PEOPLE, PEOPLE, SCORES, column("a", "a", "b", "b")), [1, 2, 1, 2]),
        ((PEOPLE, PEOPLE, SCORES, MISSING, column(0, 1, 2, 0)), [1, 3, 2, 4]),
        ((PEOPLE, PEOPLE, SCORES, MISSING, [[0, 0], [1, None], [1, 5], [0, 0]]), [1, 3, 2, 4]),
        ((PEOPLE, PEOPLE, column(90, None, 80, 70)), [1, "", 2, 3]),
        ((PEOPLE, PEOPLE, column(90, "x", 80, 70)), [VALUE] * 4),
        ((PEOPLE, PEOPLE, column(90, NA, 80, 70), column("a", "b", "a", "b")), [1, NA, 2, NA]),
        ((PEOPLE, PEOPLE, SCORES, column("a", "b", NA, "b")), [NA]),
        ((PEOPLE, PEOPLE, SCORES, column("a", "b", None, "b")), [VALUE]),
        ((PEOPLE, PEOPLE, column(1, 2, None, 3), column("a", "b", None, "b")), [1, 2, "", 1]),
        ((PEOPLE, column("甲", "甲", "丙", "丁"), SCORES), [VALUE]),
        ((PEOPLE, column("甲", NA, "丙", "丁"), SCORES), [NA]),
        ((PEOPLE, PEOPLE, SCORES[:3]), [VALUE]),
        ((PEOPLE, PEOPLE, SCORES, MISSING, SCORES[:3]), [VALUE]),
        ((PEOPLE, PEOPLE, [[1, 2], [1, 2], [1, 2], [1, 2]]), [VALUE]),
        ((["甲", "丁"], ["甲", "乙", "丙", "丁"], [90, 80, 80, 70]), [1, 4]),
        ((column(1, 2), column(1, None, 2), column(5, 9, 6)), [2, 1]),
        (("a", "a", 5), [1]),
        ((PEOPLE, [[1, 2], [3, 4]], SCORES), [VALUE]),
    ],
)
def test_rank(arguments: tuple[Any, ...], expected: list[Any]) -> None:
    assert cells(call("RANK", *arguments)) == expected


def test_text_and_numbers_are_different_keys() -> None:
    assert call("RANK", "1", column(1, 2), column(90, 80)) == NA
    assert call("RANK", 1, column("1", 1), column(90, 80)) == 2


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((PEOPLE, PEOPLE, SCORES), [100, 80 / 90 * 100, 80 / 90 * 100, 70 / 90 * 100]),
        ((PEOPLE, PEOPLE, SCORES, 50), [50, 80 / 90 * 50, 80 / 90 * 50, 70 / 90 * 50]),
        (
            (PEOPLE, PEOPLE, SCORES, 100, "均值", column("a", "a", "b", "b")),
            [80 * 90 / 85, 80 * 80 / 85, 80 * 80 / 75, 80 * 70 / 75],
        ),
        ((column("甲", "乙"), column("甲", "乙"), column(90, 70), 100, "标准分"), [1, -1]),
        ((PEOPLE, PEOPLE, SCORES, 100, 3), [100, 50, 50, 0]),
        ((column("甲", "乙"), column("甲", "乙"), column(0, 0)), [DIV0, DIV0]),
        ((column("甲", "乙"), column("甲", "乙"), column(5, 5), 100, 2), [DIV0, DIV0]),
        ((column("甲", "乙"), column("甲", "乙"), column(None, None), 100, 1), ["", ""]),
    ],
)
def test_normalize(arguments: tuple[Any, ...], expected: list[Any]) -> None:
    found = cells(call("NORMALIZE", *arguments))
    assert found == [pytest.approx(one, rel=1e-14) if isinstance(one, float) else one for one in expected]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((11, [0.2, 0.7, 0.1]), ((2, 8, 1),)),
        ((10, [0.25, 0.65, 0.1]), ((3, 7, 0),)),
        ((11, [20, 70, 10], "向下"), ((2, 7, 2),)),
        ((11, column(0.2, 0.7, 0.1), 1), ((2,), (7,), (2,))),
        ((4, [33.3, 33.4, 33.3], "最大余数"), ((1, 2, 1),)),
        ((5, [0.5, 0.5], 2), ((3, 2),)),
        ((19, [[0.1, 0.2, 0.3], [0.3, 0.4, 0.5]], "上下界"), ((1, 3, 5), (6, 8, 10))),
        ((19, [[10, 20, 30], [30, 40, 50]], 3), ((1, 3, 5), (6, 8, 10))),
        ((0, [0.5, 0.5]), ((0, 0),)),
        ((1, [0.5, 0.5, 0]), ((1, 0, 0),)),
        ((1.5, [0.5, 0.5]), VALUE),
        ((-1, [0.5, 0.5]), VALUE),
        ((10, [0.5, 0.4]), VALUE),
        ((10, [[0.5, 0.5], [0.5, 0.5]]), VALUE),
        ((10, [0.1, 0.2], 3), VALUE),
        ((10, [[0.5, 0.5], [0.4, 0.6]], 3), VALUE),
    ],
)
def test_quota(arguments: tuple[Any, ...], expected: Any) -> None:
    assert call("QUOTA", *arguments) == expected


@given(st.integers(0, 500), st.lists(st.integers(1, 40), min_size=2, max_size=5))
def test_largest_remainders_agree_with_an_apportionment_library(people: int, votes: list[int]) -> None:
    hundred = [*votes, 100 - sum(votes)] if sum(votes) < 100 else None
    if hundred is None:
        return
    expected = methods.compute("largest_remainder", hundred, people, tiesallowed=True, verbose=False)
    found = call("QUOTA", people, [v / 100 for v in hundred], "最大余数")
    assert sum(found[0]) == people
    remainders = [v * people % 100 for v in hundred]
    if len(set(remainders)) == len(remainders):
        assert list(found[0]) == expected


A, B, C = "优", "良", "中"


@pytest.mark.parametrize(
    ("scores", "further", "expected"),
    [
        ([90, 80, 70, 60], ([0.25, 0.5, 0.25],), [A, B, B, C]),
        ([60, 90, 80, 70], ([0.25, 0.5],), [C, A, B, B]),
        ([90, 90, 70, 60], ([0.25, 0.5, 0.25],), [B, B, C, C]),
        ([90, 90, 70, 60], ([0.25, 0.5, 0.25], MISSING, MISSING, MISSING, MISSING, "从宽"), [A, A, B, B]),
        ([90, 90, 70, 60], ([0.25, 0.5, 0.25], MISSING, MISSING, column(1, 2, 0, 0)), [B, A, B, C]),
        ([90, 80, 70, 60], ([0.25, 0.5, 0.25], column("中", None, None, None)), [C, A, B, B]),
        ([90, 80, 70, 60], ([0.25, 0.5, 0.25], column("不参加", None, None, None)), ["不参加", A, B, B]),
        ([None, 80, 70, 60], ([0.25, 0.5, 0.25], column("待定", None, None, None)), ["待定", A, B, B]),
        ([None, 80, 70, 60], ([0.25, 0.5, 0.25],), ["", A, B, B]),
        ([90, 80, 70, 60], ([0.5, 0.5, 0], MISSING, column("x", "x", "y", "y")), [A, B, A, B]),
        ([90, NA, 70, 60], ([0.5, 0.5, 0], MISSING, column("x", "x", "y", "y")), [NA, NA, A, B]),
        (
            [90, 80, 70, 60],
            ([0.5, 0.5, 0], column(NUM, None, None, None), column("x", "x", "y", "y")),
            [NUM, NUM, A, B],
        ),
        ([90, 80, 70, 60], ([0.5, 0.5, 0], column(7, None, None, None)), [VALUE] * 4),
        ([90, 80, 70, 60], ([0.25, 0.5, 0.2],), [VALUE]),
        ([90, 80, 70, 60], ([0.25],), [VALUE]),
        ([90, 80, 70, 60], ([0.75, 0.5],), [VALUE]),
        ([90, 80, 70, 60], ([-0.5, 0.5],), [VALUE]),
        ([90, 80, 70, 60], ([50, 25],), [A, A, B, C]),
        ([90, 80, 70, 60], (column(0.25, 0.5, 0.25),), [A, B, B, C]),
        ([90, 80, 70, 60], ([[0.2, 0.3], [0.4, 0.1], [0.4, 0.6]],), [VALUE]),
        ([90, 80, 70, 60], ([[0, 0.25, 0.5], [0.25, 0.5, 1]], MISSING, MISSING, MISSING, "上下界"), [A, B, C, C]),
        ([90, 80, 70, 60], ([[0, 0, 0], [0.25, 0.25, 0.25]], MISSING, MISSING, MISSING, 3), [NUM] * 4),
        ([90, 80, 70, 60], ([[1, 1, 1], [1, 1, 1]], MISSING, MISSING, MISSING, 3), [NUM] * 4),
        ([90, 80, 70, 60], ([[0, 0], [1, 1]], MISSING, MISSING, MISSING, 3), [VALUE]),
    ],
)
def test_distribute(scores: list[Any], further: tuple[Any, ...], expected: list[Any]) -> None:
    assert cells(call("DISTRIBUTE", PEOPLE, PEOPLE, column(*scores), [A, B, C], *further)) == expected


@pytest.mark.parametrize("part", [[0.25, 0.75, None, None], column(0.25, 0.75, None, ""), [0.25]])
def test_blank_grades_at_the_end_are_spare_rows(part: Any) -> None:
    grades = [A, B, None, ""] if len(part) > 1 else [A, B]
    assert cells(call("DISTRIBUTE", PEOPLE, PEOPLE, SCORES, grades, part)) == cells(
        call("DISTRIBUTE", PEOPLE, PEOPLE, SCORES, [A, B], [0.25, 0.75])
    )


def test_names_of_grades_must_be_text() -> None:
    assert call("DISTRIBUTE", "甲", PEOPLE, SCORES, [A, 2], [0.5, 0.5]) == VALUE
    assert call("DISTRIBUTE", "甲", PEOPLE, SCORES, [A, NA], [0.5, 0.5]) == NA


@given(st.lists(scores, min_size=1, max_size=30), st.data())
def test_a_strict_distribution_never_exceeds_a_quota(values: list[float], data: st.DataObject) -> None:
    part = data.draw(ratios(3))
    ids = column(*range(len(values)))
    got = cells(call("DISTRIBUTE", ids, ids, column(*values), [A, B, C], part))
    for grade, ratio in zip([A, B], part, strict=False):
        assert got.count(grade) <= round(ratio * 100) * len(values) / 100 + 0.5
    order = [A, B, C]
    ranked = sorted(zip(values, got, strict=True), key=lambda pair: -pair[0])
    assert [order.index(grade) for _, grade in ranked] == sorted(order.index(grade) for _, grade in ranked)


@given(st.lists(st.tuples(scores, st.integers(0, 2)), min_size=2, max_size=12), st.randoms())
def test_the_order_of_rows_is_irrelevant(rows: list[tuple[float, int]], random: Any) -> None:
    people = list(enumerate(rows))
    shuffled = people[:]
    random.shuffle(shuffled)

    def grades(order: list[Any]) -> dict[int, Any]:
        ids = column(*(i for i, _ in order))
        values, groups = column(*(s for _, (s, _) in order)), column(*(g for _, (_, g) in order))
        found = call("DISTRIBUTE", ids, ids, values, [A, B, C], [0.3, 0.4, 0.3], MISSING, groups)
        ranks = call("RANK", ids, ids, values, groups)
        return {i: pair for (i, _), pair in zip(order, zip(cells(found), cells(ranks), strict=True), strict=True)}

    assert grades(people) == grades(shuffled)


@given(st.lists(scores | st.none(), min_size=1, max_size=8))
def test_one_person_at_a_time_gives_what_the_column_gives(values: list[Any]) -> None:
    ids = column(*range(len(values)))
    for name, further in (("RANK", ()), ("DISTRIBUTE", ([A, B], [0.5, 0.5])), ("NORMALIZE", ())):
        whole = cells(call(name, ids, ids, column(*values), *further))
        assert whole == [call(name, i, ids, column(*values), *further) for i in range(len(values))]


E, P = "优秀", "合格"


@pytest.mark.parametrize(
    ("current", "further", "expected"),
    [
        ([E, E, E, P], (0.5,), [E, P, P, P]),
        ([E, E, E, P], (2,), [E, P, P, P]),
        ([E, E, E, P], (3,), [E, E, E, P]),
        ([E, E, E, P], (2, MISSING, MISSING, MISSING, MISSING, "从宽"), [E, E, E, P]),
        ([E, E, E, P], (2, "良好", MISSING, column(0, 1, 2, 3)), [E, "良好", E, P]),
        ([E, E, E, P], (0.4, MISSING, MISSING, column(0, 1, 2, 3), "四舍五入"), [E, P, E, P]),
        ([E, E, E, P], (0.4, MISSING, MISSING, column(0, 1, 2, 3)), [E, P, P, P]),
        ([E, E, E, P], (0,), [P, P, P, P]),
        ([E, E, None, "不参加"], (0.5,), [E, P, "", "不参加"]),
        ([E, E, E, E], (1, MISSING, column("a", "a", "b", "b")), [E, P, E, P]),
        ([E, NA, E, E], (1, MISSING, column("a", "a", "b", "b")), [NA, NA, E, P]),
        ([E, 3, E, E], (1,), [VALUE] * 4),
        ([E, E, E, P], (-1,), [VALUE]),
        ([E, E, E, P], (1.5,), [VALUE]),
    ],
)
def test_limit(current: list[Any], further: tuple[Any, ...], expected: list[Any]) -> None:
    assert cells(call("LIMIT", PEOPLE, PEOPLE, SCORES, column(*current), E, *further)) == expected


def test_limit_with_a_grade_given_as_a_number() -> None:
    assert call("LIMIT", "甲", PEOPLE, SCORES, column("1", "1", "2", "2"), 1, 1) == "1"
    assert call("LIMIT", "甲", PEOPLE, SCORES, column(E, E, E, E), CellError.REF, 1) == CellError.REF
