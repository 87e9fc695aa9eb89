"""xlwings' Windows side on any system: stand-ins for pywin32, and cell ranges as COM hands them over.

Importing this changes what ``import xlwings`` means, so only processes of their own do it (see test_server.py).
"""

from __future__ import annotations

import asyncio
import ctypes
import ctypes.util
import datetime
import sys
import types
from typing import Any
from unittest.mock import MagicMock

MISSING = -2147352572
"""What COM passes for an argument that was left out (DISP_E_PARAMNOTFOUND)."""
RANGE_CLASS = "{00020846-0000-0000-C000-000000000046}"


def _module(name: str, **content: Any) -> types.ModuleType:
    module = types.ModuleType(name)
    module.__dict__.update(content)
    sys.modules[name] = module
    return module


class ComError(Exception):
    hresult = 0


class TimeType(datetime.datetime):
    """A date as pywin32 gives it."""


class CDispatch:
    """An object of Excel's."""


class _NoLibrary:
    def __init__(self, *_: Any) -> None:
        self.PyCom_PyObjectFromIUnknown = MagicMock()


def install() -> types.ModuleType:
    """Put the stand-ins in; returns the true module ``xlwings.udfs``."""
    _module("pywintypes", com_error=ComError, error=OSError, IID=lambda text: text, TimeType=TimeType)
    _module(
        "pythoncom",
        CoInitialize=lambda *_: None,
        IID_IDispatch="dispatch",
        __file__=ctypes.util.find_library("c") or "libc.so.6",
        CoMarshalInterThreadInterfaceInStream=lambda _, thing: thing,
        CoGetInterfaceAndReleaseStream=lambda stream, _: stream,
        ole_error=ComError,
    )
    for name in ("win32api", "win32con", "win32gui", "win32process", "win32event"):
        _module(name)
    _module("win32timezone", TimeZoneInfo=types.SimpleNamespace(utc=lambda: datetime.UTC))
    empty = type("Empty", (), {})
    client = _module(
        "win32com.client",
        CDispatch=CDispatch,
        CoClassBaseClass=empty,
        DispatchBaseClass=empty,
        Dispatch=lambda thing, **_: thing,
        DispatchEx=None,
    )
    _module("win32com", client=client)
    ctypes.oledll = ctypes.windll = MagicMock()  # type: ignore[attr-defined]
    real, ctypes.PyDLL = ctypes.PyDLL, _NoLibrary  # type: ignore[misc,assignment]
    import xlwings._xlwindows as windows

    ctypes.PyDLL = real  # type: ignore[misc]
    _module("xlwings.com_server", loop=asyncio.new_event_loop())
    import xlwings
    import xlwings.udfs as udfs

    if "excel" not in [engine.name for engine in xlwings.engines]:
        xlwings.engines.add(xlwings.Engine(impl=windows.engine))
    xlwings.engines["excel"].activate()
    xlwings.func, xlwings.arg, xlwings.ret = udfs.xlfunc, udfs.xlarg, udfs.xlret
    module: types.ModuleType = udfs
    return module
