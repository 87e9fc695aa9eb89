"""What authors of scheme files get wrong in values, rows and bounds."""

from __future__ import annotations

import pytest

from tests.workbook_templates.support import ENTRY, GOOD, Mistake, assert_told
from workbook_templates.scheme.errors import SchemeError
from workbook_templates.scheme.loader import parse

DEFAULTS = [
    ("value = 100", 'value = "=2/3"', "应为数字，填的是文本“=2/3”；这里只写数，算式写在用它的公式里"),
    ("value = 100", 'value = "100"', '参数 满分：value "100" 应为数字，填的是文本格式的数字“100”；写成 100，不加引号（文件第 6 行）'),
    ("value = 0.15", "value = 15", "参数 优秀比例：value 15 不能大于 1；15% 写成 0.15（文件第 11 行）"),
    ("value = 0.15", 'value = "12.5%"', "写成 0.125，不加引号"),
    ("value = 0.15", "value = 101", "value 101 不能大于 1（文件第 11 行）"),
    ("value = 0.15", 'value = 0.15\n\n[[parameters]]\nname = "截止日"\ntype = "date"\nvalue = "2026-09-31"', "应为日期，填的是文本“2026-09-31”；日期写成 2024-12-31"),
    ("value = 100", "value = -0.01", "value -0.01 不能小于 0"),
    ("value = 100\nmin = 0", "value = 0\nabove = 0", "value 0 应大于 0"),
    ("value = 100\nmin = 0", 'value = 1.5\ntype = "whole"', "应为整数，填的是 1.5"),
    ("value = 100\nmin = 0", 'value = true\ntype = "flag"', 'value true 应写成 "是" 或 "否"'),
    ("value = 100\nmin = 0", 'value = "丙"\ntype = "choice"\nchoices = ["甲", "乙"]', "应为 甲、乙 之一，填的是“丙”"),
    ("value = 100\nmin = 0", 'value = "丙"\ntype = "choice"', '要写出可选的文本，如 choices = ["从严", "从宽"]'),
    ("value = 100\nmin = 0", 'value = "2026/9/1"\ntype = "date"', "应为日期，填的是文本“2026/9/1”"),
    ("value = 100", "value = nan", "不是 15 位有效数字以内的数"),
    ("value = 100", "value = 1234567890123456", "不是 15 位有效数字以内的数；编号请写成文本"),
    ('["绩", 60]', '["绩", 59]', "列表 项目 列 权重：写了 sum = 100，各行合计却是 99（文件第 19 行）"),
    ('["合格", 60]', '["合格", 90]', '写了 sorted = "down"，各行应从高到低，现为 90、90'),
    ('["合格", 60]', '["合格", "60分"]', "列表 等次表 第 2 行 下限：值 \"60分\" 应为数字"),
    ('["绩", 60]', '["绩", [60]]', "列表 项目 第 2 行 权重：应为单个值，现为 [60]（文件第 21 行）"),
    ('rows = [["优秀", 90], ["合格", 60],', 'rows = [\n  ["优秀", 90],\n  ["合格", "60"],\n', "值 \"60\" 应为数字", "（文件第 28 行）"),
    ("people = true", 'people = true\ndefault = [\n  { "姓名" = "甲" },\n  { "姓名" = "乙", "德" = 101 },\n]', "default 第 2 行 德：值 101 不能大于 100", "（文件第 33 行）"),
    ('name = "项目", type = "text"', 'name = "项目", type = "text"}, { name = "简称", type = "text", unique = true', "有 2 个值，应为 3 个"),
    ('{ name = "等次", type = "text" }', '{ name = "等次", type = "text", unique = true }', None),
    ('["合格", 60], ["不合格", ""]', '["优秀", 60], ["不合格", ""]', None),
    ("people = true", 'people = true\ndefault = [{ "姓名" = "甲", "德" = "很好" }]', "表 人员 default 第 1 行 德：值 \"很好\" 应为数字"),
    ("people = true", 'people = true\ndefault = [{ "德" = 100.01 }]', "值 100.01 不能大于 100"),
    ("people = true", 'people = true\ndefault = [{ "姓名" = "甲" }, { "姓名" = "乙" }, { "姓名" = "甲" }]', "表 人员 default：姓名 不得重复，各行却有相同的值"),
    ("people = true", 'people = true\ndefault = [{ "姓名" = "甲" }, { "姓名" = "甲", "工号" = "2" }]', None),
    ("people = true", 'people = true\nunique = [["姓名", "入职"]]\ndefault = [{ "姓名" = "甲", "工号" = "1", "入职" = 2020-01-01 }, { "姓名" = "甲", "工号" = "2", "入职" = 2020-01-01 }]', "姓名、入职 不得重复"),
]  # fmt: skip


@pytest.mark.parametrize("mistake", DEFAULTS, ids=lambda mistake: mistake[1])
def test_a_mistake_is_told(mistake: Mistake) -> None:
    assert_told(*mistake)


def test_repeated_values_of_a_unique_column_are_told() -> None:
    rows = GOOD.replace('{ name = "等次", type = "text" }', '{ name = "等次", type = "text", unique = true }')
    parse(rows, "t")
    with pytest.raises(SchemeError, match="列表 等次表 列 等次：写了 unique = true，各行却有相同的值"):
        parse(rows.replace('["合格", 60]', '["优秀", 60]'), "t")


@pytest.mark.parametrize("bound", ["2020-01-31", '"2020-01-31"'])
def test_a_day_as_a_bound(bound: str) -> None:
    scheme = parse(GOOD.replace(ENTRY, f"{ENTRY}\nmin = {bound}"), "t")
    assert next(column.min for column in scheme.table("人员").inputs if column.name == "入职") == "=DATE(2020,1,31)"


@pytest.mark.parametrize("bound", ["2020-01-31", '"截止"', '"=DATE(2020,1,31)"'])
def test_days_that_are_filled_in_obey_their_bounds(bound: str) -> None:
    """Whether the bound is a day itself or the parameter that holds one; the day of the bound is within."""
    text = GOOD.replace(ENTRY, f"{ENTRY}\nmax = {bound}")
    text = text.replace("[[lists]]", '[[parameters]]\nname = "截止"\ntype = "date"\nvalue = 2020-01-31\n\n[[lists]]', 1)
    rows = 'people = true\ndefault = [{{ "姓名" = "甲", "入职" = {} }}]'
    parse(text.replace("people = true", rows.format("2020-01-31")), "t")
    with pytest.raises(
        SchemeError, match=r'default 第 1 行 入职：值 "2020-02-01" 不能晚于 2020-01-31（文件第 \d+ 行）'
    ):
        parse(text.replace("people = true", rows.format("2020-02-01")), "t")
