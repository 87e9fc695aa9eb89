"""Unit and 考核期间 as other people's and older workbooks have them: written above a table."""

from __future__ import annotations

import pytest

from addin.xlsx.heading import written


@pytest.mark.parametrize(
    ("line", "unit", "period"),
    [
        ("单位名称：青山镇卫生院    考核期间：2025年度", "青山镇卫生院", "2025年度"),
        ("单位名称:甲院 考核期间:2025年 金额单位:元", "甲院", "2025年"),
        ("单位：乙院", "乙院", ""),
        ("单位:元", "", ""),
        ("金额单位：万元", "", ""),
        ("单位名称：____________    考核期间：____________", "", ""),
        ("每人一行", "", ""),
    ],
)
def test_unit_and_period_in_a_line(line: str, unit: str, period: str) -> None:
    assert (written(line, "单位名称"), written(line, "考核期间")) == (unit, period)
