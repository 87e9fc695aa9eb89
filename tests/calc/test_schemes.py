"""Every case of every scheme, computed by Calc and by the headless engine: the same in every cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.calc.compare import computed_alike, shown_alike
from tests.calc.office import Office
from tests.support import SLUG, Made, scheme_cases
from workbook_templates.scheme.catalogue import load, sample

pytestmark = pytest.mark.slow
IN_ARRAYS = 2
"""Of each scheme the first cases, the seed's figures and a year with wrong rows, are compared in the array layout as well."""


def in_layouts() -> Iterator[Any]:
    counted: Counter[str] = Counter()
    for param in scheme_cases():
        slug, case = param.values
        yield pytest.param(slug, case, False, id=f"{param.id}-tables")
        if counted[slug] < IN_ARRAYS:
            yield pytest.param(slug, case, True, id=f"{param.id}-arrays")
        counted[slug] += 1


@pytest.mark.parametrize(("slug", "case", "arrays"), list(in_layouts()))
def test_case(slug: str, case: dict[str, Any], arrays: bool, computing: Office, case_book: Made) -> None:
    shown_alike(computing, case_book(slug, case, arrays))


def test_ten_thousand_people(computing: Office, tmp_path: Path) -> None:
    """In the array layout; the people of the sample, again and again."""
    data = sample(SLUG)
    people = data["tables"]["人员"]
    data["tables"]["人员"] = [{**people[i % len(people)], "姓名": f"员工{i}"} for i in range(10_000)]
    computed_alike(computing, load(SLUG), tmp_path / "large.xlsx", data)
