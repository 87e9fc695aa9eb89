"""IF and its kin: what is computed only where it is wanted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain, compress
from operator import not_
from typing import Any, ClassVar

from addin.headless.blanks import marked
from addin.headless.broadcasting import broadcast, each
from addin.headless.context import Context
from addin.headless.lambdas import Lambdas, Special
from addin.headless.operators import CASE, to_number, to_truth
from addin.headless.tree import Apply, Cells, Constant, Node
from addin.headless.values import OMITTED, Block, LaneRows, Lanes, RowByRow, Value, is_computed
from addin.xlsx.model import Cell, CellError

Take = Callable[[Node, Context], Value]
"""How the branch that is picked is evaluated if not as a value."""


class Choices:
    """Part of the evaluator: the functions whose arguments are not all evaluated."""

    lazy: bool

    def value(self, node: Node, context: Context) -> Value:
        raise NotImplementedError

    def reduced(self, value: Value, context: Context) -> Value:
        raise NotImplementedError

    def _if(self, node: Apply, context: Context, take: Take | None = None) -> Value:
        if not 1 <= len(node.arguments) <= 3:
            return CellError.VALUE
        branches: list[Node] = [
            node.arguments[1] if len(node.arguments) > 1 else Constant(True),
            node.arguments[2] if len(node.arguments) > 2 else Constant(False),
        ]
        tested = self.value(node.arguments[0], context)
        condition = _condition(self.reduced(tested, context))
        if isinstance(condition, Block | LaneRows):
            taken = _taken(condition)
            # A branch that no element takes isn't computed: most rows of a guarded column are sound. It is read all the same,
            # so that cells which wait for this one make a circle.
            values = [
                self._of_array(branch, context) if way in taken or (self.lazy and isinstance(branch, Cells)) else None
                for way, branch in zip((True, False), branches, strict=True)
            ]
            picked = [value for way, value in zip((True, False), values, strict=True) if way in taken]
            return marked(broadcast(_picked, [condition, *values], partial(_all_picked, condition)), *picked)
        if isinstance(condition, Lanes):
            return self._by_choice(
                [0 if c is True else 1 if c is False else c for c in condition.cells], branches, context, take
            )
        if isinstance(condition, CellError):
            return condition
        found = self._branch(branches[0 if condition else 1], context, take)
        return _detached(found) if is_computed(tested) else found

    def _branch(self, node: Node, context: Context, take: Take | None = None) -> Value:
        """What is left out shows 0 and is no text, as a blank cell: SUBSTITUTE(A1,"零角",IF(A2<1,,"零"))."""
        value = (take or self.value)(node, context)
        return None if value is OMITTED else value

    def _of_array(self, node: Node, context: Context) -> Value:
        value = self.value(node, context)
        return 0.0 if value is OMITTED else value

    def _by_choice(self, chosen: list[Any], branches: Sequence[Node], context: Context, take: Take | None) -> Lanes:
        """For each cell the branch of its number; an error value instead of a number is the cell's value itself."""
        results: list[Cell] = list(chosen)
        for number, branch in enumerate(branches):
            lanes = [lane for lane, choice in enumerate(chosen) if choice == number and type(choice) is int]
            if len(lanes) == len(results):
                return Lanes(self._single_cells(branch, context, take))
            if lanes:
                for lane, cell in zip(lanes, self._single_cells(branch, context.of(lanes), take), strict=True):
                    results[lane] = cell
        return Lanes(results)

    def _single_cells(self, branch: Node, context: Context, take: Take | None = None) -> list[Cell]:
        """One value for each row; a range or an array means more than that to the function around."""
        value = self._branch(branch, context, take)
        if isinstance(value, Lanes):
            return value.cells
        if value is not None and not isinstance(value, str | float | int | CellError):
            raise RowByRow
        return [value] * len(context.rows)

    def _iferror(self, node: Apply, context: Context) -> Value:
        if len(node.arguments) != 2:
            return CellError.VALUE
        caught = _is_na if node.function == "IFNA" else _is_error
        value = self.reduced(self.value(node.arguments[0], context), context)
        if isinstance(value, Block | LaneRows):
            other = self._of_array(node.arguments[1], context)

            def one(cell: Cell, instead: Cell) -> Cell:
                return instead if caught(cell) else cell

            def column(cells: Any, instead: Any) -> list[Cell]:
                sound = type(cells) is list and CellError not in set(map(type, cells))
                return cells if sound else each(one, cells, instead)

            return marked(broadcast(one, [value, other], column), value, other)
        if not isinstance(value, Lanes):
            return self._branch(node.arguments[1], context) if caught(value) else value
        lanes = [lane for lane, cell in enumerate(value.cells) if caught(cell)]
        if not lanes:
            return value
        results = list(value.cells)
        for lane, cell in zip(lanes, self._single_cells(node.arguments[1], context.of(lanes)), strict=True):
            results[lane] = cell
        return Lanes(results)

    def _choose(self, node: Apply, context: Context, take: Take | None = None) -> Value:
        if len(node.arguments) < 2:
            return CellError.VALUE
        index = self.reduced(self.value(node.arguments[0], context), context)
        branches = node.arguments[1:]

        def position(cell: Cell) -> Any:
            number = int(to_number(cell))
            return number - 1 if 1 <= number <= len(branches) else CellError.VALUE

        number = broadcast(position, [None if index is OMITTED else index])
        if isinstance(number, Block | LaneRows):
            wanted = {cell for column in number.columns for cell in column}
            values = [
                self._of_array(branch, context) if place in wanted else None for place, branch in enumerate(branches)
            ]
            return marked(
                broadcast(lambda n, *v: n if isinstance(n, CellError) else v[int(n)], [number, *values]), *values
            )
        if isinstance(number, Lanes):
            return self._by_choice(number.cells, branches, context, take)
        return number if isinstance(number, CellError) else self._branch(branches[number], context, take)

    def _nested(self, node: Apply, context: Context, take: Take | None = None) -> Value:
        return (take or self.value)(nested(node), context)

    of_picks: ClassVar[dict[str, Callable[..., Value]]] = {
        "IF": _if,
        "CHOOSE": _choose,
        "IFS": _nested,
        "SWITCH": _nested,
        "LET": Lambdas._let,
    }
    """Those that give a reference where they pick one."""
    of_choices: ClassVar[Special] = {**of_picks, "IFERROR": _iferror, "IFNA": _iferror}


def nested(node: Apply) -> Node:
    """IFS or SWITCH as IF within IF."""
    tree: Node = Constant(CellError.NA)
    pairs = list(node.arguments)
    if node.function == "SWITCH":
        value, *pairs = pairs
        tree = pairs.pop() if len(pairs) % 2 else tree
        pairs[::2] = [Apply("=" if _is_no_blank(case) else CASE, (value, case)) for case in pairs[::2]]
    if not pairs or len(pairs) % 2:
        return Constant(CellError.VALUE)
    for condition, result in reversed(list(zip(pairs[::2], pairs[1::2], strict=True))):
        tree = Apply("IF", (condition, result, tree))
    return tree


def _is_no_blank(case: Node) -> bool:
    """Whether nothing is equal to it that SWITCH wouldn't take for it."""
    return isinstance(case, Constant) and case.value not in ("", False)


def _detached(value: Value) -> Value:
    """IF({1},A1:A9) is an array of what the cells hold, of which N and T take each."""
    return marked(Block(value.columns, None, value.beyond, value.fill)) if type(value) is Block else value


def _truth(cell: Cell) -> Cell:
    return cell if isinstance(cell, CellError) else to_truth(cell)


def _condition(tested: Value) -> Value:
    """As TRUE and FALSE; of an array that other formulas test, too, once."""
    if type(tested) is bool:
        return tested
    if type(tested) is not Block:
        return broadcast(_truth, [None if tested is OMITTED else tested], _truths)
    if "truths" not in tested.memo:
        tested.memo["truths"] = broadcast(_truth, [tested], _truths)
    return tested.memo["truths"]


def _taken(condition: Block | LaneRows) -> set[Cell]:
    """The different cells of a condition."""
    if type(condition) is not Block:
        return set(chain.from_iterable(condition.columns))
    if "taken" not in condition.memo:
        by_text = condition.by_text
        cells = chain.from_iterable(condition.columns) if by_text is None else by_text.cells.values()
        condition.memo["taken"] = set(cells)
    found: set[Cell] = condition.memo["taken"]
    return found


def _truths(cells: list[Cell]) -> list[Cell]:
    return cells if set(map(type, cells)) == {bool} else each(_truth, cells)


def _picked(condition: Cell, yes: Cell, no: Cell) -> Cell:
    return condition if isinstance(condition, CellError) else yes if condition else no


def _all_picked(whole: Block | LaneRows, condition: Any, yes: Any, no: Any) -> list[Cell]:
    """``whole`` is what the condition is a column of."""
    if type(condition) is bool:
        found = yes if condition else no
        return found if type(found) is list else [found] * len(no if condition else yes)
    way, others = _ways(whole, condition) if type(condition) is list else (None, [])
    if way is None:
        return each(_picked, condition, yes, no)
    most, rest = (yes, no) if way else (no, yes)
    cells = [*most] if type(most) is list else [most] * len(condition)
    for place in others:
        cells[place] = rest[place] if type(rest) is list else rest
    return cells


def _ways(whole: Block | LaneRows, condition: list[Cell]) -> tuple[bool | None, list[int]]:
    """Which of TRUE and FALSE most cells are, and where the others stand; None if there are other cells, too."""
    known: dict[int, tuple[bool | None, list[int]]] = whole.memo.setdefault("ways", {}) if type(whole) is Block else {}
    # Of a column that is kept with the block: another one may take the place of one that isn't.
    own = (
        type(whole) is Block and len(condition) == whole.height and any(column is condition for column in whole.columns)
    )
    if own and id(condition) in known:
        return known[id(condition)]
    found: tuple[bool | None, list[int]] = None, []
    if set(map(type, condition)) == {bool}:
        way = 2 * condition.count(True) > len(condition)
        found = way, list(compress(range(len(condition)), map(not_, condition) if way else condition))
    if own:
        known[id(condition)] = found
    return found


def _is_error(cell: Value) -> bool:
    return isinstance(cell, CellError)


def _is_na(cell: Value) -> bool:
    return cell is CellError.NA
