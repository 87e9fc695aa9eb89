"""What can't be read is refused with its place."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from addin.headless import WorkbookError
from addin.headless.computation import compute
from addin.xlsx.reader import read_workbook
from tests.xlsx.support import MAIN, OFFICE, relations, sheet_xml, strings, types, write

NO_XML = ("&nbsp;", "a & b", "&#1;", "&#xD800;", "&#99999999999;", "\x08")


@pytest.mark.parametrize(
    "parts",
    [
        {"xl/workbook.xml": "<workbook"},
        {"xl/worksheets/sheet1.xml": "<html/>"},
        {"xl/worksheets/sheet1.xml": sheet_xml('<row r="1"><c r="A1"><v>1</v></row>')},
        {"xl/worksheets/sheet1.xml": sheet_xml('<row r="1"><c r="A1"><v>abc</v></c></row>')},
        {"xl/worksheets/sheet1.xml": sheet_xml('<row r="1"><c r="A1" t="s"><v>5</v></c></row>')},
        {"xl/worksheets/sheet1.xml": sheet_xml('<row r="99999999999"><c><v>1</v></c></row>')},
        {"xl/worksheets/sheet1.xml": sheet_xml('<row r="1"><c r="XFE1"><v>1</v></c></row>')},
        {"xl/worksheets/sheet1.xml": sheet_xml('<row r="2"><c r="A2"/></row><row r="1"><c r="A1"/></row>')},
        {"xl/worksheets/sheet1.xml": sheet_xml('<row r="1"><c r="A1"/></row><row r="1"><c r="B1"/></row>')},
        *(
            {"xl/worksheets/sheet1.xml": sheet_xml(f'<row r="1"><c r="A1" t="str"><v>{text}</v></c></row>')}
            for text in NO_XML
        ),
        *(
            {"xl/worksheets/sheet1.xml": sheet_xml(f'<row r="1"><c r="A1"><f>"{text}"</f></c></row>')}
            for text in NO_XML
        ),
        *({"xl/sharedStrings.xml": strings(f"<t>{text}</t>", "<t>甲</t>")} for text in NO_XML),
        {"xl/worksheets/sheet1.xml": sheet_xml("") + "<!-- \x0b -->"},
        {
            "xl/worksheets/sheet1.xml": sheet_xml('<row r="1"><c r="A1" t="s"><v>-1</v></c></row>'),
            "xl/sharedStrings.xml": strings("<t>甲</t>"),
        },
        {"xl/worksheets/sheet1.xml": sheet_xml('<row r="1"><c r="A1" t="d"><v>2026-13-01</v></c></row>')},
        {"xl/worksheets/sheet1.xml": sheet_xml('<row r="1"><c r="B1"><f t="array" ref="A9:B9">A1:A2</f></c></row>')},
        {
            "xl/_rels/workbook.xml.rels": relations(s="worksheet:worksheets/sheet1.xml", u="styles:styles.xml").replace(
                '"u"', '"s"'
            ),
        },
        {"[Content_Types].xml": "<a/>"},
        {
            "[Content_Types].xml": types(
                "xl/workbook.xml", "openxmlformats-officedocument.wordprocessingml.document.main+xml"
            )
        },
        {"[Content_Types].xml": types("xl/worksheets/sheet1.xml")},
        {"xl/workbook.xml": "<a/>"},
        {"xl/_rels/workbook.xml.rels": relations()},
        {"xl/workbook.xml": f'<workbook xmlns="{MAIN}"/>'},
        {
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet r:id="s"/></sheets></workbook>'
        },
        {"xl/worksheets/sheet1.xml": "<!DOCTYPE a>" + sheet_xml("")},
        {"xl/sharedStrings.xml": '<!DOCTYPE a [<!ENTITY b "bb">]>' + strings("<t>&b;</t>")},
        {"xl/_rels/workbook.xml.rels": relations(s="worksheet:worksheets/none.xml")},
        {"xl/worksheets/sheet1.xml": sheet_xml("").encode() + b"\xff\xfe", "xl/workbook.xml": b"\xff\xff"},
    ],
)
def test_damaged_parts_are_reported(tmp_path: Path, parts: dict[str, Any]) -> None:
    path = write(tmp_path / "坏.xlsx", **parts)
    with pytest.raises(WorkbookError, match=r"坏\.xlsx"):
        read_workbook(path)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ('<row r="1"><c r="A1"><v>2,5</v></c></row>', "工作表“S”A1 单元格的值“2,5”不是数字"),
        ('<row r="1"><c r="A1"><v>1_0</v></c></row>', "工作表“S”A1 单元格的值“1_0”不是数字"),
        ('<row r="1"><c r="A1"><v>１</v></c></row>', "工作表“S”A1 单元格的值“１”不是数字"),
        ('<row r="1"><c r="A1" t="b"><v>61</v></c></row>', "工作表“S”A1 单元格的逻辑值“61”不合规范"),
        ('<row r="1"><c r="A1" t="s"><v>1.5</v></c></row>', "工作表“S”A1 引用了不存在的文本"),
        ('<row r="1"><c r="A1"><v>NaN</v></c></row>', "工作表“S”A1 单元格的值“NaN”不是数字"),
        ('<row r="1"><c r="A1"><v>1e309</v></c></row>', "工作表“S”A1 单元格的值“1e309”不是数字"),
        ('<row r="1"><c r="A1" t="zz"><v>1</v></c></row>', "工作表“S”A1 单元格的类型“zz”不合规范"),
        ('<row r="1"><c r="A1"><v>1</v><v>2</v></c></row>', "工作表“S”A1 中有两个 v 元素"),
        ('<row r="1"><c r="A1"><f>1</f><f>2</f></c></row>', "工作表“S”A1 中有两个 f 元素"),
        ('<row r="1"><c r="A2"><v>1</v></c></row>', "工作表“S”第 1 行中有写着“A2”的单元格"),
        ('<row r="1"><c r="A2"><v>1</v><!-- --></c></row>', "工作表“S”第 1 行中有写着“A2”的单元格"),
        ('<row r="1"><c r="B1"/><c r="A1"><v>1</v></c></row>', "工作表“S”第 1 行的单元格次序不对"),
        ('<row r="1"><c r="B1"/><c r="B1"><v>1</v></c></row>', "工作表“S”第 1 行的单元格次序不对，或有两个在同一列"),
        ('<row r="1"><c r="B1"/><c r="B1"><v>1</v><!-- --></c></row>', "或有两个在同一列"),
        ('<row r="x"><c r="A1"><v>1</v></c></row>', "工作表“S”没有第 x 行"),
        ('<row r="-1"><c r="A1"><v>1</v></c></row>', "工作表“S”没有第 -1 行"),
        ('<row r="0"><c r="A0"><v>1</v></c></row>', "工作表“S”没有第 0 行"),
        ('<row r="1048577"><c r="A1048577"/></row>', "工作表“S”没有第 1048577 行"),
        ('<row r="1"><c r="XFE1"><v>1</v></c></row>', "工作表“S”没有 XFE 列"),
        ('<row r="1"><c r="A1" t="str"><v>a&#0;bcdefghijk</v></c></row>', "工作表“S”第 1 行的 XML 写错或没有写完"),
        ('<row r="7"><c r="A7"><v>1</v></c><c r="B7"><v>1</w></c></row>', "工作表“S”第 7 行的 XML 写错或没有写完"),
        ('<row r="7"><c r="A7"/><c r="B7" t="e"><f t="array" ref="A7:B7">1</f></c></row>', "B7 的数组公式不从这一格开始"),
    ],
)
def test_damage_is_told_with_its_sheet_and_cell(book: Any, rows: str, told: str) -> None:
    with pytest.raises(WorkbookError, match=re.escape(told)):
        book(rows)


def test_a_row_among_many_alike_is_refused_too(book: Any) -> None:
    rows = [f'<row r="{row}"><c r="A{row}"><v>{row}.5</v></c></row>' for row in range(1, 401)]
    for row, other in ((200, "A201"), (400, "A399")):
        wrong = rows[row - 1].replace(f"A{row}", other)
        with pytest.raises(WorkbookError, match=f"第 {row} 行中有写着“{other}”的单元格"):
            book("".join([*rows[: row - 1], wrong, *rows[row:]]))
    for value in ("NaN", "1e309"):
        with pytest.raises(WorkbookError, match=f"A300 单元格的值“{value}”不是数字"):
            book("".join(rows).replace("300.5", value))


@pytest.mark.parametrize(
    ("part", "content", "told"),
    [
        ("xl/workbook.xml", f'<workbook xmlns="{MAIN}">\n<sheets', "XML 在第 2 行第 8 个字符写错或没有写完"),
        ("xl/workbook.xml", f'<workbook xmlns="{MAIN}"><sheets><sheet/></sheets></workbook>', "缺少“name”"),
        (
            "xl/styles.xml",
            f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="x"/></cellXfs></styleSheet>',
            "有数字或属性写错",
        ),
    ],
)
def test_damage_is_told_without_a_librarys_words(tmp_path: Path, part: str, content: str, told: str) -> None:
    with pytest.raises(WorkbookError, match=re.escape(f"无法读取（{told}）")):
        read_workbook(write(tmp_path / "a.xlsx", **{part: content}))


def test_sheets_of_one_name_are_refused(tmp_path: Path) -> None:
    sheets = "".join(f'<sheet name="{name}" sheetId="{at}" r:id="s"/>' for at, name in enumerate(("Ab", "aB"), 1))
    main = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{sheets}</sheets></workbook>'
    with pytest.raises(WorkbookError, match="有两个工作表都叫“aB”"):
        read_workbook(write(tmp_path / "a.xlsx", **{"xl/workbook.xml": main}))


def test_sheets_of_one_part_are_refused(tmp_path: Path) -> None:
    sheets = "".join(f'<sheet name="{name}" sheetId="{at}" r:id="s"/>' for at, name in enumerate(("甲", "乙"), 1))
    main = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{sheets}</sheets></workbook>'
    with pytest.raises(WorkbookError, match="“乙”和另一个工作表是同一个部件"):
        read_workbook(write(tmp_path / "a.xlsx", **{"xl/workbook.xml": main}))


def test_a_name_of_two_meanings_has_none(tmp_path: Path) -> None:
    names = "".join(
        f'<definedName name="{name}">{meaning}</definedName>'
        for name, meaning in (("系数", "2"), ("系数", "3"), ("x", "5"), ("X", "5"))
    )
    main = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="S" sheetId="1" r:id="s"/></sheets>'
        f"<definedNames>{names}</definedNames></workbook>"
    )
    rows = '<row r="1"><c r="A1"><f>系数*2</f><v>7</v></c><c r="B1"><f>x*2</f><v>7</v></c></row>'
    parts = {"xl/workbook.xml": main, "xl/worksheets/sheet1.xml": sheet_xml(rows)}
    computed, [problem] = compute(read_workbook(write(tmp_path / "a.xlsx", **parts)))
    assert computed == {"S": {(0, 1): 10}} and problem.cell == "A1" and "有两个不同的定义" in problem.message


def test_parts_whose_names_differ_by_case_only_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match="同名的部件"):
        read_workbook(write(tmp_path / "a.xlsx", **{"XL/Worksheets/Sheet1.xml": sheet_xml("")}))


def test_a_word_document_is_no_workbook(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", **{"_rels/.rels": relations(a="other:word/document.xml")})
    with pytest.raises(WorkbookError, match="不是 Excel 工作簿"):
        read_workbook(path)


@pytest.mark.parametrize(
    "mark",
    ["<!--", "<![CDATA[", "<si>", "<si ", "<row>", "<row r='", "<c>", "<c r='", "<col ", "<f>", "<v>", "<is>", "&"],
)
def test_what_is_begun_many_times_and_never_ended_is_seen_at_once(mark: str, tmp_path: Path) -> None:
    """Looking for each end anew would take hours."""
    begun = mark * 100_000
    inside, behind = (
        f'<row r="1"><c r="A1"><v>0</v>{begun}</c></row>',
        f'<row r="1"><c r="A1"><v>0</v></c>{begun}</row>',
    )
    with pytest.raises(WorkbookError):
        read_workbook(write(tmp_path / "a.xlsx", inside))
    with suppress(WorkbookError):  # What is no cell is not looked into.
        read_workbook(write(tmp_path / "b.xlsx", behind))
    with pytest.raises(WorkbookError):
        read_workbook(write(tmp_path / "c.xlsx", **{"xl/sharedStrings.xml": strings(begun)}))


def test_brackets_in_a_format_are_looked_through_once(tmp_path: Path) -> None:
    styles = (
        f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="{"[" * 300_000}"/></numFmts>'
        '<cellXfs count="1"><xf numFmtId="164"/></cellXfs></styleSheet>'
    )
    path = write(tmp_path / "a.xlsx", '<row r="1"><c r="A1"><v>1</v></c></row>', **{"xl/styles.xml": styles})
    assert read_workbook(path).sheets["S"].get(0, 0) == 1
