"""A value over a formula: whatever is computed from that cell is an error, nothing else changes, and the reason is told in words."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

import pytest

from addin.checking.overwritten import is_of_formulas
from addin.checking.reasons import Reasons
from addin.checking.workbook import all_faults
from addin.headless import formulas as reading
from addin.headless.foreseen import Foreseen
from addin.headless.schedule import Group
from addin.headless.session import Session
from addin.headless.skeleton import Skeleton
from addin.headless.tree import Apply, Constant, Named
from addin.xlsx.model import Area, Cell, CellError, Table, is_number
from tests.checking.support import PEOPLE, SLUG, computed, filled, paid
from tests.differing import differing
from tests.support import Made, built, first_case
from udfs.vocabulary import ABSENT, GOOD
from workbook_templates.formula.language import parse
from workbook_templates.scheme import guards, intact
from workbook_templates.scheme.catalogue import load, slugs
from workbook_templates.scheme.columns import NUMBER_TYPES
from workbook_templates.scheme.names import CHECK, SERIAL, column_key, formulas_state
from workbook_templates.workbook.layout import TABLE_LIMIT
from workbook_templates.workbook.sheets import rules

MOST, FEWEST = 3, 1
"""Columns of each scheme that differs from the others, and of the rest."""
SUMMARY = "汇总"


def put(content: bytes, table: str, column: str, row: int, value: Cell) -> Session:
    """The workbook with a value over the formula in a row of a table (counted from 0), computed."""
    session = Session.of(content)
    place = session.book.tables[table]
    sheet, at = session.workbook.sheets[place.sheet], (place.first_row + row, place.column(column))
    if at in sheet.formulas:
        del sheet.formulas[at]
    sheet.set(*at, value)
    session.compute()
    return session


def column(session: Session, table: str, name: str) -> list[Cell]:
    place = session.book.tables[table]
    return [session.book.cell(place, row, name) for row in place.rows]


def are_errors(cells: list[Cell]) -> list[bool]:
    return [isinstance(cell, CellError) for cell in cells]


def _sound_rows(session: Session, table: str) -> list[int]:
    return [row for row, cell in enumerate(column(session, table, CHECK)) if cell == GOOD]


def _first_result(session: Session, table: str, name: str) -> tuple[int, Cell] | None:
    """Of the rows that are sound, with its row."""
    cells = column(session, table, name)
    return next(((row, cells[row]) for row in _sound_rows(session, table) if cells[row] not in (None, "")), None)


@pytest.mark.parametrize("slug", slugs())
def test_whatever_scheme_no_number_comes_from_a_value_over_a_formula(slug: str, scheme_book: Made) -> None:
    scheme, content = load(slug), scheme_book(slug).read_bytes()
    before = computed(content)
    columns = [(table, each.name, *found) for table in scheme.tables for each in table.computed
               if each.guard and (found := _first_result(before, table.name, each.name))]  # fmt: skip
    assert columns
    step = max(1, len(columns) // (MOST if slug in differing() else FEWEST))
    read_by = {each.formula: [*parse(each.formula).references()] for table in scheme.tables for each in table.computed}
    for table, name, row, value in islice(columns, step // 2, None, step):
        after = put(content, table.name, name, row, 3 * value + 7 if is_number(value) else "甲")
        for other in scheme.tables:
            for read in other.computed:
                if not read.guard or (other, read.name) == (table, name):
                    continue
                old, new = (column(session, other.name, read.name) for session in (before, after))
                wrong = [(a, b) for a, b in zip(old, new, strict=True) if is_number(b) and a != b]
                assert wrong == [], (table.name, name, other.name, read.name)
                references = [each for each in read_by[read.formula] if each.first == each.last == name]
                if any(each.own_row and other is table for each in references):
                    assert isinstance(new[row], CellError), (table.name, name, read.name)
                if any(not each.own_row and (each.table or other.name) == table.name for each in references):
                    of_people = [new[row] for row in _sound_rows(before, other.name)]
                    assert of_people and all(are_errors(of_people)), (table.name, name, other.name, read.name)
        results = before.book.named_values(SUMMARY)
        for result, number in after.book.named_values(SUMMARY).items():
            assert isinstance(number, CellError) or number == results[result], (table.name, name, result)


@pytest.fixture(params=[TABLE_LIMIT, 0], ids=["tables", "arrays"])
def template(request: pytest.FixtureRequest) -> bytes:
    return filled(request.param)


def test_the_score_of_one_leaves_nobody_a_rank_or_a_share() -> None:
    content = filled()
    before, after = computed(content), put(content, PEOPLE, "绩效考核得分", 0, 99.0)
    for name in ("等次", "扣减比例"):
        assert are_errors(column(after, PEOPLE, name))[0]
    assert column(after, PEOPLE, "岗位系数") == column(before, PEOPLE, "岗位系数")
    assert isinstance(paid(after), CellError)
    assert next(fault.rule for fault in all_faults(after)).startswith("绩效考核得分：公式被改写成了固定内容")


@pytest.mark.parametrize("value", [None, GOOD, ABSENT, ""])
def test_a_check_that_was_overwritten_vouches_for_nothing(value: Cell) -> None:
    after = put(filled(), PEOPLE, CHECK, 0, value)
    assert all(are_errors([column(after, PEOPLE, name)[0] for name in ("绩效考核得分", "等次", "实发绩效")]))
    assert str(after.book.named_values("核对")["表 人员 无错误"]).startswith("表 人员 的列 校验 有 1 格不是公式")
    assert isinstance(paid(after), CellError)


def test_a_key_that_was_overwritten_is_told_by_the_check() -> None:
    content = built("cashier-monthly", first_case("cashier-monthly"))
    key = column_key("姓名")
    after = put(content, "扣款记录", key, 0, column(computed(content), "扣款记录", key)[0])
    assert str(column(after, "扣款记录", CHECK)[0]).startswith(f"结构:{key} 不是公式，被改写或清除")
    assert column(after, "扣款记录", CHECK)[1] == GOOD
    assert {str(cell).partition(" 有 ")[0] for cell in column(after, "人员", CHECK)} == {f"结构:表 扣款记录 的列 {key}"}


def test_what_a_check_reads_through_a_step_is_told_as_well() -> None:
    """离岗无材料 decides 情形, whose error the conditions of the check would take for none."""
    content = built("annual-grade-15pct", first_case("annual-grade-15pct"))
    after = put(content, "人员", "离岗无材料", 0, "否")
    assert str(column(after, "人员", CHECK)[0]).startswith("结构:离岗无材料 不是公式")


def test_a_result_that_was_cleared_is_no_result(template: bytes) -> None:
    """In the large layout, where every column is one array, a value can only stand over all of it."""
    before = computed(template)
    row = len([cell for cell in column(before, PEOPLE, SERIAL) if cell not in (None, "")]) - 1
    session = Session.of(template)
    place = session.book.tables[PEOPLE]
    sheet, col = session.workbook.sheets[place.sheet], place.column("绩效考核得分")
    if (place.first_row, col) in sheet.arrays:
        del sheet.arrays[place.first_row, col], sheet.formulas[place.first_row, col]
        for each in place.rows:
            sheet.set(each, col, 60.0)
        session.compute()
        assert all(are_errors(column(session, PEOPLE, "等次")[: row + 1]))
    else:
        session = put(template, PEOPLE, "绩效考核得分", row, None)
        assert are_errors(column(session, PEOPLE, "等次"))[row]
    assert isinstance(paid(session), CellError)


def test_a_row_of_nobody_may_be_cleared() -> None:
    content = built(SLUG, first_case(SLUG), rows=30)
    before = computed(content)
    after = put(content, PEOPLE, "绩效考核得分", 29, None)
    assert column(after, PEOPLE, "等次") == column(before, PEOPLE, "等次")
    assert paid(after) == paid(before) and is_number(paid(after))
    # A number there is somebody's.
    assert isinstance(paid(put(content, PEOPLE, "实发绩效", 29, 500.0)), CellError)


def reason(session: Session, table: str, name: str, row: int) -> str:
    place = session.book.tables[table]
    return Reasons(session.book).reason(place.sheet, place.first_row + row, place.column(name))


def test_the_reason_names_the_cell_and_the_value() -> None:
    after = put(filled(), PEOPLE, "绩效考核得分", 0, 99.0)
    assert reason(after, PEOPLE, "等次", 0) == "绩效考核得分（W6）不是公式，被改写为 99"
    assert reason(put(filled(), PEOPLE, "绩效考核得分", 0, None), PEOPLE, "等次", 0) == (
        "绩效考核得分（W6）不是公式，被清除"
    )
    content = built("annual-grade-15pct", first_case("annual-grade-15pct"))
    session = put(content, "人员", "考核得分", 0, 99.0)
    # The others' ranks as well.
    assert reason(session, "人员", "名次", 1) == reason(session, "人员", "名次", 0)
    assert reason(session, "人员", "名次", 0).endswith("不是公式，被改写为 99")


def test_of_many_cells_some_are_named() -> None:
    session = Session.of(filled())
    place = session.book.tables[PEOPLE]
    sheet, col = session.workbook.sheets[place.sheet], place.column("校验")
    for row in range(place.first_row, place.first_row + 5):
        del sheet.formulas[row, col]
    session.compute()
    told = Reasons(session.book).reason(SUMMARY, 4, 1)
    assert told.count("不是公式") == 3 and told.endswith("；共 5 格")


def test_conditions_of_formulas_alone() -> None:
    asked = Apply("ISFORMULA", (Named("甲"),))
    stands = Apply("=", (Named(formulas_state("人员_得分")), Constant(GOOD)))
    assert is_of_formulas(Apply("*", (asked, stands)))
    assert not is_of_formulas(Apply("*", (asked, Apply("=", (Named("状态_人员"), Constant(GOOD))))))
    assert not is_of_formulas(Constant(True))


Reached = set[tuple[str, int, int]]


@pytest.mark.parametrize("slug", differing())
def test_whatever_scheme_a_number_has_no_more_computed_anew_than_its_results(
    slug: str, scheme_book: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Spreadsheet programs compute anew whatever reads a cell that was computed anew, and so do they what only asks for its formula."""
    session = Session.open(scheme_book(slug))
    skeleton = Skeleton.of(session.workbook)
    monkeypatch.setattr(Foreseen, "tree", lambda self, group: group.tree)
    of_values = reading.Formulas(skeleton).order
    monkeypatch.setattr(reading, "_OF_PLACES", reading._OF_PLACES - {"ISFORMULA"})
    of_all = reading.Formulas(skeleton).order
    for table in load(slug).tables:
        place = session.book.tables[table.name]
        numbers = [each.name for each in table.inputs[1:] if each.type in NUMBER_TYPES]
        for name in numbers[-1:]:
            results = reached(of_values, place, name, lambda g: g.sheet != rules.SHEET or g.col < len(rules.STATES))
            assert reached(of_all, place, name, lambda g: True) == results, (table.name, name)


def reached(order: list[list[Group]], place: Table, name: str, is_followed: Callable[[Group], bool]) -> Reached:
    """The cells with functions of ours that are computed anew for a number in the table's second row."""
    found: dict[tuple[str, int], set[int]] = {(place.sheet, place.column(name)): {place.first_row + 1}}
    asked: Reached = set()

    def is_met(area: Area) -> bool:
        columns = (found.get((area.sheet, col), ()) for col in range(area.left, area.right + 1))
        return any(area.top <= row <= area.bottom for rows in columns for row in rows)

    for component in order:
        for _ in component:
            for group in filter(is_followed, component):
                new = {row for row in group.rows if any(map(is_met, group.single(row).sources()))}
                found.setdefault((group.sheet, group.col), set()).update(new)
                if "KAOHE_" in group.text:
                    asked |= {(group.sheet, group.col, row) for row in new}
    return asked


def test_a_workbook_without_the_guards_is_checked_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """As programs made it before: the same results, and a value over a formula is told."""
    with monkeypatch.context() as patch:
        patch.setattr(guards, "kept", lambda text, *_, **__: text)
        patch.setattr(intact, "told", lambda verdict, *_: verdict)
        content = built(SLUG, first_case(SLUG))
    assert all_faults(computed(content)) == []
    after = put(content, PEOPLE, "绩效考核得分", 0, 99.0)
    assert is_number(column(after, PEOPLE, "扣减金额")[0])
    assert next(fault.rule for fault in all_faults(after)).startswith("绩效考核得分：公式被改写成了固定内容")
