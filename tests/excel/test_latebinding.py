"""The classes that other programs generated for pywin32 are no matter of ours, whatever is left of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CLIENT = """from . import gencache

def Dispatch(dispatch):
    return gencache.GetClassForCLSID("{00020846-0000-0000-C000-000000000046}") or "late bound"

def DispatchEx(program):
    raise OSError(program)
"""
"""As far as it is ours (pywin32, com/win32com/client/__init__.py: imports, __WrapDispatch)."""

DAMAGED = 'raise EOFError("Ran out of input")\n'
"""What gencache's _LoadDicts lets through where dicts.dat is cut: it expects only an OSError."""


@pytest.fixture
def pywin32(tmp_path: Path) -> Path:
    package = tmp_path / "win32com" / "client"
    package.mkdir(parents=True)
    (package.parent / "__init__.py").touch()
    (package / "__init__.py").write_text(CLIENT, encoding="utf-8")
    (package / "gencache.py").write_text(DAMAGED, encoding="utf-8")
    (tmp_path / "pythoncom.py").touch()
    return tmp_path


def told(pywin32: Path, code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {[str(ROOT), str(pywin32)]}\n{code}"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return (done.stdout + done.stderr).strip().splitlines()[-1]


def test_what_is_damaged_would_keep_everything_from_working(pywin32: Path) -> None:
    assert told(pywin32, "import win32com.client") == "EOFError: Ran out of input"


@pytest.mark.parametrize("ours", ["addin.excel.server", "addin.excel.macros", "addin.excel.lightweight"])
def test_the_calculating_program_does_without(pywin32: Path, ours: str) -> None:
    code = f"import {ours}\nimport win32com.client\nprint(win32com.client.Dispatch(1))"
    assert told(pywin32, code) == "late bound"


def test_xlwings_finds_nothing_to_generate(pywin32: Path) -> None:
    code = "import addin.excel.lightweight\nfrom win32com.client import gencache\nprint(hasattr(gencache, 'EnsureModule'))"
    assert told(pywin32, code) == "False"


def test_the_doctor_does_without(pywin32: Path) -> None:
    code = "from addin.excel.guided import connect\ntry: connect()\nexcept Exception as error: print(error)"
    assert told(pywin32, code).startswith("这台电脑上没有可以控制的 Excel")
    code = (
        "from types import SimpleNamespace\nimport ctypes, addin.excel.connection as c\n"
        "entry = lambda *_: 1\nctypes.WinDLL = lambda _: SimpleNamespace(XLPyDLLActivateAuto=entry, VariantClear=lambda *_: 0)\n"
        "entry.argtypes = ()\n"
        "try: c.load(c.Path('x'))('', 1)\nexcept Exception as error: print(type(error).__name__)"
    )
    assert told(pywin32, code) != "EOFError"
