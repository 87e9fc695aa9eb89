"""COUNTIF, SUMIFS and their family.

Cells are looked up by value, not compared one by one: a block read from a sheet is indexed once (``Block.memo``), so that a column
of ten thousand SUMIFS takes ten thousand look-ups.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from addin.headless.broadcasting import holds_truth
from addin.headless.context import Unsupported
from addin.headless.functions import function
from addin.headless.functions.cells import as_block
from addin.headless.functions.wildcards import LONGEST_SOUGHT, Wildcard
from addin.headless.operators import BEGINNING, CellFault, all_shown, compare, error_number, shown, text_number
from addin.headless.values import Block
from addin.xlsx.dates import is_1904
from addin.xlsx.model import Cell, CellError, is_number
from udfs.values import ERRORS

Key = float | str | CellError | tuple[str, bool] | None
_OPERATOR = re.compile(r"(<=|>=|<>|=|<|>)?(.*)", re.DOTALL)
_NOTHING: list[int] = []


class Criterion(NamedTuple):
    """``<=`` and what is compared; ``pattern`` where the text holds wildcards. No operator means ``=``, blanks apart."""

    operator: str
    operand: Cell
    pattern: Wildcard | None = None


@lru_cache(maxsize=65536)
def _read(text: str, date1904: bool) -> Criterion:
    """What a text asks for; the texts of dates mean other numbers in the 1904 system."""
    if len(text) > LONGEST_SOUGHT:
        raise Unsupported(f"条件超过 {LONGEST_SOUGHT} 个字符，Excel 算不对；请改用 SUMPRODUCT 比较")
    match = _OPERATOR.fullmatch(text)
    operator, operand = (match[1] or "", match[2]) if match else ("", text)
    if operand in ERRORS:
        return Criterion(operator, ERRORS[operand])
    if operand.upper() in ("TRUE", "FALSE"):
        return Criterion(operator, operand.upper() == "TRUE")
    try:
        return Criterion(operator, text_number(operand))
    except CellFault:
        pass
    if operator in ("", "=", "<>") and re.search(r"[*?~]", operand):
        return Criterion(operator, operand, Wildcard(operand, of_criteria=True))
    return Criterion(operator, operand)


def criterion_of(cell: Cell) -> Criterion:
    """What a criterion cell asks for; a blank one asks for 0."""
    if isinstance(cell, str):
        return _read(cell, is_1904())
    return Criterion("", 0.0 if cell is None else cell)


def key_of(cell: Cell) -> Key:
    """What makes two cells equal to COUNTIF: text that reads as a number is that number, case doesn't count."""
    if type(cell) is float:
        return shown(cell)
    if isinstance(cell, str):
        if BEGINNING.match(cell):
            try:
                return shown(text_number(cell))
            except CellFault:
                pass
        return cell.lower()
    if isinstance(cell, bool):
        return ("truth", cell)
    return cell


def _keys(block: Block) -> Iterable[Key]:
    """``key_of`` each cell; most of them come again and again."""
    cells = block.flat()
    if holds_truth(cells, different := set(cells)):
        return map(key_of, cells)
    known = {cell: key_of(cell) for cell in different}
    return map(known.__getitem__, cells)


def places_of(block: Block) -> dict[Key, list[int]]:
    """The places of a block's cells by value, ascending."""
    known = block.memo.get("places")
    if known is None:
        known = defaultdict(list)
        for place, key in enumerate(_keys(block)):
            known[key].append(place)
        block.memo["places"] = known
    return known


def _sorted_numbers(block: Block) -> tuple[list[float], list[int]]:
    """The numbers of a block in ascending order, and their places."""
    known = block.memo.get("sorted places")
    if known is None:
        cells = block.flat()
        numbers = [cell for cell in cells if type(cell) is float]
        places = [place for place, cell in enumerate(cells) if type(cell) is float]
        pairs = sorted(zip(all_shown(numbers), places, strict=True))
        known = block.memo["sorted places"] = ([number for number, _ in pairs], [place for _, place in pairs])
    return known


def _is_plain(criterion: Criterion) -> bool:
    return criterion.pattern is None and criterion.operator in ("", "=") and criterion.operand != ""


def _is_bound(criterion: Criterion) -> bool:
    return criterion.operator in ("<", ">", "<=", ">=") and is_number(criterion.operand)


def _span(numbers: list[float], criterion: Criterion) -> slice:
    bound = shown(float(criterion.operand))  # type: ignore[arg-type]
    match criterion.operator:
        case "<":
            return slice(0, bisect_left(numbers, bound))
        case "<=":
            return slice(0, bisect_right(numbers, bound))
        case ">":
            return slice(bisect_right(numbers, bound), None)
    return slice(bisect_left(numbers, bound), None)


def _places(block: Block, criterion: Criterion) -> Iterable[int]:
    if _is_plain(criterion):
        return places_of(block).get(key_of(criterion.operand), _NOTHING)
    if _is_bound(criterion):
        numbers, places = _sorted_numbers(block)
        return places[_span(numbers, criterion)]
    remembered = block.memo.setdefault("criteria", {})
    name = (criterion, type(criterion.operand))
    if name not in remembered:
        if len(remembered) > 1000:
            remembered.clear()
        fits = _fits(criterion)
        remembered[name] = [place for place, cell in enumerate(block.flat()) if fits(cell)]
    return remembered[name]  # type: ignore[no-any-return]


def _fits(criterion: Criterion) -> Callable[[Cell], bool]:
    operator, operand, pattern = criterion
    if pattern is not None:
        matches = pattern.matches
        if operator == "<>":
            return lambda cell: not (isinstance(cell, str) and matches(cell))
        return lambda cell: isinstance(cell, str) and matches(cell)
    if operand == "" and isinstance(operand, str):
        return {
            "": lambda cell: cell is None or cell == "",
            "=": lambda cell: cell is None,
            "<>": lambda cell: cell is not None,
        }.get(operator, lambda cell: False)
    if operator in ("", "=", "<>"):
        wanted = key_of(operand)
        if operator == "<>":
            # A text that reads as the number is equal to it, but not left out by "<>".
            text = isinstance(operand, str)
            return lambda cell: key_of(cell) != wanted or (isinstance(cell, str) and not text)
        return lambda cell: key_of(cell) == wanted
    kind = float if is_number(operand) else type(operand)
    tests: dict[str, Callable[[int], bool]] = {
        "<": lambda c: c < 0,
        ">": lambda c: c > 0,
        "<=": lambda c: c <= 0,
        ">=": lambda c: c >= 0,
    }
    test = tests[operator]
    if isinstance(operand, CellError):
        return lambda cell: isinstance(cell, CellError) and test(error_number(cell) - error_number(operand))
    return lambda cell: type(cell) is kind and test(compare(cell, operand))


def _pairs(pairs: tuple[Any, ...]) -> tuple[list[Block], list[Criterion]]:
    if len(pairs) % 2 or not pairs:
        raise CellFault(CellError.VALUE)
    blocks = [as_block(block) for block in pairs[::2]]
    return _alike(blocks), [criterion_of(cell) for cell in pairs[1::2]]


def _alike(blocks: list[Block]) -> list[Block]:
    """Blocks of one size, of which the same rows and columns are kept; raises CellFault."""
    first = blocks[0]
    if all(b.height == first.height and b.width == first.width and b.beyond == first.beyond for b in blocks):
        return blocks
    if any(block.size != first.size for block in blocks):
        raise CellFault(CellError.VALUE)
    height, width = max(block.height for block in blocks), max(block.width for block in blocks)
    return [block.padded(height, width) for block in blocks]


def _matching(blocks: list[Block], criteria: list[Criterion]) -> Iterable[int]:
    """The places where all criteria hold: from the plain ones by look-up, then what is left is tested."""
    if len(blocks) == 1:
        return _places(blocks[0], criteria[0])
    plain = [i for i, criterion in enumerate(criteria) if _is_plain(criterion)]
    if len(plain) > 1:
        found: Iterable[int] = _joint_places([blocks[i] for i in plain]).get(
            tuple(key_of(criteria[i].operand) for i in plain), _NOTHING
        )
        rest = [i for i in range(len(blocks)) if i not in plain]
    else:
        first = plain[0] if plain else 0
        found = _places(blocks[first], criteria[first])
        rest = [i for i in range(len(blocks)) if i != first]
    for i in rest:
        fits, cells = _fits(criteria[i]), blocks[i].flat()
        found = [place for place in found if fits(cells[place])]
    return found


def _joint_places(blocks: list[Block]) -> dict[tuple[Key, ...], list[int]]:
    """The places by the values of several blocks together."""
    name = ("joint", *map(id, blocks[1:]))
    known = blocks[0].memo.get(name)
    if known is None:
        index: dict[tuple[Key, ...], list[int]] = defaultdict(list)
        for place, key in enumerate(zip(*map(_keys, blocks), strict=True)):
            index[key].append(place)
        # The blocks are kept with the index: while they live, no other block has their identity.
        known = blocks[0].memo[name] = (index, blocks)
    return known[0]


def _count(blocks: list[Block], criteria: list[Criterion]) -> int:
    """How often all criteria hold, also among the blanks beyond the sheet's cells."""
    missing = blocks[0].missing
    beyond = missing if missing and all(_fits(c)(b.fill) for b, c in zip(blocks, criteria, strict=True)) else 0
    return beyond + _count_kept(blocks, criteria)


def _count_kept(blocks: list[Block], criteria: list[Criterion]) -> int:
    bounds = [i for i, criterion in enumerate(criteria) if _is_bound(criterion)]
    plain = [i for i, criterion in enumerate(criteria) if _is_plain(criterion)]
    if bounds and len(plain) == len(criteria) - len(bounds) and len({id(blocks[i]) for i in bounds}) == 1:
        numbers = _numbers_by_key([blocks[i] for i in plain], blocks[bounds[0]]).get(
            tuple(key_of(criteria[i].operand) for i in plain), []
        )
        places = range(len(numbers))
        within = [places[_span(numbers, criteria[i])] for i in bounds]
        return max(0, min(span.stop for span in within) - max(span.start for span in within))
    if len(plain) == len(criteria) > 1:
        return _times(blocks)[tuple(key_of(criterion.operand) for criterion in criteria)]
    found = _matching(blocks, criteria)
    return len(found) if isinstance(found, list) else sum(1 for _ in found)


def _times(blocks: list[Block]) -> Counter[tuple[Key, ...]]:
    """How often the values of several blocks stand together."""
    name = ("times", *map(id, blocks[1:]))
    known = blocks[0].memo.get(name)
    if known is None:
        known = blocks[0].memo[name] = (Counter(zip(*map(_keys, blocks), strict=True)), blocks)
    return known[0]


def _numbers_by_key(plain: list[Block], counted: Block) -> dict[tuple[Key, ...], list[float]]:
    """The numbers of a block in ascending order, by the values of other blocks: for ranks within groups."""
    if not plain:
        return {(): _sorted_numbers(counted)[0]}
    name = ("numbers by", *map(id, plain))
    known = counted.memo.get(name)
    if known is None:
        index: dict[tuple[Key, ...], list[float]] = defaultdict(list)
        keys = zip(*map(_keys, plain), strict=True)
        for key, cell in zip(keys, counted.flat(), strict=True):
            if type(cell) is float:
                index[key].append(cell)
        for key, numbers in index.items():
            index[key] = sorted(all_shown(numbers))
        known = counted.memo[name] = (index, plain)
    return known[0]


MOST_REMEMBERED = 100_000


def _aggregate(block: Any, pairs: tuple[Any, ...], combine: Callable[[list[float]], float]) -> float:
    """A figure of the numbers where the criteria hold; remembered, as rows of a group all ask for the same one."""
    blocks, criteria = _pairs(pairs)
    figured, *blocks = _alike([as_block(block), *blocks])
    known = figured.memo.get("figures")
    if known is None or len(known) > MOST_REMEMBERED:
        known = figured.memo["figures"] = {}
    # The blocks are kept with their figure: while they live, no other block has their identity.
    name = (combine, *map(id, blocks), *[(type(c.operand), c.operator, c.operand) for c in criteria])
    if name not in known:
        try:
            known[name] = (combine(_chosen(figured, blocks, criteria)), blocks)
        except CellFault as fault:
            known[name] = (fault, blocks)
    figure = known[name][0]
    if isinstance(figure, CellFault):
        raise figure
    return figure  # type: ignore[no-any-return]


def _chosen(figured: Block, blocks: list[Block], criteria: list[Criterion]) -> list[float]:
    cells = figured.flat()
    numbers = []
    for place in _matching(blocks, criteria):
        cell = cells[place]
        if type(cell) is float:
            numbers.append(cell)
        elif isinstance(cell, CellError):
            raise CellFault(cell)
    return numbers


@function("COUNTIFS")
def countifs(block: Any, criterion: Cell, *pairs: Any) -> Cell:
    return float(_count(*_pairs((block, criterion, *pairs))))


@function("COUNTIF")
def countif(block: Any, criterion: Cell) -> Cell:
    return float(_count([as_block(block)], [criterion_of(criterion)]))


@function("SUMIFS")
def sumifs(block: Any, *pairs: Any) -> Cell:
    return _aggregate(block, pairs, math.fsum)


@function("SUMIF")
def sumif(block: Any, criterion: Cell, summed: Any = None) -> Cell:
    return _aggregate(_as_large(block if summed is None else summed, as_block(block)), (block, criterion), math.fsum)


def _as_large(summed: Any, tested: Block) -> Block:
    """SUMIF takes as many cells as it tests, beginning with the first one to sum."""
    block = as_block(summed)
    if block.size == tested.size:
        return block
    columns = [
        column[: tested.height] + [None] * (tested.height - len(column)) for column in block.columns[: tested.width]
    ]
    columns += [[None] * tested.height for _ in range(tested.width - len(columns))]
    return Block(columns, None, tested.beyond)


def _mean(values: list[float]) -> float:
    if not values:
        raise CellFault(CellError.DIV0)
    return math.fsum(values) / len(values)


def _greatest(values: list[float]) -> float:
    return max(values, default=0.0)


def _least(values: list[float]) -> float:
    return min(values, default=0.0)


@function("AVERAGEIFS")
def averageifs(block: Any, *pairs: Any) -> Cell:
    return _aggregate(block, pairs, _mean)


@function("AVERAGEIF")
def averageif(block: Any, criterion: Cell, averaged: Any = None) -> Cell:
    return _aggregate(_as_large(block if averaged is None else averaged, as_block(block)), (block, criterion), _mean)


@function("MAXIFS")
def maxifs(block: Any, *pairs: Any) -> Cell:
    return _aggregate(block, pairs, _greatest)


@function("MINIFS")
def minifs(block: Any, *pairs: Any) -> Cell:
    return _aggregate(block, pairs, _least)


def places_where(block: Block, criterion: Criterion) -> Iterable[int]:
    """The places of the cells that fulfil a condition."""
    return _places(block, criterion)
