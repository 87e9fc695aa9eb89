"""What formulas gave before for the same cells, in another workbook with the same formulas.

The workbooks of one scheme differ in their people. Their parameters and lists are mostly the same, and so is whatever is computed
from these alone.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

from addin.headless.operators import OPERATORS
from addin.headless.schedule import Group
from addin.headless.tree import Apply, Blank, Cells, Constant, Matrix, Named, Node, Sheets
from addin.xlsx.model import Cell, Workbook
from udfs.registry import PREFIX
from workbook_templates.formula.signatures import signature

MOST_LASTS = 20_000
MOST_CELLS = 300
"""That a formula reads, and that it fills."""
PATIENCE = 8
"""After so many workbooks in which it read others each time, only of every so many it is looked at what cells a formula reads."""
OF_MORE = frozenset({"SUBTOTAL", "AGGREGATE", "GETPIVOTDATA", "CELL", "INFO"})
"""They give something else for the same cells where rows are hidden, or elsewhere."""
OF_WORKBOOK = frozenset({"SHEET", "SHEETS", "ISFORMULA", "FORMULATEXT", "ANCHORARRAY"})
"""They give something else where other sheets or formulas are."""
_EXACT = 2
"""The version of ``marshal`` in which equal values alone make equal bytes: 1, 1.0 and TRUE are told apart, as are 0 and -0."""


_READ = (Constant, Blank, Matrix, Cells, Sheets)


@lru_cache(maxsize=1024)
def _gives_the_same(function: str) -> bool:
    """Whether a function is known to give the same of the same values."""
    if function in OPERATORS or function.startswith(PREFIX):
        return True
    known = signature(function)
    return known is not None and not known.volatile and function not in OF_MORE


def _sums_more(node: Apply) -> bool:
    """Whether more cells are summed than those that are named."""
    if node.function not in ("SUMIF", "AVERAGEIF") or len(node.arguments) != 3:
        return False
    return not (isinstance(node.arguments[0], Cells) and isinstance(node.arguments[2], Cells))


class _Last:
    """What a formula gave last, and the cells that it read; ``trees`` are held so that no others get their identities."""

    __slots__ = ("cells", "key", "misses", "trees")

    def __init__(self, *trees: Node | None) -> None:
        self.trees = trees
        self.key: bytes | None = None
        self.cells: list[Cell] = []
        self.misses = 0
        """In how many workbooks one after the other it read other cells than in the one before."""


_lasts: dict[tuple[object, ...], _Last] = {}
"""Of formulas that say the same in workbooks that are not quite alike, as those with another number of people."""


class _Pure(NamedTuple):
    """Of a part of a formula that gives the same of the same cells: its names with the identities of what they mean, and whether
    nothing else of the workbook matters.
    """

    names: frozenset[tuple[str, str, int]] = frozenset()
    is_all: bool = True


_PURE = _Pure()


class Memory:
    """What each formula of workbooks that are made alike gave last."""

    def __init__(self, groups: Iterable[Group], names: Callable[[str, str], Node | None]) -> None:
        self._names = names
        self._pure: dict[tuple[int, str], _Pure | None] = {}
        self._read: dict[int, list[tuple[str, int, int, int]]] = {}
        """By group, the columns of the cells that it reads: sheet, column, first and last row."""
        self._last: dict[int, _Last] = {}
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
                and (pure := self._how_pure(group.tree, group.sheet)) is not None
            ):
                self._read[id(group)] = columns
                self._last[id(group)] = self._last_of(group, pure)

    def _how_pure(self, node: Node, sheet: str) -> _Pure | None:
        """None where more than the cells that are read makes a difference to what a part of a formula gives."""
        if isinstance(node, _READ):
            return _PURE
        key = id(node), sheet
        if key not in self._pure:
            self._pure[key] = self._made_of_pure(node, sheet)
        return self._pure[key]

    def _made_of_pure(self, node: Node, sheet: str) -> _Pure | None:
        if isinstance(node, Named):
            tree = self._names(node.name, node.sheet or sheet)
            meant = None if tree is None else self._how_pure(tree, sheet)
            return meant and _Pure(meant.names | {(node.name, node.sheet or sheet, id(tree))}, meant.is_all)
        if not isinstance(node, Apply) or not _gives_the_same(node.function) or _sums_more(node):
            return None
        found = _PURE if node.function not in OF_WORKBOOK else _Pure(is_all=False)
        for argument in node.arguments:
            part = self._how_pure(argument, sheet)
            if part is None:
                return None
            if part is not _PURE:  # Few have names in them.
                found = _Pure(found.names | part.names, found.is_all and part.is_all)
        return found

    def _last_of(self, group: Group, pure: _Pure) -> _Last:
        if not pure.is_all:
            return _Last()
        rows = group.rows if isinstance(group.rows, range) else tuple(group.rows)
        identity = group.sheet, group.col, rows, group.array, id(group.tree), pure.names
        if identity not in _lasts:
            if len(_lasts) >= MOST_LASTS:
                _lasts.clear()
            _lasts[identity] = _Last(group.tree, *(self._names(name, sheet) for name, sheet, _ in pure.names))
        return _lasts[identity]

    def key(self, group: Group, workbook: Workbook) -> bytes | None:
        """What tells the cells that are read from others; None where it has to be computed."""
        columns = self._read.get(id(group))
        if columns is None or workbook.date1904:
            return None
        last = self._last[id(group)]
        if last.misses >= PATIENCE and last.misses % PATIENCE:
            last.misses += 1
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
        last = self._last[id(group)]
        if last.key == key:
            last.misses = 0
            return last.cells
        last.misses += 1
        return None

    def keep(self, group: Group, key: bytes, cells: list[Cell]) -> None:
        last = self._last[id(group)]
        last.key, last.cells = key, cells
