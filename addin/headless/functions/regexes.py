"""REGEXTEST and its kin, for patterns whose work can be bounded."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import Any

from addin.headless.context import Unsupported
from addin.headless.functions import function
from addin.headless.functions.arguments import NA, VALUE, require
from addin.headless.functions.cells import given
from addin.headless.operators import to_number, to_text
from addin.headless.values import Block
from addin.xlsx.model import Cell
from workbook_templates.formula.tokens import LONGEST_TEXT

MOST_STEPS = 10_000_000
# What backtracks exponentially, or means something else in Excel.
_REFUSED = re.compile(r"\)[*+?{]|\\[1-9gkKRXhHvVN]|\(\?[^:]|\[\[?[:.=]|\\p|\\P")
_GROUP = re.compile(r"\$(\d)(?!\d)")
_UNBOUNDED = re.compile(r"(?<!\\)[*+]|\{\d*,\d*\}")


@lru_cache(maxsize=1000)
def _compiled(pattern: str, insensitive: bool) -> re.Pattern[str]:
    if _REFUSED.search(pattern):
        raise Unsupported(f"正则表达式 {pattern} 的写法不受支持")
    try:
        return re.compile(pattern, re.IGNORECASE if insensitive else 0)
    except re.error:
        raise Unsupported(f"正则表达式 {pattern} 的写法不受支持") from None


def _pattern(text: str, pattern: Cell, case: Cell) -> re.Pattern[str]:
    """The pattern, if looking for it in the text takes a bounded number of steps."""
    written, number = to_text(given(pattern, None)), math.trunc(to_number(given(case, 0.0)))
    require(number in (0, 1), VALUE)
    if max(len(text), 1) ** (len(_UNBOUNDED.findall(written)) + 1) > MOST_STEPS:
        raise Unsupported("文本太长，正则表达式太复杂")
    return _compiled(written, number == 1)


@function("REGEXTEST")
def regextest(cell: Cell, pattern: Cell, case: Cell = 0.0) -> Cell:
    text = to_text(given(cell, None))
    return _pattern(text, pattern, case).search(text) is not None


@function("REGEXEXTRACT")
def regexextract(cell: Cell, pattern: Cell, mode: Cell = 0.0, case: Cell = 0.0) -> Any:
    """The first match; with mode 1 all of them in a row, with mode 2 the groups of the first."""
    text, kind = to_text(given(cell, None)), math.trunc(to_number(given(mode, 0.0)))
    require(kind in (0, 1, 2), VALUE)
    matches = list(_pattern(text, pattern, case).finditer(text))
    require(bool(matches), NA)
    if kind == 0:
        return matches[0][0]
    if kind == 1:
        return Block([[match[0]] for match in matches])
    require(bool(matches[0].groups()), VALUE)
    return Block([[group or ""] for group in matches[0].groups()])


@function("REGEXREPLACE")
def regexreplace(cell: Cell, pattern: Cell, replacement: Cell, occurrence: Cell = 0.0, case: Cell = 0.0) -> Cell:
    """All matches replaced, or the one of a number, counted from the end if it is negative."""
    text, which = to_text(given(cell, None)), math.trunc(to_number(given(occurrence, 0.0)))
    new = to_text(given(replacement, None))
    if "\\" in new or _GROUP.sub("", new).count("$"):
        raise Unsupported(f"替换文本 {new} 的写法不受支持")
    matches = list(_pattern(text, pattern, case).finditer(text))
    if which:
        place = which - 1 if which > 0 else len(matches) + which
        matches = matches[place : place + 1] if 0 <= place < len(matches) else []
    numbers = {int(number) for number in _GROUP.findall(new)}
    require(not matches or max(numbers, default=0) <= len(matches[0].groups()), VALUE)
    news = [_GROUP.sub(lambda group, match=match: match[int(group[1])] or "", new) for match in matches]  # type: ignore[misc]
    left = len(text) - sum(match.end() - match.start() for match in matches)
    require(left + sum(map(len, news)) <= LONGEST_TEXT, VALUE)
    for match, one in zip(reversed(matches), reversed(news), strict=True):
        text = text[: match.start()] + one + text[match.end() :]
    return text
