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
        "Dim a As Variant, b As Variant, ready As Boolean, i As Long",
        f"ready = KaoheRead(Array({', '.join(arguments)}), a, b)",
        "If Not ready Then a = Array()",
        "For i = 0 To UBound(a)",
        "If ready Then ready = KaoheIsReady(b(i), a(i))",
        "Next i",
        f"Debug.Print ready: Debug.Print {show}",
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


def test_cells_that_excel_calculates_later_have_no_values_yet(office: Simulated) -> None:
    office.run('Worksheets("Data").Range("C3").Formula = "=A3*2"', 'Worksheets("Data").Range("C4").Formula = "=A4*2"')
    data = office.application.workbooks()[0].sheet_named("Data")
    office.is_reading = True
    for row, calculated in ((3, False), (4, False), (5, True)):
        # D3:D5 are blank; C3 and C4 have formulas.
        assert blocks(office, f'Worksheets("Data").Range("C{row}")', show="1")[0] == str(calculated)
    assert blocks(office, 'Worksheets("Data").Range("C3:D4")', show="1")[0] == "False"
    assert blocks(office, 'Worksheets("Data").Range("D3:D4")', show="1")[0] == "True"
    office.is_reading = False
    assert data.cells_[(3, 3)].formula and blocks(office, 'Worksheets("Data").Range("C3:D4")', show="a(0)(2, 1)") == [
        "True",
        "8",
    ]


SAME = [
    ("1.5", "1.5", True), ("1.5", "1.6", False), ('"a"', '"A"', False), ('"a"', '"a"', True), ("1#", "True", False),
    ("0#", "Empty", False), ("Empty", "Empty", True), ("CVErr(2042)", "CVErr(2042)", True),
    ("CVErr(2042)", "CVErr(2015)", False), ('"1"', "1#", False), ("Array(1#, 2#)", "Array(1#, 2#)", True),
    ("Array(1#, 2#)", "Array(1#, 3#)", False), ("Array(1#, 2#)", "Array(1#, 2#, 3#)", False), ("Array(1#)", "1#", False),
    ('Array(Range("A3:B4").Value2)', 'Array(Range("A3:B4").Value2)', True),
    ('Array(Range("A3:B4").Value2)', 'Array(Range("A3:C4").Value2)', False),
    ('Range("A3:B4").Value2', 'Range("A3:B4").Value2', True), ('Range("A3:B4").Value2', 'Range("A3:C4").Value2', False),
    ('Range("A3:B4").Value2', 'Range("A4:B5").Value2', False),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "expected"), SAME)
def test_values_are_the_same_only_if_everything_about_them_is(
    office: Simulated, one: str, other: str, expected: bool
) -> None:
    office.run('Worksheets("Data").Activate')
    shown = answer(office, f"a = {one}; b = {other}; Debug.Print KaoheSame(a, b)")
    assert shown == str(expected)


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
