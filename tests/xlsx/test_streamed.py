"""What is written row by row is read again as it was, by our reader and by openpyxl."""

from __future__ import annotations

import io

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from addin.headless.session import Session
from addin.xlsx import streamed
from addin.xlsx.model import Cell, CellError
from addin.xlsx.streamed import StreamedWorkbook

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=6) | st.sampled_from(
    ["=1+1", " 甲 ", "<a>&\"'", "_x000D_", "a\nb\tc", "TRUE", "#N/A 见表"]
)
CELLS = st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
NAMES = ("甲", '<乙> & "丙"')


def written(rows: list[list[Cell]]) -> bytes:
    book = StreamedWorkbook("kaohe <甲>")
    sheets = [book.sheet(title, ("姓名", "数", "真"), (40,)) for title in NAMES]
    for row in rows:
        for sheet in sheets:
            sheet.add(row)
    stream = io.BytesIO()
    book.write(stream)
    return stream.getvalue()


@settings(max_examples=40)
@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=5))
def test_values_are_read_as_they_were(rows: list[list[Cell]]) -> None:
    content = written(rows)
    for sheet in Session.of(content).workbook.sheets.values():
        found = [[sheet.get(row, col) for col in range(3)] for row in range(1 + len(rows))]
        assert found == [["姓名", "数", "真"], *rows]
        assert [list(map(type, row)) for row in found[1:]] == [list(map(type, row)) for row in rows]
    assert list(Session.of(content).workbook.sheets) == list(NAMES)


def test_it_can_be_read_on_paper_and_long_texts_are_whole() -> None:
    book, stream = StreamedWorkbook("kaohe"), io.BytesIO()
    narrow = book.sheet("甲's", ("文件", "绩效考核综合得分（满分一百）"), (21,))
    narrow.add(("十个字十个字十个字十", 1.0))
    narrow.add(("十个字十个字十个字十一", 2.0))
    narrow.add_total(("合计", 3.0))
    named = book.sheet("丙", ("序号", "姓名", "得分"), (0, 12), repeated=2)
    named.add((1.0, "欧阳震华", 90.0))
    named.add((2.0, "买买提·艾合买提江", 90.0))
    wide = book.sheet("乙", [f"第{place}列" for place in range(30)])
    wide.add([1.0] * 30)
    book.write(stream)
    first, third, second = load_workbook(stream)
    assert [third.row_dimensions[row].height for row in (2, 3)] == [None, 33]
    assert [third.column_dimensions[col].width for col in "ABC"] == [8, 12, 8]
    assert [cell.alignment.wrap_text for cell in third[3]] == [None, True, None]
    assert [first.row_dimensions[row].height for row in range(1, 5)] == [33, None, 33, None]
    assert first.column_dimensions["B"].width == 18 and first["A2"].alignment.wrap_text and first["B4"].font.b
    assert first.auto_filter.ref == "A1:B3" and second.auto_filter.ref == "A1:AD2"
    assert first.print_title_rows == "$1:$1" and first.print_title_cols == "$A:$A"
    assert third.print_title_cols == "$A:$B" and third.freeze_panes == "C2"
    for sheet, is_one_page in ((first, True), (second, False)):
        assert sheet.page_setup.paperSize == 9 and sheet.page_setup.orientation == "landscape"
        fitted = sheet.sheet_properties.pageSetUpPr
        assert (bool(fitted and fitted.fitToPage), sheet.page_setup.scale == 80) == (is_one_page, not is_one_page)


def test_headings_are_bold_and_stay_in_sight() -> None:
    book = load_workbook(io.BytesIO(written([["张三", 1.5, True], ["=1+1", CellError.NA, None]])))
    sheet = book[NAMES[1]]
    assert [[cell.value for cell in row] for row in sheet] == [
        ["姓名", "数", "真"], ["张三", 1.5, True], ["=1+1", "#N/A", None],
    ]  # fmt: skip
    assert [cell.font.b for cell in sheet[1]] == [True] * 3 and not sheet["A2"].font.b
    assert sheet["A3"].data_type == "s" and sheet["B3"].data_type == "e"
    assert sheet.freeze_panes == "B2" and sheet.column_dimensions["A"].width == 40
    assert book.properties.creator == "kaohe <甲>"


def test_characters_that_no_file_holds_become_blanks_and_few_texts_are_remembered() -> None:
    (_, sheet), *_ = Session.of(written([["a\x00b\x1f", -0.0, 1e300]])).workbook.sheets.items()
    assert [sheet.get(1, col) for col in range(3)] == ["a b ", 0.0, 1e300]
    bodies = streamed._Bodies()
    for number in range(streamed._MOST_REMEMBERED + 5):
        bodies[str(number)]
    assert len(bodies) == 5
