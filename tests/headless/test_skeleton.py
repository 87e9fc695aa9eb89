"""What was found out about a workbook's formulas holds for another one only if nothing that they are read from differs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from addin.headless import skeleton
from addin.headless.computation import Computation
from addin.headless.formulas import formulas_of
from addin.headless.skeleton import MOST_KEPT, Skeleton
from addin.xlsx.model import Area, CellValues, Sheet, Table, Workbook
from workbook_templates.formula.resolving import resolve


def workbook(*values: float, **names: str) -> Workbook:
    """Values in A1 …, their double beside them, and 优's cells filtered by a dynamic array in D."""
    sheet = Sheet("表")
    for row, value in enumerate(values):
        sheet.set(row, 0, value)
        sheet.formulas[row, 1] = f"A{row + 1}*2"
    sheet.formulas[0, 3] = f"_xlfn._xlws.FILTER(A1:A{len(values)},A1:A{len(values)}>1)"
    sheet.arrays[0, 3] = Area("表", 0, 3, 0, 3)
    sheet.dynamic.add((0, 3))
    table = Table("数", "表", ("甲",), 0, len(values) - 1, 0)
    return Workbook({"表": sheet, "另": Sheet("另")}, {"名": "表!$A$1", **names}, {"数": table})


def computed(book: Workbook) -> tuple[CellValues, dict[tuple[int, int], Area]]:
    computation = Computation(book)
    computation.run()
    assert computation.problems == []
    return computation.values["表"], computation.areas.get("表", {})


def test_each_workbook_has_its_own_values_and_spills() -> None:
    first, second, third = workbook(1.0, 2.0, 3.0), workbook(5.0, 1.0, 1.0), workbook(4.0, 5.0, 6.0)
    assert Skeleton.of(first) is Skeleton.of(second) is Skeleton.of(third)
    assert computed(first)[0] == {(0, 1): 2, (1, 1): 4, (2, 1): 6, (0, 3): 2, (1, 3): 3}
    values, areas = computed(second)
    assert values == {(0, 1): 10, (1, 1): 2, (2, 1): 2, (0, 3): 5} and areas == {}
    assert computed(third)[1] == {(0, 3): Area("表", 0, 3, 2, 3)}


def _another_formula(book: Workbook) -> None:
    book.sheets["表"].formulas[1, 1] = "A2*3"


def _another_array(book: Workbook) -> None:
    book.sheets["表"].arrays[0, 3] = Area("表", 0, 3, 1, 3)


def _another_name(book: Workbook) -> None:
    book.names["名"] = "表!$A$2"


def _another_table(book: Workbook) -> None:
    book.tables["数"] = Table("数", "表", ("乙",), 0, 2, 0)


def _another_order(book: Workbook) -> None:
    book.sheets["表"] = book.sheets.pop("表")


@pytest.mark.parametrize(
    "change",
    [_another_formula, _another_array, _another_name, _another_table, _another_order],
    ids=lambda c: c.__name__,
)
def test_whatever_formulas_are_read_from_tells_workbooks_apart(change: Callable[[Workbook], None]) -> None:
    plain, changed = workbook(1.0, 2.0, 3.0), workbook(1.0, 2.0, 3.0)
    before = Skeleton.of(plain)
    change(changed)
    assert Skeleton.of(changed) is not before and Skeleton.of(plain) is before
    assert Skeleton.of(changed).once(formulas_of) is not before.once(formulas_of)
    change(plain)
    assert Skeleton.of(plain) is Skeleton.of(changed)


def test_few_are_kept_and_no_large_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    first = Skeleton.of(workbook(1.0))
    for number in range(MOST_KEPT):
        Skeleton.of(workbook(1.0, another=f"表!$A${number + 1}"))
    assert Skeleton.of(workbook(1.0)) is not first
    assert len(skeleton._kept) == MOST_KEPT
    monkeypatch.setattr(skeleton, "MOST_RUNS", 2)
    large = workbook(1.0, 2.0, 3.0)
    large.sheets["表"].formulas[5, 5] = "A1"
    assert Skeleton.of(large) is not Skeleton.of(large) and len(skeleton._kept) == MOST_KEPT
    assert Skeleton.of(workbook(1.0, 2.0)) is Skeleton.of(workbook(1.0, 2.0))


@pytest.mark.parametrize(
    "text", ["A1+$A$1+表!A1", "SUM([甲])+[@甲]", "数[甲]+数[[#This Row],[甲]]", "名&TRUE&#REF!&1.5", "SUM(A1:A2 A2:A3)"]
)
def test_formulas_of_other_cells_mean_what_they_mean_alone(text: str) -> None:
    book = workbook(1.0, 2.0, 3.0)
    for row in range(3):
        book.sheets["表"].formulas[row, 5] = book.sheets["另"].formulas[row, 5] = text
    for sheet, runs in Skeleton.of(book).runs.items():
        tables = [table for table in book.tables.values() if table.sheet == sheet]
        for run, meaning in runs:
            assert meaning == resolve(run.text, sheet, run.first, run.col, book, tables)
