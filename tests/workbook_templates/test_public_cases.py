"""Public schemes of kinds that the library doesn't have, written from docs/scheme-format.md alone.

What is expected was calculated from the words of each scheme with exact fractions, before its file was written.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.workbook_templates.support import NAMES, PUBLIC, case
from workbook_templates.workbook.layout import TABLE_LIMIT


@pytest.mark.parametrize("limit", [TABLE_LIMIT, 0], ids=["tables", "arrays"])
@pytest.mark.parametrize("name", NAMES)
def test_a_public_scheme(
    name: str, limit: int, compute: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbook_templates.workbook.layout.TABLE_LIMIT", limit)
    given = case(name)
    result = compute(str(PUBLIC / f"{name}.toml"), {"tables": given["tables"]})
    for table, expected in given["expected"].items():
        found = [
            {column: row[column] for column in wanted} for row, wanted in zip(result[table], expected, strict=True)
        ]
        assert found == expected, table
