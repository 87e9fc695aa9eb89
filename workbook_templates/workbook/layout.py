"""Where everything stands in the workbook, and how a reference is written there.

Up to ``TABLE_LIMIT`` rows a table is an Excel table with per-row formulas, so that sorting, filtering and adding rows
work as clerks know them. Above it the same columns are plain ranges: elementwise formulas become one array block a column,
because a spreadsheet program that hands whole columns to a function 10,000 times doesn't come to an end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from xlsxwriter.utility import xl_col_to_name

from workbook_templates.formula.language import Reference
from workbook_templates.scheme.model import DEFAULT_CAPACITY, Scheme, Table

TABLE_LIMIT = 1000
LAST_ROW = 1_048_576
HEADER_ROW = 4
"""Zero-based row of the header in every table sheet: title, unit, note and totals stand above it."""


@dataclass(frozen=True)
class Placement:
    """One table on its sheet: zero-based columns by name, first row of data, number of rows."""

    table: Table
    columns: dict[str, int]
    rows: int

    @property
    def first(self) -> int:
        return HEADER_ROW + 1

    @property
    def last(self) -> int:
        return HEADER_ROW + self.rows

    @property
    def is_table(self) -> bool:
        return self.rows <= TABLE_LIMIT

    def block(self, first: str, last: str) -> str:
        """Absolute A1 range of whole columns, without the sheet."""
        left, right = xl_col_to_name(self.columns[first]), xl_col_to_name(self.columns[last])
        return f"${left}${self.first + 1}:${right}${self.last + 1}"

    def headings_and_below(self, first: str, last: str) -> str:
        """Absolute A1 range of columns from the headings down to the sheet's end, without the sheet."""
        left, right = xl_col_to_name(self.columns[first]), xl_col_to_name(self.columns[last])
        return f"${left}${self.first}:${right}${LAST_ROW}"

    def address(self, first: str, last: str) -> str:
        return f"'{self.table.name}'!{self.block(first, last)}"


Resolver = Callable[[Reference], str]


class Layout:
    """The placements of a scheme's tables for given data."""

    def __init__(self, scheme: Scheme, filled: dict[str, int], rows: int | None) -> None:
        self.places = {table.name: self._place(table, filled.get(table.name, 0), rows) for table in scheme.tables}

    def _place(self, table: Table, filled: int, rows: int | None) -> Placement:
        capacity = max(table.capacity, filled + min(10, DEFAULT_CAPACITY) if filled else 0)
        if rows is not None and table.people:
            capacity = max(rows, filled)
        return Placement(table, {name: index for index, name in enumerate(table.column_names)}, max(capacity, 1))

    def _column(self, reference: Reference, own: Table | None) -> str:
        place = self.places[reference.table or (own.name if own else "")]
        if not place.is_table:
            return place.address(reference.first, reference.last)
        if reference.single:
            return f"{place.table.name}[{reference.first}]"
        return f"{place.table.name}[[{reference.first}]:[{reference.last}]]"

    def outside(self) -> Resolver:
        """References as written outside of all tables."""
        return lambda reference: self._column(reference, None)

    def in_table(self, table: Table) -> Resolver:
        """References as stored in a cell of an Excel table."""

        def resolve(reference: Reference) -> str:
            if not reference.own_row:
                return self._column(reference, table)
            columns = f"[{reference.first}]" if reference.single else f"[{reference.first}]:[{reference.last}]"
            return f"{table.name}[[#This Row],{columns}]"

        return resolve

    def in_row(self, table: Table, row: int) -> Resolver:
        """References in a cell of a plain range, ``row`` being zero-based."""
        place = self.places[table.name]

        def resolve(reference: Reference) -> str:
            if not reference.own_row:
                return self._column(reference, table)
            left = xl_col_to_name(place.columns[reference.first])
            right = xl_col_to_name(place.columns[reference.last])
            return f"${left}{row + 1}" if reference.single else f"${left}{row + 1}:${right}{row + 1}"

        return resolve

    def in_array(self, table: Table) -> Resolver:
        """References in an array block that fills a whole column."""
        place = self.places[table.name]

        def resolve(reference: Reference) -> str:
            if not reference.own_row:
                return self._column(reference, table)
            return place.block(reference.first, reference.last)

        return resolve
