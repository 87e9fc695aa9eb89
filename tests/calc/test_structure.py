"""What rows of an Excel table say of its structure in Calc, on every bound of what they look at; they read no number of another row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from addin.headless.session import Session
from tests.calc.compare import is_error
from tests.calc.office import Office
from tests.support import built, first_case

pytestmark = pytest.mark.slow
SLUG, PEOPLE, HEADINGS, FIRST = "health-centre-staff", "人员", 5, 6
BELOW = "结构:表 人员 下面有 1 格内容不在表中"
SLIPPED = "结构:表 人员 的列 姓名 中有格被单独删除或插入"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    session = Session.of(built(SLUG, first_case(SLUG)))
    session.compute()
    path = tmp_path_factory.mktemp("structure") / "a.xlsx"
    session.write(path)
    return path


@pytest.fixture
def document(office: Office, path: Path) -> Iterator[str]:
    opened = office.open(path)
    yield opened
    office.close(opened)


def column(office: Office, document: str, name: str) -> list[object]:
    """Of the people whose names are filled in, in the table or below it."""
    rows = office.sheet(document, PEOPLE)
    who, col = rows[HEADINGS - 1].index("姓名"), rows[HEADINGS - 1].index(name)
    return [row[col] for row in rows[HEADINGS:] if row[who]]


def verdict(office: Office, document: str) -> str:
    """What the first row says."""
    return str(column(office, document, "校验")[0])


def end(office: Office, document: str) -> int:
    """The table's last row."""
    return len(office.sheet(document, PEOPLE))


def state(office: Office, document: str) -> str:
    rows = office.sheet(document, "汇总")
    return str(next(row[1] for row in rows if row[0] == "表 人员 无错误"))


def test_the_last_row_deleted_and_one_put_in_its_place(office: Office, document: str) -> None:
    last = end(office, document)
    office.delete_rows(document, PEOPLE, last, 1)
    assert (verdict(office, document), state(office, document)) == ("通过", "通过")
    office.put(document, f"{PEOPLE}!B{last}", [["新来的"]])
    assert verdict(office, document).startswith(BELOW)
    office.undo(document)
    office.insert_rows(document, PEOPLE, last, 2)
    assert verdict(office, document).startswith("结构:表 人员 末行的下面插入了 2 行，不在表中")
    office.delete_rows(document, PEOPLE, last, 2)
    assert verdict(office, document) == "通过"


def test_rows_put_in_around_the_last_one(office: Office, document: str) -> None:
    last = end(office, document)
    office.insert_rows(document, PEOPLE, last + 1, 1)
    assert (verdict(office, document), state(office, document)) == ("通过", "通过")
    office.insert_rows(document, PEOPLE, last, 1)
    assert (verdict(office, document), state(office, document)) == ("通过", "通过")
    office.put(document, f"{PEOPLE}!Q{last + 2}", [["是"]])
    assert verdict(office, document).startswith(BELOW) and state(office, document).startswith(BELOW[3:])


def test_a_cell_deleted_after_blank_rows_below(office: Office, document: str) -> None:
    last = end(office, document)
    office.delete_rows(document, PEOPLE, last + 1, 999)
    assert verdict(office, document) == "通过"
    office.delete_cells(document, f"{PEOPLE}!B{last}")
    assert verdict(office, document).startswith(SLIPPED)
    office.undo(document)
    assert verdict(office, document) == "通过"
    office.insert_cells(document, f"{PEOPLE}!B{FIRST + 1}")
    # What slips out at the end stands below the table.
    assert verdict(office, document) != "通过" and state(office, document) != "通过"


def test_a_cell_deleted_where_no_row_below_is_left_to_tell(office: Office, document: str) -> None:
    """The rows look a thousand rows down; further on only the state of the table knows."""
    office.delete_rows(document, PEOPLE, end(office, document) + 1, 1000)
    assert (verdict(office, document), state(office, document)) == ("通过", "通过")
    office.delete_cells(document, f"{PEOPLE}!F{FIRST + 1}")
    assert not verdict(office, document).startswith("结构:")
    assert state(office, document).startswith("表 人员 的列 医德医风 中有格被单独删除或插入")


def test_a_row_without_formulas(office: Office, document: str) -> None:
    office.insert_rows(document, PEOPLE, FIRST + 3, 1)
    before = column(office, document, "校验")
    assert set(before) == {"通过", "不参加"}
    office.put(document, f"{PEOPLE}!F{FIRST + 3}", [[7.5]])
    # A number makes nobody of it: the others' results are theirs, what reads the table as a whole has none.
    assert column(office, document, "校验") == before
    assert state(office, document).startswith("表 人员 有 1 行没有公式")
    paid = next(row[1] for row in office.sheet(document, "汇总") if row[0] == "实发合计")
    assert is_error(paid)
    office.put(document, f"{PEOPLE}!E{FIRST + 3}", [["医"]])
    assert verdict(office, document).startswith("结构:表 人员 有 1 行没有公式")


def test_a_heading_moved_away_with_its_column(office: Office, document: str) -> None:
    office.move(document, f"{PEOPLE}!F{HEADINGS}:F200", f"{PEOPLE}!AN{HEADINGS}")
    assert all(map(is_error, column(office, document, "实发绩效")))
