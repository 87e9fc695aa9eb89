"""Rows put into a workbook's file: everything that a sheet holds goes with them."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from lxml import etree
from openpyxl import load_workbook
from openxml_audit import OpenXmlValidator

from addin.headless.session import Session
from addin.portable.archive import rewrite
from addin.xlsx.files import WorkbookError
from addin.xlsx.rows import Rows, crosses_array

LAST = 4
"""The last row of the table, from zero; below it stands a note."""


def book(path: Path) -> Session:
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet, other = workbook.add_worksheet("表"), workbook.add_worksheet("别的")
        sheet.write_row(0, 0, ["名", "数", "倍", "累计"])
        for row in range(1, LAST + 1):
            sheet.write_row(row, 0, [f"第{row}", row])
            sheet.write_formula(row, 2, f"=$B{row + 1}*2", None, row * 2)
            sheet.write_formula(row, 3, f"=N(D{row})+B{row + 1}", None, row * (row + 1) // 2)
        sheet.add_table(
            0, 0, LAST, 3, {"name": "名单", "columns": [{"header": name} for name in ("名", "数", "倍", "累计")]}
        )
        sheet.write_formula("F1", "=SUM(B2:B5)+B7", None, 17)
        sheet.write("A7", "注")
        sheet.write("B7", 7)
        sheet.merge_range("A9:B9", "并")
        sheet.write_comment("A7", "批注")
        sheet.write_comment("B5", "批注")
        sheet.data_validation(1, 1, LAST, 1, {"validate": "custom", "value": "=B2>0"})
        sheet.conditional_format(1, 1, LAST, 1, {"type": "formula", "criteria": "=B2>$B$7"})
        sheet.conditional_format(1, 2, LAST, 2, {"type": "data_bar", "data_bar_2010": True})
        sheet.set_h_pagebreaks([6])
        sheet.print_area(0, 0, 8, 3)
        other.write_formula("A1", "=SUM(名单[数])+表!B7+SUM(表!$B$2:$B$5)", None, 27)
        other.write_array_formula("C1:C4", "{=表!B2:B5}", None, 1)
        workbook.define_name("数列", "=表!$B$2:$B$5")
        chart = workbook.add_chart({"type": "column"})
        chart.add_series({"categories": "=表!$A$2:$A$5", "values": "=表!$B$2:$B$5"})
        sheet.insert_chart("A12", chart)
    session = Session.open(path)
    session.compute()
    return session


def grown(path: Path, count: int = 3, columns: tuple[int, ...] = (2, 3)) -> Session:
    session = book(path).with_rows([Rows("表", LAST, count, columns)])
    session.compute()
    return session


def part(session: Session, name: str) -> Any:
    return etree.fromstring(session.package.read(name))


def test_formulas_are_filled_down_from_the_row_above(tmp_path: Path) -> None:
    session = grown(tmp_path / "a.xlsx")
    sheet = session.book.workbook.sheets["表"]
    assert [sheet.formulas[row, 2] for row in range(1, 8)] == [f"$B{row + 1}*2" for row in range(1, 8)]
    assert [sheet.formulas[row, 3] for row in range(1, 8)] == [f"N(D{row})+B{row + 1}" for row in range(1, 8)]
    assert sheet.cells(0, 1, 7) == ["第1", "第2", "第3", None, None, None, "第4"]
    assert sheet.cells(3, 1, 7) == [1, 3, 6, 6, 6, 6, 10]


@pytest.mark.filterwarnings("ignore:.*extension is not supported")
def test_whatever_reads_the_table_grows_with_it(tmp_path: Path) -> None:
    session = grown(tmp_path / "a.xlsx")
    workbook = session.book.workbook
    assert (workbook.tables["名单"].first_row, workbook.tables["名单"].last_row) == (1, 7)
    assert workbook.sheets["表"].formulas[0, 5] == "SUM(B2:B8)+B10"
    assert workbook.sheets["别的"].formulas[0, 0] == "SUM(名单[数])+表!B10+SUM(表!$B$2:$B$8)"
    assert workbook.sheets["别的"].formulas[0, 2] == "表!B2:B8" and session.book.value("别的", 0, 0) == 27
    assert workbook.names["数列"] == "表!$B$2:$B$8"
    session.write(tmp_path / "b.xlsx")
    sheet = load_workbook(tmp_path / "b.xlsx")["表"]
    assert [str(each.sqref) for each in sheet.data_validations.dataValidation] == ["B2:B8"]
    assert [(str(each.sqref), each.rules[0].formula) for each in sheet.conditional_formatting] == [
        ("B2:B8", ["B2>$B$10"]),
        ("C2:C8", []),
    ]
    assert [str(each) for each in sheet.merged_cells.ranges] == ["A12:B12"]
    assert (
        sheet["A10"].comment is not None and sheet["B8"].comment is not None and sheet.print_area == "'表'!$A$1:$D$12"
    )
    assert [each.id for each in sheet.row_breaks.brk] == [9]
    assert sheet.auto_filter.ref is None and sheet.tables["名单"].autoFilter.ref == "A1:D8"


def test_charts_notes_and_extensions_go_with_the_cells(tmp_path: Path) -> None:
    session = grown(tmp_path / "a.xlsx")
    texts = [e.text for e in part(session, "xl/charts/chart1.xml").iter("{*}f")]
    assert texts == ["表!$A$2:$A$8", "表!$B$2:$B$8"]
    anchor = part(session, "xl/drawings/drawing1.xml")
    assert next(int(e.text) for e in anchor.iter("{*}row")) == 11 + 3
    assert b"<x:Row>9</x:Row>" in session.package.read("xl/drawings/vmlDrawing1.vml").replace(b" ", b"")
    sheet = part(session, "xl/worksheets/sheet1.xml")
    assert [e.text for e in sheet.iter("{http://schemas.microsoft.com/office/excel/2006/main}sqref")] == ["C2:C8"]


def test_the_file_is_valid_and_comes_back_as_it_was(tmp_path: Path) -> None:
    before, session = book(tmp_path / "a.xlsx"), grown(tmp_path / "a.xlsx")
    session.write(tmp_path / "b.xlsx")
    found = OpenXmlValidator().validate(str(tmp_path / "b.xlsx"))
    assert not found.errors
    # The row of the fourth person is the last one again.
    back = session.with_rows([Rows("表", LAST, -3)]).workbook
    for name, sheet in before.workbook.sheets.items():
        assert {**back.sheets[name].formulas, (LAST, 3): ""} == {**sheet.formulas, (LAST, 3): ""}
        assert back.sheets[name].arrays == sheet.arrays
    assert back.names == before.workbook.names and back.tables == before.workbook.tables


def test_formulas_that_cells_share_are_written_out(tmp_path: Path) -> None:
    session = book(tmp_path / "a.xlsx")
    xml = session.package.read("xl/worksheets/sheet1.xml")
    xml = xml.replace(b"<f>$B2*2</f>", b'<f t="shared" ref="C2:C5" si="0">$B2*2</f>')
    for row in (3, 4, 5):
        xml = xml.replace(b"<f>$B%d*2</f>" % row, b'<f t="shared" si="0"/>')
    stream = io.BytesIO()
    rewrite(io.BytesIO(session.content), stream, {"xl/worksheets/sheet1.xml": xml})
    shared = Session.of(stream.getvalue())
    assert shared.workbook.sheets["表"].formulas == session.workbook.sheets["表"].formulas
    assert b"shared" not in shared.with_rows([Rows("表", LAST, 3, (2, 3))]).package.read("xl/worksheets/sheet1.xml")


def test_arrays_are_crossed_only_where_they_stand(tmp_path: Path) -> None:
    workbook = book(tmp_path / "a.xlsx").workbook
    assert not crosses_array(workbook, Rows("表", LAST, 3)) and crosses_array(workbook, Rows("别的", 1, 1))
    assert crosses_array(workbook, Rows("别的", 3, -1)) and not crosses_array(workbook, Rows("别的", 4, 1))


def test_rows_that_the_sheet_has_no_room_for_are_refused(tmp_path: Path) -> None:
    session = book(tmp_path / "a.xlsx")
    with pytest.raises(WorkbookError, match="第 7 行放不下"):
        session.with_rows([Rows("表", LAST, 1_048_570)])


def test_blank_rows_at_the_end_of_the_sheet_make_room(tmp_path: Path) -> None:
    session = book(tmp_path / "a.xlsx")
    xml = session.package.read("xl/worksheets/sheet1.xml")
    blank = b'<row r="1048574"/><row r="1048576" ht="12.8"><c r="A1048576" s="0"/></row></sheetData>'
    stream = io.BytesIO()
    rewrite(io.BytesIO(session.content), stream, {"xl/worksheets/sheet1.xml": xml.replace(b"</sheetData>", blank)})
    longer = Session.of(stream.getvalue()).with_rows([Rows("表", LAST, 1, (2, 3))])
    rows = etree.fromstring(longer.package.read("xl/worksheets/sheet1.xml")).findall("{*}sheetData/{*}row")
    assert [row.get("r") for row in rows][-2:] == ["10", "1048575"]
    assert longer.workbook.sheets["表"].get(LAST + 1, 0) == f"第{LAST}"
