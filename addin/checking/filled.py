"""New workbooks of a scheme with the data of others: for tables of a size one is built, which is then filled in anew."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from datetime import date
from typing import Any

from addin.headless.session import Session
from addin.xlsx import heading
from addin.xlsx.book import Book
from addin.xlsx.dates import serial
from addin.xlsx.model import Cell, cell_name
from workbook_templates.scheme.data import Entry, Filling, fill
from workbook_templates.scheme.model import Scheme
from workbook_templates.scheme.names import PARAMETERS, PERIOD, UNIT
from workbook_templates.workbook.build import build
from workbook_templates.workbook.layout import FIRST_PARAMETER, Layout

MOST_BUILT = 100
_built: dict[tuple[object, ...], bytes] = {}


def filled(scheme: Scheme, data: dict[str, Any] | None = None, rows: int | None = None) -> Session:
    """A workbook as ``build`` makes it, not yet computed; raises DataError."""
    filling = fill(scheme, data)
    layout = Layout(scheme, {name: len(given) for name, given in filling.tables.items()}, rows)
    key = scheme.slug, scheme.text, *((place.rows, place.is_table) for place in layout.places.values())
    if key not in _built:
        stream = io.BytesIO()
        build(scheme, stream, data, rows)
        if len(_built) >= MOST_BUILT:
            _built.clear()
        _built[key] = stream.getvalue()
        return Session.of(_built[key])
    session = Session.of(_built[key])
    for sheet, row, col, value in _entries(session.book, scheme, filling, layout):
        before = session.book.value(sheet, row, col)
        if value != before or type(value) is not type(before):
            session.type(sheet, cell_name(row, col), value)
    return session


def _entries(book: Book, scheme: Scheme, filling: Filling, layout: Layout) -> Iterator[tuple[str, int, int, Cell]]:
    """All cells that are filled in, with what is to stand there."""
    for row, parameter in enumerate(scheme.parameters, start=FIRST_PARAMETER):
        yield PARAMETERS, row, 1, _cell(filling.parameters[parameter.name])
    for name, columns in scheme.filled_in.items():
        place, given = layout.places[name], filling.tables[name]
        rows = [*given, *[{}] * (place.rows - len(given))]
        for row, cells in enumerate(rows, start=place.first):
            for column in columns:
                yield place.sheet, row, place.columns[column], _cell(cells.get(column))
    for fact, text in ((UNIT, filling.unit), (PERIOD, filling.period or scheme.period)):
        if (at := heading.place(book, fact)) is not None:
            yield *at, _cell(text)


def _cell(entry: Entry) -> Cell:
    """What is read again of an entry."""
    if isinstance(entry, date):
        return serial(entry)
    if isinstance(entry, int | float) and not isinstance(entry, bool):
        return float(entry) if math.isfinite(entry) else str(entry)
    return None if entry == "" else entry
