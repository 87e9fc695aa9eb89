"""The sentences that a scheme itself declares for its columns (``say``), with the values of a row put in."""

from __future__ import annotations

from functools import cached_property

from addin.checking.carried import carried
from addin.headless.inspection import Place
from addin.macros.explaining.labels import Labels
from addin.macros.macro import Subject
from addin.xlsx.model import Cell, Table
from workbook_templates.scheme.columns import SAID, Computed
from workbook_templates.scheme.model import Scheme


class Sayings:
    """The declared sentences of one workbook."""

    def __init__(self, subject: Subject, labels: Labels) -> None:
        self._book = subject.book
        self._labels = labels

    @cached_property
    def scheme(self) -> Scheme | None:
        """The scheme that the workbook carries, if this version can read it."""
        return carried(self._book)

    def sentence(self, place: Place, value: Cell) -> str:
        """What the scheme says of a cell that was computed; empty where it says nothing."""
        table = self._labels.table(place)
        column = self._column(table.name, self._labels.heading(place)) if table else None
        if table is None or column is None or not column.say or value in (None, "", column.absent):
            return ""

        cells = {match[0]: self._cell(place, table, match[1], match[2]) for match in SAID.finditer(column.say)}
        told = {name: self._labels.value(cell).strip("“”（）") for name, cell in cells.items() if cell is not None}
        return SAID.sub(lambda match: told[match[0]], column.say) if len(told) == len(cells) else ""

    def _cell(self, place: Place, table: Table, own_row: str, name: str) -> Place | None:
        """What a sentence names: a cell of the row, or one with a name of its own; None where a clerk has deleted it."""
        if own_row:
            return place._replace(col=table.column(name)) if name in table.columns else None
        cell = self._book.named_cell(name)
        return Place(*cell) if cell is not None else None

    def _column(self, table: str, heading: str | None) -> Computed | None:
        declared = next((t for t in self.scheme.tables if t.name == table), None) if self.scheme else None
        return next((c for c in declared.computed if c.name == heading), None) if declared else None
