"""Random formulas of schemes, in tables and in arrays: Calc shows what the headless engine computes.

Blank cells are left out: Calc hands them to functions as 0 where they are arguments of their own.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from addin.headless import calculate
from tests.calc.compare import differences
from tests.calc.office import Office
from tests.workbook_templates import scheme_formulas
from workbook_templates.workbook.build import build

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("limit", [1000, 0], ids=["tables", "arrays"])
@settings(max_examples=4, deadline=None, derandomize=True, phases=[Phase.generate])
@given(
    texts=st.lists(scheme_formulas.formulas, min_size=25, max_size=25, unique=True), people=scheme_formulas.whole_rows
)
def test_random_formulas(limit: int, computing: Office, texts: list[str], people: list[dict[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder, patch("workbook_templates.workbook.layout.TABLE_LIMIT", limit):
        path = Path(folder) / "a.xlsx"
        build(scheme_formulas.scheme(texts), path, scheme_formulas.data(people))
        assert calculate(path).problems == ()
        document = computing.open(path)
        try:
            assert differences(computing, document, path) == [], texts
        finally:
            computing.close(document)
