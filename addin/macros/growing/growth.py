"""How a table becomes longer: rows are put in before its last one, so that whatever reads the table grows with it, and then filled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from addin.checking.tables import Checked, filled, is_remark, spans
from addin.macros.macro import Edit, Subject
from addin.macros.subject.tables import computed_columns, people
from addin.shared.exits import UserError
from addin.shared.texts import shown
from addin.xlsx.model import BLANK, Cell, Sheet, Table, cell_name
from addin.xlsx.plainlists import person_column
from addin.xlsx.rows import Rows
from udfs.spelling import is_total
from workbook_templates.scheme.names import CHECK, SERIAL
from workbook_templates.workbook.layout import LEAST_ROWS

Entry = dict[str, Cell]


@dataclass(frozen=True)
class Growth:
    """What is to be done, and the last row of the table then (from zero)."""

    rows: tuple[Rows, ...]
    edits: tuple[Edit, ...]
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

    def entry(self, row: int) -> Entry:
        """What is filled in there."""
        return self.subject.book.filled_in(self.table, row, self.inputs)

    @cached_property
    def spare(self) -> list[int]:
        return [row for row in self.rows if not self.entry(row)]

    def typed(self, row: int) -> dict[int, Cell]:
        """What stands in the sheet's row and no formula gives, beside the table too, by column."""
        blocks = [area for area in self.sheet.arrays.values() if area.top <= row <= area.bottom]
        cells = {
            col: self.sheet.get(row, col) for col in range(self.sheet.width) if (row, col) not in self.sheet.formulas
        }
        return {
            col: cell
            for col, cell in cells.items()
            if cell not in BLANK and not any(area.left <= col <= area.right for area in blocks)
        }

    @cached_property
    def removable(self) -> list[int]:
        """The spare rows in which nothing stands beside the table either. Raises UserError."""
        own = range(self.table.first_col, self.table.last_col + 1)
        beside = {row for row, col in self.sheet.formulas if col not in own}
        found = [row for row in self.spare if row not in beside and not self.typed(row)]
        self._refuse_neighbours(found)
        return found

    def _refuse_neighbours(self, rows: Sequence[int]) -> None:
        """Whole rows of the sheet come and go, which would tear other tables apart."""
        others = [other for other in self.subject.book.tables.values() if other.name != self.table.name]
        for other in others if rows else ():
            is_beside = other.first_row - 1 <= rows[-1] and rows[0] <= other.last_row + other.totals
            if other.sheet == self.table.sheet and is_beside:
                raise UserError(f"表 {self.table.name} 旁边有表 {other.name}，不能加行或去行；请先移开")

    @cached_property
    def strays(self) -> list[int]:
        """Filled rows below the table but totals and notes; where other tables stand on the sheet, only down to the first blank row."""
        if self.rows[-1] < self.table.last_row:
            return []
        start, sheet = self.table.last_row + 1 + self.table.totals, self.sheet
        found = sorted(
            {row for name in self.inputs for row in filled(sheet, self.table.column(name), start, sheet.height)}
        )
        tables = self.subject.book.tables.values()
        if any(other.sheet == self.table.sheet and other.name != self.table.name for other in tables):
            found = [row for place, row in enumerate(found) if row == start + place]
        return [row for row in found if not is_remark(self.entry(row), person_column(self.table.columns))]

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
            self._refuse_neighbours([last])
            rows = (Rows(self.table.sheet, last, missing, tuple(self._filled_down(last))),)
            places += range(last + 1, last + missing + 1)
            if self.entry(last):
                # The last row is now the first of the new ones, with what stands beside it.
                for col, value in self.typed(last).items():
                    for row, new in ((last, value), (last + missing, None)):
                        edits.append(Edit(self.table.sheet, cell_name(row, col), new))
        elif trimmed and len(self.spare) == len(self.rows):
            kept = self.rows[max(len(entries), LEAST_ROWS) :]
            rows = self.without(set(kept) & set(self.removable))
            last += sum(each.count for each in rows)
        for row in self.strays:
            edits += self._edits(row + missing, dict.fromkeys(self.entry(row)))
        for row, entry in zip(places, entries, strict=False):
            edits += self._edits(row, entry)
        # One cell is written once: what it holds in the end.
        final = {(edit.sheet, edit.cell): edit for edit in edits}
        return Growth(rows, tuple(final.values()), last + missing)

    def without(self, gone: Iterable[int]) -> tuple[Rows, ...]:
        """Rows taken out, from below, so that what stands above keeps its place."""
        return tuple(Rows(self.table.sheet, top, top - end - 1) for top, end in reversed(list(spans(sorted(gone)))))

    def _filled_down(self, last: int) -> Iterable[int]:
        """The columns in which both of the last two rows have formulas."""
        formulas, inputs = self.sheet.formulas, {self.table.column(name) for name in self.inputs}
        for col in range(self.sheet.width):
            if (last, col) in formulas and (last - 1, col) in formulas:
                yield col
            elif (last, col) in formulas and col in inputs:
                where = f"{self.table.sheet}!{cell_name(last, col)}"
                raise UserError(f"{where} 是公式，上一行却不是，不能加长；请先改成一样的")

    def _edits(self, row: int, entry: Entry) -> list[Edit]:
        return [Edit(self.table.sheet, cell_name(row, self.table.column(name)), value) for name, value in entry.items()]


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
