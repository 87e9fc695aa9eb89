"""Workbooks are read as spreadsheet programs mean them, however their XML is written."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, unescape

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.formula.translate import Translator

from addin.headless.computation import compute
from addin.xlsx.model import MOST_GAP, Area, Cell, CellError, Sheet, Table, cell_name, column_name
from addin.xlsx.reader import read_workbook
from addin.xlsx.strings import decoded, read_strings
from tests.xlsx.support import MAIN, OFFICE, relations, sheet_xml, strings, write
from workbook_templates.formula.moving import SharedFormula

# Values


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="A1"><v>87.5</v></c>', 87.5),
        ('<c r="A1" t="n"><v>1E-3</v></c>', 0.001),
        ('<c r="A1" t="b"><v>1</v></c>', True),
        ('<c r="A1" t="b"><v>0</v></c>', False),
        ('<c r="A1" t="e"><v>#DIV/0!</v></c>', CellError.DIV0),
        ('<c r="A1" t="e"><v>#UNHEARD!</v></c>', CellError.VALUE),
        ('<c r="A1" t="str"><v>甲 &lt;&amp;&gt; &#x4E59;&quot;</v></c>', '甲 <&> 乙"'),
        ('<c r="A1" t="str"><v></v></c>', ""),
        ('<c r="A1" t="str"><v>a_x000D_b_x005F_x0041_</v></c>', "a\rb_x0041_"),
        ('<c r="A1" t="str"><v>a\r\nb</v></c>', "a\nb"),
        ('<c r="A1" t="str"><v xml:space="preserve"> a </v></c>', " a "),
        ('<c r="A1" t="str"><v><![CDATA[<c r="B1">]]>&amp;</v></c>', '<c r="B1">&'),
        ('<c r="A1" t="d"><v>2026-11-21T00:00:00Z</v></c>', 46347.0),
        ('<c r="A1" t="d"><v>2026-11-21T06:00:00.750</v></c>', 46347 + 21600.75 / 86400),
        ('<c r="A1" t="d"><v>1899-12-30</v></c>', 0.0),
        ('<c r="A1" t="d"><v>1899-12-30T12:00:00</v></c>', 0.5),
        ('<c r="A1" t="inlineStr"><is><t>甲</t></is></c>', "甲"),
        ('<c r="A1" t="inlineStr"><is><r><t>甲</t></r><r><rPr/><t>乙</t></r><rPh><t>x</t></rPh></is></c>', "甲乙"),
        ('<c r="A1" s="0"/>', None),
        ('<c r="A1"><v/></c>', None),
        ('<c r="A1"></c>', None),
        ("<c r='A1' ><v>1</v> </c >", 1.0),
        ('<c s="0" r="A1"><v>1</v></c>', 1.0),
        ("<c><v>1</v></c>", 1.0),
        ('<!-- <c r="A1"><v>2</v></c> --><c r="A1"><v>1</v></c>', 1.0),
        ('<c r="A1"><v>1</v><extLst><ext uri="x"/></extLst></c>', 1.0),
    ],
)
def test_every_way_to_store_a_value(book: Any, cell: str, value: Cell) -> None:
    found = book(f'<row r="1">{cell}</row>').sheets["S"].get(0, 0)
    assert (found, type(found)) == (value, type(value))


def test_shared_strings_plain_and_rich_without_phonetic_guides(book: Any) -> None:
    texts = strings(
        "<t>甲</t>",
        '<r><rPr><b/></rPr><t>加</t></r><r><t xml:space="preserve"> 粗</t></r>',
        '<t>漢字</t><rPh sb="0" eb="2"><t>かんじ</t></rPh><phoneticPr fontId="1"/>',
        "<t/>",
        "<t>_x4E59_<!-- 注 -->!</t>",
    )
    cells = "".join(f'<c r="A{n}" t="s"><v>{n - 1}</v></c>' for n in range(1, 6))
    rows = "".join(f'<row r="{n}">{cell}</c></row>' for n, cell in enumerate(cells.split("</c>")[:-1], start=1))
    read = book(rows, **{"xl/sharedStrings.xml": texts})
    assert [read.sheets["S"].get(row, 0) for row in range(5)] == ["甲", "加 粗", "漢字", "", "乙!"]
    assert read.has_guides and not book(**{"xl/sharedStrings.xml": strings("<t>rPh</t>")}).has_guides


def test_rows_and_cells_without_numbers_are_counted(book: Any) -> None:
    found = book(
        "<row><c><v>1</v></c><c><v>2</v></c></row><row r='4'><c r='C4'><v>3</v></c><c><v>4</v></c></row><row><c><v>5</v></c></row>"
    )
    sheet = found.sheets["S"]
    assert [sheet.get(*place) for place in [(0, 0), (0, 1), (3, 2), (3, 3), (4, 0)]] == [1.0, 2.0, 3.0, 4.0, 5.0]
    assert sheet.get(99, 99) is None


def test_a_namespace_prefix(book: Any) -> None:
    xml = sheet_xml('<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="inlineStr"><is><t>甲</t></is></c></row>')
    for tag in ("worksheet", "sheetData", "row", "c", "f", "v", "is", "t"):
        xml = (
            xml.replace(f"<{tag} ", f"<m:{tag} ").replace(f"<{tag}>", f"<m:{tag}>").replace(f"</{tag}>", f"</m:{tag}>")
        )
    sheet = book(**{"xl/worksheets/sheet1.xml": xml.replace("xmlns=", "xmlns:m=")}).sheets["S"]
    assert (sheet.get(0, 0), sheet.get(0, 1), sheet.formulas) == (2.0, "甲", {(0, 0): "1+1"})


def test_utf16(book: Any) -> None:
    xml = sheet_xml('<row r="1"><c r="A1" t="str"><v>甲</v></c></row>').replace("UTF-8", "UTF-16")
    assert book(**{"xl/worksheets/sheet1.xml": xml.encode("utf-16")}).sheets["S"].get(0, 0) == "甲"


# Formulas


def test_formulas_and_their_stored_values(book: Any) -> None:
    sheet = book(
        '<row r="1"><c r="A1"><f>IF(B1&lt;2,"a""b",1)</f><v>3</v></c><c r="B1" t="str"><f ca="1">=TODAY()</f><v>x</v></c></row>'
    ).sheets["S"]
    assert sheet.formulas == {(0, 0): 'IF(B1<2,"a""b",1)', (0, 1): "TODAY()"}
    assert (sheet.get(0, 0), sheet.get(0, 1)) == (3.0, "x")


def test_shared_formulas_are_written_out(book: Any) -> None:
    sheet = book(
        '<row r="2"><c r="C2"><f t="shared" ref="C2:D3" si="0">A2*$A$1+SUM(A:A)</f><v>0</v></c>'
        '<c r="D2"><f t="shared" si="0"/><v>0</v></c></row>'
        '<row r="3"><c r="C3"><f t="shared" si="0"></f><v>0</v></c><c r="D3"><f>7</f><v>7</v></c></row>'
    ).sheets["S"]
    assert sheet.formulas == {
        (1, 2): "A2*$A$1+SUM(A:A)", (1, 3): "B2*$A$1+SUM(B:B)", (2, 2): "A3*$A$1+SUM(A:A)", (2, 3): "7",
    }  # fmt: skip


def test_array_formulas_of_one_cell_and_of_many(book: Any) -> None:
    sheet = book(
        '<row r="1"><c r="A1"><f t="array" ref="A1:A2">C1:C2*2</f><v>1</v></c>'
        '<c r="B1" cm="1"><f t="array" aca="1" ref="B1">SUM(C1:C2)</f><v>1</v></c></row>'
        '<row r="2"><c r="A2"><v>2</v></c></row>'
    ).sheets["S"]
    assert sheet.formulas == {(0, 0): "C1:C2*2", (0, 1): "SUM(C1:C2)"}
    assert sheet.arrays == {(0, 0): Area("S", 0, 0, 1, 0), (0, 1): Area("S", 0, 1, 0, 1)}
    assert sheet.get(1, 0) == 2.0


def test_a_data_table_is_a_formula_that_nobody_can_compute(book: Any) -> None:
    sheet = book(
        '<row r="2"><c r="B2"><f t="dataTable" ref="B2:B3" dt2D="0" dtr="0" r1="A1"/><v>1</v></c></row>'
    ).sheets["S"]
    assert (sheet.formulas, sheet.arrays) == ({(1, 1): "TABLE()"}, {(1, 1): Area("S", 1, 1, 2, 1)})


def test_a_formula_shared_with_a_cell_that_has_none_is_told(book: Any) -> None:
    workbook = book('<row r="1"><c r="A1"><f t="shared" si="3"/><v>77</v></c><c r="B1"><f>A1*2</f><v>1</v></c></row>')
    _, problems = compute(workbook)
    assert [(p.cell, p.count) for p in problems] == [("A1", 2)] and "失去主公式的共享公式" in problems[0].message
    assert workbook.sheets["S"].get(0, 1) == 1


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("A1:B2+'A1 B2'!A1+\"A1\"", (1, 1), "B2:C3+'A1 B2'!B2+\"A1\""),
        ("LOG10(A1)+A1.x+系数1+T[[#This Row],[A1]:[B1]]", (1, 1), "LOG10(B2)+A1.x+系数1+T[[#This Row],[A1]:[B1]]"),
        ("A1:INDEX($A1:A$9,2)", (1, 1), "B2:INDEX($A2:B$9,2)"),
        ("SUM(1:2)+SUM($A:B)", (1, 1), "SUM(2:3)+SUM($A:C)"),
        ("A1048576+XFD1", (1, 1), "#REF!+#REF!"),
    ],
)
def test_references_of_a_shared_formula_move_with_the_cell(text: str, at: tuple[int, int], expected: str) -> None:
    assert SharedFormula(text, 0, 0).at(*at) == expected


_ends = st.builds(
    lambda a, col, b, row: f"{a}{cell_name(0, col)[:-1]}{b}{row}",
    st.sampled_from(["", "$"]), st.integers(5, 30), st.sampled_from(["", "$"]), st.integers(6, 99),
)  # fmt: skip


@given(st.lists(_ends, min_size=1, max_size=4), st.sampled_from("+*&:"), st.integers(-5, 50), st.integers(-5, 50))
def test_shared_formulas_move_as_openpyxl_moves_them(ends: list[str], sign: str, down: int, right: int) -> None:
    text = sign.join(ends[:2] if sign == ":" else ends)
    row, col = 5, 5
    expected = Translator(f"={text}", cell_name(row, col)).translate_formula(cell_name(row + down, col + right))
    assert "=" + SharedFormula(text, row, col).at(row + down, col + right) == expected


# Workbook, names, tables


def test_sheets_in_order_their_parts_and_relations(book: Any) -> None:
    found = book(
        **{
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><workbookPr date1904="1"/><sheets>'
            '<sheet name="二" sheetId="7" r:id="b"/><sheet name="图" sheetId="8" r:id="c"/>'
            '<sheet name="一 &amp; &quot;半&quot;" sheetId="3" r:id="a"/></sheets><definedNames>'
            "<definedName name=\"系数\">'二'!$A$1</definedName>"
            '<definedName name="Local" localSheetId="2" hidden="1">二!$A$1:$B$2</definedName></definedNames><calcPr iterate="1" iterateCount="7"/></workbook>',
            "xl/_rels/workbook.xml.rels": relations(
                a="worksheet:worksheets/sheet1.xml", b="worksheet:/xl/worksheets/Other.XML", c="chartsheet:c.xml"
            ),
            "xl/worksheets/other.xml": sheet_xml('<row r="1"><c r="A1"><v>2</v></c></row>'),
        }
    )
    assert list(found.sheets) == ["二", '一 & "半"']
    assert found.parts == {"二": "xl/worksheets/other.xml", '一 & "半"': "xl/worksheets/sheet1.xml"}
    assert found.sheets["二"].get(0, 0) == 2.0
    assert found.names == {"系数": "'二'!$A$1", '一 & "半"!local': "二!$A$1:$B$2"}
    assert (found.date1904, found.as_shown, found.iterations, found.least_change) == (True, False, 7, 0.001)


def test_tables_without_their_headings_and_totals(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as target:
        page = target.add_worksheet("人员")
        page.add_table("B3:D7", {"name": "People", "total_row": True, "columns": [{"header": n} for n in "甲乙丙"]})
        page.add_table("F3:F5", {"name": "Plain", "header_row": False})
    tables = read_workbook(path).tables
    assert tables["People"] == Table("People", "人员", ("甲", "乙", "丙"), 3, 5, 1, True, True)
    assert tables["Plain"] == Table("Plain", "人员", ("Column1",), 2, 4, 5, False, False)
    assert tables["People"].last_col == 3


def test_ranges_that_a_template_marks_are_tables(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as target:
        page = target.add_worksheet("人员 名单")
        page.write_row("A5", ["姓名", "得分"])
        target.define_name("_KAOHE.人员", "='人员 名单'!$A$5:$B$9")
        target.define_name("_KAOHE.坏", "=#REF!")
    assert read_workbook(path).tables == {"人员": Table("人员", "人员 名单", ("姓名", "得分"), 5, 8, 0)}


def test_cells_that_show_a_day(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    formats = [
        "yyyy-mm-dd",
        'yyyy"年"m"月"d"日"',
        "[$-804]d/m",
        14,
        31,
        "0.00",
        "h:mm",
        '0"d"',
        "[Red]0",
        20,
        "General",
    ]
    with xlsxwriter.Workbook(path) as target:
        page = target.add_worksheet("S")
        for row, number_format in enumerate(formats):
            page.write(row, 0, 46347, target.add_format({"num_format": number_format}))
    assert sorted(read_workbook(path).sheets["S"].dates) == [(row, 0) for row in range(5)]


def test_cells_that_show_a_time(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    times = ["h:mm", 20, "[Red]mm:ss", '上午/下午h"时"', 45]
    others = ["[h]:mm", 46, "[mm]:ss", "0.00", "m", '0"小时h"', "0_s", "yyyy-mm-dd hh:mm", "General"]
    with xlsxwriter.Workbook(path) as target:
        page = target.add_worksheet("S")
        for row, number_format in enumerate([*times, *others]):
            page.write(row, 0, 0.5, target.add_format({"num_format": number_format}))
    sheet = read_workbook(path).sheets["S"]
    assert sorted(sheet.times) == [(row, 0) for row in range(5)]
    assert sorted(sheet.spans) == [(row, 0) for row in range(5, 8)]


def test_stray_cells_in_the_last_row_take_no_room(book: Any) -> None:
    """Whole columns up to them would be 50 million blanks."""
    stray = "".join(f'<c r="{column_name(col)}1048576"><v>{col}</v></c>' for col in range(50))
    sheet = book(f'<row r="1"><c r="A1"><v>7</v></c></row><row r="1048576">{stray}</row>').sheets["S"]
    assert sheet.height == 1_048_576 and sheet.width == 50
    assert [sheet.get(0, 0), sheet.get(1, 0), sheet.get(1_048_575, 0), sheet.get(1_048_575, 49)] == [7, None, 0, 49]
    assert sum(map(len, sheet.columns.values())) < 2
    assert sheet.cells(3, 1_048_570, 1_048_575) == [None] * 5 + [3]


def test_cells_typed_below_and_above_stray_ones_find_their_place() -> None:
    sheet = Sheet("S")
    rows = (0, 2 * MOST_GAP, 2 * MOST_GAP + 1, MOST_GAP, 2 * MOST_GAP - 1, 2 * MOST_GAP, 5, 2 * MOST_GAP + 2)
    for order, row in enumerate(rows):
        sheet.set(row, 0, float(order))
    wanted = {row: float(order) for order, row in enumerate(rows)}
    cells = sheet.cells(0, 0, 2 * MOST_GAP + 9)
    assert {row: cell for row, cell in enumerate(cells) if cell is not None} == wanted
    assert {row: sheet.get(row, 0) for row in wanted} == wanted and sheet.get(2 * MOST_GAP + 3, 0) is None


def test_a_text_of_a_formula_may_say_that_it_stands_in_line(book: Any) -> None:
    cell = '<c r="A1" t="inlineStr"><f>B1&amp;"x"</f><v>甲</v></c>'
    assert book(f'<row r="1">{cell}</row>').sheets["S"].get(0, 0) == "甲"


def test_names_of_parts_are_equal_whatever_their_case(tmp_path: Path) -> None:
    with zipfile.ZipFile(write(tmp_path / "a.xlsx", '<row r="1"><c r="A1"><v>7</v></c></row>')) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as package:
        for name, content in parts.items():
            package.writestr(name if name == "[Content_Types].xml" else name.upper(), content)
    assert read_workbook(tmp_path / "b.xlsx").sheets["S"].get(0, 0) == 7


@pytest.mark.parametrize("items", [("<t>a\r\nb\rc</t>",), ("<t>a\r\nb\rc</t>", "<r><t>d</t></r>")])
def test_a_shared_string_has_line_feeds_however_its_part_ends_lines(items: tuple[str, ...]) -> None:
    assert read_strings(strings(*items).encode())[0] == "a\nb\nc"


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=5), max_size=6),
    st.data(),
)
def test_shared_strings_are_read_as_a_parser_reads_them(texts: list[str], data: st.DataObject) -> None:
    """However they are written: plain, rich, blank, with spaces or comments between them."""
    shapes = [
        "<si><t>{}</t></si>",
        '<si><t xml:space="preserve">{}</t></si>',
        '<si><t>{}</t><phoneticPr fontId="1" type="noConversion"/></si>',
        "<si><r><t>{}</t></r></si>",
        "\n<si >\n<t>{}</t></si>",
    ]
    stored = [escape("".join(c if c in "\t\n" or c >= " " else f"_x{ord(c):04X}_" for c in text)) for text in texts]
    stored = [text.replace("\ufffe", "_xFFFE_").replace("\uffff", "_xFFFF_") for text in stored]
    taken = st.sampled_from(shapes if data.draw(st.booleans()) else shapes[:3])
    items = "".join(data.draw(taken).format(text) for text in stored)
    assert read_strings(f'<sst xmlns="{MAIN}">{items}</sst>'.encode()) == [decoded(unescape(text)) for text in stored]


# Another reader as the judge

_texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="_\ufffe\uffff"), min_size=1, max_size=6
)
_cells = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**9), 10**9).map(lambda n: n / 128),
    st.sampled_from(["#N/A", "=A1+1"]),
    _texts,
)


@given(st.lists(st.lists(_cells, max_size=5), max_size=5))
def test_cells_are_read_as_openpyxl_wrote_them(tmp_path_factory: pytest.TempPathFactory, rows: list[list[Any]]) -> None:
    path = tmp_path_factory.mktemp("any") / "a.xlsx"
    target = openpyxl.Workbook()
    for row, cells in enumerate(rows, start=1):
        for col, cell in enumerate(cells, start=1):
            target.active.cell(row, col).value = cell
    target.save(path)
    sheet = read_workbook(path).sheets["Sheet"]
    for row, cells in enumerate(rows):
        for col, cell in enumerate(cells):
            if isinstance(cell, str) and cell.startswith("=") and len(cell) > 1:
                # Some programs write the sign with which a formula begins; one is left out.
                assert sheet.formulas[row, col] == cell[1:].removeprefix("=")
            else:
                assert sheet.get(row, col) == (CellError.NA if cell == "#N/A" else cell)


def test_a_sheet_grows_with_its_cells() -> None:
    sheet = Sheet("S")
    sheet.set(3, 2, "x")
    assert (sheet.height, sheet.width, sheet.get(3, 2), sheet.get(0, 2), sheet.get(4, 2)) == (4, 3, "x", None, None)


@pytest.mark.parametrize(
    ("cells", "height"), [("", 1), ('<c r="V1048576" s="1"/>', 1), ("<c r='A1048576'><f>1</f></c>", 1_048_576)]
)
def test_a_blank_last_row_does_not_make_a_sheet_long(book: Any, cells: str, height: int) -> None:
    """LibreOffice writes one once a row has been deleted; ranges down to it would be millions of cells."""
    sheet = book(f'<row r="1"><c r="A1"><v>7</v></c></row><row r="1048576" ht="12.8">{cells}</row>').sheets["S"]
    assert sheet.height == height
