"""Lists of people or records as clerks have them: copied cells, text files, workbooks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from addin.checking.merged import merged_areas
from addin.headless.session import Session
from addin.shared.exits import UserError, reason
from addin.shared.texts import NO_TEXT, decoded, separated
from addin.xlsx.files import WORKBOOKS
from addin.xlsx.model import BLANK, Cell, Sheet
from addin.xlsx.plainlists import person_column
from udfs.spelling import is_nobody, is_total

LAST_TRIED_ROW = 30
_ASIDE = re.compile(r"\s|[(（][^()（）]*[)）]$|[*＊]")
_SOMEBODY = r"(?:员工|职工|教职工|教工|教师|人员|干部|本人|被考核[人者])"
_NAME = re.compile(rf"{_SOMEBODY}?(?:姓名|名字)")
_NUMBER = re.compile(rf"{_SOMEBODY}?工号|{_SOMEBODY}(?:编号|编码)|职工号|员工号|教工号|工资号")
"""What is only called 编号 mostly numbers the rows of a list."""
_MORE = re.compile(r"^(?:所在|所属|现任)(?=.)|(?<=.)名称$")
"""What a heading of another list says more than the table's: 所在部门, 部门名称."""


@dataclass(frozen=True)
class Listed:
    """Rows of a list by the columns of the table that they are for.

    ``unknown``: headings that the table doesn't have; ``doubled``: those for which another stands for the same column, with that one;
    ``renamed``: the columns of headings that are written otherwise.
    """

    rows: tuple[dict[str, Cell], ...]
    unknown: tuple[str, ...] = ()
    doubled: tuple[tuple[str, str], ...] = ()
    renamed: dict[str, str] = field(default_factory=dict)


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
    session = Session.open(path)
    found = [_listed(_cells(session, sheet), columns, alone) for sheet in session.workbook.sheets.values()]
    best = max((each for each in found if each is not None), key=_likeness, default=None)
    if best is None:
        raise UserError(f"{path} 中没有找到名单：应有一行列标题，与表中的列相同，例如：{'、'.join(columns[:6])}")
    return best


def _cells(session: Session, sheet: Sheet) -> list[list[Cell]]:
    """A sheet's rows; what is merged over several rows stands in each of them."""
    rows = [[sheet.get(row, col) for col in range(sheet.width)] for row in range(sheet.height)]
    for area in merged_areas(session.xml(sheet.name), sheet.name):
        if area.left < sheet.width:
            for row in rows[area.top + 1 : area.bottom + 1]:
                row[area.left] = sheet.get(area.top, area.left)
    return rows


def _likeness(listed: Listed) -> tuple[bool, int]:
    return bool(listed.rows), len({name for row in listed.rows for name in row})


def _listed(cells: list[list[Cell]], columns: Sequence[str], alone: str) -> Listed | None:
    """None for cells among which no row of headings stands; one column without any is a list of names."""
    cells = [row for row in cells if any(cell not in BLANK for cell in row)]
    tried = [_meant(row, columns) for row in cells[:LAST_TRIED_ROW]]
    if not any(tried):
        is_single = bool(cells) and all(sum(cell not in BLANK for cell in row) == 1 for row in cells)
        return Listed(tuple({alone: next(c for c in row if c not in BLANK)} for row in cells)) if is_single else None
    at = max(range(len(tried)), key=lambda place: (len(tried[place]), -place))
    meant, headings = tried[at], {place: str(cell) for place, cell in enumerate(cells[at]) if cell not in BLANK}
    written = {name: headings[place] for place, name in meant.items()}
    person = person_column(columns)
    known_by = person if person in written else next(iter(written))
    rows = []
    for row in cells[at + 1 :]:
        filled = {name: row[place] for place, name in meant.items() if place < len(row) and row[place] not in BLANK}
        # Totals are told by what they begin with, which may stand in a column that the table doesn't have.
        is_aside = is_total(next(cell for cell in row if cell not in BLANK)) or (person in filled and is_nobody(filled[person]))
        # Of headings in two lines, which pages repeat, each is.
        is_repeated = filled.get(known_by) == written[known_by] or filled.items() <= written.items()
        if filled and not is_aside and not is_repeated:
            rows.append(filled)
    unknown, doubled = [], []
    for heading in (heading for place, heading in headings.items() if place not in meant):
        if alike := _meant([heading], columns):
            doubled.append((heading, written[alike[0]]))
        else:
            unknown.append(heading)
    renamed = {heading: name for name, heading in written.items() if _plain(heading) != _plain(name)}
    return Listed(tuple(rows), tuple(unknown), tuple(doubled), renamed)


def _meant(row: Sequence[Cell], columns: Sequence[str]) -> dict[int, str]:
    """Which cells of a row are headings of which columns: of those that are written alike, else of the only one that means the same."""
    headings = {place: str(cell) for place, cell in enumerate(row) if cell not in BLANK}
    found: dict[int, str] = {}
    for like in (str, _plain, _core):
        names = [like(name) for name in columns]
        for place, heading in headings.items():
            is_clear = names.count(like(heading)) == 1 if like is _core else like(heading) in names
            if place not in found and is_clear:
                name = columns[names.index(like(heading))]
                if name not in found.values():
                    found[place] = name
    return dict(sorted(found.items()))


def _plain(heading: str) -> str:
    """A heading without spaces, a unit in brackets, and the asterisk of what is required."""
    return _ASIDE.sub("", heading)


def _core(heading: str) -> str:
    """What a heading means in whatever list it stands."""
    plain = _plain(heading)
    for word, pattern in (("姓名", _NAME), ("工号", _NUMBER)):
        if pattern.fullmatch(plain):
            return word
    return _MORE.sub("", plain)
