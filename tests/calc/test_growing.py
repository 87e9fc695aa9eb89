"""Tables that grow and shrink in an open document, and are sorted there."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from addin.checking.workbook import all_faults
from addin.headless.session import Session
from tests.calc.office import Office
from tests.support import built, first_case

pytestmark = pytest.mark.slow
SLUG, PEOPLE, FIRST, COUNT = "health-centre-staff", "人员", 6, 12
NEW = "姓名\t部门\t岗位类别\t医德医风\t工作态度\t组织纪律\t服务对象满意\t工作数量\t工作质量\t工作效率\t服务成效\t满意度\t绩效基数\n"
SCORES = "医\t10\t8\t9\t8\t20\t20\t10\t15\t1\t3000\n"


@pytest.fixture
def document(installed: Office, tmp_path: Path) -> Iterator[str]:
    """The scheme's first case, without spare rows."""
    session = Session.of(built(SLUG, first_case(SLUG)))
    session.compute()
    session.write(tmp_path / "考核.xlsx")
    yield installed.open(tmp_path / "考核.xlsx", hidden=False)
    installed.close_all()


def run(office: Office, document: str, macro: str, **options: str) -> dict[str, object]:
    given = json.dumps(options, ensure_ascii=False)
    result: dict[str, object] = office.dispatch(document, f"cn.kaohe.calc:{macro}", Options=given)
    return result


def column(office: Office, document: str, name: str) -> list[Any]:
    rows = office.sheet(document, PEOPLE)
    col = rows[FIRST - 2].index(name)
    return [row[col] for row in rows[FIRST - 1 :]]


def faults(office: Office, document: str, path: Path) -> list[str]:
    office.save_as(document, path)
    session = Session.open(path)
    session.compute()
    return [str(fault.rule) for fault in all_faults(session)]


@pytest.mark.parametrize("ascending", [True, False])
def test_sorted_by_score_the_people_stand_on_top(installed: Office, document: str, ascending: bool) -> None:
    names, score = (
        column(installed, document, "姓名"),
        installed.sheet(document, PEOPLE)[FIRST - 2].index("绩效考核得分"),
    )
    assert len(names) == COUNT and all(names), "no spare rows"
    installed.sort(document, f"{PEOPLE}!A{FIRST}:AG{FIRST + COUNT - 1}", score, ascending)
    scores = [score for score in column(installed, document, "绩效考核得分") if score != ""]
    assert scores == sorted(scores, reverse=not ascending) and len(scores) == COUNT - 1
    assert installed.values(document, "汇总!B5") == [[COUNT - 1]]


def test_people_of_a_list_are_computed_with_the_others(installed: Office, document: str, tmp_path: Path) -> None:
    listed = tmp_path / "名单.txt"
    listed.write_text(NEW + "".join(f"新{number}\t内科\t{SCORES}" for number in range(1, 4)), encoding="utf-8")
    outcome = run(installed, document, "paste", file=str(listed))
    assert outcome["messages"] == [] and str(outcome["summary"]).startswith("加了 3 行")
    assert column(installed, document, "姓名")[-4:] == ["杨雪梅", "新1", "新2", "新3"]
    assert column(installed, document, "序号") == list(range(1, COUNT + 4))
    assert column(installed, document, "绩效考核得分")[-3:] == [120, 120, 120]
    assert column(installed, document, "名次")[-3:] == [1, 1, 1]
    assert installed.values(document, "汇总!B5") == [[COUNT - 1 + 3]]
    assert faults(installed, document, tmp_path / "saved.xlsx") == []
    again = run(installed, document, "paste", file=str(listed))
    assert len(again["messages"]) == 3 and len(column(installed, document, "姓名")) == COUNT + 3  # type: ignore[arg-type]


def test_rows_that_are_added_can_be_taken_out_again_and_undone(installed: Office, document: str) -> None:
    before = column(installed, document, "实发绩效")
    run(installed, document, "rows", count="4")
    assert column(installed, document, "实发绩效") == [*before, *[""] * 4]
    run(installed, document, "trim")
    assert column(installed, document, "实发绩效") == before
    installed.undo(document)
    assert column(installed, document, "实发绩效") == [*before, *[""] * 4]


def test_what_a_command_has_changed_is_undone_and_made_again_at_once(installed: Office, document: str) -> None:
    run(installed, document, "add", names="新来的")
    grown = column(installed, document, "姓名")
    for _ in range(2):
        installed.undo(document)
        assert column(installed, document, "姓名") == grown[:COUNT]
        installed.redo(document)
        assert column(installed, document, "姓名") == grown
    assert computes_by_itself(installed, document)


def computes_by_itself(office: Office, document: str) -> bool:
    """Whether what is typed is computed at once; a score of the first person."""
    before = column(office, document, "绩效考核得分")
    office.put(document, f"{PEOPLE}!F{FIRST}", [[1]])
    return column(office, document, "绩效考核得分") != before


def test_changes_that_fail_half_way_leave_everything_as_it_was(installed: Office, document: str) -> None:
    installed.put(document, f"{PEOPLE}!F{FIRST}", [[5]])
    names = column(installed, document, "姓名")
    rows = {"sheet": PEOPLE, "row": FIRST + COUNT, "count": 1, "columns": ["A", "R", "S"]}
    nowhere = {"sheet": "没有的表", "cell": "A1", "value": 1}
    with pytest.raises(RuntimeError, match="NoSuchElementException"):
        installed.change(document, "加行", {"rows": [rows], "edits": [nowhere]})
    assert column(installed, document, "姓名") == names
    with pytest.raises(RuntimeError, match="NoSuchElementException"):
        installed.change(document, "加行", {"rows": [], "edits": [nowhere]})
    assert installed.state(document)["undo"] == ["输入"]
    assert computes_by_itself(installed, document)


def test_what_may_not_be_changed_is_not_changed(installed: Office, document: str, tmp_path: Path) -> None:
    installed.protect(document, PEOPLE)
    state = installed.state(document)
    assert run(installed, document, "rows", count="1") == {
        "error": f"工作表“{PEOPLE}”受保护，没有改动。请先取消保护（“工具”菜单），再运行一次。"
    }
    assert installed.state(document) == state and len(column(installed, document, "姓名")) == COUNT
    shutil.copy(tmp_path / "考核.xlsx", tmp_path / "只读.xlsx")
    closed = installed.open(tmp_path / "只读.xlsx", hidden=False, read_only=True)
    assert str(run(installed, closed, "rows", count="1")["error"]).startswith(
        "这个工作簿是以只读方式打开的，没有改动。"
    )
    assert len(column(installed, closed, "姓名")) == COUNT


def test_who_is_typed_below_is_taken_in(installed: Office, document: str, tmp_path: Path) -> None:
    installed.put(document, f"{PEOPLE}!B{FIRST + COUNT}", [["新来的"]])
    run(installed, document, "add", names="另一个")
    assert column(installed, document, "姓名")[COUNT:] == ["新来的", "另一个"]
    assert {rule.partition(":")[2] for rule in faults(installed, document, tmp_path / "saved.xlsx")} == {"待填"}


def test_a_filter_hides_people_and_changes_no_result(installed: Office, document: str, tmp_path: Path) -> None:
    """Not of those who are added, nor of those who are sorted, published, saved and shown again."""
    kinds = column(installed, document, "岗位类别")
    installed.filter(document, PEOPLE, 4, "药")
    assert installed.shown(document, f"{PEOPLE}!A{FIRST}:A{FIRST + COUNT - 1}") == [kind == "药" for kind in kinds]
    assert installed.values(document, "汇总!B5") == [[COUNT - 1]]
    listed = tmp_path / "名单.txt"
    listed.write_text(NEW + "".join(f"新{number}\t内科\t{SCORES}" for number in range(1, 4)), encoding="utf-8")
    run(installed, document, "paste", file=str(listed))
    everybody = f"{PEOPLE}!A{FIRST}:A{FIRST + COUNT + 2}"
    # The last of old is seen too, for the new ones take the place of the last row.
    shown = [kind == "药" for kind in kinds[:-1]] + [True] * 4
    assert installed.shown(document, everybody) == shown
    assert column(installed, document, "绩效考核得分")[-3:] == [120, 120, 120]
    assert installed.values(document, "汇总!B5") == [[COUNT - 1 + 3]]
    assert str(run(installed, document, "publish")["summary"]).startswith(f"公示 {COUNT - 1 + 3} 人")
    paid = dict(zip(column(installed, document, "姓名"), column(installed, document, "实发绩效"), strict=True))
    score = installed.sheet(document, PEOPLE)[FIRST - 2].index("绩效考核得分")
    installed.sort(document, f"{PEOPLE}!A{FIRST}:AG{FIRST + COUNT + 2}", score, True)
    assert column(installed, document, "姓名") != list(paid)
    assert faults(installed, document, tmp_path / "saved.xlsx") == []
    again = installed.open(tmp_path / "saved.xlsx", hidden=False)
    assert not all(installed.shown(again, everybody))
    installed.filter(again, PEOPLE)
    assert all(installed.shown(again, everybody))
    assert dict(zip(column(installed, again, "姓名"), column(installed, again, "实发绩效"), strict=True)) == paid
