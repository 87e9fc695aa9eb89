"""Translated VBA does what the interpreter does."""

from __future__ import annotations

from typing import Any

import pytest
from pyopenvba.interpreter import Interpreter
from pyopenvba.interpreter._values import EMPTY, MISSING, VBAErrorValue

from addin.excel.project import modules
from tests.excel import compiledvalues
from tests.excel.compiled import Project
from tests.excel.compiledvalues import FAST, TYPED
from tests.excel.standin import given

PURE = ("kaohe_text", "kaohe_rows", "kaohe_values")
BLOCK = given([[1.0, "a", None], [True, "A", 0.0]])
FORMULA = "=IF(A1,'C:\\x\\[kaohe.xlam]甲'!KAOHE_A(\"KAOHE_B(\",T[[#This Row],[a]:[b]]),_xll.KAOHE.C(3))"
CALLS = [
    ("KaoheCleanFormula", [FORMULA]),
    ("KaoheCallsIn", [FORMULA]),
    ("KaoheNextCall", [FORMULA, "KAOHE_A", 1]),
    ("KaoheArgument", ["=F(1,{2,3},\"x,\")", 4, 1]),
    ("KaoheAllRows", ["[@a]*T[@[b c]]", "T"]),
    ("KaoheAllCells", ["IF($D6>0,SUM(A6:B6),C6)", 6, 3, 9]),
    ("KaoheFileName", ["https://a/b\\c.xlam"]),
    ("U", ["\\u8003\\u6838 x"]),
    ("KaoheSame", [BLOCK, BLOCK]),
    ("KaoheSame", [BLOCK, given([[1.0, "a", None], [True, "A", None]])]),
    ("KaoheSame", [1.0, "1"]),
    ("KaoheSame", [EMPTY, ""]),
    ("KaoheSame", [VBAErrorValue(2042), VBAErrorValue(2015)]),
    ("KaoheDimensions", [BLOCK]),
    ("KaoheDimensions", [3.0]),
    ("KaoheAnswer", [given([[1, 2.0], [3.0, "x"]])]),
]  # fmt: skip


def interpreter() -> Any:
    made = Interpreter()
    for module in modules([]):
        if module.name in PURE:
            made.add_module(module.code, name=module.name)
    return made


@pytest.mark.parametrize(("name", "arguments"), CALLS)
def test_a_translated_procedure_gives_what_the_interpreter_gives(name: str, arguments: list[Any]) -> None:
    slow, quick = interpreter(), interpreter()
    project = Project(quick, set(PURE))
    assert project.function(*quick.find_procedure(name)) is not None
    assert shown(quick.run(name, arguments)) == shown(slow.run(name, arguments))


def test_what_a_procedure_changes_for_its_caller_is_changed() -> None:
    code = """
    Public Function Twice(ByRef Text As String, Optional ByVal Times As Variant) As String
        Dim i As Long, left As Long
        left = 2
        For i = 1 To left
            Text = Text & "x"
        Next i
        If IsMissing(Times) Then Twice = Text Else Twice = "given"
    End Function
    Public Function Caller() As String
        Dim text As String, parts As Variant
        text = "a"
        Caller = Twice(text)
        parts = Array(1, 2)
        Caller = Caller & text & parts(0)
        On Error Resume Next
        parts(7) = 1
        Caller = Caller & Err.Number
        On Error GoTo Handler
        parts(7) = 1
        Exit Function
    Handler:
        Caller = Caller & "handled"
    End Function
    """
    results = []
    for is_translated in (True, False):
        made = Interpreter()
        made.add_module(code, name="m")
        if is_translated:
            project = Project(made, {"m"})
            assert project.function(*made.find_procedure("Caller")) is not None
        results.append(made.run("Caller"))
    assert results == ["axxaxx19handled"] * 2


def shown(value: Any) -> Any:
    if hasattr(value, "bounds"):
        return value.bounds, [shown(each) for each in value.items]
    return (
        type(value).__name__ if value in (EMPTY, MISSING) else (bool(value) if isinstance(value, bool) else str(value))
    )


@pytest.mark.parametrize("name", [*(name for name, _ in FAST.values()), *TYPED.values()])
def test_short_ways_are_there(name: str) -> None:
    assert callable(getattr(compiledvalues, name))
