"""One workbook out of many: the people of all files, the figures of each, and what is to be looked at."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any

from addin.batch.crew import Crew, in_order
from addin.batch.editions import Editions
from addin.batch.expected import Expected
from addin.batch.extract import Extract, Wanted, extract
from addin.batch.places import Item
from addin.batch.sheets import COUNTED, FILE, MOST_ROWS, UNIT, Listing, Written
from addin.batch.storage import Place, State
from addin.batch.work import FAILED, FAULTY, PERSON, Done, Listed
from addin.shared.texts import free_name
from addin.xlsx.plainlists import owner_column
from workbook_templates.scheme.names import SUMMARY

MOST_KINDS = 20
"""Tables of other columns stand on sheets of their own; where there are more, the rarest are left out, and told."""
ATTENTION, TOTAL = "须注意", "合计"
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_MOST_OF_TABLE, _MOST_OF_NAME = 10, 20
"""Characters of 31, the longest name of a sheet: a number and “（续9）” follow."""
_TEXT = 12
"""Characters across a column of texts at least: names and departments; longer ones are wrapped."""
Kind = tuple[str, str, tuple[str, ...]]
"""Scheme, name and columns of a table."""


@dataclass
class Seen:
    """What is known of all files before their rows are read: nothing that grows with the rows."""

    kinds: Counter[Kind] = field(default_factory=Counter)
    rows: Counter[Kind] = field(default_factory=Counter)
    numbers: Counter[tuple[Kind, str]] = field(default_factory=Counter)
    clocks: Counter[tuple[Kind, str]] = field(default_factory=Counter)
    schemes: Counter[tuple[str, str]] = field(default_factory=Counter)
    titles: dict[str, str] = field(default_factory=dict)
    figures: dict[str, None] = field(default_factory=dict)

    def add(self, done: Done) -> None:
        self.schemes[done.scheme, done.version] += 1
        self.titles.setdefault(done.scheme, done.scheme_title)
        self.figures |= dict.fromkeys(done.totals)
        for table in done.tables:
            kind = kind_of(done, table)
            self.kinds[kind] += 1
            self.rows[kind] += table.rows
            self.clocks.update((kind, column) for column in table.clocks)
            self.clocks.subtract((kind, column) for column in table.numbers if column not in table.clocks)
            self.numbers.update((kind, column) for column in table.numbers)
            self.numbers.subtract((kind, column) for column in table.others)

    def number_columns(self, kind: Kind) -> list[str]:
        """The columns that are numbers in most of the files in which they are filled."""
        return [column for column in kind[2] if self.numbers.get((kind, column), -1) >= 0]


def kind_of(done: Done, table: Listed) -> Kind:
    return done.scheme, table.name, table.columns


class _Figures:
    """The sheet with a line a file, and what can be added up of all files below."""

    def __init__(self, written: Written, seen: Seen) -> None:
        self._seen, self._editions = seen, Editions()
        headings = (FILE, UNIT, "方案", "版本", "状态", COUNTED, *seen.figures)
        self._sheet = written.listing(SUMMARY, headings, (40, 24, 32, 14, 12, 8))
        self._sums: dict[str, Decimal] = {}
        self._not_summed: set[str] = set()
        self._left_out = 0
        self._counted: int | None = None

    def add(self, done: Done, found: Extract) -> None:
        facts = (done.name, done.unit, done.scheme_title, self._editions.told(done), done.state, done.counted)
        self._sheet.add((*facts, *(done.totals.get(name) for name in self._seen.figures)))
        self._left_out += not found.is_whole
        if done.counted is not None:
            self._counted = (self._counted or 0) + done.counted
        for name, value in found.sums.items():
            self._sums[name] = self._sums.get(name, Decimal()) + value
        if found.is_whole:
            # Of a figure that some file computes otherwise there is no total of all.
            self._not_summed |= {name for name, value in done.totals.items() if value and name not in found.sums}

    def add_total(self) -> None:
        told = f"{self._left_out} 个文件没有计入或没有全部计入，见“{ATTENTION}”" if self._left_out else None
        # People and units are not added up.
        together = self._counted if len({scheme for scheme, _ in self._seen.schemes}) == 1 else None
        totals = [None if name in self._not_summed else self._sums.get(name) for name in self._seen.figures]
        self._sheet.add_total((TOTAL, told, None, None, None, together, *totals))


def write_collection(
    place: Place,
    items: list[Item],
    results: Callable[[], Iterator[Done]],
    crew: Crew,
    before: State,
    units: Expected,
) -> tuple[str, ...]:
    """Write the workbook row by row; returns what to tell. Raises WorkbookError."""
    seen, copies = Seen(), _copies(results())

    def is_taken(done: Done) -> bool:
        return done.state != FAILED and done.name not in copies

    for done in results():
        if is_taken(done):
            seen.add(done)
    written = Written()
    figures = _Figures(written, seen)
    attention = written.listing(ATTENTION, (FILE, UNIT, "说明"), (40, 24, 100))
    for remark in units.remarks():
        attention.add(remark)
    people, parquet = _people(written, seen), _parquet(place, seen)
    targets = {item.name: item.target for item in items}
    wanted = (Wanted(done.name, targets[done.name], done.output) for done in results() if is_taken(done))
    with closing(in_order(crew, wanted, extract)) as extracts:
        for done in results():
            if done.name in copies:
                attention.add((done.name, done.unit, f"没有汇入：是“{done.original}”的固化副本，原文件已经在内"))
                continue
            found = next(extracts) if is_taken(done) else Extract(done.name, {}, {}, is_whole=False)
            for told in (*_remarks(done, seen), *found.told):
                attention.add((done.name, done.unit, told))
            figures.add(done, found)
            for table in done.tables:
                kind, rows = kind_of(done, table), found.rows.get(table.name, [])
                for row in rows if kind in people else ():
                    people[kind].add((done.name, done.unit, *row))
                if kind in parquet:
                    parquet[kind].add(done, rows)
    figures.add_total()
    notes = written.save(place, before)
    for one in parquet.values():
        notes += one.save()
    return notes


def _copies(results: Iterator[Done]) -> set[str]:
    """The copies without formulas that lie beside the files of which they are: their people would be counted twice."""
    computed = {done.name: done.original for done in results if done.state != FAILED}
    beside = {name: (PurePosixPath(name).parent / original).as_posix() for name, original in computed.items() if original}
    return {name for name, original in beside.items() if not computed.get(original, name)}


def _people(written: Written, seen: Seen) -> dict[Kind, Listing]:
    """A sheet for each kind of table, the most frequent first."""
    names: set[str] = {SUMMARY, ATTENTION}
    found = {}
    schemes = Counter(name for name, _ in {(table, scheme) for scheme, table, _ in seen.kinds})
    for kind, _ in seen.kinds.most_common(MOST_KINDS):
        scheme, table, _ = kind
        # Of tables that several schemes have it is told whose each is.
        whole = table
        if schemes[table] > 1:
            whole = f"{table[:_MOST_OF_TABLE]} {_NOT_IN_NAMES.sub(' ', seen.titles[scheme])}"
        name = free_name(whole[:_MOST_OF_NAME].strip(" '"), lambda tried: tried.casefold() in names, "{} {}")
        names.add(name.casefold())
        numbers = set(seen.number_columns(kind))
        widths = (0 if column in numbers else max(_TEXT, 2 * len(column) + 2) for column in kind[2])
        who = next((column for column in (*PERSON, owner_column(kind[2])) if column in kind[2]), None)
        # Who it is stands on every page.
        repeated = 2 + kind[2].index(who) + 1 if who else 1
        clocks = [column for column in kind[2] if seen.clocks[kind, column] > 0]
        found[kind] = written.listing(name, (FILE, UNIT, *kind[2]), (30, 18, *widths), repeated, clocks)
    return found


def _remarks(done: Done, seen: Seen) -> Iterator[str]:
    """What is missing, wrong, or of another kind than most."""
    if done.state == FAILED:
        yield f"没有汇入：{done.note}"
        return
    if done.state == FAULTY:
        yield f"有 {done.fault_count} 处问题，{done.uncomputed} 个单元格没有算出；见批量报告"
    (scheme, version), _ = seen.schemes.most_common(1)[0]
    if done.scheme != scheme:
        yield f"方案是 {done.scheme_title or '（没有）'}，多数文件是 {seen.titles[scheme] or '（没有）'}"
    elif done.version != version:
        yield "方案与多数文件的内容不同（是另一个版本的）"
    if not any(table.rows for table in done.tables):
        yield f"没有填写{'单位' if done.is_of_units else '人员'}"
    kept = {kind for kind, _ in seen.kinds.most_common(MOST_KINDS)}
    for table in done.tables:
        if kind_of(done, table) not in kept:
            yield f"表 {table.name} 没有汇入：列与多数文件不同，这样的表超过 {MOST_KINDS} 种"


def _parquet(place: Place, seen: Seen) -> dict[Kind, Any]:
    """Beside the workbook, where a sheet doesn't hold the rows."""
    long = [kind for kind, _ in seen.kinds.most_common(MOST_KINDS) if seen.rows[kind] >= MOST_ROWS]
    if not long:
        return {}
    from addin.batch.parquet import Parquet

    stem = place.name.removesuffix(".xlsx")

    return {
        kind: Parquet(place.with_name(f"{stem}-{number}-{kind[1]}.parquet"), kind[2], seen.number_columns(kind))
        for number, kind in enumerate(long, start=1)
    }
