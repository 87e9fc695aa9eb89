"""Formulas told so that workbooks of one scheme say the same, however many rows their tables have.

A row is the first or the last of a table, or so far below the last one; others go by their number. Of one sheet no two rows are
told alike: where the tables have the same rows, only the same formulas say the same.
"""

from __future__ import annotations

from itertools import pairwise

from addin.headless.schedule import Group
from addin.headless.skeleton import Skeleton
from addin.headless.tree import Apply, Cells, Invoke, Node, Sheets
from addin.xlsx.model import Table
from workbook_templates.formula.references import Reference
from workbook_templates.formula.tokens import LAST_ROW


class Relative:
    def __init__(self, skeleton: Skeleton) -> None:
        self._tables: dict[str, list[Table]] = {}
        for name in skeleton.sheets:
            tables = sorted(skeleton.tables_on(name), key=lambda table: table.first_row)
            are_apart = all(above.last_row < below.first_row for above, below in pairwise(tables))
            self._tables[name] = (
                tables if are_apart and all(table.first_row < table.last_row for table in tables) else []
            )
        self._rows: dict[tuple[str, int], str] = {}
        self._nodes: dict[tuple[int, str, int], str] = {}

    def row(self, sheet: str, row: int) -> str:
        if (sheet, row) not in self._rows:
            self._rows[sheet, row] = self._told(self._tables.get(sheet, []), row)
        return self._rows[sheet, row]

    def _told(self, tables: list[Table], row: int) -> str:
        place = sum(table.first_row <= row for table in tables) - 1
        if place < 0 or row == LAST_ROW:
            return str(row)
        first, last = tables[place].first_row, tables[place].last_row
        if row == first:
            return f"{place}^"
        return f"{place}+{row - last}" if row >= last else f"={row}"

    def span(self, sheet: str, first: int, last: int) -> str:
        return f"{self.row(sheet, first)}:{self.row(sheet, last)}"

    def group(self, group: Group) -> str:
        spans = ",".join(self.span(group.sheet, *segment) for segment in group.segments)
        block = f"{group.array.left}-{group.array.right}" if group.array is not None else ""
        return f"{group.sheet!r}!{group.col}[{spans}]{block}={self.tree(group.tree, group.sheet, group.rows[0])}"

    def tree(self, node: Node, sheet: str, first: int) -> str:
        """As the formula of a cell in this row means it; raises RecursionError for one that is too deep."""
        key = id(node), sheet, first
        if key not in self._nodes:
            self._nodes[key] = self._node(node, sheet, first)
        return self._nodes[key]

    def _node(self, node: Node, sheet: str, first: int) -> str:
        match node:
            case Apply(function, arguments):
                return f"{function!r}({','.join([self.tree(each, sheet, first) for each in arguments])})"
            case Cells(reference):
                return self._reference(reference, sheet, first)
            case Sheets(references):
                return f"{{{','.join([self._reference(each, sheet, first) for each in references])}}}"
            case Invoke(function, arguments):
                called = self.tree(function, sheet, first)
                return f"{called}!({','.join([self.tree(each, sheet, first) for each in arguments])})"
        return repr(node)

    def _reference(self, reference: Reference, sheet: str, first: int) -> str:
        if not reference.valid:
            return "#REF!"
        top = self._end(reference.sheet, reference.top, reference.top_fixed, sheet, first)
        bottom = self._end(reference.sheet, reference.bottom, reference.bottom_fixed, sheet, first)
        left = f"{'$' * reference.left_fixed}{reference.left}"
        right = f"{'$' * reference.right_fixed}{reference.right}"
        within = self.span(reference.sheet, *reference.within) if reference.within is not None else ""
        return f"{reference.sheet!r}!{top},{left}:{bottom},{right}[{within}]"

    def _end(self, target: str, row: int, is_fixed: bool, sheet: str, first: int) -> str:
        if is_fixed:
            return self.row(target, row)
        if target == sheet or not (self._tables.get(target) or self._tables.get(sheet)):
            return f"~{row}"
        # So far from the own row on another sheet: what is meant is a row there.
        return f"~{self.row(target, (first + row) % (LAST_ROW + 1))}"
