"""个人通知单: one slip a person."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook
from openxml_audit import OpenXmlValidator

from addin.macros.subject.tables import people
from addin.shared.exits import UserError
from tests.macros.support import Made, lines, read, run, sheet, texts
from tests.support import edit
from workbook_templates.scheme.catalogue import slugs


@pytest.mark.parametrize("arrays", [False, True], ids=["tables", "arrays"])
def test_a_slip_tells_scores_grade_computation_and_has_a_line_to_sign(arrays: bool, scheme_book: Made) -> None:
    book = scheme_book("health-centre-staff", arrays)
    outcome = run("slips", book, person="郑美珍", unit="青山镇卫生院", period="2025年度", reply="3个工作日内")
    assert texts(outcome.documents[0]) == [
        ["考核结果通知单"],
        ["乡镇卫生院工作人员绩效考核    考核期间：2025年度"],
        ["姓名", "郑美珍", "岗位类别", "技"],
        ["考核结果"],
        ["公共项目得分", 27, "岗位项目得分", 48],
        ["岗位系数", 1.05, "满意度系数", 0.95],
        ["绩效考核得分", 74.81, "名次", 8],
        ["等次", "基本合格", "扣减金额", 460],
        ["实发绩效", 1840],
        ["计算说明"],
        ["公共项目得分:医德医风 8 + 工作态度 6 + 组织纪律 7 + 服务对象满意 6 = 27"],
        ["岗位项目得分:工作数量 15 + 工作质量 15 + 工作效率 7 + 服务成效 11 = 48"],
        ["岗位系数:按 岗位类别“技”查岗位表“岗位系数”列 = 1.05"],
        [
            "满意度系数:分段取值(值:满意度 0.88;界限:满意度系数表“下限”列(0.95、0.9、0.8、0);"
            "结果:满意度系数表“系数”列(1、0.98、0.95、0.9);次序:任意) = 0.95"
        ],
        [
            "绩效考核得分:(公共项目得分 27 + 岗位项目得分 48 = 75) × 岗位系数 1.05 × 满意度系数 0.95 = 74.81"
            "(四舍五入保留 2 位小数:74.8125 → 74.81)"
        ],
        ["以上考核结果已通知本人。对以上结果如有异议，请在3个工作日内提出。"],
        ["本人签字：____________        日期：______年____月____日"],
        ["青山镇卫生院（盖章）    2026年1月5日"],
    ]
    assert outcome.summary == "通知单 1 张" and outcome.sound


@pytest.mark.parametrize("slug", slugs())
def test_everybody_gets_a_slip_on_a_page_of_his_own(slug: str, scheme_book: Made, tmp_path: Path) -> None:
    path = scheme_book(slug)
    table = people(read(path), None)
    outcome = run("slips", path)
    page = sheet(outcome.documents[0])
    told = texts(outcome.documents[0])
    slips = sum(row == ["考核结果通知单"] for row in told)
    assert slips + len(outcome.messages) == len(table.rows)
    assert len(page.row_breaks.brk) == slips - 1
    named = [row[1] for row in told if row[0] == table.person]
    assert [name for name in (table.text(row, table.person) for row in table.rows) if name in named] == named
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
    assert ["得分:德 78 × 0.2 + 能 82 × 0.2 + 勤 90 × 0.2 + 绩 85 × 0.4 = 84"] in told
    assert ["等次:“良好”(得分 84 ≥ 90 不成立;得分 84 ≥ 80)"] in told
    assert ["计算说明"] not in texts(run("slips", own_book, person="A02", explain="不写").documents[0])


def test_scores_of_others_are_on_nobodys_slip(own_book: Path) -> None:
    told = str(texts(run("slips", own_book, person="A02", explain="全部").documents[0]))
    assert "89.4" not in told and "王五" not in told and "530000" not in told
    # Nor is the range in which all scores lie.
    assert "4 格" in told and "94.2" not in told and "68" not in told


def test_whoever_has_an_error_gets_no_slip_and_is_told(scheme_book: Made, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(scheme_book("health-centre-staff").read_bytes())
    edit(path, "人员", F6=99)
    refused = run("slips", path)
    assert not refused.documents and not refused.sound and "没有生成通知单" in refused.summary
    assert lines(refused)[0].startswith("没有林海涛的通知单:没有通过校验,医德医风:不能大于")
    outcome = run("slips", path, force=True)
    assert lines(outcome)[0].startswith("没有林海涛的通知单:没有通过校验,医德医风:不能大于")
    assert outcome.summary == "通知单 11 张" and not outcome.sound
    assert "本件系强制生成" in str(texts(outcome.documents[0]))
