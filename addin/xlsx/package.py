"""The package in a workbook's file: opened with care, its parts read with care."""

from __future__ import annotations

import codecs
import io
import lzma
import re
import struct
import zipfile
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from addin.xlsx.files import ARCHIVE, WorkbookError, read_file

MOST_BYTES = 4 * 1024**3
MOST_RATIO = 400
SMALL = 64 * 1024 * 1024
MOST_KEPT_OF, MOST_KEPT = 256 * 1024, 8 * 1024 * 1024
"""Bytes of one part, and of all parts whose content is kept."""
_LOCAL_SIZE = 30
_LENGTHS = struct.Struct("<2H")
"""Of name and extra fields, at the end of a member's own header of this size."""
CONTENT_TYPES = "[Content_Types].xml"
_PROPERTIES = "docProps/core.xml"
DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, NotImplementedError, UnicodeDecodeError,
)  # fmt: skip


class UnsafeXml(ValueError):
    """XML that no spreadsheet program writes: a document type, entities, an odd encoding, control characters."""


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The workbook's package for reading; raises WorkbookError with what is wrong."""
    content = read_file(path).content or b""
    with damage_told(path):
        yield package_of(content, path)


@contextmanager
def damage_told(path: Path) -> Iterator[None]:
    """What zipfile makes of a damaged package becomes a WorkbookError."""
    try:
        yield
    except DAMAGED as error:
        raise WorkbookError(f"{path} 已损坏或不完整，无法打开；请从备份恢复或重新保存") from error


def package_of(content: bytes, path: Path) -> zipfile.ZipFile:
    """The package with this content, called ``path``; raises WorkbookError."""
    with damage_told(path):
        package = zipfile.ZipFile(io.BytesIO(content))
        _refuse_odd_members(package, path)
        return package


def _refuse_odd_members(package: zipfile.ZipFile, path: Path) -> None:
    """Refuse what would fill the memory, and what zipfile would read otherwise than a spreadsheet program does.

    zipfile never inflates more than a member's declared size, so that the declared sizes can be trusted here.
    """
    members = package.infolist()
    names = [member.filename for member in members]
    if CONTENT_TYPES not in names:
        is_around = any(name.lower().endswith((".xlsx", ".xlsm", ".xls")) for name in names)
        raise WorkbookError(ARCHIVE.format(path) if is_around else f"{path} 不是 Excel 工作簿（.xlsx 或 .xlsm）")
    if any(member.flag_bits & 0x1 for member in members):
        raise WorkbookError(f"{path} 的压缩包有密码，不是普通的工作簿；请在 Excel 中重新保存")
    # Names of parts are equal whatever their case.
    if len({name.lower() for name in names}) < len(names):
        raise WorkbookError(f"{path} 已损坏：同名的部件出现了两次")
    if sum(member.file_size for member in members) > MOST_BYTES or any(
        member.file_size > SMALL and member.file_size > MOST_RATIO * member.compress_size for member in members
    ):
        raise WorkbookError(f"{path} 解压后异常庞大，可能是恶意文件，未打开")


_PROLOG = re.compile(rb"(?:\s|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_CONTROLS = bytes({*range(32)} - {*b"\t\n\r"})
_AT_ONCE = 1 << 16
_DECLARED = re.compile(rb"^<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")


def read_xml(package: zipfile.ZipFile, part: str) -> bytes:
    """A part's XML in UTF-8 (the same bytes where it is already); raises UnsafeXml.

    A document type is refused before any parser sees it: OOXML forbids it, and entities can grow without bounds.
    """
    found = read_part(package, part)
    return _safe(found) if len(found) <= MOST_KEPT_OF else safe_xml(found)


def read_part(package: zipfile.ZipFile, part: str) -> bytes:
    """A part as it is stored; raises ValueError where there is none."""
    try:
        member = package.getinfo(part)
    except KeyError:
        raise ValueError(f"缺少部件 {part}") from None
    return package.read(member) if member.file_size > MOST_KEPT_OF else _KEPT.content(package, member)


class _Kept:
    """The contents of the parts that were read last, each with the bytes that it was read from: the workbooks of a folder have most
    parts in common.
    """

    def __init__(self) -> None:
        self._contents: OrderedDict[tuple[object, ...], bytes] = OrderedDict()
        self._bytes = 0

    def content(self, package: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
        key = _as_stored(package, member)
        if key is None:
            return package.read(member)
        if key in self._contents:
            self._contents.move_to_end(key)
            return self._contents[key]
        found = self._contents[key] = package.read(member)
        self._bytes += len(found)
        while self._bytes > MOST_KEPT:
            self._bytes -= len(self._contents.popitem(last=False)[1])
        return found


_KEPT = _Kept()


def _as_stored(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> tuple[object, ...] | None:
    """All that its content depends on; None where the package is not in memory, or is damaged here."""
    if not isinstance(package.fp, io.BytesIO):
        return None
    with package.fp.getbuffer() as whole:
        start = member.header_offset
        if start + _LOCAL_SIZE > len(whole):
            return None
        end = start + _LOCAL_SIZE + sum(_LENGTHS.unpack_from(whole, start + _LOCAL_SIZE - 4)) + member.compress_size
        stored = bytes(whole[start:end])
    # Another member's bytes may begin before this one's end: that is refused.
    room = getattr(member, "_end_offset", None)
    said = member.orig_filename, member.compress_type, member.flag_bits, member.CRC, member.file_size
    return stored, *said, None if room is None else room - start


def stated(package: zipfile.ZipFile, name: str) -> str:
    """One of the workbook's properties (creator, description …) as it is stored; empty where it has none."""
    if _PROPERTIES not in package.namelist():
        return ""
    found = re.search(rb"<(?:\w+:)?%b(?:\s[^<>]*)?>([^<]*)<" % name.encode(), package.read(_PROPERTIES))
    return found[1].decode(errors="replace") if found else ""


def safe_xml(data: bytes) -> bytes:
    """See read_xml."""
    text = _utf8(data)
    body = text.removeprefix(codecs.BOM_UTF8)
    prolog = _PROLOG.match(body)
    if body.startswith(b"<!", prolog.end() if prolog else 0):
        raise UnsafeXml("含有 DOCTYPE 声明")
    for start in range(0, len(text), _AT_ONCE):
        some = text[start : start + _AT_ONCE]
        if len(some.translate(None, _CONTROLS)) < len(some):
            raise UnsafeXml("含有 XML 不允许的控制字符")
    return text


def transcoded(xml: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """A change of UTF-8 applied to a part in whatever encoding it has; the same object if nothing changes. Raises UnsafeXml."""
    text = safe_xml(xml)
    if not xml.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return change(text)
    codec = "utf-16-le" if xml.startswith(codecs.BOM_UTF16_LE) else "utf-16-be"
    before = xml[2:].decode(codec).encode()
    after = change(before)
    return xml if after is before else xml[:2] + after.decode().encode(codec)


_safe = lru_cache(maxsize=128)(safe_xml)


def _utf8(data: bytes) -> bytes:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        # lxml believes a declaration more than the bytes.
        return re.sub(r"^<\?xml.*?\?>", "", data.decode("utf-16"), count=1, flags=re.DOTALL).encode()
    declared = _DECLARED.match(data.removeprefix(codecs.BOM_UTF8)[:200])
    if declared is not None and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"):
        raise UnsafeXml(f"编码是 {declared[1].decode()}，应为 UTF-8")
    return data
