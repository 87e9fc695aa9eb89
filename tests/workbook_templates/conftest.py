"""Schemes that stand in the tests themselves, computed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.workbook_templates.support import Compute


@pytest.fixture
def compute_text(compute: Compute, tmp_path: Path) -> Compute:
    """What ``compute`` does, of a scheme given as the text of its file."""

    def run(text: str, data: dict[str, Any] | None = None, rows_wanted: int | None = None) -> dict[str, Any]:
        path = tmp_path / "scheme.toml"
        path.write_text(text, encoding="utf-8")
        return compute(str(path), data, rows_wanted)

    return run
