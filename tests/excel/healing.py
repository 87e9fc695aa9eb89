"""Excel with the macros that enter formulas again, and one cell that formulas read."""

from __future__ import annotations

from typing import Any

import pytest

from tests.excel.simulated import Simulated, excel

SCORE = "=@KAOHE_SCORE(A1)"
"""How Excel shows a formula of one value that was stored in a file."""


def with_healing(monkeypatch: pytest.MonkeyPatch) -> Simulated:
    simulated = excel(monkeypatch, ("kaohe_values", "kaohe_heal", "kaohe_enter"))
    simulated.run('Workbooks.Add.Worksheets(1).Range("A1").Value = 5')
    simulated.entered.clear()
    return simulated


def heal(office: Simulated, *before: str, everything: bool = False) -> list[tuple[str, str]]:
    """What is entered again in the active workbook, after these statements."""
    office.run(*before, "ActiveWorkbook.Saved = True")
    office.entered.clear()
    office.run(f"KaoheHeal ActiveWorkbook, {everything}")
    return office.entered


def sheet(office: Simulated, expression: str) -> Any:
    return office.evaluate(f"ActiveWorkbook.Worksheets(1).{expression}")
