"""What spreadsheet programs don't take of a formula with all that the workbook adds to it: too long, too deep, long texts.

Excel offers to repair such a file, and throws the formulas away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from workbook_templates.formula.columns import Reference
from workbook_templates.formula.language import FormulaError, parse
from workbook_templates.formula.tokens import LONGEST, LONGEST_TEXT, MOST_LEVELS
from workbook_templates.formula.tree import Constant, walk
from workbook_templates.formula.writing import written_columns
from workbook_templates.scheme import guards, states
from workbook_templates.scheme.checks import is_filled
from workbook_templates.scheme.lines import lines_of
from workbook_templates.scheme.model import Scheme, Table
from workbook_templates.scheme.names import is_check
from workbook_templates.scheme.usable import text_fault, units

LONGEST_LITERAL = 255
"""Characters of a text within a formula."""

SHORTER = "分成几个隐藏列"
FEWER_RULES = (
    "规则（或参数规则、写了 scope 的参数和列表）太多、太长：各条件写成 guard = false 的隐藏列，一条规则看这几列"
)
MOST_TABLES = 60
"""The states of all tables stand in one formula, one within the other."""


def size_faults(scheme: Scheme, place: str) -> Iterator[str]:
    """A sound scheme's formulas that no workbook can hold, and lines of its file, which the workbook carries."""
    for number, line in enumerate(lines_of(scheme.text), start=1):
        if told := text_fault(line):
            yield f"{place}：文件的第 {number} 行{told}{'；分成几行写' if units(line) > LONGEST_TEXT else ''}"
    if len(scheme.tables) > MOST_TABLES:
        yield f"{place}：有 {len(scheme.tables)} 张表，最多 {MOST_TABLES} 张"
    for table in scheme.tables:
        if len(is_filled(table)) > LONGEST:
            yield f"{place} 表 {table.name}：有 {len(table.inputs)} 个填写列，太多了；请分成几张表"
        for name, text in guards.written(table, scheme).items():
            instead = FEWER_RULES if is_check(name) else SHORTER
            yield from _faults(f"{place} 表 {table.name} 列 {name}", text, partial(_stored, table), instead)
    for result in scheme.results:
        text = guards.guarded_result(result, scheme)
        yield from _faults(f"{place} 汇总 {result.name}", text, partial(_stored, None), "分成几项")
    for rule in scheme.parameter_rules:
        text = states.rule_state(rule.formula, rule.message)
        yield from _faults(f"{place} 参数规则 {rule.name}", text, partial(_stored, None), "分成几条规则")


def _faults(here: str, text: str, resolve: Callable[[Reference], str], instead: str) -> Iterator[str]:
    added = f"{here}：公式连同工作簿加上的检查"
    try:
        formula = parse(text)
    except FormulaError:
        yield f"{added}太长，或嵌套太深（Excel 最多 {LONGEST} 个字符、{MOST_LEVELS} 层）；{instead}"
        return
    length = len(formula.render(resolve))
    if length > LONGEST:
        yield f"{added}有 {length} 个字符，超过 Excel 的上限 {LONGEST} 个；{instead}"
    for node in walk(formula.tree):
        if isinstance(node, Constant) and isinstance(node.value, str) and units(node.value) > LONGEST_LITERAL:
            told = f"公式中的一段文本最多 {LONGEST_LITERAL} 个字"
            yield f"{here}：{told}，以“{node.value[:10]}”开头的有 {units(node.value)} 个"


def _stored(own: Table | None, reference: Reference) -> str:
    """A reference as files have it, in a cell of its own table or elsewhere."""
    table = reference.table or (own.name if own else "")
    columns = written_columns(reference.first, reference.last)
    if reference.own_row:
        return f"{table}[[#This Row],{columns}]"
    return f"{table}{columns}" if reference.single else f"{table}[{columns}]"
