"""What a file that is replaced keeps on Windows: its rights, that it is hidden, the mark that it came from the internet.

``ReplaceFile`` keeps all of it, but for a moment there is no file of the name (its errors 1176 and 1177 say so): whoever is killed
then has lost it. So the new file gets everything before it takes the name in one step.
"""

from __future__ import annotations

import ctypes
import os
from typing import Any

_WHO_MAY = 0x4
"""DACL_SECURITY_INFORMATION: of all that Windows knows about the safety of a file, who may do what."""
_INHERITS, _TO_INHERIT = 0x400, 0x100
"""SE_DACL_AUTO_INHERITED, which is only kept together with SE_DACL_AUTO_INHERIT_REQ."""
_UNKNOWN_THERE = (1, 50, 87)
"""ERROR_INVALID_FUNCTION, ERROR_NOT_SUPPORTED, ERROR_INVALID_PARAMETER: some folders of a network have no rights."""
_MARK = ":Zone.Identifier"
_HIDDEN = 0x2 | 0x4
"""Hidden, and one of the system."""


def take_over(old: str, new: str) -> None:
    """Give ``new`` what ``old`` has. Raises OSError where the rights can't be given: nobody else is to read what was closed to him."""
    rights = _rights(old)
    if rights and rights != _rights(new):
        _give_rights(rights, old, new)
    _copy_mark(old, new)
    hidden = os.stat(old).st_file_attributes & _HIDDEN  # type: ignore[attr-defined]
    if hidden:
        _library("kernel32").SetFileAttributesW(new, os.stat(new).st_file_attributes | hidden)  # type: ignore[attr-defined]


def _rights(path: str) -> bytes:
    """As one block; empty where they can't be read."""
    size = ctypes.c_ulong()
    library = _library("advapi32")
    library.GetFileSecurityW(path, _WHO_MAY, None, 0, ctypes.byref(size))
    block = ctypes.create_string_buffer(size.value)
    if not library.GetFileSecurityW(path, _WHO_MAY, block, size, ctypes.byref(size)):
        return b""
    return block.raw


def _give_rights(rights: bytes, old: str, new: str) -> None:
    control = int.from_bytes(rights[2:4], "little")
    if control & _INHERITS:
        rights = rights[:2] + (control | _TO_INHERIT).to_bytes(2, "little") + rights[4:]
    if not _library("advapi32").SetFileSecurityW(new, _WHO_MAY, rights):
        why = ctypes.get_last_error()  # type: ignore[attr-defined]
        if why not in _UNKNOWN_THERE:
            raise OSError(0, ctypes.FormatError(why), old, why)  # type: ignore[attr-defined]


def _copy_mark(old: str, new: str) -> None:
    """Excel opens what has it in protected view; only disks of Windows have it."""
    try:
        with open(old + _MARK, "rb") as mark:
            content = mark.read()
        with open(new + _MARK, "wb") as mark:
            mark.write(content)
    except OSError:
        pass


def _library(name: str) -> Any:
    return ctypes.WinDLL(name, use_last_error=True)  # type: ignore[attr-defined]
