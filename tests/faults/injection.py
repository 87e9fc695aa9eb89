"""Makes one operation on the files of a folder fail, end the process, or let another program save meanwhile."""

from __future__ import annotations

import builtins
import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

fcntl = pytest.importorskip("fcntl")
KILLED = 137


class Fault(Enum):
    """What happens at the chosen operation."""

    NONE = "nothing"
    KILL_BEFORE = "killed before it"
    KILL_AFTER = "killed after it"
    KILL_HALF = "killed in the middle of a write"
    SHORT = "a read or write of half the bytes, then an error"
    EIO = "I/O error"
    ENOSPC = "no space"
    EACCES = "no permission"
    FULL = "no space from then on"
    SAVE = "another program saves"

    @property
    def kills(self) -> bool:
        return self in (Fault.KILL_BEFORE, Fault.KILL_AFTER, Fault.KILL_HALF)


ERRORS = {Fault.EIO: errno.EIO, Fault.ENOSPC: errno.ENOSPC, Fault.EACCES: errno.EACCES, Fault.FULL: errno.ENOSPC}
BY_PATH = ("open", "stat", "replace", "unlink", "chmod", "chown", "listdir", "listxattr", "utime")
BY_HANDLE = ("fsync", "close", "fstat")


class Injection:
    """Counts the operations inside ``folder``; number ``at`` has the fault."""

    def __init__(self, folder: Path, at: int = -1, fault: Fault = Fault.NONE, save: Callable[[], None] | None = None):
        self.operations: list[str] = []
        self._folder = f"{folder}{os.sep}"
        self._at, self._fault, self._save = at, fault, save
        self._handles: set[int] = set()
        self._is_active = True

    @contextmanager
    def active(self) -> Iterator[Injection]:
        with pytest.MonkeyPatch.context() as patch:
            for name in BY_PATH:
                patch.setattr(os, name, self._by_path(name, getattr(os, name)))
            for name in BY_HANDLE:
                patch.setattr(os, name, self._by_handle(name, getattr(os, name)))
            patch.setattr(fcntl, "flock", self._by_handle("flock", fcntl.flock))
            opener = self._opener(io.open)
            patch.setattr(builtins, "open", opener)
            patch.setattr(io, "open", opener)
            yield self

    def perform(self, name: str, call: Callable[[], Any], half: Callable[[], object] | None = None) -> Any:
        """Do an operation, unless it is the one with the fault."""
        if not self._is_active:
            return call()
        number = len(self.operations)
        self.operations.append(name)
        is_chosen = number == self._at or (self._fault is Fault.FULL and 0 <= self._at < number and name == "write")
        if not is_chosen:
            return call()
        if self._fault is Fault.SAVE and self._save is not None:
            self._is_active = False
            self._save()
            self._is_active = True
            return call()
        if self._fault is Fault.KILL_BEFORE:
            os._exit(KILLED)
        if self._fault in (Fault.KILL_HALF, Fault.SHORT) and half is not None:
            half()
            if self._fault is Fault.SHORT:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            os._exit(KILLED)
        if self._fault in ERRORS:
            raise OSError(ERRORS[self._fault], os.strerror(ERRORS[self._fault]))
        result = call()
        if self._fault.kills:
            os._exit(KILLED)
        return result

    def _is_inside(self, path: Any) -> bool:
        if isinstance(path, int):
            return path in self._handles
        return isinstance(path, str | os.PathLike) and os.path.abspath(os.fspath(path)).startswith(self._folder)

    def _by_path(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(path: Any, *arguments: Any, **named: Any) -> Any:
            if not self._is_inside(path):
                return function(path, *arguments, **named)
            result = self.perform(name, lambda: function(path, *arguments, **named))
            if name == "open":
                self._handles.add(result)
            return result

        return call

    def _by_handle(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(handle: int, *arguments: Any) -> Any:
            if handle not in self._handles:
                return function(handle, *arguments)
            if name == "close":
                self._handles.discard(handle)
                result = function(handle)  # An error of close comes after the handle is gone.
                return self.perform(name, lambda: result)
            return self.perform(name, lambda: function(handle, *arguments))

        return call

    def _opener(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def opened(file: Any, *arguments: Any, **named: Any) -> Any:
            if not self._is_inside(file):
                return function(file, *arguments, **named)
            made = self.perform("open", lambda: function(file, *arguments, **named))
            handle = made.fileno()
            if handle in self._handles:  # Opened by os.open, and closed by it.
                return _File(made, self, lambda: None)
            self._handles.add(handle)
            return _File(made, self, lambda: self._handles.discard(handle))

        return opened


class _File:
    """A file whose reads and writes count."""

    def __init__(self, file: Any, injection: Injection, closed: Callable[[], None]) -> None:
        self._file, self._injection, self._closed = file, injection, closed

    def write(self, data: Any) -> Any:
        def half() -> None:
            self._file.write(data[: len(data) // 2])
            self._file.flush()

        return self._injection.perform("write", lambda: self._file.write(data), half)

    def read(self, *size: int) -> Any:
        return self._injection.perform("read", lambda: self._file.read(*size), lambda: None)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> _File:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._closed()
        self._file.close()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._file)
