"""Texts cut at delimiters, values in words, numbers read from texts."""

from __future__ import annotations

import math
from typing import Any

from addin.headless.functions import function
from addin.headless.functions.arguments import NA, VALUE, require, scalar
from addin.headless.functions.cells import as_block, flat, given
from addin.headless.functions.mathematics import round_
from addin.headless.numberformat import format_text
from addin.headless.operators import CellFault, bounded, text_number, to_number, to_text, to_truth
from addin.headless.values import OMITTED, Block, Omitted
from addin.xlsx.model import Cell, CellError
from udfs.values import typed_number


def _delimiters(argument: Any) -> list[str]:
    return [to_text(cell) for cell in flat(argument)]


def _cuts(text: str, delimiters: list[str], insensitive: bool) -> list[tuple[int, int]]:
    """Where delimiters begin and end, from left to right, the longest at a place first."""
    searched = text.lower() if insensitive else text
    wanted = sorted({d.lower() if insensitive else d for d in delimiters}, key=len, reverse=True)
    found, place = [], 0
    while place < len(searched):
        match = next((d for d in wanted if d and searched.startswith(d, place)), None)
        if match is None:
            place += 1
        else:
            found.append((place, place + len(match)))
            place += len(match)
    return found


def _flag(cell: Cell) -> bool:
    number = math.floor(to_number(given(cell, 0.0)))
    require(number in (0, 1), VALUE)
    return number == 1


def _cut(cell: Cell, delimiter: Any, instance: Any, mode: Cell, at_end: Cell, missing: Cell, after: bool) -> Cell:
    text, number = to_text(given(cell, None)), math.floor(to_number(given(instance, 1.0)))
    delimiters = _delimiters(delimiter)
    insensitive, ending = _flag(mode), _flag(at_end)
    require(number != 0 and abs(number) <= max(len(text), 1), VALUE)
    if "" in delimiters:
        return text if after == (number > 0) else ""
    require(isinstance(instance, Omitted) or any(len(one) <= len(text) for one in delimiters), VALUE)
    cuts = _cuts(text, delimiters, insensitive)
    if ending:
        cuts = [*cuts, (len(text), len(text))] if number > 0 else [(0, 0), *cuts]
    if abs(number) > len(cuts):
        return NA if isinstance(missing, Omitted) else "" if missing is None else missing
    begin, end = cuts[number - 1 if number > 0 else number]
    return text[end:] if after else text[:begin]


@function("TEXTBEFORE")
def textbefore(
    text: Cell, delimiter: Any, instance: Any = OMITTED, mode: Cell = 0.0, at_end: Cell = 0.0, missing: Cell = NA
) -> Cell:
    return _cut(text, delimiter, instance, mode, at_end, missing, after=False)


@function("TEXTAFTER")
def textafter(
    text: Cell, delimiter: Any, instance: Any = OMITTED, mode: Cell = 0.0, at_end: Cell = 0.0, missing: Cell = NA
) -> Cell:
    return _cut(text, delimiter, instance, mode, at_end, missing, after=True)


def _pieces(text: str, delimiters: Any, skips: bool, insensitive: bool) -> list[str]:
    if delimiters is None or isinstance(delimiters, Omitted):
        return [text]
    wanted = _delimiters(delimiters)
    require(all(wanted), VALUE)
    found, start = [], 0
    for begin, end in [*_cuts(text, wanted, insensitive), (len(text), len(text))]:
        found.append(text[start:begin])
        start = end
    return [piece for piece in found if piece] if skips else found


@function("TEXTSPLIT")
def textsplit(
    text: Cell, columns: Any, rows: Any = None, skips: Cell = False, mode: Cell = 0.0, filling: Cell = NA
) -> Any:
    require(given(columns, None) is not None or given(rows, None) is not None, CellError.VALUE)
    skip, insensitive = to_truth(given(skips, False)), to_number(given(mode, 0.0)) != 0
    lines = [
        _pieces(line, columns, skip, insensitive)
        for line in _pieces(to_text(given(text, None)), rows, skip, insensitive)
    ]
    width = max((len(line) for line in lines), default=0)
    require(width > 0, CellError.CALC)
    return Block.of_rows([[*line, *[filling] * (width - len(line))] for line in lines])


def _worded(cell: Cell, strict: bool) -> str:
    if isinstance(cell, CellError):
        return cell.value
    if isinstance(cell, str) and strict:
        return '"' + cell.replace('"', '""') + '"'
    return to_text(cell)


def _strict(kind: Cell) -> bool:
    number = math.trunc(to_number(given(kind, 0.0)))
    require(number in (0, 1), VALUE)
    return number == 1


@function("VALUETOTEXT")
def valuetotext(cell: Cell, kind: Cell = 0.0) -> Cell:
    return _worded(given(cell, None), _strict(kind))


@function("ARRAYTOTEXT")
def arraytotext(block: Any, kind: Cell = 0.0) -> Cell:
    table = as_block(block)
    if _strict(kind):
        return bounded("{" + ";".join(",".join(_worded(cell, True) for cell in row) for row in table.rows) + "}")
    return bounded(", ".join(_worded(cell, False) for cell in table.flat()))


@scalar("NUMBERVALUE", "ttt")
def numbervalue(text: str, decimal: str = ".", group: str = ",") -> float:
    require(bool(decimal) and bool(group) and decimal[0] != group[0], VALUE)
    whole, point, fraction = "".join(text.split()).partition(decimal[0])
    require(group[0] not in fraction and decimal[0] not in fraction, VALUE)
    digits = whole.replace(group[0], "") + ("." + fraction if point else "")
    percents = len(digits) - len(digits.rstrip("%"))
    digits = digits.rstrip("%")
    number = text_number(digits) if digits else 0.0
    return typed_number(repr(number), percents) if percents else number


@scalar("FIXED", "nnb")
def fixed(number: float, decimals: float = 2.0, plain: bool = False) -> str:
    places = math.trunc(decimals)
    require(places <= 127, VALUE)
    rounded = float(round_(number, float(places)))
    return format_text(rounded, ("0" if plain else "#,##0") + ("." + "0" * places if places > 0 else ""))


@scalar("TIMEVALUE", "t")
def timevalue(text: str) -> float:
    from addin.xlsx.dates import text_date

    found = text_date(text)
    if found is None:
        raise CellFault(VALUE)
    return found % 1
