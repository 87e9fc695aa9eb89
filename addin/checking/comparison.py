"""A workbook against a new one of its scheme with the same data: whatever the formulas say differently shows in a result.

It is the last of the checks: a formula that was changed for the whole column, or two tables that were mixed up, look right in
themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from addin.checking.carried import Data, capacity, carried, entered, filled_rows, named, sizes
from addin.checking.fault import Fault
from addin.checking.made import Made, remember
from addin.checking.meanings import MISSING, has_lost_summary
from addin.checking.rows import FINE, parameter_faults
from addin.checking.steady import Steady
from addin.headless.session import Session
from addin.shared.kept import kept
from addin.shared.texts import shown
from addin.xlsx.book import Book
from addin.xlsx.model import BLANK, Cell, CellError, Table, cell_name
from workbook_templates.scheme.model import Scheme
from workbook_templates.scheme.names import CHECK, NAME, PARAMETERS, SERIAL, SUMMARY, VALUE, state
from workbook_templates.scheme.parameters import Listing
from workbook_templates.workbook.layout import TABLE_LIMIT, Layout, Placement

LOST_PARAMETER = "没有参数 {}：名称被改写了，请改回原来的名称"
LOST_COLUMN = "表 {} 没有列“{}”：删去了，或改了列名；请撤销，或用 kaohe upgrade 重建"
LOST_RESULT = "“汇总”表没有“{}”：删去了，或改了名称；请撤销，或用 kaohe upgrade 重建"
LABEL = "列表 {} 的这一行应为“{}”：公式按原来的名称和次序读它；请恢复"
NO_FORMULAS = "{}：整列的公式被改写成了固定内容，不再随数据变化；请撤销或用 kaohe upgrade 重建"
DIFFERENT = "{}：按方案应为 {}"
BY_TODAYS_RULES = "按方案现在的规则：{}"
Size = tuple[str, str, tuple[int, ...]]
"""Slug and text of a scheme, and the rows of its tables."""
MOST_MADE = 300
_made: dict[Size, Made | None] = {}
"""The workbooks of a folder are made alike."""
MOST_STEADY = 64
_steady: dict[Size, Steady] = {}
"""Of those sizes in which some are of another version."""
MOST_SCHEMES = 100
_stretched_of: dict[tuple[str, str, int | None], str | None] = {}
"""By slug and text of a scheme, and rows where people are more than a table holds, what its workbooks of any size have in common."""


def against_scheme(session: Session, scheme: Scheme) -> list[Fault]:
    """What a computed workbook with the tables of its scheme has differently from a new one with the same data."""
    book = session.book
    places = Layout(scheme, sizes(book, scheme), capacity(book, scheme)).places
    size = scheme.slug, scheme.text, tuple(place.rows for place in places.values())
    new = None if size in _made else _first_of(size, places, book, scheme)
    made = _made[size]
    if made is not None and made.is_like(session):
        if carried(book) is not None:
            remember(session, made)
        return []
    if made is not None:
        if size not in _steady:
            new = new or _built(book, scheme)
            if len(_steady) >= MOST_STEADY:
                _steady.clear()
            _steady[size] = Steady(made, new.workbook)
        if _steady[size].leaves(session):
            return []
    new = new or _built(book, scheme)
    new.compute()
    return list(_todays_rules(book, new.book)) or list(_differences(book, scheme, new.book))


def _first_of(size: Size, places: dict[str, Placement], book: Book, scheme: Scheme) -> Session | None:
    """Find out what the workbooks of this size have in common; a new one, if it had to be made to see that.

    It need not where the workbook itself is a new one with tables of other sizes.
    """
    new: list[Session] = []

    def find() -> dict[str, Any] | None:
        own = [(table, places[name].rows) for name, table in book.tables.items() if name in places]
        is_as_laid_out = all(len(table.rows) == rows for table, rows in own)
        made = Made.of(book, scheme) if is_as_laid_out else None
        are_many = any(place.rows > TABLE_LIMIT for place in places.values())
        if made is None or made.stretched != _stretched(scheme, TABLE_LIMIT + 1 if are_many else None):
            new.append(_built(book, scheme))
            made = Made.of(new[0].book, scheme)
        return made.as_plain() if made is not None else None

    slug, text, rows = size
    plain = kept("made", [slug, text, *map(str, rows)], find)
    if len(_made) >= MOST_MADE:
        _made.clear()
    _made[size] = Made.from_plain(plain) if plain is not None else None
    return next(iter(new), None)


def _stretched(scheme: Scheme, rows: int | None) -> str | None:
    """What its new workbooks say, whatever their size; ``rows`` where the people are no Excel table."""

    def find() -> str | None:
        made = Made.of(_new(scheme, rows=rows).book, scheme)
        return made.stretched if made is not None else None

    key = scheme.slug, scheme.text, rows
    if key not in _stretched_of:
        if len(_stretched_of) >= MOST_SCHEMES:
            _stretched_of.clear()
        _stretched_of[key] = kept("stretched", map(str, key), find)
    return _stretched_of[key]


def _built(book: Book, scheme: Scheme) -> Session:
    """A new workbook with the same data."""
    return _new(scheme, entered(book, scheme), capacity(book, scheme))


def _new(scheme: Scheme, data: Data | None = None, rows: int | None = None) -> Session:
    # The builder takes longer to load than most workbooks to check.
    from addin.checking.filled import filled

    return filled(scheme, data, rows)


def missing(book: Book, scheme: Scheme) -> list[Fault]:
    """Tables, parameters, columns and rows of lists that the scheme has and the workbook has not, or elsewhere."""
    home = next(iter(book.sheets), "")
    found = [Fault(home, "A1", t.name, MISSING.format(t.name)) for t in scheme.tables if t.name not in book.tables]
    if scheme.results and not book.is_list(SUMMARY) and not has_lost_summary(book):
        found.append(Fault(home, "A1", SUMMARY, MISSING.format(SUMMARY)))
    found += lost(book)
    if carried(book) is not None:
        for listing in scheme.lists:
            found += _mislabelled(book, listing)
    for table in (book.tables[t.name] for t in scheme.tables if t.name in book.tables):
        found += _without_formulas(book, table, {column.name for column in scheme.table(table.name).computed})
    return found


def lost(book: Book) -> Iterator[Fault]:
    """What the carried scheme names, whether it can be read or not, and the workbook has no more."""
    if (declared := named(book)) is None:
        return
    yield from _lost(book, PARAMETERS, declared.parameters, LOST_PARAMETER)
    yield from _lost(book, SUMMARY, declared.results, LOST_RESULT)
    for name, columns in declared.columns.items():
        if (table := book.tables.get(name)) is not None:
            where = cell_name(table.first_row - 1, table.first_col)
            rules = [LOST_COLUMN.format(name, column) for column in columns if column not in table.columns]
            yield from (Fault(table.sheet, where, table.columns[0], rule) for rule in rules)


def _lost(book: Book, listed: str, wanted: list[str], rule: str) -> Iterator[Fault]:
    """Names that a list of named values should have."""
    if book.is_list(listed):
        table, known = book.tables[listed], book.named_values(listed)
        where = cell_name(table.first_row, table.first_col)
        yield from (Fault(table.sheet, where, name, rule.format(name)) for name in wanted if name not in known)


def _mislabelled(book: Book, listing: Listing) -> Iterator[Fault]:
    """The first row of a list that stands elsewhere, or under another name, where its own state, as in older workbooks, doesn't tell."""
    table, told = book.tables.get(listing.name), book.named_cell(state(listing.name))
    if not listing.fixed or table is None or (told is not None and book.value(*told) not in FINE):
        return
    for place, row in enumerate(listing.rows):
        for column in listing.labels:
            if column not in table.columns:
                continue
            at = table.first_row + place, table.column(column)
            value, wanted = book.value(table.sheet, *at), row.get(column)
            if not _same(value, wanted):
                yield Fault(table.sheet, cell_name(*at), value, LABEL.format(listing.name, shown(wanted)))
                return


def _without_formulas(book: Book, table: Table, computed: set[str]) -> Iterator[Fault]:
    """Columns that hold values only: which of them are not a clerk's own, only the scheme tells."""
    sheet, rows = book.workbook.sheets[table.sheet], table.rows
    living = {col for row, col in sheet.formulas if row in rows}
    living |= {col for area in sheet.arrays.values() for col in range(area.left, area.right + 1)}
    places = {name: table.first_col + offset for offset, name in enumerate(table.columns) if name in computed}
    dead = [name for name, col in places.items() if col not in living]
    if dead:
        col = places[dead[0]]
        rule = NO_FORMULAS.format("、".join(dead))
        yield Fault(table.sheet, cell_name(table.first_row, col), sheet.get(table.first_row, col), rule)


def _differences(book: Book, scheme: Scheme, new: Book) -> Iterator[Fault]:
    """Results that the scheme gives differently, the leftmost of each row; and of 汇总 those that no row explains."""
    found = [
        fault for table in scheme.tables for fault in _of_table(book, new, table.name, [c.name for c in table.inputs])
    ]
    yield from found
    if not found:
        yield from _of_summary(book, new)


def _todays_rules(book: Book, new: Book) -> Iterator[Fault]:
    """What a scheme of today finds wrong with the parameters, where the workbook is older and carries none."""
    if carried(book) is not None or not book.is_list(PARAMETERS):
        return
    known = {fault.rule for fault in parameter_faults(book)}
    table = book.tables[PARAMETERS]
    where = {book.value(table.sheet, row, table.first_col): row for row in table.rows}
    col = table.column(VALUE)
    for fault in parameter_faults(new):
        if fault.rule not in known:
            mentioned = [name for name in where if isinstance(name, str) and name and name in fault.rule]
            # What is a line of a list today was a parameter by itself.
            alike = [row for row in table.rows if book.value(table.sheet, row, col) == fault.value]
            row = where[mentioned[0]] if mentioned else next(iter(alike), table.first_row)
            value = book.value(table.sheet, row, col)
            yield Fault(table.sheet, cell_name(row, col), value, BY_TODAYS_RULES.format(fault.rule))


def _of_table(book: Book, new: Book, name: str, inputs: list[str]) -> Iterator[Fault]:
    old_table, new_table = book.tables.get(name), new.tables.get(name)
    if old_table is None or new_table is None:
        return
    names = [column for column in inputs if column in old_table.columns]
    # Blank rows between people change nothing but the numbers of the rows.
    results = [c for c in old_table.columns if c in new_table.columns and c not in (*inputs, CHECK, SERIAL)]
    old_rows, new_rows = filled_rows(book, old_table, names), filled_rows(new, new_table, names)
    for old_row, new_row in zip(old_rows, new_rows, strict=True):
        for column in results:
            value, wanted = book.cell(old_table, old_row, column), new.cell(new_table, new_row, column)
            if not _same(value, wanted):
                cell = cell_name(old_row, old_table.column(column))
                yield Fault(old_table.sheet, cell, value, DIFFERENT.format(column, shown(wanted) or "空白"))
                break


def _of_summary(book: Book, new: Book) -> Iterator[Fault]:
    if not book.is_list(SUMMARY):
        return
    table, wanted = book.tables[SUMMARY], new.named_values(SUMMARY)
    for row in table.rows:
        name = str(book.cell(table, row, NAME))
        value = book.cell(table, row, VALUE)
        if name in wanted and not _same(value, wanted[name]):
            cell = cell_name(row, table.column(VALUE))
            yield Fault(table.sheet, cell, value, DIFFERENT.format(name, shown(wanted[name]) or "空白"))


def _same(value: Cell, wanted: Cell) -> bool:
    """Equal to the last digit; which error value it is does not matter, nor whether nothing is a blank or an empty text."""
    if isinstance(value, CellError) or isinstance(wanted, CellError):
        return isinstance(value, CellError) and isinstance(wanted, CellError)
    return value == wanted or (value in BLANK and wanted in BLANK)
