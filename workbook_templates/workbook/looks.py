"""What the columns of a table are for, as its formulas say: texts or numbers, the scores that decide, the grades."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import udfs
from udfs.registry import Kind
from workbook_templates.formula import language as formulas
from workbook_templates.formula.language import Reference
from workbook_templates.formula.tree import Apply, Constant, Node, calls
from workbook_templates.scheme.columns import TEXT_TYPES, Computed
from workbook_templates.scheme.model import Scheme, Table

NUMBER_FUNCTIONS = (
    "+", "-", "*", "/", "^", "U-", "SUM", "MIN", "MAX", "ROUND", "COUNT", "COUNTA", "COUNTIF", "COUNTIFS", "AVERAGE",
)  # fmt: skip
TEXT_FUNCTIONS = ("&", "TEXT", "LEFT", "RIGHT", "MID", "TRIM", "CONCATENATE")
SCORE_PLACES = {"KAOHE_RANK": 2, "KAOHE_LIMIT": 2, "KAOHE_DISTRIBUTE": 2, "KAOHE_GRADE": 0}
"""Which argument is the score that decides."""

GRADE_PLACES = {"KAOHE_GRADE": 2, "KAOHE_DISTRIBUTE": 3}
"""Which argument has the names of the grades, the best first."""

GRADING = (*GRADE_PLACES, "KAOHE_LIMIT")


def kinds(table: Table) -> dict[str, Kind]:
    """What each column holds: TEXT, NUMBER, or ANY where it can't be told; a text in place of a result doesn't count."""
    known = {column.name: Kind.TEXT if column.type in TEXT_TYPES else Kind.NUMBER for column in table.inputs}
    for column in table.computed:
        known[column.name] = _kind(formulas.parse(column.formula).tree, known) or Kind.ANY
    return known


def _kind(node: Node, known: dict[str, Kind]) -> Kind | None:
    """None for a blank."""
    match node:
        case Constant(""):
            return None
        case Constant(str()):
            return Kind.TEXT
        case Apply("IF", (_, *branches)) | Apply("IFERROR", (*branches,)):
            found = {kind for branch in branches if (kind := _kind(branch, known)) is not None}
            return found.pop() if len(found) == 1 else Kind.ANY
        case Apply(name) if name in GRADING or name in TEXT_FUNCTIONS:
            return Kind.TEXT
        case Apply(name) if name in udfs.FUNCTIONS:
            return udfs.FUNCTIONS[name].result
        case Reference():
            return known.get(node.first, Kind.ANY) if node.own_row and node.single else Kind.ANY
        case Apply(name):
            return Kind.NUMBER if name in NUMBER_FUNCTIONS else Kind.ANY
        case Constant():
            return Kind.NUMBER
    return Kind.ANY


def scores(table: Table) -> list[str]:
    """The visible columns by which people are ranked and graded."""
    visible = {column.name for column in table.computed if not column.hidden} | {column.name for column in table.inputs}
    found = [
        argument.first
        for call in _calls(table.computed)
        if call.function in SCORE_PLACES
        for argument in call.arguments[SCORE_PLACES[call.function] :][:1]
        if isinstance(argument, Reference) and argument.table in (None, table.name) and argument.single
    ]
    return [name for name in dict.fromkeys(found) if name in visible]


def grades(table: Table, scheme: Scheme) -> dict[str, tuple[str, ...]]:
    """The visible columns with grades, and the names of the grades from the best to the worst where a list has them."""
    columns = [c for c in table.computed if not c.hidden and any(x.function in GRADING for x in _calls([c]))]
    return dict.fromkeys((column.name for column in columns), _grade_names(table, scheme)) if columns else {}


def _grade_names(table: Table, scheme: Scheme) -> tuple[str, ...]:
    for call in _calls(table.computed):
        for argument in call.arguments[GRADE_PLACES[call.function] :][:1] if call.function in GRADE_PLACES else ():
            if isinstance(argument, Reference) and argument.single:
                for listing in scheme.lists:
                    if listing.name == argument.table:
                        names = tuple(row.get(argument.first) for row in listing.rows)
                        return tuple(name for name in names if isinstance(name, str) and name)
    return ()


def _calls(columns: Iterable[Computed]) -> Iterator[Apply]:
    return (call for column in columns for call in calls(formulas.parse(column.formula).tree))
