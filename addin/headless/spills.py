"""Dynamic arrays: they fill as many cells as their result has, if nothing stands in the way."""

from __future__ import annotations

from addin.headless.context import Unsupported
from addin.headless.schedule import Group
from addin.headless.values import Block
from addin.xlsx.model import Area, CellError, Workbook
from workbook_templates.formula.tokens import LAST_COLUMN, LAST_ROW

MOST_ROUNDS = 8
MOST_SPILLED = 1_000_000


class Spills:
    """``areas`` are the blocks that changed, ``cleared`` the cells that are not filled any more."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._rounds = 0
        self._changed: dict[tuple[str, int, int], Area] = {}
        self.areas: dict[str, dict[tuple[int, int], Area]] = {}
        self.cleared: set[tuple[str, int, int]] = set()

    def placed(self, group: Group, block: Block) -> tuple[Area, Block]:
        """The block that an array formula fills now, and with what; if it is to be another one, all is computed once more."""
        assert group.array is not None
        own = group.array
        if (own.top, own.left) not in self._workbook.sheets[group.sheet].dynamic or block.size == (
            own.rows,
            own.columns,
        ):
            return own, block
        rows, columns = block.size
        wanted = Area(own.sheet, own.top, own.left, own.top + rows - 1, own.left + columns - 1)
        if rows * columns > MOST_SPILLED:
            raise Unsupported(f"动态数组有 {rows * columns} 个单元格，超过 {MOST_SPILLED} 个")
        if self._is_taken(wanted, own):
            wanted, block = Area(own.sheet, own.top, own.left, own.top, own.left), Block([[CellError.SPILL]])
        if wanted != own:
            self._changed[group.sheet, own.top, own.left] = wanted
        return Area(own.sheet, own.top, own.left, own.top, own.left), Block([[block.first]])

    def _is_taken(self, wanted: Area, own: Area) -> bool:
        """Whether something stands in the cells that are to be filled."""
        if wanted.bottom > LAST_ROW or wanted.right > LAST_COLUMN:
            return True
        sheet = self._workbook.sheets[wanted.sheet]
        others = [area for place, area in sheet.arrays.items() if place != (own.top, own.left)]
        if any(area.overlaps(wanted) for area in others):
            return True
        for col in range(wanted.left, wanted.right + 1):
            for row, cell in enumerate(sheet.cells(col, wanted.top, wanted.bottom), wanted.top):
                inside = own.top <= row <= own.bottom and own.left <= col <= own.right
                if not inside and (cell is not None or (row, col) in sheet.formulas):
                    return True
        return False

    def resized(self) -> bool:
        """Give the arrays their new blocks; whether there are any."""
        if not self._changed:
            return False
        self._rounds += 1
        if self._rounds > MOST_ROUNDS:
            names = "、".join(sorted({sheet for sheet, _, _ in self._changed}))
            raise Unsupported(f"工作表 {names} 中动态数组的大小互相影响，无法确定")
        for (name, row, col), area in self._changed.items():
            sheet = self._workbook.sheets[name]
            old = sheet.arrays[row, col]
            for at in range(old.left, old.right + 1):
                for line in range(old.top, old.bottom + 1):
                    if line > area.bottom or at > area.right:
                        sheet.set(line, at, None)
                        self.cleared.add((name, line, at))
            sheet.arrays[row, col] = area
            self.areas.setdefault(name, {})[row, col] = area
        self._changed = {}
        return True
