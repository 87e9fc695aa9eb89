"""The declaration of every function: what hosts, handbook and the validator know of it.

A function is declared once, by decorating its computation with ``@udf``. A computation sees checked arguments only
(udfs.calling prepares them by the declared shapes) and knows nothing of cells, ranges or hosts.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from udfs.values import Cell, Grid


class Shape(enum.Enum):
    """How many cells an argument has, and how they are handed to the computation."""

    SCALAR = "单个值"
    CELL = "一个单元格,或与其他各行同长的一列"
    ROW = "一行,或多行(每行一个结果)"
    LIST = "一行或一列"
    BLOCK = "区域"
    KEYS = "一个或一列"
    COLUMN = "与名单同长的一列"
    COLUMNS = "与名单同长的一列或多列"


class Kind(enum.Enum):
    """What a single value may be."""

    ANY = "任意值"
    NUMBER = "数字"
    WHOLE = "整数"
    TEXT = "文本"
    OPTION = "选项"


class Style(enum.Enum):
    """How the computation works: row by row, or over everybody of a 名单 at once."""

    ROWS = "rows"
    PEOPLE = "people"
    WHOLE = "whole"


@dataclass(frozen=True)
class Parameter:
    name: str
    english: str
    shape: Shape
    description: str
    description_en: str
    kind: Kind = Kind.NUMBER
    optional: bool = False
    default: Any = None
    options: dict[str, int] | None = None


@dataclass(frozen=True)
class Function:
    """A function as declared; calling it with cells and grids gives what the cell shows, and never raises."""

    name: str
    label: str
    label_en: str
    category: str
    description: str
    description_en: str
    parameters: tuple[Parameter, ...]
    example: tuple[str, Any]
    remarks: str
    style: Style
    compute: Callable[..., Any]

    def __call__(self, *arguments: Cell | Grid) -> Cell | tuple[tuple[Cell, ...], ...]:
        from udfs.calling import call

        return call(self, arguments)

    @property
    def syntax(self) -> str:
        """``KAOHE_COEF(得分, 系数, [下限])``."""
        names = [f"[{p.name}]" if p.optional else p.name for p in self.parameters]
        return f"{self.name}({', '.join(names)})"


FUNCTIONS: dict[str, Function] = {}


def udf(
    name: str,
    label: str,
    label_en: str,
    category: str,
    description: str,
    description_en: str,
    *parameters: Parameter,
    example: tuple[str, Any],
    remarks: str = "",
    style: Style = Style.ROWS,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare the decorated computation as the function ``name`` that a cell can call."""

    def declare(compute: Callable[..., Any]) -> Callable[..., Any]:
        FUNCTIONS[name] = Function(
            name, label, label_en, category, description, description_en, parameters, example, remarks, style, compute
        )
        return compute

    return declare


def required(
    name: str, english: str, shape: Shape, description: str, description_en: str, kind: Kind = Kind.NUMBER
) -> Parameter:
    return Parameter(name, english, shape, description, description_en, kind)


def optional(
    name: str,
    english: str,
    shape: Shape,
    description: str,
    description_en: str,
    kind: Kind = Kind.NUMBER,
    default: Any = None,
) -> Parameter:
    return Parameter(name, english, shape, description, description_en, kind, True, default)


def option(name: str, english: str, description: str, description_en: str, *choices: str, first: int = 0) -> Parameter:
    """An optional argument given as one of the Chinese words or as its number, counted from 0; ``first`` is the default."""
    options = {choice: number for number, choice in enumerate(choices)}
    told = "、".join(f"{choice}({number})" for choice, number in options.items())
    return Parameter(
        name,
        english,
        Shape.SCALAR,
        f"{description}:{told}。省略时为{choices[first]}。",
        description_en,
        Kind.OPTION,
        True,
        first,
        options,
    )


DIGITS = optional(
    "小数位",
    "digits",
    Shape.SCALAR,
    "结果保留的小数位数,四舍五入,省略时为 2。",
    "Decimal places of the result, rounded half up; 2 if omitted.",
    Kind.WHOLE,
    2,
)
