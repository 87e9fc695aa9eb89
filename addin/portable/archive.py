"""Zip files: made so that the same contents give the same bytes, and changed so that all else stays, byte for byte.

``zipfile`` can only write members anew: flags and extra fields come out as it likes, and all is compressed again.
Here the other members' bytes are copied, with their headers, in their order.
"""

from __future__ import annotations

import os
import shutil
import struct
import zipfile
import zlib
from contextlib import nullcontext
from dataclasses import dataclass
from typing import IO, Collection, Mapping

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_LIMIT = 0xFFFFFFFF
_HAS_DESCRIPTOR = 0x08
_ZIP64_EXTRA = 1
_UNIX = 3
LEVEL = 1  # Of compression: a quarter of the time of the usual 6, for a file that is a quarter larger.


@dataclass
class _Member:
    """An entry of the central directory: its fixed fields, and name, extra fields and comment as they stand."""

    name: str
    fields: list[int]
    tail: bytes

    @property
    def offset(self) -> int:
        return self.fields[16]


@dataclass(frozen=True)
class _Layout:
    """The members, and where their directory starts and ends."""

    members: list[_Member]
    start: int
    end: int


def create(target: IO[bytes], contents: Mapping[str, bytes]) -> None:
    """Write a new zip file; its members have no date, so that it depends on their contents only."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in contents.items():
            package.writestr(_undated(name), content, zipfile.ZIP_DEFLATED)


def rewrite(
    source: IO[bytes],
    target: IO[bytes],
    changed: Mapping[str, bytes],
    dropped: Collection[str] = frozenset(),
    opened: zipfile.ZipFile | None = None,
) -> None:
    """Copy a zip file with the contents of ``changed`` in place of those members' own, new ones last.

    ``opened`` is the same file as it was opened before.
    """
    if not changed and not dropped:
        source.seek(0)
        shutil.copyfileobj(source, target)
        return
    with nullcontext(opened) if opened is not None else zipfile.ZipFile(source) as package:
        new = changed.keys() - set(package.namelist())
        layout = None if dropped or new else _layout(package, source)
        if layout is not None:
            _copy(source, target, layout, changed)
        else:
            _write_anew(package, target, changed, dropped)


def _undated(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.create_system = _UNIX  # Whatever this is.
    return info


def _layout(package: zipfile.ZipFile, old: IO[bytes]) -> _Layout | None:
    """None for archives that are too unusual to be copied by parts (zip64, data in front)."""
    size = old.seek(0, os.SEEK_END)
    start = package.start_dir
    end = size - _END.size - len(package.comment)
    if end < start or size > _LIMIT:
        return None
    old.seek(start)
    directory = old.read(end - start)
    members, place = [], 0
    for info in package.infolist():
        if directory[place : place + 4] != b"PK\x01\x02" or len(directory) < place + _CENTRAL.size:
            return None
        fields = list(_CENTRAL.unpack_from(directory, place))
        first, last = place + _CENTRAL.size, place + _CENTRAL.size + sum(fields[10:13])
        if _LIMIT in (fields[8], fields[9], fields[16]) or fields[16] != info.header_offset:
            return None
        members.append(_Member(info.filename, fields, directory[first:last]))
        place = last
    return _Layout(members, start, end) if members and place == len(directory) else None


def _copy(old: IO[bytes], new: IO[bytes], layout: _Layout, changed: Mapping[str, bytes]) -> None:
    placed = sorted(layout.members, key=lambda member: member.offset)
    ends = [member.offset for member in placed[1:]] + [layout.start]
    old.seek(0)
    _copy_bytes(old, new, placed[0].offset)
    for member, end in zip(placed, ends):
        old.seek(member.offset)
        member.fields[16] = new.tell()
        if member.name in changed:
            _write_member(old, new, member, changed[member.name])
        else:
            _copy_bytes(old, new, end - old.tell())
    first = new.tell()
    new.write(b"".join(_CENTRAL.pack(*member.fields) + member.tail for member in layout.members))
    length = new.tell() - first
    old.seek(layout.end)
    end_record = list(_END.unpack(old.read(_END.size)))
    end_record[5:7] = [length, first]
    new.write(_END.pack(*end_record) + old.read())


def _write_member(old: IO[bytes], new: IO[bytes], member: _Member, content: bytes) -> None:
    header = list(_LOCAL.unpack(old.read(_LOCAL.size)))
    name, extra = old.read(header[9]), _without_zip64(old.read(header[10]))
    method = member.fields[4]
    if method == zipfile.ZIP_DEFLATED:
        packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -15)
        packed = packer.compress(content) + packer.flush()
    else:
        packed, method = content, zipfile.ZIP_STORED
    sizes = [zlib.crc32(content), len(packed), len(content)]
    flags = member.fields[3] & ~_HAS_DESCRIPTOR
    header[2:4], header[6:9] = [flags, method], sizes
    member.fields[3:5], member.fields[7:10] = [flags, method], sizes
    header[10] = len(extra)
    new.write(_LOCAL.pack(*header) + name + extra)
    new.write(packed)


def _without_zip64(extra: bytes) -> bytes:
    """A local header's extra fields, without sizes that are no longer true."""
    kept, place = b"", 0
    while place + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, place)
        if kind != _ZIP64_EXTRA:
            kept += extra[place : place + 4 + length]
        place += 4 + length
    return kept + extra[place:]


def _copy_bytes(old: IO[bytes], new: IO[bytes], count: int) -> None:
    while count > 0:
        chunk = old.read(min(count, 1 << 20))
        if not chunk:
            raise zipfile.BadZipFile("member cut short")
        new.write(chunk)
        count -= len(chunk)


def _write_anew(
    old: zipfile.ZipFile, target: IO[bytes], changed: Mapping[str, bytes], dropped: Collection[str]
) -> None:
    with zipfile.ZipFile(target, "w") as new:
        new.comment = old.comment
        kept = [info for info in old.infolist() if info.filename not in dropped]
        for info in kept:
            content = changed.get(info.filename)
            new.writestr(info, old.read(info) if content is None else content, info.compress_type)
        for name in sorted(changed.keys() - {info.filename for info in kept}):
            new.writestr(_undated(name), changed[name], zipfile.ZIP_DEFLATED)
