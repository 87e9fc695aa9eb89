"""LET and LAMBDA, and the functions that call a LAMBDA for every cell, row or column of an array."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from addin.headless.context import Context, Unsupported
from addin.headless.operators import CellFault, to_number
from addin.headless.tree import Apply, Named, Node
from addin.headless.values import MOST_CELLS, OMITTED, Block, Omitted, RowByRow, TooLarge, Value
from addin.xlsx.model import Area, Cell, CellError
from workbook_templates.formula.tree import walk

MOST_WORK = 20_000_000
"""Cells of arrays that a formula with LET or LAMBDA may make for one cell: 200,000 calls, a call taken for as much as 100 cells,
one of a long LAMBDA for more."""
WORK_OF_CALL = 100
WORK_OF_PART = 5
MOST_CALLS = 1024
"""A LAMBDA that calls itself, level by level: so many has Excel at most."""
MOST_WORK_OF_ALL = 20 * MOST_WORK
TOO_MUCH = "LET、LAMBDA 的计算量过大（一格最多调用 20 万次，或算出 2000 万格数组）"
_BUILT_IN = "_XLETA."


Special = dict[str, Callable[[Any, Apply, Context], Value]]
"""Functions that the evaluator computes itself."""


class Closure:
    """A LAMBDA with the names that were known where it is written; ``function``: one of Excel's own (``BYROW(A1:C3,SUM)``)."""

    __slots__ = ("body", "function", "parameters", "variables")

    def __init__(self, parameters: list[str], body: Node, variables: dict[str, Any], function: str = "") -> None:
        self.parameters = parameters
        self.body = body
        self.variables = variables
        self.function = function


def variable(name: str) -> str:
    """The name of a variable, without the prefixes that files write before it."""
    return name.upper().removeprefix("_XLPM.").removeprefix("_XLOP.")


class Lambdas:
    """Part of the evaluator."""

    def __init__(self) -> None:
        self._work = self._work_of_all = self._calls = 0
        self._weights: dict[int, int] = {}

    def value(self, node: Node, context: Context) -> Value:
        raise NotImplementedError

    def as_block(self, node: Node, context: Context) -> Value:
        raise NotImplementedError

    def _spend(self, cells: int) -> None:
        self._work += cells
        self._work_of_all += cells
        if self._work > MOST_WORK or self._work_of_all > MOST_WORK_OF_ALL:
            raise Unsupported(TOO_MUCH)

    def _let(self, node: Apply, context: Context, take: Callable[[Node, Context], Value] | None = None) -> Value:
        """``take``: how the result is evaluated if not as a value. Names that stand for references stay such."""
        *pairs, result = node.arguments
        if len(pairs) % 2 or not pairs:
            return CellError.VALUE
        for name, value in zip(pairs[::2], pairs[1::2], strict=True):
            if not isinstance(name, Named):
                raise Unsupported("LET 的名称写法有误")
            context = context.with_variable(variable(name.name), self.as_block(value, context))
        return (take or self.value)(result, context)

    def _lambda(self, node: Apply, context: Context) -> Value:
        if not node.arguments:
            return CellError.VALUE
        *parameters, body = node.arguments
        names = [variable(p.name) for p in parameters if isinstance(p, Named)]
        if len(names) != len(parameters):
            raise Unsupported("LAMBDA 的参数名写法有误")
        return Closure(names, body, dict(context.variables))

    def _isomitted(self, node: Apply, context: Context) -> Value:
        match node.arguments:
            case (Named(name),):
                return isinstance(context.variables.get(variable(name)), Omitted)
        return CellError.VALUE

    def _closure(self, node: Node, context: Context) -> Closure:
        if isinstance(node, Named) and node.name.upper().startswith(_BUILT_IN):
            return Closure([], node, {}, node.name.upper().removeprefix(_BUILT_IN))
        found = self.value(node, context)
        if isinstance(found, Closure):
            return found
        raise CellFault(found if isinstance(found, CellError) else CellError.VALUE)

    def call(self, closure: Closure, arguments: list[Value], context: Context) -> Value:
        """The value of a LAMBDA's body for these arguments."""
        body, parameters = closure.body, closure.parameters
        self._spend(self._weight(body))
        if closure.function:
            parameters = [f"参数{place}" for place in range(len(arguments))]
            body = Apply(closure.function, tuple(map(Named, parameters)))
        if len(arguments) > len(parameters):
            return CellError.VALUE
        filled = [*arguments, *[OMITTED] * (len(parameters) - len(arguments))]
        inner = {**closure.variables, **dict(zip(parameters, filled, strict=True))}
        if self._calls == MOST_CALLS:
            raise Unsupported(f"LAMBDA 调用自己超过 {MOST_CALLS} 层")
        self._calls += 1
        try:
            return self.value(body, Context(context.sheet, context.rows, context.col, True, inner))
        finally:
            self._calls -= 1

    def _weight(self, body: Node) -> int:
        if id(body) not in self._weights:
            self._weights[id(body)] = max(WORK_OF_CALL, WORK_OF_PART * sum(1 for _ in walk(body)))
        return self._weights[id(body)]

    def _one(self, closure: Closure, arguments: list[Value], context: Context) -> Cell:
        """A call's single value; an array within an array is #CALC!."""
        found = self.call(closure, arguments, context)
        if isinstance(found, Block):
            return found.first if found.size == (1, 1) else CellError.CALC
        if isinstance(found, Closure):
            return CellError.CALC
        return 0.0 if found is None or isinstance(found, Omitted) else found

    def _array(self, node: Node, context: Context) -> Block:
        if not context.single:
            raise RowByRow
        found = self.as_block(node, context.in_array())
        if isinstance(found, CellError):
            raise CellFault(found)
        if isinstance(found, Block):
            return found.whole()
        return Block([[None if isinstance(found, Omitted) else found]])

    def _map(self, node: Apply, context: Context) -> Value:
        if len(node.arguments) < 2:
            return CellError.VALUE
        blocks = [self._array(argument, context) for argument in node.arguments[:-1]]
        closure = self._closure(node.arguments[-1], context)
        if len(blocks) != len(closure.parameters) and not closure.function:
            return CellError.VALUE
        height, width = max(b.height for b in blocks), max(b.width for b in blocks)

        def at(block: Block, row: int, col: int) -> Value:
            inside = row < block.height and col < block.width
            return _cell_of(block, row, col) if inside else CellError.NA

        return Block(
            [
                [self._one(closure, [at(block, row, col) for block in blocks], context) for row in range(height)]
                for col in range(width)
            ]
        )

    def _reduce(self, node: Apply, context: Context) -> Value:
        if len(node.arguments) != 3:
            return CellError.VALUE
        first, array, function = node.arguments
        block, closure = self._array(array, context), self._closure(function, context)
        current = self.value(first, context.in_array())
        cells = [(row, col) for row in range(block.height) for col in range(block.width)]
        if isinstance(current, Omitted):
            current = block.first
            cells = cells[1:]
            found: list[Cell] = [block.first]
        else:
            found = []
        for row, col in cells:
            current = self.call(closure, [current, _cell_of(block, row, col)], context)
            if node.function == "SCAN":
                found.append(CellError.CALC if isinstance(current, Block | Closure) else current)
        if node.function == "REDUCE":
            return current
        return Block.of_rows([found[at : at + block.width] for at in range(0, len(found), block.width)])

    def _by_line(self, node: Apply, context: Context) -> Value:
        if len(node.arguments) != 2:
            return CellError.VALUE
        block, closure = self._array(node.arguments[0], context), self._closure(node.arguments[1], context)
        if node.function == "BYROW":
            return Block([[self._one(closure, [_row_of(block, row)], context) for row in range(block.height)]])
        return Block([[self._one(closure, [_column_of(block, col)], context)] for col in range(block.width)])

    def _makearray(self, node: Apply, context: Context) -> Value:
        if len(node.arguments) != 3:
            return CellError.VALUE
        if not context.single:
            raise RowByRow
        height, width = (int(to_number(self._array(a, context).first)) for a in node.arguments[:2])
        closure = self._closure(node.arguments[2], context)
        if height < 1 or width < 1:
            return CellError.VALUE
        if height * width > MOST_CELLS:
            raise TooLarge
        return Block(
            [
                [self._one(closure, [float(row + 1), float(col + 1)], context) for row in range(height)]
                for col in range(width)
            ]
        )

    of_expressions: ClassVar[Special] = {
        "LAMBDA": _lambda,
        "ISOMITTED": _isomitted,
        "MAP": _map,
        "REDUCE": _reduce,
        "SCAN": _reduce,
        "BYROW": _by_line,
        "BYCOL": _by_line,
        "MAKEARRAY": _makearray,
    }


def _cell_of(block: Block, row: int, col: int) -> Value:
    """A cell of a block; still a reference if the block is one."""
    cell = block.columns[col][row]
    return cell if block.area is None else Block([[cell]], _part(block.area, row, row, col, col))


def _row_of(block: Block, row: int) -> Block:
    area = block.area and _part(block.area, row, row, 0, block.width - 1)
    return Block([[column[row]] for column in block.columns], area)


def _column_of(block: Block, col: int) -> Block:
    return Block([block.columns[col]], block.area and _part(block.area, 0, block.height - 1, col, col))


def _part(area: Area, top: int, bottom: int, left: int, right: int) -> Area:
    return Area(area.sheet, area.top + top, area.left + left, area.top + bottom, area.left + right)
