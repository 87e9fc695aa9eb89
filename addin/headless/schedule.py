"""What is computed together, and in which order.

The formulas of a column that say the same for their rows make one group. Groups are ordered by what they read; where groups
read each other (a running balance), their cells are ordered one by one, and what still goes in a circle is reported.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

from addin.headless.model import Area
from addin.headless.references import Cut, Reference


@dataclass(eq=False)
class Group:
    """Cells of one column with the same formula, or one array block."""

    sheet: str
    col: int
    rows: list[int]
    cut: Cut
    reads: tuple[Reference, ...]
    array: Area | None = None
    text: str = ""
    follows: list[Group] = field(default_factory=list, repr=False)

    @property
    def areas(self) -> Iterator[Area]:
        """The cells that are computed, as one block (other cells may stand in between)."""
        if self.array is not None:
            yield self.array
        else:
            yield Area(self.sheet, self.rows[0], self.col, self.rows[-1], self.col)

    def sources(self) -> Iterator[Area]:
        """The blocks that are read, over all rows."""
        first, last = self.rows[0], self.rows[-1]
        for reference in self.reads:
            if reference.valid:
                a, b = reference.at(first, self.col), reference.at(last, self.col)
                yield Area(a.sheet, min(a.top, b.top), a.left, max(a.bottom, b.bottom), a.right)

    def single(self, row: int) -> Group:
        return Group(self.sheet, self.col, [row], self.cut, self.reads, None, self.text)


class _Places:
    """Finds the groups that compute cells of a block."""

    def __init__(self, groups: list[Group]) -> None:
        self._columns: dict[tuple[str, int], list[Group]] = {}
        for group in groups:
            for area in group.areas:
                for col in range(area.left, area.right + 1):
                    self._columns.setdefault((area.sheet, col), []).append(group)
        self._sheets: dict[str, list[int]] = {}
        for sheet, col in self._columns:
            self._sheets.setdefault(sheet, []).append(col)
        for cols in self._sheets.values():
            cols.sort()

    def of(self, area: Area) -> Iterator[Group]:
        cols = self._sheets.get(area.sheet, [])
        for col in cols[bisect_left(cols, area.left) :]:
            if col > area.right:
                break
            for group in self._columns[area.sheet, col]:
                if any(computed.top <= area.bottom and area.top <= computed.bottom for computed in group.areas) and (
                    group.array is not None or _has_row(group.rows, area.top, area.bottom)
                ):
                    yield group


def _has_row(rows: list[int], top: int, bottom: int) -> bool:
    place = bisect_left(rows, top)
    return place < len(rows) and rows[place] <= bottom


def ordered(groups: list[Group]) -> Iterator[list[Group]]:
    """Groups in an order in which they can be computed; several at once where they read each other in a circle."""
    places = _Places(groups)
    for group in groups:
        found: dict[int, Group] = {}
        for area in group.sources():
            for other in places.of(area):
                found[id(other)] = other
        group.follows = list(found.values())
    yield from _components(groups)


def by_cell(circle: list[Group]) -> Iterator[list[Group]]:
    """The cells of groups that read each other, each a group of its own, in order; true circles stay together."""
    singles = [
        group if group.array is not None else group.single(row)
        for group in circle
        for row in (group.rows if group.array is None else group.rows[:1])
    ]
    yield from ordered(singles)


def is_circle(component: list[Group]) -> bool:
    return len(component) > 1 or component[0] in component[0].follows


def _components(groups: list[Group]) -> Iterator[list[Group]]:
    """Strongly connected components, what is read before what reads it (Tarjan, without recursion)."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    waiting: list[Group] = []
    on_stack: set[int] = set()
    for root in groups:
        if id(root) in index:
            continue
        work: list[tuple[Group, Iterator[Group]]] = []
        _enter(root, index, low, waiting, on_stack, work)
        while work:
            group, following = work[-1]
            for other in following:
                if id(other) not in index:
                    _enter(other, index, low, waiting, on_stack, work)
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


def _enter(
    group: Group,
    index: dict[int, int],
    low: dict[int, int],
    waiting: list[Group],
    on_stack: set[int],
    work: list[tuple[Group, Iterator[Group]]],
) -> None:
    index[id(group)] = low[id(group)] = len(index)
    waiting.append(group)
    on_stack.add(id(group))
    work.append((group, iter(group.follows)))
