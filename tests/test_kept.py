"""What is kept for the next run is right or not taken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from addin.shared import kept as keeping
from addin.shared.kept import FOLDER, MOST, keep, kept, recalled


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(keeping, "user_folder", lambda: tmp_path)
    return tmp_path / FOLDER


class Finder:
    def __init__(self, found: Any) -> None:
        self.found, self.calls = found, 0

    def __call__(self) -> Any:
        self.calls += 1
        return self.found


def test_what_was_found_is_not_found_again(folder: Path) -> None:
    find = Finder({"值": [1.1, None, True, "文", 1e300]})
    for _ in range(3):
        assert kept("a", ["甲", "乙"], find) == find.found
    assert find.calls == 1 and len(list(folder.iterdir())) == 1
    for kind, inputs in (("b", ["甲", "乙"]), ("a", ["甲乙"]), ("a", ["甲", "乙", ""]), ("a", ["乙", "甲"])):
        kept(kind, inputs, find)
    assert find.calls == 5
    half = Finder(["\ud800"])  # Half a character, as a cell may hold one: found each time.
    assert [kept("h", ["\ud800"], half) for _ in range(2)] == [["\ud800"]] * 2
    nothing = Finder(None)
    assert [kept("n", [], nothing) for _ in range(2)] == [None, None] and nothing.calls == 1


def test_another_state_of_the_program_finds_out_anew(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    find = Finder(1)
    kept("a", [], find)
    monkeypatch.setattr(keeping, "program", lambda: "edited")
    kept("a", [], find)
    assert find.calls == 2


@pytest.mark.parametrize(
    "edit", [lambda b: b[:-1], lambda b: b"", lambda b: b"\xff" + b, lambda b: b.replace(b"1", b"2")]
)
def test_a_file_that_is_not_whole_is_not_taken(folder: Path, edit: Any) -> None:
    kept("a", [], Finder([1, 11]))
    (path,) = folder.iterdir()
    path.write_bytes(edit(path.read_bytes()))
    find = Finder([1, 11])
    assert kept("a", [], find) == [1, 11] and find.calls == 1
    assert json.loads(path.read_text(encoding="utf-8").partition("\n")[2]) == [1, 11]


def test_a_folder_that_cannot_be_written_does_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(keeping, "user_folder", lambda: tmp_path / "file")
    find = Finder("x")
    assert [kept("a", [], find) for _ in range(2)] == ["x", "x"] and find.calls == 2


def test_the_oldest_go(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST", 3)
    keep("b", [], "of another kind")
    for number in range(5):
        kept("a", [str(number)], Finder(number))
    assert len(list(folder.glob("a-*"))) == 3 < MOST and recalled("b", []) == "of another kind"
    last = Finder(4)
    assert kept("a", ["4"], last) == 4 and last.calls == 0


def test_what_is_kept_by_itself_is_recalled_under_its_inputs(folder: Path) -> None:
    assert recalled("a", ["甲"]) is None
    keep("a", ["甲"], {"值": 1})
    assert recalled("a", ["甲"]) == {"值": 1} and recalled("a", ["乙"]) is None and recalled("b", ["甲"]) is None
