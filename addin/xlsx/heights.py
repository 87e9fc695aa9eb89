"""Heights of the rows into whose wrapped cells long texts are put: LibreOffice finds none of them when it opens a file."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection, Mapping

from addin.xlsx.cellxml import column
from addin.xlsx.hiddencolumns import columns_like
from addin.xlsx.package import transcoded
from addin.xlsx.parts import child, children, main_part, parse_part, relations_of
from addin.xlsx.sheetdata import SheetData

_WIDTH = re.compile(rb"\swidth\s*=\s*[\"']([0-9.]+)")
_HIDDEN = re.compile(rb"\shidden\s*=\s*[\"'](?:1|true)")
_PLACE = re.compile(rb"\sr\s*=\s*[\"']([A-Z]{1,3})[0-9]+")
_STYLE = re.compile(rb"\ss\s*=\s*[\"']([0-9]+)")
_HEIGHT = re.compile(rb"\sht\s*=\s*[\"']([0-9.]+)[\"']")
_IS_SET = re.compile(rb"\scustomHeight\s*=\s*[\"'](?:1|true)")
_PADDING = 0.7109375
"""What a width in a file has more than the characters that are seen."""
Texts = Mapping[int, Mapping[int, str]]
"""By row and column, from zero."""


def wrapping_styles(package: zipfile.ZipFile) -> set[int]:
    """The numbers of the formats in which texts are wrapped."""
    part = next((target for kind, target in relations_of(package, main_part(package)).values() if kind == "styles"), "")
    if not part:
        return set()
    found = children(child(parse_part(package, part), "cellXfs"), "xf")
    return {n for n, style in enumerate(found) if any(each.get("wrapText") in ("1", "true") for each in style)}


def with_heights(xml: bytes, texts: Texts, wrapping: Collection[int]) -> bytes:
    """The sheet with rows high enough for these texts; a height that somebody has set stays."""
    return transcoded(xml, lambda text: _with_heights(text, texts, wrapping))


def _with_heights(xml: bytes, texts: Texts, wrapping: Collection[int]) -> bytes:
    # Only who types texts waits for what writes workbooks.
    from workbook_templates.workbook.sheets.page import lines_height, lines_of

    data = SheetData(xml)
    widths: dict[int, float] = {}
    for cols, width in columns_like(data, _WIDTH):
        widths |= dict.fromkeys(cols, float(width[1]))
    for cols, _ in columns_like(data, _HIDDEN):
        widths |= dict.fromkeys(cols, 0)
    pieces: list[bytes] = []
    copied = 0
    for number, opening, close in data.rows():
        own = texts.get(number)
        if own is None or close is None or _IS_SET.search(opening[0]):
            continue
        most = 1
        for match in data.rules.cell.finditer(data.scan, opening.end(), close):
            place, style = _PLACE.search(match[1]), _STYLE.search(match[1])
            col = column(place[1]) if place else -1
            if style and int(style[1]) in wrapping and col in own and widths.get(col, 0) > _PADDING:
                most = max(most, lines_of(own[col], widths[col] - _PADDING))
        height, given = lines_height(most), _HEIGHT.search(opening[0])
        if most > 1 and (given is None or float(given[1]) < height):
            tag = _HEIGHT.sub(b"", opening[0])[:-1] + b' ht="%g">' % height
            pieces += [xml[copied : opening.start()], tag]
            copied = opening.end()
    return b"".join([*pieces, xml[copied:]]) if pieces else xml
