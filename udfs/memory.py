"""What functions have made of the arguments that all rows share: per-row formulas hand over the same columns hundreds of times."""

from __future__ import annotations

import marshal
from collections import OrderedDict
from typing import Any, Callable, Hashable, Sequence

from udfs.datesystem import SHIFT
from udfs.values import MISSING, ColumnGrid, SharedRows

MOST = 64
"""Remembered at a time; workbooks have a few dozen columns."""

LONGEST = 1 << 20
"""Bytes of arguments; columns longer than that are not handed over row by row."""

_WITHOUT_SHARING = 2  # equal arguments then give equal bytes
_made: OrderedDict[Hashable, Any] = OrderedDict()


def _plain(argument: Any) -> Any:
    """What ``marshal`` takes; columns are told from rows by being a level deeper. Shared rows count apart."""
    if isinstance(argument, SharedRows):
        return ()
    if isinstance(argument, ColumnGrid):
        return (argument.columns,)
    return ... if argument is MISSING else argument


def remembered(name: str, arguments: Sequence[Any], make: Callable[[], Any]) -> Any:
    """``make()``, or what it gave when the function ``name`` was called with the same arguments before."""
    try:
        # Unlike a tuple, bytes tell 1 from TRUE, and are compared at once.
        plain = marshal.dumps((name, SHIFT.get(), *map(_plain, arguments)), _WITHOUT_SHARING)
    except ValueError:
        return make()  # an error value among the cells
    if len(plain) > LONGEST:
        return make()
    shared = [argument for argument in arguments if isinstance(argument, SharedRows)]
    key = (plain, *map(id, shared))
    if key in _made:
        _made.move_to_end(key)
        return _made[key][0]
    made = make()
    _made[key] = made, shared  # which keeps the rows' identities from others
    if len(_made) > MOST:
        _made.popitem(last=False)
    return made
