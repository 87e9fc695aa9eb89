"""The formulas of a workbook as they are read: cells that say the same together, and what each of them reads."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from addin.headless.areas import DYNAMIC
from addin.headless.context import Unsupported
from addin.headless.foreseen import Foreseen
from addin.headless.memory import Memory
from addin.headless.operators import OPERATORS
from addin.headless.parts import Recurring
from addin.headless.schedule import Group, Places, by_cell, is_circle, ordered
from addin.headless.skeleton import Skeleton
from addin.headless.tree import Apply, Blank, Cells, Constant, FormulaError, Invoke, Named, Node, Sheets, parse
from addin.xlsx.alike import are_many_expected
from addin.xlsx.cells import Run
from addin.xlsx.model import Area, Table
from workbook_templates.formula.parser import parse as as_written
from workbook_templates.formula.references import Reference
from workbook_templates.formula.resolving import Resolved, resolve
from workbook_templates.formula.tree import children

REFUSED = (Unsupported, FormulaError, RecursionError)
_OF_PLACES = frozenset(
    {"ROW", "COLUMN", "ROWS", "COLUMNS", "ISREF", "ISFORMULA", "SHEET", "AREAS", "FORMULATEXT", "OFFSET"}
)
"""Of the cells that these are given first, or of which INDEX gives them some, only the place matters."""

MOST_DEEP = 50_000
"""The deepest formula, 8,192 signs one before the other, takes five of Python's frames for each."""
FEWEST, MOST = 100, 2_000
"""To read fewer formulas takes no longer than to find out whether an earlier run has; more are much to keep."""
MOST_DIVIDED = 1000
"""Cells that read each other in a circle as columns do, of which the order is kept."""


class Read(NamedTuple):
    """A formula's tree and what it reads; ``dynamic``: part of that is known when it is computed only."""

    tree: Node
    reads: tuple[Reference, ...]
    dynamic: bool


class Known(NamedTuple):
    """What was found out about the formulas of a workbook."""

    groups: list[Group]
    order: list[list[Group]]
    refused: list[tuple[Group, str]]
    names: dict[str, Read | None]
    recurring: Recurring


class Formulas:
    """``groups``: cells that say the same; ``order``: what is computed one after the other; ``refused``: the cells whose formula
    can't be read, and why.
    """

    def __init__(self, skeleton: Skeleton, known: Known | None = None) -> None:
        self._skeleton = skeleton
        self._tables = {name: skeleton.tables_on(name) for name in skeleton.sheets}
        self._names: dict[str, Read | None] = {}
        self._keys: dict[tuple[str, str], tuple[str, str]] = {}
        self._reading: set[str] = set()
        self._resolved: dict[tuple[str, str, int, int], Node | None] = {}
        self._memory: Memory | None = None
        self._is_used = False
        self.refused: list[tuple[Group, str]] = []
        if known is not None:
            self.groups, self.order, self.refused, self._names, self.recurring = known
            return
        # What only computing tells is computed last: by then most of what it may read is there.
        groups = sorted((g for sheet in skeleton.sheets for g in self._groups(sheet)), key=lambda group: group.dynamic)
        self._simplify(groups)
        components = list(ordered(groups))
        self.groups = [*chain.from_iterable(components)]
        self.order = [each for component in components for each in _divided(component)]

    @property
    def known(self) -> Known:
        """What is found out of them whatever the values are."""
        return Known(self.groups, self.order, self.refused, self._names, self.recurring)

    @cached_property
    def places(self) -> Places:
        return Places(self.groups)

    def _simplify(self, groups: list[Group]) -> None:
        """Without what is known of them whatever the values are."""
        foreseen = Foreseen(self._skeleton, groups, self.name)
        for group in groups:
            tree = foreseen.tree(group)
            if tree is not group.tree:
                reads: list[Reference] = []
                group.dynamic = self._collect(tree, group.sheet, reads)
                group.tree, group.reads = tree, tuple(dict.fromkeys(reads))

    @cached_property
    def recurring(self) -> Recurring:
        return Recurring(self.groups, self.name)

    def memory(self) -> Memory | None:
        """What they gave in other workbooks; None for the first, if it may be the only one."""
        if self._memory is None and (self._is_used or are_many_expected()):
            self._memory = Memory(chain.from_iterable(self.order), self.name)
        self._is_used = True
        return self._memory

    def _groups(self, sheet: str) -> Iterator[Group]:
        found: dict[tuple[int, Resolved], Group] = {}
        for run, meaning in self._skeleton.runs[sheet]:
            rows = range(run.first, run.last + 1)
            known = found.get((run.col, meaning)) if isinstance(meaning, Resolved) and run.area is None else None
            if known is not None:
                known.rows = known.rows if isinstance(known.rows, list) else list(known.rows)
                known.rows.extend(rows)
                continue
            group = self._group(sheet, run, rows, meaning)
            if group is not None and run.area is None and isinstance(meaning, Resolved):
                found[run.col, meaning] = group
            elif group is not None:
                yield group
        yield from found.values()

    def _group(self, sheet: str, run: Run, rows: range, meaning: Resolved | FormulaError) -> Group | None:
        try:
            if isinstance(meaning, FormulaError):
                raise meaning
            read = self._read(run.text, meaning, sheet)
        except REFUSED as error:
            group = Group(sheet, run.col, rows, Blank(), (), run.area, run.text)
            self.refused.append((group, told(error)))
            return None
        return Group(sheet, run.col, rows, read.tree, read.reads, run.area, run.text, dynamic=read.dynamic)

    def _read(self, text: str, formula: Resolved, sheet: str) -> Read:
        reads: list[Reference] = []
        try:
            tree = parse(formula)
        except FormulaError:
            as_written(text)  # It knows the place of the mistake.
            raise
        dynamic = self._collect(tree, sheet, reads)
        return Read(tree, tuple(dict.fromkeys(reads)), dynamic)

    def _collect(self, node: Node, sheet: str, reads: list[Reference]) -> bool:
        """What a tree reads; whether there is more that only computing tells."""
        # Most nodes are one of these; patterns take longer to tell.
        if isinstance(node, Cells):
            reads.append(node.reference)
            return False
        if isinstance(node, Apply):
            return self._collect_applied(node, sheet, reads)
        match node:
            case Named(name, own):
                known = self._name(name, own or sheet)
                reads.extend(known.reads if known is not None else ())
                return known is not None and known.dynamic
            case Invoke():
                return any([self._collect(child, sheet, reads) for child in children(node)])
            case Sheets(references):
                reads.extend(references)
        return False

    def _collect_applied(self, node: Apply, sheet: str, reads: list[Reference]) -> bool:
        function, arguments = node.function, node.arguments
        if function == "ANCHORARRAY" and len(arguments) == 1 and isinstance(anchor := arguments[0], Cells):
            reads.append(anchor.reference)
            reads.extend(self._spill_of(anchor.reference))
            return False
        dynamic = function in DYNAMIC
        if function in _OF_PLACES and arguments:
            place, *others = arguments
            if isinstance(place, Apply) and place.function == "INDEX" and place.arguments:
                place, *inner = place.arguments
                others = [*inner, *others]
            arguments = tuple(others) if isinstance(place, Cells) else arguments
        elif arguments and function not in OPERATORS:
            dynamic |= self._collect_called(function, sheet, reads)
        for argument in arguments:
            if isinstance(argument, Cells):
                reads.append(argument.reference)
            elif not isinstance(argument, Constant):
                dynamic |= self._collect(argument, sheet, reads)
        return dynamic

    def _collect_called(self, name: str, sheet: str, reads: list[Reference]) -> bool:
        """What a LAMBDA with a name reads; it may call itself."""
        if self._key(name, sheet)[1] in self._reading:
            return False
        known = self._name(name, sheet)
        if known is None:
            return False
        reads.extend(known.reads)
        return known.dynamic

    def _spill_of(self, reference: Reference) -> Iterator[Reference]:
        """``A1#`` reads all that the dynamic array in A1 fills."""
        if not reference.valid or reference.moves or reference.top != reference.bottom:
            return
        area = self.spilled(reference.sheet, reference.top, reference.left)
        if area is not None:
            yield Reference(area.sheet, area.top, area.left, area.bottom, area.right)

    def spilled(self, sheet: str, row: int, col: int) -> Area | None:
        return self._skeleton.sheets[sheet].arrays.get((row, col))

    def _key(self, name: str, sheet: str) -> tuple[str, str]:
        """Under which a name is found, and its place: unqualified references of a name belong to the sheet that uses it."""
        known = self._keys.get((name, sheet))
        if known is None:
            local = f"{sheet}!{name}".lower()
            key = local if local in self._skeleton.names else name.lower()
            known = self._keys[name, sheet] = key, f"{sheet}!{key}"
        return known

    def _name(self, name: str, sheet: str) -> Read | None:
        key, place = self._key(name, sheet)
        if place not in self._names:
            text = self._skeleton.names.get(key)
            if text is None and (table := self._table(name)) is not None:
                text = f"{table.name}[]"
            if text is None:
                self._names[place] = None
                return None
            if place in self._reading:
                raise Unsupported(f"名称 {name} 引用了自己")
            self._reading.add(place)
            try:
                text = text.removeprefix("=")
                self._names[place] = self._read(
                    text, resolve(text, sheet, 0, 0, self._skeleton, [], self._skeleton.met), sheet
                )
            finally:
                self._reading.discard(place)
        return self._names[place]

    def _table(self, name: str) -> Table | None:
        return next((table for known, table in self._skeleton.tables.items() if known.lower() == name.lower()), None)

    def name(self, name: str, sheet: str) -> Node | None:
        """What a defined name means."""
        known = self._name(name, sheet)
        return known.tree if known is not None else None

    def resolved(self, text: str, sheet: str, row: int, col: int) -> Node | None:
        """The reference that a text writes; None where it writes none."""
        place = text, sheet, row, col
        if place not in self._resolved:
            if len(self._resolved) > 100_000:
                self._resolved.clear()
            try:
                self._resolved[place] = parse(resolve(text, sheet, row, col, self._skeleton, self._tables[sheet]))
            except FormulaError:
                self._resolved[place] = None
        return self._resolved[place]


@contextmanager
def deep() -> Iterator[None]:
    """A formula may be a chain of thousands of terms, and a LAMBDA may call itself: more than Python takes for sensible by itself."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, MOST_DEEP))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def formulas_of(skeleton: Skeleton) -> Formulas:
    """The formulas of a workbook, which an earlier run may have read."""
    # Whoever asks first, what is too deep for Python's usual limit would be refused to all who ask later.
    with deep():
        if not FEWEST <= sum(len(sheet.runs) for sheet in skeleton.sheets.values()) <= MOST:
            return Formulas(skeleton)
        from addin.headless.known import known_of

        return Formulas(skeleton, known_of(skeleton))


def _divided(component: list[Group]) -> Iterable[list[Group]]:
    """Groups that read each other by their cells; where these are many, they are not kept but found whenever they are computed."""
    few = sum(len(group.rows) for group in component) <= MOST_DIVIDED
    return by_cell(component) if few and is_circle(component) else [component]


def told(error: Exception) -> str:
    """Why a cell is not computed."""
    if isinstance(error, RecursionError):
        return "公式层次过深"
    if isinstance(error, MemoryError):
        return "内存不足"
    return str(error) or f"计算时出错（{type(error).__name__}）"
