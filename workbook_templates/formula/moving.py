"""A formula's text in other cells than its own: filled down, or shared by many. What can't be read stays as it is."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import List, Tuple, Union

from workbook_templates.formula.parser import function_name
from workbook_templates.formula.references import Corner, address, column_name
from workbook_templates.formula.tokens import CALL, CELLS, LAST_COLUMN, LAST_ROW, FormulaError, Token, tokenise

_ROW = re.compile(r"(\$?)([0-9]+)")
_Piece = Union[str, Tuple[str, List[Corner], bool]]
"""Text that stays; or a scope, the corners with distances for what moves, and whether both ends are written."""


class SharedFormula:
    """The formula of one cell, meant for all that share it; cut once into what stays and what moves."""

    def __init__(self, text: str, row: int, col: int) -> None:
        """``text`` is the formula (without ``=``) of the cell ``row``/``col``, counted from zero."""
        self._pieces: list[_Piece] = []
        for token in _tokens(text):
            if token.kind == CELLS:
                corners = [_relative(corner, row, col) for corner in address(token.body)]
                self._pieces.append((token.scope, corners, ":" in token.body))
            elif self._pieces and isinstance(self._pieces[-1], str):
                self._pieces[-1] += token.text
            else:
                self._pieces.append(token.text)

    def at(self, row: int, col: int) -> str:
        """The formula as it reads in another cell; a reference that leaves the sheet is ``#REF!``."""
        return "".join(piece if isinstance(piece, str) else _written(piece, row, col) for piece in self._pieces)


@lru_cache(maxsize=1024)
def filled_down(text: str) -> tuple[str | None, tuple[int, ...]]:
    """A format that writes the formula for other rows, and the numbers of the rows that move; None if it can't be told."""
    parts: list[str] = []
    numbers: list[int] = []
    for token in _tokens(text):
        place = 0
        if token.kind == CELLS:
            start = len(token.scope)
            for row in _ROW.finditer(token.text, start):
                if row[1]:
                    continue
                if not token.text[row.start(2) - 1].isalpha() or row.start(2) == start:
                    return None, ()
                parts += [token.text[place : row.start(2)].replace("%", "%%"), "%s"]
                numbers.append(int(row[2]))
                place = row.end(2)
        parts.append(token.text[place:].replace("%", "%%"))
    return "".join(parts), tuple(numbers)


def calls_any(text: str, names: frozenset[str]) -> bool:
    """Whether a formula calls one of the functions."""
    upper = text.upper()
    if not any(name in upper for name in names):
        return False
    return any(token.kind == CALL and function_name(token) in names for token in _tokens(text))


def _tokens(text: str) -> list[Token]:
    try:
        return tokenise(text)
    except FormulaError:
        return [Token("unread", text)]


def _relative(corner: Corner, row: int, col: int) -> Corner:
    return corner._replace(
        row=corner.row if corner.row is None or corner.row_fixed else corner.row - row,
        col=corner.col if corner.col is None or corner.col_fixed else corner.col - col,
    )


def _written(piece: tuple[str, list[Corner], bool], row: int, col: int) -> str:
    scope, corners, both = piece
    texts = []
    for corner in corners if both else corners[:1]:
        text = _corner(corner, row, col)
        if text is None:
            return "#REF!"
        texts.append(text)
    return scope + ":".join(texts)


def _corner(corner: Corner, row: int, col: int) -> str | None:
    text = ""
    if corner.col is not None:
        place = corner.col + (0 if corner.col_fixed else col)
        if not 0 <= place <= LAST_COLUMN:
            return None
        text = ("$" if corner.col_fixed else "") + column_name(place)
    if corner.row is not None:
        place = corner.row + (0 if corner.row_fixed else row)
        if not 0 <= place <= LAST_ROW:
            return None
        text += ("$" if corner.row_fixed else "") + str(place + 1)
    return text
