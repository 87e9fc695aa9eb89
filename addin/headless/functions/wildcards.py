"""Texts with ``*``, ``?`` and ``~``, compared in time that grows with their lengths only."""

from __future__ import annotations

import re

LONGEST_SOUGHT = 255
"""Characters that a text may have which the functions of criteria, VLOOKUP and MATCH look for."""
_TOKEN = re.compile(r"~.|.", re.DOTALL)
_TOKEN_OF_CRITERIA = re.compile(r"~[*?~]|.", re.DOTALL)


class Wildcard:
    """The pieces between the stars, each of a fixed length: they are looked for one after the other, never tried again."""

    __slots__ = ("_pieces",)

    def __init__(self, text: str, any_one: str = ".", of_criteria: bool = False) -> None:
        """``any_one``: the pattern that a question mark stands for; ``of_criteria``: a tilde before another character is itself."""
        pieces: list[list[str]] = [[]]
        for token in (_TOKEN_OF_CRITERIA if of_criteria else _TOKEN).findall(text):
            if token == "*":
                pieces.append([])
            elif token != "~" or of_criteria:
                pieces[-1].append(any_one if token == "?" else re.escape(token[-1]))
        self._pieces = [(re.compile("".join(piece), re.IGNORECASE | re.DOTALL), len(piece)) for piece in pieces]

    def matches(self, text: str) -> bool:
        """Whether the whole text fits."""
        (first, length), *others = self._pieces
        if not others:
            return first.fullmatch(text) is not None
        last, tail = others.pop()
        if len(text) < length + tail or first.match(text) is None or last.match(text, len(text) - tail) is None:
            return False
        place, end = length, len(text) - tail
        for piece, _ in others:
            found = piece.search(text, place, end)
            if found is None:
                return False
            place = found.end()
        return True

    def search(self, text: str, start: int = 0) -> int | None:
        """Where the first part of the text begins that fits."""
        begin: int | None = None
        for piece, _ in self._pieces:
            found = piece.search(text, start)
            if found is None:
                return None
            begin, start = found.start() if begin is None else begin, found.end()
        return begin
