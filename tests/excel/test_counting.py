"""What whole workbooks of schemes ask of Python: calls do not grow with the number of people; every value is ``kaohe calc``'s."""

from __future__ import annotations

import pytest

from tests.excel.counting import Step, count

FEW, MANY = 6, 18
MOST_A_COLUMN = 3
STEPS = (Step.EVERYTHING, Step.EDIT, Step.IN_ORDER)


@pytest.mark.parametrize("slug", ["health-centre-heads", "rd-project-bonus", "school-year-grade"])
def test_calls_do_not_grow_with_the_number_of_people(slug: str) -> None:
    few, many = count(slug, FEW, STEPS), count(slug, MANY, STEPS)
    for step in STEPS:
        most = 1 if step is Step.EDIT else MOST_A_COLUMN
        assert many[step].calls <= few[step].calls <= most * few[step].columns, step
        assert many[step].columns == few[step].columns > 0, step
