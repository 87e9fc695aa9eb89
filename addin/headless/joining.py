"""Texts joined with ``&``."""

from __future__ import annotations

from addin.headless.broadcasting import texts_of
from addin.headless.tree import Apply, Constant, Node
from addin.headless.values import NOTHING_BEYOND, Block, Value
from addin.xlsx.model import Cell, CellError
from workbook_templates.formula.tokens import LONGEST_TEXT

_LONGEST_NUMBER = 32
_OF_BLANKS = frozenset({str, type(None)})


def joint(node: Apply) -> list[Node]:
    """The parts of ``A1&B1&C1``."""
    first, last = node.arguments
    parts: list[Node] = [last]
    while isinstance(first, Apply) and first.function == "&":
        first, last = first.arguments
        parts.append(last)
    return [first, *reversed(parts)]


def asked_for_nothing(node: Apply) -> Apply | None:
    """What is joined in ``A1&B1=""``, ``IFERROR(A1&B1,"?")<>""`` and the like: the text itself need not be made."""
    text, nothing = node.arguments
    if not isinstance(nothing, Constant) or nothing.value != "":
        return None
    if isinstance(text, Apply) and text.function == "IFERROR" and len(text.arguments) == 2:
        text = text.arguments[0]
    return text if isinstance(text, Apply) and text.function == "&" else None


def nothing_joined(parts: list[Value], wanted: bool) -> Block | None:
    """``wanted`` where columns joined row by row give the empty text, else its opposite; None where it can't be told so, or isn't text."""
    columns = [part for part in parts if type(part) is Block]
    if not columns or any(part not in ("", None) for part in parts if type(part) is not Block):
        return None
    height = columns[0].height
    if any((c.width, c.height, c.beyond) != (1, height, NOTHING_BEYOND) for c in columns) or height == 1:
        return None
    if all(texts_of(column) is not None for column in columns):
        return None  # The few different texts are sooner joined.
    longest, places = 0, [*range(height)]
    for column in columns:
        cells, kinds = column.columns[0], set(map(type, column.columns[0]))
        if CellError in kinds:
            return None
        texts = cells if kinds == {str} else [cell for cell in cells if type(cell) is str] if str in kinds else []
        longest += max(map(len, texts), default=0) + _LONGEST_NUMBER  # type: ignore[arg-type]
        places = [place for place in places if cells[place] in ("", None)] if not kinds.isdisjoint(_OF_BLANKS) else []
    if longest > LONGEST_TEXT:
        return None
    found: list[Cell] = [not wanted] * height
    for place in places:
        found[place] = wanted
    return Block([found])
