"""How the columns of tables are shown: their number formats, and which are hidden. Documents show values the same way."""

from __future__ import annotations

import re
from dataclasses import dataclass

from addin.headless.context import Unsupported
from addin.headless.numberformat import format_text
from addin.headless.operators import CellFault
from addin.headless.session import Session
from addin.shared.texts import shown
from addin.xlsx.cellxml import column
from addin.xlsx.hiddencolumns import hidden_columns
from addin.xlsx.model import Cell, Table
from addin.xlsx.package import read_xml
from addin.xlsx.reader import GENERAL
from addin.xlsx.sheetdata import SheetData

_PLACE = re.compile(rb"\sr\s*=\s*[\"']([A-Z]{1,3})[0-9]+")
_STYLE = re.compile(rb"\ss\s*=\s*[\"']([0-9]+)")
_OPTIONAL, _DANGLING = re.compile(r"\.#+"), re.compile(r"[0-9]\.(?![0-9])")


@dataclass(frozen=True)
class Look:
    """How a column of a table is shown."""

    format: str
    hidden: bool


def looks_of(session: Session, table: Table) -> dict[str, Look]:
    """The look of every column of a table: that of its first row of data."""
    workbook = session.workbook
    data = SheetData(read_xml(session.package, workbook.parts[table.sheet]))
    hidden, styles, formats = hidden_columns(data), _styles(data, table.first_row), dict(enumerate(workbook.formats))
    return {
        heading: Look(formats.get(styles.get(col, 0), GENERAL), col in hidden)
        for col, heading in enumerate(table.columns, start=table.first_col)
    }


def formats_of(session: Session, sheet: str) -> dict[tuple[int, int], str]:
    """The number format of every cell of a sheet that has one."""
    workbook = session.workbook
    data, formats = SheetData(read_xml(session.package, workbook.parts[sheet])), dict(enumerate(workbook.formats))
    return {
        (number, col): formats.get(style, GENERAL)
        for number, opening, close in data.rows()
        if close is not None
        for col, style in _styles_between(data, opening.end(), close).items()
    }


def code_for(cell: Cell, code: str) -> str:
    """A number format on paper: decimals that may be missing leave no point behind a whole number (``0.##`` of 90)."""
    if isinstance(cell, int | float) and (found := _OPTIONAL.search(code)) and _DANGLING.search(_formatted(cell, code)):
        return code.replace(found[0], "")
    return code


def displayed(cell: Cell, code: str) -> str:
    """A value as its cell shows it, and as paper does."""
    if cell is None or not isinstance(cell, int | float):
        return shown(cell)
    return _formatted(cell, code_for(cell, code))


def _formatted(cell: float, code: str) -> str:
    try:
        return format_text(cell, code)
    except (Unsupported, CellFault, ValueError, ArithmeticError):
        return shown(cell)


def _styles(data: SheetData, row: int) -> dict[int, int]:
    for number, opening, close in data.rows():
        if number < row:
            continue
        if number > row or close is None:
            break
        return _styles_between(data, opening.end(), close)
    return {}


def _styles_between(data: SheetData, start: int, end: int) -> dict[int, int]:
    cells = data.rules.cell.finditer(data.scan, start, end)
    places = [(_PLACE.search(match[1]), _STYLE.search(match[1])) for match in cells]
    return {column(place[1]): int(style[1]) for place, style in places if place and style}
