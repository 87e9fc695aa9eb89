"""Sheets too wide for one page across: where pages end, the same in Excel, WPS and Calc, between groups of columns if possible."""

from __future__ import annotations

from collections.abc import Sequence

from workbook_templates.workbook.sheets.sheet import pixels

REPEATED = 2
"""Columns that stand on every page: the row's number and who it is about."""

SCALE = 80
"""Per cent of 11 points, in which such sheets are printed."""

MOST_PIXELS = 1346
"""What a page across takes of columns at 8 points; more is printed over several pages."""

_ROOM = 1050
"""Pixels of columns that one of several pages takes. A fifth more would fit where Arial is, or a font of its measures, in whose digits
widths are counted; the widest that stand for it elsewhere need it."""

_FULL, _SHARES = 0.75, (0.75, 0.5, 0.25, 0.0)
"""How full a page has to be, for a group that would be divided to begin the next one instead: the first one, on which the note
stands, and the others."""


def page_starts(widths: dict[str, float], groups: Sequence[Sequence[str]]) -> list[str]:
    """The columns with which a further page begins; ``widths`` in characters, from left to right, without hidden columns.

    No more pages than need be; of the ways to fill them the one that divides the fewest groups.
    """
    taken = {name: pixels(width) for name, width in widths.items()}
    if sum(taken.values()) <= MOST_PIXELS:
        return []
    whole = {group[0]: sum(taken[name] for name in group) for group in groups}
    within = {name for group in groups for name in group[1:]}
    tried = [_filled(taken, whole, _ROOM * share) for share in _SHARES]
    tried.append(_filled(taken, {}, 0))
    return min(tried, key=lambda starts: (len(starts), len(within.intersection(starts))))


def _filled(taken: dict[str, float], whole: dict[str, float], least: float) -> list[str]:
    """Page after page, each but the first with ``least`` pixels of columns before it ends for the sake of a group."""
    names = list(taken)
    own = used = sum(taken[name] for name in names[:REPEATED])
    starts: list[str] = []
    for name in names[REPEATED:]:
        is_cut = used + whole.get(name, 0) > _ROOM >= own + whole.get(name, 0)
        if used + taken[name] > _ROOM or (is_cut and used > (max(own, least) if starts else _ROOM * _FULL)):
            starts.append(name)
            used = own
        used += taken[name]
    return starts
