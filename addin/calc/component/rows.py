"""Rows of values from methods that give single values too.

A single value must come as such, for in a block of one cell it is not the same to IF, COUNTIF and ``=``. Rows must come under their
exact type, which Python can't give to what a method returns that may return anything; but it can to a property, and a result that
Calc asks for afterwards (a volatile one) comes in a property.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import uno
import unohelper
from com.sun.star.sheet import XVolatileResult

from addin.calc.component.cells import answer

_TYPE = "[][]any"
_MOST = 200


class _Rows(unohelper.Base, XVolatileResult):
    """Tells whoever asks, at once and once only."""

    def __init__(self, values: Any) -> None:
        self._values = values

    def addResultListener(self, listener: Any) -> None:
        event = uno.createUnoStruct("com.sun.star.sheet.ResultEvent")
        event.Value = uno.Any(_TYPE, self._values)
        listener.modified(event)

    def removeResultListener(self, listener: Any) -> None:
        pass


_told: OrderedDict[Any, _Rows] = OrderedDict()
"""Calc keeps every one of these as long as the document is open, so equal rows are given as the same one."""


def rows(result: Any) -> Any:
    """A function's rows of cells as Calc takes them."""
    known = _told.pop(result, None) or _Rows(answer(result))
    _told[result] = known
    if len(_told) > _MOST:
        _told.popitem(last=False)
    return known
