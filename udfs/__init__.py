"""The KAOHE functions: what a cell can call. Pure, host-free, standard library only."""

from typing import TYPE_CHECKING, Any

from udfs.registry import Function, Parameter
from udfs.values import MISSING, CellError

if TYPE_CHECKING:
    from udfs.registry import FUNCTIONS

__all__ = ["FUNCTIONS", "MISSING", "CellError", "Function", "Parameter"]


def __getattr__(name: str) -> Any:
    """``FUNCTIONS``, all of them, when they are asked for: many a workbook calls none."""
    if name != "FUNCTIONS":
        raise AttributeError(name)
    # Importing a module declares its functions.
    from udfs import (  # noqa: F401
        ballots,
        checks,
        coefficients,
        dates,
        distribution,
        explain,
        grades,
        lookup,
        pay,
        quotas,
        ranks,
        rounding,
        runs,
        scores,
        weights,
    )
    from udfs.registry import FUNCTIONS

    globals()[name] = FUNCTIONS
    return FUNCTIONS
