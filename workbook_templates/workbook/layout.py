"""Where everything stands in the workbook, and how a reference is written there.

Up to ``TABLE_LIMIT`` rows a table is an Excel table with per-row formulas, so that sorting, filtering and adding rows
work as clerks know them. Above it the same columns are plain ranges: elementwise formulas become one array block a column,
because a spreadsheet program that hands whole columns to a function 10,000 times doesn't come to an end. For the same reason
a shorter log becomes a plain range where its rows look things up in a table above the limit, and together read too many cells;
people stay a table that can be sorted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from workbook_templates.formula.language import Reference, parse
from workbook_templates.formula.references import column_name
from workbook_templates.formula.tokens import LAST_ROW
from workbook_templates.formula.writing import written_column, written_columns
from workbook_templates.scheme import guards
from workbook_templates.scheme.model import DEFAULT_CAPACITY, Scheme, Table
from workbook_templates.scheme.names import PARAMETERS, list_column
from workbook_templates.scheme.parameters import Listing

FIRST_PARAMETER = 4
"""Zero-based row of the first parameter in the sheet 参数; what parameters say of each other and the lists stand below them."""

TABLE_LIMIT = 1000
MOST_READ = 200_000
"""Cells of one long column that the rows of a table read together: in Calc 0.08 s, and a row reads a dozen columns."""
LEAST_ROWS = 2
"""Between two rows others can be put, and every block that holds both grows."""

HEADER_ROW = 4
"""Zero-based row of the header in every table sheet: title, unit, note and totals stand above it."""


@dataclass(frozen=True)
class Placement:
    """One table on its sheet, or a list among the parameters: zero-based columns by name, first row of data, number of rows."""

    name: str
    sheet: str
    columns: dict[str, int]
    rows: int
    first: int = HEADER_ROW + 1
    is_list: bool = False
    is_table: bool = False
    """Whether it is an Excel table with a formula a row."""

    @property
    def last(self) -> int:
        return self.first + self.rows - 1

    def block(self, first: str, last: str, around: int = 0) -> str:
        """Absolute A1 range of whole columns, without the sheet; ``around``: with so many rows above and below."""
        left, right = column_name(self.columns[first]), column_name(self.columns[last])
        return f"${left}${self.first + 1 - around}:${right}${self.last + 1 + around}"

    def address(self, first: str, last: str, around: int = 0) -> str:
        return f"'{self.sheet}'!{self.block(first, last, around)}"

    def below(self, first: str, last: str, row: int, rows: int | None = None) -> str:
        """Absolute A1 range of columns from a row (zero-based) on, down to the sheet's end or so many rows."""
        left, right = column_name(self.columns[first]), column_name(self.columns[last])
        end = LAST_ROW + 1 if rows is None else row + rows
        return f"'{self.sheet}'!${left}${row + 1}:${right}${end}"


Resolver = Callable[[Reference], str]


class Layout:
    """The placements of a scheme's tables for given data."""

    def __init__(
        self,
        scheme: Scheme,
        filled: dict[str, int],
        rows: int | None,
        further: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """``further``: columns of a clerk's own behind those of the scheme, by table."""
        self._drawn = scheme.chart.table if scheme.chart else ""
        self.places = {
            table.name: self._place(table, filled.get(table.name, 0), rows, (further or {}).get(table.name, ()))
            for table in scheme.tables
        }
        for table in scheme.tables:
            place = self.places[table.name]
            self.places[table.name] = replace(place, is_table=self._is_table(place.rows, table, scheme))
        states = 1 + len(scheme.parameter_rules)
        row = FIRST_PARAMETER + len(scheme.parameters) + 2 + states + 3
        for listing in scheme.lists:
            place = self._place_list(listing, filled.get(listing.name, len(listing.rows)), row)
            self.places[listing.name] = place
            row = place.last + 4
        for view in scheme.views:
            whole = self.places[view.listing]
            rows_of_view = view.last - view.first + 1
            self.places[view.name] = replace(whole, name=view.name, rows=rows_of_view, first=whole.first + view.first)

    def _place(self, table: Table, filled: int, rows: int | None, further: Sequence[str]) -> Placement:
        capacity = max(table.capacity, filled + min(10, DEFAULT_CAPACITY) if filled else 0)
        if table.people and (filled or rows is not None):
            # No spare rows: sorted from high to low, their empty texts would stand above all scores.
            capacity = max(rows or 0, filled)
        elif table.name == self._drawn and filled:
            # Nor in a chart of the table's rows.
            capacity = filled
        columns = {name: index for index, name in enumerate([*table.column_names, *further])}
        return Placement(table.name, table.name, columns, max(capacity, LEAST_ROWS))

    def _is_table(self, rows: int, table: Table, scheme: Scheme) -> bool:
        if rows > TABLE_LIMIT:
            return False
        long = {place.name: place.rows for place in self.places.values() if place.rows > TABLE_LIMIT}
        if table.people or rows * max(long.values(), default=0) <= MOST_READ:
            return True
        formulas = map(parse, guards.written(table, scheme).values())
        longest = max((long.get(r.table or "", 0) for formula in formulas for r in formula.references()), default=0)
        return rows * longest <= MOST_READ

    @staticmethod
    def _place_list(listing: Listing, filled: int, row: int) -> Placement:
        columns = {name: index for index, name in enumerate(listing.column_names)}
        return Placement(listing.name, PARAMETERS, columns, max(filled + listing.spare, 1), row, is_list=True)

    def _column(self, reference: Reference, own: Table | None) -> str:
        place = self.places[reference.table or (own.name if own else "")]
        if place.is_list and reference.single:
            return list_column(place.name, reference.first)
        if not place.is_table:
            return place.address(reference.first, reference.last)
        if reference.single:
            return f"{place.name}[{written_column(reference.first)}]"
        return f"{place.name}[{written_columns(reference.first, reference.last)}]"

    def outside(self) -> Resolver:
        """References as written outside of all tables."""
        return lambda reference: self._column(reference, None)

    def in_table(self, table: Table) -> Resolver:
        """References as stored in a cell of an Excel table."""

        def resolve(reference: Reference) -> str:
            if not reference.own_row:
                return self._column(reference, table)
            return f"{table.name}[[#This Row],{written_columns(reference.first, reference.last)}]"

        return resolve

    def in_row(self, table: Table, row: int) -> Resolver:
        """References in a cell of a plain range, ``row`` being zero-based."""
        place = self.places[table.name]

        def resolve(reference: Reference) -> str:
            if not reference.own_row:
                return self._column(reference, table)
            left = column_name(place.columns[reference.first])
            right = column_name(place.columns[reference.last])
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
