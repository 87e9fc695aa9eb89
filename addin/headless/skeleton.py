"""What the formulas of a workbook are read from: all of it but the values.

Workbooks that are made alike have it in common, and what was found out about it is found out once: of a folder of workbooks
of one scheme, the formulas of the first are read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from addin.xlsx.cells import Run
from addin.xlsx.model import Area, Table, Workbook
from workbook_templates.formula.resolving import Met, Resolved, resolve
from workbook_templates.formula.tokens import FormulaError

MOST_KEPT, MOST_RUNS = 64, 10_000
"""So many are kept, and none with more formulas."""


Found = TypeVar("Found")


class Written(NamedTuple):
    """A sheet's formulas as they are written, and the blocks that array formulas fill."""

    runs: list[Run]
    arrays: Mapping[tuple[int, int], Area]


@dataclass
class Skeleton:
    sheets: dict[str, Written]
    tables: dict[str, Table]
    names: dict[str, str]
    _found: dict[Callable[[Skeleton], Any], Any] = field(default_factory=dict, compare=False, repr=False)
    met: Met = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, workbook: Workbook) -> Skeleton:
        """That of the workbook as it now is; the same object for workbooks that are alike."""
        sheets = {
            name: Written(list(sheet.formulas.runs(sheet.arrays)), sheet.arrays)
            for name, sheet in workbook.sheets.items()
        }
        own = cls(sheets, workbook.tables, workbook.names)
        if sum(len(sheet.runs) for sheet in sheets.values()) > MOST_RUNS:
            return own
        known = next((each for each in _kept if each == own and list(each.sheets) == list(own.sheets)), None)
        if known is not None:
            _kept.remove(known)
        else:
            copies = {name: Written(each.runs, dict(each.arrays)) for name, each in sheets.items()}
            known = cls(copies, dict(workbook.tables), dict(workbook.names))
        _kept.insert(0, known)
        del _kept[MOST_KEPT:]
        return known

    def once(self, find: Callable[[Skeleton], Found]) -> Found:
        """What ``find`` finds out about it, which it is asked once."""
        if find not in self._found:
            self._found[find] = find(self)
        found: Found = self._found[find]
        return found

    def tables_on(self, sheet: str) -> list[Table]:
        return [table for table in self.tables.values() if table.sheet == sheet]

    @cached_property
    def runs(self) -> dict[str, list[tuple[Run, Resolved | FormulaError]]]:
        """By sheet, the formulas that say the same for the cells of a column, with what they mean or why they can't be read."""
        return {
            name: [(run, self._meaning(run, name, tables)) for run in written.runs]
            for name, written in self.sheets.items()
            for tables in [self.tables_on(name)]
        }

    def _meaning(self, run: Run, sheet: str, tables: list[Table]) -> Resolved | FormulaError:
        try:
            return resolve(run.text, sheet, run.first, run.col, self, tables, self.met)
        except FormulaError as error:
            return error


_kept: list[Skeleton] = []
