"""A workbook's file: read whole at one moment, replaced whole or left alone."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from addin.portable import replacing
from addin.shared.exits import UserError, reason, too_long, windows_reason

WORKBOOKS = (".xlsx", ".xlsm")
"""What the names of the files end with that can be read."""
MOST_BYTES = 512 * 1024**2
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
OLD_WORKBOOK = ("Workbook\0".encode("utf-16-le"), "Book\0".encode("utf-16-le"))
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ARCHIVE = "{} 是压缩包；请解压后用其中的工作簿"
SCRAMBLED = "。在 Excel 里能打开的，可能被单位的文件加密软件加了密（别的程序读到的是密文）：请管理员让它信任程序文件夹 .venv 里的 python.exe 和它的 Python"
"""Such software gives only the programs that it trusts what was written; they see bytes without a known beginning."""
_BINARY = re.compile(rb"[\0-\x08]")
_OTHERS = {
    re.compile(rb"PK.{28}mimetypeapplication/vnd\.oasis\.opendocument", re.DOTALL): "OpenDocument 文件（如 .ods）",
    re.compile(rb"PK.{28}Index/", re.DOTALL): "Numbers 表格",
    re.compile(rb"%PDF"): "PDF",
    re.compile(rb"\s*<(!doctype html|html|table|meta)", re.IGNORECASE): "网页",
    re.compile(rb"\s*<\?xml.{0,1000}urn:schemas-microsoft-com:office:spreadsheet", re.DOTALL): "2003 版的 XML 表格",
    re.compile(rb"(?!.{0,999}[\0-\x08]).{0,1000}?[,;\t]", re.DOTALL): "文本（如 .csv）",
}
"""What is given instead of a workbook, whatever its name says."""
_TRIES = 3
_DENIED = 5
"""What Windows says both of a file that is open and of one that may not be written."""


class WorkbookError(UserError):
    """A file that can't be used as a workbook; the message (Chinese) says which and why."""


@dataclass(frozen=True)
class Fingerprint:
    """By what a file is known to be the same still; ``content`` where it has been read."""

    inode: int
    size: int
    changed: int
    content: bytes | None = None

    @classmethod
    def of(cls, found: os.stat_result, content: bytes | None = None) -> Fingerprint:
        return cls(found.st_ino, found.st_size, found.st_mtime_ns, content)


Before = Fingerprint | Literal["now"] | None
"""What a file was when the work on it began: None if it was not there, "now" if that is of no interest."""


def fingerprint(path: Path) -> Fingerprint | None:
    """None for a file that is not there (or can't be asked)."""
    try:
        return Fingerprint.of(path.stat())
    except OSError:
        return None


def is_unchanged(path: Path, before: Fingerprint | None) -> bool:
    """Whether the file is what it was. Where its content is known, that is compared too: dates can be set, clocks are coarse."""
    if before is None or before.content is None:
        return fingerprint(path) == before
    try:
        with path.open("rb") as file:
            same = file.read(before.size + 1) == before.content
            found = os.fstat(file.fileno())
        return same and Fingerprint.of(found, before.content) == before == Fingerprint.of(path.stat(), before.content)
    except OSError:
        return False


def read_file(path: Path) -> Fingerprint:
    """A workbook's file with its content, all of one moment; raises WorkbookError for what is no workbook's file."""
    try:
        kind = path.stat().st_mode
        if stat.S_ISDIR(kind):
            raise WorkbookError(f"{path} 是文件夹，不是工作簿")
        if not stat.S_ISREG(kind):
            raise WorkbookError(f"{path} 不是普通文件，无法作为工作簿打开")
        for _ in range(_TRIES):
            found = _read(path)
            if found is not None:
                refuse_what_is_no_package(found.content or b"", path)
                return found
    except (OSError, ValueError) as error:
        raise WorkbookError(_unread(path, error)) from error
    raise WorkbookError(f"{path} 正被其他程序写入；请等它保存完毕再试")


def _unread(path: Path, error: OSError | ValueError) -> str:
    if isinstance(error, ValueError):
        return f"找不到文件 {path}{too_long(path)}"
    if windows_reason(error) is None:
        if isinstance(error, FileNotFoundError | NotADirectoryError):
            return f"找不到文件 {path}{too_long(path)}"
        if isinstance(error, PermissionError):
            return f"没有权限读取 {path}，或文件正被其他程序占用"
    return f"无法读取 {path}：{reason(error)}"


def _read(path: Path) -> Fingerprint | None:
    """None if the file was written meanwhile."""
    with path.open("rb") as file:
        before = os.fstat(file.fileno())
        if before.st_size > MOST_BYTES:
            raise WorkbookError(f"{path} 超过 {MOST_BYTES >> 20} MB，未打开")
        content = file.read()
        after = os.fstat(file.fileno())
    same = Fingerprint.of(before) == Fingerprint.of(after) and len(content) == after.st_size
    return Fingerprint.of(after, content) if same else None


def refuse_what_is_no_package(content: bytes, path: object) -> None:
    """Raise WorkbookError with what the content is instead of a package, and what to do about it."""
    if not content:
        raise WorkbookError(f"{path} 是空文件，不是工作簿")
    if content.startswith(OLE_MAGIC):
        if ENCRYPTED in content:
            raise WorkbookError(f"{path} 有打开密码；请在 Excel 中取消密码后再试")
        if any(name in content for name in OLD_WORKBOOK):
            raise WorkbookError(f"{path} 是旧版 .xls 格式；请在 Excel 中另存为 .xlsx 后再试")
    if content.startswith((b"Rar!", b"7z\xbc\xaf")):
        raise WorkbookError(ARCHIVE.format(path))
    for form, kind in _OTHERS.items():
        if form.match(content):
            raise WorkbookError(f"{path} 不是 Excel 工作簿，而是“{kind}”；请在打开它的程序中另存为 .xlsx 后再试")
    if not content.startswith(b"PK"):
        more = SCRAMBLED if _BINARY.search(content[:1000]) else ""
        raise WorkbookError(f"{path} 不是 Excel 工作簿（.xlsx 或 .xlsm）；请在建它的程序中另存为 .xlsx 后再试{more}")


def refuse_if_in_use(path: Path) -> None:
    """Raise if ``path`` can't be overwritten: read-only, no file, or held open (an owner file stands beside)."""
    for owner in (f"~${path.name}", f".~lock.{path.name}#", f".~{path.name}"):
        if os.path.lexists(path.with_name(owner)):
            raise WorkbookError(
                f"{path} 正被其他程序打开（旁边有 {owner}），文件未改动；"
                f"请先关闭它，或用 -o 另存（若确实没有打开，可删除 {owner}）"
            )
    try:
        mode = path.stat().st_mode
    except OSError:
        return
    if not stat.S_ISREG(mode):
        raise WorkbookError(f"{path} {'是文件夹' if stat.S_ISDIR(mode) else '不是普通文件'}，不能写成工作簿")
    # An administrator may write anywhere; a file that says it is read-only is respected all the same.
    if not mode & 0o222 or not os.access(path, os.W_OK):
        raise WorkbookError(f"{path} 是只读文件，未改动；可用 -o 另存为其他文件")


def refuse_as_new(path: Path, what: str, force: bool) -> None:
    """Raise UserError if a new workbook can't be put there; ``what`` it is called, ``force``: in the place of another."""
    if path.suffix.lower() != ".xlsx":
        raise UserError(f"{what}的文件名应以 .xlsx 结尾，现为 {path}")
    if not path.parent.is_dir():
        raise UserError(f"文件夹 {path.parent} 不存在")
    if path.is_dir():
        raise UserError(f"{path} 是文件夹；请换一个文件名")
    if path.exists() and not force:
        raise UserError(f"{path} 已存在；请用 -o 换一个文件名，或加 --force 覆盖")


def replace(
    path: Path,
    write: Callable[[IO[bytes]], object],
    before: Before = "now",
    is_lasting: bool = True,
    meanwhile: Callable[[], None] | None = None,
) -> tuple[str, ...]:
    """Put what ``write`` writes in the place of ``path``, at once or not at all; returns what the user should know.

    A file that somebody has changed since it was ``before`` is left alone. Raises WorkbookError.
    """
    target = _writable(path)
    known = fingerprint(target) if before == "now" else before

    def check() -> None:
        _writable(path)
        if not is_unchanged(target, known):
            raise WorkbookError(f"{path} 刚刚被其他程序修改，未覆盖；请重新运行")

    notes = _notes(path, target)
    try:
        replacing.replace(target, write, check, is_lasting=is_lasting, meanwhile=meanwhile)
    except OSError as error:
        is_vague = isinstance(error, PermissionError) and getattr(error, "winerror", None) in (None, _DENIED)
        why = "文件正被其他程序占用或没有权限" if is_vague else reason(error)
        raise WorkbookError(f"无法写入 {path}：{why}，原文件未改动") from error
    return notes


def _writable(path: Path) -> Path:
    """The file itself where ``path`` is a link; raises WorkbookError if it can't be overwritten."""
    refuse_if_in_use(path)
    target = Path(os.path.realpath(path))
    if target != path:
        refuse_if_in_use(target)
    return target


def _notes(path: Path, target: Path) -> tuple[str, ...]:
    try:
        names = target.stat().st_nlink
    except OSError:
        return ()
    return (f"{path} 另有 {names - 1} 个硬链接，它们仍是原来的内容",) if names > 1 else ()
