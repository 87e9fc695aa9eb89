"""The formulas of a scheme file: their parts, what they name, and how they are written into a workbook.

A scheme writes a formula as a user sees it inside an Excel table: ``[@师德]`` is the own row's cell, ``[@[师德]:[业绩]]``
the own row's cells, ``[师德]`` the whole column of the own table, ``人员[师德]`` that of another, and a bare name is a
parameter, a summary value or a state. A1 references are refused: they would break as soon as a column is added.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token

import udfs

# Ordinary functions that Excel 2010, LibreOffice 7 and the headless engine compute alike. The flag says whether a
# formula stays correct when whole columns stand where single cells stood (the array layout of large workbooks).
ELEMENTWISE = frozenset(
    [
        "IF",
        "IFERROR",
        "ISERROR",
        "ISNUMBER",
        "ISTEXT",
        "NOT",
        "ABS",
        "INT",
        "MOD",
        "SIGN",
        "TEXT",
        "LEN",
        "LEFT",
        "RIGHT",
        "MID",
        "SUBSTITUTE",
        "YEAR",
        "MONTH",
        "DAY",
        "DATE",
        "ROW",
        "SHEET",
        "SUMIFS",
        "COUNTIFS",
        "SUMIF",
        "COUNTIF",
    ]
)
REDUCING = frozenset(
    [
        "SUM",
        "AVERAGE",
        "MIN",
        "MAX",
        "COUNT",
        "COUNTA",
        "COUNTBLANK",
        "AND",
        "OR",
        "SUMPRODUCT",
        "LARGE",
        "SMALL",
        "MATCH",
        "VLOOKUP",
        "INDEX",
        "CHOOSE",
        "AVERAGEIFS",
        "N",
        "ROWS",
        "COLUMN",
        "COLUMNS",
        "ISBLANK",
        "ISFORMULA",
        "REPT",
        "TRIM",
        "CONCATENATE",
        "VALUE",
        "EXACT",
        "FIND",
        "EDATE",
        "EOMONTH",
    ]
)
REFERRING = frozenset({"INDEX", "IF", "CHOOSE"})
"""Their results may be references."""

CONSTANTS = frozenset({"TRUE", "FALSE"})

_OWN_ROW = re.compile(r"\[@(?:\[(?P<first>[^\[\]]+)\](?::\[(?P<last>[^\[\]]+)\])?|(?P<only>[^\[\]]+))\]")
_COLUMN = re.compile(r"(?P<table>[^\[\]]*)\[(?:\[(?P<first>[^\[\]]+)\]:\[(?P<last>[^\[\]]+)\]|(?P<only>[^\[\]#@]+))\]")
_A1 = re.compile(r"\$?[A-Za-z]{1,3}\$?[0-9]+(:\$?[A-Za-z]{1,3}\$?[0-9]+)?|.*!.*")


class FormulaError(ValueError):
    """A formula that a scheme file may not hold; the message (Chinese) names the part and what is allowed."""


@dataclass(frozen=True)
class Reference:
    """Cells of a table: of the own row (``own_row``), or whole columns; ``table`` is None for the own table."""

    table: str | None
    first: str
    last: str
    own_row: bool

    @property
    def single(self) -> bool:
        return self.first == self.last


@dataclass(frozen=True)
class Name:
    """A parameter, a summary value, or a state."""

    text: str


@dataclass(frozen=True)
class Call:
    """The opening of a function call, ``NAME(``."""

    function: str


Part = str | Reference | Name | Call
Parts = tuple[Part, ...]


@dataclass(frozen=True)
class Formula:
    """A parsed formula: its parts in order, everything that is neither reference, name nor call being plain text."""

    text: str
    parts: tuple[Part, ...]

    def references(self) -> Iterator[Reference]:
        return (part for part in self.parts if isinstance(part, Reference))

    def names(self) -> Iterator[str]:
        return (part.text for part in self.parts if isinstance(part, Name))

    def render(self, resolve: Callable[[Reference], str]) -> str:
        """The formula without ``=``, every reference written as ``resolve`` says."""
        texts = []
        for part in self.parts:
            match part:
                case Reference():
                    texts.append(resolve(part))
                case Name(text):
                    texts.append(text)
                case Call(function):
                    texts.append(function + "(")
                case text:
                    texts.append(text)
        return "".join(texts)

    @property
    def elementwise(self) -> bool:
        """Whether whole columns may stand for the own row's cells without changing any row's result."""
        calls: list[tuple[str, int]] = []
        for part in self.parts:
            if isinstance(part, Call):
                calls.append((part.function, 0))
                if part.function not in ELEMENTWISE and part.function not in udfs.FUNCTIONS:
                    return False
            elif part == ")" and calls:
                calls.pop()
            elif part == "," and calls:
                function, position = calls.pop()
                calls.append((function, position + 1))
            elif part == "(":
                calls.append(("", 0))
            elif isinstance(part, Reference) and part.own_row and not _may_hold_rows(calls, part):
                return False
        return True


def _may_hold_rows(calls: list[tuple[str, int]], reference: Reference) -> bool:
    for depth, (function, position) in enumerate(reversed(calls)):
        if function in udfs.FUNCTIONS:
            shape = udfs.FUNCTIONS[function].parameters[position].shape
            by_row = shape.name in {"ROW", "CELL", "KEYS"}
            return by_row and (reference.single or (depth == 0 and shape.name == "ROW"))
    return reference.single


@lru_cache(maxsize=4096)
def parse(text: str) -> Formula:
    """Parse ``=…``; raises FormulaError for syntax, unknown functions, wrong numbers of arguments and A1 references."""
    if not text.startswith("="):
        raise FormulaError(f"公式应以 = 开头:{text}")
    tokens = Tokenizer(text).items
    parts: list[Part] = []
    calls: list[list[int | str]] = []
    for position, token in enumerate(tokens):
        if token.type == Token.FUNC and token.subtype == Token.OPEN:
            function = token.value[:-1].upper()
            _known_function(function, text)
            parts.append(Call(function))
            following = tokens[position + 1] if position + 1 < len(tokens) else None
            empty = following is not None and following.type == Token.FUNC and following.subtype == Token.CLOSE
            calls.append([function, 0 if empty else 1])
        elif token.type == Token.FUNC:
            if not calls:
                raise FormulaError(f"公式括号不配对:{text}")
            _argument_count(calls.pop(), text)
            parts.append(")")
        elif token.type == Token.PAREN:
            parts.append(token.value)
        elif token.type == Token.SEP:
            if calls:
                calls[-1][1] = int(calls[-1][1]) + 1
            parts.append(",")
        elif token.type == Token.OPERAND and token.subtype == Token.RANGE:
            parts.append(_operand(token.value, text))
        elif token.type == Token.WSPACE:
            continue
        else:
            parts.append(token.value)
    if calls:
        raise FormulaError(f"公式括号不配对:{text}")
    _check_arguments(tuple(parts), text)
    return Formula(text, tuple(parts))


def closing(parts: Parts, start: int) -> int:
    """Where the bracket closes that the call at ``start`` opens."""
    depth = 0
    for place in range(start, len(parts)):
        if isinstance(parts[place], Call) or parts[place] == "(":
            depth += 1
        elif parts[place] == ")":
            depth -= 1
            if not depth:
                return place
    raise AssertionError("a parsed formula's brackets match")


def arguments_in(inside: Parts) -> Iterator[Parts]:
    """What stands between the commas of a call."""
    depth, start = 0, 0
    for place, part in enumerate(inside):
        if isinstance(part, Call) or part == "(":
            depth += 1
        elif part == ")":
            depth -= 1
        elif part == "," and not depth:
            yield inside[start:place]
            start = place + 1
    if inside:
        yield inside[start:]


def _check_arguments(parts: Parts, text: str) -> None:
    """Columns of tables must be references: LibreOffice Calc takes such arguments from cells only."""
    for place, part in enumerate(parts):
        if not isinstance(part, Call) or part.function not in udfs.FUNCTIONS:
            continue
        given = arguments_in(parts[place + 1 : closing(parts, place)])
        for parameter, argument in zip(udfs.FUNCTIONS[part.function].parameters, given, strict=False):
            if parameter.takes_cells and not _is_reference(argument):
                raise FormulaError(f"公式 {text} 中 {part.function} 的参数 {parameter.name} 应是区域,不能是算出来的值")


def _is_reference(argument: Parts) -> bool:
    if len(argument) == 1:
        return isinstance(argument[0], Reference | Name)
    return bool(argument) and isinstance(argument[0], Call) and argument[0].function in REFERRING


def _known_function(function: str, text: str) -> None:
    if function in udfs.FUNCTIONS or function in ELEMENTWISE or function in REDUCING:
        return
    allowed = "、".join([*sorted(udfs.FUNCTIONS), *sorted(ELEMENTWISE | REDUCING)])
    raise FormulaError(f"公式 {text} 用了不认识的函数 {function};可用的函数:{allowed}")


def _argument_count(call: list[int | str], text: str) -> None:
    function, given = str(call[0]), int(call[1])
    if function not in udfs.FUNCTIONS:
        return
    parameters = udfs.FUNCTIONS[function].parameters
    required = sum(not parameter.optional for parameter in parameters)
    if not required <= given <= len(parameters):
        names = "、".join(parameter.name for parameter in parameters)
        raise FormulaError(
            f"公式 {text} 中 {function} 有 {given} 个参数,应为 {required} 至 {len(parameters)} 个:{names}"
        )


def _operand(value: str, text: str) -> Part:
    if match := _OWN_ROW.fullmatch(value):
        first = match["only"] or match["first"]
        return Reference(None, first, match["last"] or first, own_row=True)
    if match := _COLUMN.fullmatch(value):
        first = match["only"] or match["first"]
        return Reference(match["table"] or None, first, match["last"] or first, own_row=False)
    if value.upper() in CONSTANTS:
        return value.upper()
    if "[" in value or _A1.fullmatch(value):
        raise FormulaError(f"公式 {text} 中的 {value} 不是允许的写法;请写 [@列]、[@[列]:[列]]、[列]、表[列] 或名称")
    return Name(value)
