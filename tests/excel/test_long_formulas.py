"""Array formulas longer than what Excel lets one enter are entered again all the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import assume, example, given, settings
from pyopenvba.interpreter._values import NOTHING

from tests.excel.extended import is_formula
from tests.excel.healing import heal, sheet, with_healing
from tests.excel.simulated import Simulated, excel
from tests.workbook_templates.formula.formulas import formulas


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Simulated:
    return with_healing(monkeypatch)


@pytest.fixture(scope="module")
def parts() -> Iterator[Simulated]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        yield excel(monkeypatch, ())


def long_array(office: Simulated, formula: str, is_known: bool = False) -> str:
    """An array formula in C1:C3 as it stands in a file, where it may be longer than what Excel lets one enter.

    ``is_known``: whether Excel knows its functions once it has read it again.
    """
    office.run(f'Range("C1:C3").FormulaArray = "={"" if is_known else "KAOHE_SCORE"}(A1:A3)"')
    worksheet = office.evaluate("ActiveWorkbook.Worksheets(1)")
    worksheet.cell(1, 3).formula, worksheet.cell(1, 3).stale = formula, True
    return formula


LONG = "=IFERROR(KAOHE_SCORE(A1:A3),0)" + "+0" * 120
NESTED = "=" + "IFERROR(" * 9 + 'IF(LEN(A1:A3&"' + "说明,(" * 30 + '")>3,KAOHE_SCORE(A1:A3),{1;2;3})' + ",0)" * 9


def is_block(office: Simulated) -> bool:
    return sheet(office, 'Range("C1").CurrentArray.Address') == "$C$1:$C$3"


def test_a_long_array_formula_is_entered_where_it_stands(office: Simulated) -> None:
    long = long_array(office, LONG, is_known=True)
    assert heal(office) == [("Replace", long)] and is_block(office)
    assert sheet(office, 'Range("C1").Formula') == long


def test_what_stands_before_the_functions_of_a_long_array_formula_is_taken_away(office: Simulated) -> None:
    long_array(office, LONG.replace("KAOHE_", "'C:\\USERS~1\\kaohe.xlam'!KAOHE."), is_known=True)
    assert heal(office) == [("Replace", LONG)] and is_block(office)


@pytest.mark.parametrize(
    "formula",
    [NESTED, '=IF(A1:A3="KAOHE.SCORE(",KAOHE.SCORE(A1:A3),SUM(' + ("MAX(" + "A1:A3," * 12 + "1),") * 4 + "0))"],
)
def test_a_long_array_formula_that_stays_unknown_is_entered_by_parts(office: Simulated, formula: str) -> None:
    long_array(office, formula)
    clean = formula.replace(",KAOHE.", ",KAOHE_")
    entered = heal(office, "Application.ReferenceStyle = -4150")
    assert entered[-1] == ("Replace", clean) and is_block(office)
    (short,) = [text for name, text in entered if name == "FormulaArray"]
    assert len(short) <= 255 and is_formula(short[1:])
    assert office.evaluate("Application.ReferenceStyle") == -4150


WITHOUT_ARGUMENTS = "=KAOHE_SCORE(A1:A3)" + "+0" * 120


def test_one_that_has_no_parts_spills(office: Simulated) -> None:
    long = long_array(office, WITHOUT_ARGUMENTS)
    assert heal(office)[-1] == ("Formula2", long)
    assert sheet(office, 'Range("C1").HasArray') is False


def test_one_that_an_old_excel_does_not_take_is_left_and_told_of(office: Simulated) -> None:
    long = long_array(office, WITHOUT_ARGUMENTS)
    office.state["Unknown"] = ("Formula2",)
    heal(office)
    (_, told, _, _) = office.application.dialogs[-1]
    assert "Excel 不接受" in told and told.endswith("Sheet1!C1\n")
    assert sheet(office, 'Range("C1").Formula') == long and is_block(office)


def test_one_that_excel_takes_in_no_way_stays_as_a_text(office: Simulated) -> None:
    long = long_array(office, WITHOUT_ARGUMENTS)
    office.state["Refused"] = ("Formula2",)
    heal(office)
    assert office.application.dialogs[-1][1].endswith("Sheet1!C1\n")
    assert sheet(office, 'Range("C1").Value') == long


@given(formulas)
@example(NESTED[1:])
@settings(max_examples=50)
def test_the_parts_of_a_long_formula_are_formulas_and_make_it_again(parts: Simulated, formula: str) -> None:
    assume(is_formula(formula))
    found = parts.call("KaoheParts", f"={formula}", 60)
    assume(found is not NOTHING)
    *arguments, whole = [str(found.Item(place)) for place in range(1, found.Count() + 1)]
    assert max(map(len, [*arguments, whole])) <= 60
    for number in range(len(arguments), 0, -1):
        assert is_formula(whole[1:]) and whole.count(f"Kaohe{number:03}") == 1
        whole = whole.replace(f"Kaohe{number:03}", arguments[number - 1])
    assert whole == f"={formula}"
