"""Merged cells among those that are computed with: only the first holds anything, the others count as blank."""

from __future__ import annotations

import re
from collections.abc import Iterator

from addin.checking.calls import given
from addin.checking.fault import Fault
from addin.checking.tables import checked
from addin.headless.session import Session
from addin.xlsx.cellreader import block
from addin.xlsx.model import BLANK, Area, area_name
from workbook_templates.scheme.names import CHECK

MERGED = "合并了单元格，只有第一格有内容，其余作空白计算；请取消合并，每格都填"
_REF = re.compile(rb"<(?:\w+:)?mergeCell\s[^<>]*?\bref\s*=\s*[\"']([A-Z0-9:$]+)[\"']")
_MOST_HEADINGS = 5
"""Rows at the top of a whole column (A:A), in which headings stand."""


def merged_faults(session: Session) -> Iterator[Fault]:
    """Merged cells with content among those that a clerk fills in, in tables and in columns that a workbook without tables reads."""
    book = session.book
    read: dict[str, list[Area]] = {}
    for each in checked(book):
        table = each.table
        last = each.table.column(CHECK) - 1
        read.setdefault(table.sheet, []).append(
            Area(table.sheet, table.first_row, table.first_col, table.last_row, last)
        )
    for area in session.skeleton.once(given):
        read.setdefault(area.sheet, []).append(area)
    for sheet, areas in read.items():
        for found in merged_areas(session.xml(sheet), sheet):
            value = book.value(sheet, found.top, found.left)
            if value not in BLANK and any(_is_within(found, area) for area in areas):
                yield Fault(sheet, area_name(found), value, MERGED)


def merged_areas(xml: bytes, sheet: str) -> Iterator[Area]:
    """What is merged on a sheet, read from its part."""
    for ref in _REF.findall(xml, xml.rfind(b"sheetData")):
        yield block(ref.decode(), sheet)


def _is_within(found: Area, area: Area) -> bool:
    """Whether several of the merged cells are among those of an area."""
    top = max(found.top, area.top if area.top else _MOST_HEADINGS)
    rows = min(found.bottom, area.bottom) - top + 1
    columns = min(found.right, area.right) - max(found.left, area.left) + 1
    return rows > 0 and columns > 0 and rows * columns > 1
