"""Every case of every function: headless in a workbook, and in the workbook that judges any program."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.formula import ArrayFormula

from addin.headless import Book, calculate, read_book
from tests.functions.cases import FOLDER, Case, CaseError, cases, cells_of, load, typed
from tests.functions.workbook import CHECK, CONCLUSION, DATA, FIRST_RESULT, PASSED, PATH, Place, build
from tests.support import edit
from udfs import FUNCTIONS, CellError

CASES = cases()
every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.identity)


@dataclass(frozen=True)
class Computed:
    path: Path
    book: Book
    places: dict[str, Place]


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> Computed:
    path = tmp_path_factory.mktemp("functions") / "cases.xlsx"
    places = build(path, CASES)
    return Computed(path, read_book(path), places)


@every_case
def test_the_function_headless_in_a_workbook(case: Case, computed: Computed) -> None:
    place = computed.places[case.identity]
    rows = range(place.row, place.row + place.height)
    found = tuple(
        tuple(computed.book.value(CHECK, row, FIRST_RESULT + col) for col in range(place.width)) for row in rows
    )
    assert typed(found) == typed(case.rows)


def test_the_workbook_finds_nothing_different(computed: Computed) -> None:
    assert conclusion(computed.book) == PASSED


def conclusion(book: Book) -> Any:
    return book.value(CONCLUSION, 2, 1)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (88.5, 88.49),
        (88.5, "88.5"),
        (88.5, ""),
        (88.5, CellError.NA),
        (0.0, ""),
        ("合格", "不合格"),
        ("a", "A"),
        ("合格", CellError.VALUE),
        ("", 0.0),
        (CellError.NA, CellError.VALUE),
        (CellError.NA, "#N/A"),
        (CellError.DIV0, 0.0),
    ],
)
def test_the_workbook_tells_what_differs(right: Any, wrong: Any, tmp_path: Path) -> None:
    good = Case("KAOHE_LOOKUP", 1, "good", "相同", ("键", (("键",),), ((right,),)), right)
    bad = replace(good, number=2, name="bad", chinese="不同", expected=wrong)
    build(tmp_path / "cases.xlsx", [good, bad])
    told = conclusion(read_book(tmp_path / "cases.xlsx"))
    assert told == f"不一致：{CHECK}!D4 KAOHE_LOOKUP 精确查找：不同"


def test_the_workbook_tells_which_row_of_a_result_differs(tmp_path: Path) -> None:
    people = (("甲",), ("乙",))
    case = Case("KAOHE_RANK", 1, "ranks", "名次", (people, people, ((90.0,), (80.0,))), ((1.0,), (3.0,)))
    build(tmp_path / "cases.xlsx", [case])
    assert conclusion(read_book(tmp_path / "cases.xlsx")) == f"不一致：{CHECK}!D4 KAOHE_RANK 名次：名次（第 2 行）"


def test_the_conclusion_changes_when_the_data_change(tmp_path: Path) -> None:
    path = tmp_path / "cases.xlsx"
    build(path, CASES[:1])
    assert conclusion(read_book(path)) == PASSED
    edit(path, DATA, B2=1)
    calculate(path)
    assert conclusion(read_book(path)).startswith("不一致")


def test_the_conclusion_says_that_the_functions_are_not_there(tmp_path: Path) -> None:
    path = tmp_path / "cases.xlsx"
    build(path, CASES[:1])
    edit(path, CHECK, E3="=#NAME?")
    calculate(path)
    assert conclusion(read_book(path)).startswith("没有考核函数")


def test_the_workbook_in_docs_is_up_to_date(computed: Computed) -> None:
    """If not: ``python -m tests.functions.workbook``."""
    assert content(PATH) == content(computed.path)


def content(path: Path) -> dict[str, Any]:
    """What a reader or a program sees of a workbook: formulas, values and names, not how the file is packed."""
    formulas, values = load_workbook(path), load_workbook(path, data_only=True)
    told: dict[str, Any] = {name: defined.attr_text for name, defined in formulas.defined_names.items()}
    for sheet in formulas.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                formula: Any = cell.value
                if isinstance(formula, ArrayFormula):
                    formula = (formula.ref, formula.text)
                if formula is not None:
                    told[f"{sheet.title}!{cell.coordinate}"] = formula, values[sheet.title][cell.coordinate].value
    return told


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_function_has_its_cases(function: str) -> None:
    own = [case for case in CASES if case.function == function]
    assert len(own) >= 8
    assert len({case.name for case in own}) == len({case.chinese for case in own}) == len(own)
    assert max(len(case.call) for case in own) == len(FUNCTIONS[function].parameters)


def test_there_are_no_other_case_files() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(FUNCTIONS)


@every_case
def test_what_calc_cannot_take_is_marked(case: Case) -> None:
    parameters = FUNCTIONS[case.function].parameters
    refused = any(
        isinstance(argument, tuple) and not parameter.takes_cells and isinstance(cell, CellError)
        for parameter, argument in zip(parameters, case.call, strict=False)
        for cell in cells_of(argument)
    )
    changed = any(isinstance(cell, bool) for argument in case.call for cell in cells_of(argument))
    assert (case.calc is not None) == (refused or changed)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"expcted": 1}, "case 1: unknown expcted; known are arguments, calc, chinese, expected, name"),
        ({"expected": None, "name": ...}, "case 1 lacks name"),
        ({"expected": {"error": "N/A"}}, "'N/A' is not a valid CellError"),
        ({"expected": {"fraction": "1/3"}}, "is none of error, ratio, date"),
        ({"arguments": [[1, 2]]}, "several cells are rows of equal length"),
        ({"arguments": [[[1, 2], [3]]]}, "several cells are rows of equal length"),
        ({"arguments": [1, 2, 0, 4]}, "KAOHE_ROUND has 3 arguments"),
        ({"calc": "any"}, "should have the keys instead"),
    ],
)
def test_a_case_file_with_a_mistake_is_refused(change: dict[str, Any], told: str, tmp_path: Path) -> None:
    case = {"name": "A case", "chinese": "用例", "arguments": [1], "expected": 1} | change
    case = {key: value for key, value in case.items() if value is not ...}
    path = tmp_path / "KAOHE_ROUND.json"
    path.write_text(json.dumps({"function": "KAOHE_ROUND", "cases": [case]}), encoding="utf-8")
    with pytest.raises(CaseError) as error:
        load(path)
    assert told in str(error.value)


def test_a_case_file_is_called_after_its_function(tmp_path: Path) -> None:
    path = tmp_path / "KAOHE_RUN.json"
    path.write_text('{"function": "KAOHE_ROUND", "cases": []}', encoding="utf-8")
    with pytest.raises(CaseError, match="called after"):
        load(path)
