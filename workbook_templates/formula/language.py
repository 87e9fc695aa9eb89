"""The formulas of a scheme file: what they may hold, what they name, and how they are written into a workbook.

A scheme writes a formula as a user sees it inside an Excel table: ``[@师德]`` is the own row's cell, ``[@[师德]:[业绩]]``
the own row's cells, ``[师德]`` the whole column of the own table, ``人员[师德]`` that of another, and a bare name is a
parameter, a summary value or a state. A1 references are refused: they would break as soon as a column is added.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Callable, Iterator

import udfs
from udfs.registry import PREFIX
from udfs.values import Cell
from workbook_templates.formula.bycolumn import is_by_column
from workbook_templates.formula.columns import Reference
from workbook_templates.formula.nearest import nearest
from workbook_templates.formula.parser import Item, checked, function_name, operand, parse_items
from workbook_templates.formula.printer import stored_name
from workbook_templates.formula.references import Structured
from workbook_templates.formula.signatures import Signature, for_schemes, signature
from workbook_templates.formula.tokens import CALL, LONGEST, SIGN, SPACE, FormulaError, Token, place_of
from workbook_templates.formula.tree import PRECEDENCE, Apply, Constant, Named, Node, Operand, children, walk

__all__ = ["Formula", "FormulaError", "Reference", "parse"]

INSTEAD = {
    "ROUND": "KAOHE_ROUND",
    "ROUNDUP": "KAOHE_ROUND（进位）",
    "ROUNDDOWN": "KAOHE_ROUND（舍去）",
    "TRUNC": "KAOHE_ROUND（舍去）",
    "FLOOR": "KAOHE_STEPS",
    "IFS": "几层 IF 或 KAOHE_TIER",
    "SWITCH": "KAOHE_LOOKUP",
    "IFNA": "IFERROR",
    "LET": "几个隐藏列",
    "XLOOKUP": "KAOHE_LOOKUP",
    "HLOOKUP": "KAOHE_LOOKUP",
    "LOOKUP": "KAOHE_TIER",
    "XMATCH": "MATCH",
    "AVERAGEIF": "AVERAGEIFS",
    "MAXIFS": "KAOHE_SUM（前几写 1）",
    "RANK": "KAOHE_RANK",
    "RANK.EQ": "KAOHE_RANK",
    "TRIMMEAN": "KAOHE_TRIM",
    "FILTER": "KAOHE_SUM、KAOHE_COUNT",
    "TEXTJOIN": "KAOHE_JOIN",
    "CONCAT": "& 或 CONCATENATE",
    "DATEDIF": "KAOHE_YEARS",
    "NETWORKDAYS": "KAOHE_WORKDAYS",
    "OFFSET": "INDEX",
    "INDIRECT": "INDEX",
    "CEILING": "KAOHE_STEPS",
    "MINIFS": "KAOHE_SUM（负数的一列，前几写 1）",
    "STDEV": "KAOHE_NORMALIZE（标准分）",
    "TODAY": "一个日期参数",
    "NOW": "一个日期参数",
}
"""What schemes have in the place of Excel's functions that they don't: rounding exactly, in every program."""

_REFUSED_SIGNS = frozenset({"@", "#", ";"})


@dataclass(frozen=True)
class Formula:
    """A formula that a scheme may hold; ``items`` are its tokens with references and names among them."""

    text: str
    tree: Node
    items: tuple[Item, ...]

    def references(self) -> Iterator[Reference]:
        return (item for item in self.items if isinstance(item, Reference))

    def names(self) -> Iterator[str]:
        return (item.name for item in self.items if isinstance(item, Named))

    def functions(self) -> Iterator[str]:
        return (function_name(item) for item in self.items if isinstance(item, Token) and item.kind == CALL)

    def render(self, resolve: Callable[[Reference], str]) -> str:
        """The formula without ``=`` as files write it, its brackets kept; every reference as ``resolve`` says."""
        texts = []
        for item in self.items:
            if isinstance(item, Reference):
                texts.append(resolve(item))
            elif isinstance(item, Named):
                texts.append(item.name)
            elif isinstance(item, Constant):
                texts.append("TRUE" if item.value is True else "FALSE")
            elif isinstance(item, Token):
                texts.append(stored_name(function_name(item)) + "(" if item.kind == CALL else item.text)
        return "".join(texts)

    @property
    def elementwise(self) -> bool:
        """Whether whole columns may stand for the own row's cells without changing any row's result."""
        return is_by_column(self.tree)


@lru_cache(maxsize=4096)
def parse(text: str) -> Formula:
    """Parse ``=…``; raises FormulaError for what a scheme's formula may not hold, with its place."""
    if not text.startswith("="):
        raise FormulaError(f"公式应以 = 开头：{text}")
    try:
        items = tuple(_item(token, text) for token in checked(text[1:]) if token.kind != SPACE)
        tree = parse_items(items)
    except FormulaError as error:
        if str(error).startswith("公式 "):
            raise
        if len(text) > LONGEST:
            raise FormulaError(f"以 {text[:20]} 开头的{error}") from error
        reason = str(error).partition("：")[2]
        meant = "；文本用双引号，名称不加引号" if "单引号" in reason else ""
        raise FormulaError(f"公式 {text} 写法有误：{reason}{meant}") from error
    for node in walk(tree):
        if isinstance(node, Apply) and node.function == ",":
            raise FormulaError(f"公式 {text} 写法有误：逗号只用在函数的括号中")
        if isinstance(node, Apply) and node.function not in PRECEDENCE:
            _check_arguments(node, text)
    for reference in _computed_with(tree):
        raise FormulaError(
            f"公式 {text} 中 {reference.text} 有许多格，不能直接加减乘除、比较；逐格的结果写成一列，或用 SUMPRODUCT 合计"
        )
    return Formula(text, tree, items)


def _computed_with(tree: Node) -> Iterator[Reference]:
    """Cells side by side that an operator is given, where a spreadsheet program would take one of them or none."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if not (isinstance(node, Apply) and node.function == "SUMPRODUCT"):
            waiting.extend(children(node))
        if isinstance(node, Apply) and node.function in PRECEDENCE:
            yield from (a for a in node.arguments if isinstance(a, Reference) and not (a.own_row and a.single))


def _item(token: Token, text: str) -> Item:
    if token.kind == CALL:
        _known_function(function_name(token), text)
        return token
    if token.kind == SIGN and token.text in _REFUSED_SIGNS and "{" not in text[: token.start]:
        meant = "；参数之间用半角的逗号" if token.text == ";" else ""
        raise FormulaError(f"公式 {text} 中{place_of(token.start)} {token.text} 不是允许的写法{meant}")
    item = operand(token)
    if isinstance(item, Structured) and not token.scope:
        return _reference(item, token, text)
    if isinstance(item, Operand) or token.scope:
        raise _refused(token, text)
    return item


def _reference(written: Structured, token: Token, text: str) -> Reference:
    """A reference to columns; rows other than the own one can't be named."""
    if not 1 <= len(written.columns) <= 2 or (written.rows and not (written.own_row and len(written.rows) == 1)):
        raise _refused(token, text)
    if written.own_row and written.table:
        raise _refused(token, text)
    return Reference(written.table or None, written.columns[0], written.columns[-1], written.own_row)


def _refused(token: Token, text: str) -> FormulaError:
    where = place_of(token.start)
    return FormulaError(
        f"公式 {text} 中{where}起的 {token.text} 不是允许的写法；请写 [@列]、[@[列]:[列]]、[列]、表[列] 或名称"
        "（列名里的 [ ] # ' @ 前加单引号）"
    )


def _known_function(function: str, text: str) -> None:
    known = signature(function)
    if function in udfs.FUNCTIONS or (known is not None and known.for_schemes):
        return
    allowed = [*sorted(udfs.FUNCTIONS), *for_schemes()]
    if known is not None:
        what = "方案中不能用的函数"
        meant = f"；请用 {INSTEAD[function]}" if function in INSTEAD else ""
    else:
        what = "不认识的函数"
        bare = unicodedata.normalize("NFKC", function)
        labels = {declared.label: name for name, declared in udfs.FUNCTIONS.items()}
        bare = labels.get(bare, bare)
        meant = nearest(PREFIX + bare if PREFIX + bare in allowed else bare, allowed)
    known_ones = f"；可用的函数：{'、'.join(allowed)}"
    raise FormulaError(f"公式 {text} 用了{what} {function}{meant or known_ones}")


def _check_arguments(call: Apply, text: str) -> None:
    known = signature(call.function)
    if known is None:
        return
    if not known.accepts(len(call.arguments)):
        raise FormulaError(f"公式 {text} 中 {call.function} 有 {len(call.arguments)} 个参数，应为 {_counts(known)}")
    function = udfs.FUNCTIONS.get(call.function)
    if function is None:
        return
    for parameter, argument in zip(function.parameters, call.arguments):
        if parameter.options and isinstance(argument, Constant) and not _is_option(argument.value, parameter.options):
            allowed = "、".join(f"{word}({number})" for word, number in parameter.options.items())
            raise FormulaError(
                f"公式 {text} 中 {call.function} 的参数 {parameter.name} 应为 {allowed}，现为 {argument.value}"
            )
        # LibreOffice Calc takes such arguments from cells only.
        if parameter.takes_cells and not _refers(argument):
            raise FormulaError(f"公式 {text} 中 {call.function} 的参数 {parameter.name} 应是区域，不能是算出来的值")


def _is_option(value: Cell, options: dict[str, int]) -> bool:
    return value is None or value in (options if isinstance(value, str) else options.values())


def _counts(known: Signature) -> str:
    function = udfs.FUNCTIONS.get(known.name)
    names = "" if function is None else "：" + "、".join(parameter.name for parameter in function.parameters)
    count = str(known.least) if known.least == known.most else f"{known.least} 至 {known.most}"
    return f"{count} 个{names}"


def _refers(node: Node) -> bool:
    if isinstance(node, Apply):
        known = signature(node.function)
        return known is not None and known.gives_reference
    return isinstance(node, (Reference, Named))
