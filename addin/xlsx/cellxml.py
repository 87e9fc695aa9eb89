"""One cell of a worksheet's XML: what its value is written as, and where in the cell it stands."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import NamedTuple

from addin.xlsx.model import Cell, CellError, column_name
from workbook_templates.formula.tokens import LAST_COLUMN

_ATTRIBUTES = rb"(?:[^<>\"']|\"[^\"]*\"|'[^']*')*"
TYPE = re.compile(rb"\st\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_METADATA = re.compile(rb"\svm\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_ESCAPED = re.compile(r"_x[0-9A-Fa-f]{4}_")
_UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_MARKUP = re.compile("[&<>]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_ENTITY = re.compile(r"&(?:(?:#x([0-9A-Fa-f]{1,6})|#([0-9]{1,7})|(amp|lt|gt|quot|apos));|)")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
NUMBER = b"n"
_STORED = frozenset(
    {
        CellError.NULL, CellError.DIV0, CellError.VALUE, CellError.REF, CellError.NAME, CellError.NUM, CellError.NA,
        CellError.GETTING_DATA,
    }
)  # fmt: skip


class Grammar(NamedTuple):
    """The regular expressions for a sheet whose elements have this namespace prefix (with its colon, or empty)."""

    prefix: bytes
    data: re.Pattern[bytes]
    row: re.Pattern[bytes]
    cell: re.Pattern[bytes]
    value: re.Pattern[bytes]
    plain: re.Pattern[bytes]
    """A value that is written as most are."""
    formula: re.Pattern[bytes]


@lru_cache(maxsize=8)
def grammar(prefix: bytes) -> Grammar:
    """For a sheet whose elements have this prefix (``x:``, mostly none)."""
    fill = {b"p": re.escape(prefix), b"a": _ATTRIBUTES}
    return Grammar(
        prefix,
        re.compile(rb"<%(p)ssheetData(?=[\s/>])%(a)s>" % fill),
        re.compile(rb"<%(p)srow(?=[\s/>])((?:[^<>\"']++|\"[^\"]*\"|'[^']*')*+)>" % fill),
        re.compile(rb"<%(p)sc(?=[\s/>])(%(a)s?)(?:/>|>(.*?)</%(p)sc\s*>)" % fill, re.DOTALL),
        re.compile(rb"<%(p)s(v|is)(?=[\s/>])%(a)s?(?:/>|>(.*?)</%(p)s\1\s*>)" % fill, re.DOTALL),
        re.compile(rb"<%(p)sv>([^<]*)</%(p)sv>" % fill),
        re.compile(rb"\s*<%(p)sf(?=[\s/>])%(a)s?(?:/>|>.*?</%(p)sf\s*>)" % fill, re.DOTALL),
    )


@lru_cache(maxsize=1024)
def letters(col: int) -> bytes:
    return column_name(col).encode()


def column(name: bytes) -> int:
    """Column (from zero) of its letters; raises ValueError for one that no sheet has."""
    number = 0
    for letter in name.upper()[:4]:
        number = number * 26 + letter - 64
    if number > LAST_COLUMN + 1:
        raise ValueError(f"没有 {name.decode()} 列")
    return number - 1


def unescaped(text: bytes) -> str:
    """The text that XML means; raises ValueError for what means none."""
    meant = text.decode()
    return _ENTITY.sub(_character, meant) if "&" in meant else meant


def _character(match: re.Match[str]) -> str:
    if match[3]:
        return _NAMED[match[3]]
    character = chr(int(match[1], 16) if match[1] else int(match[2] or 0))
    if character != "\r" and _UNSTORABLE.match(character):
        raise ValueError(f"“{match.string[match.start() : match.start() + 12]}”不是 XML 的写法")
    return character


def stored(value: Cell) -> tuple[bytes, bytes | None]:
    """A value as a cell stores it: its type, and the text of ``<v>`` (None: no such element).

    Numbers have the fewest digits that mean the same double; characters that XML can't hold are written ``_x000D_``.
    """
    if type(value) is float and math.isfinite(value):
        return NUMBER, number_text(value)
    if isinstance(value, str):
        return b"str", _text(value)
    if value is None:
        return NUMBER, None
    if isinstance(value, bool):
        return b"b", b"1" if value else b"0"
    if isinstance(value, CellError):
        # Excel itself stores the newer ones so, and says elsewhere which one is meant.
        return b"e", (value if value in _STORED else CellError.VALUE).value.encode()
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    return stored(number) if math.isfinite(number) else stored(CellError.NUM)


def number_text(value: float) -> bytes:
    return repr(value + 0.0).removesuffix(".0").encode()


def _text(value: str) -> bytes:
    if value.isalnum():
        return value.encode()
    text = _ESCAPED.sub(lambda match: "_x005F" + match[0], value)
    text = _UNSTORABLE.sub(lambda match: f"_x{ord(match[0]):04X}_", text)
    return _MARKUP.sub(lambda match: _ENTITIES[match[0]], text).encode()


def same(kind: bytes, old: bytes | None, new: bytes | None) -> bool:
    """Two texts of a value of this type mean the same."""
    if old == new or old is None or new is None:
        return old == new
    try:
        return kind == NUMBER and float(old) == float(new)
    except ValueError:
        return False


def value_element(text: bytes | None, rules: Grammar) -> bytes:
    """``<v>`` around a text that is escaped already; nothing for None."""
    if text is None:
        return b""
    space = b' xml:space="preserve"' if text[:1].isspace() or text[-1:].isspace() else b""
    return b"<%bv%b>%b</%bv>" % (rules.prefix, space, text, rules.prefix)


def type_attribute(kind: bytes) -> bytes:
    return b"" if kind == NUMBER else b' t="' + kind + b'"'


def with_type(attributes: bytes, kind: bytes) -> bytes:
    """A cell's attributes with another type."""
    wanted = type_attribute(kind)
    return TYPE.sub(lambda _: wanted, attributes) if TYPE.search(attributes) else attributes + wanted


def new_cell(row: int, col: int, value: Cell, rules: Grammar) -> bytes:
    """A cell that the sheet does not have yet; nothing for a blank."""
    kind, text = stored(value)
    if text is None:
        return b""
    place = b"%b%d" % (letters(col), row + 1)
    content = value_element(text, rules)
    return b'<%bc r="%b"%b>%b</%bc>' % (rules.prefix, place, type_attribute(kind), content, rules.prefix)


def changed_cell(found: re.Match[bytes], whole: bytes, value: Cell, rules: Grammar) -> bytes | None:
    """Any cell with another value; None if it has it already. ``rules.cell`` found the cell in a copy of ``whole``."""
    kind, text = stored(value)
    kind_found = TYPE.search(found[1])
    old_kind = (kind_found[1] or kind_found[2] or NUMBER) if kind_found else NUMBER
    first, last = found.span(2)
    content, scan = (whole[first:last], found[2]) if first >= 0 else (b"", b"")
    old = rules.value.search(scan)
    if old_kind == kind and (old is None or old[1] == b"v"):
        old_text = None if old is None else content[old.start(2) : old.end(2)] if old[2] is not None else b""
        if same(kind, old_text, text):
            return None
    new = value_element(text, rules)
    if old is not None:
        content = content[: old.start()] + new + content[old.end() :]
    else:
        formula = rules.formula.match(scan)
        end = formula.end() if formula else 0
        content = content[:end] + new + content[end:]
    # Metadata of the old value (a data type, a spill error) would belie the new one.
    attributes = _METADATA.sub(b"", found[1])
    if old_kind != kind:
        attributes = with_type(attributes, kind)
    return b"<%bc%b>%b</%bc>" % (rules.prefix, attributes, content, rules.prefix)
