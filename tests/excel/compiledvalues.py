"""What translated VBA computes with: pyOpenVBA's operators, with short ways for what is most frequent."""

from __future__ import annotations

from typing import Any

from pyopenvba.exceptions import VBARuntimeError
from pyopenvba.interpreter._intrinsics import INTRINSICS
from pyopenvba.interpreter._objects import VBAObject, method
from pyopenvba.interpreter._runtime import UNRESOLVED, Collection, Slot, _call_value, _dispatch_set
from pyopenvba.interpreter._values import (
    EMPTY,
    MISSING,
    NOTHING,
    NULL,
    VBAArray,
    VBAErrorValue,
    add,
    coerce,
    compare,
    concat,
    divide,
    error,
    int_divide,
    is_object,
    logical_and,
    logical_not,
    logical_or,
    logical_xor,
    modulo,
    multiply,
    negate,
    power,
    subtract,
    to_bool,
    to_integer,
    to_text,
    type_name,
)

__all__ = [
    "EMPTY", "MISSING", "NOTHING", "Slot", "VBAArray", "VBARuntimeError", "add", "coerce", "compare", "concat", "divide",
    "int_divide", "logical_and", "logical_not", "logical_or", "logical_xor", "modulo", "multiply", "negate", "power",
    "subtract", "type_name",
]  # fmt: skip
_PLAIN = (float, str, bool)


def scalar(value: Any) -> Any:
    return value.vba_value() if isinstance(value, VBAObject) else value


def truth(value: Any) -> bool:
    return value if value is True or value is False else to_bool(scalar(value))


def whole(value: Any) -> int:
    return value if type(value) is int else int(to_integer(value, "Long"))


def text(value: Any) -> str:
    return value if type(value) is str else to_text(value)


TYPED = {"Long": "whole", "Integer": "whole", "String": "text", "Boolean": "truth"}


def copied(value: Any) -> Any:
    if type(value) is not VBAArray:
        return value
    return VBAArray(value.bounds, element_type=value.element_type, fixed=value.fixed, items=value.items.copy())


def let(value: Any) -> Any:
    """A value on its way into a variable: an object's own value, an array's copy."""
    if type(value) in _PLAIN:
        return value
    if isinstance(value, VBAObject):
        return value.vba_value()
    if value is NOTHING:
        raise error(91)
    return copied(value)


def an_object(value: Any) -> Any:
    if not is_object(value):
        raise error(438, "Set needs an object on the right")
    return value


def same(left: Any, right: Any) -> Any:
    kind = type(left)
    if kind is type(right) and kind in (float, str, int):
        return left == right
    return compare("=", scalar(left), scalar(right))


def different(left: Any, right: Any) -> Any:
    kind = type(left)
    if kind is type(right) and kind in (float, str, int):
        return left != right
    return compare("<>", scalar(left), scalar(right))


def item(value: Any, place: Any) -> Any:
    if type(value) is VBAArray and len(value.bounds) == 1:
        low, high = value.bounds[0]
        place = whole(place)
        if low <= place <= high:
            return value.items[place - low]
        raise error(9)
    return _call_value(value, [place], {})


def item2(value: Any, row: Any, column: Any) -> Any:
    if type(value) is VBAArray and len(value.bounds) == 2:
        return value.items[_place(value, whole(row), whole(column))]
    return _call_value(value, [row, column], {})


def _place(array: VBAArray, row: int, column: int) -> int:
    (top, bottom), (left, right) = array.bounds
    if top <= row <= bottom and left <= column <= right:
        return int(row - top + (column - left) * (bottom - top + 1))
    raise error(9)


def put_item(held: Any, value: Any, *places: Any) -> None:
    if type(held) is not VBAArray:
        _dispatch_set(held, "Item", value, list(places), {}, False)
    elif len(places) == 2 and held.element_type == "Variant":
        held.items[_place(held, whole(places[0]), whole(places[1]))] = value
    else:
        held.set([whole(each) for each in places], value)


def element_of(old: Any, declared: str) -> str:
    return old.element_type if isinstance(old, VBAArray) else declared


def elsewhere(interpreter: Any, key: str, given: list[Any], named: dict[str, Any]) -> Any:
    """A name of the host's."""
    if not given and not named:
        found = interpreter.lookup(key, None)
        if found is UNRESOLVED:
            raise error(35, f"Sub or Function not defined: {key}")
        return found
    supplied = interpreter.host.global_object(key)
    if supplied is not UNRESOLVED:
        return _call_value(supplied, given, named)
    if interpreter.host.has_global_member(key):
        return interpreter.host.call_global(key, given, named)
    raise error(35, f"Sub or Function not defined: {key}")


# --- VBA's own functions that are called most ----------------------------------------------


def var_type(value: Any) -> int:
    known = _VAR_TYPES.get(type(value))
    return known if known is not None else int(INTRINSICS["vartype"](None, [value], {}))


_VAR_TYPES = {float: 5, str: 8, bool: 11, VBAErrorValue: 10}


def is_empty(value: Any) -> bool:
    return scalar(value) is EMPTY


def is_array(value: Any) -> bool:
    return type(value) is VBAArray


def is_missing(value: Any) -> bool:
    return value is MISSING


def is_null(value: Any) -> bool:
    return scalar(value) is NULL


def is_error(value: Any) -> bool:
    return isinstance(scalar(value), VBAErrorValue)


def bound(value: Any, dimension: Any, upper: bool) -> int:
    if type(value) is not VBAArray:
        raise error(13)
    number = whole(dimension)
    if not 1 <= number <= len(value.bounds):
        raise error(9)
    return int(value.bounds[number - 1][upper])


def lbound(value: Any, dimension: Any = 1) -> int:
    return bound(value, dimension, False)


def ubound(value: Any, dimension: Any = 1) -> int:
    return bound(value, dimension, True)


def mid(value: Any, start: Any, length: Any = None) -> str:
    characters, start = text(value), whole(start)
    if start < 1:
        raise error(5)
    return characters[start - 1 :] if length is None else characters[start - 1 : start - 1 + max(0, whole(length))]


def left(value: Any, length: Any) -> str:
    return text(value)[: whole(length)]


def right(value: Any, length: Any) -> str:
    number = whole(length)
    return text(value)[-number:] if number else ""


def upper(value: Any) -> str:
    return text(value).upper()


def lower(value: Any) -> str:
    return text(value).lower()


def length(value: Any) -> int:
    return len(text(value))


def code_of(value: Any) -> int:
    """AscW, which counts beyond 32767 from below."""
    characters = text(value)
    if not characters:
        raise error(5)
    code = ord(characters[0])
    return code - 0x10000 if code > 0x7FFF else code


def in_string(*given: Any) -> int:
    start, characters, sought, *how = given if len(given) > 2 else (1, *given)
    characters, sought, first = text(characters), text(sought), whole(start)
    if how and whole(how[0]):
        characters, sought = characters.upper(), sought.upper()
    return 0 if first > len(characters) else characters.find(sought, first - 1) + 1


def made_array(*items: Any) -> VBAArray:
    return VBAArray([(0, len(items) - 1)], items=[copied(each) for each in items])


FAST = {
    "vartype": ("var_type", "i"), "isempty": ("is_empty", "b"), "isarray": ("is_array", "b"),
    "ismissing": ("is_missing", "b"), "isnull": ("is_null", "b"), "iserror": ("is_error", "b"), "isobject": ("is_object", "b"), "lbound": ("lbound", "i"), "ubound": ("ubound", "i"),
    "mid": ("mid", "s"), "left": ("left", "s"), "right": ("right", "s"), "ucase": ("upper", "s"), "lcase": ("lower", "s"),
    "len": ("length", "i"), "ascw": ("code_of", "i"), "instr": ("in_string", "i"), "array": ("made_array", "v"), "typename": ("type_name", "s"), "cstr": ("as_text", "s"),
}  # fmt: skip


def as_text(value: Any) -> str:
    if isinstance(value, VBAErrorValue):
        return f"Error {value.number}"
    return text(scalar(value))


class Keyed(Collection):
    """A Collection that finds a key at once."""

    vba_type_name = "Collection"

    def __init__(self) -> None:
        super().__init__()
        self._found: dict[str, Any] = {}

    @method
    def Add(self, Item: Any = MISSING, Key: Any = MISSING, Before: Any = MISSING, After: Any = MISSING) -> Any:
        key = None if Key is MISSING else to_text(Key).lower()
        if key in self._found:
            raise error(457)
        at = len(self._items)
        if Before is not MISSING:
            at = self._position(Before) - 1
        elif After is not MISSING:
            at = self._position(After)
        self._items.insert(at, Item)
        self._keys.insert(at, key)
        if key is not None:
            self._found[key] = Item
        return EMPTY

    @method
    def Remove(self, Index: Any = MISSING) -> Any:
        at = self._position(Index) - 1
        self._found.pop(self._keys.pop(at), None)
        self._items.pop(at)
        return EMPTY

    def _position(self, index: Any) -> int:
        if isinstance(index, str):
            if index.lower() not in self._found:
                raise error(5)
            return int(self._keys.index(index.lower())) + 1
        return int(super()._position(index))

    def vba_lookup(self, index: Any, items: list[Any]) -> Any:
        if isinstance(index, str) and index.lower() in self._found:
            return self._found[index.lower()]
        return items[self._position(index) - 1]
