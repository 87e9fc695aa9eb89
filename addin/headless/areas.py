"""Which cells a reference means, also one that is computed: INDIRECT, OFFSET, ranges between two of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import product
from typing import Any

from addin.headless.broadcasting import broadcast
from addin.headless.choices import nested
from addin.headless.context import Context, Unsupported
from addin.headless.lambdas import Lambdas, variable
from addin.headless.operators import CellFault, to_number, to_text, to_truth
from addin.headless.store import Store
from addin.headless.tree import Apply, Cells, Constant, Matrix, Named, Node
from addin.headless.values import Block, LaneRows, Lanes, Omitted, RowByRow, Value, is_beside
from addin.xlsx.model import Area, Cell, CellError, column_name
from workbook_templates.formula.signatures import signature
from workbook_templates.formula.tokens import LAST_COLUMN, LAST_ROW
from workbook_templates.formula.tree import children

DYNAMIC = frozenset({"OFFSET", "INDIRECT", "EVALUATE"})
"""What these refer to is known when they are computed only."""
REFERRING = DYNAMIC | {
    "INDEX",
    ":",
    " ",
    ",",
    "IF",
    "CHOOSE",
    "IFS",
    "SWITCH",
    "LET",
    "SINGLE",
    "ANCHORARRAY",
    "XLOOKUP",
}
"""Their results may be references, which mean more than a cell to the function around them."""
LARGE = 100_000
"""Rows of a computed reference (whole columns, mostly) that is kept for the formulas that come to it as well."""
MOST_REFERENCES = 100_000
"""So many references are found at most where OFFSET or INDIRECT is given an array: they take seconds."""
_R1C1 = re.compile(r"(?:R(\[-?\d+\]|\d*))?(?:C(\[-?\d+\]|\d*))?", re.IGNORECASE)
_LEADING_ZEROS = re.compile(r"(?:(?<=[A-Za-z$:])|^)0+(?=[0-9]+(?::|$))")


class References:
    """Several references, as OFFSET gives where a distance is an array; ``grid`` is a block of areas."""

    __slots__ = ("grid",)

    def __init__(self, grid: Block) -> None:
        self.grid = grid


Areas = list[Area] | CellError | None


class Meaning(Lambdas):
    """Part of the evaluator."""

    lazy = False
    """Whether cells are computed as they are asked for: INDEX then reads only the one that it gives."""

    def __init__(
        self,
        store: Store,
        names: Callable[[str, str], Node | None],
        spilled: Callable[[str, int, int], Area | None],
        resolve: Callable[[str, str, int, int], Node | None] | None,
        demand: Callable[[Area], None],
    ) -> None:
        super().__init__()
        self._store = store
        self._names = names
        self._spilled = spilled
        self._resolve = resolve
        self._demand = demand

    def reduced(self, value: Value, context: Context) -> Value:
        raise NotImplementedError

    def _operand(self, node: Node, context: Context) -> Value:
        raise NotImplementedError

    def read(self, area: Area) -> Block:
        """The cells of a reference that was found by computing."""
        self._demand(area)
        return self._store.block(area, keep=area.rows > LARGE)

    def areas(self, node: Node, context: Context) -> Areas:
        """The cells that a reference means, for each row if it moves; None where it is no reference."""
        match node:
            case Named(name, sheet):
                known = variable(name)
                if known in context.variables:
                    value = context.variables[known]
                    if isinstance(value, Lanes) or (isinstance(value, LaneRows) and value.left is not None):
                        raise RowByRow
                    return [value.area] if isinstance(value, Block) and value.area is not None else None
                tree = self._names(name, sheet or context.sheet)
                return self.areas(tree, context) if tree is not None else None
            case Constant(CellError() as error):
                return error
            case Cells(reference):
                if not reference.valid or is_beside(reference.within, context):
                    return CellError.VALUE if reference.valid else CellError.REF
                rows = context.rows if reference.moves else context.rows[:1]
                return [reference.at(row, context.col) for row in rows]
            case Apply(function):
                if function in REFERRING and not context.single:
                    raise RowByRow
                declared = signature(function)
                if declared is not None and not declared.accepts(len(node.arguments)):
                    return CellError.VALUE
                finder = {
                    "INDEX": self._index_areas,
                    "OFFSET": self._offset_areas,
                    "INDIRECT": self._indirect_areas,
                    ":": self._span_areas,
                    " ": self._common_areas,
                    ",": self._union_areas,
                    "ANCHORARRAY": self._anchor_areas,
                    "IF": self._chosen_areas,
                    "CHOOSE": self._chosen_areas,
                    "IFS": self._nested_areas,
                    "SWITCH": self._nested_areas,
                    "LET": self._areas_of_value,
                    "XLOOKUP": self._found_areas,
                }.get(function)
                try:
                    return finder(node, context) if finder is not None else None
                except CellFault as fault:
                    return fault.error
        return None

    def dereferenced(self, references: References) -> Block:
        """Each reference's cell, #VALUE! where it means several."""

        def one(area: Any) -> Cell:
            if not isinstance(area, Area):
                return area  # type: ignore[no-any-return]
            return self.read(area).first if area.rows == area.columns == 1 else CellError.VALUE

        return Block([[one(area) for area in column] for column in references.grid.columns])

    def _index_areas(self, node: Apply, context: Context) -> Areas:
        whole = self.areas(node.arguments[0], context)
        if whole is None or isinstance(whole, CellError):
            return whole
        numbers = []
        for place in node.arguments[1:]:
            value = self._operand(place, context)
            if isinstance(value, Block) and value.size == (1, 1):
                value = value.first
            if isinstance(value, Block | Lanes | LaneRows):
                return None
            if isinstance(value, CellError):
                return value
            numbers.append(int(to_number(value)))
        chosen = numbers[2] if len(numbers) > 2 else 1
        if min(numbers, default=0) < 0:
            return CellError.VALUE
        if not 1 <= chosen <= len(whole):
            return CellError.REF
        area = whole[chosen - 1]
        down, across = (*numbers, 0, 0)[:2]
        if len(numbers) == 1 and down and min(area.rows, area.columns) > 1:
            return CellError.REF
        if len(numbers) == 1 and area.rows == 1 and area.columns > 1:
            down, across = 0, down
        if down > area.rows or across > area.columns:
            return CellError.REF
        top, bottom = (area.top + down - 1,) * 2 if down else (area.top, area.bottom)
        left, right = (area.left + across - 1,) * 2 if across else (area.left, area.right)
        return [Area(area.sheet, top, left, bottom, right)]

    def _base(self, node: Node, context: Context) -> Area | CellError:
        base = self.areas(node, context)
        if base is None:
            value = self.value(node, context)
            if isinstance(value, Block) and value.area is not None:
                return value.area
            return value if isinstance(value, CellError) else CellError.VALUE
        return base if isinstance(base, CellError) else base[0]

    def _offset_areas(self, node: Apply, context: Context) -> Areas:
        if not 3 <= len(node.arguments) <= 5:
            return CellError.VALUE
        base = self._base(node.arguments[0], context)
        if isinstance(base, CellError):
            return base
        sizes = [base.rows, base.columns]
        numbers: list[Any] = []
        for place, argument in enumerate(node.arguments[1:]):
            value = self.reduced(self.value(argument, context), context)
            if isinstance(value, Block):
                value = value.first
            if isinstance(value, Omitted):
                value = float(sizes[place - 2]) if place >= 2 else 0.0
            numbers.append(value)
        found = _moved(base, *numbers)
        return found if isinstance(found, CellError) else [found]

    def _offset_references(self, node: Apply, context: Context) -> References | None:
        """OFFSET with arrays for distances, as in SUBTOTAL(9,OFFSET(A1,ROW(1:5)-1,0)); None where all are single."""
        if (not context.array and not _holds_matrix(node)) or not 3 <= len(node.arguments) <= 5:
            return None
        base = self._base(node.arguments[0], context)
        given = [self.reduced(self.value(argument, context), context) for argument in node.arguments[1:]]
        if isinstance(base, CellError) or not any(isinstance(g, Block) and g.size != (1, 1) for g in given):
            return None
        sizes = [0.0, 0.0, float(base.rows), float(base.columns)]
        given = [sizes[place] if isinstance(g, Omitted) else g for place, g in enumerate(given)]
        _bound(given)
        grid = broadcast(lambda *numbers: _moved(base, *numbers), given)
        return References(grid)

    def _indirect_areas(self, node: Apply, context: Context) -> Areas:
        if not 1 <= len(node.arguments) <= 2:
            return CellError.VALUE
        given = [self._operand(argument, context) for argument in node.arguments]
        return self._written([g.first if isinstance(g, Block) else g for g in given], context)

    def _indirect_references(self, node: Apply, context: Context) -> References | None:
        """INDIRECT of several texts, as in SUMIF(INDIRECT({"1月","2月"}&"!A:A"),…); None where it is one."""
        if (not context.array and not _holds_matrix(node)) or not 1 <= len(node.arguments) <= 2:
            return None
        given = [self._operand(argument, context) for argument in node.arguments]
        if not any(isinstance(g, Block) and g.size != (1, 1) for g in given):
            return None

        _bound(given)

        def one(*cells: Cell) -> Any:
            found = self._written(list(cells), context)
            return found[0] if isinstance(found, list) else found

        return References(broadcast(one, given))

    def _written(self, given: list[Any], context: Context) -> list[Area] | CellError:
        """The cells that a text writes, in the style R1C1 where the second value is FALSE."""
        if self._resolve is None:
            raise Unsupported("函数 INDIRECT 不受支持：它引用的单元格在计算时才确定")
        error = next((g for g in given if isinstance(g, CellError)), None)
        if error is not None:
            return error
        text = to_text(given[0]).strip()
        sheet, mark, cells = text.rpartition("!")
        text = sheet + mark + _LEADING_ZEROS.sub("", cells)
        row, col = context.rows[0], context.col
        as_a1 = to_truth(given[1]) if len(given) == 2 else True
        text, written = (text, True) if as_a1 else _from_r1c1(text, row, col)
        tree = self._resolve(text, context.sheet, row, col) if text else None
        if not isinstance(tree, Cells | Named | Apply if written else Named):
            return CellError.REF
        found = self.areas(tree, context)
        return CellError.REF if found is None else found

    def _ends(self, node: Apply, context: Context) -> list[list[Area]] | CellError | None:
        ends: list[list[Area]] = []
        for argument in node.arguments:
            found = self.areas(argument, context)
            if found is None or isinstance(found, CellError):
                return found
            ends.append(found)
        return ends

    def _span_areas(self, node: Apply, context: Context) -> Areas:
        """``A1:INDEX(…)``."""
        ends = self._ends(node, context)
        if ends is None or isinstance(ends, CellError):
            return ends
        if any(len(areas) > 1 for areas in ends):
            raise Unsupported("区域运算符（冒号）两边是合并的几块区域，不知道 Excel 怎样计算；请改成一块区域")
        [a], [b] = ends
        if a.sheet != b.sheet:
            return CellError.VALUE
        return [Area(a.sheet, min(a.top, b.top), min(a.left, b.left), max(a.bottom, b.bottom), max(a.right, b.right))]

    def _common_areas(self, node: Apply, context: Context) -> Areas:
        """``A1:C3 B2:D4``: the cells that both hold."""
        ends = self._ends(node, context)
        if ends is None or isinstance(ends, CellError):
            return ends
        found = [
            Area(a.sheet, max(a.top, b.top), max(a.left, b.left), min(a.bottom, b.bottom), min(a.right, b.right))
            for a, b in product(*ends)
            if a.overlaps(b)
        ]
        return found or CellError.NULL

    def _union_areas(self, node: Apply, context: Context) -> Areas:
        found: list[Area] = []
        for argument in node.arguments:
            areas = self.areas(argument, context)
            if areas is None or isinstance(areas, CellError):
                return areas
            found += areas
        return found

    def _anchor_areas(self, node: Apply, context: Context) -> Areas:
        areas = self.areas(node.arguments[0], context)
        if not areas or isinstance(areas, CellError):
            return CellError.REF
        area = self._spilled(areas[0].sheet, areas[0].top, areas[0].left)
        return CellError.REF if area is None else [area]

    def _chosen_areas(self, node: Apply, context: Context) -> Areas:
        """The reference that IF or CHOOSE picks."""
        picked = self._operand(node.arguments[0], context)
        if isinstance(picked, Block | Lanes | LaneRows):
            return None
        if isinstance(picked, CellError):
            return picked
        if node.function == "IF":
            place = 1 if to_truth(picked) else 2
        else:
            place = int(to_number(picked))
        return self.areas(node.arguments[place], context) if 1 <= place < len(node.arguments) else None

    def _nested_areas(self, node: Apply, context: Context) -> Areas:
        return self.areas(nested(node), context)

    def _areas_of_value(self, node: Apply, context: Context) -> Areas:
        value = self.value(node, context)
        return [value.area] if isinstance(value, Block) and value.area is not None else None

    def _found_areas(self, node: Apply, context: Context) -> Areas:
        """The cells of XLOOKUP's results that stand beside the one found."""
        value, table, answers, *further = node.arguments
        whole = self.areas(answers, context)
        if whole is None or isinstance(whole, CellError):
            return whole
        place = self._operand(Apply("XMATCH", (value, table, *further[1:])), context)
        if place is CellError.NA and further:
            return self.areas(further[0], context)
        if not isinstance(place, float):
            return place if isinstance(place, CellError) else None
        searched, area, number = self.value(table, context), whole[0], int(place) - 1
        height, width = searched.size if isinstance(searched, Block) else (1, 1)
        if (area.rows, 1) == (height, width):
            return [Area(area.sheet, area.top + number, area.left, area.top + number, area.right)]
        if (1, area.columns) == (height, width):
            return [Area(area.sheet, area.top, area.left + number, area.bottom, area.left + number)]
        return CellError.VALUE


def _bound(given: list[Value]) -> None:
    """Each of several references is read on its own: raises Unsupported where there are very many."""
    sizes = [value.size for value in given if isinstance(value, Block)]
    if max(height for height, _ in sizes) * max(width for _, width in sizes) > MOST_REFERENCES:
        raise Unsupported(f"OFFSET 或 INDIRECT 一次引用超过 {MOST_REFERENCES} 处；请把整列改成有数据的那几行")


def _moved(base: Area, *numbers: Any) -> Any:
    """The area at a distance from another one, of its size or of a given one; a negative size goes up or left."""
    down, across = (int(to_number(number)) for number in numbers[:2])
    # Less than a row or column is one.
    sizes = [int(size) or (size > 0) - (size < 0) for size in map(to_number, numbers[2:])]
    height = sizes[0] if sizes else base.rows
    width = sizes[1] if len(sizes) > 1 else base.columns
    top, left = base.top + down, base.left + across
    top, bottom = (top, top + height - 1) if height > 0 else (top + height + 1, top)
    left, right = (left, left + width - 1) if width > 0 else (left + width + 1, left)
    if not height or not width or top < 0 or left < 0 or bottom > LAST_ROW or right > LAST_COLUMN:
        return CellError.REF
    return Area(base.sheet, top, left, bottom, right)


def _holds_matrix(node: Node) -> bool:
    return isinstance(node, Matrix) or any(map(_holds_matrix, children(node)))


def _from_r1c1(text: str, row: int, col: int) -> tuple[str, bool]:
    """A reference in the style R1C1, relative to a cell, written as A1, and whether it is one; raises CellFault."""
    sheet, mark, cells = text.rpartition("!")
    ends = [_R1C1.fullmatch(end) for end in cells.split(":")]
    if not 1 <= len(ends) <= 2 or any(end is None or not end[0] for end in ends):
        # A defined name means the same in both styles.
        return text, False
    written = []
    for end in ends:
        assert end is not None
        number, letters = _axis(end[1], row, LAST_ROW), _axis(end[2], col, LAST_COLUMN)
        if number is not None and letters is not None:
            written.append(f"${column_name(letters)}${number + 1}")
        elif number is not None:
            written.append(f"${number + 1}")
        elif letters is not None:
            written.append(f"${column_name(letters)}")
    if len(written) == 1 and not (ends[0] is not None and ends[0][1] is not None and ends[0][2] is not None):
        written *= 2
    return sheet + mark + ":".join(written), True


def _axis(text: str | None, own: int, last: int) -> int | None:
    if text is None:
        return None
    place = own if not text else own + int(text[1:-1]) if text.startswith("[") else int(text) - 1
    if not 0 <= place <= last:
        raise CellFault(CellError.REF)
    return place
