"""The units that send workbooks: which of them have sent none, and which several; and which files are the same."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath

from addin.batch.work import FAILED, Done
from addin.shared.exits import UserError, reason
from addin.shared.texts import NO_TEXT, decoded, separated, shown
from addin.xlsx.book import read_book
from addin.xlsx.files import WORKBOOKS

HEADINGS = ("单位", "单位名称", "报送单位", "机构", "机构名称", "名称")
"""Over the column of names, where the list has several columns."""


class Expected:
    """``sent`` are the files of each unit, ``strangers`` those of none of them. Without names every unit that sends something is one.

    ``alike`` are the files with the same content, by that.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names: dict[str, str] = {}
        for name in filter(_plain, names):
            self._names.setdefault(_plain(name), name.strip())
        self.sent: dict[str, list[str]] = {name: [] for name in self._names.values()}
        self.are_known = bool(self.sent)
        self.strangers: list[tuple[str, str]] = []
        self.alike: dict[str, list[str]] = {}

    @classmethod
    def read(cls, path: Path) -> Expected:
        """Names line by line, or in a column of a table; raises UserError or WorkbookError."""
        found = cls(_names(list(_lines(path))))
        if not found.sent:
            raise UserError(f"{path} 中没有单位名称")
        return found

    def hear(self, done: Done) -> None:
        """A file belongs to the unit that is written in it, else to the one that it or its folder is named after."""
        if done.key:
            self.alike.setdefault(done.key, []).append(done.name)
        if not self.are_known:
            if key := _plain(done.unit):
                self.sent.setdefault(self._names.setdefault(key, done.unit), []).append(done.name)
            return
        path = PurePosixPath(done.name)
        for known in (done.unit, path.stem, *path.parts[-2::-1]):
            if name := self._names.get(_plain(known)):
                self.sent[name].append(done.name)
                return
        # In a file that can't be read there may be the name of one that is expected.
        if done.state != FAILED:
            self.strangers.append((done.name, done.unit))

    @property
    def missing(self) -> list[str]:
        return [name for name, files in self.sent.items() if not files]

    @property
    def repeated(self) -> list[str]:
        return [name for name, files in self.sent.items() if len(files) > 1]

    @property
    def copies(self) -> list[list[str]]:
        """Files with the same content, together: a copy, whose people are counted twice."""
        return [files for files in self.alike.values() if len(files) > 1]

    def remarks(self) -> Iterator[tuple[str, str, str]]:
        """File, unit, and what is to be said of it."""
        for files in self.copies:
            yield "、".join(files), "", f"{len(files)} 个文件的内容完全相同，都已计入；多余的请移走，再运行一次"
        for name, files in self.sent.items():
            if not files:
                yield "", name, "没有报送"
            elif len(files) > 1:
                yield "、".join(files), name, f"报送了 {len(files)} 个文件"
        for file, unit in self.strangers:
            yield file, unit, "不在应报送的单位名单中"


def _plain(name: str) -> str:
    """Full-width letters and spaces don't make another name."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def _lines(path: Path) -> Iterator[Sequence[str]]:
    if path.suffix.lower() in WORKBOOKS:
        book = read_book(path)
        sheet = book.workbook.sheets[book.sheets[0]]
        for row in range(sheet.height):
            yield [shown(sheet.get(row, col)) for col in range(sheet.width)]
        return
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UserError(f"无法读取名单 {path}：{reason(error)}") from error
    if (text := decoded(content)) is None:
        raise UserError(NO_TEXT.format(path))
    yield from separated(text) if path.suffix.lower() == ".csv" else ([line] for line in text.splitlines())


def _names(lines: list[Sequence[str]]) -> Iterator[str]:
    """The column under the first heading that is one of names, else the first column that is filled."""
    for row, cells in enumerate(lines):
        plain = [_plain(cell) for cell in cells]
        if col := next((plain.index(heading) + 1 for heading in HEADINGS if heading in plain), 0):
            yield from (below[col - 1] for below in lines[row + 1 :] if len(below) >= col)
            return
    width = max(map(len, lines), default=0)
    columns = ([cells[col] for cells in lines if len(cells) > col] for col in range(width))
    yield from next((column for column in columns if any(map(_plain, column))), [])
