"""The KAOHE functions: what a cell can call. Pure, host-free, standard library only."""

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
from udfs.registry import FUNCTIONS, Function, Parameter
from udfs.values import MISSING, CellError

__all__ = ["FUNCTIONS", "MISSING", "CellError", "Function", "Parameter"]
# Importing a module declares its functions.
_DECLARING = (
    (scores, ballots, weights, coefficients, rounding, ranks, quotas, grades, distribution, pay),
    (lookup, runs, checks, dates, explain),
)
