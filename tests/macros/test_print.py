"""打印稿: what is on it, and how it comes out of the printer.

``KAOHE_PRINT_ALL=1 pytest tests/macros/test_print.py`` renders every scheme with 12, 60 and 300 people; else a few of them.
"""

from __future__ import annotations

import io
import itertools
import os
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openxml_audit import OpenXmlValidator

from addin.headless import calculate
from addin.macros.printing.pages import LANDSCAPE, Column, Form, form_of, write_columns
from addin.macros.printing.paper import Paper, together
from tests.macros.paper import Sheet, render
from tests.macros.support import LONG_UNIT, lines, run, sheet, texts
from tests.support import Made, edit, first_case
from workbook_templates.scheme.catalogue import load, slugs
from workbook_templates.workbook.build import build
from workbook_templates.workbook.sheets.page import display_width

SIZES = (12, 60, 300)
SAMPLE = [("education-pay-policy", 12), ("township-quarterly", 60), ("health-centre-staff", 300)]
EVERY = [(slug, size) for slug in slugs() for size in SIZES]
RENDERED = EVERY if os.environ.get("KAOHE_PRINT_ALL") else SAMPLE
SMALLEST_RESULT, SMALLEST_REGISTER = 9.0, 8.0


def filled(slug: str, size: int, path: Path) -> Path:
    """A scheme's workbook with so many people: those of its first case, again and again under other names."""
    scheme, case = load(slug), first_case(slug)
    tables = case["tables"]
    for table in scheme.tables:
        if table.people and (people := tables.get(table.name)):
            tables[table.name] = [_another(people[place % len(people)], place, len(people)) for place in range(size)]
    build(scheme, path, case)
    calculate(path)
    return path


def _another(person: dict[str, Any], place: int, people: int) -> dict[str, Any]:
    name = next(iter(person))
    return person if place < people else {**person, name: f"{person[name]}{place}"}


@pytest.mark.slow
def test_every_page_can_be_read_and_nothing_is_cut(soffice: str, tmp_path: Path) -> None:
    files = []
    for slug, size in RENDERED:
        book = filled(slug, size, tmp_path / f"{slug}-{size}.xlsx")
        for content, smallest in (("结果表", SMALLEST_RESULT), ("登记表", SMALLEST_REGISTER), ("参数和汇总", 8.0)):
            outcome = run("print", book, content=content, force=True)
            file = tmp_path / f"{slug}-{size}-{content}.xlsx"
            file.write_bytes(outcome.documents[0].content)
            files.append((file, smallest))
    for (file, smallest), printed in zip(files, render(soffice, [file for file, _ in files], tmp_path), strict=True):
        told = "".join(page.text for page in printed)
        assert "###" not in told, file.name
        for number, page in enumerate(printed, start=1):
            where = f"{file.name} 第 {number} 页"
            _is_a_good_page(page, smallest, where)
        for each in load_workbook(file):
            for value in (cell.value for row in each.iter_rows() for cell in row):
                if isinstance(value, str):
                    assert "".join(value.split()) in told, f"{file.name} {each.title}: {value}"


def _is_a_good_page(page: Sheet, smallest: float, where: str) -> None:
    assert {round(page.width), round(page.height)} == {595, 842}, where
    assert len(page.runs) > 6, f"{where}: blank"
    # Sizes are written with a little less than they are.
    assert min(run.size for run in page.runs) > smallest - 0.06, where
    assert not list(page.overprinted()), where
    assert all(run.x > 20 and run.x + run.width < page.width - 20 for run in page.runs), where


def test_a_result_table_has_those_who_are_there_their_total_and_lines_to_sign(scheme_book: Made) -> None:
    outcome = run("print", scheme_book("health-centre-staff"), content="结果表", unit="青山镇卫生院", period="2025年度")
    told = texts(outcome.documents[0])
    assert told[:4] == [
        ["乡镇卫生院工作人员绩效考核"],
        ["单位：青山镇卫生院　　考核期间：2025年度　　金额单位：元"],
        ["序号", "姓名", "岗位类别", "公共项目\n得分", "岗位项目\n得分", "岗位系数", "满意度\n系数", "绩效考核\n得分", "名次",
         "等次", "扣减金额", "实发绩效", "签字"],
        [1, "林海涛", "医", 31, 55, 1.2, 1, 103.2, 2, "合格", 0, 3000],
    ]  # fmt: skip
    assert [row[0] for row in told[3:15]] == list(range(1, 13))
    assert told[15] == ["合计", 5980, 21120] and told[16][0].startswith("制表：") and len(told) == 17
    assert outcome.summary == "打印稿 1 张工作表：人员" and outcome.sound


def test_everything_is_in_one_file_that_a_validator_accepts(scheme_book: Made, tmp_path: Path) -> None:
    document = run("print", scheme_book("township-quarterly")).documents[0]
    book = load_workbook(io.BytesIO(document.content))
    assert book.sheetnames == ["人员", "人员登记表", "加减分", "附件 参数", "汇总"]
    register = book["人员登记表"]
    assert register.print_title_cols == "$A:$B" and register.print_title_rows == "$1:$1"
    assert register.page_setup.orientation == "landscape" and len(register.col_breaks.brk) >= 1
    cells = {cell.value for each in book for row in each.iter_rows() for cell in row}
    assert "校验" not in cells and "计入分值" not in cells and "键" not in cells
    made = tmp_path / "x.xlsx"
    made.write_bytes(document.content)
    assert OpenXmlValidator().validate(str(made)).errors == []


def test_what_does_not_fit_on_a_page_is_in_the_register_and_told(scheme_book: Made) -> None:
    outcome = run("print", scheme_book("education-pay-policy"))
    assert "只印在登记表中" in lines(outcome)[0]
    book = load_workbook(io.BytesIO(outcome.documents[0].content))
    left = lines(outcome)[0].partition("一页放不下，")[2].removesuffix("只印在登记表中").split("、")
    headings = {cell.value for cell in book["人员"][3]}
    assert left and not headings & set(left) and {"全年绩效", "签字"} <= headings
    assert set(left) <= {cell.value for cell in book["人员登记表"][1]}


@pytest.mark.parametrize(
    ("number", "size", "breaks"),
    [(14, 9, ()), (16, 12, (9,)), (26, 9, (14,)), (28, 12, (11, 20)), (38, 9, (14, 26)), (40, 11, (12, 22, 32))],
)
def test_pages_side_by_side_have_the_largest_type_that_takes_no_more_of_them(
    number: int, size: float, breaks: tuple[int, ...]
) -> None:
    form = form_of([Column(f"第{place}项得分", [9999.5]) for place in range(number)], 2, across=True)
    assert form is not None and (form.size, form.breaks) == (size, breaks)
    starts = [0, *form.breaks, number]
    pages = [form.widths[start:end] for start, end in itertools.pairwise(starts)]
    used = [sum(page) + sum(form.widths[:2]) * (place > 0) for place, page in enumerate(pages)]
    assert 0.97 * LANDSCAPE[0] < max(used) <= LANDSCAPE[0]


def test_pages_side_by_side_all_have_the_heading_in_their_margin() -> None:
    names, scores = [f"王小龙{place}" for place in range(60)], [9999.5] * 60
    columns = [
        Column("姓名", names),
        Column("部门", [LONG_UNIT] * 60),
        *(Column(f"第{n}项", scores) for n in range(20)),
    ]
    form = form_of(columns, 1, across=True)
    assert form is not None and form.breaks
    paper, above = Paper("x", "x"), 40.0
    write_columns(paper, 0, columns, form, 20.0, above, 0.0)
    page = load_workbook(io.BytesIO(paper.content())).active
    ends = [1, *(found.id for found in page.row_breaks.brk), page.max_row]
    head, *heights = (page.row_dimensions[row].height for row in range(1, page.max_row + 1))
    used = [above + head + sum(heights[a - 1 : b - 1]) for a, b in itertools.pairwise(ends)]
    assert len(used) > 2 and max(used) <= LANDSCAPE[1]


def test_units_that_are_appraised_have_a_table_of_results(scheme_book: Made) -> None:
    outcome = run("print", scheme_book("county-schools"), content="结果表")
    heading = texts(outcome.documents[0])[2]
    assert heading[:2] == ["序号", "学校"] and {"考评得分", "名次", "等次", "签字"} <= set(heading)


def test_tables_of_results_have_headings_that_tell_them_apart(scheme_book: Made) -> None:
    document = run("print", scheme_book("corporate-kpi-grades"), content="结果表").documents[0]
    told = [each["A1"].value for each in load_workbook(io.BytesIO(document.content))]
    assert told[:2] == ["公司职员 KPI 考核与强制分布评级", "公司职员 KPI 考核与强制分布评级 年度"]
    assert len(set(told)) == len(told) > 1


NAMES = ["王小龙"] * 19


def test_a_long_name_or_two_are_wrapped_between_their_parts_and_cost_no_column(tmp_path: Path) -> None:
    scores = [Column(f"第{place}项得分", [9999.5] * 20) for place in range(9)]
    usual = form_of([Column("姓名", [*NAMES, "林海涛"]), *scores], 2, across=False)
    columns = [Column("姓名", [*NAMES, "阿卜杜热西提·麦麦提吐尔逊"]), *scores]
    form = form_of(columns, 2, across=False)
    assert usual is not None and form is not None and (form.size, form.landscape) == (usual.size, usual.landscape)
    paper = Paper("表", "标题", landscape=True)
    write_columns(paper, 0, columns, form, 20.0, 0.0, 0.0)
    made = load_workbook(io.BytesIO(paper.content()))["表"]
    assert made["A21"].value == "阿卜杜热西提·\n麦麦提吐尔逊"
    assert (made.row_dimensions[21].height or 0) >= 2 * 1.3 * form.size
    assert {made.cell(row, 1).alignment.horizontal for row in range(2, 22)} == {"center"}
    assert form_of([Column("姓名", ["阿卜杜热西提·麦麦提吐尔逊"] * 20), *scores], 2, across=False) != form


@pytest.mark.parametrize(
    ("long", "side"),
    [(1, "center"), (2, "left")],  # A tenth of ten, and more.
)
def test_texts_of_a_column_stand_on_one_side(long: int, side: str) -> None:
    columns = [Column("事由", ["迟到"] * (10 - long) + ["未按时上报月度工作小结"] * long)]
    paper = Paper("表", "标题")
    write_columns(paper, 0, columns, Form(11.0, False, (300,)), 20.0, 0.0, 0.0)
    made = load_workbook(io.BytesIO(paper.content()))["表"]
    assert {made.cell(row, 1).alignment.horizontal for row in range(2, 12)} == {side}


@pytest.mark.parametrize(
    ("rows", "tail", "height", "ends"),
    [
        (18, 0, 24, []),
        (19, 0, 21, []),
        (21, 0, 21, []),
        (22, 0, 24, [18]),  # Closer, too, it takes a second page.
        (42, 0, 21, [21]),
        (43, 0, 24, [18, 36]),
        (127, 0, 21, [21, 42, 63, 84, 105, 124]),  # 126, and one alone.
        (21, 40, 24, [18]),  # What stands below has rows above it.
    ],
)
def test_rows_stand_closer_where_that_takes_fewer_pages_and_few_are_never_alone(
    rows: int, tail: float, height: float, ends: list[int]
) -> None:
    paper = Paper("表", "标题", landscape=True)
    columns = [Column("姓名", ["甲"] * rows), Column("得分", [1.0] * rows)]
    write_columns(paper, 0, columns, Form(11.0, True, (100, 100)), 24.0, 0.0, tail)
    made = load_workbook(io.BytesIO(paper.content()))["表"]
    assert [each.id - 1 for each in made.row_breaks.brk] == ends
    assert made.row_dimensions[3].height == height


def test_a_workbook_of_ones_own_is_printed_with_its_own_total(own_book: Path) -> None:
    told = texts(run("print", own_book, content="结果表").documents[0])
    assert told[0] == ["某某镇2026年三季度考核表"] and told[-2] == ["合计", 8000]
    by_score = texts(run("print", own_book, content="结果表", sort=("得分",), order="降序").documents[0])
    assert [row[1] for row in by_score[3:7]] == ["王五", "张三", "李四", "张三"]


def test_a_workbook_with_errors_is_printed_only_by_force_and_says_so(scheme_book: Made, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(scheme_book("health-centre-staff").read_bytes())
    edit(path, "人员", F6=99)
    refused = run("print", path)
    assert not refused.documents and not refused.sound and "没有生成打印稿" in refused.summary
    forced = run("print", path, force=True)
    assert "本件系强制生成" in str(texts(forced.documents[0])) and not forced.sound


@pytest.mark.parametrize(
    ("columns", "lines_of_text"),
    [(("姓名", "等次"), 2), (("岗位系数", "满意度系数", "绩效考核得分", "名次", "等次", "实发绩效"), 1)],
)
def test_lines_to_sign_are_wrapped_between_signatures_only(
    scheme_book: Made, columns: tuple[str, ...], lines_of_text: int
) -> None:
    page = sheet(run("print", scheme_book("health-centre-staff"), content="结果表", columns=columns).documents[0])
    last = page.cell(page.max_row, 1)
    rows = str(last.value).split("\n")
    assert len(rows) == lines_of_text and rows[0].startswith("制表：") and rows[-1].endswith("____年____月____日")
    assert float(page.row_dimensions[last.row].height or 0) >= 15 * lines_of_text
    room = sum(column.width * (column.max - column.min + 1) for column in page.column_dimensions.values())
    assert all(display_width(row) < room for row in rows)


@pytest.mark.parametrize(("number", "firsts"), [(32, ["扣款标准", "质量档次"]), (50, ["扣款标准", "项目"])])
def test_lists_of_the_annex_are_divided_only_where_a_page_is_too_short(
    tmp_path: Path, number: int, firsts: list[str]
) -> None:
    standards = [{"项目": f"第 {place} 项", "津贴": "班主任", "单价": 5} for place in range(1, number + 1)]
    path = tmp_path / "x.xlsx"
    build(
        load("school-allowances"),
        path,
        {"tables": {**first_case("school-allowances")["tables"], "扣款标准": standards}},
    )
    calculate(path)
    annex = sheet(run("print", path, content="参数和汇总", force=True).documents[0])
    column = [cell.value for cell in annex["A"]]
    assert [column[each.id] for each in annex.row_breaks.brk] == firsts
    assert column[column.index("扣款标准") + 1] == "项目" and column.count("项目") == 1 + firsts.count("项目")
    assert [each for each in column if str(each).startswith("第 ")] == [row["项目"] for row in standards]


@pytest.mark.slow
def test_a_pdf_stands_beside_the_workbook(soffice: str, own_book: Path, tmp_path: Path) -> None:
    from addin.macros import MACROS
    from addin.macros.runner import run as run_macro

    ran = run_macro(MACROS["print"], own_book, tmp_path, ["content=结果表", "pdf=是"])
    assert [file.name for file in ran.files] == ["三季度_打印稿.xlsx", "三季度_打印稿.pdf"]
    assert ran.files[1].read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("heading", "room", "expected"),
    [
        ("岗位系数", 4, "岗位系数"),
        ("满意度系数", 4, "满意度\n系数"),
        ("绩效考核得分", 4, "绩效考核\n得分"),
        ("绩效考核总得分", 4, "绩效考核总得分"),  # Its last line has three characters.
        ("上半年绩效考核得分", 4, "上半年绩效考核得分"),
    ],
)
def test_a_heading_does_not_leave_a_character_alone(heading: str, room: int, expected: str) -> None:
    assert together(heading, lambda text: -(-len(text) // room)) == expected
