"""Adds a sheet with a few lines of text to the parts of any workbook, at its end: no other sheet changes."""

from __future__ import annotations

import posixpath
from html import escape
from itertools import count

from lxml import etree

from addin.shared.texts import free_name
from addin.xlsx.package import CONTENT_TYPES
from addin.xlsx.parts import child, children, declare, named, parsed, relate, relations_part, written

RED = "FFC00000"
_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


def add_sheet(parts: dict[str, bytes], main: str, name: str, lines: list[tuple[str, str]]) -> None:
    """Put a sheet of two columns behind the others of the workbook part ``main``; ``parts`` is changed.

    The name gets a number if the workbook has such a sheet already.
    """
    beside = relations_part(parts, main)
    book, relations, types = (parsed(parts[part]) for part in (main, beside, CONTENT_TYPES))
    sheets = children(child(book, "sheets"), "sheet")
    taken = {sheet.get("name").lower() for sheet in sheets}
    title = free_name(name, lambda tried: tried.lower() in taken, "{}{}")
    folder = posixpath.join(posixpath.dirname(main), "worksheets")
    part = next(each for number in count(1) if named(parts, each := f"{folder}/sheet{number}.xml") not in parts)
    identifier = next(str(each) for each in sheets[-1].attrib if str(each).endswith("}id"))
    office, _, _ = identifier[1:].partition("}")
    new = etree.SubElement(child(book, "sheets"), sheets[-1].tag, name=title)
    new.set("sheetId", str(max(int(sheet.get("sheetId")) for sheet in sheets) + 1))
    new.set(identifier, relate(relations, f"{office}/worksheet", f"/{part}"))
    declare(types, part, _CONTENT_TYPE)
    parts |= {main: written(book), beside: written(relations), CONTENT_TYPES: written(types)}
    parts[part] = _sheet_xml(lines, str(etree.QName(book).namespace))


def _sheet_xml(lines: list[tuple[str, str]], namespace: str) -> bytes:
    rows = "".join(
        f'<row r="{row}"><c r="A{row}" t="inlineStr"><is><t>{escape(label, quote=False)}</t></is></c>'
        f'<c r="B{row}" t="inlineStr"><is><t>{escape(text, quote=False)}</t></is></c></row>'
        for row, (label, text) in enumerate(lines, start=1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{namespace}"><sheetPr><tabColor rgb="{RED}"/><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView showGridLines="0" workbookViewId="0"/></sheetViews>'
        '<cols><col min="1" max="1" width="18" customWidth="1"/><col min="2" max="2" width="76" customWidth="1"/></cols>'
        f'<sheetData>{rows}</sheetData><pageSetup paperSize="9" fitToHeight="0"/></worksheet>'
    ).encode()
