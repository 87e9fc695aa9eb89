"""What spreadsheet programs take for a name, a heading, an option of a list, a number format."""

from __future__ import annotations

import re

from workbook_templates.formula.tokens import LONGEST_TEXT

# Excel refuses names that look like cells or hold signs; a scheme's names must be usable as such.
_NAME = re.compile(r"[^\W\d][\w.]*")
_CELL_LIKE = re.compile(r"[A-Za-z]{1,3}[0-9]+|[RrCc]([0-9]+([Cc][0-9]*)?)?|TRUE|FALSE", re.IGNORECASE)
_NOT_IN_HEADINGS = re.compile(
    r"[\[\]#'@\"\r\n\t\u00a0\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]|_x[0-9A-Fa-f]{4}_"
)
_NOT_IN_FILES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What no XML holds, escaped or not."""

_NOT_IN_CHOICES = re.compile(r"[,/\r\n]")
_BRACKETS = (
    r"\[(?:Black|Blue|Cyan|Green|Magenta|Red|White|Yellow|Color ?\d+|[<>=]+-?[\d.]+|h+|m+|s+|DBNum[1-4]|\$[^\[\]]*)\]"
)
_SECTION = rf'(?:"[^"]*"|\\.|{_BRACKETS}|[^"\\\[\];])*'
_FORMAT = re.compile(rf"{_SECTION}(?:;{_SECTION}){{0,3}}", re.IGNORECASE)
_FORMAT_TEXT = re.compile(r'"[^"]*"|\\.|\[[^\[\]]*\]')
_FULL_WIDTH = re.compile("[，．：；％＃０？－＋]")
_FORMAT_PLACES = re.compile(r"[0#?@ymdhs]|General", re.IGNORECASE)
LONGEST_SHEET, LONGEST_NAME, LONGEST_FORMAT, WIDEST = 31, 255, 255, 255
_RESERVED = re.compile(r"(?:Print_(?:Area|Titles)|KAOHE_\w*)", re.IGNORECASE)
"""Names that mean something in every workbook: the printed part of a sheet, and our functions."""


def units(text: str) -> int:
    """How long Excel says a text is: rare characters and small pictures count twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def text_fault(text: str) -> str:
    """Why no cell can hold a text; empty where one can."""
    if odd := _NOT_IN_FILES.search(text):
        return f"有不能写进工作簿的字符（U+{ord(odd[0]):04X}），请删去"
    return f"有 {units(text)} 个字，一格最多 {LONGEST_TEXT} 个" if units(text) > LONGEST_TEXT else ""


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
    bare = _FORMAT_TEXT.sub("", text)
    return bool(fits and _FORMAT_PLACES.search(bare) and not _FULL_WIDTH.search(bare))
