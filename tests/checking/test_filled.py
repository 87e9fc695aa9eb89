"""A workbook that was built for other data and filled in anew is the one that would be built."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest

from addin.checking import filled
from addin.headless.session import Session
from tests.support import first_case
from workbook_templates.scheme.catalogue import load

ODD: tuple[Any, ...] = (None, "", "85分", "2019-02-30", " 医 ", True, 0, -1.5, 1e300, math.inf, "#N/A", "=1+1")


def other(value: Any, chance: random.Random) -> Any:
    """The same data with some odd values among them; what names a row stays, so that as many rows are filled."""
    if isinstance(value, dict):
        first, *rest = value.items()
        return dict([first, *((name, chance.choice(ODD) if chance.random() < 0.2 else one) for name, one in rest)])
    return [other(one, chance) for one in value]


def cells(session: Session) -> dict[str, Any]:
    """What stands in the tables and lists, computed."""
    session.compute()
    sheets = session.workbook.sheets
    return {
        name: [
            [(type(cell), cell) for cell in sheets[table.sheet].cells(col, table.first_row - 1, table.last_row)]
            for col in range(table.first_col, table.last_col + 1)
        ]
        for name, table in session.book.tables.items()
    }


@pytest.mark.parametrize("slug", ["health-centre-staff", "clinic-institutions", "township-quarterly"])
def test_filled_in_anew_it_is_as_it_would_be_built(slug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    scheme, chance, first = load(slug), random.Random(slug), first_case(slug)
    second = {
        "tables": {name: other(rows, chance) for name, rows in first["tables"].items()},
        "params": {p.name: chance.choice(ODD) for p in scheme.parameters if chance.random() < 0.3},
        "unit": "河口镇卫生院",
        "period": "2026年度",
    }
    for data in (first, second):
        monkeypatch.setattr(filled, "_built", {})
        built = cells(filled.filled(scheme, data))
        monkeypatch.setattr(filled, "_built", {})
        filled.filled(scheme, second if data is first else first)
        assert len(filled._built) == 1
        assert cells(filled.filled(scheme, data)) == built
        assert len(filled._built) == 1, "it was built, not filled in"
