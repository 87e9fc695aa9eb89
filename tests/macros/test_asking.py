"""What is asked before a macro runs: this workbook's lists, the chosen person, and the answers of last time."""

from __future__ import annotations

from pathlib import Path

import pytest

from addin.macros import MACROS
from addin.macros.asking import Question, questions
from addin.macros.tools.answers import ANSWERS, remember
from addin.portable.userfolder import user_folder
from addin.shared.exits import UserError


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "home"))


def ask(name: str, path: Path, selection: str | None = None, workbook: str = "") -> dict[str, Question]:
    return {question.name: question for question in questions(MACROS[name], path, selection, workbook)}


def test_the_chosen_person_and_cell_are_filled_in(own_book: Path) -> None:
    asked = ask("explain", own_book, "三季度!I5")
    # Two people are called 张三.
    assert asked["person"].choices == ("A01", "李四", "王五", "A04")
    assert (asked["person"].default, asked["columns"].default) == ("李四", "得分")
    assert ask("explain", own_book, "三季度!I4")["person"].default == "A01"
    assert ask("explain", own_book, "三季度!E5")["columns"].default == ""
    assert ask("explain", own_book, "标准!B1")["person"].default == ""


def test_lists_are_those_of_the_workbook(own_book: Path) -> None:
    asked = ask("publish", own_book)
    assert asked["table"].choices == ("三季度",) and not asked["table"].several
    assert asked["columns"].several and asked["columns"].choices[:3] == ("序号", "姓名", "工号")
    assert asked["order"].choices == ("升序", "降序") and asked["order"].default == "升序"
    assert (asked["days"].default, asked["absent"].default, asked["absent"].choices) == ("5", "否", ("是", "否"))
    # All of them get slips unless some are chosen.
    assert ask("slips", own_book, "三季度!I5")["person"].default == ""


def test_the_answers_of_last_time_are_proposed_for_the_same_workbook(own_book: Path) -> None:
    publish = MACROS["publish"]
    given = [
        "标题=三季度公示",
        "columns=姓名、得分、走了的列",
        "order=降序",
        "start=2026-01-05",
        "force=是",
        "contact=",
    ]
    remember("/甲/三季度.xlsx", publish, given)
    remember("/甲/三季度.xlsx", MACROS["slips"], ["form=裁条", "person=李四"])
    asked = ask("publish", own_book, None, "/甲/三季度.xlsx")
    told = {name: question.default for name, question in asked.items()}
    assert (told["title"], told["columns"], told["order"]) == ("三季度公示", "姓名、得分", "降序")
    # Another one each time, or to be thought over each time.
    assert (told["start"], told["force"], told["contact"]) == ("", "否", "")
    slips = ask("slips", own_book, None, "/甲/三季度.xlsx")
    assert (slips["form"].default, slips["person"].default) == ("裁条", "")
    assert ask("publish", own_book, None, "/乙/三季度.xlsx")["title"].default == ""


def test_what_cannot_be_read_is_not_proposed(own_book: Path) -> None:
    remember("甲", MACROS["publish"], ["title=公示"])
    (user_folder() / ANSWERS).write_text("[1", encoding="utf-8")
    assert ask("publish", own_book, None, "甲")["title"].default == ""
    with pytest.raises(UserError, match="没有选项 天"):
        remember("甲", MACROS["publish"], ["天=3"])
