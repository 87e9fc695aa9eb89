"""``kaohe batch`` with addresses of fsspec in place of folders: the same results, report and journal as with folders."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, ClassVar

import pytest
from fsspec.implementations.memory import MemoryFileSystem
from fsspec.registry import _registry
from openpyxl import Workbook, load_workbook

from addin.batch import journal as journals
from addin.batch.journal import journal_in
from addin.batch.places import JOURNAL, REPORT, found
from addin.batch.storage import Address, Place, State, content_of, place_of, put, read, state_of
from addin.batch.work import DONE, Done
from addin.shared.exits import UserError
from addin.xlsx.files import WorkbookError
from tests.support import Kaohe


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    for number, name in enumerate(("乡/甲.xlsx", "乙.xlsx", "out/旧.xlsx", "说明.txt")):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        book = Workbook()
        book.active.append(("姓名", "得分", "加倍"))
        book.active.append(("张三", number, "=B2*2"))
        book.save(path)
    (tmp_path / "in" / "坏.xlsx").write_bytes(b"PK")
    return tmp_path / "in"


def listed(path: Path) -> list[tuple[object, ...]]:
    return [row[:3] + row[-1:] for row in load_workbook(path)["文件"].iter_rows(min_row=2, values_only=True)]


def test_results_and_report_are_those_of_folders(kaohe: Kaohe, tmp_path: Path, sources: Path) -> None:
    there = Address(f"file://{sources}")
    run = kaohe("batch", str(there), "-o", str(there / "out"), "--collect", str(there / "汇总.xlsx"))
    assert run.code == 1 and "完成 2 个，有问题 0 个，失败 1 个" in run.out
    assert "失败 坏.xlsx：坏.xlsx 已损坏" in run.out
    for name, value in (("乡/甲.xlsx", 0), ("乙.xlsx", 2)):
        assert load_workbook(sources / "out" / name, data_only=True).active["C2"].value == value
    assert [row[0] for row in load_workbook(sources / "汇总.xlsx")["Sheet"].iter_rows(min_row=2, values_only=True)] == [
        "乙.xlsx", "乡/甲.xlsx",
    ]  # fmt: skip
    states = listed(sources / "out" / REPORT)
    assert [row[:2] for row in states] == [("乙.xlsx", "完成"), ("乡/甲.xlsx", "完成"), ("坏.xlsx", "失败")]
    (sources / "汇总.xlsx").unlink()
    assert kaohe("batch", str(there), "-o", str(there / "out")).code == 1
    assert [row[-1] for row in listed(sources / "out" / REPORT)] == ["以前", "以前", "本次"]
    # A folder and its address are the same to the journal.
    kaohe("batch", str(sources), "-o", str(sources / "out"))
    assert [row[-1] for row in listed(sources / "out" / REPORT)] == ["以前", "以前", "本次"]
    assert {path.name for path in (sources / "out").iterdir()} == {"乡", "乙.xlsx", "旧.xlsx", REPORT, JOURNAL}


def test_names_are_those_of_folders(sources: Path) -> None:
    out, there = sources / "out", Address(f"file://{sources}/out")
    for given in (f"file://{sources}", f"file://{sources}/*/*.xlsx", f"file://{sources}/乙.xlsx"):
        local = given.removeprefix("file://")
        assert [item.name for item in found([given], there)] == [item.name for item in found([local], out)]
    with pytest.raises(UserError, match="没有工作簿"):
        found([f"file://{sources}/无"], there)
    with pytest.raises(UserError, match="写到它自己"):
        found([f"file://{sources}/乙.xlsx"], Address(f"file://{sources}"))


def test_a_file_that_was_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    place = Address(f"file://{tmp_path}/新/a.xlsx")
    assert state_of(place) is None
    put(place, lambda file: file.write(b"PK1"), None)
    before = state_of(place)
    (tmp_path / "新" / "a.xlsx").write_bytes(b"PK22")
    with pytest.raises(WorkbookError, match="刚刚被其他程序修改"):
        put(place, lambda file: file.write(b"PK3"), before)
    with pytest.raises(WorkbookError, match="刚刚被其他程序修改"):
        put(place, lambda file: file.write(b"PK3"), None)
    assert read(place) == b"PK22"
    put(place, lambda file: file.write(b"PK3"), state_of(place))
    assert [path.read_bytes() for path in (tmp_path / "新").iterdir()] == [b"PK3"]
    with pytest.raises(WorkbookError, match="找不到文件"):
        read(place.with_name("b.xlsx"))
    (tmp_path / "新" / "b.xlsx").write_bytes(b"text")
    with pytest.raises(WorkbookError, match="不是 Excel 工作簿"):
        read(place.with_name("b.xlsx"))


def test_a_store_that_is_no_disk_is_read_and_written(monkeypatch: pytest.MonkeyPatch) -> None:
    class Store(MemoryFileSystem):
        protocol = ("store",)
        store: ClassVar[dict[str, object]] = {}

        @classmethod
        def _strip_protocol(cls, path: str) -> str:
            return str(MemoryFileSystem._strip_protocol(path.replace("store://", "memory://")))

    monkeypatch.setitem(_registry, "store", Store)
    place = Address("store://桶/乡/甲.xlsx")
    assert state_of(place) is None
    put(place, lambda file: file.write(b"PK1"), None)
    before = state_of(place)
    assert read(place) == b"PK1" and before is not None
    place.opened()[0].pipe("/桶/乡/甲.xlsx", b"PK22")
    with pytest.raises(WorkbookError, match="刚刚被其他程序修改"):
        put(place, lambda file: file.write(b"PK3"), before)
    for given in ("store://桶", "store://桶/*/*.xlsx"):
        [(name, item)] = [(each.name, each.source) for each in found([given], Path("out"))]
        assert name == "乡/甲.xlsx" and read(item) == b"PK22"


def test_a_server_is_named_in_every_address_and_may_refuse_what_others_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """As those of SFTP and FTP are: files go by their paths there, folders are made once, nothing is moved over a file."""

    class Server(MemoryFileSystem):
        protocol = ("server",)
        store: ClassVar[dict[str, object]] = {}
        pseudo_dirs: ClassVar[list[str]] = [""]
        others_first: ClassVar[list[str]] = ["/结果", "/结果/乡"]

        @classmethod
        def _strip_protocol(cls, path: str) -> str:
            return "/" + path.removeprefix("server://主机:22").strip("/")

        def makedirs(self, path: str, exist_ok: bool = False) -> None:
            super().makedirs(path, exist_ok=True)
            if self.others_first:
                raise FileExistsError(self.others_first.pop())

        def mv(self, one: str, other: str, **_: object) -> None:
            if self.exists(other):
                raise OSError("550 File exists")
            super().mv(one, other)

    monkeypatch.setitem(_registry, "server", Server)
    out = Address("server://主机:22/结果")
    there = out / "乡/甲#1?.xlsx"
    put(there, lambda file: file.write(b"PK1"), None)
    put(there, lambda file: file.write(b"PK2"), state_of(there))
    assert Server().find("/结果") == ["/结果/乡/甲#1?.xlsx"] and read(there) == b"PK2"
    for given in ("server://主机:22/结果", "server://主机:22/结果/*/*.xlsx"):
        [item] = found([given], Path("out"))
        assert (item.name, str(item.source)) == ("乡/甲#1?.xlsx", "server://主机:22/结果/乡/甲#1?.xlsx")
        assert read(item.source) == b"PK2"
    monkeypatch.setattr(Server, "pipe_file", lambda *_: 1 / 0)
    with pytest.raises(WorkbookError, match=r"无法写入 server://主机:22/结果/乡/甲#1\?.xlsx"):
        put(there, lambda file: file.write(b"PK3"), state_of(there))
    assert read(there) == b"PK2"


def test_workbooks_in_an_archive_are_taken_as_from_a_folder(kaohe: Kaohe, sources: Path, tmp_path: Path) -> None:
    archive = tmp_path / "报送.zip"
    with zipfile.ZipFile(archive, "w") as package:
        for name in ("乡/甲.xlsx", "乙.xlsx", "说明.txt"):
            package.write(sources / name, name)
    address = f"zip://::file://{archive}"
    run = kaohe("batch", address, "-o", str(tmp_path / "out"))
    assert run.code == 0 and "完成 2 个" in run.out
    assert load_workbook(tmp_path / "out" / "乙.xlsx", data_only=True).active["C2"].value == 2
    assert [row[:2] for row in listed(tmp_path / "out" / REPORT)] == [("乙.xlsx", "完成"), ("乡/甲.xlsx", "完成")]
    assert [item.name for item in found([f"zip://乡::file://{archive}"], tmp_path)] == ["甲.xlsx"]
    for given in (("-o", address), ("-o", str(tmp_path / "新"), "--collect", f"zip://汇总.xlsx::file://{archive}")):
        run = kaohe("batch", str(sources), *given)
        assert run.code == 2 and "在压缩包中" in run.err


def test_what_is_missing_for_an_address_is_told(
    kaohe: Kaohe, sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert place_of("C:/报送") == Path("C:/报送") and place_of("s3://桶/报送") == Address("s3://桶/报送")
    for address, told in (
        ("memory://报送", "只在一个进程内"),
        ("nowhere://报送", "不认识"),
        ("gdrive://a", "另需要一个组件"),
    ):
        run = kaohe("batch", str(sources), "-o", address)
        assert run.code == 2 and told in run.err
    run = kaohe("batch", str(sources), "-o", f"file://{sources}/out", "--macro", "publish")
    assert run.code == 2 and "只能放在文件夹中" in run.err
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    run = kaohe("batch", f"file://{sources}", "-o", str(tmp_path / "out"))
    assert run.code == 2 and "pip install fsspec" in run.err


def test_a_file_elsewhere_that_is_too_large_is_not_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK" * 4)
    address = Address((tmp_path / "a.xlsx").as_uri())
    monkeypatch.setattr("addin.xlsx.files.MOST_BYTES", 8)
    assert content_of(address) == b"PK" * 4
    monkeypatch.setattr("addin.xlsx.files.MOST_BYTES", 7)
    with pytest.raises(WorkbookError, match="超过 0 MB，未打开"):
        content_of(address)


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """An address to which the journal is put after every result."""
    monkeypatch.setattr(journals, "_SECONDS", 0.0)
    monkeypatch.setattr(journals, "_SELDOM", 0.0)
    monkeypatch.setattr(journals, "_SHARE", 0)
    return place_of(f"file://{tmp_path}/out")


def test_the_journal_is_put_to_its_address_now_and_then(out: Place) -> None:
    with pytest.raises(KeyboardInterrupt), journal_in(out) as journal:
        for name in ("甲.xlsx", "乙.xlsx"):
            journal.take(name, Done(name, DONE, key="k", output=name))
            there = content_of(out / JOURNAL)
            assert name.encode() in there
        raise KeyboardInterrupt
    with journal_in(out) as journal:
        assert journal.known("甲.xlsx") == ("k", "甲.xlsx") and journal.known("丙.xlsx") == ("", "")


def test_a_journal_that_another_has_put_there_is_left_alone(out: Place) -> None:
    with pytest.raises(UserError, match="算过的没有记下"), journal_in(out) as journal:
        put(out / JOURNAL, lambda file: file.write(b"another"), state_of(out / JOURNAL))
        journal.take("甲.xlsx", Done("甲.xlsx", DONE))
    assert content_of(out / JOURNAL) == b"another"


def test_a_journal_that_could_not_be_put_there_for_a_while_is_there_in_the_end(
    out: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = [WorkbookError("连接断开")]

    def unsure(place: Place, write: Callable[[IO[bytes]], object], before: State) -> None:
        put(place, write, before)
        if failures:
            raise failures.pop()

    monkeypatch.setattr(journals, "put", unsure)
    with journal_in(out) as journal:
        for name in ("甲.xlsx", "乙.xlsx"):
            journal.take(name, Done(name, DONE, output="o"))
    with journal_in(out) as journal:
        assert journal.known("乙.xlsx") == ("", "o")
