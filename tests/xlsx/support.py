"""Workbooks written part by part."""

from __future__ import annotations

import zipfile
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def relations(**targets: str) -> str:
    """A part's relations: id=kind:target."""
    entries = [(name, *target.split(":", 1)) for name, target in targets.items()]
    return f'<Relationships xmlns="{PACKAGE}">' + "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{target}"/>' for name, kind, target in entries
    ) + "</Relationships>"  # fmt: skip


def sheet_xml(rows: str) -> str:
    return f'{HEAD}<worksheet xmlns="{MAIN}" xmlns:x="urn:x"><sheetData>{rows}</sheetData></worksheet>'


def types(main: str, kind: str = "openxmlformats-officedocument.spreadsheetml.sheet.main+xml") -> str:
    """What a package says that its parts are."""
    entry = f'<Override PartName="/{main}" ContentType="application/vnd.{kind}"/>'
    return f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{entry}</Types>'


def write(path: Path, rows: str = "", **parts: str | bytes) -> Path:
    """A workbook with one sheet S; ``parts`` are further parts or other texts of these (``/`` written ``__``)."""
    texts: dict[str, str | bytes] = {
        "[Content_Types].xml": types("xl/workbook.xml"),
        "_rels/.rels": relations(a="officeDocument:xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="s"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            s="worksheet:worksheets/sheet1.xml", t="sharedStrings:sharedStrings.xml", u="styles:styles.xml"
        ),
        "xl/worksheets/sheet1.xml": sheet_xml(rows),
    }
    texts.update(parts)
    with zipfile.ZipFile(path, "w") as package:
        for name, text in texts.items():
            package.writestr(name, text)
    return path


def strings(*items: str) -> str:
    return f'<sst xmlns="{MAIN}">' + "".join(f"<si>{item}</si>" for item in items) + "</sst>"
