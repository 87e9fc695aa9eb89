"""How wide a text stands in a terminal."""

from __future__ import annotations

import unicodedata


def width(text: str) -> int:
    """The columns that a text takes: a Chinese character takes two."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )
