"""A workbook made anew from its scheme, with everything that was filled in: what mends workbooks of older versions.

A clerk's own columns, sheets, names, comments, wider columns and the formats of single cells are carried over; what can't be is told, and
stays in the old file.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import median

from addin.checking.carried import Data, as_entry, capacity, carried, entered, filled_rows, refusal, scheme_of
from addin.checking.meanings import FROZEN
from addin.checking.places import GONE, Places
from addin.headless.session import Session
from addin.shared.exits import UserError
from addin.xlsx.beside import Comment, comments, widths
from addin.xlsx.book import Book
from addin.xlsx.heading import LINE
from addin.xlsx.model import BLANK, Table, cell_name
from addin.xlsx.transplant import Transplant, all_sheets, can_be_moved, defined_names, sheet_styles
from workbook_templates.scheme.data import Entry
from workbook_templates.scheme.model import Scheme
from workbook_templates.scheme.names import (
    CHECK,
    PARAMETERS,
    PERIOD,
    SERIAL,
    SUMMARY,
    UNIT,
    headings_name,
    rules_name,
    state,
)
from workbook_templates.workbook.build import build
from workbook_templates.workbook.sheets.parameters import MEANING

LONGEST_TOLD = 60
LEAST_WIDER = 1
"""In characters; other programs store a width with a fraction more."""
MARGIN = 5 / 7
"""What a stored width has beyond the characters that it was set for."""
Columns = dict[str, dict[str, list[Entry]]]
_OURS = ("_", state(""), rules_name(""), headings_name(""))
"""How names begin that workbooks of any version are made with."""


@dataclass(frozen=True)
class Upgrade:
    """The new workbook, computed; how many rows were carried over, by table; what else was; and what was left behind."""

    session: Session
    scheme: Scheme
    rows: dict[str, int]
    carried: tuple[str, ...]
    left: tuple[str, ...]


def upgraded(old: Session, rows: int | None = None) -> Upgrade:
    """``rows``: the capacity of the tables of people, if it is to be another one.

    Raises UserError for a workbook whose scheme is not known, DataError for a capacity that no sheet has.
    """
    scheme = _scheme(old)
    data = entered(old.book, scheme, below=True)
    rows = rows if rows is not None else capacity(old.book, scheme)
    own = {table.name: _own_columns(old.book, scheme, table.name) for table in scheme.tables}
    unfilled: Columns = {name: {key: [] for key in columns} for name, columns in own.items()}
    new = Session.of(_built(old.book, scheme, data, rows, unfilled))
    places = Places(old.book, new.book, {name: _rows(old.book, new.book, scheme, name) for name in own})
    columns = {name: {c: _cells(old.book, places, name, c) for c in found} for name, found in own.items()}
    remarks, uncommented = _comments(old, new.book, places)
    wider = _widths(old, new)
    if any(own.values()) or remarks or wider:
        new = Session.of(_built(old.book, scheme, data, rows, columns, remarks, wider))
    carrying = Transplant(old.package, old.workbook, new.content, places.formula)
    sheets = [name for name in _own_sheets(old, new.book) if name in old.book.sheets]
    movable = [name for name in sheets if can_be_moved(old.package, old.workbook.parts[name])]
    for name in movable:
        carrying.add_sheet(name)
    names = _carry_names(old, new.book, carrying, movable, places)
    formats = sum(_carry_formats(old, new.book, carrying, table, places) for table in own)
    new = Session.of(carrying.content())
    new.compute()
    told = [f"表 {table} 的列“{name}”（放在表的最右边）" for table, found in own.items() for name in found]
    told += [f"工作表“{name}”" for name in movable] + [f"名称“{name}”" for name in names]
    told += [f"{formats} 格自己设置的格式"] if formats else []
    told += [f"{len(remarks)} 条批注"] if remarks else []
    told += [f"{len(wider)} 列加宽的列"] if wider else []
    if refused := refusal(old.book):
        told.append(f"的内容改按现在的同名方案计算：工作簿中的方案这一版读不了（{refused}）")
    left = [
        *uncommented,
        *_left_behind(old, new.book, scheme, movable),
        *_notes_alone(old.book, places, own),
        *_own_lines(old.book, scheme),
        *(f"公式 ={_short(text)} 中不再有的引用（现为 {GONE}）" for text in places.lost),
    ]
    counts = {name: len(filled) for name, filled in data["tables"].items() if isinstance(filled, list)}
    return Upgrade(new, scheme, counts, tuple(told), tuple(dict.fromkeys(left)))


def _scheme(old: Session) -> Scheme:
    """The scheme of a workbook that can be made anew from it. Raises UserError."""
    scheme = scheme_of(old.book, old.package)
    if scheme is None:
        if refused := refusal(old.book):
            raise UserError(f"{old.path} 中的方案这一版读不了，也没有同名的方案文件，不能升级，文件没有改动：{refused}")
        raise UserError(f"不知道 {old.path} 是按哪个方案建的（工作簿中没有方案，也没有同名的方案文件），不能升级")
    lost = [t.name for t in scheme.tables if t.name not in old.book.tables and t.name in old.book.sheets]
    if lost:
        raise UserError(
            f"{old.path} 的工作表 {'、'.join(lost)} 中没有表（复制成了数值，或由别的程序另存时丢了表格和名称），填写的内容不能照搬；"
            "请从原工作簿升级，或按方案新建后粘贴"
        )
    return scheme


def _built(
    old: Book,
    scheme: Scheme,
    data: Data,
    rows: int | None,
    columns: Columns,
    comments: Mapping[tuple[str, int, int], Comment] | None = None,
    widths: Mapping[tuple[str, int], float] | None = None,
) -> bytes:
    stream = io.BytesIO()
    build(scheme, stream, data, rows, columns, old.workbook.date1904, comments, widths)
    return stream.getvalue()


def _comments(old: Session, new: Book, places: Places) -> tuple[dict[tuple[str, int, int], Comment], list[str]]:
    """The comments on the sheets that are made anew, where they stand now; and those whose cells there are no more."""
    found: dict[tuple[str, int, int], Comment] = {}
    left = []
    ours = {table.sheet for name, table in old.book.tables.items() if name in new.tables} | set(new.sheets)
    for sheet in (name for name in old.book.sheets if name in ours):
        for at, comment in comments(old.package, old.workbook.parts[sheet]).items():
            now = places.cell(sheet, *at)
            if now is None or now in found:
                left.append(f"{sheet}!{cell_name(*at)} 的批注“{_short(comment.text)}”")
            else:
                found[now] = comment
    return found, left


def _widths(old: Session, new: Session) -> dict[tuple[str, int], float]:
    """Columns that somebody has made wider than they are made; LibreOffice stores all of them wider by one factor.

    What parameters mean is as wide as the page leaves it, which another version has measured otherwise.
    """
    found: dict[tuple[str, int], tuple[float, float]] = {}
    for name, table in old.book.tables.items():
        own = new.book.tables.get(name)
        if own is None or old.book.is_list(name):
            continue
        before = widths(old.package, old.workbook.parts[table.sheet])
        made = widths(new.package, new.workbook.parts[own.sheet])
        for offset, column in enumerate(table.columns):
            if column not in own.columns:
                continue
            wide, col = before.get(table.first_col + offset), own.column(column)
            if wide is not None and made.get(col):
                found[own.sheet, col] = wide, made[col]
    if (parameters := new.book.tables.get(PARAMETERS)) is not None:
        # Other tables of the sheet have columns there, too.
        found.pop((parameters.sheet, parameters.column(MEANING)), None)
    factor = max(1, median([wide / made for wide, made in found.values()])) if found else 1
    scaled = {place: (wide / factor, made) for place, (wide, made) in found.items()}
    return {place: wide - MARGIN for place, (wide, made) in scaled.items() if wide >= made + LEAST_WIDER}


def _own_lines(old: Book, scheme: Scheme) -> Iterator[str]:
    """What was written above tables instead of unit and period."""
    for name in (table.name for table in scheme.tables if table.name in old.tables):
        line = old.value(old.tables[name].sheet, *LINE)
        if isinstance(line, str) and not any(f"{fact}{colon}" in line for fact in (UNIT, PERIOD) for colon in ":："):
            yield f"表 {name} 上方写的“{line}”"


def _own_columns(old: Book, scheme: Scheme, name: str) -> list[str]:
    """Columns that the scheme doesn't have and somebody has filled in; what only an older version computed can go."""
    table = old.tables.get(name)
    if table is None:
        return []
    known = {*scheme.table(name).column_names, SERIAL, CHECK}
    places = [place for place, column in enumerate(table.columns) if column in known]
    check = table.columns.index(CHECK) if CHECK in table.columns else 0
    found = []
    for place, column in enumerate(table.columns):
        if column in known or column in found:
            continue
        # Formulas among the results may be those of an older version, unless the workbook carries its scheme.
        is_own = carried(old) is not None or not check < place < max(places, default=0)
        if _is_filled(old, table, table.first_col + place, is_own):
            found.append(column)
    return found


def _is_filled(old: Book, table: Table, col: int, formulas_count: bool) -> bool:
    sheet = old.workbook.sheets[table.sheet]
    cells = [(row, col) for row in table.rows]
    if formulas_count and any(cell in sheet.formulas for cell in cells):
        return True
    return any(sheet.get(*cell) not in BLANK and cell not in sheet.formulas for cell in cells)


def _rows(old: Book, new: Book, scheme: Scheme, name: str) -> dict[int, int]:
    """Where each filled row of a table, and below it, stands now: in the order in which they were entered."""
    table, own = old.tables.get(name), new.tables.get(name)
    if table is None or own is None:
        return {}
    inputs = [column.name for column in scheme.table(name).inputs if column.name in table.columns]
    filled = filled_rows(old, table, inputs, below=True)
    return {row: own.first_row + place for place, row in enumerate(filled)}


def _cells(old: Book, places: Places, name: str, column: str) -> list[Entry]:
    """A column of a clerk's own, in the rows where its people now stand."""
    table, rows = old.tables[name], places.rows[name]
    sheet, col = old.workbook.sheets[table.sheet], table.column(column)
    first = min(rows.values(), default=0)
    cells: list[Entry] = [None] * len(rows)
    for row, now in rows.items():
        formula = sheet.formulas.get((row, col))
        value = sheet.get(row, col)
        cells[now - first] = f"={places.formula(formula, table.sheet, now)}" if formula else as_entry(value)
    return cells


def _own_sheets(old: Session, new: Book) -> list[str]:
    ours = {table.sheet for name, table in old.book.tables.items() if name in new.tables} | {
        old.book.home(SUMMARY),
        FROZEN,
    }
    return [name for name in all_sheets(old.package) if name not in new.sheets and name not in ours]


def _carry_names(old: Session, new: Book, carrying: Transplant, sheets: list[str], places: Places) -> list[str]:
    """Defined names of a clerk's own, and what belongs to his sheets (print areas and the like)."""
    found = []
    for entry, sheet in defined_names(old.package):
        name, text = entry.get("name"), entry.text or ""
        if sheet is None and (name.lower() in new.names or name.startswith(_OURS)):
            continue
        if sheet is None or sheet in sheets:
            moved = places.formula(text, sheet or "")
            if GONE in text or GONE not in moved:
                carrying.add_name(entry, moved, sheet)
                found += [name] if sheet is None else []
    return found


def _carry_formats(old: Session, new: Book, carrying: Transplant, name: str, places: Places) -> int:
    """Cells of a table that look otherwise than most of their column keep their looks; gives how many."""
    table, own = old.book.tables.get(name), new.tables.get(name)
    if table is None or own is None:
        return 0
    known = sheet_styles(old.package, old.workbook.parts[table.sheet])
    wanted: dict[str, int] = {}
    for offset, column in enumerate(table.columns):
        if column not in own.columns:
            continue
        col = table.first_col + offset
        styles = [known.get((row, col), 0) for row in table.rows]
        usual = Counter(styles).most_common(1)[0][0] if styles else 0
        for row, now in places.rows[name].items():
            # What was typed below the table or in an inserted row has no format at all.
            if (style := known.get((row, col), 0)) not in (0, usual) and row <= table.last_row:
                wanted[cell_name(now, own.column(column))] = style
    if wanted:
        carrying.style_cells(own.sheet, wanted)
    return len(wanted)


def _left_behind(old: Session, new: Book, scheme: Scheme, movable: list[str]) -> list[str]:
    """Sheets that can't be carried over, and what stands beside the tables."""
    found = [f"工作表“{name}”" for name in _own_sheets(old, new) if name not in movable]
    for declared in scheme.tables:
        table = old.book.tables.get(declared.name)
        if table is None:
            continue
        inputs = [column.name for column in declared.inputs if column.name in table.columns]
        for where, places in (("旁边", _beside(old.book, table)), ("下面", _below(old.book, table, inputs))):
            if places:
                cells = "、".join(cell_name(*place) for place in places[:3]) + ("…" if len(places) > 3 else "")
                found.append(f"工作表“{table.sheet}”中表{where}的 {len(places)} 格（{cells}）")
    return found


def _below(old: Book, table: Table, inputs: list[str]) -> list[tuple[int, int]]:
    """What is written below a table that stands alone on its sheet, and is no row of it."""
    sheet = old.workbook.sheets[table.sheet]
    if any(each.sheet == table.sheet and each.name != table.name for each in old.tables.values()):
        return []
    taken = set(filled_rows(old, table, inputs, below=True))
    rows = [row for row in range(table.last_row + 1 + table.totals, sheet.height) if row not in taken]
    places = [(row, col) for row in rows for col in range(table.last_col + 1)]
    return [place for place in places if sheet.get(*place) not in BLANK and place not in sheet.formulas]


def _notes_alone(old: Book, places: Places, own: dict[str, list[str]]) -> Iterator[str]:
    """Rows in which nothing but a clerk's own columns is filled in."""
    for name, columns in own.items():
        for column in columns:
            table = old.tables[name]
            sheet, col = old.workbook.sheets[table.sheet], table.column(column)
            for row in table.rows:
                is_typed = sheet.get(row, col) not in BLANK and (row, col) not in sheet.formulas
                if is_typed and row not in places.rows[name]:
                    yield f"{table.sheet}!{cell_name(row, col)}（这一行没有填别的）"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_TOLD else f"{text[:LONGEST_TOLD]}…"


def _beside(old: Book, table: Table) -> list[tuple[int, int]]:
    """Filled cells right of a table that stands alone on its sheet."""
    sheet = old.workbook.sheets[table.sheet]
    last = max(each.last_col for each in old.tables.values() if each.sheet == table.sheet)
    places = [(row, col) for col in range(last + 1, sheet.width) for row in range(sheet.height)]
    return sorted(place for place in places if sheet.get(*place) not in BLANK)
