"""docs/functions.md, and what ``kaohe functions NAME`` says, from the functions' declarations."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from addin.handbook.markdown import bullets, code, document, table
from addin.shared.texts import aligned, shown
from udfs import FUNCTIONS, CellError, Function
from udfs.registry import Parameter, Style

RESULTS = {
    Style.ROWS: "给一行（或一个单元格）得一个结果；给多行得同样多行的一列结果。",
    Style.PEOPLE: "给一个人得他的结果；给一列人得同样长的一列结果，结果与名单的次序无关（另有说明的除外）。",
    Style.WHOLE: "对整组数一次算出结果。",
}
GENERAL = (
    "数字按表格显示的 15 位有效数字读取，用十进制精确计算；公布的得分四舍五入一次。",
    "空单元格和公式得出的空文本都是空白。整行空白得空文本，备用行因此保持空白。",
    "错误值只传给读取了它的结果：一行有错，别的行照算；整列都要用到的（权重、界限），全部结果为错误值。",
    "写成文本的数字（如“85分”、文本 85）在要数字的地方得 #VALUE!，不会被当作 0 或跳过。",
    "选项参数可以写中文词，也可以写括号中的数字。",
    "整列（A:A）作参数时，可以有标题：数字列第一个用到的格是文字，这一行就不计（同一次调用的其他整列也不计这一行）；别处的文字仍是错误，写明行号的区域（A1:A9）不能带标题。",
)
ERRORS = (
    (CellError.VALUE, "参数类型不对、缺少必填的值、长度不一，或超出允许的范围"),
    (CellError.NA, "找不到：名单、标准或界限中没有对应的项"),
    (CellError.NUM, "数值无法满足要求：名额超过人数、系数越界、封顶与保底冲突"),
    (CellError.DIV0, "除数为 0：没有票、权重合计为 0、平均值为 0"),
)


def functions_document() -> str:
    """All functions, by category."""
    return document(_lines())


def _lines() -> Iterator[str]:
    yield from ("# KAOHE 函数", "", "> 本页由函数的声明生成（`python -m addin.handbook`），请勿手工修改。", "")
    overview = [(category, f"[{f.name}](#{f.name.lower()})", f.label) for category, f in categorised()]
    yield from table(("类别", "函数", "作用"), overview)
    yield from ("## 对所有函数都成立", "", *bullets(GENERAL))
    yield from table(("错误值", "含义"), [(code(error.value), meaning) for error, meaning in ERRORS])
    heading = ""
    for category, function in categorised():
        if category != heading:
            heading = category
            yield from (f"## {heading}", "")
        yield from _page(function)


def categorised() -> list[tuple[str, Function]]:
    """The functions beside their category, both in the order of their declaration."""
    order = list(dict.fromkeys(function.category for function in FUNCTIONS.values()))
    return sorted(((f.category, f) for f in FUNCTIONS.values()), key=lambda pair: order.index(pair[0]))


def _page(function: Function) -> Iterator[str]:
    formula, result = function.example
    yield from (f"### {function.name}", "", f"**{function.label}** · {function.label_en}", "")
    yield from (f"```\n={function.syntax}\n```", "", function.description, "")
    yield from table(("参数", "形状", "说明"), [(_name(p), p.shape.value, p.description) for p in function.parameters])
    yield from bullets(
        (
            f"**结果**：{RESULTS[function.style]}",
            f"**错误与边界**：{function.remarks or '见“对所有函数都成立”。'}",
            f"**例**：{code(formula)} 得 {code(told(result))}",
        )
    )
    arguments = ", ".join(f"{p.name} {p.english}" for p in function.parameters)
    equation = inspect.getdoc(function.compute) or ""
    yield from (f"*{function.description_en} Arguments: {arguments}.*", "", "```text", equation, "```", "")


def function_text(function: Function) -> str:
    """One function as a terminal shows it."""
    formula, result = function.example
    lines = [f"={function.syntax}", "", f"{function.label}（{function.label_en}）：{function.description}", ""]
    lines += [aligned([[f"  {_name(p)}", p.description] for p in function.parameters]), ""]
    lines += [f"结果：{RESULTS[function.style]}"]
    if function.remarks:
        lines += [f"错误与边界：{function.remarks}"]
    return "\n".join([*lines, f"例：{formula} 得 {told(result)}"])


def _name(parameter: Parameter) -> str:
    return parameter.name + ("（可省略）" if parameter.optional else "")


def told(result: Any) -> str:
    if isinstance(result, tuple):
        return "{" + ";".join(",".join(shown(cell) for cell in row) for row in result) + "}"
    return shown(result)
