"""Sheets that are written alike but for their values are read and written as they would be without one another."""

from __future__ import annotations

import re
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.xlsx import cellreader, sheetforms
from addin.xlsx.alike import many_expected
from addin.xlsx.model import MOMENTS, Area, Cell, CellError, CellValues, Sheet
from addin.xlsx.patch import patched
from addin.xlsx.sheetdata import SheetData
from addin.xlsx.sheetforms import SheetForm

STRINGS = ["甲", "<乙> & 丙", ""]
CELLS = [
    '<c r="A1" s="7"><v>{}</v></c>', '<c r="B1" t="s"><v>1</v></c>', '<c r="C1"><f>A1*2</f><v>{}</v></c>',
    '<c r="D1" s="2" t="str"><f>A1&amp;"人"</f><v>a&lt;b_x000D_</v></c>', '<c r="E1" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
    '<c r="F1" t="b"><v>1</v></c>', '<c r="G1" s="7"/>', '<c r="H1" t="inlineStr"><is><t>内</t></is></c>',
    '<c r="I1"><f t="array" ref="I1:I9">A1:A2</f><v>{}</v></c>', '<c r="J1" cm="1"><f t="array" ref="J1">A1</f><v>3</v></c>',
    '<c r="K1"><f t="shared" ref="K1:K3" si="0">A1+1</f><v>{}</v></c>', '<c r="L1" t="str"><f>""</f></c>',
]  # fmt: skip


def sheet_xml(rows: list[list[int]], number: float, prefix: str = "") -> bytes:
    """``rows``: which of the cells each row has; ``number`` stands in some of them."""
    body = ""
    for row, cells in enumerate(rows, start=1):
        moved = "".join(re.sub(r"\b([A-L])1\b", rf"\g<1>{row}", CELLS[cell]) for cell in sorted(set(cells)))
        body += f'<row r="{row}">{moved.replace("{}", repr(number + row))}</row>'
    p = f"{prefix}:" if prefix else ""
    name = f"xmlns:{prefix}" if prefix else "xmlns"
    body = re.sub(r"<(/?)(?=[a-z])", rf"<\1{p}", body)
    return f'<{p}worksheet {name}="urn:x"><{p}sheetData>{body}</{p}sheetData></{p}worksheet>'.encode()


def read(xml: bytes, name: str = "S", kind: str = "dates") -> tuple[Sheet, SheetData]:
    sheet = Sheet(name)
    return sheet, cellreader.read_cells(xml, sheet, STRINGS, {b"7": kind})


def form_of(*xmls: bytes, name: str = "S") -> SheetForm | None:
    """What is known of the last of some sheets, met in this order and none before."""
    with mock.patch.object(sheetforms.KEPT, "form", sheetforms._Kept().form):
        found = [read(xml, name)[1] for xml in xmls]
    return found[-1].form[0] if found[-1].form is not None else None


VALUES = st.one_of(
    st.sampled_from([None, True, False, CellError.NA, CellError.SPILL, "", "通过", " a<b ", "_x000D_"]),
    st.floats(allow_nan=False, allow_infinity=False),
)


@given(
    st.lists(st.lists(st.integers(0, len(CELLS) - 1), max_size=8), min_size=1, max_size=5),
    st.lists(st.floats(-1e9, 1e9), min_size=3, max_size=3),
    st.sampled_from(["", "x"]),
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 12), VALUES), max_size=8),
    st.sampled_from(MOMENTS),
)
def test_a_sheet_known_again_is_read_and_written_as_any(
    rows: list[list[int]], numbers: list[float], prefix: str, new: list[tuple[int, int, Cell]], kind: str
) -> None:
    with mock.patch.object(sheetforms.KEPT, "form", sheetforms._Kept().form):
        for number in numbers:
            known, data = read(sheet_xml(rows, number, prefix), kind=kind)
        assert data.form is not None
    with mock.patch.object(sheetforms.KEPT, "form", return_value=None):
        other, plain = read(sheet_xml(rows, numbers[-1], prefix), kind=kind)
    assert plain.form is None and known == other
    written = []
    for sheet, xml in ((known, data), (other, plain)):
        values = CellValues(sheet)
        for row, col, value in new:
            sheet.set(row, col, value)
            values.cells.add(col, row, row)
        written.append(patched(xml, values))
    assert written[0] == written[1]


def test_what_one_sheet_is_changed_to_the_next_is_not() -> None:
    for number in (1.0, 2.0, 3.0):
        sheet, _ = read(sheet_xml([[0, 2, 8], [0, 2]], number))
        assert [sheet.get(0, 2), sheet.formulas[1, 2]] == [number + 1, "A2*2"]
        assert sheet.arrays == {(0, 8): Area("S", 0, 8, 8, 8)} and len(sheet.dates) == 2
        sheet.formulas[1, 2], sheet.arrays[0, 8] = "A2*3", Area("S", 0, 8, 5, 8)
        sheet.dates.add(3, 0, 9)


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: xml.replace(b"<v>2.0</v>", b"<v><![CDATA[2]]></v>"),
        lambda xml: xml.replace(b"<v>2.0</v>", b"<!-- --><v>2.0</v>"),
        lambda xml: xml.replace(b"<v>2.0</v>", b"<v></v>"),
        lambda xml: xml.replace(b"<v>2.0</v>", b'<v xml:space="preserve">2.0</v>'),
        lambda xml: xml.replace(b"<v>2.0</v>", b"<v>2.0</v >"),
        lambda xml: xml.replace(b"A1*2", b"A1*3"),
        lambda xml: xml.replace(b's="7"', b's="6"'),
    ],
)
def test_what_is_written_otherwise_is_another_sheet(change: object) -> None:
    known = [sheet_xml([[0, 2]], number) for number in (0.0, 5.0, 1.0)]
    assert callable(change)
    assert form_of(*known) is not None and form_of(*known[:2], change(known[2])) is None
    assert form_of(known[0]) is None


def test_tags_in_another_order_are_no_values() -> None:
    xml = sheet_xml([[0]], 1.0)
    twisted = xml.replace(b"<v>", b"<o>").replace(b"</v>", b"<v>").replace(b"<o>", b"</v>")
    with pytest.raises(ValueError, match="第 1 行的 XML"):
        form_of(xml, xml, twisted)


def test_so_much_is_kept_and_no_more() -> None:
    kept = sheetforms._Kept()
    with mock.patch.object(sheetforms, "MOST_KEPT_BYTES", 2000), mock.patch.object(sheetforms, "MOST_MET", 3):
        for count in range(1, 12):
            pieces = sheetforms.Pieces.of(sheet_xml([[0, 2]] * count, 1.0), SheetData(sheet_xml([], 0)).rules)
            assert pieces is not None
            for _ in range(2):
                kept.form("S", {}, pieces, lambda xml: Sheet("S"))
        assert 0 < kept._bytes <= 2000 and len(kept._met) == 3
        assert kept._bytes == sum(len(around) for _, _, around in kept._forms)


def test_where_many_are_expected_the_first_sheet_has_a_form_already() -> None:
    assert form_of(sheet_xml([[0, 2]], 0.0)) is None
    with many_expected():
        assert form_of(sheet_xml([[0, 2]], 0.0)) is not None
    assert form_of(sheet_xml([[0, 2]], 0.0)) is None
