"""Shorter ways for what the add-in's VBA does at every cell, for workbooks that are counted: the outcome is VBA's, and what is known
to it stays in its own variables. Whatever isn't the usual case is left to VBA; ``test_counting`` compares both ways.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import cache
from itertools import starmap
from math import isfinite
from typing import Any

from pyopenvba.apps.excel._arrays import array_at
from pyopenvba.apps.excel._model import MAX_COLUMNS, MAX_ROWS, Range
from pyopenvba.interpreter._values import EMPTY, MISSING, NOTHING, NULL, VBAArray, VBAErrorValue

from tests.excel.compiled import Project
from tests.excel.simulated import Simulated

OF_TEXTS = (
    "KaoheEndOfPart", "KaoheNextCall", "KaoheCallText", "KaoheArgument", "KaoheAllRows", "KaoheAllCells", "KaoheOutsideTable",
    "KaoheLastOperator", "KaoheWholeCall", "KaoheCleanFormula", "KaoheCallsIn",
)  # fmt: skip
"""Functions that only take formulas apart: the same text is taken apart once."""

SHARED, SINGLE = ".", "v"
WRONG_VALUE = VBAErrorValue(2015)


def shorten(office: Simulated) -> None:
    project = office.project
    assert project is not None
    instead = {
        "KaoheSame": same,
        "KaoheAllSame": all_same,
        "KaoheHasEmpty": has_empty,
        "KaoheKeyOf": key_of,
        "KaoheIsCalculated": is_calculated,
    }
    for name, function in instead.items():
        project.replace(name, lambda _, *given, function=function: function(*given))
    for name in OF_TEXTS:
        project.replace(name, remembering(project, name))
    project.replace("Calculated", calculating(translated(project, "Calculated")))
    project.replace("KaoheCombined", combining(translated(project, "KaoheCombined"), project))
    project.replace("KaoheChosen", chosen)
    project.replace("KaoheCall", Known(office, project).call)


def translated(project: Project, name: str) -> Callable[..., Any]:
    function = project.function(*project.interpreter.find_procedure(name))
    assert function is not None, name
    return function


def remembering(project: Project, name: str) -> Callable[..., Any]:
    function = translated(project, name)
    known = cache(lambda *given: function(None, *given))
    return lambda _, *given: known(*given)


OPERATORS: dict[str, Callable[[float, float], Any]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge,
    "+": operator.add, "-": operator.sub, "*": operator.mul,
}  # fmt: skip


def calculating(usual: Callable[..., Any]) -> Callable[..., Any]:
    """Two numbers with an operator between them; anything else as VBA does it."""

    def calculated(me: Any, left: Any, sign: str, right: Any) -> Any:
        if type(left) is float and type(right) is float and sign in OPERATORS:
            result = OPERATORS[sign](left, right)
            if type(result) is bool or isfinite(result):
                return result
        return usual(me, left, sign, right)

    return calculated


def combining(usual: Callable[..., Any], project: Project) -> Callable[..., Any]:
    calculated = translated(project, "Calculated")

    def combined(me: Any, left: Any, sign: str, right: Any, rows: int) -> Any:
        if type(left) is not VBAArray and type(right) is not VBAArray:
            return usual(me, left, sign, right, rows)
        return by_cell(rows, lambda each, other: calculated(None, each, sign, other), left, right)

    return combined


def chosen(_: Any, condition: Any, left: Any, right: Any, rows: int) -> VBAArray:
    """What IF gives in each row."""

    def one(holds: Any, value: Any, other: Any) -> Any:
        if type(holds) in (bool, float):
            return value if holds else other
        return holds if type(holds) is VBAErrorValue else NULL

    return by_cell(rows, one, condition, left, right)


def by_cell(rows: int, function: Callable[..., Any], *given: Any) -> VBAArray:
    """What a function gives for each cell of blocks; one value stands for all cells of a row, or for all rows."""
    width = max(len(each.items) // rows if type(each) is VBAArray else 1 for each in given)
    cells = [
        each.items * (rows * width // len(each.items)) if type(each) is VBAArray else [each] * (rows * width)
        for each in given
    ]
    items = [function(*each) for each in zip(*cells, strict=True)]
    return VBAArray([(1, rows), (1, width)], items=items)


def same(left: Any, right: Any) -> bool:
    """Whether two values are of one kind and the same, blocks cell by cell."""
    if left is right:
        return True
    kind = type(left)
    if kind is not type(right):
        return False
    if kind is VBAArray:
        return left.bounds == right.bounds and (
            all(map(operator.is_, left.items, right.items)) or all(map(same, left.items, right.items))
        )
    if kind is VBAErrorValue:
        return bool(left.number == right.number)
    return bool(left == right)


def all_same(left: VBAArray, right: VBAArray) -> bool:
    return all(map(same, left.items, right.items))


def has_empty(value: Any) -> bool:
    if type(value) is not VBAArray:
        return value is EMPTY
    return any(item is EMPTY or (type(item) is VBAArray and has_empty(item)) for item in value.items)


def key_of(values: VBAArray) -> str:
    """A text for each value; which one doesn't matter."""
    return "\n".join(map(_key_of, values.items))


def _key_of(value: Any) -> str:
    return f"({','.join(map(repr, value.items))})" if type(value) is VBAArray else repr(value)


def is_calculated(block: Any, values: Any) -> bool:
    """Whether every cell of a range has its value."""
    if not has_empty(values):
        return True
    area, sheet = block.bounded(), block.sheet
    items = values.items if type(values) is VBAArray else [values]
    places = ((row, column) for column in range(area.left, area.right + 1) for row in range(area.top, area.bottom + 1))
    return not any(item is EMPTY and has_formula(sheet, *place) for item, place in zip(items, places, strict=True))


def has_formula(sheet: Any, row: int, column: int) -> bool:
    cell = sheet.cells_.get((row, column))
    return bool(cell is not None and cell.formula) or is_of_array(sheet, row, column)


def is_of_array(sheet: Any, row: int, column: int) -> bool:
    return bool(sheet.array_formulas) and array_at(sheet, row, column) is not None


class Known:
    """KaoheCall where the answer is known, or where cells that it reads are still to be calculated."""

    def __init__(self, office: Simulated, project: Project) -> None:
        self.office, self.asked = office, translated(project, "KaoheCall")
        self.places = project.interpreter.modules["kaohe_answers"].variables["mplaces"]

    def call(self, me: Any, name: str, kinds: str, arguments: VBAArray) -> Any:
        found = self.found(name, kinds, arguments.items)
        return self.asked(me, name, kinds, arguments) if found is None else found

    def found(self, name: str, kinds: str, arguments: list[Any]) -> Any:
        """The answer; None where VBA is to find it."""
        if self.places.value is NOTHING:
            return None
        values = [self.read(each) for each in arguments]
        if any(value is None for value in values) or not all(starmap(is_one_row, zip(kinds, values, strict=True))):
            return None
        row = self.row()
        kinds = "".join(
            SINGLE if letter == SHARED and is_of_row(row, argument, value) else letter
            for letter, argument, value in zip(kinds, arguments, values, strict=True)
        )
        if not are_ready(kinds, arguments, values, of_shared=False):
            return WRONG_VALUE
        memories = self.places.value._found.get(f"{name}\t{self.column()}".lower())
        if memories is None:
            return None
        shared = [place for place, letter in enumerate(kinds) if letter == SHARED]
        memory = next((each for each in memories._items if is_about(each, kinds, shared, values)), None)
        if memory is None:
            return None if are_ready(kinds, arguments, values, of_shared=True) else WRONG_VALUE
        memories._items.remove(memory)
        memories._items.insert(0, memory)
        if memory.variables["mhasblanks"].value and not are_ready(kinds, arguments, values, of_shared=True):
            return WRONG_VALUE
        own = VBAArray(
            [(0, len(values) - 1)],
            items=[EMPTY if letter == SHARED else value for letter, value in zip(kinds, values, strict=True)],
        )
        entry = memory.variables["manswers"].value._found.get(key_of(own).lower())
        if entry is None or not all_same(entry.items[0], own):
            return None
        memory.variables["mhits"].value += 1
        return entry.items[1]

    def read(self, argument: Any) -> Any:
        """An argument's value; None of a range that isn't read as it is."""
        if type(argument) is not Range:
            return argument
        area = argument.first
        if len(argument.areas) > 1 or area.rows == MAX_ROWS or area.columns == MAX_COLUMNS:
            return None
        return argument._values(raw=True)

    def cell(self) -> Any:
        """The cell that calls, if it isn't one of an array formula."""
        caller = self.office.caller
        if caller is None or not caller.single or is_of_array(caller.sheet, caller.first.top, caller.first.left):
            return None
        return caller

    def row(self) -> int:
        return cell.first.top if (cell := self.cell()) else 0

    def column(self) -> str:
        cell = self.cell()
        return f"{cell.first.left}\t{cell.sheet.name}\t{cell.sheet.book.name}" if cell else ""


def is_of_row(row: int, argument: Any, value: Any) -> bool:
    if type(value) is VBAArray:
        return type(argument) is Range and argument.first.rows == 1 and argument.first.top == row
    return value is not MISSING


def is_about(memory: Any, kinds: str, shared: list[int], values: list[Any]) -> bool:
    about = memory.variables["mshared"].value.items
    return memory.variables["mkinds"].value == kinds and all(same(about[each], values[each]) for each in shared)


def are_ready(kinds: str, blocks: list[Any], values: list[Any], of_shared: bool) -> bool:
    return all(
        is_calculated(block, value)
        for letter, block, value in zip(kinds, blocks, values, strict=True)
        if (letter == SHARED) == of_shared and type(block) is Range
    )


def is_one_row(letter: str, value: Any) -> bool:
    if letter == SHARED:
        return True
    if type(value) is not VBAArray:
        return letter not in "sS"
    if letter in "sS":
        return len(value.bounds) == 2 and rows_of(value) == 1 and value.bounds[1][1] > value.bounds[1][0]
    if letter not in "rR":
        return False
    return rows_of(value) == 1 if len(value.bounds) == 2 else type(value.items[0]) is not VBAArray


def rows_of(array: VBAArray) -> int:
    (top, bottom), *_ = array.bounds
    return int(bottom - top + 1)
