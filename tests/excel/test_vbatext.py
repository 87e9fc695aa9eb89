"""Texts and values in VBA: what is generated reads back as what was meant, in two other people's Basic."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import assume, example, given, settings
from pyopenvba.interpreter._values import VBAInt

from addin.excel.vbatext import LONGEST_LINE, assignment, literal, procedure
from tests.excel.simulated import Simulated, excel
from tests.workbook_templates.formula.formulas import formulas
from workbook_templates.formula.calls import calls, renamed
from workbook_templates.formula.tokens import FormulaError, tokenise


@pytest.fixture(scope="module")
def office() -> Iterator[Simulated]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        yield excel(monkeypatch, ("kaohe_text", "kaohe_values"))


@pytest.mark.parametrize("text", ["", "KAOHE", '说"是"', "考核\\得分 × 30% · 𠮷", "\n"])
def test_a_text_becomes_ascii_and_reads_back(text: str, office: Simulated) -> None:
    assert literal(text).isascii()
    assert office.evaluate(literal(text)).encode("utf-16-le", "surrogatepass") == text.encode("utf-16-le")


def test_a_long_text_takes_several_statements() -> None:
    lines = assignment("told", "考" * 300)
    assert len(lines) == 3 and max(map(len, lines)) < LONGEST_LINE


def test_a_line_that_vba_does_not_take_is_refused() -> None:
    with pytest.raises(ValueError, match="no line as long"):
        procedure("Public Sub X()", ["x" * LONGEST_LINE])


FORMULAS = {
    "=KAOHE_SCORE(A1)": "=KAOHE_SCORE(A1)",
    r"='C:\Users\a b\kaohe.xlam'!KAOHE_SCORE(A1)*2": "=KAOHE_SCORE(A1)*2",
    "=[1]!KAOHE_SCORE(A1)+kaohe.xlam!KAOHE_COEF(1)": "=KAOHE_SCORE(A1)+KAOHE_COEF(1)",
    "=IF(A1>0,KAOHE.SCORE(A1),0)": "=IF(A1>0,KAOHE_SCORE(A1),0)",
    r"='D:\it''s here\KAOHE.XLAM'!KAOHE_RANK('it''s'!A1)": "=KAOHE_RANK('it''s'!A1)",
    '="KAOHE.SCORE(""A"")"&KAOHE.SCORE(A1)': '="KAOHE.SCORE(""A"")"&KAOHE_SCORE(A1)',
    "=SUM('C:\\[kaohe.xlam]S'!A1)": "=SUM('C:\\[kaohe.xlam]S'!A1)",
    "=XKAOHE.SCORE(1)": "=XKAOHE.SCORE(1)",
    "=KAOHE_": "=KAOHE_",
}


@pytest.mark.parametrize("formula", FORMULAS)
def test_calls_are_written_plainly_whatever_stood_before_them(formula: str, office: Simulated) -> None:
    quoted = formula.replace('"', '""')
    assert office.evaluate(f'KaoheCleanFormula("{quoted}")') == FORMULAS[formula]


@given(formulas)
@example('[1]!KAOHE_SCORE(T[达标\'#],"KAOHE_SUM(")')
@example("_xlfn._xlws.KAOHE.SUM (1)")
@settings(max_examples=100)
def test_excel_sees_the_calls_that_the_formula_core_sees(office: Simulated, formula: str) -> None:
    try:
        tokenise(formula)
    except FormulaError:
        assume(False)
    formula = f"={formula}"
    wanted = renamed(formula, lambda call: f"KAOHE_{call.name[6:]}")
    assert office.call("KaoheCleanFormula", formula) == wanted
    assert office.call("KaoheCallsIn", formula) == len(list(calls(formula)))


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (r"C:\a\kaohe.xlam", "kaohe.xlam"),
        ("https://x.sharepoint.com/a/kaohe.xlam", "kaohe.xlam"),
        ("kaohe.xlam", "kaohe.xlam"),
    ],
)
def test_the_name_of_a_file(path: str, name: str, office: Simulated) -> None:
    assert office.evaluate(f'KaoheFileName("{path}")') == name


@pytest.mark.parametrize(
    ("expression", "everywhere"),
    [
        ("SUM($D6:$F6)+$N6", "SUM($D$3:$F$9)+$N$3:$N$9"),
        ('IF(A6="A6",小数位_A6,LOG10(B6))', 'IF(A$3:A$9="A6",小数位_A6,LOG10(B$3:B$9))'),
        ("'甲 B6'!C6*2", "'甲 B6'!C$3:C$9*2"),
        ("SUM($A$6:$B$9)+1E6", ""),
        ("A6-A5", ""),
        ("SUM($D$6:$D6)", ""),
        ("SUM(D6:D$9)", ""),
    ],
)
def test_cells_of_the_row_become_those_of_all_rows(expression: str, everywhere: str, office: Simulated) -> None:
    assert office.call("KaoheAllCells", expression, VBAInt(6), VBAInt(3), VBAInt(9)) == everywhere
