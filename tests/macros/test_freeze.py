"""固化数值: values instead of formulas, everything else as it is."""

from __future__ import annotations

import hashlib
import io
import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from openpyxl import load_workbook
from openxml_audit import OpenXmlValidator

from addin.checking.upgrade import upgraded
from addin.checking.workbook import all_faults
from addin.headless.session import Session
from addin.macros.tools.frozen import frozen_sheet, frozen_table
from tests.differing import differing
from tests.macros.support import lines, read, run
from tests.support import Made


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def repacked(path: Path, changed: dict[str, bytes]) -> Path:
    """The same workbook with other or further parts."""
    parts = members(path.read_bytes()) | changed
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


@pytest.mark.parametrize("arrays", [False, True], ids=["tables", "arrays"])
@pytest.mark.parametrize("slug", differing())
def test_no_formula_is_left_and_every_value_stays(slug: str, arrays: bool, scheme_book: Made, tmp_path: Path) -> None:
    outcome = run("freeze", scheme_book(slug, arrays))
    content = outcome.documents[0].content
    frozen = load_workbook(io.BytesIO(content))
    for sheet in load_workbook(scheme_book(slug, arrays), data_only=True):
        for row, copies in zip(sheet.iter_rows(), frozen[sheet.title].iter_rows(), strict=True):
            for cell, copy in zip(row, copies, strict=True):
                assert copy.data_type != "f" and copy.style_id == cell.style_id
                # openpyxl reads an empty text as one or as nothing.
                assert copy.value == cell.value or (copy.value in ("", None) and cell.value in ("", None))
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    assert OpenXmlValidator().validate(str(path)).errors == []


def test_every_other_part_is_the_same(scheme_book: Made) -> None:
    path = scheme_book("health-centre-staff")
    before, after = members(path.read_bytes()), members(run("freeze", path).documents[0].content)
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        *(name for name in before if name.startswith(("xl/worksheets/sheet", "xl/tables/"))),
    }
    assert set(after) - set(before) == {f"xl/worksheets/sheet{len(load_workbook(path).sheetnames) + 1}.xml"}
    for name in changed:
        if name.startswith("xl/worksheets/"):
            kept = re.compile(rb"<sheetData>.*</sheetData>", re.DOTALL)
            assert kept.sub(b"", before[name]) == kept.sub(b"", after[name]), "validations, formats, print set-up"


def test_date_and_fingerprint_stand_on_a_sheet_of_their_own(scheme_book: Made) -> None:
    path = scheme_book("health-centre-staff")
    outcome = run("freeze", path)
    book = load_workbook(io.BytesIO(outcome.documents[0].content))
    assert book.sheetnames[-1] == "固化说明"
    told: dict[Any, Any] = {row[0]: row[1] for row in book["固化说明"].iter_rows(values_only=True) if row[0]}
    digits = hashlib.sha256(path.read_bytes()).hexdigest().upper()
    assert told["原文件指纹"] == f"{digits[:4]}-{digits[4:8]}-{digits[8:12]}-{digits[12:16]}"
    assert told["原文件"] == "health-centre-staff.xlsx" and told["固化时间"] == "2026年1月5日 09:30"
    assert outcome.documents[0].name == "health-centre-staff_固化.xlsx"
    assert outcome.summary == f"{told['换成数值的公式'].split()[0]} 个公式换成了数值；原文件的指纹 {told['原文件指纹']}"


def test_a_frozen_workbook_is_frozen_again_only_when_insisted_on(own_book: Path, tmp_path: Path) -> None:
    path = tmp_path / "三季度.xlsx"
    path.write_bytes(run("freeze", own_book).documents[0].content)
    refused = run("freeze", path)
    assert not refused.documents and "固化的副本" in refused.messages[0].text
    again = run("freeze", path, force=True)
    assert again.summary.startswith("0 个公式")
    assert load_workbook(io.BytesIO(again.documents[0].content)).sheetnames[-2:] == ["固化说明", "固化说明2"]


def test_a_chart_sheet_may_have_the_name_already(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        workbook.add_worksheet("数据").write_column("A1", [1, 2])
        chart = workbook.add_chart({"type": "column"})
        chart.add_series({"values": "=数据!$A$1:$A$2"})
        workbook.add_chartsheet("固化说明").set_chart(chart)
    frozen = load_workbook(io.BytesIO(run("freeze", path).documents[0].content))
    assert frozen.sheetnames == ["数据", "固化说明", "固化说明2"]


def test_values_are_computed_first(own_book: Path) -> None:
    assert load_workbook(own_book, data_only=True)["三季度"]["I4"].value == 0, "nobody has computed it yet"
    frozen = load_workbook(io.BytesIO(run("freeze", own_book).documents[0].content))
    assert [frozen["三季度"][f"I{row}"].value for row in range(4, 8)] == [89.4, 84, 94.2, 68]


def test_shared_and_array_formulas_go_and_texts_that_were_empty_are_blank() -> None:
    xml = (
        b'<worksheet xmlns="x"><sheetData><row r="1">'
        b'<c r="A1" s="3"><f t="shared" ref="A1:A2" si="0">B1*2</f><v>4</v></c>'
        b'<c r="B1" cm="1" t="str"><f t="array" ref="B1:B2">X</f><v>a &amp; b</v></c>'
        b'<c r="C1" t="str"><f>""</f><v></v></c><c r="D1" t="b"><f>TRUE()</f><v>1</v></c>'
        b'<c r="E1" t="e"><f>NA()</f><v>#N/A</v></c><c r="F1" t="s"><v>0</v></c><c r="G1" s="2"/>'
        b'</row><row r="2"><c r="A2"><f t="shared" si="0"/><v>6</v></c></row></sheetData></worksheet>'
    )
    new, count = frozen_sheet(xml)
    assert count == 6
    assert new == (
        b'<worksheet xmlns="x"><sheetData><row r="1"><c r="A1" s="3"><v>4</v></c>'
        b'<c r="B1" t="str"><v>a &amp; b</v></c><c r="C1"/><c r="D1" t="b"><v>1</v></c>'
        b'<c r="E1" t="e"><v>#N/A</v></c><c r="F1" t="s"><v>0</v></c><c r="G1" s="2"/>'
        b'</row><row r="2"><c r="A2"><v>6</v></c></row></sheetData></worksheet>'
    )


def test_what_a_copy_is_is_told_in_one_line(scheme_book: Made, tmp_path: Path) -> None:
    path = tmp_path / "副本.xlsx"
    path.write_bytes(run("freeze", scheme_book("health-centre-staff", False)).documents[0].content)
    assert lines(run("check", path))[0].startswith("这是固化的副本，只有数值，改了数据也不会重算")
    assert len(run("check", path).messages) == 1 and not run("publish", path).documents
    rebuilt = upgraded(Session.of(path.read_bytes()))
    assert "固化说明" not in rebuilt.session.book.sheets and all_faults(rebuilt.session) == []
    # A formula in it is looked at again.
    book = load_workbook(path)
    book["人员"]["S6"] = "=1+1"
    book.save(path)
    assert len(run("check", path).messages) > 1


def test_a_sheet_without_formulas_is_the_same_object() -> None:
    xml = b'<worksheet xmlns="x"><sheetData><row r="1"><c r="A1"><v>4</v></c></row></sheetData></worksheet>'
    assert frozen_sheet(xml)[0] is xml


def test_tables_make_no_new_formulas_and_their_totals_are_plain_cells() -> None:
    xml = (
        b'<table ref="A1:B5" totalsRowCount="1"><autoFilter ref="A1:B4"/><tableColumns count="2">'
        b'<tableColumn id="1" name="a" totalsRowLabel="x"/><tableColumn id="2" name="b" totalsRowFunction="custom">'
        b"<calculatedColumnFormula>1+1</calculatedColumnFormula><totalsRowFormula>SUM([b])</totalsRowFormula>"
        b"</tableColumn></tableColumns></table>"
    )
    assert frozen_table(xml).partition(b"\n")[2] == (
        b'<table ref="A1:B4"><autoFilter ref="A1:B4"/><tableColumns count="2">'
        b'<tableColumn id="1" name="a"/><tableColumn id="2" name="b"/></tableColumns></table>'
    )


def test_the_order_of_computing_and_links_are_not_left_behind(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        workbook.add_worksheet().write_formula("A1", "=1+1")
    parts = members(path.read_bytes())
    types, relations, main = "[Content_Types].xml", "xl/_rels/workbook.xml.rels", "xl/workbook.xml"
    chain = (
        b'<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><c r="A1" i="1"/></calcChain>'
    )
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"
    relation = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"
    repacked(
        path,
        {
            "xl/calcChain.xml": chain,
            types: parts[types].replace(
                b"</Types>", b'<Override PartName="/xl/calcChain.xml" ContentType="' + kind + b'"/></Types>'
            ),
            relations: parts[relations].replace(
                b"</Relationships>",
                b'<Relationship Id="rId99" Type="' + relation + b'" Target="calcChain.xml"/></Relationships>',
            ),
            main: parts[main].replace(b"</sheets>", b"</sheets><externalReferences/>"),
        },
    )
    frozen = members(run("freeze", path).documents[0].content)
    assert "xl/calcChain.xml" not in frozen
    assert b"calcChain" not in frozen[types] + frozen[relations]
    assert b'updateLinks="never"' in frozen[main]


def test_cells_that_cannot_be_computed_keep_their_values_and_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        workbook.add_worksheet().write_formula("A1", "=NOSUCH(1)", None, 7)
    outcome = run("freeze", path)
    assert lines(outcome) == ["这一格无法计算（函数 NOSUCH 不受支持），固化的是原来保存的值 [Sheet1!A1]"]
    assert not outcome.sound
    assert load_workbook(io.BytesIO(outcome.documents[0].content))["Sheet1"]["A1"].value == 7


def test_macros_are_kept(scheme_book: Made, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsm"
    path.write_bytes(scheme_book("rank-steps").read_bytes())
    repacked(path, {"xl/vbaProject.bin": b"anything"})
    document = run("freeze", path).documents[0]
    assert document.name == "a_固化.xlsm" and members(document.content)["xl/vbaProject.bin"] == b"anything"


@pytest.mark.slow
def test_libreoffice_opens_it(scheme_book: Made, tmp_path: Path, soffice: str) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(run("freeze", scheme_book("health-centre-staff")).documents[0].content)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        [soffice, profile, "--headless", "--convert-to", "ods", "--outdir", str(tmp_path), str(path)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    with zipfile.ZipFile(tmp_path / "x.ods") as package:
        content = package.read("content.xml").decode()
    assert "原文件指纹" in content and "103.2" in content
    assert not re.search(r'table:formula="[^"]*KAOHE', content)


def test_the_users_file_stays_as_it_is(scheme_book: Made) -> None:
    path = scheme_book("rank-steps")
    before = path.read_bytes()
    run("freeze", path)
    assert path.read_bytes() == before == read(path).session.content
