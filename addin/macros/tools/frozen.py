"""Takes the formulas out of a workbook's parts and leaves their values: patched in the XML, all else stays as it is."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable

from addin.xlsx.cellxml import Grammar
from addin.xlsx.package import safe_xml
from addin.xlsx.sheetdata import SheetData

_TYPE = re.compile(rb"\st\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_ARRAY = re.compile(rb"\scm\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_TABLE = re.compile(rb"<((?:[A-Za-z_][\w.-]*:)?)table(?=\s)([^<>]*)>")
_COLUMN_FORMULA = re.compile(
    rb"<((?:[A-Za-z_][\w.-]*:)?)(calculatedColumnFormula|totalsRowFormula)(?=[\s/>])[^<>]*?(?:/>|>.*?</\1\2\s*>)",
    re.DOTALL,
)
_TOTALS = re.compile(rb"\stotalsRow(?:Function|Label|Count)\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_SHOWN_TOTALS = re.compile(rb"\stotalsRowCount\s*=\s*[\"']1[\"']")
_LAST_ROW = re.compile(rb"(\sref\s*=\s*[\"'][A-Z]+[0-9]+:[A-Z]+)([0-9]+)")


def transcoded(xml: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """A change of UTF-8 applied to a part in whatever encoding it has."""
    text = safe_xml(xml)
    if not xml.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return change(text)
    codec = "utf-16-le" if xml.startswith(codecs.BOM_UTF16_LE) else "utf-16-be"
    return xml[:2] + change(xml[2:].decode(codec).encode()).decode().encode(codec)


def frozen_sheet(xml: bytes) -> tuple[bytes, int]:
    """A worksheet without formulas, and how many cells had one."""
    data = SheetData(xml)
    if data.is_empty:
        return xml, 0
    new, copied, count = bytearray(), 0, 0
    for _, row, close in data.rows():
        if close is None:
            continue
        for match in data.rules.cell.finditer(data.scan, row.end(), close):
            formula = data.rules.formula.match(match[2]) if match[2] is not None else None
            if formula is None and not _is_text(match[1]):
                continue
            # Text that a formula gave stands also in the other cells of an array block.
            count += formula is not None
            first, last = match.span(2)
            new += xml[copied : match.start()]
            new += _cell(
                match[1], xml[first + (formula.end() if formula else 0) : last] if first >= 0 else b"", data.rules
            )
            copied = match.end()
    return (bytes(new) + xml[copied:], count) if copied else (xml, 0)


def _is_text(attributes: bytes) -> bool:
    kind = _TYPE.search(attributes)
    return kind is not None and (kind[1] or kind[2]) == b"str"


def _cell(attributes: bytes, value: bytes, rules: Grammar) -> bytes:
    """A cell that holds only its value; an empty text, which only a formula gives, is a blank cell."""
    attributes = _ARRAY.sub(b"", attributes)
    found = rules.value.search(value)
    if found is None or (_is_text(attributes) and not found[2]):
        attributes = _TYPE.sub(b"", attributes)
        return b"<%bc%b/>" % (rules.prefix, attributes.rstrip(b"/ "))
    return b"<%bc%b>%b</%bc>" % (rules.prefix, attributes, value, rules.prefix)


def frozen_table(xml: bytes) -> bytes:
    """A table whose new rows get no formulas, and whose row of totals is plain cells below it."""
    xml = _COLUMN_FORMULA.sub(b"", xml)
    table = _TABLE.search(xml)
    if table is not None and _SHOWN_TOTALS.search(table[2]):
        opening = _LAST_ROW.sub(lambda found: found[1] + b"%d" % (int(found[2]) - 1), table[0], count=1)
        xml = xml[: table.start()] + opening + xml[table.end() :]
        xml = _TOTALS.sub(b"", xml)
    return xml
