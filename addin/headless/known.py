"""Formulas as an earlier run read them: to read those of a scheme takes longer than to compute fifty people.

What is kept are the trees themselves. Of a file no other objects are made than of these kinds, whatever it holds.
"""

from __future__ import annotations

import io
import pickle
import sys
import zlib
from typing import Any

from addin.headless.formulas import Formulas, Known, Read
from addin.headless.parts import Part, Recurring
from addin.headless.schedule import Group
from addin.headless.skeleton import Skeleton
from addin.headless.tree import Apply, Blank, Cells, Constant, External, ExternalName, Invoke, Matrix, Named, Sheets
from addin.shared.kept import Form, kept
from addin.xlsx.model import Area, CellError
from workbook_templates.formula.references import Reference

_QUICKLY, _USUAL_DEPTH = 1, 1_000
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
    """Raises ValueError for trees that are too deep: pickling goes down as deep, which takes more than there is of a thread's stack."""
    before = sys.getrecursionlimit()
    try:
        sys.setrecursionlimit(_USUAL_DEPTH)
        return zlib.compress(pickle.dumps(known, pickle.HIGHEST_PROTOCOL), _QUICKLY)
    except RecursionError as error:
        raise ValueError(str(error)) from error
    finally:
        sys.setrecursionlimit(before)


def _loaded(content: bytes) -> Known:
    """Raises ValueError."""
    try:
        known = _Unpickler(io.BytesIO(zlib.decompress(content))).load()
    except Exception as error:  # What isn't whole, or isn't ours, shows up as any.
        raise ValueError(str(error)) from error
    if not isinstance(known, Known):
        raise ValueError(type(known))
    return known


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        return _KINDS[module, name]


_FORM = Form(_dumped, _loaded)
