"""For which cells a formula is evaluated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


class Unsupported(Exception):
    """A part of a formula that can't be computed without the spreadsheet program; the message is Chinese."""


class Context:
    """The cells that are computed: rows of one column; ``array`` where blocks are taken element by element."""

    __slots__ = ("array", "col", "rows", "sheet", "single", "variables")

    def __init__(
        self,
        sheet: str,
        rows: Sequence[int],
        col: int,
        array: bool = False,
        variables: Mapping[str, Any] | None = None,
        *,
        together: bool = False,
    ) -> None:
        """``together``: also a single cell is computed as one of several."""
        self.sheet = sheet
        self.rows = rows
        self.col = col
        self.array = array
        self.variables = variables or {}
        self.single = len(rows) == 1 and not together

    def of(self, lanes: Sequence[int]) -> Context:
        """Some of the cells, by their places among these.

        What variables stand for has been computed for many cells at once, without the references: so they are computed on.
        """
        variables = {name: _picked(value, lanes) for name, value in self.variables.items()}
        rows = [self.rows[lane] for lane in lanes]
        return Context(self.sheet, rows, self.col, self.array, variables, together=bool(variables))

    def in_array(self) -> Context:
        return self if self.array else self._but(True, self.variables)

    def plain(self) -> Context:
        return self._but(False, self.variables) if self.array else self

    def with_variable(self, name: str, value: Any) -> Context:
        return self._but(self.array, {**self.variables, name: value})

    def _but(self, array: bool, variables: Mapping[str, Any]) -> Context:
        return Context(self.sheet, self.rows, self.col, array, variables, together=not self.single)


def _picked(value: Any, lanes: Sequence[int]) -> Any:
    from addin.headless.values import LaneRows, Lanes

    if isinstance(value, Lanes):
        return Lanes([value.cells[lane] for lane in lanes])
    if isinstance(value, LaneRows):
        return LaneRows([[column[lane] for lane in lanes] for column in value.columns], value.left)
    return value
