"""The scheme that a workbook was made from: as it is carried inside, else as a scheme file of that name says today."""

from __future__ import annotations

import re
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from addin.checking.tables import is_remark
from addin.shared.schemes import load
from addin.xlsx import heading
from addin.xlsx.book import Book
from addin.xlsx.model import BLANK, Cell, CellError, Table
from addin.xlsx.package import stated
from addin.xlsx.plainlists import person_column
from workbook_templates.scheme.data import Entry
from workbook_templates.scheme.errors import SchemeError
from workbook_templates.scheme.loader import parse
from workbook_templates.scheme.model import Scheme
from workbook_templates.scheme.names import PARAMETERS, PERIOD, UNIT
from workbook_templates.workbook.sheets.carried import FIRST, SHEET, SLUG

_NAMED = re.compile(r"KAOHE ([\w.-]+)")
Data = dict[str, Any]


def carried(book: Book) -> Scheme | None:
    """The scheme whose text the workbook holds; None for one that this version can't read."""
    found = _carried(book)
    return found if isinstance(found, Scheme) else None


def refusal(book: Book) -> str:
    """Why the scheme that the workbook holds can't be read, in one line."""
    found = _carried(book)
    lines = str(found).splitlines() if isinstance(found, SchemeError) else []
    return "；".join(line.strip() for line in lines).replace("：；", "：")


@dataclass(frozen=True)
class Named:
    """What a scheme calls whatever a workbook shows of it: its computed columns by table."""

    parameters: list[str]
    results: list[str]
    columns: dict[str, list[str]]


def named(book: Book) -> Named | None:
    """What the carried scheme names; of one that this version can't read, as far as its text tells. None where nothing is known."""
    found = _carried(book)
    if isinstance(found, Scheme):
        columns = {table.name: [c.name for c in table.computed if not c.hidden] for table in found.tables}
        return Named([p.name for p in found.parameters], [r.shown_name for r in found.results], columns)
    return _named_in(_text(book)) if found else None


def _named_in(text: str) -> Named | None:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
    columns = {
        table["name"]: [c["name"] for c in _records(table, "columns") if "formula" in c and not c.get("hidden")]
        for table in _records(data, "tables")
    }
    results = [result.get("label") or result["name"] for result in _records(data, "results")]
    return Named([parameter["name"] for parameter in _records(data, "parameters")], results, columns)


def _records(data: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """Those that are called as they are written: not what is repeated under other names."""
    found = data.get(key)
    records = [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    return [each for each in records if isinstance(each.get("name"), str) and "each" not in each]


def is_made(book: Book) -> bool:
    """Whether it has the sheet 首页, by which workbooks are known that were made with a scheme inside."""
    return heading.place(book, UNIT) is not None


def scheme_of(book: Book, package: zipfile.ZipFile) -> Scheme | None:
    """The carried scheme, or the scheme file of the name that stands in the workbook."""
    if (found := carried(book)) is not None:
        return found
    named = _NAMED.fullmatch(stated(package, "description"))
    slug = named[1] if named else _slug(book)
    try:
        return load(slug) if slug else None
    except SchemeError:
        return None


def _slug(book: Book) -> str:
    """The name of the carried scheme."""
    sheet = book.workbook.sheets.get(SHEET)
    return str(sheet.get(0, 1)) if sheet is not None and sheet.get(0, 0) == SLUG else ""


def _carried(book: Book) -> Scheme | SchemeError | None:
    if not (slug := _slug(book)):
        return None
    return _parsed(_text(book), slug)


def _text(book: Book) -> str:
    sheet = book.workbook.sheets[SHEET]
    lines = [sheet.get(row, 0) for row in range(FIRST, sheet.height)]
    return "\n".join("" if line is None else str(line) for line in lines)


@lru_cache(maxsize=8)
def _parsed(text: str, slug: str) -> Scheme | SchemeError:
    try:
        return parse(text, slug)
    except SchemeError as error:
        return error


def entered(book: Book, scheme: Scheme, below: bool = False) -> Data:
    """What has been filled in, as data for a new workbook of the scheme; ``below``: with the rows under the tables."""
    values = book.named_values(PARAMETERS)
    names = [*(parameter.name for parameter in scheme.parameters), *scheme.cell_names]
    params = {name: as_entry(values[name]) for name in names if name in values}
    lists = {listing.name for listing in scheme.lists}
    tables: dict[str, object] = {
        table.name: _rows(book, table, columns, below and table.name not in lists)
        for table, columns in _filled_in(book, scheme)
    }
    unit, period = (heading.known(book, fact, book.tables.values()) for fact in (UNIT, PERIOD))
    return {"params": params, "tables": tables, "unit": unit, "period": period}


def sizes(book: Book, scheme: Scheme) -> dict[str, int]:
    """How many rows of each table and list ``entered`` takes."""
    return {table.name: len(filled_rows(book, table, columns)) for table, columns in _filled_in(book, scheme)}


def _filled_in(book: Book, scheme: Scheme) -> Iterator[tuple[Table, list[str]]]:
    """The tables and lists with their columns that are filled in."""
    for name, columns in scheme.filled_in.items():
        if (table := book.tables.get(name)) is not None:
            yield table, [column for column in columns if column in table.columns]


def capacity(book: Book, scheme: Scheme) -> int | None:
    """How many rows the largest of the tables of people has; None where there is none."""
    tables = [book.tables[table.name] for table in scheme.tables if table.people and table.name in book.tables]
    return max((len(table.rows) for table in tables), default=None)


def _rows(book: Book, table: Table, names: list[str], below: bool) -> list[dict[str, object]]:
    sheet = book.workbook.sheets[table.sheet]
    places = {name: table.column(name) for name in names}
    return [
        {name: as_entry(sheet.get(row, col)) for name, col in places.items()}
        for row in filled_rows(book, table, names, below)
    ]


def filled_rows(book: Book, table: Table, names: list[str], below: bool = False) -> list[int]:
    """The sheet's rows that ``entered`` takes, in its order; of those below the table what is nobody's is none."""
    sheet, person = book.workbook.sheets[table.sheet], person_column(table.columns)
    first, last = table.first_row, sheet.height - 1 if below else table.last_row
    columns = [sheet.cells(table.column(name), first, last) for name in names]
    found = []
    for row, cells in enumerate(zip(*columns, strict=True), first):
        entry = {name: cell for name, cell in zip(names, cells, strict=True) if cell not in BLANK}
        if entry and not (row > table.last_row and is_remark(entry, person)):
            found.append(row)
    return found


def as_entry(cell: Cell) -> Entry:
    """A value as it is entered; an error value by its name."""
    return cell.value if isinstance(cell, CellError) else cell
