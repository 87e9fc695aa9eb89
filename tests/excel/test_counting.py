"""What whole workbooks of schemes ask of Python: calls do not grow with the number of people; every value is ``kaohe calc``'s."""

from __future__ import annotations

from tests.excel.counting import Counted, Step, count

SIZES = 6, 18
MOST_A_COLUMN = 3


def counted(slug: str, *steps: Step) -> tuple[int, list[dict[Step, Counted]]]:
    columns, found = 0, []
    for people in SIZES:
        columns, each = count(slug, people, steps)
        found.append(each)
    return columns, found


def test_calls_do_not_grow_with_the_number_of_people() -> None:
    columns, (few, many) = counted("rank-steps", Step.EVERYTHING, Step.EDIT)
    assert many[Step.EVERYTHING].calls <= few[Step.EVERYTHING].calls + 5 <= MOST_A_COLUMN * columns
    assert many[Step.EDIT].calls <= few[Step.EDIT].calls <= columns


def test_nor_where_excel_calculates_row_by_row_with_nothing_known() -> None:
    columns, (few, many) = counted("logistics-supervisor", Step.IN_ORDER)
    assert many[Step.IN_ORDER].calls <= few[Step.IN_ORDER].calls + 5 <= MOST_A_COLUMN * columns
