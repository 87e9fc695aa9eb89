"""What an author of a scheme file is told beside mistakes: what has no effect, and what counts rows that nobody has filled in."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from addin.headless.session import Session
from addin.shared.texts import shown
from workbook_templates.scheme.model import Scheme
from workbook_templates.scheme.remarks import remarks as without_effect
from workbook_templates.scheme.sparerows import counting
from workbook_templates.workbook.build import build


def remarks(scheme: Scheme) -> Iterator[str]:
    """Raises DataError for a scheme of which no workbook can be made."""
    stream = io.BytesIO()
    build(scheme, stream)
    yield from without_effect(scheme)
    yield from _in_blank_rows(scheme, stream.getvalue())


def _in_blank_rows(scheme: Scheme, workbook: bytes) -> Iterator[str]:
    """Columns that don't look at the check give a value in spare rows, too, and totals and counts of the column read it."""
    unguarded = [(table, c.name) for table in scheme.tables for c in table.computed if not c.guard]
    if not unguarded:
        return
    session = Session.of(workbook)
    session.compute()
    for table, name in unguarded:
        place = session.book.places[table.name]
        value = session.book.cell(place, place.last_row, name)
        # Signs alone are a key of several cells, all of them blank: nothing is ever equal to it.
        if value in (None, "") or (isinstance(value, str) and not re.search(r"\w", value)):
            continue
        functions = "、".join(dict.fromkeys(counting(scheme, table.name, name, value)))
        if functions and len(table.default) < table.capacity:
            first = table.inputs[0].name
            yield f'表 {table.name} 的列 {name}（guard = false）在空行上得 {shown(value)}，{functions} 会算进去；先写 IF([@{first}]="","",…)'
