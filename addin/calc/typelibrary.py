"""The extension's type library (.rdb): one UNO interface with a method for each function.

The file format is UNOIDL's, as read and written by LibreOffice's ``unoidl`` library: a header, items that point backwards to
other items, names stored once and referred to afterwards. The same interface written by the SDK's ``unoidl-write`` gives the
same bytes but for its comment.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from addin.calc.component.identity import IDENTIFIER, INTERFACE, method
from udfs import FUNCTIONS
from udfs.registry import Parameter

ANY, RANGE = "any", "com.sun.star.table.XCellRange"
DOCUMENT = ("document", "com.sun.star.beans.XPropertySet")
"""A parameter that Calc fills in itself: the document of the formula."""
BASE = "com.sun.star.uno.XInterface"
_MAGIC = b"UNOIDL\xff\0"
_MODULE_ITEM, _INTERFACE_ITEM = 0, 5
_IN = 0
_BACK_REFERENCE = 0x8000_0000


@dataclass(frozen=True)
class Method:
    """A method that gives anything and takes these parameters (name, type)."""

    name: str
    parameters: Sequence[tuple[str, str]]


def methods() -> list[Method]:
    """The interface's methods, one a function; those that read dates are given the document, which knows from when it counts."""
    return [
        Method(method(f), [*((argument_name(p), argument_type(p)) for p in f.parameters), *[DOCUMENT] * f.is_dated])
        for f in FUNCTIONS.values()
    ]


def argument_name(parameter: Parameter) -> str:
    """``fullMarks``: UNO takes no underscores within such names."""
    first, *others = parameter.english.split("_")
    return first + "".join(map(str.capitalize, others))


def argument_type(parameter: Parameter) -> str:
    """How Calc hands an argument over.

    ``any`` takes values, arrays and ranges, and alone may be left out at the end of a call; but Calc refuses a range with an
    error value in it. A range object takes ranges only, with whatever stands in their cells.
    """
    return RANGE if parameter.takes_cells else ANY


def type_library() -> bytes:
    """The .rdb file."""
    return write(IDENTIFIER, INTERFACE, methods())


def write(module: str, interface: str, methods: Sequence[Method], comment: bytes = b"") -> bytes:
    """A type library that holds one interface in a module (``a.b.c``); readers skip the comment behind its header."""
    data = bytearray(_MAGIC + bytes(8) + comment)
    names: dict[str, int] = {}

    def number(value: int) -> None:
        data.extend(struct.pack("<I", value))

    def name(text: str) -> None:
        if text in names:
            number(names[text] | _BACK_REFERENCE)
            return
        names[text] = len(data)
        number(len(text))
        data.extend(text.encode("ascii"))

    item = len(data)
    data.append(_INTERFACE_ITEM)
    number(1)
    name(BASE)
    number(0)  # optional bases
    number(0)  # attributes
    number(len(methods))
    for one in methods:
        name(one.name)
        name(ANY)
        number(len(one.parameters))
        for parameter, type_name in one.parameters:
            data.append(_IN)
            name(parameter)
            name(type_name)
        number(0)  # exceptions
    # Each module is a map with a single entry, the innermost first; the last map is the file's root.
    child = interface
    for part in reversed(module.split(".")):
        key = len(data)
        data.extend(child.encode("ascii") + b"\0")
        start = len(data)
        data.append(_MODULE_ITEM)
        number(1)
        number(key)
        number(item)
        child, item = part, start
    key = len(data)
    data.extend(child.encode("ascii") + b"\0")
    root = len(data)
    number(key)
    number(item)
    data[8:16] = struct.pack("<II", root, 1)
    return bytes(data)
