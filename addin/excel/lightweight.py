"""xlwings without what it imports if it is there: cells need no data frames, and their first value should come at once.

Without its paid part, too. And without what it does when the program ends: it would end, by force, every Excel in which it sees
no window, that is those of other programs, and one that is just closing (_xlwindows.py, Apps.cleanup).
"""

from __future__ import annotations

import atexit
import sys

import addin.excel.latebinding  # noqa: F401

HEAVY = ("numpy", "pandas", "polars", "matplotlib", "plotly", "PIL")
PAID = "xlwings.pro"
"""Nothing of it is used. It looks for its licence in the user's own settings of xlwings, of which one bad character is an error that
xlwings lets through (pro/utils.py, LicenseHandler.get_license)."""

_hidden = [name for name in (*HEAVY, PAID) if name not in sys.modules]
sys.modules.update(dict.fromkeys(_hidden))  # type: ignore[arg-type]  # importing one of them fails
try:
    import xlwings
finally:
    for _name in _hidden:
        sys.modules.pop(_name, None)

if (_driver := sys.modules.get("xlwings._xlwindows")) is not None:
    atexit.unregister(_driver.cleanup)

__all__ = ["xlwings"]
