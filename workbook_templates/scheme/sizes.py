"""What spreadsheet programs don't take of a formula with all that the workbook adds to it: too long, too deep, long texts.

Excel offers to repair such a file, and throws the formulas away.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from workbook_templates.formula.columns import Reference
from workbook_templates.formula.language import Formula, FormulaError, parse
from workbook_templates.formula.tokens import LONGEST
from workbook_templates.formula.tree import Constant, walk
from workbook_templates.formula.writing import written_columns
from workbook_templates.scheme import guards, states
from workbook_templates.scheme.model import Scheme, Table
from workbook_templates.scheme.names import CHECK

LONGEST_LITERAL = 255
"""Characters of a text within a formula."""

SHORTER = "分成几个隐藏列"
FEWER_RULES = "规则太多（或太长）：各条件写成 guard = false 的隐藏列，一条规则看这几列"


def size_faults(scheme: Scheme, place: str) -> Iterator[str]:
    """A sound scheme's formulas that no workbook can hold."""
    for table in scheme.tables:
        for name, text in guards.written(table, scheme).items():
            here = f"{place} 表 {table.name} 列 {name}"
            try:
                formula = parse(text)
            except FormulaError:
                yield f"{here}：公式连同工作簿加上的检查太长，或嵌套太深（Excel 最多 {LONGEST} 个字符、64 层）；{_instead(name)}"
                continue
            length = len(formula.render(partial(_stored, table)))
            if length > LONGEST:
                yield f"{here}：公式连同工作簿加上的检查有 {length} 个字符，超过 Excel 的上限 {LONGEST} 个；{_instead(name)}"
            yield from (f"{here}：{told}" for told in _long_texts(formula))
    for result in scheme.results:
        formula = parse(guards.guarded_result(result, scheme))
        yield from (f"{place} 汇总 {result.name}：{told}" for told in _long_texts(formula))
    for rule in scheme.parameter_rules:
        formula = parse(states.rule_state(rule.formula, rule.message))
        yield from (f"{place} 参数规则 {rule.name}：{told}" for told in _long_texts(formula))


def _instead(name: str) -> str:
    return FEWER_RULES if name.partition("_")[0] == CHECK else SHORTER


def _stored(own: Table, reference: Reference) -> str:
    """A reference as a cell of the table has it."""
    table, columns = reference.table or own.name, written_columns(reference.first, reference.last)
    if reference.own_row:
        return f"{table}[[#This Row],{columns}]"
    return f"{table}{columns}" if reference.single else f"{table}[{columns}]"


def _long_texts(formula: Formula) -> Iterator[str]:
    for node in walk(formula.tree):
        if isinstance(node, Constant) and isinstance(node.value, str) and len(node.value) > LONGEST_LITERAL:
            start = node.value[:10]
            yield f"公式中的一段文本最多 {LONGEST_LITERAL} 个字，以“{start}”开头的有 {len(node.value)} 个"
