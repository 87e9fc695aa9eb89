"""Files are replaced whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pytest

from addin.xlsx.files import WorkbookError, read_file, replace
from addin.xlsx.package import opened


def put(content: bytes) -> Callable[[IO[bytes]], object]:
    return lambda file: file.write(content)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_replaced_and_keeps_its_rights(workbook: Path) -> None:
    workbook.chmod(0o640)
    replace(workbook, put(b"new"))
    assert workbook.read_bytes() == b"new"
    assert names(workbook.parent) == ["考核.xlsx"]
    if sys.platform != "win32":
        assert stat.S_IMODE(workbook.stat().st_mode) == 0o640


def test_a_new_file_gets_the_usual_rights(tmp_path: Path) -> None:
    usual, path = tmp_path / "usual", tmp_path / "新.xlsx"
    usual.touch()
    replace(path, put(b"new"))
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode == usual.stat().st_mode


@pytest.mark.parametrize("problem", [ValueError("a bug"), KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_a_failure_leaves_everything_as_it_was(workbook: Path, problem: BaseException) -> None:
    before = workbook.read_bytes()

    def write(file: IO[bytes]) -> None:
        file.write(b"half")
        raise problem

    with pytest.raises(WorkbookError if isinstance(problem, OSError) else type(problem)) as caught:
        replace(workbook, write)
    assert workbook.read_bytes() == before
    assert names(workbook.parent) == ["考核.xlsx"]
    if isinstance(problem, OSError):
        assert "磁盘已满" in str(caught.value)


@pytest.mark.parametrize(
    ("number", "why"),
    [(None, "文件正被其他程序占用或没有权限"), (5, "文件正被其他程序占用或没有权限"), (32, "正被其他程序占用")],
)
def test_a_failure_while_the_name_is_given_away(
    workbook: Path, monkeypatch: pytest.MonkeyPatch, number: int | None, why: str
) -> None:
    before = workbook.read_bytes()

    def refuse(old: object, new: object) -> None:
        error = PermissionError(13, "in use", str(new))
        error.winerror = number  # type: ignore[attr-defined]  # Windows's own number.
        raise error

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(WorkbookError, match=f"：{why}，"):
        replace(workbook, put(b"new"))
    assert workbook.read_bytes() == before
    assert names(workbook.parent) == ["考核.xlsx"]


@pytest.mark.parametrize(
    ("number", "number_of_windows", "why"),
    [
        (errno.ENOENT, None, "找不到文件 考核.xlsx"),
        (errno.ENOTDIR, None, "找不到文件 考核.xlsx"),
        (errno.EACCES, None, "没有权限读取 考核.xlsx，或文件正被其他程序占用"),
        (errno.EIO, None, "无法读取 考核.xlsx：磁盘读写出错"),
        (errno.ENOENT, 2, "找不到文件 考核.xlsx"),
        (errno.EACCES, 5, "没有权限读取 考核.xlsx，或文件正被其他程序占用"),
        (errno.EACCES, 32, "无法读取 考核.xlsx：正被其他程序占用"),
        (errno.ENOENT, 53, "无法读取 考核.xlsx：网络上的这个位置连不上"),
        (errno.EINVAL, 225, "无法读取 考核.xlsx：被杀毒软件拦下了"),
    ],
)
def test_why_a_file_is_not_read(
    number: int, number_of_windows: int | None, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = OSError(number, "in the system's words", "考核.xlsx")
    error.winerror = number_of_windows  # type: ignore[attr-defined]  # Only Windows's Python sets it.

    def refuse(path: Path, *further: object, **named: object) -> None:
        raise error

    monkeypatch.setattr(Path, "stat", refuse)
    with pytest.raises(WorkbookError) as caught:
        read_file(Path("考核.xlsx"))
    assert str(caught.value) == why


def test_a_read_only_file_is_left_alone_even_by_an_administrator(workbook: Path) -> None:
    before = workbook.read_bytes()
    workbook.chmod(0o444)
    with pytest.raises(WorkbookError, match="只读"):
        replace(workbook, put(b"new"))
    assert workbook.read_bytes() == before


@pytest.mark.parametrize("owner", ["~$考核.xlsx", ".~lock.考核.xlsx#", ".~考核.xlsx"])
def test_a_file_that_a_program_holds_open_is_read_but_not_replaced(workbook: Path, owner: str) -> None:
    workbook.with_name(owner).touch()
    before = workbook.read_bytes()
    with opened(workbook):
        pass
    with pytest.raises(WorkbookError, match="正被其他程序打开"):
        replace(workbook, put(b"new"))
    assert workbook.read_bytes() == before
    assert names(workbook.parent) == sorted([owner, "考核.xlsx"])


def test_a_file_that_changes_meanwhile_is_not_replaced(workbook: Path) -> None:
    def write(file: IO[bytes]) -> None:
        file.write(b"new")
        workbook.write_bytes(b"saved by the clerk")

    with pytest.raises(WorkbookError, match="刚刚被其他程序修改"):
        replace(workbook, write)
    assert workbook.read_bytes() == b"saved by the clerk"
    assert names(workbook.parent) == ["考核.xlsx"]


def test_a_folder_is_not_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "文件夹.xlsx"
    folder.mkdir()
    with pytest.raises(WorkbookError, match="是文件夹"):
        replace(folder, put(b"new"))


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match="文件夹不存在"):
        replace(tmp_path / "没有" / "a.xlsx", put(b"new"))


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_stays_a_link(workbook: Path, tmp_path: Path) -> None:
    link = tmp_path / "链接.xlsx"
    link.symlink_to(workbook)
    replace(link, put(b"new"))
    assert link.is_symlink()
    assert workbook.read_bytes() == b"new"


def test_a_long_name_leaves_room_for_the_file_beside_it(tmp_path: Path) -> None:
    path = tmp_path / ("长" * 80 + ".xlsx")
    shutil.copy(__file__, path)
    replace(path, put(b"new"))
    assert path.read_bytes() == b"new"
