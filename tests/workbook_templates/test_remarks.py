"""What an author is told of a scheme file without mistakes."""

from __future__ import annotations

import pytest

from tests.workbook_templates.support import NAMES, PUBLIC
from workbook_templates.scheme.catalogue import load
from workbook_templates.scheme.loader import parse
from workbook_templates.scheme.remarks import remarks

IDLE = """
title = "闲置"
summary = "没有用到的。"
source = "无"
parameters = [{ name = "满分", value = 100 }, { name = "线", value = 60 }]

[[lists]]
name = "等次表"
columns = [{ name = "等次", type = "text" }]
rows = [["优秀"]]

[[tables]]
name = "人员"
people = true
columns = [
    { name = "姓名", type = "text", required = true, unique = true },
    { name = "得分", preset = "score", max = "满分", group = "过程" },
    { name = "一半", formula = "=[@得分]/2", hidden = true },
    { name = "次数", formula = "=KAOHE_COUNT([@键],记录[键_姓名],1,记录[有效])" },
]

[[tables]]
name = "记录"
columns = [
    { name = "姓名", type = "text", required = true, key = "人员" },
    { name = "有效", formula = '=IF([@姓名]="",0,1)' },
]
"""


def test_what_has_no_effect_or_too_much_is_told() -> None:
    assert list(remarks(parse(IDLE, "t"))) == [
        "参数 线 没有公式、上下限用到",
        "列表 等次表 没有公式、上下限、each、key 用到",
        "表 人员 的隐藏列 一半 没有公式用到",
        "表 人员 的分组 过程 没有计算列在 groups 中列出，它的错误不影响任何结果",
        "表 记录 的列 有效 是 KAOHE_COUNT 的键2：一行填错时它是错误值，每个人的结果都成为错误值；写 guard = false，只读填写列",
    ]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_to_be_said_of_whole_schemes(name: str) -> None:
    assert list(remarks(load(str(PUBLIC / f"{name}.toml")))) == []
