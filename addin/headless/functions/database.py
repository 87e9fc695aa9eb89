"""DSUM and its kin: a column of those rows of a list that fulfil conditions which stand in cells.

The conditions of one row hold together, rows are alternatives. A text without an operator asks for what begins with it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from addin.headless.context import Unsupported
from addin.headless.functions import function
from addin.headless.functions.arguments import NUM, VALUE, require
from addin.headless.functions.cells import as_block, raise_error
from addin.headless.functions.criteria import Criterion, criterion_of, places_where
from addin.headless.functions.mathematics import product, sum_
from addin.headless.functions.statistics import average, max_, min_, stdev, stdevp, var, varp
from addin.headless.operators import CellFault, text_number, to_number, to_text
from addin.headless.values import Block, Omitted
from addin.xlsx.model import Cell, CellError, is_number


def _header(cell: Cell) -> str:
    raise_error(cell)
    return to_text(cell).strip().lower()


def _field(table: Block, field: Any) -> int | None:
    """The column meant by a heading or a number; None if it was left out."""
    cell = field.first if isinstance(field, Block) else field
    if isinstance(cell, Omitted):
        return None
    raise_error(cell)
    if isinstance(cell, str):
        headings = [to_text(column[0]).strip().lower() for column in table.columns]
        require(cell.strip().lower() in headings, VALUE)
        return headings.index(cell.strip().lower())
    place = int(to_number(cell))
    require(1 <= place <= table.width, VALUE)
    return place - 1


def _condition(cell: Cell) -> Criterion:
    if not isinstance(cell, str) or cell[:1] in ("=", "<", ">") or cell.upper() in ("TRUE", "FALSE"):
        return criterion_of(cell)
    try:
        text_number(cell)
    except CellFault:
        return criterion_of(cell + "*")
    return criterion_of(cell)


def _rows(table: Block, conditions: Block) -> list[int]:
    """The rows (from 1, below the headings) that fulfil a row of conditions."""
    require(table.height > 1, VALUE)
    headings = [_header(column[0]) for column in table.columns]
    data = [Block([column[1:]]) for column in table.columns]
    everything = set(range(table.height - 1))
    lines = [[column[line] for column in conditions.columns] for line in range(1, conditions.height)]
    if not lines or any(all(cell is None for cell in line) for line in lines):
        return [place + 1 for place in everything]
    found: set[int] = set()
    for line in lines:
        fitting = set(everything)
        for column, cell in zip(conditions.columns, line, strict=True):
            if cell is None:
                continue
            heading = "" if isinstance(column[0], CellError) else _header(column[0])
            if heading not in headings:
                if isinstance(cell, bool):
                    raise Unsupported(f"条件区域的标题“{to_text(column[0])}”不是数据区域的列，用公式写的条件不受支持")
                fitting = set()
                break
            fitting &= set(places_where(data[headings.index(heading)], _condition(cell)))
        found |= fitting
    return [place + 1 for place in sorted(found)]


def _chosen(database: Any, field: Any, conditions: Any) -> Block | None:
    """The cells of the field in the rows that fulfil the conditions; None if there are none."""
    table = as_block(database)
    place = _field(table, field)
    require(place is not None, VALUE)
    rows = _rows(table, as_block(conditions))
    cells = [table.columns[place or 0][row] for row in rows]
    return Block([cells]) if cells else None


def _declare(name: str, compute: Callable[..., Cell], empty: Block) -> None:
    @function(name)
    def apply(database: Any, field: Any, conditions: Any) -> Cell:
        return compute(_chosen(database, field, conditions) or empty)


_NOTHING = Block([[None]])
_declare("DSUM", sum_, _NOTHING)
_declare("DAVERAGE", average, _NOTHING)
_declare("DMAX", max_, _NOTHING)
_declare("DMIN", min_, _NOTHING)
_declare("DSTDEV", stdev, _NOTHING)
_declare("DSTDEVP", stdevp, _NOTHING)
_declare("DVAR", var, _NOTHING)
_declare("DVARP", varp, _NOTHING)


def _product(block: Block) -> Cell:
    return product(block) if any(is_number(cell) for cell in block.flat()) else 0.0


_declare("DPRODUCT", _product, _NOTHING)


def _counted(database: Any, field: Any, conditions: Any, counts: Callable[[Cell], bool]) -> Cell:
    table = as_block(database)
    place = _field(table, field)
    rows = _rows(table, as_block(conditions))
    return float(len(rows) if place is None else sum(counts(table.columns[place][row]) for row in rows))


@function("DCOUNT")
def dcount(database: Any, field: Any, conditions: Any) -> Cell:
    return _counted(database, field, conditions, is_number)


@function("DCOUNTA")
def dcounta(database: Any, field: Any, conditions: Any) -> Cell:
    return _counted(database, field, conditions, lambda cell: cell is not None)


@function("DGET")
def dget(database: Any, field: Any, conditions: Any) -> Cell:
    found = _chosen(database, field, conditions)
    require(found is not None, VALUE)
    cells = found.flat() if found is not None else []
    require(len(cells) == 1, NUM)
    return cells[0]
