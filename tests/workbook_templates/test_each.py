"""Tables and columns that are written once and stand for several."""

from __future__ import annotations

from tests.workbook_templates.support import Compute
from workbook_templates.scheme.loader import parse


def test_tables_alike_are_written_once() -> None:
    text = """
title = "两学期"
summary = "两学期。"
source = "无"

[[tables]]
name = "{表}"
each = ["上学期", "下学期"]
columns = [
    { name = "姓名", type = "text", required = true },
    { name = "{}月", each = ["一", "二"], preset = "score" },
    { name = "{表}合计", when = "=[@一月]>0", formula = "=[@一月]+[@二月]" },
]
"""
    scheme = parse(text, "two")
    assert [table.name for table in scheme.tables] == ["上学期", "下学期"]
    assert [column.name for column in scheme.table("下学期").inputs] == ["姓名", "一月", "二月"]
    assert scheme.table("下学期").computed[0].name == "下学期合计"


def test_columns_filled_in_and_computed_over_the_same_items_stay_apart() -> None:
    assert parse(MONTHS, "months").table("账").column_names == (
        "序号", "姓名", "一月收", "二月收", "校验", "一月倍", "一月余", "二月倍", "二月余"
    )  # fmt: skip


MONTHS = """
title = "逐月"
summary = "逐月。"
source = "无"

[[tables]]
name = "账"
columns = [
    { name = "姓名", type = "text", required = true },
    { name = "{}收", each = ["一月", "二月"], preset = "money" },
    { name = "{}倍", each = ["一月", "二月"], formula = "=[@{}收]*2" },
    { name = "{}余", each = ["一月", "二月"], before = "姓名", formula = '=IF([@{}倍]>9,[@{}倍],"{前}")' },
]
"""


def test_tables_alike_may_have_the_same_items(compute_text: Compute) -> None:
    marks = {"上学期": (80, 90), "下学期": (60, 100)}
    tables = {term: [{"姓名": "甲", "德": moral, "绩": work}] for term, (moral, work) in marks.items()}
    result = compute_text(TERMS, {"tables": tables})
    assert [result[term][0]["得分"] for term in marks] == [86, 84]


TERMS = """
title = "两学期"
summary = "两学期。"
source = "无"

[[lists]]
name = "项目"
columns = [{ name = "项目", type = "text" }, { name = "权重", sum = 100 }]
rows = [["德", 40], ["绩", 60]]

[[tables]]
name = "{表}"
each = ["上学期", "下学期"]
columns = [
    { name = "姓名", type = "text", required = true },
    { name = "{}", each = "项目", block = "各项", preset = "score" },
    { name = "得分", formula = "=KAOHE_SCORE([@各项],各项[权重])" },
]
"""
