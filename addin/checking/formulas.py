"""Whether formulas read what they should: like the rest of their column, the rows of their own table, all rows of the others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from addin.checking.fault import Fault
from addin.checking.tables import Checked, checked, fault_at, filled, rows_told, spans
from addin.headless.skeleton import Skeleton
from addin.xlsx.book import Book
from addin.xlsx.cells import Run
from addin.xlsx.model import cell_name
from workbook_templates.formula.references import Area, Reference
from workbook_templates.formula.resolving import Cells, Resolved
from workbook_templates.scheme.names import PARAMETERS

ALTERED = "公式与同列其他行不同，请从同列其他行复制公式"
PASTED = "这里的公式读的是工作表“{}”上表 {} 的行，像是从别的工作簿粘贴来的；请撤销，或从同列其他行复制公式"
COPIED = "本页的公式读的是工作表“{}”上表 {} 的行，本页是它的副本，显示的不是自己的结果；要留存结果请用“固化数值”"
SHORT = "公式只读到表 {} 的第 {} 行，表到第 {} 行为止"


class Reads(NamedTuple):
    """A formula, what it means (None where it can't be read), and what it refers to."""

    run: Run
    meaning: Resolved | None
    references: list[Reference]


def formula_faults(book: Book, skeleton: Skeleton) -> list[Fault]:
    """What is wrong with the formulas of a workbook, those of a filled-down column taken as one."""
    tables = checked(book)
    # The lines of the lists among the parameters have rules of their own.
    home = book.home(PARAMETERS)
    found = [fault for each in tables if each.table.sheet != home for fault in _altered(each, skeleton)]
    return [*found, *_copies(book, tables, skeleton), *_short(book, tables, skeleton)] if tables else []


def _altered(each: Checked, skeleton: Skeleton) -> Iterator[Fault]:
    """Formulas that say something else than most of their column."""
    places = {each.table.column(name): name for name in each.computed}
    by_column: dict[int, list[tuple[Run, Resolved | None]]] = {}
    for run, meaning, _ in skeleton.once(_reads)[each.table.sheet]:
        if run.area is None and run.col in places and run.first in each.table.rows:
            by_column.setdefault(run.col, []).append((run, meaning))
    for col, runs in by_column.items():
        if len(runs) == 1:
            continue
        sizes: dict[Resolved | None, int] = {}
        for run, meaning in runs:
            sizes[meaning] = sizes.get(meaning, 0) + run.last - run.first + 1
        usual = max(sizes, key=lambda meaning: sizes[meaning])
        odd = [row for run, meaning in runs if meaning != usual for row in range(run.first, run.last + 1)]
        for first, last in spans(sorted(odd)):
            where = "" if first == last else f"{rows_told(first, last)}:"
            yield fault_at(each, first, col, f"{places[col]}：{where}{ALTERED}")


def _copies(book: Book, tables: list[Checked], skeleton: Skeleton) -> Iterator[Fault]:
    """Sheets whose formulas read the rows of a table that stands elsewhere."""
    for name, found in skeleton.once(_copied).items():
        run, read = min(found, key=lambda each: (each[0].first, each[0].col))
        homes = (t for t in book.tables.values() if t.sheet == read.sheet)
        table = next(t for t in homes if (t.first_row, t.last_row) == read.within)
        is_home = any(each.table.sheet == name for each in tables)
        yield _fault(book, name, run, (PASTED if is_home else COPIED).format(read.sheet, table.name))


def _short(book: Book, tables: list[Checked], skeleton: Skeleton) -> Iterator[Fault]:
    """Fixed ranges that begin with a table's first row and end before its last filled one."""
    for name, run, areas in skeleton.once(_cut):
        short = next((each for area in areas for each in _cut_short(tables, area)), None)
        if short:
            yield _fault(book, name, run, SHORT.format(*short))


def _cut_short(tables: list[Checked], area: Area) -> Iterator[tuple[str, int, int]]:
    for each in tables:
        table = each.table
        if area.sheet != table.sheet or area.top != table.first_row or not area.top < area.bottom < table.last_row:
            continue
        columns = range(max(area.left, table.first_col), min(area.right, table.last_col) + 1)
        rows = (filled(each.sheet, col, area.bottom + 1, table.last_row + 1) for col in columns)
        if any(next(found, None) is not None for found in rows):
            yield table.name, area.bottom + 1, table.last_row + 1


def _fault(book: Book, sheet: str, run: Run, rule: str) -> Fault:
    return Fault(sheet, cell_name(run.first, run.col), book.value(sheet, run.first, run.col), rule)


def _reads(skeleton: Skeleton) -> dict[str, list[Reads]]:
    """By sheet."""
    found: dict[str, list[Reads]] = {}
    for name, runs in skeleton.runs.items():
        known = [(run, meaning if isinstance(meaning, Resolved) else None) for run, meaning in runs]
        found[name] = [
            Reads(
                run, meaning, [item.reference for item in meaning.items if isinstance(item, Cells)] if meaning else []
            )
            for run, meaning in known
        ]
    return found


def _copied(skeleton: Skeleton) -> dict[str, list[tuple[Run, Reference]]]:
    """By sheet the formulas that read the own row (``表[[#This Row],…]``) of a table that stands on another one."""
    return {
        name: found
        for name, reads in skeleton.once(_reads).items()
        if (found := [(each.run, r) for each in reads for r in each.references if r.within and r.sheet != name])
    }


def _cut(skeleton: Skeleton) -> list[tuple[str, Run, list[Area]]]:
    """The formulas with fixed ranges that begin with the first row of a table and end before its last one."""
    ends: dict[tuple[str, int], int] = {}
    for table in skeleton.tables.values():
        place = table.sheet, table.first_row
        ends[place] = max(table.last_row, ends.get(place, 0))
    found = []
    for name, reads in skeleton.once(_reads).items():
        for run, _, references in reads:
            areas = [r.at(run.first, run.col) for r in references if r.valid and not r.moves]
            cut = [area for area in areas if area.bottom < ends.get((area.sheet, area.top), 0)]
            if cut:
                found.append((name, run, cut))
    return found
