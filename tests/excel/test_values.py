"""Arguments on their way to Python and answers on their way back, as the VBA does it."""

from __future__ import annotations

import pytest

from tests.excel.simulated import Simulated, excel


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Simulated:
    simulated = excel(monkeypatch, ("kaohe_text", "kaohe_values"))
    simulated.run('ActiveSheet.Name = "Data"', 'Range("A3:B3").Value = 3', 'Range("A4").Value = 4')
    simulated.run('Worksheets.Add.Name = "Other"')
    return simulated


def blocks(office: Simulated, *arguments: str, show: str) -> list[str]:
    """What the arguments of a call become, shown by an expression over ``a``."""
    office.application.console.clear()
    office.run(
        f"Dim a As Variant: a = Array({', '.join(arguments)})", "Debug.Print KaoheBlocks(a)", f"Debug.Print {show}"
    )
    return [line.strip() for line in office.application.console]


def test_a_range_goes_over_as_a_block(office: Simulated) -> None:
    assert blocks(office, 'Worksheets("Data").Range("A3:B4")', show="a(0)(1, 2) & a(0)(2, 1) & UBound(a(0), 1)") == [
        "True",
        "342",
    ]


def test_a_cell_goes_over_as_its_value_and_a_number_as_it_is(office: Simulated) -> None:
    assert blocks(office, 'Worksheets("Data").Range("A3")', "5", show="a(0) & a(1)") == ["True", "35"]


def test_whole_columns_are_cut_to_the_used_range(office: Simulated) -> None:
    office.run('Worksheets("Data").Range("A1:B4").Value = 1')
    shown = blocks(
        office,
        'Worksheets("Data").Range("A:A")',
        'Worksheets("Data").Range("B:B")',
        show="UBound(a(0)(0), 1) & UBound(a(1)(0), 1)",
    )
    assert shown == ["True", "44"]


def test_several_areas_have_no_values(office: Simulated) -> None:
    assert blocks(office, 'Worksheets("Data").Range("A3,A4")', show="1")[0] == "False"


def answer(office: Simulated, expression: str) -> str:
    office.application.console.clear()
    office.run("Dim a As Variant, b As Variant", *expression.split("; "))
    return str(office.application.console[-1]).strip()


def test_codes_become_errors_and_numbers_stay(office: Simulated) -> None:
    assert answer(office, "Debug.Print TypeName(KaoheAnswer(CLng(-2146826246)))") == "Error"
    assert answer(office, "Debug.Print CStr(KaoheAnswer(CLng(-2146826246)))") == "Error 2042"
    assert answer(office, "Debug.Print CStr(KaoheAnswer(CLng(-2146826238)))") == "Error 2050"
    assert answer(office, "Debug.Print TypeName(KaoheAnswer(2042#)) & KaoheAnswer(2042#)") == "Double2042"
    assert answer(office, 'Debug.Print TypeName(KaoheAnswer("#N/A"))') == "String"


def test_errors_stand_in_arrays_among_the_values(office: Simulated) -> None:
    shown = answer(
        office,
        "ReDim b(0 To 1, 0 To 0): b(0, 0) = 1.5: b(1, 0) = CLng(-2146826281); a = KaoheAnswer(b); Debug.Print a(0, 0) & CStr(a(1, 0))",
    )
    assert shown == "1.5Error 2007"
    shown = answer(office, "a = KaoheAnswer(Array(1.5, CLng(-2146826273))); Debug.Print a(0) & CStr(a(1))")
    assert shown == "1.5Error 2015"
