"""The VBA read as Excel runs it: nothing that Excel or Office calls ends in the debugger, and settings are put back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import permutations
from typing import Any

import pytest
from pyopenvba.interpreter import _ast as vba
from pyopenvba.interpreter._inventory_data import MEMBERS
from pyopenvba.interpreter._parse import parse_module
from pyopenvba.interpreter._values import VBAArray, VBAErrorValue

from addin.excel.project import modules
from addin.excel.ribbon import CALLBACKS, own_name
from addin.excel.vbaproject import Kind
from tests.excel.dll import Program
from tests.excel.simulated import Simulated, excel
from tests.excel.standin import at_work
from udfs import FUNCTIONS

MOST_CONTINUED = 24
LONGEST_PROCEDURE = 65_536
EVENT_CLASSES = {"KaoheEvents", "ThisWorkbook"}
SETTING = re.compile(r"^ *Application\.(\w+(?:\.\w+)?) = (.+)$", re.MULTILINE)
RESET_BY_EXCEL = {
    (module, "EnableCancelKey") for module in ("kaohe_jobs", "kaohe_server", "kaohe_ribbon", "kaohe_ribbon_own")
}
"""Microsoft, "Application.EnableCancelKey property (Excel)": as before whenever Excel is idle, as it is after a button and a calculation."""

EXCELS = {
    member
    for owner, members in MEMBERS.items()
    if owner.startswith(("excel:", "office:iribboncontrol"))
    for member in members
}
"""The names in the type libraries of Excel and of the ribbon."""

SOURCES = {module.name: module for own in (False, True) for module in modules(["Sheet1"], own)}
PARSED = {
    name: parse_module(
        module.code.replace("Public WithEvents", "Public"),
        name=name,
        kind="class" if module.kind is Kind.CLASS else "standard",
    )
    for name, module in SOURCES.items()
    if module.code
}
PROCEDURES = [(name, procedure) for name, parsed in PARSED.items() for procedure in parsed.procedures]
CALLED_BY_OFFICE = [
    pytest.param(procedure, id=f"{name}.{procedure.name}")
    for name, procedure in PROCEDURES
    if name in EVENT_CLASSES or procedure.name in {*CALLBACKS, *map(own_name, CALLBACKS)}
]


def statements(found: Any) -> Iterator[vba.Stmt]:
    """All statements of a list of them, inner ones included."""
    for statement in found:
        yield statement
        for inner in ("body", "branches", "blocks", "otherwise"):
            yield from statements(getattr(statement, inner, None) or [])


def test_what_office_calls_is_known() -> None:
    names = {str(procedure.id).rpartition(".")[2] for procedure in CALLED_BY_OFFICE}
    assert {"Workbook_Open", "App_WorkbookOpen", "App_AfterCalculate", *CALLBACKS, *map(own_name, CALLBACKS)} <= names


def catches(procedure: vba.Procedure) -> bool:
    """Whether whatever fails in a procedure stays in it: skipped, or told in one statement at the end."""
    first, *rest = [statement for statement in procedure.body if not isinstance(statement, vba.Dim)]
    if not isinstance(first, vba.OnError) or any(
        isinstance(each, vba.OnError) and each.mode != first.mode for each in statements(rest)
    ):
        return False
    if first.mode == "resume_next":
        return True
    match rest[-3:]:
        case [vba.ExitStmt(), vba.Label(name=label), vba.CallStmt()]:
            return label == first.label
    return False


@pytest.mark.parametrize("procedure", CALLED_BY_OFFICE)
def test_what_office_calls_catches_everything(procedure: vba.Procedure) -> None:
    assert catches(procedure)


@pytest.mark.parametrize(
    "body",
    [
        "Work",
        "On Error GoTo Failed\nWork\nFailed:\nTell",
        "On Error GoTo Failed\nWork\nExit Sub\nFailed:\nTell\nWork",
        "On Error Resume Next\nIf Work() Then\nOn Error GoTo 0\nEnd If\nWork",
    ],
)
def test_what_does_not_catch_everything_would_be_found(body: str) -> None:
    (procedure,) = parse_module(f"Public Sub X()\n{body}\nEnd Sub\n").procedures
    assert not catches(procedure)


def test_a_cells_function_gives_an_error_value_whatever_fails() -> None:
    functions = PARSED["kaohe_functions"].procedures
    assert len(functions) == len(FUNCTIONS)
    assert all(isinstance(each, vba.Assign) for function in functions for each in function.body)
    assert {len(function.body) for function in functions} == {1}
    call, called = (
        [each for each in procedure.body if not isinstance(each, vba.Dim)]
        for procedure in PARSED["kaohe_server"].procedures
        if procedure.name in ("KaoheCall", "Called")
    )
    assert isinstance(call[0], vba.OnError) and call[0].mode == "resume_next"
    error_value, _, first, *rest = called
    assert isinstance(error_value, vba.Assign) and isinstance(first, vba.OnError)
    match rest[-4:]:
        case [vba.ExitStmt(), vba.Label(name=label), vba.Assign(), vba.If()]:
            assert label == first.label
        case others:
            raise AssertionError(others)


@pytest.mark.parametrize("name", PARSED)
def test_nothing_stops_for_the_debugger_and_every_variable_is_declared(name: str) -> None:
    assert "Explicit" in PARSED[name].options
    for procedure in PARSED[name].procedures:
        found = [each for each in statements(procedure.body) if isinstance(each, vba.Stop | vba.EndStmt)]
        assert found == [] and not re.search(r"\bDebug\.", SOURCES[name].code)


@pytest.mark.parametrize("name", PARSED)
def test_lines_and_procedures_are_no_longer_than_vba_takes_them(name: str) -> None:
    code = SOURCES[name].code
    assert max(map(len, re.findall(r"(?:.* _\n)+", code)), default=0) < 4096
    assert all(block.count("\n") <= MOST_CONTINUED for block in re.findall(r"(?:.* _\n)+", code))
    bodies = re.split(r"^End (?:Sub|Function)$", code, flags=re.MULTILINE)
    assert max(map(len, bodies)) < LONGEST_PROCEDURE


OF_COLLECTIONS = {"add", "remove", "count", "raise", "clear", "number", "description"}
"""VBA's own Collection and Err."""
OF_THE_SERVER = {"calludf", "str", "call", "module", "tuplefromarray", "setattr"}


@pytest.mark.parametrize("name", PARSED)
def test_every_member_is_one_that_excel_has(name: str) -> None:
    """Late bound, or behind On Error Resume Next, a misspelt one would fail without a word."""
    code = re.sub(r"'.*", "", re.sub(r'"[^"\n]*"', '""', SOURCES[name].code))
    used = {member.lower() for member in re.findall(r"\.([A-Za-z]\w*)", code)}
    ours = {procedure.name.lower() for _, procedure in PROCEDURES} | {"app"}
    assert used - ours - OF_COLLECTIONS - OF_THE_SERVER <= EXCELS


def test_what_is_set_in_excel_is_put_back_by_the_same_procedure() -> None:
    seen = set()
    for module in SOURCES.values():
        for body in re.split(r"^End (?:Sub|Function)$", module.code, flags=re.MULTILINE):
            last = dict(SETTING.findall(body))
            for setting in last:
                if setting == "StatusBar" or (module.name, setting) in RESET_BY_EXCEL:
                    continue
                assert re.search(rf"^ *{last[setting]} = Application\.{setting}$", body, re.MULTILINE), setting
                seen.add(setting)
    assert {
        "EnableEvents",
        "Calculation",
        "DisplayAlerts",
        "ScreenUpdating",
        "ReferenceStyle",
        "EnableCancelKey",
    } <= seen


EVENTS = """Public App As Object
Private Sub Class_Initialize()
    Made = Made + 1
End Sub
"""


@pytest.fixture
def watching(monkeypatch: pytest.MonkeyPatch) -> Simulated:
    office = excel(monkeypatch, ("kaohe_heal", "kaohe_enter", "kaohe_values", "kaohe_server"))
    office.application.add_module(EVENTS, name="KaoheEvents", kind="class")
    office.application.add_module("Public Made As Long\n", name="counting")
    return office


@pytest.mark.parametrize("is_addin", [True, False])
def test_workbooks_are_watched_once(watching: Simulated, is_addin: bool) -> None:
    watching.state["IsAddin"] = is_addin
    watching.run("KaoheWatch", "KaoheWatch")
    assert watching.evaluate("Made") == 1


def test_after_the_code_was_stopped_the_next_cell_that_is_calculated_watches_again(watching: Simulated) -> None:
    watching.call("KaoheCall", "KAOHE_ROUND", "..", VBAArray([(0, 0)], items=[VBAErrorValue(2042)]))
    assert watching.evaluate("Made") == 1


@pytest.mark.parametrize("is_addin", [True, False])
def test_only_the_addin_looks_after_other_workbooks(watching: Simulated, is_addin: bool) -> None:
    watching.state["IsAddin"] = is_addin
    watching.run('Workbooks.Add.Worksheets(1).Range("B1").Formula = "=KAOHE_SCORE(A1)"')
    watching.entered.clear()
    watching.run("KaoheHealOnce ActiveWorkbook")
    assert bool(watching.entered) is is_addin


def test_what_keeps_cells_from_being_calculated_is_told_once_where_a_workbook_is_opened() -> None:
    """Formulas are entered again without events, so that no AfterCalculate comes ("Application.EnableEvents property (Excel)")."""
    with at_work(lambda python: Program(python, registers_after=None)) as office:
        code = SOURCES["KaoheEvents"].code.replace("WithEvents ", "").replace("Private Sub App_", "Public Sub App_")
        office.application.add_module(code, name="Told", kind="class")
        opened = (
            'Workbooks.Add.Worksheets(1).Range("B1").Formula = "=KAOHE_ROUND(1.005,2)"',
            "told.App_WorkbookOpen ActiveWorkbook",
        )
        office.run("Dim told As New Told", *opened, *opened)
    ((_, told, _, _),) = office.application.dialogs
    assert told.startswith("考核函数暂时无法计算：")


PROTECTED = """Private mBook As Workbook
Public Sub Begin(ByVal Wb As Workbook)
    Set mBook = Wb
End Sub
Public Property Get Workbook() As Workbook
    Set Workbook = mBook
End Property
"""


@pytest.mark.parametrize("order", [*permutations(("App_WorkbookOpen", "App_WorkbookActivate"))])
@pytest.mark.parametrize("active_from", [0, 1, 2])
@pytest.mark.parametrize("was_seen", [False, True])
def test_editing_enabled_a_workbook_is_healed_whatever_event_comes_first(
    monkeypatch: pytest.MonkeyPatch, order: tuple[str, ...], active_from: int, was_seen: bool
) -> None:
    """Microsoft says of the protected view only that BeforeEdit comes before editing is enabled, and that ActiveWorkbook is nothing
    in it; later, somebody activates the workbook again."""
    office = excel(monkeypatch, ("kaohe_heal", "kaohe_enter", "kaohe_values"))
    code = SOURCES["KaoheEvents"].code.replace("WithEvents ", "").replace("Private Sub App_", "Public Sub App_")
    code = code.replace("ByVal Pvw As ProtectedViewWindow", "ByVal Pvw As Object")
    office.application.add_module(code, name="Told", kind="class")
    office.application.add_module(PROTECTED, name="PvWindow", kind="class")
    office.application.add_module(
        "Public Function KaoheHasTrouble() As Boolean\nEnd Function\nPublic Sub KaoheTellTrouble()\nEnd Sub\n"
        "Public Sub KaoheDescribeOnce()\nEnd Sub\n",
        name="others",
    )
    office.run('Workbooks.Add.Worksheets(1).Range("B1").Value = 1')
    book = office.evaluate("ActiveWorkbook")
    office.run("KaoheHealOnce ActiveWorkbook" if was_seen else "")
    office.run('Range("B1").Formula = "=KAOHE_SCORE(A1)"')
    office.entered.clear()

    def event(name: str, given: str = "Workbooks(2)") -> None:
        office.run("Dim told As New Told, window As New PvWindow", "window.Begin Workbooks(2)", f"told.{name} {given}")

    office.application.application.active_book = None
    event("App_ProtectedViewWindowBeforeEdit", "window, False")
    for number, name in enumerate((*order, "App_WorkbookActivate")):
        if number >= active_from:
            office.application.activate_workbook(book)
        event(name)
    assert [formula for _, formula in office.entered] == ["=@KAOHE_SCORE(A1)"]
    assert office.application.dialogs == []


def test_esc_while_the_library_waits_for_a_server_ends_no_code() -> None:
    with at_work(lambda python: Program(python, registers_after=None)) as office:
        assert office.dll is not None
        office.is_stopping = True
        answers = [office.call("KAOHE_ROUND", 1.0, 2.0) for _ in range(3)]
    assert [answer.number for answer in answers] == [2015] * 3 and office.dll.starts == 1
