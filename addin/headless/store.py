"""The workbook's cells while it is computed, with blocks that were read kept until one of their cells changes."""

from __future__ import annotations

from collections.abc import Sequence

from addin.headless.context import Unsupported
from addin.headless.values import Block
from addin.xlsx.model import Area, Cell, CellError, Workbook

SMALL = 20_000
"""Areas of so many cells are read as they are."""
MOST_CELLS = 20_000_000
"""What one block may hold at most, so that a stray cell in the last corner of a sheet doesn't fill the memory."""


class Store:
    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._blocks: dict[Area, Block] = {}
        self._by_column: dict[tuple[str, int], set[Area]] = {}
        self._shortened: dict[str, set[Area]] = {}

    @property
    def workbook(self) -> Workbook:
        return self._workbook

    def get(self, sheet: str, row: int, col: int) -> Cell:
        return self._workbook.sheets[sheet].get(row, col)

    def _held(self, area: Area) -> Area:
        """Large areas end one row and column behind the sheet's cells."""
        if area.rows * area.columns <= SMALL:
            return area
        sheet = self._workbook.sheets[area.sheet]
        bottom = min(area.bottom, max(sheet.height, area.top))
        right = min(area.right, max(sheet.width, area.left))
        return Area(area.sheet, area.top, area.left, bottom, right)

    def block(self, area: Area, keep: bool) -> Block:
        """The cells of an area; ``keep``: others will ask for the same area."""
        known = self._blocks.get(area)
        if known is not None:
            return known
        held = self._held(area)
        count = held.rows * held.columns
        if count > MOST_CELLS:
            raise Unsupported(f"引用的区域有 {count} 个单元格，超过 {MOST_CELLS} 个")
        columns = [self._column(held, col) for col in range(held.left, held.right + 1)]
        block = Block(columns, area, (area.rows - held.rows, area.columns - held.columns))
        if keep:
            self._blocks[area] = block
            for col in range(held.left, held.right + 1):
                self._by_column.setdefault((area.sheet, col), set()).add(area)
            if block.missing:
                self._shortened.setdefault(area.sheet, set()).add(area)
        return block

    def _column(self, area: Area, col: int) -> list[Cell]:
        return self._workbook.sheets[area.sheet].cells(col, area.top, area.bottom)

    def are_formulas(self, area: Area) -> list[list[Cell]]:
        """By column, whether each cell of an area holds a formula, be it a part of an array's."""
        sheet = self._workbook.sheets[area.sheet]
        found: list[list[Cell]] = []
        for col in range(area.left, area.right + 1):
            column: list[Cell] = [*sheet.formulas.present(col, area.top, area.bottom)]
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
        areas = self._by_column.get((sheet, col), set()) | self._shortened.get(sheet, set())
        for area in areas:
            if area.left <= col <= area.right and area.top <= rows[-1] and rows[0] <= area.bottom:
                self._drop(area)

    def _drop(self, area: Area) -> None:
        block = self._blocks.pop(area)
        self._shortened.get(area.sheet, set()).discard(area)
        for col in range(area.left, area.left + block.width):
            self._by_column[area.sheet, col].discard(area)
