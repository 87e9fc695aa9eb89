"""Files that are no workbooks are refused with a clear message."""

from __future__ import annotations

import io
import os
import random
import struct
import zipfile
from pathlib import Path

import pytest

from addin.xlsx import package as package_module
from addin.xlsx.files import OLE_MAGIC, WorkbookError
from addin.xlsx.package import (
    UnsafeXml,
    opened,
    read_xml,
    safe_xml,
    stated,
)


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
        (archive(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "OpenDocument 文件（如 .ods）"),
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
    assert f"不是 Excel 工作簿，而是“{kind}”" in refusal(path)


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
