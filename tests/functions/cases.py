"""The cases of the functions: what a function gives for what, worked out by hand, the same for every host.

``KAOHE_X.json`` holds the cases of one function. An argument is a single value or a list of rows of cells, ``expected`` likewise:

- a number, a text, true or false; null is a blank cell;
- ``{"error": "#N/A"}`` is a cell with an error value;
- ``{"missing": true}`` is an argument that is left out;
- ``{"ratio": "2/7"}`` is the double nearest to a quotient, ``{"date": "2015-06-30"}`` a date's serial number.

``calc`` is what LibreOffice Calc gives where it can't hand over the arguments as they are: ``"error"`` for any error value
(a range with an error value in it is refused unless the parameter takes cells), ``{"instead": …}`` for a result (TRUE and
FALSE arrive as 1 and 0).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from udfs import FUNCTIONS, MISSING, CellError
from udfs.values import Cell

FOLDER = Path(__file__).parent
ANY_ERROR: Final = "error"
DAY_ZERO = date(1899, 12, 30)
KEYS = {"name", "chinese", "arguments", "expected"}
Rows = tuple[tuple[Cell, ...], ...]


class CaseError(Exception):
    """A case file that can't be understood; the message says where and why."""


@dataclass(frozen=True)
class Case:
    function: str
    number: int
    """From 1, in its file."""
    name: str
    chinese: str
    arguments: tuple[Any, ...]
    """Each a cell, rows of cells, or MISSING."""
    expected: Cell | Rows
    calc: str | Rows | None = None
    """ANY_ERROR, or the rows that Calc gives; None where it gives what is expected."""

    @property
    def identity(self) -> str:
        return f"{self.function}-{self.number}-{self.name}"

    @property
    def rows(self) -> Rows:
        """What is expected as rows of cells, also where it is a single value."""
        return self.expected if isinstance(self.expected, tuple) else ((self.expected,),)

    @property
    def call(self) -> tuple[Any, ...]:
        """The arguments up to the last one that is given."""
        given = list(self.arguments)
        while given and given[-1] is MISSING:
            given.pop()
        return tuple(given)


def cases() -> list[Case]:
    """All cases, function by function."""
    return [case for name in FUNCTIONS for case in load(FOLDER / f"{name}.json")]


def load(path: Path) -> list[Case]:
    """The cases of one file. Raises CaseError."""
    given = json.loads(path.read_text(encoding="utf-8"))
    _check_keys(path.name, given, {"function", "cases"})
    if given["function"] != path.stem or path.stem not in FUNCTIONS:
        raise CaseError(f"{path.name} must hold the cases of the function that it is called after")
    return [_case(path.stem, number, one) for number, one in enumerate(given["cases"], 1)]


def _case(function: str, number: int, given: Any) -> Case:
    where = f"{function}.json, case {number}"
    _check_keys(where, given, KEYS, {"calc"})
    parameters = FUNCTIONS[function].parameters
    if len(given["arguments"]) > len(parameters):
        raise CaseError(f"{where}: {function} has {len(parameters)} arguments")
    return Case(
        function,
        number,
        given["name"],
        given["chinese"],
        tuple(_value(where, argument, missing=True) for argument in given["arguments"]),
        _value(where, given["expected"]),
        _calc(where, given.get("calc")),
    )


def _calc(where: str, given: Any) -> str | Rows | None:
    if given is None or given == ANY_ERROR:
        return given
    _check_keys(where, given, {"instead"})
    value = _value(where, given["instead"])
    return value if isinstance(value, tuple) else ((value,),)


def _value(where: str, given: Any, missing: bool = False) -> Any:
    """A cell, rows of cells, or an argument left out."""
    if not isinstance(given, list):
        return MISSING if missing and given == {"missing": True} else _cell(where, given)
    if not given or not all(isinstance(row, list) and row and len(row) == len(given[0]) for row in given):
        raise CaseError(f"{where}: several cells are rows of equal length, [[1, 2], [3, 4]], not {given}")
    return tuple(tuple(_cell(where, cell) for cell in row) for row in given)


def _cell(where: str, given: Any) -> Cell:
    if isinstance(given, dict):
        kind, content = next(iter(given.items()), ("", None))
        if len(given) != 1 or kind not in _KINDS:
            raise CaseError(f"{where}: {given} is none of {', '.join(_KINDS)}")
        try:
            return _KINDS[kind](content)
        except (TypeError, ValueError) as error:
            raise CaseError(f"{where}: {given}: {error}") from None
    if isinstance(given, list):
        raise CaseError(f"{where}: a cell can't hold {given}")
    return float(given) if isinstance(given, int) and not isinstance(given, bool) else given


_KINDS: dict[str, Callable[[Any], Cell]] = {
    "error": CellError,
    "ratio": lambda text: float(Fraction(text)),
    "date": lambda text: float((date.fromisoformat(text) - DAY_ZERO).days),
}


def _check_keys(where: str, given: Any, wanted: set[str], allowed: set[str] | None = None) -> None:
    if not isinstance(given, dict):
        raise CaseError(f"{where}: {given} should have the keys {', '.join(sorted(wanted))}")
    unknown, lacking = given.keys() - wanted - (allowed or set()), wanted - given.keys()
    if unknown:
        raise CaseError(
            f"{where}: unknown {', '.join(sorted(unknown))}; known are {', '.join(sorted(wanted | (allowed or set())))}"
        )
    if lacking:
        raise CaseError(f"{where} lacks {', '.join(sorted(lacking))}")


def cells_of(argument: Any) -> Iterator[Cell]:
    """All cells of an argument, none of one that is left out."""
    if isinstance(argument, tuple):
        for row in argument:
            yield from row
    elif argument is not MISSING:
        yield argument


def typed(rows: Rows) -> list[list[tuple[type, Any]]]:
    """So that 1, TRUE and "1" are told apart."""
    return [[(type(cell), cell) for cell in row] for row in rows]
