"""What an expression evaluates to, for one cell or for all cells of a filled-down column at once.

Blocks are kept by columns, so that a column of ten thousand cells is one list, taken from the sheet as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from addin.headless.context import Context, Unsupported
from addin.xlsx.model import Area, Cell

Rows = Sequence[Sequence[Cell]]


class Lanes:
    """One value for each cell of the column that is computed."""

    __slots__ = ("cells",)

    def __init__(self, cells: list[Cell]) -> None:
        self.cells = cells


class LaneRows:
    """The own row's cells of a range, by columns, for each cell of the column that is computed; ``left``: where they stand."""

    __slots__ = ("columns", "left")

    def __init__(self, columns: list[list[Cell]], left: int | None = None) -> None:
        self.columns = columns
        self.left = left

    @property
    def rows(self) -> list[tuple[Cell, ...]]:
        return list(zip(*self.columns, strict=True))


NOTHING_BEYOND = (0, 0)
VALUES_ONLY = "values only"
"""Noted on a block whose blanks are no blank cells but values that a function gives."""


class Block:
    """A block of cells that is the same for the whole column; ``area`` is None for computed arrays.

    Of whole columns and rows only what the sheet holds is kept: ``beyond`` rows and columns more are meant, each cell of which is
    ``fill``. ``memo`` holds what functions found out about the block (sorted numbers, places by value): blocks read from a sheet are
    kept until one of their cells changes, so that ten thousand look-ups sort and index it once.
    """

    __slots__ = ("_columns", "_rows", "area", "beyond", "by_text", "fill", "height", "memo", "width")

    def __init__(
        self,
        columns: list[list[Cell]],
        area: Area | None = None,
        beyond: tuple[int, int] = NOTHING_BEYOND,
        fill: Cell = None,
    ) -> None:
        self._columns: list[list[Cell]] | None = columns
        self.area = area
        self.beyond = beyond
        self.fill = fill
        self.height = len(columns[0]) if columns else 0
        self.width = len(columns)
        self.memo: dict[Any, Any] = {}
        self.by_text: ByText | None = None
        self._rows: list[tuple[Cell, ...]] | None = None

    @classmethod
    def of_texts(cls, by_text: ByText) -> Block:
        """A column of which it is known what stands beside each text of another one: it is put down when it is asked for."""
        found = cls([])
        found._columns, found.by_text = None, by_text
        found.height, found.width = len(by_text.texts), 1
        return found

    @property
    def columns(self) -> list[list[Cell]]:
        if self._columns is None:
            assert self.by_text is not None
            self._columns = [list(map(self.by_text.cells.__getitem__, self.by_text.texts))]
        return self._columns

    @classmethod
    def of_rows(cls, rows: Rows) -> Block:
        if rows and len(rows[0]) == 1:
            return cls([[row[0] for row in rows]])
        return cls([list(column) for column in zip(*rows, strict=True)])

    @property
    def rows(self) -> list[tuple[Cell, ...]]:
        if self._rows is None:
            self._rows = list(zip(*self.columns, strict=True))
        return self._rows

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns that are meant."""
        if self.beyond == NOTHING_BEYOND:
            return self.height, self.width
        return self.height + self.beyond[0], self.width + self.beyond[1]

    @property
    def missing(self) -> int:
        """How many cells are meant, but not kept."""
        if self.beyond == NOTHING_BEYOND:
            return 0
        rows, columns = self.size
        return rows * columns - self.height * self.width

    @property
    def first(self) -> Cell:
        return self.columns[0][0]

    def at(self, row: int, column: int) -> Cell:
        """A cell of all that are meant."""
        return self.columns[column][row] if row < self.height and column < self.width else self.fill

    def padded(self, height: int, width: int) -> Block:
        """The same block, of which that many rows and columns are kept."""
        if (height, width) == (self.height, self.width):
            return self
        key = ("padded", height, width)
        known = self.memo.get(key)
        if known is None:
            grown = [column + [self.fill] * (height - self.height) for column in self.columns]
            grown += [[self.fill] * height for _ in range(width - self.width)]
            rows, columns = self.size
            known = self.memo[key] = Block(grown, self.area, (rows - height, columns - width), self.fill)
        return known

    def held(self) -> Block:
        """What is kept, as if it were all."""
        return Block(self.columns) if self.beyond != NOTHING_BEYOND else self

    def whole(self) -> Block:
        """The same block with all its cells; raises TooLarge."""
        if self.missing > MOST_CELLS:
            raise TooLarge
        return self.padded(*self.size)

    def flat(self) -> list[Cell]:
        """All cells, row by row."""
        if len(self.columns) == 1:
            return self.columns[0]
        if self.height == 1:
            return [column[0] for column in self.columns]
        return [cell for row in self.rows for cell in row]


class ByText(NamedTuple):
    """A column of few different texts (and blanks), and by text the cells that depend on nothing else."""

    texts: list[Cell]
    cells: dict[Cell, Cell]


def united(blocks: list[Block], cells: list[Cell]) -> Block:
    """Several blocks as one, of which it is known that it is none: a union is no value."""
    found = Block([cells])
    found.memo["united"] = blocks
    return found


def of_sheets(blocks: list[Block]) -> Block:
    """The blocks of ``Sheet1:Sheet2!A1:B2``: a union that some more functions take."""
    found = united(blocks, [cell for block in blocks for cell in block.flat()])
    found.memo["of sheets"] = True
    return found


def is_union(value: Value) -> bool:
    return type(value) is Block and "united" in value.memo


def is_of_sheets(value: Value) -> bool:
    return type(value) is Block and "of sheets" in value.memo


def apart(value: Value) -> list[Value]:
    """The blocks of a union; of anything else, itself."""
    return list(value.memo["united"]) if is_union(value) else [value]


def is_range(value: Value) -> bool:
    """Whether it is several cells that are referred to."""
    if type(value) is Block:
        return value.area is not None and value.size != (1, 1)
    return type(value) is LaneRows and value.left is not None and len(value.columns) > 1


def is_computed(value: Value) -> bool:
    """Whether it is an array, not cells that are referred to."""
    return (type(value) is Block and value.area is None) or (type(value) is LaneRows and value.left is None)


class Omitted:
    """An argument left out."""

    def __repr__(self) -> str:
        return "OMITTED"


OMITTED = Omitted()
Value = Any
"""Cell | Lanes | LaneRows | Block | Omitted."""
MOST_CELLS = 4_000_000
"""Of one array that is computed: about what 1 GB of memory holds, with what a formula needs besides."""


class TooLarge(Unsupported):
    """An array of more cells than is sensible."""

    def __init__(self) -> None:
        super().__init__(f"数组过大（超过 {MOST_CELLS} 个单元格）")


class RowByRow(Exception):
    """The expression means something else for whole columns: compute it cell by cell."""


def is_beside(within: tuple[int, int] | None, context: Context) -> bool:
    """Whether the row of its own that is meant is none of these of the table. Raises RowByRow where it is some cells'."""
    if within is None or (within[0] <= context.rows[0] and context.rows[-1] <= within[1]):
        return False
    if context.single:
        return True
    raise RowByRow
