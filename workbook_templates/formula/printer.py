"""The one printer of formulas: brackets where the meaning needs them and nowhere else, function names as files or users write them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import FrozenSet, Tuple, Union

from udfs.values import Cell
from workbook_templates.formula.references import Address, Structured
from workbook_templates.formula.signatures import signature
from workbook_templates.formula.tree import (
    BINARY,
    PRECEDENCE,
    Apply,
    Blank,
    Constant,
    Invoke,
    Matrix,
    Named,
    Node,
    Operand,
)
from workbook_templates.formula.writing import written_address, written_structured

_SHOWN = {"U-": "-", "U+": "+", "SINGLE": "@"}
_UNION = PRECEDENCE[","]
_Piece = Union[str, Tuple[Node, int, FrozenSet[str]]]


def written(reference: Operand) -> str:
    """A reference as it was read."""
    if isinstance(reference, Address):
        return written_address(reference)
    if isinstance(reference, Structured):
        return written_structured(reference)
    raise TypeError(f"{type(reference).__name__} has no text of its own")


def stored_name(function: str) -> str:
    """A function's name as files write it, ``_xlfn.`` and the like included."""
    known = signature(function)
    return (known.prefix if known is not None else "") + function


def text_of(node: Node, operand: Callable[[Operand], str] = written, stored: bool = False) -> str:
    """The formula (without ``=``); ``operand`` writes the references, ``stored`` means: as files write it."""
    done: list[str] = []
    waiting: list[_Piece] = [(node, 0, frozenset())]
    while waiting:
        piece = waiting.pop()
        if isinstance(piece, str):
            done.append(piece)
        else:
            part, least, bound = piece
            waiting.extend(reversed(_pieces(part, least, bound, operand, stored)))
    return "".join(done)


def _pieces(
    node: Node, least: int, bound: frozenset[str], operand: Callable[[Operand], str], stored: bool
) -> list[_Piece]:
    """What a node is written as; ``least``: how tightly it must bind to need no brackets, ``bound``: variables around it."""
    if isinstance(node, Constant):
        text = constant(node.value)
        return ["(", text, ")"] if text.startswith("-") and least > PRECEDENCE["U-"] else [text]
    if isinstance(node, Operand):
        return [operand(node)]
    if isinstance(node, Named):
        return [_name(node, stored and node.name.upper() in bound)]
    if isinstance(node, Matrix):
        return ["{" + ";".join(",".join(map(constant, row)) for row in node.rows) + "}"]
    if isinstance(node, Blank):
        return []
    if isinstance(node, Invoke):
        return [(node.function, 1000, bound), "(", *_arguments(node.arguments, bound), ")"]
    name, arguments = node.function, node.arguments
    if name == "ANCHORARRAY" and not stored and len(arguments) == 1:
        return [(arguments[0], 1000, bound), "#"]
    if name not in PRECEDENCE or (name == "SINGLE" and stored):
        bound = bound | _variables(node)
        return [(stored_name(name) if stored else name) + "(", *_arguments(arguments, bound), ")"]
    binding = PRECEDENCE[name]
    pieces: list[_Piece]
    if name in BINARY:
        pieces = [(arguments[0], binding, bound), name, (arguments[1], binding + 1, bound)]
    elif name == "%":
        pieces = [(arguments[0], binding, bound), "%"]
    else:
        pieces = [_SHOWN[name], (arguments[0], binding, bound)]
    # Under another operator a union's comma could be taken for that of the function around it.
    bare = binding >= least and (name != "," or least in (0, binding))
    return pieces if bare else ["(", *pieces, ")"]


def _arguments(nodes: tuple[Node, ...], bound: frozenset[str]) -> list[_Piece]:
    """Arguments with the commas between them; a union among them needs brackets."""
    pieces: list[_Piece] = []
    for place, node in enumerate(nodes):
        if place:
            pieces.append(",")
        if not isinstance(node, Blank):
            is_union = isinstance(node, Apply) and node.function == ","
            pieces.append((node, _UNION + 1 if is_union else 0, bound))
    return pieces


def _variables(node: Apply) -> frozenset[str]:
    """The names that a LET or LAMBDA gives values to."""
    if node.function not in ("LET", "LAMBDA"):
        return frozenset()
    names = node.arguments[:-1:2] if node.function == "LET" else node.arguments[:-1]
    return frozenset(name.name.upper() for name in names if isinstance(name, Named))


def _name(node: Named, variable: bool) -> str:
    if variable:
        return f"_xl{'op' if node.optional else 'pm'}.{node.name}"
    return f"{node.sheet}!{node.name}" if node.sheet else node.name


def constant(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    if isinstance(value, (int, float)):
        text = repr(float(value)).upper()
        return re.sub(r"\.0(?=E|$)", "", text)
    return str(value)
