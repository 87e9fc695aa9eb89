"""The writer of VBA projects, byte by byte, against other people's readers."""

from __future__ import annotations

import io

import olefile
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyopenvba.vba import decompress

from addin.excel.cfb import compound_file
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


@given(st.dictionaries(st.from_regex(r"\A(VBA/)?[A-Za-z]{1,20}\Z"), st.binary(max_size=9000), min_size=1, max_size=20))
def test_streams_of_any_size_stand_in_the_compound_file(streams: dict[str, bytes]) -> None:
    streams = {name: content for name, content in streams.items() if name.upper() != "VBA"}
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
