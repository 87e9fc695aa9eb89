"""What the values that cells store mean, by the type that is written beside them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from addin.xlsx.cellxml import NUMBER, unescaped
from addin.xlsx.dates import text_date
from addin.xlsx.model import Cell, CellError
from addin.xlsx.rowshapes import are_same
from addin.xlsx.shapes import open_tail
from addin.xlsx.sheetforms import Marks
from addin.xlsx.strings import decoded
from udfs.values import ERRORS

_MOST_REMEMBERED, _LONGEST = 50_000, 200
_FEW, _SAMPLE, _MOST_ALIKE = 32, 256, 248
"""Where more than so many of so many values are different, and all of a few, it doesn't pay to look up what others mean."""
_NO_DAY = "1899-12-30"
_TRUTHS = {"1": True, "true": True, "0": False, "false": False}


class _Values(dict[bytes, Cell]):
    """Stored values and what they mean: most of them come again and again, and equal ones are one object."""

    def __init__(self, read: Callable[[bytes], Cell]) -> None:
        self._read = read

    def __missing__(self, stored: bytes) -> Cell:
        if b"<" in stored:
            raise ValueError(f"“{stored.decode(errors='replace')}”不是单元格的值")
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        value = self._read(stored)
        if len(stored) <= _LONGEST:
            self[stored] = value
        return value


class _Numbers(_Values):
    def at_once(self, stored: Sequence[bytes]) -> list[Cell]:
        """Values that are mostly different; raises ValueError where they have to be looked at one by one."""
        if b"_" in b"".join(stored):  # Python alone reads 1_000.
            raise ValueError
        numbers = list(map(float, stored))
        if not math.isfinite(sum(numbers)):
            raise ValueError
        return [*numbers]


def shared_string(strings: list[str], place: bytes | str) -> str:
    """Raises IndexError where there is none."""
    try:
        number = int(place)
    except ValueError:
        raise IndexError(place) from None
    if number < 0:
        raise IndexError(number)
    return strings[number]


class _SharedStrings(dict[bytes, Cell]):
    """Shared strings by their places as cells store them."""

    def __init__(self, strings: list[str]) -> None:
        self._strings = strings

    def __missing__(self, stored: bytes) -> Cell:
        text = self[stored] = shared_string(self._strings, stored) if stored else None
        return text

    def at_once(self, stored: Sequence[bytes]) -> list[Cell]:
        """Values that are mostly different; raises ValueError where they have to be looked at one by one."""
        if b"-" in b"".join(stored):
            raise ValueError
        return list(map(self._strings.__getitem__, map(int, stored)))


class Meanings(dict[bytes, dict[bytes, Cell]]):
    """The meanings of stored values by their type."""

    def __init__(self, strings: list[str]) -> None:
        self[b""] = self[NUMBER] = _NUMBERS
        self[b"s"] = _SharedStrings(strings)
        self[b"str"] = _TEXTS

    def __missing__(self, kind: bytes) -> dict[bytes, Cell]:
        self[kind] = _Values(lambda stored: error_or_number(kind.decode(), unescaped(stored)) if stored else None)
        return self[kind]


class OpenValues(dict[bytes, Cell]):
    """What all that is behind the style of a cell without formula means."""

    def __init__(self, meanings: Meanings | Marks, prefix: bytes) -> None:
        self._meanings = meanings
        self._tail = open_tail(prefix)

    def __missing__(self, tail: bytes) -> Cell:
        match = self._tail.fullmatch(tail)
        assert match is not None
        kind, stored = match.groups(b"")
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        value: Cell = self._meanings[kind][stored]
        if len(tail) <= _LONGEST:
            self[tail] = value
        return value


def meant(known: dict[bytes, Cell], stored: Sequence[bytes]) -> list[Cell]:
    """What the values of a column mean."""
    if are_same(stored):
        return [known[stored[0]]] * len(stored)
    if (
        isinstance(known, _Numbers | _SharedStrings)
        and len({*stored[:_FEW]}) == _FEW
        and len({*stored[:_SAMPLE]}) > _MOST_ALIKE
    ):
        try:
            return known.at_once(stored)
        except ValueError:
            pass
    return list(map(known.__getitem__, stored))


def error_or_number(kind: str, text: str) -> Cell:
    """A value that is neither a formula's text nor a shared string; raises ValueError."""
    if kind == "inlineStr":  # Where it is no element of its own.
        return decoded(text)
    text = text.strip()
    match kind:
        case "b":
            if text not in _TRUTHS:
                raise ValueError(f"单元格的逻辑值“{text[:40]}”不合规范")
            return _TRUTHS[text]
        case "e":
            return ERRORS.get(text, CellError.VALUE)
        case "d":
            number = _day_and_time(text.removesuffix("Z"))
            if number is None:
                raise ValueError(f"单元格的日期“{text[:40]}”不合规范")
            return number
        case "n":
            return _number(text.encode())
    raise ValueError(f"单元格的类型“{kind[:40]}”不合规范")


def _day_and_time(text: str) -> float | None:
    """A date as strict files have it; a time of no day stands on the day before the first."""
    day, _, clock = text.partition("T")
    if day == _NO_DAY:
        return text_date(clock) if clock else 0.0
    return text_date(f"{day} {clock}")


def _number(stored: bytes) -> float | None:
    try:
        if not stored:
            return None
        if b"_" not in stored and math.isfinite(number := float(stored)):  # Python alone reads 1_000, and NaN.
            return number
    except ValueError:
        pass
    text = stored.decode(errors="replace")
    raise ValueError(f"单元格的值“{text[:40]}”不是数字")


_NUMBERS = _Numbers(_number)
_TEXTS = _Values(lambda stored: decoded(unescaped(stored)))
"""In a folder of workbooks they come again in each."""
