"""Formulas as an earlier run read them: to read those of a scheme takes longer than to compute fifty people.

What is kept are the trees themselves. Of a file no other objects are made than of these kinds, whatever it holds.
"""

from __future__ import annotations

import io
import pickle
import zlib
from dataclasses import fields
from itertools import chain
from typing import Any

from addin.headless.formulas import Formulas, Known, Read
from addin.headless.parts import Part, Recurring
from addin.headless.schedule import Group
from addin.headless.skeleton import Skeleton
from addin.headless.tree import Apply, Blank, Cells, Constant, External, ExternalName, Invoke, Matrix, Named, Sheets
from addin.shared.kept import Form, kept
from addin.xlsx.model import Area, CellError
from workbook_templates.formula.references import Reference
from workbook_templates.formula.tree import is_deep

_QUICKLY = 1
MOST_LEVELS = 100
"""Pickling goes down as deep as trees are, on a stack that may be a small one."""
_KINDS = {
    (kind.__module__, kind.__qualname__): kind
    for kind in (
        Apply, Area, Blank, CellError, Cells, Constant, External, ExternalName, Group, Invoke, Known, Matrix, Named, Part, Read,
        Recurring, Reference, Sheets, range,
    )
}  # fmt: skip


def known_of(skeleton: Skeleton) -> Known:
    """What there is to know of the formulas of a workbook."""
    written = repr((skeleton.sheets, skeleton.tables, skeleton.names))
    found: Known = kept("formulas", [written], lambda: Formulas(skeleton).known, _FORM)
    return found


def _dumped(known: Known) -> bytes:
    """Raises ValueError for trees that are too deep."""
    names = [read.tree for read in known.names.values() if read is not None]
    groups = _groups(known)
    if is_deep([*names, *(group.tree for group in groups)], MOST_LEVELS):
        raise ValueError
    places = {group: place for place, group in enumerate(groups)}
    follows = [[places[other] for other in group.follows] for group in groups]
    file = io.BytesIO()
    pickler = pickle.Pickler(file, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = {Group: _alone}
    pickler.dump((known, follows))
    return zlib.compress(file.getvalue(), _QUICKLY)


def _alone(group: Group) -> tuple[Any, ...]:
    """Without what it follows: of thousands that follow one another, each would be pickled within the next."""
    return Group, tuple(getattr(group, field.name) for field in fields(group) if field.name != "follows")


def _groups(known: Known) -> list[Group]:
    """All of them in one order: those that are kept by their cells stand as wholes among ``groups`` only."""
    return list(dict.fromkeys(chain(known.groups, chain.from_iterable(known.order))))


def _loaded(content: bytes) -> Known:
    """Raises ValueError."""
    try:
        known, follows = _Unpickler(io.BytesIO(zlib.decompress(content))).load()
        if not isinstance(known, Known):
            raise ValueError(type(known))
        groups = _groups(known)
        for group, places in zip(groups, follows, strict=True):
            group.follows = [groups[place] for place in places]
    except Exception as error:  # What isn't whole, or isn't ours, shows up as any.
        raise ValueError(str(error)) from error
    return known


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        return _KINDS[module, name]


_FORM = Form(_dumped, _loaded)
