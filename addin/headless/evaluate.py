"""Evaluates a formula's tree, once for all cells of a filled-down column.

A reference to the own row is a lane (one value a cell), a fixed one a block that all cells share. Functions that take single
cells are applied lane by lane; functions that take blocks once if nothing moves with the row, else row by row; a KAOHE function
gets the lanes as a whole block. IF computes each branch only for the cells that take it.
"""

from __future__ import annotations

from collections.abc import Callable

import udfs
from addin.headless import kaohe
from addin.headless.calls import MOVING, by_element, by_lane, cell_of
from addin.headless.choices import Choices
from addin.headless.context import Context, Unsupported
from addin.headless.functions import Ordinary
from addin.headless.functions.counting import draw
from addin.headless.lanes import ROWWISE
from addin.headless.operators import OPERATORS, equality_kernel
from addin.headless.store import Store
from addin.headless.tree import (
    Apply,
    Blank,
    Cells,
    Constant,
    External,
    ExternalName,
    Invoke,
    Matrix,
    Named,
    Node,
    Operand,
    Sheets,
)
from addin.headless.values import OMITTED, Block, LaneRows, Lanes, Omitted, RowByRow, Value, broadcast, each, guarded
from addin.xlsx.model import Area, Cell, CellError
from workbook_templates.formula.references import Reference

__all__ = ["Context", "Evaluator", "Unsupported"]

_CHANGING = frozenset({"RAND", "RANDBETWEEN", "ROW", "COLUMN", "LET", "NOW"})


class Evaluator(Choices):
    def __init__(
        self,
        store: Store,
        functions: dict[str, Ordinary],
        names: Callable[[str, str], Node | None],
        spilled: Callable[[str, int, int], Area | None] = lambda *_: None,
        left_out: Callable[[Area, int], set[tuple[int, int]]] = lambda *_: set(),
    ) -> None:
        super().__init__()
        self._store = store
        self._functions = functions
        self._names = names
        self._spilled = spilled
        self._left_out = left_out
        self._memo: dict[int, Value] | None = None
        self._special |= {
            "ROW": self._position,
            "COLUMN": self._position,
            "ROWS": self._size,
            "COLUMNS": self._size,
            "ISREF": self._isref,
            "ISFORMULA": self._isformula,
            "SHEET": self._sheet,
            "OFFSET": self._unsupported,
            "INDIRECT": self._unsupported,
            ":": self._span,
            "SINGLE": self._single,
            "ANCHORARRAY": self._anchor,
            "RAND": self._chance,
            "RANDBETWEEN": self._chance,
            ",": self._union,
            " ": self._common,
        }

    def cells(self, node: Node, context: Context) -> list[Cell]:
        """The value of every cell of the context."""
        value = self.reduced(self.value(node, context), context)
        if isinstance(value, Lanes):
            found = value.cells
        elif isinstance(value, LaneRows | Block):
            raise RowByRow
        else:
            found = [value] * len(context.rows)
        return [0.0 if cell is None or isinstance(cell, Omitted) else cell for cell in found]

    def block(self, node: Node, context: Context) -> Block:
        """The whole array that an array formula gives."""
        value = self.value(node, context.in_array())
        if isinstance(value, Block):
            return value
        return Block([[0.0 if value is None or isinstance(value, Omitted) else value]])

    def value(self, node: Node, context: Context) -> Value:
        match node:
            case Constant(value):
                return value
            case Cells(reference):
                return self._cells(reference, context, as_block=False)
            case Apply():
                return self._apply(node, context)
            case Blank():
                return OMITTED
            case Matrix(rows):
                return Block.of_rows(rows)
            case Named(name, sheet):
                if name.upper() in context.variables:
                    return context.variables[name.upper()]
                tree = self._names(name, sheet or context.sheet)
                return CellError.NAME if tree is None else self.value(tree, context)
            case External(book, reference):
                raise Unsupported(f"引用了其他工作簿:{book}{reference.sheet}")
            case ExternalName(book):
                raise Unsupported(f"引用了其他工作簿:{book}")
            case Sheets():
                raise Unsupported("同时引用了多个工作表")
            case Invoke():
                raise Unsupported("调用 LAMBDA 算出的函数不受支持")
            case Operand():
                raise Unsupported("公式中的引用不受支持")

    def _cells(self, reference: Reference, context: Context, as_block: bool) -> Value:
        if not reference.valid:
            return CellError.REF
        if reference.within is not None and not context.inside(*reference.within):
            if context.single:
                return CellError.VALUE
            raise RowByRow
        first = reference.at(context.rows[0], context.col)
        if context.single or not reference.moves:
            if first.rows == first.columns == 1 and not as_block:
                return self._store.get(first.sheet, first.top, first.left)
            return self._store.block(self._store.cut(first), keep=not reference.moves)
        if not reference.own_row:
            raise RowByRow
        lanes = [
            self._store.lane(first.sheet, col, context.rows, reference.top)
            for col in range(first.left, first.right + 1)
        ]
        return Lanes(lanes[0]) if len(lanes) == 1 and not as_block else LaneRows(lanes, first.left)

    def _as_block(self, node: Node, context: Context) -> Value:
        """An argument for a function of blocks: also a single cell that is referred to is a block, not a plain value."""
        if isinstance(node, Cells):
            return self._cells(node.reference, context, as_block=True)
        if isinstance(node, Named) and node.name.upper() not in context.variables:
            tree = self._names(node.name, node.sheet or context.sheet)
            return CellError.NAME if tree is None else self._as_block(tree, context)
        return self.value(node, context)

    def _apply(self, node: Apply, context: Context) -> Value:
        if self._memo is not None and context.array and context.single and not context.variables:
            known = self._memo.get(id(node))
            if known is None and self._is_fixed(node):
                known = self._memo[id(node)] = self._applied(node, context)
            if known is not None:
                return known
        try:
            return self._applied(node, context)
        except RowByRow:
            if context.single:
                raise Unsupported(f"{node.function} 的参数形状不受支持") from None
            if context.array:
                raise
        outer, self._memo = self._memo, {}
        try:
            found: list[Cell] = []
            for lane in range(len(context.rows)):
                found += self.cells(node, context.of([lane]))
            return Lanes(found)
        finally:
            self._memo = outer

    def _is_fixed(self, node: Node) -> bool:
        """Whether a part of an array expression is the same for all rows."""
        match node:
            case Cells(reference):
                return not reference.moves
            case Named(name, sheet):
                tree = self._names(name, sheet)
                return tree is not None and self._is_fixed(tree)
            case Apply(function, arguments):
                return function not in _CHANGING and all(map(self._is_fixed, arguments))
        return True

    def _applied(self, node: Apply, context: Context) -> Value:
        name = node.function
        if operator := OPERATORS.get(name):
            arguments = [self._operand(argument, context) for argument in node.arguments]
            if name in ("=", "<>"):
                left, right = ((a.cells if isinstance(a, Lanes) else a) for a in arguments)
                found = equality_kernel(name, left, right)
                if found is not None:
                    return Lanes(found)
                return broadcast(operator, arguments, lambda a, b: equality_kernel(name, a, b) or each(operator, a, b))
            return broadcast(operator, arguments)
        if special := self._special.get(name):
            return special(node, context)
        if function := udfs.FUNCTIONS.get(name):
            return kaohe.apply(function, [self.value(a, context) for a in node.arguments], len(context.rows))
        if ordinary := self._functions.get(name):
            return self._ordinary(ordinary, node, context)
        if "!" in name:
            raise Unsupported(f"引用了其他工作簿:{name.rpartition('!')[0]}")
        raise Unsupported(f"函数 {name} 不受支持")

    def _operand(self, node: Node, context: Context) -> Value:
        value = self.reduced(self.value(node, context), context)
        return None if value is OMITTED else value

    def _ordinary(self, ordinary: Ordinary, node: Apply, context: Context) -> Value:
        if not ordinary.takes(len(node.arguments)):
            return CellError.VALUE
        letters = [ordinary.letter(place, len(node.arguments)) for place in range(len(node.arguments))]
        arguments: list[Value] = []
        for letter, argument in zip(letters, node.arguments, strict=True):
            if letter == "c":
                arguments.append(self.reduced(self.value(argument, context), context))
            else:
                arguments.append(self._as_block(argument, context.in_array() if letter == "a" else context))
        if node.function in ("SUBTOTAL", "AGGREGATE") and isinstance(arguments[0], float):
            arguments = [self._counted(node.function, arguments, a) for a in arguments]
        moving = any(isinstance(a, MOVING) for a in arguments)
        arrays = [i for i, a in enumerate(arguments) if letters[i] == "c" and isinstance(a, Block)]
        if arrays and moving:
            raise RowByRow
        if moving:
            rowwise = ROWWISE.get(node.function)
            found = rowwise(arguments, len(context.rows)) if rowwise is not None else None
            return Lanes(by_lane(ordinary.compute, arguments, letters) if found is None else found)
        if arrays:
            return by_element(ordinary.compute, arguments, arrays)
        return guarded(ordinary.compute, *arguments)

    def _counted(self, name: str, arguments: list[Value], block: Value) -> Value:
        """A block without the cells that SUBTOTAL and AGGREGATE don't count: other subtotals, hidden rows."""
        if not isinstance(block, Block) or block.area is None:
            return block
        option = arguments[1] if name == "AGGREGATE" else 0.0
        hidden = option in (1.0, 3.0, 5.0, 7.0) if name == "AGGREGATE" else arguments[0] > 100
        # What is left out: 1 other subtotals, 2 rows hidden by a filter, 4 rows hidden in any way.
        kinds = (1 if option in (0.0, 1.0, 2.0, 3.0) else 0) + (4 if hidden else 2 if name == "SUBTOTAL" else 0)
        skipped = self._left_out(block.area, kinds)
        if not skipped:
            return block
        top, left = block.area.top, block.area.left
        columns = [
            [None if (top + i, left + j) in skipped else cell for i, cell in enumerate(column)]
            for j, column in enumerate(block.columns)
        ]
        return Block(columns)

    def _chance(self, node: Apply, context: Context) -> Value:
        bounds = [self._operand(argument, context) for argument in node.arguments]
        if len(bounds) != (0 if node.function == "RAND" else 2):
            return CellError.VALUE
        if not all(isinstance(bound, float) for bound in bounds):
            raise Unsupported("RANDBETWEEN 的上下限应为数字")
        found = [guarded(draw, node.function, *bounds) for _ in context.rows]
        return found[0] if context.single else Lanes(found)

    def _union(self, node: Apply, context: Context) -> Value:
        """``(A1:A3,C1)``: all cells one after the other."""
        cells: list[Cell] = []
        for argument in node.arguments:
            value = self._as_block(argument, context.in_array())
            if isinstance(value, MOVING):
                raise RowByRow
            cells += value.flat() if isinstance(value, Block) else [value]
        return Block([cells])

    def _common(self, node: Apply, context: Context) -> Value:
        """``A1:C3 B2:D4``: the cells that both hold."""
        if not context.single:
            raise RowByRow
        ends = [self._areas(argument, context) for argument in node.arguments]
        if not ends[0] or not ends[1]:
            raise Unsupported("交叉运算符(空格)两边应为单元格引用")
        a, b = ends[0][0], ends[1][0]
        if not a.overlaps(b):
            return CellError.NULL
        area = Area(a.sheet, max(a.top, b.top), max(a.left, b.left), min(a.bottom, b.bottom), min(a.right, b.right))
        return self._store.block(self._store.cut(area), keep=False)

    def reduced(self, value: Value, context: Context) -> Value:
        """Outside of array formulas a block stands for its cell in the own row or column."""
        if context.array:
            return value
        if isinstance(value, LaneRows):
            if len(value.columns) == 1:
                return Lanes(value.columns[0])
            if value.left is None:
                return Lanes(value.columns[0])
            place = context.col - value.left
            return Lanes(value.columns[place]) if 0 <= place < len(value.columns) else CellError.VALUE
        if not isinstance(value, Block):
            return value
        area = value.area
        if area is None or value.height == value.width == 1:
            return value.first
        if area.columns == 1:
            return self._own_rows(value, area, context)
        if area.rows == 1 and area.left <= context.col <= area.right:
            return value.columns[context.col - area.left][0]
        return CellError.VALUE

    def _own_rows(self, value: Block, area: Area, context: Context) -> Value:
        column = value.columns[0]
        found = [
            column[row - area.top] if 0 <= row - area.top < len(column) else CellError.VALUE for row in context.rows
        ]
        return found[0] if context.single else Lanes(found)

    def _position(self, node: Apply, context: Context) -> Value:
        rows = node.function == "ROW"
        if not node.arguments:
            if not rows:
                return float(context.col + 1)
            found: list[Cell] = [float(row + 1) for row in context.rows]
            return found[0] if context.single else Lanes(found)
        areas = self._areas(node.arguments[0], context)
        if areas is None:
            return CellError.VALUE
        area = areas[0]
        if context.array and len(areas) == 1:
            if rows:
                return Block([[float(row + 1) for row in range(area.top, area.bottom + 1)]])
            return Block([[float(col + 1)] for col in range(area.left, area.right + 1)])
        numbers: list[Cell] = [float((area.top if rows else area.left) + 1) for area in areas]
        return numbers[0] if len(numbers) == 1 else Lanes(numbers)

    def _size(self, node: Apply, context: Context) -> Value:
        rows = node.function == "ROWS"
        areas = self._areas(node.arguments[0], context)
        if areas is None:
            value = self.value(node.arguments[0], context.in_array())
            if isinstance(value, Block):
                return float(value.height if rows else value.width)
            return value if isinstance(value, CellError) else 1.0
        numbers: list[Cell] = [float(area.rows if rows else area.columns) for area in areas]
        return numbers[0] if len(numbers) == 1 else Lanes(numbers)

    def _isref(self, node: Apply, context: Context) -> Value:
        return self._areas(node.arguments[0], context) is not None

    def _isformula(self, node: Apply, context: Context) -> Value:
        areas = self._areas(node.arguments[0], context) if len(node.arguments) == 1 else None
        if areas is None:
            return CellError.VALUE
        if context.array and len(areas) == 1:
            return Block(self._store.are_formulas(self._store.cut(areas[0])))
        found = [self._store.are_formulas(Area(a.sheet, a.top, a.left, a.top, a.left))[0][0] for a in areas]
        return found[0] if len(found) == 1 else Lanes(found)

    def _sheet(self, node: Apply, context: Context) -> Value:
        """A sheet's place in the workbook: that of the formula itself, of a reference, or of a name given as text."""
        if not node.arguments:
            return self._store.sheet_number(context.sheet)
        areas = self._areas(node.arguments[0], context)
        if areas is not None:
            return self._store.sheet_number(areas[0].sheet)
        named = self.reduced(self.value(node.arguments[0], context), context)
        return self._store.sheet_number(named) if isinstance(named, str) else CellError.NA

    def _single(self, node: Apply, context: Context) -> Value:
        return self.reduced(self._as_block(node.arguments[0], context), context.plain())

    def _anchor(self, node: Apply, context: Context) -> Value:
        areas = self._areas(node.arguments[0], context)
        area = self._spilled(areas[0].sheet, areas[0].top, areas[0].left) if areas and len(areas) == 1 else None
        return CellError.REF if area is None else self._store.block(area, keep=False)

    def _span(self, node: Apply, context: Context) -> Value:
        """``A1:INDEX(…)``."""
        if not context.single:
            raise RowByRow
        ends = [self._areas(argument, context) for argument in node.arguments]
        if ends[0] is None or ends[1] is None or ends[0][0].sheet != ends[1][0].sheet:
            raise Unsupported("区域运算符 : 两边应为单元格引用")
        a, b = ends[0][0], ends[1][0]
        area = Area(a.sheet, min(a.top, b.top), min(a.left, b.left), max(a.bottom, b.bottom), max(a.right, b.right))
        return self._store.block(self._store.cut(area), keep=False)

    def _unsupported(self, node: Apply, context: Context) -> Value:
        raise Unsupported(f"函数 {node.function} 不受支持:它引用的单元格在计算时才确定")

    def _areas(self, node: Node, context: Context) -> list[Area] | None:
        """The cells that a reference means, for each row if it moves."""
        match node:
            case Named(name, sheet):
                tree = self._names(name, sheet or context.sheet)
                return self._areas(tree, context) if tree is not None else None
            case Cells(reference) if reference.valid:
                if not reference.moves:
                    return [reference.at(context.rows[0], context.col)]
                return [reference.at(row, context.col) for row in context.rows]
            case Apply("INDEX", (block, *places)):
                whole = self._areas(block, context)
                if not whole or not context.single:
                    return None
                numbers = [self._operand(place, context) for place in places]
                return cell_of(whole[0], [int(n) for n in numbers if isinstance(n, float)])
        return None
