"""How a formula by column is written as one array block for a whole column, so that every host computes it alike.

LibreOffice Calc differs from the others in three ways, which ordinary formula text makes up for:

- One error value in an array that a function is given makes the whole result that error. So the rows for which the function isn't
  asked (spare ones, those in which something is wrong, those that an IF around it turns elsewhere) are given as blanks, or as 0
  where the argument is a number of the row's own, since a column of numbers with texts in between takes twice as long:
  ``IF(校验="通过",KAOHE_ROUND(IF(校验="通过",…,0)),…)``.
- Where two arrays are joined with ``&``, rows with an error value in one of them are left out and all others move up; ``CONCATENATE``
  goes row by row.
- Texts from a function's array equal no other text before they are joined with something, if only with an empty one: ``…&""``.

And an ``IFERROR`` by rows in a branch of an ``IF`` by rows takes Calc twenty times as long as ``IF(ISERROR(…),…,…)``, which says the same.
"""

from __future__ import annotations

from collections.abc import Callable

import udfs
from udfs import Function
from udfs.registry import Kind, Shape
from workbook_templates.formula.language import Formula, Reference
from workbook_templates.formula.printer import text_of
from workbook_templates.formula.tree import Apply, Constant, Node, Operand, walk
from workbook_templates.scheme.names import CHECK

LONGEST = 4000
"""Characters; a formula with many branches grows so long that it is better written row by row."""

_EMPTY, _ZERO = Constant(""), Constant(0)
_Conditions = tuple[tuple[Node, bool], ...]
"""The conditions of the IFs around, each with the branch that something stands in."""


def render(formula: Formula, resolve: Callable[[Reference], str]) -> str:
    """The formula without ``=``, every reference written as ``resolve`` says."""

    def operand(reference: Operand) -> str:
        assert isinstance(reference, Reference)
        return resolve(reference)

    return text_of(_array(formula.tree, ()), operand, stored=True)


def _array(node: Node, conditions: _Conditions) -> Node:
    match node:
        case Apply("=" | "<>" as sign, (left, Constant(str()) as text)):
            return Apply(sign, (_compared(left, conditions), text))
        case Apply("=" | "<>" as sign, (Constant(str()) as text, right)):
            return Apply(sign, (text, _compared(right, conditions)))
        case Apply("IF", (condition, *branches)):
            asked = _array(condition, conditions)
            ways = [(branch, (asked, way)) for branch, way in zip(branches, (True, False), strict=False)]
            # What is the same for all rows leaves none of them out.
            given = [_array(branch, (*conditions, way) if _is_by_row(asked) else conditions) for branch, way in ways]
            return Apply("IF", (asked, *given))
        case Apply("IFERROR", (value, instead)) if _is_by_row(value) and any(
            _is_by_row(asked) for asked, _ in conditions
        ):
            array = _array(value, conditions)
            return Apply("IF", (Apply("ISERROR", (array,)), _array(instead, conditions), array))
        case Apply("&", (_, _)) if _may_move_up(parts := _joined(node)):
            return Apply("CONCATENATE", tuple(_array(part, conditions) for part in parts))
        case Apply(name, arguments) if function := udfs.FUNCTIONS.get(name):
            given = [_argument(function, place, argument, conditions) for place, argument in enumerate(arguments)]
            call = Apply(name, tuple(given))
            return Apply("&", (call, _EMPTY)) if function.result is Kind.TEXT else call
        case Apply(name, arguments):
            return Apply(name, tuple(_array(argument, conditions) for argument in arguments))
    return node


def _joined(node: Node) -> list[Node]:
    """What a chain of ``&`` joins."""
    match node:
        case Apply("&", (left, right)):
            return [*_joined(left), *_joined(right)]
    return [node]


def _may_move_up(parts: list[Node]) -> bool:
    """Whether several of the parts are arrays, and one of them may hold an error value."""
    arrays = [part for part in parts if _is_by_row(part)]
    return len(arrays) > 1 and not all(map(_never_fails, arrays))


def _never_fails(node: Node) -> bool:
    match node:
        case Constant():
            return True
        case Apply("IF", parts):
            return all(map(_never_fails, parts))
        case Apply("IFERROR", (_, instead)):
            return _never_fails(instead)
    return False


def _is_by_row(node: Node) -> bool:
    return any(isinstance(part, Reference) and part.own_row for part in walk(node))


def _compared(node: Node, conditions: _Conditions) -> Node:
    """What is compared with a text; 校验 is joined already where it is computed, and nearly every formula compares it."""
    array = _array(node, conditions)
    is_own = isinstance(node, Reference) and node.own_row and node.first != CHECK
    is_call = isinstance(array, Apply) and array.function in udfs.FUNCTIONS
    return Apply("&", (array, _EMPTY)) if is_own or is_call else array


def _argument(function: Function, place: int, argument: Node, conditions: _Conditions) -> Node:
    given = _array(argument, conditions)
    is_block = function.is_by_row(place) and _is_by_row(argument)
    parameter = function.parameters[place]
    if is_block and not parameter.takes_cells:
        # A column of a set is one set, and a 0 is one of its numbers.
        is_number = parameter.kind is Kind.NUMBER and parameter.shape is not Shape.SET
        nothing = _ZERO if is_number else _EMPTY
        for condition, holds in reversed(conditions):
            given = Apply("IF", (condition, given, nothing) if holds else (condition, nothing, given))
    return given
