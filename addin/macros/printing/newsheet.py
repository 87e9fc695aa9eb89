"""Adds a sheet with a few lines of text to the parts of any workbook, at its end: no other sheet changes."""

from __future__ import annotations

import posixpath
import re
from html import escape

from addin.headless import WorkbookError

CONTENT_TYPES = "[Content_Types].xml"
RED = "FFC00000"
_SHEET = re.compile(rb"<((?:[A-Za-z_][\w.-]*:)?)sheet(?=\s)[^<>]*?(?:/>|></\1sheet\s*>)")
_NUMBER = re.compile(rb"\ssheetId\s*=\s*[\"']([0-9]+)")
_REL_PREFIX = re.compile(rb"\s([A-Za-z_][\w.-]*):id\s*=")
_RELATION = re.compile(rb"<((?:[A-Za-z_][\w.-]*:)?)Relationship(?=\s)[^<>]*?/>")
_TYPE = re.compile(rb"\sType\s*=\s*[\"']([^\"']*/worksheet)[\"']")
_OVERRIDE = re.compile(rb"<((?:[A-Za-z_][\w.-]*:)?)Override(?=\s)[^<>]*?worksheet\+xml[^<>]*?/>")
_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def add_sheet(parts: dict[str, bytes], main: str, sheets: list[str], name: str, lines: list[tuple[str, str]]) -> str:
    """Put a sheet of two columns behind the others of the workbook part ``main``; returns its name.

    The name gets a number if the workbook has such a sheet already. ``parts`` holds UTF-8 XML by part, and is changed.
    """
    workbook = parts[main]
    entries = list(_SHEET.finditer(workbook))
    relations_part = posixpath.join(posixpath.dirname(main), "_rels", posixpath.basename(main) + ".rels")
    relations = parts.get(relations_part, b"")
    kind, prefix = _TYPE.search(relations), entries and _REL_PREFIX.search(entries[-1][0])
    last = list(_RELATION.finditer(relations))
    if not entries or not kind or not prefix or not last:
        raise WorkbookError("工作簿的目录写法特别，无法加入固化说明")
    taken, title, number = {sheet.lower() for sheet in sheets}, name, 2
    while title.lower() in taken:
        title, number = f"{name}{number}", number + 1
    part, target = _free_part(parts, main)
    identifier = _free_identifier(relations)
    sheet_id = max(int(found[1]) for entry in entries if (found := _NUMBER.search(entry[0]))) + 1
    entry = f' name="{escape(title)}" sheetId="{sheet_id}" {prefix[1].decode()}:id="{identifier}"/>'.encode()
    end = entries[-1].end()
    parts[main] = workbook[:end] + b"<" + entries[-1][1] + b"sheet" + entry + workbook[end:]
    relation = f' Id="{identifier}" Type="{kind[1].decode()}" Target="{target}"/>'.encode()
    end = last[-1].end()
    parts[relations_part] = relations[:end] + b"<" + last[-1][1] + b"Relationship" + relation + relations[end:]
    parts[CONTENT_TYPES] = _declared(parts[CONTENT_TYPES], part)
    parts[part] = _sheet_xml(lines, _STRICT.decode() if _STRICT in workbook else _MAIN)
    return title


def _free_part(parts: dict[str, bytes], main: str) -> tuple[str, str]:
    folder, number = posixpath.dirname(main), 1
    taken = {name.lower() for name in parts}
    while posixpath.join(folder, f"worksheets/sheet{number}.xml").lower() in taken:
        number += 1
    target = f"worksheets/sheet{number}.xml"
    return posixpath.join(folder, target), target


def _free_identifier(relations: bytes) -> str:
    number = 1
    while b'"rId%d"' % number in relations or b"'rId%d'" % number in relations:
        number += 1
    return f"rId{number}"


def _declared(types: bytes, part: str) -> bytes:
    known = _OVERRIDE.search(types)
    prefix = known[1] if known else b""
    entry = f'Override PartName="/{part}" ContentType="{_CONTENT_TYPE}"/>'.encode()
    end = types.rindex(b"</")
    return types[:end] + b"<" + prefix + entry + types[end:]


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
