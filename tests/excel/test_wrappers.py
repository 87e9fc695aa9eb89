"""What is generated from the registry: a wrapper and a description of every function."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import xlwings
from pyopenvba.apps.excel._model import Application
from pyopenvba.interpreter._objects import MemberSpec
from pyopenvba.interpreter._values import error

from addin.excel.project import modules
from addin.excel.vbaproject import Module
from addin.excel.wrappers import (
    LONGEST_DESCRIPTION,
    MOST_ATTEMPTS,
    RESERVED,
    argument_name,
    described,
    describing_module,
    functions_module,
    kinds,
    shortened,
)
from tests.excel.simulated import Simulated, excel
from udfs import FUNCTIONS
from udfs.registry import Shape, Style, optional, required, udf

WRAPPERS = functions_module(FUNCTIONS.values())


def test_every_function_has_one_wrapper_that_hands_all_arguments_over() -> None:
    for function in FUNCTIONS.values():
        names = [argument_name(parameter) for parameter in function.parameters]
        assert WRAPPERS.count(f"Public Function {function.name}(") == 1
        call = f'{function.name} = KaoheCall("{function.name}", "{kinds(function)}", Array({", ".join(names)}))'
        assert call in WRAPPERS and len(kinds(function)) == len(names)
        assert len({name.lower() for name in names}) == len(names)
        assert all(re.fullmatch(r"[A-Za-z]\w*", name) for name in names), function.name


def test_what_belongs_to_a_row_is_told_apart_from_what_all_rows_share() -> None:
    expected = {
        "KAOHE_SCORE": "r....",
        "KAOHE_COEF": "cr...",
        "KAOHE_RANK": "k.....",
        "KAOHE_CHECK": "cr.C",
        "KAOHE_QUOTA": "...",
    }
    found = {name: kinds(FUNCTIONS[name]) for name in expected}
    assert {name: letters[: len(expected[name])] for name, letters in found.items()} == expected, found


def test_a_wrapper_reads_like_this() -> None:
    assert (
        "Public Function KAOHE_QUOTA(people As Variant, ratios As Variant, Optional rounding As Variant, "
        "Optional cumulation As Variant) As Variant\n"
        '    KAOHE_QUOTA = KaoheCall("KAOHE_QUOTA", "....", Array(people, ratios, rounding, cumulation))\n'
        "End Function\n"
    ) in WRAPPERS


def test_fifteen_arguments_are_no_difficulty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("udfs.registry.FUNCTIONS", {})
    parameters = [
        required("值", "value", Shape.CELL, "", ""),
        *(optional(f"第{n}", f"p{n}", Shape.CELL, "", "") for n in range(14)),
    ]
    udf("KAOHE_LONG", "", "", "", "", "", *parameters, example=("", 0), style=Style.WHOLE)(lambda *_: 0)
    from udfs.registry import FUNCTIONS as OWN

    assert "p13 As Variant) As Variant" in functions_module(OWN.values())
    assert "Dim arguments(1 To 15) As String" in describing_module(OWN.values())


def test_an_argument_that_is_missing_reaches_python_as_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    office = excel(monkeypatch, ("kaohe_functions",))
    office.application.add_module(
        "Public Function KaoheCall(n As String, k As String, a As Variant) As Variant\n"
        "KaoheCall = n & UBound(a) & IsMissing(a(2)) & TypeName(a(0))\nEnd Function\n",
        name="stand_in",
    )
    assert office.evaluate("KAOHE_COEF(91.5, 2)") == "KAOHE_COEF4TrueDouble"
    assert office.evaluate("KAOHE_COEF(91.5, 2, , 3)") == "KAOHE_COEF4TrueDouble"
    assert office.evaluate("KAOHE_COEF(91.5, 2, 1)") == "KAOHE_COEF4FalseDouble"


def describing(monkeypatch: pytest.MonkeyPatch, register: Callable[..., None]) -> Simulated:
    parameters = ("Macro", "Description", "Category", "ArgumentDescriptions")
    spec = MemberSpec(name="MacroOptions", kind="method", getter=register, parameters=parameters)
    monkeypatch.setitem(Application._vba_members, "macrooptions", spec)
    return excel(monkeypatch, ("kaohe_text", "kaohe_describe"))


def test_an_excel_that_takes_no_descriptions_is_not_asked_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        refused.append(True)
        raise error(1004, "Cannot edit a macro on a hidden workbook.")

    refused: list[bool] = []
    office = describing(monkeypatch, refuse)
    office.run("Dim i As Long", f"For i = 1 To {MOST_ATTEMPTS + 5}", "KaoheDescribeOnce", "Next i")
    assert len(refused) == MOST_ATTEMPTS * len(FUNCTIONS)


def test_every_function_is_described_in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    described_ones: dict[str, tuple[str, str, list[str]]] = {}
    refused: list[str] = []

    def register(_: object, macro: str, description: str, category: str, arguments: object) -> None:
        if len(refused) < len(FUNCTIONS):
            refused.append(macro)
            raise error(1004, "Cannot edit a macro on a hidden workbook.")
        assert macro.split("!")[1] not in described_ones
        described_ones[macro.split("!")[1]] = (description, category, list(arguments.items))  # type: ignore[attr-defined]

    office = describing(monkeypatch, register)
    office.run("KaoheDescribeOnce")
    assert described_ones == {} and len(refused) == len(FUNCTIONS)
    office.run("KaoheDescribeOnce", "KaoheDescribeOnce")
    assert set(described_ones) == set(FUNCTIONS)
    for name, (told, category, arguments) in described_ones.items():
        function = FUNCTIONS[name]
        assert (
            told == shortened(f"{function.label}：{function.description}") and category == f"考核 {function.category}"
        )
        assert arguments == [shortened(described(parameter)) for parameter in function.parameters]
        assert max(map(len, [told, *arguments])) <= LONGEST_DESCRIPTION


def test_the_way_to_the_server_is_that_of_the_installed_xlwings() -> None:
    """The library that xlwings installs is declared as its own VBA module declares it, and started the same way."""
    (server,) = [module.code for module in modules([]) if module.name == "kaohe_server"]
    theirs = (Path(xlwings.__file__).parent / "xlwings.bas").read_text(encoding="utf-8")
    declarations = re.findall(r"Declare PtrSafe Function XLPyDLLActivateAuto .*", server)
    assert len(declarations) == 2 and all(declaration in theirs for declaration in declarations)
    assert "xlwings.serve('$(CLSID)')" in theirs and "$(CLSID)" in server
    assert "XLPyDLLActivateAuto(XLPy, XLPyCommand, 1)" in theirs
    third_party = (Path(__file__).parents[2] / "docs" / "third-party.md").read_text(encoding="utf-8")
    assert "BSD 3-clause" in third_party and "Zoomer Analytics" in third_party
    assert "ActiveWorkbook" not in server and "@XLWINGS@" not in server


DECLARED = re.compile(
    r"(?:\b(?:Dim|Private|Public|Static|ByVal|ByRef|Optional|Const|ParamArray)\s+|,\s*)(\w+)(?:\(\))?\s+As\b"
)


@pytest.mark.parametrize("module", modules([]), ids=lambda module: module.name)
def test_no_name_is_a_word_of_vba(module: Module) -> None:
    """``Step``, which a simulation takes, a compiler doesn't; ``Name`` is the one that it does."""
    for line in module.code.splitlines():
        for name in DECLARED.findall(line.split("'")[0]):
            assert name.lower() not in RESERVED - {"name"}, line


def test_a_description_is_as_long_as_excel_takes_it() -> None:
    whole = "述" * LONGEST_DESCRIPTION
    assert shortened(whole) == whole
    assert shortened(whole + "述") == whole[:-1] + "…"


def test_brackets_tell_what_may_be_left_out() -> None:
    given, left_out = (
        required("得分", "score", Shape.CELL, "一格。", ""),
        optional("下限", "low", Shape.SCALAR, "一个数。", ""),
    )
    assert described(given).startswith("得分（") and described(left_out).startswith("[下限]（")
