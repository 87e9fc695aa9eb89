"""Options as they are typed: ``天数=5`` or ``days=5``, turned into the values that a macro works with."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from addin.macros.macro import Kind, Macro, Option
from addin.shared.exits import UserError
from addin.xlsx.dates import day_of, text_date
from udfs.vocabulary import NO, YES

_LIST = re.compile(r"\s*[,，、;；]\s*")
_FLAGS = {YES: True, "true": True, "yes": True, "1": True, NO: False, "false": False, "no": False, "0": False}


def given_options(macro: Macro, texts: Iterable[str]) -> dict[str, Any]:
    """The values of ``NAME=VALUE`` texts by option; raises UserError, which lists the options that there are."""
    values: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        found = next((o for o in macro.options if name.strip() in (o.name, o.label)), None)
        if found is None:
            known = "、".join(f"{option.label} {option.name}" for option in macro.options) or "（无）"
            raise UserError(f"{macro.label}没有选项 {name.strip()}；可用的选项：{known}")
        if not equals:
            raise UserError(f"选项应写成 {found.label}=值，现为 {text}")
        values[found.name] = option_value(found, value)
    return values


def option_value(option: Option, text: str) -> Any:
    """One option's value; a blank text means its default. Raises UserError."""
    text = text.strip()
    if not text:
        return option.default
    match option.kind:
        case Kind.NUMBER:
            return _number(option, text)
        case Kind.FLAG:
            if text.lower() not in _FLAGS:
                raise UserError(f"选项“{option.label}”应为 是 或 否，现为 {text}")
            return _FLAGS[text.lower()]
        case Kind.CHOICE:
            if text not in option.choices:
                raise UserError(f"选项“{option.label}”应为 {'、'.join(option.choices)} 之一，现为 {text}")
        case Kind.COLUMNS:
            return tuple(part for part in _LIST.split(text) if part)
        case Kind.DATE:
            return read_date(text, option.label)
    return text


def _number(option: Option, text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise UserError(f"选项“{option.label}”应为整数，现为 {text}")
    return int(text)


def read_date(text: str, option: str) -> date:
    """A date as clerks write it; raises UserError."""
    number = text_date(text, dotted=True)
    if number is None or number < 1 or number % 1:
        raise UserError(f"选项“{option}”应为日期，例如 2026-01-05，现为 {text}")
    return day_of(number)


def read_dates(text: str, option: str) -> frozenset[date]:
    """Dates with commas between them."""
    return frozenset(read_date(part, option) for part in _LIST.split(text.strip()) if part)
