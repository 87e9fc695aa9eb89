"""xlwings' Windows side on any system: its own modules over stand-ins for pywin32, for as long as they are wanted.

What is xlwings' own runs as it is: ``udfs.call_udf``, ``com_server.XLPython`` (CallUDF, Call, Str, SetAttr …), and
``_xlwindows``, which drives Excel. What stands in for pywin32 is said where it follows it:

- ``win32com.server.util.wrap/unwrap`` (com/win32com/server/util.py): an object of Python's as COM hands it on;
- ``win32com.client.Dispatch`` (com/win32com/client/dynamic.py, CDispatch): an object of Excel's as Python sees it, late bound,
  for addin/excel/latebinding.py leaves no generated classes;
- ``pywintypes.com_error`` with (hresult, text, excepinfo, argument).
"""

from __future__ import annotations

import contextlib
import ctypes
import ctypes.util
import datetime
import importlib
import sys
import types
from collections.abc import Iterator
from typing import Any
from unittest.mock import MagicMock

from tests.excel.variants import to_python, to_vba

RANGE_CLASS = "{00020846-0000-0000-C000-000000000046}"
FRESH = ("xlwings", "addin.excel.server", "addin.excel.macros", "addin.excel.lightweight", "addin.excel.guided")
"""Modules that look at the system when they are imported."""

VALUE_TYPE = ("RangeValueDataType",)
"""What Range.Value may be given and never is."""

STAND_INS = [
    "pywintypes",
    "pythoncom",
    "win32api",
    "win32con",
    "win32gui",
    "win32process",
    "win32event",
    "win32timezone",
    "win32com",
    "win32com.client",
    "win32com.server",
    "win32com.server.util",
    "win32com.server.policy",
    "win32com.server.dispatcher",
]


class ComError(Exception):
    """pywintypes.com_error."""

    @property
    def hresult(self) -> int:
        return int(self.args[0]) if self.args else 0


class TimeType(datetime.datetime):
    """A date as pywin32 gives it."""


class Wrapped:
    """What ``wrap`` returns: the interface of an object of Python's."""

    def __init__(self, thing: Any) -> None:
        self.thing = thing


class RawDispatch:
    """PyIDispatch: an object of Excel's as it comes into Python, before win32com makes something of it."""

    def __init__(self, target: Any) -> None:
        self.target = target

    def GetTypeInfo(self) -> Any:
        return types.SimpleNamespace(GetDocumentation=lambda _: (self.target.vba_type_name,))


class CDispatch:
    """An object of Excel's as win32com.client.dynamic shows it: members by name in any case, properties read at once."""

    def __init__(self, target: Any) -> None:
        object.__setattr__(self, "_oleobj_", RawDispatch(target))

    @property
    def _target(self) -> Any:
        return self._oleobj_.target

    @property
    def CLSID(self) -> str:
        return RANGE_CLASS if self._target.vba_type_name == "Range" else ""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") and name != "_NewEnum":
            raise AttributeError(name)
        spec = self._target.vba_member(name)
        if spec is None:
            raise AttributeError(f"<unknown>.{name}")
        if spec.kind == "method" or (spec.parameters and spec.parameters != VALUE_TYPE) or spec.varargs:
            return _Method(self._target, name, spec.kind != "method")
        return seen(_trying(lambda: self._target.vba_get(name)))

    def __setattr__(self, name: str, value: Any) -> None:
        _trying(lambda: self._target.vba_set(name, to_vba(_plain(value))))

    def __call__(self, *arguments: Any) -> Any:
        # A range's default member takes a row and a column, in Excel.
        is_range = self._target.vba_type_name == "Range"
        spec = self._target.vba_member("Cells" if is_range else "Item") or self._target.vba_default_member()
        return seen(_trying(lambda: self._target.vba_get(spec.name, [to_vba(_plain(each)) for each in arguments])))

    def __iter__(self) -> Iterator[Any]:
        return (self(place) for place in range(1, int(self.Count) + 1))

    def __len__(self) -> int:
        return int(self.Count)

    def __bool__(self) -> bool:
        return True


class _Method:
    """A method, or a property that takes arguments and may be used without them."""

    def __init__(self, target: Any, name: str, is_property: bool) -> None:
        self._call, self._is_property = (target, name), is_property

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        target, name = self._call
        given = [to_vba(_plain(each)) for each in arguments]
        if not target.vba_member(name).varargs:
            # The simulation knows only the first arguments of some methods (Workbooks.Open: the file).
            given = given[: len(target.vba_member(name).parameters)]
        by_name = {key.lower(): to_vba(_plain(each)) for key, each in named.items()}
        by_name = {key: by_name[key.lower()] for key in target.vba_member(name).parameters if key.lower() in by_name}
        return seen(_trying(lambda: target.vba_get(name, given, by_name)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self(), name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_"):
            object.__setattr__(self, name, value)
        else:
            setattr(self(), name, value)

    def __iter__(self) -> Iterator[Any]:
        return iter(self())

    def __len__(self) -> int:
        return len(self())


def _plain(value: Any) -> Any:
    if isinstance(value, CDispatch):
        return value._oleobj_.target
    return value.target if isinstance(value, RawDispatch) else value


def _trying(work: Any) -> Any:
    from pyopenvba.exceptions import VBARuntimeError

    try:
        return work()
    except VBARuntimeError as error:
        raise ComError(
            -2147352567, "Exception occurred.", (0, "Microsoft Excel", str(error), None, 0, -2146827284), None
        ) from error


def seen(value: Any) -> Any:
    """What came from Excel as Python sees it."""
    found = to_python(value, RawDispatch)
    return CDispatch(found.target) if isinstance(found, RawDispatch) else found


def dispatch(thing: Any, *_: Any, **__: Any) -> Any:
    return CDispatch(thing.target) if isinstance(thing, RawDispatch) else thing


def _unwrap(thing: Any) -> Any:
    if not isinstance(thing, Wrapped):
        raise TypeError("The Python object is not a gateway")
    return thing.thing


class _NoLibrary:
    def __init__(self, *_: Any) -> None:
        self.PyCom_PyObjectFromIUnknown = MagicMock()


def _stand_ins() -> dict[str, types.ModuleType]:
    made = {name: types.ModuleType(name) for name in STAND_INS}

    def fill(name: str, **content: Any) -> None:
        made[name].__dict__.update(content)

    fill("pywintypes", com_error=ComError, error=OSError, IID=lambda text: text, TimeType=TimeType)
    fill(
        "pythoncom",
        CoInitialize=lambda *_: None,
        IID_IDispatch="dispatch",
        IID_IEnumVARIANT="enum",
        TypeIIDs={"dispatch": RawDispatch},
        __file__=ctypes.util.find_library("c") or "libc.so.6",
        ole_error=ComError,
    )
    fill("win32timezone", TimeZoneInfo=types.SimpleNamespace(utc=lambda: datetime.UTC))
    fill("win32gui", GetClassName=lambda _: "XLMAIN", SetForegroundWindow=lambda _: None)
    fill("win32process", GetWindowThreadProcessId=lambda _: (1, 1))
    empty = type("Empty", (), {})
    fill(
        "win32com.client",
        CDispatch=CDispatch,
        CoClassBaseClass=empty,
        DispatchBaseClass=empty,
        Dispatch=dispatch,
        DispatchEx=None,
        dynamic=types.SimpleNamespace(Dispatch=dispatch),
    )
    fill("win32com.server.util", wrap=lambda thing, *_: Wrapped(thing), unwrap=_unwrap)
    fill("win32com.server.policy", DefaultPolicy=object)
    fill("win32com", client=made["win32com.client"], server=made["win32com.server"])
    for name in ("util", "policy", "dispatcher"):
        fill("win32com.server", **{name: made[f"win32com.server.{name}"]})
    return made


@contextlib.contextmanager
def windows() -> Iterator[Any]:
    """xlwings as it is on Windows: gives its module ``com_server``. Afterwards everything is as it was."""
    kept = dict(sys.modules)
    patched = {name: getattr(ctypes, name, None) for name in ("oledll", "windll", "PyDLL")}
    for name in [name for name in sys.modules if any(name == each or name.startswith(f"{each}.") for each in FRESH)]:
        del sys.modules[name]
    sys.modules.update(_stand_ins())
    try:
        ctypes.oledll = ctypes.windll = MagicMock()  # type: ignore[attr-defined]
        ctypes.PyDLL = _NoLibrary  # type: ignore[misc,assignment]
        importlib.import_module("addin.excel.lightweight")
        import xlwings

        driver = importlib.import_module("xlwings._xlwindows")
        udfs = importlib.import_module("xlwings.udfs")
        xlwings.engines.add(xlwings.Engine(impl=driver.engine))
        xlwings.engines["excel"].activate()
        xlwings.func, xlwings.arg, xlwings.ret = udfs.xlfunc, udfs.xlarg, udfs.xlret
        server = importlib.import_module("xlwings.com_server")
        yield server
        server.loop.close()
    finally:
        for name, value in patched.items():
            setattr(ctypes, name, value) if value is not None else delattr(ctypes, name)
        for name in set(sys.modules) - set(kept):
            if any(name == each or name.startswith(f"{each}.") for each in (*FRESH, *STAND_INS)):
                del sys.modules[name]
        sys.modules.update(kept)
        _rebind(kept)


def _rebind(kept: dict[str, types.ModuleType]) -> None:
    """Packages name the modules in them again that were there before."""
    for name, module in kept.items():
        parent, _, child = name.rpartition(".")
        if any(name.startswith(f"{each}") for each in FRESH) and parent in kept:
            setattr(kept[parent], child, module)


__all__ = ["CDispatch", "ComError", "RawDispatch", "TimeType", "Wrapped", "windows"]
