"""Options as they are typed, and the declarations that hosts make their dialogs from."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.macros import MACROS
from addin.macros.macro import COMPUTING, FILLING, RESULTS, Kind
from addin.macros.printing.paper import distinct
from addin.macros.tools.options import given_options, read_dates
from addin.shared.exits import UserError


def test_the_macros_are_those_of_the_handbook() -> None:
    assert {name: macro.label for name, macro in MACROS.items()} == {
        "add": "加人",
        "check": "校验数据",
        "explain": "解释得分",
        "freeze": "固化数值",
        "paste": "粘贴名单",
        "print": "打印稿",
        "publish": "公示表",
        "rows": "加行",
        "slips": "个人通知单",
        "trim": "去空行",
    }


@pytest.mark.parametrize("name", MACROS)
def test_a_declaration_says_all_that_a_host_needs(name: str) -> None:
    macro = MACROS[name]
    assert re.fullmatch(r"[a-z]+", macro.name) and macro.label and macro.label_en
    assert macro.description.endswith("。") and macro.description_en.endswith(".")
    assert macro.group in (FILLING, COMPUTING, RESULTS) and macro.icon
    names = [option.name for option in macro.options] + [option.label for option in macro.options]
    assert len(set(names)) == len(names)
    for option in macro.options:
        assert re.fullmatch(r"[a-z]+", option.name) and option.description
        assert (option.kind is Kind.CHOICE) == bool(option.choices)
        assert not option.choices or option.default in option.choices


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("days=7", {"days": 7}),
        ("公示天数= 7 ", {"days": 7}),
        ("start=2026-01-05", {"start": date(2026, 1, 5)}),
        ("start=2026年1月5日", {"start": date(2026, 1, 5)}),
        ("columns=姓名,得分、等次", {"columns": ("姓名", "得分", "等次")}),
        ("absent=是", {"absent": True}),
        ("absent=no", {"absent": False}),
        ("order=降序", {"order": "降序"}),
        ("title=a=b", {"title": "a=b"}),
        ("days=", {"days": 5}),
    ],
)
def test_texts_become_values(typed: str, meant: dict[str, Any]) -> None:
    assert given_options(MACROS["publish"], [typed]) == meant


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("nosuch=1", "公示表没有选项 nosuch；可用的选项：表 table、列 columns"),
        ("days", "选项应写成 公示天数=值"),
        ("days=五", "选项“公示天数”应为整数，现为 五"),
        ("start=明天", "选项“公示起始日”应为日期，例如 2026-01-05，现为 明天"),
        ("start=2026-02-30", "选项“公示起始日”应为日期"),
        ("absent=也许", "选项“列出不参加考核的人”应为 是 或 否，现为 也许"),
        ("order=随便", "选项“次序”应为 升序、降序 之一，现为 随便"),
    ],
)
def test_what_is_no_value_is_refused(typed: str, told: str) -> None:
    with pytest.raises(UserError) as caught:
        given_options(MACROS["publish"], [typed])
    assert told in str(caught.value)


def test_a_macro_without_options_says_so() -> None:
    with pytest.raises(UserError, match="可用的选项：\\（无\\）"):
        given_options(replace(MACROS["freeze"], options=()), ["x=1"])


def test_several_dates_are_read() -> None:
    assert read_dates("2026-03-09，2026/3/10", "rest") == {date(2026, 3, 9), date(2026, 3, 10)}
    assert read_dates("", "rest") == frozenset()


@given(st.lists(st.text("aAbB张 (2)", min_size=1, max_size=4), max_size=12))
def test_file_names_are_distinct_on_systems_that_ignore_case(names: list[str]) -> None:
    found = distinct(names)
    assert len({name.lower() for name in found}) == len(names)
    assert all(new.startswith(old) for new, old in zip(found, names, strict=True))
