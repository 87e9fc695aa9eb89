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
    # Importing a module declares its functions; they stand in this order whichever was imported first.
    from udfs import (
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

    first = (scores, ballots, weights, coefficients, rounding, ranks, quotas, grades, distribution, pay)
    names = [module.__name__ for module in (*first, lookup, runs, checks, dates, explain)]
    ordered = sorted(FUNCTIONS.items(), key=lambda item: names.index(item[1].compute.__module__))
    FUNCTIONS.clear()
    FUNCTIONS.update(ordered)
    globals()[name] = FUNCTIONS
    return FUNCTIONS
