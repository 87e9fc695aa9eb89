"""Whether a workbook is as its scheme makes it: then its results are the scheme's, and nothing need be computed anew to see it.

It is, if the formulas of its tables, and those that these read, are those of a new workbook of the same size, and what they read
is a formula, was filled in, or is what stands there in the new one. Beside that a clerk may write what he likes, and workbooks
of older versions may show other things on the sheets around.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from addin.checking.relative import Relative
from addin.headless.formulas import formulas_of
from addin.headless.schedule import Group
from addin.headless.session import Session
from addin.headless.skeleton import Skeleton
from addin.headless.tree import Apply, Cells, Named, Node
from addin.shared.kept import keep, recalled
from addin.xlsx import heading
from addin.xlsx.book import Book
from addin.xlsx.model import Cell, Table
from workbook_templates.formula.tree import walk
from workbook_templates.scheme.names import NAME, PARAMETERS, PERIOD, SUMMARY, UNIT, VALUE
from workbook_templates.workbook.sheets.carried import SHEET

if TYPE_CHECKING:
    from workbook_templates.scheme.model import Scheme

Column = tuple[str, int]
Span = tuple[int, int]
"""First and last row."""
LIKE = "like"
MOST_COLUMNS = 1000
"""No formula of a scheme reads blocks that are wider."""
MOST_MET = 64


@dataclass(frozen=True)
class Made:
    """A new workbook's formulas, and what they read that is neither computed nor filled in."""

    written: str
    """The digest of all formulas as they are written: where it is the same, so is the next one."""
    formulas: str
    """The digest of those that the results come from."""
    stretched: str
    """The digest of these and of all that they read, which is the same whatever the number of rows of the tables."""
    date1904: bool
    fixed: dict[Column, dict[int, Cell]]
    """Also the names of columns, parameters, figures and rows of lists, by which a workbook is read."""
    spans: dict[Column, list[Span]]

    @classmethod
    def of(cls, new: Book, scheme: Scheme) -> Made | None:
        """None where it is known only when computing what the formulas read."""
        skeleton = Skeleton.of(new.workbook)
        groups = skeleton.once(_behind_tables)
        areas = [area for group in groups for area in group.sources()]
        if any(group.dynamic for group in groups) or any(area.columns > MOST_COLUMNS for area in areas):
            return None
        read: dict[Column, list[Span]] = {}
        for area in areas:
            for col in range(area.left, area.right + 1):
                read.setdefault((area.sheet, col), []).append((area.top, area.bottom))
        known: dict[Column, list[Span]] = {}
        for group in groups:
            for col in group.columns:
                known.setdefault((group.sheet, col), []).extend(group.segments)
        for column, span in _filled_in(new, scheme):
            known.setdefault(column, []).append(span)
        spans = {column: list(_without(found, known.get(column, []))) for column, found in read.items()}
        for column, span in _named(new, scheme):
            spans.setdefault(column, []).append(span)
        fixed, relative = _cells(new, spans), skeleton.once(Relative)
        read_here = [
            f"{sheet!r}!{col}[{','.join([relative.span(sheet, *span) for span in rows])}]"
            + ",".join([f"{relative.row(sheet, row)}={cell!r}" for row, cell in fixed[sheet, col].items()])
            for (sheet, col), rows in spans.items()
        ]
        told = [str(new.workbook.date1904), *skeleton.once(_told), *sorted(read_here)]
        digests = skeleton.once(_written), skeleton.once(_digest), _sealed("\n".join(told))
        return cls(*digests, new.workbook.date1904, fixed, spans)

    def as_plain(self) -> dict[str, Any]:
        columns = [[*place, self.spans[place], list(self.fixed[place].items())] for place in self.spans]
        digests = {"written": self.written, "formulas": self.formulas, "stretched": self.stretched}
        return {**digests, "date1904": self.date1904, "columns": columns}

    @classmethod
    def from_plain(cls, data: dict[str, Any]) -> Made:
        fixed, spans = {}, {}
        for sheet, col, rows, cells in data["columns"]:
            spans[sheet, col], fixed[sheet, col] = [(first, last) for first, last in rows], dict(cells)
        return cls(data["written"], data["formulas"], data["stretched"], data["date1904"], fixed, spans)

    def is_like(self, session: Session) -> bool:
        skeleton = session.skeleton
        has_formulas = skeleton.once(_written) == self.written or skeleton.once(_digest) == self.formulas
        return has_formulas and self.is_read_alike(session)

    def is_read_alike(self, session: Session) -> bool:
        """Whether all is there, computed, and as in the new one, but for formulas and what is filled in."""
        return (
            not session.problems
            and session.workbook.date1904 == self.date1904
            and _cells(session.book, self.spans) == self.fixed
        )


_met: dict[tuple[str, ...], Made] = {}
"""Those that workbooks of this process were like, by their tables."""


def is_as_before(session: Session) -> bool:
    """Whether it is like a workbook of its scheme with as many rows that was found sound; nothing of the scheme is loaded to see it."""
    tables = _tables(session.book)
    if (met := _met.get(tables)) is not None and met.is_like(session):
        return True
    plain = recalled(LIKE, tables)
    if plain is None or not (made := Made.from_plain(plain)).is_like(session):
        return False
    if len(_met) >= MOST_MET:
        _met.clear()
    _met[tables] = made
    return True


def remember(session: Session, made: Made) -> None:
    """For others of the scheme with as many rows."""
    keep(LIKE, _tables(session.book), made.as_plain())


def _tables(book: Book) -> tuple[str, ...]:
    """The scheme's text, and where the tables stand."""
    sheet = book.workbook.sheets.get(SHEET)
    lines = [] if sheet is None else [str(sheet.get(row, 0)) for row in range(sheet.height)]
    return *lines, *sorted(map(repr, book.tables.values()))


def _behind_tables(skeleton: Skeleton) -> list[Group]:
    """The formulas of all tables, and whatever these read."""
    formulas = skeleton.once(formulas_of)
    tables = skeleton.tables.values()
    waiting = [group for table in tables for group in formulas.places.of(table.area)]
    found: dict[int, Group] = {}
    while waiting:
        group = waiting.pop()
        if id(group) in found:
            continue
        found[id(group)] = group
        waiting += group.follows
        # Whether there is a formula may matter, whatever it says.
        for node in walk(group.tree):
            match node:
                case Apply("ISFORMULA" | "FORMULATEXT", (Cells(reference),)) if reference.valid:
                    for area in Group(group.sheet, group.col, group.rows, node, (reference,)).sources():
                        waiting += formulas.places.of(area)
    return list(found.values())


def _written(skeleton: Skeleton) -> str:
    return _sealed(repr(skeleton))


def _digest(skeleton: Skeleton) -> str:
    """The same for workbooks whose tables have the same rows and formulas, also in another process."""
    tables = sorted((table.sheet, table.first_row, table.last_row) for table in skeleton.tables.values())
    return _sealed("\n".join([repr(tables), *skeleton.once(_told)]))


def _told(skeleton: Skeleton) -> list[str]:
    """The formulas of the tables, with the names that they use, in one order."""
    firsts = sorted((table.sheet, table.first_row) for table in skeleton.tables.values())
    return sorted({repr(list(skeleton.sheets)), repr(firsts)}.union(*(told for _, told in skeleton.once(lines))))


def lines(skeleton: Skeleton) -> list[tuple[Group, set[str]]]:
    """The formulas of the tables, and what these read, each with what it says and what the names mean that it uses."""
    formulas, relative = skeleton.once(formulas_of), skeleton.once(Relative)
    found: list[tuple[Group, set[str]]] = []
    for group in skeleton.once(_behind_tables):
        told = {relative.group(group)}
        waiting: list[Node] = [group.tree]
        while waiting:
            for node in walk(waiting.pop()):
                names = [node.name] if isinstance(node, Named) else [node.function] if isinstance(node, Apply) else []
                for name in names:
                    tree = formulas.name(name, group.sheet)
                    if tree is None:
                        continue
                    line = f"{group.sheet!r}!{name!r}={relative.tree(tree, group.sheet, 0)}"
                    if line not in told:
                        told.add(line)
                        waiting.append(tree)
        found.append((group, told))
    return found


def _sealed(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def _filled_in(book: Book, scheme: Scheme) -> Iterator[tuple[Column, Span]]:
    """The cells that ``carried.entered`` reads."""
    for name, columns in scheme.filled_in.items():
        yield from _columns(book.tables[name], columns)
    for sheet, row, col in filter(None, (heading.place(book, fact) for fact in (UNIT, PERIOD))):
        yield (sheet, col), (row, row)
    if book.is_list(PARAMETERS):
        table, names = book.tables[PARAMETERS], {parameter.name for parameter in scheme.parameters}
        label, value = (table.column(column) for column in (NAME, VALUE))
        for row in table.rows:
            if book.value(table.sheet, row, label) in names:
                yield (table.sheet, value), (row, row)


def _named(book: Book, scheme: Scheme) -> Iterator[tuple[Column, Span]]:
    """The cells that say what stands beside or below them."""
    for declared in scheme.tables:
        table = book.tables[declared.name]
        for col in range(table.first_col, table.last_col + 1):
            yield (table.sheet, col), (table.first_row - 1, table.first_row - 1)
    for listed in (PARAMETERS, SUMMARY):
        if book.is_list(listed):
            yield from _columns(book.tables[listed], [NAME])
    for listing in scheme.lists:
        if listing.fixed:
            yield from _columns(book.tables[listing.name], listing.labels)


def _columns(table: Table, names: Iterable[str]) -> Iterator[tuple[Column, Span]]:
    for name in names:
        yield (table.sheet, table.column(name)), (table.first_row, table.last_row)


def _without(spans: list[Span], gone: list[Span]) -> Iterator[Span]:
    """The rows of spans, which may overlap, that are in none of the others."""
    edges = sorted(
        [(first, -1, 0) for first, _ in gone]
        + [(last + 1, 1, 0) for _, last in gone]
        + [(first, 0, 1) for first, _ in spans]
        + [(last + 1, 0, -1) for _, last in spans]
    )
    start = inside = covered = 0
    for row, uncovers, enters in edges:
        if inside and not covered and start < row:
            yield start, row - 1
        start, inside, covered = row, inside + enters, covered - uncovers


def _cells(book: Book, spans: dict[Column, list[Span]]) -> dict[Column, dict[int, Cell]]:
    """What stands in the spans, blanks left out."""
    found: dict[Column, dict[int, Cell]] = {}
    for (name, col), rows in spans.items():
        sheet = book.workbook.sheets[name]
        cells, far = sheet.columns.get(col, []), sheet.far.get(col, {})
        here = [place for first, last in rows for place in enumerate(cells[first : last + 1], first)]
        here += [(row, cell) for row, cell in far.items() if any(first <= row <= last for first, last in rows)]
        found[name, col] = {row: cell for row, cell in here if cell is not None}
    return found
