"""What SUBTOTAL and AGGREGATE leave out of their blocks: cells that are subtotals themselves, and hidden rows."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from addin.headless.areas import References
from addin.headless.context import Unsupported
from addin.headless.operators import to_number
from addin.headless.values import Block, Value, is_of_sheets, is_union
from addin.xlsx.model import Area, Cell, CellError, Workbook
from addin.xlsx.package import read_xml
from addin.xlsx.parts import relations_of
from addin.xlsx.sheetdata import SheetData
from workbook_templates.formula.moving import calls_any

_HIDDEN = re.compile(rb"\shidden\s*=\s*[\"'](?:1|true)[\"']")
_SUBTOTAL = frozenset({"SUBTOTAL", "AGGREGATE"})
_FILTER = re.compile(rb"<(?:\w+:)?autoFilter\b[^<>]*(?<!/)>\s*<(?:\w+:)?filterColumn\b")
_ADVANCED = re.compile(rb"<(?:\w+:)?sheetPr\b[^<>]*\sfilterMode\s*=\s*[\"'](?:1|true)[\"']")
"""An advanced filter, too, leaves its rows hidden and this behind."""
NESTED, FILTERED, HIDDEN = 1, 2, 4


@dataclass(frozen=True)
class Hidden:
    """A sheet's hidden rows; ``filtered``: a filter is set on the sheet: then each of them is taken for one that it hides."""

    rows: frozenset[int] = frozenset()
    filtered: bool = False


def hidden_rows(package: zipfile.ZipFile, workbook: Workbook, sheet: str) -> Hidden:
    """The hidden rows of a sheet as its XML says."""
    data = SheetData(read_xml(package, workbook.parts[sheet]))
    rows = frozenset(number for number, row, _ in data.rows() if _HIDDEN.search(row[0]))
    if not rows:
        return Hidden()
    tables = [
        read_xml(package, part)
        for kind, part in relations_of(package, workbook.parts[sheet]).values()
        if kind == "table"
    ]
    return Hidden(rows, any(map(_FILTER.search, (data.xml, *tables))) or _ADVANCED.search(data.xml) is not None)


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
        if not (all_hidden or hidden.filtered):
            return set()
        return {row for row in hidden.rows if area.top <= row <= area.bottom}


def counting(
    name: str, compute: Callable[..., Value], left_out: Callable[[Area, int], set[tuple[int, int]]]
) -> Callable[..., Value]:
    """SUBTOTAL or AGGREGATE, its blocks without the cells that don't count: other subtotals, hidden rows."""

    def apply(kind: Cell, *arguments: Value) -> Value:
        if name == "AGGREGATE" and to_number(kind) < 14 and not all(map(_refers, arguments[1:])):
            return CellError.VALUE  # Only what sorts takes computed arrays.
        if name == "SUBTOTAL" and not all(map(_refers, arguments)):
            raise Unsupported("SUBTOTAL 的参数应为一张工作表上的单元格区域，不能是算出来的值，也不能跨几张工作表")
        option = arguments[0] if name == "AGGREGATE" else None
        hidden = option in (1.0, 3.0, 5.0, 7.0) if name == "AGGREGATE" else to_number(kind) > 100
        nested = NESTED if option in (None, 0.0, 1.0, 2.0, 3.0) else 0
        kinds = nested + (HIDDEN if hidden else FILTERED if name == "SUBTOTAL" else 0)
        return compute(kind, *[_without(a, left_out, kinds) for a in arguments])

    return apply


def _refers(value: Value) -> bool:
    """Whether cells are meant; an error value stands for them as well."""
    if isinstance(value, Block):
        return value.area is not None or (is_union(value) and not is_of_sheets(value))
    return isinstance(value, CellError | References)


def _without(block: Value, left_out: Callable[[Area, int], set[tuple[int, int]]], kinds: int) -> Value:
    if is_union(block):
        return Block([[cell for one in block.memo["united"] for cell in _without(one, left_out, kinds).flat()]])
    if not isinstance(block, Block) or block.area is None:
        return block
    skipped = left_out(block.area, kinds)
    if not skipped:
        return block
    top, left = block.area.top, block.area.left
    columns = [
        [None if (top + i, left + j) in skipped else cell for i, cell in enumerate(column)]
        for j, column in enumerate(block.columns)
    ]
    return Block(columns)
