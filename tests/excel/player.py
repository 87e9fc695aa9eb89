"""A big workbook as Excel calculates it, for counting: our functions are called through the add-in's VBA as Excel calls them, what
Excel's own formulas come to is taken from the computed file, at the moment when Excel would have worked them out.

So the model of the tests, which works every formula out on its own, need not do what isn't counted; and each cell that our
functions gave a value to is compared with what ``kaohe calc`` put there: an answer that was foreseen wrongly would be seen.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pyopenvba._a1 import Area
from pyopenvba.apps.excel import _io
from pyopenvba.apps.excel._calc import Calculator, Compiled
from pyopenvba.apps.excel._engine_book import EngineBook, scalar
from pyopenvba.apps.excel._model import ExcelObject, Range, Worksheet
from pyopenvba.formula import _structured
from pyopenvba.formula._calc.evaluator import Context
from pyopenvba.formula._calc.nodes import (
    THIS_ROW,
    AreaReference,
    AxisReference,
    Call,
    CellReference,
    NameReference,
    StructuredReference,
    walk,
)
from pyopenvba.formula._calc.values import Area as EngineArea
from pyopenvba.formula._calc.values import Empty, Reference
from pyopenvba.formula._values import ExcelError
from pyopenvba.interpreter._objects import MemberSpec
from pyopenvba.interpreter._values import EMPTY, VBAArray

from addin.headless.session import Session
from addin.xlsx.model import cell_name
from tests.excel import simulated
from tests.excel.simulated import Simulated
from udfs.values import Cell, CellError

OURS = "KAOHE_"
MANUAL = -4135  # xlCalculationManual
MEASURING = {"ROW", "ROWS", "COLUMN", "COLUMNS", "SHEET"}
"""Functions that don't read the cells of a range."""

REFERENCES = (CellReference, AreaReference, AxisReference, NameReference, StructuredReference)
Place = tuple[str, int, int]


def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Formulas that are written alike are taken apart once, from the opening of a workbook on."""
    for owner, name in ((_io, "_formula_read"), (_structured, "tokenize"), (_structured, "shown")):
        monkeypatch.setattr(owner, name, cache(getattr(owner, name)))


class Player:
    """``results`` is what every formula's cell comes to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, office: Simulated, book: Any) -> None:
        self.office, self.book, self.calculator = office, book, book.calculator
        self.sheets = {sheet.name: sheet for sheet in book.sheets_}
        self.results = values_of(book)
        self.blocks = {
            (sheet.name, row, column): (sheet.name, *anchor)
            for sheet in book.sheets_
            for anchor, area in sheet.array_formulas.items()
            for row in range(area.top, area.bottom + 1)
            for column in range(area.left, area.right + 1)
        }
        self.stale: dict[str, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
        self.versions: dict[tuple[str, int], int] = defaultdict(int)
        self.working: set[Place] = set()
        self.known: dict[tuple[str, Area], tuple[Any, VBAArray]] = {}
        self.areas_of = cache(self._areas_of)
        self.tree = cache(self.calculator.engine_book.read)
        self.defined = cache(self.calculator.engine_book.defined_name)
        self.table = cache(self.calculator.engine_book.table)
        self.table_in = cache(self.calculator.engine_book.table_at)
        self.bounds = cache(lambda name: known_bounds(self.sheets[name]))
        known_bounds = Worksheet.used_bounds
        office.application.interpreter.freeze(datetime.datetime.now())
        self._install(monkeypatch)

    def _install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def instead(owner: Any, name: str, function: Callable[..., Any]) -> None:
            monkeypatch.setattr(owner, name, function)

        for name in ("build", "wrote", "wrote_area", "remember", "settle_spills"):
            instead(Calculator, name, lambda *_: None)
        instead(Calculator, "value_of", lambda _, *place, force=False: self.value(place, force))
        instead(Calculator, "calculate_all", lambda _: self.calculate())
        instead(Calculator, "recalculated", lambda _: [])
        instead(EngineBook, "cells", lambda _, area: self.cells(area))
        instead(EngineBook, "defined_name", lambda _, *which: self.defined(*which))
        instead(EngineBook, "table", lambda _, name: self.table(name))
        instead(EngineBook, "table_at", lambda _, *place: self.table_in(*place))
        instead(Worksheet, "used_bounds", lambda sheet: self.bounds(sheet.name))
        known_values = Range._values
        instead(
            Range,
            "_values",
            lambda block, raw: self.values(block) if raw and not block.single else known_values(block, raw=raw),
        )
        instead(
            simulated, "_stale", lambda _, reference: [key for area in reference.areas for key in self.stale_in(area)]
        )
        instead(ExcelObject, "_check_alive", lambda _: None)
        instead(self.office, "recalculate", self.recalculate)
        for name in ("Formula", "Formula2", "FormulaArray"):
            spec = Range._vba_members[name.lower()]
            again = MemberSpec(
                name=name, kind="property", getter=spec.getter, setter=lambda block, text: self.entered_again(block)
            )
            monkeypatch.setitem(Range._vba_members, name.lower(), again)
        instead(Context, "_structured", self.structured(Context._structured))
        known_formulas = Range._read_formulas

        def formulas(block: Any, *, r1c1: bool, at: bool = False) -> Any:
            """A column that has one text all over is read once, where nothing in it depends on the row."""
            area, cells = block.first, block.sheet.cells_
            if not block.single and area.columns == 1:
                texts = {
                    cell.formula if (cell := cells.get((row, area.left))) else ""
                    for row in range(area.top, area.bottom + 1)
                }
                if len(texts) == 1 and "[" in next(iter(texts)):
                    ends = [
                        known_formulas(
                            Range(block.sheet, [Area(row, area.left, row, area.left, block.sheet.name)]),
                            r1c1=r1c1,
                            at=at,
                        )
                        for row in (area.top, area.bottom)
                    ]
                    if ends[0] == ends[1]:
                        return VBAArray([(1, area.rows), (1, 1)], items=[ends[0]] * area.rows)
            return known_formulas(block, r1c1=r1c1, at=at)

        instead(Range, "_read_formulas", formulas)

    def structured(self, known: Callable[..., Any]) -> Callable[..., Any]:
        """What a structured reference is: ``known`` finds it, once for all rows of a table."""
        found: dict[tuple[StructuredReference, str], Any] = {}

        def reference(context: Any, node: StructuredReference) -> Any:
            table = self.table(node.table) if node.table else self.table_in(context.sheet, context.row, context.column)
            key = node, table.name if table else ""
            value = found.get(key)
            if value is None:
                value = known(context, node)
                if isinstance(value, Reference):
                    found[key] = value
            elif node.items == (THIS_ROW,):
                if not table.top + table.headers <= context.row <= table.bottom - table.totals:
                    return known(context, node)
                area = value.area
                return Reference.of(EngineArea(area.sheet, context.row, area.left, context.row, area.right))
            elif THIS_ROW in node.items:
                return known(context, node)
            return value

        return reference

    # --- what is to be calculated ------------------------------------------------------

    def formulas(self) -> Iterator[tuple[Place, Any]]:
        for name, sheet in self.sheets.items():
            for (row, column), cell in sheet.cells_.items():
                if cell.formula:
                    yield (name, row, column), cell

    def spoil(self, place: Place) -> None:
        name, row, column = place = self.blocks.get(place, place)
        self.sheets[name].cells_[(row, column)].stale = True
        self.stale[name][column].add(row)
        self.versions[name, column] += 1

    def recalculate(self) -> None:
        """Everything anew, as Ctrl+Alt+F9 does."""
        for place, _ in self.formulas():
            self.spoil(place)
        self.calculate()

    def calculate(self) -> None:
        """In Excel's order as far as it is known: row by row, what a cell needs before it."""
        for place, cell in self.formulas():
            if cell.stale:
                self.compute(place)

    def entered_again(self, block: Any) -> None:
        area = block.first
        for row in range(area.top, area.bottom + 1):
            for column in range(area.left, area.right + 1):
                self.spoil((block.sheet.name, row, column))
        if self.book.application.calculation != MANUAL:
            for row in range(area.top, area.bottom + 1):
                for column in range(area.left, area.right + 1):
                    self.value((block.sheet.name, row, column))

    def edit(self, place: Place, value: float, results: dict[Place, Any]) -> set[Place]:
        """Somebody types a value; ``results`` is what everything comes to with it. The cells that it makes Excel calculate."""
        self.results = results
        sheet, row, column = place
        self.sheets[sheet].cells_[(row, column)].value = value
        self.versions[sheet, column] += 1
        depends: dict[Any, bool] = {}

        def is_touched(area: Any) -> bool:
            key = (area.sheet, area.top, area.left, area.bottom, area.right)
            if key not in depends:
                depends[key] = False
                depends[key] = (
                    area.sheet == sheet and area.top <= row <= area.bottom and area.left <= column <= area.right
                ) or any(is_dependent(place) for place in self.formulas_in(area))
            return depends[key]

        def is_dependent(place: Place) -> bool:
            if place not in depends:
                depends[place] = False
                depends[place] = any(map(is_touched, self.areas_of(place)))
            return depends[place]

        touched = {place for place, _ in self.formulas() if is_dependent(place)}
        for place in touched:
            self.spoil(place)
        return touched

    def formulas_in(self, area: Any) -> Iterator[Place]:
        cells = self.sheets[area.sheet].cells_
        for place in self.inside(area.sheet, area):
            cell = cells.get(place)
            if cell is not None and (cell.formula or (area.sheet, *place) in self.blocks):
                yield self.blocks.get((area.sheet, *place), (area.sheet, *place))

    def inside(self, sheet: str, area: Any) -> Iterator[tuple[int, int]]:
        _, _, bottom, right = self.bounds(sheet)
        for row in range(area.top, min(area.bottom, bottom) + 1):
            for column in range(area.left, min(area.right, right) + 1):
                yield row, column

    def _areas_of(self, place: Place) -> list[Any]:
        """What a formula reads."""
        name, row, column = place
        context = Context(self.calculator.engine_book, name, row, column, array=True)
        found: list[Any] = []
        tree = self.tree(self.sheets[name].cells_[(row, column)].formula)
        measured = {
            id(each)
            for node in walk(tree)
            if isinstance(node, Call) and node.function in MEASURING
            for each in node.args
        }
        for node in walk(tree):
            if isinstance(node, REFERENCES) and id(node) not in measured:
                value = context.evaluate(node)
                if isinstance(value, Reference):
                    found += value.areas
        return found

    def stale_in(self, area: Any) -> list[Place]:
        found = []
        for column, rows in list(self.stale[area.sheet].items()):
            if rows and area.left <= column <= area.right:
                found += [(area.sheet, row, column) for row in sorted(rows) if area.top <= row <= area.bottom]
        return found

    # --- values ------------------------------------------------------------------------

    def value(self, place: Any, force: bool = False) -> Any:
        name, row, column = place
        anchor = self.blocks.get((name, row, column), (name, row, column))
        cell = self.sheets[name].cells_.get((row, column))
        if cell is None:
            return EMPTY
        formula = self.sheets[name].cells_[anchor[1:]]
        if formula.formula and (formula.stale or force):
            if self.office.is_reading:
                return EMPTY if formula.stale and self.office.is_stale_empty else cell.value
            self.compute(anchor)
        return cell.value

    def compute(self, place: Place) -> None:
        name, row, column = place
        cell = self.sheets[name].cells_[(row, column)]
        if place in self.working:
            return
        self.working.add(place)
        try:
            if OURS in cell.formula:
                compiled = Compiled(self.tree(cell.formula), dynamic=cell.dynamic)
                cell.value = self.calculator._computed(compiled, name, row, column)
            else:
                for area in self.areas_of(place):
                    for each in self.stale_in(area):
                        self.compute(each)
        finally:
            self.working.discard(place)
        area = self.sheets[name].array_formulas.get((row, column), Area(row, column, row, column, name))
        for each in ((name, *inner) for inner in self.inside(name, area)):
            member = self.sheets[name].cells_[each[1:]]
            if OURS not in cell.formula:
                member.value = self.as_excel_has_it(cell, each)
            elif shown(member.value) != shown(self.results[each]):
                raise AssertionError(f"{each}: {member.value!r}, not {self.results[each]!r}: {cell.formula}")
            self.versions[name, each[2]] += 1
        cell.stale = False
        self.stale[name][column].discard(row)

    def as_excel_has_it(self, cell: Any, place: Place) -> Any:
        """What a formula of Excel's comes to: fractions as its doubles give them, which ``kaohe calc`` writes in 15 digits."""
        result = self.results[place]
        if not isinstance(result, float) or result.is_integer() or place in self.blocks:
            return result
        value = self.calculator._computed(Compiled(self.tree(cell.formula), dynamic=cell.dynamic), *place)
        return value if shown(value) == shown(result) else result

    def cells(self, area: Any) -> Iterator[tuple[int, int, Any]]:
        for row, column in self.inside(area.sheet, area):
            value = scalar(self.value((area.sheet, row, column)))
            if not isinstance(value, Empty):
                yield row, column, value

    def values(self, block: Any) -> VBAArray:
        area = block.bounded()
        versions = (
            self.office.is_reading,
            *(self.versions[block.sheet.name, column] for column in range(area.left, area.right + 1)),
        )
        key = (block.sheet.name, area)
        known = self.known.get(key)
        if known is None or known[0] != versions:
            items = [
                block._read(row, column, raw=True)
                for column in range(area.left, area.right + 1)
                for row in range(area.top, area.bottom + 1)
            ]
            known = self.known[key] = versions, VBAArray([(1, area.rows), (1, area.columns)], items=items)
        return known[1]


def shown(value: Any) -> Any:
    """A cell's value in 15 digits: in formulas that call Excel's functions as well, its doubles may differ beyond them."""
    value = scalar(value)
    return f"{value:.15g}" if isinstance(value, float) else value


def values_of(book: Any) -> dict[Place, Any]:
    return {(sheet.name, *place): cell.value for sheet in book.sheets_ for place, cell in sheet.cells_.items()}


def results_with(path: Path, place: Place, value: float, cells: Iterable[Place]) -> dict[Place, Any]:
    """What cells of a workbook come to with another input, as ``kaohe calc`` computes it."""
    sheet, row, column = place
    session = Session.open(path)
    session.type(sheet, cell_name(row - 1, column - 1), value)
    session.compute()
    sheets = session.workbook.sheets
    return {(name, top, left): as_loaded(sheets[name].get(top - 1, left - 1)) for name, top, left in cells}


def as_loaded(value: Cell) -> Any:
    """A value as the model of Excel holds it."""
    if isinstance(value, CellError):
        return ExcelError(value.value)
    return EMPTY if value is None else value
