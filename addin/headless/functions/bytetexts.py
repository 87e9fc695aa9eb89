"""Texts counted in bytes, of which a Chinese character has two, as do full-width signs."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate

from addin.headless.context import Unsupported
from addin.headless.functions import function
from addin.headless.functions.arguments import VALUE, require
from addin.headless.functions.cells import given
from addin.headless.functions.texts import length_of
from addin.headless.functions.wildcards import Wildcard
from addin.headless.operators import bounded, to_number, to_text
from addin.xlsx.model import Cell

_ONE_BYTE = r"[\x00-\xff]"


def _width(char: str) -> int:
    return 1 if ord(char) < 0x100 else 2


def _halves(cell: Cell) -> list[str]:
    return [half for char in to_text(cell) for half in ([char] if _width(char) == 1 else [char, ""])]


def _joined(halves: list[str]) -> str:
    """Half a character is a blank."""
    if halves and halves[0] == "":
        halves = [" ", *halves[1:]]
    if halves and halves[-1] and _width(halves[-1]) == 2:
        halves = [*halves[:-1], " "]
    return "".join(halves)


@function("LENB")
def lenb(cell: Cell) -> Cell:
    return float(len(_halves(cell)))


@function("LEFTB")
def leftb(cell: Cell, count: Cell = 1.0) -> Cell:
    return _joined(_halves(cell)[: length_of(count)])


@function("RIGHTB")
def rightb(cell: Cell, count: Cell = 1.0) -> Cell:
    number = length_of(count)
    return _joined(_halves(cell)[-number:]) if number else ""


@function("MIDB")
def midb(cell: Cell, start: Cell, count: Cell) -> Cell:
    halves, first, length = _halves(cell), int(to_number(start)), length_of(count)
    require(first >= 1, VALUE)
    return _joined(halves[first - 1 : first - 1 + length])


@function("REPLACEB")
def replaceb(cell: Cell, start: Cell, count: Cell, new: Cell) -> Cell:
    halves, first, length, other = _halves(cell), int(to_number(start)), length_of(count), to_text(new)
    require(first >= 1, VALUE)
    return bounded(_joined(halves[: first - 1]) + other + _joined(halves[first - 1 + length :]))


def _begin(whole: str, start: Cell) -> tuple[list[int], int]:
    """Before which byte each character stands, and the first character to look at."""
    places, first = [*accumulate(map(_width, whole), initial=0)], int(to_number(given(start, 1.0))) - 1
    require(0 <= first <= places[-1], VALUE)
    return places, bisect_left(places, first)


@function("FINDB")
def findb(wanted: Cell, cell: Cell, start: Cell = 1.0) -> Cell:
    sought, whole = to_text(wanted), to_text(cell)
    places, first = _begin(whole, start)
    found = whole.find(sought, first)
    require(found >= 0, VALUE)
    return float(places[found] + 1)


@function("SEARCHB")
def searchb(wanted: Cell, cell: Cell, start: Cell = 1.0) -> Cell:
    """A question mark stands for one byte: ``SEARCHB("?",A1)`` finds the first letter behind Chinese characters."""
    sought, whole = to_text(wanted), to_text(cell)
    if "??" in sought.replace("~?", ""):
        raise Unsupported("SEARCHB 的几个连续的问号可以是一个汉字，也可以是几个字母，这里不能照算")
    places, first = _begin(whole, start)
    found = Wildcard(sought, _ONE_BYTE).search(whole, first)
    require(found is not None, VALUE)
    return float(places[found or 0] + 1)
