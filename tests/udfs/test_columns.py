"""Many rows at once give what each row gives alone."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import udfs
from udfs.columns import are_keys, rounded_quotients, scaled, scaled_or_blank
from udfs.ranks import TIES
from udfs.values import CellError, ColumnGrid, key, number

SCORES = st.one_of(
    st.integers(-200, 12_000).map(lambda n: n / 100),
    st.sampled_from([0.125, 0.005, 1.005, 2.675, 0.1 + 0.2, 1 / 3, -0.0, 1e-7, 89.99999999999999, 1e12, 123456789.123456, 1e300]),
)  # fmt: skip
ODD = st.sampled_from([None, "", "甲", "是", "否", True, False, 0, 3, CellError.NA, CellError.DIV0, "5"])
MISSING: Any = udfs.MISSING
NICE = st.integers(0, 9_999).map(lambda n: n / 100)
CELLS = st.one_of(NICE, NICE, NICE, SCORES, ODD)
RULES = (
    ("姓名", "文本", "是", "", "", "", "", ""),
    ("得分", "数字", "是", 0.0, 90.0, "", "是", ""),
    ("次数", "整数", "", 0.0, "得分", "", "", ""),
    ("否决", "选项", "", "", "", "", "", "甲/乙"),
)
KEYS = st.sampled_from(["甲", "乙", "丙", "丁", "1", "", None, 0.0, 1.0, 2.0, 0.3, 0.1 + 0.2, True, 1, CellError.NA])
CHOSEN = st.sampled_from(["", None, "甲", "丙", 3.0])
INPUTS = st.tuples(st.one_of(st.sampled_from(["张三", "李四", "", 7.0]), ODD), CELLS, st.one_of(NICE, CELLS), CHOSEN)
WORDS = st.sampled_from(["", "", None, "不参加", "得分:另有问题；", "?得分:等填完；", "?；", CellError.NA])

CALLS: dict[str, tuple[str, list[st.SearchStrategy[Any]], list[Any]]] = {
    "points": ("KAOHE_SCORE", [st.tuples(CELLS, CELLS)], [MISSING, MISSING, MISSING, 1.0]),
    "weights": ("KAOHE_SCORE", [st.tuples(CELLS, CELLS)], [((0.375, 0.625),), MISSING, "记零", 1.0]),
    "hundred": ("KAOHE_SCORE", [st.tuples(CELLS, CELLS)], [((30.0, 70.0),), ((100.0, 60.0),), "折算", 2.0]),
    "full marks": ("KAOHE_SCORE", [st.tuples(CELLS, CELLS)], [MISSING, ((99.5, 30.0),), "报错", 3.0]),
    "coefficients": ("KAOHE_COEF", [CELLS, st.tuples(CELLS, CELLS)], [0.5, 99.0]),
    "any coefficients": ("KAOHE_COEF", [CELLS, st.tuples(CELLS)], [MISSING, MISSING, 0.0]),
    "item": ("KAOHE_ITEM", [st.tuples(CELLS, CELLS), st.tuples(CELLS)], [0.5, 80.125]),
    "no cap": ("KAOHE_ITEM", [st.tuples(CELLS)], []),
    "round": ("KAOHE_ROUND", [CELLS], [1.0]),
    "whole": ("KAOHE_ROUND", [CELLS], [0.0, "四舍五入"]),
    "up": ("KAOHE_ROUND", [CELLS], [1.0, "进位"]),
    "tens": ("KAOHE_ROUND", [CELLS], [-1.0]),
    "grade": ("KAOHE_GRADE", [CELLS, st.sampled_from(["", None, "是", "否", 0.0, "甲", CellError.NA])], []),
    "count": ("KAOHE_COUNT", [KEYS], [(("甲", 1.0, 0.1 + 0.2, "甲", "", None, True, CellError.NA),)]),
    "count of two": ("KAOHE_COUNT", [KEYS, KEYS], [(("甲", 1.0, "", "甲"),), (("乙", "1", 2.0, "乙"),)]),
    "alike": ("KAOHE_ALIKE", [KEYS], [(("甲", 1.0, "甲 ", "01", "", None, True, CellError.NA),)]),
    "names alike": ("KAOHE_ALIKE", [KEYS], [(("甲", "乙", "甲", "", None),)]),
    "sum": ("KAOHE_SUM", [KEYS], [(("甲", 1.0, 1.0, "丙", "丙"),), ((0.1, 0.2, 0.7, CellError.NA, 1.0),), 1.0]),
    "sum of two": ("KAOHE_SUM", [KEYS, KEYS], [(("甲", 1.0, "甲", "", "乙"),), ((0.1, None, 0.7, 9.0, "x"),), (("乙", 1.0, "乙", "乙", 1.0),)]),
    "check": ("KAOHE_CHECK", [WORDS, INPUTS, WORDS], [RULES, (("得分", "姓名", "次数", "别的"),)]),
    "all columns": ("KAOHE_CHECK", [WORDS, INPUTS, WORDS], [RULES, (("姓名", "得分", "次数", "否决"),)]),
    "lost bound": ("KAOHE_CHECK", [WORDS, INPUTS, WORDS], [(("次数", "整数", "", "没有", "", "", "", ""),), (("得分", "姓名", "次数", "别的"),)]),
    "in order": ("KAOHE_CHECK", [WORDS, INPUTS, WORDS], [RULES]),
}  # fmt: skip


def arguments(name: str, parts: list[Any], shared: list[Any]) -> list[Any]:
    """A function's arguments in its order."""
    match name:
        case "KAOHE_COUNT" if len(parts) == 2:
            return [parts[0], shared[0], parts[1], shared[1]]
        case "KAOHE_SUM" if len(parts) == 2:
            return [parts[0], *shared[:2], MISSING, parts[1], shared[2]]
        case "KAOHE_ITEM" if len(parts) == 1:
            return [100.0, parts[0]]
        case "KAOHE_ITEM":
            return [100.0, *parts, *shared]
        case "KAOHE_GRADE":
            return [parts[0], ((90.0, 75.5, 60.0),), (("优秀", "合格", "基本合格", "不合格"),), parts[1]]
        case "KAOHE_CHECK":
            return [parts[0], parts[1], shared[0], parts[2], *shared[1:]]
    return [*parts, *shared]


def rows_of(cells: list[Any]) -> list[tuple[Any, ...]]:
    return [cell if isinstance(cell, tuple) else (cell,) for cell in cells]


@pytest.mark.parametrize("call", CALLS)
@given(data=st.data())
def test_many_rows_at_once_are_as_each_alone(call: str, data: st.DataObject) -> None:
    name, kinds, shared = CALLS[call]
    function = udfs.FUNCTIONS[name]
    rows = data.draw(st.lists(st.tuples(*kinds), min_size=2, max_size=6))
    parts = [rows_of(list(column)) for column in zip(*rows, strict=True)]
    together = function(*arguments(name, parts, shared))
    alone = [function(*arguments(name, [rows_of([cell]) for cell in row], shared)) for row in rows]
    assert isinstance(together, tuple)
    assert [repr(row[0]) for row in together] == [repr(result) for result in alone]
    grids = [ColumnGrid([list(column) for column in zip(*part, strict=True)]) for part in parts]
    assert repr(function(*arguments(name, grids, shared))) == repr(together)


ROWS: dict[str, tuple[str, list[list[Any]]]] = {
    "score of a third": ("points", [[(60.0, 1 / 3)], [(90.0, 5.0)]]),
    "score above its full mark": ("full marks", [[(99.5, 30.0)], [(99.51, 30.0)]]),
    "score below 0": ("full marks", [[(0.0, 0.0)], [(-0.01, 0.0)]]),
    "coefficient of a third": ("coefficients", [[90.0, (1.0, 1 / 3)], [90.0, (0.5, 1.0)]]),
    "grade of a third": ("grade", [[90 - 1 / 3, ""], [90.0, "否"]]),
    "no second key": ("count of two", [["甲", "乙"], ["甲", ""]]),
    "lost heading": ("check", [["", (95.0, "张三", 3.0, "甲"), ""], ["", ("", "", "", ""), ""]]),
    "two problems": ("all columns", [["", ("张三", 60.0, 3.5, "丙"), ""], ["得分:另有问题；", ("", 60.0, 3.0, "甲"), ""]]),
}


@pytest.mark.parametrize("rows", ROWS)
def test_rows_that_are_computed_one_by_one_are_as_each_alone(rows: str) -> None:
    call, cells = ROWS[rows]
    name, _, shared = CALLS[call]
    together = udfs.FUNCTIONS[name](*arguments(name, [rows_of(list(column)) for column in zip(*cells, strict=True)], shared))
    alone = [udfs.FUNCTIONS[name](*arguments(name, [rows_of([cell]) for cell in row], shared)) for row in cells]
    assert isinstance(together, tuple)
    assert [repr(row[0]) for row in together] == [repr(result) for result in alone]
    assert len({*map(repr, alone)}) == len(alone)


@pytest.mark.parametrize(
    "cells",
    [[n / 8 for n in range(300)], [7.0, 12.5, None, "甲"] * 75, [True, 1.0, 11] * 100],
    ids=["all different", "many alike", "TRUE is no 1"],
)
def test_a_long_column_is_as_its_cells_alone(cells: list[Any]) -> None:
    progress, shared = udfs.FUNCTIONS["KAOHE_PROGRESS"], (((0.0, 5.0, 10.0),), ((0.2, 0.5, 1.0),))
    together = progress([(cell,) for cell in cells], *shared)
    assert isinstance(together, tuple)
    assert [repr(row[0]) for row in together] == [repr(progress(cell, *shared)) for cell in cells]


def test_long_columns_of_few_different_rows_are_as_each_row_alone() -> None:
    years = udfs.FUNCTIONS["KAOHE_YEARS"]
    rows: list[tuple[Any, Any]] = [(43831.0, 46022.0), (46022.0, 43831.0), (43831.0, None), ("甲", 46022.0)]
    together = years([(start,) for start, _ in rows * 50], [(end,) for _, end in rows * 50])
    assert isinstance(together, tuple)
    assert [repr(row[0]) for row in together] == [repr(years(*row)) for row in rows] * 50


def test_true_is_nobody_beside_a_person_called_1() -> None:
    rank, people, scores = udfs.FUNCTIONS["KAOHE_RANK"], (("甲",), (1.0,)), ((90.0,), (80.0,))
    assert rank((("甲",), (True,), (1.0,)), people, scores) == ((1,), (CellError.VALUE,), (2,))


PEOPLE = st.lists(st.one_of(st.sampled_from("甲乙丙丁戊"), ODD), min_size=2, max_size=6)


@pytest.mark.parametrize("name", ["KAOHE_RANK", "KAOHE_DISTRIBUTE", "KAOHE_LIMIT"])
@given(data=st.data())
def test_people_are_the_same_by_rows_and_by_columns(name: str, data: st.DataObject) -> None:
    people = data.draw(PEOPLE)
    cells: list[list[Any]] = [data.draw(PEOPLE), people, data.draw(st.lists(CELLS, min_size=len(people), max_size=len(people)))]
    grades = ["甲" if n % 2 else "不参加" for n in range(len(people))]
    further: list[Any] = [(("甲", "乙"),), ((0.5, 0.5),)] if name == "KAOHE_DISTRIBUTE" else []
    if name == "KAOHE_LIMIT":
        cells, further = [*cells, grades], ["甲", 1.0, "乙"]
    ties = ColumnGrid([cells[2], [*map(float, range(len(people)))]])
    function: Any = udfs.FUNCTIONS[name]
    by_rows = [[(cell,) for cell in column] for column in cells]
    rest: list[Any] = [MISSING] * (function.parameters.index(TIES) - len(cells) - len(further))
    expected = function(*by_rows, *further, *rest, ties.rows)
    assert repr(function(*[ColumnGrid([column]) for column in cells], *further, *rest, ties)) == repr(expected)
    found = function.by_columns(*by_rows, *further, *rest, ties.rows)
    assert (found.rows if isinstance(found, ColumnGrid) else found) == (
        list(expected) if isinstance(expected, tuple) else expected
    )


def test_columns_too_few_or_too_many_are_an_error_in_every_row() -> None:
    wrong = ((CellError.VALUE,), (CellError.VALUE,))
    assert udfs.FUNCTIONS["KAOHE_CHECK"]((("",), ("",)), (("张三", 95.0), ("李四", 60.0)), RULES) == wrong
    keys, values = (("甲", "乙"),), ((1.0, 2.0),)
    assert udfs.FUNCTIONS["KAOHE_SUM"]((("甲",), ("乙",)), keys, values, MISSING, MISSING, keys) == wrong


def test_a_state_stands_for_the_problems_of_its_row_unless_nothing_is_filled_in() -> None:
    states = (("不参加",), ("",), ("不参加",), ("",), ("",))
    inputs = (("", "", 3.0, ""), ("张三", "", "", ""), ("", "", "", ""), ("李四", 90.0, "", ""), ("", 60.0, 3.0, "丙"))
    headers = (("姓名", "得分", "次数", "否决"),)
    found = udfs.FUNCTIONS["KAOHE_CHECK"](states, inputs, RULES, MISSING, headers)
    wrong = "得分:应小于 90", "否决:应为 甲、乙 之一，填的是“丙”；待填:姓名"
    assert found == (("不参加",), ("待填:得分",), ("",), (wrong[0],), (wrong[1],))
    # Where all that is wrong with a column stands in rows with a state, nothing is told.
    found = udfs.FUNCTIONS["KAOHE_CHECK"](
        states[:2], (inputs[0], ("张三", 60.0, 3.0, "")), RULES, MISSING, headers
    )
    assert found == (("不参加",), ("通过",))


@pytest.mark.parametrize(
    ("factors", "expected"),
    [
        ([0.8, 1.2], ["73.2", "109.8"]),
        ([0.8, 1.200001], ["73.2", CellError.NUM]),
        ([0.799999, 1.2], [CellError.NUM, "109.8"]),
    ],
    ids=["on the limits", "above", "below"],
)
def test_coefficients_of_a_column_stand_on_their_limits_or_are_an_error(
    factors: list[float], expected: list[Any]
) -> None:
    together = udfs.FUNCTIONS["KAOHE_COEF"](((91.5,), (91.5,)), tuple((each,) for each in factors), 0.8, 1.2)
    assert isinstance(together, tuple)
    assert [row[0] if isinstance(row[0], CellError) else str(row[0]) for row in together] == expected


def test_the_rows_of_a_grid_are_made_once() -> None:
    grid = ColumnGrid([[1.0, 2.0], ["甲", "乙"]])
    assert grid.rows == [(1.0, "甲"), (2.0, "乙")] and grid.rows is grid.rows


@given(st.lists(st.lists(SCORES, min_size=3, max_size=3), min_size=1, max_size=3))
def test_whole_numbers_stand_for_what_is_read(columns: list[list[Any]]) -> None:
    read = scaled(columns)
    if read is not None:
        numbers, places = read
        assert [[Decimal(n).scaleb(-places) for n in column] for column in numbers] == [
            [number(cell) for cell in column] for column in columns
        ]


def test_what_is_read_at_once() -> None:
    assert scaled([[0.1 + 0.2, 89.99999999999999], [1.5, -0.0]]) == ([[30, 9000], [150, 0]], 2)
    assert scaled([[0.125], [0.25]]) == ([[1250], [2500]], 4)
    # All different, and one again and again.
    assert scaled([[n / 8 for n in range(200)], [0.1 + 0.2] * 200]) == (
        [[n * 1250 for n in range(200)], [3000] * 200],
        4,
    )
    assert scaled([[n / 8 for n in range(200)], [1 / 3] * 200]) is None
    assert scaled([[1e-7]]) is scaled([[1e13]]) is scaled([[1 / 3]]) is None
    assert scaled([[9_999_999_999_999.0]]) == ([[999_999_999_999_900]], 2)
    assert scaled_or_blank([[None, "", 1.5]]) == ([[0, 0, 150]], 2)
    assert scaled_or_blank([["甲", 1.0]]) is scaled_or_blank([[True]]) is None


@pytest.mark.parametrize("remembered", [3, 50_000])
def test_a_long_column_of_different_numbers_is_read_as_a_short_one(
    remembered: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("udfs.columns._MOST_REMEMBERED", remembered)
    different: list[Any] = [n / 100 for n in range(-700, 700)]
    assert scaled([different]) == ([list(range(-700, 700))], 2)
    # What arithmetic left behind doesn't count; what has more places, or too many digits, is read so or not at all.
    assert scaled([[*different, 0.1 + 0.2]]) == ([[*range(-700, 700), 30]], 2)
    assert scaled([[*different, 0.125]]) == ([[*(n * 100 for n in range(-700, 700)), 1250]], 4)
    assert scaled([[*different, 1 / 3]]) is scaled([[*different, 1e13]]) is scaled([[*different, -1e13]]) is None
    for cell in different:
        assert scaled([[cell, cell]]) == ([[round(cell * 100)] * 2], 2)
    assert scaled([[*different, -9_999_999_999_999.0]]) == ([[*range(-700, 700), -999_999_999_999_900]], 2)


@given(
    st.lists(st.integers(-10_000, 10_000), min_size=1), st.sampled_from([1, 3, 7, 10, 100, 10_000]), st.integers(0, 3)
)
def test_quotients_are_rounded_half_up(numbers: list[int], divisor: int, digits: int) -> None:
    for n, found in zip(numbers, rounded_quotients(numbers, divisor, digits), strict=True):
        assert isinstance(found, float)
        off = Decimal(repr(found)) * divisor - n
        half = Decimal(divisor) / (2 * 10**digits)
        assert abs(off) < half or (abs(off) == half and abs(Decimal(repr(found)) * divisor) > abs(n))


@given(
    st.lists(st.one_of(st.sampled_from(["甲", "1", "", None, 1.0, -0.0, 0.0, 2.5, True, 3, CellError.NA, 1e15]), NICE))
)
def test_names_and_whole_numbers_are_their_own_keys(cells: list[Any]) -> None:
    if are_keys(cells):
        given = [cell for cell in cells if cell not in (None, "")]
        assert given == [key(cell) for cell in given] and set(given) == {key(cell) for cell in given}


def test_what_is_no_key_of_its_own() -> None:
    assert are_keys(["甲", "", None, 3.0, -0.0])
    assert not any(are_keys([cell]) for cell in (2.5, 1e15, True, 3, CellError.NA))
