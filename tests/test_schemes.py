"""Every case of every scheme, computed headless."""

from __future__ import annotations

import re
from typing import Any

import pytest

from addin.headless import read_book
from addin.xlsx.results import results
from tests.differing import SCHEMES, differing
from tests.support import CASES, Made, scheme_cases
from workbook_templates.scheme.catalogue import sample, slugs

ERROR = "#ERR"


def test_every_scheme_has_cases_and_a_sample() -> None:
    assert {path.stem for path in CASES.glob("*.json")} == set(slugs())
    assert all(sample(slug)["tables"] for slug in slugs())


def test_few_schemes_have_every_key_and_function_between_them() -> None:
    texts = {file.stem: file.read_text(encoding="utf-8") for file in SCHEMES.glob("*.toml")}
    told = {
        slug: {*re.findall(r"(?:^|[{,] ?)([a-z_]+) = ", text, re.MULTILINE), *re.findall(r"\b[A-Z_.0-9]+\(", text)}
        for slug, text in texts.items()
    }
    few = differing()
    assert set().union(*told.values()) == set().union(*(told[slug] for slug in few))
    assert len(few) < len(texts) / 2


@pytest.mark.parametrize("arrays", [False, True], ids=["tables", "arrays"])
@pytest.mark.parametrize(("slug", "case"), scheme_cases())
def test_case(slug: str, case: dict[str, Any], arrays: bool, case_book: Made) -> None:
    """In Excel tables with per-row formulas, and in the plain ranges with array blocks of large workbooks."""
    result = results(read_book(case_book(slug, case, arrays)))
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
    """Equal, as what is published is rounded; ``#ERR`` is any error value."""
    if expected == ERROR:
        return isinstance(found, str) and found.startswith("#")
    if isinstance(expected, int | float):
        return isinstance(found, int | float) and expected == found
    return (expected or "") == ("" if found is None else found)
