"""Lists of people or records as clerks have them: copied cells, text files, workbooks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from addin.headless.session import Session
from addin.shared.exits import UserError, reason
from addin.shared.texts import NO_TEXT, decoded, separated
from addin.xlsx.files import WORKBOOKS
from addin.xlsx.model import BLANK, Cell
from udfs.spelling import is_total

LAST_TRIED_ROW = 30
_ASIDE = re.compile(r"\s|[(（][^()（）]*[)）]$|[*＊]")


@dataclass(frozen=True)
class Listed:
    """Rows of a list by the columns of the table that they are for; ``unknown``: headings that the table doesn't have."""

    rows: tuple[dict[str, Cell], ...]
    unknown: tuple[str, ...] = ()


def read_list(path: Path, columns: Sequence[str], alone: str) -> Listed:
    """The list in a file; raises UserError."""
    if path.suffix.lower() in WORKBOOKS:
        return _of_workbook(path, columns, alone)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UserError(f"读不了名单 {path}：{reason(error)}") from None
    if (text := decoded(content)) is None:
        raise UserError(NO_TEXT.format(path))
    return of_text(text, columns, alone)


def of_text(text: str, columns: Sequence[str], alone: str) -> Listed:
    """The list in a text: copied cells (with tabs between them), CSV, or a name a line; raises UserError."""
    separator = next((mark for mark in ("\t", ",", "，", ";") if mark in text.partition("\n")[0]), "\t")
    if separator == "，":
        text, separator = text.replace("，", ","), ","
    cells: list[list[Cell]] = [[cell.strip() or None for cell in row] for row in separated(text, separator)]
    listed = _listed(cells, columns, alone)
    if listed is None:
        raise UserError(f"名单的第一行应为列标题，与表中的列相同，例如：{'、'.join(columns[:6])}")
    return listed


def _of_workbook(path: Path, columns: Sequence[str], alone: str) -> Listed:
    """The list of the sheet whose headings are the most like the table's."""
    sheets = Session.open(path).workbook.sheets.values()
    found = [
        _listed([[sheet.get(row, col) for col in range(sheet.width)] for row in range(sheet.height)], columns, alone)
        for sheet in sheets
    ]
    best = max((each for each in found if each is not None), key=_likeness, default=None)
    if best is None:
        raise UserError(f"{path} 中没有找到名单：应有一行列标题，与表中的列相同，例如：{'、'.join(columns[:6])}")
    return best


def _likeness(listed: Listed) -> tuple[bool, int]:
    return bool(listed.rows), len(listed.rows[0]) if listed.rows else 0


def _listed(cells: list[list[Cell]], columns: Sequence[str], alone: str) -> Listed | None:
    """None for cells among which no row of headings stands; one column without any is a list of names."""
    cells = [row for row in cells if any(cell not in BLANK for cell in row)]
    known = {_plain(name): name for name in reversed(columns)}
    matches = [sum(_plain(str(cell)) in known for cell in row if cell not in BLANK) for row in cells[:LAST_TRIED_ROW]]
    if not matches or not max(matches):
        is_single = bool(cells) and all(sum(cell not in BLANK for cell in row) == 1 for row in cells)
        return Listed(tuple({alone: next(c for c in row if c not in BLANK)} for row in cells)) if is_single else None
    at = matches.index(max(matches))
    headings = {place: _plain(str(cell)) for place, cell in enumerate(cells[at]) if cell not in BLANK}
    rows = []
    for row in cells[at + 1 :]:
        # Totals are told by what they begin with, which may stand in a column that the table doesn't have.
        if is_total(next(cell for cell in row if cell not in BLANK)):
            continue
        filled = {known[name]: row[place] for place, name in headings.items() if name in known and place < len(row)}
        if any(cell not in BLANK for cell in filled.values()):
            rows.append(filled)
    unknown = [str(cells[at][place]) for place, name in headings.items() if name not in known]
    return Listed(tuple(rows), tuple(unknown))


def _plain(heading: str) -> str:
    """A heading without spaces, a unit in brackets, and the asterisk of what is required."""
    return _ASIDE.sub("", heading)
