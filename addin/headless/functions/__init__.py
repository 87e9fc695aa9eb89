"""Ordinary spreadsheet functions, as Excel documents them, each declared where it is written: ``@function("MATCH")``.

What its arguments are stands in the table of all functions (workbook_templates.formula.excelfunctions). A function gets a plain value
for a single cell (it is applied to every cell of a column or array on its own) and a ``Block`` for several, or a plain value where one
was given directly.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from udfs.registry import PREFIX
from workbook_templates.formula.signatures import Signature, Takes, signature


@dataclass(frozen=True)
class Ordinary:
    name: str
    signature: Signature
    compute: Callable[..., Any]
    _letters: dict[int, str | None] = field(default_factory=dict, compare=False, repr=False)

    def letters(self, count: int) -> str | None:
        """For each of so many arguments ``c`` for a single cell, ``b`` for a block, ``a`` for a block that is computed element by
        element; None where it can't have that many.
        """
        if count not in self._letters:
            code = inspect.unwrap(self.compute).__code__
            fits = code.co_flags & inspect.CO_VARARGS or count <= code.co_argcount
            taken = (self.signature.takes(place, count).letter for place in range(count))
            self._letters[count] = "".join(taken) if fits and self.signature.accepts(count) else None
        return self._letters[count]

    def is_skippable(self, place: int, count: int) -> bool:
        """Whether an empty place between commas is the same as left out; elsewhere it is a blank."""
        argument = self.signature.argument(place, count)
        return argument is not None and argument.skippable

    def takes_no_range(self, place: int, count: int) -> bool:
        """Whether a range of several cells is an error in its place, though an array is not."""
        return self.name != "INDEX" and self.signature.takes(place, count) is Takes.SINGLE


ORDINARY: dict[str, Ordinary] = {}


def function(names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare the decorated function under one name or several, separated by spaces."""

    def declare(compute: Callable[..., Any]) -> Callable[..., Any]:
        for name in names.split():
            known = signature(name)
            if name in ORDINARY:
                raise LookupError(f"{name} is declared twice")
            if known is None:
                raise LookupError(f"{name} is missing in the table of functions")
            ORDINARY[name] = Ordinary(name, known, compute)
        return compute

    return declare


# Those that most workbooks call first: a module is imported when a function is asked for that none before it has.
_MODULES = [
    "mathematics", "statistics", "criteria", "lookup", "information", "texts", "dates", "counting", "dynamic", "shaping",
    "wording", "bytetexts", "workdays", "calendars", "descriptive", "database", "trigonometry", "regexes", "regression", "conversion",
    "depreciation", "financial", "securities", "oddbonds", "distributions", "discrete", "engineering", "complexnumbers",
]  # fmt: skip


def find(name: str) -> Ordinary | None:
    """The function of a name; None if there is none, or it isn't computed here."""
    if (known := ORDINARY.get(name)) is not None:
        return known
    if name.startswith(PREFIX) or signature(name) is None:
        return None
    while name not in ORDINARY and _MODULES:
        _import_next()
    return ORDINARY.get(name)


def load() -> dict[str, Ordinary]:
    """All functions."""
    while _MODULES:
        _import_next()
    return ORDINARY


def _import_next() -> None:
    # Importing a module declares its functions.
    import_module(f"{__name__}.{_MODULES[0]}")
    del _MODULES[0]
