"""Arrays computed from whole columns: what is beyond the sheet's cells is kept as one value, and filled in only where it counts."""

from __future__ import annotations

from typing import Any

from addin.headless.values import Block, Value
from addin.xlsx.model import CellError

_SUMS = frozenset({"SUM", "SUMPRODUCT", "SUMSQ", "OR", "SUBTOTAL", "AGGREGATE"})
_NUMBERS = _SUMS | {
    "AVERAGE", "COUNT", "MAX", "MIN", "MEDIAN", "LARGE", "SMALL", "PRODUCT", "STDEV", "STDEV.S", "STDEVP", "STDEV.P",
    "VAR", "VAR.S", "VARP", "VAR.P", "MODE", "MODE.SNGL", "PERCENTILE", "PERCENTILE.INC", "PERCENTILE.EXC", "QUARTILE",
    "QUARTILE.INC", "QUARTILE.EXC", "RANK", "RANK.EQ", "RANK.AVG", "GEOMEAN", "HARMEAN", "TRIMMEAN", "CONCAT",
}  # fmt: skip
_LOOKING = frozenset({"MATCH", "XMATCH", "LOOKUP", "VLOOKUP", "HLOOKUP", "XLOOKUP"})
_CHOOSING = frozenset({"FILTER"})
_SHAPING = frozenset(
    {
        "ARRAYTOTEXT", "CHOOSECOLS", "CHOOSEROWS", "EXPAND", "HSTACK", "SORT", "SORTBY", "VSTACK", "WRAPCOLS", "WRAPROWS",
    }
)  # fmt: skip
"""To these a blank is a cell like any other."""
_COUNTING = frozenset(
    {
        "COUNTIF", "COUNTIFS", "SUMIF", "SUMIFS", "AVERAGEIF", "AVERAGEIFS", "MAXIFS", "MINIFS", "COUNTBLANK", "INDEX", "N",
        "T", "TAKE", "DROP",
    }
)  # fmt: skip
"""These reckon with what is beyond by themselves."""


def expanded(name: str, arguments: list[Value]) -> list[Value]:
    """The arguments, arrays filled in where what is beyond would change the result; raises TooLarge."""
    if name in _COUNTING:
        return arguments
    return [
        a.whole() if isinstance(a, Block) and a.missing and not _is_neutral(name, a, arguments) else a
        for a in arguments
    ]


def _is_neutral(name: str, block: Block, arguments: list[Any]) -> bool:
    fill = block.fill
    if fill is None:
        # Blanks of a sheet: few functions of blocks look at them.
        return not _looks_at_blanks(name, arguments)
    if name in _LOOKING:
        return isinstance(fill, CellError) or not _is_nought(arguments[0])
    if name in _CHOOSING:
        return block is arguments[1] and (fill is False or fill == 0)
    if fill is False or fill == "":
        return name in _NUMBERS and (name != "SUBTOTAL")
    return name in _SUMS and type(fill) is float and fill == 0


def _looks_at_blanks(name: str, arguments: list[Any]) -> bool:
    if name == "TEXTJOIN":
        return not arguments[1]
    if name in ("TOCOL", "TOROW"):
        return len(arguments) < 2 or arguments[1] not in (1.0, 3.0)
    return name in _SHAPING


def _is_nought(value: Any) -> bool:
    return value is None or not isinstance(value, str | int | float) or value == 0
