"""Formulas of single cells: as a tree, and what a part of it comes to, computed by the headless engine.

In a large workbook one array formula fills a whole column; its tree is narrowed to the one cell that is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from addin.headless import Book
from addin.headless.context import Context, Unsupported
from addin.headless.evaluate import Evaluator
from addin.headless.operators import OPERATORS, CellFault
from addin.headless.store import Store
from addin.headless.tree import Apply, Cells, Constant, FormulaError, Named, Node, parse
from addin.headless.values import OMITTED, Block, LaneRows, Lanes, RowByRow
from addin.xlsx.model import Area, Cell
from workbook_templates.formula.references import Reference
from workbook_templates.formula.resolving import resolve
from workbook_templates.formula.signatures import Takes, signature
from workbook_templates.formula.tree import is_deep

_REFUSED = (Unsupported, FormulaError, RowByRow, CellFault, RecursionError, KeyError, IndexError)


class Place(NamedTuple):
    """A cell; rows and columns count from zero."""

    sheet: str
    row: int
    col: int

    @property
    def area(self) -> Area:
        return Area(self.sheet, self.row, self.col, self.row, self.col)


def places(area: Area) -> list[Place]:
    """The cells of a block, row by row."""
    return [
        Place(area.sheet, row, col)
        for row in range(area.top, area.bottom + 1)
        for col in range(area.left, area.right + 1)
    ]


@dataclass(frozen=True)
class Several:
    """What isn't one value: a block, or something that can't be computed here."""


Names = Callable[[str, str], "Node | None"]
"""What a name means on a sheet."""

SEVERAL = Several()
MOST_LEVELS = 120


class CellFormulas:
    """The formulas of a computed workbook."""

    def __init__(self, book: Book) -> None:
        self._book = book.workbook
        self._evaluator = Evaluator(Store(self._book), self.name)
        self._tables = {
            name: [table for table in self._book.tables.values() if table.sheet == name] for name in self._book.sheets
        }
        self._blocks = {name: list(sheet.arrays.values()) for name, sheet in self._book.sheets.items()}

    def cell(self, place: Place) -> Cell:
        return self._book.sheets[place.sheet].get(place.row, place.col)

    def is_formula(self, place: Place) -> bool:
        return (place.row, place.col) in self._book.sheets[place.sheet].formulas or self._block(place) is not None

    def tree(self, place: Place) -> Node | None:
        """The formula in a cell; None where there is none, or one that can't be read or is too deep to be told in words."""
        sheet = self._book.sheets[place.sheet]
        block = self._block(place)
        top, col = (block.top, block.left) if block else (place.row, place.col)
        text = sheet.formulas.get((top, col))
        if text is None:
            return None
        try:
            tree = parse(resolve(text, place.sheet, top, col, self._book, self._tables[place.sheet]))
        except _REFUSED:
            return None
        if is_deep([tree], MOST_LEVELS):
            return None
        tree = _without_wrapping(tree)
        return tree if block is None else _narrowed(tree, block, place, True, self.name)

    def _block(self, place: Place) -> Area | None:
        for area in self._blocks[place.sheet]:
            if area.top <= place.row <= area.bottom and area.left <= place.col <= area.right:
                return area
        return None

    def name(self, name: str, sheet: str) -> Node | None:
        """What a defined name means."""
        names = self._book.names
        text = names.get(f"{sheet}!{name}".lower(), names.get(name.lower()))
        if text is None and any(known.lower() == name.lower() for known in self._book.tables):
            text = f"{name}[]"
        if text is None:
            return None
        try:
            return parse(resolve(text.removeprefix("="), sheet, 0, 0, self._book, []))
        except _REFUSED:
            return None

    def area(self, reference: Reference, place: Place) -> Area | None:
        """The cells that a reference means, cut to what the sheet holds."""
        if not reference.valid or reference.sheet not in self._book.sheets:
            return None
        area, sheet = reference.at(place.row, place.col), self._book.sheets[reference.sheet]
        bottom = min(area.bottom, max(sheet.height - 1, area.top))
        return area._replace(bottom=bottom, right=min(area.right, max(sheet.width - 1, area.left)))

    def value(self, node: Node, place: Place) -> Cell | Several:
        """What a part of a cell's formula comes to."""
        context = Context(place.sheet, [place.row], place.col, array=self._block(place) is not None)
        try:
            value: Any = self._evaluator.value(node, context)
            # A range stands for its cell in the own row; what a function computes for several cells is no one value.
            if isinstance(value, Block | LaneRows) and not context.array and isinstance(node, Cells | Named):
                value = self._evaluator.reduced(value, context)
        except _REFUSED:
            return SEVERAL
        if isinstance(value, Lanes):
            value = value.cells[0]
        if isinstance(value, Block) and value.width == value.height == 1:
            value = value.first
        if isinstance(value, Block | LaneRows):
            return SEVERAL
        if value is OMITTED:
            return None
        result: Cell = value
        return result


def _without_wrapping(node: Node, around: frozenset[tuple[Node, bool]] = frozenset()) -> Node:
    """A tree without what templates put around blocks and texts so that every host computes them alike.

    ``x&""`` and ``IF(x="","",x)`` keep blanks blank, ``IF(ISERROR(x),y,x)`` is ``IFERROR(x,y)``. ``IF(condition,x,0)`` inside of an
    IF of the same condition hides rows of a block that aren't asked for; ``around`` are the conditions that hold here, or don't.
    """
    match node:
        case Apply("IF", (condition, value, _)) if (condition, True) in around:
            return _without_wrapping(value, around)
        case Apply("IF", (condition, _, value)) if (condition, False) in around:
            return _without_wrapping(value, around)
        case Apply("IF", (Apply("ISERROR", (value,)), instead, other)) if other == value:
            return _without_wrapping(Apply("IFERROR", (value, instead)), around)
        case Apply("IF", (condition, *branches)):
            parts = [_without_wrapping(condition, around)]
            for branch, holds in zip(branches, (True, False), strict=False):
                parts.append(_without_wrapping(branch, around | {(condition, holds)}))
            return parts[2] if _keeps_blanks(parts) else Apply("IF", tuple(parts))
        case Apply("&", (value, Constant(""))):
            return _without_wrapping(value, around)
        case Apply(function, arguments):
            return Apply(function, tuple(_without_wrapping(argument, around) for argument in arguments))
    return node


def _keeps_blanks(parts: list[Node]) -> bool:
    return parts[1:2] == [Constant("")] and len(parts) == 3 and parts[0] == Apply("=", (parts[2], Constant("")))


def _narrowed(node: Node, block: Area, place: Place, own: bool, names: Names) -> Node:
    """An array formula's tree for one of its cells: whole columns stand for the own row where they go by element."""
    match node:
        case Cells(reference):
            return Cells(_own(reference, block, place)) if own else node
        case Named(name) if own:
            meant = names(name, place.sheet)
            if isinstance(meant, Cells) and _own(meant.reference, block, place) != meant.reference:
                return Cells(_own(meant.reference, block, place))
            return node
        case Apply(function, arguments):
            parts = [
                _narrowed(argument, block, place, own and _goes_by_element(function, position, len(arguments)), names)
                for position, argument in enumerate(arguments)
            ]
            return Apply(function, tuple(parts))
    return node


def _goes_by_element(function: str, place: int, count: int) -> bool:
    """Whether each row of an array formula reads its own cell of a function's argument."""
    if function in OPERATORS:
        return True
    known = signature(function)
    takes = known.takes(place, count) if known is not None else Takes.BLOCK
    return takes.by_value or takes is Takes.ROW


def _own(reference: Reference, block: Area, place: Place) -> Reference:
    if not reference.valid:
        return reference
    area = reference.at(block.top, block.left)
    if block.rows > 1 and area.rows == block.rows:
        row = area.top + place.row - block.top
        area = area._replace(top=row, bottom=row)
    if block.columns > 1 and area.columns == block.columns:
        col = area.left + place.col - block.left
        area = area._replace(left=col, right=col)
    if area == reference.at(block.top, block.left):
        return reference
    return Reference(area.sheet, area.top, area.left, area.bottom, area.right)
