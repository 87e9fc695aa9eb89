"""Schemes that several test files read: one of all words, one without mistakes, and public ones; what is told of mistakes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbook_templates.scheme.errors import SchemeError
from workbook_templates.scheme.loader import parse

Compute = Callable[..., dict[str, Any]]
WORDS = str(Path(__file__).parent / "words.toml")
ZHANG = {"姓名": "张三", "部门": "甲", "德": 90, "能": 80, "绩": 40}
DATA: dict[str, Any] = {
    "params": {"优秀线": 85},
    "tables": {
        "部门表": [{"部门": "甲", "应到": 3, "实到": 2}, {"部门": "乙", "应到": 1, "实到": 1}],
        "人员": [
            {**ZHANG, "工号": "01", "加分": 5, "一月出勤": 3, "二月出勤": 4},
            {**ZHANG, "工号": "02", "迟到次数": 1},
            {"姓名": "李四", "部门": "乙", "德": 50, "能": 50, "绩": 50, "加分": 5},
        ],
        "月度": [{"姓名": "01", "月份": 1, "天数": 20}, {"姓名": "李四", "月份": 1, "天数": 20}],
        "记录": [
            {"姓名": "01", "月份": 1, "项目": "迟到", "次数": 2},
            {"姓名": "01", "月份": 1, "项目": "旷工", "次数": 1},
        ],
    },
}
PUBLIC = Path(__file__).parent / "public"
NAMES = sorted(path.stem for path in PUBLIC.glob("*.toml"))


def case(name: str) -> dict[str, Any]:
    """The data of a public scheme, and what is to come out of it."""
    found: dict[str, Any] = json.loads((PUBLIC / f"{name}.json").read_text(encoding="utf-8"))
    return found


def of_people(columns: str, before: str = "", keys: str = "", after: str = "") -> str:
    """A scheme file whose table 人员 has 姓名 and these columns; ``keys`` are more of the table's own, other parts stand before and after it."""
    return f"""title = "测试"
summary = "测试用。"
source = "无"
{before}
[[tables]]
name = "人员"
people = true
{keys}
columns = [
    {{ name = "姓名", type = "text", required = true, unique = true }},
{columns}
]
{after}
"""


GOOD = """title = "测试"
summary = "测试用。"
source = "无"

[[parameters]]
name = "满分"
value = 100
min = 0

[[parameters]]
name = "优秀比例"
preset = "percent"
value = 0.15

[[lists]]
name = "项目"
columns = [
  { name = "项目", type = "text" },
  { name = "权重", sum = 100 },
]
rows = [["德", 40], ["绩", 60]]

[[lists]]
name = "等次表"
columns = [{ name = "等次", type = "text" }, { name = "下限", required = false, sorted = "down" }]
rows = [["优秀", 90], ["合格", 60], ["不合格", ""]]

[[tables]]
name = "人员"
people = true

[[tables.columns]]
name = "姓名"
type = "text"
required = true
unique = true

[[tables.columns]]
name = "{}"
each = "项目"
block = "各项"
required = true
max = "满分"

[[tables.columns]]
name = "入职"
type = "date"

[[tables.columns]]
name = "得分"
formula = "=KAOHE_SCORE([@各项],项目[权重])"

[[tables.columns]]
name = "等次"
formula = "=KAOHE_GRADE([@得分],等次表[下限],等次表[等次])"

[[results]]
name = "人数"
formula = "=COUNTA(人员[姓名])"

[[balances]]
name = "人数相符"
formula = "=人数=COUNTA(人员[得分])"
"""
SCORE, COUNT = '"=KAOHE_SCORE([@各项],项目[权重])"', '"=COUNTA(人员[姓名])"'
"""Two of its formulas, as they stand there."""
ENTRY = 'type = "date"'
"""What its column 入职 says of itself."""

Mistake = tuple[Any, ...]
"""What stands in ``GOOD``, what an author wrote for it, and words of what he is told; None where he is told nothing."""


def told(text: str) -> list[str]:
    """The mistakes of a text, one each."""
    with pytest.raises(SchemeError) as caught:
        parse(text, "t")
    lines = str(caught.value).splitlines()
    if len(lines) == 1:
        return lines
    assert lines[0] == f"方案 t 有 {len(lines) - 1} 处错误："
    return lines[1:]


def assert_told(old: str, new: str, *words: str | None) -> None:
    """That an author who wrote ``new`` for the first ``old`` is told these words, in one mistake: none follows from another."""
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    if words == (None,):
        parse(text, "t")
        return
    [line] = told(text)
    for each in words:
        assert str(each) in line
