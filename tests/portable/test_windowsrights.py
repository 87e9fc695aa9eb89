"""What a file keeps on Windows when it is replaced; elsewhere with a stand-in for Windows's libraries."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from addin.portable import windowsrights
from addin.portable.replacing import replace

FOLDERS, OWN = b"\1\0\4\x80folder's", b"\1\0\4\x90own"
"""Rights as Windows gives them: the third and fourth byte say among other things whether they are inherited."""
INHERITED, ASKED = b"\1\0\4\x84other folder's", b"\1\0\4\x85other folder's"
DENIED, NOT_SUPPORTED = 5, 50


class Libraries:
    """``advapi32`` and ``kernel32`` with the rights and attributes of files by name; ``refusal``: what setting rights ends with."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rights: dict[str, bytes] = {}
        self.attributes: dict[str, int] = {}
        self.refusal = 0
        self.set: list[str] = []
        monkeypatch.setattr(ctypes, "WinDLL", lambda name, use_last_error: self, raising=False)
        monkeypatch.setattr(ctypes, "get_last_error", lambda: self.refusal, raising=False)
        monkeypatch.setattr(ctypes, "FormatError", lambda number: f"error {number}", raising=False)
        monkeypatch.setattr(windowsrights, "os", SimpleNamespace(stat=self._stat))

    def GetFileSecurityW(self, path: str, kind: int, block: Any, size: Any, needed: Any) -> int:
        rights = self.rights.get(path, b"")
        needed._obj.value = len(rights)
        if block is None or not rights:
            return 0
        block[:] = rights
        return kind

    def SetFileSecurityW(self, path: str, kind: int, rights: bytes) -> int:
        self.set.append(path)
        if self.refusal:
            return 0
        self.rights[path] = rights
        return kind

    def SetFileAttributesW(self, path: str, attributes: int) -> int:
        self.attributes[path] = attributes
        return 1

    def _stat(self, path: str) -> SimpleNamespace:
        return SimpleNamespace(st_file_attributes=self.attributes.get(path, 0x20))


@pytest.fixture
def libraries(monkeypatch: pytest.MonkeyPatch) -> Libraries:
    return Libraries(monkeypatch)


@pytest.mark.parametrize(("rights", "given"), [(OWN, OWN), (INHERITED, ASKED)], ids=["own", "of the folder it was in"])
def test_the_new_file_has_the_rights_of_the_old_one(
    libraries: Libraries, tmp_path: Path, rights: bytes, given: bytes
) -> None:
    old, new = str(tmp_path / "old"), str(tmp_path / "new")
    libraries.rights = {old: rights, new: FOLDERS}
    windowsrights.take_over(old, new)
    assert libraries.rights == {old: rights, new: given}


@pytest.mark.parametrize("rights", [FOLDERS, b""], ids=["alike", "unknown"])
def test_nothing_is_set_that_need_not_be(libraries: Libraries, tmp_path: Path, rights: bytes) -> None:
    old, new = str(tmp_path / "old"), str(tmp_path / "new")
    libraries.rights = {old: rights, new: FOLDERS}
    windowsrights.take_over(old, new)
    assert libraries.set == [] and libraries.attributes == {}


def test_rights_that_cant_be_given_keep_the_file_from_being_replaced(libraries: Libraries, tmp_path: Path) -> None:
    old, new = str(tmp_path / "old"), str(tmp_path / "new")
    libraries.rights = {old: OWN, new: FOLDERS}
    libraries.refusal = NOT_SUPPORTED
    windowsrights.take_over(old, new)
    libraries.refusal = DENIED
    with pytest.raises(OSError, match="error 5") as raised:
        windowsrights.take_over(old, new)
    assert raised.value.filename == old


def test_a_hidden_file_stays_hidden(libraries: Libraries, tmp_path: Path) -> None:
    old, new = str(tmp_path / "old"), str(tmp_path / "new")
    libraries.attributes = {old: 0x26}
    windowsrights.take_over(old, new)
    assert libraries.attributes[new] == 0x26


def test_the_mark_of_the_internet_goes_with_the_file(libraries: Libraries, tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    Path(f"{old}:Zone.Identifier").write_bytes(b"[ZoneTransfer]\r\nZoneId=3\r\n")
    windowsrights.take_over(str(old), str(new))
    assert Path(f"{new}:Zone.Identifier").read_bytes() == b"[ZoneTransfer]\r\nZoneId=3\r\n"


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
