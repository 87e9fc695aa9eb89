"""The KAOHE functions: what a cell can call. Pure, host-free, standard library only."""

from udfs import checks, coefficients, dates, explain, grades, lookup, pay, ranks, scores
from udfs.registry import FUNCTIONS, Function, Parameter
from udfs.values import MISSING, CellError

__all__ = ["FUNCTIONS", "MISSING", "CellError", "Function", "Parameter"]
# Importing a module declares its functions.
_DECLARING = (scores, coefficients, ranks, grades, pay, lookup, checks, dates, explain)
