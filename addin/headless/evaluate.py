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
from addin.headless.arrayrules import OF_VALUES, UNENTERED, is_to_be_entered, may_stand_for_cells, without_truths
from addin.headless.blanks import indifferent, is_marked
from addin.headless.blocks import Blocks, Key
from addin.headless.broadcasting import broadcast, each, guarded, operated
from addin.headless.calls import MOVING, by_element, by_lane, passing_errors
from addin.headless.chance import Chance
from addin.headless.context import Context, Unsupported
from addin.headless.externals import Externals
from addin.headless.functions import Ordinary, find
from addin.headless.joining import asked_for_nothing, joint, nothing_joined
from addin.headless.lambdas import Closure, Lambdas, Special, variable
from addin.headless.lanes import ROWWISE
from addin.headless.operators import OPERATORS, CellFault, joined, joined_columns, settled, settled_columns
from addin.headless.ownblocks import is_as_its_cell, out_of_blocks
from addin.headless.parts import Numbers, Recurring
from addin.headless.referring import Referring, reads_unions, refuse_union
from addin.headless.store import Store
from addin.headless.subtotals import counting
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
from addin.headless.values import (
    MOST_CELLS,
    OMITTED,
    Block,
    LaneRows,
    Lanes,
    Omitted,
    RowByRow,
    Value,
    is_computed,
    is_range,
    is_union,
)
from addin.headless.wholecolumns import expanded
from addin.xlsx.model import Area, Cell, CellError
from workbook_templates.formula.references import Reference
from workbook_templates.formula.signatures import Takes

__all__ = ["Context", "Evaluator", "Unsupported"]

_SHOWN = frozenset({float, str, bool, CellError})
_PLAIN = frozenset({float, str, bool, CellError, type(None), Lanes})
"""What means the same wherever it is."""
_SEVERAL = frozenset({Lanes, LaneRows, Block, References})
_REFUSED = {"TABLE": "模拟运算表（数据 → 模拟分析）不受支持，请改用普通公式"}


class Evaluator(Blocks, Referring, Chance):
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
        """``Sheet1:Sheet3!A1:B2``: the cells of all sheets one after the other."""
        if not context.single and any(reference.moves for reference in references):
            raise RowByRow
        cells: list[Cell] = []
        for reference in references:
            block = self._cells(reference, context, as_block=True)
            if not isinstance(block, Block):
                return block
            cells += block.flat()
        return Block([cells])

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

    def _ordinary(self, ordinary: Ordinary, node: Apply, context: Context) -> Value:
        letters = ordinary.letters(len(node.arguments))
        if letters is None:
            return CellError.VALUE
        if (
            node.function == "INDEX"
            and self._by_place(node, context)
            and isinstance(areas := self._index_areas(node, context), list)
        ):
            return self.read(areas[0])
        arguments = self._arguments(ordinary, letters, node, context)
        if isinstance(arguments, CellError):
            return arguments
        kinds = set(map(type, arguments))
        if Closure in kinds:
            return CellError.CALC
        compute = ordinary.compute
        if node.function in ("N", "T") and is_computed(arguments[0]):
            return broadcast(compute, arguments)
        if any(letter != "c" and is_marked(a) for letter, a in zip(letters, arguments, strict=True)):
            compute = indifferent(node.function, compute)
        if node.function in OF_VALUES:
            arguments = list(map(without_truths, arguments))
        if node.function in ("SUBTOTAL", "AGGREGATE"):
            if not kinds.isdisjoint(MOVING):
                raise RowByRow
            compute = counting(node.function, compute, self._left_out)
        if node.function in ("SUMIF", "AVERAGEIF") and len(arguments) == 3:
            compute = self._as_large(node, arguments[2], context, compute)
        if kinds.isdisjoint(_SEVERAL):
            return guarded(compute, *arguments)
        if any(type(a) is Block and a.missing for a in arguments):
            arguments = expanded(node.function, arguments)
        moving = not kinds.isdisjoint(MOVING)
        arrays = [i for i, a in enumerate(arguments) if letters[i] == "c" and type(a) in (Block, LaneRows)]
        if References in kinds:
            several = [i for i, a in enumerate(arguments) if isinstance(a, References)]
            return self._by_reference(node.function, compute, arguments, several, arrays)
        if arrays and moving:
            raise RowByRow
        if moving:
            rowwise = ROWWISE.get(node.function)
            found = rowwise(arguments, len(context.rows)) if rowwise is not None else None
            if found is None:
                blocks = [i for i, a in enumerate(arguments) if letters[i] != "c" and isinstance(a, Lanes)]
                if blocks and ordinary.signature.passes_errors:
                    compute = passing_errors(compute, blocks)
                found = by_lane(compute, arguments)
            return Lanes(found)
        if arrays:
            return by_element(node.function, compute, arguments, arrays)
        return guarded(compute, *arguments)

    def _arguments(self, ordinary: Ordinary, letters: str, node: Apply, context: Context) -> list[Value] | CellError:
        """What the function is given; the error that it gives where it takes no such thing."""
        arguments: list[Value] = []
        for place, (letter, argument) in enumerate(zip(letters, node.arguments, strict=True)):
            if letter == "c":
                if self.lazy:
                    argument = self.own_cell(argument, context)
                found = self.value(argument, context)
                if context.array and is_range(found) and ordinary.takes_no_range(place, len(letters)):
                    return CellError.VALUE
                value = self.reduced(found, context)
                if value is OMITTED and not ordinary.is_skippable(place, len(letters)):
                    value = None
                arguments.append(self.dereferenced(value) if isinstance(value, References) else value)
                continue
            if letter == "a" and not context.array:
                self._refuse_unentered(node.function, argument, context.sheet)
            value = self.as_block(argument, context.in_array() if letter == "a" else context)
            takes = ordinary.signature.takes(place, len(letters))
            if is_union(value) and not reads_unions(node.function, takes):
                return CellError.VALUE
            is_for_cells = takes is Takes.CELLS
            if is_for_cells and isinstance(value, Lanes):
                raise RowByRow
            if is_for_cells and is_computed(value) and not self._may_stand(argument, node.function, context):
                return CellError.VALUE
            if isinstance(value, CellError) and (is_for_cells or ordinary.signature.passes_errors):
                return value
            arguments.append(value)
        return arguments

    def _meant(self, sheet: str, name: Named) -> Node | None:
        return self._names(name.name, name.sheet or sheet)

    def _may_stand(self, argument: Node, function: str, context: Context) -> bool:
        return may_stand_for_cells(argument, function, partial(self._meant, context.sheet))

    def _refuse_unentered(self, name: str, argument: Node, sheet: str) -> None:
        if id(argument) in self._entered:
            return
        if isinstance(argument, Apply) and is_to_be_entered(argument, partial(self._meant, sheet)):
            raise Unsupported(UNENTERED.format(name))
        self._entered[id(argument)] = argument

    def _by_place(self, node: Apply, context: Context) -> bool:
        """Whether INDEX is to read only the cells that it gives, or to choose from several areas."""
        return context.single and (self.lazy or len(node.arguments) > 3)

    def _by_reference(
        self, name: str, compute: Callable[..., Value], arguments: list[Value], several: list[int], arrays: list[int]
    ) -> Value:
        """A function of blocks for each of several references."""

        def one(*given: Value) -> Value:
            read = [self.read(a) if isinstance(a, Area) else a for a in given]
            return compute(*(expanded(name, read) if any(isinstance(a, Block) and a.missing for a in read) else read))

        grids = [a.grid if isinstance(a, References) else a for a in arguments]
        return by_element("", one, grids, [*several, *arrays])

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
