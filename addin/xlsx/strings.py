"""The texts of a workbook: shared strings, as cells refer to them, and what the characters of a text mean."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from addin.xlsx.cellxml import unescaped
from addin.xlsx.parts import local_name, parsed
from addin.xlsx.sheetdata import has_declarations

_ROOT = re.compile(rb"<((?:[A-Za-z_][\w.-]*:)?)sst(?=[\s/>])[^<>]*>")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def one_line_end(xml: bytes) -> bytes:
    """XML knows one line end only, however it is stored."""
    return xml.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in xml else xml


def decoded(text: str) -> str:
    """A text as it is meant: characters that XML can't hold are stored as ``_x000D_``."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def string_text(item: Any) -> str:
    """The text of a plain or rich string element, phonetic guides left out."""
    texts = []
    for child in item:
        kind = local_name(child)
        if kind == "t":
            texts.append(all_text(child))
        elif kind == "r":
            texts += [all_text(part) for part in child if local_name(part) == "t"]
    return decoded("".join(texts))


def read_strings(xml: bytes) -> list[str]:
    """The shared strings of their part (UTF-8): all at once if they are plain, else one at a time, for there may be millions."""
    xml = one_line_end(xml)
    root = _ROOT.search(xml)
    if root is None or has_declarations(xml):
        return [string_text(item) for item in parsed(xml) if local_name(item) == "si"]
    if root[0].endswith(b"/>"):
        return []
    plain = _plain_strings(xml[root.end() :], root[1])
    if plain is not None:
        return plain
    plain_item, opening, ending = _items(root[1])
    closing = b"</%bsst>" % root[1]
    strings: list[str] = []
    known: dict[bytes, str] = {}
    position = root.end()
    while True:
        found = plain_item.match(xml, position)
        if found is not None:
            stored = found[1] or b""
            text = known.get(stored)
            if text is None:
                text = known[stored] = decoded(unescaped(stored))
            strings.append(text)
            position = found.end()
            continue
        other = opening.search(xml, position)
        if other is None:
            return strings
        last = other if other[0].endswith(b"/>") else ending.search(xml, other.end())
        if last is None:
            raise ValueError("共享文本没有写完")
        position = last.end()
        item = parsed(root[0] + xml[other.start() : position] + closing)
        strings.append(string_text(item[0]))


def _plain_strings(xml: bytes, prefix: bytes) -> list[str] | None:
    """All strings from the first one on, where each has one format only; else None."""
    fill = {b"p": prefix}
    before, behind, end = b"<%(p)bsi><%(p)bt>" % fill, b"</%(p)bt></%(p)bsi>" % fill, b"</%(p)bsst>" % fill
    body = xml[: xml.rfind(end)].replace(b'<%(p)bt xml:space="preserve">' % fill, b"<%(p)bt>" % fill)
    phonetics = b"<%(p)bphoneticPr " % fill
    if phonetics in body:
        body = re.sub(re.escape(phonetics) + rb"[^<>]*/>", b"", body)
    if not (body.startswith(before) and body.endswith(behind)):
        return None
    texts = body[len(before) : -len(behind)].decode().split((behind + before).decode())
    if body.count(b"<") != 4 * len(texts):
        return None
    return [decoded(unescaped(text.encode())) if "&" in text or "_x" in text else text for text in texts]


@lru_cache(maxsize=8)
def _items(prefix: bytes) -> tuple[re.Pattern[bytes], re.Pattern[bytes], re.Pattern[bytes]]:
    """A string as spreadsheet programs write it if it has one format only, and where any string begins and ends."""
    fill = {b"p": re.escape(prefix)}
    plain = rb"\s*<%(p)ssi>(?:<%(p)st(?: xml:space=\"preserve\")?>([^<]*)</%(p)st>|<%(p)st/>)</%(p)ssi>"
    return (
        re.compile(plain % fill),
        re.compile(rb"<%(p)ssi(?=[\s/>])[^<>]*>" % fill),
        re.compile(rb"</%(p)ssi\s*>" % fill),
    )


def all_text(element: Any) -> str:
    """The text of an element, comments left out."""
    return "".join(element.xpath("text()"))
