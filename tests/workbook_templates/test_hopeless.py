"""Calls that are error values whatever is filled in, told before anybody fills in anything."""

from __future__ import annotations

import pytest

from tests.workbook_templates.support import NAMES, PUBLIC
from udfs import FUNCTIONS
from workbook_templates.scheme.catalogue import load, titles
from workbook_templates.scheme.hopeless import hopeless
from workbook_templates.scheme.loader import parse
from workbook_templates.scheme.remarks import remarks

SCHEME = """
title = "错误值"
summary = "怎么填都是错误值。"
source = "无"
parameters = [{{ name = "步长", value = {step} }}, {{ name = "空的", required = false }}, {{ name = "另", value = 1.21 }}, {{ name = "另二", value = 1.22 }}]

[[lists]]
name = "项目"
columns = [{{ name = "项目", type = "text" }}, {{ name = "权重" }}]
rows = [["德", 40], ["绩", {weight}]]

[[lists]]
name = "档"
columns = [{{ name = "线", cell = "线{{系数}}" }}, {{ name = "系数" }}, {{ name = "另填" }}]
rows = [[90, 3, 1], [60, 2, ""], [0, 1, 1]]

[[tables]]
name = "人员"
people = true
columns = [
    {{ name = "姓名", type = "text", required = true, unique = true }},
    {{ name = "{{}}", each = "项目", block = "各项", preset = "score", required = true }},
    {{ name = "票一", preset = "count" }},
    {{ name = "票二", preset = "count" }},
    {{ name = "否决", type = "flag" }},
    {{ name = "推荐人", type = "text", key = "人员" }},
    {{ name = "得分", formula = "=KAOHE_SCORE([@各项],项目[权重])" }},
    {{ name = "结果", formula = '={formula}' }},
]
"""


def told(formula: str, step: float = 5, weight: float = 60) -> list[str]:
    return list(hopeless(parse(SCHEME.format(formula=formula, step=step, weight=weight), "t")))


@pytest.mark.parametrize(
    ("formula", "error"),
    [
        ("KAOHE_TIER([@得分],{60,90},{1,2})", "#VALUE!"),
        ("KAOHE_TIER(1,{5000,4000},{1,2})", "#N/A"),
        ("KAOHE_GRADE([@得分],{90,60},{1})", "#VALUE!"),
        ("KAOHE_STEPS([@得分],60,0)", "#VALUE!"),
        ("KAOHE_STEPS([@得分],60,-5)", "#VALUE!"),
        ("KAOHE_RATIO(30,[@德],0)", "#DIV/0!"),
        ("KAOHE_PROGRESS([@得分],档[线],档[系数])", "#VALUE!"),
        ("KAOHE_INTERP([@得分],{0,0},{1,2})", "#VALUE!"),
        ("KAOHE_DEDUCT([@德],{1,2})", "#VALUE!"),
        ("KAOHE_SCORE([@各项],{0.5,0.3,0.2})", "#VALUE!"),
        ("KAOHE_SCORE([@[德]:[票二]],各项[权重])", "#VALUE!"),
        ("KAOHE_ROUND([@得分],20)", "#VALUE!"),
        ("KAOHE_TRIM([@各项])", "#NUM!"),
        ("SUM(KAOHE_QUOTA([@票一],{0.2,0.7}))", "#VALUE!"),
    ],
)
def test_a_call_that_is_always_an_error_value_is_told(formula: str, error: str) -> None:
    [only] = told(formula)
    assert only.startswith("表 人员 的列 结果 的 KAOHE_") and f" 不论填什么都是 {error}；说明：" in only


def test_what_a_list_or_a_parameter_says_counts() -> None:
    assert told("KAOHE_STEPS([@得分],60,步长)") == []
    assert told("KAOHE_STEPS([@得分],60,步长)", step=0) == [
        f"表 人员 的列 结果 的 KAOHE_STEPS([@得分],60,步长) 不论填什么都是 #VALUE!；说明：{FUNCTIONS['KAOHE_STEPS'].remarks}"
    ]
    [only] = told("1", weight=59)
    assert only.startswith("表 人员 的列 得分 的 KAOHE_SCORE([@[德]:[绩]],项目[权重]) 不论填什么都是 #VALUE!；说明：")


@pytest.mark.parametrize(
    "formula",
    [
        "KAOHE_TIER([@得分],档[线],档[系数])+KAOHE_TIER([@得分],{60,90},{1,2},,\"任意\")",
        "KAOHE_GRADE([@得分],{90,60},{\"优\",\"良\",\"差\"},[@否决])&\"\"",
        "KAOHE_STEPS([@得分],60,空的)+KAOHE_ROUND([@得分],[@票一],IF([@否决]=\"是\",\"进位\",\"舍去\"))",
        "KAOHE_VOTE([@[票一]:[票二]],{1,0.5},100,[@德],0.5)+KAOHE_RATIO(30,[@德],[@绩],0,[@票一])",
        "KAOHE_TIER([@得分],档[另填],档[系数])+KAOHE_PROGRESS([@得分],{0,1},人员[德])",
        "KAOHE_COEF([@得分],[@各项],0.5,1)+KAOHE_ITEM(线3,[@票一],-[@票二]+5)+SUM(KAOHE_WEIGHTS(项目[权重],[@各项]))",
        "KAOHE_LOOKUP([@姓名],项目[项目],项目[权重])+KAOHE_YEARS([@德],[@绩])+KAOHE_ROUND(-1.005)",
        "KAOHE_RANK([@键_推荐人],[键],[得分])+KAOHE_RANK([@序号],[序号],[得分])",
        "KAOHE_TIER([@得分],{5000000,2000000},{1,2})+KAOHE_COEF([@得分],[@各项],1.1,1.15)",
        "KAOHE_TIER([@得分],档[线],档[系数],\"不含下限\")+KAOHE_COEF([@得分],[@各项],另,另二)",
        "KAOHE_VOTE([@[德]:[票二]],{1,0.8,0.6,0},100,[@得分],0.8)",
    ],
)  # fmt: skip
def test_calls_that_may_give_a_result_are_not_told(formula: str) -> None:
    assert told(formula) == []


def test_what_is_looked_for_in_another_column_is_told() -> None:
    assert told("KAOHE_RANK([@姓名],[序号],[得分])") == [
        "表 人员 的列 结果 的 KAOHE_RANK 在 [序号] 中找 [@姓名]，总找不到；写 [@序号],[序号]"
    ]
    assert told("KAOHE_RANK([@序号],[得分],[序号])") == [
        "表 人员 的列 结果 的 KAOHE_RANK 在 [得分] 中找 [@序号]，总找不到；写 [@序号],[序号]"
    ]
    assert told('KAOHE_ROUND([@得分],"舍去")') == ["表 人员 的列 结果 的 KAOHE_ROUND 的小数位应为数字，现为“舍去”"]


def test_a_comma_too_many_or_too_few_is_told() -> None:
    assert told("KAOHE_ALLOCATE([@序号],[序号],,步长,[得分])+KAOHE_ITEM(10,[@德],,0)") == [
        "表 人员 的列 结果 的 KAOHE_ALLOCATE 没有写总额，总是 #VALUE!；是不是多了一个逗号？"
    ]
    assert told('KAOHE_RANK([@序号],[序号],[得分],[推荐人],"中国式")') == [
        '表 人员 的列 结果 的 KAOHE_RANK 的并列依据应为一列，现为 "中国式"；是不是少了一个逗号？'
    ]
    assert told('KAOHE_RANK([@序号],[序号],[得分],,,"中国式")+KAOHE_ALLOCATE([@序号],[序号],步长,[得分],100,1)') == []


def test_rules_are_looked_at_too() -> None:
    text = SCHEME.format(formula=1, step=5, weight=60)
    rule = "{ formula = '=KAOHE_STEPS([@德],0,0)>1', message = \"太少\" }"
    text = text.replace("people = true", f"people = true\nrules = [{rule}]")
    text += "[[parameter_rules]]\nname = '步'\nformula = '=KAOHE_ROUND(步长,11)>0'\nmessage = '短'\n"
    assert [told.partition(" 不论")[0] for told in hopeless(parse(text, "t"))] == [
        "表 人员 的规则“太少” 的 KAOHE_STEPS([@德],0,0)",
        "参数规则 步 的 KAOHE_ROUND(步长,11)",
    ]


def test_names_that_take_numbers_only_are_told() -> None:
    """A column without a type takes numbers: the commonest slip."""
    text = SCHEME.format(formula="[@得分]", step=5, weight=60)
    wrong = text.replace('"姓名", type = "text"', '"姓名"').replace(', type = "text", key = "人员"', "")
    assert '表 人员 的列 姓名 只能填数字（type 不写即是数字）；文本写 type = "text"' in list(remarks(parse(wrong, "t")))
    assert not any("只能填数字" in told for told in remarks(parse(wrong.replace("姓名", "编号"), "t")))


@pytest.mark.parametrize("slug", [*titles([])[0], *(str(PUBLIC / f"{name}.toml") for name in NAMES)])
def test_no_scheme_of_ours_is_hopeless(slug: str) -> None:
    assert list(hopeless(load(slug))) == []
