"""Where the cells of a workbook stand in another one made from its scheme, and its formulas as they are written there."""

from __future__ import annotations

from collections.abc import Mapping

from addin.xlsx.book import Book
from addin.xlsx.model import Table
from addin.xlsx.reader import HIDDEN_TABLE
from workbook_templates.formula.parser import parse
from workbook_templates.formula.printer import text_of, written
from workbook_templates.formula.references import THIS_ROW, Address, Corner, Scope, Structured, known_sheet
from workbook_templates.formula.tokens import FormulaError
from workbook_templates.formula.tree import Operand
from workbook_templates.scheme.names import NAME

GONE = "#REF!"


class Places:
    """``rows``: by table, where a row of the old one stands now. ``lost``: formulas that refer to what is no longer there."""

    def __init__(self, old: Book, new: Book, rows: Mapping[str, Mapping[int, int]]) -> None:
        self._old, self._new, self.rows = old, new, rows
        self._sheets = {table.sheet: new.tables[table.name].sheet for table in self._common()}
        self.lost: list[str] = []

    def _common(self) -> list[Table]:
        return [table for name, table in self._old.tables.items() if name in self._new.tables]

    def formula(self, text: str, sheet: str, row: int | None = None) -> str:
        """A formula (without ``=``) of a sheet of the old workbook; what it can't refer to any more is #REF!.

        ``row``: where it stands now, of a formula beside a table's rows.
        """
        try:
            found = text_of(parse(text), lambda operand: self._written(operand, sheet, row), stored=True)
        except FormulaError:
            return text
        if GONE in found and GONE not in text:
            self.lost.append(text)
        return found

    def cell(self, sheet: str, row: int, col: int) -> tuple[str, int, int] | None:
        """Where a cell of a sheet with tables stands now."""
        tables = [table for table in self._common() if table.sheet == sheet]
        corner = Corner(row, col)
        moved = self._moved(Address(Scope(""), corner, corner), tables) if tables else None
        if moved is None or moved[0].row is None or moved[0].col is None:
            return None
        return self._sheets[sheet], moved[0].row, moved[0].col

    def _written(self, operand: Operand, sheet: str, row: int | None) -> str:
        if isinstance(operand, Structured):
            return self._structured(operand, row) if self._is_known(operand) else GONE
        if not isinstance(operand, Address):
            return written(operand)
        home = known_sheet(operand.scope.sheet, self._old.workbook) if operand.scope.sheet else sheet
        if operand.scope.book or home is None:
            return GONE
        tables = [table for table in self._common() if table.sheet == home]
        if operand.scope.last or not tables:
            return GONE if {home, operand.scope.last} & set(self._new.sheets) else written(operand)
        moved = self._moved(operand, tables)
        if moved is None:
            return GONE
        scope = Scope(self._sheets[home]) if operand.scope.sheet else operand.scope
        return written(Address(scope, *moved))

    def _structured(self, operand: Structured, row: int | None) -> str:
        """As it was; of a table that is a plain range now, as an address."""
        table = self._new.tables.get(operand.table)
        if table is None or f"{HIDDEN_TABLE}{table.name}".lower() not in self._new.names:
            return written(operand)
        places = [table.column(column) for column in operand.columns]
        left, right = (places[0], places[-1]) if places else (table.first_col, table.last_col)
        headings = table.first_row - 1
        rows = {
            (): (table.first_row, table.last_row),
            ("#Data",): (table.first_row, table.last_row),
            ("#All",): (headings, table.last_row),
            ("#Headers",): (headings, headings),
            (THIS_ROW,): (row, row),
        }
        top, bottom = rows.get(operand.rows, (None, None))
        if top is None or bottom is None:
            return GONE
        return written(Address(Scope(table.sheet), Corner(top, left, True, True), Corner(bottom, right, True, True)))

    def _is_known(self, operand: Structured) -> bool:
        table = self._new.tables.get(operand.table)
        if table is None:
            return (
                operand.table not in self._old.tables or self._old.tables[operand.table].sheet not in self._new.sheets
            )
        return not operand.scope.book and set(operand.columns) <= set(table.columns)

    def _moved(self, address: Address, tables: list[Table]) -> tuple[Corner, Corner] | None:
        first, last = address.first, address.last
        # Several lists stand on one sheet; the one that holds the rows is meant, else the first.
        table = next(
            (t for t in tables if first.row is not None and t.first_row - 1 <= first.row <= t.last_row), tables[0]
        )
        new = self._new.tables[table.name]
        corners = []
        for corner, is_last in ((first, False), (last, True)):
            row = None if corner.row is None else self._row(corner.row, table, new, is_last and first != last)
            col = None if corner.col is None else _column(corner.col, table, new)
            if (row is None) != (corner.row is None) or (col is None) != (corner.col is None):
                return None
            corners.append(corner._replace(row=row, col=col))
        return corners[0], corners[1]

    def _row(self, row: int, table: Table, new: Table, is_end: bool) -> int | None:
        if row < table.first_row:
            # What stands above the data stands as far above the headings.
            return max(0, new.first_row - (table.first_row - row))
        if row > table.last_row and row not in self.rows.get(table.name, ()):
            return new.last_row + (row - table.last_row)
        if self._old.is_list(table.name):
            return self._row_of_name(row, table, new)
        if is_end and row == table.last_row:
            return new.last_row
        if row == table.first_row:
            return new.first_row
        return self.rows.get(table.name, {}).get(row)

    def _row_of_name(self, row: int, table: Table, new: Table) -> int | None:
        name = self._old.cell(table, row, NAME)
        return next((each for each in new.rows if name and self._new.cell(new, each, NAME) == name), None)


def _column(col: int, table: Table, new: Table) -> int | None:
    offset = col - table.first_col
    if not 0 <= offset < len(table.columns) or table.columns[offset] not in new.columns:
        return None
    return new.column(table.columns[offset])
