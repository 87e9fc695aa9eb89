"""Parts of formulas that come again, in one cell or in several, are computed once.

What reads fixed cells only is the same wherever it stands: that is told from the formulas alone, once for all workbooks that have
them. Its value holds as long as the workbook is computed, for what it reads is computed before whatever reads it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from functools import lru_cache
from typing import NamedTuple

from addin.headless.operators import OPERATORS
from addin.headless.schedule import Group
from addin.headless.tree import Apply, Blank, Cells, Constant, Matrix, Named, Node
from udfs.registry import PREFIX
from workbook_templates.formula.signatures import signature

_OF_OWN_CELL = frozenset({"ROW", "COLUMN", "CELL"})
"""Of the formula's own cell, if they aren't given another."""
_OF_PLACES = frozenset({"ROW", "COLUMN", "ROWS", "COLUMNS", "ISFORMULA", "SHEET"})
_CHOOSING = frozenset({"IF", "IFERROR", "IFNA"})
_OF_EXPRESSIONS = frozenset(
    {"LET", "LAMBDA", "MAP", "REDUCE", "SCAN", "BYROW", "BYCOL", "MAKEARRAY", "ISOMITTED", "SINGLE"}
)
_Place = tuple[int, str]
Numbers = dict[_Place, int]


class Part(NamedTuple):
    node: Node
    sheet: str
    number: int


class Recurring:
    """``arrays`` and ``singles``: the numbers of the parts that come again, by their nodes' identity and their sheet, where blocks are
    taken element by element and where they aren't; parts that say the same have the same number.
    """

    def __init__(self, groups: Iterable[Group], names: Callable[[str, str], Node | None]) -> None:
        self._names = names
        self._numbers: dict[Hashable, int] = {}
        self._known: dict[tuple[int, str, bool], int | None] = {}
        self._times: Counter[int] = Counter()
        self._found: tuple[dict[_Place, Part], dict[_Place, Part]] = {}, {}
        for group in groups:
            try:
                # Cells that can't be computed together are computed one after the other.
                times = 1 if group.array is not None or len(group.rows) == 1 else 2
                self._count(group.tree, group.sheet, group.array is not None, times)
            except RecursionError:
                continue
        self.__setstate__([[part for part in found.values() if self._times[part.number] > 1] for found in self._found])

    def __getstate__(self) -> list[list[Part]]:
        return self._parts

    def __setstate__(self, parts: list[list[Part]]) -> None:
        """The nodes of a copy have other identities."""
        self._parts = parts
        self.singles, self.arrays = ({(id(part.node), part.sheet): part.number for part in each} for each in parts)

    def _count(self, node: Node, sheet: str, array: bool, times: int) -> None:
        if isinstance(node, Named):
            tree = self._names(node.name, node.sheet or sheet)
            if tree is not None:
                self._count(tree, sheet, array, times)
        if not isinstance(node, Apply):
            return
        number = self._number(node, sheet, array)
        if number is not None:
            self._found[array][id(node), sheet] = Part(node, sheet, number)
            self._times[number] += times
            if self._times[number] > times:
                return
            times = 1
        for argument, letter in zip(node.arguments, _letters(node.function, len(node.arguments)), strict=True):
            if isinstance(argument, (Apply, Named)):
                self._count(argument, sheet, array or letter == "a", times)

    def _number(self, node: Node, sheet: str, array: bool) -> int | None:
        """What tells a part from others; None for one that isn't the same for all cells."""
        key = id(node), sheet, array
        if key not in self._known:
            said = self._said(node, sheet, array)
            self._known[key] = said if said is None else self._numbers.setdefault(said, len(self._numbers))
        return self._known[key]

    def _said(self, node: Node, sheet: str, array: bool) -> Hashable:
        if isinstance(node, Apply):
            return self._said_of(node, sheet, array)
        if isinstance(node, Cells):
            return node.reference if node.reference.fixed else None
        match node:
            case Constant(value):
                return type(value), value
            case Matrix():
                return str(node)
            case Blank():
                return Blank
            case Named(name, own):
                tree = self._names(name, own or sheet)
                number = None if tree is None else self._number(tree, sheet, array)
                return None if number is None else ("", number)
        return None

    def _said_of(self, node: Apply, sheet: str, array: bool) -> Hashable:
        if node.function == "SHEET" and not node.arguments:
            return "SHEET", sheet
        if not _is_steady(node.function, bool(node.arguments), array):
            return None
        said: list[Hashable] = [node.function, array]
        for argument, letter in zip(node.arguments, _letters(node.function, len(node.arguments)), strict=True):
            number = self._number(argument, sheet, array or letter == "a")
            if number is None or not (array or letter != "c" or self._is_one(argument, sheet)):
                return None
            said.append(number)
        return tuple(said)

    def _is_one(self, node: Node, sheet: str) -> bool:
        """Whether a part has nothing to do with the row where it stands: of several cells the one in the own row would be meant."""
        match node:
            case Cells(reference):
                return (reference.top, reference.left) == (reference.bottom, reference.right)
            case Named(name, own):
                tree = self._names(name, own or sheet)
                return tree is not None and self._is_one(tree, sheet)
            case Apply("INDEX", (_, *places)):
                return all(isinstance(place, Constant) and place.value for place in places)
            case Apply(function):
                known = signature(function)
                return function in _CHOOSING or known is None or not known.gives_reference
        return True


@lru_cache(maxsize=1024)
def _letters(function: str, count: int) -> str:
    known = None if function in _OF_PLACES else signature(function)
    if known is None:
        return ("c" if function in OPERATORS else "b") * count
    return "".join(known.takes(place, count).letter for place in range(count))


@lru_cache(maxsize=1024)
def _is_steady(function: str, is_given: bool, array: bool) -> bool:
    """Whether a function gives the same of the same, and is what its name says; ``is_given``: it has arguments."""
    if function in OPERATORS or function.startswith(PREFIX):
        return True
    known = signature(function)
    if known is None or known.volatile or function in _OF_EXPRESSIONS:
        return False
    if not is_given and function in _OF_OWN_CELL:
        return False
    return array or function in _CHOOSING or function == "INDEX" or not known.gives_reference
