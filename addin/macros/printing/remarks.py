"""Why somebody has not the grade that the score alone would give: a word for the wall."""

from __future__ import annotations

import re
from collections.abc import Iterable

from addin.headless.inspection import Place
from addin.macros.explaining.phrases import VETOED
from addin.macros.explaining.steps import Explainer
from addin.macros.macro import Subject
from addin.macros.subject.tables import People
from addin.xlsx.model import BLANK
from udfs.vocabulary import NO, YES

_ABSENT = "不参加考核"
_NO_SCORE = "没有得分"
_FILLED_IN = re.compile(r"([^“”，；,;()]+“([^“”]+)”)(，不?是“[^“”]+”)?")
"""A condition over one word that stands in the row itself."""
_VETO = re.compile(r"(否决|违法|违纪|造假|失范)[^，；,;“]*“是”$")
"""A condition that a veto decided."""


def remarks_on(subject: Subject, table: People, rows: list[int], columns: Iterable[str]) -> dict[int, str]:
    """The remark on each row that needs one, of what is published."""
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
        if not said and table.score and table.score in columns and table.value(row, table.score) in BLANK:
            said.append(_no_score(explainer, explainer.place(table.name, row, table.score)))
        if said:
            found[row] = "、".join(dict.fromkeys(said))
    return found


def _no_score(explainer: Explainer, place: Place) -> str:
    """The reason is told where it is one word of the row."""
    told = explainer.told(place)
    reason = _FILLED_IN.fullmatch(told.because[-1]) if told and told.because else None
    if told and reason and reason[2] in (YES, NO):
        # That of the computed column that says only so much.
        read = (Place(area.sheet, area.top, area.left) for area in told.reads)
        decided = next((cell for cell in read if explainer.labels.told(cell, place) == reason[1]), None)
        told = explainer.told(decided) if decided else None
        further = told.because[-1] if told and told.because else reason[0]
        reason = _FILLED_IN.fullmatch(further) if decided else None
    return f"{_NO_SCORE}（{reason[1]}）" if reason else _NO_SCORE
