"""The KAOHE functions: what a cell can call. Pure, host-free, standard library only."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from udfs.registry import Function, Parameter
from udfs.values import MISSING, CellError

if TYPE_CHECKING:
    from udfs.registry import FUNCTIONS

__all__ = ["FUNCTIONS", "MISSING", "CellError", "Function", "Parameter"]

_MODULES = (
    "scores", "ballots", "weights", "coefficients", "rounding", "ranks", "quotas", "grades", "distribution", "pay",
    "lookup", "runs", "checks", "dates", "explain",
)  # fmt: skip


def __getattr__(name: str) -> Any:
    """``FUNCTIONS``, all of them, when they are asked for: many a workbook calls none."""
    if name != "FUNCTIONS":
        raise AttributeError(name)
    from udfs.registry import FUNCTIONS

    # Importing a module declares its functions; they stand in this order whichever was imported first.
    for module in _MODULES:
        import_module(f"{__name__}.{module}")
    ordered = sorted(FUNCTIONS.items(), key=lambda item: _MODULES.index(item[1].compute.__module__.rpartition(".")[2]))
    FUNCTIONS.clear()
    FUNCTIONS.update(ordered)
    globals()[name] = FUNCTIONS
    return FUNCTIONS
