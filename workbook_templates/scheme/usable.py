"""What spreadsheet programs take for a name, a heading, an option of a list, a number format."""

from __future__ import annotations

import re

# Excel refuses names that look like cells or hold signs; a scheme's names must be usable as such.
_NAME = re.compile(r"[^\W\d][\w.]*")
_CELL_LIKE = re.compile(r"[A-Za-z]{1,3}[0-9]+|[RrCc]([0-9]+([Cc][0-9]*)?)?|TRUE|FALSE", re.IGNORECASE)
_NOT_IN_HEADINGS = re.compile(r"[\[\]#'@\"\r\n\t]|_x[0-9A-Fa-f]{4}_")
_NOT_IN_CHOICES = re.compile(r"[,/\r\n]")
_BRACKETS = (
    r"\[(?:Black|Blue|Cyan|Green|Magenta|Red|White|Yellow|Color ?\d+|[<>=]+-?[\d.]+|h+|m+|s+|DBNum[1-4]|\$[^\[\]]*)\]"
)
_SECTION = rf'(?:"[^"]*"|\\.|{_BRACKETS}|[^"\\\[\];])*'
_FORMAT = re.compile(rf"{_SECTION}(?:;{_SECTION}){{0,3}}", re.IGNORECASE)
_FORMAT_TEXT = re.compile(r'"[^"]*"|\\.|\[[^\[\]]*\]')
_FORMAT_PLACES = re.compile(r"[0#?@ymdhs]|General", re.IGNORECASE)
LONGEST_SHEET, LONGEST_NAME, LONGEST_FORMAT, WIDEST = 31, 255, 255, 255
_RESERVED = re.compile(r"(?:Print_(?:Area|Titles)|KAOHE_\w*)", re.IGNORECASE)
"""Names that mean something in every workbook: the printed part of a sheet, and our functions."""


def units(text: str) -> int:
    """How long Excel says a text is: rare characters and small pictures count twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def is_plain(name: str) -> bool:
    """Whether a bound in quotes can mean a name."""
    return bool(_NAME.fullmatch(name))


def is_name(name: str) -> bool:
    unlike = not _CELL_LIKE.fullmatch(name) and not _RESERVED.fullmatch(name)
    return is_plain(name) and unlike and units(name) <= LONGEST_NAME


def is_heading(name: str) -> bool:
    return bool(name) and not _NOT_IN_HEADINGS.search(name) and name == name.strip() and units(name) <= LONGEST_NAME


def is_choice(text: str) -> bool:
    return bool(text.strip()) and not _NOT_IN_CHOICES.search(text)


def is_format(text: str) -> bool:
    """A format that spreadsheet programs can't read breaks the file."""
    fits = _FORMAT.fullmatch(text) and len(text) <= LONGEST_FORMAT
    return bool(fits and _FORMAT_PLACES.search(_FORMAT_TEXT.sub("", text)))
