"""What the functions over a 名单 share: who takes part, in which group, in which order."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Dict, List, Union

from udfs.columns import NUMBERS, scaled_or_blank
from udfs.spelling import are_alike
from udfs.values import Cell, CellError, Result, UdfError, is_blank, key, maybe_number, number

Row = List[Cell]
Groups = Dict[Union[str, Decimal], List[int]]


def groups_of(taking_part: list[bool], groups: Row | None) -> Groups:
    """Positions of the people who take part, by group (all in one without groups).

    Nobody can tell where a person without a readable group belongs, so that is an error for everybody; so are groups that only
    look the same, which would be ranked and paid apart.
    """
    members: Groups = {}
    if groups is None:
        places = [place for place, part in enumerate(taking_part) if part]
        return {"": places} if places else members
    for place, part in enumerate(taking_part):
        if not part:
            continue
        cell = groups[place]
        if is_blank(cell):
            raise UdfError(CellError.VALUE)
        members.setdefault(key(cell), []).append(place)
    if len(members) > 1 and are_alike(members):
        raise UdfError(CellError.VALUE)
    return members


def each_group(count: int, members: Groups, compute: Callable[[list[int]], list[Result]]) -> list[Result]:
    """Results by position; an error inside a group is the result of all its people, and of nobody else."""
    results: list[Result] = [""] * count
    for places in members.values():
        try:
            found = compute(places)
        except UdfError as error:
            found = [error.code] * len(places)
        for place, result in zip(places, found):
            results[place] = result
    return results


def order_keys(places: list[int], scores: Row, ties: list[Row] | None) -> list[Any]:
    """What people are ordered by, higher first: the score, then the tie-break columns (a blank one counts as 0).

    Numbers of the same unit are in the same order as what they stand for.
    """
    columns = [[scores[place] for place in places]]
    if ties is not None:
        columns += map(list, zip(*[ties[place] for place in places]))
    if places and NUMBERS.issuperset(map(type, columns[0])):
        read = scaled_or_blank(columns)
        if read is not None:
            return list(zip(*read[0])) if ties is not None else [*read[0][0]]
    if ties is None:
        return [(number(scores[place]),) for place in places]
    return [(number(scores[place]), *(maybe_number(cell) or Decimal(0) for cell in ties[place])) for place in places]


def by_group(block: list[Row]) -> dict[str | Decimal, Cell]:
    """What two columns, group and value, say for each group; a group that stands there twice is an error for its own people."""
    if len(block[0]) != 2:
        raise UdfError(CellError.VALUE)
    values: dict[str | Decimal, Cell] = {}
    for group, value in block:
        if not is_blank(group):
            values[key(group)] = CellError.VALUE if key(group) in values else value
    return values
