"""A formula's text after rows have been put into a sheet or taken out of it."""

from __future__ import annotations

from typing import NamedTuple

from workbook_templates.formula.references import HERE, Corner, address, column_name, scope
from workbook_templates.formula.tokens import CELLS, LAST_ROW, FormulaError, tokenise

GONE = "#REF!"


class Shift(NamedTuple):
    """``by`` rows put in before the row ``row`` (from zero); a negative number: so many taken out from there on."""

    sheet: str
    row: int
    by: int

    def rows(self, first: int, last: int) -> tuple[int, int] | None:
        """Where a block's rows stand then; None if all of them are gone."""
        if self.by >= 0:
            moved = [row + self.by if row >= self.row else row for row in (first, last)]
            # A block that reaches the sheet's end still does.
            return None if moved[0] > LAST_ROW else (moved[0], min(moved[1], LAST_ROW))
        start = first if first < self.row else max(self.row, first + self.by)
        end = last if last < self.row or last == LAST_ROW else max(self.row - 1, last + self.by)
        return None if end < start else (start, end)

    def area(self, text: str) -> str | None:
        """The address of a block on the sheet itself (``A1:B3``); None if it is gone."""
        first, last = address(text)
        if first.row is None or last.row is None:
            return text
        rows = self.rows(first.row, last.row)
        return None if rows is None else _written(text, first, last, *rows)

    def formula(self, text: str, own: str) -> str:
        """A formula (without ``=``) that stands on the sheet ``own``; what can't be read stays as it is."""
        try:
            tokens = tokenise(text)
        except FormulaError:
            return text
        new = []
        for token in tokens:
            where = scope(token.scope) if token.kind == CELLS else HERE
            meant = where.sheet or own
            if token.kind != CELLS or where.book or where.last or meant.lower() != self.sheet.lower():
                new.append(token.text)
            else:
                new.append(token.scope + (self.area(token.body) or GONE))
        return "".join(new)


def _written(text: str, first: Corner, last: Corner, top: int, bottom: int) -> str:
    start = _corner(first, top)
    return f"{start}:{_corner(last, bottom)}" if ":" in text else start


def _corner(corner: Corner, row: int) -> str:
    col = "" if corner.col is None else ("$" if corner.col_fixed else "") + column_name(corner.col)
    return f"{col}{'$' if corner.row_fixed else ''}{row + 1}"
