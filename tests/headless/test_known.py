"""Formulas that an earlier run has read are not read again, and compute the same."""

from __future__ import annotations

import hashlib
import os
import pickle
import zlib
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from addin.headless import formulas, skeleton
from addin.headless.computation import Computation, compute
from addin.headless.formulas import FEWEST, MOST, MOST_DIVIDED, Formulas
from addin.headless.known import MOST_LEVELS
from addin.headless.session import Session
from addin.headless.skeleton import Skeleton
from addin.shared import kept
from addin.xlsx.model import Cell, Sheet, Workbook, column_name
from tests.support import built
from workbook_templates.scheme.catalogue import slugs


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(kept, "user_folder", lambda: tmp_path)
    return tmp_path / kept.FOLDER


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sheets whose formulas were read."""
    found: list[str] = []
    groups = Formulas._groups

    def counted(self: Formulas, sheet: str) -> Any:
        found.append(sheet)
        return groups(self, sheet)

    monkeypatch.setattr(Formulas, "_groups", counted)
    return found


def another_run(workbook: Workbook) -> list[Cell]:
    """What a workbook gives that this process knows nothing of."""
    skeleton._kept.clear()
    computed, problems = compute(workbook)
    assert problems == []
    sheets = [(name, [*map(list, sheet.columns.values())]) for name, sheet in workbook.sheets.items()]
    return [sheets, computed]  # type: ignore[list-item]


def counting(count: int, text: str = "A{0}*2") -> Workbook:
    """So many formulas that say different things."""
    sheet = Sheet("表")
    for row in range(count):
        sheet.set(row, 0, float(row))
        sheet.formulas[row, 1] = text.format(row + 1) + f"+{row}*{row + 1}"
    return Workbook({"表": sheet})


@pytest.mark.parametrize("slug", slugs()[::7])
def test_a_schemes_workbook_gives_the_same_as_when_it_was_read(slug: str, folder: Path, read: list[str]) -> None:
    content = built(slug)
    runs: list[Any] = []
    for _ in range(2):
        skeleton._kept.clear()
        session = Session.of(content)
        report = session.compute()
        runs.append((report, session.changed_parts(), [*read]))
        read.clear()
    (first, parts, sheets), (second, same, none) = runs
    assert first == second and parts == same and sheets and not none
    assert len([*folder.glob("formulas-*")]) == 1


def test_names_circles_and_refused_formulas_are_known_as_well(read: list[str]) -> None:
    workbook = counting(FEWEST)
    sheet, workbook.names = workbook.sheets["表"], {"倍": "表!$A$2+1"}
    further = {0: "倍*2", 1: "C1+D3", 2: "1+", 3: 'INDIRECT("B"&4)', 4: "SUM(D1:D2)"}
    for row, text in further.items():
        sheet.formulas[row, 3] = text
    sheet.formulas[0, 2], sheet.formulas[3, 2] = "D5*0", "D2+1"
    runs: list[Any] = []
    for _ in range(2):
        skeleton._kept.clear()
        computation = Computation(workbook)
        computation.run()
        values = {place: sheet.get(*place) for place in sheet.formulas}
        known = Skeleton.of(workbook).once(formulas.formulas_of)
        follows = [[(other.text, other.rows) for other in each.follows] for each in chain(known.groups, *known.order)]
        runs.append((values, computation.problems, follows, [*read]))
        read.clear()
    assert runs[0][:3] == runs[1][:3] and runs[0][3] == ["表"] and runs[1][3] == []
    assert any(runs[0][2])
    assert sheet.get(0, 3) == 4 and sheet.get(3, 3) == sheet.get(3, 1)
    assert {problem.cell for problem in runs[0][1]} >= {"D3"}


@pytest.mark.parametrize(("count", "is_kept"), [(FEWEST - 1, False), (FEWEST, True), (MOST, True), (MOST + 1, False)])
def test_few_are_read_and_many_are_not_kept(count: int, is_kept: bool, folder: Path, read: list[str]) -> None:
    assert another_run(counting(count)) == another_run(counting(count))
    assert folder.exists() is is_kept and len(read) == (1 if is_kept else 2)


def test_another_formula_is_read(read: list[str]) -> None:
    first, other = another_run(counting(FEWEST)), counting(FEWEST)
    other.sheets["表"].formulas[3, 1] = "A4*3"
    assert another_run(other) != first and len(read) == 2


class _Malice:
    def __reduce__(self) -> Any:
        return os.mkdir, ("made",)


@pytest.mark.parametrize("found", [_Malice(), [_Malice()], ("order",), (_Malice(), []), formulas.Known, None, os.mkdir])
def test_nothing_but_formulas_is_made_of_a_file(
    found: Any, folder: Path, read: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    expected = another_run(counting(FEWEST))
    (path,) = folder.iterdir()
    content = zlib.compress(pickle.dumps(found))
    path.write_bytes(hashlib.sha256(content).hexdigest()[:32].encode() + b"\n" + content)
    assert another_run(counting(FEWEST)) == expected and len(read) == 2
    assert not (tmp_path / "made").exists()
    assert another_run(counting(FEWEST)) == expected and len(read) == 2, "written anew"


@pytest.mark.parametrize("place", ["cell", "name"])
@pytest.mark.parametrize(("signs", "is_kept"), [(MOST_LEVELS - 1, True), (MOST_LEVELS, False), (4000, False)])
def test_a_formula_that_is_too_deep_is_not_kept(place: str, signs: int, is_kept: bool, folder: Path) -> None:
    workbook = counting(FEWEST)
    deep = "1" + "+1" * signs
    workbook.sheets["表"].formulas[0, 1] = deep if place == "cell" else "深"
    workbook.names = {"深": deep}
    another_run(workbook)
    assert workbook.sheets["表"].get(0, 1) == signs + 1 and len([*folder.glob("formulas-*")]) == is_kept


@pytest.mark.parametrize("rows", [2, 2 * MOST_DIVIDED // FEWEST])
def test_columns_that_read_each_other_are_known_as_well(rows: int, read: list[str]) -> None:
    workbook = counting(FEWEST)
    for row in range(1, rows + 1):
        for col in range(FEWEST):
            # Each reads the next one a row above, and the last the first.
            text = f"{column_name(3 + (col + 1) % FEWEST)}{row}+1"
            workbook.sheets["表"].formulas[row, 3 + col] = text
    assert another_run(workbook) == another_run(workbook) and len(read) == 1
    assert workbook.sheets["表"].get(rows, 3) == rows


def test_balances_that_read_one_another_are_known_whatever_their_number(read: list[str]) -> None:
    workbook = counting(FEWEST)
    for row in (1, 2):
        for col in range(3, 203):
            name = column_name(col)
            workbook.sheets["表"].formulas[row, col] = f"{name}{row}+{column_name(col - 1)}{row + 1}"
    assert another_run(workbook) == another_run(workbook) and len(read) == 1


def test_what_is_deep_is_not_refused_to_all_since_somebody_has_looked_before_it_was_computed() -> None:
    workbook = counting(FEWEST)
    workbook.sheets["表"].formulas[0, 1] = "1" + "+1" * 4000
    skeleton._kept.clear()
    assert Skeleton.of(workbook).once(formulas.formulas_of).refused == []
    another_run(workbook)
    assert workbook.sheets["表"].get(0, 1) == 4001
