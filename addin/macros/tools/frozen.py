"""Takes the formulas out of a workbook's parts and leaves their values: patched in the XML, all else stays as it is."""

from __future__ import annotations

import re

from addin.xlsx.cellreader import block
from addin.xlsx.cellxml import TYPE, Grammar
from addin.xlsx.model import area_name
from addin.xlsx.package import safe_xml
from addin.xlsx.parts import parsed, written
from addin.xlsx.sheetdata import SheetData

_ARRAY = re.compile(rb"\scm\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_OF_TOTALS = ("totalsRowCount", "totalsRowFunction", "totalsRowLabel")


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
    kind = TYPE.search(attributes)
    return kind is not None and (kind[1] or kind[2]) == b"str"


def _cell(attributes: bytes, value: bytes, rules: Grammar) -> bytes:
    """A cell that holds only its value; an empty text, which only a formula gives, is a blank cell."""
    attributes = _ARRAY.sub(b"", attributes)
    found = rules.value.search(value)
    if found is None or (_is_text(attributes) and not found[2]):
        attributes = TYPE.sub(b"", attributes)
        return b"<%bc%b/>" % (rules.prefix, attributes.rstrip(b"/ "))
    return b"<%bc%b>%b</%bc>" % (rules.prefix, attributes, value, rules.prefix)


def frozen_table(xml: bytes) -> bytes:
    """A table whose new rows get no formulas, and whose row of totals is plain cells below it."""
    root = parsed(safe_xml(xml))
    for formula in [*root.iter("{*}calculatedColumnFormula", "{*}totalsRowFormula")]:
        formula.getparent().remove(formula)
    if root.get("totalsRowCount") == "1":
        area = block(root.get("ref"), "")
        root.set("ref", area_name(area._replace(bottom=area.bottom - 1)))
        for element in root.iter():
            for name in _OF_TOTALS:
                element.attrib.pop(name, None)
    return written(root)
