"""Cells that could not be computed: each first cause is told once, with the number of cells that it concerns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from addin.headless.schedule import Group
from addin.headless.values import MOST_CELLS
from addin.xlsx.model import Area, Problem, Workbook, cell_name


class Cause:
    """Why cells of one column can't be computed; ``dependents`` counts the cells that read them, directly or not."""

    __slots__ = ("cells", "dependents", "group", "message", "row")

    def __init__(self, group: Group, row: int, message: str) -> None:
        self.group = group
        self.row = row
        self.message = message
        self.cells = 0
        self.dependents = 0


class Failures:
    def __init__(self, workbook: Workbook) -> None:
        self._order = {name: place for place, name in enumerate(workbook.sheets)}
        self._causes: dict[tuple[str, int, str, str], Cause] = {}
        self._columns: dict[tuple[str, int], dict[int, Cause]] = {}
        self._large: list[tuple[Area, Cause]] = []
        """Arrays of more cells than can be noted one by one."""

    def __bool__(self) -> bool:
        return bool(self._columns or self._large)

    def add(self, group: Group, rows: Sequence[int], message: str) -> None:
        """Cells with a cause of their own."""
        first = group.rows[0] if group.array is not None else rows[0]
        key = group.sheet, group.col, group.text if group.array is not None else "", message
        cause = self._causes.get(key)
        if cause is None:
            cause = self._causes[key] = Cause(group, first, message)
        elif first < cause.row:
            cause.group, cause.row = group, first
        cause.cells += self._mark(group, rows, cause)

    def add_dependent(self, group: Group, row: int, cause: Cause) -> None:
        """A cell that reads one that can't be computed."""
        cause.dependents += self._mark(group, [row], cause)

    def _mark(self, group: Group, rows: Sequence[int], cause: Cause) -> int:
        cols: Iterable[int] = [group.col]
        if group.array is not None:
            if group.array.rows * group.array.columns > MOST_CELLS:
                self._large.append((group.array, cause))
                return 1
            cols, rows = group.columns, range(group.array.top, group.array.bottom + 1)
        for col in cols:
            self._columns.setdefault((group.sheet, col), {}).update(dict.fromkeys(rows, cause))
        return 1 if group.array is not None else len(rows)

    def has(self, sheet: str, row: int, col: int) -> bool:
        return row in self._columns.get((sheet, col), ()) or any(
            each.overlaps(Area(sheet, row, col, row, col)) for each, _ in self._large
        )

    def of(self, area: Area) -> Cause | None:
        """Why a cell of an area can't be computed; None if none is such."""
        for (sheet, col), rows in self._columns.items():
            if sheet == area.sheet and area.left <= col <= area.right:
                if area.top == area.bottom:
                    if area.top in rows:
                        return rows[area.top]
                    continue
                found = min((row for row in rows if area.top <= row <= area.bottom), default=None)
                if found is not None:
                    return rows[found]
        return next((cause for each, cause in self._large if each.overlaps(area)), None)

    def problems(self) -> list[Problem]:
        causes = sorted(self._causes.values(), key=lambda c: (self._order[c.group.sheet], c.row, c.group.col))
        return [
            Problem(c.group.sheet, cell_name(c.row, c.group.col), c.group.text, c.message, c.cells, c.dependents)
            for c in causes
            if c.cells
        ]
