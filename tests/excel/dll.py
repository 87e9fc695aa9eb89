"""xlwings' DLL and pywin32's gateway, between VBA and Python, as their sources have them.

- ``XLPyDLLActivateAuto`` (xlwingsdll/xlwingsdll/xlwingsdll.cpp, config.cpp): a server a command line; an existing one is
  given back where it still answers (CheckRPCServer); else the program is started and asked for 1,200 times, a tenth of a
  second apart, as long as it runs. What fails is a text in Result and E_FAIL.
  It begins in Excel's own folder, with Excel's variables in the code page, and apart from Excel's job (CREATE_BREAKAWAY_FROM_JOB:
  access is denied where that job doesn't allow it).
- ``CDispatchWrapper::Invoke`` (dispatch.cpp): always asks for a result; the description of a failure is cut to as many
  bytes of the code page as it has UTF-16 units (ToStdString, utils.cpp) and, if it begins as pywin32's, its lines are
  turned round without the first.
- The gateway's ``Invoke`` (com/win32com/src/PyGatewayBase.cpp: invoke_setup, invoke_finish; server/policy.py:
  DesignatedWrapPolicy): methods by name in any case; a **tuple** is the result and then the ByRef arguments, so that only
  its first item comes back; a list comes back whole; an exception is "Unexpected Python Error: " and the traceback
  (ErrorUtils.cpp, PyCom_ExcepInfoFromPyException), with E_FAIL.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pyopenvba.interpreter._objects import MemberSpec, VBAObject, member, method
from pyopenvba.interpreter._values import EMPTY, MISSING, NOTHING, error

from tests.excel.pywin import RawDispatch, Wrapped
from tests.excel.variants import size_of, to_python, to_vba

CLASS_NOT_REGISTERED = -2147221164
SERVER_UNAVAILABLE = -2147023174
TRIES, WAIT = 1200, 0.1
UNEXPECTED = "Unexpected Python Error: "
FIRST_LINE = f"{UNEXPECTED}Traceback (most recent call last):"


@dataclass
class Clock:
    """Time that passes only where somebody waits."""

    seconds: float = 0.0

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


@dataclass
class Program:
    """What a command line starts: when it registers its class, when it ends, and what it serves."""

    serves: Any = None
    registers_after: float | None = 0.0
    ends_after: float | None = None
    cannot_start: str = ""
    activation: int = 0
    """Another failure of CoCreateInstance than "class not registered"."""

    is_gone: bool = False
    is_disconnected: bool = False
    """Answers no more, but not as one that is gone (0x800706ba): the library goes on taking it for one that runs."""


@dataclass
class Traffic:
    """The calls to Python."""

    calls: int = 0
    bytes_sent: int = 0
    bytes_received: int = 0
    seconds: float = 0.0
    """Of the processor, spent in Python."""

    log: list[tuple[str, Any]] = field(default_factory=list)

    def reset(self) -> None:
        self.calls = self.bytes_sent = self.bytes_received = 0
        self.seconds = 0.0
        self.log.clear()


def cut(description: str, code_page: str = "gbk") -> str:
    """A failure's description as VBA gets it from the DLL."""
    units = len(description.encode("utf-16-le")) // 2
    narrow = description.encode(code_page, "replace")[:units].split(b"\0")[0].decode(code_page, "replace")
    if not narrow.startswith(UNEXPECTED.rstrip()) or narrow.split("\n")[0] != FIRST_LINE:
        return description
    return "\n".join(line for line in reversed(narrow.split("\n")[1:]) if line)


class Gateway(VBAObject):
    """An object of Python's as VBA sees it."""

    vba_type_name = "Object"

    def __init__(self, wrapped: Wrapped, traffic: Traffic, program: Program, is_from_library: bool = False) -> None:
        self.wrapped, self.traffic, self.program, self.is_from_library = wrapped, traffic, program, is_from_library

    def vba_member(self, name: str) -> MemberSpec | None:
        methods = {each.lower(): each for each in self.wrapped.thing._public_methods_}
        if name.lower() not in methods:
            return None
        called = methods[name.lower()]
        return MemberSpec(called, "method", getter=lambda me, *given: me.invoke(called, given), varargs=True)

    def invoke(self, name: str, given: Sequence[Any]) -> Any:
        if self.program.is_gone:
            raise error(462, "The remote server machine does not exist or is unavailable")
        if self.program.is_disconnected:
            raise error(-2147417848, "The object invoked has disconnected from its clients")
        self.traffic.calls += 1
        self.traffic.bytes_sent += sum(map(size_of, given))
        try:
            arguments = [self._argument(each) for each in given]
            begun = time.thread_time()
            result = getattr(self.wrapped.thing, name)(*arguments)
            self.traffic.seconds += time.thread_time() - begun
            if isinstance(result, tuple):
                result = result[0]
            back = self._result(result)
        except Exception as failure:
            told = UNEXPECTED + "".join(traceback.format_exception(failure))
            raise error(-2147467259, cut(told) if self.is_from_library else told) from failure
        self.traffic.bytes_received += size_of(back)
        self.traffic.log.append((name, given))
        return back

    @staticmethod
    def _argument(value: Any) -> Any:
        if isinstance(value, Gateway):
            return value.wrapped
        return to_python(value, lambda target: target.wrapped if isinstance(target, Gateway) else RawDispatch(target))

    def _result(self, value: Any) -> Any:
        return Gateway(value, self.traffic, self.program) if isinstance(value, Wrapped) else to_vba(value)


class Library(VBAObject):
    """The DLL, and the files that VBA looks at before it loads it."""

    vba_type_name = "XlwingsLibrary"

    def __init__(self, start: Callable[[str], Program], clock: Clock) -> None:
        self.start, self.clock, self.traffic = start, clock, Traffic()
        self.servers: dict[str, Gateway] = {}
        self.starts = 0
        self.is_loadable = True
        self.settings = {"INTERPRETER_WIN": r"C:\kaohe\.venv\Scripts\pythonw.exe"}
        self.written = 46000.0
        self.result: Any = EMPTY
        self.after_waiting: Callable[[], None] = lambda: None

    @method
    def Load(self, path: object = MISSING) -> object:
        return 1 if self.is_loadable else 0

    @method
    def Setting(self, key: object = MISSING) -> object:
        return self.settings.get(str(key), "")

    @method
    def Written(self, path: object = MISSING) -> object:
        return self.written

    @member
    def Result(self) -> object:
        return self.result

    @method
    def Activate(self, command: object = MISSING, mode: object = MISSING) -> object:
        try:
            self.result = self._activated(str(command), int(str(mode)))
            return 0
        except OSError as failure:
            self.result = str(failure)
            return -2147467259
        finally:
            self.after_waiting()

    def _activated(self, command: str, mode: int) -> Any:
        if not command:
            raise OSError("No command line specified")
        there = self.servers.get(command)
        if mode == -1:
            if there is not None:
                there.program.is_gone = True
                del self.servers[command]
            return EMPTY
        if there is not None and not there.program.is_gone:
            return there
        if mode == 0:
            return NOTHING
        program = self.start(command)
        self.starts += 1
        if program.cannot_start:
            raise OSError(
                f"Could not create Python process.\nError message: {program.cannot_start}\nCommand: {command}\nWorking Dir: <unspecified>"
            )
        begun = self.clock.seconds
        for _ in range(TRIES):
            if program.activation:
                raise OSError(f"Could not activate Python COM server, hr = {program.activation}")
            passed = self.clock.seconds - begun + 1e-9
            if program.registers_after is not None and passed >= program.registers_after:
                self.servers[command] = Gateway(Wrapped(program.serves), self.traffic, program, is_from_library=True)
                return self.servers[command]
            if program.ends_after is not None and passed >= program.ends_after:
                raise OSError(
                    f"Python process exited before it was possible to create the interface object.\nCommand: {command}\nWorking Dir: <unspecified>"
                )
            self.clock.sleep(WAIT)
        raise OSError(f"Could not activate Python COM server, hr = {CLASS_NOT_REGISTERED}")
