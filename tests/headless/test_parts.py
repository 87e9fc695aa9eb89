"""What formulas have in common is computed once; what only looks alike isn't taken for the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from addin.headless.computation import compute
from addin.xlsx.model import Area, Sheet, Workbook

NUMBERS = (3.0, 1.0, 2.0, 5.0)


def workbook(formulas: dict[tuple[int, int], str], arrays: bool = False, **names: str) -> Workbook:
    """Numbers in A1:A4, ten times as much in B1:B4, the formulas on the sheet and on another one like it."""
    sheets = {}
    for name in ("表", "另"):
        sheet = sheets[name] = Sheet(name)
        for row, number in enumerate(NUMBERS):
            sheet.set(row, 0, number)
            sheet.set(row, 1, number * 10)
        sheet.formulas.update(formulas)
        if arrays:
            sheet.arrays.update({(row, col): Area(name, row, col, row, col) for row, col in formulas})
    return Workbook(sheets, dict(names))


def values(formulas: list[str], arrays: bool = False, sheet: str = "表", **names: str) -> list[Any]:
    """Of formulas that stand in C1, D1 …"""
    computed, problems = compute(workbook({(0, 2 + col): text for col, text in enumerate(formulas)}, arrays, **names))
    assert problems == []
    return [computed[sheet][0, 2 + col] for col in range(len(formulas))]


def test_the_columns_beside_are_others() -> None:
    assert values(["SUM(A$1:A$4*1)", "SUM(B$1:B$4*1)"], arrays=True) == [11, 110]
    book = workbook({(0, 3): "SUM(A$1:A$700*1)", (0, 4): "SUM(B$1:B$700*1)"}, arrays=True)
    assert compute(book)[0]["表"] == {(0, 3): 11, (0, 4): 110}


def test_of_several_cells_the_one_in_the_own_row_stays_meant() -> None:
    book = workbook({(row, 2): "($A$1:$A$4>1)*10+($A$1:$A$4>1)" for row in range(4)} | {(1, 3): "$A$1:$A$4>1"})
    assert compute(book)[0]["表"] == {(0, 2): 11, (1, 2): 0, (2, 2): 11, (3, 2): 11, (1, 3): False}


def test_a_number_is_no_truth_and_a_sheets_name_is_its_own() -> None:
    assert values(['ISNUMBER(1)&""', 'ISNUMBER(TRUE)&""', 'ISNUMBER(1)&""', 'ISNUMBER(TRUE)&""']) == [
        "TRUE", "FALSE", "TRUE", "FALSE",
    ]  # fmt: skip
    own: dict[str, Any] = {"表!x": "表!$A$1:$A$4", "另!x": "另!$B$1:$B$4"}
    formulas = ["SUM(x)+SHEET()", "SUM(x)+SUM(x)*2", "SHEET()*100"]
    assert values(formulas, **own) == [12, 33, 100]
    assert values(formulas, sheet="另", **own) == [112, 330, 200]


def test_chance_is_drawn_for_each_cell() -> None:
    drawn = values(["SUM(RAND())*SUM($A$1:$A$4)", "SUM(RAND())", "RANDBETWEEN(1,10^9)", "SUM(RANDARRAY(2))"] * 3)
    assert len(set(drawn)) == 12


def test_what_comes_again_is_computed_once(applied: list[str]) -> None:
    book = workbook({(row, 2): f"A{row + 1}/MAX(SUM($A$1:$A$4)-1,1)" for row in range(4)} | {(0, 3): "SUM($A$1:$A$4)"})
    book.sheets.pop("另")
    assert compute(book)[0]["表"] == {(0, 2): 0.3, (1, 2): 0.1, (2, 2): 0.2, (3, 2): 0.5, (0, 3): 11}
    assert sorted(applied) == ["-", "/", "MAX", "SUM"]


def test_a_reference_that_comes_again_is_found_once_as_a_block_and_once_as_a_value(applied: list[str]) -> None:
    book = workbook({(0, 2): "SUM(IF($A$1>2,$B$2))", (0, 3): "IF($A$1>2,$B$2)*2", (0, 4): "COUNT(IF($A$1>2,$B$2))"})
    book.sheets.pop("另")
    book.sheets["表"].set(1, 1, "10")
    assert compute(book)[0]["表"] == {(0, 2): 0, (0, 3): 20, (0, 4): 0}
    assert sorted(applied) == ["*", ">", ">", "COUNT", "IF", "SUM"]


LEAVES = st.sampled_from(["$A$1:$A$4", "A$1:A$4", "$B$2", "A1", "2", "TRUE", '"2"', "x"])


def _longer(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.tuples(st.sampled_from(["+", "*", ">", "&"]), inner, inner).map(lambda t: f"({t[1]}{t[0]}{t[2]})")
    calls = st.tuples(st.sampled_from(["SUM", "MAX", "ISNUMBER", "COUNT", "SUMPRODUCT", "INT"]), inner).map(
        lambda t: f"{t[0]}({t[1]})"
    )
    choices = st.tuples(inner, inner, inner).map(lambda t: f"IF({t[0]}>2,{t[1]},IFERROR({t[2]},7))")
    places = st.tuples(st.sampled_from(["ROW", "COLUMNS"]), LEAVES.filter(lambda leaf: "A" in leaf and leaf != "TRUE"))
    picked = st.sampled_from(["INDEX($B$1:$B$4,3)", "INDEX($A$1:$B$4,0,2)", "ROW()", "COLUMN()"])
    return pairs | calls | choices | places.map(lambda t: f"{t[0]}({t[1]})") | picked


def found(computed: Mapping[str, Mapping[tuple[int, int], Any]], place: tuple[int, int]) -> Any:
    return computed["表"].get(place) if "表" in computed else None


@settings(max_examples=60)
@given(st.lists(st.recursive(LEAVES, _longer, max_leaves=6), min_size=2, max_size=5), st.booleans())
def test_a_formula_gives_in_company_what_it_gives_alone(formulas: list[str], arrays: bool) -> None:
    cells = {(0, 2 + col): text for col, text in enumerate([*formulas, *formulas])}
    together, _ = compute(workbook(cells, arrays, x="表!$A$1:$A$4"))
    for place, text in cells.items():
        alone, _ = compute(workbook({place: text}, arrays, x="表!$A$1:$A$4"))
        # What is refused alone is refused in company.
        assert found(together, place) == found(alone, place), text
