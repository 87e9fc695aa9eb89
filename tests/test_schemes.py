"""Every case of every scheme, computed headless."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.support import CASES, scheme_cases
from workbook_templates.scheme.catalogue import sample, slugs
from workbook_templates.workbook.layout import TABLE_LIMIT

SCORE_DIFFERENCE = 0.005
PUBLISHED_DECIMALS = 2
ERROR = "#ERR"


def test_every_scheme_has_cases_and_a_sample() -> None:
    assert {path.stem for path in CASES.glob("*.json")} == set(slugs())
    assert all(sample(slug)["tables"] for slug in slugs())


@pytest.mark.parametrize("limit", [TABLE_LIMIT, 0], ids=["tables", "arrays"])
@pytest.mark.parametrize(("slug", "case"), scheme_cases())
def test_case(
    slug: str, case: dict[str, Any], limit: int, compute: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In Excel tables with per-row formulas, and in the plain ranges with array blocks of large workbooks."""
    monkeypatch.setattr("workbook_templates.workbook.layout.TABLE_LIMIT", limit)
    result = compute(slug, {"params": case.get("params", {}), "tables": case["tables"]})
    different = []
    for table, expected in case["expect"].items():
        if table == "汇总":
            different += _differences(table, expected, result[table])
            continue
        assert len(result[table]) >= len(expected), f"{table} has too few rows"
        for number, (row, found) in enumerate(zip(expected, result[table], strict=False), start=1):
            different += _differences(f"{table} {number}", row, found)
    assert different == []


def _differences(place: str, expected: dict[str, Any], found: dict[str, Any]) -> list[str]:
    return [
        f"{place} {name}: expected {value!r}, found {found.get(name)!r}"
        for name, value in expected.items()
        if not _same(value, found.get(name))
    ]


def _same(expected: Any, found: Any) -> bool:
    """Equal; only what the scheme leaves unrounded may differ from the case's rounded figure; ``#ERR`` is any error value."""
    if expected == ERROR:
        return isinstance(found, str) and found.startswith("#")
    if isinstance(expected, int | float):
        if not isinstance(found, int | float):
            return False
        unrounded = found != round(found, PUBLISHED_DECIMALS)
        return expected == found or (unrounded and abs(expected - found) <= SCORE_DIFFERENCE)
    return (expected or "") == ("" if found is None else found)
