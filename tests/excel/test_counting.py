"""What whole workbooks of schemes ask of Python: calls do not grow with the number of people; every value is ``kaohe calc``'s."""

from __future__ import annotations

from functools import cache

import pytest

from tests.excel.counting import Counted, Step, count

FEW, MANY = 6, 12
MOST_A_COLUMN = 3
STEPS = (Step.EVERYTHING, Step.EDIT, Step.IN_ORDER)
GROWING = {
    "annual-grade-15pct": 1,
    "clinic-institutions": 3,
    "health-centre-heads": 0,
    "hospital-middle-managers": 5,
    "meiduo-primary": 5,
    "rd-project-bonus": 0,
    "school-year-grade": 0,
}
"""How many calls more there may be: for branches of formulas and single values that only more people have."""


@cache
def counted(slug: str, people: int) -> dict[Step, Counted]:
    return count(slug, people, STEPS)


@pytest.mark.parametrize("slug", GROWING)
def test_calls_do_not_grow_with_the_number_of_people(slug: str) -> None:
    few, many = counted(slug, FEW), counted(slug, MANY)
    for step in STEPS:
        most = 1 if step is Step.EDIT else MOST_A_COLUMN
        assert many[step].calls <= few[step].calls + GROWING[slug], step
        assert many[step].calls <= most * many[step].columns, step
        assert many[step].columns == few[step].columns > 0, step


def test_calls_are_few_a_column_where_tables_are_arrays(monkeypatch: pytest.MonkeyPatch) -> None:
    slug = "school-year-grade"
    rows = counted(slug, FEW)
    monkeypatch.setattr("workbook_templates.workbook.layout.TABLE_LIMIT", 0)
    arrays = count(slug, FEW, STEPS)
    for step in STEPS:
        assert arrays[step].columns == rows[step].columns > 0, step
        assert arrays[step].calls <= MOST_A_COLUMN * arrays[step].columns, step


def test_the_shorter_way_asks_what_vba_asks() -> None:
    slug = "hospital-middle-managers"
    short, whole = counted(slug, FEW), count(slug, FEW, STEPS, is_short=False)
    assert {step: asked(each) for step, each in short.items()} == {step: asked(each) for step, each in whole.items()}


def asked(one: Counted) -> tuple[int, float, int]:
    return one.calls, one.kilobytes, one.columns
