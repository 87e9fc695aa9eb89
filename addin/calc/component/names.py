"""The functions' names in formulas: ``KAOHE_SCORE(`` as everybody sees it, ``KAOHE.SCORE(`` as some versions of Calc write it."""

from __future__ import annotations

import re

from addin.calc.component.identity import PREFIX, SERVICE, method
from udfs import FUNCTIONS

_METHODS = "|".join(sorted((method(function) for function in FUNCTIONS.values()), key=len, reverse=True))
_TEXT = r'"(?:[^"]|"")*"|'
# How Excel saves a function of an add-in: with a link to the add-in's file, its path or its name, or as one from the future.
_HOME = r"(?<![\w.])(?:\[[0-9]+\]!|'(?:[^']|'')*'!|[\w.]+\.xl\w+!|(?:_xlfn\.|_xlws\.|_xll\.)+)"
_VISIBLE = re.compile(rf"{_TEXT}(?:(?<![\w.]){PREFIX}|{_HOME}{SERVICE}[._])({_METHODS})(?=\s*\()", re.IGNORECASE)
_ELSEWHERE = re.compile(rf"{_TEXT}{_HOME}{SERVICE}[._]({_METHODS})(?=\s*\()", re.IGNORECASE)
_PROGRAMMATIC = re.compile(rf"{_TEXT}(?<![\w.]){SERVICE}\.({_METHODS})(?=\s*\()", re.IGNORECASE)


def is_unbound(formula: str) -> bool:
    """Whether Calc has left a function's name as it stands in a file, and so doesn't know the function."""
    return any(found[1] for found in _VISIBLE.finditer(formula))


def is_linked(formula: str) -> bool:
    """Whether a function is sought in the add-in of another program, so that reading the formula again is not enough."""
    return any(found[1] for found in _ELSEWHERE.finditer(formula))


def programmatic(formula: str) -> str:
    """A formula with the names that Calc's English formula syntax takes."""
    return _VISIBLE.sub(lambda found: f"{SERVICE}.{found[1].upper()}" if found[1] else found[0], formula)


def visible(formula: str) -> str:
    """A formula with the names that users see, as every other program knows them."""
    return _PROGRAMMATIC.sub(lambda found: f"{PREFIX}{found[1].upper()}" if found[1] else found[0], formula)
