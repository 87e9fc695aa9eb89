"""Computes all formulas of a workbook and stores their values in the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from addin.headless import schedule
from addin.headless.context import Context, Unsupported
from addin.headless.evaluate import Evaluator
from addin.headless.functions import load
from addin.headless.runs import runs_of
from addin.headless.schedule import Group
from addin.headless.store import Store
from addin.headless.subtotals import Hidden, Subtotals
from addin.headless.tree import Apply, Cells, FormulaError, Invoke, Named, Node, Sheets, parse
from addin.headless.values import Block, RowByRow
from addin.xlsx.model import Area, Cell, CellError, Problem, Sheet, Table, Workbook, cell_name
from workbook_templates.formula.parser import parse as as_written
from workbook_templates.formula.references import Reference
from workbook_templates.formula.resolving import Resolved, resolve
from workbook_templates.formula.tree import children

Computed = dict[str, dict[tuple[int, int], Cell]]
CIRCULAR = "循环引用:公式直接或间接引用了自己"
DEPENDS = "引用了无法计算的单元格"
RESIZED = "动态数组占用的区域变了,请在 Excel 中重新计算"
_NO_DEPENDENCE = frozenset({"ROW", "COLUMN", "ROWS", "COLUMNS", "ISREF", "ISFORMULA", "SHEET"})
_REFUSED = (Unsupported, FormulaError, RowByRow, RecursionError)


def compute(
    workbook: Workbook, dynamic: bool = False, hidden: Callable[[str], Hidden] = lambda sheet: Hidden()
) -> tuple[Computed, list[Problem]]:
    """The values of all formula cells, and the cells that could not be computed (they keep their stored values).

    ``dynamic``: array formulas may be dynamic arrays, whose areas only a spreadsheet program can change. ``hidden``: the hidden rows
    of a sheet, asked for where subtotals depend on them.
    """
    return _Computation(workbook, dynamic, hidden).run()


class _Computation:
    def __init__(self, workbook: Workbook, dynamic: bool, hidden: Callable[[str], Hidden]) -> None:
        subtotals = Subtotals(workbook, hidden)
        self._workbook = workbook
        self._dynamic = dynamic
        self._store = Store(workbook)
        self._names: dict[str, tuple[Node, tuple[Reference, ...]] | None] = {}
        self._reading: set[str] = set()
        self._spilling = {
            (sheet.name, row, col): area
            for sheet in workbook.sheets.values()
            for (row, col), area in sheet.arrays.items()
        }
        self._evaluator = Evaluator(
            self._store,
            load(),
            self._tree_of_name,
            lambda sheet, row, col: self._spilling.get((sheet, row, col)),
            subtotals.left_out,
        )
        self._computed: Computed = {}
        self._problems: list[tuple[Problem, int, int]] = []
        self._unknown: dict[tuple[str, int], set[int]] = {}

    def run(self) -> tuple[Computed, list[Problem]]:
        groups = [group for sheet in self._workbook.sheets.values() for group in self._groups(sheet)]
        for component in schedule.ordered(groups):
            self._compute_component(component, schedule.by_cell)
        order = {name: place for place, name in enumerate(self._workbook.sheets)}
        self._problems.sort(key=lambda told: (order[told[0].sheet], told[1], told[2]))
        return self._computed, [problem for problem, _, _ in self._problems]

    def _compute_component(
        self, component: list[Group], split: Callable[[list[Group]], Iterator[list[Group]]] | None
    ) -> None:
        if not schedule.is_circle(component):
            self._compute_group(component[0])
        elif split is None:
            for group in component:
                self._fail(group, group.rows, CIRCULAR)
        else:
            for finer in split(component):
                self._compute_component(finer, None)

    def _groups(self, sheet: Sheet) -> Iterator[Group]:
        tables = [table for table in self._workbook.tables.values() if table.sheet == sheet.name]
        found: dict[tuple[int, Resolved], Group] = {}
        for run in runs_of(sheet.formulas, sheet.arrays):
            rows = range(run.first, run.last + 1)
            try:
                formula, reads = self._read(run.text, sheet.name, run.first, run.col, tables)
            except _REFUSED as error:
                failed = Group(sheet.name, run.col, rows, Resolved(()), (), run.area, run.text)
                self._fail(failed, rows, str(error))
                continue
            known = found.get((run.col, formula)) if run.area is None else None
            if known is not None:
                known.rows = known.rows if isinstance(known.rows, list) else list(known.rows)
                known.rows.extend(rows)
                continue
            group = Group(sheet.name, run.col, rows, formula, reads, run.area, run.text)
            if run.area is None:
                found[run.col, formula] = group
            else:
                yield group
        yield from found.values()

    def _read(
        self, text: str, sheet: str, row: int, col: int, tables: list[Table]
    ) -> tuple[Resolved, tuple[Reference, ...]]:
        """The resolved formula, and everything that it reads, names included."""
        formula = resolve(text, sheet, row, col, self._workbook, tables)
        reads: list[Reference] = []
        try:
            tree = parse(formula)
        except FormulaError:
            as_written(text)  # It knows the place of the mistake.
            raise
        self._collect(tree, sheet, reads)
        return formula, tuple(dict.fromkeys(reads))

    def _collect(self, node: Node, sheet: str, reads: list[Reference]) -> None:
        match node:
            case Named(name, own):
                known = self._name(name, own or sheet)
                if known is not None:
                    reads.extend(known[1])
            case Apply(function) if function in _NO_DEPENDENCE:
                return
            case Apply("ANCHORARRAY", (Apply() | Named() as inner,)):
                self._collect(inner, sheet, reads)
            case Apply() | Invoke():
                for child in children(node):
                    self._collect(child, sheet, reads)
            case Cells(reference):
                reads.append(reference)
                reads.extend(self._spill_of(reference))
            case Sheets(references):
                reads.extend(references)

    def _spill_of(self, reference: Reference) -> Iterator[Reference]:
        """``A1#`` reads all that the dynamic array in A1 fills."""
        if reference.moves or reference.top != reference.bottom:
            return
        area = self._spilling.get((reference.sheet, reference.top, reference.left))
        if area is not None:
            yield Reference(area.sheet, area.top, area.left, area.bottom, area.right)

    def _name(self, name: str, sheet: str) -> tuple[Node, tuple[Reference, ...]] | None:
        local, everywhere = f"{sheet}!{name}".lower(), name.lower()
        key = local if local in self._workbook.names else everywhere
        # Unqualified references of a name belong to the sheet of the formula that uses it.
        place = f"{sheet}!{key}" if key in self._workbook.names else key
        if place in self._reading:
            raise Unsupported(f"名称 {name} 引用了自己")
        if place not in self._names:
            self._names[place] = None
            text = self._workbook.names.get(key)
            if text is None and (table := self._table(name)) is not None:
                text = f"{table.name}[]"
            if text is not None:
                self._reading.add(place)
                try:
                    formula, reads = self._read(text.removeprefix("="), sheet, 0, 0, [])
                    self._names[place] = (parse(formula), reads)
                except _REFUSED:
                    del self._names[place]
                    raise
                finally:
                    self._reading.discard(place)
        return self._names[place]

    def _table(self, name: str) -> Table | None:
        return next((table for known, table in self._workbook.tables.items() if known.lower() == name.lower()), None)

    def _tree_of_name(self, name: str, sheet: str) -> Node | None:
        known = self._name(name, sheet)
        return known[0] if known is not None else None

    def _compute_group(self, group: Group) -> None:
        rows = self._knowable(group) if self._unknown else group.rows
        if not rows:
            return
        try:
            tree = parse(group.formula)
            if group.array is not None:
                self._compute_array(group, tree, group.array)
                return
            cells = self._evaluator.cells(tree, Context(group.sheet, rows, group.col))
        except _REFUSED as error:
            self._fail(group, rows, str(error) or "公式层次过深")
            return
        self._keep(group.sheet, rows, group.col, cells)

    def _knowable(self, group: Group) -> Sequence[int]:
        """The rows that read no cell which could not be computed; the others are reported."""
        bad: dict[int, str] = {}
        for row in group.rows[:1] if group.array is not None else group.rows:
            for reference in group.reads:
                cell = self._first_unknown(reference.at(row, group.col)) if reference.valid else None
                if cell is not None:
                    bad[row] = cell
                    break
        for row, cell in bad.items():
            self._fail(group, [row], f"{DEPENDS} {cell}")
        return [row for row in group.rows if row not in bad] if bad else group.rows

    def _first_unknown(self, area: Area) -> str | None:
        for (sheet, col), rows in self._unknown.items():
            if sheet == area.sheet and area.left <= col <= area.right:
                if area.top == area.bottom:
                    if area.top in rows:
                        return f"{sheet}!{cell_name(area.top, col)}"
                    continue
                found = min((row for row in rows if area.top <= row <= area.bottom), default=None)
                if found is not None:
                    return f"{sheet}!{cell_name(found, col)}"
        return None

    def _compute_array(self, group: Group, tree: Node, area: Area) -> None:
        block = self._evaluator.block(tree, Context(group.sheet, [area.top], area.left))
        if self._dynamic and (block.height, block.width) != (area.rows, area.columns):
            self._fail(group, group.rows, RESIZED)
            return
        rows = range(area.top, area.bottom + 1)
        for offset in range(area.columns):
            self._keep(group.sheet, rows, area.left + offset, _filling(block, offset, area.rows))

    def _keep(self, sheet: str, rows: Sequence[int], col: int, cells: list[Cell]) -> None:
        self._store.put(sheet, rows, col, cells)
        kept = self._computed.setdefault(sheet, {})
        for row, cell in zip(rows, cells, strict=True):
            kept[row, col] = cell

    def _fail(self, group: Group, rows: Sequence[int], message: str) -> None:
        if group.array is not None:
            area = group.array
            for col in range(area.left, area.right + 1):
                self._unknown.setdefault((area.sheet, col), set()).update(range(area.top, area.bottom + 1))
            rows = rows[:1]
        else:
            self._unknown.setdefault((group.sheet, group.col), set()).update(rows)
        for row in rows:
            self._problems.append(
                (Problem(group.sheet, cell_name(row, group.col), group.text, message), row, group.col)
            )


def _filling(block: Block, offset: int, height: int) -> list[Cell]:
    """A column of an array's result: one row or column fills the block, beyond the result is #N/A."""
    if block.width == 1:
        column = block.columns[0]
    elif offset < block.width:
        column = block.columns[offset]
    else:
        column = [CellError.NA]
    if len(column) == 1:
        column = column * height
    filled = column[:height] + [CellError.NA] * (height - len(column))
    return [0.0 if cell is None else cell for cell in filled]
