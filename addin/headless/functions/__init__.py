"""Ordinary spreadsheet functions, as Excel documents them, each declared where it is written: ``@function("MATCH")``.

What its arguments are stands in the table of all functions (workbook_templates.formula.excelfunctions). A function gets a plain value
for a single cell (it is applied to every cell of a column or array on its own) and a ``Block`` for several, or a plain value where one
was given directly.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from workbook_templates.formula.signatures import Signature, signature


@dataclass(frozen=True)
class Ordinary:
    name: str
    signature: Signature
    compute: Callable[..., Any]

    def takes(self, count: int) -> bool:
        """Whether that many arguments may be given."""
        code = inspect.unwrap(self.compute).__code__
        any_number = code.co_flags & inspect.CO_VARARGS
        return self.signature.accepts(count) and (bool(any_number) or count <= code.co_argcount)

    def letter(self, place: int, count: int) -> str:
        """``c`` for a single cell, ``b`` for a block, ``a`` for a block that is computed element by element."""
        return self.signature.takes(place, count).letter

    def is_skippable(self, place: int, count: int) -> bool:
        """Whether an empty place between commas is the same as left out; elsewhere it is a blank."""
        argument = self.signature.argument(place, count)
        return argument is not None and argument.skippable


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


def load() -> dict[str, Ordinary]:
    """All functions; importing a module declares its functions."""
    from addin.headless.functions import (  # noqa: F401
        calendars,
        complexnumbers,
        conversion,
        counting,
        criteria,
        database,
        dates,
        depreciation,
        descriptive,
        discrete,
        distributions,
        dynamic,
        engineering,
        financial,
        information,
        lookup,
        mathematics,
        regexes,
        regression,
        securities,
        shaping,
        statistics,
        texts,
        trigonometry,
        wording,
    )

    return ORDINARY
