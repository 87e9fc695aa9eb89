"""What looks the same, what shows nothing, and what stands in the place of a name and is nobody."""

from __future__ import annotations

from decimal import Decimal

import pytest

from udfs import FUNCTIONS
from udfs.calling import SCORES
from udfs.registry import Style
from udfs.spelling import are_alike, as_seen, is_line_of_figures, is_nobody, is_total, is_unseen, lines_of_figures

ALIKE: list[tuple[str | Decimal, str | Decimal]] = [
    ("张三", "张 三"),
    ("张三", "张三\u3000"),
    ("张\u200b三", "张三"),
    ("甲\xad组", "甲组"),
    ("ＫＰＩ（一）", "kpi(一)"),
    ("买买提·江", "买买提•江"),
    ("一–二", "一-二"),
    ("007", "7"),
    ("０７", "7"),
    ("00", "0"),
    (Decimal(7), "7"),
    (Decimal(7), "07"),
    (Decimal("1.50"), "1.5"),
]
DIFFERENT: list[tuple[str | Decimal, str | Decimal]] = [
    ("张三", "李四"),
    ("12", "13"),
    ("7", "70"),
    ("100", "1"),
    ("0", "1"),
    ("甲01", "甲1"),
    (Decimal(1), "甲"),
    (Decimal(7), Decimal(70)),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_what_looks_the_same(one: str | Decimal, other: str | Decimal) -> None:
    assert as_seen(one) == as_seen(other)
    assert are_alike([one, other]) and are_alike(["乙", one, "丙", other])


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_looks_different(one: str | Decimal, other: str | Decimal) -> None:
    assert as_seen(one) != as_seen(other)
    assert not are_alike([one, other]) and not are_alike([one]) and not are_alike([])


@pytest.mark.parametrize("cell", [None, "", " ", "\u3000\xa0\t\n", "\u200b\ufeff\xad\u2060"])
def test_what_shows_nothing(cell: str | None) -> None:
    assert is_unseen(cell)


@pytest.mark.parametrize("cell", [0.0, False, "0", "-", " 甲 ", "\u200b."])
def test_what_shows_something(cell: object) -> None:
    assert not is_unseen(cell)


@pytest.mark.parametrize(
    "text",
    [
        "合计",
        "小 计：",
        "总计人数",
        "合计（元）",
        "共12人",
        "平均",
        "平 均：",
        "平均分",
        "平均值",
        "平均得分",
        "平均金额（元）",
        "平均每人",
        "平均绩效考核得分",
        "平均 85.5 分",
    ],
)
def test_totals_are_nobody(text: str) -> None:
    assert is_total(text) and is_nobody(text)


@pytest.mark.parametrize(
    "text",
    [
        "一科小计",
        "本页小计",
        "科小计",
        "组合计",
        "王组合计",
        "全院合计",
        "人均",
        "最高分",
        "满分",
        "权重",
        "姓名",
        "（示例）",
        "制表人：张三",
        "制表人：",
        "审核：",
        "负责人签字：",
        "审核人（签字）：",
        "单位负责人：",
        "单位（盖章）：",
        "制表日期：",
        "备注：",
        "注：",
        "制表",
        "审核",
        "盖章",
        "单位负责人",
        "审核　张三　　制表　李四",
        "制表人张三",
        "单位负责人李四",
        "领导：",
        "领导签字",
        "分管领导：：",
        "审核张三：",
        "审核 制表",
        "审核人（签字）王芳　2026年3月5日",
        "负责人签字____",
        "审核　　年　月　日",
        "一组·合计",
    ],
)
def test_headings_and_notes_are_nobody_and_no_totals(text: str) -> None:
    assert is_nobody(text) and not is_total(text)


@pytest.mark.parametrize(
    "value",
    [
        "张三",
        "满江",
        "权平",
        "计小合",
        "余例",
        "张三：",
        "张小计",
        "王合计",
        "欧阳小计",
        "谢累计",
        "康合计",
        "洪总计",
        "注册",
        "制宁",
        "行政审批局",
        "审批科",
        "审核办",
        "编制办公室",
        "领导",
        "院领导",
        "审批窗口",
        "审批江北窗口",
        "审核岗",
        "审核1",
        "复核白班",
        "审核委员会",
        "经办银行",
        "古丽·合计",
        "平均岭村卫生室",
        "平均分校",
        "合计算社",
        12.0,
        None,
    ],
)
def test_people_are_somebody(value: object) -> None:
    assert not is_nobody(value) and not is_total(value)


def test_lines_of_figures_are_found_among_people_and_notes_are_none() -> None:
    assert lines_of_figures(["张三", "合计", "满分", "制表人：张三", "满江"]) == ["合计", "满分"]
    assert not is_line_of_figures(12.0) and not is_line_of_figures(None)
    assert lines_of_figures(["张三", "李四"]) == lines_of_figures([]) == []


def test_every_function_over_a_list_of_people_has_the_scores_by_which_it_refuses_them() -> None:
    of_people = [function for function in FUNCTIONS.values() if function.style is Style.PEOPLE]
    assert of_people
    assert [f.name for f in of_people if SCORES not in [p.name for p in f.parameters[2:]]] == []
