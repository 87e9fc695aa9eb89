"""What formulas come to whatever the values are, since it is known which cells hold formulas."""

from __future__ import annotations

import pytest

from addin.headless.computation import compute
from addin.headless.formulas import Formulas
from addin.headless.skeleton import Skeleton
from addin.headless.tree import Apply, Constant
from addin.xlsx.model import Area, Cell, CellError, Sheet, Table, Workbook
from workbook_templates.formula.tree import walk

Formula = dict[tuple[int, int], str]
THREE: Formula = {(row, 1): f"A{row + 1}*2" for row in range(3)}
ASKING: Formula = {(row, 2): f'IF(ISFORMULA(B{row + 1})*(整="好"),B{row + 1}+1,"改"*1)' for row in range(3)}
STATE: Formula = {(0, 4): 'IF(SUMPRODUCT(1-ISFORMULA($B$1:$B$3))=0,IF(前<>"好",前,"好"),"坏")', (1, 4): '"好"'}
NAMES = {"整": "表!$E$1", "前": "表!$E$2"}


def made(formulas: Formula, values: dict[tuple[int, int], Cell] | None = None) -> Workbook:
    sheet = Sheet("表")
    for row in range(3):
        sheet.set(row, 0, float(row + 1))
    for place, value in (values or {}).items():
        sheet.set(*place, value)
    for place, text in formulas.items():
        sheet.formulas[place] = text
    return Workbook({"表": sheet}, names=NAMES)


def asked(workbook: Workbook) -> list[str]:
    """The functions that are left in the formulas of column C."""
    groups = [group for group in Formulas(Skeleton.of(workbook)).groups if group.col == 2]
    return [node.function for group in groups for node in walk(group.tree) if isinstance(node, Apply)]


def results(workbook: Workbook) -> list[Cell]:
    computed, problems = compute(workbook)
    assert problems == []
    return [computed["表"][row, 2] for row in range(3)]


def test_where_all_are_formulas_nothing_is_asked_any_more() -> None:
    workbook = made(THREE | ASKING | STATE)
    assert asked(workbook) == ["+"]
    states = [group.tree for group in Formulas(Skeleton.of(workbook)).groups if group.col == 4]
    assert states == [Constant("好"), Constant("好")]
    assert results(workbook) == [3, 5, 7]


@pytest.mark.parametrize("row", range(3))
def test_one_that_is_none_is_found(row: int) -> None:
    formulas = {place: text for place, text in (THREE | ASKING | STATE).items() if place != (row, 1)}
    of_all = made(formulas, {(row, 1): 9.0})
    assert "ISFORMULA" in asked(of_all) and [type(cell).__name__ for cell in results(of_all)] == ["CellError"] * 3
    of_own = made(formulas | {(0, 4): '"好"'}, {(row, 1): 9.0})
    found: list[Cell] = [3.0, 5.0, 7.0]
    assert [cell for place, cell in enumerate(results(of_own)) if place != row] == found[:row] + found[row + 1 :]
    assert type(results(of_own)[row]).__name__ == "CellError"


def test_what_is_asked_of_another_cell_than_one_in_the_row_stays() -> None:
    several = "SUMPRODUCT(1*ISFORMULA($B$1:$B$3))"
    formulas = THREE | {(0, 2): several, (1, 2): "IF(ISFORMULA(A2),1,2)", (2, 2): "ISFORMULA($B$3)*1"}
    workbook = made(formulas)
    assert results(workbook) == [3, 2, 1]


@pytest.mark.parametrize("written_over", [False, True])
def test_a_cell_that_is_asked_for_by_its_name(written_over: bool) -> None:
    states = {place: text for place, text in STATE.items() if place == (1, 4) or not written_over}
    formulas: Formula = {(row, 2): f'IF(ISFORMULA(整),A{row + 1}+1,"改"*1)' for row in range(3)}
    workbook = made(THREE | formulas | states, {(0, 4): "好"})
    assert asked(workbook)[0] == ("IF" if written_over else "+")
    assert [type(cell) for cell in results(workbook)] == [CellError if written_over else float] * 3


def test_a_block_of_an_array_formula_is_formulas() -> None:
    workbook = made({(0, 1): "A1:A3*2"} | ASKING | STATE)
    workbook.sheets["表"].arrays[0, 1] = Area("表", 0, 1, 2, 1)
    assert asked(workbook) == ["+"] and results(workbook) == [3, 5, 7]


def test_the_state_of_a_name_that_another_one_spoils_is_not_foreseen() -> None:
    workbook = made(THREE | ASKING | STATE | {(1, 4): 'IF(A1>5,"好","前面坏")'})
    assert "=" in asked(workbook) and [type(cell).__name__ for cell in results(workbook)] == ["CellError"] * 3


def test_beyond_the_end_of_the_sheet_references_begin_again() -> None:
    """The cell above the first row is the sheet's last one."""
    workbook = made(THREE | {(row, 2): f"IF(ISFORMULA(B{row or 1048576}),1,0)" for row in range(3)})
    assert results(workbook) == [0, 1, 1]


@pytest.mark.parametrize(
    ("formulas", "expected"),
    [
        (["SUMPRODUCT(1-ISFORMULA($A$1:$B$3))", "SUMPRODUCT(1-ISFORMULA($B$1:$C$3))", "1"], [3, 0, 1]),
        (["SUMPRODUCT(1-ISFORMULA($B$2:$B$3))", "SUMPRODUCT(1-ISFORMULA($B$2:$B$4))", "1"], [0, 1, 1]),
        ([f"IF(ISFORMULA(B{row}),1,0)" for row in (2, 3, 4)], [1, 1, 0]),
        ([f"IF(ISFORMULA(B{row})=1,1,0)" for row in (1, 2, 3)], [0, 0, 0]),
        (['IF("好"="坏",1,0)*ISFORMULA(B1)', 'IF("好"<>"坏",1,0)*ISFORMULA(B2)', "1"], [0, 1, 1]),
        (["IF(ISFORMULA(A1)*ISFORMULA(B1),1,0)", "IF(ISFORMULA(B2)*ISFORMULA(B2),1,0)", "1"], [0, 1, 1]),
        (["IF(ISFORMULA(B1:B3)*1,1,0)", "IF(ISFORMULA(B2),A2,B2)", "IF(ISFORMULA(A3),A3,B3)"], [1, 2, 6]),
    ],
)
def test_what_is_foreseen_is_what_the_cells_are(formulas: list[str], expected: list[float]) -> None:
    assert results(made(THREE | {(row, 2): text for row, text in enumerate(formulas)})) == expected


@pytest.mark.parametrize("state", ['"坏"', "TRUE", "1"])
def test_a_state_that_is_known_and_bad_stays_bad(state: str) -> None:
    workbook = made(THREE | ASKING | STATE | {(1, 4): state})
    assert [type(cell).__name__ for cell in results(workbook)] == ["CellError"] * 3


@pytest.mark.parametrize(
    ("name", "expected"),
    [("表!E1", [0, 0, 0]), ("表!$E1", [1, 1, 0]), ("表!$E$1:$E$3", [1, 1, 0]), ("表!$E$3", [0, 0, 0])],
)
def test_a_name_that_means_no_one_cell_with_a_formula_is_not_foreseen(name: str, expected: list[float]) -> None:
    workbook = made(THREE | STATE | {(row, 2): f'IF(ISFORMULA(B{row + 1})*(整="好"),1,0)' for row in range(3)})
    workbook.names["整"] = name
    assert "=" in asked(workbook) and results(workbook) == expected


def test_of_a_part_of_a_column_nothing_is_asked_either() -> None:
    assert asked(made(THREE | {(0, 2): "SUMPRODUCT(1-ISFORMULA($B$2:$B$3))"})) == []


COUNTED = 'SUMPRODUCT(ISFORMULA({a})+ISFORMULA({b})+({a}="")*(ISBLANK({a})+ISBLANK({b})))'


@pytest.mark.parametrize("row", [None, 0, 1, 2])
@pytest.mark.parametrize("value", [None, 9.0, "", CellError.NA])
def test_cells_that_are_all_formulas_are_counted_beforehand(row: int | None, value: Cell) -> None:
    """As long as they are: one that holds something else, or nothing, is asked for."""
    own = {(at, 3): f"B{at + 1}+1" for at in range(3)}
    formulas = {place: text for place, text in (THREE | own).items() if place != (row, 1)}
    workbook = made(formulas | {(0, 2): COUNTED.format(a="$B$1:$B$3", b="$D$1:$D$3")}, {(row or 0, 1): value})
    assert ("ISFORMULA" in asked(workbook)) is (row is not None)
    computed, _ = compute(workbook)
    left = 5 + (value is None or value == "") * (value is None)
    assert computed["表"][0, 2] == (6 if row is None else value if value is CellError.NA else left)


@pytest.mark.parametrize(
    ("a", "b", "other", "expected"),
    [
        ("$B$1:$B$3", "$C$1:$C$3", "", 6.0),
        ("$B$1:$B$3", "$B$1:$B$2", "", CellError.NA),
        ("$B$1:$B$2", "$B$2:$B$3", "", 4.0),
        ("$B$1:$B$3", "$B$1:$B$3", "+1", 9.0),
        ("B1:B3", "B1:B3", "", 6.0),
        ("$A$1:$A$3", "$B$1:$B$3", "", 3.0),
    ],
)
def test_what_is_counted_beforehand_is_what_there_is(a: str, b: str, other: str, expected: Cell) -> None:
    text = COUNTED.replace("+(", f"{other}+(", 1).format(a=a, b=b)
    workbook = made(THREE | {(0, 2): "1", (1, 2): "1", (2, 2): "1", (0, 3): text})
    computed, _ = compute(workbook)
    assert computed["表"][0, 3] == expected


def test_an_error_value_among_cells_that_are_counted_is_told() -> None:
    formulas = THREE | {(1, 1): "NA()", (0, 2): COUNTED.format(a="$B$1:$B$3", b="$B$1:$B$3")}
    workbook = made(formulas)
    computed, _ = compute(workbook)
    assert "ISFORMULA" not in asked(workbook) and computed["表"][0, 2] is CellError.NA


def test_a_name_of_the_sheet_goes_before_one_of_the_workbook() -> None:
    states: Formula = {(0, 4): '"好"', (1, 4): '"坏"'}
    workbook = made(THREE | states | {(row, 2): f'IF(ISFORMULA(B{row + 1})*(整="好"),1,0)' for row in range(3)})
    for own, other, expected in (("1", "2", 1), ("2", "1", 0)):
        workbook.names |= {"表!整": f"表!$E${own}", "整": f"表!$E${other}"}
        assert results(workbook) == [expected] * 3


@pytest.mark.parametrize("formula", ["IF(ISFORMULA({}),1,0)", "COLUMN({})-1", "ROWS({})", "{}*0+1"])
@pytest.mark.parametrize(("first", "last"), [(0, 2), (0, 1), (1, 2), (1, 1)])
def test_beside_a_table_there_is_no_row_of_its_own(first: int, last: int, formula: str) -> None:
    """Whether many rows are computed at once or each alone."""
    expected: list[Cell] = [1.0 if first <= row <= last else CellError.VALUE for row in range(3)]
    texts = {(row, 2): formula.format("数[[#This Row],[乙]]") for row in range(3)}
    for rows in ([0, 1, 2], [0], [1], [2]):
        workbook = made(THREE | {place: text for place, text in texts.items() if place[0] in rows})
        workbook.tables["数"] = Table("数", "表", ("甲", "乙"), first, last, 0)
        computed, _ = compute(workbook)
        assert [computed["表"][row, 2] for row in rows] == [expected[row] for row in rows]
