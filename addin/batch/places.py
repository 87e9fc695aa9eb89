"""Which workbooks a batch takes, and where each one's result goes."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from addin.portable.replacing import PREFIX
from addin.shared.exits import UserError

SUFFIXES = (".xlsx", ".xlsm")
JOURNAL, REPORT = f"{PREFIX}batch.sqlite", "批量报告.xlsx"
_OWNERS = ("~$", ".~", PREFIX)
"""How the names begin of what spreadsheet programs and this one put beside an open file."""


@dataclass(frozen=True)
class Item:
    """A workbook by its name in the batch, which is its place below the folder of the results too."""

    name: str
    source: Path
    target: Path


def found(given: Iterable[str], out: Path) -> list[Item]:
    """The workbooks of folders, patterns and files, by name; raises UserError."""
    sources: dict[str, Path] = {}
    for one in given:
        any_found = False
        for name, source in _of(one, out.resolve()):
            any_found = True
            if name.casefold() == REPORT.casefold():
                raise UserError(f"{source} 与报告同名({REPORT});请改名或移走")
            if sources.setdefault(name, source).resolve() != source.resolve():
                raise UserError(f"{sources[name]} 和 {source} 的结果会同名({name});请分开计算")
        if not any_found:
            raise UserError(f"{one} 中没有工作簿({'、'.join(SUFFIXES)})")
    items = [Item(name, source, out / name) for name, source in sorted(sources.items())]
    for item in items:
        if item.source.resolve() == item.target.resolve():
            raise UserError(f"{item.source} 的结果会写到它自己;请用 -o 换一个文件夹")
    return items


def _of(given: str, out: Path) -> Iterator[tuple[str, Path]]:
    path = Path(given)
    if path.is_dir():
        yield from _below(path, out)
    elif path.is_file():
        yield path.name, path
    elif glob.has_magic(given):
        root = _fixed(path)
        matches = map(Path, glob.iglob(given, recursive=True))
        yield from ((_name(each, root), each) for each in matches if each.is_file() and _is_workbook(each.name))
    else:
        raise UserError(f"找不到 {given}")


def _below(folder: Path, out: Path) -> Iterator[tuple[str, Path]]:
    """The workbooks below a folder, except the results of earlier runs."""

    def refuse(error: OSError) -> None:
        raise UserError(f"无法读取文件夹 {error.filename}:{error.strerror}") from error

    for parent, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if Path(parent, name).resolve() != out]
        for name in filter(_is_workbook, files):
            yield _name(Path(parent, name), folder), Path(parent, name)


def _is_workbook(name: str) -> bool:
    return name.lower().endswith(SUFFIXES) and not name.startswith(_OWNERS)


def _fixed(pattern: Path) -> Path:
    """The folder above the first part that is a pattern."""
    while glob.has_magic(str(pattern)):
        pattern = pattern.parent
    return pattern


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()
