"""What a file that is replaced keeps on Windows: its rights, that it is hidden, the mark that it came from the internet.

``ReplaceFile`` keeps all of it, but for a moment there is no file of the name (its errors 1176 and 1177 say so): whoever is killed
then has lost it. So the new file gets everything before it takes the name in one step.
"""

from __future__ import annotations

import ctypes
import os
import struct
from typing import Any

_WHO_MAY = 0x4
"""DACL_SECURITY_INFORMATION: of all that Windows knows about the safety of a file, who may do what."""
_INHERITS, _TO_INHERIT = 0x400, 0x100
"""SE_DACL_AUTO_INHERITED, which is only kept together with SE_DACL_AUTO_INHERIT_REQ."""
_UNKNOWN_THERE = (1, 50, 87)
"""ERROR_INVALID_FUNCTION, ERROR_NOT_SUPPORTED, ERROR_INVALID_PARAMETER: some folders of a network have no rights."""
MARK = "Zone.Identifier"
"""The stream of a file that says it came from the internet: Excel opens what has it in protected view. Only disks of Windows have it."""
_HIDDEN = 0x2 | 0x4
"""Hidden, and one of the system."""
_PROTECTED, _INHERITED = 0x1000, 0x10
"""SE_DACL_PROTECTED of all rights, INHERITED_ACE of one."""


def take_over(old: str, new: str) -> None:
    """Give ``new`` what ``old`` has. Raises OSError where it can't be given: nobody else is to read what was closed to him.

    Rights that ``old`` has from its folder are not its own: ``new`` has those that the folder gives today.
    """
    _copy_mark(old, new)
    hidden = os.stat(old).st_file_attributes & _HIDDEN  # type: ignore[attr-defined]
    if hidden:
        attributes = os.stat(new).st_file_attributes | hidden  # type: ignore[attr-defined]
        if not _library("kernel32").SetFileAttributesW(new, attributes):
            _refuse("新文件不能隐藏", old)
    # Last, as they may forbid what stands above.
    rights = _rights(old)
    if _are_own(rights) and rights != _rights(new):
        _give_rights(rights, old, new)


def _rights(path: str) -> bytes:
    """As one block, a self-relative SECURITY_DESCRIPTOR; empty where there are none."""
    size = ctypes.c_ulong()
    library = _library("advapi32")
    library.GetFileSecurityW(path, _WHO_MAY, None, 0, ctypes.byref(size))
    block = ctypes.create_string_buffer(size.value)
    if not library.GetFileSecurityW(path, _WHO_MAY, block, size, ctypes.byref(size)):
        _refuse("读不到文件的权限", path)
        return b""
    return block.raw


def _are_own(rights: bytes) -> bool:
    """Whether some are the file's own, not all its folder's.

    A colleague's file has other rights from the same folder than mine, and many servers let nobody set rights at all.
    """
    if not rights:
        return False
    control, access = struct.unpack_from("<H12xI", rights, 2)
    if control & _PROTECTED:
        return True
    if not access:
        return False
    (count,) = struct.unpack_from("<H", rights, access + 4)
    entry = access + 8
    for _ in range(count):
        flags, size = struct.unpack_from("<xBH", rights, entry)
        if not flags & _INHERITED:
            return True
        entry += size
    return False


def _give_rights(rights: bytes, old: str, new: str) -> None:
    control = int.from_bytes(rights[2:4], "little")
    if control & _INHERITS:
        rights = rights[:2] + (control | _TO_INHERIT).to_bytes(2, "little") + rights[4:]
    if not _library("advapi32").SetFileSecurityW(new, _WHO_MAY, rights):
        _refuse("原来的权限不能给新文件", old)


def _copy_mark(old: str, new: str) -> None:
    try:
        with open(f"{old}:{MARK}", "rb") as mark:
            content = mark.read()
    except OSError:
        return
    with open(f"{new}:{MARK}", "wb") as mark:
        mark.write(content)


def _refuse(what: str, path: str) -> None:
    """Raise OSError, unless there is nothing of the kind there. With Windows's number it would be told as a file that is held."""
    why = ctypes.get_last_error()  # type: ignore[attr-defined]
    if why not in _UNKNOWN_THERE:
        told = ctypes.FormatError(why).rstrip("。. ")  # type: ignore[attr-defined]
        raise OSError(0, f"{what}（{told}）", path)


def _library(name: str) -> Any:
    return ctypes.WinDLL(name, use_last_error=True)  # type: ignore[attr-defined]
