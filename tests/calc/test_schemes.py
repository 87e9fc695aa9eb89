"""Every case of every scheme, computed by Calc and by the headless engine: the same in every cell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from addin.headless import calculate
from tests.calc.compare import differences
from tests.calc.office import Office
from tests.test_schemes import cases
from workbook_templates.scheme.catalogue import load
from workbook_templates.workbook.build import build
from workbook_templates.workbook.layout import TABLE_LIMIT

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("limit", [TABLE_LIMIT, 0], ids=["tables", "arrays"])
@pytest.mark.parametrize(("slug", "case"), cases())
def test_case(
    slug: str, case: dict[str, Any], limit: int, computing: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbook_templates.workbook.layout.TABLE_LIMIT", limit)
    path = tmp_path / f"{slug}.xlsx"
    build(load(slug), path, {"params": case.get("params", {}), "tables": case["tables"]})
    assert calculate(path).problems == ()
    document = computing.open(path)
    try:
        assert differences(computing, document, path) == []
    finally:
        computing.close(document)


def test_ten_thousand_people(computing: Office, tmp_path: Path) -> None:
    """In the array layout; the people of the sample, again and again."""
    import json

    from tests.support import PROJECT, SLUG

    sample = json.loads((PROJECT / "workbook_templates" / "samples" / f"{SLUG}.json").read_text(encoding="utf-8"))
    people = sample["tables"]["人员"]
    sample["tables"]["人员"] = [{**people[i % len(people)], "姓名": f"员工{i}"} for i in range(10_000)]
    path = tmp_path / "large.xlsx"
    build(load(SLUG), path, sample)
    assert calculate(path).problems == ()
    document = computing.open(path)
    try:
        assert differences(computing, document, path) == []
    finally:
        computing.close(document)
