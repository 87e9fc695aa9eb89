"""Values between VBA and Python, as pywin32 converts them (com/win32com/src/oleargs.cpp).

- PyCom_PyObjectFromVariant: Empty and Null are None, error values whole numbers (VT_ERROR, the SCODE), Currency is a
  Decimal, a Date pywintypes' time, arrays are nested tuples, objects raw interfaces, a missing argument the number of
  DISP_E_PARAMNOTFOUND.
- PyCom_VariantFromPyObject: None is Null, whole numbers are Long, LongLong or (beyond 64 bits) Double, other sequences
  arrays with as many dimensions as their first items are deep, counted from 0; a ragged one raises TypeError ("All
  dimensions must be a sequence of the same size").
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from itertools import product
from typing import Any

from pyopenvba.interpreter._objects import VBAObject
from pyopenvba.interpreter._values import (
    EMPTY,
    MISSING,
    NOTHING,
    NULL,
    VBAArray,
    VBACurrency,
    VBADate,
    VBAErrorValue,
    VBAInt,
)

PARAMETER_NOT_FOUND = -2147352572
ERROR_VALUES = -0x80000000 + 0x0A0000
BYTES_OF_VARIANT = 24


def to_python(value: Any, of_object: Any = lambda target: target) -> Any:
    """PyCom_PyObjectFromVariant."""
    if value is EMPTY or value is NULL or value is NOTHING:
        return None
    if value is MISSING:
        return PARAMETER_NOT_FOUND
    if isinstance(value, bool | str):
        return value
    if isinstance(value, VBAErrorValue):
        return ERROR_VALUES + value.number
    if isinstance(value, VBADate):
        from tests.excel.pywin import TimeType

        when = value.to_datetime()
        return TimeType(when.year, when.month, when.day, when.hour, when.minute, when.second, tzinfo=datetime.UTC)
    if isinstance(value, Decimal):
        return Decimal(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, VBAArray):
        return _tuples(value, [], of_object)
    return of_object(value) if isinstance(value, VBAObject) else value


def _tuples(array: VBAArray, place: list[int], of_object: Any) -> Any:
    if len(place) == len(array.bounds):
        return to_python(array.get(place), of_object)
    low, high = array.bounds[len(place)]
    return tuple(_tuples(array, [*place, index], of_object) for index in range(low, high + 1))


def to_vba(value: Any) -> Any:
    """PyCom_VariantFromPyObject."""
    if value is None:
        return NULL
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        bits = value.bit_length()
        return float(value) if bits > 64 else VBAInt(value, "LongLong" if bits > 32 else "Long")
    if isinstance(value, float):
        return float(value)
    if isinstance(value, datetime.datetime):
        return VBADate.from_datetime(value.replace(tzinfo=None))
    if isinstance(value, list | tuple):
        return _array(value)
    if isinstance(value, Decimal):
        return VBACurrency(value)
    return value


def _array(value: Any) -> VBAArray:
    sizes, inner = [], value
    while isinstance(inner, list | tuple):
        sizes.append(len(inner))
        if not inner:
            break
        inner = inner[0]
    array = VBAArray([(0, size - 1) for size in sizes])
    for place in product(*map(range, sizes)):
        item: Any = value
        for depth, index in enumerate(place):
            if not isinstance(item, list | tuple) or len(item) != sizes[depth]:
                raise TypeError("All dimensions must be a sequence of the same size")
            item = item[index]
        array.set(list(place), to_vba(item))
    return array


def size_of(value: Any) -> int:
    """About how many bytes a value takes on its way to another process."""
    if isinstance(value, VBAArray):
        return BYTES_OF_VARIANT + sum(map(size_of, value.items))
    return BYTES_OF_VARIANT + (2 * len(value) if isinstance(value, str) else 0)
