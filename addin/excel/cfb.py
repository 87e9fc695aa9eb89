"""Compound files: the little file system inside which Office keeps a VBA project. Writing only, version 3.

Source: [MS-CFB]. Streams under 4096 bytes lie in the mini stream, as the format asks; a storage's entries form a
balanced red-black tree ordered by the length of the name, then by the name in capitals.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

SECTOR, MINI_SECTOR, MINI_LIMIT = 512, 64, 4096
END, FREE, FAT_SECTOR = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
NUMBERS = SECTOR // 4
FAT_SECTORS_IN_HEADER = 109
STORAGE, STREAM, ROOT = 1, 2, 5
RED, BLACK = 0, 1
MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")


@dataclass
class _Entry:
    """One entry of the directory: the root, a storage or a stream."""

    name: str
    kind: int
    content: bytes = b""
    children: list[int] = field(default_factory=list)
    left: int = FREE
    right: int = FREE
    child: int = FREE
    colour: int = BLACK
    start: int = 0
    size: int = 0

    def packed(self) -> bytes:
        name = (self.name + "\0").encode("utf-16-le")
        numbers = struct.pack("<HBBIII", len(name), self.kind, self.colour, self.left, self.right, self.child)
        return name.ljust(64, b"\0") + numbers + bytes(36) + struct.pack("<IQ", self.start, self.size)


_NO_ENTRY = bytes(68) + struct.pack("<III", FREE, FREE, FREE) + bytes(48)


def compound_file(streams: Mapping[str, bytes]) -> bytes:
    """The file that holds the streams; ``VBA/dir`` is the stream ``dir`` in the storage ``VBA``."""
    entries = _directory(streams)
    sectors = _Sectors()
    mini, mini_fat = bytearray(), list[int]()
    for entry in entries:
        if entry.kind != STREAM:
            continue
        entry.size = len(entry.content)
        if entry.size >= MINI_LIMIT:
            entry.start = sectors.put(entry.content)
        elif entry.size:
            entry.start = len(mini_fat)
            count = -(-entry.size // MINI_SECTOR)
            mini_fat += [*range(entry.start + 1, entry.start + count), END]
            mini += entry.content.ljust(count * MINI_SECTOR, b"\0")
        else:
            entry.start = END
    entries[0].size = len(mini)
    entries[0].start = sectors.put(bytes(mini))
    mini_fat += [FREE] * (-len(mini_fat) % NUMBERS)
    mini_fat_start = sectors.put(_numbers(mini_fat))
    table = b"".join(entry.packed() for entry in entries)
    table += _NO_ENTRY * (-len(entries) % (SECTOR // len(_NO_ENTRY)))
    directory_start = sectors.put(table)
    return sectors.file(directory_start, mini_fat_start, len(mini_fat) // NUMBERS)


def _numbers(numbers: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(numbers)}I", *numbers)


class _Sectors:
    """The sectors of the file, and the table that chains them."""

    def __init__(self) -> None:
        self._content = bytearray()
        self._fat: list[int] = []

    def put(self, content: bytes) -> int:
        """Append a stream; returns its first sector."""
        count = -(-len(content) // SECTOR)
        if not count:
            return END
        start = len(self._fat)
        self._fat += [*range(start + 1, start + count), END]
        self._content += content.ljust(count * SECTOR, b"\0")
        return start

    def file(self, directory: int, mini_fat: int, mini_fat_sectors: int) -> bytes:
        used = len(self._fat)
        count = 1
        while count * NUMBERS < used + count:
            count += 1
        if count > FAT_SECTORS_IN_HEADER:
            raise ValueError("a compound file of more than 7 MB needs further tables, which nobody asked for yet")
        fat = self._fat + [FAT_SECTOR] * count
        fat += [FREE] * (-len(fat) % NUMBERS)
        header = MAGIC + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
        header += struct.pack(
            "<IIIIIIIIII", 0, count, directory, 0, MINI_LIMIT, mini_fat, mini_fat_sectors, END, 0, used
        )
        header += _numbers(range(used + 1, used + count))
        return header.ljust(SECTOR, b"\xff") + bytes(self._content) + _numbers(fat)


def _directory(streams: Mapping[str, bytes]) -> list[_Entry]:
    entries = [_Entry("Root Entry", ROOT)]
    storages = {"": 0}
    for path, content in streams.items():
        folder, _, name = path.rpartition("/")
        if folder not in storages:
            storages[folder] = _add(entries, 0, _Entry(folder, STORAGE))
        _add(entries, storages[folder], _Entry(name, STREAM, content))
    for entry in entries:
        ordered = sorted(entry.children, key=lambda place: _order(entries[place].name))
        # A tree that is full down to its last level is black but for what that level holds.
        full_levels = (len(ordered) + 1).bit_length() - 1
        is_full = (len(ordered) + 1) == 1 << full_levels
        entry.child = _tree(entries, ordered, 0, -1 if is_full else full_levels)
    return entries


def _add(entries: list[_Entry], parent: int, entry: _Entry) -> int:
    entries.append(entry)
    entries[parent].children.append(len(entries) - 1)
    return len(entries) - 1


def _order(name: str) -> tuple[int, str]:
    return len(name.encode("utf-16-le")), name.upper()


def _tree(entries: list[_Entry], ordered: list[int], level: int, red_level: int) -> int:
    if not ordered:
        return FREE
    middle = len(ordered) // 2
    entry = entries[ordered[middle]]
    entry.left = _tree(entries, ordered[:middle], level + 1, red_level)
    entry.right = _tree(entries, ordered[middle + 1 :], level + 1, red_level)
    entry.colour = RED if level == red_level else BLACK
    return ordered[middle]
