"""The workbook's cells while it is computed, with blocks that were read kept until one of their cells changes."""

from __future__ import annotations

from collections.abc import Sequence

from addin.headless.values import Block
from addin.xlsx.model import Area, Cell, Workbook


class Store:
    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._blocks: dict[Area, Block] = {}
        self._by_column: dict[tuple[str, int], set[Area]] = {}

    def get(self, sheet: str, row: int, col: int) -> Cell:
        return self._workbook.sheets[sheet].get(row, col)

    def cut(self, area: Area) -> Area:
        """Whole columns and rows end where the sheet's cells end."""
        if area.bottom - area.top < 100_000 and area.right - area.left < 1000:
            return area
        sheet = self._workbook.sheets[area.sheet]
        bottom = min(area.bottom, max(sheet.height - 1, area.top))
        right = min(area.right, max(sheet.width - 1, area.left))
        return Area(area.sheet, area.top, area.left, bottom, right)

    def block(self, area: Area, keep: bool) -> Block:
        """The cells of an area; ``keep``: others will ask for the same area."""
        known = self._blocks.get(area)
        if known is not None:
            return known
        block = Block([self._column(area, col) for col in range(area.left, area.right + 1)], area)
        if keep:
            self._blocks[area] = block
            for col in range(area.left, area.right + 1):
                self._by_column.setdefault((area.sheet, col), set()).add(area)
        return block

    def _column(self, area: Area, col: int) -> list[Cell]:
        cells = self._workbook.sheets[area.sheet].columns.get(col, [])[area.top : area.bottom + 1]
        missing = area.rows - len(cells)
        return cells + [None] * missing if missing else cells

    def lane(self, sheet: str, col: int, rows: Sequence[int], shift: int) -> list[Cell]:
        """The cells of a column in the given rows, ``shift`` rows further down."""
        column = self._workbook.sheets[sheet].columns.get(col, [])
        height = len(column)
        if isinstance(rows, range) and rows.start + shift >= 0 and rows.stop + shift <= height:
            return column[rows.start + shift : rows.stop + shift]
        return [column[row + shift] if 0 <= row + shift < height else None for row in rows]

    def put(self, sheet: str, rows: Sequence[int], col: int, cells: list[Cell]) -> None:
        """Computed cells (rows ascending) take their places."""
        target = self._workbook.sheets[sheet]
        column = target.columns.setdefault(col, [])
        if rows[-1] >= len(column):
            column.extend([None] * (rows[-1] + 1 - len(column)))
            target.height = max(target.height, rows[-1] + 1)
        if isinstance(rows, range):
            column[rows.start : rows.stop] = cells
        else:
            for row, cell in zip(rows, cells, strict=True):
                column[row] = cell
        areas = self._by_column.get((sheet, col))
        if areas:
            for area in [area for area in areas if area.top <= rows[-1] and rows[0] <= area.bottom]:
                self._drop(area)

    def _drop(self, area: Area) -> None:
        del self._blocks[area]
        for col in range(area.left, area.right + 1):
            self._by_column[area.sheet, col].discard(area)
