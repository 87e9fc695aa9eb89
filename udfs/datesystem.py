"""From which day a workbook counts its dates."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import Iterator

SHIFT_1904 = 1462
SHIFT: ContextVar[int] = ContextVar("date system", default=0)
"""Days that the workbook's first one stands behind 1900's, mostly 0 or SHIFT_1904. Who computes a workbook says which."""


@contextmanager
def shifted(days: int) -> Iterator[None]:
    """Serial numbers inside count from so many days behind 1900's."""
    token = SHIFT.set(days)
    try:
        yield
    finally:
        SHIFT.reset(token)
