"""A workbook that is as its scheme makes it is not computed twice; whatever could make a result another one is seen."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.checking import comparison
from addin.checking import made as module
from addin.checking.made import Made, _without, is_as_before
from addin.checking.relative import Relative
from addin.checking.upgrade import upgraded
from addin.checking.workbook import all_faults
from addin.headless.computation import Computation
from addin.headless.session import Session
from addin.headless.skeleton import Skeleton, Written
from addin.shared import kept
from addin.xlsx.book import Book
from addin.xlsx.cells import CellSet
from addin.xlsx.model import Table
from addin.xlsx.results import results
from workbook_templates.formula.tokens import LAST_ROW
from workbook_templates.scheme.catalogue import load, sample
from workbook_templates.scheme.model import Scheme
from workbook_templates.workbook.build import build
from workbook_templates.workbook.layout import TABLE_LIMIT

SLUG, PEOPLE = "health-centre-staff", "人员"
Edit = Callable[[Session], None]


def workbook(rows: int | None = None) -> Session:
    stream = io.BytesIO()
    build(load(SLUG), stream, sample(SLUG), rows)
    return Session.of(stream.getvalue())


@pytest.fixture(scope="module")
def made() -> Made:
    found = Made.of(workbook().book, load(SLUG))
    assert found is not None
    return found


def stretched(session: Session, slug: str = SLUG) -> str:
    made = Made.of(session.book, load(slug))
    assert made is not None
    return made.stretched


def place(session: Session, column: str, table: str = PEOPLE) -> tuple[int, int]:
    found = session.book.tables[table]
    return found.first_row, found.first_col + found.columns.index(column)


def _unit_typed(session: Session) -> None:
    session.type("首页", "C4", "甲院")


def _note_beside(session: Session) -> None:
    session.workbook.sheets[PEOPLE].set(5, 60, "自己的备注")


def _another_name(session: Session) -> None:
    session.workbook.sheets[PEOPLE].set(*place(session, "姓名"), "新人")


def _another_parameter(session: Session) -> None:
    row, col = place(session, "值", "参数")
    session.workbook.sheets["参数"].set(row, col, 61.0)


def _older_overview(session: Session) -> None:
    """Figures of another version, which no result reads."""
    formulas = session.workbook.sheets["领导概览"].formulas
    formulas.update({at: f"IFERROR({text},0)" for at, text in formulas.items()})


def _own_formula(session: Session) -> None:
    session.workbook.sheets[PEOPLE].formulas[5, 60] = "SUM(W6:W20)"
    session.workbook.names["自用"] = "人员!$BI$6"


@pytest.mark.parametrize(
    "edit",
    [_unit_typed, _note_beside, _another_name, _another_parameter, _older_overview, _own_formula],
    ids=lambda e: e.__name__,
)
def test_what_is_filled_in_and_notes_change_nothing(made: Made, edit: Edit) -> None:
    session = workbook()
    edit(session)
    assert made.is_like(session) and stretched(session) == made.stretched


def _another_heading(session: Session) -> None:
    row, col = place(session, "工作态度")
    session.workbook.sheets[PEOPLE].set(row - 1, col, "态度")


def _another_name_of_a_result(session: Session) -> None:
    row, col = place(session, "实发绩效")
    session.workbook.sheets[PEOPLE].set(row - 1, col, "实发")


def _another_name_of_a_parameter(session: Session) -> None:
    session.workbook.sheets["参数"].set(*place(session, "名称", "参数"), "别的")


def _another_name_of_a_figure(session: Session) -> None:
    session.workbook.sheets["汇总"].set(*place(session, "名称", "汇总"), "总人数")


def _another_order_of_a_list(session: Session) -> None:
    row, col = place(session, "项目", "考核项目")
    session.workbook.sheets["参数"].set(row, col, "工作态度")


def _formula_of_a_column(session: Session) -> None:
    _, col = place(session, "绩效考核得分")
    formulas = session.workbook.sheets[PEOPLE].formulas
    formulas.update({at: f"{text}+1" for at, text in formulas.items() if at[1] == col})


def _rule(session: Session) -> None:
    """A bound among the rules that 校验 reads."""
    sheet = session.workbook.sheets["填写规则"]
    places = (
        (row, col) for col, cells in sheet.columns.items() for row, cell in enumerate(cells) if type(cell) is float
    )
    row, col = next(at for at in places if at not in sheet.formulas)
    sheet.set(row, col, 12345.0)


def _below(session: Session) -> None:
    """What stands under the table, where formulas look for people."""
    session.workbook.sheets[PEOPLE].set(session.book.tables[PEOPLE].last_row + 40, 1, "某人")


def _calendar(session: Session) -> None:
    session.workbook.date1904 = True


def _name(session: Session) -> None:
    session.workbook.names["小数位"] = session.workbook.names["合格线"]


def _formula_that_a_table_reads(session: Session) -> None:
    formulas = session.workbook.sheets["填写规则"].formulas
    at = next(at for at, text in formulas.items() if "ISFORMULA" in text)
    formulas[at] += "+0"


def _value_over_a_formula(session: Session) -> None:
    row, col = place(session, "绩效考核得分")
    del session.workbook.sheets[PEOPLE].formulas[row + 2, col]


def _formula_as_an_entry(session: Session) -> None:
    session.workbook.sheets[PEOPLE].formulas[place(session, "工作态度")] = "9+1"


def _another_order_of_sheets(session: Session) -> None:
    sheets = session.workbook.sheets
    sheets["人员"] = sheets.pop("人员")


@pytest.mark.parametrize(
    "edit",
    [
        _another_heading, _another_name_of_a_result, _another_name_of_a_parameter, _another_name_of_a_figure, _another_order_of_a_list,
        _formula_of_a_column, _rule, _below, _calendar, _name, _formula_that_a_table_reads,
        _value_over_a_formula, _formula_as_an_entry, _another_order_of_sheets,
    ],
    ids=lambda e: e.__name__,
)  # fmt: skip
def test_whatever_a_result_may_come_from_is_compared(made: Made, edit: Edit) -> None:
    session = workbook()
    edit(session)
    assert not made.is_like(session) and stretched(session) != made.stretched


def test_what_is_kept_of_it_says_the_same(made: Made) -> None:
    assert Made.from_plain(json.loads(json.dumps(made.as_plain()))) == made


def test_another_size_is_another_workbook_that_says_the_same(made: Made) -> None:
    other = workbook(rows=70)
    assert not made.is_like(other) and stretched(other) == made.stretched


@pytest.mark.parametrize(
    "slug", ["company-quarterly", "factory-calibrated", "middle-school-groups", "school-allowances"]
)
def test_new_workbooks_of_a_scheme_say_the_same(slug: str) -> None:
    """Also where tables have a few rows for each person, and lists stand one below the other."""
    filled = io.BytesIO()
    build(load(slug), filled, sample(slug))
    assert stretched(Session.of(filled.getvalue()), slug) == comparison._stretched(load(slug), None)


def test_of_a_sheet_no_two_rows_are_told_alike() -> None:
    def with_rows(last: int) -> Relative:
        table = Table("人员", "甲", ("姓名",), 4, last, 0, True, False)
        return Relative(Skeleton({"甲": Written([], {}), "乙": Written([], {})}, {"人员": table}, {}))

    short, long, rows = with_rows(9), with_rows(12), [*range(16), LAST_ROW]
    assert [short.row("甲", row) for row in (3, 4, 5, 9, 10, LAST_ROW)] == ["3", "0^", "=5", "0+0", "0+1", "1048575"]
    assert len({short.row("甲", row) for row in rows}) == len(rows)
    assert [short.row("乙", row) for row in rows] == [str(row) for row in rows]
    assert long.span("甲", 4, 13) == short.span("甲", 4, 10) and long.row("甲", 9) != short.row("甲", 9)


def test_a_sound_workbook_of_any_size_is_seen_without_a_new_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison, "kept", lambda kind, inputs, find: find())
    monkeypatch.setattr(comparison, "_made", {})
    built: list[Session] = []
    new = comparison._built

    def counted(book: Book, scheme: Scheme) -> Session:
        built.append(new(book, scheme))
        return built[-1]

    monkeypatch.setattr(comparison, "_built", counted)
    for rows in (61, 62, TABLE_LIMIT + 3):
        session = workbook(rows)
        session.compute()
        assert all_faults(session) == [] and not built
    altered = workbook(63)
    _formula_of_a_column(altered)
    altered.compute()
    assert "按方案应为" in all_faults(altered)[0].rule and len(built) == 1


def test_a_folder_of_workbooks_is_computed_once_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "user_folder", lambda: tmp_path)
    monkeypatch.setattr(module, "_met", {})
    monkeypatch.setattr(comparison, "_made", {})
    runs, run = [], Computation.run

    def counted(computation: Computation, only: Mapping[str, CellSet] | None = None) -> None:
        runs.extend([computation] if only is None else [])
        run(computation, only)

    monkeypatch.setattr(Computation, "run", counted)
    for _ in range(2):
        for rows in (None, 70):
            session = workbook(rows)
            session.compute()
            assert all_faults(session) == []
    assert len(runs) == 4
    assert len(comparison._made) == 2
    altered = workbook()
    _formula_of_a_column(altered)
    altered.compute()
    assert "按方案应为" in all_faults(altered)[0].rule and len(runs) == 6


def test_what_was_found_sound_is_known_again_without_its_scheme(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "user_folder", lambda: tmp_path)
    monkeypatch.setattr(module, "_met", {})
    first, second, altered, longer = workbook(), workbook(), workbook(), workbook(rows=70)
    assert not is_as_before(first)
    first.compute()
    assert all_faults(first) == []
    _another_name(second)
    _formula_of_a_column(altered)
    assert [is_as_before(each) for each in (second, altered, longer)] == [True, False, False]
    # In this process nothing need be read again for the same one.
    monkeypatch.setattr(module, "recalled", lambda *_: None)
    assert [is_as_before(each) for each in (second, altered, longer)] == [True, False, False]
    second.workbook.sheets["KAOHE"].set(5, 0, "# 别的方案")
    assert not is_as_before(second)


SPANS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 6)).map(lambda s: (s[0], s[0] + s[1])), max_size=4)


@given(SPANS, SPANS)
def test_spans_without_others_hold_the_rows_that_are_left(
    spans: list[tuple[int, int]], gone: list[tuple[int, int]]
) -> None:
    def rows(found: list[tuple[int, int]]) -> list[int]:
        return [row for first, last in found for row in range(first, last + 1)]

    assert rows(list(_without(spans, gone))) == sorted({*rows(spans)} - {*rows(gone)})


def test_a_long_workbook_whose_logs_were_still_tables_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a log is an Excel table is no difference, and an upgrade makes it as it is made today."""
    scheme, name = load("company-quarterly"), "月度"
    monkeypatch.setattr("workbook_templates.workbook.layout.TABLE_LIMIT", 1)
    monkeypatch.setattr("workbook_templates.workbook.layout.MOST_READ", 0)
    # What was within both limits then; the table of people never is.
    with monkeypatch.context() as before:
        before.setattr(
            "workbook_templates.workbook.layout.Layout._is_table", lambda self, rows, table, scheme: not table.people
        )
        stream = io.BytesIO()
        build(scheme, stream, sample(scheme.slug))
    old = Session.of(stream.getvalue())
    old.compute()
    assert old.workbook.sheets["人员"].arrays and not old.workbook.sheets[name].arrays
    assert all_faults(old) == []
    new = upgraded(old).session
    assert new.workbook.sheets[name].arrays
    assert all_faults(new) == []
    assert results(new.book) == results(old.book)
