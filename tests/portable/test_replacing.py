"""A file is replaced whole or left alone, and nothing is left behind."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from addin.portable import replacing
from addin.portable.replacing import PREFIX, replace
from tests.support import PROJECT


def put(path: Path, content: bytes = b"new") -> None:
    replace(path, lambda file: file.write(content))


def test_extended_attributes_and_rights_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")
    path.chmod(0o604)
    try:
        os.setxattr(path, "user.kaohe", "标记".encode())
    except (AttributeError, OSError):
        pytest.skip("no extended attributes here")
    put(path)
    assert os.getxattr(path, "user.kaohe") == "标记".encode()
    assert path.stat().st_mode & 0o777 == 0o604 and path.read_bytes() == b"new"


def test_the_date_is_kept_where_that_is_wanted(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")
    moment = 10**18 + 100  # The finest that Windows keeps.
    os.utime(path, ns=(10**18, moment))
    replace(path, lambda file: file.write(b"new"), keep_date=True)
    assert path.stat().st_mtime_ns == moment


def test_the_unfinished_file_may_stand_elsewhere(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    path = tmp_path / "a.xlam"
    seen: list[list[Path]] = []
    replace(path, lambda file: seen.append(sorted(tmp_path.iterdir()) + sorted(elsewhere.iterdir())), folder=elsewhere)
    assert [each.parent for each in seen[0]] == [tmp_path, elsewhere]
    assert sorted(tmp_path.iterdir()) == [path, elsewhere] and not list(elsewhere.iterdir())


def test_the_last_moment_can_still_refuse(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")

    def refuse() -> None:
        raise FileExistsError("changed")

    with pytest.raises(FileExistsError):
        replace(path, lambda file: file.write(b"new"), refuse)
    assert path.read_bytes() == b"old" and list(tmp_path.iterdir()) == [path]


def test_what_a_killed_run_left_is_removed_and_a_running_ones_is_not(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    own = tmp_path / f"{PREFIX}notes.txt"  # A clerk's own file: its name is not that of an unfinished one.
    own.write_bytes(b"mine")
    code = "import sys, time\nfrom addin.portable.replacing import replace\nfrom pathlib import Path\n"
    code += "def write(file):\n    print('writing', flush=True)\n    time.sleep(60)\nreplace(Path(sys.argv[1]), write)"
    with subprocess.Popen([sys.executable, "-c", code, path], cwd=PROJECT, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None and other.stdout.readline().strip() == b"writing"
        unfinished = [each for each in tmp_path.iterdir() if each != own]
        put(path)
        assert sorted(tmp_path.iterdir()) == sorted([own, path, *unfinished])
        other.kill()
    if os.name == "nt":  # Nothing tells there that nobody writes it any more but its age.
        os.utime(unfinished[0], (0, 0))
    put(path, b"newer")
    assert sorted(tmp_path.iterdir()) == [own, path] and path.read_bytes() == b"newer"


def test_without_locks_only_what_is_old_was_left_by_a_killed_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replacing, "fcntl", None)
    unfinished = tmp_path / f"{PREFIX}abcd1234.xlsx"
    unfinished.touch()
    os.utime(unfinished, (1000, 1000))
    for age, is_there in ((0.0, True), (replacing.YOUNG, True), (replacing.YOUNG + 1, False)):
        monkeypatch.setattr(time, "time", lambda age=age: 1000 + age)
        replacing.remove_left_overs(tmp_path)
        assert unfinished.exists() == is_there


def held(monkeypatch: pytest.MonkeyPatch, times: int) -> list[str]:
    """Another program holds the file when it is first to be replaced, so many times; returns what was tried."""
    tried: list[str] = []
    really = os.replace

    def try_to(old: str, new: str) -> None:
        tried.append(new)
        if len(tried) <= times:
            raise PermissionError(13, "in use")
        really(old, new)

    monkeypatch.setattr(os, "replace", try_to)
    return tried


def test_what_windows_holds_for_a_moment_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replacing, "fcntl", None)
    path, checked = tmp_path / "a.xlsx", list[bool]()
    tried = held(monkeypatch, 2)
    replace(path, lambda file: file.write(b"new"), lambda: checked.append(True))
    assert path.read_bytes() == b"new" and len(tried) == 3
    assert len(checked) == 3, "somebody may have saved the file while it was held"


@pytest.mark.parametrize("locks", [True, False])
def test_what_stays_held_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, locks: bool) -> None:
    monkeypatch.setattr(replacing, "fcntl", replacing.fcntl if locks else None)
    monkeypatch.setattr(replacing, "PATIENCE", 0.12)
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")
    tried = held(monkeypatch, 10**6)
    with pytest.raises(PermissionError):
        put(path)
    assert path.read_bytes() == b"old" and list(tmp_path.iterdir()) == [path]
    assert (len(tried) == 1) == (replacing.fcntl is not None), "elsewhere a refusal is final"


def test_who_is_not_patient_tries_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replacing, "fcntl", None)
    path = tmp_path / "a.xlsx"
    tried = held(monkeypatch, 10**6)
    with pytest.raises(PermissionError):
        replace(path, lambda file: file.write(b"new"), is_patient=False)
    assert len(tried) == 1 and not list(tmp_path.iterdir())


@pytest.mark.skipif(os.name != "nt", reason="only Windows keeps an open file from being replaced")
def test_on_windows_an_open_file_is_waited_for_and_then_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")
    with path.open("rb") as reader:
        threading.Timer(0.5, reader.close).start()
        put(path)
    assert path.read_bytes() == b"new"
    monkeypatch.setattr(replacing, "PATIENCE", 0.2)
    with path.open("rb"), pytest.raises(PermissionError):
        put(path, b"newer")
    assert path.read_bytes() == b"new" and list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("is_there", [False, True])
def test_a_file_system_without_rights_takes_files_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_there: bool
) -> None:
    path, number = tmp_path / "a.xlsx", errno.ENOTSUP

    def refuse(name: str, mode: int) -> None:
        raise OSError(number, "no rights here")

    monkeypatch.setattr(os, "chmod", refuse)
    if is_there:
        path.write_bytes(b"old")
    put(path)
    assert path.read_bytes() == b"new"
    number = errno.EIO
    if hasattr(os, "chown"):
        with pytest.raises(OSError, match="no rights here"):
            put(path, b"newer")
        assert path.read_bytes() == b"new" and list(tmp_path.iterdir()) == [path]


def test_a_folder_is_looked_through_once_for_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[Path] = []
    monkeypatch.setattr(replacing, "remove_left_overs", looked.append)
    (other := tmp_path / "other").mkdir()
    for path in (tmp_path / "a.xlsx", tmp_path / "b.xlsx", other / "a.xlsx", tmp_path / "c.xlsx"):
        replace(path, lambda file: file.write(b"new"), is_lasting=False)
    assert looked == [tmp_path, other, tmp_path]
    put(tmp_path / "a.xlsx")
    put(tmp_path / "a.xlsx")
    assert looked[3:] == [tmp_path, tmp_path]


def test_only_what_is_lasting_waits_for_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(replacing, "_sync", synced.append)
    put(tmp_path / "a.xlsx")
    replace(tmp_path / "b.xlsx", lambda file: file.write(b"new"), is_lasting=False)
    assert synced == [tmp_path] and (tmp_path / "b.xlsx").read_bytes() == b"new"


def test_what_is_done_while_the_disk_is_waited_for_comes_before_the_name(tmp_path: Path) -> None:
    path, seen = tmp_path / "a.xlsx", list[bool]()
    replace(path, lambda file: file.write(b"new"), meanwhile=lambda: seen.append(path.exists()))
    assert seen == [False] and path.read_bytes() == b"new"


@pytest.mark.parametrize("fails", ["meanwhile", "disk"])
def test_a_failure_while_the_disk_is_waited_for_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    path, done = tmp_path / "a.xlsx", list[str]()
    path.write_bytes(b"old")

    def meanwhile() -> None:
        done.append("meanwhile")
        if fails == "meanwhile":
            raise OSError("meanwhile")

    def fsync(handle: int) -> None:
        if fails == "disk":
            raise OSError("disk")

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(OSError, match=fails):
        replace(path, lambda file: file.write(b"new"), meanwhile=meanwhile)
    assert done == ["meanwhile"]
    assert [each.name for each in tmp_path.iterdir()] == ["a.xlsx"] and path.read_bytes() == b"old"
