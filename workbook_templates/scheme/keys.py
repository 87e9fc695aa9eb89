"""How a key of a scheme file is declared: once, with its form, its meaning and an example.

From the declarations come the check of every value, the messages, and the page docs/scheme-format.md.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator
from dataclasses import MISSING, dataclass, field, fields
from datetime import date, datetime
from typing import Any


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_formula(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("=")


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _are_records(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _are_rows(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, list | dict) for item in value)


class Form(enum.Enum):
    """What may stand behind a key: in words, and as a test."""

    TEXT = ("文本", lambda value: isinstance(value, str))
    DATE = ("日期或文本", lambda value: isinstance(value, str | date) and not isinstance(value, datetime))
    FLAG = ("true 或 false", lambda value: isinstance(value, bool))
    WHOLE = ("不小于 0 的整数", lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= 0)
    NUMBER = ("数字", _is_number)
    VALUE = ("单个值", lambda value: isinstance(value, str | int | float | bool | date))
    BOUND = ("数字、日期、名称或公式", lambda value: _is_number(value) or isinstance(value, str | date))
    FORMULA = ("以 = 开头的公式", _is_formula)
    NAMED_FORMULAS = (
        "名称 = 以 = 开头的公式",
        lambda value: isinstance(value, dict) and all(map(_is_formula, value.values())),
    )
    CONDITION = ("true、false 或以 = 开头的公式", lambda value: isinstance(value, bool) or _is_formula(value))
    FLAG_OR_TEXT = ("true 或文本", lambda value: isinstance(value, bool | str))
    TEXTS = ('文本的列表（如 ["甲", "乙"]）', _are_texts)
    TEXTS_OR_TEXT = ("文本的列表，或一个列表的名称", lambda value: isinstance(value, str) or _are_texts(value))
    TEXT_LISTS = (
        '列表的列表（如 [["甲", "乙"]]）',
        lambda value: isinstance(value, list) and all(map(_are_texts, value)),
    )
    NAMED_TEXTS = (
        '名称 = 列表（如 { "依据" = ["甲", "乙"] }）',
        lambda value: isinstance(value, dict) and all(map(_are_texts, value.values())),
    )
    NAMED_VALUES = ('列 = 值（如 { "类别" = "公共" }）', lambda value: isinstance(value, dict))
    ROWS = ("行的列表（每行是值的列表，或 { 列 = 值 }）", _are_rows)
    RECORDS = ("一项或多项 [[…]]", _are_records)
    RECORD = ("一项 […]", lambda value: isinstance(value, dict))

    def __init__(self, words: str, fits: Callable[[Any], bool]) -> None:
        self.words = words
        self.fits = fits


@dataclass(frozen=True)
class Key:
    """A key as declared."""

    name: str
    form: Form
    meaning: str
    example: str
    allowed: tuple[str, ...]
    required: bool

    @property
    def form_words(self) -> str:
        return f"{'、'.join(self.allowed)} 之一" if self.allowed else self.form.words

    @property
    def should_be(self) -> str:
        words = self.form_words
        return f"{self.name} 应为{' ' if words[0].isascii() else ''}{words}"


def word(form: Form, meaning: str, example: str, default: Any = MISSING, allowed: tuple[str, ...] = ()) -> Any:
    """A field of a record that a scheme file may give; ``example`` is a line (or lines) of TOML."""
    return field(default=default, metadata={"form": form, "meaning": meaning, "example": example, "allowed": allowed})


def keys_of(kind: Any) -> Iterator[Key]:
    """The keys that a scheme file may write for a kind of record."""
    for item in fields(kind):
        if "form" in item.metadata:
            yield Key(name=item.name, required=item.default is MISSING, **item.metadata)
