"""Data validation and input messages: the first help while typing (pasting bypasses it; the 校验 column doesn't)."""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from udfs.vocabulary import NO, YES
from workbook_templates.scheme.checks import is_of_row
from workbook_templates.scheme.columns import Bound, Input, Limits
from workbook_templates.scheme.names import TYPES
from workbook_templates.scheme.usable import units
from workbook_templates.workbook.sheets.page import Page

TITLE_LIMIT, MESSAGE_LIMIT, FORMULA_LIMIT = 32, 255, 255
FLAGS = [YES, NO]


def validate(
    sheet: Worksheet,
    page: Page,
    limits: Limits,
    first: int,
    last: int,
    col: int,
    columns: dict[str, int] | None = None,
    source: str = "",
) -> None:
    """Validate the cells of one column; ``columns`` places bounds in the same row, ``source`` lists a key's values.

    A person may also be named by 工号, which the list doesn't hold: there it only warns.
    """
    told = describe(limits)
    options: dict[str, Any] = {
        **_criterion(limits, page, first, columns or {}, source),
        "input_title": _cut(limits.name, TITLE_LIMIT),
        "input_message": _cut("。".join(filter(None, [limits.note, told])), MESSAGE_LIMIT),
        "error_title": _cut(f"{limits.name} 填写有误", TITLE_LIMIT),
        "error_message": _cut(told or "请检查", MESSAGE_LIMIT),
        "ignore_blank": True,
        "error_type": "warning" if isinstance(limits, Input) and limits.person else "stop",
    }
    sheet.data_validation(first, col, last, col, options)


def _cut(text: str, limit: int) -> str:
    return text.encode("utf-16-le")[: 2 * limit].decode("utf-16-le", "ignore")


def refuse_typing(sheet: Worksheet, first: int, last: int, col: int) -> None:
    """Stop typing into computed cells; sheet protection would do it too, but then a table can't grow or be sorted."""
    options = {
        "validate": "custom",
        "value": "=FALSE",
        "error_title": "此列由公式计算",
        "ignore_blank": False,
        "error_message": "这里的结果由公式算出，请改填写列（浅黄色）。",
    }
    sheet.data_validation(first, col, last, col, options)


def describe(limits: Limits) -> str:
    """What may be entered, in words: ``必填，数字，0 至 医德医风满分``."""
    parts = ["必填" if limits.required is True else "视情况必填" if limits.required else "可不填"]
    kind = TYPES[limits.type]
    if limits.type == "flag":
        kind = "填 是 或 否"
    elif limits.choices:
        kind = f"填 {'、'.join(limits.choices)} 之一"
    parts.append(kind)
    low = _told(limits.above, "大于") or _told(limits.min, "不小于")
    high = _told(limits.below, "小于") or _told(limits.max, "不大于")
    return "，".join(filter(None, [*parts, low, high])) + (f"（单位：{limits.unit}）" if limits.unit else "")


def _told(bound: Bound, word: str) -> str:
    return "" if bound is None else f"{word} {str(bound).removeprefix('=').strip('[]')}"


def _criterion(limits: Limits, page: Page, row: int, columns: dict[str, int], source: str) -> dict[str, Any]:
    if source:
        return {"validate": "list", "source": f"={source}"}
    choices = FLAGS if limits.type == "flag" else list(limits.choices)
    if choices:
        return (
            {"validate": "list", "source": choices}
            if units(",".join(choices)) <= FORMULA_LIMIT
            else {"validate": "any"}
        )
    if limits.type == "text":
        return {"validate": "any"}
    kind = {"number": "decimal", "whole": "integer", "date": "date"}[limits.type]
    low = _written(limits.min if limits.above is None else limits.above, page, row, columns)
    high = _written(limits.max if limits.below is None else limits.below, page, row, columns)
    if low is not None and high is not None and limits.above is None and limits.below is None:
        return {"validate": kind, "criteria": "between", "minimum": low, "maximum": high}
    if low is not None:
        return {"validate": kind, "criteria": ">=" if limits.above is None else ">", "value": low}
    if high is not None:
        return {"validate": kind, "criteria": "<=" if limits.below is None else "<", "value": high}
    lowest: Any = 0 if kind == "date" else -1e15 if kind == "decimal" else -(10**9)
    return {"validate": kind, "criteria": ">=", "value": f"={lowest:.0f}" if kind == "date" else lowest}


def _written(bound: Bound, page: Page, row: int, columns: dict[str, int]) -> Any:
    """A bound as the validation has it; what a row computes, and what is too long, is left to the 校验 column."""
    if not isinstance(bound, str):
        return bound
    if is_of_row(bound):
        return None
    if bound.startswith("["):
        return f"=${xl_col_to_name(columns[bound.strip('[]')])}{row + 1}"
    formula = page.outside(bound) if bound.startswith("=") else f"={bound}"
    return formula if units(formula) <= FORMULA_LIMIT else None
