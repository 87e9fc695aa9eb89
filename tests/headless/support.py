"""What tests of ordinary functions share."""

from __future__ import annotations

import math
from typing import Any

from addin.headless.computation import compute
from addin.xlsx.model import Cell, Sheet, Workbook


def values(formulas: list[str], cells: list[list[Any]] | None = None) -> list[Cell]:
    """What cells with the formulas show beside the given cells."""
    sheet = Sheet("表")
    for row, line in enumerate(cells or []):
        for col, cell in enumerate(line):
            if cell is not None:
                sheet.set(row, col, float(cell) if type(cell) is int else cell)
    for row, formula in enumerate(formulas):
        sheet.formulas[row, 30] = formula
    computed, problems = compute(Workbook({"表": sheet}))
    assert problems == []
    return [computed["表"][row, 30] for row in range(len(formulas))]


def same(ours: Cell, expected: Cell) -> bool:
    if type(ours) is float and type(expected) is float:
        return math.isclose(ours, expected, rel_tol=1e-9, abs_tol=1e-14)
    return type(ours) is type(expected) and ours == expected
