"""A workbook is read once, computed in memory and written once; one that changes meanwhile is left alone."""

from __future__ import annotations

import gc
import io
import os
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from addin.headless import calculate, read_book, session
from addin.headless.session import Session
from addin.macros import MACROS
from addin.xlsx import files
from addin.xlsx.files import WorkbookError, fingerprint, is_unchanged
from addin.xlsx.results import results
from tests.differing import differing
from tests.faults.commands import BOOK, DATA, SAMPLE, SCHEME, sources
from tests.support import Kaohe
from workbook_templates.scheme.catalogue import load
from workbook_templates.workbook.build import build


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook with data, not computed yet."""
    path = tmp_path / BOOK
    path.write_bytes(sources()[0])
    (tmp_path / DATA).write_bytes(SAMPLE.read_bytes())
    return path


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is opened, parsed and written from now on."""
    done: list[str] = []

    def count(module: Any, name: str, kind: str) -> None:
        function = getattr(module, name)

        def call(*arguments: Any, **named: Any) -> Any:
            done.append(kind)
            return function(*arguments, **named)

        monkeypatch.setattr(module, name, call)

    count(files, "_read", "open")
    count(session, "read_package", "parse")
    count(session, "replace", "write")
    return done


LIST = "名单.csv"
ASKED = {"explain": "person=1", "add": "姓名=新来的人", "paste": f"名单文件={LIST}"}
MACRO_COMMANDS = [("run", name, BOOK, *(("--option", ASKED[name]) if name in ASKED else ())) for name in MACROS]
# What the scheme makes is read, in memory, to compare with; the longer table is computed as the file that it will be.
FURTHER = {"add": ["parse", "write"], "paste": ["parse", "write"], "rows": ["parse", "write", "parse"]}


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (("calc", BOOK), ["open", "parse", "write", "parse"]),
        (("calc", BOOK, "-o", "b.xlsx"), ["open", "parse", "write", "parse"]),
        (("check", BOOK), ["open", "parse", "parse"]),
        (("new", SCHEME, "--data", DATA, "-o", "new.xlsx"), ["parse", "write"]),
        *((command, ["open", "parse", *FURTHER.get(command[1], ["parse"])]) for command in MACRO_COMMANDS),
    ],
    ids=lambda value: " ".join(value),
)
def test_a_command_opens_and_parses_once(
    kaohe: Kaohe, book: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], wanted: list[str]
) -> None:
    monkeypatch.chdir(book.parent)
    (book.parent / LIST).write_text("姓名,岗位类别\n新来的人,医\n", encoding="utf-8")
    # Nothing is known from earlier.
    monkeypatch.setattr("addin.shared.kept.user_folder", lambda: book.parent / "kept")
    monkeypatch.setattr("addin.checking.made._met", {})
    monkeypatch.setattr("addin.checking.comparison._made", {})
    monkeypatch.setattr("addin.checking.comparison._stretched_of", {})
    done = counted(monkeypatch)
    assert kaohe(*arguments).code == 0
    assert done == wanted


@pytest.mark.parametrize("slug", differing())
def test_the_computed_values_are_those_that_are_read_back(slug: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    build(load(slug), path)
    opened = Session.open(path)
    opened.compute()
    opened.write()
    again = read_book(path)
    assert results(opened.book) == results(again)
    for name, sheet in opened.workbook.sheets.items():
        read = again.workbook.sheets[name]
        assert sheet.dates == read.dates and sheet.formulas == read.formulas
        for row, col in sheet.formulas:
            assert sheet.get(row, col) == read.get(row, col) and type(sheet.get(row, col)) is type(read.get(row, col))


def test_typed_values_are_computed_with_and_written_with_the_rest(book: Path) -> None:
    opened = Session.open(book)
    with pytest.raises(WorkbookError, match="是公式"):
        opened.type("人员", "U6", 1.0)
    opened.type("人员", "D6", 8.0)
    opened.compute()
    assert opened.write() == ()
    read = read_book(book)
    assert read.value("人员", 5, 3) == 8.0 and results(read) == results(opened.book)


SAVES: list[Callable[[Path, bytes], object]] = [
    lambda path, content: path.write_bytes(content),
    lambda path, content: os.replace(_beside(path, content), path),
]


def _beside(path: Path, content: bytes) -> Path:
    other = path.with_name("beside")
    other.write_bytes(content)
    return other


@pytest.mark.parametrize("save", SAVES, ids=["in place", "renamed"])
def test_a_file_that_somebody_saves_meanwhile_is_left_alone(book: Path, save: Callable[[Path, bytes], object]) -> None:
    opened = Session.open(book)
    opened.compute()
    save(book, sources()[2])
    with pytest.raises(WorkbookError, match="刚刚被其他程序修改，未覆盖"):
        opened.write()
    assert book.read_bytes() == sources()[2]


def test_a_change_of_the_same_size_at_the_same_time_is_seen(book: Path) -> None:
    opened = Session.open(book)
    opened.compute()
    before = book.stat()
    changed = bytearray(book.read_bytes())
    changed[-1] ^= 1
    book.write_bytes(changed)
    os.utime(book, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(WorkbookError, match="刚刚被其他程序修改"):
        opened.write()
    assert book.read_bytes() == changed


def test_a_file_that_is_gone_meanwhile_is_not_made_again(book: Path) -> None:
    opened = Session.open(book)
    opened.compute()
    book.unlink()
    with pytest.raises(WorkbookError, match="刚刚被其他程序修改"):
        opened.write()
    assert not book.exists()


def test_another_file_that_somebody_makes_meanwhile_is_left_alone(book: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    opened, before = Session.open(book), fingerprint(out)
    opened.compute()
    out.write_bytes(b"mine")
    with pytest.raises(WorkbookError, match="刚刚被其他程序修改"):
        opened.write(out, before)
    assert out.read_bytes() == b"mine"


def test_a_cell_can_be_told_its_file_and_its_sheet(tmp_path: Path) -> None:
    told = 'CELL("filename",A1)'
    path = tmp_path / "考核.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("三月")
        sheet.write_formula("B1", f"={told}")
        sheet.write_formula("B2", f'=MID({told},FIND("]",{told})+1,99)')
    assert calculate(path).problems == ()
    found = [read_book(path).value("三月", row, 1) for row in range(2)]
    assert found == [str(tmp_path / "[考核.xlsx]三月"), "三月"]


def test_nothing_is_written_where_nothing_changes(book: Path) -> None:
    calculate(book)
    before = book.stat()
    assert calculate(book).notes == ()
    assert (book.stat().st_mtime_ns, book.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


def test_other_names_of_a_file_are_told(book: Path, tmp_path: Path, kaohe: Kaohe) -> None:
    os.link(book, tmp_path / "另一个名字.xlsx")
    told = kaohe("calc", str(book))
    assert told.code == 0 and "另有 1 个硬链接，它们仍是原来的内容" in told.out
    assert (tmp_path / "另一个名字.xlsx").read_bytes() == sources()[0] != book.read_bytes()


def test_a_file_without_known_content_is_compared_by_its_state(tmp_path: Path) -> None:
    path = tmp_path / "a"
    assert is_unchanged(path, None)
    path.write_bytes(b"1")
    known = fingerprint(path)
    assert is_unchanged(path, known) and not is_unchanged(path, None)
    path.write_bytes(b"22")
    assert not is_unchanged(path, known)


def test_a_workbook_in_memory_has_no_file_to_compare_with(tmp_path: Path) -> None:
    made = Session(tmp_path / "a.xlsx", sources()[0])
    made.compute()
    made.write(tmp_path / "a.xlsx", None)
    stream = io.BytesIO((tmp_path / "a.xlsx").read_bytes())
    assert stream.getvalue() == sources()[1]


def test_what_changed_before_is_written_after_computing_again(book: Path) -> None:
    opened = Session.open(book)
    opened.type("人员", "D6", 8.0)
    opened.compute()
    opened.type("人员", "D7", 7.0)
    opened.compute()
    opened.write()
    again = Session.open(book)
    assert results(again.book) == results(opened.book)
    again.compute()
    assert again.changed_parts() == {}


def test_a_computed_workbook_goes_when_nobody_holds_it() -> None:
    gc.collect()
    gc.disable()
    try:
        opened = Session.of(sources()[0])
        opened.compute()
        workbook = weakref.ref(opened.workbook)
        del opened
        assert workbook() is None
    finally:
        gc.enable()
