"""Scheme files as wholes: all mistakes are told together, each once; line ends and spaces of other programs mean nothing."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.workbook_templates.support import COUNT, GOOD, SCORE, told
from workbook_templates.scheme.errors import SchemeError
from workbook_templates.scheme.loader import parse


def test_all_mistakes_are_told_in_the_order_of_the_file() -> None:
    wrong = GOOD
    for old, new in (
        ("value = 100", 'value = "100"'),
        ("value = 0.15", "value = 15"),
        ("unique = true", "uniqe = true"),
        ('max = "满分"', 'max = "总分"'),
        ("KAOHE_GRADE(", "KAOHE_GRAD("),
        ('"=人数=COUNTA(人员[得分])"', '"=人数-总数"'),
    ):
        wrong = wrong.replace(old, new, 1)
    words = [re.sub("；可用的.*(?=（文件)", "", line) for line in told(wrong)]
    assert words == [
        '  参数 满分：value "100" 应为数字，填的是文本格式的数字“100”；写成 100，不加引号（文件第 6 行）',
        "  参数 优秀比例：value 15 不能大于 1；15% 写成 0.15（文件第 11 行）",
        "  表 人员 列 姓名：不认识的键 uniqe（文件第 36 行）",
        "  表 人员 列 德：没有参数或汇总 总分（文件第 39 行）",
        "  表 人员 列 等次：公式 =KAOHE_GRAD([@得分],等次表[下限],等次表[等次]) 用了不认识的函数 KAOHE_GRAD；是不是 KAOHE_GRADE？（文件第 54 行）",
        "  核对 人数相符：没有名称 总数（文件第 62 行）",
        '  核对 人数相符：公式 =人数-总数 应为成立或不成立的条件，如 =[@列]="是"、=[@列]>=60（文件第 62 行）',
    ]


def test_columns_that_wait_for_each_other_are_told_beside_other_mistakes() -> None:
    text = GOOD.replace("value = 0.15", "value = 15").replace(SCORE, '"=[@等次]"').replace(COUNT, '"=人数+1"')
    with pytest.raises(SchemeError, match="有 3 处错误") as caught:
        parse(text, "t")
    assert "人员[得分] → 人员[等次] → 人员[得分]" in str(caught.value)
    assert "汇总 人数：互相等待，无法计算：人数 → 人数（文件第 58 行）" in str(caught.value)


def test_a_mistake_in_tables_alike_is_told_once() -> None:
    text = GOOD.replace('name = "人员"\npeople = true', 'name = "{表}"\neach = ["人员", "家属"]\ncapacity = "多"')
    assert told(text) == ['方案 t 表 人员：capacity 应为不小于 0 的整数，现为 "多"；例如 capacity = 60（文件第 29 行）']


def test_the_same_mistake_in_several_places_is_told_once_with_the_lines() -> None:
    wrong = GOOD.replace('name = "满分"', 'name = "总分"') + "".join(
        f'\n[[results]]\nname = "数{number}"\nformula = "=满分+{number}"\n' for number in (1, 2)
    )
    bound, formula = told(wrong)
    assert "没有参数或汇总 满分" in bound and bound.endswith("（文件第 39 行）")
    assert "没有名称 满分" in formula and formula.endswith("；第 70 行也是（文件第 66 行）")


def test_a_nameless_column_leaves_only_its_own_table_in_doubt() -> None:
    """It may be the one that 名次 is to be; but no name elsewhere is in doubt."""
    wrong = GOOD.replace('name = "入职"\n', "").replace("[@得分],等次表[下限]", "[@名次],等次表[下线]")
    wrong = wrong.replace("people = true", 'people = true\norders = { "依据" = ["名次"] }').replace("=人数=", "=总数=")
    assert [re.sub("；可用的.*?(?=；是|；文|（文件)", "", line) for line in told(wrong)] == [
        "  表 人员 列 {} 之后的一列：缺少 name（文件第 46 行）",
        "  表 人员 列 等次：列表 等次表 没有列 下线（文件第 54 行）",
        "  核对 人数相符：没有名称 总数；文本加引号（文件第 62 行）",
    ]


def test_a_list_that_stands_whole_leaves_other_names_to_be_told() -> None:
    wrong = GOOD.replace('sorted = "down"', 'sorted = "下"').replace("[@得分],等次", "[@总得分],等次")
    assert ["sorted 应为" in told(wrong)[0], "没有列 总得分" in told(wrong)[1]] == [True, True]


def test_a_mistake_in_columns_that_are_repeated_is_told_once() -> None:
    further = '[[tables.columns]]\nname = "{}数"\neach = "项目"\nformula = "=[@{}次]*[@{}次]+无"\n\n[[results]]'
    wrong = GOOD.replace('max = "满分"', 'max = "总分"').replace("[[results]]", further)
    assert [re.sub("；可用的.*?(?=；|（文件)", "", line) for line in told(wrong)] == [
        "  表 人员 列 德：没有参数或汇总 总分（文件第 39 行）",
        "  表 人员 列 德数：没有名称 无；文本加引号（文件第 58 行）",
        "  表 人员 列 德数：表 人员 没有列 德次；是不是 德？（文件第 58 行）",
    ]


def test_no_more_than_twenty_are_told() -> None:
    many = "".join(f'\n[[results]]\nname = "数{number}"\nformula = "=无{number}"\n' for number in range(22))
    with pytest.raises(SchemeError) as caught:
        parse(GOOD + many, "t")
    first, *lines, last = str(caught.value).splitlines()
    assert (first, len(lines), last) == ("方案 t 有 22 处错误：", 20, "  另有 2 处，改好以上各处再看")


def test_lines_that_are_no_toml_are_told_together() -> None:
    wrong = GOOD
    for old, new in (("value = 100", "value = 100分"), ("value = 0.15", "value = 15%"), ('["绩", 60]]', '["绩", 60]')):
        wrong = wrong.replace(old, new, 1)
    assert [line[: line.index("起")] for line in told(wrong)] == [
        "  第 7 行第 12 个字符", "  第 13 行第 11 个字符", "  第 23 行第 1 个字符"
    ]  # fmt: skip


def test_a_file_that_is_begun_is_told_what_is_missing() -> None:
    assert told("") == [
        "  缺少 tables；每张表以 [[tables]] 开头",
        '  缺少 title；例如 title = "教师年度考核"',
        '  缺少 summary；例如 summary = "按七项计分，评定等次。"',
        '  缺少 source；例如 source = "某县教师考核办法"',
    ]
    head = 'title = "甲"\nsummary = "乙。"\nsource = "丙"\n'
    assert told(head) == ["方案 t：缺少 tables；每张表以 [[tables]] 开头"]
    assert told(head + "[[tables]]\n") == ["方案 t 表 ?：缺少 name（文件第 4 行）"]
    assert told(head + '[[tables]]\nname = "人员"\n') == [
        '方案 t 表 人员：缺少 columns；例如 columns = [{ name = "姓名", type = "text" }]（文件第 5 行）'
    ]


def test_lines_may_end_as_on_old_machines() -> None:
    assert parse(GOOD.replace("\n", "\r"), "t") == replace(parse(GOOD, "t"), text=GOOD.replace("\n", "\r"))


@pytest.mark.parametrize("space", ["\u3000", "\u00a0", "\u200b", "\ufeff"])
def test_spaces_from_elsewhere_mean_nothing(space: str) -> None:
    odd = GOOD.replace("  { name", f"{space * 2}{{ name").replace("value = 100", f"value = 100{space}")
    assert parse(odd, "t").lists == parse(GOOD, "t").lists
