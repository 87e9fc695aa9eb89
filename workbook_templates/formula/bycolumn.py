"""Whether a row's formula means the same when whole columns stand where the own row's cells stood.

Large tables write such a formula once, as an array for all rows; any other is written row by row.
"""

from __future__ import annotations

import enum

import udfs
from workbook_templates.formula.columns import Reference
from workbook_templates.formula.signatures import Takes, signature
from workbook_templates.formula.tree import PRECEDENCE, Apply, Matrix, Node, walk


class _Kind(enum.Enum):
    SHARED = "one value for all rows"
    MOVING = "one value for each row"
    ROWS = "several cells for each row"
    WHOLE = "several cells, the same for all rows"


class _Differs(Exception):
    """The formula means something else for whole columns."""


_CHOOSING = frozenset({"IF", "CHOOSE"})


def is_by_column(tree: Node) -> bool:
    try:
        return _kind(tree, False) in (_Kind.SHARED, _Kind.MOVING) and not _is_broken_by_one_row(tree)
    except (_Differs, RecursionError):
        return False


def _kind(node: Node, in_array: bool) -> _Kind:
    """What a part gives; ``in_array``: it is computed as an array even in a row's formula."""
    if isinstance(node, Reference):
        if node.own_row:
            return _Kind.MOVING if node.single else _Kind.ROWS
        return _Kind.WHOLE
    if isinstance(node, Matrix):
        return _Kind.WHOLE
    if not isinstance(node, Apply):
        return _Kind.SHARED
    if node.function in PRECEDENCE:
        return _of_values([_kind(argument, in_array) for argument in node.arguments], in_array)
    if node.function in udfs.FUNCTIONS:
        return _own(node)
    return _excel(node, in_array)


def _of_values(kinds: list[_Kind], in_array: bool) -> _Kind:
    """What an operation on single values gives."""
    if _Kind.ROWS in kinds or (_Kind.WHOLE in kinds and (_Kind.MOVING in kinds or not in_array)):
        raise _Differs
    return _Kind.MOVING if _Kind.MOVING in kinds else _Kind.WHOLE if _Kind.WHOLE in kinds else _Kind.SHARED


def _own(node: Apply) -> _Kind:
    """A KAOHE function: each parameter says whether it is the row's or everybody's."""
    known = signature(node.function)
    moves = False
    for place, argument in enumerate(node.arguments):
        takes = known.takes(place) if known is not None else Takes.SHARED
        kind = _kind(argument, False)
        if takes is Takes.SHARED:
            if kind in (_Kind.MOVING, _Kind.ROWS):
                raise _Differs
        elif takes is Takes.SET and kind is _Kind.MOVING:
            # A column would be one set.
            raise _Differs
        elif kind is _Kind.ROWS:
            if takes not in (Takes.ROW, Takes.SET) or not isinstance(argument, Reference):
                raise _Differs
        elif kind is _Kind.WHOLE and takes is not Takes.SET:
            raise _Differs
        moves |= kind in (_Kind.MOVING, _Kind.ROWS)
    return _Kind.MOVING if moves else _Kind.SHARED


def _excel(node: Apply, in_array: bool) -> _Kind:
    known = signature(node.function)
    if known is None:
        raise _Differs
    count = len(node.arguments)
    taken = [known.takes(place, count) for place in range(count)]
    kinds = [_kind(a, in_array or takes is Takes.ARRAY) for a, takes in zip(node.arguments, taken)]
    values: list[_Kind] = []
    for takes, kind in zip(taken, kinds):
        if not takes.by_value:
            if kind in (_Kind.MOVING, _Kind.ROWS):
                raise _Differs
        elif takes is Takes.SINGLE and kind is not _Kind.SHARED:
            raise _Differs
        else:
            values.append(kind)
    if node.function in _CHOOSING and _Kind.WHOLE in values[1:] and not {_Kind.MOVING, _Kind.ROWS} & set(values):
        # One reference or the other for all rows.
        return _Kind.WHOLE
    return _of_values(values, in_array)


def _is_broken_by_one_row(tree: Node) -> bool:
    """Whether LibreOffice Calc, where one error value breaks a function's results for all rows, would catch the others' too.

    Left out is what hands over whole columns: called for ten thousand rows it would not come to an end there.
    """
    calls = [part for part in walk(tree) if isinstance(part, Apply) and part.function in udfs.FUNCTIONS]
    arguments = [argument for call in calls for argument in call.arguments]
    if any(isinstance(argument, Reference) and not argument.own_row for argument in arguments):
        return False
    return any(_computes_arguments(part) for node in walk(tree) if _catches(node) for part in walk(node))


def _catches(node: Node) -> bool:
    known = signature(node.function) if isinstance(node, Apply) else None
    return known is not None and known.catches


def _computes_arguments(node: Node) -> bool:
    if not isinstance(node, Apply) or node.function not in udfs.FUNCTIONS:
        return False
    return any(isinstance(each, Apply) and _kind(each, False) is _Kind.MOVING for each in node.arguments)
