"""docs/excel-functions.md: which of Excel's functions are computed without a spreadsheet program, from the table of functions."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from addin.handbook.markdown import bullets, code, document, table
from addin.headless.evaluate import Evaluator
from addin.headless.store import Store
from addin.xlsx.model import Workbook
from workbook_templates.formula.signatures import Argument, Signature, Takes, signatures

_WORDS = {
    Takes.VALUE: "值",
    Takes.SINGLE: "单值",
    Takes.BLOCK: "区域",
    Takes.ARRAY: "数组",
    Takes.CELLS: "引用",
    Takes.PLACE: "位置",
    Takes.LATER: "结果",
    Takes.NAME: "名称",
    Takes.LAMBDA: "LAMBDA",
}
_MEANINGS = (
    "**值**：一个值；给一列或数组时，逐个得出结果。**单值**：同上，但 Excel 不接受多格的引用。",
    "**区域**：一次取全部的值。**数组**：同上，其中的算式即使在普通公式里也逐格计算。**引用**：只能是单元格，不能是算出来的值。",
    "**位置**：取单元格的行号、列号等，不取其值。**结果**：用到时才计算。**名称**、**LAMBDA**：见 LET、LAMBDA。",
    "方括号中的可以省略，`…` 表示可以重复。参数个数不合，该格得 #VALUE!。",
)
_REFUSED = (
    '数组公式中的 IF、IFERROR、CHOOSE 取到空单元格，而 MIN、AVERAGE、COUNT 等把它当作空或当作 0 结果不同：用 IF 去掉空的（条件中加上 `<>""`）。',
    "普通公式（没有按 Ctrl+Shift+Enter 输入）中，SUMPRODUCT、LOOKUP、INDEX 等的数组参数里有判断多个单元格的 IF，或转置多个单元格的 TRANSPOSE。",
    "COUNTIF、SUMIFS 等的条件超过 255 个字符；一个参数合并几块区域，或跨几张工作表，而不知道 Excel 是否接受。",
    "DATEDIF 的 YD 跨过 2 月 29 日、又不满一年；TEXT 的农历和其他历法。",
)
"""Of functions that are computed."""
_CHECKED = (
    "每个函数的值取自微软文档的例子、Excel 保存的公开工作簿，或由两个互不相干的程序共同得出（`tests/headless/values/`，一行一个公式）；"
    "出错的情形（#NUM!、#VALUE!、#DIV/0!、#N/A）同样逐条核对。",
    "公开工作簿逐格与 Excel 存下的值比较：`python -m tests.corpora.compare 文件夹`，按函数列出相同、不同和未计算的格数；"
    "有意不同的格及理由列在 `tests/corpora/accepted.toml`。数字允许相差 1e-9。",
    "数值函数另由 IronCalc（另一个计算引擎）用随机参数复核。函数自己写而不借用它：它的摄氏度换算差 0.35 度、"
    "分布的尾部位数不足、公式中有一处不识就整格出错，也不是每个平台都有安装包；自己写的只依赖 Python 标准库。",
    "贝塞尔函数、分布的反函数、XIRR 和 IRR 算到末位；Excel 有的只算到第八九位小数，两者在那里不同。",
)
_TRAITS = {
    "volatile": "每次重新计算都变",
    "array": "结果可以是数组",
    "reference": "结果可以是引用",
    "numbers": "区域中只算数字",
    "values": "区域中文本算 0、TRUE 算 1",
    "catches": "接受错误值",
    "scheme": "方案可用",
}


def excelfunctions_document() -> str:
    return document(_lines())


def _lines() -> Iterator[str]:
    evaluator = Evaluator(Store(Workbook()), lambda name, sheet: None)
    known = list(signatures())
    refused = [function for function in known if not evaluator.computes(function.name)]
    yield from ("# Excel 的函数", "", "> 本页由函数表生成（`python -m addin.handbook`），请勿手工修改。", "")
    yield from (
        f"`kaohe calc` 和各个宏不打开电子表格软件，自己计算 Excel 的 {len(known) - len(refused)} 个函数；"
        f"另有 {len(refused)} 个不计算：该格保留文件中原来的值，并报告单元格、公式和原因。不认识的函数名也是如此。"
        "名称和公式中的 EVALUATE（把文本当作公式计算）也计算，GET.CELL 等其他宏表函数不计算；"
        "WPS 放在单元格中的图片（DISPIMG）照原样保留。",
        "",
    )
    yield from ("## 不计算的函数", "")
    yield from table(
        ("类别", "函数"),
        [(category, "、".join(f.name for f in group)) for category, group in groupby(refused, lambda f: f.category)],
    )
    yield from (
        "## 不计算的写法",
        "",
        "下面这些，不知道 Excel 得出什么，或者 Excel 自己算得不对：同样保留原来的值并说明。",
        "",
    )
    yield from bullets(_REFUSED)
    yield from ("## 怎样核对", "", *bullets(_CHECKED))
    yield from ("## 参数怎样读", "", *bullets(_MEANINGS))
    for category, group in groupby(known, lambda function: function.category):
        yield from (f"## {category}", "")
        rows = [(code(_syntax(function)), _told(function)) for function in group if evaluator.computes(function.name)]
        yield from table(("函数", "说明"), rows)


def _told(function: Signature) -> str:
    told = [words for trait, words in _TRAITS.items() if trait in function.traits]
    return "；".join([*told, "文件中写作 " + code(function.prefix + function.name)] if function.prefix else told)


def _syntax(function: Signature) -> str:
    parts = [*map(_word, function.leading)]
    if function.repeated:
        many = [argument.takes for argument in function.repeated]
        single = len(many) == 1 and function.leading and function.leading[-1].takes is many[0]
        parts += ["…"] if single else [*(_WORDS[takes] for takes in many), "…"]
    return f"{function.name}({', '.join([*parts, *map(_word, function.trailing)])})"


def _word(argument: Argument) -> str:
    word = _WORDS[argument.takes]
    return f"[{word}]" if argument.optional else word
