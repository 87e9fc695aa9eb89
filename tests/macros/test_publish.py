"""公示表: who and what is published, in which order, for how long."""

from __future__ import annotations

import io
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openxml_audit import OpenXmlValidator

from addin.macros import MACROS
from addin.macros.printing.publicity import PORTRAIT_WIDTH
from addin.macros.runner import run as run_on_file
from addin.macros.subject.tables import people
from addin.shared.exits import UserError
from tests.macros.support import LONG, LONG_UNIT, height_beside, lines, read, run, sheet, texts
from tests.support import Made, edit
from workbook_templates.scheme.catalogue import slugs
from workbook_templates.workbook.sheets.page import display_width


@pytest.mark.parametrize("arrays", [False, True], ids=["tables", "arrays"])
def test_scores_ranks_and_grades_are_published_by_rank(arrays: bool, scheme_book: Made) -> None:
    path = scheme_book("health-centre-staff", arrays)
    outcome = run("publish", path, unit="青山镇卫生院", contact="王主任", phone="12345")
    document = outcome.documents[0]
    rows = texts(document)
    assert document.name == f"{path.stem}_公示表.xlsx"
    assert rows[0] == ["乡镇卫生院工作人员绩效考核结果公示"]
    assert rows[1] == ["单位：青山镇卫生院    考核期间：____________"]
    assert "公示期自2026年1月6日至2026年1月12日（5个工作日）" in str(rows[2][0])
    assert "联系人：王主任，联系电话：12345。" in str(rows[2][0])
    assert rows[3] == ["序号", "姓名", "岗位类别", "绩效考核\n得分", "名次", "等次", "备注"]
    assert rows[4:6] == [[1, "陈晓峰", "医", 109.8, 1, "优秀"], [2, "林海涛", "医", 103.2, 2, "合格", "名额已满"]]
    assert [row[-1] for row in rows if "周丽华" in row] == ["一票否决"]
    assert rows[-2:] == [["青山镇卫生院（盖章）"], ["2026年1月6日"]]
    assert lines(outcome) == ["不参加考核的 1 人没有列入：杨雪梅"]
    assert outcome.summary == "公示 11 人，公示期 2026年1月6日 至 2026年1月12日（5 个工作日）"


def test_the_unit_of_the_money_is_not_the_organisation(scheme_book: Made) -> None:
    rows = texts(run("publish", scheme_book("health-centre-staff")).documents[0])
    assert rows[1] == ["单位：____________    考核期间：____________"]
    assert rows[-2] == ["单位（盖章）"]


def test_unit_and_period_are_those_of_the_first_sheet(scheme_book: Made, tmp_path: Path) -> None:
    path = edit(
        Path(shutil.copy(scheme_book("health-centre-staff"), tmp_path)), "首页", C4="青山镇 卫生院", G4="2025 年度"
    )
    assert texts(run("publish", path).documents[0])[1] == ["单位：青山镇 卫生院    考核期间：2025 年度"]


def test_it_can_be_printed_and_hung_up(scheme_book: Made, tmp_path: Path) -> None:
    document = run("publish", scheme_book("township-votes")).documents[0]
    page = sheet(document)
    assert page.page_setup.paperSize == 9 and page.page_setup.fitToHeight == 0 and page.print_title_rows == "$4:$4"
    assert page.page_setup.orientation == "portrait" and "制表" in page.oddFooter.left.text
    path = tmp_path / "x.xlsx"
    path.write_bytes(document.content)
    assert OpenXmlValidator().validate(str(path)).errors == []


def test_scores_are_shown_as_in_the_workbook(scheme_book: Made) -> None:
    assert sheet(run("publish", scheme_book("health-centre-staff")).documents[0])["D5"].number_format == "0.00"


def test_people_ranked_within_groups_stand_together(scheme_book: Made) -> None:
    rows = texts(run("publish", scheme_book("township-votes")).documents[0])
    assert rows[3] == ["序号", "姓名", "总分", "名次", "类别", "等次", "备注"]
    groups: dict[str, list[object]] = {}
    for row in rows[4:-2]:
        if len(row) == 1:
            groups[str(row[0])] = ranks = []
        else:
            ranks.append(row[3])
    assert list(groups) == [
        "公务员中层（5 人）",
        "公务员一般（6 人）",
        "事业中层（2 人）",
        "事业一般（5 人）",
        "聘用（3 人）",
    ]
    assert all(ranks == sorted(ranks, key=float) for ranks in groups.values())  # type: ignore[arg-type]
    assert "现将 21 人的考核结果予以公示" in str(rows[2][0])


def test_a_group_within_which_people_are_ranked_may_be_called_anything(scheme_book: Made) -> None:
    rows = texts(run("publish", scheme_book("security-guards")).documents[0])
    groups = [str(row[0]) for row in rows[4:] if str(row[0]).endswith(" 人）")]
    assert groups == ["东苑（4 人）", "西苑（4 人）"]
    assert rows[3] == ["序号", "姓名", "季度总分", "名次", "备注"]


@pytest.mark.parametrize("slug", slugs())
def test_no_amount_of_money_is_published_unless_it_is_asked_for(slug: str, scheme_book: Made) -> None:
    table = people(read(scheme_book(slug)), None)
    if not table.score and not table.grades:
        with pytest.raises(UserError, match="没有得分、名次、等次列；请用选项“列”写明"):
            run("publish", scheme_book(slug))
        return
    outcome = run("publish", scheme_book(slug))
    if outcome.documents:
        headings = texts(outcome.documents[0])[3]
        assert not [name for name in headings if any(word in str(name) for word in ("工资", "奖", "金额", "绩效标准"))]
        money = {name for name, look in table.looks.items() if look.format == "#,##0.00"}
        assert not money & set(map(str, headings))


def test_columns_order_and_title_can_be_chosen(own_book: Path) -> None:
    outcome = run(
        "publish", own_book, columns=("姓名", "奖金", "绩"), sort=("科室", "绩"), order="降序", title="奖金公示"
    )
    rows = texts(outcome.documents[0])
    assert rows[0] == ["奖金公示"]
    assert rows[3:8] == [
        ["序号", "姓名", "奖金", "绩"],
        [1, "李四", 2000, 85],
        [2, "张三", 1000, 65],
        [3, "王五", 3000, 96],
        [4, "张三", 2000, 92],
    ]


def test_a_clerks_own_workbook_is_published_with_its_title_unit_and_period(own_book: Path) -> None:
    rows = texts(run("publish", own_book).documents[0])
    assert rows[0] == ["某某镇2026年三季度考核结果公示"]
    assert rows[1] == ["单位：某某镇人民政府    考核期间：2026年三季度"]
    # Two people have the same name, so that their numbers tell them apart.
    assert rows[3:5] == [
        ["序号", "姓名", "工号", "科室", "得分", "名次", "等次"],
        [1, "王五", "A03", "办公室", 94.2, 1, "优秀"],
    ]


def test_a_verdict_is_published_as_a_grade_with_the_veto_of_whom_it_was(scheme_book: Made, tmp_path: Path) -> None:
    path = Path(shutil.copy(scheme_book("county-group-quota"), tmp_path))
    subject = read(path)
    edit(path, "单位", **{subject.cell("单位", 6, "一票否决")[1]: "是"})
    rows = texts(run("publish", path).documents[0])
    at = next(place for place, row in enumerate(rows) if row[0] == "序号")
    assert rows[at] == ["序号", "单位", "组别", "类别", "总分", "类别名次", "结论", "备注"]
    vetoed = [row[1] for row in rows[at + 1 :] if "一票否决" in row]
    assert vetoed == [subject.tables["单位"].at[6, "单位"]]


def test_whose_only_grade_is_that_of_none_takes_no_part(scheme_book: Made) -> None:
    outcome = run("publish", scheme_book("corporate-kpi-grades"))
    assert "不参加考核的 2 人没有列入：路遥遥、辛文博" in lines(outcome)
    assert "路遥遥" not in {cell for row in texts(outcome.documents[0]) for cell in row}


def test_who_falsified_is_marked_beside_a_grade_that_the_score_alone_would_not_give(scheme_book: Made) -> None:
    rows = texts(run("publish", scheme_book("corporate-kpi-grades")).documents[0])
    assert [row for row in rows if "一票否决" in row] == [[1, "乔大勇", 105, 1, "E", "一票否决"]]


@pytest.mark.parametrize(
    ("slug", "remarks"),
    [
        ("middle-school-groups", {"欧阳平": "没有得分（职务“正校级”）", "温玉兰": "没有得分（发放方式“全额下拨”）"}),
        ("county-hospital-two-level", {"朱玉": "没有得分（参与类“不享受”）"}),
        # Days of absence don't hang on the wall.
        ("school-detailed", {"左离职": "没有得分（不享受情形“借调系统外”）", "翟旷工": "没有得分"}),
        # A score that is filled in.
        ("hospital-commission", {"马院长": "没有得分"}),
    ],
)
def test_why_somebody_has_no_score_is_told_in_a_word(slug: str, remarks: dict[str, str], scheme_book: Made) -> None:
    rows = texts(run("publish", scheme_book(slug), force=True).documents[0])
    told = {row[1]: row[-1] for row in rows if str(row[-1]).startswith("没有得分")}
    assert remarks.items() <= told.items()
    scored = [row for row in rows if isinstance(row[0], int) and row[1] not in told]
    assert scored and not any(str(row[-1]).startswith("没有") for row in scored)


def test_of_several_conditions_the_one_that_decided_is_told(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["姓名", "工号", "用工", "去向", "参加", "得分"])
    people = [("甲", "长期", "在岗"), ("乙", "短期", "借调"), ("丙", "短期", "在岗")]
    for row, (name, work, place) in enumerate(people, start=2):
        takes_part, score = f'=IF(D{row}="借调","否","是")', f'=IF(C{row}="长期","",IF(E{row}="否","",90))'
        book.active.append([name, f"A{row}", work, place, takes_part, score])
    # 用工 is computed too, and comes of something else.
    book.active["C3"] = '=IF(B3="A3","短期","长期")'
    book.save(tmp_path / "a.xlsx")
    rows = texts(run("publish", tmp_path / "a.xlsx").documents[0])
    told = {row[1]: row[-1] for row in rows if row[1:] and row[1] in "甲乙丙"}
    assert told == {"甲": "没有得分（用工“长期”）", "乙": "没有得分（去向“借调”）", "丙": 90}


def test_who_has_no_score_is_not_told_of_where_scores_are_not_published(scheme_book: Made) -> None:
    rows = texts(run("publish", scheme_book("middle-school-groups"), columns=("姓名", "部门")).documents[0])
    assert "备注" not in rows[3]


def test_of_few_columns_the_sheet_is_still_as_wide_as_its_title_needs(scheme_book: Made) -> None:
    made = sheet(run("publish", scheme_book("middle-school-groups"), columns=("姓名", "部门")).documents[0])
    widths = [each.width * (each.max - each.min + 1) for each in made.column_dimensions.values()]
    assert 1.03 * PORTRAIT_WIDTH > sum(widths) > 0.8 * PORTRAIT_WIDTH


def test_those_who_take_no_part_are_listed_on_request(scheme_book: Made) -> None:
    outcome = run("publish", scheme_book("health-centre-staff"), absent=True)
    assert texts(outcome.documents[0])[-3] == [12, "杨雪梅", "护", "不参加", "不参加考核"] and not outcome.messages


def test_units_that_are_ranked_by_category_stand_in_their_categories(scheme_book: Made) -> None:
    told = texts(run("publish", scheme_book("clinic-institutions")).documents[0])
    groups = [row[0] for row in told if str(row[0]).endswith("个单位）")]
    assert [group.partition("（")[0] for group in groups] == ["乡镇卫生院", "村卫生室"]
    heading = next(row for row in told if row[0] == "序号")
    assert heading[:2] == ["序号", "单位"] and "类别" not in heading


def test_nothing_is_published_while_a_row_is_in_error(scheme_book: Made, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(scheme_book("health-centre-staff").read_bytes())
    outcome = run("publish", edit(path, "人员", F6=99))
    assert not outcome.documents and not outcome.sound
    assert "没有生成公示表" in outcome.summary
    assert lines(outcome)[0].startswith("林海涛没有通过校验，医德医风：不能大于 10")


def test_errors_that_follow_from_who_has_not_passed_are_not_told_beside_him(scheme_book: Made, tmp_path: Path) -> None:
    path = edit(Path(shutil.copy(scheme_book("health-centre-staff"), tmp_path)), "人员", F6=None, F7=99)
    refused = run("publish", path)
    assert refused.summary == "没有生成公示表：表 人员 有 2 人没有通过校验，请先填完、改正"
    assert lines(refused) == [
        "林海涛没有通过校验，医德医风：待填 [人员!F6]",
        "陈晓峰没有通过校验，医德医风：不能大于 10 [人员!F7]",
    ]
    assert any("是错误值" in line for line in lines(run("publish", path, force=True)))


@pytest.mark.parametrize("macro", ["check", "publish", "slips"])
def test_a_wrong_record_is_told_once_where_it_stands(macro: str, scheme_book: Made, tmp_path: Path) -> None:
    path = edit(
        Path(shutil.copy(scheme_book("township-quarterly"), tmp_path)),
        "加减分",
        B6="没有的人",
        D6=1,
        B7=None,
        D7="扣2分",
    )
    edit(path, "人员", G6=999)
    ran = run_on_file(MACROS[macro], path, tmp_path)
    cells = [f"{message.sheet}!{message.cell}" for message in ran.messages if message.cell]
    assert len(set(cells)) == len(cells) and {"人员!G6", "加减分!B6", "加减分!D7"} <= set(cells)
    told = [message.text for message in run("check", path).messages]
    assert not any("中有关的行有错误" in text for text in told)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"start": date(2026, 2, 12), "days": 3}, "公示 4 人，公示期 2026年2月12日 至 2026年2月14日（3 个工作日）"),
        ({"start": date(2026, 2, 12), "days": 4}, "公示 4 人，公示期 2026年2月12日 至 2026年2月24日（4 个工作日）"),
        (
            {"start": date(2026, 1, 5), "rest": "2026-01-06"},
            "公示 4 人，公示期 2026年1月5日 至 2026年1月12日（5 个工作日）",
        ),
        (
            {"start": date(2026, 1, 5), "work": "2026-01-10"},
            "公示 4 人，公示期 2026年1月5日 至 2026年1月9日（5 个工作日）",
        ),
    ],
)
def test_the_period_counts_working_days(options: dict[str, Any], told: str, own_book: Path) -> None:
    assert run("publish", own_book, **options).summary == told


def test_a_start_on_a_day_off_and_a_year_without_notice_are_told(own_book: Path) -> None:
    assert lines(run("publish", own_book, start=date(2026, 1, 3))) == [
        "公示起始日 2026年1月3日 不是工作日，不计入公示天数"
    ]
    told = lines(run("publish", own_book, start=date(2027, 1, 4)))
    assert told == ["没有 2027 年的放假安排，2027 年只除去了周末；请对照国务院办公厅的通知，用选项“休息日”“上班日”补充"]


def test_what_cannot_be_is_told(own_book: Path) -> None:
    for wrong, told in (
        ({"columns": ("甲",)}, "没有列 甲；可用的列：序号、姓名"),
        ({"sort": ("甲",)}, "没有列 甲"),
        ({"days": 0}, "公示天数应在 1 到 366 之间，现为 0"),
        ({"table": "甲"}, "没有表 甲；可用的表：三季度"),
    ):
        with pytest.raises(UserError, match=told):
            run("publish", own_book, **wrong)


def test_text_that_looks_like_a_formula_stays_text(own_book: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = load_workbook(own_book)
    book["三季度"]["D4"] = "=1+1"
    book["三季度"]["D4"].data_type = "s"
    book.save(path)
    content = run("publish", path).documents[0].content
    cells = [cell for row in load_workbook(io.BytesIO(content)).active.iter_rows() for cell in row]
    assert [cell.data_type for cell in cells if cell.value == "=1+1"] != ["f"]


def test_long_names_of_departments_have_as_many_lines_as_they_need(scheme_book: Made, tmp_path: Path) -> None:
    path = edit(Path(shutil.copy(scheme_book("health-centre-staff"), tmp_path)), "人员", D6=LONG, D7="内科")
    page = sheet(run("publish", path).documents[0])
    size = page["C5"].font.sz
    assert height_beside(page, "内科") < 2 * 1.3 * size <= height_beside(page, LONG)


def test_schools_are_published_with_the_group_in_which_they_are_ranked(scheme_book: Made) -> None:
    outcome = run("publish", scheme_book("county-schools"))
    told = [row[0] for row in texts(outcome.documents[0])]
    assert [each for each in told if str(each).endswith(" 个单位）")] == ["中学（6 个单位）", "小学（10 个单位）"]
    assert outcome.summary.startswith("公示 16 个单位，")


@pytest.mark.parametrize(
    ("title", "size"), [("短标题", 18), ("中学教职工奖励性绩效工资分组分值考核结果公示", 15), ("长" * 60, 18)]
)
def test_the_title_is_written_smaller_rather_than_broken_if_it_nearly_fits(
    scheme_book: Made, title: str, size: int
) -> None:
    page = sheet(
        run(
            "publish", scheme_book("middle-school-groups"), title=title, force=True, columns=("姓名", "部门")
        ).documents[0]
    )
    assert page["A1"].font.sz == size
    assert (page.row_dimensions[1].height > 30) == (size == 18 and len(title) > 20)


@pytest.mark.parametrize("unit", ["青山县教育局", LONG_UNIT])
def test_a_page_that_has_room_for_all_is_filled_and_has_no_second(unit: str, scheme_book: Made) -> None:
    outcome = run("publish", scheme_book("county-schools"), unit=unit, period="2025年9月1日至2026年8月31日")
    page = sheet(outcome.documents[0])
    assert not page.row_breaks.brk and page.page_setup.orientation == "portrait"
    assert 0.9 * 708 < sum(page.row_dimensions[row].height or 15 for row in range(1, page.max_row + 1)) <= 720
    room = sum(column.width * (column.max - column.min + 1) for column in page.column_dimensions.values())
    for cell in (page["A2"], page.cell(page.max_row - 1, 1)):
        has_lines = 2 if display_width(str(cell.value)) > room else 1
        assert (page.row_dimensions[cell.row].height or 0) >= 16 * has_lines
