"""The one lexer of formulas: what stands where, without a character lost.

It reads what spreadsheet programs store and what users type: structured references with their escapes, references over several
sheets and into other workbooks, array constants, ``#`` and ``@``. A text of n characters takes time in proportion to n.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

SPACE, TEXT, NUMBER, ERROR, CELLS, STRUCTURED, CALL, NAME, SIGN = (
    "space",
    "text",
    "number",
    "error",
    "cells",
    "structured",
    "call",
    "name",
    "sign",
)
LONGEST = 8192
MOST_LEVELS = 64
NOWHERE = -1
"""The start of a token that is meant for several cells."""
LAST_ROW, LAST_COLUMN = 1_048_575, 16_383
LONGEST_TEXT = 32_767
"""Characters in a cell."""

WORD = r"[^\W\d][\w.\\?]*|\\[\w.\\?]*"
STRING = r'"[^"]*(?:""[^"]*)*"'
QUOTED = r"'[^']*(?:''[^']*)*'"
COLUMNS = r"\[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*\]"
"""What stands in the brackets of a structured reference, and these: ``'`` makes any character after it one of a column's name."""

_CELL = r"\$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6}"
_COLUMN = r"\$?[A-Za-z]{1,3}"
_ROW = r"\$?[1-9][0-9]{0,6}"
_ALONE = r"(?![\w.(\[!$\\?])"
_SHEET = r"\w[\w.]*(?::\w[\w.]*)?"
SCOPE = rf"""(?:{QUOTED}|\[[^\[\]'"!]+\](?:{_SHEET})?|{_SHEET})!"""
"""A sheet, several sheets, or another workbook before what is meant in it."""

_ERROR = (
    r"\#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|FIELD!|BLOCKED!|CONNECT!|UNKNOWN!|BUSY!"
    r"|PYTHON!|EXTERNAL!)"
)
# Every second token is a sign.
_TOKEN = re.compile(
    rf"""
    (?P<sign><>|<=|>=|[-+*/^&=<>%:@(),;{{}}]|(?!{_ERROR})\#)
  | (?P<space>[\ \t\r\n]+)
  | (?P<text>{STRING})
  | (?P<scope>{SCOPE})?
    (?:
        (?P<cells>{_CELL}(?::{_CELL})?{_ALONE}|{_COLUMN}:{_COLUMN}{_ALONE}|{_ROW}:{_ROW}{_ALONE})
      | (?P<error>{_ERROR}(?:(?<=REF!)(?:{_CELL}(?::{_CELL})?|{_COLUMN}:{_COLUMN}|{_ROW}:{_ROW}))?)
      | (?P<structured>(?:{WORD})?{COLUMNS})
      | (?P<call>(?:{WORD})\()
      | (?P<name>{WORD})
    )
  | (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![\w.\\?]))
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_SCOPE_GROUP = _TOKEN.groupindex["scope"]
_ADDRESS = re.compile(r"\$?([A-Za-z]*)\$?([0-9]*)")
_FULL_WIDTH = dict(zip("（），：；“”‘’＝＋－＊／＜＞％＆＃＠［］【】｛｝！、。", "(),:;\"\"''=+-*/<>%&#@[][]{}!,."))


_MEANT = {"≥": ">=", "≤": "<=", "≠": "<>", "!=": "<>", "×": "*", "÷": "/"}


class FormulaError(ValueError):
    """A formula that can't be read or isn't allowed; the message (Chinese) names the part and, where known, its place."""


class Token(NamedTuple):
    """A piece of a formula. ``text`` is what stands there, ``scope`` its beginning that names a sheet or workbook (with ``!``)."""

    kind: str
    text: str
    start: int = 0
    scope: str = ""

    @property
    def body(self) -> str:
        """The text without the sheet or workbook."""
        return self.text[len(self.scope) :]


def tokenise(text: str) -> list[Token]:
    """The tokens of a formula (without ``=``), spaces included: joined they are the text again. Raises FormulaError."""
    return list(_tokenised(text))


@lru_cache(maxsize=1024)  # A formula is read several times, and in a folder of workbooks of one scheme in each of them.
def _tokenised(text: str) -> tuple[Token, ...]:
    found: list[Token] = []
    append, match_at = found.append, _TOKEN.match
    place, end = 0, len(text)
    while place < end:
        match = match_at(text, place)
        if match is None:
            raise FormulaError("公式写法有误：" + _unreadable(text, place))
        kind, whole, scope = match.lastgroup or "", match[0], match[_SCOPE_GROUP] or ""
        if kind == CELLS and not _exists(match[kind]):
            # Words that only look like cells, or rows that no sheet has.
            first = match[kind].partition(":")[0]
            if not first[0].isalpha():
                raise FormulaError(f"公式写法有误：{place_of(place)}处的 {match[kind]} 不在工作表中")
            append(Token(CELLS if is_cell(first) else NAME, scope + first, place, scope))
            place += len(scope) + len(first)
            continue
        # Token(…) itself takes longer than to find it.
        append(tuple.__new__(Token, (kind, whole, place, scope)))
        place += len(whole)
    return tuple(found)


def is_cell(word: str) -> bool:
    """Whether a word is the address of a cell that a sheet has."""
    return re.fullmatch(_CELL, word) is not None and _exists(word)


@lru_cache(maxsize=65536)
def _exists(address: str) -> bool:
    for part in address.split(":"):
        letters, digits = _ADDRESS.fullmatch(part).groups()  # type: ignore[union-attr]
        if (digits and int(digits) > LAST_ROW + 1) or (len(letters) == 3 and letters.upper() > "XFD"):
            return False
    return True


def place_of(start: int) -> str:
    """A place in a formula's text (without ``=``), counted as the user sees it."""
    return f"第 {start + 2} 个字符"


def _unreadable(text: str, start: int) -> str:
    char = text[start]
    where = place_of(start)
    if char in _FULL_WIDTH:
        return f"{where}是全角的“{char}”，应为半角的 {_FULL_WIDTH[char]}"
    if digits := re.match("[０-９．]+", text[start:]):
        return f"{where}的 {digits[0]} 应为半角的数字"
    for sign, meant in _MEANT.items():
        if text.startswith(sign, start):
            return f"{where}的 {sign} 应为 {meant}"
    if char == '"':
        return f"{where}的引号没有配对"
    if char == "'":
        return f"{where}的单引号没有配对，或后面缺少感叹号"
    if char in "[]":
        return f"{where}的方括号没有配对"
    return f"{where}“{text[start : start + 12]}”的写法有误"
