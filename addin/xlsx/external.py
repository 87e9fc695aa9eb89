"""What a workbook's file keeps of the workbooks that its formulas refer to: the values seen there last."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from addin.xlsx.cellreader import place
from addin.xlsx.meanings import error_or_number
from addin.xlsx.model import Cell, Sheet
from addin.xlsx.parts import all_relations, child, children, main_part, parse_part, relations_of
from addin.xlsx.strings import decoded


@dataclass
class ExternalBook:
    """``name`` is the other file's; sheets and defined names by their names in lower case."""

    name: str
    sheets: dict[str, Sheet] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


def external_books(package: zipfile.ZipFile) -> dict[str, ExternalBook]:
    """The other workbooks by what stands for them in formulas: ``[1]`` …"""
    main = main_part(package)
    relations = relations_of(package, main)
    found: dict[str, ExternalBook] = {}
    entries = children(child(parse_part(package, main), "externalReferences"), "externalReference")
    for number, entry in enumerate(entries, 1):
        identifier = next((value for name, value in entry.attrib.items() if str(name).endswith("}id")), None)
        _, part = relations.get(str(identifier), ("", ""))
        book = child(parse_part(package, part), "externalBook") if part else None
        if book is not None:
            found[f"[{number}]"] = _book(book, _target(package, part))
    return found


def _target(package: zipfile.ZipFile, part: str) -> str:
    targets = [each.target for each in all_relations(package, part) if each.kind.startswith("externalLinkPath")]
    return unquote(targets[0]).replace("\\", "/").rpartition("/")[2] if targets else part


def _book(element: Any, name: str) -> ExternalBook:
    book = ExternalBook(name)
    names = [entry.get("val", "") for entry in children(child(element, "sheetNames"), "sheetName")]
    for data in children(child(element, "sheetDataSet"), "sheetData"):
        number = int(data.get("sheetId", -1))
        if not 0 <= number < len(names) or data.get("refreshError") in ("1", "true"):
            continue
        sheet = book.sheets[names[number].lower()] = Sheet(names[number])
        for row in children(data, "row"):
            for cell in children(row, "cell"):
                sheet.set(*place(cell.get("r")), _value(cell))
    for entry in children(child(element, "definedNames"), "definedName"):
        book.names[entry.get("name", "").lower()] = entry.get("refersTo", "").removeprefix("=")
    return book


def _value(cell: Any) -> Cell:
    value, kind = child(cell, "v"), cell.get("t", "n")
    text = "" if value is None else value.text or ""
    if kind in ("str", "s", "inlineStr"):
        return decoded(text)
    return error_or_number(kind, text)
