"""Rows that are written alike are read and written as they would be one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.xlsx import cellreader, patch, rowshapes, sheetforms
from addin.xlsx.cells import CellSet, FormulaCells
from addin.xlsx.model import Cell, CellError, CellValues, Sheet
from addin.xlsx.rowshapes import Rows, alike_rows
from addin.xlsx.sheetdata import SheetData, has_declarations
from workbook_templates.formula.tokens import LAST_ROW


@pytest.fixture(scope="module", autouse=True)
def no_sheet_is_known() -> Iterator[None]:
    """Every one is read by its rows."""
    with mock.patch.object(sheetforms.KEPT, "form", return_value=None):
        yield


STRINGS = ["甲", "<乙> & 丙", ""]
DATES = {b"7": "dates"}


def sheet_xml(rows: list[str], prefix: str = "") -> bytes:
    p = f"{prefix}:" if prefix else ""
    name = f"xmlns:{prefix}" if prefix else "xmlns"
    body = re.sub(r"<(/?)(?=[a-z])", rf"<\1{p}", "".join(rows))
    return f'<{p}worksheet {name}="urn:x"><{p}sheetData>{body}</{p}sheetData></{p}worksheet>'.encode()


def one_by_one(data: SheetData) -> list[Rows]:
    """All rows as if none were like another."""
    return [replace(row, shapes=[]) for rows in alike_rows(data) for row in rows.each(data)]


def read(xml: bytes) -> Sheet:
    sheet = Sheet("S")
    cellreader.read_cells(xml, sheet, STRINGS, DATES)
    return sheet


def patched(xml: bytes, values: dict[tuple[int, int], Cell]) -> bytes:
    given = CellValues(read(xml))
    for (row, col), value in values.items():
        given.sheet.set(row, col, value)
        given.cells.add(col, row, row)
    return patch.patched(xml, given)


def shapes(xml: bytes) -> list[tuple[bool, int]]:
    return [(bool(rows.shapes), rows.last - rows.first + 1) for rows in alike_rows(SheetData(xml))]


# ``{r}`` is the row's number, ``{p}`` the one above, ``{v}`` a value that differs by row.
CELLS = {
    "A": [
        '<c r="A{r}"><v>{v}</v></c>', '<c r="A{r}" s="7"><v>{v}</v></c>', '<c r="A{r}" t="s"><v>1</v></c>',
        '<c r="A{r}" s="7"/>', "", '<c r="A{r}"><v></v></c>', '<c r="A{r}" t="inlineStr"><is><t>内</t></is></c>',
    ],
    "B": [
        '<c r="B{r}"><f>A{r}*{r}+A$3%</f><v>{v}</v></c>', '<c r="B{r}" t="str"><f>IF(A{r}&gt;2,"a&amp;b",B{p})</f><v>x{v}</v></c>',
        '<c r="B{r}"><f>IF(A{r}>2,&quot;a&quot;,1)</f></c>', '<c r="B{r}" s="2"><f>A{r}</f><v/></c>', '<c r="B{r}" s="2"><f>A{r}</f><v /></c>',
        '<c r="B{r}"><f t="shared" si="0"/><v>{v}</v></c>', '<c r="B{r}" t="b"><f ca="1">A{r}&lt;1</f><v>1</v></c>',
        '<c r="B{r}" t="e"><f>SUM({r}:{r})</f><v>#N/A</v></c>', '<c r="B{r}"><f t="array" ref="B{r}">A{r}*2</f><v>1</v></c>',
    ],
    "C": ['<c r="C{r}" t="str"><v> 左</v></c>', '<c r="C{r}" t="str"/>', '<c r="C{r}"><v>{v}</v><!-- 注 --></c>', "", "\n  "],
}  # fmt: skip
FIRST = '<row r="1"><c r="B1"><f t="shared" ref="B1:B90" si="0">A1+$A$1</f><v>1</v></c></row>'


@st.composite
def sheets(draw: st.DrawFn) -> bytes:
    kinds = draw(st.lists(st.tuples(*[st.sampled_from(cells) for cells in CELLS.values()]), min_size=1, max_size=3))
    if draw(st.booleans()):
        # Rows of one table: the same formula, other cells blank.
        kinds = [(a, kinds[0][1], c) for a, _, c in kinds]
    turn = draw(st.lists(st.integers(0, len(kinds) - 1), min_size=4, max_size=14))
    first = draw(st.sampled_from([2, 7, 97]))
    rows = [
        f'<row r="{n}" spans="1:3">{"".join(kinds[kind]).format(r=n, p=n - 1, v=n % 4)}</row>'
        for n, kind in enumerate(turn, first)
    ]
    if draw(st.booleans()):
        rows.append('<row r="500"/>')
    return sheet_xml([FIRST, *rows], draw(st.sampled_from(["", "x"])))


@given(sheets())
def test_rows_mean_the_same_together_and_one_by_one(xml: bytes) -> None:
    together = read(xml)
    with mock.patch.object(cellreader, "alike_rows", one_by_one):
        assert read(xml) == together


def found(xml: bytes, often: int) -> tuple[list[object], Sheet]:
    """Where the rows stand, and what they mean, if patterns are made of so many rows."""
    with mock.patch.object(rowshapes, "_OFTEN", often):
        data = SheetData(xml)
        rows = [row for rows in alike_rows(data) for row in rows.each(data)]
        return [(row.first, row.start, row.content, row.close) for row in rows], read(xml)


@given(sheets(), st.integers(1, 3))
def test_patterns_find_the_same_rows(xml: bytes, often: int) -> None:
    for text in (xml, xml.replace(b"</c>", b"<!-- 1 --></c>", 1)):
        assert found(text, often) == found(text, 1000)


def test_patterns_take_only_what_is_written_so() -> None:
    rows = [f'<row r="{n}" ht="15"><c r="A{n}"><f>A$1+5</f><v>{n}</v></c></row>\n' for n in range(11, 20)]
    xml = sheet_xml(rows)
    for old, new in (
        (b'<row r="17"', b'<row r="21"'), (b'r="A17"', b'r="A18"'), (b"<v>17</v>", b"<v>17<!----></v>"), (b"<v>17</v>", b"<v/>"),
        (b"</row>\n", b"</row>"), (b'<row r="17"', b'<!-- <row r="17"/> --><row r="17"'), (b'<row r="17"', b"<row"), (b"A$1+5", b"A$2+5"),
    ):  # fmt: skip
        before, mark, after = xml.partition(b'<row r="17"')
        changed = before + (mark + after).replace(old, new, 1)
        assert changed != xml
        try:
            expected = found(changed, 1000)
        except ValueError as error:
            with pytest.raises(ValueError, match=str(error)):
                found(changed, 1)
        else:
            assert found(changed, 1) == expected


cell_values: st.SearchStrategy[Any] = st.sampled_from([None, 1.0, 2, True, 0.1 + 0.2, "", " 左", "a&b", "1", CellError.NA])


@given(sheets(), st.dictionaries(st.tuples(st.integers(0, 110), st.integers(0, 2)), cell_values), st.data())
def test_values_are_written_the_same_together_and_one_by_one(
    xml: bytes, values: dict[tuple[int, int], Cell], data: st.DataObject
) -> None:
    rows = range(1, 20) if data.draw(st.booleans()) else range(0)
    col = data.draw(st.integers(0, 2))
    values |= {(row, col): data.draw(cell_values) for row in rows}
    with mock.patch.object(rowshapes, "_OFTEN", data.draw(st.sampled_from([1, 2, 1000]))):
        together = patched(xml, values)
    with mock.patch.object(patch, "alike_rows", one_by_one):
        assert patched(xml, values) == together


@pytest.mark.parametrize("most", [0, 20, 1000])
def test_what_was_read_is_written_the_same_whether_it_was_kept_or_not(most: int) -> None:
    rows = [f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="B{n}"><f>A{n}</f><v>0</v></c></row>' for n in range(1, 30)]
    xml = sheet_xml(rows)
    values: dict[tuple[int, int], Cell] = {(n - 1, 1): float(n * 7) for n in range(1, 30)}
    with mock.patch.object(rowshapes, "_MOST_KEPT", most):
        data = SheetData(xml)
        kept = [bool(found.values) for found in alike_rows(data)]
        assert [bool(found.values) for found in alike_rows(data)][-1] is (most > 58)
    assert kept[0]
    given = CellValues(read(xml))
    for (row, col), value in values.items():
        given.sheet.set(row, col, value)
        given.cells.add(col, row, row)
    assert patch.patched(data, given) == patched(xml, values) != xml


@pytest.mark.parametrize("value", [True, "1", CellError.NA, None, 2.0])
def test_another_value_or_kind_of_value_is_written(value: Cell) -> None:
    rows = [f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 9)]
    xml = sheet_xml(rows)
    assert patched(xml, {(row, 0): 1.0 for row in range(8)}) == xml
    new = patched(xml, {(row, 0): value for row in range(8)})
    assert new != xml and [cell for cell in read(new).cells(0, 0, 7)] == [value] * 8


def test_what_stays_is_written_as_it_was() -> None:
    rows = [f'<row r="{n}"><c r="A{n}"><v>{"1.0" if n == 5 else n}</v></c></row>' for n in range(1, 9)]
    values: dict[tuple[int, int], Cell] = {(row, 0): float(row + 1) for row in range(8)}
    values |= {(4, 0): 1.0, (7, 0): 9.0}
    assert patched(sheet_xml(rows), values) == sheet_xml([*rows[:7], rows[7].replace("<v>8", "<v>9")])


def test_the_third_of_some_rows_is_recognised() -> None:
    rows = [f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="B{n}"><f>A{n}+A{n + 1}</f></c></row>' for n in range(8, 13)]
    assert shapes(sheet_xml(rows)) == [(False, 1), (True, 4)]


@pytest.mark.parametrize(
    "row",
    [
        '<row r="9"><c r="A9"><v>1</v></c><c r="B9"><f>A9+A9</f></c></row>',
        '<row r="9"><c r="A9"><v>1</v></c><c r="B9"><f>A9+A1</f></c></row>',
        '<row r="9"><c r="A9"/><c r="B9"><f>A9+A10</f></c></row>',
        '<row r="9"><c r="A9"><v xml:space="preserve">1</v></c><c r="B9"><f>A9+A10</f></c></row>',
        '<row r="9"><c r="A9" s="1"><v>1</v></c><c r="B9"><f>A9+A10</f></c></row>',
        '<row r="9"><c r="A9"><v>1</v></c><c r="B8"><f>A9+A10</f></c></row>',
    ],
)
def test_a_row_that_differs_in_anything_else_stands_alone(row: str) -> None:
    rows = [f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="B{n}"><f>A{n}+A{n + 1}</f></c></row>' for n in range(5, 12)]
    rows[4] = row
    assert [count for _, count in shapes(sheet_xml(rows))] == [1, 3, 1, 2]


def test_rows_with_blanks_in_other_places_stay_together() -> None:
    kinds = ['<c r="A{n}"/>', '<c r="A{n}" t="s"><v>1</v></c>', '<c r="A{n}"><v>{n}</v></c>']
    rows = [f'<row r="{n}">{kinds[n % 3].format(n=n)}<c r="B{n}"><f>A{n}*2</f><v>0</v></c></row>' for n in range(1, 13)]
    xml = sheet_xml(rows)
    assert shapes(xml) == [(False, 1), (False, 1), (False, 1), (True, 9)]
    assert read(xml).columns[0] == [1.0 * n if n % 3 == 2 else "<乙> & 丙" if n % 3 else None for n in range(1, 12)]
    after = patched(xml, {(n - 1, 1): float(n % 5) for n in range(1, 13)})
    assert after == sheet_xml([row.replace("<v>0</v>", f"<v>{n % 5}</v>") for n, row in enumerate(rows, 1)])
    other = sheet_xml([row.replace("A7*2", "A7*3").replace("A10*2", "A10*3") for row in rows])
    assert [count for _, count in shapes(other)] == [1, 1, 1, 3, 1, 2, 1, 2]


def test_what_rows_differ_in_is_left_open() -> None:
    kinds = ['<c r="A{n}" s="7"/>', '<c r="A{n}" s="7" t="s"><v>1</v></c>', '<c r="A{n}" s="7"><v>{n}.0</v></c>']
    rows = [f"{kinds[n % 2].format(n=n)}" for n in range(1, 9)] + [kinds[2].format(n=n) for n in (9, 10)]
    rows = [f'<row r="{n}">{cell}<c r="B{n}"><f>A{n}%</f><v>{n}</v></c></row>' for n, cell in enumerate(rows, 1)]
    xml = sheet_xml([*rows, '<row r="11"><c r="A11" s="7" t="e"><v>#N/A</v></c><c r="B11"><f>A11%</f></c></row>'])
    with mock.patch.object(rowshapes, "_OFTEN", 4):
        # Numbers stand nowhere above: without a pattern the first row with one would be taken apart.
        assert shapes(xml) == [(False, 1), (False, 1), (True, 8), (False, 1)]
        sheet = read(xml)
        assert sheet.columns[0] == ["<乙> & 丙", None] * 4 + [9.0, 10.0, CellError.NA]
        assert sheet.dates.present(0, 0, 10) == [True] * 11
        cells: list[Cell] = [3.0, "a<b", None, 9.0, 10.5]
        typed = {(row, 0): value for row, value in enumerate(cells, 5)}
        after = patched(xml, typed)
    assert read(after).cells(0, 5, 9) == [3.0, "a<b", None, 9.0, 10.5]
    assert b'<c r="A9" s="7"><v>9.0</v></c>' in after  # It says the same already.


def test_digits_that_are_no_row_s_number_are_never_taken_for_one() -> None:
    rows = [f'<row r="{n}"><c r="B{n}"><f>A{n}*10+{n}</f><v>0</v></c></row>' for n in (9, 10, 11)]
    assert read(sheet_xml(rows)).formulas == {(8, 1): "A9*10+9", (9, 1): "A10*10+10", (10, 1): "A11*10+11"}


def test_a_shared_formula_that_leaves_the_sheet_below_is_told_row_by_row() -> None:
    last = LAST_ROW + 1
    rows = [
        f'<row r="{last - 5}"><c r="B{last - 5}"><f t="shared" ref="B1" si="0">A{last - 2}</f><v>1</v></c></row>',
        *[f'<row r="{n}"><c r="B{n}"><f t="shared" si="0"/><v>1</v></c></row>' for n in range(last - 4, last + 1)],
    ]
    texts = [*[f"A{n}" for n in range(last - 2, last + 1)], "#REF!", "#REF!", "#REF!"]
    assert read(sheet_xml(rows)).formulas == {(last - 6 + i, 1): text for i, text in enumerate(texts)}


def test_a_shared_formula_that_is_defined_anew_means_the_new_one() -> None:
    shared = '<row r="{n}"><c r="B{n}"><f t="shared" si="0"/><v>1</v></c></row>'
    defined = '<row r="{n}"><c r="B{n}"><f t="shared" ref="B1" si="0">A{n}*{k}</f><v>1</v></c></row>'
    rows = [defined.format(n=1, k=5), *[shared.format(n=n) for n in range(2, 6)]]
    rows += [defined.format(n=6, k=7), *[shared.format(n=n) for n in range(7, 11)]]
    assert read(sheet_xml(rows)).formulas == {(n - 1, 1): f"A{n}*{5 if n < 6 else 7}" for n in range(1, 11)}


def test_a_bad_value_among_rows_alike_is_told_as_any_other() -> None:
    rows = [f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 9)]
    with pytest.raises(ValueError, match="x"):
        read(sheet_xml([*rows, '<row r="9"><c r="A9"><v>x</v></c></row>']))
    odd = [row.replace("<v>", "<v><b/>").replace("<c ", '<c t="str" ') for row in rows]
    assert read(sheet_xml(odd)).columns == {0: [str(n) for n in range(1, 9)]}


def test_only_what_changes_is_written() -> None:
    xml = sheet_xml([f'<row r="{n}"><c r="B{n}"><f>A{n}%</f><v>{n}.0</v></c></row>' for n in range(1, 9)])
    assert patched(xml, {(n - 1, 1): float(n) for n in range(1, 9)}) == xml
    after = patched(xml, {(n - 1, 1): float(n if n != 5 else 50) for n in range(1, 9)})
    assert after == xml.replace(b"<v>5.0</v>", b"<v>50</v>")


@given(st.text("<!- a", max_size=9), st.integers(0, 2100))
def test_declarations_are_found_among_exclamation_marks(text: str, many: int) -> None:
    xml = ("!" * many + text).encode()
    assert has_declarations(xml) is (b"<!" in xml)


spans = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 12), st.integers(0, 4)), max_size=12)


@given(spans)
def test_a_set_of_cells(spans: list[tuple[int, int, int]]) -> None:
    cells, plain = CellSet(), set[tuple[int, int]]()
    for col, first, more in spans:
        cells.add(col, first, first + more)
        plain |= {(row, col) for row in range(first, first + more + 1)}
    assert list(cells) == sorted(plain) and len(cells) == len(plain) and cells == CellSet(plain)
    assert [place in cells for place in [(row, col) for row in range(18) for col in range(4)]] == [
        (row, col) in plain for row in range(18) for col in range(4)
    ]
    assert cells.present(1, 2, 11) == [(row, 1) in plain for row in range(2, 12)]
    grown = CellSet([(3, 1)])
    grown.update(cells)
    assert set(grown) == plain | {(3, 1)}


@given(st.lists(st.tuples(st.integers(0, 9), st.lists(st.sampled_from([None, 1.0, "a"]), max_size=5)), max_size=6))
def test_cells_added_together_are_as_added_one_by_one(parts: list[tuple[int, list[Cell]]]) -> None:
    together, single = Sheet("S"), Sheet("S")
    for first, cells in parts:
        together.extend(0, first, cells)
        for row, cell in enumerate(cells, first):
            if cell is not None:
                single.set(row, 0, cell)
    assert together == single


edits = st.lists(
    st.one_of(
        st.tuples(st.integers(0, 9), st.integers(0, 3), st.sampled_from(["A{}+1", "A{}+2", "$A$1", "SUM({0}:{0})"])),
        st.tuples(st.integers(0, 9), st.just(0), st.none()),
    ),
    max_size=14,
)


@given(edits)
def test_formulas_are_kept_as_by_a_dictionary(edits: list[tuple[int, int, str | None]]) -> None:
    formulas, plain = FormulaCells(), dict[tuple[int, int], str]()
    for row, more, text in edits:
        if text is None:
            formulas.pop((row, 0), None)
            plain.pop((row, 0), None)
            continue
        fixed = "SUM" in text
        formulas.fill(0, row, row + more, text.format(row + 1))
        plain |= {(row + i, 0): text.format(row + 1 + (0 if fixed else i)) for i in range(more + 1)}
    assert formulas == plain and len(formulas) == len(plain) and sorted(formulas) == sorted(plain)
    assert formulas.present(0, 2, 11) == [(row, 0) in plain for row in range(2, 12)]
    found = [(run.first, run.last) for run in formulas.runs({})]
    # What reads the same in several rows and means another row in each is told row by row.
    assert all(first == last for first, last in found if "SUM" in formulas[first, 0])
    assert sorted(row for first, last in found for row in range(first, last + 1)) == sorted(row for row, _ in plain)
