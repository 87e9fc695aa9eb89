"""Sheets too wide for one page across: where pages end, the same in Excel, WPS and Calc, between groups of columns if possible."""

from __future__ import annotations

from collections.abc import Sequence

REPEATED = 2
"""Columns that stand on every page: the row's number and who it is about."""

SCALE = 80
"""Per cent of 11 points, in which such sheets are printed."""

MOST_WIDTH = 190
"""Characters that a page across has at about 8 points; what is wider is printed over several pages."""

_ROOM = 962
"""Pixels of columns that a page takes. A quarter more would fit where Calibri is, in whose digits widths are counted; elsewhere they
are wider."""


def page_starts(widths: dict[str, float], groups: Sequence[Sequence[str]]) -> list[str]:
    """The columns with which a further page begins; ``widths`` in characters, from left to right, without hidden columns."""
    if sum(widths.values()) <= MOST_WIDTH:
        return []
    pixels = {name: width * 7 + 5 for name, width in widths.items()}
    whole = {group[0]: sum(pixels[name] for name in group) for group in groups}
    names = list(widths)
    own = used = sum(pixels[name] for name in names[:REPEATED])
    starts = []
    for name in names[REPEATED:]:
        is_cut = used + whole.get(name, 0) > _ROOM >= own + whole.get(name, 0)
        if used + pixels[name] > _ROOM or (is_cut and used > _ROOM * 3 / 4):
            starts.append(name)
            used = own
        used += pixels[name]
    return starts
