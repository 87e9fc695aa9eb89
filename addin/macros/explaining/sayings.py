"""The sentences that a scheme itself declares for its columns (``say``), with the values of a row put in."""

from __future__ import annotations

from functools import cached_property

from addin.checking.carried import carried
from addin.headless.inspection import Place
from addin.macros.explaining.labels import Labels
from addin.macros.macro import Subject
from addin.xlsx.cellreader import place as cell_place
from addin.xlsx.model import Cell
from workbook_templates.scheme.columns import SAID, Computed
from workbook_templates.scheme.errors import SchemeError
from workbook_templates.scheme.model import Scheme


class Sayings:
    """The declared sentences of one workbook."""

    def __init__(self, subject: Subject, labels: Labels) -> None:
        self._book = subject.book
        self._labels = labels

    @cached_property
    def scheme(self) -> Scheme | None:
        """The scheme that the workbook carries, if this version can read it."""
        try:
            return carried(self._book)
        except SchemeError:
            return None

    def sentence(self, place: Place, value: Cell) -> str:
        """What the scheme says of a cell that was computed; empty where it says nothing."""
        table = self._labels.table(place)
        column = self._column(table.name, self._labels.heading(place)) if table else None
        if table is None or column is None or not column.say or value in (None, "", column.absent):
            return ""

        def told(own_row: str, name: str) -> str:
            if own_row:
                return self._labels.value(place._replace(col=table.first_col + table.columns.index(name)))
            sheet, _, cell = self._book.names[name].replace("$", "").replace("'", "").rpartition("!")
            return self._labels.value(Place(sheet, *cell_place(cell)))

        return SAID.sub(lambda match: told(match[1], match[2]).strip("“”（）"), column.say)

    def _column(self, table: str, heading: str | None) -> Computed | None:
        declared = next((t for t in self.scheme.tables if t.name == table), None) if self.scheme else None
        return next((c for c in declared.computed if c.name == heading), None) if declared else None
