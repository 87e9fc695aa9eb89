"""The declared examples of the functions, their formulas taken apart into arguments as Excel would pass them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from udfs import FUNCTIONS

_TOKEN = re.compile(r'"((?:[^"]|"")*)"|DATE\((\d+),(\d+),(\d+)\)|(-?\d+(?:\.\d+)?)|([{}(),;])')


@dataclass(frozen=True)
class Example:
    function: str
    arguments: list[Any]


def examples() -> list[Example]:
    """One example a function."""
    return [
        Example(function.name, _arguments(function.example[0].removeprefix(f"={function.name}")))
        for function in FUNCTIONS.values()
    ]


def _arguments(text: str) -> list[Any]:
    """``("甲",{1,2;3,4},5)`` as values; an array of one row is a flat one, as Excel passes it."""
    arguments: list[Any] = []
    rows: list[list[Any]] | None = None
    for quoted, year, month, day, number, mark in _TOKEN.findall(text):
        value: Any = None
        if mark == "{":
            rows = [[]]
        elif mark == ";" and rows is not None:
            rows.append([])
        elif mark == "}" and rows is not None:
            arguments.append(rows[0] if len(rows) == 1 else rows)
            rows = None
        elif not mark:
            value = float(number) if number else quoted.replace('""', '"')
            if year:
                value = float((date(int(year), int(month), int(day)) - date(1899, 12, 30)).days)
            (arguments if rows is None else rows[-1]).append(value)
    return arguments
