"""Calls of the add-in's functions in formulas, wherever a program that saved them looks for the functions.

The parser refuses what it can't read; here nothing is refused, and formulas as Calc shows them are read too: what counts is which
part of a formula is a text, a sheet's or a column's name, and which a call. Excel's side of it (kaohe_text.bas) does the same.
"""

from __future__ import annotations

import re
from typing import Callable, Iterator, NamedTuple

from workbook_templates.formula.tokens import COLUMNS, QUOTED, SCOPE, STRING, WORD

OURS = "KAOHE"
_PART = re.compile(
    rf"""
    {STRING}
  | (?P<home>(?:{SCOPE})?(?:_xl\w+\.)*)(?P<name>{OURS}[_.]\w[\w.]*)(?=\s*\()
  | {QUOTED}
  | (?:{WORD})?{COLUMNS}
  | [\w.\\?]+
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)


class Call(NamedTuple):
    """A call: where it begins and its name ends, what stands before the name (``[1]!``, ``_xll.``), and the name as written."""

    start: int
    end: int
    home: str
    name: str

    @property
    def short(self) -> str:
        """The name without what all of ours begin with, in capitals: ``SCORE``."""
        return self.name[len(OURS) + 1 :].upper()


def calls(formula: str) -> Iterator[Call]:
    """The calls of our functions, ``KAOHE_SCORE(`` or (as Calc writes them) ``KAOHE.SCORE(``, from left to right."""
    if OURS in formula.upper():
        for found in _PART.finditer(formula):
            if found["name"]:
                yield Call(found.start(), found.end(), found["home"], found["name"])


def renamed(formula: str, name: Callable[[Call], str]) -> str:
    """The formula with what ``name`` gives in place of each call's home and name."""
    done, place = [], 0
    for call in calls(formula):
        done += [formula[place : call.start], name(call)]
        place = call.end
    return "".join(done) + formula[place:] if place else formula
