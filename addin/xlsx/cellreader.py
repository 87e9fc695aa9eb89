"""Reads a worksheet's cells from its XML.

Rows as spreadsheet programs write them are taken apart by one regular expression, which is ten times as fast as a parser;
any other row (comments, unusual attributes, rich text …) goes through a parser, with the same result.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from lxml import etree

from addin.xlsx.cellxml import column
from addin.xlsx.dates import text_date
from addin.xlsx.model import Area, Cell, CellError, Sheet, cell_name
from addin.xlsx.sheetdata import SheetData, row_number
from workbook_templates.formula.moving import SharedFormula

DATA_TABLE = "TABLE()"
_ERRORS = {error.value: error for error in CellError}
_ATTRIBUTE = re.compile(rb"([A-Za-z0-9:_]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_PLACE = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")
_ENTITY = re.compile(r"&(?:#x([0-9A-Fa-f]+)|#([0-9]+)|(amp|lt|gt|quot|apos));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def read_cells(xml: bytes, sheet: Sheet, strings: list[str], date_styles: set[bytes]) -> None:
    """Fill ``sheet`` from its XML (UTF-8, no document type); raises ValueError for what is no worksheet."""
    # XML knows one line end only.
    data = SheetData(xml.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in xml else xml)
    _CellReader(data, sheet, strings, date_styles).read()


def place(text: str) -> tuple[int, int]:
    """Row and column (from zero) of ``$B$3``."""
    match = _PLACE.fullmatch(text)
    if not match:
        raise ValueError(text)
    return row_number(match[2]), column(match[1].encode())


def block(text: str, sheet: str) -> Area:
    """The block ``A1:B3``, or the one cell ``A1``."""
    first, _, last = text.partition(":")
    (top, left), (bottom, right) = place(first), place(last or first)
    return Area(sheet, min(top, bottom), min(left, right), max(top, bottom), max(left, right))


def decoded(text: str) -> str:
    """A text as it is meant: characters that XML can't hold are stored as ``_x000D_``."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def string_text(item: Any) -> str:
    """The text of a plain or rich string element, phonetic guides left out."""
    texts = []
    for child in item:
        kind = _local(child)
        if kind == "t":
            texts.append(_all_text(child))
        elif kind == "r":
            texts += [_all_text(part) for part in child if _local(part) == "t"]
    return decoded("".join(texts))


_ROOT = re.compile(rb"<((?:[A-Za-z_][\w.-]*:)?)sst(?=[\s/>])[^>]*>")


def read_strings(xml: bytes) -> list[str]:
    """The shared strings of their part (UTF-8), one at a time: there may be millions."""
    root = _ROOT.search(xml)
    if root is None or b"<!" in xml:
        return [string_text(item) for item in etree.fromstring(xml, _parser()) if _local(item) == "si"]
    if root[0].endswith(b"/>"):
        return []
    plain_item, any_item = _items(root[1])
    closing = b"</%bsst>" % root[1]
    strings: list[str] = []
    known: dict[bytes, str] = {}
    position = root.end()
    while True:
        plain = plain_item.match(xml, position)
        if plain is not None:
            stored = plain[1] or b""
            text = known.get(stored)
            if text is None:
                text = known[stored] = decoded(_unescaped(stored))
            strings.append(text)
            position = plain.end()
            continue
        other = any_item.search(xml, position)
        if other is None:
            return strings
        parsed = etree.fromstring(root[0] + other[0] + closing, _parser())
        strings.append(string_text(parsed[0]))
        position = other.end()


@lru_cache(maxsize=8)
def _items(prefix: bytes) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """A string as spreadsheet programs write it if it has one format only, and any string."""
    fill = {b"p": re.escape(prefix)}
    plain = rb"\s*<%(p)ssi>(?:<%(p)st(?: xml:space=\"preserve\")?>([^<]*)</%(p)st>|<%(p)st/>)</%(p)ssi>"
    other = rb"<%(p)ssi(?=[\s/>])[^>]*?(?:/>|>.*?</%(p)ssi\s*>)"
    return re.compile(plain % fill), re.compile(other % fill, re.DOTALL)


def _parser() -> Any:
    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, remove_comments=True)


def _local(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _all_text(element: Any) -> str:
    """The text of an element, comments left out."""
    return "".join(element.xpath("text()"))


@lru_cache(maxsize=8)
def _regular(prefix: bytes) -> re.Pattern[bytes]:
    """Letters, style, type, formula's attributes, formula, value, inline text; the last group is a cell of another kind."""
    return re.compile(
        rb"<%(p)sc(?: r=\"([A-Z]+)[0-9]+\")?(?: s=\"([0-9]+)\")?(?: t=\"([A-Za-z]+)\")?(?: cm=\"([0-9]+)\")?"
        rb"(?:/>|>(?:<%(p)sf((?: [^<>]*?)?)(?:/>|>([^<]*)</%(p)sf>))?"
        rb"(?:<%(p)sv(?: xml:space=\"preserve\")?>([^<]*)</%(p)sv>|<%(p)sv/>"
        rb"|<%(p)sis><%(p)st(?: xml:space=\"preserve\")?>([^<]*)</%(p)st></%(p)sis>)?</%(p)sc>)"
        rb"|<(%(p)sc)(?=[\s/>])" % {b"p": re.escape(prefix)}
    )


class _CellReader:
    def __init__(self, data: SheetData, sheet: Sheet, strings: list[str], date_styles: set[bytes]) -> None:
        self._data, self._sheet, self._strings, self._date_styles = data, sheet, strings, date_styles
        self._shared: dict[str, SharedFormula] = {}
        self._texts: dict[bytes, str] = {}
        self._columns: dict[bytes, int] = {}

    def read(self) -> None:
        findall, scan, xml = _regular(self._data.rules.prefix).findall, self._data.scan, self._data.xml
        for number, row, close in self._data.rows():
            if close is None:
                continue
            hidden = scan is not xml and xml.find(b"<!", row.end(), close) >= 0
            if hidden or not self._read_regular(number, findall(xml, row.end(), close)):
                self._read_parsed(number, xml[row.end() : close])

    def _read_regular(self, row: int, cells: list[tuple[bytes, ...]]) -> bool:
        """Read a row; False if one of its cells is of another kind, or a formula is more than a text."""
        col, columns, strings, date_styles = -1, self._columns, self._strings, self._date_styles
        by_col, formulas = self._sheet.columns, self._sheet.formulas
        value: Cell
        for letters, style, kind, metadata, about, formula, stored, inline, other in cells:
            if other:
                return False
            if letters:
                known = columns.get(letters)
                col = columns.setdefault(letters, column(letters)) if known is None else known
            else:
                col += 1
            if about:
                self._formula(row, col, _attributes(about), self._text(formula))
                if metadata:
                    self._sheet.dynamic.add((row, col))
            elif formula:
                text = _unescaped(formula)
                formulas[row, col] = text[1:] if text.startswith("=") else text
            if stored:
                if not kind or kind == b"n":
                    value = float(stored)
                elif kind == b"s":
                    value = strings[int(stored)]
                elif kind == b"str":
                    value = self._text(stored)
                else:
                    value = error_or_number(kind.decode(), _unescaped(stored))
            elif kind == b"str":
                value = ""
            elif kind == b"inlineStr":
                value = self._text(inline)
            else:
                value = None
            if style in date_styles:
                self._sheet.dates.add((row, col))
            if value is None:
                continue
            cells_above = by_col.get(col)
            if cells_above is not None and len(cells_above) == row:
                cells_above.append(value)
            else:
                self._sheet.set(row, col, value)
        self._sheet.height = max(self._sheet.height, row + 1)
        return True

    def _read_parsed(self, row: int, content: bytes) -> None:
        """Read a row with a parser; the sheet's own opening tag declares its namespaces."""
        closing = b"</%bworksheet>" % self._data.rules.prefix
        col = -1
        for cell in etree.fromstring(self._data.opening + content + closing, _parser()):
            if _local(cell) != "c":
                continue
            reference = cell.get("r")
            cell_row, col = place(reference) if reference else (row, col + 1)
            self._read_cell(cell, cell_row, col)

    def _read_cell(self, cell: Any, row: int, col: int) -> None:
        kind = cell.get("t", "n")
        value: Cell = None
        for child in cell:
            name, text = _local(child), _all_text(child)
            if name == "f":
                self._formula(row, col, dict(child.attrib), decoded(text))
                if cell.get("cm"):
                    self._sheet.dynamic.add((row, col))
            elif name == "is":
                value = string_text(child)
            elif name == "v":
                if kind == "s":
                    value = self._strings[int(text)] if text else None
                else:
                    value = decoded(text) if kind == "str" else error_or_number(kind, text)
        if value is not None:
            self._sheet.set(row, col, value)
        if cell.get("s", "").encode() in self._date_styles:
            self._sheet.dates.add((row, col))

    def _text(self, stored: bytes) -> str:
        """Equal texts are one object."""
        text = self._texts.get(stored)
        if text is None:
            text = self._texts[stored] = decoded(_unescaped(stored))
        return text

    def _formula(self, row: int, col: int, about: dict[str, str], text: str) -> None:
        text = text.removeprefix("=")
        kind = about.get("t", "normal")
        if kind == "shared":
            index = about.get("si", "")
            if text:
                self._shared[index] = SharedFormula(text, row, col)
            elif index in self._shared:
                text = self._shared[index].at(row, col)
        elif kind in ("array", "dataTable"):
            self._sheet.arrays[row, col] = block(about.get("ref") or cell_name(row, col), self._sheet.name)
            # What a data table tries out can't be known from its cells; as a formula it is reported, not computed.
            text = DATA_TABLE if kind == "dataTable" else text
        if text:
            self._sheet.formulas[row, col] = text


def error_or_number(kind: str, text: str) -> Cell:
    """A value that is neither a formula's text nor a shared string."""
    if kind == "inlineStr":  # Where it is no element of its own.
        return decoded(text)
    text = text.strip()
    match kind:
        case "b":
            return text in ("1", "true")
        case "e":
            return _ERRORS.get(text, CellError.VALUE)
        case "d":
            number = text_date(text.removesuffix("Z").replace("T", " ").partition(".")[0])
            return text if number is None else number
    return float(text) if text else None


def _attributes(text: bytes) -> dict[str, str]:
    return {name.decode(): _unescaped(double or single) for name, double, single in _ATTRIBUTE.findall(text)}


def _unescaped(stored: bytes) -> str:
    """The text that XML means."""
    text = stored.decode()
    return _ENTITY.sub(_character, text) if "&" in text else text


def _character(match: re.Match[str]) -> str:
    if match[3]:
        return _NAMED[match[3]]
    return chr(int(match[1], 16) if match[1] else int(match[2]))
