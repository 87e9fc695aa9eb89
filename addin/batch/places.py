"""Which workbooks a batch takes, and where each one's result goes."""

from __future__ import annotations

import glob
import os
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from addin.batch.storage import Address, Place, files_below, place_of
from addin.portable.replacing import PREFIX
from addin.shared.exits import UserError, reason
from addin.xlsx.files import WORKBOOKS

OTHERS = (".xls", ".xlsb", ".et", ".ods", ".zip", ".rar", ".7z")
"""What is sent in the place of workbooks: nothing of it is computed, and just that is to be told."""
JOURNAL, REPORT = f"{PREFIX}batch.sqlite", "批量报告.xlsx"
_OWNERS = ("~$", ".~", PREFIX)
"""How the names begin of what spreadsheet programs and this one put beside an open file."""


@dataclass(frozen=True)
class Item:
    """A workbook by its name in the batch, which is its place below the folder of the results too."""

    name: str
    source: Place
    target: Place


def found(given: Iterable[str], out: Place) -> list[Item]:
    """The workbooks of folders, patterns and files, by name; raises UserError."""
    if isinstance(out, Path) and out.exists() and not out.is_dir():
        raise UserError(f"{out} 是文件，结果要放在文件夹中；请换一个名称")
    sources: dict[str, tuple[str, Place]] = {}
    for one in given:
        any_found = False
        for name, source in _of(one, out):
            any_found = True
            if name.casefold() == REPORT.casefold():
                raise UserError(f"{source} 与报告同名（{REPORT}）；请改名或移走")
            known, first = sources.setdefault(_folded(name), (name, source))
            if not _is_same(first, source):
                why = f"（{name}）" if known == name else "，只有大小写不同，Windows 和 macOS 当作同一个文件"
                raise UserError(f"{first} 和 {source} 的结果会同名{why}；请改名或分开计算")
        if not any_found:
            raise UserError(f"{one} 中没有工作簿（{'、'.join(WORKBOOKS)}）")
    items = [Item(name, source, out / name) for name, source in sorted(sources.values(), key=lambda one: one[0])]
    for item in items:
        if _is_same(item.source, item.target):
            raise UserError(f"{item.source} 的结果会写到它自己；请用 -o 换一个文件夹")
    return items


def _folded(name: str) -> str:
    """The same for names that some system takes for one file; results may go there one day, and a batch is the same everywhere."""
    return unicodedata.normalize("NFC", name).casefold()


def _is_same(one: Place, other: Place) -> bool:
    if isinstance(one, Path) and isinstance(other, Path):
        return one == other or (other.exists() and one.resolve() == other.resolve())
    return str(one) == str(other)


def _of(given: str, out: Place) -> Iterator[tuple[str, Place]]:
    path, own = place_of(given), out.resolve() if isinstance(out, Path) else None
    if isinstance(path, Address):
        inside = f"{out}/"
        for name, source in files_below(path):
            if source is path or (_is_sent(source.name) and not str(source).startswith(inside)):
                yield name, source
    elif path.is_dir():
        yield from _below(path, own)
    elif path.is_file():
        yield path.name, path
    elif glob.has_magic(given):
        root = _fixed(path)
        matches = map(Path, glob.iglob(given, recursive=True))
        for each in matches:
            if _is_sent(each.name) and each.is_file() and own not in each.resolve().parents:
                yield _name(each, root), each
    else:
        raise UserError(f"找不到 {given}")


def _below(folder: Path, out: Path | None) -> Iterator[tuple[str, Path]]:
    """The workbooks below a folder, except the results of earlier runs."""

    def refuse(error: OSError) -> None:
        raise UserError(f"无法读取文件夹 {error.filename}：{reason(error)}") from error

    for parent, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if Path(parent, name).resolve() != out]
        for name in filter(_is_sent, files):
            yield _name(Path(parent, name), folder), Path(parent, name)


def _is_sent(name: str) -> bool:
    return name.lower().endswith(WORKBOOKS + OTHERS) and not name.startswith(_OWNERS)


def _fixed(pattern: Path) -> Path:
    """The folder above the first part that is a pattern."""
    while glob.has_magic(str(pattern)):
        pattern = pattern.parent
    return pattern


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()
