"""What is computed together, and in which order.

The formulas of a column that say the same for their rows make one group. Groups are ordered by what they read. Groups that read
each other, or themselves (a running balance), are computed row by row where all that they read stands above (or all below);
else their cells are ordered one by one, and what still goes in a circle is reported.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from addin.xlsx.cells import CellSet
from addin.xlsx.model import Area
from workbook_templates.formula.references import Reference
from workbook_templates.formula.tree import Node


@dataclass(eq=False, slots=True)
class Group:
    """Cells of one column with the same formula (rows ascending), or the first cell of one array block."""

    sheet: str
    col: int
    rows: Sequence[int]
    tree: Node
    reads: tuple[Reference, ...]
    array: Area | None = None
    text: str = ""
    dynamic: bool = False
    """Part of what it reads is known when it is computed only."""
    follows: list[Group] = field(default_factory=list, repr=False)

    @property
    def segments(self) -> list[tuple[int, int]]:
        """First and last rows of the cells that stand together."""
        if self.array is not None:
            return [(self.array.top, self.array.bottom)]
        if isinstance(self.rows, range):
            return [(self.rows[0], self.rows[-1])]
        found: list[tuple[int, int]] = []
        for row in self.rows:
            if found and found[-1][1] == row - 1:
                found[-1] = (found[-1][0], row)
            else:
                found.append((row, row))
        return found

    @property
    def columns(self) -> range:
        return range(self.array.left, self.array.right + 1) if self.array is not None else range(self.col, self.col + 1)

    def sources(self) -> Iterator[Area]:
        """The blocks that are read, over all rows."""
        first, last = self.rows[0], self.rows[-1]
        for reference in self.reads:
            if reference.valid:
                a = reference.at(first, self.col)
                if reference.moves and last != first:
                    b = reference.at(last, self.col)
                    a = Area(a.sheet, min(a.top, b.top), a.left, max(a.bottom, b.bottom), a.right)
                yield a

    def is_in(self, cells: Mapping[str, CellSet]) -> bool:
        """Whether its first cell is one of these."""
        return self.sheet in cells and (self.rows[0], self.col) in cells[self.sheet]

    def single(self, row: int) -> Group:
        return Group(self.sheet, self.col, [row], self.tree, self.reads, None, self.text, self.dynamic)


class Places:
    """Finds the groups that compute cells of a block."""

    def __init__(self, groups: Iterable[Group]) -> None:
        columns: dict[tuple[str, int], list[tuple[int, int, Group]]] = {}
        for group in groups:
            segments = group.segments
            for col in group.columns:
                columns.setdefault((group.sheet, col), []).extend((first, last, group) for first, last in segments)
        self._columns: dict[tuple[str, int], tuple[list[int], list[int], list[Group]]] = {}
        self._sheets: dict[str, list[int]] = {}
        for (sheet, col), entries in columns.items():
            entries.sort(key=lambda entry: entry[0])
            firsts, lasts, owners = zip(*entries, strict=True)
            self._columns[sheet, col] = (list(firsts), list(lasts), list(owners))
            self._sheets.setdefault(sheet, []).append(col)
        for cols in self._sheets.values():
            cols.sort()

    def of(self, area: Area) -> Iterator[Group]:
        cols = self._sheets.get(area.sheet, [])
        for col in cols[bisect_left(cols, area.left) : bisect_right(cols, area.right)]:
            firsts, lasts, owners = self._columns[area.sheet, col]
            yield from owners[bisect_left(lasts, area.top) : bisect_right(firsts, area.bottom)]


def within(rows: Sequence[int], first: int, last: int) -> Sequence[int]:
    """The rows (ascending) from the first to the last."""
    return rows[bisect_left(rows, first) : bisect_right(rows, last)]


def ordered(groups: list[Group], places: Places | None = None) -> Iterator[list[Group]]:
    """Groups in an order in which they can be computed; several at once where they read each other in a circle."""
    places = places or Places(groups)
    for group in groups:
        found: dict[int, Group] = {}
        for area in group.sources():
            for other in places.of(area):
                found[id(other)] = other
        group.follows = list(found.values())
    yield from _components(groups)


def is_circle(component: list[Group]) -> bool:
    return len(component) > 1 or component[0] in component[0].follows


def by_cell(circle: list[Group]) -> Iterator[list[Group]]:
    """The cells of groups that read each other, each a group of its own, in order; true circles stay together."""
    in_rows = _by_row(circle)
    if in_rows is not None:
        for group, row in in_rows:
            yield [group.single(row)]
        return
    singles = [
        group if group.array is not None else group.single(row)
        for group in circle
        for row in (group.rows if group.array is None else group.rows[:1])
    ]
    yield from ordered(singles)


def _by_row(circle: list[Group]) -> Iterator[tuple[Group, int]] | None:
    """All cells, row after row, if that is an order in which they can be computed."""
    if any(group.array is not None for group in circle):
        return None
    for step in (1, -1):
        within = _within_rows(circle, step)
        if within is not None:
            return _row_after_row(circle, within, step)
    return None


def _row_after_row(circle: list[Group], order: list[Group], step: int) -> Iterator[tuple[Group, int]]:
    members: dict[int, list[Group]] = {}
    for group in order:
        for row in group.rows:
            members.setdefault(row, []).append(group)
    for row in sorted(members, reverse=step < 0):
        for group in members[row]:
            yield group, row


def _within_rows(circle: list[Group], step: int) -> list[Group] | None:
    """The order of the groups within a row, if nothing reads rows that come later going up or down (``step``)."""
    places = Places(circle)
    same_row: dict[int, list[Group]] = {id(group): [] for group in circle}
    for group in circle:
        for reference in group.reads:
            if not reference.valid:
                continue
            whole = Group(group.sheet, group.col, group.rows, group.tree, (reference,))
            for area in whole.sources():
                for other in places.of(area):
                    distance = _reach(reference, group, other, step)
                    if distance is None or distance > 0:
                        return None
                    if distance == 0:
                        same_row[id(group)].append(other)
    clones = {id(group): Group(group.sheet, group.col, group.rows, group.tree, ()) for group in circle}
    for group in circle:
        clones[id(group)].follows = [clones[id(other)] for other in same_row[id(group)]]
    originals = {id(clones[id(group)]): group for group in circle}
    order = []
    for component in _components(list(clones.values())):
        if is_circle(component):
            return None
        order.append(originals[id(component[0])])
    return order


def _reach(reference: Reference, group: Group, other: Group, step: int) -> int | None:
    """How far ahead (in the direction of ``step``) of its own row a cell reads cells of the other group: over 0 is too far."""
    top, bottom = reference.top_fixed, reference.bottom_fixed
    if not top and not bottom:
        return max(reference.top * step, reference.bottom * step)
    area = reference.at(group.rows[0], group.col)
    if top and bottom:
        last = min(area.bottom, other.rows[-1]) if step > 0 else max(area.top, other.rows[0])
        nearest = group.rows[0] if step > 0 else group.rows[-1]
        return (last - nearest) * step
    fixed, moving = (reference.top, reference.bottom) if top else (reference.bottom, reference.top)
    edge = (fixed - group.rows[0]) if step > 0 else (group.rows[-1] - fixed)
    return max(edge, moving * step)


def _components(groups: list[Group]) -> Iterator[list[Group]]:
    """Strongly connected components, what is read before what reads it (Tarjan, without recursion)."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    waiting: list[Group] = []
    on_stack: set[int] = set()
    work: list[tuple[Group, Iterator[Group]]] = []

    def enter(group: Group) -> None:
        index[id(group)] = low[id(group)] = len(index)
        waiting.append(group)
        on_stack.add(id(group))
        work.append((group, iter(group.follows)))

    for root in groups:
        if id(root) in index:
            continue
        enter(root)
        while work:
            group, following = work[-1]
            for other in following:
                if id(other) not in index:
                    enter(other)
                    break
                if id(other) in on_stack:
                    low[id(group)] = min(low[id(group)], index[id(other)])
            else:
                work.pop()
                if work:
                    above = work[-1][0]
                    low[id(above)] = min(low[id(above)], low[id(group)])
                if low[id(group)] == index[id(group)]:
                    component = []
                    while True:
                        member = waiting.pop()
                        on_stack.discard(id(member))
                        component.append(member)
                        if member is group:
                            break
                    yield component
