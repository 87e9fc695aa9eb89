"""Puts computed values into a workbook's file: only the cells' values change, every other byte stays."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from addin.headless.model import Cell, CellError
from addin.headless.package import opened, replace
from addin.headless.references import column_number

Values = dict[tuple[int, int], Cell]
_CELL = re.compile(
    rb"<((?:\w+:)?)c((?:\s+[\w:]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*(?:/>|>(.*?)</\1c\s*>)", re.DOTALL
)
_PLACE = re.compile(rb"\sr\s*=\s*[\"']([A-Za-z]{1,3})([0-9]+)[\"']")
_TYPE = re.compile(rb"\s+t\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_VALUE = re.compile(rb"<((?:\w+:)?)(v|is)(?:\s[^>]*)?(?:/>|>.*?</\1\2\s*>)", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def write_values(path: Path, out: Path, computed: dict[str, Values], parts: dict[str, str]) -> None:
    """Write ``path`` with these values to ``out``, atomically; raises WorkbookError."""
    changed: dict[str, bytes] = {}
    with opened(path) as package:
        for sheet, values in computed.items():
            before = package.read(parts[sheet])
            after = patched(before, values)
            if after != before:
                changed[parts[sheet]] = after
    if changed or out != path:
        replace(out, lambda beside: _rewrite(path, beside, changed))


def _rewrite(path: Path, beside: Path, changed: dict[str, bytes]) -> None:
    if not changed:
        shutil.copyfile(path, beside)
        return
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(beside, "w") as target:
        target.comment = source.comment
        for info in source.infolist():
            data = changed.get(info.filename)
            target.writestr(info, source.read(info) if data is None else data)


def patched(xml: bytes, values: Values) -> bytes:
    """A sheet's XML with the given cells' values replaced."""

    def cell(match: re.Match[bytes]) -> bytes:
        place = _PLACE.search(match[2])
        if place is None:
            return match[0]
        key = (int(place[2]) - 1, column_number(place[1].decode()))
        if key not in values:
            return match[0]
        return _with_value(match, values[key])

    return _CELL.sub(cell, xml)


def _with_value(match: re.Match[bytes], value: Cell) -> bytes:
    prefix, attributes, content = match[1], match[2], match[3] or b""
    kind, text = _stored(value)
    new = b"<%bv>%b</%bv>" % (prefix, text.encode(), prefix) if text or kind else b""
    if _VALUE.search(content):
        content = _VALUE.sub(lambda _: new, content, count=1)
    else:
        # The value stands right behind the formula, before any extension.
        close = re.search(rb"<%bf(?:\s[^>]*)?/>|</%bf\s*>" % (prefix, prefix), content)
        end = close.end() if close else 0
        content = content[:end] + new + content[end:]
    attributes = _TYPE.sub(b"", attributes) + (b' t="%b"' % kind.encode() if kind else b"")
    return b"<%bc%b>%b</%bc>" % (prefix, attributes, content, prefix)


def _stored(value: Cell) -> tuple[str, str]:
    if isinstance(value, bool):
        return "b", "1" if value else "0"
    if isinstance(value, CellError):
        return "e", value.value
    if isinstance(value, str):
        return "str", escape(_CONTROL.sub(lambda match: f"_x{ord(match[0]):04X}_", value))
    if value is None:
        return "", ""
    number = float(value)
    return "", str(int(number)) if number == int(number) and abs(number) < 1e15 else repr(number)
