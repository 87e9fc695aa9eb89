"""The functions' names in formulas: ``KAOHE_SCORE(`` as everybody sees it, ``KAOHE.SCORE(`` as some versions of Calc write it."""

from __future__ import annotations

from addin.calc.component.identity import SERVICE, method
from udfs import FUNCTIONS
from udfs.registry import PREFIX
from workbook_templates.formula.calls import Call, calls, renamed

_METHODS = frozenset(method(function) for function in FUNCTIONS.values())


def is_unbound(formula: str) -> bool:
    """Whether Calc has left a function's name as it stands in a file, and so doesn't know the function."""
    return any(_is_known(call) and (call.home or not _is_programmatic(call)) for call in calls(formula))


def is_linked(formula: str) -> bool:
    """Whether a function is sought in the add-in of another program, so that reading the formula again is not enough."""
    return any(_is_known(call) and call.home for call in calls(formula))


def programmatic(formula: str) -> str:
    """A formula with the names that Calc's English formula syntax takes."""
    return _with(formula, f"{SERVICE}.")


def visible(formula: str) -> str:
    """A formula with the names that users see, as every other program knows them."""
    return _with(formula, PREFIX)


def _with(formula: str, prefix: str) -> str:
    return renamed(formula, lambda call: prefix + call.short if _is_known(call) else call.home + call.name)


def _is_known(call: Call) -> bool:
    return call.short in _METHODS


def _is_programmatic(call: Call) -> bool:
    return call.name[len(SERVICE)] == "."
