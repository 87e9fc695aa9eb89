"""Headings of whole columns, which only a host can tell from blocks."""

from __future__ import annotations

from typing import Any

import pytest

from addin.headless.computation import compute
from addin.xlsx.model import Cell, Sheet, Workbook
from tests.udfs.calls import VALUE, call, cells, column
from udfs import CellError
from udfs.values import WholeColumns


def whole(*values: Any) -> WholeColumns:
    return WholeColumns(column(*values))


NAMES: tuple[Cell, ...] = ("姓名", "甲", "乙", "丙")
SCORES: tuple[Cell, ...] = ("得分", 80.0, 90.0, 70.0)


def test_a_heading_over_numbers_is_nobody() -> None:
    assert cells(call("RANK", column("甲", "乙", "丙"), whole(*NAMES), whole(*SCORES))) == [2, 1, 3]
    assert call("RANK", "姓名", whole(*NAMES), whole(*SCORES)) == CellError.NA
    assert call("SUM", "甲", whole(*NAMES), whole(*SCORES)) == 80


def test_a_heading_of_a_column_beside_the_numbers_counts_for_nobody() -> None:
    fixed = whole("指定", None, None, None)
    got = call("DISTRIBUTE", column("甲", "乙", "丙"), whole(*NAMES), whole(*SCORES), ["优", "良"], [0.5, 0.5], fixed)
    assert cells(got) == ["优", "优", "良"]


@pytest.mark.parametrize(
    "scores",
    [
        column(*SCORES),
        whole("得分", "80", 90.0, 70.0),
        whole(80.0, "得分", 90.0, 70.0),
        WholeColumns([["得分", 1.0]] * 4),
    ],
)
def test_any_other_text_among_numbers_is_an_error(scores: Any) -> None:
    assert call("RANK", "丙", whole(*NAMES), scores) == VALUE


def test_blank_rows_above_the_heading_and_below_the_last_person_are_nobody() -> None:
    names, scores = whole(None, "姓名", "甲", "乙", None), whole(None, "得分", 80.0, 90.0)
    assert cells(call("RANK", column("甲", "乙"), names, scores)) == [2, 1]
    assert call("RANK", "甲", whole(None, None), whole(None)) == CellError.NA


def test_two_numbers_headed_by_text_and_number_are_not_headed() -> None:
    ties = WholeColumns([["备注", 1.0], [1.0, 1.0], [2.0, 1.0]])
    assert call("RANK", "甲", whole("丁", "甲", "乙"), whole(1.0, 90.0, 90.0), [["g"], ["a"], ["a"]], ties) == 2


def test_a_heading_over_some_of_several_columns() -> None:
    people, ties = column("甲", "乙", "丙"), WholeColumns([["工龄", None], [1.0, 1.0], [2.0, 1.0]])
    assert cells(call("RANK", people, people, column(90.0, 90.0, 90.0), [["g"], ["g"], ["g"]], ties)) == [3, 2, 1]


def test_whole_columns_of_a_sheet() -> None:
    sheet = Sheet("表")
    for row, (name, score) in enumerate(zip(NAMES, SCORES, strict=True)):
        sheet.set(row, 0, name)
        sheet.set(row, 1, score)
    sheet.formulas.update({
        (0, 3): 'KAOHE_RANK("乙",A:A,B:B)',
        (1, 3): "KAOHE_RANK(A2,A:A,$B:$B)",
        (2, 3): 'KAOHE_RANK("乙",A1:A4,B1:B4)',
        (3, 3): 'KAOHE_RANK("乙",A:A,B1:B4)',
    })  # fmt: skip
    values, problems = compute(Workbook({"表": sheet}))
    assert problems == []
    assert [values["表"][row, 3] for row in range(4)] == [1, 2, VALUE, VALUE]
