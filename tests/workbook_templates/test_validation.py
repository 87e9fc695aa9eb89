"""What an input cell takes, as it is told and as Excel and Calc check it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.workbook_templates.support import of_people
from workbook_templates.scheme.loader import parse
from workbook_templates.workbook.build import build

LONG = ["甲" * 100, "乙" * 100, "丙" * 53]
"""With the commas between them as many characters as Excel takes."""


@pytest.mark.parametrize(
    ("words", "told", "rule"),
    [
        ("min = 0, max = 100", "可不填，数字，不小于 0，不大于 100", ("decimal", None, "0", "100")),
        ("above = 0", "可不填，数字，大于 0", ("decimal", "greaterThan", "0", None)),
        ("min = 0, below = 1", "可不填，数字，不小于 0，小于 1", ("decimal", "greaterThanOrEqual", "0", None)),
        ("below = 1", "可不填，数字，小于 1", ("decimal", "lessThan", "1", None)),
        ('type = "whole", max = 9, required = true', "必填，整数，不大于 9", ("whole", "lessThanOrEqual", "9", None)),
        ('type = "flag"', "可不填，填 是 或 否", ("list", None, '"是,否"', None)),
        ('type = "choice", choices = ["严", "宽"]', "可不填，填 严、宽 之一", ("list", None, '"严,宽"', None)),
        ('min = 0, unit = "分"', "可不填，数字，不小于 0（单位：分）", ("decimal", "greaterThanOrEqual", "0", None)),
    ],
)
def test_what_is_told_is_what_is_checked(words: str, told: str, rule: tuple[Any, ...]) -> None:
    found = validation(words)
    assert found.prompt == told
    assert (found.type, found.operator, found.formula1, found.formula2) == rule


@pytest.mark.parametrize(("more", "kind"), [("", "list"), ("丁", None)])
def test_choices_that_excel_has_no_room_for_are_left_to_the_column_of_checks(more: str, kind: str | None) -> None:
    choices = [*LONG[:2], LONG[2] + more]
    assert validation(f'type = "choice", choices = {choices}'.replace("'", '"')).type == kind


@pytest.mark.parametrize(
    ("note", "told"), [("甲" * 300, "甲" * 255), ("😀" * 127 + "甲乙", "😀" * 127 + "甲"), ("😀" * 128, "😀" * 127)]
)
def test_a_message_ends_where_excel_has_no_more_room(note: str, told: str) -> None:
    assert validation(f'note = "{note}"').prompt == told


@pytest.mark.parametrize(("length", "kept"), [(254, True), (255, False)])
def test_a_bound_that_is_too_long_is_left_to_the_column_of_checks(length: int, kept: bool) -> None:
    bound = "+".join(["10"] * 84).rjust(length, "1")
    assert len(bound) == length
    assert (validation(f'max = "={bound}"').formula1 == bound) is kept


def validation(words: str) -> Any:
    stream = io.BytesIO()
    build(parse(of_people(f'{{ name = "项", {words} }}'), "x"), stream)
    rules = load_workbook(stream)["人员"].data_validations.dataValidation
    return next(rule for rule in rules if rule.promptTitle == "项")
