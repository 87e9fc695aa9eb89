"""The one parser of formulas, over tokens and over operands that were read already.

Operators wait on a stack (no recursion), so that the depth and the length of a formula are bounded by Excel's limits alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import NoReturn, Union

from udfs.registry import PREFIX
from udfs.values import ERRORS, Cell, CellError, typed_number
from workbook_templates.formula.references import Address, address, scope, structured
from workbook_templates.formula.tokens import (
    CALL,
    CELLS,
    ERROR,
    LONGEST,
    MOST_LEVELS,
    NAME,
    NUMBER,
    SIGN,
    SPACE,
    STRUCTURED,
    TEXT,
    FormulaError,
    Token,
    place_of,
    tokenise,
)
from workbook_templates.formula.tree import (
    BINARY,
    PRECEDENCE,
    Apply,
    Blank,
    Constant,
    Invoke,
    Matrix,
    Named,
    Node,
)

MOST_ARGUMENTS = 255
Item = Union[Token, Node]
_PREFIX = re.compile(r"_xl(?:fn|ws|udf|l|pm|op)\.", re.IGNORECASE)
_STARTS = frozenset({TEXT, NUMBER, ERROR, CELLS, STRUCTURED, CALL, NAME})


def parse(text: str) -> Node:
    """The tree of a formula (without ``=``) as it is written; raises FormulaError."""
    return parse_items([operand(token) for token in checked(text)])


def checked(text: str) -> list[Token]:
    """The tokens of a formula that is no longer than Excel allows."""
    if len(text) > LONGEST and len(_PREFIX.sub("", text)) > LONGEST:
        raise FormulaError(f"公式有 {len(text)} 个字符，超过 Excel 的上限 {LONGEST} 个")
    return tokenise(text)


def operand(token: Token) -> Item:
    """A reference or a name as a node, anything else as it is."""
    if token.kind == CELLS:
        return Address(scope(token.scope), *address(token.body))
    if token.kind == STRUCTURED:
        return structured(token.body, scope(token.scope))
    if token.kind == NAME:
        return named(token)
    if token.kind == ERROR and token.scope:
        return Constant(CellError.REF)
    return token


def named(token: Token) -> Item:
    """A name or a truth value."""
    upper = token.text.upper()
    if upper in ("TRUE", "FALSE"):
        return Constant(upper == "TRUE")
    return Named(_PREFIX.sub("", token.body), token.scope[:-1], token.body.lower().startswith("_xlop."))


@lru_cache(maxsize=1024)
def function_name(token: Token) -> str:
    """The name of a called function as everybody knows it: no prefixes, no add-in's path, ``KAOHE_`` before ours."""
    name = _PREFIX.sub("", token.body[:-1])
    upper = name.upper()
    if upper.startswith("KAOHE."):
        upper = PREFIX + upper[len(PREFIX) :]
    if token.scope and token.scope != "[0]!" and not upper.startswith(PREFIX):
        return token.scope + upper
    return upper


def parse_items(items: Sequence[Item], make: Callable[[str, tuple[Node, ...]], Node] = Apply) -> Node:
    """The tree of tokens and operands; ``make`` makes the nodes of operators and functions. Raises FormulaError."""
    return _Parser(items, make).parse()


_BOTH, _EITHER = "；“并且”写 AND(…)", "；“或者”写 OR(…)"
_MEANT = {
    "=": "；相等写一个 =",
    "&": _BOTH,
    "且": _BOTH,
    "并且": _BOTH,
    "and": _BOTH,
    "或": _EITHER,
    "或者": _EITHER,
    "or": _EITHER,
}
"""What stands for signs and words of other languages where an operator is missing."""


class _Parser:
    def __init__(self, items: Sequence[Item], make: Callable[[str, tuple[Node, ...]], Node]) -> None:
        self._items = items
        self._make = make
        self._place = 0
        self._values: list[Node] = []
        # Operators that wait, and the brackets around: a name (None for an expression that is called), where the arguments begin.
        self._waiting: list[tuple[str, int]] = []
        self._brackets: list[tuple[str | None, int, int]] = []
        self._levels = 0
        self._wants = True
        """Whether an operand must follow."""

    def parse(self) -> Node:
        spaced, count = False, len(self._items)
        while self._place < count:
            item = self._items[self._place]
            self._place += 1
            if not isinstance(item, Token):
                self._operand(item, spaced)
            elif item.kind == SPACE:
                spaced = True
                continue
            elif item.kind == SIGN:
                self._sign(item, spaced)
            elif item.kind == CALL:
                self._common(spaced, item)
                self._open(function_name(item), item)
            else:
                self._operand(_constant(item), spaced, item)
            spaced = False
        if self._brackets:
            self._fail("括号不配对")
        if self._wants:
            self._fail("公式不完整")
        self._reduce(0, 0)
        return self._values.pop()

    def _operand(self, node: Node, spaced: bool, token: Token | None = None) -> None:
        if isinstance(node, Named) and not self._wants and not spaced:
            self._fail(f"{node.name} 前缺少运算符{_MEANT.get(node.name, '')}")
        self._common(spaced, token)
        self._values.append(node)
        self._wants = False

    def _common(self, spaced: bool, token: Token | None) -> None:
        """A space between two operands means the cells that both have."""
        if self._wants:
            return
        if not spaced:
            self._fail("缺少运算符", token)
        self._binary(" ")

    def _sign(self, token: Token, spaced: bool) -> None:
        sign = token.text
        if sign == "(":
            if not self._wants and not spaced:
                self._open(None, token)
                return
            self._common(spaced, token)
            self._open("", token)
        elif sign == ")":
            self._close(token)
        elif sign == "," and self._brackets and self._brackets[-1][0] != "":
            self._argument_ends(token)
        elif sign == "{":
            self._operand(self._matrix(token), spaced, token)
        elif self._wants:
            if sign not in ("-", "+", "@"):
                self._fail(f"{sign} 前缺少内容{_MEANT.get(sign, '')}", token)
            self._waiting.append(({"-": "U-", "+": "U+", "@": "SINGLE"}[sign], len(self._values)))
        elif sign == "%":
            self._reduce(PRECEDENCE["%"] + 1, self._base)
            self._values.append(self._make("%", (self._values.pop(),)))
        elif sign == "#":
            self._values.append(self._make("ANCHORARRAY", (self._values.pop(),)))
        elif sign in BINARY:
            self._binary(sign)
        else:
            self._fail(f"{sign} 的位置有误", token)

    @property
    def _base(self) -> int:
        return self._brackets[-1][1] if self._brackets else 0

    def _binary(self, sign: str) -> None:
        self._reduce(PRECEDENCE[sign], self._base)
        self._waiting.append((sign, 0))
        self._wants = True

    def _reduce(self, least: int, base: int) -> None:
        """Apply the operators that bind at least so tightly, down to ``base``."""
        waiting, values, make = self._waiting, self._values, self._make
        while len(waiting) > base and PRECEDENCE[waiting[-1][0]] >= least:
            name = waiting.pop()[0]
            last = values.pop()
            values.append(make(name, (values.pop(), last) if name in BINARY else (last,)))

    def _open(self, name: str | None, token: Token) -> None:
        """A bracket: of a function, of an expression that is called (None), or a plain one (an empty name)."""
        if name != "":
            self._levels += 1
            if self._levels > MOST_LEVELS:
                self._fail(f"函数嵌套超过 Excel 的上限 {MOST_LEVELS} 层", token)
        self._brackets.append((name, len(self._waiting), len(self._values)))
        self._wants = True

    def _argument_ends(self, token: Token) -> None:
        base = self._base
        if self._wants:
            if len(self._waiting) > base:
                self._fail("参数不完整", token)
            self._values.append(Blank())
        self._reduce(0, base)
        if len(self._values) - self._brackets[-1][2] > MOST_ARGUMENTS:
            self._fail(f"参数超过 Excel 的上限 {MOST_ARGUMENTS} 个", token)
        self._wants = True

    def _close(self, token: Token) -> None:
        if not self._brackets:
            self._fail("括号不配对", token)
        name, _, first = self._brackets[-1]
        if name == "":
            if self._wants:
                self._fail("括号中缺少内容", token)
            self._reduce(0, self._base)
            self._brackets.pop()
            return
        if not self._wants or len(self._values) > first:
            self._argument_ends(token)
        elif len(self._waiting) > self._base:
            self._fail("参数不完整", token)
        self._brackets.pop()
        self._levels -= 1
        arguments = tuple(self._values[first:])
        del self._values[first:]
        if name is None:
            self._values.append(Invoke(self._values.pop(), arguments))
        else:
            self._values.append(self._make(name, arguments))
        self._wants = False

    def _matrix(self, opening: Token) -> Matrix:
        rows: list[list[Cell]] = [[]]
        sign, wants = "", True
        for item in self._items[self._place :]:
            self._place += 1
            if isinstance(item, Token) and item.kind == SPACE:
                continue
            if isinstance(item, Token) and item.kind == SIGN:
                if wants and item.text in ("-", "+") and not sign:
                    sign = item.text
                    continue
                if wants or item.text not in (",", ";", "}"):
                    self._fail("数组常量的写法有误", item)
                if item.text == "}":
                    if len(set(map(len, rows))) > 1:
                        self._fail("数组常量各行的个数不同", opening)
                    return Matrix(tuple(map(tuple, rows)))
                if item.text == ";":
                    rows.append([])
                wants = True
                continue
            node = _constant(item) if isinstance(item, Token) and item.kind in (TEXT, NUMBER, ERROR) else item
            if not wants or not isinstance(node, Constant) or (sign and not isinstance(node.value, float)):
                self._fail("数组常量中只能有常数", item if isinstance(item, Token) else opening)
            rows[-1].append(-node.value if sign == "-" else node.value)  # type: ignore[operator]
            sign, wants = "", False
        self._fail("花括号不配对", opening)

    def _fail(self, message: str, token: Token | None = None) -> NoReturn:
        where = f"{place_of(token.start)}处" if token is not None and token.start >= 0 else ""
        raise FormulaError(f"公式写法有误：{where}{message}")


@lru_cache(maxsize=4096)
def _constant(token: Token) -> Node:
    if token.kind == TEXT:
        return Constant(token.text[1:-1].replace('""', '"'))
    if token.kind == NUMBER:
        number = typed_number(token.text)
        return Constant(number if number - number == 0 else CellError.NUM)
    if token.kind == ERROR:
        # Of a sheet that is gone #REF! is left, before the cells: #REF!A1.
        error = "#REF!" if token.text.upper().startswith("#REF!") else token.text.upper()
        return Constant(ERRORS.get(error, CellError.VALUE))
    raise AssertionError(f"{token} is an operand")


def texts(items: Iterable[Token]) -> str:
    return "".join(token.text for token in items)
