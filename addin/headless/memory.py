"""What formulas gave before for the same cells, in another workbook with the same formulas.

The workbooks of one scheme differ in their people. Their parameters and lists are mostly the same, and so is whatever is computed
from these alone.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterable
from functools import lru_cache

from addin.headless.operators import OPERATORS
from addin.headless.schedule import Group
from addin.headless.tree import Apply, Blank, Cells, Constant, Matrix, Named, Node, Sheets
from addin.xlsx.model import Cell, Workbook
from udfs.registry import PREFIX
from workbook_templates.formula.signatures import signature

MOST_CELLS = 300
"""That a formula reads, and that it fills."""
_OF_MORE = frozenset({"SUBTOTAL", "AGGREGATE", "GETPIVOTDATA", "CELL", "INFO"})
"""They give something else for the same cells where rows are hidden, or elsewhere."""
_EXACT = 2
"""The version of ``marshal`` in which equal values alone make equal bytes: 1, 1.0 and TRUE are told apart, as are 0 and -0."""


_READ = (Constant, Blank, Matrix, Cells, Sheets)


@lru_cache(maxsize=1024)
def _gives_the_same(function: str) -> bool:
    """Whether a function is known to give the same of the same values."""
    if function in OPERATORS or function.startswith(PREFIX):
        return True
    known = signature(function)
    return known is not None and not known.volatile and function not in _OF_MORE


class Memory:
    """What each formula of workbooks that are made alike gave last."""

    def __init__(self, groups: Iterable[Group], names: Callable[[str, str], Node | None]) -> None:
        self._names = names
        self._pure: dict[tuple[int, str], bool] = {}
        self._read: dict[int, list[tuple[str, int, int, int]]] = {}
        """By group, the columns of the cells that it reads: sheet, column, first and last row."""
        self._kept: dict[int, tuple[bytes, list[Cell]]] = {}
        for group in groups:
            columns = [
                (area.sheet, col, area.top, area.bottom)
                for area in group.sources()
                for col in range(area.left, min(area.right, area.left + MOST_CELLS) + 1)
            ]
            is_one = group.array is None or group.array.rows == group.array.columns == 1
            if (
                is_one
                and not group.dynamic
                and len(group.rows) + len(columns) <= MOST_CELLS
                and self._is_pure(group.tree, group.sheet)
            ):
                self._read[id(group)] = columns

    def _is_pure(self, node: Node, sheet: str) -> bool:
        """Whether nothing but the cells that are read makes a difference to what a part of a formula gives."""
        if isinstance(node, _READ):
            return True
        key = id(node), sheet
        if key not in self._pure:
            self._pure[key] = self._is_made_of_pure(node, sheet)
        return self._pure[key]

    def _is_made_of_pure(self, node: Node, sheet: str) -> bool:
        match node:
            case Named(name, own):
                tree = self._names(name, own or sheet)
                return tree is not None and self._is_pure(tree, sheet)
            case Apply(("SUMIF" | "AVERAGEIF"), (tested, _, summed)) if not (
                isinstance(tested, Cells) and isinstance(summed, Cells)
            ):
                # More cells are summed than those that are named.
                return False
            case Apply(function, arguments):
                return _gives_the_same(function) and all([self._is_pure(each, sheet) for each in arguments])
        return False

    def key(self, group: Group, workbook: Workbook) -> bytes | None:
        """What tells the cells that are read from others; None where it has to be computed."""
        columns = self._read.get(id(group))
        if columns is None or workbook.date1904:
            return None
        if group.array is not None and (group.array.top, group.array.left) in workbook.sheets[group.sheet].dynamic:
            return None  # It may fill more cells than one.
        sheets, read, left = workbook.sheets, list[list[Cell]](), MOST_CELLS - len(group.rows)
        for name, col, top, bottom in columns:
            sheet = sheets[name]
            # Of a whole column, what the sheet holds: below that nothing stands, in whatever workbook.
            cells = sheet.cells(col, top, bottom if bottom < sheet.height else sheet.height - 1)
            left -= len(cells)
            if left < 0:
                return None
            read.append(cells)
        try:
            return marshal.dumps(read, _EXACT)
        except ValueError:  # An error value.
            return None

    def cells(self, group: Group, key: bytes) -> list[Cell] | None:
        known = self._kept.get(id(group))
        return known[1] if known is not None and known[0] == key else None

    def keep(self, group: Group, key: bytes, cells: list[Cell]) -> None:
        self._kept[id(group)] = key, cells
