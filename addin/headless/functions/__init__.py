"""Ordinary spreadsheet functions, as Excel documents them, each declared where it is written.

``@function("MATCH", "cbc")``: one letter an argument, the last repeated if a ``*`` follows. ``c`` is a single cell (the function
is applied to every cell of a column or array on its own), ``b`` a block (``Block``, or a single cell given directly), ``a`` a block
of which arrays are computed element by element inside (as SUMPRODUCT does).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from inspect import Parameter, signature
from typing import Any


@dataclass(frozen=True)
class Ordinary:
    name: str
    letters: str
    compute: Callable[..., Any]
    fewest: int = 0

    def letter(self, position: int) -> str:
        """How the argument at this position is taken; "" if there is none."""
        if self.letters.endswith("*"):
            return self.letters[min(position, len(self.letters) - 2)]
        return self.letters[position] if position < len(self.letters) else ""

    def takes(self, count: int) -> bool:
        return self.fewest <= count and (count == 0 or self.letter(count - 1) != "")


ORDINARY: dict[str, Ordinary] = {}


def function(names: str, letters: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare the decorated function under one name or several, separated by spaces."""

    def declare(compute: Callable[..., Any]) -> Callable[..., Any]:
        given = signature(compute).parameters.values()
        fewest = sum(one.default is Parameter.empty for one in given)
        for name in names.split():
            ORDINARY[name] = Ordinary(name, letters, compute, fewest)
        return compute

    return declare


def load() -> dict[str, Ordinary]:
    """All functions; importing a module declares its functions."""
    from addin.headless.functions import (  # noqa: F401
        arrays,
        criteria,
        dates,
        information,
        lookup,
        mathematics,
        more_statistics,
        statistics,
        texts,
    )

    return ORDINARY
