"""One call for a whole column: how many calls a recalculation takes, and that what is foreseen is never wrong."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyopenvba.apps.excel._model import Range, Worksheet
from pyopenvba.interpreter._objects import MemberSpec
from pyopenvba.interpreter._values import VBAErrorValue, error

from tests.excel.simulated import Simulated
from tests.excel.standin import at_work

PEOPLE = 12


@pytest.fixture
def office() -> Iterator[Simulated]:
    with at_work() as made:
        table(made, PEOPLE)
        yield made


def table(office: Simulated, people: int) -> None:
    """A table of people with two inputs and columns of each kind that formulas have."""
    last = people + 1
    rows = [
        f'Range("A{row}:C{row}").Value = Array({row - 1}, {60 + row}, {80 - row / 2})' for row in range(2, last + 1)
    ]
    columns = {
        "D": "=KAOHE_SCORE([@[a]:[b]],{0.3,0.7})",
        "E": "=KAOHE_RANK([@n],[n],[score])",
        "F": "=KAOHE_ROUND([@a]*0.3+[@b],1)",
        "G": '=IF([@a]>0,KAOHE_COEF(KAOHE_ROUND([@score]),1.2),"")',
        "H": "=KAOHE_ROUND(([@score]-[@rounded])*2+1,1)",
        "I": "=KAOHE_ROUND(KAOHE_COEF(SUM([@[a]:[b]]),[@rank]),1)",
    }
    office.run(
        'Range("A1:I1").Value = Array("n", "a", "b", "score", "rank", "rounded", "nested", "later", "sum")', *rows,
        f'ActiveSheet.ListObjects.Add(1, Range("A1:I{last}"), , 1).Name = "T"',
        *(f'Range("{column}2:{column}{last}").Formula = "{formula.replace(chr(34), chr(34) * 2)}"' for column, formula in columns.items()),
    )  # fmt: skip


def tables() -> Iterator[tuple[Simulated, int]]:
    """The table with few people, then with more: calls must not depend on their number."""
    for people in (6, 24):
        with at_work() as office:
            table(office, people)
            yield office, people


def values(office: Simulated, column: str, people: int = PEOPLE) -> list[Any]:
    return [office.evaluate(f'Range("{column}{row}").Value') for row in range(2, people + 2)]


def everything(office: Simulated) -> int:
    """Calls of Python for a full recalculation."""
    office.dll.traffic.reset()
    office.recalculate()
    return office.dll.traffic.calls


def at_first(office: Simulated, people: int, formulas: dict[str, str]) -> int:
    """Calls for a full recalculation when nothing is known, with these columns and 1 in the other computed ones."""
    office.run(
        f'Range("D2:I{people + 1}").Formula = "=1"',
        *(f'Range("{column}2:{column}{people + 1}").Formula = "{formula.replace(chr(34), chr(34) * 2)}"' for column, formula in formulas.items()),
        "KaoheForgetAnswers",
    )  # fmt: skip
    return everything(office)


def test_the_values_are_right(office: Simulated) -> None:
    office.recalculate()
    a, b = [60 + row for row in range(2, 14)], [80 - row / 2 for row in range(2, 14)]
    score = [round(x * 0.3 + y * 0.7 + 1e-9, 2) for x, y in zip(a, b, strict=True)]
    assert values(office, "D") == pytest.approx(score)
    assert values(office, "E") == [float(sorted(score, reverse=True).index(each) + 1) for each in score]
    assert values(office, "F") == pytest.approx([round(x * 0.3 + y + 1e-9, 1) for x, y in zip(a, b, strict=True)])
    assert office.evaluate("KaoheTrouble()") == ""


def test_a_full_recalculation_takes_a_few_calls_a_column_whatever_the_number_of_people() -> None:
    calls = []
    for office, _ in tables():
        office.run("KaoheCalculateColumns ActiveWorkbook")
        calls.append(office.dll.traffic.calls)
        assert everything(office) == 0
    assert calls[0] == calls[1] <= 3 * 6


def test_row_by_row_with_nothing_known_takes_as_few_calls_as_column_by_column() -> None:
    """What cells are expected to come to, from answers that are known, stands in for cells that Excel has not calculated."""
    calls = []
    for office, _ in tables():
        office.calculate()
        office.run("KaoheForgetAnswers")
        calls.append(everything(office))
    assert calls[0] == calls[1] <= 3 * 6


FORESEEN = [
    "[@a]-[@b]/2", "-[@a]+[@blank]*2", '[@n]&"/"&[@blank]', "[@n]=3", "[@a]>=[@b]", '[@blank]=""', "[@blank]=0", '[@n]<"3"',
    "([@n]>2)>([@n]>4)", "([@n]>2)*([@n]<5)", 'IF([@n]<=2,"few",IF([@blank]="",[@a],[@b]))', "IF([@n]-1,[@a],[@b])",
    'IFERROR(1/([@n]<>2),"none")', "ISNUMBER([@blank])+1", "IF(ISFORMULA([@n]),[@a],[@b])",
    "SUM([@[n]:[b]])*2", "AVERAGE([@[n]:[b]])", "COUNT([@[b]:[blank]])",
    "ABS([@n]-4)", "[@n]/(2*COUNT([a]))", "[@n]*SUM(T[[a]:[b]])",
    "SUMPRODUCT([@[n]:[b]],[@[a]:[blank]])", 'SUMPRODUCT([@[n]:[b]]*([@[a]:[blank]]<>""))', "SUMPRODUCT(-[@[n]:[b]]*[@n],[@[n]:[b]])/2",
    "SUMPRODUCT(ISNUMBER([@[b]:[blank]])*[@[n]:[a]])", "SUMPRODUCT([@n],[@a])", 'SUMPRODUCT([@[n]:[b]],[@[a]:[blank]]&"")',
    "SUMPRODUCT([@[n]:[b]],([@[n]:[b]]>2)*1,[@[n]:[b]])",
]  # fmt: skip


def test_what_other_rows_come_to_is_foreseen_as_excel_works_it_out() -> None:
    with at_work() as office:
        office.run(
            'Range("A1:E1").Value = Array("n", "a", "b", "blank", "x")',
            *(
                f'Range("A{row}:C{row}").Value = Array({row - 1}, {60 + row * 3}, {80 - row / 2})'
                for row in range(2, 8)
            ),
            'ActiveSheet.ListObjects.Add(1, Range("A1:E7"), , 1).Name = "T"',
        )
        for expression in FORESEEN:
            quoted = expression.replace('"', '""')
            office.run(
                f'Range("E2:E7").Formula = "={quoted}"',
                "Dim ready() As Boolean",
                "ReDim ready(1 To 6)",
                f'Range("G2:G7").Value = KaoheForeseen(Range("E2"), "{quoted}", Range("E2").Value2, 2, 7, ready)',
            )
            assert values(office, "G", 6) == values(office, "E", 6), expression


def test_of_two_calls_of_a_function_each_is_foreseen_for_itself() -> None:
    """A ratio of two sums: what one of them comes to is not taken for the other."""
    calls = []
    for office, people in tables():
        calls.append(
            at_first(office, people, {"D": "=KAOHE_RATIO(100,KAOHE_SUM([@n],[n],[a]),KAOHE_SUM([@n],[n],[b]))"})
        )
    assert calls == [3, 3]


def test_of_a_function_a_call_about_its_row_and_one_about_none_are_both_foreseen() -> None:
    """With the same columns in both: what reads their sum is asked for in all rows at once, when only one row's is there."""
    calls = []
    for office, people in tables():
        formulas = {"D": "=KAOHE_ROUND([@sum],1)", "I": '=KAOHE_SUM([@n],[n],[a])+KAOHE_SUM("?",[n],[a])'}
        calls.append(at_first(office, people, formulas))
    assert calls == [3, 3]


def test_of_a_function_two_calls_with_parameters_in_one_column_are_both_foreseen() -> None:
    """Whether they are the same, so that the second call never asks, or not, so that it is not taken for the first."""
    calls = []
    for office, people in tables():
        formulas = {
            "D": "=KAOHE_ROUND(KAOHE_COEF([@a],$K$40)+KAOHE_COEF([@a],$K$41),1)",
            "E": "=KAOHE_ROUND(KAOHE_COEF([@a],$K$40)+KAOHE_COEF([@a],$K$42),1)",
        }
        office.run('Range("K40:K41").Value = 1.5', 'Range("K42").Value = 2.5')
        calls.append(at_first(office, people, formulas))
        assert values(office, "D", people) == [3.0 * (60 + row) for row in range(2, people + 2)]
        assert values(office, "E", people) == [4.0 * (60 + row) for row in range(2, people + 2)]
    assert calls == [5, 5]


def test_a_call_that_is_answered_from_what_another_one_asked_is_foreseen_like_it() -> None:
    """Not by its text, and in the rows only where it asks the same: a blank cell is no empty text."""
    calls = []
    for office, people in tables():
        office.run(*(f'Range("{cell}").Value = {cell[1:]}' for cell in ("K50", "L50")), 'Range("K51:L51").Value = 2')
        counted = "KAOHE_COUNT([@n],$K$50:$K$51)=1"
        formulas = {
            "I": f'=IF({counted},[@a],IF(KAOHE_COUNT([@n],$L$50:$L$51)>0,"?",IF(KAOHE_COUNT([@n]&"",$L$50:$L$51)>0,"?",[@b])))',
            "D": "=KAOHE_ROUND([@sum],0)",
        }
        calls.append(at_first(office, people, formulas))
        assert values(office, "D", people)[:4] == [79.0, 63.0, 78.0, 78.0]
    assert calls == [3, 3]


def test_what_products_of_cells_of_the_row_add_up_to_is_asked_for_in_all_rows() -> None:
    """Also of cells that Excel has not calculated yet, or not all of them."""
    calls = []
    for office, people in tables():
        formula = (
            '=KAOHE_ROUND(SUMPRODUCT([@[a]:[b]],[@[score]:[rank]])/SUMPRODUCT([@[a]:[b]]*([@[score]:[rank]]<>"")),1)'
        )
        quoted = formula.replace('"', '""')
        office.run(f'Range("F2:I{people + 1}").Formula = "=1"', f'Range("I2:I{people + 1}").Formula = "{quoted}"')
        office.run("KaoheForgetAnswers")
        calls.append(everything(office))
        rows = zip(*(values(office, column, people) for column in "BCDEI"), strict=True)
        assert all(found == pytest.approx((a * d + b * e) / (a + b), abs=0.0501) for a, b, d, e, found in rows)
        office.run('Range("B3").Value = "缺"', 'Range("C4").Value = Empty', 'Range("C5").Value = 99')
        office.calculate()
        found = list(map(str, values(office, "I", people)))
        office.run("KaoheForgetAnswers")
        office.recalculate()
        assert found == list(map(str, values(office, "I", people)))
    assert calls == [3, 3]


def test_cells_of_its_row_where_all_rows_share_the_argument_are_asked_for_together() -> None:
    for office, people in tables():
        formulas = {"D": "=KAOHE_COUNT(65,[@[a]:[b]])+KAOHE_COUNT(75,[@[a]:[b]])"}
        assert at_first(office, people, formulas) == 2
        a, b = [60 + row for row in range(2, people + 2)], [80 - row / 2 for row in range(2, people + 2)]
        assert values(office, "D", people) == [each.count(65) + each.count(75) for each in zip(a, b, strict=True)]


def test_rows_that_leave_out_other_arguments_are_asked_for_together() -> None:
    with at_work() as office:
        table(office, PEOPLE)
        formulas = {"D": '=KAOHE_GRADE([@a],{60;80;90},{"丙";"乙";"甲"},IF([@n]<5,"是",""))'}
        assert at_first(office, PEOPLE, formulas) <= 3


def test_what_was_asked_is_not_asked_again(office: Simulated) -> None:
    office.recalculate()
    assert everything(office) == 0


def test_one_edited_score_takes_at_most_one_call_a_dependent_column(office: Simulated) -> None:
    office.recalculate()
    office.dll.traffic.reset()
    office.run('Range("B5").Value = 99')
    office.calculate()
    log = [given[1] for _, given in office.dll.traffic.log]
    # Score, rank, rounded; the nested column and the sums, four of which change, have two functions each; what the later
    # column has is known from another row.
    assert sorted(log) == [*["KAOHE_COEF"] * 2, "KAOHE_RANK", *["KAOHE_ROUND"] * 3, "KAOHE_SCORE"]
    assert values(office, "D")[3] == pytest.approx(round(99 * 0.3 + 77.5 * 0.7 + 1e-9, 2))
    assert values(office, "E")[3] == 1.0


def test_cells_that_are_not_calculated_yet_cost_nothing(office: Simulated) -> None:
    """Excel calls a function with them and calls again; the first time nothing is asked."""
    office.dll.traffic.reset()
    office.recalculate()
    asked = [given for _, given in office.dll.traffic.log if given[1] == "KAOHE_RANK"]
    assert len(asked) == 1


@pytest.mark.parametrize("is_stale_empty", [True, False])
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    edits=st.lists(
        st.tuples(st.integers(2, 7), st.sampled_from("BC"), st.one_of(st.none(), st.integers(0, 120), st.just("缺"))),
        max_size=5,
    )
)
def test_after_any_edits_every_cell_is_what_a_fresh_start_gives(
    is_stale_empty: bool, edits: list[tuple[int, str, Any]]
) -> None:
    with at_work() as office:
        office.is_stale_empty = is_stale_empty
        table(office, 6)
        office.calculate()
        for row, column, value in edits:
            text = "Empty" if value is None else f'"{value}"' if isinstance(value, str) else str(value)
            office.run(f'Range("{column}{row}").Value = {text}')
            office.calculate()
        found = {column: list(map(str, values(office, column, 6))) for column in "DEFGHI"}
        office.run("KaoheForgetAnswers")
        office.recalculate()
        assert found == {column: list(map(str, values(office, column, 6))) for column in "DEFGHI"}


def test_capitals_and_small_letters_are_told_apart(office: Simulated) -> None:
    """Keys of a VBA collection don't; the values that are kept with them do."""
    office.run(
        'Range("J1").Value = "k": Range("J2").Value = "ab": Range("J3").Value = "AB": Range("J4").Value = "ab"',
        'Range("K1:K3").Value = 0: Range("M1").Value = "ab": Range("M2").Value = "AB": Range("N1").Value = 1: Range("N2").Value = 2',
        'Range("K2:K4").Formula = "=KAOHE_LOOKUP(J2,$M$1:$M$2,$N$1:$N$2)"',
    )
    office.calculate()
    assert [office.evaluate(f'Range("K{row}").Value') for row in (2, 3, 4)] == [1.0, 2.0, 1.0]


def test_rows_of_one_formula_outside_tables_are_asked_for_together(office: Simulated) -> None:
    office.calculate()
    office.run(
        'Range("J2:J9").Value = 1.005', 'Range("J5").Value = 2.005', 'Range("K2:K9").Formula = "=KAOHE_ROUND(J2,2)"'
    )
    office.dll.traffic.reset()
    office.calculate()
    asked = [given for _, given in office.dll.traffic.log if given[1] == "KAOHE_ROUND"]
    assert [office.evaluate(f'Range("K{row}").Value') for row in (2, 5, 9)] == [1.01, 2.01, 1.01]
    assert len([given for given in asked if hasattr(given[2].items[0], "items")]) == 1


def test_rows_that_share_nothing_are_handed_over_together(office: Simulated) -> None:
    """KAOHE_ITEM's full mark is one for all rows of a call: rows with full marks of their own are calls of their own."""
    office.calculate()
    office.run(
        'Range("K2:K13").Value = 3', 'Range("K4").Value = "缺"', 'Range("L2:L13").Formula = "=KAOHE_ITEM(B2,A2,K2)"'
    )
    office.dll.traffic.reset()
    office.calculate()
    assert [given[1] for _, given in office.dll.traffic.log] == ["each"]
    assert values(office, "L") == [VBAErrorValue(2015) if row == 4 else 64.0 for row in range(2, 14)]


@pytest.mark.parametrize("people", [6, 12])
def test_a_filled_down_column_outside_of_tables_is_one_call(office: Simulated, people: int) -> None:
    """As big tables have them beside their arrays: with cells of the row, not of a table."""
    last = people + 1
    office.run(
        'Range("D2:I13").Formula = "=1"',
        f'Range("L2:L{last}").Formula = "=KAOHE_ROUND(SUM($B2:$C2)*0.3,1)"',
        f'Range("M2:M{last}").Formula = "=IF($L2>42.5,KAOHE_ROUND($L2+IF($B2>64,1,2),0),0)"',
        "KaoheForgetAnswers",
    )
    assert everything(office) == 2
    sums = [60 + row + 80 - row / 2 for row in range(2, last + 1)]
    assert values(office, "L", people) == [math.floor(each * 3 + 0.5) / 10 for each in sums]


MAY_BE_REFUSED = (
    (Range, "ListObject"), (Range, "Offset"), (Range, "Resize"), (Range, "Formula"), (Range, "FormulaR1C1"),
    (Worksheet, "Range"), (Worksheet, "Evaluate"), (Worksheet, "UsedRange"),
)  # fmt: skip
"""Microsoft doesn't say what a cell's function may read beside its arguments (170787)."""


def test_where_excel_refuses_to_be_looked_at_each_row_is_asked_for_alone(
    office: Simulated, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = everything_in(office)
    assert all(isinstance(value, float) for column in expected for value in column)
    for owner, name in MAY_BE_REFUSED:
        spec = owner._vba_members[name.lower()]

        def get(*given: Any, read: Any = spec.getter) -> Any:
            if office.is_reading:
                raise error(1004, "Application-defined or object-defined error")
            return read(*given)

        refusing = MemberSpec(name=name, kind=spec.kind, getter=get, setter=spec.setter, parameters=spec.parameters)
        with monkeypatch.context() as refused:
            refused.setitem(owner._vba_members, name.lower(), refusing)
            office.call("KaoheForgetAnswers")
            assert everything_in(office) == expected, name


def everything_in(office: Simulated) -> list[list[Any]]:
    office.recalculate()
    return [values(office, column) for column in "DEFGHI"]
