"""The declaration of every function: what hosts, handbook and the validator know of it.

A function is declared once, by decorating its computation with ``@udf``. A computation sees checked arguments only
(udfs.calling prepares them by the declared shapes) and knows nothing of cells, ranges or hosts.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from udfs.values import Cell, ColumnGrid, Grid


class Shape(enum.Enum):
    """How many cells an argument has, and how they are handed to the computation."""

    SCALAR = "单个值"
    CELL = "一个单元格，或与其他各行同长的一列"
    ROW = "一行，或多行（每行一个结果）"
    SET = "一行或一列，或多行（每行一个结果）"
    LIST = "一行或一列"
    BLOCK = "区域"
    KEYS = "一个或一列"
    COLUMN = "与名单同长的一列"
    COLUMNS = "与名单同长的一列或多列"


BY_ROW = (Shape.ROW, Shape.SET, Shape.CELL)
"""Where rows of the argument give rows of results; the others are shared by all rows."""


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
    by_entry: bool = False
    """Whether it is a column of a table (or the like), where an error value concerns only the results that read it."""

    @property
    def takes_cells(self) -> bool:
        """Whether hosts that must choose hand over the cells themselves, errors and all, rather than any kind of value."""
        return self.by_entry and not self.optional


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
    result: Kind
    """NUMBER, TEXT, or ANY where the result is taken from the arguments."""
    compute: Callable[..., Any]
    is_dated: bool = False
    """Whether results depend on the day from which the workbook counts its dates."""

    def __call__(self, *arguments: Cell | Grid) -> Cell | tuple[tuple[Cell, ...], ...]:
        from udfs.calling import call

        return call(self, arguments)

    def by_columns(self, *arguments: Cell | Grid | ColumnGrid) -> Cell | tuple[tuple[Cell, ...], ...] | ColumnGrid:
        """As calling it; results of many rows come by columns."""
        from udfs.calling import call_by_columns

        return call_by_columns(self, arguments)

    def is_by_row(self, place: int) -> bool:
        """Whether an argument belongs to a row, so that rows of it give rows of results; the others are shared by all rows."""
        if self.style is Style.PEOPLE:
            return place == 0
        return self.style is Style.ROWS and self.parameters[place].shape in BY_ROW

    @property
    def syntax(self) -> str:
        """``KAOHE_COEF(得分, 系数, [下限])``."""
        names = [f"[{p.name}]" if p.optional else p.name for p in self.parameters]
        return f"{self.name}({', '.join(names)})"


PREFIX = "KAOHE_"
"""All names begin so."""
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
    result: Kind = Kind.NUMBER,
    is_dated: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare the decorated computation as the function ``name`` that a cell can call."""

    def declare(compute: Callable[..., Any]) -> Callable[..., Any]:
        FUNCTIONS[name] = Function(
            name=name,
            label=label,
            label_en=label_en,
            category=category,
            description=description,
            description_en=description_en,
            parameters=parameters,
            example=example,
            remarks=remarks,
            style=style,
            result=result,
            compute=compute,
            is_dated=is_dated,
        )
        return compute

    return declare


def required(
    name: str, english: str, shape: Shape, description: str, description_en: str, kind: Kind = Kind.NUMBER
) -> Parameter:
    by_entry = shape in (Shape.COLUMN, Shape.COLUMNS)
    return Parameter(name, english, shape, description, description_en, kind, by_entry=by_entry)


def entries(
    name: str,
    english: str,
    description: str,
    description_en: str,
    kind: Kind = Kind.NUMBER,
    shape: Shape = Shape.LIST,
) -> Parameter:
    """A required column of a table (or what ``shape`` says), of which each result reads only some entries."""
    return Parameter(name, english, shape, description, description_en, kind, by_entry=True)


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
        f"{description}：{told}。省略时为{choices[first]}。",
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
    "结果保留的小数位数，四舍五入，省略时为 2。",
    "Decimal places of the result, rounded half up; 2 if omitted.",
    Kind.WHOLE,
    2,
)
