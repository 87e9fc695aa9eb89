"""LibreOffice opens the files and runs the part of the VBA that needs no Excel; the server behind it is a stand-in."""

from __future__ import annotations

import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from addin.excel import build, build_selfcontained
from addin.excel.conf import configuration
from addin.excel.contents import PROJECT_PART
from addin.excel.package import Form
from addin.excel.project import PROJECT, modules
from addin.excel.vbaproject import Kind, Module, vba_project
from addin.headless import read_book
from addin.shared.libreoffice import find
from addin.xlsx.cellreader import place
from addin.xlsx.package import CONTENT_TYPES
from tests.calc.office import office_python
from workbook_templates.scheme.catalogue import load

pytestmark = pytest.mark.slow
DRIVER = Path(__file__).parent / "basic_driver.py"
STAND_IN = """Option Explicit
Private mPath As String
Private Function ConfigurationFile() As String
    ConfigurationFile = mPath
End Function
Public Function SettingIn(ByVal Path As String, ByVal Key As String) As String
    mPath = Path
    SettingIn = KaoheSetting(Key)
End Function
Public Function KaoheCall(ByVal FunctionName As String, ByVal Kinds As String, ByVal Arguments As Variant) As Variant
    If FunctionName = "KAOHE_YEARS" Then
        KaoheCall = KaoheAnswer(CLng(-2146826246))
    Else
        KaoheCall = FunctionName & " " & (UBound(Arguments) + 1) & " " & TypeName(Arguments(0))
    End If
End Function
Public Function AnsweredErrors() As String
    Dim given(0 To 1, 0 To 0) As Variant, found As Variant
    given(0, 0) = 1.5
    given(1, 0) = CLng(-2146826281)
    found = KaoheAnswer(given)
    AnsweredErrors = found(0, 0) & IsError(found(0, 0)) & IsError(found(1, 0))
End Function
Public Function IsMissingValue() As Boolean
    IsMissingValue = IsError(KAOHE_YEARS(1, 2))
End Function
"""
NEEDS_EXCEL = (
    "kaohe_server",
    "kaohe_ahead",
    "kaohe_answers",
    "kaohe_expect",
    "kaohe_foresee",
    "kaohe_columns",
    "kaohe_heal",
    "kaohe_enter",
    "kaohe_jobs",
    "kaohe_ribbon",
    "kaohe_describe",
)
TEXTS = ["\\u8003\\u6838 a", ""]
FORMULAS = {
    r"='C:\Users\a b\kaohe.xlam'!KAOHE_SCORE(A1)*2": "=KAOHE_SCORE(A1)*2",
    "=[1]!KAOHE_SCORE(A1)+KAOHE.COEF(1)": "=KAOHE_SCORE(A1)+KAOHE_COEF(1)",
    "=_xll.KAOHE_SCORE(T['[a']])": "=KAOHE_SCORE(T['[a']])",
    '="KAOHE.SCORE("&KAOHE.SCORE(A1)': '="KAOHE.SCORE("&KAOHE_SCORE(A1)',
    "=SUM('[kaohe.xlam]S'!A1)": "=SUM('[kaohe.xlam]S'!A1)",
}
CONFIGURATIONS = {
    "whole.conf": configuration(r"C:\a b\pythonw.exe", "ascii") + b'"OTHER","D:\\x;E:\\y"\r\n',
    "cut.conf": b'"INTERPRETER_WIN","C:\\python.exe"\r\n"OTHER"',
    "empty.conf": b"",
}
CALLS: list[tuple[str, str, list[Any], Any]] = [
    *(("kaohe_text", "U", [text], text.encode().decode("unicode_escape")) for text in TEXTS),
    *(("kaohe_text", "KaoheCleanFormula", [formula], clean) for formula, clean in FORMULAS.items()),
    ("kaohe_text", "KaoheCallsIn", ["=KAOHE_A(KAOHE.B(1))"], 2),
    ("kaohe_text", "KaoheFileName", ["https://x/a/kaohe.xlam"], "kaohe.xlam"),
    ("kaohe_functions", "KAOHE_ROUND", [1.005], "KAOHE_ROUND 3 Double"),
    ("kaohe_functions", "KAOHE_LOG", ["a", 1, 2, 3, 4, 5], "KAOHE_LOG 7 String"),
    ("kaohe_server", "AnsweredErrors", [], "1.5FalseTrue"),
    ("kaohe_server", "IsMissingValue", [], True),
    ("kaohe_server", "SettingIn", ["whole.conf", "INTERPRETER_WIN"], r"C:\a b\pythonw.exe"),
    ("kaohe_server", "SettingIn", ["whole.conf", "OTHER"], r"D:\x;E:\y"),
    ("kaohe_server", "SettingIn", ["cut.conf", "INTERPRETER_WIN"], r"C:\python.exe"),
    ("kaohe_server", "SettingIn", ["cut.conf", "OTHER"], ""),
    ("kaohe_server", "SettingIn", ["empty.conf", "INTERPRETER_WIN"], ""),
    ("kaohe_server", "SettingIn", ["none.conf", "INTERPRETER_WIN"], ""),
]


def without_excel(source: Path, path: Path) -> Path:
    """A copy whose project has no modules that need Excel, and a stand-in for the server; always a workbook."""
    kept = [
        module for module in modules(["Sheet1"]) if module.name not in NEEDS_EXCEL and module.kind is not Kind.CLASS
    ]
    kept = [Module(m.name, "", m.kind) if m.kind is Kind.WORKBOOK else m for m in kept]
    (server,) = (module.code for module in modules([]) if module.name == "kaohe_server")
    setting = server[server.index("Private Function KaoheSetting(") :]
    own = vba_project([*kept, Module("kaohe_server", STAND_IN + setting)], PROJECT)
    with zipfile.ZipFile(source) as package, zipfile.ZipFile(path, "w") as copy:
        for name in package.namelist():
            content = own if name == PROJECT_PART else package.read(name)
            if name == CONTENT_TYPES:
                content = content.replace(Form.ADDIN.value.encode(), Form.WORKBOOK.value.encode())
            copy.writestr(name, content)
    return path


def with_paths(arguments: list[Any], folder: Path) -> list[Any]:
    return [str(folder / each) if str(each).endswith(".conf") else each for each in arguments]


@pytest.fixture(scope="module")
def answers(soffice: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Any]]:
    folder = tmp_path_factory.mktemp("libreoffice")
    addin = build(folder)
    workbook = build_selfcontained(load("health-centre-staff"), folder)
    reduced = without_excel(addin, folder / "reduced.xlsm")
    for name, content in CONFIGURATIONS.items():
        (folder / name).write_bytes(content)
    calls = [[str(reduced), [[*call[:2], with_paths(call[2], folder)] for call in CALLS]], [str(workbook), []]]
    done = subprocess.run(
        [office_python(find()[0]), str(DRIVER), str(folder / "profile")],
        input=json.dumps(calls), capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return workbook, json.loads(done.stdout)


def test_pure_vba_gives_in_libreoffice_what_it_should(answers: tuple[Path, list[Any]]) -> None:
    (_, results), _ = answers[1]
    assert results == [expected for *_, expected in CALLS]


def test_libreoffice_opens_a_workbook_of_its_own_functions(answers: tuple[Path, list[Any]]) -> None:
    workbook, (_, (texts, _)) = answers
    book = read_book(workbook)
    first = next(iter(book.sheets))
    shown = [book.value(first, *place(f"A{row}")) for row in range(1, 6)]
    assert texts == [value or "" for value in shown]
