"""Text."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from addin.headless.chinese import digits_only, in_words
from addin.headless.functions import function
from addin.headless.functions.cells import flat, given, raise_error
from addin.headless.functions.wildcards import Wildcard
from addin.headless.operators import CellFault, bounded, text_number, to_number, to_text, to_truth
from addin.headless.values import OMITTED
from addin.xlsx.model import Cell, CellError
from workbook_templates.formula.tokens import LONGEST_TEXT

_BEYOND = re.compile("[\U00010000-\U0010ffff]")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def length_of(cell: Cell) -> int:
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
    return _formatted(cell, to_text(code))


def _formatted(cell: Cell, code: str) -> str:
    # It takes long to import, and most workbooks have only other functions of texts.
    from addin.headless.numberformat import format_text

    return format_text(cell, code)


@function("VALUE")
def value(cell: Cell) -> Cell:
    if isinstance(cell, bool):
        raise CellFault(CellError.VALUE)
    return to_number(cell)


@function("LEN")
def len_(cell: Cell) -> Cell:
    return float(len(_units(to_text(cell))))


def _units(whole: str) -> str:
    """A text whose characters beyond the first 65,536 are two each, as Excel counts them."""
    return whole if whole.isascii() else _BEYOND.sub(_pair, whole)


def _pair(match: re.Match[str]) -> str:
    code = ord(match[0]) - 0x10000
    return chr(0xD800 + (code >> 10)) + chr(0xDC00 + (code & 0x3FF))


def _characters(units: str) -> str:
    """Pairs of units as the characters that they are."""
    if units.isascii():
        return units
    return _PAIR.sub(lambda m: chr(0x10000 + ((ord(m[0][0]) - 0xD800) << 10) + ord(m[0][1]) - 0xDC00), units)


@function("LEFT")
def left(cell: Cell, count: Cell = 1.0) -> Cell:
    return _characters(_units(to_text(cell))[: length_of(count)])


@function("RIGHT")
def right(cell: Cell, count: Cell = 1.0) -> Cell:
    whole, number = _units(to_text(cell)), length_of(count)
    return _characters(whole[-number:]) if number else ""


@function("MID")
def mid(cell: Cell, start: Cell, count: Cell) -> Cell:
    whole, first, length = _units(to_text(cell)), int(to_number(start)), length_of(count)
    if first < 1:
        raise CellFault(CellError.VALUE)
    return _characters(whole[first - 1 : first - 1 + length])


def _start(whole: str, start: Cell) -> int:
    first = int(to_number(start)) - 1
    if not 0 <= first <= len(whole):
        raise CellFault(CellError.VALUE)
    return first


@function("FIND")
def find(wanted: Cell, cell: Cell, start: Cell = 1.0) -> Cell:
    looked_for, whole = _units(to_text(wanted)), _units(to_text(cell))
    place = whole.find(looked_for, _start(whole, given(start, 1.0)))
    if place < 0:
        raise CellFault(CellError.VALUE)
    return float(place + 1)


@function("SEARCH")
def search(wanted: Cell, cell: Cell, start: Cell = 1.0) -> Cell:
    whole = _units(to_text(cell))
    first = _start(whole, given(start, 1.0))
    place = Wildcard(_units(to_text(wanted))).search(whole, first) if first < len(whole) else None
    if place is None:
        raise CellFault(CellError.VALUE)
    return float(place + 1)


@function("SUBSTITUTE")
def substitute(cell: Cell, old: Cell, new: Cell, which: Any = OMITTED) -> Cell:
    whole, wanted, other = to_text(cell), to_text(old), to_text(new)
    number = 1 if which is OMITTED else int(to_number(which))
    if number < 1:
        raise CellFault(CellError.VALUE)
    if not wanted:
        return whole
    if which is OMITTED:
        times = whole.count(wanted)
        if len(whole) + times * (len(other) - len(wanted)) > LONGEST_TEXT:
            raise CellFault(CellError.VALUE)
        return whole.replace(wanted, other)
    parts = whole.split(wanted)
    if number >= len(parts):
        return whole
    return bounded(wanted.join(parts[:number]) + other + wanted.join(parts[number:]))


@function("REPLACE")
def replace(cell: Cell, start: Cell, count: Cell, new: Cell) -> Cell:
    whole, first, length, other = _units(to_text(cell)), int(to_number(start)) - 1, to_number(count), to_text(new)
    if first < 0:
        raise CellFault(CellError.VALUE)
    return bounded(_characters(whole[:first] + other + whole[first + length_of(length) :]))


@function("TRIM")
def trim(cell: Cell) -> Cell:
    return " ".join(part for part in to_text(cell).split(" ") if part)


@function("CLEAN")
def clean(cell: Cell) -> Cell:
    return "".join(char for char in to_text(cell) if ord(char) >= 32)


@function("UPPER")
def upper(cell: Cell) -> Cell:
    # A letter stays one letter: ß has no capital of its own.
    return "".join(capital if len(capital := char.upper()) == 1 else char for char in to_text(cell))


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
    whole, times = to_text(cell), length_of(count)
    if len(whole) * times > LONGEST_TEXT:
        raise CellFault(CellError.VALUE)
    return whole * times


@function("CONCATENATE")
def concatenate(*cells: Cell) -> Cell:
    return bounded("".join(map(to_text, cells)))


@function("CONCAT")
def concat(*arguments: Any) -> Cell:
    return bounded("".join(to_text(cell) for argument in arguments for cell in flat(argument)))


@function("TEXTJOIN")
def textjoin(separator: Any, skip_blanks: Cell, *arguments: Any) -> Cell:
    """Several separators take turns."""
    texts = [to_text(cell) for argument in arguments for cell in flat(argument)]
    if to_truth(given(skip_blanks, True)):
        texts = [one for one in texts if one]
    between = [to_text(cell) for cell in flat(separator)]
    joined: list[str] = []
    for place, one in enumerate(texts):
        joined += [between[(place - 1) % len(between)], one] if place else [one]
    if sum(map(len, joined)) > LONGEST_TEXT:
        raise CellFault(CellError.VALUE)
    return "".join(joined)


@function("CHAR")
def char(cell: Cell) -> Cell:
    """Up to 255 as Windows numbers western characters, above as it numbers Chinese ones (CHAR(45217) is 啊)."""
    number = int(to_number(cell))
    if not 1 <= number <= 0xFFFF or 256 <= number < 0x8100:
        raise CellFault(CellError.VALUE)
    if number < 128:
        return chr(number)
    try:
        return number.to_bytes(1 + (number > 255), "big").decode("cp1252" if number < 256 else "gbk")
    except UnicodeDecodeError:
        if number < 256:
            return chr(number)
        raise CellFault(CellError.VALUE) from None


@function("UNICHAR")
def unichar(cell: Cell) -> Cell:
    number = int(to_number(cell))
    if not 1 <= number <= 0x10FFFF:
        raise CellFault(CellError.VALUE)
    if 0xD800 <= number <= 0xDFFF or number in (0xFFFE, 0xFFFF):
        raise CellFault(CellError.NA)
    return chr(number)


def _first(cell: Cell) -> str:
    whole = to_text(cell)
    if not whole:
        raise CellFault(CellError.VALUE)
    return whole[0]


@function("CODE")
def code(cell: Cell) -> Cell:
    first = _first(cell)
    if ord(first) < 128:
        return float(ord(first))
    for encoding in ("cp1252", "gbk") if ord(first) < 256 else ("gbk", "cp1252"):
        try:
            return float(int.from_bytes(first.encode(encoding), "big"))
        except UnicodeEncodeError:
            continue
    return 63.0


@function("UNICODE")
def unicode_(cell: Cell) -> Cell:
    return float(ord(_first(cell)))


_NARROW = {0x3000: " ", **{0xFF01 + place: chr(0x21 + place) for place in range(94)}}
_WIDE = {ord(narrow): chr(wide) for wide, narrow in _NARROW.items()}


@function("ASC")
def asc(cell: Cell) -> Cell:
    return to_text(cell).translate(_NARROW)


@function("DBCS JIS WIDECHAR")
def widechar(cell: Cell) -> Cell:
    return to_text(cell).translate(_WIDE)


@function("NUMBERSTRING")
def numberstring(cell: Cell, kind: Cell) -> Cell:
    """1: 一百二十三, 2: 壹佰贰拾叁, 3: 一二三; of the whole number."""
    number, style = Decimal(round_half_up(to_number(cell))), int(to_number(kind))
    if style not in (1, 2, 3) or number < 0 or number >= 10**16:
        raise CellFault(CellError.NUM)
    return digits_only(str(number), "1") if style == 3 else in_words(number, str(style))


def round_half_up(number: float) -> int:
    return int(Decimal(f"{number:.15g}").to_integral_value(ROUND_HALF_UP))


@function("HYPERLINK")
def hyperlink(address: Cell, shown: Any = OMITTED) -> Cell:
    raise_error(address)
    return address if shown is OMITTED else 0.0 if shown is None else shown


def _money(name: str, sign: str, positive: str, negative: str) -> None:
    @function(name)
    def apply(cell: Cell, places: Cell = 2.0) -> Cell:
        digits, number = int(to_number(given(places, 2.0))), to_number(cell)
        if digits > 127:
            raise CellFault(CellError.VALUE)
        if digits < 0:
            number = float(
                round(Decimal(f"{number:.15g}").scaleb(digits).to_integral_value(ROUND_HALF_UP).scaleb(-digits))
            )
        shown = "#,##0" + ("." + "0" * digits if digits > 0 else "")
        return _formatted(number, f"{positive.format(sign, shown)};{negative.format(sign, shown)}")


_money("RMB", "¥", "{}{}", "{}-{}")
_money("DOLLAR", "$", "{}{}", '"("{}{}")"')
_money("USDOLLAR", "$", "{}{}", '"("{}{}")"')
