"""Computed values reach the file; nothing else in it changes."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from functools import cache
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from addin.portable.archive import rewrite
from addin.xlsx import patch
from addin.xlsx.files import WorkbookError, replace
from addin.xlsx.model import Cell, CellError, CellValues, Sheet

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000" + "1f15c4890000000d49444154789c63f8cfc0f01f0005"
    "000201e2" + "21bc330000000049454e44ae426082"
)  # fmt: skip


def sheet(rows: str, prefix: str = "", after: str = "") -> bytes:
    p, name = (f"{prefix}:", f"xmlns:{prefix}") if prefix else ("", "xmlns")
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<{p}worksheet {name}="{MAIN}"><{p}sheetData>{rows}</{p}sheetData>{after}</{p}worksheet>'
    ).encode()


Values = dict[tuple[int, int], Cell]


def patched(xml: bytes, values: Values) -> bytes:
    """A sheet's XML with these values."""
    given = CellValues(Sheet("S"))
    for (row, col), value in values.items():
        given.sheet.set(row, col, value)
        given.cells.add(col, row, row)
    return patch.patched(xml, given)


def row_after(row: str, values: Values) -> str:
    """A row's cells after patching."""
    before, after = sheet(f'<row r="1">{row}</row>'), patched(sheet(f'<row r="1">{row}</row>'), values)
    start, end = before.index(b'<row r="1">') + 11, b"</row></sheetData></worksheet>"
    assert after[:start] == before[:start]
    assert after.endswith(end)
    return after[start : -len(end)].decode()


# One cell


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (87.5, '<c r="A1"><f>B1</f><v>87.5</v></c>'),
        (87.0, '<c r="A1"><f>B1</f><v>87</v></c>'),
        (87, '<c r="A1"><f>B1</f><v>87</v></c>'),
        (0.1 + 0.2, '<c r="A1"><f>B1</f><v>0.30000000000000004</v></c>'),
        (-0.0, '<c r="A1"><f>B1</f><v>0</v></c>'),
        (1e300, '<c r="A1"><f>B1</f><v>1e+300</v></c>'),
        (10**400, '<c r="A1" t="e"><f>B1</f><v>#NUM!</v></c>'),
        (float("nan"), '<c r="A1" t="e"><f>B1</f><v>#NUM!</v></c>'),
        ("合格", '<c r="A1" t="str"><f>B1</f><v>合格</v></c>'),
        ("", '<c r="A1" t="str"><f>B1</f><v></v></c>'),
        ("a<b & c>d", '<c r="A1" t="str"><f>B1</f><v>a&lt;b &amp; c&gt;d</v></c>'),
        (" 两端 ", '<c r="A1" t="str"><f>B1</f><v xml:space="preserve"> 两端 </v></c>'),
        ("一\r\n二\x07", '<c r="A1" t="str"><f>B1</f><v>一_x000D_\n二_x0007_</v></c>'),
        ("_x0041_", '<c r="A1" t="str"><f>B1</f><v>_x005F_x0041_</v></c>'),
        (True, '<c r="A1" t="b"><f>B1</f><v>1</v></c>'),
        (False, '<c r="A1" t="b"><f>B1</f><v>0</v></c>'),
        (CellError.NA, '<c r="A1" t="e"><f>B1</f><v>#N/A</v></c>'),
        (None, '<c r="A1"><f>B1</f></c>'),
    ],
)
def test_every_kind_of_value(value: Cell, cell: str) -> None:
    assert row_after('<c r="A1"><f>B1</f><v>7</v></c>', {(0, 0): value}) == cell


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<c r="A1" s="3" t="str"><f>B1</f><v>甲</v></c>', '<c r="A1" s="3"><f>B1</f><v>5</v></c>'),
        ('<c r="A1" t="str" s="3"><f>B1</f><v>甲</v></c>', '<c r="A1" s="3"><f>B1</f><v>5</v></c>'),
        ('<c r="A1" t="s"><f>B1</f><v>12</v></c>', '<c r="A1"><f>B1</f><v>5</v></c>'),
        ('<c r="A1"><f>B1</f></c>', '<c r="A1"><f>B1</f><v>5</v></c>'),
        ('<c r="A1"><f>B1</f><v/></c>', '<c r="A1"><f>B1</f><v>5</v></c>'),
        ('<c r="A1"/>', '<c r="A1"><v>5</v></c>'),
        ('<c r="A1" t="inlineStr"><is><t>x</t></is></c>', '<c r="A1"><v>5</v></c>'),
        ("<c r='A1' t='e' ><f>B1</f> <v>#REF!</v> </c >", "<c r='A1' ><f>B1</f> <v>5</v> </c>"),
        ('<c s="1" r="A1"><f>B1</f><v>1</v></c>', '<c s="1" r="A1"><f>B1</f><v>5</v></c>'),
        ("<c><f>B1</f><v>1</v></c>", "<c><f>B1</f><v>5</v></c>"),
        (
            '<c r="A1" cm="1"><f t="array" ref="A1:A2">B1:B2</f><v>1</v></c>',
            '<c r="A1" cm="1"><f t="array" ref="A1:A2">B1:B2</f><v>5</v></c>',
        ),
        ('<c r="A1" t="e" vm="1"><f>B1</f><v>#VALUE!</v></c>', '<c r="A1"><f>B1</f><v>5</v></c>'),
        ('<c r="A1"><f t="shared" si="0"/><v>1</v></c>', '<c r="A1"><f t="shared" si="0"/><v>5</v></c>'),
        (
            '<c r="A1"><f><![CDATA[IF(B1<2,"</c>","<v>")]]></f><v>1</v></c>',
            '<c r="A1"><f><![CDATA[IF(B1<2,"</c>","<v>")]]></f><v>5</v></c>',
        ),
        (
            '<c r="A1"><f>B1</f><v>1</v><extLst><ext uri="x"/></extLst></c>',
            '<c r="A1"><f>B1</f><v>5</v><extLst><ext uri="x"/></extLst></c>',
        ),
        (
            '<!-- <c r="A1"><v>0</v></c> --><c r="A1"><f>B1</f><v>1</v></c>',
            '<!-- <c r="A1"><v>0</v></c> --><c r="A1"><f>B1</f><v>5</v></c>',
        ),
    ],
)
def test_every_way_to_write_a_cell(before: str, after: str) -> None:
    assert row_after(before, {(0, 0): 5.0}) == after


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="A1"><f>B1</f><v>89.999999999999986</v></c>', 89.99999999999999),
        ('<c r="A1" t="n"><f>B1</f><v>87.50</v></c>', 87.5),
        ('<c r="A1" t="str"><f>B1</f><v></v></c>', ""),
        ('<c r="A1" t="b"><f>B1</f><v>1</v></c>', True),
        ('<c r="A1" s="2"/>', None),
    ],
)
def test_a_value_that_is_there_already_is_not_written_again(cell: str, value: Cell) -> None:
    before = sheet(f'<row r="1">{cell}</row>')
    assert patched(before, {(0, 0): value}) is before


# Sheets


def test_only_the_given_cells_change() -> None:
    row = '<c r="A1"><v>1</v></c><c r="B1"><f>A1</f><v>1</v></c><c r="C1" t="s"><v>0</v></c>'
    assert row_after(row, {(0, 1): 2.0}) == row.replace("<f>A1</f><v>1</v>", "<f>A1</f><v>2</v>")


def test_a_sheet_with_a_namespace_prefix() -> None:
    before = sheet('<x:row r="1"><x:c r="A1"><x:f>B1</x:f><x:v>1</x:v></x:c></x:row>', "x")
    after = patched(before, {(0, 0): "甲"})
    assert after == before.replace(b'r="A1"', b'r="A1" t="str"').replace(b"<x:v>1</x:v>", "<x:v>甲</x:v>".encode())


def test_a_sheet_in_utf16() -> None:
    text = sheet('<row r="1"><c r="A1"><f>B1</f><v>1</v></c></row>').decode().replace("UTF-8", "UTF-16")
    after = patched(text.encode("utf-16"), {(0, 0): 2.0})
    assert after.decode("utf-16") == text.replace("<v>1</v>", "<v>2</v>")
    assert patched(after, {(0, 0): 2.0}) is after


def test_cells_outside_of_the_data_are_left_alone() -> None:
    before = sheet(
        '<row r="1"><c r="A1"><v>1</v></c></row>', after='<other><row r="1"><c r="A1"><v>1</v></c></row></other>'
    )
    after = patched(before, {(0, 0): 2.0})
    assert after == before.replace(b"<v>1</v>", b"<v>2</v>", 1)


def test_rows_and_cells_without_numbers_are_counted() -> None:
    before = sheet("<row><c><v>1</v></c></row><row><c><v>2</v></c><c><f>A2</f><v>3</v></c></row>")
    assert patched(before, {(1, 1): 9.0}) == before.replace(b"<v>3</v>", b"<v>9</v>")


def test_cells_of_an_array_that_the_file_does_not_hold_are_added_in_place() -> None:
    before = sheet(
        '<row r="2"><c r="B2"><f t="array" ref="B2:B4">A2:A4</f><v>0</v></c><c r="D2"><v>1</v></c></row><row r="4"/>'
    )
    after = patched(before, {(1, 1): 1.0, (1, 2): "c", (2, 1): 2.0, (3, 1): 3.0, (4, 1): 4.0, (5, 1): None})
    assert after == sheet(
        '<row r="2"><c r="B2"><f t="array" ref="B2:B4">A2:A4</f><v>1</v></c><c r="C2" t="str"><v>c</v></c>'
        '<c r="D2"><v>1</v></c></row><row r="3"><c r="B3"><v>2</v></c></row><row r="4"><c r="B4"><v>3</v></c></row>'
        '<row r="5"><c r="B5"><v>4</v></c></row>'
    )


def test_an_empty_sheet_takes_cells() -> None:
    before = sheet("").replace(b"<sheetData></sheetData>", b"<sheetData/>")
    assert patched(before, {(0, 0): 1.0}) == sheet('<row r="1"><c r="A1"><v>1</v></c></row>')


@pytest.mark.parametrize(
    "xml", [b"", b"<html/>", b"<worksheet/>", b"<worksheet><sheetData><row>", b"<!DOCTYPE worksheet><worksheet/>"]
)
def test_what_is_no_sheet_is_refused(xml: bytes) -> None:
    with pytest.raises(ValueError):
        patched(xml, {(0, 0): 1.0})


def write_values(path: Path, out: Path, computed: dict[str, Values], parts: dict[str, str]) -> None:
    """Patch the sheets in a package, as a session does."""
    content = path.read_bytes()
    with zipfile.ZipFile(path) as package:
        old = {parts[name]: (package.read(parts[name]), values) for name, values in computed.items()}
    new = {part: (before, patched(before, values)) for part, (before, values) in old.items()}
    changed = {part: after for part, (before, after) in new.items() if after is not before}
    if changed or out != path:
        replace(out, lambda file: rewrite(io.BytesIO(content), file, changed))


@cache
def small_book() -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        page = book.add_worksheet("S")
        page.write_formula("B2", "=A1")
        page.write_row("C4", [1, 2, 3])
    return content.getvalue()


_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
_values = st.one_of(st.none(), st.booleans(), st.floats(allow_nan=False, allow_infinity=False), _texts)


@given(st.dictionaries(st.tuples(st.integers(0, 6), st.integers(0, 4)), _values, max_size=20))
def test_what_is_written_is_read_by_openpyxl(values: Values) -> None:
    content, part, out = small_book(), "xl/worksheets/sheet1.xml", io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        rewrite(io.BytesIO(content), out, {part: patched(package.read(part), values)})
    found = openpyxl.load_workbook(out, data_only=True)["S"]
    for (row, col), value in values.items():
        cell = found.cell(row + 1, col + 1).value
        # openpyxl gives "" as None.
        assert _decoded(cell) == (None if value == "" and isinstance(value, str) else value)


def _decoded(cell: object) -> object:
    if isinstance(cell, str):
        return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), cell)
    return cell


# Whole files


@pytest.fixture
def rich(tmp_path: Path) -> Path:
    """A workbook with everything that other programs tend to lose."""
    path = tmp_path / "考核.xlsm"
    picture, project = tmp_path / "p.png", tmp_path / "vbaProject.bin"
    picture.write_bytes(PIXEL)
    project.write_bytes(b"\xd0\xcf\x11\xe0 not read by anyone here")
    with xlsxwriter.Workbook(path) as book:
        book.add_vba_project(str(project))
        page = book.add_worksheet("人员")
        page.write_column("A1", [1, 2, 3])
        page.write_formula("B1", "=SUM(A1:A3)", book.add_format({"num_format": "0.00"}), 0)
        page.write_dynamic_array_formula("C1:C3", "=A1:A3*2", None, 0)
        page.write_comment("A1", "批注")
        page.insert_image("E1", str(picture))
        page.conditional_format("A1:A3", {"type": "3_color_scale"})
        page.data_validation("A1", {"validate": "integer", "criteria": ">", "value": 0})
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=人员!$A$1:$A$3"})
        page.insert_chart("E5", chart)
        page.protect()
    with zipfile.ZipFile(path, "a", zipfile.ZIP_STORED) as package:
        package.comment = "压缩包注释".encode()
        info = zipfile.ZipInfo("xl/unknown/part.bin", (2024, 2, 29, 12, 0, 2))
        info.extra = struct.pack("<2H4s", 0xCAFE, 4, b"abcd")
        info.comment = b"a comment"
        info.external_attr = 0o640 << 16
        package.writestr(info, bytes(range(256)))
        package.writestr("xl/calcChain.xml", f'<calcChain xmlns="{MAIN}"><c r="B1" i="1"/></calcChain>')
    return path


PARTS = {"人员": "xl/worksheets/sheet1.xml"}


def raw(path: Path, name: str) -> bytes:
    """A member's local header and packed content."""
    with zipfile.ZipFile(path) as package:
        infos = sorted(package.infolist(), key=lambda info: info.header_offset)
        ends = [info.header_offset for info in infos[1:]] + [package.start_dir]
        place = next(index for index, info in enumerate(infos) if info.filename == name)
    return path.read_bytes()[infos[place].header_offset : ends[place]]


def entries(path: Path) -> list[dict[str, object]]:
    kept = ("filename", "date_time", "compress_type", "comment", "extra", "external_attr", "create_system", "flag_bits")
    with zipfile.ZipFile(path) as package:
        return [{name: getattr(info, name) for name in kept} for info in package.infolist()]


def test_everything_else_stays_byte_for_byte(rich: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsm"
    write_values(rich, out, {"人员": {(0, 1): 6.0, (0, 2): 2.0, (1, 2): 4.0, (2, 2): 6.0}}, PARTS)
    assert entries(out) == entries(rich)
    with zipfile.ZipFile(rich) as before, zipfile.ZipFile(out) as after:
        assert after.testzip() is None
        assert after.comment == before.comment
        for name in before.namelist():
            if name != PARTS["人员"]:
                assert after.read(name) == before.read(name)
                assert raw(out, name) == raw(rich, name)
        old, new = before.read(PARTS["人员"]), after.read(PARTS["人员"])
    for cell, value in [("B1", 6), ("C1", 2)]:
        at = old.index(b"<v>", old.index(f'<c r="{cell}"'.encode()))
        old = old[:at] + old[at:].replace(b"<v>0</v>", b"<v>%d</v>" % value, 1)
    assert b'cm="1"' in new
    assert new.replace(b'<c r="C2"><v>4</v></c>', b"").replace(b'<c r="C3"><v>6</v></c>', b"") == old.replace(
        b'<c r="C2"><v>0</v></c>', b""
    ).replace(b'<c r="C3"><v>0</v></c>', b"")


def test_openpyxl_and_the_zip_tools_accept_the_result(rich: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsm"
    write_values(rich, out, {"人员": {(0, 1): "六"}}, PARTS)
    assert openpyxl.load_workbook(out, data_only=True)["人员"]["B1"].value == "六"
    assert openpyxl.load_workbook(out)["人员"]["B1"].value == "=SUM(A1:A3)"


def test_the_same_values_leave_the_file_untouched(rich: Path) -> None:
    before = (rich.read_bytes(), rich.stat().st_mtime_ns, rich.stat().st_ino)
    write_values(rich, rich, {"人员": {(0, 1): 0.0}}, PARTS)
    assert (rich.read_bytes(), rich.stat().st_mtime_ns, rich.stat().st_ino) == before


def test_the_same_values_elsewhere_are_an_exact_copy(rich: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsm"
    write_values(rich, out, {"人员": {(0, 1): 0.0}}, PARTS)
    assert out.read_bytes() == rich.read_bytes()


def test_a_file_is_patched_in_place_and_again(rich: Path) -> None:
    write_values(rich, rich, {"人员": {(0, 1): 6.0}}, PARTS)
    once = rich.read_bytes()
    write_values(rich, rich, {"人员": {(0, 1): 7.0}}, PARTS)
    write_values(rich, rich, {"人员": {(0, 1): 6.0}}, PARTS)
    assert rich.read_bytes() == once


def test_an_open_workbook_is_computed_into_another_file_only(rich: Path, tmp_path: Path) -> None:
    rich.with_name(f"~${rich.name}").touch()
    before = rich.read_bytes()
    with pytest.raises(WorkbookError, match="正被其他程序打开"):
        write_values(rich, rich, {"人员": {(0, 1): 6.0}}, PARTS)
    assert rich.read_bytes() == before
    write_values(rich, tmp_path / "out.xlsm", {"人员": {(0, 1): 6.0}}, PARTS)


def test_a_member_written_as_a_stream_gets_true_sizes(tmp_path: Path) -> None:
    """Programs that stream put sizes behind a member and zeros in front of it."""
    path, out = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    content = sheet('<row r="1"><c r="A1"><f>1+1</f><v>0</v></c></row>')
    with path.open("wb") as file:

        class Unseekable:
            def write(self, data: bytes) -> int:
                return file.write(data)

            def flush(self) -> None:
                file.flush()

        with zipfile.ZipFile(Unseekable(), "w", zipfile.ZIP_DEFLATED) as package:  # type: ignore[call-overload]
            package.writestr("[Content_Types].xml", "<Types/>")
            with package.open(PARTS["人员"], "w", force_zip64=True) as member:
                member.write(content)
            package.writestr("last.bin", b"last")
    write_values(path, out, {"人员": {(0, 0): 2.0}}, PARTS)
    assert raw(out, "last.bin") == raw(path, "last.bin")
    data = raw(out, PARTS["人员"])
    crc, packed, size = struct.unpack_from("<3I", data, 14)
    name, extra = struct.unpack_from("<2H", data, 26)
    assert (size, crc) == (len(content), zlib.crc32(content.replace(b"<v>0</v>", b"<v>2</v>")))
    assert len(data) == 30 + name + extra + packed
    with zipfile.ZipFile(out) as package:
        assert package.testzip() is None


def test_an_archive_with_something_in_front_is_written_anew(rich: Path, tmp_path: Path) -> None:
    odd, out = tmp_path / "odd.xlsm", tmp_path / "out.xlsm"
    odd.write_bytes(b"PK??" + rich.read_bytes())
    write_values(odd, out, {"人员": {(0, 1): 6.0}}, PARTS)
    with zipfile.ZipFile(rich) as before, zipfile.ZipFile(out) as after:
        assert after.testzip() is None
        assert after.namelist() == before.namelist()
        assert b"<v>6</v>" in after.read(PARTS["人员"])
