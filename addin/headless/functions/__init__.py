"""Ordinary spreadsheet functions, as Excel documents them, each declared where it is written.

``@function("MATCH", "cba")``: one letter an argument, the last repeated if a ``*`` follows. ``c`` is a single cell (the function
is applied to every cell of a column or array on its own), ``b`` a block (``Block``, or a single cell given directly), ``a`` a block
of which arrays are computed element by element inside (as SUMPRODUCT does).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Ordinary:
    name: str
    letters: str
    compute: Callable[..., Any]

    def takes(self, count: int) -> bool:
        """Whether that many arguments may be given."""
        code = self.compute.__code__
        least = code.co_argcount - len(self.compute.__defaults__ or ())
        return count >= least and (self.letters.endswith("*") or count <= len(self.letters))

    def letter(self, position: int) -> str:
        if self.letters.endswith("*"):
            return self.letters[min(position, len(self.letters) - 2)]
        return self.letters[position] if position < len(self.letters) else ""


ORDINARY: dict[str, Ordinary] = {}


def function(names: str, letters: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare the decorated function under one name or several, separated by spaces."""

    def declare(compute: Callable[..., Any]) -> Callable[..., Any]:
        for name in names.split():
            ORDINARY[name] = Ordinary(name, letters, compute)
        return compute

    return declare


def load() -> dict[str, Ordinary]:
    """All functions; importing a module declares its functions."""
    from addin.headless.functions import (  # noqa: F401
        counting,
        criteria,
        dates,
        dynamic,
        information,
        lookup,
        mathematics,
        statistics,
        texts,
    )

    return ORDINARY
