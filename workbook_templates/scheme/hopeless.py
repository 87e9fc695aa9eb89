"""Calls of KAOHE functions that are error values whatever is filled in: bounds the wrong way round, weights that don't add up, a text for a number.

A call is tried with the numbers that the file has (constants, parameters, lists) and many others in place of what is filled in or computed.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import pairwise
from typing import Any

from udfs import FUNCTIONS, CellError
from udfs.registry import Kind, Parameter, Shape, Style
from udfs.values import MISSING
from udfs.vocabulary import NO
from workbook_templates.formula.columns import Reference
from workbook_templates.formula.language import parse
from workbook_templates.formula.printer import text_of
from workbook_templates.formula.tree import Apply, Blank, Constant, Matrix, Named, Node, Operand, calls, walk
from workbook_templates.scheme.columns import TEXT_TYPES
from workbook_templates.scheme.doubts import TEXTS_TOO
from workbook_templates.scheme.model import Scheme, Table
from workbook_templates.scheme.names import SERIAL

_LOOKING_UP = ("查找与汇总", "校验", "日期", "说明")
"""Categories of functions that depend on what texts or days the cells have."""

_TRIES = 1000
"""Some calls take few of all numbers: votes that are no more than the voters, and no fewer than the least turnout."""
_NUMBERS = (0.0, 0.5, 0.9, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 85.0, 100.0, 1000.0)
_SCALARS = (Shape.SCALAR, Shape.CELL)


class _Unknown(Exception):
    """What an argument may be can't be told from the file."""


def hopeless(scheme: Scheme) -> Iterator[str]:
    """What is to be said of such calls."""
    trial = _Trial(scheme)
    for here, formula, own in scheme.formulas():
        for call in calls(parse(formula).tree):
            if call.function in FUNCTIONS:
                yield from (f"{here} 的 {told}" for told in trial.of(call, own))


class _Trial:
    """Calls functions of one scheme's formulas."""

    def __init__(self, scheme: Scheme) -> None:
        self.lists = {listing.name: listing for listing in scheme.lists}
        self.views = {view.name: view for view in scheme.views}
        self.known: dict[str, Any] = {parameter.name: parameter.value for parameter in scheme.parameters}
        for listing in scheme.lists:
            cells = listing.cells(listing.rows)
            self.known |= {name: listing.rows[row].get(column) for name, (row, column) in cells.items()}

    def of(self, call: Apply, own: Table | None) -> Iterator[str]:
        function = FUNCTIONS[call.function]
        match call.arguments:
            case (Reference(own_row=True) as who, Reference(None, first=str(names), own_row=False), *_):
                if function.style is Style.PEOPLE and (names == SERIAL) != (who.first == SERIAL):
                    yield f"{function.name} 在 [{names}] 中找 {who.text}，总找不到；写 [@{SERIAL}],[{SERIAL}]"
        for parameter, given in zip(function.parameters, call.arguments, strict=False):
            if isinstance(given, Blank) and not parameter.optional:
                yield f"{function.name} 没有写{parameter.name}，总是 #VALUE!；是不是多了一个逗号？"
                return
            if isinstance(given, Constant) and parameter.shape in (Shape.COLUMN, Shape.COLUMNS):
                yield f"{function.name} 的{parameter.name}应为一列，现为 {text_of(given)}；是不是少了一个逗号？"
                return
            number = parameter.kind in (Kind.NUMBER, Kind.WHOLE) and parameter.shape in _SCALARS
            if number and isinstance(given, Constant) and isinstance(given.value, str) and given.value:
                yield f"{function.name} 的{parameter.name}应为数字，现为“{given.value}”"
                return
        if function.style is not Style.PEOPLE and function.category not in _LOOKING_UP:
            error = self._error(call, own)
            if error:
                yield f"{text_of(call, _text)} 不论填什么都是 {error.value}；说明：{function.remarks}"

    def _error(self, call: Apply, own: Table | None) -> CellError | None:
        """The error value that a call always gives."""
        function, drawn = FUNCTIONS[call.function], random.Random(0)
        found: CellError | None = None
        numbers = self._numbers(call)
        for _ in range(_TRIES):
            # Nought and some others: with all of them two equal ones, or one that stands alone, would be rare.
            few = [0.0, *drawn.sample(numbers, drawn.choice((1, 2, len(numbers))))]
            try:
                pairs = zip(function.parameters, call.arguments, strict=False)
                result = function(*(self._given(parameter, node, own, drawn, few) for parameter, node in pairs))
            except _Unknown:
                return None
            if not isinstance(result, CellError):
                return None
            found = result
        return found

    def _numbers(self, call: Apply) -> list[float]:
        """Common numbers, those that the call itself names, what lies between and above them."""
        named = set(_NUMBERS)
        for node in walk(call):
            match node:
                case Constant(int() | float() as number):
                    named.add(float(number))
                case Matrix(rows):
                    named |= _floats(rows)
                case Named(name):
                    named |= _floats(((self.known.get(name),),))
                case Reference(str(table)) if table in self.lists or table in self.views:
                    with suppress(_Unknown):
                        named |= _floats(self._listed(node, False))
        ordered = sorted(named)
        return [*ordered, *((low + high) / 2 for low, high in pairwise(ordered)), 2 * ordered[-1]]

    def _given(
        self, parameter: Parameter, node: Node, own: Table | None, drawn: random.Random, numbers: list[float]
    ) -> Any:
        is_number = parameter.kind in (Kind.NUMBER, Kind.WHOLE)
        match node:
            case Blank():
                return MISSING
            case Constant(value):
                return value
            case Matrix(rows):
                return rows
            case Apply("U-", (Constant(int() | float() as number),)):
                return -number
            case Named(name) if self.known.get(name) is not None:
                return self.known[name]
            case Reference(str(table)) if table in self.lists or table in self.views:
                return self._listed(node, is_number and parameter.name not in TEXTS_TOO)
        if not is_number:
            return MISSING if parameter.kind is Kind.OPTION else NO
        if isinstance(node, Reference) and not node.own_row:
            raise _Unknown
        if isinstance(node, Reference) and own and not node.single:
            return (tuple(drawn.choice(numbers) for _ in node.among(own.column_names)),)
        if parameter.shape in _SCALARS or isinstance(node, Reference):
            return drawn.choice(numbers)
        raise _Unknown

    def _listed(self, node: Reference, wants_numbers: bool) -> Any:
        """Columns of a list as they are filled in; unknown where one that has to be filled in isn't."""
        view = self.views.get(node.table or "")
        listing = self.lists[view.listing if view else node.table or ""]
        rows = listing.rows[view.first : view.last + 1] if view else listing.rows
        spanned = node.among(listing.column_names)
        columns = [column for column in listing.columns if column.name in spanned]
        # A list whose texts stand for numbers is told by itself (``doubts``); texts as results are none.
        texts_for_numbers = wants_numbers and any(column.type in TEXT_TYPES for column in columns)
        if (
            not rows
            or texts_for_numbers
            or any(column.required and column.name not in row for column in columns for row in rows)
        ):
            raise _Unknown
        return tuple(tuple(row.get(column.name) for column in columns) for row in rows)


def _floats(rows: Iterable[Iterable[Any]]) -> set[float]:
    return {float(cell) for row in rows for cell in row if isinstance(cell, (int, float))}


def _text(operand: Operand) -> str:
    assert isinstance(operand, Reference)
    return operand.text
