"""What authors of scheme files write that TOML itself does not take, each told with its line, what was read and what should stand there."""

from __future__ import annotations

import pytest

from tests.workbook_templates.support import Mistake, assert_told

TOML = [
    ("value = 0.15", "value = 15%", "第 13 行第 11 个字符起不是合法的 TOML：value = 15%；数字只写数字，不带单位、百分号和千位逗号；15% 写成 0.15"),
    ("value = 100", "value = 100分", "value = 100分；数字只写数字"),
    ("value = 100", "value = 1,000", "value = 1,000；数字只写数字"),
    ("value = 100", "value = １００", "数字用半角"),
    ("value = 100", "value ＝ 100", "全角的 ＝ 应为半角的 ="),
    ("value = 100", "value = 2026-13-01", "没有这一天；日期写成 2024-12-31"),
    ("value = 100", "value = 2026-5-1", "value = 2026-5-1；日期写成 2024-12-31"),
    ('["合格", 60]', '["合格", , 60]', '逗号前面少一个值；空白写 ""'),
    ("[[parameters]]\nname = \"优秀", "[parameters]\nname = \"优秀", "[parameters]；每一项都写 [[parameters]]，两层方括号"),
    ("[[results]]", "[[summary]]", "方括号中写英文：parameters（参数）", "summary 前面已写了值"),
    ("[[results]]", '[chart]\ntitle = "甲"\nitems = ["人数"]\n[chart]\ntype = "pie"\n[[results]]', "图表只有一个，[chart] 前面已经写过"),
    ("value = 100", "value = 2026-02-30", "没有这一天；日期写成 2024-12-31"),
    ('title = "测试"', "title = “测试”", "第 1 行第 9 个字符起不是合法的 TOML：title = “测试”；全角的 “ 应为半角的 \""),
    ('title = "测试"', "title = 测试", "文本要加引号"),
    ('title = "测试"', 'title = "测试', "引号没有配对"),
    ('title = "测试"', '标题 = "测试"', "汉字的键要加引号"),
    ('title = "测试"', 'title = "测试"\ntitle = "又"', "起不是合法的 TOML：title = \"又\"；这个键"),
    ('["绩", 60]]', '["绩", 60]', "方括号 [ ] 没有配对"),
    ("sum = 100 },", "sum = 100, },", "最后一项后面没有逗号"),
    ('title = "测试"', "title = '测试\"", "不是合法的 TOML，第 1 行的单引号没有配对"),
    ('"=COUNTA(人员[姓名])"', '"=COUNTIF(人员[姓名],"甲")"', "双引号的文本里又有双引号：外面改用单引号"),
    ("people = true", "people = True", "是、否写成 true、false（小写，不加引号）"),
    ("people = true", "people = 是", "是、否写成 true、false"),
    ("value = 100", "value = 100;", "行末不写分号"),
    ("value = 100", "value = 100 // 分", "注释以 # 开头"),
    ("value = 100", "value = 0100", "数字前面不写 0"),
    ("value = 100", "value = 2026/9/30", "日期写成 2024-12-31"),
    ('title = "测试"', '{"title": "测试"}', "这像是 JSON"),
    ('["绩", 60]]', '["绩", 60]]]', "多了一个 ]"),
    ('{ name = "等次", type = "text" }', '{ name = "等次",\n type = "text" }', "写在一行内"),
    ('["德", 40], ["绩"', '["德", 40] ["绩"', "第 21 行第 17 个字符后面（rows = [[\"德\", 40] 之后）少一个逗号"),
    ('{ name = "项目", type = "text" },', '{ name = "项目", type = "text" }\n  # 权重', '第 18 行第 32 个字符后面（{ name = "项目", type = "text" } 之后）少一个逗号'),
    ('["德", 40]', '["德" 40]', "少一个逗号"),
    ('["德", 40], ["绩"', '["德", 40%], ["绩"', "第 21 行第 17 个字符起", "；数字只写数字，不带单位、百分号"),
    ('["德", 40], ["绩"', '["德", 40分], ["绩"', "；数字只写数字，不带单位、百分号"),
    ('["德", 40], ["绩"', '["德", 2026/9/30], ["绩"', "；日期写成 2024-12-31"),
    ("value = 100", "// 满分：一百\nvalue = 100", "注释以 # 开头"),
    ("[[lists]]", "[lists]", "前面第 15 行是 [lists]；每一项都写 [[lists]]"),
    ("[[results]]", "[[results]] 人数", "方括号后面不写别的；名称写在下一行，如 name = \"人员\""),
    ("[[results]]", "[[results]", "应写成 [[results]]"),
    ("[[results]]", "[[[results]]]", "应写成 [[results]]"),
    ("[[results]]", "[chart\n[[results]]", "应写成 [chart]"),
    ("value = 100", "value == 100", "写一个 ="),
    ("value = 100", "value: 100", "冒号应为 ="),
    ('["德", 40]', '("德", 40)', "圆括号应为方括号"),
    ('["德", 40]', '["德"; 40]', "各项用逗号隔开"),
    ('["德", 40]', '{"项目": "德", "权重": 40}', "冒号应为 ="),
    ('source = "无"', 'source = "无"\nsteps = "甲" "乙"', '几个文本写成 ["甲", "乙"]'),
    ("[[lists]]", "【【lists】】", "全角的 【 应为半角的 ["),
    ("[[results]]", "[[汇总]]", "方括号中写英文：parameters（参数）、lists（列表）"),
    ("[[results]]", '[[lists.columns]]\nname = "甲"\n\n[[results]]', "前面已写成 columns = […]；两种写法只用一种"),
    ('["德", 40]', '["德", －40]', "全角的 － 应为半角的 -"),
    ("value = 100", "value = None", '没有值的键不写；列表的行中空白写 ""'),
    ("value = 0.15", "value = .15", "小数写成 0.5，整数不带小数点"),
    ("value = 100", "value = 100.", "小数写成 0.5，整数不带小数点"),
    ('source = "无"', 'source = "D:\\办法"', r"双引号的文本中 \ 要写成 \\，或外面改用单引号"),
    ('name = "项目", type = "text"', 'name = "项目, type = "text"', "前面少一个引号"),
    ('source = "无"', f"source = {'[' * 5000}", "方括号、花括号一层套一层，太深了"),
    ('title = "测试"', '[[tables.columns]]\nname = "甲"', "前面第 1 行是 [[tables.columns]]；每一项都写 [[tables]]"),
]  # fmt: skip


@pytest.mark.parametrize("mistake", TOML, ids=lambda mistake: mistake[1])
def test_a_mistake_is_told(mistake: Mistake) -> None:
    assert_told(*mistake)
