"""What the builder writes for a scheme and for every word of the format, kept as text: a change of the builder shows as a difference.

``KAOHE_WRITE_SNAPSHOTS=1 pytest tests/workbook_templates/test_snapshots.py`` writes them anew.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from addin.xlsx.model import cell_name
from addin.xlsx.reader import read_workbook
from tests.workbook_templates.support import WORDS
from workbook_templates.scheme.catalogue import load
from workbook_templates.workbook.build import build
from workbook_templates.workbook.layout import TABLE_LIMIT

SNAPSHOTS = Path(__file__).parent / "snapshots"
EXAMPLES = {"words": WORDS, "health-centre-staff": "health-centre-staff"}


@pytest.mark.parametrize("limit", [TABLE_LIMIT, 0], ids=["tables", "arrays"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_formulas(name: str, limit: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbook_templates.workbook.layout.TABLE_LIMIT", limit)
    path = tmp_path / f"{name}.xlsx"
    build(load(EXAMPLES[name]), path)
    written = "\n".join(formulas(path)) + "\n"
    snapshot = SNAPSHOTS / f"{name}-{'tables' if limit else 'arrays'}.txt"
    if os.environ.get("KAOHE_WRITE_SNAPSHOTS"):
        snapshot.write_text(written, encoding="utf-8")
    assert written == snapshot.read_text(encoding="utf-8")


def formulas(path: Path) -> Iterator[str]:
    """The first formula of each run of formulas down a column: the others of a run differ in their row only."""
    for name, sheet in read_workbook(path).sheets.items():
        for row, col in sorted(sheet.formulas, key=lambda place: (place[1], place[0])):
            if (row - 1, col) not in sheet.formulas:
                area = sheet.arrays.get((row, col))
                block = f" {{{area.bottom - area.top + 1} rows}}" if area else ""
                yield f"{name}!{cell_name(row, col)}{block} ={sheet.formulas[row, col]}"
