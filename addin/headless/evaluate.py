"""Evaluates a formula's tree, once for all cells of a filled-down column.

A reference to the own row is a lane (one value a cell), a fixed one a block that all cells share. Functions that take single
cells are applied lane by lane; functions that take blocks once if nothing moves with the row, else row by row; a KAOHE function
gets the lanes as a whole block. IF computes each branch only for the cells that take it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import udfs
from addin.headless import kaohe
from addin.headless.columns import choose
from addin.headless.functions import Ordinary
from addin.headless.model import Area, Cell, CellError
from addin.headless.operators import OPERATORS, to_number, to_truth
from addin.headless.store import Store
from addin.headless.tree import Apply, Blank, Cells, Constant, Matrix, Named, Node
from addin.headless.values import OMITTED, Block, LaneRows, Lanes, Omitted, RowByRow, Value, broadcast, guarded

__all__ = ["Context", "Evaluator", "Unsupported"]


class Unsupported(Exception):
    """A part of a formula that can't be computed without the spreadsheet program; the message is Chinese."""


@dataclass(frozen=True)
class Context:
    """The cells that are computed: rows of one column; ``array`` where blocks are taken element by element."""

    sheet: str
    rows: Sequence[int]
    col: int
    array: bool = False

    @property
    def single(self) -> bool:
        return len(self.rows) == 1

    def of(self, lanes: list[int]) -> Context:
        return replace(self, rows=[self.rows[lane] for lane in lanes])


class Evaluator:
    def __init__(self, store: Store, functions: dict[str, Ordinary], names: Callable[[str, str], Node | None]) -> None:
        self._store = store
        self._functions = functions
        self._names = names
        self._special: dict[str, Callable[[Apply, Context], Value]] = {
            "IF": self._if,
            "IFERROR": self._iferror,
            "IFNA": self._iferror,
            "CHOOSE": self._choose,
            "IFS": self._ifs,
            "SWITCH": self._switch,
            "ROW": self._row,
            "COLUMN": self._column,
            "ROWS": self._size,
            "COLUMNS": self._size,
            "ISREF": self._isref,
        }

    def cells(self, node: Node, context: Context) -> list[Cell]:
        """The value of every cell of the context."""
        value = self._reduced(self._value(node, context), context)
        found = value.cells if isinstance(value, Lanes) else [value] * len(context.rows)
        return [0.0 if cell is None or isinstance(cell, Omitted) else cell for cell in found]

    def block(self, node: Node, context: Context) -> Block:
        """The whole array that an array formula gives."""
        value = self._value(node, replace(context, array=True))
        if isinstance(value, Block):
            return value
        return Block([[0.0 if value is None or isinstance(value, Omitted) else value]])

    def _value(self, node: Node, context: Context) -> Value:
        match node:
            case Constant(value):
                return value
            case Blank():
                return OMITTED
            case Cells(reference):
                if not reference.valid:
                    return CellError.REF
                return self._cells(reference, context)
            case Matrix(rows):
                return Block(rows)
            case Named(name):
                return self._named(name, context)
            case Apply():
                return self._apply(node, context)

    def _cells(self, reference: Any, context: Context) -> Value:
        first = reference.at(context.rows[0], context.col)
        if context.single or not reference.moves:
            area = self._store.cut(first)
            if area.rows == 1 and area.columns == 1:
                return self._store.get(area.sheet, area.top, area.left)
            return Block(self._store.rows(area), area)
        if not reference.own_row:
            raise RowByRow
        shift = reference.top
        if first.columns == 1:
            return Lanes(self._store.lane(first.sheet, first.left, context.rows, shift))
        lanes = [self._store.lane(first.sheet, col, context.rows, shift) for col in range(first.left, first.right + 1)]
        return LaneRows(list(zip(*lanes, strict=True)))

    def _named(self, name: str, context: Context) -> Value:
        tree = self._names(name, context.sheet)
        if tree is None:
            return CellError.NAME
        return self._value(tree, context)

    def _apply(self, node: Apply, context: Context) -> Value:
        try:
            return self._applied(node, context)
        except RowByRow:
            if context.single:
                raise Unsupported(f"{node.function} 的参数形状不受支持") from None
        found: list[Cell] = []
        for lane in range(len(context.rows)):
            found += self.cells(node, context.of([lane]))
        return Lanes(found)

    def _applied(self, node: Apply, context: Context) -> Value:
        name = node.function
        if operator := OPERATORS.get(name):
            arguments = [self._reduced(self._value(a, context), context) for a in node.arguments]
            return broadcast(operator, [None if isinstance(a, Omitted) else a for a in arguments])
        if special := self._special.get(name):
            return special(node, context)
        if name in udfs.FUNCTIONS:
            arguments = [self._value(a, context) for a in node.arguments]
            return kaohe.apply(udfs.FUNCTIONS[name], arguments, len(context.rows), context.array)
        ordinary = self._functions.get(name)
        if ordinary is None:
            raise Unsupported(f"函数 {name} 不受支持")
        return self._ordinary(ordinary, node, context)

    def _ordinary(self, ordinary: Ordinary, node: Apply, context: Context) -> Value:
        arguments: list[Value] = []
        letters = ""
        for position, argument in enumerate(node.arguments):
            letter = ordinary.letter(position)
            if not letter:
                return CellError.VALUE
            value = self._value(argument, replace(context, array=True) if letter == "a" else context)
            arguments.append(self._reduced(value, context) if letter == "c" else value)
            letters += letter
        moving = any(isinstance(a, Lanes | LaneRows) for a in arguments)
        arrays = [i for i, a in enumerate(arguments) if letters[i] == "c" and isinstance(a, Block)]
        if moving and arrays:
            raise RowByRow
        try:
            if moving:
                return self._by_lane(ordinary, arguments, len(context.rows))
            if arrays:
                return _by_element(ordinary.compute, arguments, arrays)
            return self._called(ordinary.compute, arguments)
        except TypeError as error:
            if "positional argument" not in str(error):
                raise
            return CellError.VALUE

    def _by_lane(self, ordinary: Ordinary, arguments: list[Value], count: int) -> Lanes:
        lanes = [
            a.cells
            if isinstance(a, Lanes)
            else [Block((row,)) for row in a.rows]
            if isinstance(a, LaneRows)
            else [a] * count
            for a in arguments
        ]
        return Lanes([_one(self._called(ordinary.compute, list(cells))) for cells in zip(*lanes, strict=True)])

    def _called(self, compute: Callable[..., Value], arguments: list[Value]) -> Value:
        return guarded(compute, *arguments)

    def _reduced(self, value: Value, context: Context) -> Value:
        """Outside of array formulas a block stands for its cell in the own row or column."""
        if context.array or isinstance(value, Lanes):
            return value
        if isinstance(value, LaneRows):
            raise RowByRow
        if not isinstance(value, Block):
            return value
        area = value.area
        if area is None or value.height == value.width == 1:
            return value.rows[0][0]
        if area.columns == 1:
            found = [
                value.rows[row - area.top][0] if area.top <= row <= area.bottom else CellError.VALUE
                for row in context.rows
            ]
            return found[0] if context.single else Lanes(found)
        if area.rows == 1 and area.left <= context.col <= area.right:
            return value.rows[0][context.col - area.left]
        return CellError.VALUE

    def _test(self, node: Node, context: Context) -> Value:
        """A condition: True, False or an error value, for each cell."""
        value = self._reduced(self._value(node, context), context)
        return broadcast(to_truth, [None if isinstance(value, Omitted) else value])

    def _if(self, node: Apply, context: Context) -> Value:
        condition = self._test(node.arguments[0], context)
        branches = [
            node.arguments[1] if len(node.arguments) > 1 else Constant(True),
            node.arguments[2] if len(node.arguments) > 2 else Constant(False),
        ]
        if isinstance(condition, Block):
            taken = {cell for row in condition.rows for cell in row}
            # A branch that no element takes isn't computed: most rows of a guarded column are sound.
            values = [
                self._branch(branch, context) if way in taken else None
                for way, branch in zip((True, False), branches, strict=True)
            ]
            return broadcast(choose, [condition, *values])
        if not isinstance(condition, Lanes):
            if isinstance(condition, CellError):
                return condition
            return self._branch(branches[0 if condition else 1], context)
        chosen = [0 if c is True else 1 if c is False else c for c in condition.cells]
        return self._by_choice(chosen, branches, context)

    def _branch(self, node: Node, context: Context) -> Value:
        value = self._value(node, context)
        return 0.0 if isinstance(value, Omitted) else value

    def _by_choice(self, chosen: Sequence[Any], branches: Sequence[Node], context: Context) -> Lanes:
        """For each cell the branch of its number; anything else is the cell's value itself."""
        results: list[Cell] = list(chosen)
        for number, branch in enumerate(branches):
            lanes = [lane for lane, choice in enumerate(chosen) if type(choice) is int and choice == number]
            if lanes:
                for lane, cell in zip(lanes, self.cells(branch, context.of(lanes)), strict=True):
                    results[lane] = cell
        return Lanes(results)

    def _iferror(self, node: Apply, context: Context) -> Value:
        if len(node.arguments) != 2:
            return CellError.VALUE

        def caught(cell: Cell) -> bool:
            return cell is CellError.NA if node.function == "IFNA" else isinstance(cell, CellError)

        value = self._value(node.arguments[0], context)
        if isinstance(value, Block) and context.array:
            other = self._branch(node.arguments[1], context)
            return broadcast(lambda c, o: o if caught(c) else c, [value, other])
        value = self._reduced(value, context)
        if not isinstance(value, Lanes):
            return self._branch(node.arguments[1], context) if caught(value) else value
        lanes = [lane for lane, cell in enumerate(value.cells) if caught(cell)]
        if not lanes:
            return value
        results = list(value.cells)
        for lane, cell in zip(lanes, self.cells(node.arguments[1], context.of(lanes)), strict=True):
            results[lane] = cell
        return Lanes(results)

    def _choose(self, node: Apply, context: Context) -> Value:
        index = self._reduced(self._value(node.arguments[0], context), context)
        branches = node.arguments[1:]

        def position(cell: Cell) -> Any:
            number = int(to_number(cell))
            return number - 1 if 1 <= number <= len(branches) else CellError.VALUE

        number = broadcast(position, [index])
        if isinstance(number, Block):
            raise Unsupported("CHOOSE 的序号不能是数组")
        if isinstance(number, Lanes):
            return self._by_choice(number.cells, branches, context)
        return number if isinstance(number, CellError) else self._branch(branches[number], context)

    def _ifs(self, node: Apply, context: Context) -> Value:
        tree: Node = Constant(CellError.NA)
        pairs = list(zip(node.arguments[::2], node.arguments[1::2], strict=True))
        for condition, result in reversed(pairs):
            tree = Apply("IF", (condition, result, tree))
        return self._value(tree, context)

    def _switch(self, node: Apply, context: Context) -> Value:
        value, *rest = node.arguments
        tree: Node = rest.pop() if len(rest) % 2 else Constant(CellError.NA)
        for case, result in reversed(list(zip(rest[::2], rest[1::2], strict=True))):
            tree = Apply("IF", (Apply("=", (value, case)), result, tree))
        return self._value(tree, context)

    def _row(self, node: Apply, context: Context) -> Value:
        return self._position(node, context, rows=True)

    def _column(self, node: Apply, context: Context) -> Value:
        return self._position(node, context, rows=False)

    def _position(self, node: Apply, context: Context, rows: bool) -> Value:
        if not node.arguments:
            if not rows:
                return float(context.col + 1)
            found: list[Cell] = [float(row + 1) for row in context.rows]
            return found[0] if context.single else Lanes(found)
        areas = self._areas(node.arguments[0], context)
        if areas is None:
            return CellError.VALUE
        if context.array:
            area = areas[0]
            if rows:
                return Block([[float(row + 1)] for row in range(area.top, area.bottom + 1)])
            return Block([[float(col + 1) for col in range(area.left, area.right + 1)]])
        numbers: list[Cell] = [float((area.top if rows else area.left) + 1) for area in areas]
        return numbers[0] if len(numbers) == 1 else Lanes(numbers)

    def _size(self, node: Apply, context: Context) -> Value:
        areas = self._areas(node.arguments[0], context)
        if areas is None:
            value = self._value(node.arguments[0], context)
            if isinstance(value, Block):
                return float(value.height if node.function == "ROWS" else value.width)
            return 1.0
        return float(areas[0].rows if node.function == "ROWS" else areas[0].columns)

    def _isref(self, node: Apply, context: Context) -> Value:
        return self._areas(node.arguments[0], context) is not None

    def _areas(self, node: Node, context: Context) -> list[Area] | None:
        """The cells that a reference means, for each row if it moves."""
        if isinstance(node, Named):
            tree = self._names(node.name, context.sheet)
            return self._areas(tree, context) if tree is not None else None
        if not isinstance(node, Cells) or not node.reference.valid:
            return None
        if not node.reference.moves:
            return [node.reference.at(context.rows[0], context.col)]
        return [node.reference.at(row, context.col) for row in context.rows]


def _one(value: Value) -> Cell:
    return value.rows[0][0] if isinstance(value, Block) else value


def _by_element(compute: Callable[..., Value], arguments: list[Value], arrays: list[int]) -> Value:
    def one(*cells: Cell) -> Cell:
        filled = list(arguments)
        for place, cell in zip(arrays, cells, strict=True):
            filled[place] = cell
        return _one(compute(*filled))

    return broadcast(one, [arguments[i] for i in arrays])
