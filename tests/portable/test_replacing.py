"""A file is replaced whole or left alone, and nothing is left behind."""

from __future__ import annotations

import os
import subprocess
import sys
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
    os.utime(path, ns=(10**18, 10**18 + 1))
    replace(path, lambda file: file.write(b"new"), keep_date=True)
    assert path.stat().st_mtime_ns == 10**18 + 1


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
        assert other.stdout is not None and other.stdout.readline() == b"writing\n"
        unfinished = [each for each in tmp_path.iterdir() if each != own]
        put(path)
        assert sorted(tmp_path.iterdir()) == sorted([own, path, *unfinished])
        other.kill()
    put(path, b"newer")
    assert sorted(tmp_path.iterdir()) == [own, path] and path.read_bytes() == b"newer"


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
