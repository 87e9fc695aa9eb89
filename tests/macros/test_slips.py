"""个人通知单: one slip a person."""

from __future__ import annotations

import shutil
from itertools import pairwise
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openxml_audit import OpenXmlValidator

from addin.macros.subject.tables import people
from addin.shared.exits import UserError
from tests.differing import differing
from tests.macros.support import LONG, LONG_UNIT, height_beside, lines, read, run, sheet, texts
from tests.support import Made, edit


@pytest.mark.parametrize("arrays", [False, True], ids=["tables", "arrays"])
def test_a_slip_tells_scores_grade_computation_and_has_a_line_to_sign(arrays: bool, scheme_book: Made) -> None:
    book = scheme_book("health-centre-staff", arrays)
    outcome = run("slips", book, person="郑美珍", unit="青山镇卫生院", period="2025年度", reply="3个工作日内")
    assert texts(outcome.documents[0]) == [
        ["考核结果通知单"],
        ["乡镇卫生院工作人员绩效考核    考核期间：2025年度"],
        ["姓名", "郑美珍", "岗位类别", "技"],
        ["考核项目", "满分", "得分", "扣分、加分"],
        ["医德医风", "10", "8.00", "扣 2 分"],
        ["工作态度", "8", "6.00", "扣 2 分"],
        ["组织纪律", "9", "7.00", "扣 2 分"],
        ["服务对象满意", "8", "6.00", "扣 2 分"],
        ["工作数量", "20", "15.00", "扣 5 分"],
        ["工作质量", "20", "15.00", "扣 5 分"],
        ["工作效率", "10", "7.00", "扣 3 分"],
        ["服务成效", "15", "11.00", "扣 4 分"],
        ["公共项目得分", "35", "27.00", "扣 8 分"],
        ["岗位项目得分", "65", "48.00", "扣 17 分"],
        ["考核结果"],
        ["岗位系数", 1.05, "满意度系数", 0.95],
        ["绩效考核得分", 74.81, "名次", 8],
        ["等次", "基本合格", "扣减金额", 460],
        ["实发绩效", 1840],
        ["实发绩效：1,840.00元（大写：壹仟捌佰肆拾元整）"],
        ["结果是怎么来的"],
        ["1. 公共项目得分：医德医风 8 + 工作态度 6 + 组织纪律 7 + 服务对象满意 6 = 27.00。"],
        ["2. 岗位项目得分：工作数量 15 + 工作质量 15 + 工作效率 7 + 服务成效 11 = 48.00。"],
        ["3. 岗位系数：岗位表中岗位类别“技”的岗位系数 = 1.05。"],
        ["4. 满意度系数：满意度 88%，按满意度系数表达到的一档，得 0.95。"],
        ["5. 绩效考核得分：（公共项目得分 27 + 岗位项目得分 48 = 75）× 岗位系数 1.05 × 满意度系数 0.95 = 74.81。"],
        ["6. 名次：绩效考核得分 74.81 在 11 人中排第 8 名。"],
        ["7. 等次：绩效考核得分 74.81，按得分应为“基本合格”，定为基本合格。"],
        ["8. 扣减金额：绩效基数 2300 × 扣减比例 20% = 460.00元。"],
        ["9. 实发绩效：绩效基数 2300 − 扣减金额 460 = 1,840.00元。"],
        [
            "以上考核结果已通知本人。如对结果有异议，请在3个工作日内以书面形式向青山镇卫生院申请复核，"
            "写明理由并附证明材料；逾期视为无异议。"
        ],
        ["本人签字：____________    日期：______年____月____日"],
        ["青山镇卫生院（盖章）    2026年1月5日"],
    ]
    assert outcome.summary == "通知单 1 张" and outcome.sound


@pytest.mark.parametrize("slug", differing())
def test_everybody_gets_a_slip_on_a_page_of_his_own(slug: str, scheme_book: Made, tmp_path: Path) -> None:
    path = scheme_book(slug)
    table = people(read(path), None)
    outcome = run("slips", path, unit=LONG_UNIT)
    page = sheet(outcome.documents[0])
    told = texts(outcome.documents[0])
    slips = sum(row == ["考核结果通知单"] for row in told)
    assert slips + len(outcome.messages) == len(table.rows)
    assert len(page.row_breaks.brk) == slips - 1
    named = [row[1] for row in told if row[0] == table.person]
    assert [name for name in (table.text(row, table.person) for row in table.rows) if name in named] == named
    # Each has room on an A4 page between the margins, as wide however small it is printed, also in digits wider than Calibri's.
    ends = [0, *(found.id for found in page.row_breaks.brk), page.max_row]
    heights = [[page.row_dimensions[row].height or 15.0 for row in range(a + 1, b + 1)] for a, b in pairwise(ends)]
    scale = (page.page_setup.scale or 100) / 100
    assert max(map(sum, heights)) * scale <= 841.9 - 72 * (0.6 + 0.5)
    assert round(sum(column.width for column in page.column_dimensions.values()) * scale) in (78, 79, 80, 81)
    made = tmp_path / "x.xlsx"
    made.write_bytes(outcome.documents[0].content)
    assert OpenXmlValidator().validate(str(made)).errors == []


def test_single_files_are_named_by_number_and_name(own_book: Path) -> None:
    documents = run("slips", own_book, single=True).documents
    assert [document.name for document in documents] == [
        "三季度_通知单.xlsx",
        "三季度_通知单/A01_张三.xlsx",
        "三季度_通知单/A02_李四.xlsx",
        "三季度_通知单/A03_王五.xlsx",
        "三季度_通知单/A04_张三.xlsx",
    ]
    assert texts(documents[2])[2] == ["姓名", "李四", "工号", "A02"]


def test_people_of_the_same_name_get_files_of_their_own(own_book: Path, tmp_path: Path) -> None:
    path = tmp_path / "三季度.xlsx"
    book = load_workbook(own_book)
    for row, number in enumerate(("甲/1", "甲:1", "CON", None), start=4):
        book["三季度"][f"C{row}"] = number
    book["三季度"]["C3"] = "编号"
    book["三季度"]["B6"] = "../张三"
    book.save(path)
    names = [document.name.partition("/")[2] for document in run("slips", path, single=True).documents[1:]]
    assert names == ["甲_1_张三.xlsx", "甲_1_李四.xlsx", "CON_.._张三.xlsx", "张三.xlsx"]


def test_only_those_asked_for(own_book: Path) -> None:
    assert run("slips", own_book, person="A01、李四").summary == "通知单 2 张"
    with pytest.raises(UserError, match="没有 赵六"):
        run("slips", own_book, person="A01,赵六")


def test_the_explanation_can_be_long_or_left_out(own_book: Path) -> None:
    told = texts(run("slips", own_book, person="A02", explain="全部").documents[0])
    assert ["1. 得分：德 78 × 0.2 + 能 82 × 0.2 + 勤 90 × 0.2 + 绩 85 × 0.4 = 84.0。"] in told
    assert ["3. 等次：良好（得分 84 ≥ 80）。"] in told
    assert ["结果是怎么来的"] in told
    assert ["结果是怎么来的"] not in texts(run("slips", own_book, person="A02", explain="不写").documents[0])


def test_scores_of_others_are_on_nobodys_slip(own_book: Path) -> None:
    told = str(texts(run("slips", own_book, person="A02", explain="全部").documents[0]))
    assert "89.4" not in told and "王五" not in told and "530000" not in told
    # Nor is the range in which all scores lie.
    assert "全列" not in told and "94.2" not in told and "68" not in told


@pytest.mark.parametrize("slug", ["civil-servant-linked", "county-hospital-two-level", "middle-school-groups"])
def test_nobody_is_named_on_anothers_slip(slug: str, scheme_book: Made) -> None:
    path = scheme_book(slug)
    table = people(read(path), None)
    names = {table.text(row, table.person) for row in table.rows}
    for row in table.rows[:4]:
        own = table.text(row, table.person)
        told = str(texts(run("slips", path, person=own, explain="全部").documents[0]))
        assert own in told and not [name for name in names - {own} if name in told]


def test_who_has_missed_the_quota_is_told_so(scheme_book: Made) -> None:
    told = texts(run("slips", scheme_book("health-centre-staff"), person="林海涛").documents[0])
    assert ["7. 等次：绩效考核得分 103.2，按得分应为“优秀”，但“优秀”名额已满（优秀名额 1），定为合格。"] in told
    # Five working days after Monday, 5 January 2026.
    assert "请在2026年1月12日以前（5 个工作日）以书面形式向本单位申请复核" in str(told[-3])


def test_entries_of_a_person_in_other_tables_are_told(scheme_book: Made) -> None:
    told = texts(run("slips", scheme_book("township-quarterly"), person="李绍云", contact="王主任").documents[0])
    assert told[told.index(["登记的事项"]) + 1] == ["1. 加减分：季度加减分，分值 6"]
    assert "（联系人：王主任）" in str(told[-3])


def test_strips_are_cut_apart_and_never_in_two(scheme_book: Made) -> None:
    page = sheet(run("slips", scheme_book("retail-store"), form="裁条").documents[0])
    cuts = [row for row in range(1, page.max_row + 1) if page.cell(row, 1).border.bottom.style == "dashed"]
    breaks = [found.id for found in page.row_breaks.brk]
    assert len(cuts) == 8 and set(breaks) <= set(cuts) and 2 <= len(breaks) < 7


def test_whoever_has_an_error_gets_no_slip_and_is_told(scheme_book: Made, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(scheme_book("health-centre-staff").read_bytes())
    edit(path, "人员", F6=99)
    refused = run("slips", path)
    assert not refused.documents and not refused.sound and "没有生成通知单" in refused.summary
    assert lines(refused) == ["医德医风：不能大于 10（现在的值：99） [人员!F6]"]
    outcome = run("slips", path, force=True)
    assert lines(outcome)[0].startswith("没有林海涛的通知单：没有通过校验，医德医风：不能大于")
    assert outcome.summary == "通知单 11 张" and not outcome.sound
    assert "本件系强制生成" in str(texts(outcome.documents[0]))


def test_long_names_of_departments_have_as_many_lines_as_they_need(scheme_book: Made, tmp_path: Path) -> None:
    path = edit(Path(shutil.copy(scheme_book("health-centre-staff"), tmp_path)), "人员", D6=LONG)
    page = sheet(run("slips", path, person="林海涛").documents[0])
    assert height_beside(page, "岗位类别") < 2 * 1.3 * 11 <= height_beside(page, LONG)


def test_a_long_unit_and_period_are_written_whole(scheme_book: Made) -> None:
    period = "2025年7月1日至2025年12月31日（含试用期人员的补充考核）"
    outcome = run("slips", scheme_book("health-centre-staff"), person="林海涛", unit=LONG_UNIT, period=period)
    page = sheet(outcome.documents[0])
    facts, stamp = str(page["A2"].value), str(page.cell(page.max_row, 1).value)
    assert facts.split("\n")[1] == f"考核期间：{period}" and stamp == f"{LONG_UNIT}（盖章）\n2026年1月5日"
    assert all(height_beside(page, text) >= 2 * 1.3 * 11 for text in (facts, stamp))


@pytest.mark.parametrize(("macro", "made"), [("slips", 1), ("publish", 0)])
def test_whoever_has_nothing_in_his_check_is_told(macro: str, made: int, tmp_path: Path) -> None:
    book = Workbook()
    for row in (["姓名", "得分", "等次", "校验"], ["甲", 90, "优", "通过"], ["乙", 80, "良", None]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    outcome = run(macro, tmp_path / "a.xlsx")
    assert len(outcome.documents) == made and not outcome.sound
    assert lines(outcome)[0].endswith("没有通过校验，“校验”是空白 [Sheet!D3]")
