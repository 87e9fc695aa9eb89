"""What authors of scheme files get wrong in formulas and conditions."""

from __future__ import annotations

import re

import pytest

from tests.workbook_templates.support import COUNT, GOOD, SCORE, Mistake, assert_told
from udfs import FUNCTIONS
from workbook_templates.formula.language import INSTEAD
from workbook_templates.formula.signatures import for_schemes, signature
from workbook_templates.scheme.loader import parse

FORMULAS = [
    ("KAOHE_GRADE(", "KAOHE_GRADE (", "没有名称 KAOHE_GRADE", "函数名后面紧接着写括号：KAOHE_GRADE(…)，中间没有空格"),
    (SCORE, '"=[@德]*０．５"', "第 7 个字符的 ０．５ 应为半角的数字"),
    (SCORE, '"=KAOHE_ROUND([＠德])"', "没有列 ＠德", "；全角的 ＠ 应为半角的 @：[@德]"),
    (SCORE, '"=KAOHE_ALLOCATE([@序号],[序号],[德],[绩])"', "KAOHE_ALLOCATE 的总额 [德] 是整列，这里要一个值"),
    (SCORE, '"=KAOHE_ALLOCATE([@序号],[序号],[@德],[绩])"', None),
    (SCORE, '"=KAOHE_ALLOCATE([@序号],[序号],等次表[下限],[绩])"', None),
    (SCORE, "'=IF([@德]==60,1,0)'", "第 10 个字符处= 前缺少内容；相等写一个 ="),
    (SCORE, "'=IF([@德]>60 && [@绩]>60,1,0)'", "& 前缺少内容；“并且”写 AND(…)"),
    (SCORE, "'=IF([@德]>60 或 [@绩]>60,1,0)'", "或 前缺少运算符；“或者”写 OR(…)"),
    (SCORE, '"=【@德】"', "第 2 个字符是全角的“【”，应为半角的 ["),
    (SCORE, '"＝[@德]"', "全角的 ＝ 应为半角的 =（文件第 50 行）"),
    (COUNT, '"=IF(COUNTA(人员[姓名])≥1,1,2)"', "第 19 个字符的 ≥ 应为 >="),
    (COUNT, '"=COUNTA(人员[姓名])×2"', "第 16 个字符的 × 应为 *"),
    (COUNT, '"=IF(COUNTA(人员[姓名])!=2,1,2)"', "第 19 个字符的 != 应为 <>"),
    ("KAOHE_GRADE(", "KAOHE_GRAD(", "不认识的函数 KAOHE_GRAD；", "是不是 KAOHE_GRADE？"),
    ("KAOHE_GRADE(", "GRADE(", "不认识的函数 GRADE；", "是不是 KAOHE_GRADE？"),
    (COUNT, '"=ROUND(1.5,0)"', "方案中不能用的函数 ROUND；", "；请用 KAOHE_ROUND（文件第 58 行）"),
    (SCORE, '"=KAOHE_SCORE([@各项],项目[权重]*100)"', "项目[权重] 有许多格，不能直接加减乘除、比较；逐格的结果写成一列，或用 SUMPRODUCT 合计"),
    (SCORE, '"=KAOHE_SCORE([@各项],项目[权重]),2"', "写法有误：逗号只用在函数的括号中（文件第 50 行）"),
    (SCORE, '"=KAOHE_ROUND([德])"', "公式 =KAOHE_ROUND([德]) 中 [德] 是整列，这里要一个值；本行的写 [@德]"),
    (SCORE, '"=KAOHE_ITEM(100,[德],0)"', "[德] 是整列"),
    (SCORE, '"=IF([@德]=1,[绩],0)"', "[绩] 是整列"),
    (SCORE, '"=KAOHE_RANK([序号],[序号],[德])"', "[序号] 是整列，这里要一个值；本行的写 [@序号]"),
    (SCORE, '"=MONTH([德])"', "公式 =MONTH([德]) 中 [德] 是整列，这里要一个值；本行的写 [@德]"),
    (SCORE, '"=KAOHE_ROUND(INT([@德]+ABS([绩])))"', "[绩] 是整列"),
    (SCORE, '"=COUNTIFS([德],[绩])"', "[绩] 是整列"),
    (SCORE, '"=SUM([德:绩])"', "从一列到另一列写 [[甲]:[乙]]，本行的写 [@[甲]:[乙]]"),
    (SCORE, '"=KAOHE_STEPS([@德],等次表[下限],1)"', "等次表[下限] 是整列，这里要一个值；列表中的一格用 KAOHE_LOOKUP"),
    (COUNT, '"=人员[得分]"', "人员[得分] 是整列，这里要一个值；对应的一行用 KAOHE_LOOKUP 取"),
    (COUNT, '"=ＣＯＵＮＴＡ(人员[姓名])"', "不认识的函数 ＣＯＵＮＴＡ；是不是 COUNTA？"),
    ("KAOHE_GRADE([@得分],等次表[下限],等次表[等次])", "KAOHE_LOOKUP([@得分],等次表[下限])", "KAOHE_LOOKUP 有 2 个参数，应为 3 个：值、键、结果"),
    (SCORE, '"=SUM(-[@各项])"', "[@[德]:[绩]] 有许多格"),
    (COUNT, '"=SUM(人员[得分]>60)"', "人员[得分] 有许多格"),
    (SCORE, "'=KAOHE_SCORE([@各项],项目[权重],,\"拆算\")'", "KAOHE_SCORE 的参数 缺项 应为 报错(0)、记零(1)、折算(2)，现为 拆算"),
    (SCORE, '"=VLOOKUP([@德],等次表[[等次]:[下限]],2)"', "VLOOKUP 的第四个参数不是 FALSE，会取到不相等的一行；档次用 KAOHE_TIER"),
    (SCORE, '"=VLOOKUP([@德],等次表[[等次]:[下限]],2,TRUE)"', "VLOOKUP 的第四个参数不是 FALSE"),
    (SCORE, '"=VLOOKUP([@德],等次表[[等次]:[下限]],2,0)+VLOOKUP([@德],等次表[[等次]:[下限]],2,FALSE)"', None),
    (SCORE, '"=MATCH([@德],等次表[下限])"', "MATCH 的第三个参数不是 0"),
    (SCORE, '"=MATCH([@德],等次表[下限],-1)"', "MATCH 的第三个参数不是 0"),
    (SCORE, '"=MATCH([@德],等次表[下限],0)"', None),
    (SCORE, '"=IF(60<=[@德]<90,1,0)"', "连着写的比较（如 60<=[@得分]<90）总不成立；写 ([@得分]>=60)*([@得分]<90)（文件第 50 行）"),
    (SCORE, '"=IF(([@德]>60)=([@绩]>60),1,0)"', None),
    (SCORE, "'=IF([@德]>=\"90\",1,0)'", "与文本“90”比大小，数总是小于文本；数字不加引号，日期写 DATE(2024,12,31)"),
    (SCORE, "\"=IF([@德]>60,'好',0)\"", "第 13 个字符的单引号没有配对，或后面缺少感叹号；文本用双引号，名称不加引号（文件第 50 行）"),
    (SCORE, "'=IF([@德]>60;1;0)'", "第 12 个字符 ; 不是允许的写法；参数之间用半角的逗号（文件第 50 行）"),
    (SCORE, '"=KAOHE_SCORE([各项],项目[权重])"', "[[德]:[绩]] 是整列，这里要一个值；本行的写 [@[德]:[绩]]（即 [@各项]）"),
    (SCORE, '"=加权得分([@各项],项目[权重])"', "不认识的函数 加权得分；是不是 KAOHE_SCORE？"),
    (SCORE, '"=OFFSET([@德],-1,0)"', "方案中不能用的函数 OFFSET；请用 INDEX"),
    (SCORE, '"=KAOHE_ALLOCATE([@序号],[序号],满分,[德],,,[部门])"', "KAOHE_ALLOCATE 写了组别，总额就要是组别、金额两列（表的 pools）"),
    (SCORE, '"=KAOHE_ALLOCATE([@序号],[序号],等次表[下限],[德],,,[部门])"', "KAOHE_ALLOCATE 写了组别，总额就要是组别、金额两列（表的 pools）"),
    (SCORE, '"=KAOHE_ALLOCATE([@序号],[序号],等次表[[等次]:[下限]],[德])"', "KAOHE_ALLOCATE 的总额是组别、金额两列，就要写组别"),
    (SCORE, '"=KAOHE_ALLOCATE([@序号],[序号],等次表[[等次]:[下限]],[德],,,[部门])"', None),
    (SCORE, '"=KAOHE_ALLOCATE([@序号],[序号],满分,[德],,,,1)"', None),
    (SCORE, '"=KAOHE_SCORE([@各项],项目[权重],,3)"', "KAOHE_SCORE 的参数 缺项 应为 报错(0)、记零(1)、折算(2)，现为 3"),
]  # fmt: skip

CONDITIONS = [
    ("people = true", 'people = true\nabsent_when = "=[@姓名]"', "absent_when：公式 =[@姓名] 应为成立或不成立的条件"),
    ('"=人数=COUNTA(人员[得分])"', '"=人数-COUNTA(人员[得分])"', "核对 人数相符：公式 =人数-COUNTA(人员[得分]) 应为成立或不成立的条件"),
    ('"=人数=COUNTA(人员[得分])"', "'=\"相符\"'", "应为成立或不成立的条件"),
    ('"=人数=COUNTA(人员[得分])"', '"=人数/2+1"', "应为成立或不成立的条件"),
]  # fmt: skip


@pytest.mark.parametrize("mistake", [*FORMULAS, *CONDITIONS], ids=lambda mistake: mistake[1])
def test_a_mistake_is_told(mistake: Mistake) -> None:
    assert_told(*mistake)


def test_columns_are_computed_with_one_by_one_in_sumproduct() -> None:
    parse(GOOD.replace(COUNT, '"=SUMPRODUCT((人员[得分]>60)*(人员[德]>50))"'), "t")


@pytest.mark.parametrize(
    "condition",
    ["(人数=1)*(人数>2)+(满分<>3)", "(人数=1)*1", "AND(人数>1,满分>2)", "人数", "TRUE", 'IF(人数>1,人数=2,满分=3)', "COUNTIF(人员[姓名],\"甲\")"],
)  # fmt: skip
def test_comparisons_and_questions_are_conditions(condition: str) -> None:
    parse(GOOD.replace('"=人数=COUNTA(人员[得分])"', f"'={condition}'"), "t")


@pytest.mark.parametrize(("name", "instead"), INSTEAD.items())
def test_what_is_named_instead_is_there(name: str, instead: str) -> None:
    known = signature(name)
    assert known is not None and not known.for_schemes
    for word in re.findall(r"[A-Z][A-Z_.]+", instead):
        assert word in FUNCTIONS or word in for_schemes()
