"""References as files write them."""

from __future__ import annotations

import re

from workbook_templates.formula.references import HERE, Address, Corner, Scope, Structured, column_name

_SIMPLE_SHEET = re.compile(r"[^\W\d][\w.]*")
_A1 = re.compile(r"[A-Z]{1,3}[0-9]+", re.IGNORECASE)
_R1C1 = re.compile(r"R?C?$|R[0-9]|R?[0-9]*C[0-9]", re.IGNORECASE)


def written_column(name: str) -> str:
    """A column's name as it stands in brackets."""
    return re.sub(r"(['\[\]#@])", r"'\1", name)


def written_columns(first: str, last: str) -> str:
    """One column in brackets, or all from the first to the last."""
    ends = (first,) if first == last else (first, last)
    return ":".join(f"[{written_column(name)}]" for name in ends)


def written_structured(reference: Structured) -> str:
    """A structured reference as files write it."""
    parts = [f"[{row}]" for row in reference.rows]
    if reference.columns:
        parts.append(written_columns(reference.columns[0], reference.columns[-1]))
    name = _written_scope(reference.scope) + (reference.table or "")
    if not parts:
        return name + "[]"
    if len(parts) == 1 and len(reference.columns) < 2:
        return name + parts[0]
    return f"{name}[{','.join(parts)}]"


def written_address(reference: Address) -> str:
    first, last = _written_corner(reference.first), _written_corner(reference.last)
    whole = reference.first.row is None or reference.first.col is None
    return _written_scope(reference.scope) + (
        first if reference.first == reference.last and not whole else f"{first}:{last}"
    )


def _written_corner(corner: Corner) -> str:
    col = "" if corner.col is None else ("$" if corner.col_fixed else "") + column_name(corner.col)
    row = "" if corner.row is None else ("$" if corner.row_fixed else "") + str(corner.row + 1)
    return col + row


def _written_scope(where: Scope) -> str:
    """A sheet or workbook with its quotes and ``!``."""
    if where == HERE:
        return ""
    name = where.book + where.sheet + (f":{where.last}" if where.last else "")
    plain = all(_SIMPLE_SHEET.fullmatch(part) and not _like_cell(part) for part in (where.sheet, where.last) if part)
    simple_book = not where.book or re.fullmatch(r"\[[0-9]+\]", where.book)
    quoted = "'" + name.replace("'", "''") + "'"
    return f"{name if plain and simple_book else quoted}!"


def _like_cell(name: str) -> bool:
    """Whether Excel would take a name for a cell: A1, or R1C1 with whatever behind."""
    return _A1.fullmatch(name) is not None or _R1C1.match(name) is not None
