"""The writer of VBA projects, byte by byte, against other people's readers."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from pathlib import Path

import olefile
import pytest
import xlwings
from hypothesis import given
from hypothesis import strategies as st
from pyopenvba.vba import decompress

from addin.excel.cfb import compound_file
from addin.excel.project import modules
from addin.excel.vbaproject import CHUNK, Kind, Module, compressed, vba_project


@given(st.text(st.sampled_from("ab \n"), max_size=3 * CHUNK) | st.text(st.characters(codec="ascii"), max_size=300))
def test_what_is_compressed_reads_back(text: str) -> None:
    assert decompress(compressed(text.encode())) == text.encode()


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_chunks_end_where_they_should(size: int) -> None:
    assert decompress(compressed(b"x" * size)) == b"x" * size


def test_a_chunk_that_does_not_get_smaller_is_stored_as_it_is() -> None:
    noise = bytes((place * place * 31 + place * 7) >> 3 & 0xFF for place in range(CHUNK))
    assert decompress(compressed(noise)) == noise and len(compressed(noise)) <= CHUNK + 3


@given(st.dictionaries(st.from_regex(r"\A(VBA/)?[A-Za-z]{1,20}\Z"), st.integers(0, 9000), min_size=1, max_size=20))
def test_streams_of_any_size_stand_in_the_compound_file(sizes: dict[str, int]) -> None:
    """Each holds its own name, so that one in the place of another, or out of step, is noticed."""
    streams = {name: (f"{name} " * size).encode()[:size] for name, size in sizes.items() if name.upper() != "VBA"}
    by_capitals = {name.upper(): (name, content) for name, content in streams.items()}
    wanted = dict(by_capitals.values())
    with olefile.OleFileIO(io.BytesIO(compound_file(wanted)), raise_defects=olefile.DEFECT_INCORRECT) as found:
        assert {"/".join(path): found.openstream(path).read() for path in found.listdir()} == wanted


def test_a_project_too_large_for_the_simple_table_is_refused() -> None:
    with pytest.raises(ValueError, match="7 MB"):
        compound_file({"large": bytes(8_000_000)})


def test_code_that_is_not_ascii_is_refused() -> None:
    with pytest.raises(UnicodeEncodeError):
        vba_project([Module("m", "' 考核\n")], "Kaohe")


def test_a_class_can_be_created_and_a_document_is_there_already() -> None:
    assert "VB_PredeclaredId = False" in Module("Events", "", Kind.CLASS).source
    assert "VB_PredeclaredId = True" in Module("Sheet1", "", Kind.SHEET).source
    assert Module("m", "Option Explicit").source == 'Attribute VB_Name = "m"\r\nOption Explicit\r\n'


MADE_BY_EXCEL = Path(xlwings.__file__).parent / "quickstart_addin_ribbon.xlam"
REFERENCES = {0x16, 0x3E, 0x33, 0x2F, 0x30, 0x0D}


@pytest.fixture(scope="module", params=["Excel's", "ours"])
def project(request: pytest.FixtureRequest) -> olefile.OleFileIO:
    if request.param == "ours":
        return olefile.OleFileIO(io.BytesIO(vba_project(modules(["Sheet1"]), "Kaohe")))
    with zipfile.ZipFile(MADE_BY_EXCEL) as package:
        return olefile.OleFileIO(io.BytesIO(package.read("xl/vbaProject.bin")))


def test_the_directory_has_the_records_that_excel_writes(project: olefile.OleFileIO) -> None:
    content, place, found = decompress(project.openstream("VBA/dir").read()), 0, list[int]()
    while place < len(content):
        number, length = struct.unpack_from("<HI", content, place)
        found.append(number)
        place += 6 + (6 if number == 0x09 else length)
    head = [0x01, 0x02, 0x14, 0x03, 0x04, 0x05, 0x40, 0x06, 0x3D, 0x07, 0x08, 0x09, 0x0C, 0x3C]
    assert found[: len(head)] == head and found[-1] == 0x10
    after = [number for number in found[len(head) : -1] if number not in REFERENCES]
    assert after[:2] == [0x0F, 0x13]
    module = [0x19, 0x47, 0x1A, 0x32, 0x1C, 0x48, 0x31, 0x1E, 0x2C, 0x22, 0x2B]
    assert [0x22 if number == 0x21 else number for number in after[2:]] == module * (len(after[2:]) // len(module))


def test_the_project_is_neither_locked_nor_protected(project: olefile.OleFileIO) -> None:
    text = project.openstream("PROJECT").read().decode("ascii")
    read = dict(re.findall(r'^(ID|CMG|DPB|GC)="(.+)"', text, re.MULTILINE))
    assert [decrypted(read[name], read["ID"]) for name in ("CMG", "DPB", "GC")] == [bytes(4), bytes(1), b"\xff"]


def decrypted(text: str, identity: str) -> bytes:
    """[MS-OVBA] 2.4.3.3."""
    seed, version, key, *rest = bytes.fromhex(text)
    assert version ^ seed == 2 and key ^ seed == sum(identity.encode()) & 0xFF
    plain, last, before, found = key ^ seed, key, version, bytearray()
    for byte in rest:
        plain = byte ^ (before + plain & 0xFF)
        before, last = last, byte
        found.append(plain)
    content = found[(seed & 6) // 2 :]
    assert int.from_bytes(content[:4], "little") == len(content) - 4
    return bytes(content[4:])
