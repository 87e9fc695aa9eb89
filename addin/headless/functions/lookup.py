"""Looking up in blocks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from addin.headless.context import Unsupported
from addin.headless.functions import function
from addin.headless.functions.cells import as_block, flat, given
from addin.headless.functions.wildcards import LONGEST_SOUGHT, Wildcard
from addin.headless.operators import CellFault, all_shown, compare, shown, to_number, to_truth
from addin.headless.values import OMITTED, Block, Omitted
from addin.xlsx.model import Area, Cell, CellError, is_number


def _exact(value: Cell, block: Block, wildcards: bool = True) -> int | None:
    """The first place of a block where the value stands."""
    if isinstance(value, CellError):
        raise CellFault(value)
    if wildcards and isinstance(value, str) and any(sign in value for sign in "*?~"):
        pattern = Wildcard(value)
        return next((i for i, cell in enumerate(flat(block)) if isinstance(cell, str) and pattern.matches(cell)), None)
    places = block.memo.get("first places")
    if places is None and block.area is None and type(value) is float and not value:
        # Nothing but 0 is shown as 0: MATCH(0,COUNTIF(…),0), which asks each array once, finds what is not in a list yet.
        if block.by_text is not None:
            texts, cells = block.by_text
            return min(
                (texts.index(text) for text, cell in cells.items() if cell == 0 and type(cell) is float), default=None
            )
        return next((place for place, cell in enumerate(flat(block)) if cell == 0 and type(cell) is float), None)
    if places is None:
        numbers = iter(all_shown([cell for cell in flat(block) if type(cell) is float]))
        keys = [next(numbers) if type(cell) is float else _typed(cell) for cell in flat(block)]
        # The first place comes last.
        places = dict(zip(reversed(keys), range(len(keys) - 1, -1, -1), strict=True))
        block.memo["first places"] = places
    return places.get(_typed(0.0 if value is None else value))


def _typed(cell: Cell) -> Any:
    """What makes two cells equal to a look-up: the same type, numbers as shown, text regardless of case."""
    if type(cell) is float:
        return shown(cell)
    if isinstance(cell, str):
        return cell.lower()
    return ("truth", cell) if isinstance(cell, bool) else cell


def _comparable(a: Cell, b: Cell) -> bool:
    return (is_number(a) and is_number(b)) or (isinstance(a, str) and isinstance(b, str)) or type(a) is type(b) is bool


def _approximate(value: Cell, cells: list[Cell]) -> int | None:
    """The last place, in ascending cells, whose value is not above the wanted one.

    In cells that are in no order the place is Excel's: where it looks, and how it steps over values of another type.
    """
    if isinstance(value, CellError):
        raise CellFault(value)
    value = 0.0 if value is None else value
    low, high = -1, len(cells)
    while high - low > 1:
        middle = probe = (low + high) // 2
        while probe < high and not _comparable(cells[probe], value):
            probe += 1
        if probe == high:
            high = middle
            continue
        order = compare(cells[probe], value)
        if order == 0:
            while probe + 1 < high and _comparable(cells[probe + 1], value) and compare(cells[probe + 1], value) == 0:
                probe += 1
            return probe
        if order < 0:
            low = probe
        else:
            high = probe if probe < high - 1 or probe == middle else middle
    while low >= 0 and not _comparable(cells[low], value):
        low -= 1
    return low if low >= 0 else None


def _place(place: int | None) -> int:
    if place is None:
        raise CellFault(CellError.NA)
    return place


def _table(block: Any) -> Block:
    if isinstance(block, str):
        raise CellFault(CellError.VALUE)
    return as_block(block)


@function("VLOOKUP")
def vlookup(value: Cell, block: Any, column: Cell, approximate: Cell = True) -> Cell:
    return _looked_up(value, block, column, approximate, across=False)


@function("HLOOKUP")
def hlookup(value: Cell, block: Any, row: Cell, approximate: Cell = True) -> Cell:
    return _looked_up(value, block, row, approximate, across=True)


def _looked_up(value: Cell, block: Any, line: Cell, approximate: Cell, across: bool) -> Cell:
    """The cell of a block's given column (across: row) where its first one holds the value."""
    table, index = _table(block), int(to_number(line))
    place = _found(value, _first(table, across), approximate)
    if index < 1:
        raise CellFault(CellError.VALUE)
    if index > table.size[not across]:
        raise CellFault(CellError.REF)
    return table.at(index - 1, place) if across else table.at(place, index - 1)


def _first(table: Block, across: bool) -> Block:
    """The first row or column as a block of its own."""
    name = "first row" if across else "first column"
    known = table.memo.get(name)
    if known is None:
        known = table.memo[name] = Block([[c[0]] for c in table.columns] if across else table.columns[:1])
    return known


def _found(value: Cell, block: Block, approximate: Cell) -> int:
    _refuse_long(value)
    if not to_truth(approximate):
        return _place(_exact(value, block))
    return _place(_approximate(value, flat(block)))


def _refuse_long(value: Cell) -> None:
    if isinstance(value, str) and len(value) > LONGEST_SOUGHT:
        raise CellFault(CellError.VALUE)


@function("MATCH")
def match(value: Cell, block: Any, kind: Cell = 1.0) -> Cell:
    _refuse_long(value)
    table, order = as_block(block), to_number(kind)
    if value is None and order < 0:
        value = 0.0
    if min(table.size) > 1:
        raise CellFault(CellError.NA)
    if order == 0:
        return float(_place(_exact(value, table)) + 1)
    cells = flat(table)
    if isinstance(value, CellError):
        raise CellFault(value)
    if order > 0:
        return float(_place(_approximate(value, cells)) + 1)
    found = None
    for place, cell in enumerate(cells):
        if _comparable(cell, value):
            order = compare(cell, value)
            if order < 0:
                break
            found = place
            if order == 0:
                break
    return float(_place(found) + 1)


@function("LOOKUP")
def lookup(value: Cell, block: Any, results: Any = None) -> Cell:
    table = as_block(block)
    if results is None:
        across = table.size[1] > table.size[0]
        cells = flat(_first(table, across))
        place = _place(_approximate(value, cells))
        return table.columns[place][-1] if across else table.columns[-1][place]
    if min(table.size) > 1:
        table = _first(table, table.size[1] > table.size[0])
    place, found = _place(_approximate(value, flat(table))), as_block(results)
    upright = found.size[1] == 1
    if place >= found.size[not upright]:
        raise CellFault(CellError.NA)
    return found.at(place, 0) if upright else found.at(0, place)


@function("XLOOKUP")
def xlookup(
    value: Cell, block: Any, results: Any, missing: Cell = CellError.NA, mode: Cell = 0.0, search: Cell = 1.0
) -> Any:
    table, answers = as_block(block), as_block(results)
    upright = table.size[1] == 1
    if min(table.size) > 1 or table.size[not upright] != answers.size[not upright]:
        raise CellFault(CellError.VALUE)
    place = _xplace(value, table, int(to_number(given(mode, 0.0))), int(to_number(given(search, 1.0))))
    if place is None:
        return CellError.NA if isinstance(missing, Omitted) else missing
    if upright:
        row = [[answers.at(place, col)] for col in range(answers.width)]
        return Block(row, _part(answers.area, place + 1, 0)) if len(row) > 1 else row[0][0]
    column = [answers.at(row, place) for row in range(answers.height)]
    return Block([column], _part(answers.area, 0, place + 1)) if len(column) > 1 else column[0]


@function("XMATCH")
def xmatch(value: Cell, block: Any, mode: Cell = 0.0, search: Cell = 1.0) -> Cell:
    table = as_block(block)
    if min(table.size) > 1:
        raise CellFault(CellError.VALUE)
    place = _xplace(value, table, int(to_number(given(mode, 0.0))), int(to_number(given(search, 1.0))))
    return float(_place(place) + 1)


def _xplace(value: Cell, table: Block, mode: int, search: int) -> int | None:
    """Where XLOOKUP finds a value; a blank one is looked for as a blank. Raises CellFault."""
    if isinstance(value, CellError):
        raise CellFault(value)
    if mode == 3:
        raise Unsupported("查找函数的匹配方式 3（正则表达式）不受支持")
    if mode not in (-1, 0, 1, 2) or search not in (-2, -1, 1, 2) or (mode == 2 and abs(search) == 2):
        raise CellFault(CellError.VALUE)
    cells = flat(table)
    count = len(cells)
    if value is None:
        if search < 0 and table.missing:
            return count + table.missing - 1
        places = range(count) if search > 0 else range(count - 1, -1, -1)
        found = next((place for place in places if cells[place] is None), None)
        if found is None and mode == -1 and abs(search) == 1:
            # A blank comes after everything else.
            return _greatest(cells, places)
        if found is None and mode == -1 and not table.missing:
            return _halving(value, cells, mode, search < 0)
        return count if found is None and table.missing else found
    if abs(search) == 2:
        return _halving(value, cells, mode, search < 0)
    if search == 1:
        place = _exact(value, table, wildcards=mode == 2)
    else:
        backwards = table.memo.get("backwards")
        if backwards is None:
            backwards = table.memo["backwards"] = Block([cells[::-1]])
        place = _exact(value, backwards, wildcards=mode == 2)
        place = None if place is None else count - 1 - place
    return _nearest(value, cells, mode, search) if place is None and mode in (-1, 1) else place


def _greatest(cells: list[Cell], places: Iterable[int]) -> int | None:
    best: int | None = None
    for place in places:
        cell = cells[place]
        if cell is not None and not isinstance(cell, CellError) and (best is None or compare(cell, cells[best]) > 0):
            best = place
    return best


def _nearest(value: Cell, cells: list[Cell], mode: int, search: int) -> int | None:
    """The place of the next smaller or larger value, numbers being less than text and text than TRUE and FALSE."""
    best: int | None = None
    for place in range(len(cells)) if search > 0 else range(len(cells) - 1, -1, -1):
        cell = cells[place]
        if cell is None or isinstance(cell, CellError) or compare(cell, value) != mode:
            continue
        if best is None or compare(cell, cells[best]) == -mode:
            best = place
    return best


def _halving(value: Cell, cells: list[Cell], mode: int, descending: bool) -> int | None:
    """Halving goes on to the first of equal values in ascending cells, to the last in descending ones; else the next one to where it ends.

    A blank that isn't there comes after everything else.
    """
    known = [place for place, cell in enumerate(cells) if cell is not None and not isinstance(cell, CellError)]
    low, high = 0, len(known) - 1
    found: int | None = None
    while low <= high:
        middle = (low + high) // 2
        order = -1 if value is None else compare(cells[known[middle]], value)
        if order == 0:
            found = known[middle]
        if order < 0 if not descending else order >= 0:
            low = middle + 1
        else:
            high = middle - 1
    if found is not None or not mode:
        return found
    place = low if (mode > 0) is not descending else high
    return known[place] if 0 <= place < len(known) else None


@function("INDEX")
def index(block: Any, row: Cell = None, column: Any = OMITTED, area: Cell = 1.0) -> Any:
    table = as_block(block)
    height, width = table.size
    down, across = int(to_number(row)), int(to_number(given(column, 0.0)))
    if isinstance(column, Omitted) and height == 1 and width > 1:
        down, across = 1, down
    if isinstance(column, Omitted) and width == 1:
        across = 1
    if down < 0 or across < 0:
        raise CellFault(CellError.VALUE)
    if isinstance(column, Omitted) and table.area is not None and down and min(height, width) > 1:
        raise CellFault(CellError.REF)
    if down > height or across > width or to_number(area) != 1:
        raise CellFault(CellError.REF)
    if down and across and (down > table.height or across > table.width):
        return table.fill
    if down > table.height or across > table.width:
        table = table.padded(max(down, table.height), max(across, table.width))
    columns = [table.columns[across - 1]] if across else table.columns
    if down:
        columns = [[column[down - 1]] for column in columns]
    return columns[0][0] if len(columns) == len(columns[0]) == 1 else Block(columns, _part(table.area, down, across))


def _part(area: Area | None, down: int, across: int) -> Area | None:
    """The cells that one row or column of a block stands for."""
    if area is None:
        return None
    top, bottom = (area.top + down - 1,) * 2 if down else (area.top, area.bottom)
    left, right = (area.left + across - 1,) * 2 if across else (area.left, area.right)
    return Area(area.sheet, top, left, bottom, right)


@function("TRANSPOSE")
def transpose(block: Any) -> Any:
    whole = as_block(block)
    return Block([list(row) for row in whole.rows], None, whole.beyond[::-1], whole.fill)
