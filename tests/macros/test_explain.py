"""解释得分: the computation as a tree, down to what was filled in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import load_workbook

from addin.headless import calculate
from addin.macros.explaining.labels import short
from addin.macros.subject.tables import people, text
from addin.shared.exits import UserError
from tests.differing import differing
from tests.macros.support import lines, read, run
from tests.support import Made, edit
from tests.workbook_templates.support import PUBLIC, case
from workbook_templates.scheme.catalogue import load, slugs
from workbook_templates.scheme.loader import parse
from workbook_templates.workbook.build import build


@pytest.mark.parametrize("arrays", [False, True], ids=["tables", "arrays"])
def test_a_score_is_explained_down_to_the_inputs(arrays: bool, scheme_book: Made) -> None:
    outcome = run("explain", scheme_book("health-centre-staff", arrays), person="郑美珍", columns=("绩效考核得分",))
    assert lines(outcome)[:17] == [
        "绩效考核得分 = 74.81 [人员!W10]",
        "  算法：（公共项目得分 27 + 岗位项目得分 48 = 75）× 岗位系数 1.05 × 满意度系数 0.95",
        "  取整：四舍五入保留 2 位小数：74.8125 → 74.81",
        "  公共项目得分 = 27 [人员!S10]",
        "    算法：医德医风 8 + 工作态度 6 + 组织纪律 7 + 服务对象满意 6",
        "    医德医风 = 8 [人员!F10]",
        "    工作态度 = 6 [人员!G10]",
        "    组织纪律 = 7 [人员!H10]",
        "    服务对象满意 = 6 [人员!I10]",
        "  岗位项目得分 = 48 [人员!T10]",
        "    算法：工作数量 15 + 工作质量 15 + 工作效率 7 + 服务成效 11",
        "    工作数量 = 15 [人员!J10]",
        "    工作质量 = 15 [人员!K10]",
        "    工作效率 = 7 [人员!L10]",
        "    服务成效 = 11 [人员!M10]",
        "  岗位系数 = 1.05 [人员!U10]",
        "    算法：岗位表中岗位类别“技”的岗位系数",
    ]
    assert outcome.summary.startswith("郑美珍：绩效考核得分：（公共项目得分 27 + 岗位项目得分 48 = 75）× ")
    assert outcome.summary.endswith(" = 74.81（四舍五入保留 2 位小数：74.8125 → 74.81）")


def test_conditions_are_told_with_what_decided_and_the_check_is_not(scheme_book: Made) -> None:
    told = lines(run("explain", scheme_book("health-centre-staff"), person="1", columns=("扣减金额",)))
    assert told[4:6] == [
        "    算法：等次表中等次“合格”的扣减比例",
        "    因为：扣减方式“按等次”",
    ]
    assert not any("校验" in line and "列" not in line for line in told)


def test_a_rank_tells_the_own_score_but_not_those_of_others(scheme_book: Made) -> None:
    told = lines(run("explain", scheme_book("rank-steps"), person="1", columns=("名次",)))
    assert told[1] == "  算法：总分 100 在 6 人中的名次"
    assert "  人员表“总分”列：6 个数，73 至 100 [人员!AC6:AC11]" in told
    assert "  总分 = 100 [人员!AC6]" in told


def test_what_was_summed_by_key_is_told_entry_by_entry(scheme_book: Made) -> None:
    told = lines(run("explain", scheme_book("corporate-kpi-grades"), person="江志远", columns=("季度得分",)))
    assert told[1] == "  算法：月度表中本人的月得分（101 + 101 + 101 = 303）÷ 有分月数 3"


@pytest.mark.parametrize("slug", differing())
def test_both_layouts_are_explained_alike(slug: str, scheme_book: Made) -> None:
    path = scheme_book(slug)
    table = people(read(path), None)
    for row in table.rows[:2]:
        told = [lines(run("explain", book, person=table.text(row, "序号"))) for book in (path, scheme_book(slug, True))]
        assert told[0] == told[1]


@pytest.mark.parametrize("slug", slugs())
def test_every_step_shows_what_its_cell_shows(slug: str, scheme_book: Made) -> None:
    subject = read(scheme_book(slug))
    table = people(subject, None)
    compared = 0
    for row in table.rows[:3]:
        outcome = run("explain", scheme_book(slug), person=table.text(row, "序号"))
        assert len(outcome.messages) > 5
        for message in outcome.messages:
            assert "…" not in message.text and "无法说明" not in message.text
            shown = re.fullmatch(r" *.*? = (-?[0-9.]+%?)(?:（见上）)?", message.text)
            if shown and message.cell and message.sheet:
                letters = re.match("[A-Z]+", message.cell)
                assert letters
                value = subject.book.value(message.sheet, int(message.cell[letters.end() :]) - 1, _column(letters[0]))
                assert isinstance(value, float) and shown[1] in (short(value), f"{short(value * 100)}%")
                compared += 1
    assert compared > 5


def _column(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place - 1


def test_a_clerks_own_workbook_is_explained_by_its_headings(own_book: Path) -> None:
    assert lines(run("explain", own_book, person="A02")) == [
        "得分 = 84 [三季度!I5]",
        "  算法：德 78 × 0.2 + 能 82 × 0.2 + 勤 90 × 0.2 + 绩 85 × 0.4",
        "  德 = 78 [三季度!E5]",
        "  能 = 82 [三季度!F5]",
        "  勤 = 90 [三季度!G5]",
        "  绩 = 85 [三季度!H5]",
        "  权重 = 0.2 [标准!B1]",
        "  权重 = 0.2 [标准!C1]",
        "  权重 = 0.2 [标准!D1]",
        "  权重 = 0.4 [标准!E1]",
        "名次 = 3 [三季度!J5]",
        "  算法：得分 84 在 4 个数中的名次",
        "  得分 = 84（见上） [三季度!I5]",
        "  三季度表“得分”列：4 个数，68 至 94.2 [三季度!I4:I7]",
        "  得分 = 84（见上） [三季度!I5]",
        "等次 = “良好” [三季度!K5]",
        "  因为：得分 84 < 90",
        "  因为：得分 84 ≥ 80",
        "  得分 = 84（见上） [三季度!I5]",
        "奖金 = 2000 [三季度!L5]",
        "  算法：按等次“良好”查标准!A4:B6第 2 列",
        "  良好 = 2000 [标准!B5]",
        "  等次 = “良好”（见上） [三季度!K5]",
    ]


def test_the_chosen_cell_is_explained(own_book: Path) -> None:
    outcome = run("explain", own_book, "三季度!K6")
    assert lines(outcome)[:2] == ["等次 = “优秀” [三季度!K6]", "  因为：得分 94.2 ≥ 90"]
    assert outcome.summary == "等次：“优秀”（得分 94.2 ≥ 90）"


def test_for_a_cell_that_was_filled_in_the_persons_results_are_explained(own_book: Path) -> None:
    assert run("explain", own_book, "三季度!B5") == run("explain", own_book, person="A02")


def test_a_cell_without_formula_outside_of_the_people_is_told(own_book: Path) -> None:
    assert lines(run("explain", own_book, "标准!B1")) == ["这一格是填写的内容：0.2，没有公式 [标准!B1]"]


def test_whoever_is_not_or_not_clearly_meant_is_told(own_book: Path) -> None:
    with pytest.raises(UserError, match=r"有 2 行的姓名是 张三（第 4 行、第 7 行）；请改用工号、序号"):
        run("explain", own_book, person="张三")
    with pytest.raises(UserError, match=r"表 三季度 中没有 赵六（按工号、姓名、序号查找）"):
        run("explain", own_book, person="赵六")
    with pytest.raises(UserError, match="没有列 甲；可用的列：序号、姓名"):
        run("explain", own_book, person="A01", columns=("甲",))
    with pytest.raises(UserError, match="请选择一个单元格"):
        run("explain", own_book)


def test_a_row_with_errors_tells_them_first(scheme_book: Made, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(scheme_book("health-centre-staff").read_bytes())
    outcome = run("explain", edit(path, "人员", F6=99), person="1", columns=("公共项目得分",))
    first = "这一行没有通过校验，医德医风：不能大于 10"
    assert lines(outcome) == [f"{first} [人员!R6]", "因此没有计算：公共项目得分"] and outcome.summary == first


def test_a_result_that_waits_for_the_check_and_the_check_say_what_is_wrong(scheme_book: Made, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(scheme_book("health-centre-staff").read_bytes())
    edit(path, "人员", F6=99)
    wrong = "这一行没有通过校验，医德医风：不能大于 10 [人员!R6]"
    assert lines(run("explain", path, "人员!W6")) == [wrong, "因此没有计算：绩效考核得分"]
    told = lines(run("explain", path, "人员!R6"))
    assert told[0] == wrong and "绩效考核得分" in told[1] and len(told) < 10
    passed = run("explain", path, "人员!R8")
    assert lines(passed) == lines(run("explain", path, person="3")) and "校验" not in str(lines(passed)[0])
    of_list = run("explain", path, "岗位!D6")
    assert lines(of_list) == ["校验：“通过” [岗位!D6]"]


def test_what_only_waits_for_the_check_is_told_in_one_line(scheme_book: Made, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(scheme_book("health-centre-staff").read_bytes())
    told = lines(run("explain", edit(path, "人员", F6=99), person="1"))
    waiting = told[1].removeprefix("因此没有计算：").split("、")
    assert {"公共项目得分", "绩效考核得分"} <= set(waiting)
    assert not any(line.startswith(tuple(f"{column} = " for column in waiting)) for line in told)


def test_of_an_error_that_has_words_only_the_reason_is_told(scheme_book: Made, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(scheme_book("health-centre-staff").read_bytes())
    told = lines(run("explain", edit(path, "人员", W6=99), "人员!X6"))
    assert told == [
        "名次 = #VALUE! [人员!X6]",
        "  结果是错误值：绩效考核得分（W6）不是公式，被改写为 99",
    ]


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        ("=ROUND(B1/B2,2)", "甲 10 ÷ 乙 3"),
        ("=(B1+B2)*2-B1/(B2-1)", "（甲 10 + 乙 3 = 13）× 2 − 甲 10 ÷（乙 3 − 1 = 2）"),
        ("=B1-(B2-1)", "甲 10 −（乙 3 − 1 = 2）"),
        ("=SUM(B1:B2,B4)", "甲 10 + 乙 3"),
        ("=IFERROR(B1/0,B2)", "乙 3"),
        ("=MAX(B1,B2)", "甲 10、乙 3 中最大的"),
        ("=SUMPRODUCT((B1:B2>2)*B1:B2)", "乘积之和（（（Sheet1!B1:B2（10、3）> 2）× Sheet1!B1:B2（10、3）））"),
        ("=-B1^2", "−甲 10 ^ 2"),
        ("=B1*50%", "甲 10 × 50%"),
        ("=KAOHE_SCORE(B1:B2,{30,70})", "甲 10 × 30% + 乙 3 × 70%"),
        ("=KAOHE_STEPS(B1,4,2)", "甲 10 超过 4 的部分，每满 2 计 1"),
        ("=Sheet1!B1+没有", "甲 10 + 没有 #NAME?"),
        (
            "=KAOHE_PROGRESS(B1,{0,5,8},{0.2,0.5,1})",
            "甲 10 分段计（0 至 5 的 5 × 0.2 + 5 至 8 的 3 × 0.5 + 8 以上的 2 × 1）",
        ),
        ("=KAOHE_PROGRESS(B1,{0,10},{0.2,0.5})", "甲 10 分段计（0 以上的 10 × 0.2）"),
        ("=KAOHE_PROGRESS(B2,{3},{1})", "乙 3 分段计"),
        ("=KAOHE_TOPMEAN(B1:B2,1)", "Sheet1!B1:B2中最高的"),
        ("=KAOHE_TOPMEAN(B1:B2,2)", "Sheet1!B1:B2中最高的 2 个的平均"),
        ('=SUMIF(B1:B2,">5")', "Sheet1!B1:B2中大于 5 的合计"),
    ],
)
def test_formulas_in_words(formula: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_column(0, 0, ["甲", "乙", "丙"])
        sheet.write_column(0, 1, [10, 3])
        sheet.write_formula(2, 1, formula)
    assert run("explain", path, "Sheet1!B3").messages[1].text == f"  算法：{told}"


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ('(B1="")+(B2=3)>0', ["因为：乙 3"]),
        ("(B1>5)*(B2>5)>0", ["因为：乙 3 ≤ 5"]),
        ("(B1>5)*(B2>5)=0", ["因为：乙 3 ≤ 5"]),
        ("(B1>5)+(B2>5)<>0", ["因为：甲 10 > 5"]),
        ("AND(B1>5,B2>5)", ["因为：乙 3 ≤ 5"]),
        ("IFERROR(B1>5,FALSE)", []),
        ("IFERROR(B1<5,FALSE)", ["因为：甲 10 ≥ 5"]),
        ("ISNUMBER(B1)", []),
        ("ISNUMBER(A1)", ["因为：Sheet1!A1“甲” 不是数"]),
        ("TRUE", []),
    ],
)
def test_conditions_in_words(condition: str, told: list[str], tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_column(0, 0, ["甲", "乙", "丙"])
        sheet.write_column(0, 1, [10, 3])
        sheet.write_formula(2, 1, f"=IF({condition},B1,B2)")
    texts = [message.text.strip() for message in run("explain", path, "Sheet1!B3").messages]
    assert [text for text in texts if text.startswith("因为")] == told


def test_a_sentence_whose_name_a_clerk_has_deleted_gives_way_to_the_formula(scheme_book: Made, tmp_path: Path) -> None:
    whole, without = scheme_book("corporate-kpi-grades"), tmp_path / "a.xlsx"
    book = load_workbook(whole)
    del book.defined_names["KPI占比"]
    book.save(without)
    said = "各 KPI 得分按权重平均（没有得分的 KPI 不计），乘 KPI占比 90%"
    for path, is_said in ((whole, True), (without, False)):
        told = lines(run("explain", path, person="江志远", columns=("季度得分",)))
        assert any(said in line for line in told) is is_said


def test_a_long_chain_is_told_as_far_as_anybody_reads(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write(0, 0, 1)
        for row in range(1, 2000):
            sheet.write_formula(row, 0, f"=A{row}+1")
    told = run("explain", path, "Sheet1!A2000").messages
    assert told[0].text.endswith(" = 2000") and told[-1].text.endswith("（步骤太多，请单独解释这一格）")


def test_a_circle_comes_to_an_end(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_formula(0, 0, "=B1+1")
        sheet.write_formula(0, 1, "=A1+1")
    told = [message.text for message in run("explain", path, "Sheet1!A1").messages]
    assert told[-1].strip() == "Sheet1!A1 = 0（见上）"


def test_people_are_told_apart_as_cells_show_them() -> None:
    assert (text(1.0), text(0.1 + 0.2), text(" 张三 "), text(None)) == ("1", "0.3", "张三", "")


OWN_SCHEME = """
title = "工资"
summary = "按职级和档次定工资。"
source = "无"

[[tables]]
name = "标准"
default = [{ "职级" = "一级", "一档" = 900, "二档" = 1000 }, { "职级" = "三级", "一档" = 1100, "二档" = 1200 }]
columns = [{ name = "职级", type = "text", unique = true }, { name = "一档" }, { name = "二档" }]

[[tables]]
name = "人员"
people = true
columns = [
    { name = "代号", type = "text", unique = true },
    { name = "职级", type = "text" },
    { name = "档", type = "whole" },
    { name = "迟到" },
    { name = "早退" },
    { name = "标准工资", formula = "=INDEX(标准[[一档]:[二档]],MATCH([@职级],标准[职级],0),[@档])" },
    { name = "位置", formula = "=MATCH([@职级],标准[职级],0)" },
    { name = "出勤", formula = "=KAOHE_ITEM(20,[@[迟到]:[早退]])" },
    { name = "早退次数", formula = "=KAOHE_DEDUCT([@早退],0.5)+1" },
]

[[tables]]
name = "记录"
columns = [
    { name = "编号", type = "text", unique = true },
    { name = "代号", type = "text", key = "人员" },
    { name = "{}次", each = ["一", "二", "三", "四", "五", "六", "七", "八"] },
]
"""


def test_what_is_taken_out_of_a_table_and_off_a_score(tmp_path: Path) -> None:
    people_given = [
        {"代号": "甲", "职级": "三级", "档": 2, "迟到": 6, "早退": 3},
        {"代号": "乙", "职级": "一级", "档": 1},
    ]
    records = [{"编号": f"{number}", "代号": "甲"} for number in range(3)]
    path = tmp_path / "a.xlsx"
    build(parse(OWN_SCHEME, "own"), path, {"tables": {"人员": people_given, "记录": records}})
    calculate(path)
    assert (people(read(path), None).name, people(read(path), None).person) == ("人员", "代号")
    told = lines(run("explain", path, person="甲"))
    for result, words in (
        ("标准工资 = 1200", "标准表中职级“三级”的二档"),
        ("位置 = 2", "职级“三级”在标准表的职级中的位置"),
        ("出勤 = 11", "20 − 迟到 6 − 早退 3"),
    ):
        at = next(number for number, line in enumerate(told) if line.startswith(result))
        assert told[at + 1] == f"  算法：{words}"
    assert any(line.startswith("  算法：各项次数都是 0 + 1") for line in lines(run("explain", path, person="乙")))


def test_a_veto_is_told_with_what_it_was_for(scheme_book: Made) -> None:
    told = lines(run("explain", scheme_book("health-centre-staff"), person="周丽华"))
    at = told.index("  定等次 = “不合格” [人员!Y14]")
    assert told[at + 1 : at + 4] == [
        "    算法：一票否决",
        "    因为：否决情形“事故损失”",
        "    否决情形 = “事故损失” [人员!O14]",
    ]


def test_who_takes_no_part_is_told_so_and_blank_results_are_left_out(scheme_book: Made) -> None:
    told = lines(run("explain", scheme_book("health-centre-staff"), person="杨雪梅"))
    assert told[0] == "杨雪梅不参加考核；结果是空白的列不列出 [人员!Q17]"
    assert [line.partition(" = ")[0] for line in told[1:]] == ["等次", "扣减金额", "实发绩效"]


def test_of_other_people_only_the_values_are_told(scheme_book: Made) -> None:
    book = scheme_book("corporate-kpi-grades")
    first, second = people(read(book), None).frame["姓名"].iloc[:2]
    told = lines(run("explain", book, person=first))
    at = next(number for number, line in enumerate(told) if f"人员表“{second}”的参评数 = " in line)
    depth = len(told[at]) - len(told[at].lstrip())
    assert len(told[at + 1]) - len(told[at + 1].lstrip()) <= depth
    assert any(line.lstrip().startswith("参评数 = ") for line in told) and len(told) < 400


def public(name: str, folder: Path) -> Path:
    """The workbook of a public scheme with the data of its case, computed."""
    path = folder / f"{name}.xlsx"
    build(load(str(PUBLIC / f"{name}.toml")), path, {"tables": case(name)["tables"]})
    calculate(path)
    return path


def test_what_counts_of_several_is_not_told_as_added_up(tmp_path: Path) -> None:
    told = lines(run("explain", public("peer-ratings", tmp_path), person="研01", columns=("最高", "合计")))
    assert "  算法：互评表中被评人为本人的评分，只计最大的 1 个（85、92、99、66、73）" in told
    assert "  算法：互评表中被评人为本人的评分（85 + 92 + 99 + 66 + 73）" in told


def test_times_of_day_are_told_as_such(tmp_path: Path) -> None:
    path = public("shift-pay", tmp_path)
    told = lines(run("explain", path, "班次!J6"))
    assert told[:2] == ["止分 = 1800 [班次!J6]", "  算法：（止 06:00 × 1440 = 360）+ 1440"]
    assert "  止 = 06:00 [班次!E6]" in told
