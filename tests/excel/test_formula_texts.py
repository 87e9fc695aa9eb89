"""Texts of formulas taken apart in VBA: calls, their arguments, operators, what stands for the own row."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.excel.simulated import Simulated, excel


@pytest.fixture(scope="module")
def office() -> Iterator[Simulated]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        yield excel(monkeypatch, ())


EXPRESSIONS = [
    ("[@a]*0.3", "T[a]*0.3"),
    ("T[@a]", "T[a]"),
    ("SUM(T[@[a]:[b]])", "SUM(T[[a]:[b]])"),
    ("T[[#This Row],[a]]&\"[@b]\"", "T[a]&\"[@b]\""),
    ("T[[#This Row],[a]:[b]]", "T[[a]:[b]]"),
    ("T[@['[x'] 2]]+T[a]", "T['[x'] 2]+T[a]"),
    ("A1+1", ""),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "expected"), EXPRESSIONS)
def test_an_expression_of_a_row_becomes_one_of_the_columns(office: Simulated, expression: str, expected: str) -> None:
    quoted = expression.replace('"', '""')
    assert office.evaluate(f'KaoheAllRows("{quoted}", "T")') == expected


def test_arguments_are_taken_out_of_a_formula(office: Simulated) -> None:
    formula = '=IF(A1,KAOHE_A("x,(",{1,2},(B1+2),T[@[a,b]]),KAOHE_A(3))'.replace('"', '""')
    start = office.evaluate(f'KaoheNextCall("{formula}", "KAOHE_A", 1)')
    found = [office.evaluate(f'KaoheArgument("{formula}", {start}, {place})') for place in range(5)]
    assert found == ['"x,("', "{1,2}", "(B1+2)", "T[@[a,b]]", ""]
    second = office.evaluate(f'KaoheNextCall("{formula}", "KAOHE_A", {start})')
    assert office.evaluate(f'KaoheArgument("{formula}", {second}, 0)') == "3"


@pytest.mark.parametrize(
    ("expression", "operators", "place"),
    [
        ("[@a]+[@b]-1", "+-", 10),
        ("[@a]*2+F(1-2)", "*/", 5),
        ("-[@a]", "+-", 0),
        ("2*-3", "*/", 2),
        ("F(a+b)", "+-", 0),
        ("(a-b)*2", "+-", 0),
        ('a+b&"c"', "&", 4),
        ("a<=b+c", "=<>", 2),
        ("a=-1", "=<>", 2),
        ("a^-b", "+-", 0),
        ("'x+y'!A1+{1,-2}", "+-", 9),
        ("", "+-", 0),
    ],
)
def test_the_last_operator_outside_of_calls_is_found(
    office: Simulated, expression: str, operators: str, place: int
) -> None:
    quoted = expression.replace('"', '""')
    assert office.evaluate(f'KaoheLastOperator("{quoted}", "{operators}")') == place


@pytest.mark.parametrize(
    ("expression", "name"),
    [("sum(T[@[a]:[b]])", "SUM"), ("KAOHE_ROUND(F(1),2)", "KAOHE_ROUND"), ("F(1)+F(2)", ""), ("(1)", ""), ("F", ""), ("F(1", "")],
)  # fmt: skip
def test_an_expression_that_is_one_call_is_told(office: Simulated, expression: str, name: str) -> None:
    assert office.evaluate(f'KaoheWholeCall("{expression}")') == name
