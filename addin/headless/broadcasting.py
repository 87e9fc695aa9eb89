"""Functions of single cells, applied down columns and to blocks element by element."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import compress, islice, repeat
from operator import and_, is_, not_
from typing import Any

from addin.headless.operators import OF_NUMBERS, OPERATORS, CellFault, by_column, by_text
from addin.headless.values import MOST_CELLS, NOTHING_BEYOND, Block, ByText, LaneRows, Lanes, RowByRow, TooLarge, Value
from addin.xlsx.model import Cell, CellError

Kernel = Callable[..., list[Cell] | Cell]
"""An operation on lists of cells and single cells (at least one list), cell by cell; a single cell is the result for all."""

_SAMPLE = 128
"""Of so many rows more than half have to be like others for results to be remembered."""
_TEXTS = frozenset({str, type(None)})
_LONG = 16
"""Of so many rows it pays to see whether all are the same."""


def guarded(compute: Callable[..., Any], *cells: Any) -> Any:
    """What the function gives, errors of cells as values; what leaves the range of numbers is #NUM!, as in Excel."""
    try:
        return compute(*cells)
    except CellFault as fault:
        return fault.error
    except (OverflowError, ZeroDivisionError):
        return CellError.NUM


def of_places(compute: Callable[..., Any], arguments: Sequence[Any], places: list[int]) -> Callable[..., Any]:
    """The function of what stands in some places of the arguments, the others being as they are."""
    if len(places) == len(arguments):
        return compute
    if len(arguments) == 2:
        other = arguments[1 - places[0]]
        return partial(compute, other) if places == [1] else lambda given: compute(given, other)
    filled = list(arguments)

    def of_others(*given: Any) -> Any:
        for place, argument in zip(places, given, strict=True):
            filled[place] = argument
        return compute(*filled)

    return of_others


class _Results(dict[tuple[Cell, ...], Cell]):
    """What a function gives for cells."""

    def __init__(self, compute: Callable[..., Cell]) -> None:
        self._compute = compute

    def __missing__(self, cells: tuple[Cell, ...]) -> Cell:
        # -0 is equal to 0.
        given = [0.0 if type(cell) is float and not cell else cell for cell in cells] if 0 in cells else cells
        result: Cell = guarded(self._compute, *given)
        self[cells] = result
        return result


def each(compute: Callable[..., Cell], *arguments: Any) -> list[Cell]:
    """Apply a function of single cells down lists of cells; what isn't a list counts for all."""
    lists = [argument for argument in arguments if type(argument) is list]
    count = len(lists[0])
    if count > _SAMPLE and len(set(islice(zip(*lists, strict=True), _SAMPLE))) < _SAMPLE // 2:
        return remembered(compute, *arguments)
    try:
        return list(map(compute, *_as_columns(arguments, count)))
    except (CellFault, OverflowError, ZeroDivisionError):
        return [guarded(compute, *cells) for cells in zip(*_as_columns(arguments, count), strict=True)]


def _as_columns(arguments: Sequence[Any], count: int) -> list[Iterable[Any]]:
    return [argument if type(argument) is list else repeat(argument, count) for argument in arguments]


def operated(name: str, left: Any, right: Any) -> list[Cell] | Cell:
    """An operator on two columns, or a column and a cell; numbers at once, even if other cells stand among them."""
    if name == "*":
        number, column = (left, right) if type(right) is list else (right, left)
        if type(number) in (float, bool) and not number and {bool}.issuperset(map(type, column)):
            return 0.0
    found = by_text(name, left, right)
    if found is None:
        found = by_column(name, left, right)
    if found is not None:
        return found
    operator = OPERATORS[name]
    lists = [column for column in (left, right) if type(column) is list]
    if name not in OF_NUMBERS or len(lists[0]) <= _SAMPLE:
        return each(operator, left, right)
    sound = [map(is_, map(type, column), repeat(float)) for column in lists]
    apart = list(compress(range(len(lists[0])), map(not_, map(and_, *sound) if len(sound) > 1 else sound[0])))
    if len(apart) == len(lists[0]):
        return each(operator, left, right)
    # Any number in their place: numbers are computed all at once sooner than some of them are picked.
    results = by_column(name, *[_with_ones(column, apart) for column in (left, right)])
    if results is None:
        return each(operator, left, right)
    cells = _of_others(operator, *[_picked(column, apart) for column in (left, right)])
    for place, cell in zip(apart, cells, strict=True):
        results[place] = cell
    return results


def _with_ones(column: Any, places: list[int]) -> Any:
    if type(column) is not list:
        return column
    filled = [*column]
    for place in places:
        filled[place] = 1.0
    return filled


def _picked(column: Any, places: list[int]) -> Any:
    return [column[place] for place in places] if type(column) is list else column


def _of_others(operator: Callable[[Cell, Cell], Cell], left: Any, right: Any) -> list[Cell]:
    """As ``remembered``; a text on the left that is no number is an error, whatever stands on the right."""
    if type(left) is list and {str}.issuperset(map(type, left)):
        known = {text: guarded(operator, text, 1.0) for text in set(left)}
        if all(isinstance(cell, CellError) for cell in known.values()):
            return list(map(known.__getitem__, left))
    return remembered(operator, left, right)


def holds_truth(cells: list[Cell], different: set[Cell]) -> bool:
    """Whether TRUE or FALSE is among cells, of which these are the different ones: TRUE is equal to 1."""
    return (True in different or False in different) and bool in set(map(type, cells))


def remembered(compute: Callable[..., Cell], *arguments: Any) -> list[Cell]:
    """As ``each``; what the function gives for cells that come again is known already."""
    places = [place for place, argument in enumerate(arguments) if type(argument) is list]
    columns = [arguments[place] for place in places]
    results = _Results(of_places(compute, arguments, places))
    if len(columns) == 1 and not holds_truth(columns[0], different := set(columns[0])):
        known = {cell: results[cell,] for cell in different}
        return list(map(known.__getitem__, columns[0]))
    if any(bool in kinds and kinds & {float, int} for kinds in (set(map(type, column)) for column in columns)):
        # TRUE is equal to 1.
        return [results.__missing__(cells) for cells in zip(*columns, strict=True)]
    return list(map(results.__getitem__, zip(*columns, strict=True)))


_SEVERAL = frozenset({Lanes, LaneRows, Block})


def broadcast(compute: Callable[..., Cell], arguments: list[Value], kernel: Kernel | None = None) -> Value:
    """Apply a function of single cells to single values, to lanes, or to blocks element by element.

    ``kernel`` does the same for lists at once. Raises RowByRow where lanes meet a block of several rows, TooLarge.
    """
    kinds = set(map(type, arguments))
    if Block in kinds:
        arguments = [a.first if type(a) is Block and a.width == a.height == 1 else a for a in arguments]
        kinds = set(map(type, arguments))
    if kinds.isdisjoint(_SEVERAL):
        return guarded(compute, *arguments)

    def apply(*given: Any) -> list[Cell] | Cell:
        return kernel(*given) if kernel is not None else each(compute, *given)

    def down(*given: Any) -> list[Cell]:
        found = apply(*given)
        return found if isinstance(found, list) else [found] * next(len(g) for g in given if type(g) is list)

    if not kinds & {Lanes, LaneRows}:
        return _broadcast_blocks(apply, compute, arguments)
    if any(type(a) is Block and a.height > 1 for a in arguments):
        raise RowByRow
    if not kinds & {LaneRows, Block}:
        return Lanes(down(*[a.cells if type(a) is Lanes else a for a in arguments]))
    widths = {a.width if type(a) is Block else len(a.columns) for a in arguments if type(a) in (Block, LaneRows)} - {1}
    if len(widths) > 1:
        raise RowByRow
    columns = []
    for index in range(max(widths, default=1)):
        columns.append(down(*[_at_column(a, index) for a in arguments]))
    return LaneRows(columns)


def _at_column(value: Value, index: int) -> Any:
    if type(value) is Lanes:
        return value.cells
    if type(value) is LaneRows:
        return value.columns[index if len(value.columns) > 1 else 0]
    if type(value) is Block:
        return value.columns[index if value.width > 1 else 0][0]
    return value


def _broadcast_blocks(apply: Kernel, compute: Callable[..., Cell], arguments: list[Value]) -> Block:
    blocks = [a for a in arguments if type(a) is Block]
    height = width = 0
    for block in blocks:
        if block.beyond != NOTHING_BEYOND:
            return _broadcast_beyond(apply, compute, arguments, blocks)
        height, width = max(height, block.height), max(width, block.width)
    if height * width > MOST_CELLS:
        raise TooLarge
    if width == 1 and (by_text := _by_text(apply, arguments, blocks, height)) is not None:
        return by_text
    columns: list[list[Cell]] = []
    uniform: dict[int, Any] = {}
    for index in range(width):
        given = [_given(a, index, height) if type(a) is Block else a for a in arguments]
        result: Any = apply(*given) if list in set(map(type, given)) else guarded(compute, *given)
        if type(result) is not list:
            uniform[index] = result
            result = [result] * height
        columns.append(result)
    found = Block(columns)
    found.memo["uniform"] = uniform
    return found


def _by_text(apply: Kernel, arguments: list[Value], blocks: list[Block], height: int) -> Block | None:
    """What depends on the texts of one column alone is computed once for each of them; None where it depends on more."""
    first, *others = [texts_of(block) for block in blocks if block.height == height]
    if first is None or len(others) + 1 < len(blocks):
        return None
    if any(other is None or other.texts is not first.texts for other in others):
        return None
    found = apply(*[
        [a.by_text.cells[text] for text in first.cells] if type(a) is Block and a.by_text is not None else a
        for a in arguments
    ])  # fmt: skip
    return of_texts(first, found)


def of_texts(by_text: ByText, found: list[Cell] | Cell) -> Block:
    """The column in which this, or these cells in turn, stand beside the different texts."""
    each_of = found if isinstance(found, list) else [found] * len(by_text.cells)
    cells = dict(zip(by_text.cells, each_of, strict=True))
    block = Block.of_texts(ByText(by_text.texts, cells))
    uniform = _uniform(each_of)
    if type(uniform) is not list:
        block.memo["uniform"] = {0: uniform}
    return block


def texts_of(block: Block) -> ByText | None:
    """The texts that the cells of a column depend on alone: a column of a sheet that holds a few, often, is one."""
    if "texts" not in block.memo:
        block.memo["texts"] = True
        if block.area is not None and block.size == (block.height, 1) and block.height > _SAMPLE:
            [column] = block.columns
            if len(set(column[:_SAMPLE])) < _SAMPLE // 2 and _TEXTS.issuperset(map(type, column)):
                different = set(column)
                if len(different) < _SAMPLE:
                    block.by_text = ByText(column, dict(zip(different, different, strict=True)))
    return block.by_text


def _given(block: Block, index: int, height: int) -> Any:
    """A column of a block, or the cell that all of it consists of, so that it is computed once."""
    if block.height != height or height < _LONG:
        return _column_of(block, index, height)
    index = index if block.width > 1 else 0
    known = block.memo.setdefault("uniform", {})
    if index not in known:
        known[index] = _uniform(block.columns[index]) if index < block.width else CellError.NA
    return known[index]


def marks(columns: list[list[Cell]]) -> Block:
    """Columns of TRUE and FALSE alone, of which mostly all cells are TRUE."""
    found = Block(columns)
    found.memo["uniform"] = {index: True for index, column in enumerate(columns) if column.count(True) == len(column)}
    return found


def _uniform(column: list[Cell]) -> Any:
    first, some = column[0], column[::_LONG]
    if some.count(first) < len(some) or column.count(first) < len(column):
        return column
    if isinstance(first, int | float) and len(set(map(type, column))) > 1:
        return column
    # -0 is equal to 0.
    return 0.0 if type(first) is float and not first else first


def _broadcast_beyond(
    apply: Kernel, compute: Callable[..., Cell], arguments: list[Value], blocks: list[Block]
) -> Block:
    """Whole columns (or rows): what the sheets hold is computed, and once what is beyond."""
    rows, columns = max(b.size[0] for b in blocks), max(b.size[1] for b in blocks)
    if any(b.size[0] not in (1, rows) or b.size[1] not in (1, columns) for b in blocks):
        return _broadcast_blocks(apply, compute, [a.whole() if type(a) is Block else a for a in arguments])
    height = max(b.height for b in blocks if b.size[0] == rows)
    width = max(b.width for b in blocks if b.size[1] == columns)
    across = rows > height and any(b.size[0] == 1 < b.size[1] for b in blocks)
    if across or (columns > width and any(b.size[1] == 1 < b.size[0] for b in blocks)):
        # A row beside a whole column: what is beyond differs by column.
        return _broadcast_blocks(apply, compute, [a.whole() if type(a) is Block else a for a in arguments])
    kept = [
        a.padded(height if a.size[0] == rows else 1, width if a.size[1] == columns else 1).held()
        if type(a) is Block
        else a
        for a in arguments
    ]
    found = _broadcast_blocks(apply, compute, kept)
    outside = [
        a.first if type(a) is Block and a.size == (1, 1) else a.fill if type(a) is Block else a for a in arguments
    ]
    return Block(found.columns, None, (rows - height, columns - width), guarded(compute, *outside))


def _column_of(block: Block, index: int, height: int) -> Any:
    """A column of a block stretched to a height; what lies outside of a block that can't be repeated is #N/A."""
    if block.width == 1:
        column = block.columns[0]
    elif index < block.width:
        column = block.columns[index]
    else:
        return CellError.NA
    if block.height == height:
        return column
    if block.height == 1:
        return column[0]
    return column + [CellError.NA] * (height - block.height)
