"""What SUBTOTAL and AGGREGATE leave out of their blocks: cells that are subtotals themselves, and hidden rows."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field

from addin.headless.context import Unsupported
from addin.xlsx.model import Area, Workbook
from addin.xlsx.package import read_xml
from addin.xlsx.sheetdata import SheetData
from workbook_templates.formula.moving import calls_any

_HIDDEN = re.compile(rb"\shidden\s*=\s*[\"'](?:1|true)[\"']")
_SUBTOTAL = frozenset({"SUBTOTAL", "AGGREGATE"})
NESTED, FILTERED, HIDDEN = 1, 2, 4


@dataclass(frozen=True)
class Hidden:
    """A sheet's hidden rows; ``filtered``: a filter is set on the sheet, so that it is the one that hides them."""

    rows: frozenset[int] = field(default_factory=frozenset)
    filtered: bool = False


def hidden_rows(package: zipfile.ZipFile, workbook: Workbook, sheet: str) -> Hidden:
    """The hidden rows of a sheet as its XML says."""
    data = SheetData(read_xml(package, workbook.parts[sheet]))
    rows = frozenset(number for number, row, _ in data.rows() if _HIDDEN.search(row[0]))
    return Hidden(rows, b"filterColumn" in data.xml)


class Subtotals:
    def __init__(self, workbook: Workbook, hidden: Callable[[str], Hidden]) -> None:
        self._workbook = workbook
        self._read_hidden = hidden
        self._hidden: dict[str, Hidden] = {}
        self._nested: dict[str, set[tuple[int, int]]] = {}

    def left_out(self, area: Area, kinds: int) -> set[tuple[int, int]]:
        """The cells of an area that don't count (``kinds``: a sum of NESTED, FILTERED and HIDDEN)."""
        found: set[tuple[int, int]] = set()
        if kinds & NESTED:
            found = {
                (row, col)
                for row, col in self._subtotals_of(area.sheet)
                if area.top <= row <= area.bottom and area.left <= col <= area.right
            }
        if kinds & (FILTERED | HIDDEN):
            rows = self._rows(area, bool(kinds & HIDDEN))
            found |= {(row, col) for row in rows for col in range(area.left, area.right + 1)}
        return found

    def _subtotals_of(self, sheet: str) -> set[tuple[int, int]]:
        if sheet not in self._nested:
            formulas = self._workbook.sheets[sheet].formulas
            self._nested[sheet] = {place for place, text in formulas.items() if calls_any(text, _SUBTOTAL)}
        return self._nested[sheet]

    def _rows(self, area: Area, all_hidden: bool) -> set[int]:
        if area.sheet not in self._hidden:
            self._hidden[area.sheet] = self._read_hidden(area.sheet)
        hidden = self._hidden[area.sheet]
        rows = {row for row in hidden.rows if area.top <= row <= area.bottom}
        if all_hidden or hidden.filtered or not rows:
            return rows
        if any(table.sheet == area.sheet for table in self._workbook.tables.values()):
            raise Unsupported("区域中有隐藏的行,无法判断是否由表格的筛选隐藏")
        return set()
