"""The file around a workbook: opened with care, replaced atomically, never half written."""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
MOST_BYTES = 4 * 1024**3
MOST_RATIO = 400
SMALL = 64 * 1024 * 1024
CHUNK = 1 << 20


class WorkbookError(Exception):
    """A file that can't be used as a workbook; the message (Chinese) says which and why."""


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The workbook's package for reading; raises WorkbookError with what is wrong."""
    _refuse_what_is_no_package(path)
    try:
        with zipfile.ZipFile(path) as package:
            _refuse_bombs(package, path)
            if "[Content_Types].xml" not in package.namelist():
                raise WorkbookError(f"{path} 不是 Excel 工作簿(.xlsx 或 .xlsm)")
            yield package
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise WorkbookError(f"{path} 已损坏或不完整,无法打开;请从备份恢复或重新保存") from error
    except PermissionError as error:
        raise WorkbookError(f"没有权限读取 {path},或文件正被其他程序占用") from error


def _refuse_what_is_no_package(path: Path) -> None:
    if path.is_dir():
        raise WorkbookError(f"{path} 是文件夹,不是工作簿")
    if not path.exists():
        raise WorkbookError(f"找不到文件 {path}")
    try:
        with path.open("rb") as file:
            start = file.read(8)
            if start == OLE_MAGIC:
                if ENCRYPTED in file.read():
                    raise WorkbookError(f"{path} 有打开密码;请在 Excel 中取消密码后再试")
                raise WorkbookError(f"{path} 是旧版 .xls 格式;请在 Excel 中另存为 .xlsx 后再试")
    except PermissionError as error:
        raise WorkbookError(f"没有权限读取 {path},或文件正被其他程序占用") from error
    except OSError as error:
        raise WorkbookError(f"无法读取 {path}:{error.strerror}") from error
    if not start:
        raise WorkbookError(f"{path} 是空文件,不是工作簿")
    if not start.startswith(b"PK"):
        raise WorkbookError(f"{path} 不是 Excel 工作簿(.xlsx 或 .xlsm)")


def _refuse_bombs(package: zipfile.ZipFile, path: Path) -> None:
    """Refuse what would fill the memory; zipfile itself stops at the declared sizes, so these can be trusted."""
    whole = sum(info.file_size for info in package.infolist())
    packed = sum(info.compress_size for info in package.infolist())
    if whole > MOST_BYTES or (whole > SMALL and whole > MOST_RATIO * max(packed, 1)):
        raise WorkbookError(f"{path} 解压后异常庞大,可能是恶意文件,未打开")


def refuse_if_in_use(path: Path) -> None:
    """Excel and LibreOffice leave an owner file beside a workbook that they hold open."""
    for owner in (path.with_name(f"~${path.name}"), path.with_name(f".~lock.{path.name}#")):
        if owner.exists():
            raise WorkbookError(f"{path} 正被其他程序打开({owner.name});请先关闭它,文件未改动")
    if path.exists() and not os.access(path, os.W_OK):
        raise WorkbookError(f"{path} 是只读文件,未改动;可用 -o 另存为其他文件")


def replace(path: Path, write: Callable[[Path], None]) -> None:
    """Let ``write`` make a file beside ``path``, then put it in its place; on any failure ``path`` is as before."""
    refuse_if_in_use(path)
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=path.suffix, dir=path.parent)
    except OSError as error:
        raise WorkbookError(f"无法在 {path.parent} 中写文件:{error.strerror}") from error
    os.close(handle)
    beside = Path(name)
    try:
        write(beside)
        if path.exists():
            shutil.copymode(path, beside)
        else:
            beside.chmod(0o666 & ~_umask())
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        os.replace(beside, path)
        _sync_folder(path.parent)
    except PermissionError as error:
        raise WorkbookError(f"无法写入 {path}:文件正被其他程序占用或没有权限,原文件未改动") from error
    except OSError as error:
        raise WorkbookError(f"无法写入 {path}:{error.strerror},原文件未改动") from error
    finally:
        beside.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _sync_folder(folder: Path) -> None:
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
