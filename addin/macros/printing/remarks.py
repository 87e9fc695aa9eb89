"""Why somebody has not the grade that the score alone would give: a word for the wall."""

from __future__ import annotations

import re

from addin.macros.explaining.phrases import VETOED
from addin.macros.explaining.steps import Explainer
from addin.macros.macro import Subject
from addin.macros.subject.tables import People

_ABSENT = "不参加考核"
_VETO = re.compile(r"(否决|违法|违纪|造假|失范)[^，；,;“]*“是”$")
"""A condition that a veto decided."""


def remarks_on(subject: Subject, table: People, rows: list[int]) -> dict[int, str]:
    """The remark on each row that needs one."""
    explainer = Explainer(subject, private=True)
    found = {}
    for row in rows:
        if not table.takes_part(row):
            found[row] = _ABSENT
            continue
        places = [explainer.place(table.name, row, grade) for grade in table.grades if grade in table.computed]
        steps = [explainer.told(place) for place in explainer.row_steps(places)]
        said = [mark for told in steps if told is not None for mark in told.marks]
        if any(_VETO.search(reason) for told in steps if told is not None for reason in told.because):
            said.insert(0, VETOED)
        if said:
            found[row] = "、".join(dict.fromkeys(said))
    return found
