"""Every case of every scheme, computed by Calc and by the headless engine: the same in every cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.calc.compare import computed_alike
from tests.calc.office import Office
from tests.support import SLUG, scheme_cases
from workbook_templates.scheme.catalogue import load, sample
from workbook_templates.workbook.layout import TABLE_LIMIT

pytestmark = pytest.mark.slow
IN_ARRAYS = 2
"""Of each scheme the first cases, the seed's figures and a year with wrong rows, are compared in the array layout as well."""


def in_layouts() -> Iterator[Any]:
    counted: Counter[str] = Counter()
    for param in scheme_cases():
        slug, case = param.values
        yield pytest.param(slug, case, TABLE_LIMIT, id=f"{param.id}-tables")
        if counted[slug] < IN_ARRAYS:
            yield pytest.param(slug, case, 0, id=f"{param.id}-arrays")
        counted[slug] += 1


@pytest.mark.parametrize(("slug", "case", "limit"), list(in_layouts()))
def test_case(
    slug: str, case: dict[str, Any], limit: int, computing: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbook_templates.workbook.layout.TABLE_LIMIT", limit)
    path = tmp_path / f"{slug}.xlsx"
    computed_alike(computing, load(slug), path, {"params": case.get("params", {}), "tables": case["tables"]})


def test_ten_thousand_people(computing: Office, tmp_path: Path) -> None:
    """In the array layout; the people of the sample, again and again."""
    data = sample(SLUG)
    people = data["tables"]["人员"]
    data["tables"]["人员"] = [{**people[i % len(people)], "姓名": f"员工{i}"} for i in range(10_000)]
    computed_alike(computing, load(SLUG), tmp_path / "large.xlsx", data)
