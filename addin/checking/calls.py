"""What a workbook's functions compare with one another, and whom they take for people."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from addin.headless.formulas import formulas_of
from addin.headless.schedule import Group
from addin.headless.skeleton import Skeleton
from addin.headless.tree import Apply, Cells, Constant, Named
from addin.xlsx.model import Area
from udfs import FUNCTIONS
from udfs.registry import PREFIX
from workbook_templates.formula.tree import Node, calls

LISTED = "名单"
OF_RECORDS = ("KAOHE_SUM", "KAOHE_LOG")
OF_NUMBERS = frozenset({"SUM", "AVERAGE", "MAX", "MIN", "COUNT", "LARGE", "SMALL", "RANK", "MEDIAN"})
COMPARED = (
    {"谁", "名单", "值", "列", "键", "记录人"},
    {"值2", "键2"},
    {"值3", "键3"},
    {"组别", "本组"},
    {"记录项目", "标准项目"},
    {"现等次", "受限等次"},
)
"""Parameters whose cells a function compares with one another."""


class Family(NamedTuple):
    """What is compared with one another: cells, and words within formulas."""

    areas: frozenset[Area]
    words: frozenset[str] = frozenset()
    is_by_sign: bool = False
    """Whether ``=`` compares them, which does so with the words only, and takes capital letters for small ones."""


def compared(skeleton: Skeleton) -> list[Family]:
    """What the functions of a workbook compare."""
    found = (_given(call, group, skeleton, names) for call, group in skeleton.once(_calls) for names in COMPARED)
    several = [family for family in found if any(a.rows * a.columns > 1 for a in family.areas)]
    return list(dict.fromkeys([*several, *_with_words(skeleton)]))


def _with_words(skeleton: Skeleton) -> Iterator[Family]:
    """Cells filled in that formulas compare with words: what is not one of them counts as something else."""
    formulas, words = skeleton.once(formulas_of), dict[Area, set[str]]()
    for group in formulas.groups:
        if '"' not in group.text:
            continue
        for node in calls(group.tree):
            if node.function not in ("=", "<>"):
                continue
            sides = [_meant(side, group, skeleton) for side in node.arguments]
            read = tuple(side.reference for side in sides if isinstance(side, Cells))
            word = next((side.value for side in sides if isinstance(side, Constant)), None)
            if isinstance(word, str) and word:
                for area in Group(group.sheet, group.col, group.rows, node, read).sources():
                    words.setdefault(area, set()).add(word)
    for area, own in words.items():
        if not any(formulas.places.of(area)):
            yield Family(frozenset([area]), frozenset(own), is_by_sign=True)


def listed(skeleton: Skeleton) -> list[Area]:
    """The lists of people that functions are given."""
    found = [_given(call, group, skeleton, [LISTED]).areas for call, group in skeleton.once(_calls)]
    return list(dict.fromkeys(area for areas in found for area in areas))


def given(skeleton: Skeleton) -> list[Area]:
    """All blocks of cells that functions are given."""
    found = [
        area
        for call, group in skeleton.once(_calls)
        for area in _given(call, group, skeleton, [p.name for p in FUNCTIONS[call.function].parameters]).areas
    ]
    return [area for area in dict.fromkeys(found) if area.rows > 1]


def summed(skeleton: Skeleton) -> list[tuple[str, Area]]:
    """The blocks of cells of which functions take the numbers only, each with such a function."""
    found: dict[Area, str] = {}
    for group in skeleton.once(formulas_of).groups:
        for node in calls(group.tree):
            if node.function in OF_NUMBERS:
                references = tuple(argument.reference for argument in node.arguments if isinstance(argument, Cells))
                for area in Group(group.sheet, group.col, group.rows, node, references).sources():
                    if area.rows * area.columns > 1:
                        found.setdefault(area, node.function)
    return [(function, area) for area, function in found.items()]


def credited(skeleton: Skeleton) -> dict[Area, Family]:
    """The columns that say whose each record is, each with all those to whom records are credited."""
    found: dict[Area, Family] = {}
    for call, group in skeleton.once(_calls):
        if call.function in OF_RECORDS:
            whose = _given(call, group, skeleton, ["谁"])
            for records in _given(call, group, skeleton, ["键", "记录人"]).areas:
                known = found.get(records, Family(frozenset()))
                found[records] = Family(known.areas | whose.areas, known.words | whose.words)
    return found


def _calls(skeleton: Skeleton) -> list[tuple[Apply, Group]]:
    return [
        (node, group)
        for group in skeleton.once(formulas_of).groups
        if PREFIX in group.text.upper()
        for node in calls(group.tree)
        if node.function in FUNCTIONS
    ]


def _given(call: Apply, group: Group, skeleton: Skeleton, names: Collection[str]) -> Family:
    """What a call is given for some of its parameters."""
    given = zip(FUNCTIONS[call.function].parameters, call.arguments, strict=False)
    nodes = [_meant(node, group, skeleton) for parameter, node in given if parameter.name in names]
    references = tuple(node.reference for node in nodes if isinstance(node, Cells))
    areas = Group(group.sheet, group.col, group.rows, call, references).sources()
    words = (node.value for node in nodes if isinstance(node, Constant))
    return Family(frozenset(areas), frozenset(word for word in words if isinstance(word, str)))


def _meant(node: Node, group: Group, skeleton: Skeleton) -> Node | None:
    if isinstance(node, Named):
        return skeleton.once(formulas_of).name(node.name, node.sheet or group.sheet)
    return node
