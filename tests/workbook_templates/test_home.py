"""首页: what is to be done next, how far every table is, the key figures; unit and 考核期间 entered once."""

from __future__ import annotations

import io
from typing import Any

import pytest

from addin.headless.session import Session
from tests.support import PERSON, SLUG
from workbook_templates.scheme.catalogue import load, slugs
from workbook_templates.scheme.loader import parse
from workbook_templates.scheme.names import HOME
from workbook_templates.workbook.build import DataError, build
from workbook_templates.workbook.sheets.home import step_groups

POSTS = [{"岗位类别": "医", "岗位系数": 1.2}]
NEXT, PEOPLE = (6, 1), (4, 2)


def opened(*people: dict[str, Any], **data: Any) -> Session:
    stream = io.BytesIO()
    params = data.pop("params", {})
    build(load(SLUG), stream, {"params": params, "tables": {"岗位": POSTS, "人员": list(people)}, **data})
    session = Session.of(stream.getvalue())
    assert session.compute().problems == ()
    return session


def home(session: Session) -> dict[str, list[Any]]:
    """The lines of the table of sheets, by the sheet's name."""
    book = session.book
    rows = ([book.value(HOME, row, col) for col in (4, 5, 6, 7)] for row in range(8, 30))
    return {str(book.value(HOME, row, 1)): line for row, line in zip(range(8, 30), rows, strict=True)}


@pytest.mark.parametrize(
    ("people", "params", "told"),
    [
        ([], {}, "请在“人员”表填写，一人一行"),
        ([PERSON], {}, "通过：可以打印、公示、发通知单"),
        ([PERSON, {"姓名": "甲"}], {}, "还有 1 行没有填完，缺哪几格见各表“校验”列"),
        ([PERSON, {**PERSON, "姓名": "甲", "医德医风": 99}], {}, "有 1 行填错，请按各表“校验”列的提示改正"),
        ([PERSON], {"优秀比例": 2}, "“参数”表有错误，请先改正"),
    ],
)
def test_the_next_step_is_told(people: list[dict[str, Any]], params: dict[str, Any], told: str) -> None:
    assert opened(*people, params=params).book.value(HOME, *NEXT) == f"下一步  {told}"


def test_a_row_below_a_table_is_told_as_the_next_step() -> None:
    session = opened(PERSON)
    session.workbook.sheets["人员"].set(200, 1, "乙")
    session.compute()
    assert "下面有 1 格内容不在表中" in str(session.book.value(HOME, *NEXT))


def test_every_table_says_how_far_it_is() -> None:
    session = opened(PERSON, {"姓名": "甲"}, {**PERSON, "姓名": "乙", "医德医风": 99})
    lines = home(session)
    assert session.book.value(HOME, *PEOPLE) == "3 人"
    assert lines["人员"] == [3, 1, 1, "▲ 1 行填错"] and lines["岗位"] == [1, 0, 0, "通过"]
    assert lines["参数"][3] == "通过" and lines["汇总"][3] == "○ 填完后核对"
    assert home(opened(PERSON, {"姓名": "甲"}))["人员"][3] == "○ 1 行待填"
    assert home(opened({**PERSON, "医德医风": 99}))["汇总"][3] == "▲ 核对 2 项没有通过"
    assert home(opened(PERSON))["汇总"][3] == "核对通过"


def test_key_figures_are_those_of_the_summary_and_a_dash_where_there_is_none() -> None:
    def figures(session: Session) -> dict[str, Any]:
        cells = {(r, c): session.book.value(HOME, r, c) for r in range(20, 30) for c in range(1, 8)}
        return {str(cells[r, c]): cells[r + 1, c] for r, c in cells if r < 29 and "（" in str(cells[r, c])}

    assert figures(opened(PERSON))["实发合计（元）"] == 3000
    assert figures(opened({**PERSON, "医德医风": 99}))["实发合计（元）"] == "—"


def test_unit_and_period_are_entered_once_and_shown_on_every_sheet() -> None:
    session = opened(PERSON, unit="青山镇 卫生院", period="2025年度")
    line = "单位名称：青山镇 卫生院    考核期间：2025年度"
    assert session.book.value("人员", 1, 0) == f"{line}    金额单位：元"
    assert session.book.value("岗位", 1, 0) == session.book.value("汇总", 2, 0) == line
    blank = opened(PERSON).book.value("岗位", 1, 0)
    assert blank == "单位名称：____________    考核期间：____________"
    with pytest.raises(DataError, match="unit 应为文本，现为 7"):
        opened(unit=7)


def test_a_table_with_a_period_of_its_own_keeps_it() -> None:
    text = """
title = "甲"
summary = "乙。"
source = "丙"
tables = [
    { name = "上学期", period = "上学期", columns = [{ name = "姓名", type = "text" }] },
    { name = "下学期", period = '所谓"下学期"', columns = [{ name = "姓名", type = "text" }] },
]
"""
    stream = io.BytesIO()
    build(parse(text, "t"), stream)
    session = Session.of(stream.getvalue())
    session.compute()
    assert [session.book.value(name, 1, 0) for name in ("上学期", "下学期")] == [
        "单位名称：____________    考核期间：上学期",
        '单位名称：____________    考核期间：所谓"下学期"',
    ]


@pytest.mark.parametrize("slug", slugs())
def test_every_scheme_has_something_to_do_in_each_of_the_three_steps(slug: str) -> None:
    standards, filling, checking = step_groups(load(slug))
    assert standards and filling and checking
    assert "参数" in standards[0] and "“校验”" in checking[0]
