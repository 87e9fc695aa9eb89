"""What reads a column that has a value in spare rows, too, and takes it for somebody's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from udfs.values import Cell, CellError
from workbook_templates.formula.columns import Reference
from workbook_templates.formula.language import parse
from workbook_templates.formula.tree import Apply, Constant, Node, calls, walk
from workbook_templates.scheme.model import Scheme
from workbook_templates.scheme.names import TOTAL

_EVERY = frozenset(
    ["AVERAGE", "AVERAGEIFS", "COUNT", "COUNTA", "MIN", "SMALL", "KAOHE_TOPMEAN", "KAOHE_TRIM", "KAOHE_WORKLOAD"]
)
"""Functions of a whole column whose result is another one with any more numbers, zeros among them."""

_MORE = frozenset(["SUM", "SUMPRODUCT", "MAX", "LARGE"])
"""Functions of a whole column that zeros change nothing of."""

_CRITERION = re.compile(r"(<>|<=|>=|<|>|=)?(.*)", re.DOTALL)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def counting(scheme: Scheme, table: str, column: str, value: Cell) -> Iterator[str]:
    """The functions that count ``value`` in spare rows of a column, as far as the file says."""
    made = scheme.table(table).computed
    if value != 0 and any(other.total for other in made if other.name == column):
        yield TOTAL
    for _, text, own in scheme.formulas():
        here = own.name if own else ""
        for call in calls(parse(text).tree):
            read = (
                part
                for argument in _counted(call, value)
                for part in walk(argument)
                if isinstance(part, Reference) and not part.own_row
            )
            if any((part.table or here, part.first) == (table, column) for part in read):
                yield call.function


def _counted(call: Apply, value: Cell) -> tuple[Node, ...]:
    """The arguments of a function in which it would count the value; an error value makes most of them one."""
    match call:
        case Apply(_, given) if isinstance(value, CellError):
            return given
        case Apply(name, (first, *_)) if name in _EVERY and not isinstance(value, str):
            return (first,)
        case Apply(name, given) if name in _MORE and value != 0:
            return given
        case Apply("COUNTA", given):
            return given
        case Apply("COUNTIF" | "COUNTIFS", (first, criterion)) if _is_met(criterion, value):
            return (first,)
        case Apply("SUMIF", (first, criterion, *_)) if value != 0 and _is_met(criterion, value):
            return (first,)
        case Apply("KAOHE_COUNT", (wanted, column)) if not isinstance(wanted, Constant) or wanted.value == value:
            return (column,)
        case _:
            return ()


def _is_met(criterion: Node, value: Cell) -> bool:
    """Whether the value is among what COUNTIF counts; whatever a cell says may be."""
    if not isinstance(criterion, Constant):
        return True
    found = _CRITERION.fullmatch(str(criterion.value))
    sign, wanted = (found[1] or "=", found[2]) if found else ("=", "")
    if isinstance(value, str) or not _NUMBER.fullmatch(wanted):
        return (sign == "=" and str(value) == wanted) or (sign == "<>" and str(value) != wanted)
    number, other = float(value or 0), float(wanted)  # type: ignore[arg-type]
    signs = {"=": number == other, "<>": number != other, "<": number < other, "<=": number <= other}
    return signs.get(sign, number >= other if sign == ">=" else number > other)
