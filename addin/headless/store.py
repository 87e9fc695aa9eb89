"""The workbook's cells while it is computed, with blocks that were read kept until one of their cells changes."""

from __future__ import annotations

from collections.abc import Sequence

from addin.headless.context import Unsupported
from addin.headless.values import Block
from addin.xlsx.model import Area, Cell, CellError, Workbook
from workbook_templates.formula.tokens import LAST_ROW

MOST_CELLS = 20_000_000
"""What one block may hold at most, so that a stray cell in the last corner of a sheet doesn't fill the memory."""


class UsedPart(Area):
    """Whole columns, cut to the rows that are in use; equal to no area that is given by its rows."""


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
        kind = UsedPart if area.rows > LAST_ROW else Area
        return kind(area.sheet, area.top, area.left, bottom, right)

    def block(self, area: Area, keep: bool) -> Block:
        """The cells of an area; ``keep``: others will ask for the same area."""
        known = self._blocks.get(area)
        if known is not None:
            return known
        if area.rows * area.columns > MOST_CELLS:
            raise Unsupported(f"引用的区域有 {area.rows * area.columns} 个单元格,超过 {MOST_CELLS} 个")
        block = Block([self._column(area, col) for col in range(area.left, area.right + 1)], area)
        if keep:
            self._blocks[area] = block
            for col in range(area.left, area.right + 1):
                self._by_column.setdefault((area.sheet, col), set()).add(area)
        return block

    def _column(self, area: Area, col: int) -> list[Cell]:
        return self._workbook.sheets[area.sheet].cells(col, area.top, area.bottom)

    def are_formulas(self, area: Area) -> list[list[Cell]]:
        """By column, whether each cell of an area holds a formula, be it a part of an array's."""
        sheet = self._workbook.sheets[area.sheet]
        found: list[list[Cell]] = []
        for col in range(area.left, area.right + 1):
            column: list[Cell] = [(row, col) in sheet.formulas for row in range(area.top, area.bottom + 1)]
            for block in sheet.arrays.values():
                if block.left <= col <= block.right and block.top <= area.bottom and area.top <= block.bottom:
                    first, last = max(block.top, area.top), min(block.bottom, area.bottom)
                    column[first - area.top : last + 1 - area.top] = [True] * (last - first + 1)
            found.append(column)
        return found

    def sheet_number(self, name: str) -> Cell:
        """A sheet's place, counted from 1; #N/A for a name that no sheet has."""
        names = [sheet.lower() for sheet in self._workbook.sheets]
        return float(names.index(name.lower()) + 1) if name.lower() in names else CellError.NA

    def lane(self, sheet: str, col: int, rows: Sequence[int], shift: int) -> list[Cell]:
        """The cells of a column in the given rows, ``shift`` rows further down."""
        known = self._workbook.sheets[sheet]
        column = known.columns.get(col, [])
        height = len(column)
        if isinstance(rows, range) and rows.start + shift >= 0 and rows.stop + shift <= height:
            return column[rows.start + shift : rows.stop + shift]
        if col in known.far:
            return [known.get(row + shift, col) if row + shift >= 0 else None for row in rows]
        return [column[row + shift] if 0 <= row + shift < height else None for row in rows]

    def put(self, sheet: str, rows: Sequence[int], col: int, cells: list[Cell]) -> None:
        """Computed cells (rows ascending) take their places."""
        target = self._workbook.sheets[sheet]
        column = target.columns.get(col, [])
        if rows[-1] >= len(column):
            filled = target.filled
            target.set(rows[-1], col, None)
            if isinstance(rows, range):
                target.filled = filled
            column = target.columns.get(col, [])
        if rows[-1] >= len(column):
            for row, cell in zip(rows, cells, strict=True):
                target.set(row, col, cell)
        elif isinstance(rows, range):
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
