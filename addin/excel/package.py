"""The file around the VBA project: an ordinary workbook becomes an add-in, or a workbook with functions of its own.

Everything in the workbook stays as it is, stored values included; the project, the ribbon and the code names that tie
sheets to their modules are put in last.
"""

from __future__ import annotations

import posixpath
from enum import Enum
from pathlib import Path

from lxml import etree

from addin.excel.contents import PROJECT_PART, RIBBON_PART
from addin.excel.project import WORKBOOK, project
from addin.portable.archive import create
from addin.xlsx.files import WorkbookError, replace
from addin.xlsx.package import opened

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
SHEET = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
VBA = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
RIBBON = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
CONTENT_TYPES, WORKBOOK_PART = "[Content_Types].xml", "xl/workbook.xml"


class Form(Enum):
    """What the file is to Excel."""

    ADDIN = "application/vnd.ms-excel.addin.macroEnabled.main+xml"
    WORKBOOK = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"


def with_project(workbook: Path, out: Path, form: Form, ribbon: bytes) -> None:
    """Write the workbook (.xlsx) with the VBA project and the ribbon to ``out``, atomically. Raises WorkbookError."""
    with opened(workbook) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    if PROJECT_PART in parts:
        raise WorkbookError(f"{workbook} 已经带有宏，不能再放入考核函数；请用 .xlsx 文件")
    parts[PROJECT_PART] = project(_name_sheets(parts), form is Form.WORKBOOK)
    parts[RIBBON_PART] = ribbon
    _relate(parts, WORKBOOK_PART, VBA, PROJECT_PART)
    _relate(parts, "", RIBBON, RIBBON_PART)
    _declare(parts, form)
    ordered = {name: parts[name] for name in sorted(parts, key=lambda name: name != CONTENT_TYPES)}
    replace(out, lambda file: create(file, ordered))


def _xml(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _relationships_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _relate(parts: dict[str, bytes], source: str, kind: str, target: str) -> None:
    """Add a relationship from a part (of the whole package if it has no name) to another."""
    name = _relationships_of(source)
    root = etree.fromstring(parts[name])
    taken = {relationship.get("Id") for relationship in root}
    identity = next(f"rId{number}" for number in range(1, len(taken) + 2) if f"rId{number}" not in taken)
    relative = posixpath.relpath(target, posixpath.dirname(source) or ".")
    etree.SubElement(root, f"{{{RELATIONSHIPS}}}Relationship", Id=identity, Type=kind, Target=relative)
    parts[name] = _xml(root)


def _declare(parts: dict[str, bytes], form: Form) -> None:
    root = etree.fromstring(parts[CONTENT_TYPES])
    for override in root.iterfind(f"{{{TYPES}}}Override[@PartName='/{WORKBOOK_PART}']"):
        override.set("ContentType", form.value)
    etree.SubElement(
        root, f"{{{TYPES}}}Override", PartName=f"/{PROJECT_PART}", ContentType="application/vnd.ms-office.vbaProject"
    )
    parts[CONTENT_TYPES] = _xml(root)


def _name_sheets(parts: dict[str, bytes]) -> list[str]:
    """Give the workbook and its sheets code names; returns the sheets'."""
    root = etree.fromstring(parts[WORKBOOK_PART])
    properties = root.find(f"{{{MAIN}}}workbookPr")
    if properties is None:
        properties = etree.Element(f"{{{MAIN}}}workbookPr")
        root.insert(1 if root[0].tag == f"{{{MAIN}}}fileVersion" else 0, properties)
    properties.set("codeName", WORKBOOK)
    parts[WORKBOOK_PART] = _xml(root)
    relationships = etree.fromstring(parts[_relationships_of(WORKBOOK_PART)])
    targets = [relationship.get("Target", "") for relationship in relationships if relationship.get("Type") == SHEET]
    names = []
    for number, target in enumerate(targets, 1):
        part = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
        sheet = etree.fromstring(parts[part])
        # The properties are a sheet's first element.
        if sheet[0].tag != f"{{{MAIN}}}sheetPr":
            sheet.insert(0, etree.Element(f"{{{MAIN}}}sheetPr"))
        sheet[0].set("codeName", f"Sheet{number}")
        parts[part] = _xml(sheet)
        names.append(f"Sheet{number}")
    return names
