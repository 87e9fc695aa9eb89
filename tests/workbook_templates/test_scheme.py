"""Scheme files are read strictly: every mistake is refused with its place and what is allowed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from workbook_templates.formula import language as formulas
from workbook_templates.scheme.catalogue import load, slugs
from workbook_templates.scheme.checks import generated_columns
from workbook_templates.scheme.errors import SchemeError
from workbook_templates.scheme.loader import parse
from workbook_templates.scheme.names import CHECK

GOOD = """
title = "测试"
summary = "测试用。"
source = "无"
parameters = [{ name = "满分", value = 100, min = 0 }]

[[tables]]
name = "人员"
columns = [
    { name = "姓名", type = "text", required = true, unique = true },
    { name = "得分", min = 0, max = "满分" },
    { name = "等次", formula = '=IF([@得分]>=60,"合格","不合格")' },
]

[[results]]
name = "人数"
formula = "=COUNTA(人员[姓名])"
"""


def test_a_good_scheme_is_read() -> None:
    scheme = parse(GOOD, "t")
    assert scheme.table("人员").column_names == ("序号", "姓名", "得分", "校验", "等次")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('title = "测试"', "", "缺少 title"),
        ('title = "测试"', 'titel = "测试"', "不认识的键 titel；可用的键：title、summary"),
        ('title = "测试"', "title = 3", "title 应为文本"),
        ('title = "测试"', "title = ", "不是合法的 TOML"),
        ("min = 0, max", "minimum = 0, max", "表 人员 列 得分：不认识的键 minimum"),
        ('max = "满分"', 'max = "总分"', "没有参数或汇总 总分；可用的：满分、人数"),
        ('max = "满分"', 'max = "[总分]"', "没有填写列 总分；可用的：姓名、得分"),
        ('max = "满分"', 'max = "=总分+1"', "没有名称 总分"),
        ('type = "text"', 'type = "txt"', "type 应为 number、whole、text、flag、choice、date 之一，现为 \"txt\""),
        ('type = "text"', 'type = "choice"', "type = \"choice\" 要写出可选的文本"),
        ("[@得分]>=60", "[@分]>=60", "表 人员 列 等次：表 人员 没有列 分；可用的：序号、姓名、得分、校验、等次"),
        ("[@得分]>=60", "[@得分]>=及格线", "没有名称 及格线"),
        ("[@得分]>=60", "FOO([@得分])", "不认识的函数 FOO；可用的函数："),
        ("[@得分]>=60", "KAOHE_ROUND()", "有 0 个参数，应为 1 至 3 个"),
        ("[@得分]>=60", "KAOHE_ROUND(1,2,0,4)", "有 4 个参数"),
        ("[@得分]>=60", "B6>=60", "B6 不是允许的写法"),
        ("[@得分]>=60", "(1", "括号"),
        ("'=IF(", "'IF(", "formula 应为以 = 开头的公式"),
        ('"不合格")\'', '"不合格")\', say = "[@总分] 分"', "列 等次 say：没有列 总分；可用的：序号、姓名、得分"),
        ('"不合格")\'', '"不合格")\', say = "[@得分] 分，[及格线] 分及格"', "say：没有参数或汇总 及格线；可用的：满分、人数"),
        ("COUNTA(人员[姓名])", "COUNTA(员工[姓名])", "没有表或列表 员工；可用的：人员"),
        ("COUNTA(人员[姓名])", "COUNTA([姓名])", "须写明是哪个表"),
        ('name = "人数"', 'name = "A1"', "A1 不能用作名称"),
        ('name = "人数"', 'name = "满分"', "名称 满分 重复"),
        ('{ name = "得分"', '{ name = "姓名"', "名称 姓名 重复"),
        ("unique = true }", "unique = true, key = \"部门\" }", "没有表或列表 部门"),
        ("unique = true }", "unique = 1 }", "unique 应为 true 或 false"),
        ('"合格","不合格")\' },', '"合格","不合格")\', needs = ["部门"] },', "没有表、列表、参数规则（或有 scope 的参数） 部门"),
        ('"合格","不合格")\' },', '"合格","不合格")\', groups = ["甲"] },', "没有分组 甲"),
        ('"合格","不合格")\' },', '"合格","不合格")\' },\n    { name = "后", type = "text" },', "列 后：填写列应排在所有计算列之前"),
        ("[[results]]", "[chart]\ntitle = \"图\"\nitems = [\"没有\"]\n\n[[results]]", "没有汇总项 没有"),
    ],
)  # fmt: skip
def test_a_mistake_is_refused_with_its_place(old: str, new: str, told: str) -> None:
    assert old in GOOD
    with pytest.raises(SchemeError) as caught:
        parse(GOOD.replace(old, new, 1), "t")
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ("nope", "没有名为 nope 的考核方案；kaohe list 列出全部方案"),
        (
            "helth-centre-staff",
            "没有名为 helth-centre-staff 的考核方案；kaohe list 列出全部方案；是不是 health-centre-staff？",
        ),
        ("班主任", "；名称中有它的：homeroom-teacher（班主任学期考核与津贴）"),
    ],
)
def test_an_unknown_scheme_is_told_with_those_of_a_like_name(wanted: str, told: str) -> None:
    with pytest.raises(SchemeError, match=told):
        load(wanted)


def test_a_scheme_is_known_by_its_title_too() -> None:
    assert load("班主任学期考核与津贴").slug == "homeroom-teacher"


@pytest.mark.parametrize("slug", slugs())
def test_every_scheme_says_what_it_is(slug: str) -> None:
    scheme = load(slug)
    assert scheme.title and scheme.summary.endswith("。") and scheme.source
    assert all(line.endswith("。") for line in (*scheme.steps, *scheme.decided, *scheme.limitations))


def test_columns_of_tables_must_be_references() -> None:
    assert formulas.parse("=KAOHE_RANK([@序号],[序号],INDEX([得分],0))")
    with pytest.raises(formulas.FormulaError, match="KAOHE_RANK 的参数 得分 应是区域，不能是算出来的值"):
        formulas.parse("=KAOHE_RANK([@序号],[序号],[得分]*2)")


def test_a_rules_message_stays_one_in_the_answer() -> None:
    """校验 parts its problems by semicolons."""
    scheme = load("health-centre-staff")
    table = scheme.table("人员")
    [rule] = table.rules
    table = replace(table, rules=(replace(rule, message="先查；再填"),))
    assert f"{rule.column}:先查，再填；" in generated_columns(table, scheme)[CHECK]
