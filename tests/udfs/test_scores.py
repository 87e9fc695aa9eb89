"""Scores: weighted sums, items, ballots, means."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.udfs.calls import DIV0, NA, NUM, VALUE, call, cells, column
from tests.udfs.strategies import scores, weights
from udfs import MISSING, CellError


def test_a_score_exactly_on_the_line_is_on_the_line() -> None:
    assert sum(a * b for a, b in zip([75.5, 99.6, 87.63], [0.15, 0.35, 0.5], strict=True)) < 90
    assert call("SCORE", [[75.5, 99.6, 87.63]], [[0.15, 0.35, 0.5]]) == 90


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (([[80, 90]],), 170),
        (([[80, 90]], [[0.3, 0.7]]), 87),
        (([[80, 90]], [30, 70]), 87),
        (([[80, 90]], column(0.3, 0.7)), 87),
        (([[45, 80]], [0.3, 0.7], [50, 100]), 83),
        (([[45, 80]], MISSING, [50, 100]), 83.33),
        (([[1.50015]], [1], [3]), 50.01),
        (([[85.125]], MISSING, MISSING, MISSING, 1), 85.1),
        (([[85.125]],), 85.13),
        (([[0.005]],), 0.01),
        (([[1.005, 1e-9]], [0.5, 0.5]), 0.5),
        (([[-0.005]],), -0.01),
        (([[12345678901234]],), 12345678901234),
        (([[80, None]], [0.3, 0.7]), VALUE),
        (([[80, None]], [0.3, 0.7], MISSING, "报错"), VALUE),
        (([[80, None]], [0.3, 0.7], MISSING, "记零"), 24),
        (([[80, None]], [0.3, 0.7], MISSING, 1), 24),
        (([[80, ""]], [0.3, 0.7], MISSING, "折算"), 80),
        (([[45, None]], [0.3, 0.7], [50, 100], 2), 90),
        (([[45, None]], MISSING, [50, 100], 2), 90),
        (([[45, None]], MISSING, [50, 100], 1), 30),
        (([[45, None]], MISSING, MISSING, 2), 45),
        (([[45, None]], [0, 1], MISSING, 2), DIV0),
        (([[None, ""]], [0.3, 0.7]), ""),
        (([[None, None]], [0.3, 0.7], MISSING, "记零"), ""),
        (([[80, "90"]],), VALUE),
        (([[80, True]],), VALUE),
        (([[80, CellError.REF]], [0.3, 0.7]), CellError.REF),
        (([["x", CellError.REF]],), CellError.REF),
        (([[80, 90]], [0.3, 0.6]), VALUE),
        (([[80, 90]], [-0.5, 1.5]), VALUE),
        (([[80, 90]], [0.3, None]), VALUE),
        (([[80, 90]], [0.3, NA]), NA),
        (([[80, 90]], [0.3, 0.3, 0.4]), VALUE),
        (([[80, 90, 70]], [0.3, 0.7]), VALUE),
        (([[80, 101]], [0.3, 0.7], [100, 100]), VALUE),
        (([[80, -1]], [0.3, 0.7], [100, 100]), VALUE),
        (([[80, 90]], [0.3, 0.7], [100]), VALUE),
        (([[80, 90]], [0.3, 0.7], [100, 0]), VALUE),
        (([[80, 90]], MISSING, MISSING, "别的"), VALUE),
        (([[80, 90]], MISSING, MISSING, 7), VALUE),
        (([[80, 90]], MISSING, MISSING, MISSING, 11), VALUE),
        (([[80, 90]], MISSING, MISSING, MISSING, 1.5), VALUE),
        (([[80, 90]], MISSING, MISSING, MISSING, NUM), NUM),
        (([[80, 90]], MISSING, MISSING, MISSING, [1, 2]), VALUE),
        (([[1e308, 1e308]],), NUM),
        (([[float("nan")]],), NUM),
        (([[10**400]],), NUM),
        ((), VALUE),
        ((MISSING,), VALUE),
        (([[1]], 1, 1, 1, 1, 1), VALUE),
        (([[1, 2], [3]],), VALUE),
        (([[object()]],), VALUE),
        (([object()],), VALUE),
        ((object(),), VALUE),
        (([],), VALUE),
    ],
)
def test_score(arguments: tuple[Any, ...], expected: Any) -> None:
    assert call("SCORE", *arguments) == expected


def test_every_row_of_a_block_is_a_score_of_its_own() -> None:
    block = [[80, 90], [None, None], ["x", 1], [100, 100]]
    assert cells(call("SCORE", block, [0.3, 0.7])) == [87, "", VALUE, 100]


@given(st.data())
def test_a_score_is_the_exact_sum_rounded_half_up(data: st.DataObject) -> None:
    row = data.draw(st.lists(scores, min_size=2, max_size=6))
    part = data.draw(weights(len(row)))
    exact = sum((Decimal(str(s)) * Decimal(str(w)) for s, w in zip(row, part, strict=True)), Decimal(0))
    assert call("SCORE", [row], part) == float(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))


@given(st.lists(st.lists(scores | st.none() | st.just(NA), min_size=3, max_size=3), min_size=1, max_size=6))
def test_a_block_gives_what_its_rows_give(block: list[list[Any]]) -> None:
    assert cells(call("SCORE", block)) == [call("SCORE", [row]) for row in block]


@given(st.permutations([12.5, 0.1, 0.2, 99.99, 1e14, 3e-5]))
def test_the_order_of_scores_is_irrelevant(row: list[float]) -> None:
    assert call("SCORE", [row], MISSING, MISSING, MISSING, 5) == 100000000000112.79003


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((10, [[1, 0.5]]), 8.5),
        ((10, [[1, 0.5]], [[2]]), 10.5),
        ((10, [[1, 0.5]], [[2]], MISSING, 10), 10),
        ((10, [[20]]), 0),
        ((10, [[20]], [[3]]), 3),
        ((10, [[20]], MISSING, -5), -5),
        ((10, [[None, 1]]), 9),
        ((10, [[None, None]]), ""),
        ((10, [[-1]]), VALUE),
        ((10, [[1]], [[-1]]), VALUE),
        ((10, [["1"]]), VALUE),
        ((None, [[1]]), VALUE),
        ((10, [[NA]]), NA),
    ],
)
def test_item(arguments: tuple[Any, ...], expected: Any) -> None:
    assert call("ITEM", *arguments) == expected


def test_item_of_a_block_with_additions_beside_it() -> None:
    assert cells(call("ITEM", 10, [[1, 2], [3, 4]], column(1, 2))) == [8, 5]
    assert call("ITEM", 10, [[1, 2], [3, 4]], column(1, 2, 3)) == VALUE


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (([[3, 1]], [0.5, 2]), 3.5),
        (([[3, 1]], [0.5, 2], [1, None]), 3),
        (([[None, 1]], [0.5, 2]), 2),
        (([[None, None]], [0.5, 2]), ""),
        (([[-1, 1]], [0.5, 2]), VALUE),
        (([[1, 1]], [0.5]), VALUE),
        (([[1, 1]], [0.5, 2], [1]), VALUE),
    ],
)
def test_deduct(arguments: tuple[Any, ...], expected: Any) -> None:
    assert call("DEDUCT", *arguments) == expected


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (([[30, 6, 1, 0]], [1, 0.8, 0.7, 0.5], 25), 35.5 / 37 * 25),
        (([[10, 0]], [1, 0.5]), 100),
        (([[10, None]], [1, 0.5], 100, 12, 0.8), 100),
        (([[8, 0]], [1, 0.5], 100, 10, 0.8), 100),
        (([[7, 0]], [1, 0.5], 100, 10, 0.8), NA),
        (([[11, 0]], [1, 0.5], 100, 10, 0.8), VALUE),
        (([[0, 0]], [1, 0.5]), DIV0),
        (([[None, None]], [1, 0.5]), ""),
        (([[1.5, 0]], [1, 0.5]), VALUE),
        (([[-1, 2]], [1, 0.5]), VALUE),
        (([[1]], [1, 0.5]), VALUE),
        (([[1, 2]], [1, 0.5], 100, 10, 1.5), VALUE),
    ],
)
def test_vote(arguments: tuple[Any, ...], expected: Any) -> None:
    found = call("VOTE", *arguments)
    assert found == (pytest.approx(expected, rel=1e-15) if isinstance(expected, float) else expected)


def test_votes_of_everybody_with_their_own_number_of_voters() -> None:
    assert cells(call("VOTE", [[9, 1], [1, 1]], [1, 0], 100, column(10, 10), 0.8)) == [90, NA]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (([[90, 85, 70, 95]],), 87.5),
        (([[90, 85, None, 95]],), 90),
        (([[90, 85]],), NUM),
        (([[90, 85]], 0, 1), 90),
        (([[90, 85]], 0, 0), 87.5),
        (([[90, 85, 80]], 1.5), VALUE),
        (([[90, 85, 80]], -1), VALUE),
        (([[90, "x", 80]],), VALUE),
    ],
)
def test_trim(arguments: tuple[Any, ...], expected: Any) -> None:
    assert call("TRIM", *arguments) == expected


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((12, [8, 12, 10], 30), 36),
        ((12, [8, 12, 10], 30, 30), 30),
        ((12, [8, None, 12, 10], 30), 36),
        (("", [8, 12], 30), ""),
        ((1, [0, 0], 30), DIV0),
        ((-1, [1, 1], 30), VALUE),
        ((1, [-1, 1], 30), VALUE),
        ((1, [1, NA], 30), NA),
        ((1, [1, 2], 30), 20),
        ((column(8, 12), column(8, 12), 30), (24, 36)),
    ],
)
def test_workload(arguments: tuple[Any, ...], expected: Any) -> None:
    found = call("WORKLOAD", *arguments)
    assert tuple(cells(found)) == (expected if isinstance(expected, tuple) else (expected,))


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (([[0.3, 0.2, 0.5]], ["是", "", "是"]), ((0.375, 0, 0.625),)),
        ((column(0.3, 0.2, 0.5), ["是", "否", 90]), ((0.375,), (0,), (0.625,))),
        (([[30, 20, 50]], [1, 2, 3], 100), ((30, 20, 50),)),
        (([[0.5, 0.5]], ["", "否"]), DIV0),
        (([[0.5, 0.5]], ["是"]), VALUE),
        (([[0.5, 0.5]], ["是", True]), VALUE),
        (([[0.5, 0.5]], ["是", NA]), NA),
        (([[-0.5, 1.5]], ["是", "是"]), VALUE),
        (([[1, 2], [3, 4]], [1, 2, 3, 4]), VALUE),
    ],
)
def test_weights(arguments: tuple[Any, ...], expected: Any) -> None:
    assert call("WEIGHTS", *arguments) == expected


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (([[85, 90]], [0.3, 0.7], ["师德", "业绩"]), "师德 85×30% + 业绩 90×70% = 88.50"),
        (([[85, 90]], [30, 70]), "85×30% + 90×70% = 88.50"),
        (([[85, 90.5]],), "85 + 90.5 = 175.50"),
        (([[45, 80]], [0.3, 0.7], ["甲", 2], [50, 100]), "(甲 45÷50×30% + 2 80÷100×70%)×100 = 83.00"),
        (([[45, 80]], MISSING, ["甲", None], [50, 100]), "(甲 45 +  80)÷150×100 = 83.33"),
        (([[45, 80]], MISSING, ["甲"]), VALUE),
        (([[45, 80]], MISSING, ["甲", NA]), NA),
        (([[45, None]], [0.3, 0.7]), VALUE),
    ],
)
def test_explain(arguments: tuple[Any, ...], expected: Any) -> None:
    assert call("EXPLAIN", *arguments) == expected


def test_a_column_of_marks_is_one_set_of_marks() -> None:
    assert call("TRIM", column(90, 85, None, 70, 95)) == 87.5
    assert call("TRIM", column(90, 85, 70, 95), 2, 1) == 85
    assert call("TRIM", column(90, 85)) == NUM
    assert call("TRIM", column(None, None)) == ""
    assert cells(call("TRIM", [[90, 80, 70], [60, 50, 40]])) == [80, 50]
