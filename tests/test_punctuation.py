"""Chinese sentences have full-width punctuation (GB/T 15834), wherever somebody reads them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import pytest

from tests.support import PROJECT
from workbook_templates.scheme.catalogue import load, slugs

HALF_WIDTH = re.compile(r"[\u3400-\u9fff”’》）】。…][,;:()][\u3400-\u9fff“‘《（【]")
ONE_SIDED = re.compile(
    r"[\u3400-\u9fff”’》）】。…`][,;:(]|[,;:)][\u3400-\u9fff“‘《（【`]|[\u3400-\u9fff] [\d.]+,(?!\d{3}\b)[\d.]+ "
)
"""In what has no formulas: a mark on one side of Chinese characters or of `code`, and one between two numbers."""

BESIDE_WORD = re.compile(r"(?:[\u3400-\u9fff”’》）】。…`]|^|\.[a-z]+)[,;:][A-Za-z_][\w(),.]* [\u3400-\u9fff]")
"""A mark before a word of the program; at the beginning of a part of an f-string, what stands before it is a value."""

MARKS = re.compile(r"(列名|待填|用户名|地址):|\w+:(?=应为|不能|必填)")
"""What formulas read before a colon in the column 校验, and an address."""

CODE = re.compile(r"```.*?```|`[^`\n]*`|\]\([^)\n]*\)|<[^>\n]*>", re.DOTALL)
SENTENCES = ("title", "summary", "source", "note", "message", "steps", "decided", "limitations")
SOURCES = [
    PROJECT / "install.py",
    *(p for f in ("addin", "udfs", "workbook_templates") for p in (PROJECT / f).rglob("*.py")),
]
FULL_OF_FORMULAS = ("functions.md", "schemes.md")
DOCS = [PROJECT / "README.md", *(PROJECT / "docs").rglob("*.md")]


def half_width(text: str, *more: re.Pattern[str]) -> list[str]:
    bare = MARKS.sub("", text)
    return [
        bare[max(0, found.start() - 15) : found.end() + 15]
        for pattern in (HALF_WIDTH, BESIDE_WORD, *more)
        for found in pattern.finditer(bare)
    ]


def sentences(item: Any) -> Iterator[str]:
    """The texts of a scheme that are read and not computed with."""
    for field in fields(item):
        value = getattr(item, field.name)
        for each in value if isinstance(value, tuple) else (value,):
            if is_dataclass(each):
                yield from sentences(each)
            elif field.name in SENTENCES and isinstance(each, str):
                yield each


@pytest.mark.parametrize(
    "text",
    [
        "先核对,再填写",
        "得分(含)以上",
        "注意:不含",
        "甲;乙",
        ":capacity 应为",
        "列:type 应为",
        "写 `[列]`;each 是",
        "做 a.pdf:it 不在",
        "错了:ROUND(1.5,2) 得",
    ],
)
def test_half_width_punctuation_is_found(text: str) -> None:
    assert half_width(text)


@pytest.mark.parametrize("text", ["甲(a) 乙", "关闭 Excel,`x`", "（x）;.xlsm", "0.25 得 0,0.5 得 1"])
def test_a_half_width_mark_on_one_side_is_found(text: str) -> None:
    assert half_width(CODE.sub("`", text), ONE_SIDED)


def test_numbers_formulas_and_marks_are_no_sentences() -> None:
    assert half_width("待填:医德医风 1,234 KPI(a) 1:2 SUM(甲列)") == []


@pytest.mark.parametrize("slug", slugs())
def test_texts_of_schemes(slug: str) -> None:
    assert [found for text in sentences(load(slug)) for found in half_width(text, ONE_SIDED)] == []


def test_texts_in_the_code() -> None:
    found = [
        (path.name, told)
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for told in half_width(node.value)
    ]
    assert found == []


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_documentation(path: Any) -> None:
    more = [] if path.name in FULL_OF_FORMULAS else [ONE_SIDED]
    assert half_width(CODE.sub("`", path.read_text(encoding="utf-8")), *more) == []
