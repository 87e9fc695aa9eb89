"""How a table becomes longer: rows are put in before its last one, so that whatever reads the table grows with it, and then filled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from addin.checking.tables import Checked, filled, spans
from addin.macros.macro import Edit, Subject
from addin.macros.subject.tables import computed_columns, is_total, people
from addin.shared.exits import UserError
from addin.shared.texts import shown
from addin.xlsx.model import Cell, Sheet, Table, cell_name
from addin.xlsx.rows import Rows
from workbook_templates.scheme.names import CHECK, SERIAL
from workbook_templates.workbook.layout import LEAST_ROWS

BLANK: tuple[Cell, ...] = (None, "")
Entry = dict[str, Cell]


@dataclass(frozen=True)
class Growth:
    """What is to be done, and where each of the new entries stands then (rows from zero)."""

    rows: tuple[Rows, ...]
    edits: tuple[Edit, ...]
    places: tuple[int, ...]
    last_row: int


@dataclass(frozen=True)
class Growing:
    """A table and what a clerk fills in there."""

    subject: Subject
    table: Table

    @property
    def sheet(self) -> Sheet:
        return self.subject.book.workbook.sheets[self.table.sheet]

    @cached_property
    def inputs(self) -> list[str]:
        if CHECK in self.table.columns:
            return Checked(self.subject.book, self.table).inputs
        computed = computed_columns(self.subject, self.table.name)
        return [name for name in self.table.columns if name not in (SERIAL, *computed)]

    @cached_property
    def rows(self) -> list[int]:
        """The rows of people or records; totals at the end are not among them."""
        last = self.table.last_row
        while last > self.table.first_row and any(is_total(cell) for cell in self.entry(last).values()):
            last -= 1
        return list(range(self.table.first_row, last + 1))

    def column(self, name: str) -> int:
        return self.table.first_col + self.table.columns.index(name)

    def entry(self, row: int) -> Entry:
        """What is filled in there."""
        cells = {name: self.sheet.get(row, self.column(name)) for name in self.inputs}
        return {name: cell for name, cell in cells.items() if cell not in BLANK}

    @cached_property
    def spare(self) -> list[int]:
        return [row for row in self.rows if not self.entry(row)]

    @cached_property
    def strays(self) -> list[int]:
        """Filled rows below the table; where other tables stand on the sheet, only down to the first blank row."""
        if self.rows[-1] < self.table.last_row:
            return []
        start, sheet = self.table.last_row + 1 + self.table.totals, self.sheet
        found = sorted({row for name in self.inputs for row in filled(sheet, self.column(name), start, sheet.height)})
        tables = self.subject.book.tables.values()
        if any(other.sheet == self.table.sheet and other.name != self.table.name for other in tables):
            found = [row for place, row in enumerate(found) if row == start + place]
        return found

    def grown(self, entries: Sequence[Entry], spare: int = 0, trimmed: bool = False) -> Growth:
        """The entries in the table's spare rows and in new ones, after those that stand below the table; ``spare`` rows stay blank.

        ``trimmed``: a table in which nobody stood is then no longer than it takes. Raises UserError.
        """
        entries = [*(self.entry(row) for row in self.strays), *entries]
        missing, last = max(0, len(entries) + spare - len(self.spare)), self.rows[-1]
        places = list(self.spare)
        edits: list[Edit] = []
        rows: tuple[Rows, ...] = ()
        if missing:
            if len(self.rows) < 2:
                raise UserError(f"表 {self.table.name} 只有一行，不能加长；请先在表中插入一行")
            rows = (Rows(self.table.sheet, last, missing, tuple(self._filled_down(last))),)
            places += range(last + 1, last + missing + 1)
            if moved := self.entry(last):
                # The last row is now the first of the new ones.
                edits += self._edits(last, moved)
                edits += self._edits(last + missing, dict.fromkeys(moved))
        elif trimmed and len(self.spare) == len(self.rows):
            kept = max(len(entries), LEAST_ROWS)
            rows = tuple(Rows(self.table.sheet, first, first - last - 1) for first, last in spans(self.rows[kept:]))
            last -= len(self.rows[kept:])
        for row in self.strays:
            edits += self._edits(row + missing, dict.fromkeys(self.entry(row)))
        for row, entry in zip(places, entries, strict=False):
            edits += self._edits(row, entry)
        told = places[len(self.strays) : len(entries)]
        # One cell is written once: what it holds in the end.
        final = {(edit.sheet, edit.cell): edit for edit in edits}
        return Growth(rows, tuple(final.values()), tuple(told), last + missing)

    def _filled_down(self, last: int) -> Iterable[int]:
        """The columns in which both of the last two rows have formulas."""
        formulas = self.sheet.formulas
        for col in range(self.table.first_col, self.table.last_col + 1):
            if (last, col) in formulas and (last - 1, col) in formulas:
                yield col
            elif (last, col) in formulas and self.table.columns[col - self.table.first_col] in self.inputs:
                where = f"{self.table.sheet}!{cell_name(last, col)}"
                raise UserError(f"{where} 是公式，上一行却不是，不能加长；请先改成一样的")

    def _edits(self, row: int, entry: Entry) -> list[Edit]:
        return [Edit(self.table.sheet, cell_name(row, self.column(name)), value) for name, value in entry.items()]


def told_rows(growth: Growth, name: str) -> str:
    """What has become of the table."""
    added = sum(rows.count for rows in growth.rows)
    if not added:
        return f"表 {name} 不用加长"
    done = f"加长了 {added} 行" if added > 0 else f"去掉了 {-added} 个空行"
    return f"表 {name} {done}，现在到第 {growth.last_row + 1} 行"


def text_of(cell: Cell) -> str:
    return "" if cell is None else shown(cell).strip()


def table_of(subject: Subject, wanted: str | None) -> Table:
    """The table wanted, or the one that the selected cell is in or above; raises UserError."""
    places = subject.places
    if wanted:
        if wanted not in places:
            raise UserError(f"工作簿中没有表 {wanted}；可用的表：{'、'.join(places) or '（无）'}")
        return places[wanted]
    here = [table for table in places.values() if subject.selection and table.sheet == subject.selection[0]]
    if len(here) == 1:
        return here[0]
    return places[people(subject, None).name]
