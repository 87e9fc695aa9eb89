"""What every function takes and gives, declared once: for the engine, the layouts of workbooks, explanations and the handbook.

Excel's own functions come from the table in ``excelfunctions``, ours from their declarations in ``udfs``.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Iterator

import udfs
from udfs.registry import PREFIX, Shape
from workbook_templates.formula.excelfunctions import TABLE

MOST_ARGUMENTS = 255
OWN_CATEGORY = "绩效考核"


class Takes(enum.Enum):
    """How a function reads one argument."""

    VALUE = "c"
    SINGLE = "s"
    BLOCK = "b"
    ARRAY = "a"
    CELLS = "r"
    PLACE = "p"
    LATER = "l"
    NAME = "n"
    LAMBDA = "f"
    ROW = "row"
    """The own row's values (KAOHE functions only)."""
    SET = "set"
    """The same, or a column of values (KAOHE functions only)."""
    SHARED = "shared"
    """What all rows of a call share (KAOHE functions only)."""

    @property
    def by_value(self) -> bool:
        """Whether each value of a column gives a result of its own."""
        return self in _BY_VALUE

    @property
    def letter(self) -> str:
        """``c``, ``b`` or ``a``: all that the engine must tell apart."""
        return "c" if self in _BY_VALUE else "a" if self is Takes.ARRAY else "b"


_BY_ROW = {Shape.ROW: Takes.ROW, Shape.SET: Takes.SET}
_BY_VALUE = frozenset({Takes.VALUE, Takes.SINGLE, Takes.PLACE, Takes.LATER})


@dataclass(frozen=True)
class Argument:
    takes: Takes
    optional: bool = False
    """It may be left out at the end."""
    skippable: bool = False
    """An empty place between commas is the same as left out."""


@dataclass(frozen=True)
class Signature:
    """The arguments are ``leading``, then any number of times ``repeated``, then ``trailing``."""

    name: str
    category: str
    leading: tuple[Argument, ...]
    repeated: tuple[Argument, ...] = ()
    trailing: tuple[Argument, ...] = ()
    traits: frozenset[str] = frozenset()

    @property
    def least(self) -> int:
        return sum(not argument.optional for argument in self.leading + self.trailing)

    @property
    def most(self) -> int:
        return MOST_ARGUMENTS if self.repeated else len(self.leading)

    def accepts(self, count: int) -> bool:
        """Whether that many arguments may be given."""
        over = count - len(self.leading) - len(self.trailing)
        return self.least <= count <= self.most and (over <= 0 or over % max(1, len(self.repeated)) == 0)

    def argument(self, place: int, count: int = 0) -> Argument | None:
        """What stands at a place of ``count`` arguments; None beyond the last."""
        if place < len(self.leading):
            return self.leading[place]
        if self.trailing and place >= count - len(self.trailing):
            return self.trailing[place - count + len(self.trailing)]
        return self.repeated[(place - len(self.leading)) % len(self.repeated)] if self.repeated else None

    def takes(self, place: int, count: int = 0) -> Takes:
        argument = self.argument(place, count)
        return argument.takes if argument is not None else Takes.VALUE

    @property
    def prefix(self) -> str:
        """What stands before the name in a file."""
        return "_xlfn._xlws." if "xlws" in self.traits else "_xlfn." if "xlfn" in self.traits else ""

    @property
    def volatile(self) -> bool:
        return "volatile" in self.traits

    @property
    def catches(self) -> bool:
        """Whether it takes error values without passing them on."""
        return "catches" in self.traits

    @property
    def passes_errors(self) -> bool:
        """Whether an error in place of a range is the result; of any number of ranges the function itself goes by their order."""
        return not (self.catches or self.repeated)

    @property
    def gives_reference(self) -> bool:
        return "reference" in self.traits

    @property
    def for_schemes(self) -> bool:
        """Whether schemes may use it: Excel 2010, LibreOffice 7 and the headless engine compute it alike."""
        return "scheme" in self.traits


def signature(name: str) -> Signature | None:
    """What is known of a function; the name as users see it, in capitals."""
    return _excel(name) or _own(name)


def signatures() -> Iterator[Signature]:
    """All functions of Excel, by category."""
    return (known for name in _lines() if (known := _excel(name)) is not None)


def for_schemes() -> list[str]:
    """The functions of Excel that schemes may use."""
    return sorted(known.name for known in signatures() if known.for_schemes)


@lru_cache(maxsize=256)
def _own(name: str) -> Signature | None:
    function = udfs.FUNCTIONS.get(name) if name.startswith(PREFIX) else None
    if function is None:
        return None
    arguments = []
    for place, parameter in enumerate(function.parameters):
        if not function.is_by_row(place):
            takes = Takes.SHARED
        else:
            takes = _BY_ROW.get(parameter.shape, Takes.VALUE)
        arguments.append(Argument(takes, parameter.optional, parameter.optional))
    return Signature(name, OWN_CATEGORY, tuple(arguments))


@lru_cache(maxsize=1)
def _lines() -> dict[str, tuple[str, str]]:
    """By name a function's category, and what is written of it."""
    found: dict[str, tuple[str, str]] = {}
    category = ""
    for line in TABLE.split("\n"):
        if line.startswith("# "):
            category = line[2:]
        elif line:
            name, _, written = line.partition(" ")
            found[name] = category, written
    return found


@lru_cache(maxsize=1024)
def _excel(name: str) -> Signature | None:
    # A workbook has a few dozen of the five hundred functions.
    if name not in _lines():
        return None
    category, line = _lines()[name]
    written, *traits = line.split()
    leading, repeated, trailing = _arguments(written)
    return Signature(name, category, leading, repeated, trailing, frozenset(traits))


_PART = re.compile(r"\(([a-z]+)\)\*|([a-z])(~?)(\*?)|([\[\]])")


def _arguments(written: str) -> tuple[tuple[Argument, ...], ...]:
    """``cb[c~]``, ``b*``, ``rc(rc)*`` as leading, repeated and trailing arguments."""
    leading: list[Argument] = []
    repeated: list[Argument] = []
    trailing: list[Argument] = []
    optional = False
    for group, letter, skippable, many, bracket in _PART.findall(written):
        if bracket:
            optional = bracket == "["
        elif group:
            repeated = [Argument(Takes(each), True) for each in group]
        else:
            argument = Argument(Takes(letter), optional, bool(skippable))
            (trailing if repeated else leading).append(argument)
            if many:
                repeated = [Argument(argument.takes, True)]
    return tuple(leading), tuple(repeated), tuple(trailing)
