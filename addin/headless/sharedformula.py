"""A formula that several cells share, written down once for the first of them and meant for all."""

from __future__ import annotations

import re

from addin.xlsx.model import column_name

LAST_ROW, LAST_COLUMN = 1_048_575, 16_383
_TOKEN = re.compile(
    r"""
    "(?:[^"]|"")*"
  | '(?:[^']|'')*'
  | \[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*\]
  | (?<![\w.$\\])(?P<reference>
        \$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6}(?::\$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6})?
      | \$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}
      | \$?[1-9][0-9]{0,6}:\$?[1-9][0-9]{0,6}
    )(?![\w.(!\[$])
    """,
    re.VERBOSE,
)
_PART = re.compile(r"(:)|(\$?)([A-Za-z]+)|(\$?)([0-9]+)")
_Part = str | tuple[bool, int]
"""Text that stays, or: is it a row? and how far from the cell."""


class SharedFormula:
    """The formula's text, cut once into what stays and what moves with the cell."""

    def __init__(self, text: str, row: int, col: int) -> None:
        """``text`` is the formula (without ``=``) of the cell ``row``/``col``, counted from zero."""
        self._pieces: list[str | list[_Part]] = []
        place = 0
        for match in _TOKEN.finditer(text):
            if match["reference"]:
                self._pieces += [text[place : match.start()], _parts(match["reference"], row, col)]
                place = match.end()
        self._pieces.append(text[place:])

    def at(self, row: int, col: int) -> str:
        """The formula as it reads in another cell; a reference that leaves the sheet is ``#REF!``."""
        return "".join(
            piece if isinstance(piece, str) else "".join(_written(piece, row, col)) for piece in self._pieces
        )


def _parts(reference: str, row: int, col: int) -> list[_Part]:
    parts: list[_Part] = []
    for colon, fixed_col, letters, fixed_row, number in _PART.findall(reference):
        if colon or fixed_col or fixed_row:
            parts.append(colon or fixed_col + letters or fixed_row + number)
        elif letters:
            parts.append((False, _column(letters) - col))
        else:
            parts.append((True, int(number) - 1 - row))
    return parts


def _written(parts: list[_Part], row: int, col: int) -> list[str]:
    written = []
    for part in parts:
        if isinstance(part, str):
            written.append(part)
            continue
        is_row, distance = part
        number = distance + (row if is_row else col)
        if not 0 <= number <= (LAST_ROW if is_row else LAST_COLUMN):
            return ["#REF!"]
        written.append(str(number + 1) if is_row else column_name(number))
    return written


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1
