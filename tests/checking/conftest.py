"""The workbook that tests edit, in both layouts."""

from __future__ import annotations

import pytest

from tests.checking.support import filled
from workbook_templates.workbook.layout import TABLE_LIMIT


@pytest.fixture(params=[TABLE_LIMIT, 0], ids=["tables", "arrays"])
def template(request: pytest.FixtureRequest) -> bytes:
    return filled(request.param)
