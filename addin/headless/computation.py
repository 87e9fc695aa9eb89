"""Computes all formulas of a workbook and stores their values in the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from addin.headless import schedule
from addin.headless.evaluate import Context, Evaluator, Unsupported
from addin.headless.functions import load
from addin.headless.model import Area, Cell, CellError, Problem, Report, Sheet, Table, Workbook, cell_name
from addin.headless.patch import write_values
from addin.headless.reader import read_workbook
from addin.headless.references import Cut, Reference, UnsupportedReference, cut
from addin.headless.schedule import Group
from addin.headless.store import Store
from addin.headless.tree import Apply, Named, Node, SyntaxProblem, parse

Computed = dict[str, dict[tuple[int, int], Cell]]
CIRCULAR = "循环引用:公式直接或间接引用了自己"
DEPENDS = "引用了无法计算的单元格"


def calculate(path: Path, out: Path | None) -> Report:
    workbook = read_workbook(path)
    computed, problems = compute(workbook)
    write_values(path, out or path, computed, workbook.parts)
    return Report(sum(map(len, computed.values())), tuple(problems))


def compute(workbook: Workbook) -> tuple[Computed, list[Problem]]:
    """The values of all formula cells, and the cells that could not be computed (they keep their stored values)."""
    return _Computation(workbook).run()


class _Computation:
    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._store = Store(workbook)
        self._names: dict[str, tuple[Node, tuple[Reference, ...]] | None] = {}
        self._reading: set[str] = set()
        self._evaluator = Evaluator(self._store, load(), lambda name, sheet: self._tree_of_name(name, sheet))
        self._computed: Computed = {}
        self._problems: list[Problem] = []
        self._failed: list[Area] = []

    def run(self) -> tuple[Computed, list[Problem]]:
        groups = [group for sheet in self._workbook.sheets.values() for group in self._groups(sheet)]
        for component in schedule.ordered(groups):
            self._compute_component(component, schedule.by_cell)
        return self._computed, self._problems

    def _compute_component(
        self, component: list[Group], split: Callable[[list[Group]], Iterator[list[Group]]] | None
    ) -> None:
        if not schedule.is_circle(component):
            self._compute_group(component[0])
        elif split is None:
            for group in component:
                self._fail(group, CIRCULAR)
        else:
            for finer in split(component):
                self._compute_component(finer, None)

    def _groups(self, sheet: Sheet) -> Iterator[Group]:
        tables = [table for table in self._workbook.tables.values() if table.sheet == sheet.name]
        found: dict[tuple[int, Cut], Group] = {}
        for (row, col), text in sorted(sheet.formulas.items()):
            try:
                cut_formula, reads = self._read(text, sheet.name, row, col, tables)
            except (UnsupportedReference, SyntaxProblem) as error:
                self._fail(
                    Group(sheet.name, col, [row], Cut(text, ()), (), sheet.arrays.get((row, col)), text), str(error)
                )
                continue
            if (row, col) in sheet.arrays:
                yield Group(sheet.name, col, [row], cut_formula, reads, sheet.arrays[row, col], text)
            elif (group := found.get((col, cut_formula))) is not None:
                group.rows.append(row)
            else:
                found[col, cut_formula] = Group(sheet.name, col, [row], cut_formula, reads, None, text)
        yield from found.values()

    def _read(
        self, text: str, sheet: str, row: int, col: int, tables: list[Table]
    ) -> tuple[Cut, tuple[Reference, ...]]:
        """The formula's cut text, and everything that it reads, names included."""
        cut_formula = cut(text, sheet, row, col, self._workbook, tables)
        reads = list(cut_formula.references)
        for name in _names_in(parse(cut_formula)):
            known = self._name(name, sheet)
            if known is not None:
                reads += known[1]
        return cut_formula, tuple(reads)

    def _name(self, name: str, sheet: str) -> tuple[Node, tuple[Reference, ...]] | None:
        local, everywhere = f"{sheet}!{name}".lower(), name.lower()
        key = local if local in self._workbook.names else everywhere
        if key in self._reading:
            raise UnsupportedReference(f"名称 {name} 引用了自己")
        if key not in self._names:
            self._names[key] = None
            text = self._workbook.names.get(key)
            if text is not None:
                self._reading.add(key)
                try:
                    cut_name, reads = self._read(text.removeprefix("="), sheet, 0, 0, [])
                    self._names[key] = (parse(cut_name), reads)
                finally:
                    self._reading.discard(key)
        return self._names[key]

    def _tree_of_name(self, name: str, sheet: str) -> Node | None:
        known = self._name(name, sheet)
        return known[0] if known is not None else None

    def _compute_group(self, group: Group) -> None:
        if any(failed.overlaps(area) for failed in self._failed for area in group.sources()):
            self._fail(group, DEPENDS)
            return
        try:
            tree = parse(group.cut)
            if group.array is not None:
                self._compute_array(group, tree, group.array)
                return
            cells = self._evaluator.cells(tree, Context(group.sheet, group.rows, group.col))
        except (Unsupported, UnsupportedReference, SyntaxProblem) as error:
            self._fail(group, str(error))
            return
        self._keep(group.sheet, group.rows, group.col, cells)

    def _compute_array(self, group: Group, tree: Node, area: Area) -> None:
        block = self._evaluator.block(tree, Context(group.sheet, group.rows, group.col))
        for offset in range(area.columns):
            rows = list(range(area.top, area.bottom + 1))
            cells = [_at(block.rows, row - area.top, offset) for row in rows]
            self._keep(group.sheet, rows, area.left + offset, cells)

    def _keep(self, sheet: str, rows: list[int], col: int, cells: list[Cell]) -> None:
        self._store.put(sheet, rows, col, cells)
        kept = self._computed.setdefault(sheet, {})
        for row, cell in zip(rows, cells, strict=True):
            kept[row, col] = cell

    def _fail(self, group: Group, message: str) -> None:
        self._failed += group.areas
        for row in group.rows:
            self._problems.append(Problem(group.sheet, cell_name(row, group.col), group.text, message))


def _names_in(node: Node) -> Iterator[str]:
    match node:
        case Named(name):
            yield name
        case Apply(_, arguments):
            for argument in arguments:
                yield from _names_in(argument)


def _at(rows: object, row: int, col: int) -> Cell:
    """A cell of an array's result: one row or column fills the block, beyond the result is #N/A."""
    grid: list[list[Cell]] = rows  # type: ignore[assignment]
    line = grid[0] if len(grid) == 1 else grid[row] if row < len(grid) else None
    if line is None:
        return CellError.NA
    cell = line[0] if len(line) == 1 else line[col] if col < len(line) else CellError.NA
    return 0.0 if cell is None else cell
