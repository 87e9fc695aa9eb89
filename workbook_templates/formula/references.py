"""What formulas refer to: addresses and structured references as they are read, and blocks of cells as they are meant.

A meant reference is kept relative to the formula's own cell, so that the formulas of a filled-down column turn out equal. What a
workbook has is asked for through ``Book``: nothing here knows a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from workbook_templates.formula.tokens import LAST_COLUMN, LAST_ROW
from workbook_templates.formula.tree import Operand

_CELL = re.compile(r"(\$?)([A-Za-z]*)(\$?)([0-9]*)")
_ROWS = ("#All", "#Data", "#Headers", "#Totals", "#This Row")
_ROWS_OF = {name.lower(): name for name in _ROWS}
THIS_ROW = "#This Row"


class Scope(NamedTuple):
    """Where a reference points: a sheet, the first and last of several, or another workbook (``[1]``, a path)."""

    sheet: str = ""
    last: str = ""
    book: str = ""


HERE = Scope()


class Corner(NamedTuple):
    """A cell of an address, counted from zero; a whole column has no row, a whole row no column."""

    row: int | None
    col: int | None
    row_fixed: bool = False
    col_fixed: bool = False


@dataclass(frozen=True)
class Address(Operand):
    """``Sheet1!$A$1:B2`` as it is written."""

    scope: Scope
    first: Corner
    last: Corner


@dataclass(frozen=True)
class Structured(Operand):
    """``人员[[#This Row],[师德]:[业绩]]`` as it is written; ``table`` is empty for the own one, ``rows`` holds ``#…`` words."""

    table: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    scope: Scope = HERE

    @property
    def own_row(self) -> bool:
        return THIS_ROW in self.rows


class Area(NamedTuple):
    """A block of cells, both ends inclusive."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    @property
    def rows(self) -> int:
        return self.bottom - self.top + 1

    @property
    def columns(self) -> int:
        return self.right - self.left + 1

    def overlaps(self, other: Area) -> bool:
        return (
            self.sheet == other.sheet
            and self.top <= other.bottom
            and other.top <= self.bottom
            and self.left <= other.right
            and other.left <= self.right
        )


class Reference(NamedTuple):
    """A block of cells; a relative row or column is kept as the distance from the formula's cell."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int
    top_fixed: bool = True
    left_fixed: bool = True
    bottom_fixed: bool = True
    right_fixed: bool = True
    valid: bool = True
    within: tuple[int, int] | None = None
    """The rows of the table whose own row is meant (``[#This Row]``): elsewhere there is none."""

    def at(self, row: int, col: int) -> Area:
        """The block that a formula in this cell refers to; beyond the sheet's edge it goes on at the other end."""
        top = self.top if self.top_fixed else (self.top + row) % (LAST_ROW + 1)
        bottom = self.bottom if self.bottom_fixed else (self.bottom + row) % (LAST_ROW + 1)
        left = self.left if self.left_fixed else (self.left + col) % (LAST_COLUMN + 1)
        right = self.right if self.right_fixed else (self.right + col) % (LAST_COLUMN + 1)
        return Area(self.sheet, min(top, bottom), min(left, right), max(top, bottom), max(left, right))

    def as_large_as(self, other: Reference) -> Reference:
        """The block of the other's height and width that begins where this one does (if the other's size is fixed)."""
        if (other.top_fixed, other.left_fixed) != (other.bottom_fixed, other.right_fixed):
            return self
        height, width = other.bottom - other.top, other.right - other.left
        return self._replace(
            bottom=self.top + height,
            right=self.left + width,
            bottom_fixed=self.top_fixed,
            right_fixed=self.left_fixed,
        )

    @property
    def is_cell(self) -> bool:
        """One cell, wherever the formula stands."""
        first = self.top, self.left, self.top_fixed, self.left_fixed
        return first == (self.bottom, self.right, self.bottom_fixed, self.right_fixed)

    @property
    def own_row(self) -> bool:
        """One row that moves with the formula's cell, in fixed or moving columns."""
        return not self.top_fixed and not self.bottom_fixed and self.top == self.bottom

    @property
    def moves(self) -> bool:
        return not (self.top_fixed and self.bottom_fixed)

    @property
    def fixed(self) -> bool:
        """Whether all formulas mean the same block."""
        return self.top_fixed and self.left_fixed and self.bottom_fixed and self.right_fixed


INVALID = Reference("", 0, 0, 0, 0, valid=False)


class Table(Protocol):
    """A table's data rows (header and totals excluded)."""

    @property
    def name(self) -> str: ...
    @property
    def sheet(self) -> str: ...
    @property
    def columns(self) -> Sequence[str]: ...
    @property
    def first_row(self) -> int: ...
    @property
    def last_row(self) -> int: ...
    @property
    def first_col(self) -> int: ...
    @property
    def last_col(self) -> int: ...
    @property
    def header(self) -> bool: ...
    @property
    def totals(self) -> bool: ...


class Book(Protocol):
    """What references are looked up in."""

    @property
    def sheets(self) -> Mapping[str, Any]: ...
    @property
    def tables(self) -> Mapping[str, Any]: ...


@lru_cache(maxsize=100_000)
def column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


@lru_cache(maxsize=20_000)
def column_name(col: int) -> str:
    name = ""
    while col >= 0:
        name = chr(65 + col % 26) + name
        col = col // 26 - 1
    return name


@lru_cache(maxsize=100_000)
def address(text: str) -> tuple[Corner, Corner]:
    """The two ends of ``$A$1:B2``, ``A:C``, ``1:3``; one cell is both."""
    first, _, last = text.partition(":")
    start = _corner(first)
    return start, _corner(last) if last else start


def _corner(text: str) -> Corner:
    match = _CELL.fullmatch(text)
    if match is None:
        raise ValueError(text)
    dollar, letters, second, digits = match.groups()
    if not letters:
        # The dollar of a whole row stands where that of a column would.
        return Corner(int(digits) - 1, None, bool(dollar or second), False)
    return Corner(int(digits) - 1 if digits else None, column_number(letters), bool(second), bool(dollar))


@lru_cache(maxsize=4096)
def scope(text: str) -> Scope:
    """``'Sheet 1'!``, ``Sheet1:Sheet3!``, ``[1]Sheet1!``, ``'C:\\path\\kaohe.xlam'!``."""
    if not text:
        return HERE
    name = text[:-1]
    if name.startswith("'"):
        name = name[1:-1].replace("''", "'")
    if "]" in name:
        book, _, sheets = name.rpartition("]")
        if book + "]" == "[0]":
            return Scope(sheets)
        first, _, last = sheets.partition(":")
        return Scope(first, last, book + "]")
    if "\\" in name or "/" in name:
        return Scope("", "", name)
    first, _, last = name.partition(":")
    return Scope(first, last)


def structured(text: str, where: Scope = HERE) -> Structured:
    """``人员[[#This Row],[师德]:[业绩]]``, ``[@师德]``, ``[师德]``."""
    table, bracket, rest = text.partition("[")
    return Structured(table, *_items(bracket + rest), where)


@lru_cache(maxsize=4096)
def _items(inside: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The row specifiers and the one or two column names of ``[[#This Row],[a]:[b]]``."""
    body = inside[1:-1]
    rows: list[str] = []
    columns: list[str] = []
    if body.lstrip().startswith("@"):
        rows.append(THIS_ROW)
        body = body.lstrip()[1:]
    for part in _pieces(body) if body.lstrip().startswith("[") else [body]:
        known = _ROWS_OF.get(part.strip().lower())
        if known is not None:
            rows.append(known)
        elif part:
            columns.append(re.sub(r"'(.)", r"\1", part, flags=re.DOTALL))
    return tuple(rows), tuple(columns)


_PIECE = re.compile(r"\[((?:'.|[^]'])*)\]|([^][,:\s](?:'.|[^][,:'])*)", re.DOTALL)


def _pieces(body: str) -> Iterable[str]:
    """What stands in the brackets of ``[a],[b]:[c]``; a name without brackets, as in ``[#This Row],a``, is one as well."""
    for piece in _PIECE.finditer(body):
        yield piece[2].rstrip() if piece[1] is None else piece[1]


def meant(
    reference: Address | Structured, sheet: str, row: int, col: int, book: Book, here: Sequence[Table]
) -> Reference:
    """The block that a reference of a formula in this cell means, which stands among the tables ``here``."""
    if isinstance(reference, Structured):
        table = _table(reference.table, book, row, col, here)
        return INVALID if table is None else _of_table(reference, table)
    name = known_sheet(reference.scope.sheet, book) if reference.scope.sheet else sheet
    return INVALID if name is None else relative(reference, name, row, col)


def known_sheet(name: str, book: Book) -> str | None:
    """A sheet's name as it is written in the workbook."""
    if name in book.sheets:
        return name
    return next((known for known in book.sheets if known.lower() == name.lower()), None)


def sheets_between(first: str, last: str, book: Book) -> list[str]:
    """The sheets of ``first:last`` in their order; none if one of the two is missing."""
    names = list(book.sheets)
    ends = [known_sheet(first, book), known_sheet(last, book)]
    if None in ends:
        return []
    start, end = sorted(names.index(name) for name in ends if name is not None)
    return names[start : end + 1]


def relative(reference: Address, sheet: str, row: int, col: int) -> Reference:
    """An address as a formula in this cell means it."""
    first, last = reference.first, reference.last
    top, bottom = (0, LAST_ROW) if first.row is None or last.row is None else (first.row, last.row)
    left, right = (0, LAST_COLUMN) if first.col is None or last.col is None else (first.col, last.col)
    top_fixed, bottom_fixed = first.row is None or first.row_fixed, last.row is None or last.row_fixed
    left_fixed, right_fixed = first.col is None or first.col_fixed, last.col is None or last.col_fixed
    return Reference(
        sheet,
        top if top_fixed else top - row,
        left if left_fixed else left - col,
        bottom if bottom_fixed else bottom - row,
        right if right_fixed else right - col,
        top_fixed,
        left_fixed,
        bottom_fixed,
        right_fixed,
    )


def _table(name: str, book: Book, row: int, col: int, here: Sequence[Table]) -> Table | None:
    known: Table | None = book.tables.get(name)
    if known is not None:
        return known
    if name:
        return next((table for own, table in book.tables.items() if own.lower() == name.lower()), None)
    inside = (t for t in here if t.first_row - 1 <= row <= t.last_row + 1 and t.first_col <= col <= t.last_col)
    return next(inside, None)


def _column(name: str, table: Table) -> int:
    """Where a column stands in its table; its name may end with a space, or be written with one that it hasn't. Raises ValueError."""
    lowered = [known.lower() for known in table.columns]
    return lowered.index(name.lower() if name.lower() in lowered else name.strip().lower())


def _of_table(reference: Structured, table: Table) -> Reference:
    rows = reference.rows
    try:
        places = [_column(name, table) for name in reference.columns]
    except ValueError:
        return INVALID
    left = table.first_col + (min(places) if places else 0)
    right = table.first_col + (max(places) if places else len(table.columns) - 1)
    if reference.own_row:
        return Reference(
            table.sheet, 0, left, 0, right, False, True, False, True, within=(table.first_row, table.last_row)
        )
    top, bottom = table.first_row, table.last_row
    header, totals = table.first_row - 1, table.last_row + 1
    if "#All" in rows:
        top, bottom = (header if table.header else top), (totals if table.totals else bottom)
    elif ("#Totals" in rows and not table.totals) or ("#Headers" in rows and not table.header):
        return INVALID
    elif rows and "#Data" not in rows:
        if "#Headers" in rows and "#Totals" in rows:
            top, bottom = header, totals
        else:
            top, bottom = (header, header) if "#Headers" in rows else (totals, totals)
    else:
        top, bottom = (header if "#Headers" in rows else top), (totals if "#Totals" in rows else bottom)
    return Reference(table.sheet, top, left, bottom, right)
