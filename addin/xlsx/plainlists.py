"""Lists of people that are no Excel tables, found by their row of headings."""

from __future__ import annotations

import re
from collections.abc import Iterable

from addin.xlsx.model import BLANK, Sheet, Table, Workbook
from workbook_templates.scheme.names import CHECK, PERSON, PERSON_KEY

NUMBER = re.compile(r"工号|编号|职工号|员工号|人员编码|工资号")
ITEM = "项目"
_OWNER = re.compile(rf"^(部门|科室|处室|单位|门店|机构|班组|学校|村居|{ITEM})(名称)?$")
"""Whom a row is about where it is about nobody in person."""
_LAST_TRIED_ROW = 30


def person_column(columns: Iterable[str]) -> str | None:
    """The column of names; in a scheme's table of people the first that is filled in, whatever it is called."""
    columns = list(columns)
    first = columns[1:2] if PERSON_KEY in columns else []
    named = [[name for name in columns if pattern.search(name)] for pattern in (PERSON, NUMBER)]
    return next(iter([*named[0], *first, *named[1]]), None)


def owner_column(columns: Iterable[str]) -> str | None:
    """The column of units in a table with checks."""
    columns = list(columns)
    return next((name for name in columns if _OWNER.search(name)), None) if CHECK in columns else None


def plain_lists(workbook: Workbook) -> dict[str, Table]:
    """Lists of people in a workbook without Excel tables: from the row of headings down to the first blank row."""
    found = {name: _plain_list(sheet) for name, sheet in workbook.sheets.items()}
    return {name: table for name, table in found.items() if table is not None}


def _plain_list(sheet: Sheet) -> Table | None:
    for row in range(min(sheet.height, _LAST_TRIED_ROW)):
        headings = {col: cell for col in range(sheet.width) if isinstance(cell := sheet.get(row, col), str) and cell}
        named = (col for pattern in (PERSON, NUMBER) for col, cell in headings.items() if pattern.search(cell))
        if (person := next(named, None)) is None:
            continue
        left, right = person, person
        while left - 1 in headings:
            left -= 1
        while right + 1 in headings:
            right += 1
        last = row
        while last + 1 < sheet.height and any(sheet.get(last + 1, c) not in BLANK for c in range(left, right + 1)):
            last += 1
        if last > row and right > left:
            columns = tuple(re.sub(r"\s+", "", headings[col]) for col in range(left, right + 1))
            return Table(sheet.name, sheet.name, columns, row + 1, last, left)
    return None
