"""Looking up in blocks."""

from __future__ import annotations

from typing import Any

from addin.headless.functions import function
from addin.headless.functions.cells import flat, given, is_number
from addin.headless.functions.criteria import _cell_key, _pattern
from addin.headless.model import Cell, CellError
from addin.headless.operators import CellFault, compare, to_number, to_truth
from addin.headless.values import Block, Omitted, Rows

_first_places: dict[int, tuple[Rows, dict[Any, int]]] = {}


def _block(argument: Any) -> Block:
    return argument if isinstance(argument, Block) else Block(((argument,),))


def _exact(value: Cell, block: Block, wildcards: bool = True) -> int | None:
    """The first place of a block where the value stands."""
    if isinstance(value, CellError):
        raise CellFault(value)
    if wildcards and isinstance(value, str) and any(sign in value for sign in "*?~"):
        pattern = _pattern(value)
        return next(
            (i for i, cell in enumerate(flat(block)) if isinstance(cell, str) and pattern.fullmatch(cell)), None
        )
    known = _first_places.get(id(block.rows))
    if known is None or known[0] is not block.rows:
        if len(_first_places) > 64:
            _first_places.clear()
        places: dict[Any, int] = {}
        for place, cell in enumerate(flat(block)):
            places.setdefault(_typed(cell), place)
        known = (block.rows, places)
        _first_places[id(block.rows)] = known
    return known[1].get(_typed(0.0 if value is None else value))


def _typed(cell: Cell) -> Any:
    return ("text", cell.lower()) if isinstance(cell, str) else ("other", _cell_key(cell))


def _comparable(a: Cell, b: Cell) -> bool:
    return (is_number(a) and is_number(b)) or (isinstance(a, str) and isinstance(b, str)) or type(a) is type(b) is bool


def _approximate(value: Cell, cells: list[Cell]) -> int | None:
    """The last place, in ascending cells, whose value is not above the wanted one."""
    if isinstance(value, CellError):
        raise CellFault(value)
    value = 0.0 if value is None else value
    low, high, found = 0, len(cells) - 1, None
    while low <= high:
        middle = (low + high) // 2
        probe = middle
        while probe <= high and not _comparable(cells[probe], value):
            probe += 1
        if probe > high:
            high = middle - 1
        elif compare(cells[probe], value) <= 0:
            found, low = probe, probe + 1
        else:
            high = middle - 1
    return found


def _place(place: int | None) -> int:
    if place is None:
        raise CellFault(CellError.NA)
    return place


@function("VLOOKUP", "cbcc")
def vlookup(value: Cell, block: Any, column: Cell, approximate: Cell = True) -> Cell:
    table, index = _block(block), int(to_number(column))
    if index < 1:
        raise CellFault(CellError.VALUE)
    if index > table.width:
        raise CellFault(CellError.REF)
    first = table if table.width == 1 else _first_column(table)
    return table.rows[_found(value, first, approximate)][index - 1]


@function("HLOOKUP", "cbcc")
def hlookup(value: Cell, block: Any, row: Cell, approximate: Cell = True) -> Cell:
    table, index = _block(block), int(to_number(row))
    if index < 1:
        raise CellFault(CellError.VALUE)
    if index > table.height:
        raise CellFault(CellError.REF)
    return table.rows[index - 1][_found(value, Block((table.rows[0],)), approximate)]


_columns: dict[int, tuple[Rows, Block]] = {}


def _first_column(table: Block) -> Block:
    known = _columns.get(id(table.rows))
    if known is None or known[0] is not table.rows:
        if len(_columns) > 64:
            _columns.clear()
        known = (table.rows, Block([row[:1] for row in table.rows]))
        _columns[id(table.rows)] = known
    return known[1]


def _found(value: Cell, block: Block, approximate: Cell) -> int:
    if isinstance(approximate, Omitted) or not to_truth(approximate):
        return _place(_exact(value, block))
    return _place(_approximate(value, flat(block)))


@function("MATCH", "cbc")
def match(value: Cell, block: Any, kind: Cell = 1.0) -> Cell:
    table, order = _block(block), to_number(given(kind, 0.0 if isinstance(kind, Omitted) else 1.0))
    if table.height > 1 and table.width > 1:
        raise CellFault(CellError.NA)
    if order == 0:
        return float(_place(_exact(value, table)) + 1)
    cells = flat(table)
    if order > 0:
        return float(_place(_approximate(value, cells)) + 1)
    found = None
    for place, cell in enumerate(cells):
        if _comparable(cell, value):
            if compare(cell, value) < 0:
                break
            found = place
    return float(_place(found) + 1)


@function("LOOKUP", "cbb")
def lookup(value: Cell, block: Any, results: Any = None) -> Cell:
    table = _block(block)
    if results is None:
        across = table.width > table.height
        cells = list(table.rows[0]) if across else [row[0] for row in table.rows]
        place = _place(_approximate(value, cells))
        return table.rows[-1][place] if across else table.rows[place][-1]
    place, found = _place(_approximate(value, flat(table))), flat(results)
    if place >= len(found):
        raise CellFault(CellError.REF)
    return found[place]


@function("XLOOKUP", "cbbccc")
def xlookup(
    value: Cell, block: Any, results: Any, missing: Cell = CellError.NA, mode: Cell = 0.0, search: Cell = 1.0
) -> Any:
    table, answers = _block(block), _block(results)
    place = _xplace(value, table, int(to_number(given(mode, 0.0))), int(to_number(given(search, 1.0))))
    if place is None:
        return CellError.NA if isinstance(missing, Omitted) else missing
    if table.width == 1 or table.height == answers.height:
        return answers.rows[place][0] if answers.width == 1 else Block((answers.rows[place],))
    return answers.rows[0][place] if answers.height == 1 else Block([(row[place],) for row in answers.rows])


@function("XMATCH", "cbcc")
def xmatch(value: Cell, block: Any, mode: Cell = 0.0, search: Cell = 1.0) -> Cell:
    place = _xplace(value, _block(block), int(to_number(given(mode, 0.0))), int(to_number(given(search, 1.0))))
    return float(_place(place) + 1)


def _xplace(value: Cell, table: Block, mode: int, search: int) -> int | None:
    if search == 1:
        place = _exact(value, table, wildcards=mode == 2)
    else:
        backwards = Block([(cell,) for cell in reversed(flat(table))])
        place = _exact(value, backwards, wildcards=mode == 2)
        place = None if place is None else len(flat(table)) - 1 - place
    if place is not None or mode not in (-1, 1):
        return place
    fitting = [
        (cell, i) for i, cell in enumerate(flat(table)) if _comparable(cell, value) and compare(cell, value) == mode
    ]
    best = None
    for cell, i in fitting:
        if best is None or compare(cell, best[0]) == -mode:
            best = (cell, i)
    return best[1] if best else None


@function("INDEX", "bcc")
def index(block: Any, row: Cell, column: Cell = None) -> Any:
    table = _block(block)
    down, across = int(to_number(given(row, 0.0))), int(to_number(given(column, 0.0)))
    if column is None and table.height == 1 and table.width > 1:
        down, across = 1, down
    if column is None and table.width == 1:
        across = 1
    if down < 0 or across < 0 or down > table.height or across > table.width:
        raise CellFault(CellError.REF)
    rows = table.rows if down == 0 else [table.rows[down - 1]]
    if across:
        rows = [row[across - 1 : across] for row in rows]
    return rows[0][0] if len(rows) == len(rows[0]) == 1 else Block(rows)


@function("TRANSPOSE", "b")
def transpose(block: Any) -> Any:
    return Block(list(zip(*_block(block).rows, strict=True)))
