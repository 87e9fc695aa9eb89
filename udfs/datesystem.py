"""From which day a workbook counts its dates."""

from __future__ import annotations

from contextvars import ContextVar

SHIFT_1904 = 1462
SHIFT: ContextVar[int] = ContextVar("date system", default=0)
"""Days that the workbook's first one stands behind 1900's: 0 or SHIFT_1904. Who computes a workbook says which."""
