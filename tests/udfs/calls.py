"""Calls as a cell makes them, and the columns that they give."""

from __future__ import annotations

from typing import Any

from udfs import FUNCTIONS, CellError

VALUE, NA, NUM, DIV0 = CellError.VALUE, CellError.NA, CellError.NUM, CellError.DIV0


def call(name: str, *arguments: Any) -> Any:
    """``call("SCORE", …)`` is what a cell with ``=KAOHE_SCORE(…)`` shows."""
    return FUNCTIONS[f"KAOHE_{name}"](*arguments)


def column(*cells: Any) -> list[list[Any]]:
    return [[cell] for cell in cells]


def cells(result: Any) -> list[Any]:
    """The cells of a column, or the one cell."""
    return [row[0] for row in result] if isinstance(result, tuple) else [result]
