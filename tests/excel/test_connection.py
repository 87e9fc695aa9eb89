"""doctor tries out what Excel does: load the library, start the server, compute; each symptom has its words."""

from __future__ import annotations

import codecs
import ctypes
import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from addin.excel.connection import OBJECT, START, STOP, TEXT, Variant, command, load, try_out
from addin.excel.reasons import REASONS, UNKNOWN, reason
from addin.shared.diagnosis import State
from tests.excel.dll import Gateway, Program, Traffic
from tests.excel.pywin import Wrapped, windows
from tests.excel.simulated import excel
from tests.excel.variants import to_python, to_vba
from tests.support import PROJECT


class Server:
    def __init__(self, value: Any) -> None:
        self.value = value

    def CallUDF(self, module: str, name: str, arguments: tuple[float, ...], *_: Any) -> Any:
        assert (module, name, arguments) == ("addin.excel.server", "KAOHE_ROUND", (1.005, 2.0))
        return self.value


def tried(value: Any, seconds: float = 1.0) -> tuple[Any, list[int]]:
    modes: list[int] = []

    def activate(line: str, mode: int) -> Any:
        modes.append(mode)
        if isinstance(value, Exception) and mode == START:
            raise value
        return Server(value)

    times = iter([0.0, seconds])
    return try_out(Path("x.dll"), command("pythonw.exe"), lambda _: activate, lambda: next(times)), modes


def test_a_server_that_answers_is_good_and_is_ended() -> None:
    finding, modes = tried(1.01)
    assert finding.state is State.GOOD and modes == [1, -1]
    assert tried(1.01, 20.0)[0].state is State.NOTE
    assert "算错" in tried(1.0)[0].told


@pytest.mark.parametrize(("sign", "sentence"), REASONS)
def test_a_failure_is_told_by_its_symptom(sign: str, sentence: str) -> None:
    finding, modes = tried(ConnectionError(f"x {sign} y"))
    assert finding.state is State.BAD and finding.remedy == reason(f"x {sign} y") and modes == [1, -1]
    assert reason(sign) in (sentence, *(told for _, told in REASONS))


@pytest.mark.parametrize(("number", "told"), [(126, "找不到指定的模块"), (225, "被杀毒软件拦下了")])
def test_a_library_that_does_not_load_is_told_of(number: int, told: str) -> None:
    def refuse(_: Path) -> Any:
        error = OSError(22, "找不到指定的模块。")
        error.winerror = number  # type: ignore[attr-defined]  # Windows's own number.
        raise error

    finding = try_out(Path("xlwings64.dll"), "", refuse)
    assert finding.state is State.BAD and "杀毒软件" in finding.remedy
    assert finding.told.startswith(f"Windows 不加载 xlwings64.dll：{told}。考核函数")


class Dll:
    """xlwings' library as ctypes sees it, and oleaut32: ``gives`` is what XLPyDLLActivateAuto leaves in its VARIANT."""

    def __init__(self, code: int, kind: int = 0, value: int = 0) -> None:
        self.gives = (code, kind, value)
        self.calls: list[tuple[bytes, int]] = []
        self.cleared: list[int] = []

        def activate(result: Any, line: bytes, mode: int) -> int:
            self.calls.append((line, mode))
            code, result._obj.kind, result._obj.value = self.gives
            return code

        self.XLPyDLLActivateAuto = activate
        self.VariantClear = lambda result: self.cleared.append(result._obj.kind)


@pytest.fixture
def pywin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """pywin32's two modules, and the codec of Windows' code page."""

    def find(name: str) -> codecs.CodecInfo | None:
        return codecs.lookup("gbk") if name == "mbcs" else None

    codecs.register(find)
    pythoncom = SimpleNamespace(IID_IDispatch="dispatch", ObjectFromAddress=lambda address, iid: (address, iid))
    client = SimpleNamespace(Dispatch=lambda found: ("object", *found))
    known = {"pythoncom": pythoncom, "win32com.client": client}
    monkeypatch.setattr(importlib, "import_module", known.__getitem__)
    yield
    codecs.unregister(find)


def loaded(monkeypatch: pytest.MonkeyPatch, dll: Dll) -> Any:
    monkeypatch.setattr(ctypes, "WinDLL", lambda name: dll, raising=False)
    return load(Path("xlwings64.dll"))


def test_a_variant_is_as_long_as_in_windows_headers() -> None:
    assert ctypes.sizeof(Variant) == 8 + 2 * ctypes.sizeof(ctypes.c_void_p)
    assert Variant.value.offset == 8


def test_the_library_is_called_as_vba_calls_it(monkeypatch: pytest.MonkeyPatch, pywin: None) -> None:
    dll = Dll(0, OBJECT, 4711)
    assert loaded(monkeypatch, dll)("C:\\考核\\pythonw.exe", START) == ("object", 4711, "dispatch")
    assert dll.calls == [("C:\\考核\\pythonw.exe".encode("gbk"), 1)] and dll.cleared == [OBJECT]
    assert dll.XLPyDLLActivateAuto.restype is ctypes.c_long  # type: ignore[attr-defined]


def test_what_the_library_says_is_told_and_its_text_is_freed(monkeypatch: pytest.MonkeyPatch, pywin: None) -> None:
    told = ctypes.create_unicode_buffer("Could not activate Python COM server, hr = -2147221164")
    dll = Dll(-2147467259, TEXT, ctypes.addressof(told))
    finding = try_out(Path("x.dll"), "pythonw.exe", lambda _: loaded(monkeypatch, dll))
    assert finding.state is State.BAD and "-2147221164" in finding.told and "Microsoft Store" in str(finding.remedy)
    assert dll.cleared == [TEXT, TEXT] and [mode for _, mode in dll.calls] == [1, -1]


def test_a_failure_without_a_text_is_told_by_its_number(monkeypatch: pytest.MonkeyPatch, pywin: None) -> None:
    with pytest.raises(ConnectionError, match="hr = -2147024809"):
        loaded(monkeypatch, Dll(-2147024809))("pythonw.exe", START)


def test_stopping_gives_nothing_back(monkeypatch: pytest.MonkeyPatch, pywin: None) -> None:
    dll = Dll(0)
    assert loaded(monkeypatch, dll)("pythonw.exe", STOP) is None and dll.cleared == [0]


def test_the_true_server_answers_what_doctor_expects() -> None:
    with windows() as server:
        xlpython = Gateway(Wrapped(server.XLPython()), Traffic(), Program())
        com = SimpleNamespace(CallUDF=lambda *given: to_python(xlpython.invoke("CallUDF", [*map(to_vba, given)])))
        finding = try_out(Path("x.dll"), "", lambda _: lambda line, mode: com)
    assert finding.state is State.GOOD, finding.told


def test_excel_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    office = excel(monkeypatch, ("kaohe_text", "kaohe_sentences"))
    for sign, _ in REASONS:
        assert office.evaluate(f'KaoheReason("x {sign} y")') == reason(f"x {sign} y")
    assert office.evaluate('KaoheReason("other")') == f"{UNKNOWN}\nother"


def test_the_command_is_the_addins(monkeypatch: pytest.MonkeyPatch) -> None:
    office = excel(monkeypatch, ("kaohe_text", "kaohe_server"))
    assert office.call("KaoheCommand", r"C:\v\pythonw.exe") == command(r"C:\v\pythonw.exe") == (
        r'"C:\v\pythonw.exe" -B -E -P -c "import os,sys;os.chdir(sys.exec_prefix);import addin.excel.server as s;'
        "s.serve('$(CLSID)')\""
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Windows removes no folder that a program is in")
def test_the_program_needs_nothing_of_the_folder_that_excel_is_in(tmp_path: Path) -> None:
    """It begins there (CreateProcessA, lpCurrentDirectory; xlwings' config.cpp gives none), and xlwings goes back to it
    (com_server.py): it may be one of a network that is away."""
    gone = tmp_path / "gone"
    gone.mkdir()
    code = command(sys.executable).split(' -c "')[1].removesuffix('"')
    code = code.replace("import addin", f"sys.path.insert(0,{str(PROJECT)!r});import addin")
    code = code.replace("s.serve('$(CLSID)')", "print(os.getcwd() == sys.exec_prefix)")
    start = f"import os,sys;os.rmdir(os.getcwd());os.execv(sys.executable,[sys.executable,'-B','-E','-P','-c',{code!r}])"
    done = subprocess.run(
        [sys.executable, "-c", start], cwd=gone, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False
    )  # fmt: skip
    assert done.stdout == "True\n", done.stderr
