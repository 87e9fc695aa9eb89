"""The inputs that clerks type, for the property tests."""

from __future__ import annotations

from hypothesis import strategies as st

hundredths = st.integers(0, 12_000).map(lambda n: n / 100)
scores = st.one_of(st.integers(0, 100).map(float), hundredths)
points = st.one_of(st.integers(0, 50), hundredths)
money_fen = st.integers(0, 50_000_000)


@st.composite
def weights(draw: st.DrawFn, size: int) -> list[float]:
    """Weights in whole per cent that add up to exactly 1."""
    cuts = sorted(draw(st.lists(st.integers(0, 100), min_size=size - 1, max_size=size - 1)))
    return [(b - a) / 100 for a, b in zip([0, *cuts], [*cuts, 100], strict=True)]


@st.composite
def ratios(draw: st.DrawFn, size: int) -> list[float]:
    return draw(weights(size))
