"""Tries out on Windows what Excel does: load xlwings' library, start the server, compute a function.

The library's one function, as xlwings' VBA module declares it: ``XLPyDLLActivateAuto(ByRef Result As Variant, ByVal Config As
String, ByVal mode As Long) As Long``. Over ctypes that means:

- ByVal String is a text of the system's code page that ends with 0 (Microsoft, "Passing strings to a DLL procedure");
- a VARIANT is its kind, three reserved words and a union of two pointers: 24 bytes, 16 in 32-bit programs (oaidl.h);
- what comes in it belongs to the caller, who frees it by VariantClear (Microsoft, "VariantClear function (oleauto.h)"); what is
  kept of it has a reference of its own, which ``pythoncom.ObjectFromAddress`` takes;
- it calls CoCreateInstance, so that COM has to be initialised first: importing pythoncom does it.
"""

from __future__ import annotations

import ctypes
import importlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import addin.excel.latebinding  # noqa: F401
from addin.excel.reasons import reason
from addin.shared import exits
from addin.shared.diagnosis import Finding, bad, good, note

START, STOP = 1, -1
TEXT, OBJECT = 8, 9
"""Kinds of VARIANT: VT_BSTR, VT_DISPATCH."""

Activate = Callable[[str, int], Any]
"""The library's XLPyDLLActivateAuto for a command and a mode: the server's object. Raises ConnectionError with its text."""


class Variant(ctypes.Structure):
    _fields_ = (
        ("kind", ctypes.c_ushort),
        ("reserved", ctypes.c_ushort * 3),
        ("value", ctypes.c_void_p),
        ("more", ctypes.c_void_p),
    )


def command(interpreter: str) -> str:
    """The command that the add-in gives to the library (kaohe_server.bas, KaoheCommand)."""
    code = "import os,sys;os.chdir(sys.exec_prefix);import addin.excel.server as s;s.serve('$(CLSID)')"
    return f'"{interpreter}" -B -E -P -c "{code}"'


def load(library: Path) -> Activate:
    """The library itself. Raises OSError if Windows doesn't load it."""
    windll: Any = ctypes.WinDLL(str(library))  # type: ignore[attr-defined]
    function = windll.XLPyDLLActivateAuto
    function.argtypes = (ctypes.POINTER(Variant), ctypes.c_char_p, ctypes.c_int)
    function.restype = ctypes.c_long
    clear: Any = ctypes.WinDLL("oleaut32").VariantClear  # type: ignore[attr-defined]
    clear.argtypes = (ctypes.POINTER(Variant),)

    def activate(line: str, mode: int) -> Any:
        pythoncom, client = importlib.import_module("pythoncom"), importlib.import_module("win32com.client")
        result = Variant()
        code = function(ctypes.byref(result), line.encode("mbcs"), mode)
        try:
            if code:
                told = ctypes.wstring_at(result.value) if result.kind == TEXT and result.value else f"hr = {code}"
                raise ConnectionError(told)
            if result.kind != OBJECT or not result.value:
                return None
            return client.Dispatch(pythoncom.ObjectFromAddress(result.value, pythoncom.IID_IDispatch))
        finally:
            clear(ctypes.byref(result))

    return activate


def try_out(
    library: Path,
    line: str,
    loader: Callable[[Path], Activate] = load,
    clock: Callable[[], float] = time.perf_counter,
) -> Finding:
    """Load the library, start the server, and let it round 1.005 to 1.01."""
    try:
        activate = loader(library)
    except OSError as error:
        return bad(
            f"Windows 不加载 {library}：{exits.reason(error)}。考核函数显示 #VALUE!",
            "多为杀毒软件拦截，或缺少 Microsoft Visual C++ 运行库；恢复文件、加入信任列表后再试",
        )
    begun = clock()
    try:
        server = activate(line, START)
        value = server.CallUDF("addin.excel.server", "KAOHE_ROUND", (1.005, 2.0), None, None)
        taken = clock() - begun
    except Exception as error:
        return bad(f"按 Excel 的办法启动计算程序失败：{error}", reason(str(error)))
    finally:
        _stop(activate, line)
    if value != 1.01:
        return bad(f"计算程序算错了：KAOHE_ROUND(1.005,2) 得 {value!r}，应为 1.01", "重新运行 python install.py")
    found = good if taken < 10 else note
    return found(f"按 Excel 的办法启动计算程序，{taken:.1f} 秒后算出第一个结果")


def _stop(activate: Activate, line: str) -> None:
    try:
        activate(line, STOP)
    except Exception:
        return  # it ends with this program
