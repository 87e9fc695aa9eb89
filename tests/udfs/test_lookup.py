"""Looking up, counting, adding up, logs, dates, checks."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.udfs.calls import NA, NUM, VALUE, call, cells, column
from udfs import FUNCTIONS, MISSING, CellError
from udfs.checks import UNREADABLE

KEYS, RESULTS = ["医", "护", 3, None, "护"], [1.2, 1.1, "三", 9, 8]


@pytest.mark.parametrize(
    ("value", "expected"),
    [("医", 1.2), ("护", VALUE), (3, "三"), ("3", NA), ("", ""), ("技", NA), (NUM, NUM), ("*", NA), (True, VALUE)],
)
def test_lookup_is_exact(value: Any, expected: Any) -> None:
    assert call("LOOKUP", value, KEYS, RESULTS) == expected


def test_lookup_minds_only_the_row_it_finds() -> None:
    assert cells(call("LOOKUP", column("a", "b", "c"), ["a", "b", NA, "c"], [1, NA, 2, None])) == [1, NA, ""]
    assert call("LOOKUP", "a", ["a", "b"], [1]) == VALUE


@pytest.mark.parametrize(("value", "expected"), [("护", 2), ("技", 0), (3, 1), ("", ""), (NA, NA)])
def test_count(value: Any, expected: Any) -> None:
    assert call("COUNT", value, [*KEYS, NUM, True]) == expected


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("甲", ["甲", "乙", "甲"], [0.1, 5, 0.2]), 0.3),
        (("甲", ["甲", "乙", "甲", "甲"], [1, 5, 3, 2], 2), 5),
        (("丙", ["甲"], [1]), 0),
        (("", ["甲"], [1]), ""),
        (("甲", ["甲", "甲", None], [None, 2, 7]), 2),
        (("甲", ["甲", "乙"], [1, NA]), 1),
        (("乙", ["甲", "乙"], [1, NA]), NA),
        (("乙", ["甲", "乙"], [1, "x"]), VALUE),
        (("甲", ["甲", NA], [1, 2]), NA),
        (("甲", ["甲"], [1, 2]), VALUE),
        (("甲", ["甲"], [1], 1.5), VALUE),
        (("甲", ["甲"], [1], -1), VALUE),
    ],
)
def test_sum(arguments: tuple[Any, ...], expected: Any) -> None:
    assert call("SUM", *arguments) == expected


LOG = (["甲", "乙", "甲", None], ["迟到", "旷工", "迟到", None], [1, 1, 2, None])
CATALOGUE = (["迟到", "旷工", None], [0.5, 3, None])


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((column("甲", "乙", "丙", ""), *LOG, *CATALOGUE), [1.5, 3, 0, ""]),
        (("甲", *LOG, *CATALOGUE, [1, None, None]), [1]),
        ((column("甲", "乙"), ["甲", "乙"], ["迟到", "早退"], [1, 1], *CATALOGUE), [0.5, NA]),
        ((column("甲", "乙"), ["甲", "乙"], ["迟到", "旷工"], [-1, 1], *CATALOGUE), [VALUE, 3]),
        ((column("甲", "乙"), ["甲", "乙"], ["迟到", "旷工"], [NUM, 1], *CATALOGUE), [NUM, 3]),
        ((column("甲", "乙"), ["甲", "乙"], [None, "旷工"], [1, None], *CATALOGUE), [VALUE, 0]),
        (("甲", ["甲"], [None], [None], *CATALOGUE), [0]),
        (("甲", ["甲", NA], ["迟到", "旷工"], [1, 1], *CATALOGUE), [NA]),
        (("甲", ["甲"], ["迟到", "旷工"], [1, 1], *CATALOGUE), [VALUE]),
        (("甲", *LOG, ["迟到", "迟到"], [1, 2]), [VALUE]),
        (("甲", *LOG, ["迟到"], [1, 2]), [VALUE]),
        (("甲", *LOG, ["迟到"], [1], [1, 2]), [VALUE]),
        (("甲", *LOG, ["迟到", NUM], [1, 2]), [NUM]),
        (("甲", *LOG, ["迟到"], [None]), [VALUE]),
    ],
)
def test_log(arguments: tuple[Any, ...], expected: list[Any]) -> None:
    assert cells(call("LOG", *arguments)) == expected


@given(
    st.lists(st.tuples(st.sampled_from("甲乙丙"), st.sampled_from(["迟到", "旷工"]), st.integers(0, 5)), max_size=12)
)
def test_a_log_is_the_sum_of_its_events(events: list[tuple[str, str, int]]) -> None:
    names, items, counts = ([event[i] for event in events] or [None] for i in range(3))
    got = cells(call("LOG", column("甲", "乙", "丙"), names, items, counts, *CATALOGUE))
    price = {"迟到": 0.5, "旷工": 3}
    assert got == [sum(price[item] * n for name, item, n in events if name == who) for who in "甲乙丙"]


@pytest.mark.parametrize(
    ("row", "further", "expected"),
    [
        ([55, 58, 70, 50], (60,), 2),
        ([55, None, 58, 50], (60,), 2),
        ([60, 60], (60,), 0),
        ([60, 61, 59], (60, "达到"), 2),
        ([None, None], (60,), ""),
        ([55, "x"], (60,), VALUE),
        ([55, NA], (60,), NA),
    ],
)
def test_run(row: list[Any], further: tuple[Any, ...], expected: Any) -> None:
    assert call("RUN", [row], *further) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (40087, 42185, 5),  # 2009-10-01 to 2015-06-30
        (40087, 42278, 6),  # to 2015-10-01, the anniversary
        (40087, 42277, 5),
        (40968, 41333, 0),  # 2012-02-29 to 2013-02-28
        (40968, 41334, 1),  # to 2013-03-01
        (42185, 40087, 0),
        ("2009-10-01", 42185, VALUE),
        (1, 42185, VALUE),
        (40087, 1e9, VALUE),
        ("", "", ""),
    ],
)
def test_years(start: Any, end: Any, expected: Any) -> None:
    assert call("YEARS", start, end) == expected


def rule(
    name: str = "得分", kind: str = "数字", needed: str = "", low: Any = None, high: Any = None, **more: str
) -> list[Any]:
    return [name, kind, needed, low, high, more.get("low_out", ""), more.get("high_out", ""), more.get("choices", "")]


@pytest.mark.parametrize(
    ("cell", "declared", "expected"),
    [
        (90, rule(low=0, high=100), "通过"),
        (100, rule(low=0, high=100), "通过"),
        (101, rule(low=0, high=100), "得分:不能大于 100"),
        (-1, rule(low=0), "得分:不能小于 0"),
        (0, rule(low=0, low_out="是"), "得分:应大于 0"),
        (5, rule(high=5, high_out="是"), "得分:应小于 5"),
        ("85分", rule(), "得分:应为数字，填的是文本“85分”"),
        *(
            (text, rule(), f"得分:应为数字，填的是文本格式的数字“{text}”")
            for text in ("85", " 1,200.5", "８５％", "-3")
        ),
        ("11-26", rule(), "得分:应为数字，填的是文本“11-26”"),
        (True, rule(), "得分:不能是 TRUE"),
        (False, rule(kind="文本"), "得分:不能是 FALSE"),
        (1.5, rule(kind="整数"), "得分:应为整数，填的是 1.5"),
        (2, rule(kind="整数"), "通过"),
        ("甲", rule(kind="文本"), "通过"),
        (7, rule(kind="文本"), "通过"),
        ("是", rule(kind="是否"), "通过"),
        ("对", rule(kind="是否"), "得分:应为 是 或 否，填的是“对”"),
        ("是 ", rule(kind="是否"), "得分:“是 ”与“是”只差空格、全角半角或大小写，请重新选择"),
        ("Ａ", rule(kind="选项", choices="A/B"), "得分:“Ａ”与“A”只差空格、全角半角或大小写，请重新选择"),
        ("医", rule(kind="选项", choices="医/护"), "通过"),
        (3, rule(kind="选项", choices="3/4"), "通过"),
        ("技", rule(kind="选项", choices="医/护"), "得分:应为 医、护 之一，填的是“技”"),
        (42185, rule(kind="日期"), "通过"),
        (5, rule(kind="日期"), "得分:应为日期"),
        ("2015-06-30", rule(kind="日期"), "得分:应为日期，填的是文本“2015-06-30”"),
        (42186, rule(kind="日期", high=42185), "得分:不能晚于 2015-06-30"),
        (42184, rule(kind="日期", low=42185), "得分:不能早于 2015-06-30"),
        (CellError.NA, rule(), "得分:是错误值 #N/A"),
        (float("inf"), rule(), "得分:数字过大"),
        (1, rule(kind="金额"), VALUE),
        (1, rule()[:7], VALUE),
        (1, rule(low=NA), NA),
        (1, rule(needed="另查", high=0), "通过"),
    ],
)
def test_check_of_one_cell(cell: Any, declared: list[Any], expected: Any) -> None:
    assert call("CHECK", "", [[cell]], [declared]) == expected


def test_check_of_rows() -> None:
    rules = [rule("姓名", "文本", "是"), rule("任务", "整数"), rule("完成", "整数", "视情况", 0, "任务")]

    def check(row: list[Any], state: Any = "", further: Any = MISSING) -> Any:
        return call("CHECK", state, [row], rules, further)

    assert check([None, None, ""]) == ""
    assert check([None, None, ""], "不参加") == ""
    assert check(["甲", 3, 3]) == "通过"
    assert check([None, 3, 4]) == "姓名:必填；完成:不能大于 任务 3"
    assert check(["甲", None, 1]) == "完成:不能大于 任务（空白）"
    assert check(["甲", "x", 1]) == "任务:应为数字，填的是文本“x”"
    assert check(["甲", 1, 1], "不参加") == "不参加"
    assert check(["甲", 1, 1], NA) == NA
    assert check(["甲", 1, 1], "", "任务:重复；;") == "任务:重复；;"
    assert check(["甲", 1, 1], "", "任务:重复；") == "任务:重复"
    assert check(["甲", 1, 1], "", NUM) == NUM
    assert check(["甲", 1]) == VALUE
    assert call("CHECK", "", [[1]], [rule(high="别的列")]) == VALUE


def test_the_memory_of_numbers_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("udfs.values._REMEMBERED", 3)
    assert call("SUM", "甲", ["甲"] * 9, [0.123 + i for i in range(9)]) == 37.107


def test_a_number_that_no_cell_can_hold_is_an_error() -> None:
    assert call("RANK", "甲", ["甲", "乙"], [10**400, 1]) == NUM
    assert call("ROUND", 1.234, [[None]]) == 1.23


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda f: f.name)
def test_a_function_never_raises(function: Any) -> None:
    for junk in (None, "", "x", 1, True, NA, [[1, 2], [3, 4]], [["a"], [None]], object(), [[]]):
        found = function(*[junk] * len(function.parameters))
        assert found is None or isinstance(found, str | float | CellError | tuple)
    assert function(*[1] * (len(function.parameters) + 1)) == VALUE


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda f: f.name)
def test_declarations_are_complete(function: Any) -> None:
    assert function.label and function.label_en and function.description.endswith("。") and function.description_en
    assert function.syntax.startswith(function.name + "(")
    for parameter in function.parameters:
        assert parameter.description.endswith("。"), parameter.name
        assert parameter.english.isidentifier() and parameter.description_en
    seen_optional = [parameter.optional for parameter in function.parameters]
    assert seen_optional == sorted(seen_optional)


rows_with_keys = st.lists(
    st.tuples(st.sampled_from("ab") | st.none(), st.integers(1, 2), st.sampled_from("xy"), st.integers(0, 99)),
    max_size=12,
    min_size=1,
)


@given(rows_with_keys)
def test_several_keys_are_one_key_made_of_them(rows: list[tuple[Any, int, str, int]]) -> None:
    first, second, third, values = (column(*(row[i] for row in rows)) for i in range(4))
    joined = column(*(None if a is None else f"{a}/{b}/{c}" for a, b, c, _ in rows))
    for a in "ab":
        for b in (1, 2):
            wanted = f"{a}/{b}/x"
            assert call("SUM", a, first, values, MISSING, b, second, "x", third) == call("SUM", wanted, joined, values)
            assert call("COUNT", a, first, b, second, "x", third) == call("COUNT", wanted, joined)
            assert call("SUM", a, first, values, 2, b, second, "x", third) == call("SUM", wanted, joined, values, 2)


@pytest.mark.parametrize(
    ("further", "expected"),
    [
        ((1, column(1, 2, 1)), 40),
        ((2, column(1, 2, 1)), 0),
        ((1, column(1, 2, 1), "x", column("x", "x", "y")), 10),
        ((MISSING, MISSING, "y", column("x", "x", "y")), 30),
        ((1, column(1, 2)), VALUE),
        ((1, column(NA, 2, 1)), NA),
        ((1,), VALUE),
        ((MISSING, column(1, 2, 1)), VALUE),
        ((1, column(1, 2, 1), "x"), VALUE),
        ((True, column(1, 2, 1)), VALUE),
    ],
)
def test_sum_by_several_keys(further: tuple[Any, ...], expected: Any) -> None:
    assert call("SUM", "a", column("a", "b", "a"), column(10, 20, 30), MISSING, *further) == expected


@pytest.mark.parametrize(
    ("further", "expected"),
    [
        ((1, column(1, 2, 1)), 2),
        ((MISSING, MISSING, "y", column("x", "x", "y")), 1),
        ((1, column(NA, 2, 1)), 1),
        ((1, column(True, 2, None)), 0),
        ((1, column(1, 2)), VALUE),
        ((1,), VALUE),
        ((NA, column(1, 2, 1)), NA),
    ],
)
def test_count_by_several_keys(further: tuple[Any, ...], expected: Any) -> None:
    assert call("COUNT", "a", column("a", "b", "a"), *further) == expected


@pytest.mark.parametrize(
    ("row", "blanks", "which", "expected"),
    [
        ([50, None, 50, 70], 0, 0, 1),
        ([50, None, 50, 70], 1, 0, 2),
        ([50, 50, 70, 50], 0, 1, 1),
        ([50, 50, 70], 0, 1, 0),
        ([70, 50, None], 0, 1, 0),
        ([70, 50, None], 1, 1, 1),
        ([70, 60, 59.99], 0, 1, 1),
        ([None, None], 1, 1, ""),
    ],
)
def test_runs(row: list[Any], blanks: int, which: int, expected: Any) -> None:
    assert call("RUN", row, 60, 0, blanks, which) == expected


@given(st.lists(st.integers(0, 3) | st.none(), min_size=1, max_size=12).filter(lambda row: set(row) != {None}))
def test_the_last_run_is_no_longer_than_the_longest_and_blanks_only_break(row: list[Any]) -> None:
    breaking, skipping = (call("RUN", row, 2, "达到", blanks) for blanks in ("中断", "跳过"))
    assert breaking <= skipping == call("RUN", [cell for cell in row if cell is not None], 2, "达到")
    assert call("RUN", row, 2, "达到", 1, "末尾") <= skipping


def test_the_largest_none_add_up_to_nothing() -> None:
    assert call("SUM", "a", column("a", "b", "a"), column(10, 20, 30), 0) == 0
    assert call("SUM", "a", column("a", "b", "a"), column(10, 20, 30), -1) == VALUE


@pytest.mark.parametrize(
    ("cell", "further", "expected"),
    [
        (95.0, "?；?；", UNREADABLE),
        (95.0, "?得分:太高；?；", f"得分:太高；{UNREADABLE}"),
        (CellError.NA, "?；得分:另有问题；", "得分:是错误值 #N/A；得分:另有问题"),
        (101.0, "?；", f"得分:不能大于 100；{UNREADABLE}"),
    ],
)
def test_checks_that_cant_be_made_are_told_unless_an_error_value_in_the_row_is_told(
    cell: Any, further: str, expected: str
) -> None:
    rules = [["得分", "数字", "是", 0, 100, "", "", ""]]
    assert call("CHECK", "", [[cell]], rules, further, [["得分"]]) == expected
