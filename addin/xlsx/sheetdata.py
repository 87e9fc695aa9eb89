"""Where the rows stand in a worksheet's XML, found without building a tree: a sheet may hold millions of cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from addin.xlsx.cellxml import Grammar, grammar
from addin.xlsx.sheetforms import Pieces, SheetForm
from workbook_templates.formula.tokens import LAST_ROW

_ROOT = re.compile(rb"<((?:[A-Za-z_][\w.-]*:)?)worksheet(?=[\s>])(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
_NUMBER = re.compile(rb"\sr\s*=\s*[\"']\s*([^\"']*?)\s*[\"']")
_HIDDEN = re.compile(rb"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)", re.DOTALL)
OUT_OF_ORDER = "第 {} 行的单元格次序不对，或有两个在同一列"

_MOST_TRIES, _MOST_DIGITS = 1000, 100


def has_declarations(xml: bytes) -> bool:
    """Whether there are comments, CDATA sections or the like; exclamation marks are rarer than tags."""
    place = -1
    for _ in range(_MOST_TRIES):
        place = xml.find(b"!", place + 1)
        if place < 0:
            return False
        if xml[place - 1 : place] == b"<":
            return True
    return xml.find(b"<!", place) >= 0


def row_number(text: bytes | str) -> int:
    """A row (from zero) of its number; raises ValueError for one that no sheet has."""
    number = int(text) if text.isdigit() and len(text) < _MOST_DIGITS else 0
    if not 1 <= number <= LAST_ROW + 1:
        raise ValueError(f"没有第 {text if isinstance(text, str) else text.decode(errors='replace')} 行")
    return number - 1


class SheetData:
    """A worksheet's XML (UTF-8, no document type); raises ValueError for anything else.

    ``scan`` has the same length as ``xml`` and no markup in comments and CDATA sections: elements are looked for in it.
    """

    def __init__(self, xml: bytes) -> None:
        self.xml = xml
        self.scan = xml
        self.alike: list[Any] | None = None
        """The rows that are written alike, once they are known (``rowshapes``)."""
        self.form: tuple[SheetForm, Pieces] | None = None
        """What other sheets have in common with it, and its pieces, where that is known."""
        if has_declarations(xml):
            self.scan = _HIDDEN.sub(lambda found: found[0].replace(b"<", b" ").replace(b">", b" "), xml)
        root = _ROOT.search(self.scan)
        if root is None:
            raise ValueError("不是工作表")
        self.opening = root[0]
        self.rules: Grammar = grammar(root[1])
        data = self.rules.data.search(self.scan)
        if data is None:
            raise ValueError("没有单元格的部分（sheetData），或没有写完")
        self.start = data.end()
        self.is_empty = data[0].endswith(b"/>")
        self.finish = self.start if self.is_empty else self.scan.find(b"</%bsheetData" % self.rules.prefix, self.start)
        if self.finish < 0:
            raise ValueError("没有单元格的部分（sheetData），或没有写完")

    def rows(
        self, start: int | None = None, finish: int | None = None, number: int = -1
    ) -> Iterator[tuple[int, re.Match[bytes], int | None]]:
        """Number (from zero), opening tag and end of content of every row; None for a row without content.

        Of a part of the data: where it begins and ends, and the number of the row before it.
        Raises ValueError for rows out of order, which no spreadsheet program takes either.
        """
        place, finish = self.start if start is None else start, self.finish if finish is None else finish
        end_tag = b"</%brow" % self.rules.prefix
        while (row := self.rules.row.search(self.scan, place, finish)) is not None:
            given = _NUMBER.search(row[1])
            before, number = number, row_number(given[1]) if given else number + 1
            if number <= before:
                raise ValueError(f"第 {number + 1} 行的次序不对")
            if row[0].endswith(b"/>"):
                place = row.end()
                yield number, row, None
                continue
            place = self.scan.find(end_tag, row.end(), finish)
            if place < 0:
                raise ValueError(f"第 {number + 1} 行没有写完")
            yield number, row, place
