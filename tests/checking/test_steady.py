"""Workbooks that another version made: what today's formulas leave as it is need not be computed anew; whatever they change is told."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from addin.checking import comparison
from addin.checking import made as module
from addin.checking.made import Made
from addin.checking.steady import Steady, _differing
from addin.checking.workbook import all_faults
from addin.headless.session import Session
from addin.shared import kept
from addin.xlsx.model import cell_name
from workbook_templates.scheme.catalogue import load, sample
from workbook_templates.workbook.build import build

SLUG, PEOPLE, RESULT = "health-centre-staff", "人员", "绩效考核得分"
Edit = Callable[[Session], None]


def todays(rows: int | None = None) -> Session:
    stream = io.BytesIO()
    build(load(SLUG), stream, sample(SLUG), rows)
    return Session.of(stream.getvalue())


def older(edit: Edit = lambda session: None, rows: int | None = None) -> Session:
    """Computed; the states of its parameters were written in another way."""
    session = todays(rows)
    formulas = session.workbook.sheets["参数"].formulas
    assert formulas
    formulas.update({at: f"IFERROR({text},0)" for at, text in formulas.items()})
    edit(session)
    session.compute()
    return session


def place(session: Session, column: str, table: str = PEOPLE) -> tuple[int, int]:
    found = session.book.tables[table]
    return found.first_row, found.column(column)


def _rewritten(column: str, form: str) -> Edit:
    def edit(session: Session) -> None:
        _, col = place(session, column)
        formulas = session.workbook.sheets[PEOPLE].formulas
        formulas.update({at: form.format(text) for at, text in formulas.items() if at[1] == col})

    return edit


def _pasted(session: Session) -> None:
    """A result over its formula, as only what counts formulas sees."""
    done = todays()
    done.compute()
    row, col = place(session, RESULT)
    session.workbook.sheets[PEOPLE].set(row, col, done.book.value(PEOPLE, row, col))
    del session.workbook.sheets[PEOPLE].formulas[row, col]


def _rule(session: Session) -> None:
    """A bound among the rules that 校验 reads."""
    sheet = session.workbook.sheets["填写规则"]
    places = (
        (row, col) for col, cells in sheet.columns.items() for row, cell in enumerate(cells) if type(cell) is float
    )
    sheet.set(*next(at for at in places if at not in sheet.formulas), 12345.0)


def _calendar(session: Session) -> None:
    session.workbook.date1904 = True


def _another_order_of_sheets(session: Session) -> None:
    session.workbook.sheets["人员"] = session.workbook.sheets.pop("人员")


def _another_name(session: Session) -> None:
    session.workbook.sheets[PEOPLE].set(*place(session, "姓名"), "新人")


def _below(session: Session) -> None:
    session.workbook.sheets[PEOPLE].set(session.book.tables[PEOPLE].last_row + 40, 1, "某人")


def made_of(new: Session) -> Made:
    made = Made.of(new.book, load(SLUG))
    assert made is not None
    return made


@pytest.fixture(scope="module")
def of_today() -> Steady:
    new = todays()
    return Steady(made_of(new), new.workbook)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "user_folder", lambda: tmp_path)
    monkeypatch.setattr(module, "_met", {})
    for name in ("_made", "_steady"):
        monkeypatch.setattr(comparison, name, {})


@pytest.mark.parametrize("edit", [lambda session: None, _another_name, _rewritten(RESULT, "IFERROR({},0)")])
def test_formulas_written_in_another_way_that_give_the_same_are_left(of_today: Steady, edit: Edit) -> None:
    assert of_today.leaves(older(edit))


@pytest.mark.parametrize(
    "edit",
    [
        _rewritten(RESULT, "{}+1"), _rewritten(RESULT, "MIN({},60)"), _rewritten(RESULT, "IF(ROW()=7,0,{})"), _pasted,
        _rule, _calendar, _another_order_of_sheets, _below,
    ],
)  # fmt: skip
def test_whatever_may_make_another_result_is_seen_and_told_in_the_same_words(
    of_today: Steady, edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = older(edit)
    before = {
        name: {col: [*cells] for col, cells in sheet.columns.items()} for name, sheet in session.workbook.sheets.items()
    }
    assert not of_today.leaves(session)
    assert {name: sheet.columns for name, sheet in session.workbook.sheets.items()} == before
    found = all_faults(session)
    monkeypatch.setattr(Steady, "leaves", lambda *_: False)
    assert all_faults(session) == found


def test_formulas_for_tables_of_another_size_prove_nothing() -> None:
    new = todays(rows=70)
    of_seventy = Steady(made_of(new), new.workbook)
    assert [of_seventy.leaves(older(rows=rows)) for rows in (69, 70, 71)] == [False, True, False]


def test_what_today_cannot_be_computed_is_no_proof() -> None:
    new = todays()
    made, (row, col) = made_of(new), place(new, RESULT)
    new = todays()
    new.workbook.sheets[PEOPLE].formulas[row, col] = f"{cell_name(row, col)}+1"
    assert not Steady(made, new.workbook).leaves(older())


def test_formulas_that_ask_for_formulas_are_computed_even_if_they_say_the_same() -> None:
    session = todays()
    formulas = session.workbook.sheets["填写规则"].formulas.items()
    # Whether a table's states are formulas; what is foreseen whatever the values are, as how many of its cells are, asks no more.
    states = next(at for at, text in formulas if text.startswith("IF(SUMPRODUCT(1-_xlfn.ISF"))
    count = next(at for at, text in formulas if "-SUMPRODUCT(_xlfn.ISF" in text)
    found = _differing(session.skeleton, session.skeleton)
    assert states in found["填写规则"] and count not in found["填写规则"] and PEOPLE not in found


def counted(monkeypatch: pytest.MonkeyPatch, name: str) -> list[object]:
    """A call of this function of the comparison after the other."""
    calls: list[object] = []
    function = getattr(comparison, name)

    def counting(*given: object) -> object:
        calls.append(given)
        return function(*given)

    monkeypatch.setattr(comparison, name, counting)
    return calls


def test_of_a_folder_of_older_workbooks_one_new_one_is_made_and_none_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    built, compared = counted(monkeypatch, "_built"), counted(monkeypatch, "_differences")
    assert [all_faults(older(edit)) for edit in (lambda session: None, _another_name)] == [[], []]
    assert len(built) == 1 and not compared
    [first, *_] = all_faults(older(_rewritten(RESULT, "{}+1")))
    assert first.rule.startswith(f"{RESULT}：按方案应为") and len(compared) == 1


def test_what_gives_the_same_for_one_workbooks_people_is_told_of_another() -> None:
    own = _rewritten(RESULT, 'IF([@姓名]="新人",0,{})')
    assert all_faults(older(own)) == []

    def another(session: Session) -> None:
        own(session)
        _another_name(session)

    assert any(fault.rule.startswith(f"{RESULT}：按方案应为") for fault in all_faults(older(another)))


def test_of_so_many_sizes_formulas_are_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison, "MOST_STEADY", 1)
    for rows in (70, 71):
        assert all_faults(older(rows=rows)) == [] and len(comparison._steady) == 1


def test_values_of_the_workbook_that_todays_formulas_are_from_are_not_held(of_today: Steady) -> None:
    assert not any(sheet.columns or sheet.far for sheet in of_today._todays.sheets.values())
