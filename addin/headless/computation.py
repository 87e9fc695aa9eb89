"""Computes all formulas of a workbook in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import is_not, ne

from addin.headless import schedule
from addin.headless.context import Context, Unsupported
from addin.headless.evaluate import Evaluator
from addin.headless.externals import Books, Externals
from addin.headless.failures import Cause, Failures
from addin.headless.formulas import deep, formulas_of, told
from addin.headless.schedule import Group
from addin.headless.skeleton import Skeleton
from addin.headless.spills import Spills
from addin.headless.store import Store
from addin.headless.subtotals import Hidden, Subtotals
from addin.headless.values import MOST_CELLS, Block, TooLarge
from addin.xlsx.cells import CellSet
from addin.xlsx.dates import date_system, one_moment
from addin.xlsx.model import Area, Cell, CellError, CellValues, Problem, Workbook
from udfs.values import count_empty

Computed = dict[str, CellValues]
CIRCULAR = "循环引用：公式直接或间接引用了自己"
ITERATED = CIRCULAR + "；工作簿打开了“启用迭代计算”，这里只反复计算引用自己的单格"
UNSETTLED = CIRCULAR + "；反复计算以后没有停在一个值上"
FEW = 16
"""Of so many cells less than one, by a sample: only then those that changed are told from the others."""
MOST_FAILURES = 1000
"""So many rows of a column in a row fail for the same reason before the others are taken to."""
Place = tuple[str, int, int]


class Pending(Exception):
    """Cells that have to be computed first."""

    def __init__(self, cells: list[tuple[Group, int]]) -> None:
        super().__init__()
        self.cells = cells


class DependsOn(Exception):
    """A cell is read that can't be computed."""

    def __init__(self, cause: Cause) -> None:
        super().__init__()
        self.cause = cause


def compute(
    workbook: Workbook, hidden: Callable[[str], Hidden] = lambda sheet: Hidden()
) -> tuple[Computed, list[Problem]]:
    """The values of all formula cells, and why others could not be computed (they keep their stored values)."""
    computation = Computation(workbook, hidden)
    computation.run()
    return computation.values, computation.problems


class Computation:
    """``values`` of all formula cells, ``problems``, and ``notes`` on what was used.

    ``changed`` are the cells that have another value than before, ``areas`` the blocks of dynamic arrays that have another size.
    """

    def __init__(
        self,
        workbook: Workbook,
        hidden: Callable[[str], Hidden] = lambda sheet: Hidden(),
        external: Books = dict,
    ) -> None:
        """``hidden``: the hidden rows of a sheet, asked for where subtotals depend on them; ``external``: what is kept of others."""
        self._workbook = workbook
        self._subtotals = Subtotals(workbook, hidden)
        self._spills = Spills(workbook)
        self._externals = Externals(external)
        self.values: Computed = {}
        self.changed: dict[str, CellSet] = {}
        self.problems: list[Problem] = []
        self.notes: tuple[str, ...] = ()
        self.areas: dict[str, dict[tuple[int, int], Area]] = {}

    def run(self, only: Mapping[str, CellSet] | None = None) -> None:
        """``only``: the cells that are computed, the others being what they would give."""
        with date_system(self._workbook.date1904), one_moment(), deep():
            while True:
                run = _Run(self._workbook, self._subtotals, self._spills, self._externals)
                run.compute(only)
                for sheet, cells in run.changed.items():
                    self.changed.setdefault(sheet, CellSet()).update(cells)
                if not self._spills.resized():
                    break
        self.values, self.problems = run.values, run.failures.problems()
        self.areas, self.notes = self._spills.areas, self._externals.notes()
        for sheet, row, col in self._spills.cleared:
            self.values.setdefault(sheet, CellValues(self._workbook.sheets[sheet])).cells.add(col, row, row)
            self.changed.setdefault(sheet, CellSet()).add(col, row, row)
        for sheet, areas in self.areas.items():
            self.changed.setdefault(sheet, CellSet()).update(CellSet(areas))


class _Run:
    """All formulas once, with the blocks of arrays as they now are."""

    def __init__(self, workbook: Workbook, subtotals: Subtotals, spills: Spills, externals: Externals) -> None:
        self._workbook = workbook
        self._spills = spills
        self._store = Store(workbook)
        self.values: Computed = {}
        self.changed: dict[str, CellSet] = {}
        self.failures = Failures(workbook)
        self._formulas = Skeleton.of(workbook).once(formulas_of)
        self._memory = self._formulas.memory()
        self._evaluator = Evaluator(
            self._store,
            self._formulas.name,
            self._formulas.spilled,
            subtotals.left_out,
            self._formulas.resolved,
            self._demand,
            externals,
            self._formulas.recurring,
        )
        self._settled: set[int] = set()
        self._is_ahead = False
        """Whether cells have got their values before their turn."""
        self._iterated: Place | None = None
        """A cell that may read itself."""

    def compute(self, only: Mapping[str, CellSet] | None) -> None:
        for group, message in self._formulas.refused:
            self.failures.add(group, group.rows, message)
        order = self._formulas.order
        if only is not None:
            order = [component for component in order if any(each.is_in(only) for each in component)]
        for component in order:
            self._compute_component(component, schedule.by_cell)
        # It knows what is demanded of this run: together they, and the whole workbook, would wait to be found as garbage.
        del self._evaluator

    def _compute_component(
        self, component: list[Group], split: Callable[[list[Group]], Iterator[list[Group]]] | None
    ) -> None:
        if not schedule.is_circle(component):
            self._compute_group(component[0])
        elif split is None:
            self._compute_on_demand([(group, row) for group in component for row in group.rows])
        else:
            for finer in split(component):
                self._compute_component(finer, None)

    def _is_settled(self, group: Group, row: int) -> bool:
        return (row, group.col) in self.values.get(group.sheet, ()) or self.failures.has(group.sheet, row, group.col)

    def _demand(self, area: Area) -> None:
        """A computed reference is about to be read: raises Pending or DependsOn where that can't be done yet, or not at all."""
        pending: list[tuple[Group, int]] = []
        for group in self._formulas.places.of(area):
            if id(group) in self._settled:
                continue
            rows = group.rows[:1] if group.array is not None else schedule.within(group.rows, area.top, area.bottom)
            pending += [
                (group, row)
                for row in rows
                if not self._is_settled(group, row) and (group.sheet, row, group.col) != self._iterated
            ]
        if pending:
            raise Pending(pending)
        cause = self.failures.of(area) if self.failures else None
        if cause is not None:
            raise DependsOn(cause)

    def _compute_group(self, group: Group) -> None:
        rows = self._knowable(group)
        if not rows:
            return
        if group.dynamic and len(rows) > 1:
            self._compute_on_demand([(group, row) for row in rows])
            return
        memory = self._memory if len(rows) == len(group.rows) else None
        key = memory.key(group, self._workbook) if memory is not None else None
        known = memory.cells(group, key) if memory is not None and key is not None else None
        try:
            if known is not None:
                self._keep(group.sheet, rows, group.col, known)
            else:
                self._evaluate(group, rows)
        except Pending:
            self._compute_on_demand([(group, row) for row in rows])
        except DependsOn as depends:
            self.failures.add_dependent(group, rows[0], depends.cause)
        except Exception as error:
            # Whatever goes wrong in a formula ends in its cell.
            self._compute_apart(group, rows, told(error))
        else:
            self._settled.add(id(group))
            if memory is not None and key is not None and known is None:
                memory.keep(group, key, self._store.lane(group.sheet, group.col, rows, 0))

    def _evaluate(self, group: Group, rows: Sequence[int]) -> None:
        if group.array is not None:
            context = Context(group.sheet, [group.array.top], group.col)
            self._keep_array(group, self._evaluator.block(group.tree, context))
            return
        self._keep(
            group.sheet, rows, group.col, self._evaluator.cells(group.tree, Context(group.sheet, rows, group.col))
        )

    def _compute_apart(self, group: Group, rows: Sequence[int], message: str) -> None:
        """Row by row, so that only the rows fail that can't be computed."""
        if len(rows) == 1:
            self.failures.add(group, rows, message)
            return
        failed: list[int] = []
        for place, row in enumerate(rows):
            if len(failed) == MOST_FAILURES == place:
                failed += rows[place:]
                break
            try:
                self._evaluate(group, [row])
            except Exception as error:
                if told(error) == message:
                    failed.append(row)
                else:
                    self.failures.add(group, [row], told(error))
        if failed:
            self.failures.add(group, failed, message)

    def _compute_on_demand(self, cells: list[tuple[Group, int]]) -> None:
        """Single cells, and before each of them whatever it turns out to read."""
        self._is_ahead = True
        stack = cells[::-1]
        entered: dict[Place, tuple[Group, int]] = {}
        of_themselves: set[Place] = set()
        self._evaluator.lazy = True
        try:
            while stack:
                group, row = stack[-1]
                place = group.sheet, row, group.col
                if self._is_settled(group, row):
                    stack.pop()
                    entered.pop(place, None)
                    continue
                entered[place] = stack[-1]
                try:
                    if place in of_themselves:
                        self._iterate(group, row)
                    else:
                        self._evaluate(group, [row])
                except Pending as pending:
                    wanted = [(c[0].sheet, c[1], c[0].col) for c in pending.cells]
                    if self._workbook.iterations and group.array is None and place in wanted:
                        of_themselves.add(place)
                        continue
                    circle = next((c for c in wanted if c in entered), None)
                    if circle is None:
                        stack += pending.cells[::-1]
                        continue
                    for one, at in list(entered.values())[list(entered).index(circle) :]:
                        self.failures.add(one, [at], ITERATED if self._workbook.iterations else CIRCULAR)
                except DependsOn as depends:
                    self.failures.add_dependent(group, row, depends.cause)
                except Exception as error:
                    self.failures.add(group, [row], told(error))
        finally:
            self._evaluator.lazy = False

    def _iterate(self, group: Group, row: int) -> None:
        """A cell that reads itself, computed until it gives what it held: only then is it no matter how often.

        (A time that is noted once, say. Not a counter, nor what comes nearer and nearer.)
        """
        place = self._iterated = group.sheet, row, group.col
        stored = before = self._store.get(*place)
        try:
            for _ in range(self._workbook.iterations):
                found = self._evaluator.cells(group.tree, Context(group.sheet, [row], group.col))[0]
                if type(found) is type(before) and found == before:
                    break
                if (
                    isinstance(found, float)
                    and isinstance(before, float)
                    and abs(found - before) < self._workbook.least_change
                ):
                    raise Unsupported(UNSETTLED)
                before = found
                self._store.put(group.sheet, [row], group.col, [found])
            else:
                raise Unsupported(UNSETTLED)
        finally:
            self._iterated = None
            self._store.put(group.sheet, [row], group.col, [stored])
        self._keep(group.sheet, [row], group.col, [found])

    def _knowable(self, group: Group) -> Sequence[int]:
        """The rows that are not computed yet and read no cell which could not be computed; the others are counted."""
        rows: Sequence[int]
        if not self._is_ahead:
            rows = group.rows if group.array is None else group.rows[:1]
        elif group.array is not None or len(group.rows) == 1:
            rows = [row for row in group.rows[:1] if not self._is_settled(group, row)]
        elif group.dynamic or (group.rows[0], group.col) in self.values.get(group.sheet, ()):
            rows = [row for row in group.rows if not self._is_settled(group, row)]
        else:
            rows = group.rows
        if not self.failures:
            return rows
        bad: dict[int, Cause] = {}
        for row in rows:
            for reference in group.reads:
                cause = self.failures.of(reference.at(row, group.col)) if reference.valid else None
                if cause is not None:
                    bad[row] = cause
                    break
        for row, cause in bad.items():
            self.failures.add_dependent(group, row, cause)
        return [row for row in rows if row not in bad] if bad else rows

    def _keep_array(self, group: Group, block: Block) -> None:
        area, block = self._spills.placed(group, block)
        if area.rows * area.columns > MOST_CELLS:
            raise TooLarge
        self._is_ahead |= area.rows > 1 or area.columns > 1
        rows = range(area.top, area.bottom + 1)
        for offset in range(area.columns):
            self._keep(group.sheet, rows, area.left + offset, _filling(block, offset, area.rows))

    def _keep(self, sheet: str, rows: Sequence[int], col: int, cells: list[Cell]) -> None:
        if sheet not in self.values:
            self.values[sheet] = CellValues(self._workbook.sheets[sheet])
            self.changed[sheet] = CellSet()
        kept, changed = self.values[sheet].cells, self.changed[sheet]
        if len(rows) == 1:
            row, cell = rows[0], cells[0]
            kept.add(col, row, row)
            stored = self._store.get(sheet, row, col)
            if type(stored) is type(cell) and stored == cell:
                if cell:  # -0 is equal to 0.
                    return
            else:
                changed.add(col, row, row)
            self._store.put(sheet, rows, col, cells)
            return
        before = self._store.lane(sheet, col, rows, 0)
        if isinstance(rows, range):
            kept.add(col, rows[0], rows[-1])
        else:
            for row in rows:
                kept.add(col, row, row)
        # TRUE is equal to 1.
        if before != cells or any(map(is_not, map(type, before), map(type, cells))):
            if isinstance(rows, range) and FEW * sum(map(ne, before[::FEW], cells[::FEW])) > len(rows) // FEW:
                changed.add(col, rows[0], rows[-1])
            else:
                for row, a, b in zip(rows, before, cells, strict=True):
                    if a != b or type(a) is not type(b):
                        changed.add(col, row, row)
        self._store.put(sheet, rows, col, cells)


def _filling(block: Block, offset: int, height: int) -> list[Cell]:
    """A column of an array's result: one row or column fills the block, beyond the result is #N/A."""
    rows, columns = block.size
    if rows == columns == 1:
        return [0.0 if block.first is None else block.first] * height
    if columns == 1:
        offset = 0
    if offset >= columns:
        return [CellError.NA] * height
    if block.height == rows == height:
        cells = block.columns[offset]
        return [0.0 if cell is None else cell for cell in cells] if count_empty(cells) else cells
    found = [
        block.at(0 if rows == 1 else row, offset) if row < rows or rows == 1 else CellError.NA for row in range(height)
    ]
    return [0.0 if cell is None else cell for cell in found]
