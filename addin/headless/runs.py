"""Formula cells that say the same, found without taking every formula apart.

Whether a formula says the same as the one above it is seen by writing the upper one down for the next row and comparing the
texts: of ten thousand formulas of a filled-down column only the first is parsed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from addin.xlsx.model import Area
from workbook_templates.formula.moving import filled_down


@dataclass(slots=True)
class Run:
    """The rows ``first`` … ``last`` of a column; ``text`` (without ``=``) is the formula as it reads in the first one.

    ``area`` is the block that an array formula fills.
    """

    text: str
    col: int
    first: int
    last: int
    area: Area | None = None


class _Open:
    """A run that may go on in the next row."""

    __slots__ = ("_numbers", "_pattern", "run")

    def __init__(self, run: Run) -> None:
        self.run = run
        self._pattern, self._numbers = filled_down(run.text)

    def continues(self, text: str, row: int) -> bool:
        if self.run.last != row - 1 or self._pattern is None:
            return False
        shift = row - self.run.first
        return self._pattern % tuple([number + shift for number in self._numbers]) == text


def runs_of(formulas: Mapping[tuple[int, int], str], arrays: Mapping[tuple[int, int], Area]) -> Iterator[Run]:
    """The runs of a sheet's formulas, array formulas each on its own."""
    opened: dict[int, _Open] = {}
    for (row, col), text in formulas.items():
        area = arrays.get((row, col))
        if area is not None:
            yield Run(text, col, row, row, area)
            continue
        current = opened.get(col)
        if current is not None and current.continues(text, row):
            current.run.last = row
            continue
        if current is not None:
            yield current.run
        opened[col] = _Open(Run(text, col, row, row))
    for current in opened.values():
        yield current.run
