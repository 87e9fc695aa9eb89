"""Which parts of a formula are calls of our functions: the same for the scanner as for the lexer, in any way of writing."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given

from tests.workbook_templates.formula.formulas import formulas
from workbook_templates.formula.calls import calls, renamed
from workbook_templates.formula.parser import function_name
from workbook_templates.formula.tokens import CALL, FormulaError, tokenise


@given(formulas)
@example('[1]!KAOHE_SCORE(T[达标\'#],"KAOHE_SUM(")')
def test_the_scanner_finds_what_the_lexer_finds(formula: str) -> None:
    try:
        tokens = [token for token in tokenise(formula) if token.kind == CALL]
    except FormulaError:
        assume(False)
    found = [(call.start, call.end + 1, f"KAOHE_{call.short}") for call in calls(formula)]
    ours = [(token, function_name(token)) for token in tokens]
    assert found == [
        (token.start, token.start + len(token.text), name) for token, name in ours if name.startswith("KAOHE_")
    ]


@given(formulas)
def test_renaming_changes_nothing_else(formula: str) -> None:
    assert renamed(formula, lambda call: call.home + call.name) == formula
    plain = renamed(formula, lambda call: f"KAOHE_{call.short}")
    assert all(call.home == "" and call.name == f"KAOHE_{call.short}" for call in calls(plain))
    assert renamed(plain, lambda call: f"KAOHE_{call.short}") == plain
    assert [call.short for call in calls(plain)] == [call.short for call in calls(formula)]


@pytest.mark.parametrize(
    ("formula", "found"),
    [
        ("of:=[.A1]+KAOHE.SCORE([.B1:.C1];2)", ["SCORE"]),
        ("=$'KAOHE_SUM(a'.A1+KAOHE_SUM ($'it''s'.B1)", ["SUM"]),
        ("='file:///C:/KAOHE_SUM(/a.xlsx'#$甲.A1~KAOHE.COEF(1|2)", ["COEF"]),
        ("=人员[[#This Row];[KAOHE_SUM(]]", []),
        ("（KAOHE_SUM(1)", ["SUM"]),
    ],
)
def test_what_the_parser_cannot_read_is_scanned_all_the_same(formula: str, found: list[str]) -> None:
    assert [call.short for call in calls(formula)] == found
