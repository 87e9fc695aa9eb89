"""The file around a workbook: opened with care, replaced atomically, never half written."""

from __future__ import annotations

import codecs
import errno
import lzma
import os
import re
import shutil
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
OLD_WORKBOOK = ("Workbook\0".encode("utf-16-le"), "Book\0".encode("utf-16-le"))
MOST_BYTES = 4 * 1024**3
MOST_RATIO = 400
SMALL = 64 * 1024 * 1024
CONTENT_TYPES = "[Content_Types].xml"
DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, NotImplementedError, UnicodeDecodeError,
)  # fmt: skip

_REASONS = {
    errno.ENOENT: "文件夹不存在",
    errno.ENOTDIR: "文件夹不存在",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT if hasattr(errno, "EDQUOT") else -1: "磁盘配额已用完",
    errno.EROFS: "磁盘是只读的",
    errno.ENAMETOOLONG: "文件名太长",
    errno.EISDIR: "它是文件夹",
    errno.EIO: "磁盘读写出错",
}


class WorkbookError(Exception):
    """A file that can't be used as a workbook; the message (Chinese) says which and why."""


class UnsafeXml(ValueError):
    """XML that no spreadsheet program writes: a document type, entities, an odd encoding."""


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The workbook's package for reading; raises WorkbookError with what is wrong."""
    _refuse_what_is_no_package(path)
    try:
        with zipfile.ZipFile(path) as package:
            _refuse_odd_members(package, path)
            yield package
    except DAMAGED as error:
        raise WorkbookError(f"{path} 已损坏或不完整,无法打开;请从备份恢复或重新保存") from error
    except PermissionError as error:
        raise WorkbookError(f"没有权限读取 {path},或文件正被其他程序占用") from error
    except OSError as error:
        raise WorkbookError(f"无法读取 {path}:{_reason(error)}") from error


def _refuse_what_is_no_package(path: Path) -> None:
    try:
        kind = path.stat().st_mode
        if stat.S_ISDIR(kind):
            raise WorkbookError(f"{path} 是文件夹,不是工作簿")
        if not stat.S_ISREG(kind):
            raise WorkbookError(f"{path} 不是普通文件,无法作为工作簿打开")
        with path.open("rb") as file:
            start = file.read(8)
            ole = file.read(MOST_BYTES) if start == OLE_MAGIC else b""
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise WorkbookError(f"找不到文件 {path}") from error
    except PermissionError as error:
        raise WorkbookError(f"没有权限读取 {path},或文件正被其他程序占用") from error
    except OSError as error:
        raise WorkbookError(f"无法读取 {path}:{_reason(error)}") from error
    if not start:
        raise WorkbookError(f"{path} 是空文件,不是工作簿")
    if ENCRYPTED in ole:
        raise WorkbookError(f"{path} 有打开密码;请在 Excel 中取消密码后再试")
    if any(name in ole for name in OLD_WORKBOOK):
        raise WorkbookError(f"{path} 是旧版 .xls 格式;请在 Excel 中另存为 .xlsx 后再试")
    if not start.startswith(b"PK"):
        raise WorkbookError(f"{path} 不是 Excel 工作簿(.xlsx 或 .xlsm)")


def _refuse_odd_members(package: zipfile.ZipFile, path: Path) -> None:
    """Refuse what would fill the memory, and what zipfile would read otherwise than a spreadsheet program does.

    zipfile never inflates more than a member's declared size, so that the declared sizes can be trusted here.
    """
    members = package.infolist()
    names = [member.filename for member in members]
    if CONTENT_TYPES not in names:
        raise WorkbookError(f"{path} 不是 Excel 工作簿(.xlsx 或 .xlsm)")
    if any(member.flag_bits & 0x1 for member in members):
        raise WorkbookError(f"{path} 的压缩包有密码,不是普通的工作簿;请在 Excel 中重新保存")
    if len(set(names)) < len(names):
        raise WorkbookError(f"{path} 已损坏:同名的部件出现了两次")
    if sum(member.file_size for member in members) > MOST_BYTES or any(
        member.file_size > SMALL and member.file_size > MOST_RATIO * member.compress_size for member in members
    ):
        raise WorkbookError(f"{path} 解压后异常庞大,可能是恶意文件,未打开")


_PROLOG = re.compile(rb"(?:\s|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_DECLARED = re.compile(rb"^<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")


def read_xml(package: zipfile.ZipFile, part: str) -> bytes:
    """A part's XML in UTF-8 (the same bytes where it is already); raises UnsafeXml.

    A document type is refused before any parser sees it: OOXML forbids it, and entities can grow without bounds.
    """
    return safe_xml(package.read(part))


def safe_xml(data: bytes) -> bytes:
    """See read_xml."""
    text = _utf8(data)
    body = text.removeprefix(codecs.BOM_UTF8)
    prolog = _PROLOG.match(body)
    if body.startswith(b"<!", prolog.end() if prolog else 0):
        raise UnsafeXml("DOCTYPE")
    return text


def _utf8(data: bytes) -> bytes:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        # lxml believes a declaration more than the bytes.
        return re.sub(r"^<\?xml.*?\?>", "", data.decode("utf-16"), count=1, flags=re.DOTALL).encode()
    declared = _DECLARED.match(data.removeprefix(codecs.BOM_UTF8)[:200])
    if declared is not None and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"):
        raise UnsafeXml(declared[1].decode())
    return data


def refuse_if_in_use(path: Path) -> None:
    """Raise if ``path`` can't be overwritten: read-only, no file, or held open (an owner file stands beside)."""
    for owner in (f"~${path.name}", f".~lock.{path.name}#", f".~{path.name}"):
        if os.path.lexists(path.with_name(owner)):
            raise WorkbookError(
                f"{path} 正被其他程序打开(旁边有 {owner}),文件未改动;"
                f"请先关闭它,或用 -o 另存(若确实没有打开,可删除 {owner})"
            )
    try:
        mode = path.stat().st_mode
    except OSError:
        return
    if not stat.S_ISREG(mode):
        raise WorkbookError(f"{path} {'是文件夹' if stat.S_ISDIR(mode) else '不是普通文件'},不能写成工作簿")
    # An administrator may write anywhere; a file that says it is read-only is respected all the same.
    if not mode & 0o222 or not os.access(path, os.W_OK):
        raise WorkbookError(f"{path} 是只读文件,未改动;可用 -o 另存为其他文件")


def replace(path: Path, write: Callable[[Path], None]) -> None:
    """Let ``write`` make a file beside ``path``, then put it in its place; on any failure ``path`` is as before."""
    refuse_if_in_use(path)
    target = Path(os.path.realpath(path))  # A link stays a link to the new file.
    if target != path:
        refuse_if_in_use(target)
    before = _fingerprint(target)
    try:
        handle, name = tempfile.mkstemp(prefix=".kaohe-", suffix=path.suffix, dir=target.parent)
    except OSError as error:
        raise WorkbookError(f"无法在文件夹 {target.parent} 中写文件:{_reason(error)}") from error
    os.close(handle)
    beside = Path(name)
    try:
        write(beside)
        _take_over(target, beside)
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        if _fingerprint(target) != before:
            raise WorkbookError(f"{path} 刚刚被其他程序修改,未覆盖;请重新运行")
        refuse_if_in_use(target)
        os.replace(beside, target)
    except PermissionError as error:
        raise WorkbookError(f"无法写入 {path}:文件正被其他程序占用或没有权限,原文件未改动") from error
    except OSError as error:
        raise WorkbookError(f"无法写入 {path}:{_reason(error)},原文件未改动") from error
    finally:
        beside.unlink(missing_ok=True)
    _sync_folder(target.parent)


def _fingerprint(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _take_over(old: Path, new: Path) -> None:
    """Rights and owner of the file that is replaced; those of any new file where there is none."""
    if not old.exists():
        new.chmod(0o666 & ~_umask())
        return
    shutil.copymode(old, new)
    if hasattr(os, "chown"):
        try:
            os.chown(new, old.stat().st_uid, old.stat().st_gid)
            shutil.copymode(old, new)
        except OSError:
            pass  # Only an administrator can give files away.


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a power failure, where the system can; the file itself is safe already."""
    if hasattr(os, "O_DIRECTORY"):
        try:
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        except OSError:
            return
        try:
            os.fsync(handle)
        except OSError:
            pass
        finally:
            os.close(handle)


def _reason(error: OSError) -> str:
    return _REASONS.get(error.errno or 0) or error.strerror or str(error)
