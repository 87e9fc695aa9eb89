"""In Calc, too, nothing is computed from a value over a formula, and everything is as before once it is undone."""

from __future__ import annotations

from pathlib import Path

import pytest

from addin.headless.session import Session
from addin.xlsx.model import cell_name
from tests.calc.compare import is_error
from tests.calc.office import Office
from tests.support import built, first_case

pytestmark = pytest.mark.slow
FIRST = 5
"""The first row of a table, from 0."""


@pytest.mark.parametrize(
    ("slug", "table", "over", "own", "of_all"),
    [
        ("health-centre-staff", "人员", "绩效考核得分", ["等次", "扣减比例", "实发绩效"], []),
        ("annual-grade-15pct", "人员", "考核得分", ["等次"], ["名次"]),
        ("cashier-monthly", "人员", "校验", ["卫生扣款", "实发奖金"], []),
    ],
)
def test_what_is_computed_from_a_value_over_a_formula_is_an_error(
    office: Office, tmp_path: Path, slug: str, table: str, over: str, own: list[str], of_all: list[str]
) -> None:
    session = Session.of(built(slug, first_case(slug)))
    session.compute()
    session.write(tmp_path / "a.xlsx")
    document = office.open(tmp_path / "a.xlsx")
    place = session.book.tables[table]
    cell = f"{table}!{cell_name(FIRST, place.column(over))}"
    value = session.book.cell(place, FIRST, over)
    before = office.sheet(document, table)
    for given in ([[value]], [[""]], [["通过"]]):
        office.put(document, cell, given)
        rows = office.sheet(document, table)
        assert all(is_error(rows[FIRST][place.column(name)]) for name in own), given
        for name in of_all:
            col = place.column(name)
            ranked = [row for row, line in enumerate(before) if row >= FIRST and isinstance(line[col], float)]
            assert ranked and all(is_error(rows[row][col]) for row in ranked)
        summary = [row[1] for row in office.sheet(document, "汇总")]
        assert any(map(is_error, summary))
        office.undo(document)
        assert office.sheet(document, table) == before
    office.close(document)
