"""The workbook's cells while it is computed, with blocks that were read kept until one of their cells changes."""

from __future__ import annotations

from collections.abc import Sequence

from addin.headless.model import Area, Cell, Workbook
from addin.headless.values import Rows


class Store:
    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._blocks: dict[Area, Rows] = {}

    def get(self, sheet: str, row: int, col: int) -> Cell:
        return self._workbook.sheets[sheet].get(row, col)

    def cut(self, area: Area) -> Area:
        """Whole columns and rows end where the sheet's cells end."""
        sheet = self._workbook.sheets[area.sheet]
        bottom = min(area.bottom, max(sheet.height - 1, area.top)) if area.rows > 100_000 else area.bottom
        right = min(area.right, max(sheet.width - 1, area.left)) if area.columns > 1000 else area.right
        return Area(area.sheet, area.top, area.left, bottom, right)

    def rows(self, area: Area) -> Rows:
        if area not in self._blocks:
            columns = [self._column(area, col) for col in range(area.left, area.right + 1)]
            self._blocks[area] = list(zip(*columns, strict=True))
        return self._blocks[area]

    def _column(self, area: Area, col: int) -> list[Cell]:
        cells = self._workbook.sheets[area.sheet].columns.get(col, [])[area.top : area.bottom + 1]
        return cells + [None] * (area.rows - len(cells))

    def lane(self, sheet: str, col: int, rows: Sequence[int], shift: int) -> list[Cell]:
        """The cells of a column in the given rows, ``shift`` rows further down."""
        column = self._workbook.sheets[sheet].columns.get(col, [])
        height = len(column)
        return [column[row + shift] if 0 <= row + shift < height else None for row in rows]

    def put(self, sheet: str, rows: Sequence[int], col: int, cells: Sequence[Cell]) -> None:
        target = self._workbook.sheets[sheet]
        for row, cell in zip(rows, cells, strict=True):
            target.set(row, col, cell)
        changed = Area(sheet, rows[0], col, rows[-1], col)
        for area in [area for area in self._blocks if area.overlaps(changed)]:
            del self._blocks[area]
