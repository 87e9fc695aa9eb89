"""Unit and 考核期间: entered on 首页, or written above a table, as other people's and older workbooks have them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from addin.shared.texts import shown
from addin.xlsx.book import Book
from addin.xlsx.model import Table
from workbook_templates.scheme.names import PERIOD, PERIOD_CELL, UNIT, UNIT_CELL

LINE = (1, 0)
"""The cell of a table's sheet in which they are written."""
_CELLS = {UNIT: UNIT_CELL, PERIOD: PERIOD_CELL}
_FACT = r"[:：]\s*([^\s_:：]+)"
_NAMES = {UNIT: r"(?<!\w)单位(?:名称)?(?![:：]\s*(?:万?元|人|分)\b)"}
"""The organisation; not 金额单位, and not 单位：元 either."""


def place(book: Book, name: str) -> tuple[str, int, int] | None:
    """Sheet, row and column on 首页 of unit or period."""
    return book.named_cell(_CELLS[name]) if name in _CELLS else None


def entered(book: Book, name: str) -> str:
    """What stands on 首页 as unit or period."""
    cell = place(book, name)
    return shown(book.value(*cell)).strip() if cell else ""


def written(text: str, name: str) -> str:
    """What a line says behind ``单位名称：``, ``考核期间：`` or the like; empty where nothing is."""
    match = re.search(_NAMES.get(name, re.escape(name)) + _FACT, text)
    return match[1] if match else ""


def known(book: Book, name: str, tables: Iterable[Table]) -> str:
    """Entered on 首页, or written above one of the tables; empty where it stands nowhere."""
    lines = (book.value(table.sheet, *LINE) for table in tables)
    found = (written(line, name) for line in lines if isinstance(line, str))
    return entered(book, name) or next(filter(None, found), "")
