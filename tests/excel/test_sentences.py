"""Every sentence of the VBA as the user reads it: each is brought about on the stand-in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pyopenvba.apps.excel._model import Application, Workbook, Workbooks
from pyopenvba.interpreter._objects import MemberSpec
from pyopenvba.interpreter._values import error

from addin.excel.project import SOURCES, modules
from addin.excel.reasons import REASONS, reason, said_by_excel
from addin.excel.sentences import SENTENCES
from tests.excel.dll import CLASS_NOT_REGISTERED, FIRST_LINE, Program, cut
from tests.excel.simulated import Simulated, excel
from tests.excel.standin import at_work

SAID = re.compile(r'KaoheSay\("(\w+)"(.*)')
NAMED = re.compile(r'(?:KaoheErrorText\(.*?, |sentence = )"([a-z_]+)"')
VBA = "".join(path.read_text(encoding="ascii") for path in sorted(SOURCES.glob("*.*")))
RIBBON = re.sub(
    r"As IRibbon\w+", "As Object", next(module.code for module in modules([]) if module.name == "kaohe_ribbon")
)
JOBS = """Public IsThere As Boolean
Public Function KaoheAsk(ByVal FunctionName As String, ParamArray A() As Variant) As String
    Static polls As Long
    Select Case FunctionName
        Case "prepare": KaoheAsk = "F"
        Case "file_name": KaoheAsk = "new.xlsx"
        Case "there_is": If IsThere Then KaoheAsk = A(0)
        Case "finish_new": KaoheAsk = "made.xlsx"
        Case "about": Err.Raise 7, , "Out of memory"
        Case "poll"
            polls = polls + 1
            If polls = 1 Then KaoheRunMacro "check"
            KaoheAsk = "done"
            If polls < 3 Then KaoheAsk = "running half"
    End Select
End Function
Public Sub KaoheSetBook(ByVal Wb As Workbook)
End Sub
Public Function KaoheWasEsc() As Boolean
End Function
Public Sub KaoheStopServer()
End Sub
Public Function KaoheTrouble() As String
    KaoheTrouble = "away"
End Function
"""
FAILS = error(1004, "Excel said so")


def test_the_vba_says_what_the_table_has_and_all_of_it() -> None:
    said = {name for name, _ in SAID.findall(VBA)} | set(NAMED.findall(VBA)) | {"unknown_failure"}
    assert said ^ set(SENTENCES) == set()
    for name, rest in SAID.findall(VBA):
        count = len(set(re.findall(r"\{\d\}", SENTENCES[name])))
        assert rest.startswith(")") == (count == 0) and (count < 2 or rest.count(",") >= 2), name


def test_every_sentence_is_chinese_and_ends() -> None:
    for sentence in [*SENTENCES.values(), *(told for _, told in REASONS)]:
        assert re.search(r"[\u4e00-\u9fff]", sentence) and re.search(r"([。？）}]|处)$", sentence), sentence


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Iterator[Simulated]:
    office = excel(monkeypatch, ("kaohe_heal", "kaohe_enter", "kaohe_values", "kaohe_jobs"))
    for name, code in (("kaohe_ribbon", RIBBON.replace("CalculateFull", "Calculate")), ("stand_in", JOBS)):
        office.application.add_module(code, name=name)
    office.application.add_module("Public ID As String\n", name="Control", kind="class")
    office.application.add_module("Public App As Object\n", name="KaoheEvents", kind="class")
    bar = office.state["bar"] = []
    spec = Application._vba_members["statusbar"]
    showing = MemberSpec(name="StatusBar", kind="property", getter=spec.getter, setter=lambda _, text: bar.append(text))
    monkeypatch.setitem(Application._vba_members, "statusbar", showing)
    saving = MemberSpec(name="SaveCopyAs", kind="method", getter=lambda book, path: None, parameters=("Filename",))
    monkeypatch.setitem(Workbook._vba_members, "savecopyas", saving)
    asking = MemberSpec(
        name="GetSaveAsFilename", kind="method", getter=lambda *_: r"C:\new.xlsx", parameters=("A", "B")
    )
    monkeypatch.setitem(Application._vba_members, "getsaveasfilename", asking)
    office.run('Workbooks.Add.Worksheets(1).Range("A1").Value = 5')
    yield office


def failing(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str) -> None:
    def fail(*_: Any) -> Any:
        raise FAILS

    spec = owner._vba_members[name.lower()]
    broken = MemberSpec(name=spec.name, kind=spec.kind, getter=fail, setter=fail, parameters=spec.parameters)
    monkeypatch.setitem(owner._vba_members, name.lower(), broken)


def click(office: Simulated, callback: str) -> None:
    office.run("Dim c As New Control", 'c.ID = "macro.check"', f"{callback} c")


def formula(office: Simulated, *more: str) -> None:
    office.run('Range("B1").Formula = "=KAOHE_SCORE(A1)"', *more)


def cannot_copy(office: Simulated, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, Workbook, "SaveCopyAs")
    click(office, "KaoheMacro")


def cannot_open(office: Simulated, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, Workbooks, "Open")
    office.run('KaoheNewBook "x"')


def cannot_heal(office: Simulated, monkeypatch: pytest.MonkeyPatch) -> None:
    formula(office)
    failing(monkeypatch, Workbook, "LinkSources")
    office.run("KaoheHealOnce ActiveWorkbook")


def refused(office: Simulated, monkeypatch: pytest.MonkeyPatch) -> None:
    office.state["Refused"] = ("Formula2",)
    office.run('Range("B1:B11").Formula = "=KAOHE_SCORE(A1)"', "KaoheHeal ActiveWorkbook, True")


def replaced(office: Simulated, monkeypatch: pytest.MonkeyPatch) -> None:
    office.run("IsThere = True")
    office.application.answer_dialogs(7)
    office.run('KaoheNewBook "x"')


def in_the_cloud(office: Simulated, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = MemberSpec(
        name="GetSaveAsFilename",
        kind="method",
        getter=lambda *_: "https://d.docs.live.net/new.xlsx",
        parameters=("A", "B"),
    )
    monkeypatch.setitem(Application._vba_members, "getsaveasfilename", chosen)
    office.run('KaoheNewBook "x"')


def without_book(office: Simulated, monkeypatch: pytest.MonkeyPatch) -> None:
    office.application.application.active_book = None
    click(office, "KaoheMend")


def closed(office: Simulated, monkeypatch: pytest.MonkeyPatch) -> None:
    book, interpreter = office.application.application.active_book, office.application.interpreter
    waited = interpreter._intrinsics["doevents"]

    def close(*given: Any) -> Any:
        if not book.invalidated:
            book.vba_get("Close", [False])
        return waited(*given)

    interpreter._intrinsics |= {"doevents": close}
    click(office, "KaoheMacro")


BY = "\n".join(f"Sheet1!B{row}" for row in range(1, 11))
PROVOKED: list[tuple[str, tuple[str, ...], Callable[[Simulated, pytest.MonkeyPatch], Any]]] = [
    ("cells_wait", ("away",), lambda office, _: click(office, "KaoheCalculate")),
    ("healing", ("Sheet1",), lambda office, _: formula(office, "KaoheHeal ActiveWorkbook, True")),
    ("healed", ("1",), lambda office, _: (formula(office), click(office, "KaoheMend"))),
    ("not_healed", ("Excel said so",), cannot_heal),
    (
        "locked_sheets",
        ("Sheet1\n",),
        lambda o, _: formula(o, 'ActiveSheet.Protect "x"', "KaoheHeal ActiveWorkbook, True"),
    ),
    ("refused_formulas", (f"{BY}\n{SENTENCES['and_more'].replace('{1}', '11')}\n",), refused),
    ("no_workbook", (), without_book),
    ("busy", (), lambda office, _: click(office, "KaoheMacro")),
    ("book_closed", (), closed),
    ("progress", ("half",), lambda office, _: click(office, "KaoheMacro")),
    ("may_replace", ("C:\\new.xlsx",), replaced),
    ("not_local", ("https://d.docs.live.net/new.xlsx",), in_the_cloud),
    ("no_copy", ("Excel said so",), cannot_copy),
    ("not_opened", ("made.xlsx", "Excel said so"), cannot_open),
    ("unexpected", ("Out of memory",), lambda office, _: click(office, "KaoheRestart")),
]
ELSEWHERE = {"and_more", "no_configuration", "no_library", "not_on_mac", "unknown_failure", "connected"}
"""What needs the calculating program, below, or is part of another one."""


def filled(name: str, *given: str) -> str:
    text = SENTENCES[name]
    for number, each in enumerate(given, 1):
        text = text.replace(f"{{{number}}}", each)
    return text


@pytest.mark.parametrize(("name", "given", "provoke"), PROVOKED, ids=[name for name, _, _ in PROVOKED])
def test_a_sentence_is_told(
    office: Simulated, monkeypatch: pytest.MonkeyPatch, name: str, given: tuple[str, ...], provoke: Any
) -> None:
    provoke(office, monkeypatch)
    assert filled(name, *given) in [*(dialog[1] for dialog in office.application.dialogs), *office.state["bar"]]


def test_every_sentence_is_brought_about() -> None:
    assert {name for name, _, _ in PROVOKED} | ELSEWHERE == set(SENTENCES)


def test_what_the_calculating_program_lacks_is_told_by_its_name() -> None:
    with at_work() as office:
        assert office.dll is not None

        def trouble() -> Any:
            office.call("KaoheStopServer")
            office.call("KAOHE_ROUND", 1.0, 2.0)
            return office.evaluate("KaoheTrouble()")

        office.dll.is_loadable = False
        (name,) = re.findall(r'LIBRARY_NAME As String = "(xlwings32\S+)"|$', VBA.split("#Else")[1])[:1]
        told = trouble()
        assert re.sub(r"xlwings\d\d-\S+?\.dll", "L", told) == filled("no_library", "L", r"C:\kaohe\.venv") and name
        office.dll.is_loadable = True
        known, office.dll.settings = office.dll.settings, {}
        assert trouble() == filled("no_configuration", r"C:\Users\someone\.kaohe\kaohe.conf")
        office.dll.settings = known
        office.state["OperatingSystem"] = "Macintosh (64-bit) 16.89"
        assert trouble() == SENTENCES["not_on_mac"]
        del office.state["OperatingSystem"]
        assert trouble() == ""


FAILURES = [
    ("Could not create Python process.\nError message: 拒绝访问。\nCommand: x", "无法启动计算程序"),
    ("Python process exited before it was possible to create the interface object.", "一启动就结束了"),
    (f"Could not activate Python COM server, hr = {CLASS_NOT_REGISTERED}", "两分钟仍没有连上"),
    ("Could not activate Python COM server, hr = -2147024891", "同一个用户"),
    ("AssignProcessToJobObject failed: 拒绝访问。", "随 Excel 启动"),
    (cut(f"{FIRST_LINE}\n  File \"C:\\k\\x.py\"\nModuleNotFoundError: No module named 'udfs'\n"), "环境不完整"),
    (cut(f'{FIRST_LINE}\n  File "C:\\考核程序文件夹\\x.py"\nImportError: 找不到 DLL\n'), "环境不完整"),
]


@pytest.mark.parametrize(("description", "told"), FAILURES)
def test_what_the_library_says_becomes_a_sentence_after_it_was_cut(description: str, told: str) -> None:
    assert told in reason(description)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((-2147352567, "发生意外。", (0, "Microsoft Excel", "磁盘已满", None, 0, 1004), None), "磁盘已满"),
        ((-2147352567, "发生意外。", (0, None, None, None, 0, 1004), None), "发生意外。"),
        ((-2147417848, "断开连接。", None, None), "断开连接。"),
        ((13, "Permission denied"), ""),
        (("utf-8", b"", 0, 1, "invalid"), ""),
        ((), ""),
    ],
)
def test_what_excel_says_over_com_is_taken_from_the_error(arguments: tuple[object, ...], told: str) -> None:
    assert said_by_excel(Exception(*arguments)) == told


@pytest.mark.parametrize(
    ("number", "told"), [(462, "中途结束"), (-2147023174, "中途结束"), (-2147418111, "正忙"), (7, "Excel 说的话 (7)")]
)
def test_what_windows_says_of_the_server_becomes_a_sentence(number: int, told: str) -> None:
    def fail(*_: Any) -> Any:
        raise error(number, "Excel 说的话")

    with at_work(lambda python: Program(python)) as office, pytest.MonkeyPatch.context() as monkeypatch:
        office.call("KAOHE_ROUND", 1.0, 2.0)
        monkeypatch.setattr("tests.excel.dll.Gateway.invoke", fail)
        office.call("KAOHE_ROUND", 1.5, 2.0)
        assert told in office.evaluate("KaoheTrouble()")
