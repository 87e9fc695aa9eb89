"""What Calc shows beside what the headless engine has computed: equal to the last digit that counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from addin.headless import Book, calculate, read_book
from addin.xlsx.model import CellError
from tests.calc.office import Office
from workbook_templates.scheme.model import Scheme
from workbook_templates.workbook.build import build

REFUSED = "Err:504"
"""What Calc shows where it won't hand over a range because of an error value in it."""


def differences(office: Office, document: str, path: Path) -> list[str]:
    """Cells of all sheets that differ; see docs/differences.md for what counts as the same."""
    book = read_book(path)
    # Sums of newer versions are not exact beyond the 15 digits that everybody shows and computes with.
    is_exact = not office.is_newer()
    found = []
    for sheet in office.sheets(document):
        broken = broken_blocks(book, sheet)
        for row, line in enumerate(office.sheet(document, sheet)):
            for col, value in enumerate(line):
                expected = shown(book, sheet, row, col)
                if not _equal(expected, value, is_exact) and not _same_trouble(expected, value, (row, col) in broken):
                    found.append(f"{sheet} row {row + 1} column {col + 1}: expected {expected!r}, Calc {value!r}")
    return found


def computed_alike(office: Office, scheme: Scheme, path: Path, data: dict[str, Any]) -> None:
    """Build the scheme's workbook, compute it headless, and fail where Calc shows anything else."""
    build(scheme, path, data)
    assert calculate(path).problems == ()
    shown_alike(office, path)


def shown_alike(office: Office, path: Path) -> None:
    """Fail where Calc shows anything else than a computed workbook holds."""
    document = office.open(path)
    try:
        assert differences(office, document, path) == []
    finally:
        office.close(document)


def shown(book: Book, sheet: str, row: int, col: int) -> Any:
    """A cell's value as Calc tells it: blanks are empty texts, TRUE is 1."""
    value = book.value(sheet, row, col)
    if isinstance(value, CellError):
        return value.value
    if isinstance(value, bool):
        return float(value)
    return "" if value is None else value


def is_error(value: object) -> bool:
    return isinstance(value, str) and (value.startswith("#") or value.startswith("Err:"))


def _equal(expected: object, value: object, is_exact: bool) -> bool:
    if expected == value or is_exact:
        return expected == value
    return isinstance(expected, float) and isinstance(value, float) and f"{expected:.15g}" == f"{value:.15g}"


def _same_trouble(expected: object, value: object, in_broken_block: bool) -> bool:
    return is_error(value) and (is_error(expected) or in_broken_block)


def broken_blocks(book: Book, sheet: str) -> set[tuple[int, int]]:
    """The cells of array formulas of which some cell is an error value, or one that they read: those may break as a whole."""
    areas = book.workbook.sheets[sheet].arrays.values()
    cells = [[(r, c) for r in range(a.top, a.bottom + 1) for c in range(a.left, a.right + 1)] for a in areas]
    return {cell for block in cells if any(is_error(shown(book, sheet, *each)) for each in block) for cell in block}
