"""What whole workbooks of schemes ask of Python: calls do not grow with the number of people; every value is ``kaohe calc``'s."""

from __future__ import annotations

import pytest

from tests.excel.counting import Counted, Step, count

FEW, MANY = 6, 18
MOST_A_COLUMN = 3
STEPS = (Step.EVERYTHING, Step.EDIT, Step.IN_ORDER)


GROWING = {"health-centre-heads": 0, "meiduo-primary": 5, "rd-project-bonus": 0, "school-year-grade": 0}
"""How many calls more there may be: a few, where there are single values that only more people have."""


@pytest.mark.parametrize("slug", GROWING)
def test_calls_do_not_grow_with_the_number_of_people(slug: str) -> None:
    few, many = count(slug, FEW, STEPS), count(slug, MANY, STEPS)
    for step in STEPS:
        most = 1 if step is Step.EDIT else MOST_A_COLUMN
        assert many[step].calls <= few[step].calls + GROWING[slug], step
        assert many[step].calls <= most * many[step].columns, step
        assert many[step].columns == few[step].columns > 0, step


def test_the_shorter_way_asks_what_vba_asks() -> None:
    short, whole = (count("health-centre-staff", FEW, STEPS, is_short=is_short) for is_short in (True, False))
    assert {step: asked(each) for step, each in short.items()} == {step: asked(each) for step, each in whole.items()}


def asked(counted: Counted) -> tuple[int, float, int]:
    return counted.calls, counted.kilobytes, counted.columns
