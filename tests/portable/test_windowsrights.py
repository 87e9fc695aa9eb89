"""What a file keeps on Windows when it is replaced; elsewhere with a stand-in for Windows's libraries."""

from __future__ import annotations

import ctypes
import os
import struct
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from addin.portable import windowsrights
from addin.portable.replacing import replace
from addin.shared.exits import reason

DENIED, NOT_SUPPORTED = 5, 50
EXPLICIT, INHERITED = 0, 0x10


def rights(*entries: int, control: int = 0x8004, who: bytes = b"clerk") -> bytes:
    """Rights as Windows gives them: what all of them are, then an entry for each of the flags, of different sizes."""
    every = b""
    for number, flags in enumerate(entries):
        body = who + b"\x10" * 4 * number  # Read at a wrong place, it looks inherited.
        every += struct.pack("<BBH", 0, flags, 4 + len(body)) + body
    begin = struct.pack("<BBHIIII", 1, 0, control, 0, 0, 0, 20)
    return begin + struct.pack("<BBHHH", 2, 0, 8 + len(every), len(entries), 0) + every


FOLDERS, COLLEAGUES = rights(INHERITED, INHERITED), rights(INHERITED, INHERITED, who=b"colleague")
OWN, PROTECTED = rights(INHERITED, EXPLICIT), rights(control=0x9004)
PROTECTED_FOLDERS = rights(INHERITED, control=0x9004)
RENEWED, ASKED = rights(EXPLICIT, control=0x8404), rights(EXPLICIT, control=0x8504)
NONE, NONE_PROTECTED = (struct.pack("<BBHIIII", 1, 0, control, 20, 0, 0, 0) + b"owner" for control in (0x8004, 0x9004))
"""Anybody may do anything."""


class Libraries:
    """``advapi32`` and ``kernel32`` with the rights and attributes of files by name.

    ``unreadable`` and ``refusal`` are the errors that reading and setting end with; ``set`` is what was set.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rights: dict[str, bytes] = {}
        self.attributes: dict[str, int] = {}
        self.unreadable = self.refusal = 0
        self.set: list[str] = []
        monkeypatch.setattr(ctypes, "WinDLL", lambda name, use_last_error: self, raising=False)
        monkeypatch.setattr(ctypes, "get_last_error", lambda: self.unreadable or self.refusal, raising=False)
        monkeypatch.setattr(ctypes, "FormatError", lambda number: f"error {number}。", raising=False)
        monkeypatch.setattr(windowsrights, "os", SimpleNamespace(stat=self._stat))

    def GetFileSecurityW(self, path: str, kind: int, block: Any, size: Any, needed: Any) -> int:
        rights = self.rights.get(path, FOLDERS)
        needed._obj.value = len(rights)
        if block is None or self.unreadable:
            return 0
        block[:] = rights
        return kind

    def SetFileSecurityW(self, path: str, kind: int, rights: bytes) -> int:
        self.set.append("rights")
        if self.refusal:
            return 0
        self.rights[path] = rights
        return kind

    def SetFileAttributesW(self, path: str, attributes: int) -> int:
        self.set.append("attributes")
        if self.refusal:
            return 0
        self.attributes[path] = attributes
        return 1

    def _stat(self, path: str) -> SimpleNamespace:
        return SimpleNamespace(st_file_attributes=self.attributes.get(path, 0x20))


@pytest.fixture
def libraries(monkeypatch: pytest.MonkeyPatch) -> Libraries:
    return Libraries(monkeypatch)


@pytest.fixture
def old(tmp_path: Path) -> str:
    return str(tmp_path / "old")


@pytest.fixture
def new(tmp_path: Path) -> str:
    return str(tmp_path / "new")


@pytest.mark.parametrize(
    ("before", "given"),
    [
        (OWN, OWN),
        (PROTECTED, PROTECTED),
        (PROTECTED_FOLDERS, PROTECTED_FOLDERS),
        (NONE_PROTECTED, NONE_PROTECTED),
        (RENEWED, ASKED),
    ],
    ids=["one of its own", "closed to all", "no more its folder's", "open to all", "marked as inheriting"],
)
def test_the_new_file_has_the_old_ones_own_rights(
    libraries: Libraries, old: str, new: str, before: bytes, given: bytes
) -> None:
    libraries.rights = {old: before, new: FOLDERS}
    windowsrights.take_over(old, new)
    assert libraries.rights == {old: before, new: given}


@pytest.mark.parametrize(
    ("before", "after"),
    [(FOLDERS, FOLDERS), (COLLEAGUES, FOLDERS), (rights(), FOLDERS), (NONE, FOLDERS), (OWN, OWN)],
    ids=["the folder's", "a colleague's of the folder", "empty", "none", "alike"],
)
def test_nothing_is_set_that_need_not_be(libraries: Libraries, old: str, new: str, before: bytes, after: bytes) -> None:
    libraries.rights = {old: before, new: after}
    libraries.refusal = DENIED
    windowsrights.take_over(old, new)
    assert libraries.set == []


def test_a_file_system_that_has_no_rights_takes_the_file(libraries: Libraries, old: str, new: str) -> None:
    libraries.attributes = {old: 0x22}
    libraries.unreadable = libraries.refusal = NOT_SUPPORTED
    windowsrights.take_over(old, new)
    assert libraries.set == ["attributes"]
    libraries.rights, libraries.unreadable = {old: OWN}, 0
    windowsrights.take_over(old, new)
    assert libraries.set == ["attributes", "attributes", "rights"]


@pytest.mark.parametrize(
    ("attributes", "errors", "told"),
    [
        (0x20, {"unreadable": DENIED}, "读不到文件的权限（error 5）"),
        (0x20, {"refusal": DENIED}, "原来的权限不能给新文件（error 5）"),
        (0x22, {"refusal": DENIED}, "新文件不能隐藏（error 5）"),
    ],
)
def test_what_cant_be_given_keeps_the_file_from_being_replaced(
    libraries: Libraries, old: str, new: str, attributes: int, errors: dict[str, int], told: str
) -> None:
    libraries.rights, libraries.attributes = {old: OWN}, {old: attributes}
    vars(libraries).update(errors)
    with pytest.raises(OSError) as raised:
        windowsrights.take_over(old, new)
    assert not isinstance(raised.value, PermissionError) and getattr(raised.value, "winerror", None) is None
    assert reason(raised.value) == told and raised.value.filename == old


def test_a_hidden_file_stays_hidden(libraries: Libraries, old: str, new: str) -> None:
    libraries.attributes = {old: 0x26}
    windowsrights.take_over(old, new)
    assert libraries.attributes[new] == 0x26


def test_the_mark_of_the_internet_goes_with_the_file(libraries: Libraries, old: str, new: str) -> None:
    Path(f"{old}:Zone.Identifier").write_bytes(b"[ZoneTransfer]\r\nZoneId=3\r\n")
    windowsrights.take_over(old, new)
    assert Path(f"{new}:Zone.Identifier").read_bytes() == b"[ZoneTransfer]\r\nZoneId=3\r\n"
    with pytest.raises(FileNotFoundError):
        windowsrights.take_over(old, os.path.join(new, "folder that is not there"))


def test_rights_come_last_as_they_may_forbid_the_rest(libraries: Libraries, old: str, new: str) -> None:
    Path(f"{old}:Zone.Identifier").write_bytes(b"[ZoneTransfer]")
    libraries.rights, libraries.attributes = {old: OWN}, {old: 0x22}
    libraries.refusal = NOT_SUPPORTED
    windowsrights.take_over(old, new)
    assert libraries.set == ["attributes", "rights"] and Path(f"{new}:Zone.Identifier").exists()


@pytest.mark.skipif(os.name != "nt", reason="what Windows itself does")
def test_windows_keeps_the_rights_of_a_replaced_file(tmp_path: Path) -> None:
    library = ctypes.WinDLL("advapi32")  # type: ignore[attr-defined]
    for letters in ("D:P(A;;FA;;;SY)(A;;FA;;;BA)(A;;FA;;;WD)", "D:PAI(A;;FA;;;SY)(A;;FR;;;AU)(A;;FA;;;WD)"):
        path, block = tmp_path / "a.xlsx", ctypes.c_void_p()
        path.write_bytes(b"old")
        assert library.ConvertStringSecurityDescriptorToSecurityDescriptorW(letters, 1, ctypes.byref(block), None)
        assert library.SetFileSecurityW(str(path), 4, block)
        before = windowsrights._rights(str(path))
        replace(path, lambda file: file.write(b"new"))
        assert windowsrights._rights(str(path)) == before and path.read_bytes() == b"new"
