"""Calls of ordinary functions: what they are given, and whether they are called once, for each row or for each element of arrays."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from addin.headless.areas import References
from addin.headless.arrayrules import OF_VALUES, UNENTERED, is_to_be_entered, may_stand_for_cells, without_truths
from addin.headless.blanks import indifferent, is_marked
from addin.headless.blocks import Blocks
from addin.headless.broadcasting import broadcast, guarded
from addin.headless.calls import MOVING, by_element, by_lane, passing_errors
from addin.headless.context import Context, Unsupported
from addin.headless.functions import Ordinary
from addin.headless.lambdas import Closure
from addin.headless.lanes import ROWWISE
from addin.headless.referring import OF_SHEETS, reads_unions
from addin.headless.subtotals import counting
from addin.headless.tree import Apply, Constant, Named, Node
from addin.headless.values import (
    OMITTED,
    Block,
    LaneRows,
    Lanes,
    RowByRow,
    Value,
    is_computed,
    is_of_sheets,
    is_range,
    is_union,
)
from addin.headless.wholecolumns import expanded
from addin.xlsx.model import Area, CellError
from workbook_templates.formula.signatures import Takes

_LOOK_UPS = frozenset({"VLOOKUP", "HLOOKUP"})
_SEVERAL = frozenset({Lanes, LaneRows, Block, References})


class Ordinaries(Blocks):
    """Part of the evaluator."""

    _left_out: Callable[[Area, int], set[tuple[int, int]]]
    _entered: dict[int, Node]

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
        if self.lazy and node.function in _LOOK_UPS and (found := self._looked_up(node, context)) is not None:
            return found
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
            if is_union(value) and not (
                (is_of_sheets(value) and node.function in OF_SHEETS) or reads_unions(node.function, takes)
            ):
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

    def _looked_up(self, node: Apply, context: Context) -> Value | None:
        """What VLOOKUP or HLOOKUP finds, read without the columns of its table that it doesn't need; None where that can't be told.

        Workbooks in which those wait for the look-up have all their values from Excel. Its own cell must not be in the table.
        """
        value, table, number, *mode = node.arguments
        areas, chosen = self.areas(table, context), self._operand(number, context)
        near = self._operand(mode[0], context) if mode else True
        if not isinstance(areas, list) or len(areas) != 1 or not isinstance(chosen, float):
            return None
        [area], beside, across = areas, int(chosen) - 1, node.function == "HLOOKUP"
        if area.overlaps(Area(context.sheet, context.rows[0], context.col, context.rows[0], context.col)):
            return None
        if not 0 <= beside < (area.rows if across else area.columns) or not isinstance(near, bool | float | None):
            return None
        line = Apply("INDEX", (table, Constant(float(across)), Constant(float(not across))))
        place = self.value(Apply("MATCH", (value, line, Constant(float(bool(near))))), context)
        if not isinstance(place, float):
            return place if isinstance(place, CellError) else None
        down, right = (beside, int(place) - 1) if across else (int(place) - 1, beside)
        return self.read(Area(area.sheet, area.top + down, area.left + right, area.top + down, area.left + right))

    def _by_reference(
        self, name: str, compute: Callable[..., Value], arguments: list[Value], several: list[int], arrays: list[int]
    ) -> Value:
        """A function of blocks for each of several references."""

        def one(*given: Value) -> Value:
            read = [self.read(a) if isinstance(a, Area) else a for a in given]
            return compute(*(expanded(name, read) if any(isinstance(a, Block) and a.missing for a in read) else read))

        grids = [a.grid if isinstance(a, References) else a for a in arguments]
        return by_element("", one, grids, [*several, *arrays])
