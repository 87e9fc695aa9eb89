"""Pools divided to the fen."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.udfs.calls import DIV0, NA, NUM, VALUE, call, cells, column
from tests.udfs.strategies import money_fen, points
from udfs import MISSING

PEOPLE = column("甲", "乙", "丙")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((100, column(1, 1, 1)), [33.34, 33.33, 33.33]),
        ((0.05, column(1, 1, 1)), [0.02, 0.02, 0.01]),
        ((3900, column(80, 70, 100)), [1248, 1092, 1560]),
        ((100, column(0.1, 0.2, 0.7)), [10, 20, 70]),
        ((100, column(1, None, 1)), [50, "", 50]),
        ((100, column(1, 0, 1)), [50, 0, 50]),
        ((0, column(1, 2, 3)), [0, 0, 0]),
        ((0, column(0, 0, 0)), [0, 0, 0]),
        ((100, column(0, 0, 0)), [DIV0] * 3),
        ((100, column(None, None, None)), [DIV0] * 3),
        ((0, column(None, None, None)), ["", "", ""]),
        ((100, column(1, -1, 1)), [VALUE] * 3),
        ((100, column(1, "x", 1)), [VALUE] * 3),
        ((100, column(1, NA, 1)), [NA] * 3),
        ((-1, column(1, 1, 1)), [VALUE] * 3),
        ((100.005, column(1, 1, 1)), [VALUE] * 3),
        (("100", column(1, 1, 1)), [VALUE] * 3),
        ((NUM, column(1, 1, 1)), [NUM] * 3),
        ((100, column(1, 1, 2), 40), [30, 30, 40]),
        ((100, column(1, 1, 2), 40, 30), [30, 30, 40]),
        ((100, column(1, 1, 8), column(None, None, 50)), [25, 25, 50]),
        ((100, column(0, 1, 3), MISSING, 30), [30, 30, 40]),
        ((100, column(0, 0, 0), MISSING, column(40, 30, 30)), [40, 30, 30]),
        ((100, column(0, 0, 0), MISSING, 10), [DIV0] * 3),
        ((100, column(0, 1, 1), 30), [NUM] * 3),
        ((100, column(1, 1, 1), 30), [NUM] * 3),
        ((100, column(1, 1, 1), MISSING, 40), [NUM] * 3),
        ((100, column(1, 1, 1), 20, 30), [NUM] * 3),
        ((100, column(1, 1, 1), -5), [VALUE] * 3),
        ((100, column(0, 1, 1), column(None, 30, 30)), [NUM] * 3),
        ((100, column(1, 1, 1), column(20, 30, 50)), [20, 30, 50]),
        ((100, column(1, 1, 1), column(10, 20)), [VALUE]),
        (([["a", 100]], column(1, 1, 1)), [VALUE]),
    ],
)
def test_allocate(arguments: tuple[Any, ...], expected: list[Any]) -> None:
    assert cells(call("ALLOCATE", PEOPLE, PEOPLE, *arguments)) == expected


GROUPS = column("a", "a", "b")


@pytest.mark.parametrize(
    ("pools", "expected"),
    [
        ([["a", 100], ["b", 50]], [25, 75, 50]),
        ([["a", 100], [None, None]], [25, 75, NA]),
        ([["a", 100], ["b", 50], ["b", 60]], [25, 75, VALUE]),
        ([["a", 100], ["b", NUM]], [25, 75, NUM]),
        (100, [VALUE]),
    ],
)
def test_each_group_has_its_own_pool(pools: Any, expected: list[Any]) -> None:
    got = call("ALLOCATE", PEOPLE, PEOPLE, pools, column(1, 3, 1), MISSING, MISSING, GROUPS)
    assert cells(got) == expected


def fen(payments: list[Any]) -> int:
    return sum(int(Decimal(str(one)) * 100) for one in payments)


@given(money_fen, st.lists(points, min_size=1, max_size=25))
def test_payments_add_up_to_the_pool(total: int, values: list[float]) -> None:
    assume(any(values))
    ids = column(*range(len(values)))
    got = cells(call("ALLOCATE", ids, ids, total / 100, column(*values)))
    assert fen(got) == total
    for value, payment in zip(values, got, strict=True):
        share = Decimal(total) * Decimal(str(value)) / sum(Decimal(str(v)) for v in values)
        assert abs(Decimal(str(payment)) * 100 - share) < 1


@given(
    money_fen,
    st.lists(st.tuples(points, st.integers(0, 3000), st.integers(0, 60000) | st.none()), min_size=1, max_size=12),
)
def test_caps_and_floors_are_kept_and_the_pool_still_adds_up(
    total: int, rows: list[tuple[float, int, int | None]]
) -> None:
    ids = column(*range(len(rows)))
    floors = column(*(low / 100 for _, low, _ in rows))
    caps = column(*(None if high is None else max(low, high) / 100 for _, low, high in rows))
    got = cells(call("ALLOCATE", ids, ids, total / 100, column(*(p for p, _, _ in rows)), caps, floors))
    if got[0] in (NUM, DIV0):
        able = [None if high is None else max(low, high) for (p, low, high) in rows if p]
        most = None if None in able else sum(able) + sum(low for p, low, _ in rows if not p)
        assert sum(low for _, low, _ in rows) > total or (most is not None and most < total)
        return
    assert fen(got) == total
    for payment, (_, low, high) in zip(got, rows, strict=True):
        assert payment * 100 >= low - 1e-6
        assert high is None or payment * 100 <= max(low, high) + 1e-6


@given(st.lists(points, min_size=2, max_size=10, unique=True), st.randoms())
def test_only_equal_remainders_depend_on_the_order_of_rows(values: list[float], random: Any) -> None:
    assume(any(values))
    order = list(range(len(values)))
    random.shuffle(order)
    ids = column(*range(len(values)))
    straight = cells(call("ALLOCATE", ids, ids, 1000, column(*values)))
    mixed = cells(call("ALLOCATE", ids, column(*order), 1000, column(*(values[i] for i in order))))
    assert all(abs(a - b) < 0.011 for a, b in zip(straight, mixed, strict=True))
    assert fen(straight) == fen(mixed) == 100000


@given(st.integers(0, 3000), st.sampled_from([("分", 1), ("角", 10), ("元", 100), ("十元", 1000)]), st.data())
def test_payments_are_multiples_of_the_unit_and_add_up(units: int, unit: tuple[str, int], data: st.DataObject) -> None:
    word, size = unit
    values = data.draw(st.lists(points, min_size=1, max_size=8).filter(any))
    ids = column(*range(len(values)))
    got = cells(call("ALLOCATE", ids, ids, units * size / 100, column(*values), MISSING, MISSING, MISSING, word))
    assert fen(got) == units * size
    for value, payment in zip(values, got, strict=True):
        share = Decimal(units) * Decimal(str(value)) / sum(Decimal(str(v)) for v in values)
        assert Decimal(str(payment)) * 100 % size == 0
        assert abs(Decimal(str(payment)) * 100 / size - share) < 1


@pytest.mark.parametrize(
    ("pool", "unit", "expected"),
    [
        (100, "元", [34, 33, 33]),
        (100.1, "元", [NUM] * 3),
        (100.1, "角", [33.4, 33.4, 33.3]),
        (100.01, "角", [NUM] * 3),
        (100.001, "角", [VALUE] * 3),
        (105, 3, [NUM] * 3),
        (0, 3, [0, 0, 0]),
    ],
)
def test_a_pool_is_a_multiple_of_the_unit(pool: float, unit: Any, expected: list[Any]) -> None:
    got = call("ALLOCATE", PEOPLE, PEOPLE, pool, column(1, 1, 1), MISSING, MISSING, MISSING, unit)
    assert cells(got) == expected


def test_limits_are_kept_in_units() -> None:
    got = call("ALLOCATE", PEOPLE, PEOPLE, 100, column(1, 1, 8), 50.99, 20.01, MISSING, "元")
    assert cells(got) == [25, 25, 50]
    got = call("ALLOCATE", PEOPLE, PEOPLE, 100, column(0, 1, 8), MISSING, 20.01, MISSING, "元")
    assert cells(got) == [21, 21, 58]


@pytest.mark.parametrize(
    ("pools", "names", "expected"),
    [
        ([["a", 100], ["b", 50]], ("a", "a", "b"), [25, 75, DIV0]),
        ([["a", 100], ["b", 0]], ("a", "a", "b"), [25, 75, ""]),
        ([["a", 100], ["b", NA]], ("a", "a", "b"), [25, 75, NA]),
        ([["a", 100], ["b", 50]], ("a", "a", "a"), [25, 75, ""]),
        ([["a", 100]], ("a", "a", "b"), [25, 75, ""]),
        ([["a", 100]], ("a", "a", None), [25, 75, ""]),
        ([["a", 100]], ("a", "a", NUM), [25, 75, ""]),
        ([["a", 100]], ("a", "a", True), [25, 75, ""]),
    ],
)
def test_a_pool_of_a_group_in_which_nobody_takes_part(pools: Any, names: Any, expected: list[Any]) -> None:
    got = call("ALLOCATE", PEOPLE, PEOPLE, pools, column(1, 3, None), MISSING, MISSING, column(*names))
    assert cells(got) == expected


def test_nobody_at_all_takes_part() -> None:
    assert cells(call("ALLOCATE", column("甲", None), column("甲", None), 100, column(None, None))) == [DIV0, ""]
