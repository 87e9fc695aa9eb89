"""What cells mean to the function around them: a block, a lane, or the cell in the own row."""

from __future__ import annotations

from collections.abc import Callable

from addin.headless.areas import REFERRING, Meaning
from addin.headless.choices import Choices
from addin.headless.context import Context
from addin.headless.lambdas import variable
from addin.headless.ownblocks import in_blocks
from addin.headless.tree import Apply, Cells, Named, Node
from addin.headless.values import Block, LaneRows, Lanes, RowByRow, Value, is_beside, is_union
from addin.xlsx.model import Area, CellError
from workbook_templates.formula.references import Reference
from workbook_templates.formula.tokens import LAST_COLUMN, LAST_ROW

_SOURCES = {"INDEX": 0, "XLOOKUP": 2}
"""Which argument of these holds the cells of which they give one."""
Key = tuple[int, str]
"""The number of a part that comes again, and what is kept of it."""


class Blocks(Choices, Meaning):
    """Part of the evaluator."""

    def _cells(self, reference: Reference, context: Context, as_block: bool) -> Value:
        if not reference.valid:
            return CellError.REF
        if is_beside(reference.within, context):
            return CellError.VALUE
        first = reference.at(context.rows[0], context.col)
        if context.single or not reference.moves:
            if self.lazy:
                self._demand(first)
            if first.rows == first.columns == 1 and not as_block:
                return self._store.get(first.sheet, first.top, first.left)
            return self._store.block(first, keep=not reference.moves)
        if not reference.own_row:
            raise RowByRow
        lanes = [
            self._store.lane(first.sheet, col, context.rows, reference.top)
            for col in range(first.left, first.right + 1)
        ]
        return Lanes(lanes[0]) if len(lanes) == 1 and not as_block else LaneRows(lanes, first.left)

    def as_block(self, node: Node, context: Context) -> Value:
        """An argument for a function of blocks: also a single cell that is referred to is a block, not a plain value.

        So is the cell that IF, INDEX and their kin refer to: of many rows in those in which that makes a difference.
        """
        if isinstance(node, Cells):
            if node.fixed is not None and not self.lazy:
                return self._store.block(node.fixed, keep=True)
            return self._cells(node.reference, context, as_block=True)
        if isinstance(node, Named):
            if variable(node.name) in context.variables:
                return context.variables[variable(node.name)]
            tree = self._names(node.name, node.sheet or context.sheet)
            return CellError.NAME if tree is None else self.as_block(tree, context)
        if isinstance(node, Apply) and (node.function in self.of_picks or node.function in _SOURCES):
            number = self.recurring(node, context)
            if number is not None:
                return self.once(node, context, self._referred, (number, "reference"))
            return self._referred(node, context)
        return self.value(node, context)

    def recurring(self, node: Apply, context: Context) -> int | None:
        raise NotImplementedError

    def once(self, node: Apply, context: Context, compute: Callable[[Apply, Context], Value], key: Key) -> Value:
        raise NotImplementedError

    def _referred(self, node: Apply, context: Context) -> Value:
        if node.function in _SOURCES:
            return self._found(node, context)
        return self.of_picks[node.function](self, node, context, self.as_block if context.single else self._as_lanes)

    def _as_lanes(self, node: Node, context: Context) -> Value:
        """As ``as_block``, one cell a row being a lane."""
        value = self.as_block(node, context)
        if isinstance(value, LaneRows) and value.left is not None and len(value.columns) == 1:
            return Lanes(in_blocks(value.columns[0]))
        if isinstance(value, Block) and value.area is not None and value.size == (1, 1):
            return Lanes(in_blocks([value.first]) * len(context.rows))
        return value

    def _found(self, node: Apply, context: Context) -> Value:
        """The cells that INDEX or XLOOKUP refers to; what it gives where it refers to none."""
        if context.single:
            areas = self.areas(node, context)
            if areas is not None:
                return areas if isinstance(areas, CellError) else self.read(areas[0])
        value = self.value(node, context)
        if context.single or isinstance(value, Block | LaneRows):
            return value
        cells = value.cells if isinstance(value, Lanes) else [value] * len(context.rows)
        found = in_blocks(cells)
        if found is cells:
            return value
        source = node.arguments[_SOURCES[node.function]]
        if isinstance(source, Named):
            source = self._names(source.name, source.sheet or context.sheet) or source
        refers = isinstance(source, Apply) and source.function in REFERRING
        if refers or context.variables or len(node.arguments) > 3:
            raise RowByRow
        return Lanes(found) if isinstance(source, Cells) else value

    def _as_large(
        self, node: Apply, summed: Value, context: Context, compute: Callable[..., Value]
    ) -> Callable[..., Value]:
        """SUMIF takes as many cells as it tests, beginning with the first one; where both are written, the formula was read so."""
        if isinstance(node.arguments[0], Cells) and isinstance(node.arguments[2], Cells):
            return compute
        if not context.single and not (isinstance(summed, Block) and summed.area is not None):
            raise RowByRow

        def apply(tested: Value, criterion: Value, summed: Value) -> Value:
            if isinstance(tested, Block) and isinstance(summed, Block) and summed.area and tested.size != summed.size:
                area, (height, width) = summed.area, tested.size
                bottom, right = min(area.top + height - 1, LAST_ROW), min(area.left + width - 1, LAST_COLUMN)
                summed = self.read(Area(area.sheet, area.top, area.left, bottom, right))
            return compute(tested, criterion, summed)

        return apply

    def reduced(self, value: Value, context: Context) -> Value:
        """Outside of array formulas a block stands for its cell in the own row or column."""
        if is_union(value):
            return CellError.VALUE
        if context.array:
            return value
        if isinstance(value, LaneRows):
            if value.left is None:
                return value
            if len(value.columns) == 1:
                return Lanes(value.columns[0])
            place = context.col - value.left
            return Lanes(value.columns[place]) if 0 <= place < len(value.columns) else CellError.VALUE
        if not isinstance(value, Block):
            return value
        area = value.area
        if value.size == (1, 1):
            return value.first
        if area is None:
            # A computed array stays one; only references mean their cell in the own row.
            return value
        if area.columns > 1 and not area.left <= context.col <= area.right:
            return CellError.VALUE
        across = context.col - area.left if area.columns > 1 else 0
        return value.at(0, across) if area.rows == 1 else self._own_rows(value, area, across, context)

    def own_cell(self, node: Node, context: Context) -> Node:
        """Of a column or row that stands for its own cell, that cell: the others may wait for this one to be computed."""
        if context.array or not context.single:
            return node
        tree: Node | None = node
        if isinstance(node, Named) and variable(node.name) not in context.variables:
            tree = self._names(node.name, node.sheet or context.sheet)
        if not isinstance(tree, Cells) or tree.reference.is_cell or not tree.reference.valid or tree.reference.within:
            return node
        area, row, col = tree.reference.at(context.rows[0], context.col), context.rows[0], context.col
        row, col = row if area.rows > 1 else area.top, col if area.columns > 1 else area.left
        if not (area.top <= row <= area.bottom and area.left <= col <= area.right):
            return node
        return Cells(Reference(area.sheet, row, col, row, col))

    def _own_rows(self, value: Block, area: Area, across: int, context: Context) -> Value:
        found = [
            value.at(row - area.top, across) if area.top <= row <= area.bottom else CellError.VALUE
            for row in context.rows
        ]
        return found[0] if context.single else Lanes(found)
