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
from addin.xlsx.package import CONTENT_TYPES, opened
from addin.xlsx.parts import MAIN, OFFICE, declare, parsed, relate, relations_part, written

VBA = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
RIBBON = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
WORKBOOK_PART = "xl/workbook.xml"


class Form(Enum):
    """What the file is to Excel."""

    ADDIN = "application/vnd.ms-excel.addin.macroEnabled.main+xml"
    WORKBOOK = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"


def with_project(workbook: Path, out: Path, form: Form, ribbon: bytes) -> None:
    """Write the workbook (.xlsx) with the VBA project and the ribbon to ``out``, atomically, in a folder that is made if there is none.

    Raises WorkbookError, OSError.
    """
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
    out.parent.mkdir(parents=True, exist_ok=True)
    replace(out, lambda file: create(file, ordered))


def _relate(parts: dict[str, bytes], source: str, kind: str, target: str) -> None:
    """Add a relationship from a part (of the whole package if it has no name) to another."""
    name = relations_part(parts, source)
    root = parsed(parts[name])
    relate(root, kind, posixpath.relpath(target, posixpath.dirname(source) or "."))
    parts[name] = written(root)


def _declare(parts: dict[str, bytes], form: Form) -> None:
    root = parsed(parts[CONTENT_TYPES])
    for override in root.iterfind(f"{{*}}Override[@PartName='/{WORKBOOK_PART}']"):
        override.set("ContentType", form.value)
    declare(root, PROJECT_PART, "application/vnd.ms-office.vbaProject")
    parts[CONTENT_TYPES] = written(root)


def _name_sheets(parts: dict[str, bytes]) -> list[str]:
    """Give the workbook and its sheets code names; returns the sheets'."""
    root = parsed(parts[WORKBOOK_PART])
    properties = root.find(f"{{{MAIN}}}workbookPr")
    if properties is None:
        properties = etree.Element(f"{{{MAIN}}}workbookPr")
        root.insert(1 if root[0].tag == f"{{{MAIN}}}fileVersion" else 0, properties)
    properties.set("codeName", WORKBOOK)
    parts[WORKBOOK_PART] = written(root)
    relationships = parsed(parts[relations_part(parts, WORKBOOK_PART)])
    targets = [
        relationship.get("Target", "")
        for relationship in relationships
        if relationship.get("Type") == f"{OFFICE}/worksheet"
    ]
    names = []
    for number, target in enumerate(targets, 1):
        part = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
        sheet = parsed(parts[part])
        # The properties are a sheet's first element.
        if sheet[0].tag != f"{{{MAIN}}}sheetPr":
            sheet.insert(0, etree.Element(f"{{{MAIN}}}sheetPr"))
        sheet[0].set("codeName", f"Sheet{number}")
        parts[part] = written(sheet)
        names.append(f"Sheet{number}")
    return names
