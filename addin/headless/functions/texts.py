"""Text."""

from __future__ import annotations

import re
from typing import Any

from addin.headless.functions import function
from addin.headless.functions.cells import flat, given
from addin.headless.functions.criteria import wildcard
from addin.headless.numberformat import format_text
from addin.headless.operators import CellFault, text_number, to_number, to_text, to_truth
from addin.xlsx.model import Cell, CellError

LONGEST = 32767


def _count(cell: Cell) -> int:
    number = int(to_number(cell))
    if number < 0:
        raise CellFault(CellError.VALUE)
    return number


@function("TEXT")
def text(cell: Cell, code: Cell) -> Cell:
    if isinstance(cell, CellError):
        return cell
    if isinstance(cell, str):
        try:
            cell = text_number(cell)
        except CellFault:
            pass
    return format_text(cell, to_text(code))


@function("VALUE")
def value(cell: Cell) -> Cell:
    if isinstance(cell, bool):
        raise CellFault(CellError.VALUE)
    return to_number(cell)


@function("LEN")
def len_(cell: Cell) -> Cell:
    return float(len(to_text(cell)))


@function("LEFT")
def left(cell: Cell, count: Cell = 1.0) -> Cell:
    return to_text(cell)[: _count(given(count, 1.0))]


@function("RIGHT")
def right(cell: Cell, count: Cell = 1.0) -> Cell:
    number = _count(given(count, 1.0))
    return to_text(cell)[-number:] if number else ""


@function("MID")
def mid(cell: Cell, start: Cell, count: Cell) -> Cell:
    first = int(to_number(start))
    if first < 1:
        raise CellFault(CellError.VALUE)
    return to_text(cell)[first - 1 : first - 1 + _count(count)]


@function("FIND")
def find(wanted: Cell, cell: Cell, start: Cell = 1.0) -> Cell:
    place = to_text(cell).find(to_text(wanted), int(to_number(start)) - 1)
    if place < 0:
        raise CellFault(CellError.VALUE)
    return float(place + 1)


@function("SEARCH")
def search(wanted: Cell, cell: Cell, start: Cell = 1.0) -> Cell:
    pattern, first = wildcard(to_text(wanted)), int(to_number(start)) - 1
    match = re.compile(pattern.pattern, re.IGNORECASE | re.DOTALL).search(to_text(cell), first)
    if match is None:
        raise CellFault(CellError.VALUE)
    return float(match.start() + 1)


@function("SUBSTITUTE")
def substitute(cell: Cell, old: Cell, new: Cell, which: Cell = None) -> Cell:
    whole, wanted, other = to_text(cell), to_text(old), to_text(new)
    if not wanted:
        return whole
    if which is None:
        return whole.replace(wanted, other)
    parts = whole.split(wanted)
    number = int(to_number(which))
    if number < 1:
        raise CellFault(CellError.VALUE)
    if number >= len(parts):
        return whole
    return wanted.join(parts[:number]) + other + wanted.join(parts[number:])


@function("REPLACE")
def replace(cell: Cell, start: Cell, count: Cell, new: Cell) -> Cell:
    whole, first = to_text(cell), int(to_number(start)) - 1
    if first < 0:
        raise CellFault(CellError.VALUE)
    return whole[:first] + to_text(new) + whole[first + _count(count) :]


@function("TRIM")
def trim(cell: Cell) -> Cell:
    return " ".join(part for part in to_text(cell).split(" ") if part)


@function("CLEAN")
def clean(cell: Cell) -> Cell:
    return "".join(char for char in to_text(cell) if ord(char) >= 32)


@function("UPPER")
def upper(cell: Cell) -> Cell:
    return to_text(cell).upper()


@function("LOWER")
def lower(cell: Cell) -> Cell:
    return to_text(cell).lower()


@function("PROPER")
def proper(cell: Cell) -> Cell:
    return to_text(cell).title()


@function("EXACT")
def exact(a: Cell, b: Cell) -> Cell:
    return to_text(a) == to_text(b)


@function("REPT")
def rept(cell: Cell, count: Cell) -> Cell:
    whole, times = to_text(cell), _count(count)
    if len(whole) * times > LONGEST:
        raise CellFault(CellError.VALUE)
    return whole * times


@function("CONCATENATE")
def concatenate(*cells: Cell) -> Cell:
    return "".join(map(to_text, cells))


@function("CONCAT")
def concat(*arguments: Any) -> Cell:
    return "".join(to_text(cell) for argument in arguments for cell in flat(argument))


@function("TEXTJOIN")
def textjoin(separator: Cell, skip_blanks: Cell, *arguments: Any) -> Cell:
    texts = [to_text(cell) for argument in arguments for cell in flat(argument)]
    if to_truth(skip_blanks):
        texts = [one for one in texts if one]
    return to_text(separator).join(texts)


@function("CHAR UNICHAR")
def char(cell: Cell) -> Cell:
    number = int(to_number(cell))
    if not 1 <= number <= 0x10FFFF:
        raise CellFault(CellError.VALUE)
    return chr(number)


@function("CODE UNICODE")
def code(cell: Cell) -> Cell:
    whole = to_text(cell)
    if not whole:
        raise CellFault(CellError.VALUE)
    return float(ord(whole[0]))


@function("HYPERLINK")
def hyperlink(address: Cell, shown: Cell = None) -> Cell:
    return address if shown is None else shown


def _bytes(whole: str) -> list[str]:
    """A text as the functions of bytes count it: a Chinese character is two, of which half a one is a blank."""
    return [half for char in whole for half in ([char] if ord(char) < 0x100 else [char, ""])]


def _joined(halves: list[str], before: bool = False) -> str:
    if halves and halves[0] == "":
        halves = [" ", *halves[1:]]
    if halves and ord(halves[-1][:1] or "a") >= 0x100 and not before:
        halves = [*halves[:-1], " "]
    return "".join(halves)


@function("LENB")
def lenb(cell: Cell) -> Cell:
    return float(len(_bytes(to_text(cell))))


@function("LEFTB")
def leftb(cell: Cell, count: Cell = 1.0) -> Cell:
    return _joined(_bytes(to_text(cell))[: _count(given(count, 1.0))])


@function("RIGHTB")
def rightb(cell: Cell, count: Cell = 1.0) -> Cell:
    number = _count(given(count, 1.0))
    return _joined(_bytes(to_text(cell))[-number:], before=True) if number else ""


@function("MIDB")
def midb(cell: Cell, start: Cell, count: Cell) -> Cell:
    first = int(to_number(start))
    if first < 1:
        raise CellFault(CellError.VALUE)
    return _joined(_bytes(to_text(cell))[first - 1 : first - 1 + _count(count)])


def _money(name: str, sign: str) -> None:
    @function(name)
    def apply(cell: Cell, places: Cell = 2.0) -> Cell:
        digits = int(to_number(given(places, 2.0)))
        return format_text(to_number(cell), f"{sign}#,##0" + ("." + "0" * digits if digits > 0 else ""))


_money("RMB", "¥")
_money("DOLLAR", "$")
