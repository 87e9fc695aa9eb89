"""What is known is given again only to the very same question, is not asked for twice, and is bounded."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.excel.simulated import Simulated
from tests.excel.standin import at_work

PEOPLE = 6


@pytest.fixture
def office() -> Iterator[Simulated]:
    with at_work() as made:
        made.run(*(f'Range("A{row}:B{row}").Value = Array({row}, {20 - row})' for row in range(1, PEOPLE + 1)))
        yield made


def calls(office: Simulated, *lines: str) -> int:
    """How often Python is asked for what these statements make Excel calculate."""
    traffic = office.dll.traffic
    traffic.reset()
    office.run(*lines)
    office.calculate()
    assert office.evaluate("KaoheTrouble()") == ""
    return traffic.calls


def value(office: Simulated, cell: str) -> object:
    return office.evaluate(f'Range("{cell}").Value')


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=KAOHE_COUNT(1,$A$1:$A$6)+10*KAOHE_COUNT(1,$C1)", 1.0),
        ("=KAOHE_COUNT(1,$C1)+10*KAOHE_COUNT(1,$A$1:$A$6)", 10.0),
        ("=SUM(KAOHE_COUNT($A$1:$A$2,$A$1:$A$6))+10*KAOHE_COUNT(A1,$A$1:$A$6)", 12.0),
    ],
)
def test_a_blank_cell_is_not_taken_for_what_rows_share(office: Simulated, formula: str, expected: float) -> None:
    calls(office, f'Range("F1:F6").Formula = "{formula}"')
    assert [value(office, f"F{row}") for row in range(1, 7)] == [expected] * 6


def test_what_array_formulas_ask_alike_is_asked_once(office: Simulated) -> None:
    arrays = [
        f'Range("{column}1:{column}6").FormulaArray = "=KAOHE_ROUND($B$1:$B$6/8,{int(column == "E")})"'
        for column in "DEFG"
    ]
    assert calls(office, *arrays) == 2
    assert [value(office, f"{column}1") for column in "DEFG"] == [2.0, 2.4, 2.0, 2.0]


def test_an_array_formula_is_asked_anew_where_a_value_is_another_and_known_where_it_is_as_before(
    office: Simulated,
) -> None:
    rank = 'Range("D1:D6").FormulaArray = "=KAOHE_RANK($A$1:$A$6,$A$1:$A$6,$B$1:$B$6)"'
    assert calls(office, rank) == 1
    assert calls(office, 'Range("B6").Value = 99') == 1
    assert [value(office, f"D{row}") for row in (1, 6)] == [2.0, 1.0]
    assert calls(office, 'Range("B6").Value = "\'99"') == 1
    assert calls(office, 'Range("B6").Value = 14') == 0
    assert [value(office, f"D{row}") for row in (1, 6)] == [1.0, 6.0]


def test_where_too_much_is_kept_what_was_not_asked_since_goes(office: Simulated) -> None:
    answers = office.application.interpreter.modules["kaohe_answers"].variables

    def fill_up() -> None:
        answers["mkept"].value = 2e6

    calls(office, 'Range("D1").Formula = "=KAOHE_COUNT(1,A1:A6)"', 'Range("D2").Formula = "=KAOHE_COUNT(2,A1:A6)"')
    fill_up()
    calls(office, 'Range("E1").Formula = "=KAOHE_COUNT(20,B1:B6)"')
    few = answers["mkept"].value
    again = 'Range("D1").Formula = "=KAOHE_COUNT(1,A1:A6)"'
    assert calls(office, again) == 0
    assert few < answers["mkept"].value < 100
    fill_up()
    assert calls(office, 'Range("E1").Formula = "=KAOHE_COUNT(19,B1:B6)"') == 1
    fill_up()
    assert calls(office, 'Range("E1").Formula = "=KAOHE_COUNT(18,B1:B6)"') == 1
    assert calls(office, again) == 1


def test_what_the_function_wizard_asks_is_not_taken_from_the_formula_that_the_cell_still_has(office: Simulated) -> None:
    calls(office, 'Range("F1:F6").Formula = "=KAOHE_ROUND($A1*2,0)"')
    office.caller = office.evaluate('Range("F3")')
    assert office.call("KAOHE_ROUND", office.evaluate('Range("B3")'), 0.0) == 17.0
    office.caller = None
    assert calls(office, 'Range("F1:F6").Formula = "=KAOHE_ROUND($B1,0)"') <= 1
    assert [value(office, f"F{row}") for row in range(1, 7)] == [20.0 - row for row in range(1, 7)]
