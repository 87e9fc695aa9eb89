"""Evaluates a formula's tree, once for all cells of a filled-down column.

A reference to the own row is a lane (one value a cell), a fixed one a block that all cells share. Functions that take single
cells are applied lane by lane; functions that take blocks once if nothing moves with the row, else row by row; a KAOHE function
gets the lanes as a whole block. IF computes each branch only for the cells that take it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar, TypeGuard

from addin.headless import kaohe
from addin.headless.areas import REFERRING, References
from addin.headless.blocks import Blocks, Key
from addin.headless.broadcasting import broadcast, each, operated
from addin.headless.chance import Chance
from addin.headless.context import Context, Unsupported
from addin.headless.externals import Externals
from addin.headless.functions import find
from addin.headless.joining import asked_for_nothing, joint, nothing_joined
from addin.headless.lambdas import Closure, Lambdas, Special, variable
from addin.headless.operators import OPERATORS, CellFault, joined, joined_columns, settled, settled_columns
from addin.headless.ordinaries import Ordinaries
from addin.headless.ownblocks import is_as_its_cell, out_of_blocks
from addin.headless.parts import Numbers, Recurring
from addin.headless.products import asked_for_blank_rows, of_blank_rows
from addin.headless.referring import Referring, refuse_union
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
from addin.headless.values import MOST_CELLS, OMITTED, Block, LaneRows, Lanes, Omitted, RowByRow, Value, of_sheets
from addin.xlsx.cellreader import LOST_FORMULA
from addin.xlsx.model import Area, Cell, CellError
from addin.xlsx.reader import TWO_MEANINGS
from workbook_templates.formula.references import Reference

__all__ = ["Context", "Evaluator", "Unsupported"]

_SHOWN = frozenset({float, str, bool, CellError})
_PLAIN = _SHOWN | {type(None), Lanes}
"""What means the same wherever it is."""
_REFUSED = {
    "TABLE": "模拟运算表（数据 → 模拟分析）不受支持，请改用普通公式",
    LOST_FORMULA.removesuffix("()"): "这是失去主公式的共享公式，工作簿可能已损坏；请重新输入公式",
    TWO_MEANINGS.removesuffix("()"): "公式中的名称在工作簿中有两个不同的定义，工作簿可能已损坏；请在名称管理器中删去一个",
}


class Evaluator(Ordinaries, Referring, Chance):
    def __init__(
        self,
        store: Store,
        names: Callable[[str, str], Node | None],
        spilled: Callable[[str, int, int], Area | None] = lambda *_: None,
        left_out: Callable[[Area, int], set[tuple[int, int]]] = lambda *_: set(),
        resolve: Callable[[str, str, int, int], Node | None] | None = None,
        demand: Callable[[Area], None] = lambda area: None,
        externals: Externals | None = None,
        recurring: Recurring | None = None,
    ) -> None:
        """``names`` gives what a defined name means, ``resolve`` the reference that a text writes (INDIRECT); ``demand`` is told which
        cells a computed reference is about to read.
        """
        super().__init__(store, names, spilled, resolve, demand)
        self._left_out = left_out
        self._externals = externals or Externals(dict)
        self._arrays: Numbers = recurring.arrays if recurring is not None else {}
        self._singles: Numbers = recurring.singles if recurring is not None else {}
        self._kept: dict[Key, Value] = {}
        self._kept_cells = 0
        # By identity the arguments that mean the same in an array formula and in an ordinary one.
        self._entered: dict[int, Node] = {}

    def computes(self, name: str) -> bool:
        """Whether an operator or a function is computed at all."""
        return name in OPERATORS or name in self._special or find(name) is not None or kaohe.function(name) is not None

    def cells(self, node: Node, context: Context) -> list[Cell]:
        """The value of every cell of the context."""
        self._work = 0
        try:
            value = self._last(node, context) if _is_sum(node) else self._operand(node, context)
        except RowByRow:
            if context.single:
                raise
            return [self.cells(node, context.of([lane]))[0] for lane in range(len(context.rows))]
        if isinstance(value, Lanes):
            found = value.cells
        elif isinstance(value, LaneRows):
            found = value.columns[0]
        else:
            found = [value.first if isinstance(value, Block) else value] * len(context.rows)
        return found if _SHOWN.issuperset(map(type, found)) else [_shown(cell) for cell in found]

    def block(self, node: Node, context: Context) -> Block:
        """The whole array that an array formula gives."""
        self._work = 0
        context = context.in_array()
        value = self._last(node, context) if _is_sum(node) else self.value(node, context)
        if isinstance(value, References):
            value = self.dereferenced(value)
        value = self.reduced(value, context)
        return value if isinstance(value, Block) else Block([[_shown(value)]])

    def _last(self, node: Apply, context: Context) -> Value:
        """A sum that is a formula's last step, without brackets around it: no binary noise is left."""
        number = self.recurring(node, context)
        return (
            self._settled(node, context)
            if number is None
            else self.once(node, context, self._settled, (number, "last"))
        )

    def _settled(self, node: Apply, context: Context) -> Value:
        first, second = (self._operand(argument, context) for argument in node.arguments)
        found = broadcast(OPERATORS[node.function], [first, second], partial(operated, node.function))
        return broadcast(settled, [found, first], lambda *cells: settled_columns(*cells) or each(settled, *cells))

    def value(self, node: Node, context: Context) -> Value:
        # Most nodes are one of these; patterns take longer to tell.
        if isinstance(node, Apply):
            return self._apply(node, context)
        if isinstance(node, Cells):
            area = node.fixed
            if area is None or self.lazy:
                return self._cells(node.reference, context, as_block=False)
            if area.top == area.bottom and area.left == area.right:
                return self._store.get(area.sheet, area.top, area.left)
            return self._store.block(area, keep=True)
        match node:
            case Constant(value):
                return value
            case Blank():
                return OMITTED
            case Matrix(rows):
                return Block.of_rows(rows)
            case Named(name, sheet):
                if variable(name) in context.variables:
                    return out_of_blocks(context.variables[variable(name)])
                tree = self._names(name, sheet or context.sheet)
                return CellError.NAME if tree is None else self.value(tree, context)
            case External(book, reference):
                return self._externals.value(book, reference, context)
            case ExternalName(book, name):
                return self._externals.named_value(book, name.rpartition("!")[2], context)
            case Sheets(references):
                return self._of_sheets(references, context)
            case Invoke(function, arguments):
                return self._invoke(function, arguments, context)
            case Operand():
                raise Unsupported("公式中的引用不受支持")

    def _of_sheets(self, references: tuple[Reference, ...], context: Context) -> Value:
        """``Sheet1:Sheet2!A1:B2``."""
        if not context.single and any(reference.moves for reference in references):
            raise RowByRow
        blocks: list[Block] = []
        for reference in references:
            block = self._cells(reference, context, as_block=True)
            if not isinstance(block, Block):
                return block
            blocks.append(block)
        return of_sheets(blocks)

    def _invoke(self, function: Node, arguments: tuple[Node, ...], context: Context) -> Value:
        """A LAMBDA that an expression gives, called."""
        closure = self.value(function, context)
        if not isinstance(closure, Closure):
            return closure if isinstance(closure, CellError) else CellError.VALUE
        if not context.single:
            raise RowByRow
        return self.call(closure, [self.as_block(argument, context) for argument in arguments], context)

    def _apply(self, node: Apply, context: Context) -> Value:
        number = self.recurring(node, context)
        if number is not None:
            return self.once(node, context, self._applied, (number, "value"))
        try:
            found = self._applied(node, context)
            if context.variables and isinstance(found, Block):
                self._spend(found.height * found.width)
            return found
        except RowByRow:
            if context.single:
                raise Unsupported(f"{node.function} 的参数形状不受支持") from None
            if context.array or context.variables or node.function in REFERRING:
                raise
        cells: list[Cell] = []
        for lane in range(len(context.rows)):
            self._work = 0
            one = context.of([lane])
            found = self.value(node, one)
            value = self._operand_of(self.reduced(found, one))
            if isinstance(value, Block) or (isinstance(found, Block) and not (found.area or is_as_its_cell(found))):
                # The function around it wants the whole array.
                raise RowByRow
            cells.append(value)
        return Lanes(cells)

    def recurring(self, node: Apply, context: Context) -> int | None:
        if context.variables or self.lazy:
            return None
        return (self._arrays if context.array else self._singles).get((id(node), context.sheet))

    def once(self, node: Apply, context: Context, compute: Callable[[Apply, Context], Value], key: Key) -> Value:
        """The value of a part that is the same for all cells: what it is for the first."""
        if key in self._kept:
            return self._kept[key]
        try:
            value = compute(node, context if context.single else context.of([0]))
        except RowByRow:
            raise Unsupported(f"{node.function} 的参数形状不受支持") from None
        self._kept_cells += value.height * value.width if isinstance(value, Block) else 1
        if self._kept_cells > MOST_CELLS:
            self._kept.clear()
            self._kept_cells = 0
        self._kept[key] = value
        return value

    def _applied(self, node: Apply, context: Context) -> Value:
        name = node.function
        if name == "&":
            parts = [self._operand(part, context) for part in joint(node)]
            return broadcast(joined, parts, lambda *cells: joined_columns(*cells) or each(joined, *cells))
        if name in ("=", "<>") and (text := asked_for_nothing(node)) is not None:
            told = nothing_joined([self._operand(part, context) for part in joint(text)], name == "=")
            if told is not None:
                return told
        if name == "*" and context.array and (columns := asked_for_blank_rows(node)) is not None:
            told = of_blank_rows([self._operand(column, context) for column in columns])
            if told is not None:
                return told
        if operator := OPERATORS.get(name):
            arguments = [self._operand(argument, context) for argument in node.arguments]
            if len(arguments) == 2:
                return broadcast(operator, arguments, partial(operated, name))
            return broadcast(operator, arguments)
        if special := self._special.get(name):
            try:
                return special(self, node, context)
            except CellFault as fault:
                return fault.error
        if function := kaohe.function(name):
            values = [self.value(argument, context) for argument in node.arguments]
            refuse_union(name, *values)
            return kaohe.apply(function, values, len(context.rows))
        if ordinary := find(name):
            return self._ordinary(ordinary, node, context)
        closure = context.variables.get(variable(name))
        if closure is None and (tree := self._names(name, context.sheet)) is not None:
            closure = self.value(tree, context)
        if isinstance(closure, Closure):
            if not context.single:
                raise RowByRow
            return self.call(closure, [self.as_block(argument, context) for argument in node.arguments], context)
        if "!" in name:
            raise Unsupported(f"引用了其他工作簿：{name.rpartition('!')[0]}")
        raise Unsupported(_REFUSED.get(name, f"函数 {name} 不受支持"))

    def _operand(self, node: Node, context: Context) -> Value:
        if self.lazy:
            node = self.own_cell(node, context)
        value = self.value(node, context)
        if type(value) in _PLAIN:
            return value
        return self._operand_of(self.reduced(value, context))

    def _operand_of(self, value: Value) -> Value:
        if isinstance(value, References):
            value = self.dereferenced(value)
        return None if value is OMITTED else CellError.CALC if isinstance(value, Closure) else value

    def _picture(self, node: Apply, context: Context) -> Value:
        """A picture in a cell, as WPS writes it: the cell's value is the call itself."""
        if len(node.arguments) != 2:
            return CellError.VALUE
        name, mode = (self._operand(argument, context) for argument in node.arguments)
        return broadcast(joined, ['=DISPIMG("', name, '",', mode, ")"])

    _special: ClassVar[Special] = {
        **Lambdas.of_expressions,
        **Blocks.of_choices,
        **Referring.of_references,
        **Chance.of_chance,
        "DISPIMG": _picture,
        # What Google Sheets writes for a function of its own, with its value beside it in IFERROR.
        **dict.fromkeys(("_DUMMYFUNCTION", "__XLUDF.DUMMYFUNCTION"), lambda *_: CellError.NAME),
    }


def _is_sum(node: Node) -> TypeGuard[Apply]:
    return isinstance(node, Apply) and node.function in ("+", "-")


def _shown(value: Value) -> Cell:
    """What a cell shows of a value: nothing is 0, a function is an error."""
    if value is None or isinstance(value, Omitted):
        return 0.0
    return CellError.CALC if isinstance(value, Closure) else value
