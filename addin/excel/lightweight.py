"""xlwings without what it imports if it is there: cells need no data frames, and their first value should come at once."""

from __future__ import annotations

import sys

HEAVY = ("numpy", "pandas", "polars", "matplotlib", "plotly", "PIL")

_hidden = [name for name in HEAVY if name not in sys.modules]
sys.modules.update(dict.fromkeys(_hidden))  # type: ignore[arg-type]  # importing one of them fails
try:
    import xlwings
finally:
    for _name in _hidden:
        sys.modules.pop(_name, None)

__all__ = ["xlwings"]
