"""VBA's part of a macro: copy, start, wait, finish."""

from __future__ import annotations

import os
from typing import Any

import pytest
from pyopenvba.apps.excel._model import Application, Workbook
from pyopenvba.interpreter._objects import MemberSpec

from addin.excel.project import modules
from addin.excel.sentences import SENTENCES
from tests.excel.simulated import Simulated, excel, runnable

ASKED = """Public Asked As String
Public Polls As Long
Public IsEsc As Boolean
Public Function KaoheAsk(ByVal FunctionName As String, ParamArray A() As Variant) As String
    Dim i As Long
    Asked = Asked & FunctionName
    For i = 0 To UBound(A)
        Asked = Asked & "|" & A(i)
    Next i
    Asked = Asked & vbLf
    Select Case FunctionName
        Case "questions": KaoheAsk = QUESTIONS
        Case "answered": If A(1) = "3" Then KaoheAsk = "which one"
        Case "prepare": KaoheAsk = "F"
        Case "poll"
            Polls = Polls + 1
            KaoheAsk = "done"
            If Polls < 3 Then KaoheAsk = "running " & Polls
        Case "finish": KaoheAsk = "told"
    End Select
End Function
Public Function KaoheWasEsc() As Boolean
    KaoheWasEsc = IsEsc
    IsEsc = False
End Function
Public Sub KaoheSetBook(ByVal Wb As Workbook)
    Asked = Asked & "book " & Wb.Name & vbLf
End Sub
"""


def waiting(monkeypatch: pytest.MonkeyPatch, questions: str) -> Simulated:
    office = excel(monkeypatch, ("kaohe_text",))
    (code,) = [module.code for module in modules([]) if module.name == "kaohe_jobs"]
    office.application.add_module(runnable(code), name="kaohe_jobs")
    office.application.add_module(ASKED.replace("QUESTIONS", f'"{questions}"'), name="stand_in")

    def save_copy(book: Any, path: str) -> None:
        office.state["saved"] = path

    monkeypatch.setitem(
        Workbook._vba_members,
        "savecopyas",
        MemberSpec(name="SaveCopyAs", kind="method", getter=save_copy, parameters=("Filename",)),
    )
    cancel_key = MemberSpec(name="EnableCancelKey", kind="property", getter=lambda a: 1, setter=lambda a, value: None)
    monkeypatch.setitem(Application._vba_members, "enablecancelkey", cancel_key)
    return office


def test_a_macro_is_started_on_a_copy_and_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    office = waiting(monkeypatch, "")
    office.run('Range("C3").Select', 'KaoheRunMacro "check"')
    name = office.evaluate("ActiveWorkbook.Name")
    assert office.state["saved"] == os.path.join("F", f"{name}.xlsx")
    assert office.evaluate("Asked").split("\n") == [
        "prepare",
        f"questions|F|check|{office.state['saved']}|'Sheet1'!C3|{name}",
        f"start|F|{office.state['saved']}|check|'Sheet1'!C3|",
        "poll|F",
        "poll|F",
        "poll|F",
        f"book {name}",
        "finish|F",
        "",
    ]
    assert [dialog[1] for dialog in office.application.dialogs] == ["told"]
    assert office.evaluate("Application.StatusBar") is False


def test_the_copy_of_a_workbook_that_was_never_saved_has_an_ending(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its name may have a point, from a template's name: v1.2 becomes v1.21."""
    office = waiting(monkeypatch, "")
    name = MemberSpec(name="Name", kind="property", getter=lambda _: "v1.21")
    monkeypatch.setitem(Workbook._vba_members, "name", name)
    office.run('KaoheRunMacro "check"')
    assert office.state["saved"] == os.path.join("F", "v1.21.xlsx")


def test_the_options_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    office = waiting(monkeypatch, "days")
    office.application.answer_dialogs("3", "2", "")
    office.run('KaoheRunMacro "publicity"')
    asked = office.evaluate("Asked").split("\n")
    assert asked[2:5] == ["answered|F|3", "answered|F|2", f"start|F|{office.state['saved']}|publicity|'Sheet1'!A1|"]


def test_a_failure_is_told_and_nothing_stays_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    office = waiting(monkeypatch, "")
    office.run('ActiveWorkbook.Worksheets(1).Range("A1").Value = 1')

    def full(book: Any, path: str) -> None:
        from pyopenvba.interpreter._values import error

        raise error(61, "Disk full")

    monkeypatch.setitem(
        Workbook._vba_members,
        "savecopyas",
        MemberSpec(name="SaveCopyAs", kind="method", getter=full, parameters=("Filename",)),
    )
    office.run('KaoheRunMacro "check"')
    told = SENTENCES["no_copy"].replace("{1}", "Disk full")
    assert office.application.dialogs[-1][1] == told
    # Nothing stays busy: the next click starts another one.
    office.run('KaoheRunMacro "check"')
    assert [dialog[1] for dialog in office.application.dialogs] == [told, told]


def test_while_one_waits_excel_gets_its_turns_and_no_core_is_kept_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    """DoEvents comes back at once where nothing is to be done (Microsoft, "DoEvents function"): alone it is a loop without a rest."""
    office = waiting(monkeypatch, "")
    interpreter, turns = office.application.interpreter, []
    given = interpreter._intrinsics["doevents"]

    def turn(*arguments: Any) -> Any:
        turns.append(office.evaluate("Polls"))
        return given(*arguments)

    interpreter._intrinsics |= {"doevents": turn}
    office.run('KaoheRunMacro "check"')
    assert [5 <= turns.count(poll) <= 20 for poll in (1, 2)] == [True, True]


def test_esc_that_a_cell_got_while_one_waits_cancels_the_macro(monkeypatch: pytest.MonkeyPatch) -> None:
    office = waiting(monkeypatch, "")
    interpreter = office.application.interpreter
    given = interpreter._intrinsics["doevents"]

    def turn(*arguments: Any) -> Any:
        office.run("IsEsc = True")
        return given(*arguments)

    interpreter._intrinsics |= {"doevents": turn}
    office.run("IsEsc = True", 'KaoheRunMacro "check"')
    assert office.evaluate("Asked").split("\n")[3:] == ["poll|F", "cancel|F", ""]
    assert office.application.dialogs == []
