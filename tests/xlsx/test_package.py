"""Files that are no workbooks are refused with a clear message; files are replaced whole or not at all."""

from __future__ import annotations

import io
import os
import random
import shutil
import stat
import struct
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pytest
import xlsxwriter

from addin.xlsx import package as package_module
from addin.xlsx.files import OLE_MAGIC, WorkbookError, replace
from addin.xlsx.package import (
    CONTENT_TYPES,
    UnsafeXml,
    _Kept,
    damage_told,
    opened,
    package_of,
    read_part,
    read_xml,
    safe_xml,
    stated,
)


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "考核.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("人员").write("A1", "姓名")
    return path


def refusal(path: Path) -> str:
    """The message that opening this file ends with."""
    before = path.read_bytes() if os.path.isfile(path) else None
    with pytest.raises(WorkbookError) as caught, opened(path):
        pass
    assert (path.read_bytes() if os.path.isfile(path) else None) == before
    assert str(path) in str(caught.value)
    return str(caught.value)


def directory_entry(data: bytes | bytearray, name: str) -> int:
    """Where a member's entry of the central directory begins."""
    return data.rindex(name.encode()) - 46


# Opening


def test_a_workbook_is_opened(workbook: Path) -> None:
    with opened(workbook) as package:
        assert "xl/workbook.xml" in package.namelist()


@pytest.mark.parametrize(
    ("xml", "creator"),
    [
        (
            "<cp:coreProperties><dc:title>创</dc:title><dc:creator>甲 &amp; 乙</dc:creator></cp:coreProperties>",
            "甲 &amp; 乙",
        ),
        ('<coreProperties><creator xmlns="urn:x">甲</creator></coreProperties>', "甲"),
        ('<coreProperties><creator xmlns="urn:x"/><b>乙</b></coreProperties>', ""),
        ("<coreProperties><creator/></coreProperties>", ""),
        ("<coreProperties><lastcreator>甲</lastcreator></coreProperties>", ""),
        (None, ""),
    ],
)
def test_a_property_is_what_is_stored(xml: str | None, creator: str) -> None:
    with zipfile.ZipFile(io.BytesIO(), "w") as package:
        if xml is not None:
            package.writestr("docProps/core.xml", xml)
        assert stated(package, "creator") == creator


def test_a_missing_file(tmp_path: Path) -> None:
    assert "找不到文件" in refusal(tmp_path / "没有.xlsx")


def test_a_path_through_a_file(workbook: Path) -> None:
    assert "找不到文件" in refusal(workbook / "里面.xlsx")


def test_a_name_that_is_too_long(tmp_path: Path) -> None:
    assert "文件名太长" in refusal(tmp_path / ("长" * 300 + ".xlsx"))


def test_a_folder(tmp_path: Path) -> None:
    assert "是文件夹" in refusal(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_refused_without_waiting_for_its_writer(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.xlsx"
    os.mkfifo(pipe)
    assert "不是普通文件" in refusal(pipe)


def test_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "空.xlsx"
    path.touch()
    assert "是空文件" in refusal(path)


@pytest.mark.parametrize("content", [b"hello", "姓名,得分\n".encode("gbk"), b"%PDF-1.7", b"<html>", b"P", b"\xd0\xcf"])
def test_a_file_that_is_no_workbook(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    assert "不是 Excel 工作簿" in refusal(path)


@pytest.mark.parametrize("first", [b"", b"b\x14#e\x9c,", b"EST;\x8a\x01"])
def test_what_a_unit_keeps_encrypted_is_told_as_such(tmp_path: Path, first: bytes) -> None:
    """Programs that aren't trusted read other bytes than Excel; in their beginning a comma makes no text of them."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(first + random.Random(first).randbytes(5000))
    assert "文件加密软件" in refusal(path)
    path.write_bytes(b"hello")
    assert "文件加密软件" not in refusal(path)


def archive(**parts: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (archive(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "OpenDocument 文件"),
        (archive(**{"Index/Document.iwa": "x"}), "Numbers 表格"),
        ("姓名,得分\n甲,80\n".encode("gbk"), "文本（如 .csv）"),
        ("\ufeff姓名\t得分\n".encode("utf-8"), "文本（如 .csv）"),
        (b"\n<HTML><table><tr><td>1</td></tr></table>", "网页"),
        (
            b'<?xml version="1.0"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "2003 版的 XML 表格",
        ),
        (b"%PDF-1.7\n1 0 obj <<a, b>>", "PDF"),
    ],
)
def test_what_else_it_is_is_told(tmp_path: Path, content: bytes, kind: str) -> None:
    """Also under a workbook's name, as systems of accounting export web pages and texts."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    assert f"不是 Excel 工作簿，而是{kind}" in refusal(path)


def test_another_kind_of_zip_file(tmp_path: Path) -> None:
    path = tmp_path / "文档.zip"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("a.txt", "a")
    assert "不是 Excel 工作簿" in refusal(path)


def ole(*names: str) -> bytes:
    return OLE_MAGIC + b"\0" * 504 + b"".join((name + "\0").encode("utf-16-le") for name in names)


@pytest.mark.parametrize("stream", ["Workbook", "Book"])
def test_an_old_workbook(tmp_path: Path, stream: str) -> None:
    path = tmp_path / "旧.xls"
    path.write_bytes(ole("Root Entry", stream))
    assert "旧版 .xls" in refusal(path)


def test_an_encrypted_workbook(tmp_path: Path) -> None:
    path = tmp_path / "密.xlsx"
    path.write_bytes(ole("Root Entry", "EncryptionInfo", "EncryptedPackage"))
    assert "有打开密码" in refusal(path)


def test_an_old_text_document(tmp_path: Path) -> None:
    path = tmp_path / "通知.doc"
    path.write_bytes(ole("Root Entry", "WordDocument"))
    assert "不是 Excel 工作簿" in refusal(path)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_workbook(workbook: Path, share: float) -> None:
    data = workbook.read_bytes()
    workbook.write_bytes(data[: int(len(data) * share)])
    assert "已损坏或不完整" in refusal(workbook)


def test_a_damaged_part_is_noticed_when_it_is_read(workbook: Path) -> None:
    with zipfile.ZipFile(workbook) as package:
        place = package.getinfo("xl/workbook.xml").header_offset + 60
    data = bytearray(workbook.read_bytes())
    data[place : place + 20] = b"\xff" * 20
    workbook.write_bytes(data)
    with pytest.raises(WorkbookError, match="已损坏或不完整"), opened(workbook) as package:
        package.read("xl/workbook.xml")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_part_that_is_there_twice(workbook: Path) -> None:
    with zipfile.ZipFile(workbook, "a") as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
    assert "同名的部件" in refusal(workbook)


def test_a_zip_file_with_a_password(workbook: Path) -> None:
    data = bytearray(workbook.read_bytes())
    data[directory_entry(data, "xl/workbook.xml") + 8] |= 1
    workbook.write_bytes(data)
    assert "有密码" in refusal(workbook)


# Zip bombs


def test_a_part_that_inflates_enormously(workbook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package_module, "SMALL", 1 << 20)
    with zipfile.ZipFile(workbook, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/media/bomb.bin", b"\0" * (4 << 20))
        package.writestr("xl/media/noise.bin", os.urandom(1 << 20))  # Must not hide it.
    assert "异常庞大" in refusal(workbook)


def test_more_than_fits(workbook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package_module, "MOST_BYTES", 1000)
    assert "异常庞大" in refusal(workbook)


def test_a_declared_size_is_not_believed_beyond_itself(workbook: Path) -> None:
    """A member that says it is small is not inflated any further than that."""
    with zipfile.ZipFile(workbook, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/bomb.xml", b" " * (8 << 20))
    data = bytearray(workbook.read_bytes())
    place = directory_entry(data, "xl/bomb.xml") + 24
    data[place : place + 4] = struct.pack("<I", 100)
    workbook.write_bytes(data)
    with pytest.raises(WorkbookError, match="已损坏"), opened(workbook) as package:
        package.read("xl/bomb.xml")


# XML


@pytest.mark.parametrize(
    "xml",
    [
        b'<!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>',
        b'<?xml version="1.0"?>\n<!-- a comment -->\n<!DOCTYPE a SYSTEM "http://example.org/a.dtd"><a/>',
        b"\xef\xbb\xbf<!DOCTYPE a><a/>",
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><a/>'.encode("utf-16"),
        b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4-<a/>',
    ],
)
def test_document_types_and_odd_encodings_are_refused(xml: bytes) -> None:
    with pytest.raises(UnsafeXml):
        safe_xml(xml)


@pytest.mark.parametrize(
    "xml",
    [
        b"<a/>",
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<a>&lt;!DOCTYPE a&gt;</a>',
        b"\xef\xbb\xbf<a/>",
        b"<a><![CDATA[<!DOCTYPE a>]]></a>",
    ],
)
def test_other_xml_stays_as_it_is(xml: bytes) -> None:
    assert safe_xml(xml) == xml


def test_utf16_becomes_utf8() -> None:
    assert safe_xml('<?xml version="1.0" encoding="UTF-16"?><a>考核</a>'.encode("utf-16")) == "<a>考核</a>".encode()


def test_a_part_is_read(workbook: Path) -> None:
    with opened(workbook) as package:
        assert b"<workbook " in read_xml(package, "xl/workbook.xml")


# Replacing


def put(content: bytes) -> Callable[[IO[bytes]], object]:
    return lambda file: file.write(content)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_replaced_and_keeps_its_rights(workbook: Path) -> None:
    workbook.chmod(0o640)
    replace(workbook, put(b"new"))
    assert workbook.read_bytes() == b"new"
    assert names(workbook.parent) == ["考核.xlsx"]
    if sys.platform != "win32":
        assert stat.S_IMODE(workbook.stat().st_mode) == 0o640


def test_a_new_file_gets_the_usual_rights(tmp_path: Path) -> None:
    usual, path = tmp_path / "usual", tmp_path / "新.xlsx"
    usual.touch()
    replace(path, put(b"new"))
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode == usual.stat().st_mode


@pytest.mark.parametrize("problem", [ValueError("a bug"), KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_a_failure_leaves_everything_as_it_was(workbook: Path, problem: BaseException) -> None:
    before = workbook.read_bytes()

    def write(file: IO[bytes]) -> None:
        file.write(b"half")
        raise problem

    with pytest.raises(WorkbookError if isinstance(problem, OSError) else type(problem)) as caught:
        replace(workbook, write)
    assert workbook.read_bytes() == before
    assert names(workbook.parent) == ["考核.xlsx"]
    if isinstance(problem, OSError):
        assert "磁盘已满" in str(caught.value)


def test_a_failure_while_the_name_is_given_away(workbook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = workbook.read_bytes()

    def refuse(old: object, new: object) -> None:
        raise PermissionError(13, "in use", str(new))

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(WorkbookError, match="占用"):
        replace(workbook, put(b"new"))
    assert workbook.read_bytes() == before
    assert names(workbook.parent) == ["考核.xlsx"]


def test_a_read_only_file_is_left_alone_even_by_an_administrator(workbook: Path) -> None:
    before = workbook.read_bytes()
    workbook.chmod(0o444)
    with pytest.raises(WorkbookError, match="只读"):
        replace(workbook, put(b"new"))
    assert workbook.read_bytes() == before


@pytest.mark.parametrize("owner", ["~$考核.xlsx", ".~lock.考核.xlsx#", ".~考核.xlsx"])
def test_a_file_that_a_program_holds_open_is_read_but_not_replaced(workbook: Path, owner: str) -> None:
    workbook.with_name(owner).touch()
    before = workbook.read_bytes()
    with opened(workbook):
        pass
    with pytest.raises(WorkbookError, match="正被其他程序打开"):
        replace(workbook, put(b"new"))
    assert workbook.read_bytes() == before
    assert names(workbook.parent) == sorted([owner, "考核.xlsx"])


def test_a_file_that_changes_meanwhile_is_not_replaced(workbook: Path) -> None:
    def write(file: IO[bytes]) -> None:
        file.write(b"new")
        workbook.write_bytes(b"saved by the clerk")

    with pytest.raises(WorkbookError, match="刚刚被其他程序修改"):
        replace(workbook, write)
    assert workbook.read_bytes() == b"saved by the clerk"
    assert names(workbook.parent) == ["考核.xlsx"]


def test_a_folder_is_not_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "文件夹.xlsx"
    folder.mkdir()
    with pytest.raises(WorkbookError, match="是文件夹"):
        replace(folder, put(b"new"))


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match="文件夹不存在"):
        replace(tmp_path / "没有" / "a.xlsx", put(b"new"))


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_stays_a_link(workbook: Path, tmp_path: Path) -> None:
    link = tmp_path / "链接.xlsx"
    link.symlink_to(workbook)
    replace(link, put(b"new"))
    assert link.is_symlink()
    assert workbook.read_bytes() == b"new"


def test_a_long_name_leaves_room_for_the_file_beside_it(tmp_path: Path) -> None:
    path = tmp_path / ("长" * 80 + ".xlsx")
    shutil.copy(__file__, path)
    replace(path, put(b"new"))
    assert path.read_bytes() == b"new"


def archive(*parts: tuple[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in ((CONTENT_TYPES, b"<Types/>"), *parts):
            package.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def test_a_part_that_was_met_is_taken_as_it_was_read_and_another_one_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = _Kept()
    monkeypatch.setattr(package_module, "_KEPT", kept)
    packages = [package_of(archive(("a.xml", content)), Path("a.xlsx")) for content in (b"<a/>", b"<a/>", b"<b/>")]
    found = [read_part(each, "a.xml") for each in packages]
    assert found == [b"<a/>", b"<a/>", b"<b/>"] and found[0] is found[1]
    with pytest.raises(ValueError, match="缺少部件"):
        read_part(packages[0], "b.xml")


@pytest.mark.parametrize("place", ["sum", "size", "name", "listed", "data"])
def test_damage_is_seen_though_the_part_was_met_whole(place: str) -> None:
    whole = archive(("xl/a.xml", b"<a>" + b"1234567" * 20 + b"</a>"))
    assert read_part(package_of(whole, Path("a.xlsx")), "xl/a.xml")
    directory, local = whole.rindex(b"PK\x01\x02"), whole.rindex(b"PK\x03\x04")
    at = {"sum": directory + 16, "size": directory + 24, "name": local + 33, "listed": directory + 49, "data": local + 45}[place]
    damaged = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
    with pytest.raises(WorkbookError, match="已损坏"), damage_told(Path("a.xlsx")):
        read_part(package_of(damaged, Path("a.xlsx")), "xl/`.xml" if place == "listed" else "xl/a.xml")


def test_no_more_is_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package_module, "MOST_KEPT", 1000)
    kept = _Kept()
    monkeypatch.setattr(package_module, "_KEPT", kept)
    package = package_of(archive(*((f"{n}.xml", b"%03d" % n * 100) for n in range(9))), Path("a.xlsx"))
    for _ in range(2):
        for number in range(9):
            assert read_part(package, f"{number}.xml") == b"%03d" % number * 100
            assert sum(map(len, kept._contents.values())) <= 1000
