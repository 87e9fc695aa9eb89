"""Whole columns where a formula wants one value: spreadsheet programs would take some row's, or none."""

from __future__ import annotations

from collections.abc import Iterator

from udfs import FUNCTIONS
from udfs.registry import Shape, Style
from workbook_templates.formula.columns import Reference
from workbook_templates.formula.signatures import Takes, signature
from workbook_templates.formula.tree import PRECEDENCE, Apply, Node

ONE = (Takes.VALUE, Takes.SINGLE, Takes.LATER)
"""How ordinary functions read an argument of which each value gives a result of its own."""

SINGLE = {
    Style.ROWS: (Shape.CELL, Shape.ROW, Shape.SCALAR),
    Style.PEOPLE: (Shape.KEYS, Shape.SCALAR),
    Style.WHOLE: (Shape.SCALAR,),
}
"""Where a function is given what belongs to one row."""


def whole_columns(node: Node) -> Iterator[Reference]:
    """The references to more rows than the own one, where this formula (or a row of a function) is to be one value."""
    waiting = [node]
    while waiting:
        match waiting.pop():
            case Reference() as read if not read.own_row:
                yield read
            case Apply(name, arguments) if name in PRECEDENCE:
                waiting.extend(reversed(arguments))
            case Apply(name, arguments) if name in FUNCTIONS:
                single = SINGLE[FUNCTIONS[name].style]
                given = list(zip(FUNCTIONS[name].parameters, arguments, strict=False))
                waiting.extend(argument for parameter, argument in reversed(given) if parameter.shape in single)
            case Apply(name, arguments) if (known := signature(name)) is not None:
                placed = reversed(list(enumerate(arguments)))
                waiting.extend(argument for place, argument in placed if known.takes(place, len(arguments)) in ONE)
