"""What whole workbooks of schemes ask of Python: calls do not grow with the number of people; every value is ``kaohe calc``'s."""

from __future__ import annotations

from tests.excel.counting import Counted, Step, count

SIZES = 6, 18
MOST_A_COLUMN = 3


def counted(slug: str, *steps: Step) -> list[dict[Step, Counted]]:
    return [count(slug, people, steps) for people in SIZES]


def test_calls_do_not_grow_with_the_number_of_people() -> None:
    few, many = counted("rank-steps", Step.EVERYTHING, Step.EDIT)
    everything, edit = many[Step.EVERYTHING], many[Step.EDIT]
    assert everything.calls <= few[Step.EVERYTHING].calls + 5 <= MOST_A_COLUMN * everything.columns
    assert edit.calls <= few[Step.EDIT].calls <= edit.columns


def test_nor_where_excel_calculates_row_by_row_with_nothing_known() -> None:
    few, many = counted("logistics-supervisor", Step.IN_ORDER)
    in_order = many[Step.IN_ORDER]
    assert in_order.calls <= few[Step.IN_ORDER].calls + 5 <= MOST_A_COLUMN * in_order.columns
