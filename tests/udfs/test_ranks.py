"""Ranks without gaps, and from below."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.udfs.calls import call, cells, column
from tests.udfs.strategies import scores
from udfs import MISSING

FRONT, BACK, DENSE = "并列靠前", "并列靠后", "中国式"
HIGH, LOW = "高者在前", "低者在前"


@pytest.mark.parametrize(
    ("method", "order", "expected"),
    [
        (FRONT, HIGH, [1, 1, 3, 4, 4, 6]),
        (BACK, HIGH, [2, 2, 3, 5, 5, 6]),
        (DENSE, HIGH, [1, 1, 2, 3, 3, 4]),
        (FRONT, LOW, [5, 5, 4, 2, 2, 1]),
        (BACK, LOW, [6, 6, 4, 3, 3, 1]),
        (DENSE, LOW, [4, 4, 3, 2, 2, 1]),
    ],
)
def test_ranks(method: str, order: str, expected: list[int]) -> None:
    ids = column(*range(6))
    assert cells(call("RANK", ids, ids, column(98, 98, 90, 85, 85, 70), MISSING, MISSING, method, order)) == expected


@given(st.lists(st.tuples(scores, st.integers(0, 2)), min_size=1, max_size=20), st.sampled_from([FRONT, BACK, DENSE]))
def test_from_below_is_from_above_with_everything_negated(rows: list[tuple[float, int]], method: str) -> None:
    ids = column(*range(len(rows)))

    def ranks(sign: int, order: str) -> list[float]:
        values, ties = column(*(sign * value for value, _ in rows)), column(*(sign * tie for _, tie in rows))
        return cells(call("RANK", ids, ids, values, MISSING, ties, method, order))

    assert ranks(1, LOW) == ranks(-1, HIGH)


@given(st.lists(scores, min_size=1, max_size=20))
def test_chinese_ranks_leave_no_gap_and_the_others_agree_at_the_ends(values: list[float]) -> None:
    ids = column(*range(len(values)))
    front, back, dense = (
        cells(call("RANK", ids, ids, column(*values), MISSING, MISSING, method)) for method in (FRONT, BACK, DENSE)
    )
    assert set(dense) == set(range(1, len(set(values)) + 1))
    for value, first, last in zip(values, front, back, strict=True):
        assert last - first == values.count(value) - 1
