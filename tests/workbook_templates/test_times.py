"""Times of day in scheme files and in data."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workbook_templates.support import Compute, of_people
from workbook_templates.scheme.times import in_days, typed

SHIFTS = of_people(
    before="""
parameters = [{ name = "上班", value = 08:30:00, format = "hh:mm" }]

[[lists]]
name = "班次表"
columns = [{ name = "班次", type = "text" }, { name = "起", min = 00:00:00, below = 1, format = "hh:mm" }]
rows = [["早", 08:00:00], ["夜", 22:30:00]]
""",
    columns="""
    { name = "班次", type = "text", key = "班次表", required = true },
    { name = "到", min = 0, below = 1, required = true, format = "h:mm:ss" },
    { name = "编号", format = "0" },
    { name = "迟到", formula = "=KAOHE_ROUND(MOD([@到]-KAOHE_LOOKUP([@班次],班次表[班次],班次表[起])+1,1)*1440,2)" },
    { name = "比上班晚", formula = '=IF([@到]>上班,"是","否")' },
""",
)


def test_times_of_day(compute_text: Compute) -> None:
    given = [
        ("甲", "早", "8:00"),
        ("乙", "早", "08:30"),
        ("丙", "夜", "0:05:30"),
        ("丁", "夜", "23:59:59"),
        ("戊", "早", "24:00"),
    ]
    people = [{"姓名": name, "班次": shift, "到": at} for name, shift, at in given]
    rows = compute_text(SHIFTS, {"params": {"上班": "08:29"}, "tables": {"人员": people}})["人员"]
    assert [row["到"] for row in rows] == [
        "08:00",
        "08:30",
        "00:05:30",
        "23:59:59",
        "24:00",
    ]
    assert [row["迟到"] for row in rows] == [0, 30, 95.5, 89.98, "#VALUE!"]
    assert [row["比上班晚"] for row in rows] == ["否", "是", "否", "是", "#VALUE!"]


@pytest.mark.parametrize(
    ("text", "shown", "part"),
    [
        ("8:30", "hh:mm", 0.354166666666667),
        ("00:00", "h:mm AM/PM", 0),
        ("23:59:59", "[h]:mm:ss", 0.999988425925926),
        ("8:60", "hh:mm", None),
        ("24:00", "hh:mm", None),
        ("24:00", "[h]:mm", 1),
        ("0026:30", "[hh]:mm", 1.10416666666667),
        ("00026:30", "[h]:mm", None),
        ("8:30", "0.00", None),
        ("8:30", "yyyy-mm-dd hh:mm", None),
        ("8:30", "", None),
        ("八点", "hh:mm", None),
    ],
)
def test_what_is_typed_is_a_time_where_times_are_shown(text: str, shown: str, part: float | None) -> None:
    assert typed(text, shown) == part


@given(st.times().map(lambda when: when.replace(microsecond=0)))
def test_a_time_is_the_same_in_files_and_data(when: time) -> None:
    assert in_days({"a": [when]}) == {"a": [typed(when.isoformat(), "hh:mm:ss")]}
    assert round(in_days(when) * 86400) == when.hour * 3600 + when.minute * 60 + when.second
