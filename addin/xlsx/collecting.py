"""Seldom looking for garbage: large workbooks make millions of small objects, hardly any of which refer to each other."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = 500_000


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Meanwhile cycles of objects are looked for after so many more of them only."""
    first, *others = gc.get_threshold()
    _collect_seldom()
    try:
        yield
    finally:
        gc.set_threshold(first, *others)


def ends_with_its_work() -> None:
    """For a process that does one thing: it looks for cycles seldom, and not at all in what it leaves."""
    _collect_seldom()
    atexit.register(gc.freeze)


def _collect_seldom() -> None:
    first, *others = gc.get_threshold()
    if 0 < first < _SELDOM:
        gc.set_threshold(_SELDOM, *others)
