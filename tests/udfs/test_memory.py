"""What is remembered of shared arguments never shows in a result."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.udfs.calls import NA, call, column
from udfs import MISSING, memory
from udfs.values import ColumnGrid, SharedRows


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    memory._made.clear()


def test_the_same_arguments_are_made_ready_once() -> None:
    made: list[int] = []
    for _ in range(3):
        memory.remembered("X", [((1.0,), (2.0,)), MISSING], lambda: made.append(1) or made)
    assert made == [1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1.0, True),
        (1.0, "1"),
        (None, ""),
        (((1.0,),), ((True,),)),
        (None, MISSING),
        (ColumnGrid([[1.0, 2.0]]), [[1.0, 2.0]]),
    ],
)
def test_what_only_looks_alike_is_told_apart(one: Any, other: Any) -> None:
    assert memory.remembered("X", [one], lambda: "one") == "one"
    assert memory.remembered("X", [other], lambda: "other") == "other"


def test_shared_rows_are_known_by_what_they_are_not_by_where_they_lay() -> None:
    for number in range(3):
        rows = SharedRows(((1.0,), (2.0,)))
        for _ in range(2):
            assert memory.remembered("X", [rows, 5], lambda number=number: number) == number  # type: ignore[misc]
        assert memory.remembered("X", [5, rows], lambda: "other place") == "other place"
        del rows


def test_error_values_and_very_long_columns_are_not_remembered() -> None:
    for arguments in ([NA], [column(*range(memory.LONGEST // 4))]):
        assert memory.remembered("X", arguments, lambda: 1) == 1
        assert memory.remembered("X", arguments, lambda: 2) == 2


def test_the_oldest_is_forgotten() -> None:
    for number in range(memory.MOST + 1):
        memory.remembered("X", [number], lambda number=number: number)  # type: ignore[misc]
    assert len(memory._made) == memory.MOST
    assert memory.remembered("X", [0], lambda: "again") == "again"


@given(st.lists(st.sampled_from([60.0, 75.5, True, "", "75"]), min_size=1, max_size=4))
def test_a_second_call_gives_the_same(scores: list[Any]) -> None:
    people = column(*range(len(scores)))
    first = call("RANK", people, people, column(*scores))
    assert call("RANK", people, people, column(*scores)) == first


def test_what_is_known_of_cells_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("udfs.checks._MOST_REMEMBERED", 2)
    rules = [["得分", "数字", "是", 0, 90, "", "", ""]]
    for score, told in ((1, "通过"), (2, "通过"), (95, "得分:不能大于 90"), (1, "通过"), (95, "得分:不能大于 90")):
        assert call("CHECK", "", [[score]], rules) == told
