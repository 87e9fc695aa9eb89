"""What tests share: a way to make and compute workbooks, and LibreOffice where it is installed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from addin.commands.show import SUMMARY, rows
from addin.headless import calculate, read_book
from workbook_templates.build import build
from workbook_templates.scheme import load

Computed = dict[str, Any]


@pytest.fixture
def compute(tmp_path: Path) -> Callable[..., Computed]:
    """Make a scheme's workbook, compute it headless, and read it back as ``kaohe show --json`` does."""

    def run(slug: str, data: dict[str, Any] | None = None, rows_wanted: int | None = None) -> Computed:
        path = tmp_path / f"{slug}.xlsx"
        build(load(slug), path, data, rows_wanted)
        report = calculate(path)
        assert report.problems == ()
        book = read_book(path)
        result: Computed = {name: list(rows(book, name)) for name in book.tables}
        result[SUMMARY] = {line["名称"]: line["值"] for line in result[SUMMARY]}
        return result

    return run


@pytest.fixture(scope="session")
def soffice() -> str:
    """LibreOffice's program; a test that needs it is skipped without it, unless it is required."""
    program = shutil.which("soffice")
    if program is None:
        if os.environ.get("KAOHE_REQUIRE_LIBREOFFICE"):
            pytest.fail("LibreOffice is required here and not installed")
        pytest.skip("LibreOffice is not installed")
    return program
