"""What one function does another undoes."""

from __future__ import annotations

import math

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from addin.headless.functions import load
from addin.headless.functions.securities import Coupons
from addin.headless.operators import CellFault

CHANCES = st.floats(1e-6, 1 - 1e-6)
SHAPES = st.floats(0.05, 200)
DEGREES = st.integers(1, 300).map(float)


def call(name: str, *arguments: float | str | bool) -> float:
    return load()[name].compute(*arguments)


@given(CHANCES, SHAPES, SHAPES)
def test_distributions_undo_their_inverses(chance: float, a: float, b: float) -> None:
    for name in ("GAMMA", "BETA"):
        found = call(f"{name}.INV", chance, a, b)
        # Where the density is steep, neighbouring numbers lie far apart in probability.
        assume(1e-250 < found < 1 - 1e-9 or name == "GAMMA")
        assume(found > 1e-250)
        assert math.isclose(call(f"{name}.DIST", found, a, b, True), chance, rel_tol=1e-6)


@given(CHANCES, DEGREES, DEGREES)
def test_distributions_of_tests_undo_their_inverses(chance: float, above: float, below: float) -> None:
    assert math.isclose(call("T.DIST", call("T.INV", chance, above), above, True), chance, rel_tol=1e-8)
    assert math.isclose(call("CHISQ.DIST.RT", call("CHISQ.INV.RT", chance, above), above), chance, rel_tol=1e-8)
    assert math.isclose(call("F.DIST.RT", call("F.INV.RT", chance, above, below), above, below), chance, rel_tol=1e-8)
    assert math.isclose(call("NORM.S.DIST", call("NORM.S.INV", chance), True), chance, rel_tol=1e-12)


@given(
    st.floats(0.0001, 0.5), st.integers(1, 120).map(float), st.floats(-1e5, 1e5), st.floats(-1e5, 1e5), st.booleans()
)
def test_payments_bring_what_is_owed_to_the_end(
    rate: float, periods: float, now: float, later: float, due: bool
) -> None:
    payment = call("PMT", rate, periods, now, later, float(due))
    size = max(1.0, abs(now) * (1 + rate) ** periods, abs(later))
    assert abs(call("FV", rate, periods, payment, now, float(due)) - later) <= 1e-9 * size
    parts = [call("PPMT", rate, float(k), periods, now, later, float(due)) for k in range(1, int(periods) + 1)]
    interest = [call("IPMT", rate, float(k), periods, now, later, float(due)) for k in range(1, int(periods) + 1)]
    assert abs(math.fsum(parts) + math.fsum(interest) - payment * periods) <= 1e-9 * size * periods


@given(st.integers(-512, 511).map(float))
def test_number_systems_lead_back(number: float) -> None:
    assert call("BIN2DEC", call("DEC2BIN", number)) == number
    assert call("HEX2DEC", call("OCT2HEX", call("DEC2OCT", number))) == number


@given(st.integers(1, 3999).map(float), st.integers(0, 4).map(float))
def test_roman_numbers_lead_back(number: float, form: float) -> None:
    assert call("ARABIC", call("ROMAN", number, form)) == number


@settings(max_examples=50)
@given(st.integers(40000, 43000).map(float), st.integers(1, 7000).map(float), st.floats(0, 0.2), st.floats(0.001, 0.2))
def test_yield_undoes_price(settled: float, days: float, rate: float, yields: float) -> None:
    for frequency in (1.0, 2.0, 4.0):
        for basis in range(5):
            arguments = (settled, settled + days, rate)
            price = call("PRICE", *arguments, yields, 100.0, frequency, float(basis))
            assume(price > 1)
            try:
                found = call("YIELD", *arguments, price, 100.0, frequency, float(basis))
            except CellFault:
                # The days before settlement may be more than those that a period is taken to have.
                assert Coupons(settled, settled + days, frequency, float(basis)).share <= 0
                continue
            assert math.isclose(found, yields, abs_tol=1e-8)
