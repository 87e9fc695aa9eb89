"""Ordinary formulas that mean something else than they seem to: wrong results without an error value."""

from __future__ import annotations

from collections.abc import Iterator

from workbook_templates.formula.tree import Apply, Constant, Node, walk

_SIZES = ("<", ">", "<=", ">=")
_COMPARISONS = ("=", "<>", *_SIZES)


def traps(tree: Node) -> Iterator[str]:
    """What is to be said of the parts of a formula."""
    for node in walk(tree):
        match node:
            case Apply("VLOOKUP", (_, _, _, *kind)) if not _is_exact(kind):
                yield "VLOOKUP 的第四个参数不是 FALSE，会取到不相等的一行；档次用 KAOHE_TIER、KAOHE_GRADE，相等的用 KAOHE_LOOKUP"
            case Apply("MATCH", (_, _, *kind)) if not _is_exact(kind):
                yield "MATCH 的第三个参数不是 0，会取到不相等的一行；档次用 KAOHE_TIER、KAOHE_GRADE"
            case Apply(sign, arguments) if sign in _SIZES:
                if any(isinstance(given, Apply) and given.function in _COMPARISONS for given in arguments):
                    yield "连着写的比较（如 60<=[@得分]<90）总不成立；写 ([@得分]>=60)*([@得分]<90)"
                for text in (given.value for given in arguments if isinstance(given, Constant)):
                    if isinstance(text, str):
                        yield f"与文本“{text}”比大小，数总是小于文本；数字不加引号，日期写 DATE(2024,12,31)"


def _is_exact(kind: list[Node]) -> bool:
    """Whether the last argument says that only equals are found."""
    return bool(kind) and isinstance(kind[0], Constant) and kind[0].value in (0, False)
